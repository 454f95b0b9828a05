import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { oracleOf } from '../../../connectors/linkedin-files/simulator/oracle.ts';
import type { Simulator } from '../../../connectors/linkedin-files/simulator.ts';
import { type ScimSimulator, startScimSimulator } from '../../../connectors/linkedin-scim/simulator.ts';
import type { Connection, Connections, Contract, Job, Plan, Rematch, Settings } from '../../../server/api.ts';
import { connectionKinds } from '../../../server/commands/connection-kinds.ts';
import { linkedinPlanDesk, linkedinPlanTools } from '../../../server/commands/linkedin-plan-tools.ts';
import { openDeliveries } from '../../../server/commands/open-deliveries.ts';
import { approvePlan } from '../../../server/jobs/approve-plan.ts';
import { connectionCarrier } from '../../../server/jobs/carry-over-connection.ts';
import { deliver, workDeliveries } from '../../../server/jobs/deliver-files.ts';
import { asOnlyOne } from '../../../server/store/database.ts';
import { secretKeyOf } from '../../../server/store/seal-secret.ts';
import { type SftpServer, serveSftp } from '../../connectors/linkedin-files/serve-sftp.ts';
import { startCenterOf, tellOfCompany } from '../delivered-company.ts';
import { openOtherProcess } from '../other-process.ts';
import { clientOf, crmCsv, startTestServer, type TestClient, type TestServer, testPeople } from '../running-server.ts';
import { writeScimConfig } from '../scim-config.ts';

// A whole server and its first comparisons: a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

const people = testPeople(20, (index) => index < 10);

let directory: string;
let center: Simulator;
let scim: ScimSimulator;
/** What the first server was started with; it may not be asked once something else was chosen. */
let unwanted: ScimSimulator;
let sftp: SftpServer;
let server: TestServer;
let emea: TestClient;
let isStopped = false;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'seatmatch-chosen-'));
  center = await startCenterOf(people);
  scim = await startScimSimulator({ center: center.center, clock: Date.now });
  unwanted = await startScimSimulator({ center: center.center, clock: Date.now });
  sftp = await serveSftp();
  server = await startTestServer({
    dataDir: directory,
    scim: await writeScimConfig(directory, { url: unwanted.url, token: unwanted.token() }),
  });
  await tellOfCompany(server);
  await server.compare(center.exportByHand().csv, crmCsv(people), { adminCenterCount: 20 });
  const { id } = await server.ok<Contract>('createContract', {
    body: { name: 'EMEA', crm: { kind: 'salesforce', name: 'Salesforce' } },
  });
  const [first] = (await server.ok<{ rows: Contract[] }>('listContracts')).rows;
  await server.ok('changeContract', { params: { id: first!.id }, body: { crm: { kind: 'salesforce', name: 'Salesforce' } } });
  emea = clientOf(server.url, server.cookie, id);
});
afterAll(async () => {
  if (!isStopped) await server?.stop();
  await scim?.close();
  await unwanted?.close();
  await center?.close();
  await sftp?.close();
  await rm(directory, { recursive: true, force: true });
});

const store = (client: TestClient, name: string, type: string, settings: object) =>
  client.ok<Connection>('createConnection', { body: { name, type, settings } });
const scimSettings = () => ({
  baseUrl: scim.url,
  auth: { token: scim.token() },
  options: { requestsPerSecond: 1_000, assigns: ['Sales Navigator Advanced Plus'] },
});
const check = (client: TestClient, { id }: Connection) => client.ok<Connection>('checkConnection', { params: { id } });
const choose = (client: TestClient, delivery: Settings['delivery']) => client.ok<Settings>('changeSettings', { body: { delivery } });

async function drafted(client: TestClient, indexes: readonly number[], more: object = {}): Promise<Plan> {
  const licenseIds = indexes.map((index) => `LIC-${people[index]!.id}`);
  const { id } = await client.ok<{ id: string }>('createPlan', { body: { licenseIds, ...more } });
  return client.ok<Plan>('getPlan', { params: { id } });
}
const approve = (client: TestClient, { id, seal }: Plan) => client.ok('approvePlan', { params: { id }, body: { seal } });
const cancel = (client: TestClient, { id }: Plan) => client.ok('cancelPlan', { params: { id } });
const routesOf = ({ files }: Plan) => [...new Set(files.map(({ route }) => route))];
const stepsOf = async (client: TestClient, { id }: Plan) =>
  (await client.ok<{ rows: Rematch[] }>('listRematches', { query: { planId: id } })).rows.map(({ step, ended }) => ended ?? step);
