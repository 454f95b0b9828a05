import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endAlarm, raiseAlarm } from '../../../server/jobs/raise-alarm.ts';
import { listOpenAlarms, type NewAlarm } from '../../../server/store/alarm.ts';
import { openPool, transaction } from '../../../server/store/database.ts';
import { type Engine, startEngine } from '../../../server/store/engine.ts';
import { listMails } from '../../../server/store/mail.ts';
import { writeSettings } from '../../../server/store/setting.ts';
import { createFirstWorkspace, type Workspace } from '../../../server/store/workspace.ts';
import { createTestDatabase } from '../../postgres.ts';

const failures: Error[] = [];

describe('an alarm', () => {
  let pool: pg.Pool;
  let engine: Engine;
  let scope: Workspace;

  beforeEach(async () => {
    const { appUrl } = await createTestDatabase();
    pool = openPool(appUrl, (error) => failures.push(error));
    engine = await startEngine({ url: appUrl, onError: (error) => failures.push(error) });
    scope = await createFirstWorkspace(pool, { workspace: 'Acme', contract: 'Sales Navigator' });
    await writeSettings(pool, scope, 'Admin', { alarmRecipients: ['ops@acme.example', 'boss@acme.example'] });
  });

  afterEach(async () => {
    await engine.stop({ timeoutMs: 1000 });
    await pool.end();
    expect(failures).toEqual([]);
  });

  const noLicense: NewAlarm = {
    kind: 'no-license',
    subject: 'plan 1 sitting 0',
    level: 'red',
    sentence: 'Anna has no license since {since}.',
    label: 'Give everyone back',
    href: '/plans/1',
    since: '2026-11-25T10:14:00.000Z',
  };
  const raise = (alarm: NewAlarm) => transaction(pool, (tx) => raiseAlarm(tx, engine, scope, alarm));
  const end = (subject = noLicense.subject) => transaction(pool, (tx) => endAlarm(tx, engine, scope, 'no-license', subject));
  const mails = async () => (await listMails(pool, scope, { before: null, limit: 50 })).toReversed();

  test('is open once for its kind and subject, and mailed once to each recipient', async () => {
    await raise(noLicense);
    await raise(noLicense);
    expect(await listOpenAlarms(pool, scope)).toMatchObject([{ ...noLicense, level: 'red' }]);
    expect(await mails()).toMatchObject([
      { kind: 'alarm', to: { address: 'ops@acme.example' }, subject: 'Anna has no license since 10:14 UTC.', urgent: true },
      { kind: 'alarm', to: { address: 'boss@acme.example' }, action: { label: 'Give everyone back', href: '/plans/1' } },
    ]);
  });

  test('that two processes raise at once is one', async () => {
    await Promise.all(Array.from({ length: 8 }, () => raise(noLicense)));
    expect(await listOpenAlarms(pool, scope)).toHaveLength(1);
    expect(await mails()).toHaveLength(2);
  });

  test('says what holds now, and counts from the earliest beginning', async () => {
    await raise({ ...noLicense, sentence: 'Anna and Bo have no license since {since}.', since: '2026-11-25T10:20:00.000Z' });
    await raise({ ...noLicense, since: '2026-11-25T10:14:00.000Z' });
    await raise({ ...noLicense, since: '2026-11-25T10:30:00.000Z' });
    expect(await listOpenAlarms(pool, scope)).toMatchObject([
      { sentence: 'Anna has no license since {since}.', since: '2026-11-25T10:14:00.000Z' },
    ]);
  });

  test('raised without mail is mailed when it is raised again with mail', async () => {
    await raise({ ...noLicense, mail: 'later' });
    expect(await mails()).toEqual([]);
    await raise(noLicense);
    await raise({ ...noLicense, mail: 'later' });
    expect(await mails()).toHaveLength(2);
  });

  test('that is over leaves the list and is told once to those who got its mail', async () => {
    await raise(noLicense);
    expect(await end()).toBe(true);
    expect(await end()).toBe(false);
    expect(await listOpenAlarms(pool, scope)).toEqual([]);
    expect((await mails()).map(({ kind }) => kind)).toEqual(['alarm', 'alarm', 'alarm-ended', 'alarm-ended']);
  });

  test('that nobody was mailed ends without mail', async () => {
    await raise({ ...noLicense, mail: 'later' });
    expect(await end()).toBe(true);
    expect(await mails()).toEqual([]);
  });

  test('can come back after its end, and is mailed again', async () => {
    await raise(noLicense);
    await end();
    await raise(noLicense);
    expect(await listOpenAlarms(pool, scope)).toHaveLength(1);
    expect((await mails()).filter(({ kind }) => kind === 'alarm')).toHaveLength(4);
  });

  test('of a transaction that rolled back was never raised', async () => {
    const failing = transaction(pool, async (tx) => {
      await raiseAlarm(tx, engine, scope, noLicense);
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    expect(await listOpenAlarms(pool, scope)).toEqual([]);
    expect(await mails()).toEqual([]);
  });

  test('is red before it is orange, the oldest first', async () => {
    const orange = { ...noLicense, level: 'orange' as const, kind: 'no-run' as const, since: '2026-11-25T08:00:00.000Z' };
    await raise(orange);
    await raise({ ...noLicense, subject: 'b', since: '2026-11-25T10:00:00.000Z' });
    await raise({ ...noLicense, subject: 'a', since: '2026-11-25T09:00:00.000Z' });
    expect((await listOpenAlarms(pool, scope)).map(({ subject, level }) => [subject, level])).toEqual([
      ['a', 'red'],
      ['b', 'red'],
      [orange.subject, 'orange'],
    ]);
  });

  test('stands in the audit log with beginning and end', async () => {
    await raise(noLicense);
    await end();
    const { rows } = await pool.query("select action, subject from audit where action like 'alarm%' order by audit_id");
    expect(rows).toEqual([
      { action: 'alarm raised', subject: noLicense.subject },
      { action: 'alarm ended', subject: noLicense.subject },
    ]);
  });
});
