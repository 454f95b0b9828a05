import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { LicenseHolderRow, PersonUsage, Upload, Usage, UsageBrought, UsagePeople, UsageReport } from '../../../server/api.ts';
import { importUsageCommand } from '../../../server/commands/import-usage.ts';
import type { CallInput } from '../running-server.ts';
import { startTestServer, type TestServer } from '../running-server.ts';

vi.setConfig({ testTimeout: 60_000 });

const dayMs = 86_400_000;
const day = (ago: number) => new Date(Date.now() - ago * dayMs).toISOString().slice(0, 10);

/** number, name, team, manager, whether the CRM has the license's email, days since the last access */
const rows = [
  [1, 'Anna Ahl', 'Sales', 'Ida Holm', true, 1],
  [2, 'Bo Berg', 'Sales', 'Ida Holm', true, 2],
  [3, 'Cem Cole', 'Sales', 'Ida Holm', false, 1],
  [4, 'Dora Dinh', 'Partners', 'Jan Kamp', false, 3],
  [5, 'Emil Engel', 'Partners', 'Jan Kamp', true, 90],
  [6, 'Fay Fiore', 'Partners', 'Jan Kamp', true, null],
] as const;
const local = (name: string) => name.toLowerCase().replace(' ', '.');
const license = (name: string, isOld: boolean) => `${local(name)}@${isOld ? 'old-acme.example' : 'acme.example'}`;
const licensesCsv = (repaired: boolean) =>
  [
    'seat_id,invited_email_address,preferred_first_name,preferred_last_name,unique_user_id,license_status,license_type,last_access_date,activated_date',
    ...rows.map(
      ([n, name, , , agrees, access]) =>
        `LIC-${n},${license(name, !agrees && !repaired)},${name.replace(' ', ',')},E${n},Activated,Sales Navigator Advanced Plus,${access === null ? '' : day(access)},${day(400)}`,
    ),
    '',
  ].join('\n');
const crmCsv = [
  'Id,Email,Name,IsActive,EmployeeNumber,Department,Manager.Name,UserType',
  ...rows.map(([n, name, team, manager]) => `0055g000000000${n}AAA,${license(name, false)},${name},true,E${n},${team},${manager},Standard`),
  '',
].join('\n');

const header = 'Email,Days Active,Searches Performed,InMail Messages Sent,InMail Acceptance Rate';
const usageCsv = [
  header,
  `${license('Anna Ahl', false)},18,240,10,40%`,
  `${license('Bo Berg', false)},0,0,0,`,
  `${license('Cem Cole', true)},20,310,30,10%`,
  `${license('Dora Dinh', true)},4,11,,`,
  `${license('Emil Engel', false)},,,,`,
  'left@acme.example,9,80,2,50%',
  `${license('Fay Fiore', false)},lots,1,,`,
  '',
].join('\n');
const period = { from: day(30), to: day(1) };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  expect((await server.compare(licensesCsv(false), crmCsv)).state).toBe('done');
});
afterAll(() => server?.stop());

const bring = async (text: string, more: object = {}, query: Record<string, string> = {}) => {
  const upload = await server.ok<Upload>('createUpload', { query: { name: 'usage.csv', ...query }, raw: text });
  return server.ok<UsageBrought>('createUsageReport', { body: { upload: upload.id, ...period, ...more } });
};
const usage = (query: Record<string, string> = {}) => server.ok<Usage>('getUsage', { query });
const list = (query: Record<string, string> = {}) => server.ok<UsagePeople>('listUsage', { query });
const names = async (query: Record<string, string>) => (await list(query)).rows.map(({ name, email }) => name || email);
const file = async (format: string, query: Record<string, string> = {}) => {
  const response = await server.fetch(`/api/usage/people.${format}?${new URLSearchParams(query)}`);
  expect(response.status).toBe(200);
  return response;
};

