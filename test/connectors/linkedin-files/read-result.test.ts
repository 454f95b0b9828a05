import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ResultReading, readResult } from '../../../connectors/linkedin-files/read-result.ts';
import { readReturnedFile } from '../../../connectors/linkedin-files/read-returned-file.ts';
import { type UploadTable, uploadTable, writeUploadFile } from '../../../connectors/linkedin-files/write-upload-file.ts';

const sealed = uploadTable({
  kind: 'email-change',
  rows: [
    { existingEmail: 'ana@old.example', newEmail: 'ana@new.example', uniqueUserId: '00123' },
    { existingEmail: 'bo@old.example', newEmail: 'bo@new.example', uniqueUserId: '120000000000' },
    { existingEmail: 'zoë@old.example', newEmail: 'zoë@new.example', uniqueUserId: 'E3' },
  ],
});
const [ana, bo, zoe] = sealed.rows as [readonly string[], readonly string[], readonly string[]];

const dir = await mkdtemp(join(tmpdir(), 'seatmatch-result-'));
let files = 0;

async function bring(content: string | Buffer) {
  const path = join(dir, `result-${files++}.csv`);
  await writeFile(path, content);
  return readReturnedFile(path, { exportedAt: '2026-11-21T12:00:00Z' });
}

async function reading(content: string | Buffer, table: UploadTable = sealed): Promise<ResultReading> {
  const brought = await bring(content);
  if (brought.kind !== 'result') return expect.fail(`read as ${brought.kind}`);
  const result = readResult(brought.result, table);
  return 'why' in result ? expect.fail(result.why) : result;
}

const answered = (rows: readonly (readonly string[])[], messages: readonly string[], columns = [...sealed.columns, 'Messages']): string =>
  writeUploadFile({ columns, rows: rows.map((cells, row) => [...cells, messages[row] ?? '']) });

describe('readResult', () => {
  it('takes rows without a message as done and rows with one as refused, with LinkedIn’s own text', async () => {
    const result = await reading(answered([ana, bo, zoe], ['', 'Some text, "quoted"', '']));
    expect(result.rows).toEqual([{ outcome: 'done' }, { outcome: 'refused', message: 'Some text, "quoted"' }, { outcome: 'done' }]);
  });

  it('knows the header in any case, spacing and order', async () => {
    const rows = [ana, bo, zoe].map((cells) => [cells[2]!, cells[0]!, cells[1]!]);
    const result = await reading(answered(rows, [], ['Unique User ID', 'EXISTING_EMAIL_ADDRESS', 'Invited Email Address', 'MESSAGES']));
    expect(result.rows.map((row) => row.outcome)).toEqual(['done', 'done', 'done']);
  });

  it('counts nothing as done under a critical error at the top, whatever it says', async () => {
    const half = await reading(`Critical: stopped, "batch 2" failed\r\n${answered([ana, bo, zoe], ['', 'refused'])}`);
    expect(half.critical).toContain('batch 2');
    expect(half.rows.map((row) => row.outcome)).toEqual(['untouched', 'refused', 'untouched']);
    const nothing = await reading(`File rejected\r\n${sealed.columns.join(',')},Messages\r\n`);
    expect(nothing.rows.map((row) => row.outcome)).toEqual(['untouched', 'untouched', 'untouched']);
    const inside = await reading(`${sealed.columns.join(',')},Messages\r\n,,,Something went wrong\r\n${ana.join(',')},\r\n`);
    expect(inside.critical).toBe('Something went wrong');
    expect(inside.rows.map((row) => row.outcome)).toEqual(['untouched', 'untouched', 'untouched']);
  });

  it('names rows that were removed, added or changed by hand, with both values', async () => {
    const result = await reading(
      answered([ana, ['bo@old.example', 'robert@new.example', bo[2]!], ['new@old.example', 'n@new.example', '']], []),
    );
    expect(result.rows).toEqual([
      { outcome: 'done' },
      {
        outcome: 'changed-by-hand',
        changes: [{ column: 'invited_email_address', sealed: 'bo@new.example', found: 'robert@new.example', damage: null }],
        message: '',
      },
      { outcome: 'left-out' },
    ]);
    expect(result.added).toEqual([{ line: 4, email: 'n@new.example', message: '' }]);
  });

  it('names what a spreadsheet did: zeros, shortened numbers, semicolons, accents', async () => {
    const damaged = answered(
      [
        [ana[0]!, ana[1]!, '123'],
        [bo[0]!, bo[1]!, '1.2E+11'],
        ['zo?@old.example', 'zo?@new.example', 'E3'],
      ],
      [],
    );
    const result = await reading(damaged.replaceAll(',', ';'));
    expect(result.separatorsChanged).toBe(true);
    expect(
      result.rows.map((row) => (row.outcome === 'changed-by-hand' ? row.changes.map((change) => change.damage) : row.outcome)),
    ).toEqual([['leading zeros gone'], ['number shortened'], ['accents lost', 'accents lost']]);
  });

  it('sees accents that were read in the wrong encoding', async () => {
    const misread = Buffer.from(answered([ana, bo, zoe], [])).toString('latin1');
    const result = await reading(misread);
    expect(result.rows[2]).toMatchObject({ outcome: 'changed-by-hand', changes: [{ damage: 'accents lost' }, { damage: 'accents lost' }] });
  });

  it('refuses the file that was uploaded, and the result of another upload', async () => {
    await expect(bring(writeUploadFile(sealed))).rejects.toThrow(/Messages is missing/);
    const other = await bring(
      answered(
        [
          ['x@old.example', 'x@new.example', 'E9'],
          ['y@old.example', 'y@new.example', 'E8'],
        ],
        [],
      ),
    );
    expect(other.kind === 'result' && readResult(other.result, sealed)).toMatchObject({ code: 'other-plan' });
  });

  it('reads an export of users as such, UTF-16 included', async () => {
    const text = 'Email,Unique User ID,License status\r\nana@new.example,00123,Activated\r\n';
    for (const bytes of [Buffer.from(text), Buffer.from(`\uFEFF${text}`, 'utf16le')]) {
      const brought = await bring(bytes);
      expect(brought).toMatchObject({ kind: 'export', people: [{ seatId: '', uniqueUserId: '00123', email: 'ana@new.example' }] });
    }
  });

  it('takes exactly the rows with a message as refused, wherever they stand', async () => {
    const message = fc.oneof(
      fc.constant(''),
      fc.string({ minLength: 1 }).filter((text) => text.trim() !== ''),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 30 }), fc.boolean(), async (messages, reversed) => {
        const table = uploadTable({
          kind: 'email-change',
          rows: messages.map((_, n) => ({ existingEmail: `p${n}@old.example`, newEmail: `p${n}@new.example`, uniqueUserId: `E${n}` })),
        });
        const rows = table.rows.map((cells, n) => [...cells, messages[n]!]);
        const result = readResult(
          {
            outside: [],
            header: [...table.columns, 'Messages'],
            rows: (reversed ? rows.toReversed() : rows).map((cells, n) => ({ line: n + 2, cells })),
            delimiter: ',',
          },
          table,
        );
        if ('why' in result) return expect.fail(result.why);
        expect(result.rows.map((row) => row.outcome)).toEqual(messages.map((text) => (text === '' ? 'done' : 'refused')));
      }),
    );
  });
});
