import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type {
  Connection,
  Contract,
  FileOffers,
  Invitations,
  Job,
  Mails,
  Overview,
  People,
  Plan,
  Rematch,
  Schedule,
} from '../../../server/api.ts';
import { type Endpoint, type EndpointName, endpoints } from '../../../server/api.ts';
import {
  type CallInput,
  clientOf,
  crmCsv,
  licensesCsv,
  startTestServer,
  type TestClient,
  type TestServer,
  testPeople,
} from '../running-server.ts';

vi.setConfig({ testTimeout: 60_000 });

const old = { domainAliases: [{ old: 'old-acme.example', current: 'acme.example' }] };
const theirs = testPeople(24, (index) => index < 6);

let server: TestServer;
let other: Contract;
let there: TestClient;
beforeAll(async () => {
  // It is the default contract's: nobody answers there, so that a file of another one would be missed.
  server = await startTestServer({ delivery: { baseUrl: 'http://127.0.0.1:9', token: 'none' } });
  other = await server.ok<Contract>('createContract', { body: { name: 'EMEA' } });
  there = clientOf(server.url, server.cookie, other.id);
});
afterAll(() => server?.stop());

const list = async () => (await server.ok<{ rows: Contract[] }>('listContracts')).rows;
const change = (id: string, body: object) => server.ok<Contract>('changeContract', { params: { id }, body });

describe('contracts of a workspace', () => {
  test('begin with one, which addresses that name none mean; others are reached by their id', async () => {
    expect((await list()).map(({ name, isDefault, href, crm }) => [name, isDefault, href, crm])).toEqual([
      ['Sales Navigator', true, '/', null],
      ['EMEA', false, `/contracts/${other.id}`, null],
    ]);
    expect((await there.ok<Overview>('getOverview')).contract.name).toBe('EMEA');
    const own = (await list())[0]!.id;
    expect((await clientOf(server.url, server.cookie, own).ok<Overview>('getOverview')).contract.name).toBe('Sales Navigator');
  });

  test('have names that differ, whatever the case of their letters', async () => {
    expect((await server.refused('createContract', { body: { name: 'emea' } })).status).toBe(409);
    const first = (await list())[0]!;
    expect(await server.refused('changeContract', { params: { id: first.id }, body: { name: 'EMEA' } })).toMatchObject({ status: 409 });
    expect((await change(first.id, { name: 'Americas' })).name).toBe('Americas');
    expect((await server.ok<Overview>('getOverview')).contract.name).toBe('Americas');
    await change(first.id, { name: 'Sales Navigator' });
  });

  test('that nobody made are not found, nor is what belongs to the whole workspace under one of them', async () => {
    for (const id of ['00000000-0000-4000-8000-000000000000', 'EMEA', '%E0%A4']) {
      const response = await server.fetch(`/api/contracts/${id}/people`);
      expect(response.status, id).toBe(404);
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/u);
    }
    for (const path of ['session', 'contracts', 'health'])
      expect((await server.fetch(`/api/contracts/${other.id}/${path}`)).status).toBe(404);
    const unsigned = await fetch(new URL(`/api/contracts/${other.id}/people`, server.url));
    expect(unsigned.status).toBe(401);
  });

  test('keep settings, decisions and files apart', async () => {
    await there.ok('changeSettings', { body: { idpName: 'Okta' } });
    expect(await server.ok('getSettings')).toMatchObject({ idpName: 'Your identity provider' });
    const file = await there.upload('crm', crmCsv(testPeople(2)));
    await server.refused('getUpload', { params: { id: file } });
    // A file of another contract is none to compare.
    const licenses = await server.upload('licenses', licensesCsv(testPeople(2)));
    expect(await server.refused('createReconciliation', { body: { licenses, crm: file } })).toMatchObject({ status: 422 });
  });

  test('plan nothing, of several, before somebody says which CRM their CRM Sync is connected to', async () => {
    const { id } = await server.ok<Contract>('createContract', { body: { name: 'APAC' } });
    const apac = clientOf(server.url, server.cookie, id);
    await apac.ok('changeSettings', { body: old });
    const run = await apac.compare(licensesCsv(theirs), crmCsv(theirs), { adminCenterCount: 24 });
    const refusal = async () => (await apac.ok<FileOffers>('listFiles', { params: { id: run.id } })).refusal;
    expect(await refusal()).toContain("Nobody said which CRM LinkedIn's CRM Sync is connected to");
    expect((await change(id, { crm: { kind: 'salesforce', name: 'Salesforce APAC' } })).crm).toEqual({
      kind: 'salesforce',
      name: 'Salesforce APAC',
      connection: null,
    });
    expect(await refusal()).toBeNull();
  });

  test('hear of their own changes, and of those of the list of contracts', async () => {
    const ending = new AbortController();
    const stream = await there.fetch(`/api/contracts/${other.id}/events`, { signal: ending.signal });
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    let heard = (await reader.read()).value ?? '';
    await server.ok('changeSettings', { body: { idpName: 'Entra' } });
    await change(other.id, { name: 'EMEA' });
    await there.ok('changeSettings', { body: { idpName: 'Okta' } });
    while (!heard.includes('"kind":"settings"')) heard += (await reader.read()).value;
    ending.abort();
    const kinds = [...heard.matchAll(/"kind":"(\w+)","id":"([^"]+)"/gu)].map(([, kind, id]) => [kind, id]);
    expect(kinds).toEqual([
      ['contract', other.id],
      ['settings', other.id],
    ]);
  });
});

