import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type HubSpotPortal, startHubSpotSimulator } from '../../../connectors/hubspot/simulator.ts';
import { type AdminCenter, hourMs, makeAdminCenter } from '../../../connectors/linkedin-files/simulator/admin-center.ts';
import { uploadFile } from '../../../connectors/linkedin-files/simulator/bulk-upload.ts';
import { exportUsers } from '../../../connectors/linkedin-files/simulator/export-users.ts';
import { peopleOfExport } from '../../../connectors/linkedin-files/simulator/seed-people.ts';
import type { Job, Licenses, People, Plan, Rematch } from '../../../server/api.ts';
import { crmCsv, licensesCsv, startTestServer, type TestPerson, type TestServer, testPeople } from '../running-server.ts';

vi.setConfig({ testTimeout: 60_000 });

const people = testPeople(40);
/** The last seven left; one of them is protected. */
const leavers = people.slice(33);
const kept = leavers[6]!;
const idOf = ({ id }: TestPerson) => `LIC-${id}`;

let server: TestServer;
let center: AdminCenter;
/** The CRM's list: whoever came back is active in it again. */
const crmNow = (back: readonly TestPerson[] = []) =>
  crmCsv(people)
    .split('\n')
    .map((line) => (leavers.some((one) => line.includes(`"E${one.id}"`) && !back.includes(one)) ? line.replace('"true"', '"false"') : line))
    .join('\n');

async function compare(back: readonly TestPerson[] = []): Promise<void> {
  const { csv, shown } = exportUsers(center, {});
  expect((await server.compare(csv, crmNow(back), { adminCenterCount: shown })).state).toBe('done');
}

beforeAll(async () => {
  server = await startTestServer();
  await server.ok('changeSettings', { body: { protectedPeople: [idOf(kept)] } });
  center = makeAdminCenter({
    now: new Date(Date.now() - hourMs).toISOString(),
    people: peopleOfExport(licensesCsv(people)),
    crmEmails: people.map((person) => person.crm!),
  });
  await compare();
});
afterAll(() => server?.stop());

const planOf = (id: string) => server.ok<Plan>('getPlan', { params: { id } });
const jobOf = (id: string) => server.ok<Job>('getJob', { params: { id } });
const endsOf = async (planId: string) =>
  (await server.ok<{ rows: Rematch[] }>('listRematches', { query: { planId } })).rows.map(({ ended }) => ended).toSorted();
const userOf = ({ id }: TestPerson) => [...center.people.values()].find(({ uniqueUserId }) => uniqueUserId === `E${id}`)!;
const licensesNow = () => leavers.map((one) => userOf(one).license);
const create = async (body: object) => (await server.ok<{ id: string }>('createPlan', { body })).id;

async function approve(id: string): Promise<void> {
  const { seal } = await planOf(id);
  await server.ok<Plan>('approvePlan', { params: { id }, body: { seal } });
}

const openTask = async (id: string) => (await jobOf(id)).tasks.find((task) => task.isOpen)!;

async function carry(id: string): Promise<string> {
  const { name } = await openTask(id);
  const text = await server.ok<string>('downloadFile', { params: { id, name } });
  await server.ok('sayOfFile', { params: { id, name }, body: { said: 'uploaded' } });
  uploadFile(center, name, new TextEncoder().encode(text));
  return text;
}

const prove = (id: string) =>
  server.ok('bringProof', { params: { id }, query: { name: 'proof.csv', adminCenterCount: '40' }, raw: exportUsers(center, {}).csv });
const start = (id: string) => server.ok('planSitting', { params: { id }, body: { plannedFor: null } });

