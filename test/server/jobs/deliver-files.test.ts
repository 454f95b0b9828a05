import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { oracleOf } from '../../../connectors/linkedin-files/simulator/oracle.ts';
import type { Simulator } from '../../../connectors/linkedin-files/simulator.ts';
import type { Alarms, Mails, Plan, PlanRow, Rematch, Schedule } from '../../../server/api.ts';
import { startCenterOf, tellOfCompany } from '../delivered-company.ts';
import { crmCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

// A whole server and its first comparison: a busy machine takes its time.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 180_000 });

const people = testPeople(40, (index) => index < 12);

let center: Simulator;
let server: TestServer;
beforeAll(async () => {
  center = await startCenterOf(people);
  server = await startTestServer({ delivery: { baseUrl: center.url, token: center.token } });
  await tellOfCompany(server);
  expect(await server.compare(center.exportByHand().csv, crmCsv(people), { adminCenterCount: 40 })).toMatchObject({ state: 'done' });
});
afterAll(async () => {
  await server?.stop();
  await center?.close();
});

async function drafted(mode: 'email-first' | 'full', from: number, to: number): Promise<Plan> {
  const licenseIds = people.slice(from, to).map(({ id }) => `LIC-${id}`);
  const { id } = await server.ok<{ id: string }>('createPlan', { body: { mode, licenseIds } });
  const plan = await server.ok<Plan>('getPlan', { params: { id } });
  expect(plan).toMatchObject({ people: to - from, trips: [] });
  return plan;
}

const approve = ({ id, seal }: Plan) => server.ok('approvePlan', { params: { id }, body: { seal } });

const rematchesOf = async (planId: string): Promise<Rematch[]> =>
  (await server.ok<{ rows: Rematch[] }>('listRematches', { query: { planId } })).rows;
const stepsOf = async (planId: string): Promise<string[]> => (await rematchesOf(planId)).map(({ step, ended }) => ended ?? step);
const all = (word: string, count: number): string[] => Array.from({ length: count }, () => word);

/** LinkedIn's daily CRM job, now. */
function runCrmJob(): void {
  center.center.nextCrmJob = 0;
  center.act({ do: 'advance', hours: 0 });
}

const journalOf = (what: string) => oracleOf(center.center).journal.filter((entry) => entry.what === what && entry.upload !== null);

describe('with an automatic delivery', () => {
  let emails: Plan;
  let full: Plan;
  beforeAll(async () => {
    // A removal is planned on a list from after the last write: before anything is written, both can be.
    [emails, full] = [await drafted('email-first', 0, 6), await drafted('full', 6, 10)];
  });

  test('an approved plan for emails is handed over by itself, the first three first, and seen in LinkedIn', async () => {
    await approve(emails);
    await expect.poll(() => stepsOf(emails.id), { timeout: 60_000 }).toEqual(all('wait', 6));
    expect(center.center.uploads.map(({ rows, applied }) => [rows, applied])).toEqual([
      [3, 3],
      [3, 3],
    ]);
    expect(journalOf('email')).toHaveLength(6);
  });

  test('a full plan asks first, and takes nothing before somebody starts the sitting', async () => {
    await approve(full);
    await expect.poll(() => stepsOf(full.id), { timeout: 60_000 }).toEqual(all('ask-person', 4));
    for (const { id } of await rematchesOf(full.id))
      await server.ok('answerRematch', { params: { id }, body: { answer: 'confirmed', reason: 'Said so on the phone.' } });
    expect(await stepsOf(full.id)).toEqual(all('remove-license', 4));
    expect(journalOf('license-removed')).toEqual([]);
  });

  test('a sitting fetches the list that a removal rests on, takes three licenses and gives them back, and the rest waits for them', async () => {
    await server.ok('planSitting', { params: { id: full.id }, body: { plannedFor: null } });
    await expect
      .poll(async () => (await stepsOf(full.id)).toSorted(), { timeout: 60_000 })
      .toEqual([...all('onboarding', 3), 'remove-license']);
    expect(journalOf('license-removed')).toHaveLength(3);
    expect(journalOf('license-assigned')).toHaveLength(3);
    const { detail } = await server.refused('planSitting', { params: { id: full.id }, body: { plannedFor: null } });
    expect(detail).toContain('The first three people come first');
  });

  test('once the first three are back the rest follows, and LinkedIn’s own Matched ends the plan', async () => {
    center.act({ do: 'accept-all' });
    await server.ok('bringProofAnywhere', { query: { name: 'users.csv' }, raw: center.exportByHand().csv });
    await server.ok('planSitting', { params: { id: full.id }, body: { plannedFor: null } });
    await expect
      .poll(async () => (await stepsOf(full.id)).toSorted(), { timeout: 60_000 })
      .toEqual([...all('enable-crm-sync', 3), 'onboarding']);
    center.act({ do: 'accept-all' });
    runCrmJob();
    await server.ok('bringProofAnywhere', { query: { name: 'users.csv' }, raw: center.exportByHand().csv });
    expect(await stepsOf(full.id)).toEqual(all('repaired', 4));
    expect((await server.ok<Plan>('getPlan', { params: { id: full.id } })).state).toBe('done');
    const oracle = oracleOf(center.center);
    expect(oracle).toMatchObject({ withoutLicense: [], sharedEmails: [], overwritten: [] });
    expect(oracle.people.map(({ licenseTypes }) => licenseTypes)).toEqual(all('', 40).map(() => ['Sales Navigator Advanced Plus']));
    expect(oracle.gaps).toHaveLength(4);
  });
});

describe('a scheduled comparison that may repair, with an automatic delivery', () => {
  let schedule: string;
  beforeAll(async () => {
    const terms = { name: 'Nightly', cron: '0 3 * * *', timeZone: 'UTC', sources: { kind: 'uploads' }, enabled: false, autoRepair: true };
    ({ id: schedule } = await server.ok<Schedule>('createSchedule', { body: terms }));
  });

  /** Brings today's lists, runs the schedule, and says yes where so many changed that it asks. */
  async function runSchedule(): Promise<void> {
    await server.upload('licenses', center.exportByHand().csv);
    await server.upload('crm', crmCsv(people));
    const { runs } = await server.ok<Schedule>('runSchedule', { params: { id: schedule } });
    const { dueAt } = runs[0]!;
    const run = async () => {
      const now = await server.ok<Schedule>('getSchedule', { params: { id: schedule } });
      return now.runs.find((one) => one.dueAt === dueAt)?.run ?? null;
    };
    await expect.poll(async () => (await run())?.state, { timeout: 60_000 }).toMatch(/^(?:done|held)$/u);
    const { id, state } = (await run())!;
    if (state === 'held') await server.ok('answerReconciliation', { params: { id }, body: { answer: 'release' } });
  }
  const autoPlans = async () =>
    (await server.ok<{ rows: PlanRow[] }>('listPlans')).rows.filter(({ createdBy }) => createdBy === 'Schedule Nightly');

  test('plans, approves, hands over and reads back by itself, and ends by LinkedIn’s own Matched', async () => {
    const uploads = center.center.uploads.length;
    await runSchedule();
    await expect
      .poll(async () => (await autoPlans()).map(({ approvedBy }) => approvedBy), { timeout: 60_000 })
      .toEqual(['Schedule Nightly']);
    const [plan] = await autoPlans();
    expect(plan).toMatchObject({ mode: 'email-first', people: 2 });
    await expect.poll(() => stepsOf(plan!.id), { timeout: 60_000 }).toEqual(all('wait', 2));
    expect(center.center.uploads.slice(uploads).map(({ rows, applied }) => [rows, applied])).toEqual([[2, 2]]);
    runCrmJob();
    await runSchedule();
    await expect.poll(() => stepsOf(plan!.id), { timeout: 60_000 }).toEqual(all('repaired', 2));
    expect((await server.ok<Plan>('getPlan', { params: { id: plan!.id } })).state).toBe('done');
    // Nobody is told that a file waits: none does.
    const { rows } = await server.ok<Mails>('listMails', { query: {} });
    expect(rows.filter(({ subject }) => subject.includes('A file waits'))).toEqual([]);
  });

  test('hands over nothing past a limit, and says so', async () => {
    const uploads = center.center.uploads.length;
    for (const [index, person] of people.slice(20, 32).entries())
      center.act({ do: 'set-email', person: person.crm!, email: `moved-${index}@acme.example` });
    await runSchedule();
    const alarms = async () => (await server.ok<Alarms>('listAlarms')).rows.map(({ kind, sentence }) => [kind, sentence]);
    await expect
      .poll(alarms, { timeout: 60_000 })
      .toEqual([
        [
          'auto-repair-stopped',
          expect.stringMatching(/^The schedule Nightly repaired nobody\. This plan changes 12 of 40 people; your limit is 10\./u),
        ],
      ]);
    expect([center.center.uploads.length, (await autoPlans()).length]).toEqual([uploads, 1]);
  });
});

describe('licenses of leavers, with an automatic delivery', () => {
  test('are taken once somebody starts the sitting, and the plan ends when LinkedIn shows that they are free', async () => {
    const left = people.slice(38);
    const crm = crmCsv(people)
      .split('\n')
      .map((line) => (left.some(({ id }) => line.includes(`"E${id}"`)) ? line.replace('"true"', '"false"') : line))
      .join('\n');
    expect(await server.compare(center.exportByHand().csv, crm, { adminCenterCount: 40 })).toMatchObject({ state: 'done' });
    const { id } = await server.ok<{ id: string }>('createPlan', { body: { reclaim: 'leavers' } });
    const plan = await server.ok<Plan>('getPlan', { params: { id } });
    expect(plan).toMatchObject({ people: 2, trips: [] });
    const before = journalOf('license-removed').length;
    await approve(plan);
    expect(journalOf('license-removed')).toHaveLength(before);
    await server.ok('planSitting', { params: { id }, body: { plannedFor: null } });
    await expect.poll(() => stepsOf(id), { timeout: 60_000 }).toEqual(all('handed-over', 2));
    expect((await server.ok<Plan>('getPlan', { params: { id } })).state).toBe('done');
    expect(oracleOf(center.center).people.filter(({ licenseTypes }) => licenseTypes.length === 0)).toHaveLength(2);
  });
});