describe('a usage report that is brought', () => {
  test('there is none at first, and the page says so', async () => {
    expect(await usage()).toMatchObject({ report: null, reports: [], headline: [], trend: [] });
    expect(await list()).toEqual({ rows: [], total: 0, next: null });
  });

  test('is recognised wherever it is dropped, with the rows that cannot be used and the period it does not say', async () => {
    const upload = await server.ok<Upload>('createUpload', { query: { name: 'usage.csv' }, raw: usageCsv });
    expect(upload).toMatchObject({ kind: 'usage-report', side: null, rows: 6, rejected: 1, missing: null });
    expect(upload.rejects).toEqual([{ line: 8, column: 'Days Active', reason: '“lots” is not a number.' }]);
    expect(upload.period).toMatchObject({ isRead: false });
    const said = await server.ok<Upload>('createUpload', { query: { name: 'usage-2026-10-01-to-2026-10-31.csv' }, raw: usageCsv });
    expect(said.period).toEqual({ from: '2026-10-01', to: '2026-10-31', isRead: true });
    expect(said.questions.map(({ id, suggested }) => [id, suggested])).toEqual([
      ['period-from', '2026-10-01'],
      ['period-to', '2026-10-31'],
    ]);
  });

  test('is refused for a period that cannot be, and where it is a list of users', async () => {
    const id = (await server.ok<Upload>('createUpload', { query: { name: 'usage.csv' }, raw: usageCsv })).id;
    const refused = (body: object) => server.refused('createUsageReport', { body } as CallInput);
    expect(await refused({ upload: id, from: period.to, to: period.from })).toMatchObject({ status: 422 });
    const users = await server.upload('licenses', licensesCsv(false));
    expect(await refused({ upload: users, ...period })).toMatchObject({
      status: 422,
      detail: 'licenses.csv is not a usage report. Export it in Sales Navigator under Admin, Usage Reporting.',
    });
  });

  test('says who is Matched and inactive, who is Not Matched and active; a blank is not known', async () => {
    const brought = await bring(usageCsv, { note: 'November' });
    expect(brought).toMatchObject({ strangers: 1, rejected: 1, replaced: false });
    const { headline, byUse, metrics, byStatus, people, teams } = await usage();
    expect(Object.fromEntries(headline.map(({ view, count }) => [view, count]))).toEqual({
      'not-matched-active': 2,
      'matched-inactive': 1,
      inactive: 1,
      unknown: 2,
      stranger: 1,
    });
    expect([people, byUse]).toEqual([6, { active: 3, inactive: 1, unknown: 2 }]);
    expect(byStatus.map(({ status, byUse: own }) => [status, own])).toEqual([
      ['matched', { active: 1, inactive: 1, unknown: 2 }],
      ['not-matched', { active: 2, inactive: 0, unknown: 0 }],
    ]);
    expect(metrics.filter(({ inReport }) => inReport).map(({ metric, known, total, average }) => [metric, known, total, average])).toEqual([
      ['daysActive', 4, 42, 10.5],
      ['searches', 4, 561, 140.3],
      ['inMailSent', 3, 40, 13.3],
      ['inMailAcceptance', 2, null, 17.5],
    ]);
    expect(metrics.find(({ metric }) => metric === 'messages')).toMatchObject({ inReport: false, known: 0, total: null, average: null });
    expect(
      teams.map(({ name, matchedInactive, notMatchedActive, daysActive }) => [name, matchedInactive, notMatchedActive, daysActive]),
    ).toEqual([
      ['Partners', 0, 1, 4],
      ['Sales', 1, 1, 12.7],
    ]);
    expect(await names({ view: 'not-matched-active' })).toEqual(['Cem Cole', 'Dora Dinh']);
    expect(await names({ view: 'stranger' })).toEqual(['left@acme.example']);
    expect(await names({ manager: 'Jan Kamp', use: 'unknown' })).toEqual(['Emil Engel', 'Fay Fiore']);
    const fay = (await list({ search: 'fiore' })).rows[0]!;
    expect(fay).toMatchObject({ inReport: false, use: 'unknown', values: { daysActive: null, messages: null } });
  });

  test('pages in either order, and whom the metric is not known of comes last in both', async () => {
    for (const order of ['asc', 'desc'] as const) {
      const all: string[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: UsagePeople = await list({ sort: 'daysActive', order, limit: '2', ...(cursor ? { cursor } : {}) });
        expect(page.total).toBe(7);
        all.push(...page.rows.map(({ name, email }) => name || email));
        cursor = page.next;
      }
      const known = ['Bo Berg', 'Dora Dinh', 'left@acme.example', 'Anna Ahl', 'Cem Cole'];
      expect(all.slice(0, 5)).toEqual(order === 'asc' ? known : known.toReversed());
      expect(all.slice(5).toSorted()).toEqual(['Emil Engel', 'Fay Fiore']);
    }
    const { next } = await list({ sort: 'daysActive', limit: '2' });
    expect((await server.refused('listUsage', { query: { sort: 'name', cursor: next! } })).status).toBe(400);
  });

  test('is taken along as CSV, JSON and a workbook, with what is not known left empty', async () => {
    const csv = (await (await file('csv', { view: 'not-matched-active', sort: 'daysActive' })).text()).split('\n');
    expect(csv[0]).toMatch(/^period_from,period_to,name,license_email,license_id,status,reason,team,manager,use,days_active,searches/u);
    expect(csv.slice(1)).toEqual([
      `${period.from},${period.to},Dora Dinh,dora.dinh@old-acme.example,LIC-4,Not Matched,Email differs,Partners,Jan Kamp,Active,4,11,,,,,,,,,`,
      `${period.from},${period.to},Cem Cole,cem.cole@old-acme.example,LIC-3,Not Matched,Email differs,Sales,Ida Holm,Active,20,310,,,,30,10,,,,`,
      '',
    ]);
    const json = (await (await file('json')).json()) as Record<string, unknown>[];
    expect(json.find(({ name }) => name === 'Bo Berg')).toMatchObject({ use: 'Inactive', days_active: 0, inmail_acceptance_percent: null });
    expect([...new Uint8Array(await (await file('xlsx')).arrayBuffer())].slice(0, 2)).toEqual([0x50, 0x4b]);
  });

  test('shows on the person, and finds them again after their email was repaired', async () => {
    expect((await server.compare(licensesCsv(true), crmCsv)).state).toBe('done');
    await vi.waitFor(async () => expect((await list({ view: 'stranger' })).total).toBe(1), { timeout: 20_000, interval: 100 });
    expect(await names({ view: 'not-matched-active' })).toEqual([]);
    const { rows: own, metrics } = await server.ok<PersonUsage>('getPersonUsage', { params: { key: 'license:LIC-3' } });
    expect(own).toMatchObject([{ ...period, days: 30, use: 'active', values: { daysActive: 20, messages: null } }]);
    expect(metrics.map(({ metric }) => metric)).toEqual(['daysActive', 'searches', 'inMailSent', 'inMailAcceptance']);
  });

  test('replaces one of the same days, and undo brings that one back', async () => {
    const second = await bring(`${header}\n${license('Anna Ahl', false)},0,0,0,\n`);
    expect(second).toMatchObject({ replaced: true, strangers: 0 });
    expect((await usage()).byUse).toEqual({ active: 0, inactive: 1, unknown: 5 });
    const states = async () => (await server.ok<{ rows: UsageReport[] }>('listUsageReports')).rows.map(({ state, note }) => [state, note]);
    expect(await states()).toEqual([
      ['current', null],
      ['replaced', 'November'],
    ]);
    const first = (await server.ok<{ rows: UsageReport[] }>('listUsageReports')).rows[1]!;
    expect((await server.refused('undoUsageReport', { params: { id: first.id } })).status).toBe(422);
    expect(await server.ok('undoUsageReport', { params: { id: second.id } })).toEqual({
      sentence: 'The usage report usage.csv is gone, and the one before it of the same days is back.',
    });
    expect(await states()).toEqual([
      ['undone', null],
      ['current', 'November'],
    ]);
    expect((await usage()).byUse).toEqual({ active: 3, inactive: 1, unknown: 2 });
    expect((await server.refused('getUsage', { query: { report: second.id } })).status).toBe(404);
    const rejects = await (await server.fetch(`/api/usage/reports/${first.id}/rejects.csv`)).text();
    expect(rejects).toBe('file,line,column,reason\r\nusage.csv,8,Days Active,“lots” is not a number.\r\n');
  });

  test('adds whoever did nothing in all that time to the idle licenses, and nobody of whom that is not known', async () => {
    const idle = async () =>
      (await server.ok<{ rows: LicenseHolderRow[] }>('listLicenseHolders', { query: { view: 'idle' } })).rows.map(({ name, use }) => [
        name,
        use?.state ?? null,
      ]);
    // By the last access alone: the report is of thirty days, and idle is who was away for sixty.
    expect(await idle()).toEqual([['Emil Engel', 'unknown']]);
    const before = { from: day(62), to: day(31) };
    const older = await bring(`${header}\n${license('Bo Berg', false)},0,0,,\n${license('Fay Fiore', false)},0,0,,\n`, before);
    expect(await idle()).toEqual([
      ['Bo Berg', 'inactive'],
      ['Emil Engel', 'unknown'],
    ]);
    expect((await usage()).trend.map(({ from, byUse }) => [from, byUse.inactive])).toEqual([
      [before.from, 2],
      [period.from, 1],
    ]);
    await server.ok('undoUsageReport', { params: { id: older.id } });
    expect(await idle()).toEqual([['Emil Engel', 'unknown']]);
  });

  test('comes by the command line as well, with columns named by hand', async () => {
    const folder = path.join(server.dataDir, 'command');
    await mkdir(folder, { recursive: true });
    const own = path.join(folder, 'mine.csv');
    await writeFile(own, `Wer;Tage\n${license('Anna Ahl', false)};7\n`);
    const said = { out: '', err: '' };
    const io = {
      out: {
        write: (text: string) => {
          said.out += text;
        },
      },
      err: {
        write: (text: string) => {
          said.err += text;
        },
      },
      now: () => new Date(),
    };
    const options = {
      file: own,
      server: server.url,
      environment: { SEATMATCH_SESSION_FILE: path.join(folder, 'sessions.json') },
    };
    await writeFile(options.environment.SEATMATCH_SESSION_FILE, JSON.stringify({ [new URL(server.url).origin]: server.cookie }));
    expect(await importUsageCommand(options, io)).toBe(1);
    expect(said.err).toMatch(/No column holds the email\. Columns seen: Wer, Tage\./u);
    const map = ['Wer=email', 'Tage=daysActive'];
    expect(await importUsageCommand({ ...options, map }, io)).toBe(1);
    expect(said.err).toMatch(/--from and --to/u);
    expect(await importUsageCommand({ ...options, map, from: day(90), to: day(63) }, io)).toBe(0);
    expect(said.out).toContain(`1 person from ${day(90)} to ${day(63)}.`);
    expect((await usage()).reports.map(({ from }) => from)).toEqual([period.from, day(90)]);
  });
});
