/**
 * Reads CSV as bytes (RFC 4180), because strings are the cost: a row travels as byte ranges and becomes text only where somebody asks.
 * One pass, one thread, any of the encodings and delimiters that Excel and the CRMs write.
 */

import type { CompleteRead, RecordSink, Reject, RowBatch } from './connector.ts';
import { FileRefused } from './errors.ts';
import { type BytesRead, fileName, holdsNul, isUtf8, latin1Text, nextTurn, readWhole, sha256Of, utf8Text } from './file-bytes.ts';

const LF = 10;
const CR = 13;
const QUOTE = 34;
const batchRows = 4096;
const longestRow = 65_535;
const largestFile = 2 ** 31 - 1;
/** Where the range of a column would go that nobody asked for. */
const unwanted = 0xffffffff;

export type Encoding = 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'windows-1252';

/** A CSV file in memory, as plain data, so that it can be posted to another thread without a copy. */
export interface CsvFile {
  readonly name: string;
  /** UTF-8 over a SharedArrayBuffer. One line feed stands after the last byte of the file, so that scanning always ends. */
  readonly bytes: Uint8Array;
  /** First byte after the header's line. */
  readonly start: number;
  /** One past the last byte of data: always a row boundary, or the end of the file. */
  readonly end: number;
  readonly headerStart: number;
  readonly headerEnd: number;
  readonly header: readonly string[];
  /** Lines above the header, such as a title, or a critical error in LinkedIn's result file. */
  readonly outside: readonly string[];
  /** A row with fewer fields than this is a reject. Below `header.length` where the last columns are empty in the whole sample. */
  readonly leastFields: number;
  readonly delimiter: string;
  readonly encoding: Encoding;
  readonly endsWithLineBreak: boolean;
  /** Rows that can be used; counted for small files, else estimated from the first rows. */
  readonly rows: { readonly count: number; readonly exact: boolean };
  /** The first five rows as text, every column. */
  readonly preview: readonly (readonly string[])[];
  /** Modification time, ISO 8601; null for bytes that came without a file. */
  readonly modifiedAt: string | null;
  /** Of the bytes as they were before any transcoding, hex; null unless asked for. */
  readonly sha256: string | null;
  readonly warnings: readonly string[];
}

/** Where the bytes of a file go, and what splits its rows there. `looseRoom` of the core is one without the latter. */
export interface CsvRoom {
  readonly memory: { readonly buffer: ArrayBufferLike } | null;
  /** `splitRows` splits rows that need no second look sooner than this file does; it stops at all others. */
  readonly kernels: {
    splitRows(
      ...args: [
        state: number,
        bytes: number,
        end: number,
        delimiter: number,
        width: number,
        slots: number,
        ranges: number,
        stride: number,
        most: number,
        header: number,
        headerLength: number,
      ]
    ): number;
  } | null;
  u8(length: number): Uint8Array;
  u32(length: number): Uint32Array;
}

export interface LoadOptions {
  readonly room?: CsvRoom | undefined;
  readonly name?: string | undefined;
  readonly hash?: boolean | undefined;
  /** Recognises a header by its columns, where lines may stand above it. Without it the first line is the header. */
  readonly isHeader?: ((columns: readonly string[]) => boolean) | undefined;
  /** Given the end of the file (one character a byte), says how many bytes of it are a footer and no data. */
  readonly footer?: ((tail: string) => { readonly bytes: number; readonly warning: string } | null) | undefined;
}

export interface RejectAt extends Reject {
  /** Byte offset of the row in `CsvFile.bytes`. */
  readonly offset: number;
}

export interface RowReader {
  /** The next rows (their ranges are overwritten by the call after), or null at the end. A batch may be empty. */
  next(): RowBatch | null;
  readonly offset: number;
  readonly rows: number;
  readonly rejected: number;
}

/**
 * Reads a whole file (or takes bytes), finds encoding, delimiter and header, and looks at the first rows.
 * Throws FileRefused when it is no CSV, or is cut off, or holds no rows.
 */
