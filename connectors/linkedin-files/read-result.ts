import type { UploadTable } from './write-upload-file.ts';

/** LinkedIn's result file after parsing. */
export interface ReturnedFile {
  /** Lines that are no rows: LinkedIn puts a critical error at the top of the file. */
  readonly outside: readonly string[];
  readonly header: readonly string[];
  /** `line` 1 is the first line of the file. */
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
  /** What separated the cells; anything but a comma is a sign that a spreadsheet saved the file. */
  readonly delimiter: string;
}

export type Damage = 'leading zeros gone' | 'number shortened' | 'accents lost';

/** One cell that is not what was sealed. */
export interface CellChange {
  readonly column: string;
  readonly sealed: string;
  readonly found: string;
  /** What a spreadsheet did to it; null where a person changed it. */
  readonly damage: Damage | null;
}

/** What became of one sealed row. `message` is LinkedIn's own text, shown and never interpreted: its texts are not documented. */
export type RowResult =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'refused'; readonly message: string }
  | { readonly outcome: 'untouched' }
  | { readonly outcome: 'left-out' }
  | { readonly outcome: 'changed-by-hand'; readonly changes: readonly CellChange[]; readonly message: string };

export interface ResultReading {
  /** LinkedIn's text where the upload stopped midway or before the first row; null when it went through. */
  readonly critical: string | null;
  /** One for each sealed row, in its order. */
  readonly rows: readonly RowResult[];
  /** Rows that were not in the file we made, with the line they stand in (1 is the first line of the file). */
  readonly added: readonly { readonly line: number; readonly email: string; readonly message: string }[];
  /** True: semicolons or tabs where commas were written. */
  readonly separatorsChanged: boolean;
}

/** Why a file is not LinkedIn's result for these rows. */
export type NotAResult = { readonly code: 'no-header' | 'no-messages' | 'other-plan'; readonly why: string };

const key = (text: string): string => text.trim().toLowerCase();

/**
 * Reads LinkedIn's result file (our columns and `Messages`, help a106098) against the rows that were sealed.
 * A row with a message was refused; one without was done, unless a critical error stands at the top of the file: LinkedIn
 * then says that some batches are done and later ones untouched, but not which, so nothing counts as done before an export
 * shows it. Changed rows never count as done. Nothing here depends on LinkedIn's wording.
 */
export function readResult(file: ReturnedFile, sealed: UploadTable): ResultReading | NotAResult {
  const needed = sealed.columns[0]!;
  const header = file.header.map(columnName);
  if (!header.includes(needed))
    return { code: 'no-header', why: `This is not LinkedIn's result for this file: the column ${needed} is missing.` };
  const messageAt = header.indexOf('messages');
  if (messageAt < 0)
    return {
      code: 'no-messages',
      why: 'The column Messages is missing: this looks like the file that was uploaded. Bring the result file that Admin Center offers after the upload, or a new export.',
    };

  const criticals = [...file.outside];
  const places = sealed.columns.map((column) => header.indexOf(column));
  const returned: Returned[] = [];
  for (const { line, cells } of file.rows) {
    const values = places.map((place) => (place < 0 ? null : (cells[place] ?? '')));
    const message = (cells[messageAt] ?? '').trim();
    // A line without any of our values speaks of the whole file.
    if (values.every((value) => value === null || value.trim() === '')) criticals.push(text(cells));
    else returned.push({ line, values, message });
  }

  if (returned.length === 0 && criticals.length === 0) return { code: 'other-plan', why: 'The file has a header and no rows.' };
  const taken = pair(sealed, returned);
  const matched = taken.filter((found) => found !== undefined).length;
  if (returned.length > 0 && matched * 2 < returned.length)
    return {
      code: 'other-plan',
      why: `Only ${matched} of its ${returned.length} rows are in this file: it belongs to another plan or another upload.`,
    };

  const critical = criticals.length === 0 ? null : criticals.join(' ');
  const used = new Set(taken);
  return {
    critical,
    rows: sealed.rows.map((cells, row): RowResult => {
      const found = taken[row];
      if (found === undefined) return { outcome: critical === null ? 'left-out' : 'untouched' };
      const changes = changesOf(sealed.columns, cells, found.values);
      if (changes.length > 0) return { outcome: 'changed-by-hand', changes, message: found.message };
      if (found.message !== '') return { outcome: 'refused', message: found.message };
      return { outcome: critical === null ? 'done' : 'untouched' };
    }),
    added: returned
      .filter((row) => !used.has(row))
      .map(({ line, values, message }) => ({ line, email: values[sealed.columns.indexOf('invited_email_address')] ?? '', message })),
    separatorsChanged: file.delimiter !== ',',
  };
}

