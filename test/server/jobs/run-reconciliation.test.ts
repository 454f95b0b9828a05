import { readdir, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { People, Reconciliation } from '../../../server/api.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

// Whole servers start here, several in a test: a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const open: TestServer[] = [];
async function started(...given: Parameters<typeof startTestServer>): Promise<TestServer> {
  const server = await startTestServer(...given);
  open.push(server);
  return server;
}
afterEach(async () => {
  for (const server of open.splice(0)) await server.stop();
});

const people = testPeople(30);
const broken = testPeople(30, (index) => index < 12);
const full = (server: TestServer, id: string) => server.ok<Reconciliation>('getReconciliation', { params: { id } });

describe('a held run', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    await server.compare(licensesCsv(people), crmCsv(people));
  });
  afterAll(() => server?.stop());

  test('that is discarded says who did it and leaves what was', async () => {
    const held = await server.compare(licensesCsv(broken), crmCsv(broken));
    await server.ok('answerReconciliation', { params: { id: held.id }, body: { answer: 'discard' } });
    expect(await full(server, held.id)).toMatchObject({ state: 'refused', refusal: 'Discarded by Admin: nothing was stored.' });
    expect((await server.ok<People>('listPeople')).rows.every(({ status }) => status === 'matched')).toBe(true);
  });

  test('waits with one question when many people change status at once, and stores nothing meanwhile', async () => {
    const held = await server.compare(licensesCsv(broken), crmCsv(broken));
    expect(await full(server, held.id)).toMatchObject({
      state: 'held',
      summary: null,
      question: { id: 'odd-run', sentence: '12 of 30 people changed status at once. Was this the wrong file or org, or a domain change?' },
    });
    expect((await server.ok<People>('listPeople', { query: { status: 'not-matched' } })).total).toBe(0);
    expect(await server.ok('getOverview')).toMatchObject({ underWay: { id: held.id, state: 'held' }, latest: { number: 1 } });

    await server.ok('answerReconciliation', { params: { id: held.id }, body: { answer: 'release', reason: 'the domain changed' } });
    expect(await server.settled(held.id)).toMatchObject({ state: 'done' });
    expect((await server.ok<People>('listPeople', { query: { status: 'not-matched' } })).total).toBe(12);
    const again = { params: { id: held.id }, body: { answer: 'discard' } };
    expect((await server.refused('answerReconciliation', again)).status).toBe(409);
  });

  test('four people of thirty are not odd: one person may always change', async () => {
    const more = testPeople(30, (index) => index < 16);
    expect(await server.compare(licensesCsv(more), crmCsv(more))).toMatchObject({ state: 'done' });
    expect((await server.ok<People>('listPeople', { query: { status: 'not-matched' } })).total).toBe(16);
  });

  test('asks about a sandbox before anything is stored, unless that was answered in advance', async () => {
    const server = await started();
    const sandbox = people.map((person) => ({ ...person, crm: `${person.crm}.invalid` }));
    const held = await server.compare(licensesCsv(sandbox), crmCsv(sandbox));
    expect(held).toMatchObject({ state: 'held', question: { id: 'sandbox' } });
    const released = await server.compare(licensesCsv(sandbox), crmCsv(sandbox), { answers: { sandbox: 'release' } });
    expect(released.state).toBe('done');
    expect(await server.ok('getOverview')).toMatchObject({
      banners: expect.arrayContaining([expect.objectContaining({ kind: 'sandbox' })]),
    });
    expect(await server.ok('listFiles', { params: { id: released.id } })).toMatchObject({ refusal: expect.stringContaining('sandbox') });
  });
});

