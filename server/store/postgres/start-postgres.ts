import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { chooseAccount } from './account.ts';
import { clusterPlaces, ensureCluster, ids, matchOwner, ownerRole, type Passwords, readPasswords } from './cluster.ts';
import { identifyProcess, isAlive, isNumberTaken, isPostgresOf, type ProcessIdentity } from './process-identity.ts';
import { locatePostgres } from './program.ts';
import { runWatched, type Watched } from './run-watched.ts';
import { DatabaseInUseError, PostgresUnavailableError } from './unavailable-error.ts';

/** The role the program works as; it owns no table. */
const appRole = 'seatmatch_app';
const databaseName = 'seatmatch';
const patienceMs = 60_000;
const attachPatienceMs = 10_000;

export type StartPostgresOptions = {
  /** Directory for the database, the owner's record and the logs; made when missing. */
  dataDir: string;
  /** Refuse instead of attaching when another process owns the database. Default false. */
  exclusive?: boolean;
  /** Only ever attach: wait a while for a process that owns the database, then refuse. Default false. */
  attachOnly?: boolean;
  /** PostgreSQL settings over the defaults of this file, for example `{ fsync: 'off' }` for a throw-away database. */
  settings?: Record<string, string>;
  /** Told in sentences what happens. */
  log?: (line: string) => void;
};

export type RunningPostgres = {
  /** Connects as the superuser that owns the tables: for migrations. */
  url: string;
  /** Connects as the plain role `seatmatch_app`, which owns no table. */
  appUrl: string;
  /** Whether this process started the server and takes it along when it ends; false when attached to another process's. */
  owner: boolean;
  /** Resolves when the server ended, or, for one that is another process's, when that process is gone and took it along. */
  gone: Promise<void>;
  /** Stops the server when this process owns it; resolves once it is gone. */
  stop(): Promise<void>;
};

/**
 * Starts the embedded PostgreSQL 18 on a data directory, or attaches to the one that another process of this machine runs there.
 *
 * The server listens on 127.0.0.1 only, on a free port, with SCRAM passwords of random bytes; it ends with the process that started it,
 * kill -9 included. Works as root and as a normal user (account.ts).
 *
 * Tested on Linux x64. Written for Linux arm64, macOS and Windows as well, and untested there: Windows has no signals, so the watch calls
 * pg_ctl; an administrator's account is refused by PostgreSQL itself.
 *
 * @throws DatabaseInUseError with `exclusive` when another process owns the database
 * @throws PostgresUnavailableError when PostgreSQL cannot run here, or with `attachOnly` does not; its sentence says what to do
 */
export async function startPostgres(options: StartPostgresOptions): Promise<RunningPostgres> {
  const dataDir = path.resolve(options.dataDir);
  const log = options.log ?? (() => {});
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const { cluster } = clusterPlaces(dataDir);
  const deadline = Date.now() + patienceMs;
  let unownedSince: number | null = null;
  let refusal = '';
  while (Date.now() < deadline) {
    const running = existsSync(cluster) ? await readPostmaster(cluster) : null;
    if (running === null && options.attachOnly) {
      if (Date.now() > deadline - patienceMs + attachPatienceMs) {
        throw new PostgresUnavailableError(
          `No Seatmatch serves the database in ${dataDir}: start one first (seatmatch serve), or name a PostgreSQL server in DATABASE_URL.`,
        );
      }
      await sleep(100);
      continue;
    }
    if (running === null) {
      const started = await startServer(dataDir, options);
      if (typeof started !== 'string') return started;
      refusal = started;
      await sleep(100);
      continue;
    }
    const owner = await readOwner(dataDir);
    if (owner?.postgresPid === running.pid && isAlive(owner)) {
      if (options.exclusive) throw new DatabaseInUseError(dataDir, owner.pid);
      const urls = connectionUrls(running.port, await readPasswords(dataDir));
      if (running.ready && (await answers(urls.appUrl))) {
        log(`Attached to the PostgreSQL that process ${owner.pid} runs on port ${running.port}.`);
        return { ...urls, owner: false, ...watchOwner(owner) };
      }
    } else {
      // Its owner has just died and the watch is ending it, or has just been born and has not written its record; else nobody cares for it.
      unownedSince ??= Date.now();
      if (Date.now() - unownedSince > 5_000) {
        log(`Ending a PostgreSQL (process ${running.pid}) whose owner is gone.`);
        endOrphan(running.pid, cluster);
        unownedSince = Date.now();
      }
    }
    await sleep(25);
  }
  const pid = (await readPostmaster(cluster))?.pid;
  throw new PostgresUnavailableError(
    pid === undefined
      ? `PostgreSQL did not start on ${dataDir}: ${refusal} (${path.join(dataDir, 'postgres.log')} has more).`
      : `The PostgreSQL on ${dataDir} (process ${pid}) neither answers nor ends: end that process and start again; ${path.join(dataDir, 'postgres.log')} may say why.`,
  );
}

