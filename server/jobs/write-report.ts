import type { Explanation, Finding, Summary } from '../core/finding.ts';
import { cellsOf, csvLine, reportColumns } from '../core/findings-csv.ts';

export type ReportFormat = 'csv' | 'json' | 'jsonl' | 'xlsx';

export interface Report {
  readonly summary: Summary;
  readonly findings: AsyncIterable<Finding & { readonly explanation: Explanation }>;
}

/** A worksheet holds no more rows (Excel specifications and limits); one is the header. */
export const mostExcelRows = 1_048_575;
const piece = 64 * 1024;

/** The report cannot be written in this format. The message is a sentence for a person. */
export class ReportTooLong extends Error {
  override readonly name = 'ReportTooLong';
}

/**
 * Writes a report piece by piece. CSV and xlsx have `reportColumns`; JSON carries whole findings with their explanations:
 * `{summary, findings}`, or one finding a line.
 * @throws ReportTooLong for an xlsx of over a million people
 */
export async function* writeReport(format: ReportFormat, report: Report): AsyncGenerator<string | Uint8Array> {
  switch (format) {
    case 'csv':
      yield `${reportColumns.join(',')}\n`;
      yield* inPieces(report.findings, csvLine);
      return;
    case 'jsonl':
      yield* inPieces(report.findings, (finding) => `${JSON.stringify(finding)}\n`);
      return;
    case 'json': {
      let first = true;
      yield `{"summary":${JSON.stringify(report.summary)},"findings":[`;
      yield* inPieces(report.findings, (finding) => {
        const comma = first ? '' : ',';
        first = false;
        return `${comma}\n${JSON.stringify(finding)}`;
      });
      yield '\n]}\n';
      return;
    }
    case 'xlsx':
      yield await workbook(report);
  }
}

/** Small texts are gathered: a write for each line would cost more than the line. */
async function* inPieces(findings: Report['findings'], lineOf: (finding: Finding & { explanation: Explanation }) => string) {
  let text = '';
  for await (const finding of findings) {
    text += lineOf(finding);
    if (text.length < piece) continue;
    yield text;
    text = '';
  }
  if (text) yield text;
}

async function workbook({ findings }: Report): Promise<Uint8Array> {
  const rows: { value: string; fontWeight?: 'bold' }[][] = [reportColumns.map((value) => ({ value, fontWeight: 'bold' }))];
  for await (const finding of findings) {
    if (rows.length > mostExcelRows)
      throw new ReportTooLong('The report has more people than an Excel sheet has rows. Take the CSV instead.');
    // Every cell is text, so that no spreadsheet reads an id as a number or a name as a formula.
    rows.push(cellsOf(finding).map((value) => ({ value, type: String })));
  }
  // Seventy modules that only a workbook needs.
  const { default: writeXlsxFile } = await import('write-excel-file/node');
  return writeXlsxFile(rows, { stickyRowsCount: 1 }).toBuffer();
}