export async function loadCsv(source: string | Uint8Array, options: LoadOptions = {}): Promise<CsvFile> {
  const name = options.name ?? (typeof source === 'string' ? fileName(source) : 'file');
  const { raw, size, modifiedAt } =
    typeof source === 'string'
      ? await readWhole(source, name, (bytes) => allocate(bytes, name, options.room))
      : share(source, name, options.room);
  refuseOtherFormats(raw, size, name);
  const sha256 = options.hash ? sha256Of(raw.subarray(0, size)) : null;
  const warnings: string[] = [];
  const { bytes, from, length, encoding } = decode(raw, size, name, warnings);
  const head = readHeader(bytes, from, length, name, options.isHeader);
  if (head.outside.length > 0)
    warnings.push(`Left out above the header: ${head.outside.length} ${head.outside.length === 1 ? 'line' : 'lines'}.`);
  let end = length;
  const footer = options.footer?.(ascii(bytes, Math.max(head.start, end - 4096), end));
  if (footer) {
    end -= footer.bytes;
    warnings.push(footer.warning);
  }
  const last = bytes[end - 1];
  const endsWithLineBreak = last === LF || last === CR;
  if (!endsWithLineBreak) warnings.push('The last line has no line break. If the file was cut off, its last row may be incomplete.');
  const unsampled: CsvFile = {
    ...head,
    name,
    bytes,
    end,
    leastFields: head.header.length,
    encoding,
    endsWithLineBreak,
    rows: { count: 0, exact: false },
    preview: [],
    modifiedAt,
    sha256,
    warnings,
  };
  return { ...unsampled, ...sample(unsampled) };
}

/**
 * Hands out the chosen columns of every usable row in batches of at most 4,096; `columns` are distinct positions in the header.
 * Rows with too many or too few fields go to `onReject`; rows of nothing but delimiters are skipped.
 * Throws FileRefused when the file turns out to be cut off, to hold a second header, a row over 65,535 bytes or no usable row.
 */
export function readRows(
  csv: CsvFile,
  columns: readonly number[],
  onBatch: (batch: RowBatch) => void,
  onReject: (reject: RejectAt) => void,
  options: {
    readonly signal?: AbortSignal;
    readonly onProgress?: (bytes: number, total: number) => void;
    readonly room?: CsvRoom | undefined;
  } = {},
): { readonly rows: number; readonly rejected: number; readonly bytes: number } {
  const reader = openRows(csv, columns, onReject, options.room);
  for (let batch = reader.next(); batch; batch = reader.next()) {
    options.signal?.throwIfAborted();
    if (batch.count > 0) onBatch(batch);
    options.onProgress?.(reader.offset - csv.start, csv.end - csv.start);
  }
  return { rows: reader.rows, rejected: reader.rejected, bytes: csv.end - csv.start };
}

