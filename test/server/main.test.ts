import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { crmCsv, licensesCsv, testPeople } from './running-server.ts';

// Whole servers start here, several in a test: a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

let dataDir: string;
const children: ChildProcess[] = [];
beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'seatmatch-main-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null && child.signalCode === null) await end(child, 'SIGKILL');
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  readonly code: string;
}

const byItself = ['node_modules/.bin/node', 'server/main.ts'] as const;

function run(
  args: string[],
  environment: Record<string, string> = {},
  [command, ...before]: readonly [string, ...string[]] = byItself,
): { child: ChildProcess; output: () => string } {
  const child = spawn(command, [...before, ...args], {
    env: { ...process.env, SEATMATCH_DATA: dataDir, DATABASE_URL: '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let text = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  return { child, output: () => text };
}

const start = (...args: string[]): Promise<Started> => ready(run(['--port', '0', '--no-demo', ...args]));

async function ready({ child, output }: ReturnType<typeof run>): Promise<Started> {
  for (;;) {
    const found = /ready: (\S+)[\s\S]*#code=(\S+)/u.exec(output());
    if (found) return { child, url: found[1]!, code: found[2]! };
    if (child.exitCode !== null) throw new Error(`It ended: ${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const ended = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once('exit', resolve);
  });
async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  child.kill(signal);
  return ended(child);
}

/** Signs in by the printed link, and gives a fetch that is signed in. */
async function signIn({ url, code }: Started) {
  const answer = await fetch(`${url}/api/session/sign-in`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  const cookie = answer.headers.get('set-cookie')!.split(';')[0]!;
  return async (address: string, init: RequestInit = {}) => {
    const response = await fetch(url + address, { ...init, headers: { cookie, ...init.headers } });
    return (await response.json()) as Record<string, unknown>;
  };
}

async function compareTwoFiles(call: Awaited<ReturnType<typeof signIn>>): Promise<string> {
  const people = testPeople(5);
  const licenses = await call('/api/uploads?name=l.csv', { method: 'POST', body: licensesCsv(people) });
  const crm = await call('/api/uploads?name=c.csv', { method: 'POST', body: crmCsv(people) });
  const { id } = await call('/api/reconciliations', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ licenses: licenses.id, crm: crm.id }),
  });
  return String(id);
}

// One life after the other on the same data, each begun where the one before was ended: a start costs more than all that is asked of it.
describe('the server as a process', () => {
  const peopleOf = async (started: Started) => (await (await signIn(started))('/api/people')).total;

  test('says in one sentence that the port is taken, that the data is in use, or what is wrong with an option', async () => {
    const first = await start();
    const call = await signIn(first);
    const id = await compareTwoFiles(call);
    const { port } = new URL(first.url);
    const cases: [string[], Record<string, string>, RegExp][] = [
      [['--port', port], {}, /^Port \d+ is taken: .*--port \d+\.\n$/u],
      [['--port', '0'], {}, /^.*in use.*\.\n$|^.*process \d+.*\.\n$/u],
      [['--port', '0', '--reset'], {}, /^.*process \d+.*\.\n$/u],
      [['--port', 'x'], {}, /^PORT is not a whole number\.\n$/u],
      [['--colour'], {}, /--port N, --reset, --no-demo\.\n$/u],
      [['--reset'], { DATABASE_URL: 'postgres://app@127.0.0.1:1/x', PORT: '0' }, /^--reset deletes the embedded database only\./u],
    ];
    for (const [args, environment, sentence] of cases) {
      const { child, output } = run(args, environment);
      expect(await ended(child), output()).toBe(1);
      expect(output()).toMatch(sentence);
    }
    expect((await fetch(`${first.url}/api/health`)).status).toBe(200);
    expect(existsSync(path.join(dataDir, 'postgres'))).toBe(true);
    await expect.poll(async () => (await call(`/api/reconciliations/${id}`)).state, { timeout: 60_000 }).toBe('done');
    await end(first.child, 'SIGKILL');
  });

  // Without `exec` in the script a shell stands between npm and Node and keeps the signal to itself.
  test('keeps its data over kill -9, and ends with npm: a signal to npm start leaves neither the server nor the database behind', async () => {
    const second = await ready(run(['--port', '0', '--no-demo'], {}, ['npm', 'start', '--']));
    expect(await peopleOf(second)).toBe(5);
    const lock = path.join(dataDir, 'postgres/database/cluster/postmaster.pid');
    expect(existsSync(lock)).toBe(true);
    await end(second.child, 'SIGTERM');
    await vi.waitUntil(() => !existsSync(lock), { timeout: 30_000 });
    await expect(fetch(second.url)).rejects.toThrow('fetch failed');
  });

  test('keeps its data over a stop, and begins anew with --reset', async () => {
    const third = await start();
    expect(await peopleOf(third)).toBe(5);
    expect(await end(third.child, 'SIGINT')).toBe(0);

    const fourth = await start('--reset');
    expect(await peopleOf(fourth)).toBe(0);
    expect(await readdir(path.join(dataDir, 'uploads'))).toEqual([]);
    expect(await end(fourth.child, 'SIGTERM')).toBe(0);
  });
});
