/**
 * What carrying out rematches costs, and what more workers bring.
 *
 *     npm run bench:rematch                     10,000 rematches with 1, 2 and 4 workers, by turns, then 1,000 by the embedded server alone
 *     npm run bench:rematch -- --people 2000 --contracts 4 --workers 1,2 --rounds 3
 *     npm run bench:rematch -- --route scim --people 10000 --limit 100
 *
 * One plan for each contract changes the emails of all its people by the automatic delivery, through an Admin Center simulator: the first
 * three people, then everybody else, each read before and after. LinkedIn's own Matched is there with the first read, so that every rematch
 * ends as repaired. A contract has one writer at a time, so more workers help as far as there are several contracts. Each run has a copy of
 * the same prepared database, on one PostgreSQL with its usual durability.
 *
 * Printed: wall time from the first approval to the last end, the ratio to one worker round by round, and for each rematch the CPU time of
 * our processes and of PostgreSQL, rows written, transactions and bytes of WAL. Linux only: times of processes come from /proc.
 *
 * By `--route scim` LinkedIn's SCIM answers at most `--limit` requests a second, for all people of one contract by one worker. The floor is
 * what the limit leaves: three requests a person (a look-up, for nothing is written that was not read and SCIM's id has to be found; the
 * write; a read, for only that shows that the value holds), and one for what the server can do. Printed: wall time from the approval until
 * everybody's new email was read back, and its ratio to the floor.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { type Backend, startBackend } from '../../server/commands/start-backend.ts';
import { openDesks, queueDefinitions } from '../../server/commands/work-queues.ts';
import { type Config, readConfig } from '../../server/config.ts';
import { approvePlan } from '../../server/jobs/approve-plan.ts';
import { draftPlan } from '../../server/jobs/draft-plan.ts';
import type { PlanDesk } from '../../server/jobs/plan-desk.ts';
import { receiveFile } from '../../server/jobs/receive-file.ts';
import { startComparison } from '../../server/jobs/start-comparison.ts';
import type { Scope } from '../../server/store/database.ts';
import { startPostgres } from '../../server/store/postgres/start-postgres.ts';
import { writeSettings } from '../../server/store/setting.ts';
import { writeScimConfig } from '../server/scim-config.ts';
import { cpuSecondsOf, cpuSecondsOfFamily, parentOf } from './process-time.ts';
import { companyDomain, licensesOf, oldDomain, personOf, usersOf } from './rematch-lists.ts';

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '10000' },
    contracts: { type: 'string', default: '20' },
    workers: { type: 'string', default: '1,2,4' },
    rounds: { type: 'string', default: '2' },
    embedded: { type: 'string', default: '1000' },
    route: { type: 'string', default: 'files' },
    limit: { type: 'string', default: '100' },
  },
});
const people = Number(values.people);
const isScim = values.route === 'scim';
const contracts = isScim ? 1 : Number(values.contracts);
const workerCounts = values.workers.split(',').map(Number);
const root = resolve(import.meta.dirname, '../..');
const by = 'Bench';
const say = (text = ''): void => console.log(text);
const dataDir = await mkdtemp(join(tmpdir(), 'seatmatch-bench-'));
const living = new Set<ChildProcess>();

interface Run {
  readonly workers: number;
  readonly seconds: number;
  readonly ourCpu: number;
  readonly postgresCpu: number;
  readonly transactions: number;
  readonly walBytes: number;
  readonly tables: readonly { readonly table: string; readonly written: number }[];
}

async function benchWorkers(): Promise<void> {
  const postgres = await startPostgres({ dataDir: join(dataDir, 'postgres') });
  try {
    const each = Math.floor(people / contracts);
    const prepared = { database: { appUrl: postgres.appUrl, ownerUrl: postgres.url } };
    say(`Preparing ${contracts} contracts with ${each} people each …`);
    await prepare(prepared, each);
    const runs: Run[] = [];
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const workers of workerCounts) {
        const run = await runOnce(prepared.database, workers, each * contracts);
        runs.push(run);
        const base = runs.filter((one) => one.workers === workerCounts[0]).at(-1)!;
        say(
          `  ${workers} ${workers === 1 ? 'worker ' : 'workers'}  ${run.seconds.toFixed(1).padStart(6)} s   ${(base.seconds / run.seconds).toFixed(2)} times ${workerCounts[0]}`,
        );
      }
    }
    sayCost(runs, each * contracts);
  } finally {
    await postgres.stop();
  }
}

type Database = NonNullable<Config['database']>;

const configOf = (database: Database | null, delivery: Config['delivery'], scim: Config['scim']): Config => ({
  ...readConfig({ SEATMATCH_DEMO: '0', SEATMATCH_DATA: dataDir, PORT: '0' }),
  database,
  delivery,
  scim,
});

const open = (database: Database, delivery: Config['delivery'], scim: Config['scim'] = null): Promise<Backend> =>
  startBackend({
    config: configOf(database, delivery, scim),
    embedded: 'attach',
    queues: queueDefinitions,
    log: () => {},
    logError: console.error,
  });

/** How long the repairs of everybody take where LinkedIn's SCIM answers only so many requests a second. */
async function benchScim(limit: number): Promise<void> {
  const postgres = await startPostgres({ dataDir: join(dataDir, 'postgres') });
  try {
    const database = { appUrl: postgres.appUrl, ownerUrl: postgres.url };
    const server = await startChild(['test/bench/scim-process.ts', String(people), String(limit)], {}, /^(\{.*\})$/mu);
    const at = JSON.parse(server.found[1]!) as { url: string; token: string };
    const scim = await writeScimConfig(dataDir, at, { requestsPerSecond: limit });
    say(`Preparing one contract with ${people} people …`);
    await prepare({ database }, people, scim);
    const environment = {
      ...environmentOf(database),
      ...scim.environment,
      SEATMATCH_SCIM_CONNECTION: scim.connection,
      SEATMATCH_CONFIG: scim.file,
    };
    const worker = await startChild(['server/worker.ts', '--health-port', '0'], environment, /works\. Health/);
    const backend = await open(database, null, scim);
    const begun = performance.now();
    await approveAll(backend, openDesks(backend).plans);
    await until(async () => (await numberOf(backend.pool, `select count(*) as n from rematch where step <> 'wait'`)) === 0);
    const seconds = (performance.now() - begun) / 1000;
    await endChild(worker);
    await backend.stop();
    const { asked, refused } = (await (await fetch(`${at.url}/control`, { method: 'POST', body: '{"do":"count"}' })).json()) as {
      asked: number;
      refused: number;
    };
    await endChild(server);
    const floor = (3 * people + 1) / limit;
    say(
      `${people} people, ${limit} requests a second: ${seconds.toFixed(1)} s; the floor is ${floor.toFixed(1)} s, ${(seconds / floor).toFixed(3)} times that.`,
    );
    say(`${asked} requests, ${(asked / people).toFixed(3)} a person; ${refused} of them were too many.`);
  } finally {
    await postgres.stop();
  }
}