describe('licenses of leavers', () => {
  let id: string;

  test('are planned to be taken back, without whoever is protected or active', async () => {
    expect((await server.ok<Licenses>('getLicenses')).lists.find(({ view }) => view === 'leavers')?.count).toBe(7);
    id = await create({ reclaim: 'leavers' });
    const plan = await planOf(id);
    expect(plan).toMatchObject({ state: 'draft', people: 6, trips: [], title: 'Take licenses back: 6 leavers', choosable: false });
    expect(plan.price).toBe('6 people lose the license for good, and it is free then. No invitation is sent, and no assignment is used.');
    expect(plan.files.map(({ kind, rows, canary }) => [kind, rows, canary])).toEqual([
      ['license-off', 3, true],
      ['license-off', 3, false],
    ]);
    expect(plan.leftOut.map(({ licenseId, code }) => [licenseId, code])).toEqual([[idOf(kept), 'protected']]);
    expect(plan.facts[0]).toEqual({ label: 'Licenses that become free', value: '6' });
    expect(plan.notes).toEqual([expect.stringContaining('Saved leads')]);
    const asked = await create({ reclaim: [idOf(people[0]!), idOf(leavers[0]!)] });
    expect((await planOf(asked)).leftOut.map(({ licenseId, code }) => [licenseId, code])).toEqual([[idOf(people[0]!), 'active-in-crm']]);
    await server.ok('cancelPlan', { params: { id: asked } });
  });

  test('stay with whoever is unticked; nothing else of it can be changed', async () => {
    const without = await server.ok<Plan>('changePlan', { params: { id }, body: { leaveOut: [idOf(leavers[5]!)] } });
    expect(without).toMatchObject({ people: 5, files: [{ rows: 3 }, { rows: 2 }] });
    expect((await server.refused('changePlan', { params: { id }, body: { mode: 'email-first' } })).status).toBe(422);
  });

  test('are taken by a file whose way back was made before, the first three alone', async () => {
    await approve(id);
    const { sitting, sittingSteps, tasks } = await jobOf(id);
    expect(sitting).toMatchObject({ canStart: true, needs: [{ met: true }] });
    expect([sittingSteps, tasks.map(({ title }) => title)]).toEqual([[], ['Take the licenses back', 'Take the licenses back']]);
    await start(id);
    expect(await carry(id)).toContain('sales_license_current_status\r\n');
    expect(licensesNow()).toEqual(['none', 'none', 'none', ...Array(4).fill('activated')]);
    // It may have been uploaded: only a proof ends it.
    expect((await server.refused('cancelPlan', { params: { id } })).detail).toContain('bring its proof');
    expect((await jobOf(id)).giveBack).toBeNull();
    await prove(id);
    expect(await endsOf(id)).toEqual(['handed-over', 'handed-over', 'handed-over', null, null]);
  });

  test('stay with whoever is active in the CRM again by then', async () => {
    await compare([leavers[3]!]);
    await start(id);
    expect(await carry(id)).not.toContain(leavers[3]!.license!);
    await prove(id);
    expect(licensesNow()).toEqual(['none', 'none', 'none', 'activated', 'none', 'activated', 'activated']);
    expect(await planOf(id)).toMatchObject({ state: 'done' });
    expect((await jobOf(id)).heldBack).toEqual([expect.objectContaining({ licenseId: idOf(leavers[3]!), code: 'facts-changed' })]);
  });
});

describe('licenses that were taken back', () => {
  test('are given again, the very same, to whom they are to be', async () => {
    const { rows } = await server.ok<{ rows: Plan[] }>('listPlans');
    const of = rows.find(({ title, state }) => title.startsWith('Take licenses back') && state === 'done')!.id;
    const [first] = (await jobOf(of)).tasks;
    expect(first!.can.reverse).toBe(true);
    await server.ok('changeSettings', { body: { assignments: { month: new Date().toISOString().slice(0, 7), limit: 20, used: 4 } } });
    const { id } = await server.ok<{ id: string }>('undoFile', { params: { id: of, name: first!.name } });
    expect((await planOf(id)).people).toBe(3);
    const plan = await server.ok<Plan>('changePlan', { params: { id }, body: { leaveOut: [idOf(leavers[1]!)] } });
    expect(plan).toMatchObject({
      people: 2,
      files: [{ kind: 'license-on', rows: 2 }],
      approval: { button: 'Approve: give 2 licenses back' },
    });
    expect(plan.price).toBe('2 people get the license back that was taken. 2 new invitations are sent, and 2 assignments are used.');
    await approve(id);
    expect((await openTask(id)).title).toBe('Give the licenses back');
    await carry(id);
    await prove(id);
    expect(licensesNow().slice(0, 3)).toEqual(['invited', 'none', 'invited']);
    expect(userOf(leavers[0]!).licenseTypes).toEqual(['Sales Navigator Advanced Plus']);
    expect([await endsOf(id), (await planOf(id)).state]).toEqual([['undone', 'undone'], 'done']);
  });

  test('cost an assignment each: without a known number of them one person gets it back', async () => {
    await server.ok('changeSettings', { body: { assignments: null } });
    const { rows } = await server.ok<{ rows: Plan[] }>('listPlans');
    const of = rows.find(({ title, state }) => title.startsWith('Take licenses back') && state === 'done')!.id;
    const [first] = (await jobOf(of)).tasks;
    const { id } = await server.ok<{ id: string }>('undoFile', { params: { id: of, name: first!.name } });
    const plan = await planOf(id);
    expect(plan.people).toBe(1);
    expect(plan.leftOut.map(({ code }) => code).toSorted()).toEqual(['ledger-unknown', 'ledger-unknown']);
  });
});

