import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminCenter, hourMs, makeAdminCenter } from '../../../connectors/linkedin-files/simulator/admin-center.ts';
import { uploadFile } from '../../../connectors/linkedin-files/simulator/bulk-upload.ts';
import { advanceTo } from '../../../connectors/linkedin-files/simulator/clock.ts';
import { type Command, carryOut } from '../../../connectors/linkedin-files/simulator/commands.ts';
import { exportUsers } from '../../../connectors/linkedin-files/simulator/export-users.ts';
import { peopleOfExport } from '../../../connectors/linkedin-files/simulator/seed-people.ts';
import type { Alarms, FileTask, Job, Mails, People, Plan, ProofOutcome, Rematch, RematchDetail } from '../../../server/api.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

/** Each story takes people of its own whose license still has the old domain. */
const people = testPeople(40, (index) => index < 32);
const crm = crmCsv(people);
const licenseId = (index: number) => `LIC-${people[index]!.id}`;
const newEmail = (index: number) => people[index]!.crm!;

let server: TestServer;
let center: AdminCenter;
let database: pg.Pool;
beforeAll(async () => {
  server = await startTestServer();
  database = new pg.Pool({ connectionString: server.database.url, max: 1 });
  await server.ok('changeSettings', {
    body: {
      domainAliases: [{ old: 'old-acme.example', current: 'acme.example' }],
      assignments: { month: new Date().toISOString().slice(0, 7), limit: 60, used: 3 },
      freeLicenses: 5,
      alarmRecipients: ['boss@acme.example'],
    },
  });
  center = makeAdminCenter({
    now: new Date(Date.now() - hourMs).toISOString(),
    people: peopleOfExport(licensesCsv(people)),
    crmEmails: people.map((person) => person.crm!),
  });
});
afterAll(async () => {
  await database?.end();
  await server?.stop();
});

/** Admin Center's clock goes with the server's, and never back. */
const keepTime = (): void => advanceTo(center, Math.max(Date.now(), center.now + 1));
const act = (command: Command): void => {
  keepTime();
  expect(carryOut(center, command)).toBeNull();
};

/** Everybody, or the people with these addresses. */
function exported(emails?: readonly string[]): { csv: string; asOf: string } {
  keepTime();
  return exportUsers(center, emails ? { emails } : {});
}

async function compare(): Promise<void> {
  const { csv, asOf } = exported();
  const { state } = await server.compare(csv, crm, { adminCenterCount: 40, exportedAt: asOf, answers: { oddRun: 'release' } });
  expect(state).toBe('done');
}

const alarms = async (): Promise<string[]> => (await server.ok<Alarms>('listAlarms')).rows.map(({ kind }) => kind);

/** A plan with everything a person does to it. */
async function plan(indexes: readonly number[], more: object = {}) {
  await compare();
  const body = { licenseIds: indexes.map(licenseId), mode: 'full', ...more };
  const { id } = await server.ok<{ id: string }>('createPlan', { body });
  const params = { id };
  const job = () => server.ok<Job>('getJob', { params });
  const openTask = async (): Promise<FileTask> => (await job()).tasks.find((task) => task.isOpen)!;
  const person = async (index: number): Promise<Rematch> => {
    const { rows } = await server.ok<{ rows: Rematch[] }>('listRematches', { query: { planId: id } });
    return rows.find((row) => row.licenseId === licenseId(index))!;
  };
  const bring = (csv: string, query: Record<string, string> = {}) =>
    server.ok<ProofOutcome>('bringProof', { params, query: { name: 'proof.csv', ...query }, raw: csv });
  const plan = {
    id,
    params,
    job,
    openTask,
    person,
    bring,
    get: () => server.ok<Plan>('getPlan', { params }),
    async approve(): Promise<Plan> {
      const { seal } = await plan.get();
      return server.ok<Plan>('approvePlan', { params, body: { seal } });
    },
    /** Downloads the file that is out, uploads it in Admin Center, and says so. Returns LinkedIn's result file. */
    async upload(): Promise<string> {
      const { name } = await openTask();
      const text = await server.ok<string>('downloadFile', { params: { id, name } });
      keepTime();
      const { result } = uploadFile(center, name, new TextEncoder().encode(text));
      await server.ok('sayOfFile', { params: { id, name }, body: { said: 'uploaded' } });
      return new TextDecoder().decode(result);
    },
    /** A whole, or a filtered, export as of now. */
    async read(emails?: readonly string[]): Promise<ProofOutcome> {
      const { csv, asOf } = exported(emails);
      return bring(csv, { exportedAt: asOf, ...(emails ? {} : { adminCenterCount: '40' }) });
    },
    start: () => server.ok<Job>('planSitting', { params, body: { plannedFor: null } }),
    /** Emails changed and seen. */
    async changeEmails(): Promise<void> {
      await plan.approve();
      await plan.bring(await plan.upload());
    },
    async answerFor(index: number, answer = 'confirmed'): Promise<void> {
      const { id: rematch } = await person(index);
      await server.ok('answerRematch', { params: { id: rematch }, body: { answer, reason: 'Told me on the phone.' } });
    },
    /** Emails changed, everybody's answer there, a fresh list brought, and the sitting begun. */
    async begin(): Promise<void> {
      await plan.changeEmails();
      for (const index of indexes) await plan.answerFor(index);
      await plan.read();
      await plan.start();
    },
  };
  return plan;
}

