/** Rows of a comma-separated text as our own server writes it (RFC 4180, with or without a byte order mark). */
export function readCsv(source: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  const csv = source.replace(/^\uFEFF/u, '');
  for (let match = cell.exec(csv); match !== null; match = cell.exec(csv)) {
    const last = cell.lastIndex >= csv.length && match[3] === '';
    if (!(last && row.length === 0 && match[0] === '')) row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] !== ',') {
      if (row.length > 0) rows.push(row);
      row = [];
    }
    if (last) break;
  }
  return rows;
}
