import { findConnection } from './connection.ts';
import type { Queryable, Scope } from './database.ts';
import type { RunSource } from './reconciliation.ts';
import { findUpload } from './upload.ts';

/** Who brought the file of a side, or made its connection; null where that is gone. */
export const broughtBy = async (db: Queryable, scope: Scope, source: RunSource): Promise<string | null> =>
  'upload' in source
    ? ((await findUpload(db, scope, source.upload))?.uploadedBy ?? null)
    : ((await findConnection(db, scope, source.connection))?.createdBy ?? null);