describe('what belongs to one contract', () => {
  const ids: Record<string, string> = {};
  let planId: string;
  let fileName: string;
  beforeAll(async () => {
    await change(other.id, { crm: { kind: 'salesforce', name: 'Salesforce' } });
    await there.ok('changeSettings', { body: old });
    // The last of them has not accepted the invitation.
    const csv = licensesCsv(theirs).replace(/"Activated"(?![\s\S]*"Activated")/u, '"Invited"');
    const { id: run, state } = await there.compare(csv, crmCsv(theirs), { adminCenterCount: 24 });
    expect(state).toBe('done');
    const { rows } = await there.ok<People>('listPeople', { query: { status: 'not-matched' } });
    const licenseId = rows[0]!.license!.id;
    const cause = (await there.ok<Overview>('getOverview')).rootCauses[0]!;
    planId = (await there.ok<{ id: string }>('createPlan', { body: { rootCause: cause.id } })).id;
    const plan = await there.ok<Plan>('getPlan', { params: { id: planId } });
    await there.ok('approvePlan', { params: { id: planId }, body: { seal: plan.seal } });
    const job = await there.ok<Job>('getJob', { params: { id: planId } });
    fileName = job.tasks[0]!.name;
    const made = (name: EndpointName, body: object) => there.ok<{ id: string }>(name, { body }).then(({ id }) => id);
    const [invitation] = (await there.ok<Invitations>('listInvitations')).rows;
    const { rows: rematches } = await there.ok<{ rows: Rematch[] }>('listRematches', { query: { planId } });
    Object.assign(ids, {
      uploads: await there.upload('crm', crmCsv(theirs)),
      reconciliations: run,
      schedules: await made('createSchedule', {
        name: 'Daily',
        cron: '0 6 * * *',
        timeZone: 'UTC',
        sources: { kind: 'uploads' },
        enabled: false,
      }),
      connections: (
        await there.ok<Connection>('createConnection', {
          body: { name: 'hub', type: 'hubspot', settings: { baseUrl: 'http://127.0.0.1:9', auth: { token: 'pat-1' } } },
        })
      ).id,
      links: await made('createLink', { licenseId, crmUserId: 'u-1' }),
      'identity-answers': await made('createIdentityAnswer', { licenseId: rows[1]!.license!.id, answer: 'nobody', reason: 'they left' }),
      'domain-changes': await made('startDomainChange', { old: 'old-acme.example', current: 'acme.example', days: 30, perWave: 10 }),
      exceptions: await made('createException', { licenseId, reason: 'on leave', until: '2099-01-01' }),
      mails: await made('sendTestMail', { to: 'ann@acme.example' }),
      'panel-hosts': await made('givePanelAccess', { orgId: '00D5e0000000007' }),
      'alert-channels': await made('createAlertChannel', { kind: 'email', name: 'Boss', target: 'boss@acme.example' }),
      invitations: invitation!.id,
      'invitation-batches': await made('createBatch', { way: 'single', ids: [invitation!.id] }),
      mailings: await made('sendMailing', {
        kind: 'note',
        holders: { view: 'invited' },
        note: { subject: 'Training', text: 'On Monday.' },
      }),
      plans: planId,
      rematches: rematches[0]!.id,
      people: rows[0]!.key,
      feeds: await made('createFeedToken', { feed: 'people', name: 'Workbook' }),
      usage: await made('createUsageReport', {
        upload: (
          await there.ok<{ id: string }>('createUpload', {
            query: { name: 'usage.csv' },
            raw: 'Email,Days active,Searches\nann@acme.example,3,9\n',
          })
        ).id,
        from: '2026-01-01',
        to: '2026-01-31',
      }),
    });
  });

  const bodies: Partial<Record<EndpointName, CallInput>> = {
    changeInvitation: { body: { muted: true } },
    tickBatchStep: { body: { done: true } },
    settleMail: { body: { answer: 'leave' } },
    mapUpload: { body: { mapping: [] } },
    answerReconciliation: { body: { answer: 'discard' } },
    changeSchedule: { body: { enabled: false } },
    changeConnection: { body: { name: 'mine-now' } },
    changePlan: { body: { leaveOut: [] } },
    approvePlan: { body: { seal: '0'.repeat(64) } },
    sayOfFile: { body: { said: 'discarded' } },
    planSitting: { body: { plannedFor: null } },
    bringProof: { query: { name: 'result.csv' }, raw: 'a,b\n1,2\n' },
    answerRematch: { body: { answer: 'confirmed', reason: 'said so' } },
    observeRematch: { body: { verdict: 'matched', on: '2026-01-01T00:00:00Z' } },
  };
  const byId = (Object.entries(endpoints) as [EndpointName, Endpoint][]).filter(
    ([, { path, ofWorkspace }]) => /\/:(id|key)\b/u.test(path) && !ofWorkspace && !path.startsWith('/api/demo/'),
  );
  /** What an id in this address is of; panels have views of the same things. */
  const kindOf = (name: EndpointName): string => endpoints[name].path.replace('/api/panel/', '/api/').split('/')[2]!;
  const input = (name: EndpointName): CallInput => {
    const id = ids[kindOf(name)]!;
    return { params: { id, key: id, name: fileName, format: 'csv', step: '1' }, ...bodies[name] };
  };

  test.each(byId.map(([name]) => name))('is not found by %s under another contract', async (name) => {
    expect(ids[kindOf(name)], 'the test has such an id').toBeDefined();
    expect(await server.refused(name, input(name))).toMatchObject({ status: 404 });
  });

  test('is there under its own, as it was', async () => {
    for (const [name, { method, path }] of byId) {
      if (method !== 'get' || path.includes('/lists/')) continue;
      const asked = name === 'getFile' ? null : input(name);
      if (asked) await there.ok(name, asked);
    }
    expect(await there.ok<Schedule>('getSchedule', { params: { id: ids.schedules! } })).toMatchObject({ name: 'Daily', enabled: false });
    expect((await there.ok<Plan>('getPlan', { params: { id: planId } })).state).toBe('running');
  });

  test('is in no list of another', async () => {
    for (const name of [
      'listReconciliations',
      'listInvitations',
      'listBatches',
      'listSchedules',
      'listConnections',
      'listLinks',
      'listExceptions',
      'listDecisions',
      'listDomainChanges',
      'listPlans',
      'listRematches',
      'listMails',
      'listPeople',
      'listJobs',
    ] as const) {
      expect((await server.ok<{ rows: unknown[] }>(name)).rows, name).toEqual([]);
      expect((await there.ok<{ rows: unknown[] }>(name)).rows.length, name).toBeGreaterThan(0);
    }
  });

  test('is carried by people: the server hands over files of the default contract only', async () => {
    const pool = new pg.Pool({ connectionString: server.database.appUrl });
    const { rows } = await pool.query('select delivered from plan where plan_id = $1', [planId]);
    await pool.end();
    expect(rows).toEqual([{ delivered: false }]);
  });

  test('has the contract in the names of its files', () => {
    expect(fileName).toMatch(/^domain-change-.*-emea-/u);
  });

  test('keeps the contract from being archived while a plan is carried out; then nothing of it runs or changes, and all of it can be read', async () => {
    const archive = { params: { id: other.id }, body: { archived: true } };
    expect(await server.refused('changeContract', archive)).toMatchObject({ status: 409 });
    await there.ok('sayOfFile', { params: { id: planId, name: fileName }, body: { said: 'discarded' } });
    await there.ok('cancelPlan', { params: { id: planId } });
    await there.ok('changeSchedule', { params: { id: ids.schedules! }, body: { enabled: true } });
    expect((await server.ok<Contract>('changeContract', archive)).archivedAt).not.toBeNull();
    expect((await there.ok<Schedule>('getSchedule', { params: { id: ids.schedules! } })).enabled).toBe(false);
    expect((await there.ok<People>('listPeople')).total).toBe(24);
    expect(await there.refused('changeSettings', { body: { idpName: 'Entra' } })).toMatchObject({ status: 409 });
    await change(other.id, { archived: false });
    await there.ok('changeSettings', { body: { idpName: 'Entra' } });
    const [first] = await list();
    expect(await server.refused('changeContract', { params: { id: first!.id }, body: { archived: true } })).toMatchObject({ status: 422 });
    expect((await there.ok<Mails>('listMails')).rows.length).toBeGreaterThan(0);
  });
});

test('the demo is the default contract’s alone: another one has no made-up people, and its comparison does not end it', async () => {
  const demo = await startTestServer({ demo: true });
  const { id } = await demo.ok<Contract>('createContract', { body: { name: 'Ours' } });
  const ours = clientOf(demo.url, demo.cookie, id);
  const kinds = async (client: TestClient) => (await client.ok<Overview>('getOverview')).banners.map(({ kind }) => kind);
  expect(await kinds(demo)).toContain('demo');
  expect((await ours.ok<Overview>('getOverview')).latest).toBeNull();
  expect(await ours.refused('getDemoCenter')).toMatchObject({ status: 404 });
  expect((await ours.compare(licensesCsv(theirs), crmCsv(theirs))).state).toBe('done');
  expect(await kinds(ours)).toEqual([]);
  expect(await kinds(demo)).toContain('demo');
  await demo.ok('getDemoCenter');
  await demo.stop();
});
