import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { scheduleQueue } from '../../../server/jobs/run-schedule.ts';
import { tickSchedules } from '../../../server/jobs/tick-schedules.ts';
import { listOpenAlarms } from '../../../server/store/alarm.ts';
import { openPool, transaction } from '../../../server/store/database.ts';
import { type Engine, startEngine } from '../../../server/store/engine.ts';
import { insertSchedule, listTicks, type ScheduleTerms, settleTick, updateSchedule } from '../../../server/store/schedule.ts';
import { createFirstWorkspace, type Workspace } from '../../../server/store/workspace.ts';
import { createTestDatabase } from '../../postgres.ts';

let pool: pg.Pool;
let engine: Engine;
let scope: Workspace;
beforeAll(async () => {
  const database = await createTestDatabase();
  pool = openPool(database.appUrl, () => {});
  engine = await startEngine({ url: database.appUrl, onError: () => {} });
  scope = await createFirstWorkspace(pool, { workspace: 'Test', contract: 'Test' });
});
afterAll(async () => {
  await engine?.stop();
  await pool?.end();
});
beforeEach(async () => {
  await pool.query('delete from schedule');
  await pool.query('delete from alarm');
  await pool.query(`delete from pgboss.job where name = '${scheduleQueue.name}'`);
});

const terms: ScheduleTerms = {
  name: 'Nightly',
  cron: '0 7 * * *',
  timeZone: 'Europe/Berlin',
  sources: { kind: 'uploads' },
  enabled: true,
  maxAgeDays: 7,
  catchUpHours: 24,
  graceHours: 2,
  autoRepair: false,
};

const add = (change: Partial<ScheduleTerms> = {}, from = '2026-11-20T12:00:00Z') =>
  transaction(pool, (client) => insertSchedule(client, scope, 'Admin', { ...terms, ...change }, new Date(from)));
const change = (id: string, to: Partial<ScheduleTerms>, now: string) =>
  transaction(pool, (client) => updateSchedule(client, scope, 'Admin', id, { ...terms, ...to }, new Date(now)));
const tick = (now: string) =>
  tickSchedules({
    pool,
    engine,
    now: () => new Date(now),
    logError: (error) => {
      throw error;
    },
  });
const outcomes = async (id: string) =>
  (await listTicks(pool, scope, id, 20)).map(({ dueAt, outcome, passed }) => [dueAt.slice(0, 16), outcome, passed]);
const jobs = async () => {
  const { rows } = await pool.query<{ data: { dueAt: string } }>(
    `select data from pgboss.job where name = '${scheduleQueue.name}' order by data->>'dueAt'`,
  );
  return rows.map(({ data }) => data.dueAt.slice(0, 16));
};

describe('a due time', () => {
  test('sends one job, however often it is looked at', async () => {
    const id = await add();
    await tick('2026-11-21T05:59:59Z');
    expect(await outcomes(id)).toEqual([]);
    await tick('2026-11-21T06:00:00Z');
    await tick('2026-11-21T06:00:30Z');
    await tick('2026-11-21T09:00:00Z');
    expect(await outcomes(id)).toEqual([['2026-11-21T06:00', 'sent', 0]]);
    expect(await jobs()).toEqual(['2026-11-21T06:00']);
  });

  test('sends one job when many look at once', async () => {
    const id = await add();
    await Promise.all(Array.from({ length: 8 }, () => tick('2026-11-21T06:00:05Z')));
    expect(await outcomes(id)).toEqual([['2026-11-21T06:00', 'sent', 0]]);
    expect(await jobs()).toHaveLength(1);
  });

  test('comes once on the day 02:30 does not exist, and once on the day it exists twice', async () => {
    const spring = await add({ cron: '30 2 * * *' }, '2027-03-27T12:00:00Z');
    for (const now of ['2027-03-28T00:59:00Z', '2027-03-28T01:00:00Z', '2027-03-28T01:30:00Z', '2027-03-28T02:30:00Z']) await tick(now);
    expect(await outcomes(spring)).toEqual([['2027-03-28T01:30', 'sent', 0]]);
    const autumn = await add({ cron: '30 2 * * *' }, '2027-10-30T12:00:00Z');
    for (const now of ['2027-10-31T00:30:00Z', '2027-10-31T01:30:00Z', '2027-10-31T02:30:00Z']) await tick(now);
    expect(await outcomes(autumn)).toEqual([['2027-10-31T00:30', 'sent', 0]]);
  });

  test('before the schedule was made, changed or switched on again does not count', async () => {
    const id = await add({}, '2026-11-21T06:30:00Z');
    await tick('2026-11-21T07:00:00Z');
    await change(id, { cron: '0 6 * * *' }, '2026-11-21T08:00:00Z');
    await tick('2026-11-21T08:00:00Z');
    await change(id, { cron: '0 6 * * *', enabled: false }, '2026-11-21T09:00:00Z');
    await tick('2026-11-22T09:00:00Z');
    await change(id, { cron: '0 6 * * *' }, '2026-11-22T10:00:00Z');
    await tick('2026-11-22T10:00:00Z');
    expect(await outcomes(id)).toEqual([]);
    await tick('2026-11-23T05:00:00Z');
    expect(await outcomes(id)).toEqual([['2026-11-23T05:00', 'sent', 0]]);
  });
});

