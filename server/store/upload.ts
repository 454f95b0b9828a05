import type { Queryable } from './database.ts';
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
  workspaceId: string,
  upload: { id: string; name: string; bytes: number; sha256: string; modifiedAt: string; recognition: object; uploadedBy: string },
): Promise<void> {
  await db.query(
    `insert into upload (workspace_id, upload_id, name, bytes, modified_at, recognition, uploaded_by, sha256)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      workspaceId,
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
export const tellUpload = (db: Queryable, workspaceId: string, id: string) => notify(db, { workspace: workspaceId, kind: 'upload', id });

export async function findUpload<Recognition>(db: Queryable, workspaceId: string, id: string): Promise<StoredUpload<Recognition> | null> {
  const { rows } = await db.query<UploadRow>('select * from upload where workspace_id = $1 and upload_id = $2', [workspaceId, id]);
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
  workspaceId: string,
  file: { name: string; modifiedAt: string; sha256: string },
): Promise<string | null> {
  const { rows } = await db.query<{ upload_id: string }>(
    `select upload_id from upload where workspace_id = $1 and sha256 = $2 and name = $3 and modified_at = $4
     order by uploaded_at desc limit 1`,
    [workspaceId, file.sha256, file.name, file.modifiedAt],
  );
  return rows[0]?.upload_id ?? null;
}

/** The file of a side that was brought last and can be compared; null before the first. */
export async function latestUpload(
  db: Queryable,
  workspaceId: string,
  side: 'licenses' | 'crm',
): Promise<Pick<StoredUpload, 'id' | 'name' | 'modifiedAt'> | null> {
  const { rows } = await db.query<Pick<UploadRow, 'upload_id' | 'name' | 'modified_at'>>(
    `select upload_id, name, modified_at from upload
     where workspace_id = $1 and recognition->>'side' = $2 and recognition->>'missing' is null order by uploaded_at desc limit 1`,
    [workspaceId, side],
  );
  const row = rows[0];
  return row ? { id: row.upload_id, name: row.name, modifiedAt: row.modified_at.toISOString() } : null;
}

export async function updateUploadMapping(
  db: Queryable,
  workspaceId: string,
  id: string,
  mapping: readonly { column: string; field: string | null }[],
  recognition: object,
): Promise<void> {
  await db.query('update upload set mapping = $3, recognition = $4 where workspace_id = $1 and upload_id = $2', [
    workspaceId,
    id,
    JSON.stringify(mapping),
    JSON.stringify(recognition),
  ]);
}

/** Deletes the row unless a reconciliation needs the file; says which. */
export async function deleteUpload(db: Queryable, workspaceId: string, id: string): Promise<'deleted' | 'in-use' | 'unknown'> {
  const used = await db.query('select from reconciliation where workspace_id = $1 and (licenses_upload = $2 or crm_upload = $2) limit 1', [
    workspaceId,
    id,
  ]);
  if (used.rowCount) return 'in-use';
  const { rowCount } = await db.query('delete from upload where workspace_id = $1 and upload_id = $2', [workspaceId, id]);
  return rowCount ? 'deleted' : 'unknown';
}

/** Ids of all files that are kept, of every workspace. */
export async function uploadIds(db: Queryable): Promise<Set<string>> {
  const { rows } = await db.query<{ upload_id: string }>('select upload_id from upload');
  return new Set(rows.map((row) => row.upload_id));
}
