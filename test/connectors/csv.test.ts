import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CsvFile, fieldText, loadCsv, type RejectAt, readRows } from '../../connectors/csv.ts';
import { FileRefused } from '../../connectors/errors.ts';
import { createMemory, type Room, roomIn } from '../../server/core/kernels/room.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'csv-'));
});
afterAll(() => rm(folder, { recursive: true }));

function load(text: string | Uint8Array): Promise<CsvFile> {
  return loadCsv(typeof text === 'string' ? Buffer.from(text) : text, { name: 'users.csv' });
}

/** Reads the rows with the kernels too: they must come to the same, or to the same refusal. */
function read(csv: CsvFile, columns = [...csv.header.keys()]): { rows: string[][]; rejects: RejectAt[] } {
  const outcome = (csv: CsvFile, room?: Room) => {
    try {
      return readWith(csv, columns, room);
    } catch (error) {
      return error;
    }
  };
  const room = roomIn(createMemory(2 * csv.bytes.length));
  const bytes = room.u8(csv.bytes.length);
  bytes.set(csv.bytes);
  const plain = outcome(csv);
  expect(outcome({ ...csv, bytes }, room)).toEqual(plain);
  expect(room.isWhole()).toBe(true);
  if (plain instanceof Error) throw plain;
  return plain as { rows: string[][]; rejects: RejectAt[] };
}

function readWith(csv: CsvFile, columns: number[], room?: Room): { rows: string[][]; rejects: RejectAt[] } {
  const rows: string[][] = [];
  const rejects: RejectAt[] = [];
  readRows(
    csv,
    columns,
    (batch) => {
      for (let row = 0; row < batch.count; row++) {
        rows.push(
          columns.map((_, field) => {
            const at = 2 * (row * columns.length + field);
            return fieldText(batch.bytes, batch.ranges[at]!, batch.ranges[at + 1]!);
          }),
        );
      }
    },
    (reject) => rejects.push(reject),
    { room },
  );
  return { rows, rejects };
}

async function refusal(text: string | Uint8Array): Promise<string> {
  try {
    read(await load(text));
  } catch (error) {
    if (error instanceof FileRefused) return error.code;
    throw error;
  }
  return 'accepted';
}

