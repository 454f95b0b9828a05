import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Decisions, Exception, IdentityAnswer, Link, Overview, Person, Plan, Settings } from '../../../server/api.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

const people = [
  ...testPeople(6),
  { id: '0900', given: 'Xaver', family: 'Yildiz', license: 'x@elsewhere.example' },
  { id: '0901', given: 'Zoe', family: 'Quist', crm: 'zoe@acme.example' },
  { id: '0902', given: 'Yul', family: 'Ott', crm: 'yul@acme.example' },
];

let server: TestServer;
let db: pg.Client;
beforeAll(async () => {
  server = await startTestServer();
  db = new pg.Client({ connectionString: server.database.appUrl });
  await db.connect();
  await server.compare(licensesCsv(people), crmCsv(people));
});
afterAll(async () => {
  await db?.end();
  await server?.stop();
});

describe('decisions', () => {
  test('a link keeps its author, counts from the next comparison, and a later link takes its place', async () => {
    const first = await server.ok<Link>('createLink', { body: { licenseId: 'LIC-0900', crmUserId: '0055g0000000001AAA' } });
    const link = await server.ok<Link>('createLink', {
      body: { licenseId: 'LIC-0900', crmUserId: '0055g0000000901AAA', note: 'asked her' },
    });
    expect(link).toMatchObject({ author: 'Admin', note: 'asked her' });
    const { rows } = await server.ok<{ rows: Link[] }>('listLinks');
    expect(rows).toEqual([link]);
    expect((await server.refused('deleteLink', { params: { id: first.id } })).status).toBe(404);
    await server.compare(licensesCsv(people), crmCsv(people));
    const person = await server.ok<Person>('getPerson', { params: { key: 'license:LIC-0900' } });
    expect(person.finding).toMatchObject({ rule: 'link', crmUser: { id: '0055g0000000901AAA' } });
    expect(person.link).toEqual(link);
    await server.ok('deleteLink', { params: { id: link.id } });
    expect(await server.ok('listLinks')).toEqual({ rows: [] });
  });

  test('an exception has a day to end on, which lies ahead', async () => {
    const body = { licenseId: 'LIC-0002', reason: 'on leave', until: '2099-12-31' };
    const exception = await server.ok<Exception>('createException', { body });
    expect(await server.ok('listExceptions')).toEqual({ rows: [exception] });
    expect((await server.refused('createException', { body: { ...body, until: '2020-01-01' } })).detail).toContain('past');
    expect((await server.refused('createException', { body: { ...body, until: '31.12.2099' } })).detail).toContain('2027-01-31');
    expect((await server.refused('createException', { body: { ...body, reason: ' ' } })).status).toBe(400);
    await server.ok('deleteException', { params: { id: exception.id } });
    expect((await server.refused('deleteException', { params: { id: exception.id } })).status).toBe(404);
  });

  test('what somebody saw in LinkedIn is kept with its day, and becomes the observed verdict', async () => {
    await server.ok('createObservedAnswer', { body: { licenseId: 'LIC-0003', verdict: 'not-matched', on: '2026-01-15' } });
    const body = { licenseId: 'LIC-0003', verdict: 'matched', on: '2999-01-01' };
    expect((await server.refused('createObservedAnswer', { body })).detail).toContain('not come yet');
    await server.compare(licensesCsv(people), crmCsv(people));
    const person = await server.ok<Person>('getPerson', { params: { key: 'license:LIC-0003' } });
    expect(person.finding.observed).toMatchObject({ verdict: 'not-matched', source: 'admin' });
    expect(person.observedAnswers).toMatchObject([{ verdict: 'not-matched', on: '2026-01-15', author: 'Admin' }]);
  });

  test('whoever sees both people says who it is, until an email moves', async () => {
    const link = await server.ok<Link>('createLink', {
      body: { licenseId: 'LIC-0001', crmUserId: '0055g0000000902AAA', note: 'her desk', reviewOn: '2099-06-01' },
    });
    expect(link).toMatchObject({ note: 'her desk', reviewOn: '2099-06-01' });
    await server.compare(licensesCsv(people), crmCsv(people));
    const person = () => server.ok<Person>('getPerson', { params: { key: 'license:LIC-0001' } });
    expect((await person()).finding).toMatchObject({ reason: 'email-differs', rule: 'link', changeSide: 'license' });
    const moved = people.map((one) => (one.id === '0902' ? { ...one, crm: 'moved@acme.example' } : one));
    await server.compare(licensesCsv(people), crmCsv(moved));
    expect((await person()).finding).toMatchObject({ reason: 'identity-conflict', also: ['email-moved-since-link'] });
    const { toDo } = await server.ok<Overview>('getOverview');
    expect(toDo).toContainEqual(
      expect.objectContaining({ href: '/decisions', action: expect.stringContaining('An email moved'), count: 1 }),
    );
    const { rows } = await server.ok<Decisions>('listDecisions');
    expect(rows.find(({ id }) => id === link.id)).toMatchObject({ kind: 'link', state: 'moved', on: '2099-06-01' });
    // Answered again in the light of the emails of today, it holds.
    await server.ok<Link>('createLink', { body: { licenseId: 'LIC-0001', crmUserId: '0055g0000000902AAA' } });
    await server.compare(licensesCsv(people), crmCsv(moved));
    expect((await person()).finding).toMatchObject({ reason: 'email-differs', also: [] });
    const last = (await person()).link!;
    await server.ok('deleteLink', { params: { id: last.id } });
    await server.compare(licensesCsv(people), crmCsv(people));
  });

  test('a link from before anybody saw the emails begins to watch them with the comparison that follows it', async () => {
    const fresh = await startTestServer();
    try {
      await fresh.ok<Link>('createLink', { body: { licenseId: 'LIC-0900', crmUserId: '0055g0000000901AAA' } });
      await fresh.compare(licensesCsv(people), crmCsv(people));
      const also = async () => (await fresh.ok<Person>('getPerson', { params: { key: 'license:LIC-0900' } })).finding.also;
      expect(await also()).not.toContain('email-moved-since-link');
      const moved = people.map((one) => (one.id === '0901' ? { ...one, crm: 'zoe.quist@acme.example' } : one));
      await fresh.compare(licensesCsv(people), crmCsv(moved));
      expect(await also()).toContain('email-moved-since-link');
    } finally {
      await fresh.stop();
    }
  });

  test('nobody uses a license, or later: kept with reason, author and day; a new answer takes the place of the one before', async () => {
    const body = { licenseId: 'LIC-0004', answer: 'later', reason: 'her manager is away' };
    expect((await server.refused('createIdentityAnswer', { body })).detail).toContain('day');
    expect((await server.refused('createIdentityAnswer', { body: { ...body, reviewOn: '2020-01-01' } })).detail).toContain('not ahead');
    expect((await server.refused('createIdentityAnswer', { body: { ...body, reason: ' ', reviewOn: '2099-01-01' } })).status).toBe(400);
    const later = await server.ok<IdentityAnswer>('createIdentityAnswer', { body: { ...body, reviewOn: '2099-01-01' } });
    expect(later).toMatchObject({ author: 'Admin', reason: 'her manager is away', reviewOn: '2099-01-01' });
    await server.ok<Link>('createLink', { body: { licenseId: 'LIC-0004', crmUserId: '0055g0000000004AAA' } });
    const person = () => server.ok<Person>('getPerson', { params: { key: 'license:LIC-0004' } });
    expect(await person()).toMatchObject({ identityAnswer: null, link: { crmUserId: '0055g0000000004AAA' } });
    const nobody = await server.ok<IdentityAnswer>('createIdentityAnswer', {
      body: { licenseId: 'LIC-0004', answer: 'nobody', reason: 'left in spring' },
    });
    expect(await person()).toMatchObject({ identityAnswer: nobody, link: null });
    const { toDo } = await server.ok<Overview>('getOverview');
    expect(toDo).toContainEqual(expect.objectContaining({ href: '/decisions', action: expect.stringContaining('Take it back') }));
    await server.ok('deleteIdentityAnswer', { params: { id: nobody.id } });
    expect((await server.refused('deleteIdentityAnswer', { params: { id: nobody.id } })).status).toBe(404);
    expect((await person()).identityAnswer).toBeNull();
  });

  test('an exception whose day is past is reported as forgotten, and one that ends soon as near its end', async () => {
    const { id } = await server.ok<Exception>('createException', {
      body: { licenseId: 'LIC-0005', reason: 'on leave', until: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10) },
    });
    const decision = async () => (await server.ok<Decisions>('listDecisions')).rows.find((row) => row.id === id);
    expect(await decision()).toMatchObject({ kind: 'exception', state: 'soon', person: { key: 'license:LIC-0005' } });
    await db.query(`update exception set until = until - 30 where exception_id = $1`, [id]);
    expect(await decision()).toMatchObject({ state: 'due', sentence: expect.stringContaining('Renew it') });
    const { toDo } = await server.ok<Overview>('getOverview');
    expect(toDo).toContainEqual(
      expect.objectContaining({ href: '/decisions', action: expect.stringContaining('nobody looked'), count: 1 }),
    );
    await server.ok('deleteException', { params: { id } });
  });

  test('each decision stands in the audit log, which can only grow', async () => {
    const { rows } = await db.query<{ actor: string; action: string }>('select actor, action from audit order by audit_id');
    expect(new Set(rows.map(({ actor }) => actor))).toEqual(new Set(['Admin']));
    expect(rows.map(({ action }) => action)).toEqual(
      expect.arrayContaining([
        'link made',
        'link ended',
        'exception made',
        'exception ended',
        'observed answer',
        'identity answered',
        'identity answer ended',
        'reconciliation asked for',
      ]),
    );
    await expect(db.query('delete from audit')).rejects.toThrow(/permission denied/u);
    const owner = new pg.Client({ connectionString: server.database.url });
    await owner.connect();
    await expect(owner.query("update audit set actor = 'nobody'")).rejects.toThrow(/append only/u);
    await owner.end();
  });
});

