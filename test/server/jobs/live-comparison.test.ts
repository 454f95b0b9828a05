import { mkdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { makeAdminCenter } from '../../../connectors/linkedin-files/simulator/admin-center.ts';
import { type ScimSimulator, startScimSimulator } from '../../../connectors/linkedin-scim/simulator.ts';
import { type Organization, profileOf, type SalesforceState, salesforceUser } from '../../../connectors/salesforce/simulator/org.ts';
import { type SalesforceSimulator, startSalesforceSimulator } from '../../../connectors/salesforce/simulator.ts';
import type { Connection, FileOffers, Overview, People, PersonCheck, Plan, Reconciliation, Schedule } from '../../../server/api.ts';
import { app, orgId, stateOf } from '../../connectors/salesforce/start.ts';
import { licensesCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

vi.setConfig({ testTimeout: 60_000 });

const people = testPeople(12, (index) => index < 4);
const integration = salesforceUser(900, { Name: 'Sync', Profile: profileOf('Integration', 'Salesforce Integration') });
const users = [
  ...people.map((person, index) =>
    salesforceUser(index, { FirstName: person.given, LastName: person.family, Email: person.crm!, EmployeeNumber: `E${person.id}` }),
  ),
  integration,
];

let server: TestServer;
let salesforce: SalesforceSimulator;
let scim: ScimSimulator;
let state: SalesforceState & { organization: Organization };
let crm: string;
let navigator: string;

beforeAll(async () => {
  state = stateOf(users);
  salesforce = await startSalesforceSimulator({ state, smallestPage: 1, pageSizes: [5] });
  const center = makeAdminCenter({
    now: new Date().toISOString(),
    people: people.map(({ license, id }) => ({ profileEmail: license!, uniqueUserId: `E${id}`, license: 'activated' })),
  });
  scim = await startScimSimulator({ center });
  server = await startTestServer();
  crm = await connected('acme-salesforce', 'salesforce', {
    baseUrl: salesforce.url,
    auth: { grant: 'client_credentials', ...app },
  });
  navigator = await connected('navigator', 'linkedin-scim', { baseUrl: scim.url, auth: { token: scim.token() }, options: { list: true } });
});
afterAll(async () => {
  await server?.stop();
  await Promise.all([salesforce?.close(), scim?.close()]);
});

async function connected(name: string, type: string, settings: object): Promise<string> {
  const { id } = await server.ok<Connection>('createConnection', { body: { name, type, settings } });
  const { check } = await server.ok<Connection>('checkConnection', { params: { id } });
  expect(check!.lines.filter(({ verdict }) => verdict === 'bad')).toEqual([]);
  return id;
}

async function compare(licenses: unknown, crmSide: unknown = { connection: crm }, more: object = {}): Promise<Reconciliation> {
  const { id } = await server.ok<{ id: string }>('createReconciliation', {
    body: { licenses, crm: crmSide, ...more },
  });
  await server.settled(id);
  return server.ok<Reconciliation>('getReconciliation', { params: { id } });
}

async function runNow(id: string): Promise<Schedule['runs'][number]> {
  const { dueAt } = (await server.ok<Schedule>('runSchedule', { params: { id } })).runs[0]!;
  for (;;) {
    const found = (await server.ok<Schedule>('getSchedule', { params: { id } })).runs.find((each) => each.dueAt === dueAt);
    if (found && found.outcome !== 'sent' && !['queued', 'running'].includes(found.run?.state ?? '')) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const made = (name: string, licenses: object) =>
  server.ok<Schedule>('createSchedule', {
    body: { name, cron: '0 7 * * *', timeZone: 'UTC', sources: { kind: 'connection', crm, licenses } },
  });

const exported = () => server.upload('licenses', licensesCsv(people));
const shown = () => server.ok<People>('listPeople', { query: {} });

describe('a comparison with a live CRM', () => {
  test('reads it to its end, proves that, counts who is no person, and finds what the files would have found', async () => {
    const run = await compare(await exported(), { connection: crm }, { adminCenterCount: 12 });
    expect(run).toMatchObject({
      state: 'done',
      crmName: 'Salesforce',
      files: { licenses: 'licenses.csv', crm: 'acme-salesforce' },
      crmOrigin: { id: orgId, name: 'Acme', isTest: false },
      headline: { seats: 12, notMatched: 4 },
    });
    expect(run.proofs!.crm).toMatchObject({
      kind: 'listing',
      source: 'acme-salesforce',
      received: 12,
      expected: 13,
      pages: 3,
      rejected: 0,
      sha256: null,
      leftOut: { integration: 1 },
    });
    expect(run.proofs!.crm.lastCursor).toMatch(/-10$/u);
    const overview = await server.ok<Overview>('getOverview');
    expect(overview.contract.crm).toBe('salesforce');
    expect(overview.banners.map(({ kind }) => kind)).toEqual([]);
  });

  test('can be repeated: who came meanwhile is there', async () => {
    const [before] = (await server.ok<{ rows: Reconciliation[] }>('listReconciliations')).rows;
    state.users = [...users, salesforceUser(50, { Email: 'new@acme.example' })];
    const { id } = await server.ok<{ id: string }>('repeatReconciliation', { params: { id: before!.id } });
    await server.settled(id);
    const again = await server.ok<Reconciliation>('getReconciliation', { params: { id } });
    expect(again.proofs!.crm).toMatchObject({ received: 13, expected: 14 });
    state.users = users;
  });

  test.each([
    [
      'a page that is cut short',
      { kind: 'quirk', quirk: 'short-page' },
      /^acme[\w-]*: The list changed while it was read: \d+ announced, \d+ came\. Try again\.$/u,
    ],
    [
      'an error inside an answer that says it went well',
      { kind: 'quirk', quirk: 'error-in-200' },
      /Salesforce sent an error in the place of users, and said with HTTP 200 that all is well/u,
    ],
    [
      'access that ends in the middle',
      { kind: 'status', status: 403, body: '[{"errorCode":"INSUFFICIENT_ACCESS"}]' },
      /the access does not cover this/u,
    ],
  ] as const)('refuses the run with the connector’s sentence on %s, and keeps nothing of it', async (_, fault, sentence) => {
    const before = await shown();
    salesforce.fault({ ...fault, on: 'users', after: 1, times: 50 });
    const run = await compare(await exported());
    salesforce.clearFaults();
    expect(run).toMatchObject({ state: 'refused', summary: null, proofs: null, refusal: expect.stringMatching(sentence) });
    expect(run.refusal).toMatch(/^acme-salesforce: /u);
    expect(await shown()).toEqual(before);
  });

  test('refuses another org than the one it was set up with, before anybody is read', async () => {
    const before = state.organization;
    state.organization = { ...before, Id: '00D5e000000ZZZZEAA', Name: 'Other' };
    const asked = salesforce.requests.length;
    const run = await compare(await exported());
    state.organization = before;
    expect(run).toMatchObject({
      state: 'refused',
      refusal: expect.stringMatching(/answered for the org 00D5e000000ZZZZEAA, and this connection was set up with 00D\w{15}\./u),
    });
    expect(salesforce.requests.slice(asked)).not.toContain('users');
  });

  test('refuses a connection that was never tested, deleted, or of the other side', async () => {
    const body = {
      name: 'untested',
      type: 'salesforce',
      settings: { baseUrl: salesforce.url, auth: { grant: 'client_credentials', ...app } },
    };
    const { id } = await server.ok<Connection>('createConnection', { body });
    const licenses = await exported();
    const refused = async (side: string) =>
      (await server.refused('createReconciliation', { body: { licenses, crm: { connection: side } } })).detail;
    expect(await refused(id)).toBe('The connection untested has not passed a test yet. Test it under Connections, then compare.');
    await server.ok('deleteConnection', { params: { id } });
    expect(await refused(id)).toContain('is not here (any more)');
    expect(await refused(navigator)).toBe('navigator does not read the CRM side. Choose another connection.');
  });
});

test('both sides can be live, also by schedule: license holders by SCIM, users by REST', async () => {
  const run = await compare({ connection: navigator });
  expect(run).toMatchObject({
    state: 'done',
    files: { licenses: 'navigator', crm: 'acme-salesforce' },
    headline: { seats: 12, notMatched: 4 },
  });
  expect(run.proofs!.licenses).toMatchObject({ kind: 'listing', received: 12, expected: 12 });
  expect(Date.parse(run.proofs!.licenses.asOf)).toBeGreaterThan(Date.now() - 60_000);
  expect(await runNow((await made('Live', { kind: 'connection', id: navigator })).id)).toMatchObject({
    outcome: 'started',
    sentence: 'navigator and acme-salesforce.',
    run: { state: 'done' },
  });
});

test('people read over SCIM, which tells no seat ids, are those of the file before: no odd run, nobody new, each since when', async () => {
  await compare(await exported(), { connection: crm }, { adminCenterCount: 12 });
  const told = async () =>
    Object.fromEntries((await shown()).rows.map(({ license, status, since, change }) => [license!.email, { status, since, change }]));
  const before = await told();
  const keys = (await shown()).rows.map(({ key }) => key);
  const run = await compare({ connection: navigator });
  expect(run).toMatchObject({ state: 'done', question: null, changes: { new: 0, repaired: 0, cameBack: 0 } });
  expect((await shown()).rows.filter(({ key }) => keys.includes(key))).toEqual([]);
  expect(await told()).toEqual(before);
  // And back again.
  expect(await compare(await exported(), { connection: crm }, { adminCenterCount: 12 })).toMatchObject({ state: 'done', question: null });
});

test('whose exception stands under a seat id is gone for a list without seat ids, and with enough of them somebody is asked', async () => {
  const ids: string[] = [];
  for (const { key } of (await shown()).rows.slice(0, 7)) {
    const body = { licenseId: key.replace(/^license:/u, ''), reason: 'On leave.', until: '2099-01-01' };
    ids.push((await server.ok<{ id: string }>('createException', { body })).id);
  }
  const run = await compare({ connection: navigator });
  expect(run).toMatchObject({ state: 'held', question: { id: 'odd-run' } });
  await server.ok('answerReconciliation', { params: { id: run.id }, body: { answer: 'discard' } });
  for (const id of ids) await server.ok('deleteException', { params: { id } });
});

describe('a plan', () => {
  const draft = async () => {
    const { id } = await server.ok<{ id: string }>('createPlan', { body: { all: true } });
    return server.ok<Plan>('getPlan', { params: { id } });
  };

  test('from a run of the org that the connection is pinned to is made, and trips once it is pinned to another one', async () => {
    await server.ok('changeSettings', { body: { domainAliases: [{ old: 'old-acme.example', current: 'acme.example' }] } });
    await compare(await exported(), { connection: crm }, { adminCenterCount: 12 });
    expect((await draft()).trips).toEqual([]);
    const pool = new pg.Pool({ connectionString: server.database.appUrl });
    const pin = (org: string) =>
      pool.query("update connection set origin = origin || jsonb_build_object('id', $2::text) where connection_id = $1", [crm, org]);
    await pin('00D5e000000ZZZZEAA');
    expect((await draft()).trips).toContainEqual(expect.objectContaining({ code: 'other-org' }));
    await pin(orgId);
    await pool.end();
  });

  test('from a sandbox is never made, without anybody being asked whether it is one', async () => {
    const before = state.organization;
    state.organization = { ...before, Id: '00D5e000000SANDEAA', Name: 'acme--uat', IsSandbox: true };
    const sandbox = await connected('sandbox', 'salesforce', { baseUrl: salesforce.url, auth: { grant: 'client_credentials', ...app } });
    const run = await compare(await exported(), { connection: sandbox }, { adminCenterCount: 12 });
    state.organization = before;
    expect(run).toMatchObject({ state: 'done', question: null, crmOrigin: { name: 'acme--uat', isTest: true } });
    expect((await draft()).trips).toContainEqual(
      expect.objectContaining({ code: 'sandbox', sentence: expect.stringContaining('acme--uat') }),
    );
    expect((await server.ok<FileOffers>('listFiles', { params: { id: run.id } })).refusal).toContain('acme--uat');
    expect((await server.ok<Overview>('getOverview')).banners).toContainEqual(expect.objectContaining({ kind: 'sandbox' }));
    await compare(await exported(), { connection: crm }, { adminCenterCount: 12 });
  });
});

describe('a schedule', () => {
  test('compares a live CRM with the last file that was brought, or a watched folder', async () => {
    await exported();
    expect(await runNow((await made('Brought', { kind: 'uploads' })).id)).toMatchObject({
      sentence: 'licenses.csv and acme-salesforce.',
      run: { state: 'done' },
    });
    const { id } = await made('Watched', { kind: 'folder', folder: 'linkedin' });
    expect(await runNow(id)).toMatchObject({
      outcome: 'refused',
      sentence: expect.stringContaining('There is no CSV file in “linkedin”'),
    });
    const file = path.join(server.dataDir, 'watched/linkedin/export.csv');
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, licensesCsv(people));
    const time = new Date(Date.now() - 600_000);
    await utimes(file, time, time);
    expect(await runNow(id)).toMatchObject({ sentence: 'export.csv and acme-salesforce.', run: { state: 'done' } });
  });

  test('is refused with a connection of the other side', async () => {
    const sources = { kind: 'connection', crm: navigator, licenses: { kind: 'uploads' } };
    const body = { name: 'Wrong', cron: '0 7 * * *', timeZone: 'UTC', sources };
    expect(await server.refused('createSchedule', { body })).toMatchObject({
      status: 422,
      detail: expect.stringContaining('does not read the CRM side'),
    });
  });

  test('a check of one person reads what the schedule reads', async () => {
    const [first] = (await shown()).rows;
    const { id, sentence } = await server.ok<PersonCheck>('checkPerson', { params: { key: first!.key } });
    expect(sentence).toBe('navigator and acme-salesforce.');
    expect((await server.settled(id)).state).toBe('done');
  });
});
