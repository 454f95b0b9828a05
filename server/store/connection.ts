import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { CheckLine, Origin } from '../../connectors/connector.ts';
import { writeAudit } from './audit.ts';
import type { Queryable, Scope } from './database.ts';
import { notify } from './notify.ts';

/** A live system, without what is secret of it. */
export interface StoredConnection {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** It stands in the configuration file, its settings too. */
  readonly fromFile: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Which secrets are kept, as auth.clientSecret. */
  readonly secretFields: readonly string[];
  /** Which key sealed them; null where there are none. */
  readonly keyId: string | null;
  /** Who answered the first good check; null before it. */
  readonly origin: Origin | null;
  readonly check: { readonly at: string; readonly lines: readonly CheckLine[] } | null;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly changedBy: string;
  readonly changedAt: string;
}

interface Row {
  connection_id: string;
  name: string;
  type: string;
  from_file: boolean;
  settings: Record<string, unknown>;
  secret_fields: string[];
  key_id: string | null;
  origin: Origin | null;
  checked_at: Date | null;
  check_lines: CheckLine[] | null;
  created_by: string;
  created_at: Date;
  changed_by: string;
  changed_at: Date;
}

const fromRow = (row: Row): StoredConnection => ({
  id: row.connection_id,
  name: row.name,
  type: row.type,
  fromFile: row.from_file,
  settings: row.settings,
  secretFields: row.secret_fields,
  keyId: row.key_id,
  origin: row.origin,
  check: row.checked_at && { at: row.checked_at.toISOString(), lines: row.check_lines ?? [] },
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  changedBy: row.changed_by,
  changedAt: row.changed_at.toISOString(),
});

/** Sealed texts are read by who opens them, and by nobody else. */
const columns = `connection_id, name, type, from_file, settings, array(select jsonb_object_keys(secrets) order by 1) as secret_fields, key_id,
  origin, checked_at, check_lines, created_by, created_at, changed_by, changed_at`;

export interface SealedSecrets {
  /** Null where there are none. */
  readonly keyId: string | null;
  /** Field, as auth.clientSecret → sealed. */
  readonly secrets: Readonly<Record<string, string>>;
}

export interface NewConnection extends SealedSecrets {
  /** Secrets are bound to it, so that it is known before them. */
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly settings: object;
}

const tell = (db: Queryable, scope: Scope, id: string) =>
  notify(db, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'connection', id });