describe('settings', () => {
  test('begin with defaults, and say who changed what', async () => {
    const before = await server.ok<Settings>('getSettings');
    expect(before).toMatchObject({ crmName: 'the CRM', seatScope: 'none', limits: { rowsPerFile: 2000, oddRunPercent: 20 }, changed: [] });
    const after = await server.ok<Settings>('changeSettings', {
      body: {
        crmName: 'Salesforce',
        companyDomains: ['Acme.Example'],
        seatScope: { field: 'department', values: ['Sales'] },
        limits: { rowsPerFile: 50 },
      },
    });
    expect(after).toMatchObject({
      crmName: 'Salesforce',
      companyDomains: ['acme.example'],
      limits: { rowsPerFile: 50, oddRunPercent: 20 },
    });
    expect(after.changed.map(({ setting, actor }) => [setting, actor])).toEqual([
      ['companyDomains', 'Admin'],
      ['crmName', 'Admin'],
      ['limits', 'Admin'],
      ['seatScope', 'Admin'],
    ]);
    expect(await server.ok<Settings>('getSettings')).toEqual(after);
  });

  test.each([
    ['a domain with an @', { companyDomains: ['anna@acme.example'] }],
    ['a domain that is its own alias', { domainAliases: [{ old: 'acme.example', current: 'acme.example' }] }],
    ['an alias that is no address', { emailAliases: [['anna', 'anna@acme.example']] }],
    [
      'a page of LinkedIn that is none',
      {
        adminCenter: {
          generation: 'seat-management',
          links: [{ generation: 'seat-management', page: 'users', href: 'https://linkedin.com.example/' }],
        },
      },
    ],
    ['a file of no rows', { limits: { rowsPerFile: 0 } }],
    ['a scope on an unknown field', { seatScope: { field: 'shoe', values: ['1'] } }],
    ['a setting that does not exist', { colour: 'red' }],
  ])('%s is refused and changes nothing', async (_, body) => {
    const before = await server.ok<Settings>('getSettings');
    expect((await server.refused('changeSettings', { body })).status).toBe(400);
    expect(await server.ok<Settings>('getSettings')).toEqual(before);
  });
});

