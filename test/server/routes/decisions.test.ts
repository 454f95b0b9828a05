import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Exception, Link, Person, Settings } from '../../../server/api.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

const people = [
  ...testPeople(6),
  { id: '0900', given: 'Xaver', family: 'Yildiz', license: 'x@elsewhere.example' },
  { id: '0901', given: 'Zoe', family: 'Quist', crm: 'zoe@acme.example' },
].map((person, index) => (index === 6 ? { ...person, id: '0900' } : person));

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
    ['a file of no rows', { limits: { rowsPerFile: 0 } }],
    ['a scope on an unknown field', { seatScope: { field: 'shoe', values: ['1'] } }],
    ['a setting that does not exist', { colour: 'red' }],
  ])('%s is refused and changes nothing', async (_, body) => {
    const before = await server.ok<Settings>('getSettings');
    expect((await server.refused('changeSettings', { body })).status).toBe(400);
    expect(await server.ok<Settings>('getSettings')).toEqual(before);
  });
});
