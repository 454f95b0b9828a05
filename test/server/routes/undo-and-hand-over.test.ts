import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminCenter, hourMs, makeAdminCenter } from '../../../connectors/linkedin-files/simulator/admin-center.ts';
import { uploadFile } from '../../../connectors/linkedin-files/simulator/bulk-upload.ts';
import { exportUsers } from '../../../connectors/linkedin-files/simulator/export-users.ts';
import { peopleOfExport } from '../../../connectors/linkedin-files/simulator/seed-people.ts';
import type { Job, People, Plan, Rematch } from '../../../server/api.ts';
import { crmCsv, licensesCsv, startTestServer, type TestPerson, type TestServer, testPeople } from '../running-server.ts';

const people = testPeople(40, (index) => index < 3);
let licenseIds: string[];

let server: TestServer;
let center: AdminCenter;
beforeAll(async () => {
  server = await startTestServer();
  center = makeAdminCenter({
    now: new Date(Date.now() - hourMs).toISOString(),
    people: peopleOfExport(licensesCsv(people)),
    crmEmails: people.map((person) => person.crm!),
  });
  const successor = userOf(people[39]!);
  Object.assign(successor, { license: 'none', licenseTypes: [], seatId: '', onboarded: false, activatedAt: null });
  const { state } = await server.compare(exportUsers(center, {}).csv, crmCsv(people), { adminCenterCount: 40 });
  expect(state).toBe('done');
  const { rows } = await server.ok<People>('listPeople', { query: { status: 'not-matched', sort: 'email' } });
  licenseIds = rows.map(({ license }) => license!.id);
  expect(licenseIds).toHaveLength(3);
});
afterAll(() => server?.stop());

const jobOf = (id: string) => server.ok<Job>('getJob', { params: { id } });
const rematchesOf = async (planId: string) => (await server.ok<{ rows: Rematch[] }>('listRematches', { query: { planId } })).rows;
const userOf = ({ id }: TestPerson) => [...center.people.values()].find(({ uniqueUserId }) => uniqueUserId === `E${id}`)!;
const emailsNow = () => people.slice(0, 3).map((person) => userOf(person).licenseEmail);

async function approve(id: string): Promise<Plan> {
  const { seal } = await server.ok<Plan>('getPlan', { params: { id } });
  return server.ok<Plan>('approvePlan', { params: { id }, body: { seal } });
}

/** Downloads the open file, gives it to LinkedIn, and says so. Returns LinkedIn's result file. */
async function carry(id: string): Promise<string> {
  const { name } = (await jobOf(id)).tasks.find((task) => task.isOpen)!;
  const text = await server.ok<string>('downloadFile', { params: { id, name } });
  await server.ok('sayOfFile', { params: { id, name }, body: { said: 'uploaded' } });
  return new TextDecoder().decode(uploadFile(center, name, new TextEncoder().encode(text)).result);
}

const prove = (id: string, raw: string) => server.ok('bringProof', { params: { id }, query: { name: 'proof.csv' }, raw });

describe('an email file that was seen in LinkedIn', () => {
  let first: string;
  let undo: string;
  let before: string[];

  beforeAll(async () => {
    before = emailsNow();
    ({ id: first } = await server.ok<{ id: string }>('createPlan', { body: { licenseIds } }));
    await approve(first);
    const [file] = (await jobOf(first)).tasks;
    expect(file!.can.reverse).toBe(false);
    expect((await server.refused('undoFile', { params: { id: first, name: file!.name } })).status).toBe(422);
    await prove(first, await carry(first));
    expect(emailsNow()).toEqual(people.slice(0, 3).map(({ crm }) => crm));
  });

  test('can be undone: a plan with the emails from before, for who still has the new one', async () => {
    const [file] = (await jobOf(first)).tasks;
    expect(file!.can.reverse).toBe(true);
    ({ id: undo } = await server.ok<{ id: string }>('undoFile', { params: { id: first, name: file!.name } }));
    const plan = await server.ok<Plan>('getPlan', { params: { id: undo } });
    expect(plan).toMatchObject({ state: 'draft', people: 3, trips: [], mode: 'email-first' });
    expect(plan.title).toMatch(/^Undo email-change-.*: 3 people$/u);
    expect(plan.steps).not.toContain("Wait for LinkedIn's daily CRM job and read it back");
  });

  test('keeps whoever is unticked as they are, and goes no other way than back', async () => {
    const without = await server.ok<Plan>('changePlan', { params: { id: undo }, body: { leaveOut: [licenseIds[2]!] } });
    expect(without.people).toBe(2);
    expect(without.leftOut).toEqual([expect.objectContaining({ licenseId: licenseIds[2], byAdmin: true })]);
    const { status } = await server.refused('changePlan', { params: { id: undo }, body: { mode: 'full' } });
    expect(status).toBe(422);
  });

  test('ends the wait of those who go back, and of nobody else', async () => {
    await approve(undo);
    const waiting = await rematchesOf(first);
    expect(waiting.filter(({ ended }) => ended === 'cancelled').map(({ licenseId }) => licenseId)).toEqual(
      expect.arrayContaining(licenseIds.slice(0, 2)),
    );
    expect(waiting.find(({ licenseId }) => licenseId === licenseIds[2])).toMatchObject({ ended: null, step: 'wait' });
  });

  test('is undone once LinkedIn shows the emails from before', async () => {
    await prove(undo, await carry(undo));
    expect(emailsNow()).toEqual([...before.slice(0, 2), people[2]!.crm]);
    expect((await rematchesOf(undo)).map(({ ended }) => ended)).toEqual(['undone', 'undone']);
    expect((await server.ok<Plan>('getPlan', { params: { id: undo } })).state).toBe('done');
  });
});