describe('a subscription of their own', () => {
  test('is an answer about one person, that several may give at once', async () => {
    const ids = ['0055g0000000901AAA', '0055g0000000001AAA', '0055g0000000002AAA'];
    await server.ok('changeSettings', { body: { seatScope: 'all' } });
    await Promise.all(ids.map((crmUserId) => server.ok('sayOwnSubscription', { body: { crmUserId, has: true } })));
    const { ownSubscriptions, seatScope } = await server.ok<Settings>('getSettings');
    expect([...ownSubscriptions].sort()).toEqual([...ids].sort());
    expect(seatScope).toBe('all');
    await server.compare(licensesCsv(people), crmCsv(people));
    const person = await server.ok<Person>('getPerson', {
      params: { key: `crm:${ids[0]!.startsWith('005') ? 'salesforce' : ''}:${ids[0]}` },
    });
    expect(person).toMatchObject({ ownSubscription: true, finding: { reason: 'own-subscription' } });
    for (const crmUserId of ids) await server.ok('sayOwnSubscription', { body: { crmUserId, has: false } });
    await server.ok('changeSettings', { body: { seatScope: 'none' } });
    expect((await server.ok<Settings>('getSettings')).ownSubscriptions).toEqual([]);
  });
});

describe('newcomers', () => {
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
  /** When each was activated; everybody else was long ago. */
  const activated: Record<string, string> = { 'LIC-0001': daysAgo(0), 'LIC-0002': daysAgo(3), 'LIC-0003': daysAgo(30) };
  const licenses = licensesCsv(people)
    .split('\n')
    .map((line, index) =>
      line === '' ? line : `${line},${index === 0 ? 'activated_date' : (activated[line.slice(1, 9)] ?? '2020-01-15')}`,
    )
    .join('\n');
  const personOf = (id: string) => server.ok<Person>('getPerson', { params: { key: `license:${id}` } });

  test('are asked for their connections from the second day on, once for each activation', async () => {
    await server.compare(licenses, crmCsv(people));
    expect((await personOf('LIC-0001')).onboarding).toMatchObject({ state: 'activated', question: null });
    expect((await personOf('LIC-0002')).onboarding).toMatchObject({ question: { activatedOn: daysAgo(3) } });
    expect((await personOf('LIC-0003')).onboarding).toBeNull();
    const asked = async () => (await server.ok<Decisions>('listDecisions')).profileQuestions.map(({ licenseId }) => licenseId);
    expect(await asked()).toEqual(['LIC-0002']);
    const toDo = async () => (await server.ok<Overview>('getOverview')).toDo.filter(({ action }) => action.includes('usual connections'));
    expect(await toDo()).toMatchObject([{ count: 1, href: '/decisions' }]);
    await server.ok('answerProfile', { body: { licenseId: 'LIC-0002', answer: 'usual' } });
    expect(await asked()).toEqual([]);
    expect(await toDo()).toEqual([]);
    expect((await personOf('LIC-0002')).onboarding!.question).toBeNull();
  });

  test('who use a second profile stand among the duplicate profiles, until somebody says otherwise', async () => {
    await server.ok('answerProfile', { body: { licenseId: 'LIC-0002', answer: 'second' } });
    expect((await server.ok<Settings>('getSettings')).duplicateProfiles).toEqual(['LIC-0002']);
    await server.compare(licenses, crmCsv(people));
    expect((await personOf('LIC-0002')).finding.reason).toBe('duplicate-profile');
    await server.ok('answerProfile', { body: { licenseId: 'LIC-0002', answer: 'usual' } });
    expect((await server.ok<Settings>('getSettings')).duplicateProfiles).toEqual([]);
    expect((await server.refused('answerProfile', { body: { licenseId: 'LIC-9999', answer: 'usual' } })).status).toBe(409);
  });

  test('and everybody else have a packet for LinkedIn support, whose download is kept', async () => {
    const text = await server.ok<string>('getSupportPacket', { params: { key: 'license:LIC-0002' } });
    expect(text).toContain('License id: LIC-0002');
    expect(text.match(/[\w.]+@[\w.]+/gu)!.every((address) => address === people[1]!.crm)).toBe(true);
    expect((await server.refused('getSupportPacket', { params: { key: 'license:LIC-9999' } })).status).toBe(404);
    const { rows } = await db.query(`select from audit where action = 'support packet downloaded' and subject = 'license:LIC-0002'`);
    expect(rows).toHaveLength(1);
  });
});