function quote(field: string, always: boolean): string {
  return always || /[",;\t\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

/** The plainest reader we could write: one character at a time, on text. */
function naive(text: string, delimiter: string): { records: string[][]; unclosed: boolean } {
  const records: string[][] = [];
  let record: string[] = [];
  let field = '';
  let state: 'start' | 'plain' | 'quoted' | 'closed' = 'start';
  const endField = () => {
    record.push(field);
    field = '';
    state = 'start';
  };
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (state === 'quoted') {
      if (char !== '"') field += char;
      else if (text[i + 1] === '"') {
        field += char;
        i += 1;
      } else state = 'closed';
    } else if (char === '"' && state === 'start') state = 'quoted';
    else if (char === delimiter) endField();
    else if (char === '\n' || char === '\r') {
      if (char === '\r' && text[i + 1] === '\n') i += 1;
      endField();
      records.push(record);
      record = [];
    } else if (state === 'closed') field += '\0';
    else {
      field += char;
      state = 'plain';
    }
  }
  return { records, unclosed: state === 'quoted' };
}

describe('what was written is read', () => {
  const fields = fc.array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\t', '\n', '\r', ' ', 'é', '漢', '😀'), maxLength: 8 }),
    ),
    { minLength: 3, maxLength: 3 },
  );
  const encodings = {
    'utf-8': (text: string) => Buffer.from(text),
    'utf-8-bom': (text: string) => Buffer.from(`\uFEFF${text}`),
    'utf-16le': (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  };

  test.for(Object.entries(encodings))('in %s with any delimiter, line break and quoting', async ([encoding, encode]) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fields, { minLength: 1, maxLength: 20 }),
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        async (rows, delimiter, lineBreak, always) => {
          const clean = rows.map((row) => row.map((field) => field.toWellFormed().replaceAll('\0', '')));
          // A row without anything in it is written with quotes, or it would be a blank line.
          const text = [['left', 'middle', 'right'], ...clean]
            .map((row) => row.map((field) => quote(field, always || row.every((other) => other === ''))).join(delimiter) + lineBreak)
            .join('');
          const csv = await load(encode(text));
          expect(csv.encoding).toBe(encoding);
          expect(csv.delimiter).toBe(delimiter);
          expect(read(csv)).toEqual({ rows: clean, rejects: [] });
          expect(csv.rows).toEqual({ count: clean.length, exact: true });
        },
      ),
      { numRuns: 150 },
    );
  });

  test('in Windows-1252, with a warning', async () => {
    const text = 'Name;Email\r\nJosé Peña €;jose@example.com\r\nŠárka „Ž“;s@example.com\r\n';
    const bytes = Buffer.from([...text].map((char) => ({ '€': 0x80, Š: 0x8a, '„': 0x84, Ž: 0x8e, '“': 0x93 })[char] ?? char.charCodeAt(0)));
    const csv = await load(bytes);
    expect(csv.encoding).toBe('windows-1252');
    expect(csv.warnings.join()).toContain('Windows-1252');
    expect(read(csv).rows).toEqual([
      ['José Peña €', 'jose@example.com'],
      ['Šárka „Ž“', 's@example.com'],
    ]);
  });

  test('UTF-16 over many decoder chunks keeps characters outside the basic plane', async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => `a${'😀'.repeat((i % 7) + 1)},${i}`);
    const csv = await load(Buffer.from(`\uFEFFname,id\n${rows.join('\n')}\n`, 'utf16le'));
    expect(read(csv).rows.map((row) => row.join(','))).toEqual(rows);
  });

  test("Excel's first line sep=; names the delimiter, and the header's line counts from the file's first", async () => {
    const csv = await load('sep=;\r\nemail;note\r\na@example.com;x, y\r\nb@example.com\r\n');
    expect(csv.header).toEqual(['email', 'note']);
    const { rows, rejects } = read(csv);
    expect(rows).toEqual([['a@example.com', 'x, y']]);
    expect(rejects).toMatchObject([{ line: 4, column: 'note' }]);
  });

  test('a header may be quoted, and hold delimiters and line breaks', async () => {
    const csv = await load('"Mail, work","He said ""x""","two\nlines"\n1,2,3\n');
    expect(csv.header).toEqual(['Mail, work', 'He said "x"', 'two\nlines']);
    expect(read(csv).rows).toEqual([['1', '2', '3']]);
  });

  test('only the chosen columns are handed out, in the order asked for', async () => {
    expect(read(await load('a,b,c\n1,2,3\n4,5,6\n'), [2, 0]).rows).toEqual([
      ['3', '1'],
      ['6', '4'],
    ]);
  });

  test('more rows than one batch arrive whole, and progress ends at the size', async () => {
    const csv = await load(`id,email\n${Array.from({ length: 10_000 }, (_, i) => `${i},u${i}@example.com\n`).join('')}`);
    expect(csv.rows.exact).toBe(false);
    expect(csv.rows.count).toBeGreaterThan(9_500);
    const seen: number[] = [];
    let count = 0;
    const result = readRows(
      csv,
      [0],
      (batch) => (count += batch.count),
      () => expect.fail(),
      {
        onProgress: (bytes, total) => seen.push(bytes / total),
      },
    );
    expect(count).toBe(10_000);
    expect(result).toMatchObject({ rows: 10_000, rejected: 0 });
    expect(seen.at(-1)).toBe(1);
  });

  test('the bytes lie on shared memory, so that a second thread reads them without a copy', async () => {
    expect((await load('a,b\n1,2\n')).bytes.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  test('the hash is that of the file, whatever its encoding', async () => {
    const bytes = Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le');
    const { createHash } = await import('node:crypto');
    const csv = await loadCsv(bytes, { hash: true });
    expect(csv.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  });
});

describe('the tokeniser', () => {
  test('agrees with a naive reader on random bytes', async () => {
    const noise = fc.string({ unit: fc.constantFrom('a', 'b', '"', '"', ',', ',', '\n', '\r', ' ', ';', 'é'), maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(noise, async (text) => {
        const body = `x,y,z\nfirst,row,here\n${text}\n`;
        const { records, unclosed } = naive(body, ',');
        if (unclosed) {
          expect(await refusal(body)).toBe('cut-off');
          return;
        }
        const mine = read(await load(body));
        const whole = records.slice(1).filter((record) => !record.some((field) => field.includes('\0')));
        const fitting = whole
          .filter((record) => record.length >= 3 && record.slice(3).every((field) => field === ''))
          .map((record) => record.slice(0, 3))
          .filter((record) => record.some((field) => field !== ''));
        const filled = mine.rows.filter((row) => row.some((field) => field !== ''));
        expect(filled).toEqual(fitting);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a row that does not fit', () => {
  test('is a reject with line, column and reason, and the rest is read', async () => {
    const csv = await load(
      'id,email,name\n1,a@example.com,"two\nlines"\n2,b@example.com\n3,c@example.com,C,extra\n4,"d"@example.com,D\n5,e@example.com,E\n',
    );
    const { rows, rejects } = read(csv);
    expect(rows.map((row) => row[0])).toEqual(['1', '5']);
    expect(rejects).toEqual([
      { line: 4, column: 'name', reason: 'The row has 2 columns, the header has 3.', offset: expect.any(Number) },
      { line: 5, column: null, reason: 'The row has 4 columns, the header has 3.', offset: expect.any(Number) },
      { line: 6, column: 'email', reason: 'There is text after the closing quote.', offset: expect.any(Number) },
    ]);
  });

  test.for([
    ['\n', '\n'],
    ['\r\n', '\r\n'],
    ['\r', '\r'],
  ])('is numbered by the lines of the file, line break %j', async ([lineBreak]) => {
    const text = ['a,b', '1,2', '', '"x\ry",2', 'short', '3,4', 'short', ''].join(lineBreak!);
    expect(read(await load(text)).rejects.map((reject) => reject.line)).toEqual([6, 8]);
  });

  test('blank lines and rows of delimiters alone are no rows', async () => {
    const { rows, rejects } = read(await load('a,b\n\n1,2\n,\n\r\n,,,\n3,4\n\n\n'));
    expect(rows).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
    expect(rejects).toEqual([]);
  });

  test('a delimiter at the end of every row is no column', async () => {
    expect(read(await load('a,b,\n1,2,\n3,4,\n'))).toEqual({
      rows: [
        ['1', '2'],
        ['3', '4'],
      ],
      rejects: [],
    });
    expect(read(await load('a,b\n1,2,\n3,4,\n')).rows).toHaveLength(2);
  });

  test('last columns that are empty in every row may be missing', async () => {
    const { rows, rejects } = read(await load('a,b,c\n1,2,\n3,4\n5\n'));
    expect(rows).toEqual([
      ['1', '2', ''],
      ['3', '4', ''],
    ]);
    expect(rejects).toMatchObject([{ line: 4, column: 'b' }]);
  });
});

describe('a file is refused with one sentence', () => {
  test.for<[string, string | Uint8Array, string]>([
    ['empty', '', 'empty'],
    ['of blank lines', '\uFEFF\r\n\r\n', 'empty'],
    ['an Excel workbook', Buffer.from('PK\x03\x04.........[Content_Types].xml'), 'not-text'],
    ['an old Excel workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), 'not-text'],
    ['a PDF', '%PDF-1.7', 'not-text'],
    ['compressed', Buffer.from([0x1f, 0x8b, 8, 0]), 'not-text'],
    ['a web page', '<!DOCTYPE html><html>', 'not-text'],
    ['binary', 'a,b\n1,\0\n', 'not-text'],
    ['a header only', 'a,b\n', 'header-only'],
    ['a header without line break', 'a,b', 'header-only'],
    ['a header and blank lines', 'a,b\n\n\n', 'header-only'],
    ['rows without header', 'a@example.com,Ann\nb@example.com,Bo\n', 'no-header'],
    ['with one column name twice', 'Id,Email,email\n1,2,3\n', 'duplicate-column'],
    ['two files put together', 'Id,Email\n1,2\nId,Email\n3,4\n', 'two-headers'],
    ['cut off in a quoted field', 'a,b\n1,"unclosed\n2,3\n', 'cut-off'],
    ['cut off in a quoted header', 'a,"b\n1,2\n', 'cut-off'],
    ['cut off in a short last line', 'a,b,c\n1,2,3\n4,5', 'cut-off'],
    ['cut off in a character', Buffer.from('a,b\né,2\n3,é').subarray(0, -1), 'cut-off'],
    ['cut off in a UTF-16 character', Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le').subarray(0, -1), 'cut-off'],
    ['with a row over 65,535 bytes', `a,b\n1,"${'x\n'.repeat(40_000)}"\n`, 'row-too-long'],
    ['with a closing quote missing early', `a,b\n1,"x\n${'2,3\n'.repeat(20_000)}`, 'row-too-long'],
    ['where no row fits', 'a,b,c\n1\n2\n', 'no-usable-row'],
  ])('%s', async ([, content, code]) => {
    expect(await refusal(content)).toBe(code);
    const error = await load(content).then(read, (reason: unknown) => reason);
    expect(error).toBeInstanceOf(FileRefused);
    expect(error).toMatchObject({ file: 'users.csv', message: expect.stringMatching(/^users\.csv: .+\.$/s) });
  });

  test('missing, or a folder', async () => {
    await expect(loadCsv(join(folder, 'none.csv'))).rejects.toMatchObject({ code: 'unreadable', file: 'none.csv' });
    await expect(loadCsv(folder)).rejects.toMatchObject({ code: 'unreadable' });
  });

  test('over 2 GiB, before anything of it is read', async () => {
    const path = join(folder, 'huge.csv');
    await writeFile(path, 'a,b\n');
    const { truncate } = await import('node:fs/promises');
    await truncate(path, 2 ** 31);
    await expect(loadCsv(path)).rejects.toMatchObject({ code: 'too-large' });
  });

  test('at a second header far behind the sample too', async () => {
    expect(await refusal(`id,x\n${'1,2\n'.repeat(9_000)}id,x\n3,4\n`)).toBe('two-headers');
  });
});

describe('a file cut off at any byte', () => {
  const text = 'id,email,name\n1,a@example.com,"Zoë ""Z"" \r\nRoe"\r\n2,b@example.com,Bo Smythe é\r\n3,"c@example.com",😀\r\n';

  test.for(['utf8', 'utf16le'] as const)('in %s is refused, warned about, or ends at a row', async (encoding) => {
    const bytes = Buffer.from(encoding === 'utf8' ? text : `\uFEFF${text}`, encoding);
    const whole = read(await load(bytes)).rows;
    for (let length = 0; length < bytes.length; length++) {
      let csv: CsvFile;
      let rows: string[][];
      try {
        csv = await load(bytes.subarray(0, length));
        rows = read(csv).rows;
      } catch (error) {
        expect(error).toBeInstanceOf(FileRefused);
        continue;
      }
      // Without a line break at the end the last field may have lost characters: nobody can see that, so it is said.
      if (!csv.endsWithLineBreak) expect(csv.warnings.join()).toContain('no line break');
      const certain = csv.endsWithLineBreak ? rows : rows.slice(0, -1);
      expect(certain).toEqual(whole.slice(0, certain.length));
    }
  });
});

describe('a file on disk', () => {
  test('has its own name and modification time', async () => {
    const path = join(folder, 'dated.csv');
    await writeFile(path, 'a,b\n1,2\n');
    await utimes(path, 0, Date.parse('2026-11-20T09:12:00Z') / 1000);
    expect(await loadCsv(path)).toMatchObject({ name: 'dated.csv', modifiedAt: '2026-11-20T09:12:00.000Z', preview: [['1', '2']] });
  });

  test('stops where a signal says so', async () => {
    const csv = await load('a,b\n1,2\n');
    expect(() =>
      readRows(
        csv,
        [0],
        () => {},
        () => {},
        { signal: AbortSignal.abort(new Error('stop')) },
      ),
    ).toThrow('stop');
  });
});