/** Looks twice a second whether the owner still lives. */
function watchOwner(owner: Owner): Pick<RunningPostgres, 'gone' | 'stop'> {
  let timer: NodeJS.Timeout | undefined;
  const gone = new Promise<void>((resolve) => {
    timer = setInterval(() => {
      if (!isAlive(owner)) resolve();
    }, 500).unref();
  });
  void gone.then(() => clearInterval(timer));
  return { gone, stop: async () => clearInterval(timer) };
}

/** Starts a server of our own, or tells why it may go better at the next try. */
async function startServer(dataDir: string, options: StartPostgresOptions): Promise<RunningPostgres | string> {
  const log = options.log ?? (() => {});
  const { database, cluster } = clusterPlaces(dataDir);
  const program = await locatePostgres();
  const account = await chooseAccount(database, path.dirname(program.postgres));
  await ensureCluster(dataDir, { program, account, env: serverEnvironment(), durable: options.settings?.fsync !== 'off' });
  await removeStaleLock(cluster);
  const logFile = path.join(dataDir, 'postgres.log');
  const logStart = await keepLogSmall(logFile);
  const port = await freePort();
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '50',
    shared_buffers: '128MB',
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Statements and details of errors can hold personal data.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    ...options.settings,
  };
  const [command, ...before] = [...account.prefix, program.postgres];
  const server = await runWatched({
    command: command!,
    args: [...before, '-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    cwd: dataDir,
    env: serverEnvironment(),
    logFile,
    ...ids(account),
    ...(process.platform === 'win32' ? { stopCommand: [program.pgCtl, 'stop', '-m', 'fast', '-D', cluster] } : {}),
  });
  try {
    if (!(await becomesReady(server, cluster))) {
      const words = await lastWords(logFile, logStart);
      // Another process was quicker, a killed server's last backends still leave, or somebody took the port between asking and using.
      if (/lock file|shared memory block|could not create any TCP\/IP sockets/.test(words)) return words;
      throw new PostgresUnavailableError(`PostgreSQL did not start on ${dataDir}: ${words} (${logFile} has more).`);
    }
    await writeOwner(dataDir, { ...identifyProcess(process.pid)!, postgresPid: server.pid!, port });
    const passwords = await readPasswords(dataDir);
    const urls = connectionUrls(port, passwords);
    await prepareDatabase(port, passwords);
    server.unref();
    let stopping = false;
    void server.exited.then((code) => {
      if (!stopping) log(`PostgreSQL ended by itself (code ${code}): restart Seatmatch; ${logFile} says why.`);
    });
    log(`PostgreSQL serves ${dataDir} on port ${port}.`);
    return {
      ...urls,
      owner: true,
      gone: server.exited.then(() => {}),
      async stop() {
        stopping = true;
        server.end();
        await server.exited;
        await rm(ownerFile(dataDir), { force: true });
      },
    };
  } catch (error) {
    server.end();
    await server.exited;
    throw error;
  }
}

type Postmaster = { pid: number; port: number; ready: boolean };

/**
 * The server that runs on this cluster, from its lock file; null when none does.
 * Lines of postmaster.pid: process, data directory, start time, port, socket directory, listen address, shared memory, status
 * (PostgreSQL source, src/include/utils/pidfile.h).
 */
