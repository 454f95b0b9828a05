import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DomainChange, DomainChanges, Overview, Plan, Settings } from '../../../server/api.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

/** Of 30: ten licenses are behind, five are old on both sides, one CRM user is behind. */
const people = testPeople(30, (index) => index < 15).map((person, index) => ({
  ...person,
  ...(index >= 10 && index < 15 ? { crm: person.license! } : {}),
  ...(index === 20 ? { crm: person.crm!.replace('@acme', '@old-acme') } : {}),
}));

let server: TestServer;
let db: pg.Client;
beforeAll(async () => {
  server = await startTestServer();
  db = new pg.Client({ connectionString: server.database.appUrl });
  await db.connect();
  await server.ok('changeSettings', { body: { companyDomains: ['acme.example'] } });
  await server.compare(licensesCsv(people), crmCsv(people));
});
afterAll(async () => {
  await db?.end();
  await server?.stop();
});

const body = { old: 'old-acme.example', current: 'acme.example', days: 30, perWave: 4 };
const only = async (): Promise<DomainChange> => (await server.ok<DomainChanges>('listDomainChanges')).rows[0]!;
const numbers = ({ places }: DomainChange) => Object.fromEntries(places.map(({ place, count }) => [place, count]));

test('a change of domain makes both valid, counts who is where, and says what lies ahead', async () => {
  await server.ok('startDomainChange', { body });
  expect((await server.ok<Settings>('getSettings')).domainAliases).toEqual([{ old: body.old, current: body.current }]);
  await server.compare(licensesCsv(people), crmCsv(people));
  const change = await only();
  expect(numbers(change)).toEqual({ done: 14, behind: 10, 'under-way': 0, 'crm-behind': 1, 'both-old': 5, other: 0 });
  expect(change.forecast.waves.map(({ people: count }) => count)).toEqual([4, 4, 2]);
  expect(change).toMatchObject({ isOver: false, forecast: { isInTime: true } });
  expect(change.nextWave).toHaveLength(4);
});

test('a wave is a plan like any other: nothing happens before it is approved', async () => {
  const { nextWave } = await only();
  const { id } = await server.ok<{ id: string }>('createPlan', { body: { licenseIds: nextWave } });
  expect((await server.ok<Plan>('getPlan', { params: { id } })).state).toBe('draft');
  expect(numbers(await only())).toMatchObject({ behind: 10, 'under-way': 0 });
});

test('whoever moved shows against the first day, and the report has everybody', async () => {
  const moved = people.map((person, index) => (index < 4 ? { ...person, license: person.crm! } : person));
  await server.compare(licensesCsv(moved), crmCsv(moved));
  const change = await only();
  expect(numbers(change)).toMatchObject({ done: 18, behind: 6 });
  expect(change.sentence).toContain('4 moved from old-acme.example to acme.example');
  const report = await server.ok<string>('getDomainChangeReport', { params: { id: change.id } });
  expect(report.trim().split('\r\n')).toHaveLength(31);
  expect(report).toContain('Old domain on both sides');
});

test('once its days are over it is on the to-do list, until somebody ends it', async () => {
  const { id } = await only();
  await db.query('update domain_change set starts_on = starts_on - 60, ends_on = ends_on - 60 where domain_change_id = $1', [id]);
  const toDo = async () => (await server.ok<Overview>('getOverview')).toDo.filter(({ href }) => href === '/domain-changes');
  expect(await toDo()).toHaveLength(1);
  expect(await only()).toMatchObject({ isOver: true, sentence: expect.stringContaining('is over') });
  await server.ok('endDomainChange', { params: { id } });
  expect(await toDo()).toEqual([]);
  expect(await server.ok('listDomainChanges')).toEqual({ rows: [] });
  expect((await server.ok<Settings>('getSettings')).domainAliases).toEqual([{ old: body.old, current: body.current }]);
  expect((await server.refused('endDomainChange', { params: { id } })).status).toBe(404);
  // The report stays for the record.
  expect(await server.ok<string>('getDomainChangeReport', { params: { id } })).toContain('state');
});

test('a domain that becomes itself is refused', async () => {
  expect((await server.refused('startDomainChange', { body: { ...body, current: body.old } })).detail).toContain('itself');
});