describe('a license that nobody uses, somebody said', () => {
  test('may be planned to be taken back, like that of a leaver; before, and while it is known whose it is, it stays', async () => {
    const conflicting = licensesCsv(people).replace('"E0001"', '"E0902"');
    const holders = people.filter(({ license }) => license !== undefined).length;
    await server.compare(conflicting, crmCsv(people), { adminCenterCount: holders });
    const key = 'license:LIC-0001';
    expect((await server.ok<Person>('getPerson', { params: { key } })).finding.reason).toBe('identity-conflict');
    const planned = async (licenseId: string) => {
      const { id } = await server.ok<{ id: string }>('createPlan', { body: { reclaim: [licenseId] } });
      const { total } = await server.ok<{ total: number }>('listPlanPeople', { params: { id } });
      const { state, leftOut } = await server.ok<Plan>('getPlan', { params: { id } });
      return { total, state, codes: leftOut.map(({ code }) => code) };
    };
    expect(await planned('LIC-0001')).toEqual({ total: 0, state: 'draft', codes: ['active-in-crm'] });
    for (const licenseId of ['LIC-0001', 'LIC-0002'])
      await server.ok('createIdentityAnswer', { body: { licenseId, answer: 'nobody', reason: 'nobody at that desk' } });
    expect(await planned('LIC-0001')).toEqual({ total: 1, state: 'draft', codes: [] });
    // The comparison is sure who uses this one, and that they are active: an answer alone takes nobody's license.
    expect(await planned('LIC-0002')).toEqual({ total: 0, state: 'draft', codes: ['active-in-crm'] });
  });
});