describe('a due time at which no server ran', () => {
  test('is made up for once within the limit, and those before it are counted', async () => {
    const id = await add({ cron: '0 * * * *', timeZone: 'UTC' }, '2026-11-20T12:30:00Z');
    await tick('2026-11-20T13:00:00Z');
    await tick('2026-11-20T19:40:00Z');
    await tick('2026-11-20T19:41:00Z');
    expect(await outcomes(id)).toEqual([
      ['2026-11-20T19:00', 'sent', 5],
      ['2026-11-20T13:00', 'sent', 0],
    ]);
    expect(await jobs()).toEqual(['2026-11-20T13:00', '2026-11-20T19:00']);
  });

  test('is noted as missed beyond it, and never run', async () => {
    const id = await add({ cron: '0 7 * * 1', timeZone: 'UTC' });
    await tick('2026-11-24T06:59:00Z');
    expect(await outcomes(id)).toEqual([['2026-11-23T07:00', 'sent', 0]]);
    await tick('2026-12-01T07:00:00Z');
    await tick('2026-12-01T07:01:00Z');
    expect(await outcomes(id)).toEqual([
      ['2026-11-30T07:00', 'missed', 0],
      ['2026-11-23T07:00', 'sent', 0],
    ]);
    expect(await jobs()).toEqual(['2026-11-23T07:00']);
    const [missed] = await listTicks(pool, scope, id, 1);
    expect(missed?.sentence).toBe('No server ran then, and more than 24 hours have passed.');
  });
});

describe('the alarm of a missing run', () => {
  const alarms = async () =>
    (await listOpenAlarms(pool, scope)).map(({ kind, subject, sentence, href }) => ({ kind, subject, sentence, href }));
  const settle = (id: string, dueAt: string, outcome: 'unchanged' | 'refused', sentence: string | null = null) =>
    settleTick(pool, scope, { scheduleId: id, dueAt }, { outcome, sentence, reconciliationId: null });

  test('rings after the grace with what stood in the way, and ends with the next run that compares', async () => {
    const id = await add();
    // The tick says by this machine's clock when it tried; the due times lie before that.
    await tick('2026-11-21T06:00:00Z');
    await pool.query("update schedule_tick set created_at = '2026-11-21T06:00:00Z'");
    await settle(id, '2026-11-21T06:00:00Z', 'refused', 'There is no CSV file in “linkedin”.');
    await tick('2026-11-21T07:59:00Z');
    expect(await alarms()).toEqual([]);
    await tick('2026-11-21T08:00:00Z');
    await tick('2026-11-21T08:01:00Z');
    expect(await alarms()).toEqual([
      {
        kind: 'no-run',
        subject: id,
        href: '/schedule',
        sentence: 'The schedule Nightly was due on 21 November, 07:00, and nothing was compared since. There is no CSV file in “linkedin”.',
      },
    ]);
    await tick('2026-11-22T06:00:00Z');
    await settle(id, '2026-11-22T06:00:00Z', 'unchanged');
    await tick('2026-11-22T06:01:00Z');
    expect(await alarms()).toEqual([]);
  });

  test('does not ring for the run that makes up for an outage', async () => {
    await add();
    await tick('2026-11-22T03:00:00Z');
    await pool.query("update schedule_tick set created_at = '2026-11-22T03:00:00Z'");
    await tick('2026-11-22T03:01:00Z');
    expect(await alarms()).toEqual([]);
    await tick('2026-11-22T05:00:00Z');
    expect(await alarms()).toHaveLength(1);
  });
});