/** Contracts, each with a comparison and the draft of a plan for everybody. */
async function prepare({ database }: { database: Database }, each: number, scim: Config['scim'] = null): Promise<void> {
  const backend = await open(database, null, scim);
  const { pool, engine, workspace, uploads } = backend;
  const worker = await startChild(['server/worker.ts', '--health-port', '0'], environmentOf(database), /works\. Health/);
  const scopes: Scope[] = [];
  for (let index = 0; index < contracts; index++) {
    const scope = { workspaceId: workspace.workspaceId, contractId: index === 0 ? workspace.contractId : randomUUID() };
    if (index > 0)
      await pool.query('insert into contract (workspace_id, contract_id, name) values ($1, $2, $3)', [
        scope.workspaceId,
        scope.contractId,
        `Contract ${index}`,
      ]);
    await writeSettings(pool, scope, by, { domainAliases: [{ old: oldDomain, current: companyDomain }] });
    const own = Array.from({ length: each }, (_, person) => personOf(index * each + person));
    const modifiedAt = new Date().toISOString();
    const bring = async (side: 'licenses' | 'crm', text: string) => ({
      upload: await receiveFile(uploads, Readable.from([Buffer.from(text)]), { name: `${side}.csv`, side, modifiedAt, actor: by }),
    });
    const asked = { licenses: await bring('licenses', licensesOf(own)), crm: await bring('crm', usersOf(own)), adminCenterCount: each };
    await startComparison(
      { pool, engine, workspace: scope, demoActor: null, leaveDemo: () => {}, connections: backend.connections },
      asked,
      by,
    );
    scopes.push(scope);
  }
  await until(async () => {
    const { rows } = await pool.query<{ state: string }>('select state from reconciliation');
    const odd = rows.find(({ state }) => !['queued', 'running', 'done'].includes(state));
    if (odd) throw new Error(`A comparison is ${odd.state}.`);
    return rows.every(({ state }) => state === 'done');
  });
  const { plans } = openDesks(backend);
  for (const scope of scopes) await draftPlan(plans, scope, wish, by);
  const { rows } = await pool.query<{ trips: unknown }>(`select origin->'trips' as trips from plan where origin->'trips' <> '[]'`);
  if (rows.length > 0) throw new Error(`A guard trips: ${JSON.stringify(rows[0])}`);
  await endChild(worker);
  await backend.stop();
}

