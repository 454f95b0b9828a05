/**
 * A CSV for people (RFC 4180). A cell that a spreadsheet would run as a formula (it starts with = + - @, a tab or a carriage
 * return) gets an apostrophe before it (OWASP, CSV injection); files for upload never pass here: there such a value is refused.
 */
export const reportCsv = (columns: readonly string[], rows: readonly (readonly string[])[]): string =>
  [columns, ...rows].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');

/** One cell: neutralised where a spreadsheet would run it, quoted where it must be. */
export function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
