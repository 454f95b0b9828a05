import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Schedule } from '../../../server/api.ts';
import { tickSchedules } from '../../../server/jobs/tick-schedules.ts';
import { type Engine, startEngine } from '../../../server/store/engine.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

vi.setConfig({ testTimeout: 60_000 });

let server: TestServer;
let pool: pg.Pool;
let engine: Engine;
beforeAll(async () => {
  server = await startTestServer();
  pool = new pg.Pool({ connectionString: server.database.appUrl });
  engine = await startEngine({ url: server.database.appUrl, onError: () => {} });
});
afterAll(async () => {
  await engine?.stop();
  await pool?.end();
  await server?.stop();
});

/** A schedule that was due a while ago: another process looks now, and the server runs it. */
async function comeDue(id: string): Promise<Schedule['runs'][number]> {
  await pool.query("update schedule set counts_from = now() - interval '30 days' where schedule_id = $1", [id]);
  await pool.query('delete from schedule_tick where schedule_id = $1', [id]);
  const now = () => new Date();
  await tickSchedules({
    pool,
    engine,
    now,
    logError: (error) => {
      throw error;
    },
  });
  for (;;) {
    const [run] = (await server.ok<Schedule>('getSchedule', { params: { id } })).runs;
    if (run && run.outcome !== 'sent' && !['queued', 'running'].includes(run.run?.state ?? '')) return run;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('a run that is due compares the same two files once a day, and says so when it does not', async () => {
  const people = testPeople(10);
  await server.compare(licensesCsv(people), crmCsv(people));
  const { id } = await server.ok<Schedule>('createSchedule', {
    body: { name: 'Hourly', cron: '0 * * * *', timeZone: 'UTC', sources: { kind: 'uploads' } },
  });
  const sameDay = await comeDue(id);
  expect(sameDay).toMatchObject({
    outcome: 'unchanged',
    askedBy: null,
    run: null,
    sentence: 'licenses.csv and crm.csv. The same two files as in run 1. Nothing new to compare today.',
  });
  await pool.query("update reconciliation set created_at = created_at - interval '1 day'");
  const nextDay = await comeDue(id);
  expect(nextDay).toMatchObject({
    outcome: 'started',
    sentence: 'licenses.csv and crm.csv. The same two files as in run 1.',
    run: { number: 2, state: 'done' },
  });
  const { rows } = await pool.query('select created_by from reconciliation where number = 2');
  expect(rows).toEqual([{ created_by: 'Schedule Hourly' }]);
});

test('a job that is sent twice after a crash starts nothing a second time', async () => {
  const people = testPeople(12);
  await server.compare(licensesCsv(people), crmCsv(people));
  await pool.query("update reconciliation set created_at = created_at - interval '1 day'");
  const { id } = await server.ok<Schedule>('createSchedule', {
    body: { name: 'Twice', cron: '0 * * * *', timeZone: 'UTC', sources: { kind: 'uploads' } },
  });
  const run = await comeDue(id);
  expect(run.run?.state).toBe('done');
  const { rows } = await pool.query<{ workspace_id: string; contract_id: string }>('select workspace_id, contract_id from contract');
  const data = { workspaceId: rows[0]!.workspace_id, contractId: rows[0]!.contract_id, scheduleId: id, dueAt: run.dueAt };
  const job = await engine.send(pool, 'run-schedule', data);
  await expect
    .poll(async () => (await pool.query('select state from pgboss.job where id = $1', [job])).rows[0]?.state, { timeout: 30_000 })
    .toBe('completed');
  const runs = await server.ok<{ rows: { createdBy: string }[] }>('listReconciliations');
  expect(runs.rows.filter(({ createdBy }) => createdBy === 'Schedule Twice')).toHaveLength(1);
});
