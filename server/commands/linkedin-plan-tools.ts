import { createHash } from 'node:crypto';
import { lintUploadFile } from '../../connectors/linkedin-files/lint-upload-file.ts';
import { retryFileName, uploadFileName } from '../../connectors/linkedin-files/name-upload-file.ts';
import { readResult } from '../../connectors/linkedin-files/read-result.ts';
import { readReturnedFile } from '../../connectors/linkedin-files/read-returned-file.ts';
import { type IdColumn, idColumns, uploadTable, writeUploadFile } from '../../connectors/linkedin-files/write-upload-file.ts';
import type { UploadRules } from '../core/plan.ts';
import type { PlanTools } from '../jobs/plan-files.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** How plans reach Admin Center's files. */
export const linkedinPlanTools: PlanTools = {
  sha256,
  write: (kind, rows, idColumn) => writeUploadFile(uploadTable({ kind, rows }, idColumnOf(idColumn))),
  nameRetry: retryFileName,
  async read(path, options) {
    const brought = await readReturnedFile(path, options);
    if (brought.kind === 'export') return brought;
    const { kind, name, warnings, result } = brought;
    return {
      kind,
      name,
      warnings,
      compare: (fileKind, rows, idColumn) => readResult(result, uploadTable({ kind: fileKind, rows }, idColumnOf(idColumn))),
    };
  },
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
    lintUploadFile(uploadTable({ kind, rows }, idColumn), { kind, holders, rowLimit: Number.POSITIVE_INFINITY }),
  nameFile: (kind, index, { id, tenant, day, until }) => uploadFileName({ kind, index, tenant, run: id, day, until }),
});

const idColumnOf = (name: string): IdColumn => idColumns.find((column) => column === name) ?? 'unique_user_id';
