import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminCenter, hourMs, makeAdminCenter } from '../../../connectors/linkedin-files/simulator/admin-center.ts';
import { uploadFile } from '../../../connectors/linkedin-files/simulator/bulk-upload.ts';
import { advanceTo } from '../../../connectors/linkedin-files/simulator/clock.ts';
import { exportUsers } from '../../../connectors/linkedin-files/simulator/export-users.ts';
import { peopleOfExport } from '../../../connectors/linkedin-files/simulator/seed-people.ts';
import type { Job, Overview, People, Plan, PlanPerson, ProofOutcome, Rematch } from '../../../server/api.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

const people = testPeople(40, (index) => index < 12);
const crm = crmCsv(people);

let server: TestServer;
let center: AdminCenter;
beforeAll(async () => {
  server = await startTestServer();
  await server.ok('changeSettings', { body: { domainAliases: [{ old: 'old-acme.example', current: 'acme.example' }] } });
  center = makeAdminCenter({
    now: new Date(Date.now() - hourMs).toISOString(),
    people: peopleOfExport(licensesCsv(people)),
    crmEmails: people.map((person) => person.crm!),
  });
  const { state } = await server.compare(exportAll(), crm, { adminCenterCount: 40 });
  expect(state).toBe('done');
});
afterAll(() => server?.stop());

const exportAll = (): string => exportUsers(center, {}).csv;

