import { mkdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { People, Person, PersonCheck, Reconciliation, Schedule, SchedulePreview, Schedules } from '../../../server/api.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

vi.setConfig({ testTimeout: 60_000 });

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

const people = testPeople(20);
const folders = (name: string) => ({ kind: 'folders', licenses: `${name}/linkedin`, crm: `${name}/crm` });
const body = { name: 'Nightly', cron: '0 7 * * 1-5', timeZone: 'Europe/Berlin', sources: { kind: 'uploads' } };
const create = (change: object = {}) => server.ok<Schedule>('createSchedule', { body: { ...body, ...change } });
const get = (id: string) => server.ok<Schedule>('getSchedule', { params: { id } });

/** Puts a file into a watched folder, as old as said. */
async function put(folder: string, name: string, text: string, minutes = 10): Promise<void> {
  const file = path.join(server.dataDir, 'watched', folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
  const time = new Date(Date.now() - minutes * 60_000);
  await utimes(file, time, time);
}

/** Runs it now, and waits for what became of it; a run that started is waited for as well. */
async function runNow(id: string): Promise<Schedule['runs'][number]> {
  const asked = await server.ok<Schedule>('runSchedule', { params: { id } });
  const { dueAt } = asked.runs[0]!;
  for (;;) {
    const run = (await get(id)).runs.find((each) => each.dueAt === dueAt);
    if (run && run.outcome !== 'sent' && !['queued', 'running'].includes(run.run?.state ?? '')) return run;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a schedule', () => {
  test('is made with the rest by default, says its times in words, and when it comes next', async () => {
    const made = await create();
    expect(made).toMatchObject({
      enabled: true,
      maxAgeDays: 7,
      catchUpHours: 24,
      graceHours: 2,
      words: 'Every weekday at 07:00',
      runs: [],
    });
    expect(made.createdBy).toBe('Admin');
    const next = new Date(made.next!);
    expect(next.getTime()).toBeGreaterThan(Date.now());
    expect(new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', timeStyle: 'short' }).format(next)).toBe('07:00');
    expect((await server.ok<Schedules>('listSchedules')).watchDir).toBe(path.join(server.dataDir, 'watched'));
  });

  test('is changed in part, switched off, and deleted', async () => {
    const { id } = await create({ name: 'To go' });
    const off = await server.ok<Schedule>('changeSchedule', { params: { id }, body: { enabled: false } });
    expect(off).toMatchObject({ name: 'To go', enabled: false, next: null, words: 'Every weekday at 07:00' });
    const moved = await server.ok<Schedule>('changeSchedule', {
      params: { id },
      body: { enabled: true, cron: '30 6 * * *', timeZone: 'UTC' },
    });
    expect(moved.words).toBe('Every day at 06:30');
    expect(moved.next).toMatch(/T06:30:00\.000Z$/u);
    await server.ok('deleteSchedule', { params: { id } });
    expect(await server.refused('getSchedule', { params: { id } })).toMatchObject({ status: 404 });
    expect(await server.refused('deleteSchedule', { params: { id } })).toMatchObject({ status: 404 });
    expect(await server.refused('changeSchedule', { params: { id }, body: { enabled: true } })).toMatchObject({ status: 404 });
    expect(await server.refused('runSchedule', { params: { id } })).toMatchObject({ status: 404 });
  });

  test.each([
    [{ cron: '* 7 * * *' }, 422, /would compare every minute/u],
    [{ cron: '0 25 * * *' }, 422, /The hour \(second place\) may be 0 to 23/u],
    [{ timeZone: 'Berlin' }, 422, /“Berlin” is not a time zone\. Use a name such as Europe\/Berlin/u],
    [{ sources: { kind: 'folders', licenses: '../../etc', crm: 'crm' } }, 422, /is not a folder below/u],
    [{ sources: { kind: 'folders', licenses: '/etc', crm: 'crm' } }, 422, /is not a folder below/u],
    [{ maxAgeDays: 0 }, 400, /maxAgeDays/u],
    [{ name: ' ' }, 400, /name/u],
    [{ sources: { kind: 'web' } }, 400, /sources/u],
  ])('with %j is refused with a sentence', async (change, status, sentence) => {
    const refused = await server.refused('createSchedule', { body: { ...body, ...change } });
    expect(refused.status).toBe(status);
    expect(refused.detail).toMatch(sentence);
  });

  test('can be looked at before it is saved', async () => {
    const preview = await server.ok<SchedulePreview>('previewSchedule', { query: { cron: '0 7 1 * *', timeZone: 'UTC' } });
    expect(preview.words).toBe('On day 1 of every month at 07:00');
    expect(preview.next).toHaveLength(5);
    expect(preview.next.every((moment) => moment.endsWith('-01T07:00:00.000Z'))).toBe(true);
    expect(await server.refused('previewSchedule', { query: { cron: '0 7', timeZone: 'UTC' } })).toMatchObject({ status: 422 });
  });
});

describe('a run asked for now', () => {
  test('compares the newest file of each watched folder, and the same pair again only with saying so', async () => {
    const { id } = await create({ name: 'Watcher', sources: folders('w1') });
    expect(await runNow(id)).toMatchObject({
      outcome: 'refused',
      run: null,
      sentence: expect.stringContaining('There is no CSV file in “w1/linkedin”'),
    });
    await put('w1/linkedin', 'october.csv', licensesCsv(people.slice(0, 10)), 90);
    await put('w1/linkedin', 'november.csv', licensesCsv(people), 30);
    await put('w1/crm', 'users.csv', crmCsv(people), 20);
    const first = await runNow(id);
    expect(first).toMatchObject({ outcome: 'started', askedBy: 'Admin', sentence: 'november.csv and users.csv.', run: { state: 'done' } });
    const run = await server.ok<Reconciliation>('getReconciliation', { params: { id: first.run!.id } });
    expect(run).toMatchObject({ files: { licenses: 'november.csv', crm: 'users.csv' }, createdBy: 'Admin' });
    expect(run.proofs?.licenses.asOf.slice(0, 16)).toBe(new Date(Date.now() - 30 * 60_000).toISOString().slice(0, 16));
    const again = await runNow(id);
    expect(again.sentence).toBe(`november.csv and users.csv. The same two files as in run ${first.run!.number}.`);
    expect(again.run?.state).toBe('done');
  });

  test('is refused when a file is older than the schedule allows', async () => {
    const { id } = await create({ name: 'Strict', sources: folders('w2'), maxAgeDays: 2 });
    await put('w2/linkedin', 'old.csv', licensesCsv(people), 3 * 24 * 60);
    await put('w2/crm', 'users.csv', crmCsv(people));
    expect((await runNow(id)).sentence).toBe(
      'The newest LinkedIn export, old.csv, is 3 days old; up to 2 are compared. Bring a new export.',
    );
  });

  test('waits for nothing: while a run of the schedule has an open question, no other starts', async () => {
    const { id } = await create({ name: 'Held', sources: folders('w3') });
    await put('w3/linkedin', 'users.csv', licensesCsv(testPeople(20, (index) => index < 12)));
    await put('w3/crm', 'users.csv', crmCsv(people));
    const held = await runNow(id);
    expect(held.run?.state).toBe('held');
    expect(await runNow(id)).toMatchObject({
      outcome: 'refused',
      sentence: `Run ${held.run!.number} still waits with a question. Answer it; the next run then compares.`,
    });
    await server.ok('answerReconciliation', { params: { id: held.run!.id }, body: { answer: 'discard' } });
  });

  test('takes the last two files that were brought, with what was said about them', async () => {
    const compared = await server.compare(licensesCsv(people), crmCsv(people), { adminCenterCount: 20, answers: { oddRun: 'release' } });
    expect(compared.state).toBe('done');
    const { id } = await create({ name: 'Last files' });
    const run = await runNow(id);
    expect(run).toMatchObject({ outcome: 'started', run: { state: 'done' } });
    const { proofs } = await server.ok<Reconciliation>('getReconciliation', { params: { id: run.run!.id } });
    expect(proofs?.licenses.expected).toBe(20);
  });
});

describe('one person now', () => {
  test('compares the newest files of the watched folders, and the person shows what they say', async () => {
    const other = await startTestServer();
    try {
      const before = testPeople(10, (index) => index === 0);
      await other.compare(licensesCsv(before), crmCsv(before));
      const { key } = (await other.ok<People>('listPeople', { query: { status: 'not-matched' } })).rows[0]!;
      expect(await other.refused('checkPerson', { params: { key: 'license:nobody' } })).toMatchObject({ status: 404 });

      // Nothing newer than the two files of the last run: said so, and compared with today's decisions.
      const same = await other.ok<PersonCheck>('checkPerson', { params: { key } });
      expect(same.sentence).toBe('licenses.csv and crm.csv. The same two files as in run 1.');
      expect((await other.settled(same.id)).state).toBe('done');

      await other.ok('createSchedule', { body: { ...body, sources: folders('p') } });
      const refused = await other.refused('checkPerson', { params: { key } });
      expect(refused).toMatchObject({ status: 422, detail: expect.stringContaining('There is no CSV file') });
      for (const [side, text] of [
        ['linkedin', licensesCsv(testPeople(10))],
        ['crm', crmCsv(testPeople(10))],
      ] as const) {
        await writeFile(path.join(other.dataDir, 'watched/p', side, 'newest.csv'), text);
      }
      const check = await other.ok<PersonCheck>('checkPerson', { params: { key } });
      expect((await other.settled(check.id)).state).toBe('done');
      const { finding } = await other.ok<Person>('getPerson', { params: { key } });
      expect(finding).toMatchObject({ status: 'matched', change: 'repaired' });
    } finally {
      await other.stop();
    }
  });
});