describe('a leaver’s license', () => {
  const leaver = people[38]!;
  const successor = people[39]!;
  let id: string;

  // A removal needs an export from after the last write.
  beforeAll(async () => {
    const { state } = await server.compare(exportUsers(center, {}).csv, crmCsv(people), { adminCenterCount: 40 });
    expect(state).toBe('done');
  });

  test('is planned for a successor whom LinkedIn lists without one', async () => {
    const { rows } = await server.ok<{ rows: { licenseId: string; email: string }[] }>('listSuccessors', { query: { search: 'JANDA' } });
    expect(rows).toEqual([]);
    const found = await server.ok<{ rows: typeof rows }>('listSuccessors', {
      query: { search: successor.crm!.split('@')[0]!.toUpperCase() },
    });
    expect(found.rows).toEqual([expect.objectContaining({ email: successor.crm })]);
    const { rows: leavers } = await server.ok<People>('listPeople', { query: { search: leaver.crm! } });
    const handOver = { leaver: leavers[0]!.license!.id, successor: found.rows[0]!.licenseId };
    ({ id } = await server.ok<{ id: string }>('createPlan', { body: { handOver } }));
    const plan = await server.ok<Plan>('getPlan', { params: { id } });
    expect(plan).toMatchObject({ state: 'draft', mode: 'full', people: 2, trips: [], leftOut: [] });
    expect(plan.price).toBe(
      `${leaver.given} ${leaver.family} loses the license for good; the successor gets it with a new invitation. One assignment is used.`,
    );
    expect(plan.facts[0]).toEqual({ label: 'Changes hands', value: 'Sales Navigator Advanced Plus' });
    expect(plan.steps).toContain('Give it to the successor; an invitation goes out');
    expect(plan.files.map(({ kind, rows: n }) => [kind, n])).toEqual([
      ['license-off', 1],
      ['license-on', 1],
    ]);
    expect((await server.refused('changePlan', { params: { id }, body: { leaveOut: [handOver.leaver] } })).status).toBe(422);
  });

  test('goes on only when it is seen to be free; then nobody may stop half way', async () => {
    const approved = await approve(id);
    expect(approved.approval.button).toBe('Approve: hand the license over');
    const [first] = await rematchesOf(id);
    expect((await server.refused('cancelRematch', { params: { id: first!.id } })).status).toBe(422);
    // Nobody is asked: the leaver has left.
    const { sitting } = await jobOf(id);
    expect(sitting).toMatchObject({ canStart: true, needs: [{ met: true }] });
    await server.ok('planSitting', { params: { id }, body: { plannedFor: null } });
    await carry(id);
    expect(userOf(leaver).license).toBe('none');
    expect(userOf(successor).license).toBe('none');
    await prove(id, exportUsers(center, {}).csv);
    expect((await server.refused('cancelPlan', { params: { id } })).detail).toContain('Give it to the successor');
    // No red bar: nobody misses this license.
    expect((await jobOf(id)).giveBack).toBeNull();
  });

  test('is the successor’s once an export shows it, and they are invited', async () => {
    await server.ok('makeFile', { params: { id } });
    await carry(id);
    expect(userOf(successor)).toMatchObject({ license: 'invited', licenseTypes: ['Sales Navigator Advanced Plus'] });
    await prove(id, exportUsers(center, {}).csv);
    const byStep = (await rematchesOf(id)).map(({ ended, step, minutesWithoutLicense }) => [ended ?? step, minutesWithoutLicense]);
    expect(byStep.toSorted()).toEqual([
      ['handed-over', null],
      ['onboarding', null],
    ]);
  });
});
