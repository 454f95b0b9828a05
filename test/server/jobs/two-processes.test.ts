import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Schedule } from '../../../server/api.ts';
import { createTestDatabase, type TestDatabase } from '../../postgres.ts';
import { crmCsv, licensesCsv, startTestServer, testPeople } from '../running-server.ts';

const root = path.resolve(import.meta.dirname, '../../..');
let database: TestDatabase;
let dataDir: string;
const processes: ChildProcess[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = await mkdtemp(path.join(tmpdir(), 'seatmatch-two-'));
});
afterAll(async () => {
  for (const child of processes) {
    const ended = once(child, 'exit');
    if (child.exitCode === null && child.kill('SIGTERM')) await ended;
  }
  await rm(dataDir, { recursive: true, force: true });
});

/** A server of its own on the same database and files; resolves when it is ready, which is after its first tick. */
async function startProcess(): Promise<void> {
  const child = spawn(process.execPath, ['server/main.ts', '--no-demo', '--port', '0'], {
    cwd: root,
    env: {
      ...process.env,
      DATABASE_URL: database.appUrl,
      SEATMATCH_OWNER_DATABASE_URL: database.url,
      SEATMATCH_DATA: dataDir,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  processes.push(child);
  for await (const line of createInterface({ input: child.stdout! })) {
    if (line.startsWith('Seatmatch is ready')) {
      child.stdout!.resume();
      return;
    }
  }
  throw new Error('The server did not start.');
}

test('two servers that start at once and find the same schedules due run each of them once', { timeout: 120_000 }, async () => {
  const setup = await startTestServer({ dataDir }, database);
  const due = new Date(Date.now() - 40 * 60_000);
  const lately = new Date(Date.now() - 10 * 60_000);
  const count = 6;
  for (let k = 0; k < count; k++) {
    const sources = { kind: 'folders', licenses: `${k}/linkedin`, crm: `${k}/crm` };
    const cron = `${due.getUTCMinutes()} ${due.getUTCHours()} * * *`;
    await setup.ok<Schedule>('createSchedule', { body: { name: `Schedule ${k}`, cron, timeZone: 'UTC', sources } });
    for (const [side, text] of [
      ['linkedin', licensesCsv(testPeople(20 + k))],
      ['crm', crmCsv(testPeople(20 + k))],
    ] as const) {
      const file = path.join(dataDir, 'watched', String(k), side, 'users.csv');
      await writeFile(file, text);
      await utimes(file, lately, lately);
    }
  }
  await setup.stop();
  const db = new pg.Client({ connectionString: database.appUrl });
  await db.connect();
  // As if they had been made yesterday.
  await db.query("update schedule set counts_from = now() - interval '1 day'");

  await Promise.all([startProcess(), startProcess()]);
  const query = `select s.name, t.outcome, r.state from schedule s join schedule_tick t using (workspace_id, schedule_id)
    left join reconciliation r using (workspace_id, reconciliation_id) order by s.name`;
  await expect
    .poll(async () => (await db.query(query)).rows.every(({ outcome, state }) => outcome !== 'sent' && state === 'done'), {
      timeout: 60_000,
      interval: 200,
    })
    .toBe(true);
  const { rows } = await db.query(query);
  expect(rows).toEqual(Array.from({ length: count }, (_, k) => ({ name: `Schedule ${k}`, outcome: 'started', state: 'done' })));
  expect((await db.query('select count(*)::int as runs from reconciliation')).rows).toEqual([{ runs: count }]);
  await db.end();
});
