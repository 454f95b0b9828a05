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
import {
  type IdColumn,
  idColumns,
  type UploadContent,
  uploadTable,
  writeUploadFile,
} from '../../connectors/linkedin-files/write-upload-file.ts';
import type { IdRow } from '../core/id-file.ts';
import type { NewUserRow } from '../core/new-users.ts';
import type { Holder, PlanRow, UploadRules } from '../core/plan.ts';
import type { PlanFileKind } from '../core/status.ts';
import type { OfferTools } from '../jobs/offer-files.ts';
import type { PlanDesk } from '../jobs/plan-desk.ts';
import type { Brought, PlanTools } from '../jobs/plan-files.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** How plans reach Admin Center's files. */
export const linkedinPlanTools: PlanTools = {
  sha256,
  write: (kind, rows, idColumn) => writeUploadFile(uploadTable(contentOf(kind, rows), idColumnOf(idColumn))),
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

/** The upload that writes ids, without whatever its linter refuses; '' where nothing is left. */
export function writeIdFile(
  rows: readonly IdRow[],
  holders: readonly Holder[],
  idColumn: IdColumn = 'unique_user_id',
): { readonly text: string; readonly rows: number } {
  const table = uploadTable({ kind: 'ids', rows }, idColumn);
  const refused = new Set(lintUploadFile(table, { kind: 'ids', holders, rowLimit: Number.POSITIVE_INFINITY }).map(({ row }) => row));
  const left = table.rows.filter((_, row) => !refused.has(row) && !refused.has(null));
  return { rows: left.length, text: left.length === 0 ? '' : writeUploadFile({ ...table, rows: left }) };
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

/** What Admin Center accepts; `rowLimit` and the spelling of the ID column are settings (LinkedIn help a7762565, a133029). */
export const linkedinUploadRules = ({
  rowLimit = 2_000,
  idColumn = 'unique_user_id',
}: {
  readonly rowLimit?: number | undefined;
  readonly idColumn?: IdColumn | undefined;
} = {}): UploadRules => ({
  rowLimit,
  idColumn,
  lint: (kind, rows, holders) =>
    lintUploadFile(uploadTable(contentOf(kind, rows), idColumn), { kind, holders, rowLimit: Number.POSITIVE_INFINITY }),
  nameFile: (kind, index, { id, tenant, day, until }) => uploadFileName({ kind, index, tenant, run: id, day, until }),
});

/** A license is taken and given at the address that the person has by then. */
function contentOf(kind: PlanFileKind, rows: readonly PlanRow[]): UploadContent {
  if (kind === 'email-change' || kind === 'domain-change') return { kind, rows };
  return { kind, rows: rows.map(({ newEmail, uniqueUserId }) => ({ email: newEmail, uniqueUserId })) };
}

const idColumnOf = (name: string): IdColumn => idColumns.find((column) => column === name) ?? 'unique_user_id';

/** What carrying plans out needs, with Admin Center's files as the vendor's side. */
export const linkedinPlanDesk = (parts: Pick<PlanDesk, 'pool' | 'engine' | 'now' | 'deliveries' | 'carries'>): PlanDesk => ({
  ...parts,
  tools: { ...linkedinPlanTools, uploadRules: linkedinUploadRules, writeIds: writeIdFile, writeNewUsers },
  readAccounts: readExportedPeople,
});