/** The path of the link that was mailed to somebody: without a mail server the outbox keeps it, and shows it to nobody but them. */
const questionTo = (address: string): Promise<string> =>
  until(async () => {
    const { rows } = await database.query<{ href: string }>(
      `select action->>'href' as href from mail where kind = 'question' and recipient = $1 and state = 'captured'`,
      [address],
    );
    return rows[0]?.href ?? null;
  });

describe('a full rematch of three people', () => {
  const three = [0, 1, 2];
  let full: Awaited<ReturnType<typeof plan>>;

  test('is drafted and approved as exactly that, with its price', async () => {
    full = await plan(three);
    const draft = await full.get();
    expect(draft).toMatchObject({
      mode: 'full',
      people: 3,
      trips: [],
      price: '3 people lose access until they accept a new invitation. 3 assignments are used.',
      files: [
        { kind: 'domain-change', rows: 3 },
        { kind: 'license-off', sitting: 0, canary: true },
        { kind: 'license-on', sitting: 0 },
      ],
    });
    expect(draft.steps).toHaveLength(7);
    expect((await full.approve()).state).toBe('running');
  });

  test('changes the emails by a file first; nobody can begin the sitting before they are seen', async () => {
    expect(await full.openTask()).toMatchObject({ kind: 'domain-change', state: 'made' });
    expect((await server.refused('planSitting', { params: full.params, body: { plannedFor: null } })).status).toBe(409);
    await full.bring(await full.upload());
    expect(await full.person(0)).toMatchObject({ step: 'ask-person', stepNumber: 4, steps: 8 });
  });

  test('asks each person at the new address; a click on the link answers, and so does an admin with a reason', async () => {
    const link = await questionTo(newEmail(0));
    const page = await server.fetch(link);
    expect(page.status).toBe(200);
    const clicked = await server.fetch(link, { method: 'POST', body: new URLSearchParams({ answer: 'confirmed' }) });
    expect(clicked.status).toBe(200);
    expect(await full.person(0)).toMatchObject({ step: 'remove-license', question: { answer: 'confirmed', by: 'the person' } });
    const { sitting } = await full.job();
    expect(sitting!.needs).toContainEqual({ sentence: 'Everybody was asked: 1 of 3 confirmed.', met: true });
    // The newest list is from before our own upload.
    expect(sitting).toMatchObject({
      canStart: false,
      needs: [{ sentence: expect.stringContaining('before our last change'), met: false }, {}, {}],
    });
    await full.answerFor(1);
    await full.answerFor(2);
    expect(await full.person(1)).toMatchObject({ question: { answer: 'confirmed', by: 'Admin' } });
  });

  test('takes no license without a new complete export', async () => {
    const { detail } = await server.refused('planSitting', { params: full.params, body: { plannedFor: null } });
    expect(detail).toMatch(/export/u);
    await full.read([newEmail(0)]);
    expect((await server.refused('planSitting', { params: full.params, body: { plannedFor: null } })).status).toBe(409);
    await full.read();
    expect((await full.job()).sitting).toMatchObject({ canStart: true, gate: expect.stringContaining('3 of the 56 assignments') });
    expect((await full.start()).tasks.find((task) => task.isOpen)).toMatchObject({ kind: 'license-off', state: 'made', rows: 3 });
  });

  test('has the way back made and checked before anything is taken', async () => {
    const { tasks } = await full.job();
    expect(tasks.find(({ kind }) => kind === 'license-on')).toMatchObject({ isReady: true, state: null, rows: 3 });
  });

  test('is red from the moment the off file may be with LinkedIn, and the clock runs', async () => {
    expect(await alarms()).toEqual([]);
    const result = await full.upload();
    expect(await alarms()).toEqual(['no-license']);
    await full.bring(result);
    const job = await full.job();
    expect(job.sittingSteps.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'now', 'later', 'later', 'later']);
    expect(job.clocks).toMatchObject([
      { label: 'Without a license', until: null, people: 3 },
      { label: 'Without access', until: null },
    ]);
    expect(job.giveBack!.people).toHaveLength(3);
    expect(job.giveBack!.sentence).toMatch(/no license since \d\d:\d\d UTC \(0 min\)/u);
    // LinkedIn's result file alone is not enough: the license must be seen to be gone.
    expect(await full.person(0)).toMatchObject({ step: 'remove-license', minutesWithoutLicense: 0 });
    expect((await server.refused('makeFile', { params: full.params })).status).toBe(409);
  });

  test('gives back as soon as a filtered export shows them gone', async () => {
    const { sentences } = await full.read(three.map(newEmail));
    expect(sentences[0]).toContain('3 seen in LinkedIn');
    expect(await full.person(0)).toMatchObject({ step: 'reassign-license' });
    // Nobody has to ask for the way back.
    expect(await full.openTask()).toMatchObject({ kind: 'license-on', state: 'made', rows: 3 });
    await full.upload();
    expect(await alarms()).toEqual(['no-license']);
  });

  test('its alarm ends by itself once a read shows the licenses back', async () => {
    await full.read(three.map(newEmail));
    expect(await alarms()).toEqual([]);
    const job = await full.job();
    expect(job.giveBack).toBeNull();
    expect(job.clocks).toMatchObject([{ until: expect.any(String) }, { until: null }]);
    expect(job.sittingSteps.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done', 'done', 'done', 'now']);
    expect(await full.person(0)).toMatchObject({ step: 'onboarding', minutesWithoutLicense: 0, withoutLicenseSince: null });
  });

  test('an accepted invitation and LinkedIn’s own Matched repair them', async () => {
    for (const index of three) act({ do: 'accept', person: newEmail(index) });
    await full.read();
    expect(await full.person(0)).toMatchObject({ step: 'enable-crm-sync', minutesWithoutAccess: 0 });
    const { id } = await full.person(0);
    await server.ok('observeRematch', { params: { id }, body: { verdict: 'matched', on: new Date().toISOString() } });
    expect(await full.person(0)).toMatchObject({ ended: 'repaired' });
    // LinkedIn's daily job runs now.
    center.nextCrmJob = Date.now();
    await full.read();
    expect(await full.person(1)).toMatchObject({ ended: 'repaired' });
    expect((await full.get()).state).toBe('done');
    const { history } = await server.ok<RematchDetail>('getRematch', { params: { id } });
    expect(history.length).toBeGreaterThan(6);
  });

  test('licenses at the end are exactly those recorded', () => {
    expect(center.gaps).toHaveLength(3);
    for (const gap of center.gaps) expect(gap.activatedAt).not.toBeNull();
  });
});