/** The same as readRows, a batch at a time, for callers that want to yield between batches. @param room where the file was loaded */
export function openRows(csv: CsvFile, columns: readonly number[], onReject: (reject: RejectAt) => void, room?: CsvRoom): RowReader {
  const { bytes, end, header, headerStart, headerEnd, leastFields, name } = csv;
  const width = header.length;
  const delimiter = csv.delimiter.charCodeAt(0);
  const stride = 2 * columns.length;
  // A small file has room for few rows, each with its delimiters; one more is being read.
  const most = Math.min(batchRows, Math.floor((end - csv.start + 1) / Math.max(1, leastFields)) + 1);
  const ranges = room === undefined ? new Uint32Array(most * stride) : room.u32(most * stride);
  const slots = room === undefined ? new Uint32Array(width) : room.u32(width);
  slots.fill(unwanted);
  columns.forEach((column, field) => {
    slots[column] = 2 * field;
  });
  const splits = splitter();
  const lineAt = lineCounter(csv);
  let offset = csv.start;
  let rows = 0;
  let rejected = 0;

  /** Splits rows from an offset on, at most so many, and says how many and where the next one begins; null where all are split here. */
  function splitter(): ((at: number, count: number, atMost: number) => { readonly rows: number; readonly at: number }) | null {
    const { kernels = null, memory = null } = room ?? {};
    if (kernels === null || room === undefined) return null;
    const state = room.u32(1);
    if ([bytes, ranges, slots, state].some((column) => column.buffer !== memory?.buffer)) return null;
    const base = bytes.byteOffset;
    const where = [base, base + end, delimiter, width, slots.byteOffset] as const;
    const header = [base + headerStart, headerEnd - headerStart] as const;
    return (at, count, atMost) => {
      state[0] = base + at;
      const rows = kernels.splitRows(state.byteOffset, ...where, ranges.byteOffset + count * stride * 4, stride * 4, atMost, ...header);
      return { rows, at: state[0]! - base };
    };
  }

  function reject(at: number, column: string | null, reason: string): void {
    rejected += 1;
    onReject({ line: lineAt(at), column, reason, offset: at });
  }

  function refuseUnclosed(at: number): never {
    const line = lineAt(at);
    if (end - at > longestRow) throw refuseLongRow(line);
    throw new FileRefused('cut-off', name, `The file is cut off: the quote opened in line ${line} is never closed. Export it again.`);
  }

  function refuseLongRow(line: number): FileRefused {
    return new FileRefused(
      'row-too-long',
      name,
      `The row in line ${line} is over 65,535 bytes: a closing quote is missing there. Correct it or export again.`,
    );
  }

  function isHeader(at: number): boolean {
    for (let i = headerStart; i < headerEnd; i++) if (bytes[i] !== bytes[at + i - headerStart]) return false;
    return true;
  }

  function finish(): null {
    if (rows > 0) return null;
    if (rejected === 0)
      throw new FileRefused('header-only', name, 'The file has a header and no rows. Export it again, with the users in it.');
    throw new FileRefused(
      'no-usable-row',
      name,
      `None of the ${rejected} rows fits the header (${header.length} columns). Export it again.`,
    );
  }

  function next(): RowBatch | null {
    if (offset >= end) return finish();
    // Locals, and a scan that ends at the line feed after the last byte: this loop touches every byte of the file.
    const data = bytes;
    const top = Math.max(delimiter, CR);
    let at = offset;
    let count = 0;
    for (let seen = 0; seen < batchRows && at < end; seen++) {
      if (splits !== null) {
        const done = splits(at, count, Math.min(batchRows - seen, most - count));
        at = done.at;
        count += done.rows;
        seen += done.rows;
        if (seen >= batchRows || at >= end) break;
      }
      const rowStart = at;
      const base = count * stride;
      let field = 0;
      let stray = -1;
      let extra = false;
      for (;;) {
        let from = at;
        let to: number;
        if (data[at] === QUOTE) {
          from = ++at;
          for (;;) {
            while (data[at] !== QUOTE && at < end) at++;
            if (at >= end) refuseUnclosed(rowStart);
            if (data[at + 1] !== QUOTE) break;
            at += 2;
          }
          to = at++;
          let byte = data[at]!;
          if (byte !== delimiter && byte !== LF && byte !== CR) {
            stray = field;
            while (byte !== delimiter && byte !== LF && byte !== CR) byte = data[++at]!;
          }
        } else {
          let byte = data[at]!;
          while (byte > top || (byte !== delimiter && byte !== LF && byte !== CR)) byte = data[++at]!;
          to = at;
        }
        if (field < width) {
          const slot = slots[field]!;
          if (slot !== unwanted) {
            ranges[base + slot] = from;
            ranges[base + slot + 1] = to;
          }
        } else if (to > from) extra = true;
        field++;
        if (data[at] !== delimiter || at >= end) break;
        at++;
      }
      const length = at - rowStart;
      const cut = at >= end;
      at += data[at] === CR && data[at + 1] === LF ? 2 : 1;
      if (length > longestRow) throw refuseLongRow(lineAt(rowStart));
      if (length === field - 1) continue;
      if (cut && field < width) {
        throw new FileRefused(
          'cut-off',
          name,
          `The file is cut off: its last line (${lineAt(rowStart)}) ends after ${field} of ${width} columns. Export it again.`,
        );
      }
      if (stray >= 0) reject(rowStart, header[stray] ?? null, 'There is text after the closing quote.');
      else if (field < leastFields) reject(rowStart, header[field] ?? null, `The row has ${field} columns, the header has ${width}.`);
      else if (extra) reject(rowStart, null, `The row has ${field} columns, the header has ${width}.`);
      else if (length === headerEnd - headerStart && isHeader(rowStart)) {
        throw new FileRefused(
          'two-headers',
          name,
          `The header stands again in line ${lineAt(rowStart)}: two files were put together. Give one export at a time.`,
        );
      } else {
        for (let column = field; column < width; column++) {
          const slot = slots[column]!;
          if (slot !== unwanted) ranges.fill(0, base + slot, base + slot + 2);
        }
        count++;
      }
    }
    offset = Math.min(at, end);
    rows += count;
    return { bytes, count, ranges };
  }

  return {
    next,
    get offset() {
      return offset;
    },
    get rows() {
      return rows;
    },
    get rejected() {
      return rejected;
    },
  };
}

