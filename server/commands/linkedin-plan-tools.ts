import { createHash } from 'node:crypto';
import { lintUploadFile } from '../../connectors/linkedin-files/lint-upload-file.ts';
import { retryFileName, uploadFileName } from '../../connectors/linkedin-files/name-upload-file.ts';
import { readResult } from '../../connectors/linkedin-files/read-result.ts';
import {
  type BroughtFile,
  readExportedPeople,
  readReturnedBytes,
  readReturnedFile,
} from '../../connectors/linkedin-files/read-returned-file.ts';
import { uploadTable, writeUploadFile } from '../../connectors/linkedin-files/write-upload-file.ts';
import type { NewUserRow } from '../core/new-users.ts';
import type { OfferTools } from '../jobs/offer-files.ts';
import type { PlanDesk } from '../jobs/plan-desk.ts';
import type { Brought, PlanTools } from '../jobs/plan-files.ts';
import { contentOf, idColumnOf, linkedinUploadRules, writeIdFile, writePlanRows } from './linkedin-upload.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** How plans reach Admin Center's files. */
export const linkedinPlanTools: PlanTools = {
  sha256,
  write: writePlanRows,
  nameRetry: retryFileName,
  read: async (path, options) => broughtOf(await readReturnedFile(path, options)),
  readBytes: async (name, bytes, exportedAt) => broughtOf(await readReturnedBytes(Buffer.from(bytes), { name, exportedAt })),
};

function broughtOf(file: BroughtFile): Brought {
  if (file.kind === 'export') return file;
  const { kind, name, warnings, result } = file;
  return {
    kind,
    name,
    warnings,
    compare: (fileKind, rows, idColumn) => readResult(result, uploadTable(contentOf(fileKind, rows), idColumnOf(idColumn))),
  };
}

const writeNewUsers: OfferTools['writeNewUsers'] = (rows, { holders, rowLimit, run, tenant, day }) => {
  const table = uploadTable({ kind: 'add-users', rows }, 'unique_user_id');
  const refusals = new Map(
    lintUploadFile(table, { kind: 'add-users', holders, rowLimit: Number.POSITIVE_INFINITY }).flatMap(({ row, code, why }) =>
      row === null ? [] : [[row, { code, why }] as const],
    ),
  );
  const kept = rows.filter((_, row) => !refusals.has(row));
  const part = (index: number): readonly NewUserRow[] => kept.slice(index * rowLimit, (index + 1) * rowLimit);
  return {
    refused: [...refusals].map(([row, refusal]) => ({ row: rows[row]!, ...refusal })),
    files: Array.from({ length: Math.ceil(kept.length / rowLimit) }, (_, index) => ({
      name: uploadFileName({ kind: 'add-users', index, tenant, run, day, until: null }),
      rows: part(index),
      text: writeUploadFile(uploadTable({ kind: 'add-users', rows: part(index) }, 'unique_user_id')),
    })),
  };
};

/** What carrying plans out needs, with Admin Center's files as the vendor's side. */
export const linkedinPlanDesk = (parts: Pick<PlanDesk, 'pool' | 'engine' | 'now' | 'deliveries' | 'carries'>): PlanDesk => ({
  ...parts,
  tools: { ...linkedinPlanTools, uploadRules: linkedinUploadRules, writeIds: writeIdFile, writeNewUsers },
  readAccounts: readExportedPeople,
});
