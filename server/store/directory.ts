import type pg from 'pg';
import type { Queryable, Scope } from './database.ts';
import { findUpload, type StoredUpload } from './upload.ts';

/** The upload that is the contract's directory file; null where there is none. */
export async function directoryId(db: Queryable, scope: Scope): Promise<string | null> {
  const { rows } = await db.query<{ directory_upload: string | null }>(
    'select directory_upload from contract where workspace_id = $1 and contract_id = $2',
    [scope.workspaceId, scope.contractId],
  );
  return rows[0]?.directory_upload ?? null;
}

export async function findDirectory<Recognition>(db: Queryable, scope: Scope): Promise<StoredUpload<Recognition> | null> {
  const id = await directoryId(db, scope);
  return id === null ? null : findUpload<Recognition>(db, scope, id);
}

/** Another directory file, or none. Returns the one before. Call it in a transaction. */
export async function setDirectory(client: pg.ClientBase, scope: Scope, id: string | null): Promise<string | null> {
  await client.query('select from contract where workspace_id = $1 and contract_id = $2 for update', [scope.workspaceId, scope.contractId]);
  const before = await directoryId(client, scope);
  await client.query('update contract set directory_upload = $3 where workspace_id = $1 and contract_id = $2', [
    scope.workspaceId,
    scope.contractId,
    id,
  ]);
  return before;
}
