import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createEmptyDatabase } from '../postgres.ts';
import { type Processes, type ServerProcess, startProcesses, type WorkerProcess } from './child-process-server.ts';
import { crmCsv, licensesCsv, startTestServer, testPeople } from './running-server.ts';

// Whole processes start here, several in a test, and a dead one is missed after its heartbeat: a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

const open: Processes[] = [];
async function started(...given: Parameters<typeof startProcesses>): Promise<Processes> {
  const processes = await startProcesses(...given);
  open.push(processes);
  return processes;
}
afterEach(async () => {
  for (const processes of open.splice(0).reverse()) await processes.stop();
});

async function connect({ database }: Processes): Promise<pg.Client> {
  if (database === 'embedded') throw new Error('The test wants a database server.');
  const client = new pg.Client({ connectionString: database.appUrl });
  await client.connect();
  return client;
}

describe('processes that share a database', () => {
  let servers: readonly ServerProcess[];
  let workers: readonly WorkerProcess[];
  let db: pg.Client;
  beforeAll(async () => {
    const processes = await startProcesses({ database: await createEmptyDatabase() });
    onEnd(() => processes.stop());
    const both = Promise.all([processes.startServer(), processes.startServer()]);
    [servers, workers] = await Promise.all([both, Promise.all([processes.startWorker(), processes.startWorker()])]);
    db = await connect(processes);
    onEnd(() => db.end());
  }, 180_000);
  const ends: (() => Promise<unknown>)[] = [];
  const onEnd = (end: () => Promise<unknown>) => void ends.unshift(end);
  afterAll(async () => {
    for (const end of ends) await end();
  });

  const bring = async ([server]: readonly ServerProcess[], count: number) => {
    const people = testPeople(count);
    return { licenses: await server!.upload('licenses', licensesCsv(people)), crm: await server!.upload('crm', crmCsv(people)) };
  };

  test('all that start at once on an empty database share one workspace and one admin, and say that they are up', async () => {
    const { rows } = await db.query(
      'select (select count(*) from workspace)::integer as workspaces, (select count(*) from app_user)::integer as users',
    );
    expect(rows).toEqual([{ workspaces: 1, users: 1 }]);
    for (const { healthUrl } of workers) {
      expect((await fetch(healthUrl)).status).toBe(200);
      expect((await fetch(new URL('/', healthUrl))).status).toBe(404);
    }
  });

  test('share the comparisons; killing a worker while they run loses nothing, and each is done once', async () => {
    const body = await bring(servers, 3000);
    const runs: string[] = [];
    for (let n = 0; n < 4; n++) runs.push((await servers[0]!.ok<{ id: string }>('createReconciliation', { body })).id);
    await expect
      .poll(async () => (await db.query("select from reconciliation where state = 'running'")).rowCount, { timeout: 60_000, interval: 5 })
      .toBe(1);
    await workers[0]!.kill();
    for (const id of runs) expect(await servers[0]!.settled(id)).toMatchObject({ state: 'done' });
    const { rows } = await db.query<{ number: number; state: string }>('select number, state from reconciliation order by number');
    expect(rows.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done']);
    expect(new Set(rows.map(({ number }) => number)).size).toBe(4);
    // Had a run been saved twice, there would be a second span of somebody.
    const spans = await db.query<{ count: number }>('select count(*)::integer as count from finding');
    expect(spans.rows[0]!.count).toBe(3000);
  });

  test('a worker does what is left when the last server is killed, and all others end cleanly when asked', async () => {
    const body = await bring(servers, 50);
    expect(await servers[1]!.end()).toBe(0);
    const { id } = await servers[0]!.ok<{ id: string }>('createReconciliation', { body: { ...body, answers: { oddRun: 'release' } } });
    await servers[0]!.kill();
    await expect
      .poll(async () => (await db.query('select state from reconciliation where reconciliation_id = $1', [id])).rows, { timeout: 120_000 })
      .toEqual([{ state: 'done' }]);
    expect(await workers[1]!.end()).toBe(0);
  });
});

test('a worker attaches to the embedded database of a server, refuses without one, and ends with it', async () => {
  const processes = await started({ database: 'embedded' });
  await expect(processes.startWorker()).rejects.toThrow(/No Seatmatch serves the database in .*: start one first/u);
  const server = await processes.startServer();
  const worker = await processes.startWorker();
  expect((await fetch(worker.healthUrl)).status).toBe(200);
  await server.kill();
  await expect.poll(() => worker.output(), { timeout: 60_000 }).toContain('has ended: start it, then this worker again.');
  await expect(fetch(worker.healthUrl)).rejects.toThrow('fetch failed');
});

test('files that lie on the disk of another machine are refused with a sentence that says so', async () => {
  const here = await startTestServer();
  const licenses = await here.upload('licenses', licensesCsv(testPeople(3)));
  const crm = await here.upload('crm', crmCsv(testPeople(3)));
  // A data directory of its own is what another machine has.
  const elsewhere = await startTestServer({}, here.database);
  await here.stop();
  const { id } = await elsewhere.ok<{ id: string }>('createReconciliation', { body: { licenses, crm } });
  const run = await elsewhere.settled(id);
  expect(run).toMatchObject({ state: 'refused', refusal: expect.stringContaining('not on the disk of the process') });
  await elsewhere.stop();
});
