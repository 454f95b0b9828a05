import { randomUUID } from 'node:crypto';
import type { Queryable, Scope } from './database.ts';

export interface Workspace extends Scope {
  readonly name: string;
  readonly contractName: string;
}

/** The first workspace with its contract; null in a new database. */
export async function firstWorkspace(db: Queryable): Promise<Workspace | null> {
  const { rows } = await db.query<{ workspace_id: string; contract_id: string; name: string; contract_name: string }>(
    `select w.workspace_id, c.contract_id, w.name, c.name as contract_name
     from workspace w join contract c using (workspace_id) order by w.created_at, c.created_at limit 1`,
  );
  const found = rows[0];
  return found
    ? { workspaceId: found.workspace_id, contractId: found.contract_id, name: found.name, contractName: found.contract_name }
    : null;
}

/** Makes a workspace with one contract. Two processes that start at once make one. */
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
 * Deletes everything of a contract but its audit log: a demo that was cut short is made again from nothing. Call it before
 * any job runs.
 */
export async function emptyContract(client: Queryable, scope: Scope): Promise<void> {
  for (const table of ['finding', 'reconciliation', 'link', 'exception', 'observed_answer', 'setting']) {
    await client.query(`delete from ${table} where workspace_id = $1 and contract_id = $2`, [scope.workspaceId, scope.contractId]);
  }
  await client.query('delete from upload where workspace_id = $1', [scope.workspaceId]);
}