async function readPostmaster(cluster: string): Promise<Postmaster | null> {
  const lines = (await readFile(path.join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isPostgresOf(pid, cluster)) return null;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

/**
 * PostgreSQL takes the process number in its lock file for a server when anybody has that number today: another process, as happens in
 * containers, or the killed server's own zombie. Backends that outlive a killed server are still noticed without the file: the data
 * directory's shared memory is in use (PostgreSQL source, src/backend/port/sysv_shmem.c, PGSharedMemoryCreate).
 */
async function removeStaleLock(cluster: string): Promise<void> {
  const lock = path.join(cluster, 'postmaster.pid');
  const pid = Number((await readFile(lock, 'utf8').catch(() => '')).split('\n')[0]);
  if (pid > 0 && isNumberTaken(pid) && !isPostgresOf(pid, cluster)) await rm(lock, { force: true });
}

async function becomesReady(server: Watched, cluster: string): Promise<boolean> {
  let ended = false;
  void server.exited.then(() => {
    ended = true;
  });
  const deadline = Date.now() + patienceMs;
  while (!ended && Date.now() < deadline) {
    const running = await readPostmaster(cluster);
    if (running?.ready && running.pid === server.pid) return true;
    await sleep(10);
  }
  return false;
}

type Owner = ProcessIdentity & { postgresPid: number; port: number };

const ownerFile = (dataDir: string) => path.join(dataDir, 'owner.json');

async function readOwner(dataDir: string): Promise<Owner | null> {
  const text = await readFile(ownerFile(dataDir), 'utf8').catch(() => '');
  return text === '' ? null : (JSON.parse(text) as Owner);
}

async function writeOwner(dataDir: string, owner: Owner): Promise<void> {
  // Renamed, so that nobody reads half a record.
  const aside = `${ownerFile(dataDir)}.${process.pid}`;
  await writeFile(aside, JSON.stringify(owner), { mode: 0o600 });
  await matchOwner(aside, clusterPlaces(dataDir).database);
  await rename(aside, ownerFile(dataDir));
}

function endOrphan(pid: number, cluster: string): void {
  if (!isPostgresOf(pid, cluster)) return;
  try {
    process.kill(pid, 'SIGINT');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function connectionUrls(port: number, passwords: Passwords): { url: string; appUrl: string } {
  return { url: urlFor(ownerRole, passwords.owner, port, databaseName), appUrl: urlFor(appRole, passwords.app, port, databaseName) };
}

function urlFor(role: string, password: string, port: number, database: string): string {
  return `postgres://${role}:${password}@127.0.0.1:${port}/${database}`;
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Makes the database and the plain role unless they are there: the role last, since attachers take its answer for readiness. */
async function prepareDatabase(port: number, passwords: Passwords): Promise<void> {
  const client = new pg.Client({ connectionString: urlFor(ownerRole, passwords.owner, port, 'postgres') });
  await client.connect();
  try {
    const { rows } = await client.query<{ database: boolean; role: boolean }>(
      'select exists (select from pg_database where datname = $1) as database, exists (select from pg_roles where rolname = $2) as role',
      [databaseName, appRole],
    );
    if (!rows[0]?.database) await client.query(`create database ${databaseName}`);
    if (!rows[0]?.role) await client.query(`create role ${appRole} login password ${client.escapeLiteral(passwords.app)}`);
  } finally {
    await client.end();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** PG* variables of the caller must not steer this server; PATH is for `unshare` and pg_ctl's own look-ups. */
function serverEnvironment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot'];
  const entries = kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return { ...Object.fromEntries(entries), LC_ALL: 'C', TZ: 'UTC' };
}

/** Sets a long log aside; resolves to the length of the one that will be written to. */
async function keepLogSmall(logFile: string): Promise<number> {
  const size = (await stat(logFile).catch(() => null))?.size ?? 0;
  if (size <= 5_000_000) return size;
  await rename(logFile, `${logFile}.1`);
  return 0;
}

async function lastWords(logFile: string, from: number): Promise<string> {
  const lines = (await readFile(logFile).catch(() => Buffer.alloc(0))).subarray(from).toString().trim().split('\n');
  const fault = lines.findLast((line) => line.includes('FATAL')) ?? lines.at(-1) ?? '';
  return fault.replace(/^.*?FATAL:\s+/, '');
}
