import type { Queryable, Scope } from './database.ts';
import { notify } from './notify.ts';

/** A file a person brought. The bytes lie on disk under its id; here is what was recognised in them. */
export interface StoredUpload<Recognition = unknown> {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  readonly modifiedAt: string;
  readonly mapping: readonly { column: string; field: string | null }[] | null;
  readonly recognition: Recognition;
  readonly uploadedBy: string;
  readonly uploadedAt: string;
}

interface UploadRow {
  upload_id: string;
  name: string;
  bytes: string;
  modified_at: Date;
  mapping: { column: string; field: string | null }[] | null;
  recognition: unknown;
  uploaded_by: string;
  uploaded_at: Date;
}

export async function insertUpload(
  db: Queryable,
  scope: Scope,
  upload: { id: string; name: string; bytes: number; sha256: string; modifiedAt: string; recognition: object; uploadedBy: string },
): Promise<void> {
  await db.query(
    `insert into upload (workspace_id, contract_id, upload_id, name, bytes, modified_at, recognition, uploaded_by, sha256)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      scope.workspaceId,
      scope.contractId,
      upload.id,
      upload.name,
      upload.bytes,
      upload.modifiedAt,
      JSON.stringify(upload.recognition),
      upload.uploadedBy,
      upload.sha256,
    ],
  );
}

/** Says that a file came, changed or went. */
export const tellUpload = (db: Queryable, scope: Scope, id: string) =>
  notify(db, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'upload', id });

export async function findUpload<Recognition>(db: Queryable, scope: Scope, id: string): Promise<StoredUpload<Recognition> | null> {
  const { rows } = await db.query<UploadRow>('select * from upload where workspace_id = $1 and contract_id = $2 and upload_id = $3', [
    scope.workspaceId,
    scope.contractId,
    id,
  ]);
  const row = rows[0];
  return row
    ? {
        id: row.upload_id,
        name: row.name,
        bytes: Number(row.bytes),
        modifiedAt: row.modified_at.toISOString(),
        mapping: row.mapping,
        recognition: row.recognition as Recognition,
        uploadedBy: row.uploaded_by,
        uploadedAt: row.uploaded_at.toISOString(),
      }
    : null;
}

/** The id of a kept file of the same name, time and bytes; null where there is none. */
export async function findSameUpload(
  db: Queryable,
  scope: Scope,
  file: { name: string; modifiedAt: string; sha256: string },
): Promise<string | null> {
  const { rows } = await db.query<{ upload_id: string }>(
    `select upload_id from upload where workspace_id = $1 and contract_id = $2 and sha256 = $3 and name = $4 and modified_at = $5
     order by uploaded_at desc limit 1`,
    [scope.workspaceId, scope.contractId, file.sha256, file.name, file.modifiedAt],
  );
  return rows[0]?.upload_id ?? null;
}

/** The file of a side that was brought last and can be compared; null before the first. */
export async function latestUpload(
  db: Queryable,
  scope: Scope,
  side: 'licenses' | 'crm',
): Promise<Pick<StoredUpload, 'id' | 'name' | 'modifiedAt'> | null> {
  const { rows } = await db.query<Pick<UploadRow, 'upload_id' | 'name' | 'modified_at'>>(
    `select upload_id, name, modified_at from upload
     where workspace_id = $1 and contract_id = $2 and recognition->>'side' = $3 and recognition->>'missing' is null
     order by uploaded_at desc limit 1`,
    [scope.workspaceId, scope.contractId, side],
  );
  const row = rows[0];
  return row ? { id: row.upload_id, name: row.name, modifiedAt: row.modified_at.toISOString() } : null;
}

export async function updateUploadMapping(
  db: Queryable,
  scope: Scope,
  id: string,
  mapping: readonly { column: string; field: string | null }[],
  recognition: object,
): Promise<void> {
  await db.query('update upload set mapping = $4, recognition = $5 where workspace_id = $1 and contract_id = $2 and upload_id = $3', [
    scope.workspaceId,
    scope.contractId,
    id,
    JSON.stringify(mapping),
    JSON.stringify(recognition),
  ]);
}

/** Deletes the row unless a reconciliation needs the file, or it is the contract's directory; says which. */
export async function deleteUpload(db: Queryable, scope: Scope, id: string): Promise<'deleted' | 'in-use' | 'unknown'> {
  if (!(await findUpload(db, scope, id))) return 'unknown';
  const used = await db.query(
    `select from reconciliation where workspace_id = $1 and contract_id = $2 and ($3::uuid in (licenses_upload, crm_upload)
       or request->>'directory' = $3::text or request->'otherCrms' @> jsonb_build_array(jsonb_build_object('upload', $3::text)))
     union all select from contract where workspace_id = $1 and directory_upload = $3::uuid limit 1`,
    [scope.workspaceId, scope.contractId, id],
  );
  if (used.rowCount) return 'in-use';
  await db.query('delete from upload where workspace_id = $1 and upload_id = $2', [scope.workspaceId, id]);
  return 'deleted';
}

/** Ids of all files that are kept, of every workspace. */
export async function uploadIds(db: Queryable): Promise<Set<string>> {
  const { rows } = await db.query<{ upload_id: string }>('select upload_id from upload');
  return new Set(rows.map((row) => row.upload_id));
}
