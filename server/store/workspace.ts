import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Queryable, Scope } from './database.ts';

/** Who brings and connects what the demo is made of. */
export const demoUserName = 'Demo';

export interface Workspace extends Scope {
  readonly name: string;
  readonly contractName: string;
}

/** The first workspace with its contract; null in a new database. */
export async function firstWorkspace(db: Queryable): Promise<Workspace | null> {
  const { rows } = await db.query<{ workspace_id: string; contract_id: string; name: string; contract_name: string }>(
    `select w.workspace_id, c.contract_id, w.name, c.name as contract_name
     from workspace w join contract c using (workspace_id) order by w.created_at, c.created_at, c.contract_id limit 1`,
  );
  const found = rows[0];
  return found
    ? { workspaceId: found.workspace_id, contractId: found.contract_id, name: found.name, contractName: found.contract_name }
    : null;
}

/** Makes a workspace with one contract, where there is none. */
export async function createFirstWorkspace(db: Queryable, names: { workspace: string; contract: string }): Promise<Workspace> {
  await db.query(
    `with made as (
       insert into workspace (workspace_id, name) select $1::uuid, $2 where not exists (select from workspace) returning workspace_id
     ) insert into contract (workspace_id, contract_id, name) select workspace_id, $3::uuid, $4 from made`,
    [randomUUID(), names.workspace, randomUUID(), names.contract],
  );
  const workspace = await firstWorkspace(db);
  if (!workspace) throw new Error('The workspace could not be created.');
  return workspace;
}

/**
 * The first workspace, made when there is none. Processes that start at once take turns until each one's transaction ends: what that makes
 * for the workspace is made once.
 */
export async function ensureFirstWorkspace(client: pg.ClientBase, names: { workspace: string; contract: string }): Promise<Workspace> {
  await client.query("select pg_advisory_xact_lock(hashtextextended('first workspace', 0))");
  return (await firstWorkspace(client)) ?? (await createFirstWorkspace(client, names));
}

/**
 * Deletes what the demo's user `actor` brought or connected and everything said of it; the audit log and other users' files and settings
 * stay. False when there was no comparison of the demo's files.
 */
export async function removeDemo(client: Queryable, scope: Scope, actor: string): Promise<boolean> {
  const ids = [scope.workspaceId, scope.contractId];
  const { rowCount } = await client.query(
    `select from reconciliation r
       left join upload u on u.workspace_id = r.workspace_id and u.upload_id = r.licenses_upload
       left join connection c on c.workspace_id = r.workspace_id and c.connection_id = r.licenses_connection
     where r.workspace_id = $1 and r.contract_id = $2 and $3 in (u.uploaded_by, c.created_by) limit 1`,
    [...ids, actor],
  );
  for (const table of rowCount
    ? [
        'question',
        'plan',
        'alarm',
        'mail',
        'finding',
        'person_detail',
        'reconciliation',
        'link',
        'identity_answer',
        'profile_answer',
        'domain_change',
        'exception',
        'observed_answer',
        'address_question',
        'invitation_batch',
        'invitation',
        'crm_invitation',
        'usage_report',
      ]
    : []) {
    await client.query(`delete from ${table} where workspace_id = $1 and contract_id = $2`, ids);
  }
  await client.query('delete from setting where workspace_id = $1 and contract_id = $2 and changed_by = $3', [...ids, actor]);
  await client.query(
    `delete from upload u where workspace_id = $1 and contract_id = $2 and uploaded_by = $3
       and not exists (select from reconciliation r where r.workspace_id = $1 and u.upload_id in (r.licenses_upload, r.crm_upload))`,
    [...ids, actor],
  );
  await client.query('delete from alert_channel where workspace_id = $1 and contract_id = $2 and created_by = $3', [...ids, actor]);
  await client.query('delete from connection where workspace_id = $1 and contract_id = $2 and created_by = $3', [...ids, actor]);
  return Boolean(rowCount);
}
