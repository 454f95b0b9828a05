import { cell } from '../core/report-csv.ts';
import { mostExcelRows, ReportTooLong } from './write-report.ts';

export type TableFormat = 'csv' | 'json' | 'xlsx';

/** Null: nothing is known; the cell stays empty. */
export type TableCell = string | number | null;

export interface Table {
  /** Names in order; of a JSON object the keys. */
  readonly columns: readonly string[];
  /** Cells in the order of the columns. */
  readonly rows: AsyncIterable<readonly TableCell[]>;
}

const piece = 64 * 1024;

/**
 * Writes a table piece by piece: CSV, an array of JSON objects, or a worksheet with a frozen header in which numbers are numbers.
 * @throws ReportTooLong for an xlsx of over a million rows
 */
export async function* writeTable(format: TableFormat, { columns, rows }: Table): AsyncGenerator<string | Uint8Array> {
  if (format === 'xlsx') {
    yield await workbook({ columns, rows });
    return;
  }
  const isCsv = format === 'csv';
  let text = isCsv ? `${columns.join(',')}\n` : '[';
  let first = true;
  for await (const cells of rows) {
    if (isCsv) text += `${cells.map((value) => (value === null ? '' : cell(String(value)))).join(',')}\n`;
    else text += `${first ? '' : ','}\n${JSON.stringify(Object.fromEntries(columns.map((column, n) => [column, cells[n]])))}`;
    first = false;
    if (text.length < piece) continue;
    yield text;
    text = '';
  }
  yield isCsv ? text : `${text}\n]\n`;
}

async function workbook({ columns, rows }: Table): Promise<Uint8Array> {
  const sheet: (
    | { value: string; fontWeight: 'bold' }
    | { value: string; type: typeof String }
    | { value: number; type: typeof Number }
    | null
  )[][] = [columns.map((value) => ({ value, fontWeight: 'bold' as const }))];
  for await (const cells of rows) {
    if (sheet.length > mostExcelRows) throw new ReportTooLong('The list has more rows than an Excel sheet. Take the CSV instead.');
    sheet.push(
      // Texts are marked as such, so that no spreadsheet reads an id as a number or a name as a formula.
      cells.map((value) => (value === null ? null : typeof value === 'number' ? { value, type: Number } : { value, type: String })),
    );
  }
  const { default: writeXlsxFile } = await import('write-excel-file/node');
  return writeXlsxFile(sheet, { stickyRowsCount: 1 }).toBuffer();
}