/** Call it in a transaction. False when another one has this name. */
export async function insertConnection(client: pg.ClientBase, scope: Scope, actor: string, made: NewConnection): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into connection (workspace_id, contract_id, connection_id, name, type, settings, secrets, key_id, created_by, changed_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) on conflict (workspace_id, contract_id, name) do nothing`,
    [
      scope.workspaceId,
      scope.contractId,
      made.id,
      made.name,
      made.type,
      JSON.stringify(made.settings),
      JSON.stringify(made.secrets),
      made.keyId,
      actor,
    ],
  );
  if (rowCount !== 1) return false;
  await writeAudit(client, scope.workspaceId, { actor, action: 'connection made', subject: made.id, detail: toldOf(made) });
  await tell(client, scope, made.id);
  return true;
}

const toldOf = ({ name, type, settings, secrets }: Omit<NewConnection, 'id'>) => ({ name, type, settings, secrets: Object.keys(secrets) });

/** Another name, other settings, other secrets; the check of before says nothing of them. Call it in a transaction. */
export async function updateConnection(client: pg.ClientBase, scope: Scope, actor: string, made: NewConnection): Promise<void> {
  await client.query(
    `update connection set name = $4, settings = $5, secrets = $6, key_id = $7, changed_by = $8, changed_at = now(),
       checked_at = null, check_lines = null
     where workspace_id = $1 and contract_id = $2 and connection_id = $3`,
    [
      scope.workspaceId,
      scope.contractId,
      made.id,
      made.name,
      JSON.stringify(made.settings),
      JSON.stringify(made.secrets),
      made.keyId,
      actor,
    ],
  );
  await writeAudit(client, scope.workspaceId, { actor, action: 'connection changed', subject: made.id, detail: toldOf(made) });
  await tell(client, scope, made.id);
}

/** The same system at another address, with other secrets: what its check found holds. Call it in a transaction. */
export async function moveConnection(
  client: pg.ClientBase,
  scope: Scope,
  actor: string,
  moved: Omit<NewConnection, 'name' | 'type'>,
): Promise<void> {
  await client.query(
    `update connection set settings = $4, secrets = $5, key_id = $6
     where workspace_id = $1 and contract_id = $2 and connection_id = $3`,
    [scope.workspaceId, scope.contractId, moved.id, JSON.stringify(moved.settings), JSON.stringify(moved.secrets), moved.keyId],
  );
  await writeAudit(client, scope.workspaceId, { actor, action: 'connection moved', subject: moved.id });
  await tell(client, scope, moved.id);
}

/** Its runs stay. Call it in a transaction. */
export async function deleteConnection(client: pg.ClientBase, scope: Scope, actor: string, id: string): Promise<boolean> {
  const { rows } = await client.query<{ name: string; type: string }>(
    'delete from connection where workspace_id = $1 and contract_id = $2 and connection_id = $3 returning name, type',
    [scope.workspaceId, scope.contractId, id],
  );
  if (!rows[0]) return false;
  await writeAudit(client, scope.workspaceId, { actor, action: 'connection deleted', subject: id, detail: rows[0] });
  await tell(client, scope, id);
  return true;
}

export async function findConnection(db: Queryable, scope: Scope, id: string): Promise<StoredConnection | null> {
  const { rows } = await db.query<Row>(
    `select ${columns} from connection where workspace_id = $1 and contract_id = $2 and connection_id = $3`,
    [scope.workspaceId, scope.contractId, id],
  );
  return rows[0] ? fromRow(rows[0]) : null;
}

export async function listConnections(db: Queryable, scope: Scope): Promise<StoredConnection[]> {
  const { rows } = await db.query<Row>(
    `select ${columns} from connection where workspace_id = $1 and contract_id = $2 order by created_at, name`,
    [scope.workspaceId, scope.contractId],
  );
  return rows.map(fromRow);
}

/** Those of every contract whose pinned org, portal or tenant is this one; the default contract's first, archived contracts' last. */
export async function connectionsOfOrigin(
  db: Queryable,
  workspaceId: string,
  type: string,
  originId: string,
): Promise<{ readonly contractId: string; readonly connection: StoredConnection }[]> {
  const { rows } = await db.query<Row & { contract_id: string }>(
    `select contract_id, ${columns} from connection
     join (select workspace_id, contract_id, archived_at, created_at as made_at from contract) c using (workspace_id, contract_id)
     where workspace_id = $1 and type = $2 and origin->>'id' = $3
     order by archived_at is not null, made_at, contract_id, created_at, name`,
    [workspaceId, type, originId],
  );
  return rows.map((row) => ({ contractId: row.contract_id, connection: fromRow(row) }));
}

/** Gives those of the configuration file a place for what becomes of them. One whose kind changed begins anew: it is another system. */
export async function keepConfigured(
  db: Queryable,
  scope: Scope,
  configured: readonly { readonly name: string; readonly type: string }[],
): Promise<void> {
  if (configured.length === 0) return;
  await db.query(
    `insert into connection (workspace_id, contract_id, connection_id, name, type, from_file, created_by, changed_by)
     select $1::uuid, $2::uuid, gen_random_uuid(), name, type, true, 'seatmatch.config', 'seatmatch.config' from unnest($3::text[], $4::text[]) as c(name, type)
     on conflict (workspace_id, contract_id, name) do update
       set type = excluded.type, origin = null, checked_at = null, check_lines = null, changed_at = now()
       where connection.from_file and connection.type <> excluded.type`,
    [scope.workspaceId, scope.contractId, configured.map(({ name }) => name), configured.map(({ type }) => type)],
  );
}

/** Says how a check went. @param pin who answered, where nobody was pinned before */
export async function noteCheck(
  db: Queryable,
  scope: Scope,
  id: string,
  check: { readonly at: string; readonly lines: readonly CheckLine[]; readonly pin: Origin | null },
): Promise<void> {
  await db.query(
    `update connection set checked_at = $3, check_lines = $4, origin = coalesce(origin, $5::jsonb)
     where workspace_id = $1 and connection_id = $2`,
    [scope.workspaceId, id, check.at, JSON.stringify(check.lines), check.pin && JSON.stringify(check.pin)],
  );
  await tell(db, scope, id);
}

/** The sealed secrets; null where there is no such connection. @param forUpdate nobody else reads them so until the transaction ends */
export async function sealedSecrets(db: Queryable, scope: Scope, id: string, forUpdate = false): Promise<SealedSecrets | null> {
  const { rows } = await db.query<{ secrets: Record<string, string>; key_id: string | null }>(
    `select secrets, key_id from connection where workspace_id = $1 and contract_id = $2 and connection_id = $3 ${forUpdate ? 'for update' : ''}`,
    [scope.workspaceId, scope.contractId, id],
  );
  return rows[0] ? { secrets: rows[0].secrets, keyId: rows[0].key_id } : null;
}

/** A secret in the place of the one before, as a vendor replaces a refresh token. */
export async function replaceSecret(db: Queryable, scope: Scope, id: string, field: string, sealed: string): Promise<void> {
  await db.query(
    `update connection set secrets = jsonb_set(secrets, array[$4], to_jsonb($5::text))
     where workspace_id = $1 and contract_id = $2 and connection_id = $3`,
    [scope.workspaceId, scope.contractId, id, field, sealed],
  );
}

export const newConnectionId = (): string => randomUUID();
