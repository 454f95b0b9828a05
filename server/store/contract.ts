import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { writeAudit } from './audit.ts';
import type { Queryable, Scope } from './database.ts';
import { notify } from './notify.ts';

/** A license contract of a workspace. */
export interface StoredContract {
  readonly id: string;
  readonly name: string;
  /** The workspace's first one: addresses that name no contract mean it. */
  readonly isDefault: boolean;
  readonly createdAt: string;
  /** Null for the first one, which nobody made. */
  readonly createdBy: string | null;
  readonly archivedAt: string | null;
  /** The CRM that its CRM Sync is connected to; null until somebody says so. */
  readonly crm: {
    /** As salesforce. */
    readonly kind: string;
    readonly name: string;
    /** Null: its users come as files. */
    readonly connection: string | null;
  } | null;
  /** Where its license holders are read from by default; null: from files. */
  readonly licenses: string | null;
}

interface Row {
  contract_id: string;
  name: string;
  is_default: boolean;
  created_at: Date;
  created_by: string | null;
  archived_at: Date | null;
  crm: string | null;
  crm_name: string | null;
  crm_connection: string | null;
  licenses_connection: string | null;
}

const fromRow = (row: Row): StoredContract => ({
  id: row.contract_id,
  name: row.name,
  isDefault: row.is_default,
  createdAt: row.created_at.toISOString(),
  createdBy: row.created_by,
  archivedAt: row.archived_at?.toISOString() ?? null,
  crm: row.crm === null ? null : { kind: row.crm, name: row.crm_name ?? row.crm, connection: row.crm_connection },
  licenses: row.licenses_connection,
});

const all = `select * from (
  select c.*, row_number() over (order by c.created_at, c.contract_id) = 1 as is_default,
    (select value #>> '{}' from setting s where s.workspace_id = c.workspace_id and s.contract_id = c.contract_id and s.name = 'crm') as crm,
    (select value #>> '{}' from setting s where s.workspace_id = c.workspace_id and s.contract_id = c.contract_id and s.name = 'crmName') as crm_name
  from contract c where c.workspace_id = $1) c`;

/** All contracts, the default one first, archived ones among them. */
export async function listContracts(db: Queryable, workspaceId: string): Promise<StoredContract[]> {
  const { rows } = await db.query<Row>(`${all} order by created_at, contract_id`, [workspaceId]);
  return rows.map(fromRow);
}

/** @param id of whatever text: what is no id of ours is no contract */
export async function findContract(db: Queryable, workspaceId: string, id: string): Promise<StoredContract | null> {
  const { rows } = await db.query<Row>(`${all} where contract_id::text = $2`, [workspaceId, id.toLowerCase()]);
  return rows[0] ? fromRow(rows[0]) : null;
}

/** Makes a contract. Null when another one has that name. Call it in a transaction. */
export async function insertContract(client: pg.ClientBase, workspaceId: string, actor: string, name: string): Promise<string | null> {
  const id = randomUUID();
  const { rowCount } = await client.query(
    `insert into contract (workspace_id, contract_id, name, created_by) values ($1, $2, $3, $4)
     on conflict (workspace_id, lower(name)) do nothing`,
    [workspaceId, id, name, actor],
  );
  if (rowCount !== 1) return null;
  await writeAudit(client, workspaceId, { actor, action: 'contract made', subject: id, detail: { name } });
  await tell(client, workspaceId, id);
  return id;
}

export interface ContractChange {
  readonly name?: string | undefined;
  readonly archived?: boolean | undefined;
  /** Null: its CRM comes as files. */
  readonly crmConnection?: string | null | undefined;
  readonly licensesConnection?: string | null | undefined;
}

/** What is not given stays. False when another contract has that name. Call it in a transaction. */
export async function updateContract(client: pg.ClientBase, scope: Scope, actor: string, change: ContractChange): Promise<boolean> {
  const { rowCount: taken } = await client.query(
    'select from contract where workspace_id = $1 and contract_id <> $2 and lower(name) = lower($3)',
    [scope.workspaceId, scope.contractId, change.name ?? null],
  );
  if (taken) return false;
  await client.query(
    `update contract set name = coalesce($3, name),
       archived_at = case when $4::boolean is null then archived_at when $4 then coalesce(archived_at, now()) end,
       crm_connection = case when $5 then $6::uuid else crm_connection end,
       licenses_connection = case when $7 then $8::uuid else licenses_connection end
     where workspace_id = $1 and contract_id = $2`,
    [
      scope.workspaceId,
      scope.contractId,
      change.name ?? null,
      change.archived ?? null,
      change.crmConnection !== undefined,
      change.crmConnection ?? null,
      change.licensesConnection !== undefined,
      change.licensesConnection ?? null,
    ],
  );
  await writeAudit(client, scope.workspaceId, { actor, action: 'contract changed', subject: scope.contractId, detail: change });
  await tell(client, scope.workspaceId, scope.contractId);
  return true;
}

/** Everybody's pages show which contracts there are. */
const tell = (client: pg.ClientBase, workspaceId: string, id: string) => notify(client, { workspace: workspaceId, kind: 'contract', id });

/** What a page's address begins with in this contract: nothing for the default one. */
export async function addressOfContract(db: Queryable, scope: Scope): Promise<string> {
  const { rows } = await db.query<{ contract_id: string }>(
    'select contract_id from contract where workspace_id = $1 order by created_at, contract_id limit 1',
    [scope.workspaceId],
  );
  return rows[0]?.contract_id === scope.contractId ? '' : `/contracts/${scope.contractId}`;
}
