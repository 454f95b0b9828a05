import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { DemoCenter, DemoPerson, DemoUpload, Job, Overview, Plan, ProofOutcome, Reconciliation } from '../../../server/api.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

// The demo company is made here: a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ demo: true });
});
afterAll(() => server?.stop());

const center = () => server.ok<DemoCenter>('getDemoCenter');
const overview = () => server.ok<Overview>('getOverview');
const pass = (hours: number) => server.ok<DemoCenter>('passDemoTime', { body: { hours } });
const theExport = () => server.ok<string>('exportDemo');
const findPeople = async (search: string) => (await server.ok<{ rows: DemoPerson[] }>('listDemoPeople', { query: { search } })).rows;

async function compareAgain(): Promise<Reconciliation> {
  const { id } = await server.ok<{ id: string }>('compareDemo');
  expect(await server.settled(id)).toMatchObject({ state: 'done' });
  return server.ok<Reconciliation>('getReconciliation', { params: { id } });
}

/** The plan of the 37, approved; its file's name. */
async function approved37(): Promise<{ id: string; name: string }> {
  const { rootCauses } = await overview();
  const { id } = await server.ok<{ id: string }>('createPlan', { body: { rootCause: rootCauses[0]!.id } });
  const { seal } = await server.ok<Plan>('getPlan', { params: { id } });
  await server.ok('approvePlan', { params: { id }, body: { seal } });
  const { tasks } = await server.ok<Job>('getJob', { params: { id } });
  expect(tasks.map(({ rows, state }) => [rows, state])).toEqual([[37, 'made']]);
  return { id, name: tasks[0]!.name };
}

test('a page opens a session, except where a vendor sends an admin back to: the one they have does not show there', async () => {
  const opened = async (page: string) =>
    (await fetch(new URL(page, server.url), { headers: { accept: 'text/html' } })).headers.get('set-cookie');
  expect(await opened('/connections')).toMatch(/^seatmatch_session=/u);
  expect(await opened('/connections/callback?code=a&state=b')).toBeNull();
});