describe('a repair by files', () => {
  let planId: string;
  let plan: Plan;
  let jobNow: Job;

  test('is planned for a root cause, with its price, and changes nothing', async () => {
    const overview = await server.ok<Overview>('getOverview');
    const cause = overview.rootCauses.find(({ repairKind }) => repairKind === 'domain-change-file')!;
    ({ id: planId } = await server.ok<{ id: string }>('createPlan', { body: { rootCause: cause.id } }));
    plan = await server.ok<Plan>('getPlan', { params: { id: planId } });
    expect(plan).toMatchObject({
      state: 'draft',
      people: 12,
      price: '12 license emails change. No invitation is sent and no license is removed.',
      trips: [],
    });
    expect(plan.files.map(({ rows, canary }) => [rows, canary])).toEqual([
      [3, true],
      [9, false],
    ]);
  });

  test('whoever is unticked is left out, under another seal', async () => {
    const { rows } = await server.ok<{ rows: { licenseId: string }[] }>('listPlanPeople', { params: { id: planId } });
    const without = await server.ok<Plan>('changePlan', { params: { id: planId }, body: { leaveOut: [rows.at(-1)!.licenseId] } });
    expect(without.people).toBe(11);
    expect(without.seal).not.toBe(plan.seal);
    expect(without.leftOut).toContainEqual(expect.objectContaining({ licenseId: rows.at(-1)!.licenseId, byAdmin: true }));
    plan = without;
  });

  test('one person may go by hand while the others go by files, and back', async () => {
    const { rows } = await server.ok<{ rows: PlanPerson[] }>('listPlanPeople', { params: { id: planId } });
    const [{ licenseId }] = rows as [PlanPerson];
    const by = async (route: PlanPerson['route']): Promise<[string, number][]> => {
      plan = await server.ok<Plan>('changePlan', { params: { id: planId }, body: { routes: { [licenseId]: route } } });
      return plan.files.map((file) => [file.route, file.rows]);
    };
    expect(await by('guided')).toEqual([
      ['files', 3],
      ['files', 7],
      ['guided', 1],
    ]);
    const mixed = await server.ok<{ rows: PlanPerson[] }>('listPlanPeople', { params: { id: planId } });
    expect(mixed.rows.filter(({ route }) => route === 'guided').map((person) => person.licenseId)).toEqual([licenseId]);
    // Everybody by hand but one.
    await server.ok('changePlan', { params: { id: planId }, body: { route: 'guided' } });
    expect(await by('files')).toEqual([
      ['files', 1],
      ['guided', 10],
    ]);
    await server.ok('changePlan', { params: { id: planId }, body: { route: 'files', guided: [] } });
    expect(await by('files')).toEqual([
      ['files', 3],
      ['files', 8],
    ]);
  });

  test('an approval names what was read: another seal is refused', async () => {
    const { status } = await server.refused('approvePlan', { params: { id: planId }, body: { seal: '0'.repeat(64) } });
    expect(status).toBe(409);
    const approved = await server.ok<Plan>('approvePlan', { params: { id: planId }, body: { seal: plan.seal } });
    expect(approved.state).toBe('running');
  });

  test('the people show as being repaired at once', async () => {
    const shown = await server.ok<People>('listPeople', { query: { status: 'being-repaired' } });
    expect(shown.total).toBe(11);
    expect(shown.rows[0]).toMatchObject({ reason: 'being-repaired', label: 'Repair running' });
    expect(shown.rows[0]!.sentence).toContain('Step 2 of 3');
  });

  const open = () => jobNow.tasks.find((task) => task.isOpen)!;
  const uploadOpenFile = async (): Promise<string> => {
    const text = await server.ok<string>('downloadFile', { params: { id: planId, name: open().name } });
    await server.ok('sayOfFile', { params: { id: planId, name: open().name }, body: { said: 'uploaded' } });
    return new TextDecoder().decode(uploadFile(center, open().name, new TextEncoder().encode(text)).result);
  };

  test('the next file comes only after the proof of the first', async () => {
    jobNow = await server.ok<Job>('getJob', { params: { id: planId } });
    expect(jobNow.head).toBe('11 people, 2 files. No invitation is sent and no license is touched.');
    expect(open()).toMatchObject({ rows: 3, state: 'made', can: { download: true, sayUploaded: true, discard: true } });
    const result = await uploadOpenFile();
    const { status } = await server.refused('makeFile', { params: { id: planId } });
    expect(status).toBe(409);
    const shown = await server.ok<ProofOutcome>('bringProof', { params: { id: planId }, query: { name: 'result.csv' }, raw: result });
    expect(shown.sentences[0]).toContain('3 seen in LinkedIn');
    jobNow = await server.ok<Job>('makeFile', { params: { id: planId } });
    expect(open()).toMatchObject({ rows: 8, state: 'made' });
  });

  test('a file dropped anywhere finds its repair', async () => {
    const result = await uploadOpenFile();
    const { rows } = await server.ok<{ rows: ProofOutcome[] }>('bringProofAnywhere', { query: { name: 'whatever.csv' }, raw: result });
    expect(rows).toEqual([expect.objectContaining({ planId, recognizedAs: 'result' })]);
    jobNow = await server.ok<Job>('getJob', { params: { id: planId } });
    expect(jobNow.end).toContain('11 emails agree');
  });

  test('after the wait LinkedIn’s own Matched ends it, and the comparison says so', async () => {
    advanceTo(center, Date.now() + 30 * hourMs);
    const { state } = await server.compare(exportAll(), crm, {
      adminCenterCount: 40,
      exportedAt: new Date(center.now).toISOString(),
      answers: { oddRun: 'release' },
    });
    expect(state).toBe('done');
    const ended = await until(async () => {
      const { rows } = await server.ok<{ rows: Rematch[] }>('listRematches', { query: { planId } });
      return rows.every(({ ended }) => ended === 'repaired') ? rows : null;
    });
    expect(ended).toHaveLength(11);
    expect((await server.ok<Plan>('getPlan', { params: { id: planId } })).state).toBe('done');
    expect((await server.ok<People>('listPeople', { query: { status: 'being-repaired' } })).total).toBe(0);
  });
});

/** Asks again until there is an answer. */
async function until<Value>(ask: () => Promise<Value | null>): Promise<Value> {
  for (;;) {
    const value = await ask();
    if (value !== null) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
