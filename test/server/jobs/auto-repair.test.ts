import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Alarms, Mails, PlanRow, Schedule } from '../../../server/api.ts';
import { learnQueue } from '../../../server/jobs/learn-from-run.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

vi.setConfig({ testTimeout: 60_000 });

const company = (differing: number) => testPeople(40, (index) => index < differing);

let server: TestServer;
let careful: string;
let daring: string;
let db: pg.Client;
beforeAll(async () => {
  server = await startTestServer();
  db = new pg.Client({ connectionString: server.database.url });
  await db.connect();
  await server.ok('changeSettings', { body: { alarmRecipients: ['ops@acme.example'] } });
  await bring(3);
  const terms = { cron: '0 7 * * 1', timeZone: 'UTC', sources: { kind: 'uploads' }, enabled: false };
  const make = async (more: object) => (await server.ok<Schedule>('createSchedule', { body: { ...terms, ...more } })).id;
  [careful, daring] = [await make({ name: 'Careful' }), await make({ name: 'Nightly', autoRepair: true })];
});
afterAll(async () => {
  await db?.end();
  await server?.stop();
});

async function bring(differing: number): Promise<void> {
  const people = company(differing);
  // One whom nothing but the name tells: never repaired without a person.
  const licenses = licensesCsv(people).replace('"E0003","active"', '"","active"');
  await server.upload('licenses', licenses);
  await server.upload('crm', crmCsv(people));
}

/** Runs a schedule, and waits until its comparison is done or has a question. */
async function run(id: string): Promise<NonNullable<Schedule['runs'][number]['run']>> {
  const { runs } = await server.ok<Schedule>('runSchedule', { params: { id } });
  const { dueAt } = runs[0]!;
  return until(async () => {
    const now = await server.ok<Schedule>('getSchedule', { params: { id } });
    const asked = now.runs.find((one) => one.dueAt === dueAt);
    return asked?.run && !['queued', 'running'].includes(asked.run.state) ? asked.run : null;
  });
}

async function until<Value>(ask: () => Promise<Value | null>): Promise<Value> {
  for (;;) {
    const value = await ask();
    if (value !== null) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const plans = async () => (await server.ok<{ rows: PlanRow[] }>('listPlans')).rows;

describe('a scheduled comparison', () => {
  test('repairs by itself only where that is switched on, and only people who are surely known', async () => {
    expect(await server.ok('getSchedule', { params: { id: careful } })).toMatchObject({ autoRepair: false });
    await run(careful);
    await run(daring);
    const plan = await until(async () => (await plans()).find(({ state }) => state === 'running') ?? null);
    expect(plan).toMatchObject({
      number: 1,
      mode: 'email-first',
      people: 2,
      createdBy: 'Schedule Nightly',
      approvedBy: 'Schedule Nightly',
      assignee: 'Admin',
      price: '2 license emails change. No invitation is sent and no license is removed.',
    });
    expect(await plans()).toHaveLength(1);
  });

  test('tells the named person once that a file waits', async () => {
    const mail = await until(async () => {
      const { rows } = await server.ok<Mails>('listMails');
      return rows.length > 0 ? rows : null;
    });
    expect(mail).toEqual([
      expect.objectContaining({ kind: 'reminder', to: expect.anything(), subject: 'A file waits for you: 2 license emails to correct' }),
    ]);
  });

  test('plans nothing while a repair is under way, and nothing past a limit: that is an alarm', async () => {
    await run(daring);
    // What follows from a run is a job of its own.
    await until(async () => {
      const { rows } = await db.query("select from pgboss.job where name = $1 and state in ('created', 'retry', 'active')", [
        learnQueue.name,
      ]);
      return rows.length === 0 ? true : null;
    });
    const [first] = await plans();
    await server.ok('cancelPlan', { params: { id: first!.id } });
    await bring(20);
    const held = await run(daring);
    expect(held.state).toBe('held');
    await server.ok('answerReconciliation', { params: { id: held.id }, body: { answer: 'release' } });
    const alarm = await until(async () => (await server.ok<Alarms>('listAlarms')).rows[0] ?? null);
    expect(alarm.sentence).toMatch(/^The schedule Nightly repaired nobody\. This plan changes 19 of 40 people; your limit is 10\./u);
    expect(alarm.href).toBe(`/runs/${held.id}`);
    expect(await plans()).toHaveLength(1);
  });

  test('repairs again, and the alarm ends, once few enough differ', async () => {
    await bring(2);
    const done = await run(daring);
    if (done.state === 'held') await server.ok('answerReconciliation', { params: { id: done.id }, body: { answer: 'release' } });
    await until(async () => (await plans()).find(({ number, state }) => number === 2 && state === 'running') ?? null);
    expect((await server.ok<Alarms>('listAlarms')).rows).toEqual([]);
  });
});
