import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { fieldText, loadCsv, readRows } from '../../../connectors/csv.ts';
import { type ComparedFiles, compareFiles } from '../../../server/commands/compare-files.ts';
import { cellsOf, reportColumns } from '../../../server/core/findings-csv.ts';
import { cell, reportCsv } from '../../../server/core/report-csv.ts';
import { findingsOf } from '../core/build.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'seatmatch-compare-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => path.join(folder, name);

const userColumns = ['Id', 'Email', 'FirstName', 'LastName', 'IsActive', 'EmployeeNumber', 'Department'];
const accountColumns = [
  'seat_id',
  'invited_email_address',
  'preferred_first_name',
  'preferred_last_name',
  'unique_user_id',
  'license_status',
  'license_type',
];

async function comparing<T>(threads: 1 | 2, read: (compared: ComparedFiles) => Promise<T> | T): Promise<T> {
  const compared = await compareFiles({
    licenses: { path: at('licenses.csv'), exportedAt: '2026-11-20T09:00:00Z' },
    crm: { path: at('crm.csv') },
    settings: { seatScope: 'all', domainAliases: [{ old: 'old.example', current: 'acme.example' }] },
    threads,
  });
  try {
    return await read(compared);
  } finally {
    await compared.close();
  }
}

const report = (threads: 1 | 2, seekable: boolean): Promise<string> =>
  comparing(threads, async (compared) => {
    const file = openSync(at('report.csv'), 'w');
    await compared.writeCsv(file, seekable);
    closeSync(file);
    return readFileSync(at('report.csv'), 'utf8');
  });

/** A company of `n` with every tenth person in some trouble; no chance in it. */
function writeCompany(n: number): void {
  const given = ['Jane', 'Mark', 'Zoë', 'Anna', 'Lee'];
  const family = ['Roe', 'Stone', 'Müller', 'Quist', 'de la Cruz', 'Fox', 'Ray'];
  const person = (k: number) => [given[k % 5]!, family[(k * 3) % 7]!, `p${k}`] as const;
  const users = Array.from({ length: n }, (_, k) => {
    const [first, last, local] = person(k);
    return [`u${k}`, `${local}@acme.example`, first, last, String(k % 13 !== 0), k % 3 === 0 ? `E${k}` : '', ''];
  });
  const accounts = Array.from({ length: n }, (_, k) => {
    const [first, last, local] = person(k);
    const email = [
      `${local}@old.example`,
      `${local}+sn@acme.example`,
      `${first}.${last}@gmail.com`,
      ` ${local.toUpperCase()}@acme.example`,
      '',
    ][k % 50];
    return [
      `s${k}`,
      email ?? `${local}@acme.example`,
      first,
      last,
      k % 3 === 0 ? `E${k % 97 === 0 ? k + 3 : k}` : '',
      'Activated',
      'Advanced Plus',
    ];
  });
  writeFileSync(at('crm.csv'), reportCsv(userColumns, users));
  writeFileSync(at('licenses.csv'), reportCsv(accountColumns, accounts));
}

test('two threads write the same bytes as one, to a file and to a pipe, over many ranges', async () => {
  writeCompany(20_000);
  const one = await report(1, true);
  expect(one.split('\n').length).toBeGreaterThan(20_000);
  for (const [threads, seekable] of [
    [1, false],
    [2, true],
    [2, false],
  ] as const)
    expect((await report(threads, seekable)) === one, `${threads} threads, ${seekable ? 'file' : 'pipe'}`).toBe(true);
});

test('two threads find the same people, explanations and numbers as one', async () => {
  writeCompany(700);
  const all = (threads: 1 | 2) =>
    comparing(threads, ({ reconciliation }) =>
      JSON.stringify([
        findingsOf(reconciliation),
        findingsOf(reconciliation).map((_, row) => reconciliation.explain(row)),
        reconciliation.summary,
      ]),
    );
  expect((await all(2)) === (await all(1))).toBe(true);
});

test('a second thread that refuses its file is heard, and its end leaves nothing waiting', async () => {
  writeCompany(10);
  writeFileSync(at('crm.csv'), 'Id,Email\nu1,"cut off');
  await expect(comparing(2, () => 0)).rejects.toMatchObject({ code: 'cut-off', file: 'crm.csv' });
});

const nasty = fc.oneof(
  fc.constantFrom('', ' ', '"', 'a,b', '=1+1', '-', "'", 'x\r\ny', '\u00a0x', '\ufeffx', 'jane@acme.example', 'Advanced Plus; TeamLink'),
  fc.string({ unit: 'grapheme', maxLength: 10 }).filter((text) => text.isWellFormed() && !text.includes('\0')),
);

test('a report read back as CSV has the cells that were written, whatever the files held', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(...userColumns.slice(1).map(() => nasty)), { minLength: 1, maxLength: 6 }),
      fc.array(fc.tuple(...accountColumns.slice(1).map(() => nasty)), { minLength: 1, maxLength: 6 }),
      async (users, accounts) => {
        const quoted = (rows: readonly (readonly string[])[]) =>
          rows.map((cells) => `${cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')}\n`).join('');
        writeFileSync(at('crm.csv'), quoted([userColumns, ...users.map((rest, k) => [`u${k}`, ...rest])]));
        writeFileSync(at('licenses.csv'), quoted([accountColumns, ...accounts.map((rest, k) => [`s${k}`, ...rest])]));
        const written = await report(1, true);
        const expected = await comparing(1, ({ reconciliation }) =>
          findingsOf(reconciliation).map((finding) =>
            cellsOf(finding).map((text) => (cell(text).replace(/^"/, '').startsWith("'") && !text.startsWith("'") ? `'${text}` : text)),
          ),
        );
        if (expected.length === 0) return;
        const csv = await loadCsv(new TextEncoder().encode(written), { name: 'report.csv' });
        const read: string[][] = [];
        readRows(
          csv,
          reportColumns.map((_, k) => k),
          ({ bytes, count, ranges }) => {
            for (let r = 0; r < count; r++)
              read.push(
                reportColumns.map((_, f) =>
                  fieldText(bytes, ranges[2 * (r * reportColumns.length + f)]!, ranges[2 * (r * reportColumns.length + f) + 1]!),
                ),
              );
          },
          (reject) => expect(reject).toBeNull(),
        );
        expect(read).toEqual(expected);
      },
    ),
    { numRuns: 60 },
  );
});
