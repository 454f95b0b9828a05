import { lintUploadFile } from '../../connectors/linkedin-files/lint-upload-file.ts';
import { uploadFileName } from '../../connectors/linkedin-files/name-upload-file.ts';
import {
  type IdColumn,
  idColumns,
  type UploadContent,
  uploadTable,
  writeUploadFile,
} from '../../connectors/linkedin-files/write-upload-file.ts';
import type { IdRow } from '../core/id-file.ts';
import type { Holder, PlanRow, UploadRules } from '../core/plan.ts';
import type { PlanFileKind } from '../core/status.ts';

/** The CSV that Admin Center accepts for rows of a plan. */
export const writePlanRows = (kind: PlanFileKind, rows: readonly PlanRow[], idColumn: string): string =>
  writeUploadFile(uploadTable(contentOf(kind, rows), idColumnOf(idColumn)));

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
export function contentOf(kind: PlanFileKind, rows: readonly PlanRow[]): UploadContent {
  if (kind === 'email-change' || kind === 'domain-change') return { kind, rows };
  return { kind, rows: rows.map(({ newEmail, uniqueUserId }) => ({ email: newEmail, uniqueUserId })) };
}

export const idColumnOf = (name: string): IdColumn => idColumns.find((column) => column === name) ?? 'unique_user_id';
