import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AccountField, AccountSink } from '../connector.ts';
import { type CsvFile, fieldText, headerKey, lineCounter, loadCsv, openRows } from '../csv.ts';
import { FileRefused } from '../errors.ts';
import { openAccountFile } from './connector.ts';
import { recognizeKind } from './headers.ts';
import type { ReturnedFile } from './read-result.ts';

/** Somebody as an export shows them; '' where the export has no such column. */
export interface ExportedPerson {
  readonly seatId: string;
  readonly uniqueUserId: string;
  readonly email: string;
  /** License types held, as written; null where the export has no such column. */
  readonly licenses: readonly string[] | null;
  /** The license's status, as written. */
  readonly status: string;
  /** LinkedIn's own verdict, and the switch for this person, as written. */
  readonly crmSyncStatus: string;
  readonly crmSync: string;
}

/** What a person brought back after an upload, recognised by its columns and never by its name. */
export type BroughtFile =
  | { readonly kind: 'result'; readonly name: string; readonly result: ReturnedFile; readonly warnings: readonly string[] }
  | {
      readonly kind: 'export';
      readonly name: string;
      /** ISO 8601: what was said, else the file's own time. */
      readonly asOf: string;
      readonly people: readonly ExportedPerson[];
      /** Rows that could not be used; the people in them stay unknown. */
      readonly rejected: number;
      readonly warnings: readonly string[];
    };

/**
 * Reads LinkedIn's result file, or an export of users, complete or filtered.
 * Throws FileRefused for anything else, each with what to bring instead.
 */
export async function readReturnedFile(path: string, options: { readonly exportedAt?: string | undefined } = {}): Promise<BroughtFile> {
  const name = basename(path);
  const bytes = await bytesOf(path, name);
  return readReturnedBytes(bytes, { name, exportedAt: options.exportedAt ?? (await stat(path)).mtime.toISOString() });
}

/** As `readReturnedFile`, of bytes that came some other way. `exportedAt` is ISO 8601. */
export async function readReturnedBytes(
  bytes: Buffer,
  { name, exportedAt }: { readonly name: string; readonly exportedAt: string },
): Promise<BroughtFile> {
  const { outside, table } = splitCritical(bytes);
  const csv = await loadTable(table, name, outside);
  if (csv === null) return { kind: 'result', name, warnings: [], result: { outside, ...headerOnly(table), rows: [] } };
  const kind = recognizeKind(csv.header.map(headerKey));
  if (kind === 'upload-result') return { kind: 'result', name, warnings: csv.warnings, result: returnedRows(csv, outside) };
  if (kind === 'upload')
    throw new FileRefused(
      'wrong-kind',
      name,
      'The column Messages is missing: this is the file that was uploaded. Bring the result file that Admin Center offers after the upload, or a new export.',
    );
  const file = await openAccountFile(table, { name, exportedAt });
  const people: ExportedPerson[] = [];
  await file.listAccounts(collect(people));
  return { kind: 'export', name, asOf: new Date(exportedAt).toISOString(), people, rejected: file.rejects.length, warnings: file.warnings };
}

/** Everybody of an export, as `openAccountFile` reads it with these options. */
export async function readExportedPeople(path: string, options: Parameters<typeof openAccountFile>[1]): Promise<readonly ExportedPerson[]> {
  const file = await openAccountFile(path, options);
  const people: ExportedPerson[] = [];
  await file.listAccounts(collect(people));
  return people;
}

async function bytesOf(path: string, name: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new FileRefused('unreadable', name, missing ? 'There is no such file. Check the path.' : 'The file cannot be read.', { cause });
  }
}

/** LinkedIn puts a critical error above the header (help a106098); how many lines it takes is not documented. */
function splitCritical(bytes: Buffer): { readonly outside: readonly string[]; readonly table: Buffer } {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  const table = isUtf16 ? Buffer.from(new TextDecoder('utf-16le').decode(bytes)) : bytes;
  const lines = table.toString('latin1', 0, 65_536).split(/(?<=\n)/, 40);
  const header = lines.findIndex((line) => line.split(/[,;\t]/).some((cell) => emailKeys.has(headerKey(cell))));
  if (header <= 0) return { outside: [], table };
  const offset = lines.slice(0, header).reduce((sum, line) => sum + line.length, 0);
  const outside = table
    .toString('utf8', 0, offset)
    .split(/\r?\n/)
    .map(loosely)
    .filter((line) => line !== '' && !/^sep=.$/i.test(line));
  // "sep=;" is part of the table: it names the delimiter.
  return outside.length === 0 ? { outside, table } : { outside, table: table.subarray(offset) };
}