/** Text of a range of RowBatch: doubled quotes become single ones where the field was quoted. */
export function fieldText(bytes: Uint8Array, from: number, to: number): string {
  const text = utf8Text(bytes, from, to);
  return bytes[from - 1] === QUOTE ? text.replaceAll('""', '"') : text;
}

/** Line of a byte offset; 1 is the first line of the file. Counts on from the last answer, so ask in rising order. */
export function lineCounter(csv: Pick<CsvFile, 'bytes'>): (offset: number) => number {
  const { bytes } = csv;
  let at = 0;
  let line = 1;
  return (offset) => {
    if (offset < at) {
      at = 0;
      line = 1;
    }
    for (; at < offset; at++) if (bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] !== LF)) line += 1;
    return line;
  };
}

/** How a header is compared: case, spaces, punctuation and British spelling do not count. */
export function headerKey(column: string): string {
  return column
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replaceAll('licence', 'license');
}

/** Which headers mean a field, as headerKey writes them, best first. */
export type Aliases<Field extends string> = Readonly<Record<Field, readonly string[]>>;

export interface MappedColumn<Field extends string> {
  readonly field: Field;
  /** As the header writes it. */
  readonly column: string;
  readonly index: number;
}

/**
 * Finds the column of every field. `map` (column → field, or `ignore`) goes before the aliases.
 * Throws FileRefused `bad-map` when it names a column or a field that does not exist.
 */
export function mapColumns<Field extends string>(
  csv: Pick<CsvFile, 'name' | 'header'>,
  aliases: Aliases<Field>,
  map: Readonly<Record<string, string>> = {},
): { readonly mapping: readonly MappedColumn<Field>[]; readonly unmapped: readonly string[] } {
  const fields = Object.keys(aliases) as Field[];
  const keys = csv.header.map(headerKey);
  const taken = new Map<number, Field | null>();
  for (const [column, wanted] of Object.entries(map)) {
    const exact = csv.header.indexOf(column);
    const index = exact >= 0 ? exact : keys.indexOf(headerKey(column));
    const field = fields.find((known) => known === wanted) ?? null;
    if (index < 0)
      throw new FileRefused(
        'bad-map',
        csv.name,
        `--map names the column "${column}", which is not there. Columns: ${csv.header.join(', ')}.`,
      );
    if (field === null && wanted !== 'ignore') {
      throw new FileRefused(
        'bad-map',
        csv.name,
        `--map names the field "${wanted}", which does not exist. Fields: ${fields.join(', ')}, ignore.`,
      );
    }
    if (field !== null && [...taken.values()].includes(field)) {
      throw new FileRefused('bad-map', csv.name, `--map names the field "${field}" twice. One column can hold it.`);
    }
    taken.set(index, field);
  }
  const mapping: MappedColumn<Field>[] = [];
  for (const field of fields) {
    let index = [...taken].find(([, mapped]) => mapped === field)?.[0] ?? -1;
    for (const alias of index < 0 ? aliases[field] : []) {
      index = keys.findIndex((key, column) => key === alias && !taken.has(column));
      if (index >= 0) break;
    }
    if (index < 0) continue;
    taken.set(index, field);
    mapping.push({ field, column: csv.header[index]!, index });
  }
  return { mapping, unmapped: csv.header.filter((column, index) => column !== '' && (taken.get(index) ?? null) === null) };
}

/** One sentence naming the field that no column holds, the columns seen and the way out; null when `field` is mapped. */
export function missingColumn<Field extends string>(
  csv: Pick<CsvFile, 'header'>,
  mapping: readonly MappedColumn<Field>[],
  field: Field,
): string | null {
  if (mapping.some((column) => column.field === field)) return null;
  return `No column holds the ${field}. Columns seen: ${csv.header.join(', ')}. Say which one it is (command line: --map "COLUMN=${field}").`;
}

/** What a person said about a users export. */
export interface OpenOptions {
  readonly room?: CsvRoom | undefined;
  /** Shown in messages and in the proof; default is the file's own name. */
  readonly name?: string | undefined;
  /** Column as the header writes it → field, or `ignore`. Goes before everything recognised. */
  readonly map?: Readonly<Record<string, string>> | undefined;
  /** ISO 8601; default is the file's modification time. Needed for bytes without a file. */
  readonly exportedAt?: string | undefined;
  /** How many users the source showed. */
  readonly expected?: number | undefined;
  /** Compute SHA-256 of the file (about half a second per 100 MB). */
  readonly hash?: boolean | undefined;
}