interface Returned {
  readonly line: number;
  /** In the order of the sealed columns; null where the column did not come back. */
  readonly values: readonly (string | null)[];
  readonly message: string;
}

/** `Invited Email Address`, with or without a BOM before it, is `invited_email_address`. */
const columnName = (cell: string): string =>
  cell
    .replace(/^\uFEFF/, '')
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');

const text = (cells: readonly string[]): string =>
  cells
    .map((cell) => cell.trim())
    .filter((cell) => cell !== '')
    .join(' ');

/** Finds each sealed row among those that came back: by all its values, else by one that names a single person. */
function pair(sealed: UploadTable, returned: readonly Returned[]): readonly (Returned | undefined)[] {
  const result: (Returned | undefined)[] = new Array(sealed.rows.length).fill(undefined);
  const free = new Set(returned);
  const match = (keyOf: (cells: readonly (string | null)[]) => string): void => {
    const waiting = Map.groupBy(free, (row) => keyOf(row.values));
    sealed.rows.forEach((cells, row) => {
      if (result[row] !== undefined) return;
      const value = keyOf(cells);
      const found = value === '' ? undefined : waiting.get(value)?.shift();
      if (found === undefined) return;
      result[row] = found;
      free.delete(found);
    });
  };
  match((cells) => JSON.stringify(cells.map((cell) => key(cell ?? ''))));
  for (const column of ['existing_email_address', 'invited_email_address', 'unique_user_id', 'employee_id', 'employee_user_id']) {
    const place = sealed.columns.indexOf(column);
    if (place >= 0) match((cells) => key(cells[place] ?? ''));
  }
  return result;
}

function changesOf(columns: readonly string[], sealed: readonly string[], found: readonly (string | null)[]): readonly CellChange[] {
  return columns.flatMap((column, index) => {
    const before = sealed[index]!;
    const after = found[index];
    // A column that LinkedIn did not repeat says nothing about the row.
    if (after === null || after === undefined || sameValue(column, before, after)) return [];
    return [{ column, sealed: before, found: after, damage: damageOf(before, after) }];
  });
}

/** Addresses, TRUE and the status words mean the same in any case; an ID does not. */
const sameValue = (column: string, before: string, after: string): boolean =>
  /_id$/.test(column) ? before.trim() === after.trim() : key(before) === key(after);

function damageOf(sealed: string, found: string): Damage | null {
  const before = sealed.trim();
  const after = found.trim();
  if (/^0+\d*$/.test(before) && after === before.replace(/^0+(?=\d)/, '')) return 'leading zeros gone';
  if (/^\d+$/.test(before) && (/^\d+([.,]\d+)?E\+?\d+$/i.test(after) || (/^\d{16,}$/.test(after) && sameLeadingDigits(before, after))))
    return 'number shortened';
  if (/[^\0-\x7F]/.test(before) && (misread(before, after) || withoutAccents(before) === withoutAccents(after))) return 'accents lost';
  return null;
}

/** A spreadsheet keeps 15 digits of a number and writes zeros for the rest. */
const sameLeadingDigits = (before: string, after: string): boolean =>
  before.length === after.length && before.slice(0, 15) === after.slice(0, 15) && /^0*$/.test(after.slice(15));

/** UTF-8 shown as Windows-1252 (each letter as two or three), or each lost letter as one question mark. */
function misread(before: string, after: string): boolean {
  const ascii = before.replace(/[^\0-\x7F]+/gu, '');
  if (after.replace(/[^\0-\x7F]+/gu, '') === ascii && /[^\0-\x7F]/.test(after)) return true;
  return after.replaceAll('\uFFFD', '?') === before.replace(/[^\0-\x7F]/gu, '?');
}

const withoutAccents = (value: string): string => value.normalize('NFD').replace(/\p{M}/gu, '');