const wish = {
  mode: 'email-first',
  route: null,
  guided: [],
  rootCause: null,
  licenseIds: null,
  leaveOut: [],
  assignee: null,
  backup: null,
  override: null,
  auto: false,
} as const;

async function runOnce(prepared: Database, workers: number, count: number): Promise<Run> {
  const name = `run_${randomUUID().replaceAll('-', '')}`;
  const owner = new pg.Client({ connectionString: inDatabase(prepared.ownerUrl, 'postgres') });
  await owner.connect();
  await owner.query(`create database ${name} template seatmatch`);
  const database = { appUrl: inDatabase(prepared.appUrl, name), ownerUrl: inDatabase(prepared.ownerUrl, name) };
  const center = await startAdminCenter(count);
  const delivery = { baseUrl: center.url, token: center.token };
  const children = await Promise.all(
    Array.from({ length: workers }, () =>
      startChild(['server/worker.ts', '--health-port', '0'], environmentOf(database, delivery), /works\. Health/),
    ),
  );
  const backend = await open(database, delivery);
  const desk = openDesks(backend).plans;
  const postmaster = parentOf(await numberOf(owner, 'select pg_backend_pid() as n'));
  const ours = (): number => children.reduce((sum, { child }) => sum + cpuSecondsOf(child.pid!), 0) + cpuSecondsOf(process.pid);
  const before = { ours: ours(), postgres: cpuSecondsOfFamily(postmaster), wal: await numberOf(owner, walBytes), at: performance.now() };
  await approveAll(backend, desk);
  await until(async () => (await numberOf(backend.pool, `select count(*) as n from plan where state <> 'done'`)) === 0);
  const seconds = (performance.now() - before.at) / 1000;
  const cost = {
    ourCpu: ours() - before.ours,
    postgresCpu: cpuSecondsOfFamily(postmaster) - before.postgres,
    walBytes: (await numberOf(owner, walBytes)) - before.wal,
  };
  const repaired = await numberOf(backend.pool, `select count(*) as n from rematch where ended = 'repaired'`);
  if (repaired !== count) throw new Error(`${repaired} of ${count} are repaired.`);
  await Promise.all([...children, center].map(endChild));
  await backend.stop();
  const stats = new pg.Client({ connectionString: database.ownerUrl });
  await stats.connect();
  const transactions = await numberOf(stats, 'select xact_commit as n from pg_stat_database where datname = current_database()');
  const { rows: tables } = await stats.query<{ table: string; written: number }>(
    `select schemaname || '.' || relname as table, (n_tup_ins + n_tup_upd + n_tup_del)::integer as written from pg_stat_user_tables
     where n_tup_ins + n_tup_upd + n_tup_del > 0 order by 2 desc`,
  );
  await stats.end();
  await owner.query(`drop database ${name}`);
  await owner.end();
  return { workers, seconds, ...cost, transactions, tables };
}

const walBytes = `select (pg_current_wal_lsn() - '0/0')::bigint as n`;

async function approveAll({ pool }: Backend, desk: PlanDesk): Promise<void> {
  const { rows } = await pool.query<Scope & { id: string; seal: string }>(
    'select workspace_id as "workspaceId", contract_id as "contractId", plan_id as id, seal from plan',
  );
  for (const { id, seal, ...scope } of rows) await approvePlan(desk, scope, id, seal, by);
}

function sayCost(runs: readonly Run[], count: number): void {
  say();
  say('each rematch       our CPU   PostgreSQL’s   rows written   transactions        WAL');
  for (const workers of workerCounts) {
    const own = runs.filter((run) => run.workers === workers);
    const median = (pick: (run: Run) => number): number => own.map(pick).toSorted((a, b) => a - b)[own.length >> 1]! / count;
    const rows = median((run) => run.tables.reduce((sum, { written }) => sum + written, 0));
    say(
      `${`${workers} ${workers === 1 ? 'worker' : 'workers'}`.padEnd(15)}${`${(median((run) => run.ourCpu) * 1000).toFixed(2)} ms`.padStart(11)}${`${(median((run) => run.postgresCpu) * 1000).toFixed(2)} ms`.padStart(15)}${rows.toFixed(2).padStart(15)}${median(
        (run) => run.transactions,
      )
        .toFixed(3)
        .padStart(15)}${`${(median((run) => run.walBytes) / 1024).toFixed(1)} KiB`.padStart(13)}`,
    );
  }
  say();
  const { tables } = runs[0]!;
  say(
    `rows written by table, each rematch: ${tables
      .slice(0, 8)
      .map(({ table, written }) => `${table} ${(written / count).toFixed(2)}`)
      .join(', ')}`,
  );
}

