import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Job, Mails, Plan, Rematch } from '../../../server/api.ts';
import { remindOfContracts } from '../../../server/jobs/remind-of-contracts.ts';
import { type OtherClock, otherClock } from '../other-clock.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

vi.setConfig({ testTimeout: 60_000 });

const people = testPeople(40, (index) => index < 4);

let server: TestServer;
let clock: OtherClock;
beforeAll(async () => {
  server = await startTestServer();
  await server.ok('changeSettings', { body: { alarmRecipients: ['ops@acme.example'] } });
  await server.compare(licensesCsv(people), crmCsv(people), { adminCenterCount: 40 });
  clock = await otherClock(server);
});
afterAll(async () => {
  await clock?.stop();
  await server?.stop();
});

/** A plan for some people, its file downloaded. */
async function downloaded(indices: readonly number[], more: object): Promise<{ id: string; name: string }> {
  const licenseIds = indices.map((index) => `LIC-${people[index]!.id}`);
  const { id } = await server.ok<{ id: string }>('createPlan', { body: { licenseIds, ...more } });
  const { seal } = await server.ok<Plan>('getPlan', { params: { id } });
  await server.ok('approvePlan', { params: { id }, body: { seal } });
  const { name } = (await server.ok<Job>('getJob', { params: { id } })).tasks[0]!;
  await server.ok('downloadFile', { params: { id, name } });
  return { id, name };
}

/** The mails that came since the last time, oldest first: to whom, and what about. */
let read = 0;
async function news(): Promise<[string, string][]> {
  const { rows } = await server.ok<Mails>('listMails');
  const fresh = rows.slice(0, rows.length - read).toReversed();
  read = rows.length;
  return fresh.map(({ to, subject }) => [to.address, subject]);
}

describe('a file that was downloaded and of which nobody says anything', () => {
  let file: { id: string; name: string };
  beforeAll(async () => {
    file = await downloaded([0, 1], { assignee: 'carla@acme.example', backup: 'ben@acme.example' });
  });

  test.each([
    [0.9, []],
    [1, [['carla@acme.example', 'yesterday']]],
    [1.1, []],
    [2.9, []],
    [3, [['carla@acme.example', '3 days ago']]],
    [7, [['carla@acme.example', '7 days ago']]],
    [10, [['ben@acme.example', '10 days ago']]],
    [13.9, []],
  ] as const)('after %s days brings reminders once each', async (days, expected) => {
    await clock.lookAt(file.id, days + 0.001);
    await clock.lookAt(file.id, days + 0.002);
    expect(await news()).toEqual(expected.map(([to, ago]) => [to, `You downloaded ${file.name} ${ago}. Uploaded?`]));
  });

  test('is stopped after 14 days: both are told that nothing was removed, and the people are free for another plan', async () => {
    await clock.lookAt(file.id, 14.01);
    await clock.lookAt(file.id, 14.02);
    expect(await news()).toEqual([
      ['carla@acme.example', `${file.name} was stopped: nothing was removed`],
      ['ben@acme.example', `${file.name} was stopped: nothing was removed`],
    ]);
    expect((await server.ok<Plan>('getPlan', { params: { id: file.id } })).state).toBe('done');
    const { rows } = await server.ok<{ rows: Rematch[] }>('listRematches', { query: { planId: file.id } });
    expect(rows.map(({ ended }) => ended)).toEqual(['left-out', 'left-out']);
  });
});

describe('a file that was proven', () => {
  test('brings one request for a new export once LinkedIn’s daily job has run, to the alarm recipients where a name has no address', async () => {
    const { id, name } = await downloaded([2, 3], {});
    await server.ok('sayOfFile', { params: { id, name }, body: { said: 'uploaded' } });
    const changed = people.map((person, index) => (index === 2 || index === 3 ? { ...person, license: person.crm! } : person));
    await server.ok('bringProof', { params: { id }, query: { name: 'export.csv' }, raw: licensesCsv(changed) });
    await clock.lookAt(id, 0.9);
    expect(await news()).toEqual([]);
    await clock.lookAt(id, 1.1);
    await clock.lookAt(id, 1.2);
    expect(await news()).toEqual([['ops@acme.example', 'Bring a new export: has LinkedIn matched 2 people?']]);
    await clock.lookAt(id, 4.1);
    expect(await news()).toHaveLength(1);
  });
});

describe('a contract', () => {
  test('whose people waited for assignments is told on the first of the next month, once', async () => {
    const month = new Date().toISOString().slice(0, 7);
    await server.ok('changeSettings', { body: { assignments: { month, limit: 3, used: 0 } } });
    // Theirs are the emails that agree: only the whole procedure is left for them.
    const changed = people.map((person) => ({ ...person, license: person.crm! }));
    await server.compare(licensesCsv(changed), crmCsv(people), { adminCenterCount: 40 });
    const licenseIds = people.slice(10, 16).map(({ id }) => `LIC-${id}`);
    const { id } = await server.ok<{ id: string }>('createPlan', { body: { licenseIds, mode: 'full', assignee: 'carla@acme.example' } });
    const { seal, leftOut } = await server.ok<Plan>('getPlan', { params: { id } });
    expect(leftOut.filter(({ code }) => code === 'ledger')).toHaveLength(4);
    await server.ok('approvePlan', { params: { id }, body: { seal } });
    const [year, number] = month.split('-').map(Number) as [number, number];
    const first = (Date.UTC(year, number, 1) - Date.now()) / 86_400_000;
    await news();
    for (const days of [first - 0.1, first + 0.1, first + 0.2]) {
      clock.setDays(days);
      await remindOfContracts(clock.desk);
    }
    const waves = (await news()).filter(([, subject]) => subject.includes('could not be repaired'));
    expect(waves).toEqual([
      ['carla@acme.example', expect.stringMatching(/^4 people could not be repaired in \p{Lu}\p{Ll}+\. Next on 1 /u)],
    ]);
  });
});
