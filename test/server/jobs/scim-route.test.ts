import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { oracleOf } from '../../../connectors/linkedin-files/simulator/oracle.ts';
import type { Simulator } from '../../../connectors/linkedin-files/simulator.ts';
import { type ScimSimulator, startScimSimulator } from '../../../connectors/linkedin-scim/simulator.ts';
import type { Job, Plan, Rematch } from '../../../server/api.ts';
import { startCenterOf, tellOfCompany } from '../delivered-company.ts';
import { crmCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';
import { writeScimConfig } from '../scim-config.ts';

// A whole server and its first comparison: a busy machine takes its time.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 180_000 });

const people = testPeople(40, (index) => index < 12);

let directory: string;
/** What people do by hand in Admin Center. */
let center: Simulator;
let scim: ScimSimulator;
let server: TestServer;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'seatmatch-scim-'));
  center = await startCenterOf(people);
  scim = await startScimSimulator({ center: center.center, clock: Date.now });
  server = await startTestServer({ scim: await writeScimConfig(directory, { url: scim.url, token: scim.token() }) });
  await tellOfCompany(server);
  expect(await server.compare(center.exportByHand().csv, crmCsv(people), { adminCenterCount: 40 })).toMatchObject({ state: 'done' });
});
afterAll(async () => {
  await server?.stop();
  await scim?.close();
  await center?.close();
  await rm(directory, { recursive: true, force: true });
});

const idsOf = (from: number, to: number): string[] => people.slice(from, to).map(({ id }) => `LIC-${id}`);

async function drafted(body: Record<string, unknown>): Promise<Plan> {
  const { id } = await server.ok<{ id: string }>('createPlan', { body });
  return server.ok<Plan>('getPlan', { params: { id } });
}
const approve = ({ id, seal }: Plan) => server.ok('approvePlan', { params: { id }, body: { seal } });
const jobOf = (plan: Plan) => server.ok<Job>('getJob', { params: { id: plan.id } });
const rematchesOf = async (plan: Plan): Promise<Rematch[]> =>
  (await server.ok<{ rows: Rematch[] }>('listRematches', { query: { planId: plan.id } })).rows;
const stepsOf = async (plan: Plan): Promise<string[]> => (await rematchesOf(plan)).map(({ step, ended }) => ended ?? step).toSorted();
const all = (word: string, count: number): string[] => Array.from({ length: count }, () => word);
const written = () => oracleOf(center.center).journal.filter(({ by, what }) => by === 'scim' && what !== 'license-email');

async function bringExport(): Promise<void> {
  await server.ok('bringProofAnywhere', { query: { name: 'users.csv', adminCenterCount: '40' }, raw: center.exportByHand().csv });
}
function runCrmJob(): void {
  center.center.nextCrmJob = 0;
  center.act({ do: 'advance', hours: 0 });
}

async function confirmed(plan: Plan): Promise<void> {
  await approve(plan);
  await expect.poll(() => stepsOf(plan), { timeout: 60_000 }).toEqual(all('ask-person', plan.people));
  for (const { id } of await rematchesOf(plan))
    await server.ok('answerRematch', { params: { id }, body: { answer: 'confirmed', reason: 'Said so on the phone.' } });
}

