import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Batch, BatchRow, CrmInvitations, Invitations } from '../../../server/api.ts';
import { type Invited, invitedExport, invitedUsers } from '../invited-people.ts';
import { startTestServer, type TestServer } from '../running-server.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const dayMs = 86_400_000;
const day = (ago: number) => new Date(Date.now() - ago * dayMs).toISOString().slice(0, 10);
const at = (hoursAgo: number) => new Date(Date.now() - hoursAgo * 3_600_000).toISOString();

const active = (n: number): Invited => ({
  id: `${100 + n}`,
  name: `Active ${'ABCDEFGHIJ'[n]}a`,
  status: 'Activated',
  invited: day(100),
  activated: day(98),
  manager: 'Mona',
});
const anna: Invited = { id: '1', name: 'Anna Ahlund', status: 'Invited', invited: day(12), manager: 'Mona' };
const bo: Invited = { id: '2', name: 'Bo Berger', status: 'Invited', invited: day(8), team: 'Partners', manager: 'Olaf' };
const cem: Invited = { id: '3', name: 'Cem Cole', status: 'Invited', invited: day(2), manager: 'Mona' };
const company = [...Array.from({ length: 7 }, (_, n) => active(n)), anna, bo, cem];

const list = (server: TestServer, query: Record<string, string> = {}) => server.ok<Invitations>('listInvitations', { query });
const bring = async (server: TestServer, people: readonly Invited[], exportedAt: string, more: object = {}, dates = true) => {
  const run = await server.compare(invitedExport(people, dates), invitedUsers(people), {
    exportedAt,
    adminCenterCount: people.length,
    answers: { oddRun: 'release' },
    ...more,
  });
  expect(run.state).toBe('done');
};
const idOf = async (server: TestServer, name: string) => (await list(server)).rows.find((row) => row.name === name)!.id;

describe('invitations that LinkedIn shows as open', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server?.stop());

  test('are none before a list was brought, and it says which columns to tick', async () => {
    expect(await list(server)).toMatchObject({ rows: [], percent: null, asOf: null, told: expect.stringContaining('License status') });
  });

  test('are listed the oldest first, with who must act and by when', async () => {
    await bring(server, company, at(3));
    const answer = await list(server);
    expect(answer.rows.map(({ name, days, age, actor, times }) => [name, days, age, actor, times])).toEqual([
      ['Anna Ahlund', 12, 'due', 'linkedin-admin', 1],
      ['Bo Berger', 8, 'due', 'linkedin-admin', 1],
      ['Cem Cole', 2, 'fresh', 'the-person', 1],
    ]);
    expect(answer.rows[0]).toMatchObject({
      sentence: 'Invited 12 days ago; not accepted.',
      nextStep: 'Resend the invitation in Admin Center.',
      manager: 'Mona',
    });
    expect(answer).toMatchObject({ invited: 3, activated: 7, percent: 70, targetPercent: 90, due: 2, total: 3, told: null });
    expect(answer.sentence).toBe('7 of 10 people with a license have activated it. 2 more make the target of 90 %.');
  });

  test('are filtered by team, manager, name and age, and the rate is that of the team', async () => {
    expect(await list(server, { team: 'Partners' })).toMatchObject({ total: 1, invited: 1, activated: 0, percent: 0 });
    expect((await list(server, { manager: 'Mona' })).rows.map(({ name }) => name)).toEqual(['Anna Ahlund', 'Cem Cole']);
    expect((await list(server, { search: 'BERG' })).rows.map(({ name }) => name)).toEqual(['Bo Berger']);
    expect((await list(server, { age: 'due' })).total).toBe(2);
    expect((await list(server, { age: 'fresh' })).total).toBe(1);
    expect(await list(server)).toMatchObject({ teams: ['Partners', 'Sales'], managers: ['Mona', 'Olaf'] });
  });

  test('are read page by page, each person once', async () => {
    const first = await list(server, { limit: '2' });
    const second = await list(server, { limit: '2', cursor: first.next! });
    expect([...first.rows, ...second.rows].map(({ name }) => name)).toEqual(['Anna Ahlund', 'Bo Berger', 'Cem Cole']);
    expect(second.next).toBeNull();
    expect((await server.refused('listInvitations', { query: { cursor: 'x' } })).status).toBe(400);
  });

  test('make a task for each manager, as a list for the CRM', async () => {
    const csv = await server.ok<string>('getManagerTasks');
    const lines = csv.trim().split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain('Ask Anna Ahlund to accept the Sales Navigator invitation');
    expect(lines[1]).toContain('mona@acme.example');
  });

  test('end when a list shows that the person activated, whose license id is another one by then', async () => {
    await bring(server, [...company.slice(0, 7), { ...anna, status: 'Activated', activated: day(0) }, bo, cem], at(2));
    const answer = await list(server);
    expect(answer.rows.map(({ name }) => name)).toEqual(['Bo Berger', 'Cem Cole']);
    expect(answer.trend.map(({ percent }) => percent)).toEqual([70, 80]);
  });

  test('stay open when somebody is missing in a list that is not proven whole, and end when it is', async () => {
    const without = company.filter(({ name }) => name !== 'Bo Berger' && name !== 'Anna Ahlund');
    await bring(server, without, at(1.5), { adminCenterCount: 12 });
    expect((await list(server)).rows.map(({ name }) => name)).toEqual(['Bo Berger', 'Cem Cole']);
    await bring(server, [...without, { ...bo, status: 'No license' }], at(1));
    expect((await list(server)).rows.map(({ name }) => name)).toEqual(['Cem Cole']);
  });

  test('are not opened again by a list that is older than the newest one', async () => {
    await bring(server, company, at(30));
    expect((await list(server)).rows.map(({ name }) => name)).toEqual(['Cem Cole']);
  });

  test('count from the first list that showed them where the export has no invited date', async () => {
    await bring(server, [...company.slice(0, 7), { id: '9', name: 'Dora Dinh', status: 'Invited' }], at(0.5), {}, false);
    const answer = await list(server);
    expect(answer.rows.find(({ name }) => name === 'Dora Dinh')).toMatchObject({ invitedAt: null, days: 0 });
    expect(answer.told).toContain('Last invited date');
  });
});