/** `seatmatch serve` with its own PostgreSQL, and nobody beside it. */
async function benchEmbedded(count: number): Promise<void> {
  const center = await startAdminCenter(count);
  const place = join(dataDir, 'embedded');
  const environment = { ...environmentOf(null, { baseUrl: center.url, token: center.token }), SEATMATCH_DATA: place };
  const server = await startChild(['server/main.ts', '--port', '0', '--no-demo'], environment, /ready: (\S+)[\s\S]*: (\S+#code=\S+)/u);
  const [, url, signInUrl] = server.found;
  const code = new URL(signInUrl!).hash.slice('#code='.length);
  const json = { 'Content-Type': 'application/json' };
  const signedIn = await fetch(`${url}/api/session/sign-in`, { method: 'POST', headers: json, body: JSON.stringify({ code }) });
  const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!;
  async function call<Body>(method: string, path: string, body?: object | string): Promise<Body> {
    const raw = typeof body === 'string';
    const answer = await fetch(`${url}/api/${path}`, {
      method,
      headers: { cookie, 'Content-Type': raw ? 'application/octet-stream' : 'application/json' },
      ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === '' ? null : JSON.parse(text)) as Body;
  }
  const own = Array.from({ length: count }, (_, index) => personOf(index));
  await call('PUT', 'settings', { domainAliases: [{ old: oldDomain, current: companyDomain }] });
  const licenses = await call<{ id: string }>('POST', 'uploads?name=licenses.csv&side=licenses', licensesOf(own));
  const crm = await call<{ id: string }>('POST', 'uploads?name=crm.csv&side=crm', usersOf(own));
  const run = await call<{ id: string }>('POST', 'reconciliations', { licenses: licenses.id, crm: crm.id, adminCenterCount: count });
  await until(async () => (await call<{ state: string }>('GET', `reconciliations/${run.id}`)).state === 'done');
  const { id } = await call<{ id: string }>('POST', 'plans', { all: true });
  const plan = await call<{ seal: string }>('GET', `plans/${id}`);
  const before = { at: performance.now(), cpu: cpuSecondsOf(server.child.pid!) };
  await call('POST', `plans/${id}/approve`, { seal: plan.seal });
  await until(async () => (await call<{ state: string }>('GET', `plans/${id}`)).state === 'done');
  const seconds = (performance.now() - before.at) / 1000;
  const cpu = cpuSecondsOf(server.child.pid!) - before.cpu;
  say();
  say(`Embedded, alone: ${count} rematches in ${seconds.toFixed(1)} s, ${((cpu / count) * 1000).toFixed(2)} ms of CPU each.`);
  await endChild(server);
  await endChild(center);
}

interface Child {
  readonly child: ChildProcess;
  readonly found: RegExpExecArray;
}

async function startAdminCenter(count: number): Promise<Child & { url: string; token: string }> {
  const started = await startChild(['test/bench/admin-center-process.ts', String(count)], {}, /^(\{.*\})$/mu);
  return { ...started, ...(JSON.parse(started.found[1]!) as { url: string; token: string }) };
}

const environmentOf = (database: Database | null, delivery: Config['delivery'] = null): Record<string, string> => ({
  SEATMATCH_DATA: dataDir,
  DATABASE_URL: database?.appUrl ?? '',
  SEATMATCH_OWNER_DATABASE_URL: database?.ownerUrl ?? '',
  SEATMATCH_DELIVERY_URL: delivery?.baseUrl ?? '',
  SEATMATCH_DELIVERY_TOKEN: delivery?.token ?? '',
});

async function startChild(args: readonly string[], environment: Record<string, string>, ready: RegExp): Promise<Child> {
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'inherit'] });
  living.add(child);
  const found = await new Promise<RegExpExecArray>((done, failed) => {
    let text = '';
    child.once('exit', (code) => failed(new Error(`${args[0]} ended with ${code}: ${text}`)));
    child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const match = ready.exec(text);
      if (match) done(match);
    });
  });
  return { child, found };
}

async function endChild({ child }: Child): Promise<void> {
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  await gone;
  living.delete(child);
}

async function numberOf(db: Pick<pg.Client | pg.Pool, 'query'>, query: string): Promise<number> {
  const { rows } = (await db.query(query)) as unknown as { rows: { n: string | number }[] };
  return Number(rows[0]!.n);
}

function inDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((done) => setTimeout(done, 50));
}

try {
  if (isScim) await benchScim(Number(values.limit));
  else if (people > 0) await benchWorkers();
  if (!isScim && Number(values.embedded) > 0) await benchEmbedded(Number(values.embedded));
} finally {
  for (const child of living) child.kill('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
}