export interface ListOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((bytes: number, total: number) => void) | undefined;
}

/**
 * Hands the mapped columns of a file to a sink and resolves to the proof once the last row was read.
 * Throws what readRows throws, and the signal's reason; the receiver then drops what it has got.
 */
export async function listRows<Field extends string>(
  csv: CsvFile,
  mapping: readonly MappedColumn<Field>[],
  into: RecordSink<Field>,
  onReject: (reject: RejectAt) => void,
  proof: { readonly expected: number | null; readonly asOf: string; readonly room: CsvRoom | undefined },
  options: ListOptions = {},
): Promise<CompleteRead> {
  const reader = openRows(
    csv,
    mapping.map((column) => column.index),
    onReject,
    proof.room,
  );
  into.begin(mapping.map((column) => column.field));
  let batches = 0;
  for (let batch = reader.next(); batch; batch = reader.next()) {
    const taken = batch.count > 0 ? into.rows(batch) : undefined;
    if (taken instanceof Promise) await taken;
    options.onProgress?.(reader.offset - csv.start, csv.end - csv.start);
    // Some 60 ms of work: often enough for a progress bar and for an abort that comes from the event loop.
    if (++batches % 64 === 0) await nextTurn();
    options.signal?.throwIfAborted();
  }
  return {
    kind: 'file',
    source: csv.name,
    received: reader.rows,
    expected: proof.expected,
    rejected: reader.rejected,
    pages: 1,
    lastCursor: null,
    asOf: proof.asOf,
    sha256: csv.sha256,
  };
}

/** The moment a file is from: what a person said, else when it was last written. Throws FileRefused `no-date`. */
export function fileDate(csv: Pick<CsvFile, 'name' | 'modifiedAt'>, exportedAt: string | undefined): string {
  if (exportedAt === undefined) {
    if (csv.modifiedAt !== null) return csv.modifiedAt;
    throw new FileRefused('no-date', csv.name, 'Say when this file was exported: it came without a date of its own.');
  }
  const at = new Date(exportedAt);
  if (Number.isNaN(at.getTime())) {
    throw new FileRefused('no-date', csv.name, `"${exportedAt}" is not a date. Write it as 2026-11-21T09:12 or 2026-11-21.`);
  }
  return at.toISOString();
}

/** What the first batch tells: whether the last columns are ever filled, how many rows there are, and a preview. */
function sample(csv: CsvFile): Pick<CsvFile, 'leastFields' | 'rows' | 'preview'> {
  const width = csv.header.length;
  const reader = openRows(csv, [...csv.header.keys()], () => {});
  const batch = reader.next();
  const preview: string[][] = [];
  let used = 0;
  for (let row = 0; batch && row < batch.count; row++) {
    const at = 2 * row * width;
    for (let column = width - 1; column >= used; column--) {
      if (batch.ranges[at + 2 * column + 1]! > batch.ranges[at + 2 * column]!) used = column + 1;
    }
    if (preview.length < 5) {
      preview.push(csv.header.map((_, column) => fieldText(csv.bytes, batch.ranges[at + 2 * column]!, batch.ranges[at + 2 * column + 1]!)));
    }
  }
  const exact = reader.offset >= csv.end;
  const read = Math.max(1, reader.offset - csv.start);
  const leastFields = batch && batch.count > 0 ? used : width;
  if (exact) {
    // Excel leaves out the delimiters of empty last columns (support.microsoft.com KB 77295), so count with the looser rule.
    const again = openRows({ ...csv, leastFields }, [], () => {});
    while (again.next());
    return { leastFields, rows: { count: again.rows, exact }, preview };
  }
  return { leastFields, rows: { count: Math.round((reader.rows * (csv.end - csv.start)) / read), exact }, preview };
}

const ascii = (bytes: Uint8Array, from: number, to: number): string => latin1Text(bytes, from, Math.max(from, to));

function share(source: Uint8Array, name: string, room: CsvRoom | undefined): BytesRead {
  const raw = allocate(source.length, name, room);
  raw.set(source);
  return { raw, size: source.length, modifiedAt: null };
}

function allocate(size: number, name: string, room?: CsvRoom): Uint8Array {
  if (size > largestFile)
    throw new FileRefused('too-large', name, 'The file is over 2 GiB. Export fewer columns, or the people in two files.');
  const bytes = room === undefined ? new Uint8Array(new SharedArrayBuffer(size + 1)) : room.u8(size + 1);
  bytes[size] = LF;
  return bytes;
}