const emailKeys: ReadonlySet<string> = new Set(['invitedemailaddress', 'existingemailaddress']);

/** A line that is no row, as a person reads it. */
const loosely = (line: string): string =>
  line
    .replace(/^\uFEFF/, '')
    .replace(/^[\s,;"]+|[\s,;"]+$/g, '')
    .trim();

/** Null where nothing but a header stands under a critical error: LinkedIn stopped before the first row. */
async function loadTable(table: Buffer, name: string, outside: readonly string[]): Promise<CsvFile | null> {
  try {
    const csv = await loadCsv(table, { name });
    return csv;
  } catch (error) {
    if (error instanceof FileRefused && outside.length > 0 && (error.code === 'header-only' || error.code === 'no-usable-row')) return null;
    throw error;
  }
}

function headerOnly(table: Buffer): { readonly header: readonly string[]; readonly delimiter: string } {
  const line = table.toString('utf8').split(/\r?\n/, 1)[0]!;
  const delimiter = [',', ';', '\t'].reduce((best, next) => (line.split(next).length > line.split(best).length ? next : best));
  return { header: line.split(delimiter).map((cell) => cell.replaceAll('"', '').trim()), delimiter };
}

function returnedRows(csv: CsvFile, above: readonly string[]): ReturnedFile {
  const rows: { line: number; cells: string[] }[] = [];
  const outside = [...above];
  const reader = openRows(csv, [...csv.header.keys()], ({ offset }) => {
    const end = csv.bytes.indexOf(10, offset);
    outside.push(loosely(fieldText(csv.bytes, offset, end < 0 ? csv.end : end)));
  });
  const lineAt = lineCounter(csv);
  for (let batch = reader.next(); batch !== null; batch = reader.next())
    for (let row = 0; row < batch.count; row++) {
      const at = 2 * row * csv.header.length;
      rows.push({
        line: above.length + lineAt(batch.ranges[at]!),
        cells: csv.header.map((_, column) => fieldText(batch.bytes, batch.ranges[at + 2 * column]!, batch.ranges[at + 2 * column + 1]!)),
      });
    }
  return { outside, header: csv.header, rows, delimiter: csv.delimiter };
}

/** Several licenses in one cell are parted by `;`, `|` or `, `. */
const licenseNames = (cell: string): readonly string[] =>
  cell
    .split(/[;|]|, /)
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** An inactive sales license outweighs the status beside it, which may be the user's own. */
function personOf(text: (field: AccountField) => string, saysTypes: boolean): ExportedPerson {
  const sales = text('salesLicense');
  const isOff = /^inactive$/i.test(sales) && !/^active$/i.test(text('teamLinkLicense'));
  return {
    seatId: text('seatId'),
    uniqueUserId: text('uniqueUserId'),
    email: text('email'),
    licenses: saysTypes ? licenseNames(text('licenseType')) : null,
    status: isOff ? sales : text('licenseStatus') || sales,
    crmSyncStatus: text('crmSyncStatus'),
    crmSync: text('crmSync'),
  };
}

function collect(people: ExportedPerson[]): AccountSink {
  let fields: readonly AccountField[] = [];
  return {
    begin(found) {
      fields = found;
    },
    rows({ bytes, count, ranges }) {
      for (let row = 0; row < count; row++) {
        const text = (field: AccountField): string => {
          const place = fields.indexOf(field);
          if (place < 0) return '';
          const at = 2 * (row * fields.length + place);
          return fieldText(bytes, ranges[at]!, ranges[at + 1]!).trim();
        };
        people.push(personOf(text, fields.includes('licenseType')));
      }
    },
    records(page) {
      for (const record of page) people.push(personOf((field) => record[field] ?? '', record.licenseType !== undefined));
    },
  };
}
