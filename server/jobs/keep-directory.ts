import type pg from 'pg';
import { writeAudit } from '../store/audit.ts';
import { type Scope, transaction } from '../store/database.ts';
import { setDirectory } from '../store/directory.ts';
import { deleteUpload, tellUpload } from '../store/upload.ts';

/**
 * Makes an upload the contract's directory, or takes that away. The file before it goes, unless a comparison was made with it.
 * @returns the upload that went, whose bytes lie there still; null: none
 */
export const keepDirectory = (pool: pg.Pool, scope: Scope, id: string | null, actor: string): Promise<string | null> =>
  transaction(pool, async (client) => {
    const before = await setDirectory(client, scope, id);
    await writeAudit(client, scope.workspaceId, {
      actor,
      action: 'directory replaced',
      subject: scope.contractId,
      detail: { before, after: id },
    });
    await tellUpload(client, scope, id ?? before ?? scope.contractId);
    return before !== null && (await deleteUpload(client, scope, before)) === 'deleted' ? before : null;
  });