describe('a sitting that does not go to plan', () => {
  test('a person who did not answer is left out, and nothing of theirs is touched', async () => {
    const two = await plan([3, 4]);
    await two.changeEmails();
    await two.answerFor(3);
    await two.read();
    const job = await two.start();
    expect(job.tasks.find((task) => task.isOpen)).toMatchObject({ kind: 'license-off', rows: 1 });
    expect(await two.person(4)).toMatchObject({ ended: 'left-out', minutesWithoutLicense: null });
    expect((await two.person(4)).cause).toContain('has not confirmed');
    const held = { key: `license:${licenseId(4)}`, licenseId: licenseId(4), code: 'not-asked', sentence: (await two.person(4)).cause };
    expect(job.heldBack).toEqual([expect.objectContaining(held)]);
    // As it was stored before there were codes.
    await database.query(`update plan set progress = replace(progress::text, '"code":"not-asked",', '')::json where plan_id = $1`, [
      two.id,
    ]);
    expect((await two.job()).heldBack).toEqual([expect.objectContaining({ ...held, code: null })]);
    await two.upload();
    await two.read([newEmail(3), newEmail(4)]);
    await two.upload();
    await two.read([newEmail(3)]);
    act({ do: 'accept', person: newEmail(3), wrongProfile: true });
    await two.read();
    // LinkedIn's export shows them activated: that they see an empty profile only they can tell.
    expect(await two.person(3)).toMatchObject({ step: 'enable-crm-sync' });
    await matched(two, 3);
    expect((await two.get()).state).toBe('done');
    await server.ok('changeSettings', { body: { duplicateProfiles: [licenseId(3)] } });
    await compare();
    const { rows } = await server.ok<People>('listPeople', { query: { reason: 'duplicate-profile' } });
    expect(rows.map(({ license }) => license?.id)).toEqual([licenseId(3)]);
  });

  test('a list with far fewer people than the last comparison takes nothing, though Admin Center is said to show as many', async () => {
    const one = await plan([18]);
    await one.changeEmails();
    await one.answerFor(18);
    const { csv, asOf } = exported(people.slice(0, 22).map((_, index) => center.people[index]!.profileEmail));
    await one.bring(csv, { exportedAt: asOf, adminCenterCount: '22' });
    const { detail } = await server.refused('planSitting', { params: one.params, body: { plannedFor: null } });
    expect(detail).toBe('The export has 18 people fewer than the one before. Without knowing why we plan no removals.');
    expect((await one.job()).sitting).toMatchObject({ canStart: false, needs: expect.arrayContaining([{ sentence: detail, met: false }]) });
    await one.read();
    await one.start();
    await one.upload();
    await one.read([newEmail(18)]);
    await giveEveryoneBack(one, [18]);
    await matched(one, 18);
  });

  test('a removal that LinkedIn carries out after its plan has ended is red from the next comparison on, and given back by one click', async () => {
    const one = await plan([19]);
    await one.begin();
    const { name } = await one.openTask();
    const taking = await server.ok<string>('downloadFile', { params: { id: one.id, name } });
    // LinkedIn leaves it lying, and nobody is seen without a license.
    await server.ok('sayOfFile', { params: { id: one.id, name }, body: { said: 'uploaded' } });
    await server.ok('giveBack', { params: one.params });
    await one.upload();
    const isMatched = async (minutes: number): Promise<void> => {
      await one.bring(exported([newEmail(19)]).csv, { exportedAt: new Date(Date.now() + minutes * 60_000).toISOString() });
      const { id } = await one.person(19);
      await server.ok('observeRematch', { params: { id }, body: { verdict: 'matched', on: new Date().toISOString() } });
    };
    await isMatched(61);
    expect([(await one.get()).state, await alarms()]).toEqual(['done', []]);

    uploadFile(center, name, new TextEncoder().encode(taking));
    await compare();
    const alarm = await until(async () => (await server.ok<Alarms>('listAlarms')).rows[0] ?? null);
    expect(alarm).toMatchObject({ kind: 'no-license', level: 'red', label: 'Give everyone back', href: `/plans/${one.id}/job#give-back` });
    expect(await one.person(19)).toMatchObject({ step: 'reassign-license', ended: null });
    await giveEveryoneBack(one, [19]);
    expect(await one.person(19)).toMatchObject({ step: 'onboarding', ended: null });
    act({ do: 'accept', person: newEmail(19) });
    await isMatched(62);
    expect([(await one.person(19)).ended, (await one.get()).state, await alarms()]).toEqual(['repaired', 'done', []]);
  });

  test('a person cancelled before the off file is downloaded is taken out of it', async () => {
    const two = await plan([5, 6]);
    await two.begin();
    expect(await two.openTask()).toMatchObject({ kind: 'license-off', rows: 2, state: 'made' });
    const { id } = await two.person(6);
    await server.ok('cancelRematch', { params: { id } });
    const { name } = await two.openTask();
    const text = await server.ok<string>('downloadFile', { params: { id: two.id, name } });
    expect(text).toContain(newEmail(5));
    expect(text).not.toContain(newEmail(6));
    await two.upload();
    await two.read([newEmail(5)]);
    await giveEveryoneBack(two, [5]);
    await matched(two, 5);
    expect((await two.get()).state).toBe('done');
  });

  test('everyone is given back in the middle, confirmed or not, by one click', async () => {
    const three = await plan([7, 8, 9]);
    await three.begin();
    const { name } = await three.openTask();
    await server.ok('downloadFile', { params: { id: three.id, name } });
    expect((await three.job()).giveBack!.sentence).toContain('may have no license');
    await three.upload();
    // One was not read back yet: the on file is for all the same.
    await three.read([newEmail(7), newEmail(8)]);
    await giveEveryoneBack(three, [7, 8, 9], 61);
    for (const index of [7, 8, 9]) await matched(three, index);
    expect((await three.get()).state).toBe('done');
  });

  test('cancelled between off and on it finishes giving back, then ends', async () => {
    const two = await plan([10, 11]);
    await two.begin();
    await two.upload();
    await two.read([10, 11].map(newEmail));
    const { id } = await two.person(10);
    await expectSentence('cancelRematch', { id }, 'They get their license back first');
    await expectSentence('cancelPlan', two.params, 'Some people have no license right now');
    expect((await two.get()).state).toBe('running');
    expect((await server.refused('pauseRematch', { params: { id } })).status).toBe(409);
    await server.ok('pausePlan', { params: two.params });
    await giveEveryoneBack(two, [10, 11]);
    expect(await two.person(10)).toMatchObject({ ended: 'cancelled' });
    expect((await two.get()).state).toBe('done');
  });

  test('a refused give-back raises an alarm at once, and is repeated until it holds', async () => {
    const two = await plan([12, 13]);
    await two.begin();
    await two.upload();
    await two.read([12, 13].map(newEmail));
    // Somebody else takes the license that became free.
    act({ do: 'take-licenses', type: 'Sales Navigator Advanced Plus', count: 100 });
    const result = await two.upload();
    const { sentences } = await two.bring(result);
    expect(sentences.join(' ')).toContain('2 refused');
    expect(await alarms()).toEqual(expect.arrayContaining(['no-license', 'give-back-failed']));
    await until(async () => ((await mailsTo('boss@acme.example')).some(({ subject }) => subject.includes('did not give')) ? true : null));
    act({ do: 'take-licenses', type: 'Sales Navigator Advanced Plus', count: 0 });
    expect(await two.openTask()).toMatchObject({ kind: 'license-on', rows: 2, retryOf: expect.any(String) });
    await two.upload();
    await two.read([12, 13].map(newEmail));
    expect(await alarms()).toEqual([]);
    for (const index of [12, 13]) await matched(two, index);
  });

  test('one file is out at a time: another plan’s waits until it is proven or thrown away', async () => {
    const first = await plan([14], { mode: 'email-first' });
    const second = await plan([15], { mode: 'email-first' });
    await first.approve();
    await second.approve();
    const { name } = await first.openTask();
    await server.ok('downloadFile', { params: { id: first.id, name } });
    const waiting = await second.openTask();
    expect(waiting.waitingFor).toContain(name);
    expect((await server.refused('downloadFile', { params: { id: second.id, name: waiting.name } })).detail).toContain(name);
    await first.bring(await first.upload());
    expect((await first.job()).tasks[0]!.can.reverse).toBe(true);
    await second.bring(await second.upload());
    expect(await second.person(15)).toMatchObject({ step: 'wait' });
  });
});