const formats: readonly (readonly [magic: string, sentence: string])[] = [
  ['PK\x03\x04', 'This is an Excel workbook or a ZIP archive; open it and save it as CSV UTF-8.'],
  ['\xd0\xcf\x11\xe0', 'This is an Excel workbook; save it as CSV UTF-8.'],
  ['%PDF', 'This is a PDF; export the list as CSV instead.'],
  ['\x1f\x8b', 'This file is compressed; unpack it first.'],
  ['\xfe\xff', 'This text is in UTF-16 big-endian; save it as CSV UTF-8.'],
];

function refuseOtherFormats(raw: Uint8Array, size: number, name: string): void {
  const head = ascii(raw, 0, Math.min(size, 4096));
  if (/^(?:\xef\xbb\xbf|\xff\xfe)?[\s\0]*$/.test(head) && size <= 4096)
    throw new FileRefused('empty', name, 'The file is empty. Export it again.');
  if (head.startsWith('PK\x03\x04') && /\bxl\/|\[Content_Types\]/.test(head)) {
    throw new FileRefused('not-text', name, 'This is an Excel workbook; save it as CSV UTF-8.');
  }
  for (const [magic, sentence] of formats) if (head.startsWith(magic)) throw new FileRefused('not-text', name, sentence);
  if (/^(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml)/i.test(head)) {
    throw new FileRefused('not-text', name, 'This is a web page, not a CSV: the sign-in may have run out. Download the export again.');
  }
  if (!head.startsWith('\xff\xfe') && holdsNul(raw, size)) {
    throw new FileRefused('not-text', name, 'This is not text (it holds NUL bytes); save it as CSV UTF-8.');
  }
}

interface Decoded {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly length: number;
  readonly encoding: Encoding;
}

function decode(raw: Uint8Array, size: number, name: string, warnings: string[]): Decoded {
  if (raw[0] === 0xff && raw[1] === 0xfe) return fromUtf16(raw, size, name);
  const from = raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf ? 3 : 0;
  const text = raw.subarray(0, size);
  if (isUtf8(text)) return { bytes: raw, from, length: size, encoding: from > 0 ? 'utf-8-bom' : 'utf-8' };
  const whole = wholeCharacters(raw, size);
  if (whole < size && isUtf8(raw.subarray(0, whole)) && (from > 0 || raw.subarray(0, whole).some((byte) => byte > 127))) {
    throw new FileRefused('cut-off', name, 'The file is cut off in the middle of a character. Export it again.');
  }
  if (from > 0) throw new FileRefused('not-text', name, 'The file says it is UTF-8 but holds other bytes; save it again as CSV UTF-8.');
  warnings.push('The file is not UTF-8; it was read as Windows-1252. Check names with accents, or export as CSV UTF-8.');
  return fromWindows1252(raw, size, name);
}

/** Length without a UTF-8 character that lost its last bytes. */
function wholeCharacters(raw: Uint8Array, size: number): number {
  for (let back = 1; back <= 3 && back <= size; back++) {
    const byte = raw[size - back]!;
    if (byte >= 0xc2 && byte <= 0xf4) return size - back;
    if (byte < 0x80 || byte > 0xbf) break;
  }
  return size;
}

function fromUtf16(raw: Uint8Array, size: number, name: string): Decoded {
  if (size % 2 === 1) throw new FileRefused('cut-off', name, 'The file is cut off in the middle of a character. Export it again.');
  const decoder = new TextDecoder('utf-16le');
  const encoder = new TextEncoder();
  // A UTF-16 unit becomes at most three bytes of UTF-8.
  const wide = allocate(Math.ceil(size * 1.5), name);
  let length = 0;
  for (let at = 0; at < size; at += 2 ** 20) {
    const text = decoder.decode(raw.subarray(at, Math.min(size, at + 2 ** 20)), { stream: at + 2 ** 20 < size });
    length += encoder.encodeInto(text, wide.subarray(length)).written;
  }
  const bytes = allocate(length, name);
  bytes.set(wide.subarray(0, length));
  return { bytes, from: 0, length, encoding: 'utf-16le' };
}

/** 0x80 to 0x9F of Windows-1252 (encoding.spec.whatwg.org); everything else equals Latin-1. */
const windows1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