describe('one run after the other', () => {
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  const spans = async (server: TestServer) => {
    const db = new pg.Client({ connectionString: server.database.appUrl });
    await db.connect();
    const { rows } = await db.query<{ from_run: number; n: number }>(
      'select from_run, count(*)::int as n from finding group by from_run order by from_run',
    );
    await db.end();
    return rows.map(({ from_run, n }) => [from_run, n]);
  };

  test('writes nobody anew while newer exports show the same: not for history, nor for since, nor for what LinkedIn showed', async () => {
    const server = await started();
    // Half of them with LinkedIn's own status.
    const lines = licensesCsv(people).trimEnd().split('\n');
    const exported = lines.map((line, k) => `${line},${k === 0 ? 'crm_sync_status' : k % 2 === 0 ? 'Matched' : ''}`).join('\n');
    for (const days of [4, 3, 2, 1]) {
      expect(await server.compare(`${exported}\n`, crmCsv(people), { exportedAt: daysAgo(days) })).toMatchObject({ state: 'done' });
    }
    expect(await spans(server)).toEqual([[1, 30]]);
    const { rows } = await server.ok<People>('listPeople', { query: { limit: '100' } });
    const agreeing = rows.filter(({ reason }) => reason === 'emails-agree');
    expect(agreeing).toHaveLength(15);
    for (const { since, sentence } of agreeing) {
      expect(since.slice(0, 10)).toBe(daysAgo(4).slice(0, 10));
      expect(sentence).toMatch(/^The emails agree since \d+ \w+ \d{4}\. We have not seen/u);
    }
    for (const { observed } of rows.filter(({ reason }) => reason === 'in-sync')) {
      expect(observed.at?.slice(0, 10)).toBe(daysAgo(1).slice(0, 10));
    }
  });

  test('says of a repaired person that the emails agree since the export that first showed it', async () => {
    const server = await started();
    const few = testPeople(30, (index) => index < 2);
    for (const [days, list] of [
      [3, few],
      [2, people],
      [1, people],
    ] as const) {
      await server.compare(licensesCsv(list), crmCsv(list), { exportedAt: daysAgo(days) });
    }
    expect(await spans(server)).toEqual([
      [1, 30],
      [2, 2],
    ]);
    const [repaired] = (await server.ok<People>('listPeople', { query: { search: people[0]!.crm! } })).rows;
    expect(repaired!.since.slice(0, 10)).toBe(daysAgo(2).slice(0, 10));
    expect(repaired!.sentence).toContain(`since ${new Date(daysAgo(2)).getUTCDate()} `);
  });
});

describe('a run that cannot be done', () => {
  test('because a file is gone from the disk is refused with a sentence', async () => {
    const server = await started();
    const [licenses, crm] = [await server.upload('licenses', licensesCsv(people)), await server.upload('crm', crmCsv(people))];
    await rm(path.join(server.dataDir, 'uploads', `${crm}.csv`));
    const { id } = await server.ok<{ id: string }>('createReconciliation', { body: { licenses, crm } });
    const run = await server.settled(id);
    expect(run.state).toBe('refused');
    expect(run.refusal).toMatch(/crm\.csv.*\.$/u);
  });
});

describe('a process that dies', () => {
  let first: TestServer;
  let second: TestServer;
  let begun: string;
  let given: string;
  let kept: string;
  const uploadsOf = () => path.join(first.dataDir, 'uploads');

  // One start takes up all that was left behind.
  beforeAll(async () => {
    first = await startTestServer();
    given = (await first.compare(licensesCsv(people), crmCsv(people))).id;
    begun = (await first.compare(licensesCsv(people), crmCsv(people))).id;
    kept = `${await first.upload('crm', crmCsv(people))}.csv`;
    // What a crash in the middle leaves: the row says running, and the engine has no job for it that lives.
    const db = new pg.Client({ connectionString: first.database.appUrl });
    await db.connect();
    await db.query("update reconciliation set state = 'running', summary = null, progress = 0.5 where reconciliation_id = $1", [begun]);
    await db.query("update reconciliation set state = 'running', attempts = 3 where reconciliation_id = $1", [given]);
    await db.end();
    await writeFile(path.join(uploadsOf(), 'left.part'), 'half a fi');
    await writeFile(path.join(uploadsOf(), 'young.part'), 'on its way');
    const long = new Date(Date.now() - 7_200_000);
    for (const name of ['left.part', kept]) await utimes(path.join(uploadsOf(), name), long, long);
    second = await startTestServer({ dataDir: first.dataDir }, first.database);
  });
  afterAll(async () => {
    await second?.stop();
    await first?.stop();
  });

  test('leaves a running row behind, which the next start takes up and ends', async () => {
    expect(await second.settled(begun)).toMatchObject({ state: 'done' });
  });

  test('again and again over the same run makes it refused, not tried for ever', async () => {
    expect(await second.settled(given)).toMatchObject({ state: 'refused', refusal: expect.stringContaining('given up') });
  });

  test('in the middle of an upload leaves a part that the next start removes', async () => {
    const left = await readdir(uploadsOf());
    expect(left).not.toContain('left.part');
    expect(left).toEqual(expect.arrayContaining([kept, 'young.part']));
    // The two files of each of the two runs, and these.
    expect(left).toHaveLength(6);
  });
});

describe('several runs asked for at once', () => {
  test('are done one after the other, each saved under a number of its own, also by two processes', async () => {
    const first = await started();
    const second = await started({ dataDir: first.dataDir }, first.database);
    const [licenses, crm] = [await first.upload('licenses', licensesCsv(people)), await first.upload('crm', crmCsv(people))];
    const asked = await Promise.all(
      [first, second, first, second].map((server) => server.ok<{ id: string }>('createReconciliation', { body: { licenses, crm } })),
    );
    const ended = await Promise.all(asked.map(({ id }) => first.settled(id)));
    expect(ended.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done']);
    const runs = await Promise.all(asked.map(({ id }) => full(first, id)));
    expect(new Set(runs.map(({ number }) => number)).size).toBe(4);
    expect((await first.ok<People>('listPeople')).total).toBe(30);
  });
});