describe('a batch of invitations that are sent again by hand', () => {
  let server: TestServer;
  const get = (id: string) => server.ok<Batch>('getBatch', { params: { id } });
  const make = async (body: object) => (await server.ok<{ id: string }>('createBatch', { body })).id;
  const tickAll = async (id: string) => {
    for (let step = 1; step <= (await get(id)).steps.length; step++)
      await server.ok('tickBatchStep', { params: { id, step: `${step}` }, body: { done: true } });
  };
  beforeAll(async () => {
    server = await startTestServer();
    await bring(server, company, at(5));
  });
  afterAll(() => server?.stop());

  test('through the user queue names the filter, the ticks and the buttons of Admin Center', async () => {
    const batch = await get(await make({ way: 'user-queue', age: 'due' }));
    const text = batch.steps.map(({ sentence }) => sentence).join('\n');
    for (const words of ['License status filter', 'Invited', 'Add to queue', '2 users in user queue', 'Resend Invite'])
      expect(text).toContain(words);
    expect(text).toContain('Select the checkbox next to each of the 2 users');
    expect(batch.steps[1]!.href).toMatch(/^https:\/\/www\.linkedin\.com\//u);
    expect(batch.rows.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['Anna Ahlund', 'waiting'],
      ['Bo Berger', 'waiting'],
    ]);
    expect((await list(server)).rows[0]).toMatchObject({ batchId: batch.id, nextStep: expect.stringContaining('Carry out the batch') });
    expect(await server.ok<string>('getBatchPeople', { params: { id: batch.id } })).toContain('anna.ahlund@acme.example');
    await server.ok('discardBatch', { params: { id: batch.id } });
    expect((await server.refused('tickBatchStep', { params: { id: batch.id, step: '1' }, body: { done: true } })).status).toBe(409);
  });

  test('of everybody ticks the one box that selects all', async () => {
    const batch = await get(await make({ way: 'quick-actions' }));
    expect(batch.steps.map(({ sentence }) => sentence).join('\n')).toContain('User details column');
    expect(batch.people).toBe(3);
    expect(await server.refused('createBatch', { body: { way: 'user-queue' } })).toMatchObject({ status: 409 });
    await server.ok('discardBatch', { params: { id: batch.id } });
  });

  test('is closed by the next export, never by the ticks of a person', async () => {
    const id = await make({ way: 'user-queue', age: 'due' });
    await tickAll(id);
    expect(await get(id)).toMatchObject({ state: 'open', settled: 0, doneAt: expect.any(String) });
    expect((await list(server)).rows[0]!.nextStep).toContain('Bring a new export');

    // LinkedIn shows a new invitation for one of the two.
    await bring(server, [...company.slice(0, 7), { ...anna, invited: day(0) }, bo, cem], at(0));
    const half = await get(id);
    expect(half.rows.map(({ outcome }) => outcome)).toEqual(['resent', 'not-sent']);
    expect(half).toMatchObject({ state: 'open', settled: 1 });
    expect((await list(server)).rows.find(({ name }) => name === 'Anna Ahlund')).toMatchObject({ times: 2, days: 0, age: 'fresh' });

    await bring(
      server,
      [...company.slice(0, 7), { ...anna, invited: day(0) }, { ...bo, status: 'Activated', activated: day(0) }, cem],
      at(0),
    );
    expect(await get(id)).toMatchObject({ state: 'closed', settled: 2 });
    expect((await server.ok<{ rows: BatchRow[] }>('listBatches')).rows[0]).toMatchObject({ id, state: 'closed' });
  });

  test('of one person is a single resend or an activation link, whose copying no list shows', async () => {
    expect((await server.refused('createBatch', { body: { way: 'single' } })).status).toBe(422);
    const single = await get(await make({ way: 'single', ids: [await idOf(server, 'Cem Cole')] }));
    expect(single.steps.map(({ sentence }) => sentence).join('\n')).toContain('Resend welcome email');
    await server.ok('discardBatch', { params: { id: single.id } });
    const link = await make({ way: 'copy-link', ids: [await idOf(server, 'Cem Cole')] });
    expect((await get(link)).steps.map(({ sentence }) => sentence).join('\n')).toContain('Copy activation link');
    await bring(server, [...company.slice(0, 7), { ...anna, invited: day(0) }, { ...cem, invited: day(0) }], at(0));
    expect(await get(link)).toMatchObject({ state: 'open', rows: [{ outcome: 'waiting' }] });
  });
});