describe("the demo's Admin Center", () => {
  test('holds exactly the people of the newest export: a comparison with what it shows changes nobody', async () => {
    const before = await overview();
    expect((await center()).counts.people).toBe((await theExport()).trim().split('\n').length - 1);
    const run = await compareAgain();
    expect(run.changes).toMatchObject({ new: 0, repaired: 0, cameBack: 0 });
    expect(run.headline).toEqual(before.latest!.headline);
    expect(run.summary!.byReason).toEqual(
      (await server.ok<Reconciliation>('getReconciliation', { params: { id: before.latest!.id } })).summary!.byReason,
    );
  });

  test('repairs the 37 by one file: LinkedIn answers each row, and a day later shows everybody Matched', async () => {
    const { id, name } = await approved37();
    const file = await server.ok<string>('downloadFile', { params: { id, name } });
    const upload = await server.ok<DemoUpload>('uploadToDemo', { query: { name }, raw: file });
    expect(upload).toMatchObject({ rows: 37, applied: 37, refused: 0, critical: null });
    const result = await server.ok<string>('getDemoResult', { params: { number: String(upload.number) } });
    const { rows } = await server.ok<{ rows: ProofOutcome[] }>('bringProofAnywhere', { query: { name: 'result.csv' }, raw: result });
    expect(rows).toMatchObject([{ planId: id, recognizedAs: 'result', sentences: [`${name}: 37 seen in LinkedIn.`] }]);
    const waiting = await server.ok<Job>('getJob', { params: { id } });
    expect(waiting.end).toMatch(/^37 emails agree\. LinkedIn's CRM job runs daily: we ask you on /u);

    const { now } = await center();
    const later = await pass(24);
    expect(Date.parse(later.now) - Date.parse(now)).toBeGreaterThanOrEqual(24 * 3_600_000);
    const run = await compareAgain();
    expect(run.changes!.repaired).toBeGreaterThanOrEqual(37);
    const ended = async () => (await server.ok<Job>('getJob', { params: { id } })).counts;
    await expect.poll(ended, { timeout: 20_000 }).toEqual([{ label: 'repaired: Matched in LinkedIn', count: 37 }]);
    expect(await server.ok<Job>('getJob', { params: { id } })).toMatchObject({ state: 'done' });
    expect((await overview()).rootCauses.map(({ count }) => count)).not.toContain(37);
  });

  test("has Seatmatch's clock go by its own: the export of a day ahead is not from the future, and an old one ages", async () => {
    await pass(24 * 9);
    const { freshness, toDo } = await overview();
    expect(freshness).toMatchObject({ licensesAgeDays: 9, stale: true });
    expect(toDo.map(({ action }) => action)).toContain('Your LinkedIn export is 9 days old. Bring a new one.');
    await compareAgain();
    expect((await overview()).freshness).toMatchObject({ licensesAgeDays: 0, stale: false });
  });

  test('lets invitations be accepted, also with another LinkedIn profile, once', async () => {
    const { invitations } = await center();
    const [first, second] = invitations as [DemoPerson, DemoPerson];
    await server.ok('acceptDemoInvitation', { params: { id: first.id }, body: {} });
    const after = await server.ok<DemoCenter>('acceptDemoInvitation', { params: { id: second.id }, body: { wrongProfile: true } });
    expect(after.invitations).toHaveLength(invitations.length - 2);
    expect((await findPeople(second.email)).map(({ license, secondProfile }) => [license, secondProfile])).toEqual([['activated', true]]);
    expect(await server.refused('acceptDemoInvitation', { params: { id: first.id }, body: {} })).toEqual({
      status: 409,
      detail: 'There is no open invitation.',
    });
  });

  test('takes edits by hand, and says what LinkedIn says where it does not', async () => {
    const [person] = await findPeople('Zoë Clarke');
    const change = { params: { id: person!.id } };
    await server.ok('changeDemoPerson', { ...change, body: { email: 'zoe.clarke@northwind-group.example' } });
    expect(await findPeople('zoe.clarke')).toMatchObject([{ email: 'zoe.clarke@northwind-group.example' }]);
    const [okta] = await findPeople('Noah Fleming');
    expect(await server.refused('changeDemoPerson', { params: { id: okta!.id }, body: { licenses: [] } })).toMatchObject({
      detail: 'This user is managed by your identity provider.',
    });
    await server.refused('changeDemoPerson', { ...change, body: {} });
  });

  test("runs LinkedIn's daily job only while it is on", async () => {
    const off = await server.ok<DemoCenter>('setDemoCrmJob', { body: { runs: false } });
    expect(off.crmJobRuns).toBe(false);
    const before = (await center()).journal[0];
    expect((await pass(48)).journal[0]).toEqual(before);
    const [zoe] = await findPeople('zoe.clarke');
    expect(zoe).toMatchObject({ crmMatch: 'not-matched' });
    await server.ok('setDemoCrmJob', { body: { runs: true } });
    await pass(24);
    expect(await findPeople('zoe.clarke')).toMatchObject([{ crmMatch: 'matched' }]);
  });

  test('refuses a file that is no upload whole, with a result that says why', async () => {
    const upload = await server.ok<DemoUpload>('uploadToDemo', { query: { name: 'export.csv' }, raw: await theExport() });
    expect(upload).toMatchObject({ applied: 0, critical: expect.stringMatching(/\.$/u) });
  });

  test('keeps its state and its clock over a restart', async () => {
    const before = await center();
    const again = await startTestServer({ demo: true, dataDir: server.dataDir }, server.database);
    const after = await again.ok<DemoCenter>('getDemoCenter');
    expect(after).toMatchObject({ counts: before.counts, uploads: before.uploads, journal: before.journal, aheadHours: before.aheadHours });
    expect(Date.parse(after.now)).toBeGreaterThanOrEqual(Date.parse(before.now));
    await again.stop();
  });

  test('stays when its own export is dropped on the comparison, and ends with its clock when somebody brings people of their own', async () => {
    const crm = (await overview()).latest!.files.crm;
    expect(crm).toBe('northwind-salesforce');
    await server.upload('licenses', await theExport());
    expect((await center()).counts.people).toBeGreaterThan(0);

    const people = testPeople(3);
    expect(await server.compare(licensesCsv(people), crmCsv(people))).toMatchObject({ state: 'done' });
    expect(await server.refused('getDemoCenter')).toMatchObject({ status: 404 });
    expect(await server.refused('passDemoTime', { body: { hours: 24 } })).toMatchObject({ status: 404 });
    expect((await overview()).freshness).toMatchObject({ licensesAgeDays: 0 });
    const { rows } = await server.ok<{ rows: unknown[] }>('listPlans');
    expect(rows).toEqual([]);
  });
});

test('outside the demo there is no Admin Center', async () => {
  const own = await startTestServer();
  for (const name of ['getDemoCenter', 'exportDemo', 'compareDemo'] as const)
    expect(await own.refused(name)).toMatchObject({ status: 404 });
  await own.stop();
});