const isWritten = (index: number) =>
  oracleOf(center.center).journal.some(({ by, what, to }) => by === 'scim' && what === 'email' && to === people[index]!.crm);

async function audited(): Promise<{ actor: string; detail: unknown }[]> {
  const client = new pg.Client({ connectionString: server.database.url });
  await client.connect();
  try {
    const sql = `select actor, detail from audit where action = 'setting changed' and subject = 'delivery' order by 1`;
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('a stored connection that an admin chose for a contract', () => {
  let navigator: Connection;

  test('nobody chose: the first contract goes as the server was started, every other one by people', async () => {
    expect((await server.ok<Settings>('getSettings')).delivery).toBe('server');
    const plan = await drafted(server, [0]);
    expect([plan.routes, routesOf(plan)]).toEqual([['scim', 'files', 'guided'], ['scim']]);
    await cancel(server, plan);
    await emea.compare(center.exportByHand().csv, crmCsv(people), { adminCenterCount: 20 });
    expect((await drafted(emea, [0])).routes).toEqual(['files', 'guided']);
  });

  test('is refused where it is none of LinkedIn’s, not of this contract, or was not tested well', async () => {
    const refused = async (connection: string) => (await server.refused('changeSettings', { body: { delivery: { connection } } })).detail;
    const zoho = await store(server, 'zoho', 'zoho', {
      apiUrl: 'http://127.0.0.1:9',
      accountsUrl: 'http://127.0.0.1:9',
      auth: { clientId: 'one', clientSecret: 'two', refreshToken: 'three' },
    });
    expect(await refused(zoho.id)).toBe('Zoho CRM is read, never changed. Choose a connection to LinkedIn.');
    navigator = await store(server, 'navigator', 'linkedin-scim', scimSettings());
    expect(navigator).toMatchObject({ route: 'scim', lists: false, carriesPlans: false });
    expect(await refused(navigator.id)).toContain('was not tested since it was made or changed');
    scim.fault({ kind: 'status', status: 401, times: 1_000 });
    await check(server, navigator);
    expect(await refused(navigator.id)).toContain('found something to mend');
    scim.clearFaults();
    const theirs = await store(emea, 'navigator', 'linkedin-scim', scimSettings());
    expect(await refused(theirs.id)).toContain('not one of this contract');
    await check(emea, theirs);
  });

  test('goes before what the server was started with, at once, and what was seen of another one’s licenses counts no more', async () => {
    await check(server, navigator);
    await server.ok('changeSettings', { body: { scimRemoval: { canary: `LIC-${people[9]!.id}`, confirmedOn: '2026-11-20' } } });
    const changed = await choose(server, { connection: navigator.id });
    expect(changed).toMatchObject({
      delivery: { connection: navigator.id },
      scimRemoval: { canary: `LIC-${people[9]!.id}`, confirmedOn: null },
    });
    const plan = await drafted(server, [0, 1]);
    expect(routesOf(plan)).toEqual(['scim']);
    const before = unwanted.requests.length;
    await approve(server, plan);
    expect(await server.ok<Job>('getJob', { params: { id: plan.id } })).toMatchObject({ delivered: true });
    await expect.poll(() => stepsOf(server, plan), { timeout: 60_000 }).toEqual(['wait', 'wait']);
    expect([isWritten(0), isWritten(1)]).toEqual([true, true]);
    expect(unwanted.requests).toHaveLength(before);
    const told = await audited();
    expect(told).toHaveLength(1);
    expect(told[0]!.detail).toEqual({ before: 'server', after: { connection: navigator.id } });
  });

  test('a plan that is being carried out keeps its way, and the connection that carries plans is not deleted', async () => {
    expect((await server.refused('changeSettings', { body: { delivery: 'people' } })).detail).toMatch(
      /^Plan \d+ is being carried out, and goes on the way it was approved\. Finish or cancel it/u,
    );
    // The same again changes nothing.
    await choose(server, { connection: navigator.id });
    expect((await server.refused('deleteConnection', { params: { id: navigator.id } })).detail).toContain(
      'Choose another way under Settings',
    );
    const { rows } = await server.ok<Connections>('listConnections');
    expect(rows.filter(({ carriesPlans }) => carriesPlans).map(({ name }) => name)).toEqual(['navigator']);
  });

  test('carries the plans of another contract as well, where that chose one of its own', async () => {
    const { rows } = await emea.ok<Connections>('listConnections');
    await choose(emea, { connection: rows[0]!.id });
    await emea.compare(center.exportByHand().csv, crmCsv(people), { adminCenterCount: 20, answers: { oddRun: 'release' } });
    const plan = await drafted(emea, [3]);
    expect(routesOf(plan)).toEqual(['scim']);
    await approve(emea, plan);
    await expect.poll(() => stepsOf(emea, plan), { timeout: 60_000 }).toEqual(['wait']);
    expect(isWritten(3)).toBe(true);
    await cancel(emea, plan);
  });

  test('what is wrong with new settings is said alone: what is stored is not missing', async () => {
    const settings = { baseUrl: scim.url, options: { lookUpBy: ['userName'] } };
    const { detail } = await server.refused('changeConnection', { params: { id: navigator.id }, body: { settings } });
    expect(detail).toBe('The settings cannot be used: options.lookUpBy.0 is none of uniqueUserId, email.');
  });

  test('new settings of it count from the next request on; one that cannot be opened says so, and plans are shown all the same', async () => {
    const options = { ...scimSettings().options, lookUpBy: ['email'] };
    const asked = () => scim.requests.length;
    await server.ok('changeConnection', { params: { id: navigator.id }, body: { settings: { baseUrl: scim.url, options } } });
    const plan = await drafted(server, [4]);
    const before = asked();
    await approve(server, plan);
    await expect.poll(() => stepsOf(server, plan), { timeout: 60_000 }).toEqual(['wait']);
    expect(asked()).toBeGreaterThan(before);
    const client = new pg.Client({ connectionString: server.database.url });
    await client.connect();
    try {
      const { rows } = await client.query('select secrets from connection where connection_id = $1', [navigator.id]);
      const set = 'update connection set secrets = $2 where connection_id = $1';
      await client.query(set, [navigator.id, JSON.stringify({ 'auth.token': Buffer.alloc(64).toString('base64') })]);
      const body = { licenseIds: [`LIC-${people[5]!.id}`] };
      expect((await server.refused('createPlan', { body })).detail).toMatch(
        /^Plans go over “navigator”\. The stored secrets of this connection were changed .* Mend it under Connections/u,
      );
      expect((await server.ok<Plan>('getPlan', { params: { id: plan.id } })).routes).toEqual(['files', 'guided']);
      await client.query(set, [navigator.id, JSON.stringify(rows[0].secrets)]);
    } finally {
      await client.end();
    }
  });

  test('is what every other process carries plans over too, which was started with nothing', async () => {
    const other = await openOtherProcess(server);
    const { pool, engine, scope } = other;
    const connections = async () => ({ ...connectionKinds(null, {}), pool, key: secretKeyOf(Buffer.alloc(32, 7)), isDemo: false });
    const now = () => new Date();
    const carries = connectionCarrier({ connections, tools: linkedinPlanTools, now });
    const desk = linkedinPlanDesk({ pool, engine, now, deliveries: {}, carries });
    const plan = await drafted(server, [5]);
    // The server waits for its turn meanwhile.
    await asOnlyOne(pool, `writes to ${scope.contractId}`, 30_000, async () => {
      await approve(server, plan);
      await deliver(desk, scope, plan.id, AbortSignal.timeout(30_000));
      expect(isWritten(5)).toBe(true);
    });
    expect(await stepsOf(server, plan)).toEqual(['wait']);
    await other.close();
  });
});

describe('by hand', () => {
  test('people carry the files again where an admin says so', async () => {
    for (const { id } of (await server.ok<{ rows: Plan[] }>('listPlans')).rows.filter(({ state }) => state === 'running'))
      await server.ok('cancelPlan', { params: { id } });
    await choose(server, 'people');
    const plan = await drafted(server, [6]);
    expect([plan.routes, routesOf(plan)]).toEqual([['files', 'guided'], ['files']]);
    await approve(server, plan);
    expect(await server.ok<Job>('getJob', { params: { id: plan.id } })).toMatchObject({ delivered: false });
    await cancel(server, plan);
  });

  test('step by step is what a plan begins with where linkedin-guided was chosen, and where licenses are read from one', async () => {
    const guided = await store(server, 'by-hand', 'linkedin-guided', {});
    expect(guided).toMatchObject({ route: 'guided', lists: false });
    const named = await server.refused('createConnection', {
      body: { name: 'other', type: 'linkedin-guided', settings: { file: '/etc/passwd' } },
    });
    expect(named.detail).toContain('file is for the configuration file');
    await choose(server, { connection: guided.id });
    const plan = await drafted(server, [6]);
    expect(routesOf(plan)).toEqual(['guided']);
    expect(routesOf(await drafted(server, [7], { route: 'files' })), 'another way can be chosen for one plan').toEqual(['files']);
    await approve(server, plan);
    const { delivered, tasks } = await server.ok<Job>('getJob', { params: { id: plan.id } });
    expect(delivered).toBe(false);
    expect(tasks[0]!.checklist.map(({ sentence }) => sentence).join(' ')).toContain('Open their enterprise profile');
    await cancel(server, plan);

    await choose(server, 'server');
    expect(routesOf(await drafted(server, [7]))).toEqual(['scim']);
    const [first] = (await server.ok<{ rows: Contract[] }>('listContracts')).rows;
    await server.ok('changeContract', { params: { id: first!.id }, body: { licenses: guided.id } });
    expect(routesOf(await drafted(server, [7]))).toEqual(['guided']);
    await server.ok('changeContract', { params: { id: first!.id }, body: { licenses: null } });
  });
});

describe('over a stored SFTP connection', () => {
  const waiting = () => readdirSync(path.join(sftp.folder, 'out')).filter((name) => name.endsWith('.csv'));

  test('a plan’s file goes into LinkedIn’s folder by itself; its key is sealed, and is typed in again for another server', async () => {
    const { host, port, username, privateKey, hostKey } = sftp.access;
    const settings = {
      inbox: path.join(sftp.folder, 'in'),
      outbox: path.join(sftp.folder, 'out'),
      sftp: { host, port, username, privateKey, hostKey },
    };
    const files = await store(server, 'navigator-files', 'linkedin-files', settings);
    expect(files).toMatchObject({ route: 'files', lists: true, secrets: ['sftp.privateKey'] });
    expect(JSON.stringify(files)).not.toContain('PRIVATE KEY');
    const { privateKey: _, ...open } = settings.sftp;
    const elsewhere = { ...settings, sftp: { ...open, host: 'sftp.acme.example' } };
    expect((await server.refused('changeConnection', { params: { id: files.id }, body: { settings: elsewhere } })).detail).toContain(
      'sftp.privateKey has to be typed in again, since an address changed',
    );
    await server.ok('changeConnection', { params: { id: files.id }, body: { settings: { ...settings, sftp: open } } });
    expect((await check(server, files)).check!.lines[0]).toMatchObject({
      verdict: 'bad',
      sentence: expect.stringContaining('has no export yet'),
    });
    writeFileSync(path.join(sftp.folder, 'in', 'users.csv'), center.exportByHand().csv);
    await check(server, files);
    await choose(server, { connection: files.id });
    const plan = await drafted(server, [8]);
    expect(routesOf(plan)).toEqual(['files']);
    await approve(server, plan);
    expect(await server.ok<Job>('getJob', { params: { id: plan.id } })).toMatchObject({ delivered: true });
    await expect.poll(waiting, { timeout: 30_000 }).toHaveLength(1);
    // LinkedIn comes for it, and answers.
    const name = waiting()[0]!;
    const { result } = center.uploadByHand(name, readFileSync(path.join(sftp.folder, 'out', name)));
    writeFileSync(path.join(sftp.folder, 'in', name.replace('.csv', '-result.csv')), result);
    await expect.poll(() => stepsOf(server, plan), { timeout: 60_000 }).toEqual(['wait']);
    await cancel(server, plan);
  });
});

test('a process that was started without the way of a plan leaves its job to the one that has it, and raises nothing', async () => {
  await choose(server, 'server');
  const plan = await drafted(server, [9]);
  expect(routesOf(plan)).toEqual(['scim']);
  await server.stop();
  isStopped = true;
  const other = await openOtherProcess(server);
  const { pool, engine, scope } = other;
  const parts = { pool, engine, now: () => new Date(), carries: async () => null };
  const env = await writeScimConfig(directory, { url: scim.url, token: scim.token() });
  const withIt = linkedinPlanDesk({ ...parts, deliveries: openDeliveries({ delivery: null, files: null, scim: env }, parts.now) });
  await approvePlan(withIt, scope, plan.id, plan.seal, 'Admin');
  const faults: unknown[] = [];
  await workDeliveries(engine, linkedinPlanDesk({ ...parts, deliveries: {} }), (error) => faults.push(error));
  const later = `select count(*)::integer as n from pgboss.job where name = 'deliver-files' and state = 'created' and start_after > now() + interval '1 second'
    and (data->>'planId') = $1 and not coalesce((data->>'lookAgain')::boolean, false)`;
  await expect.poll(async () => (await pool.query(later, [plan.id])).rows[0].n, { timeout: 30_000 }).toBeGreaterThan(0);
  expect([faults, isWritten(9)]).toEqual([[], false]);
  await deliver(withIt, scope, plan.id, AbortSignal.timeout(30_000));
  expect(isWritten(9)).toBe(true);
  await other.close();
});