describe('what is agreed beforehand', () => {
  test('licenses are only taken in the agreed window, and a sitting is planned for it', async () => {
    const one = await plan([16]);
    await one.changeEmails();
    await one.answerFor(16);
    await one.read();
    const weekday = new Date().getUTCDay() || 7;
    const removalWindow = { days: [(weekday % 7) + 1], from: '10:00', to: '12:00', timeZone: 'UTC' };
    await server.ok('changeSettings', { body: { removalWindow } });
    expect((await one.job()).sitting).toMatchObject({ canStart: false, gate: expect.stringContaining('It opens on') });
    const begin = (plannedFor: string | null) => ({ params: one.params, body: { plannedFor } });
    expect((await server.refused('planSitting', begin(null))).detail).toContain('agreed window');
    const tomorrow = new Date(Date.now() + 24 * hourMs).toISOString().slice(0, 10);
    expect((await server.refused('planSitting', begin(`${tomorrow}T13:00:00.000Z`))).detail).toContain('agreed window');
    const agreed = await server.ok<Job>('planSitting', begin(`${tomorrow}T11:00:00.000Z`));
    expect(agreed.sitting).toMatchObject({ plannedFor: `${tomorrow}T11:00:00.000Z`, startedAt: null });
    await server.ok('changeSettings', { body: { removalWindow: null } });
    await expectSentence('cancelPlan', one.params, null);
  });

  test('a guard is lifted by its name only, for one plan, with a reason', async () => {
    const many = await plan(Array.from({ length: 11 }, (_, index) => 21 + index));
    const draft = await many.get();
    expect(draft.trips).toMatchObject([{ code: 'limit', canOverride: true }, { code: 'limit' }, { code: 'limit' }]);
    const approve = (override?: object) => ({ params: many.params, body: { seal: draft.seal, override } });
    expect((await server.refused('approvePlan', approve())).status).toBe(409);
    const until = new Date(Date.now() + 24 * hourMs).toISOString().slice(0, 10);
    expect((await server.refused('approvePlan', approve({ codes: ['everything'], reason: 'because', until }))).status).toBe(400);
    const approved = await server.ok<Plan>('approvePlan', approve({ codes: ['limit'], reason: 'All of them asked for it.', until }));
    expect(approved).toMatchObject({ state: 'running', people: 11 });
    const sittings = approved.files.filter(({ kind }) => kind === 'license-off');
    expect(sittings.map(({ rows, canary }) => [rows, canary])).toEqual([
      [3, true],
      [8, false],
    ]);
    await expectSentence('cancelPlan', many.params, null);
  });

  test('by hand it is the same sitting: a checklist in the place of the files, red from when it is open, proven by exports', async () => {
    const one = await plan([17], { route: 'guided' });
    await one.approve();
    const done = async () =>
      server.ok('sayOfFile', { params: { id: one.id, name: (await one.openTask()).name }, body: { said: 'uploaded' } });
    expect(await one.openTask()).toMatchObject({ kind: 'email-change', route: 'guided', can: { download: false, sayUploaded: true } });
    const email = people[17]!.license!;
    act({ do: 'set-email', person: email, email: newEmail(17) });
    await done();
    await one.read();
    await one.answerFor(17);
    await one.read();
    await one.start();
    const off = await one.openTask();
    expect(off).toMatchObject({ kind: 'license-off', route: 'guided', state: 'downloaded' });
    expect(off.checklist.some(({ href }) => href?.startsWith('https://www.linkedin.com/help/'))).toBe(true);
    expect(await alarms()).toEqual(['no-license']);
    act({ do: 'set-license', person: newEmail(17), types: [] });
    await done();
    await one.read([newEmail(17)]);
    expect(await one.openTask()).toMatchObject({ kind: 'license-on', route: 'guided' });
    act({ do: 'set-license', person: newEmail(17), types: ['Sales Navigator Advanced Plus'] });
    await done();
    await one.read([newEmail(17)]);
    expect(await alarms()).toEqual([]);
    await matched(one, 17);
    expect((await one.get()).state).toBe('done');
  });
});