describe('more leavers than a plan may touch', () => {
  test('stop the plan before any change', async () => {
    const half = people.slice(0, 20).map(({ id }) => id);
    const csv = crmCsv(people)
      .split('\n')
      .map((line) => (half.some((id) => line.includes(`"E${id}"`)) ? line.replace('"true"', '"false"') : line))
      .join('\n');
    const { csv: licenses, shown } = exportUsers(center, {});
    const held = await server.compare(licenses, csv, { adminCenterCount: shown });
    if (held.state === 'held') {
      await server.ok('answerReconciliation', { params: { id: held.id }, body: { answer: 'release', reason: 'They left.' } });
      await server.settled(held.id);
    }
    const plan = await planOf(await create({ reclaim: 'leavers' }));
    expect(plan.trips.map(({ code }) => code)).toContain('limit');
    expect((await server.refused('approvePlan', { params: { id: plan.id }, body: { seal: plan.seal } })).status).toBe(409);
  });
});

describe('somebody whom a CRM that tells no total did not list', () => {
  test('keeps the license, for they may be there all the same, until a person says that nobody uses it', async () => {
    const all = testPeople(12);
    const portal: HubSpotPortal = {
      portalId: 31,
      accountType: 'STANDARD',
      uiDomain: 'app.hubspot.com',
      users: all.slice(1).map(({ id, crm }) => ({ id, email: crm!, firstName: 'Person', lastName: id, superAdmin: false })),
      owners: [],
      refreshTokens: [],
      scopes: ['crm.objects.users.read', 'crm.objects.owners.read'],
      privateAppToken: 'pat-reclaim',
      limit: null,
      daily: null,
    };
    const app = { clientId: 'app-client', clientSecret: 'app-secret', redirectUris: [] };
    const hubspot = await startHubSpotSimulator({ state: { app, portals: [portal], hasOauthV1: false, tellsHubId: true } });
    const own = await startTestServer();
    const settings = { baseUrl: hubspot.url, auth: { token: portal.privateAppToken! } };
    const { id: connection } = await own.ok<{ id: string }>('createConnection', { body: { name: 'hub', type: 'hubspot', settings } });
    await own.ok('checkConnection', { params: { id: connection } });
    const licenses = await own.upload('licenses', licensesCsv(all));
    const { id: run } = await own.ok<{ id: string }>('createReconciliation', {
      body: { licenses, crm: { connection }, adminCenterCount: all.length },
    });
    expect((await own.settled(run)).state).toBe('done');
    const { rows } = await own.ok<People>('listPeople', { query: { reason: 'no-crm-user' } });
    const licenseId = rows[0]!.license!.id;
    const planned = async () => {
      const { id } = await own.ok<{ id: string }>('createPlan', { body: { reclaim: [licenseId] } });
      return own.ok<Plan>('getPlan', { params: { id } });
    };
    const kept = await planned();
    expect(kept.people).toBe(0);
    expect(kept.leftOut).toMatchObject([
      { licenseId, code: 'incomplete', sentence: expect.stringContaining('does not tell how many users it has') },
    ]);
    await own.ok('createIdentityAnswer', { body: { licenseId, answer: 'nobody', reason: 'They left in May.' } });
    expect((await planned()).people).toBe(1);
    await own.stop();
    await hubspot.close();
  });
});