function fromWindows1252(raw: Uint8Array, size: number, name: string): Decoded {
  const encoder = new TextEncoder();
  const high = Array.from({ length: 128 }, (_, i) => encoder.encode(i < 32 ? windows1252.charAt(i) : String.fromCharCode(128 + i)));
  let length = size;
  for (let i = 0; i < size; i++) if (raw[i]! > 127) length += high[raw[i]! - 128]!.length - 1;
  const bytes = allocate(length, name);
  let to = 0;
  for (let i = 0; i < size; i++) {
    const byte = raw[i]!;
    if (byte < 128) bytes[to++] = byte;
    else for (const part of high[byte - 128]!) bytes[to++] = part;
  }
  return { bytes, from: 0, length, encoding: 'windows-1252' };
}

type Head = Pick<CsvFile, 'outside' | 'header' | 'headerStart' | 'headerEnd' | 'start' | 'delimiter'>;

/** The first line is the header, unless `isHeader` finds it within the ten lines below. */
function readHeader(bytes: Uint8Array, from: number, end: number, name: string, isHeader: LoadOptions['isHeader']): Head {
  // Excel's own first line that names the delimiter.
  const said = /^sep=([,;|\t])\r?\n/i.exec(ascii(bytes, from, Math.min(end, from + 16)));
  const first = headerAt(bytes, from + (said?.[0].length ?? 0), end, name, said?.[1]);
  const outside: string[] = [];
  let head = first;
  while (isHeader && !isHeader(head.header) && head.start < end && outside.length < 10) {
    outside.push(head.text);
    head = headerAt(bytes, head.start, end, name, said?.[1]);
  }
  const found = isHeader?.(head.header) ?? true;
  const { text: _, ...chosen } = found ? head : first;
  refuseOddHeader(chosen.header, name);
  return { ...chosen, outside: found ? outside : [] };
}

function headerAt(
  bytes: Uint8Array,
  from: number,
  end: number,
  name: string,
  said: string | undefined,
): Omit<Head, 'outside'> & { text: string } {
  let at = from;
  while (at < end && (bytes[at] === LF || bytes[at] === CR)) at++;
  const headerStart = at;
  const seen = new Map<number, number>([44, 59, 9].map((delimiter) => [delimiter, 0]));
  for (let quoted = false; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) quoted = !quoted;
    else if (!quoted && (byte === LF || byte === CR)) break;
    else if (!quoted && seen.has(byte)) seen.set(byte, seen.get(byte)! + 1);
    if (at + 1 === end && quoted)
      throw new FileRefused('cut-off', name, 'The file is cut off: a quote in the header is never closed. Export it again.');
    if (at - headerStart > longestRow)
      throw new FileRefused('row-too-long', name, 'The header is over 65,535 bytes: this is no CSV with one user a line.');
  }
  const headerEnd = at;
  const start = Math.min(end, at + (bytes[at] === CR && bytes[at + 1] === LF ? 2 : 1));
  const best = [...seen].reduce((most, next) => (next[1] > most[1] ? next : most));
  const delimiter = said ?? String.fromCharCode(best[0]);
  const text = utf8Text(bytes, headerStart, headerEnd);
  const header = splitHeader(text, delimiter);
  while (header.length > 1 && header.at(-1) === '') header.pop();
  return { header, headerStart, headerEnd, start, delimiter, text };
}

function refuseOddHeader(header: readonly string[], name: string): void {
  if (header.some((column) => column.includes('@'))) {
    throw new FileRefused(
      'no-header',
      name,
      'The first line holds an email, so it is a row and no header. Export again with the column names in the first line.',
    );
  }
  const names = header.map((column) => column.toLowerCase()).filter((column) => column !== '');
  const twice = names.find((column, index) => names.indexOf(column) < index);
  if (twice !== undefined) {
    const shown = header.find((column) => column.toLowerCase() === twice);
    throw new FileRefused(
      'duplicate-column',
      name,
      `The column "${shown}" stands twice in the header. Remove one of the two and try again.`,
    );
  }
}

function splitHeader(text: string, delimiter: string): string[] {
  const columns: string[] = [];
  let column = '';
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (quoted && char === '"' && text[at + 1] === '"') column += text.charAt(at++);
    else if (char === '"') quoted = !quoted;
    else if (char === delimiter && !quoted) {
      columns.push(column.trim());
      column = '';
    } else column += char;
  }
  columns.push(column.trim());
  return columns;
}