describe('with a SCIM connection', () => {
  let emails: Plan;

  test('a plan for emails goes over SCIM by itself, and nobody is asked to carry anything', async () => {
    emails = await drafted({ licenseIds: idsOf(0, 6) });
    expect(emails.routes).toEqual(['scim', 'files', 'guided']);
    expect(emails.files.map(({ route, rows, name }) => [route, rows, name.startsWith('over-scim-')])).toEqual([
      ['scim', 3, true],
      ['scim', 3, true],
    ]);
    await approve(emails);
    const { delivered, head, tasks, step } = await jobOf(emails);
    expect([delivered, head]).toEqual([true, '6 people, over SCIM. No invitation is sent and no license is touched.']);
    expect(step.sentence).not.toMatch(/upload|download/iu);
    for (const { can } of tasks) expect(Object.values(can).filter(Boolean)).toEqual([]);
    await expect.poll(() => stepsOf(emails), { timeout: 60_000 }).toEqual(all('wait', 6));
    expect(written().map(({ what, to }) => [what, to])).toEqual(people.slice(0, 6).map(({ crm }) => ['email', crm!]));
  });

  test('each person costs a look-up, a write and the read that shows it, and nothing more', () => {
    const count = (kind: string): number => scim.requests.filter((one) => one === kind).length;
    expect([count('config'), count('users'), count('patch'), count('user')]).toEqual([1, 6, 6, 6]);
    expect(scim.requests).toHaveLength(19);
  });

  test('SCIM shows no match: the people wait for an export, and LinkedIn’s own Matched in it ends the plan', async () => {
    runCrmJob();
    await bringExport();
    expect(await stepsOf(emails)).toEqual(all('repaired', 6));
    expect((await server.ok<Plan>('getPlan', { params: { id: emails.id } })).state).toBe('done');
  });

  test('somebody at an address that nobody planned is left alone, and so is an address that somebody else has by now', async () => {
    const plan = await drafted({ licenseIds: idsOf(6, 8) });
    center.act({ do: 'set-email', person: people[6]!.license!, email: 'elsewhere@acme.example', by: 'another-admin' });
    center.act({ do: 'set-email', person: people[20]!.license!, email: people[7]!.crm!, by: 'another-admin' });
    const before = written().length;
    await approve(plan);
    await expect
      .poll(async () => (await jobOf(plan)).tasks.at(-1)?.people.map(({ outcome }) => outcome), { timeout: 60_000 })
      .toEqual(['refused']);
    const sentences = (await jobOf(plan)).tasks.flatMap((task) => task.people.map(({ sentence }) => sentence));
    expect(sentences.join(' ')).toContain('LinkedIn has another value there, or somebody else has the address (HTTP 409).');
    expect(written()).toHaveLength(before);
    expect(await stepsOf(plan)).toEqual(['conflict', 'update-email']);
    await server.ok('cancelPlan', { params: { id: plan.id } });
    center.act({ do: 'set-email', person: people[7]!.crm!, email: people[20]!.license!, by: 'another-admin' });
  });

  describe('taking licenses over it', () => {
    test('is refused until an admin names a canary, and the plan goes by files where nobody chose a way', async () => {
      const body = { mode: 'full', licenseIds: idsOf(8, 10) };
      const { detail } = await server.refused('createPlan', { body: { ...body, route: 'scim' } });
      expect(detail).toContain('which may reach other LinkedIn products');
      const plan = await drafted(body);
      expect(new Set(plan.files.map(({ route }) => route))).toEqual(new Set(['files']));
      await server.ok('cancelPlan', { params: { id: plan.id } });
    });

    test('is tried on the canary alone: off and on over SCIM, the same license back, activation shown by an export', async () => {
      await server.ok('changeSettings', { body: { scimRemoval: { canary: idsOf(8, 9)[0]!, confirmedOn: null } } });
      const { detail } = await server.refused('createPlan', { body: { mode: 'full', route: 'scim', licenseIds: idsOf(8, 10) } });
      expect(detail).toContain('Nobody has confirmed yet');
      // The comparison has to know what was written since.
      expect(
        await server.compare(center.exportByHand().csv, crmCsv(people), { adminCenterCount: 40, answers: { oddRun: 'release' } }),
      ).toMatchObject({ state: 'done' });
      const plan = await drafted({ mode: 'full', route: 'scim', licenseIds: idsOf(8, 9) });
      expect(plan.trips).toEqual([]);
      await confirmed(plan);
      // What SCIM lists proves nobody's absence: a removal rests on an export of everybody from after the last write.
      const { detail: list } = await server.refused('planSitting', { params: { id: plan.id }, body: { plannedFor: null } });
      expect(list).toMatch(/export|list/iu);
      await bringExport();
      await server.ok('planSitting', { params: { id: plan.id }, body: { plannedFor: null } });
      await expect.poll(() => stepsOf(plan), { timeout: 60_000 }).toEqual(['onboarding']);
      expect(
        written()
          .slice(-3)
          .map(({ what }) => what),
      ).toEqual(['email', 'license-removed', 'license-assigned']);
      center.act({ do: 'accept-all' });
      runCrmJob();
      await bringExport();
      expect(await stepsOf(plan)).toEqual(['repaired']);
      expect(oracleOf(center.center)).toMatchObject({ withoutLicense: [], sharedEmails: [] });
    });

    test('is the way for everybody once an admin confirmed what became of the canary', async () => {
      const confirmedOn = new Date().toISOString().slice(0, 10);
      await server.ok('changeSettings', { body: { scimRemoval: { canary: idsOf(8, 9)[0]!, confirmedOn } } });
      const plan = await drafted({ mode: 'full', licenseIds: idsOf(9, 12) });
      expect(new Set(plan.files.map(({ route }) => route))).toEqual(new Set(['scim']));
      await server.ok('cancelPlan', { params: { id: plan.id } });
    });
  });
});

test('a connection that is named and not there is said in one sentence, and nothing starts', async () => {
  const scimConfig = await writeScimConfig(directory, { url: scim.url, token: scim.token() });
  await expect(startTestServer({ dataDir: directory, scim: { ...scimConfig, connection: 'other' } })).rejects.toThrow(
    /It has no connection "other". It has navigator/u,
  );
});
