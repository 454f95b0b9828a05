import { mkdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type {
  Feeds,
  FeedTokenGiven,
  LicenseHolderRow,
  Mails,
  MismatchPeople,
  MismatchReport,
  PersonUsage,
  ReportChanges,
  Schedule,
  Upload,
  Usage,
  UsageBrought,
  UsagePeople,
  UsageReport,
} from '../../../server/api.ts';
import { importUsageCommand } from '../../../server/commands/import-usage.ts';
import { type ReportCommandOptions, reportCommand } from '../../../server/commands/report.ts';
import { sendDigests } from '../../../server/jobs/send-digests.ts';
import { openOtherProcess } from '../other-process.ts';
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

describe('a usage report in a watched folder', () => {
  test('is taken in before the lists are compared, once, where it says its days', async () => {
    const folder = path.join(server.dataDir, 'watched', 'linkedin');
    await mkdir(folder, { recursive: true });
    await mkdir(path.join(server.dataDir, 'watched', 'crm'), { recursive: true });
    const name = `usage-${day(120)}-to-${day(91)}.csv`;
    // They lie there for a while: nobody writes to them any more.
    const then = new Date(Date.now() - 600_000);
    for (const [file, person] of [
      [name, 'Anna Ahl'],
      ['usage-of-no-days.csv', 'Bo Berg'],
    ] as const) {
      await writeFile(path.join(folder, file), `${header}\n${license(person, false)},5,7,0,\n`);
      await utimes(path.join(folder, file), then, then);
    }
    const { id } = await server.ok<{ id: string }>('createSchedule', {
      body: {
        name: 'Nightly',
        cron: '0 3 * * *',
        timeZone: 'UTC',
        sources: { kind: 'folders', licenses: 'linkedin', crm: 'crm' },
        enabled: false,
      },
    });
    const brought = async () => (await server.ok<{ rows: UsageReport[] }>('listUsageReports')).rows.map((report) => report.name);
    const before = await brought();
    for (const _ of ['taken', 'known already']) {
      const { runs } = await server.ok<Schedule>('runSchedule', { params: { id } });
      await vi.waitFor(
        async () => {
          const now = await server.ok<Schedule>('getSchedule', { params: { id } });
          // There is no list of people in either folder.
          expect(now.runs.find(({ dueAt }) => dueAt === runs[0]!.dueAt)?.outcome).toBe('refused');
        },
        { timeout: 30_000, interval: 50 },
      );
      expect(await brought()).toContain(name);
    }
    expect((await brought()).toSorted()).toEqual([...before, name].toSorted());
    const taken = (await usage()).reports.find((report) => report.name === name)!;
    expect([taken.from, taken.to]).toEqual([day(120), day(91)]);
    await server.ok('undoUsageReport', { params: { id: taken.id } });
  });
});

describe('what other tools read', () => {
  const give = (body: object) => server.ok<FeedTokenGiven>('createFeedToken', { body } as CallInput);
  const ask = (address: string, headers: Record<string, string> = {}) => fetch(new URL(address, server.url), { headers });
  const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

  test('a feed opens by its own token, in each of the ways that tools can say it', async () => {
    const { token, path: address } = await give({ feed: 'people', name: 'Workbook' });
    const basic = { Authorization: `Basic ${Buffer.from(`anything:${token}`).toString('base64')}` };
    const [first, ...others] = await Promise.all([ask(address, bearer(token)), ask(address, basic), ask(`${address}?token=${token}`)]);
    expect([first.status, first.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    const csv = await first.text();
    for (const other of others) expect(await other.text()).toBe(csv);
    const lines = csv.split('\n');
    expect(lines[0]).toMatch(/^status,reason,license_id,.*,as_of,team,manager,since$/u);
    expect(lines.find((line) => line.includes('Anna Ahl'))).toMatch(/^matched,.*,Sales,Ida Holm,/u);
    expect(lines.length).toBe(rows.length + 2);
    const { tokens } = await server.ok<Feeds>('getFeeds');
    expect(tokens[0]).toMatchObject({ name: 'Workbook', feed: 'people', isExpired: false, revokedAt: null });
    expect(tokens[0]!.lastUsedAt).not.toBeNull();
    expect(JSON.stringify(tokens)).not.toContain(token);
  });

  test('the feed of usage has every current report, and leaves empty what is not known', async () => {
    const { token, path: address } = await give({ feed: 'usage', name: 'Board' });
    const lines = (await (await ask(address, bearer(token))).text()).split('\n');
    expect(lines.find((line) => line.includes('Emil Engel') && line.startsWith(period.from))).toMatch(/,Not known,{10,}$/u);
    expect(new Set(lines.slice(1, -1).map((line) => line.slice(0, 10)))).toEqual(new Set([period.from, day(90)]));
  });

  test('a token opens nothing else, and nothing at all once it has ended or was taken back; a session opens no feed', async () => {
    const people = await give({ feed: 'people', name: 'One' });
    const status = async (address: string, headers?: Record<string, string>) => (await ask(address, headers)).status;
    expect(await status('/feeds/usage.csv', bearer(people.token))).toBe(403);
    for (const address of ['/api/overview', '/api/people', '/api/usage', '/api/feeds'])
      expect(await status(address, bearer(people.token)), address).toBe(401);
    expect(await status('/feeds/people.csv')).toBe(401);
    expect(await status('/feeds/people.csv', { cookie: server.cookie })).toBe(401);
    expect(await status('/feeds/people.csv', bearer(`${people.token.slice(0, -1)}_`))).toBe(401);
    expect(await status('/feeds/plans.csv', bearer(people.token))).toBe(404);
    await server.ok('revokeFeedToken', { params: { id: people.id } });
    expect(await status('/feeds/people.csv', bearer(people.token))).toBe(401);
    const ended = await give({ feed: 'people', name: 'Two', days: 1 });
    const owner = new pg.Client({ connectionString: server.database.url });
    await owner.connect();
    try {
      await owner.query(`update feed_token set expires_at = now() - interval '1 minute' where token_id = $1`, [ended.id]);
      const { rows: kept } = await owner.query('select token_hash from feed_token where token_id = $1', [ended.id]);
      expect(kept[0].token_hash).not.toContain(ended.token);
    } finally {
      await owner.end();
    }
    const refused = await ask('/feeds/people.csv', bearer(ended.token));
    expect([refused.status, ((await refused.json()) as { detail: string }).detail]).toEqual([
      401,
      'The access to this feed has ended. Make another one in Seatmatch, under Connections.',
    ]);
  });

  test('the role of the views reads them, and no table, nor writes anywhere', async () => {
    const client = new pg.Client({ connectionString: server.database.url });
    await client.connect();
    try {
      await client.query('set role seatmatch_reporting');
      const { rows: people } = await client.query(`select status, team from reporting.people where license_name = 'Dora Dinh'`);
      expect(people).toEqual([{ status: 'matched', team: 'Partners' }]);
      const { rows: used } = await client.query(
        `select round(avg(days_active), 1)::float as days, count(*)::int as lines from reporting.usage where period_from = $1`,
        [period.from],
      );
      // Of seven lines two are blank, and no zero of theirs lowers the mean.
      expect(used).toEqual([{ days: 10.2, lines: 6 }]);
      const { rows: runs } = await client.query('select not_matched, matched from reporting.runs order by run');
      expect(runs).toEqual([
        { not_matched: 2, matched: 4 },
        { not_matched: 0, matched: 6 },
      ]);
      for (const statement of [
        'select 1 from public.finding',
        'select 1 from public.usage_row',
        'select 1 from public.feed_token',
        'select 1 from public.mail',
        'delete from public.usage_report',
        'create table reporting.mine (n integer)',
        'create table public.mine (n integer)',
      ])
        await expect(client.query(statement), statement).rejects.toMatchObject({ code: '42501' });
    } finally {
      await client.end();
    }
  });
});

describe('the mismatch report', () => {
  const report = (query: Record<string, string> = {}) => server.ok<MismatchReport>('getMismatchReport', { query });
  const changes = (query: Record<string, string> = {}) => server.ok<ReportChanges>('listReportChanges', { query });
  const table = async (name: string, query: Record<string, string> = {}) => {
    const response = await server.fetch(`/api/report/${name}?${new URLSearchParams(query)}`);
    expect(response.status, name).toBe(200);
    return response;
  };

  test('counts from what its reader has seen: who was repaired and is Not Matched again, by team, and what it costs', async () => {
    const before = await report();
    expect(before).toMatchObject({ sum: { licenses: 6, matched: 6, notMatched: 0, rate: 1, cost: null }, price: null, review: null });
    expect(before.answers.map(({ question }) => question)).toEqual(['who']);
    expect(before.changes?.counts).toMatchObject({ repaired: 2, new: 0, 'came-back': 0 });
    const run = before.run!.number;
    await server.ok('reviewReport', { body: { run } });
    expect((await server.refused('reviewReport', { body: { run: run + 1 } })).status).toBe(422);
    const prices = { 'advanced-plus': 1_200, advanced: null, 'teamlink-extend': null, other: null };
    await server.ok('changeSettings', { body: { seatPrice: { currency: 'EUR', per: 'year', prices } } });
    expect((await server.compare(licensesCsv(false), crmCsv)).state).toBe('done');

    const after = await report();
    expect(after.sum).toMatchObject({ licenses: 6, matched: 4, notMatched: 2, rate: 4 / 6, cost: { perMonth: 200, unpriced: 0 } });
    expect(after.changes).toMatchObject({ from: { number: run }, counts: { repaired: 0, new: 0, 'came-back': 2 } });
    expect(after.trend.map(({ matched, notMatched }) => [matched, notMatched])).toEqual([
      [4, 2],
      [6, 0],
      [4, 2],
    ]);
    expect(after.slices.team.map(({ value, notMatched, licenses }) => [value, notMatched, licenses])).toEqual([
      ['Partners', 1, 3],
      ['Sales', 1, 3],
    ]);
    expect(after.slices.reason).toMatchObject([{ value: 'email-differs', notMatched: 2 }]);
    const sales = await report({ team: 'Sales' });
    expect(sales.sum).toMatchObject({ licenses: 3, notMatched: 1, cost: { perMonth: 100 } });
    expect(sales.trend.map(({ notMatched }) => notMatched)).toEqual([1, 0, 1]);
    expect(sales.choices.team.map(({ value }) => value)).toEqual(['Partners', 'Sales']);
  });

  test('compares any two runs, the earlier one first', async () => {
    const [newest, middle, oldest] = (await report()).runs.map(({ number }) => String(number));
    expect(await changes({ from: oldest!, to: middle! })).toMatchObject({
      total: 2,
      rows: [
        { name: 'Cem Cole', change: 'repaired', before: { status: 'not-matched' }, after: { status: 'matched' } },
        { name: 'Dora Dinh', change: 'repaired' },
      ],
    });
    expect((await changes({ from: middle!, to: newest!, change: 'came-back', team: 'Sales' })).rows.map(({ name }) => name)).toEqual([
      'Cem Cole',
    ]);
    expect(await changes({ from: oldest!, to: newest! })).toMatchObject({ total: 0, rows: [] });
    expect((await server.refused('listReportChanges', { query: { from: newest!, to: oldest! } })).status).toBe(422);
    expect((await server.refused('listReportChanges', { query: { from: '999' } })).status).toBe(404);
    const csv = (await (await table('changes.csv', { from: oldest!, to: middle! })).text()).split('\n');
    expect(csv[1]).toBe(
      `Cem Cole,${license('Cem Cole', false)},Sales,Ida Holm,Repaired,Not Matched,Email differs,Matched,Emails agree,${oldest},${middle}`,
    );
  });

  test('lists who is cut off page by page, and gives each table as CSV, JSON and a workbook that filters', async () => {
    const list = (query: Record<string, string>) => server.ok<MismatchPeople>('listMismatch', { query });
    const first = await list({ limit: '1', sort: 'name' });
    const second = await list({ limit: '1', sort: 'name', cursor: first.next! });
    expect([...first.rows, ...second.rows].map(({ name, team, beingRepaired }) => [name, team, beingRepaired])).toEqual([
      ['Cem Cole', 'Sales', false],
      ['Dora Dinh', 'Partners', false],
    ]);
    expect([first.total, second.next]).toEqual([2, null]);
    expect((await list({ manager: 'Jan Kamp', reason: 'email-differs' })).rows.map(({ name }) => name)).toEqual(['Dora Dinh']);
    expect((await server.refused('listMismatch', { query: { sort: 'since', cursor: first.next! } })).status).toBe(400);
    for (const name of ['people', 'groups', 'changes', 'repairs', 'trend']) {
      const json = (await (await table(`${name}.json`)).json()) as Record<string, unknown>[];
      const csv = (await (await table(`${name}.csv`)).text()).trimEnd().split('\n');
      expect(csv.length, name).toBe(json.length + 1);
    }
    const [row] = (await (await table('groups.json', { by: 'reason' })).json()) as Record<string, unknown>[];
    expect(row).toMatchObject({ not_matched: 2, cost_per_month: 200, currency: 'EUR', match_rate: 0 });
    const book = Buffer.from(await (await table('people.xlsx')).arrayBuffer());
    const name = 'xl/worksheets/sheet1.xml';
    // The entry's own header (APPNOTE 4.3.7): its name begins after 30 bytes; what is packed says itself where it ends.
    const header = book.indexOf(name) - 30;
    const begin = header + 30 + name.length + book.readUInt16LE(header + 28);
    const sheet = inflateRawSync(book.subarray(begin)).toString();
    expect(sheet).toMatch(/<\/sheetData><autoFilter ref="A1:P3"\/>/u);
    expect(sheet).toContain('state="frozen"');
  });

  test('mails what changed on its days: nothing at first, once where something did, and nothing where nothing did', async () => {
    const desk = await openOtherProcess(server);
    try {
      const look = (days: number) => sendDigests({ ...desk, now: () => new Date(Date.now() + days * dayMs) });
      const mails = async () => (await server.ok<Mails>('listMails')).rows.filter(({ subject }) => subject.startsWith('Sales Navigator'));
      const reportDigest = { recipients: ['ops@acme.example'], days: [1, 2, 3, 4, 5, 6, 7], at: '00:00', timeZone: 'UTC' };
      await server.ok('changeSettings', { body: { reportDigest } });
      await look(0);
      expect(await mails()).toEqual([]);
      expect((await server.compare(licensesCsv(true), crmCsv)).state).toBe('done');
      await Promise.all([look(0), look(0)]);
      await look(0);
      expect((await mails()).map(({ subject, to }) => [subject, to.address])).toEqual([
        ['Sales Navigator: 0 people newly cut off, 2 repaired', 'ops@acme.example'],
      ]);
      // Another comparison of the same lists: nobody changed.
      expect((await server.compare(licensesCsv(true), crmCsv)).state).toBe('done');
      await look(1);
      expect((await mails()).length).toBe(1);
    } finally {
      await desk.close();
    }
  });

  test('stands on the command line too, in words, as JSON and as a table', async () => {
    const folder = path.join(server.dataDir, 'report-command');
    await mkdir(folder, { recursive: true });
    const environment = { SEATMATCH_SESSION_FILE: path.join(folder, 'sessions.json') };
    await writeFile(environment.SEATMATCH_SESSION_FILE, JSON.stringify({ [new URL(server.url).origin]: server.cookie }));
    const said = async (flags: Partial<ReportCommandOptions>) => {
      let out = '';
      const write = (text: string) => {
        out += text;
      };
      const io = { out: { write }, err: { write }, now: () => new Date() };
      expect(await reportCommand({ server: server.url, environment, ...flags }, io)).toBe(0);
      return out;
    };
    expect(await said({})).toMatch(/^Who {7}Nobody is Not Matched: of 6 people with a license none/u);
    expect(JSON.parse(await said({ json: true, team: 'Sales' }))).toMatchObject({ sum: { licenses: 3 } });
    expect(await said({ csv: 'groups' })).toMatch(/^team,licenses,.*\nPartners,3,3,0,1,/u);
  });
});
