import { describe, expect, test } from 'vitest';
import { openUsageFile, readCount } from '../../../connectors/linkedin-files/usage-report.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const open = (text: string, map?: Record<string, string>) => openUsageFile(bytes(text), { name: 'usage.csv', map });
const read = async (text: string, map?: Record<string, string>) => (await open(text, map)).readRows();

const headers = [
  'Name',
  'Email',
  'Days active',
  'Searches performed',
  'Profile views',
  'Leads saved',
  'Accounts saved',
  'InMail messages sent',
  'InMail acceptance rate',
  'Messages sent',
  'Total unique connections',
  'Smart Links created',
  'Smart Links viewed',
];
const anna = ['Anna Ahl', 'anna@acme.example', '18', '1,204', '310', '12', '4', '10', '40%', '22', '5', '1', '3'];
const values = {
  daysActive: 18,
  searches: 1204,
  profileViews: 310,
  savedLeads: 12,
  savedAccounts: 4,
  inMailSent: 10,
  inMailAcceptance: 40,
  messages: 22,
  connections: 5,
  smartLinksCreated: 1,
  smartLinksViewed: 3,
};
const line = (cells: readonly string[]) => cells.map((cell) => `"${cell}"`).join(',');

describe('a usage report', () => {
  test('is read whatever the order and the case of its columns, with lines above them', async () => {
    const shuffled = headers.map((_, n) => (n * 5) % headers.length);
    const text = [
      'Usage report: Nov 1 - Nov 30, 2026',
      '',
      line(shuffled.map((n) => headers[n]!.toUpperCase().replaceAll(' ', '_'))),
      line(shuffled.map((n) => anna[n]!)),
      '',
    ].join('\n');
    const file = await open(text);
    expect([file.isSure, file.missing, file.unmapped, file.aboutPeriod]).toEqual([true, null, [], ['Usage report: Nov 1 - Nov 30, 2026']]);
    const { rows, rejects } = file.readRows();
    expect(rejects).toEqual([]);
    expect(rows).toEqual([{ line: 4, name: 'Anna Ahl', email: 'anna@acme.example', uniqueUserId: '', seatId: '', values }]);
  });

  test('keeps a blank as not known, and a zero as zero', async () => {
    const blank = ['Bo Berg', 'bo@acme.example', '', '-', 'N/A', '', '', '', '', '', '', '', '0'];
    const { rows } = await read([line(headers), line(blank), ''].join('\n'));
    expect(rows[0]!.values).toEqual({ ...Object.fromEntries(Object.keys(values).map((key) => [key, null])), smartLinksViewed: 0 });
  });

  test('leaves out rows that cannot be used, each with line, column and reason', async () => {
    const text = [
      'Email,Days active,Searches',
      'anna@acme.example,3,4',
      'Total,12,9',
      ',7,1',
      'bo@acme.example,many,1',
      'ANNA@acme.example,5,5',
      'cem@acme.example,-2,1',
      '',
    ].join('\n');
    const { rows, rejects } = await read(text);
    expect(rows.map(({ email }) => email)).toEqual(['anna@acme.example']);
    expect(rejects.map(({ line, column, reason }) => [line, column, reason])).toEqual([
      [3, 'Email', '“Total” is no email: perhaps this is the line of totals.'],
      [4, 'Email', 'There is no email and no ID: nobody can tell whose row this is.'],
      [5, 'Days active', '“many” is not a number.'],
      [6, 'Email', 'The same person stands in line 2 already.'],
      [7, 'Days active', '“-2” is not a number.'],
    ]);
  });

  test('of several rows a person is refused whole, and so is one of which nothing can be used', async () => {
    const days = Array.from({ length: 30 }, (_, n) => `${n % 3}@acme.example,1,${n}`).join('\n');
    await expect(read(`Email,Days active,Searches\n${days}\n`)).rejects.toMatchObject({ code: 'wrong-kind' });
    await expect(read('Email,Days active,Searches\na@acme.example,x,1\nb@acme.example,y,1\n')).rejects.toThrow(
      'None of the 2 rows can be used. Line 2: “x” is not a number.',
    );
  });

  test('with unknown headers says which are missing, and is read once they are mapped', async () => {
    const text = 'Wer,Tage,Suchen\nanna@acme.example,3,4\n';
    const file = await open(text);
    expect([file.isSure, file.missing]).toEqual([
      false,
      'No column holds the email. Columns seen: Wer, Tage, Suchen. Say which one it is (command line: --map "COLUMN=email").',
    ]);
    expect((await open(text, { Wer: 'email' })).missing).toMatch(/^No column measures anything/);
    const { rows } = await read(text, { Wer: 'email', Tage: 'daysActive' });
    expect(rows[0]).toMatchObject({ email: 'anna@acme.example', values: { daysActive: 3, searches: null } });
  });

  test('tells the period by its own columns', async () => {
    const file = await open('Email,Start date,End date,Searches\na@acme.example,2026-10-01,2026-10-31,2\n');
    expect(file.aboutPeriod).toEqual(['2026-10-01 to 2026-10-31']);
  });

  test.each([
    ['0.4', '0.25', 40],
    ['0.4', '12', 0.4],
    ['40', '25', 40],
    ['0,4 %', '1', 0.4],
    ['33.3%', '', 33.3],
  ])('reads an acceptance rate of %j beside %j', async (first, second, rate) => {
    const { rows } = await read(`Email;InMail sent;InMail acceptance rate\na@acme.example;5;${first}\nb@acme.example;5;${second}\n`);
    expect(rows[0]!.values.inMailAcceptance).toBe(rate);
  });

  test('makes the rate of what was sent and accepted; of nothing there is none', async () => {
    const { rows } = await read('Email,InMails sent,InMails accepted\na@acme.example,8,2\nb@acme.example,0,0\nc@acme.example,8,\n');
    expect(rows.map(({ values }) => values.inMailAcceptance)).toEqual([25, null, null]);
  });

  test.each([
    ['1204', 1204],
    ['1,204', 1204],
    ['1.204.331', 1204331],
    ['1 204', 1204],
    ['12.0', 12],
    ['', null],
    ['–', null],
    ['1,20', undefined],
    ['1,204.331', undefined],
    ['3.5', undefined],
    ['1e3', undefined],
  ])('reads the number %j as %j', (cell, number) => {
    expect(readCount(cell)).toBe(number);
  });
});
