import { cell } from '../core/report-csv.ts';
import { mostExcelRows, ReportTooLong } from './write-report.ts';

export type TableFormat = 'csv' | 'json' | 'xlsx';

/** Null: nothing is known; the cell stays empty. A Date is a day, midnight UTC. */
export type TableCell = string | number | Date | null;

export interface Table {
  /** Names in order; of a JSON object the keys. */
  readonly columns: readonly string[];
  /** Cells in the order of the columns. */
  readonly rows: AsyncIterable<readonly TableCell[]>;
}

const piece = 64 * 1024;

const plain = (value: TableCell): string | number | null => (value instanceof Date ? value.toISOString().slice(0, 10) : value);

/**
 * Writes a table piece by piece: CSV, an array of JSON objects, or a worksheet with a frozen header that filters, in which numbers are
 * numbers and days are days.
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
    if (isCsv) text += `${cells.map((value) => (value === null ? '' : cell(String(plain(value))))).join(',')}\n`;
    else
      text += `${first ? '' : ','}\n${JSON.stringify(Object.fromEntries(columns.map((column, n) => [column, plain(cells[n] ?? null)])))}`;
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
    | { value: Date; type: typeof Date; format: 'yyyy-mm-dd' }
    | null
  )[][] = [columns.map((value) => ({ value, fontWeight: 'bold' as const }))];
  for await (const cells of rows) {
    if (sheet.length > mostExcelRows) throw new ReportTooLong('The list has more rows than an Excel sheet. Take the CSV instead.');
    sheet.push(
      // Texts are marked as such, so that no spreadsheet reads an id as a number or a name as a formula.
      cells.map((value) => {
        if (value === null) return null;
        if (value instanceof Date) return { value, type: Date, format: 'yyyy-mm-dd' as const };
        return typeof value === 'number' ? { value, type: Number } : { value, type: String };
      }),
    );
  }
  const { default: writeXlsxFile } = await import('write-excel-file/node');
  const { getCellAddress } = await import('write-excel-file/utility');
  // Behind the cells, where the order of elements wants it (ECMA-376, CT_Worksheet).
  const filter = `<autoFilter ref="A1:${getCellAddress(sheet.length - 1, columns.length - 1)}"/>`;
  const transform = { 'xl/worksheets/sheet{id}.xml': { transform: (xml: string) => xml.replace('</sheetData>', `</sheetData>${filter}`) } };
  return writeXlsxFile(sheet, { stickyRowsCount: 1 }, { features: [{ files: { transform } }] }).toBuffer();
}
