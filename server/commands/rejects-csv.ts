import { reportCsv } from '../core/report-csv.ts';
import type { ComparedFiles } from './compare-files.ts';

/** Both files' unusable rows under one header. */
export const rejectsCsv = ({ licenses, crm }: Pick<ComparedFiles, 'licenses' | 'crm'>): string =>
  reportCsv(
    ['file', 'line', 'column', 'reason'],
    [licenses, crm].flatMap(({ rejects, proof }) =>
      rejects.map(({ line, column, reason }) => [proof.source, String(line), column ?? '', reason]),
    ),
  );