describe('invitations to the CRM itself', () => {
  test('are re-invited after seven days, activated first where they were deactivated, and close by the next list alone', async () => {
    const server = await startTestServer();
    try {
      await server.ok('changeSettings', { body: { crm: 'zoho', crmName: 'Zoho CRM' } });
      const zoho = (confirmed: string) =>
        [
          'Id,First Name,Last Name,Email,Role,Profile,Status,Confirm,Created Time',
          `554023000000235011,Anna,Ahlund,anna.ahlund@acme.example,Sales,Standard,active,${confirmed},${day(9)}T00:00:00+00:00`,
          `554023000000235012,Bo,Berger,bo.berger@acme.example,Sales,Standard,active,false,${day(1)}T00:00:00+00:00`,
          `554023000000235013,Cem,Cole,cem.cole@acme.example,Sales,Standard,inactive,false,${day(30)}T00:00:00+00:00`,
          `554023000000235014,Dora,Dinh,dora.dinh@acme.example,Sales,Standard,active,true,${day(90)}T00:00:00+00:00`,
          '',
        ].join('\n');
      const compare = async (confirmed: string) =>
        expect(await server.compare(invitedExport(company.slice(7)), zoho(confirmed), { answers: { oddRun: 'release' } })).toMatchObject({
          state: 'done',
        });
      await compare('false');
      const before = await server.ok<CrmInvitations>('listCrmInvitations');
      expect(before.crms[0]!.rows.map(({ name, expired, nextStep }) => [name, expired, nextStep])).toEqual([
        ['Cem Cole', true, 'Activate them in Zoho CRM first, then re-invite them.'],
        ['Anna Ahlund', true, 'Re-invite them in Zoho CRM.'],
        ['Bo Berger', false, 'Wait until day 7, then re-invite them.'],
      ]);
      const steps = before.crms[0]!.steps.flatMap((part) => part.steps.map(({ sentence }) => sentence)).join('\n');
      for (const words of ['Setup > Users & Permissions > Users', 'Settings icon', 'Re-invite', 'Unconfirmed Users'])
        expect(steps).toContain(words);
      const anna = before.crms[0]!.rows[1]!.crmUserId;
      const said = await server.ok<CrmInvitations>('sayReinvited', { body: { crmName: 'Zoho CRM', crmUserIds: [anna] } });
      expect(said.crms[0]!.rows[1]).toMatchObject({ name: 'Anna Ahlund', expired: false, reinvited: { by: 'Admin' } });
      await compare('true');
      expect((await server.ok<CrmInvitations>('listCrmInvitations')).crms[0]!.rows.map(({ name }) => name)).toEqual([
        'Cem Cole',
        'Bo Berger',
      ]);
      expect((await server.refused('sayReinvited', { body: { crmName: 'Zoho CRM', crmUserIds: [anna] } })).status).toBe(404);
    } finally {
      await server.stop();
    }
  });
});