/** By hand in Admin Center: LinkedIn's own Matched. */
async function matched(of: Awaited<ReturnType<typeof plan>>, index: number): Promise<void> {
  const person = center.people.find(({ profileEmail }) => profileEmail === newEmail(index))!;
  if (person.license === 'invited') act({ do: 'accept', person: newEmail(index) });
  await of.read([newEmail(index)]);
  const { id } = await of.person(index);
  await server.ok('observeRematch', { params: { id }, body: { verdict: 'matched', on: new Date().toISOString() } });
  expect(await of.person(index)).toMatchObject({ ended: 'repaired' });
}

/** @param minutes until LinkedIn is surely through with an off file that nobody saw to have worked */
async function giveEveryoneBack(of: Awaited<ReturnType<typeof plan>>, indexes: readonly number[], minutes = 0): Promise<void> {
  const job = await server.ok<Job>('giveBack', { params: of.params });
  expect(job.giveBack!.people).toHaveLength(indexes.length);
  expect(job.tasks.find((task) => task.isOpen)).toMatchObject({ kind: 'license-on', rows: indexes.length });
  await of.upload();
  if (minutes > 0) {
    await of.read(indexes.map(newEmail));
    expect(await alarms()).toEqual(['no-license']);
    act({ do: 'advance', hours: minutes / 60 });
  }
  await of.read(indexes.map(newEmail));
  expect(await alarms()).toEqual([]);
  for (const index of indexes) {
    const person = center.people.find(({ profileEmail }) => profileEmail === newEmail(index))!;
    expect(person).toMatchObject({ license: 'invited', licenseTypes: ['Sales Navigator Advanced Plus'] });
  }
}

async function expectSentence(
  name: 'cancelRematch' | 'cancelPlan',
  params: Record<string, string>,
  sentence: string | null,
): Promise<void> {
  const said = await server.ok<{ sentence: string | null }>(name, { params });
  if (sentence === null) expect(said.sentence).toBeNull();
  else expect(said.sentence).toContain(sentence);
}

const mailsTo = async (address: string) =>
  (await server.ok<Mails>('listMails', { query: {} })).rows.filter(({ to }) => to.address === address);

/** Asks again until there is an answer. */
async function until<Value>(ask: () => Promise<Value | null>): Promise<Value> {
  for (;;) {
    const value = await ask();
    if (value !== null) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
