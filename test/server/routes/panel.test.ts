import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  FindingRow,
  Panel,
  PanelPeople,
  PanelPersonDetail,
  PanelPlan,
  PanelRecord,
  People,
  Person,
  Plan,
} from '../../../server/api.ts';
import { actorLabels, statusLabels } from '../../../server/core/labels.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

describe('before anything was compared', () => {
  test('a panel says what to do, and shows no number', async () => {
    const panel = await server.ok<Panel>('getPanel');
    expect(panel).toMatchObject({ state: 'empty', headline: null, numbers: [], reasons: [], message: { heading: 'Nothing compared yet' } });
    expect(panel.viewer).toMatchObject({ canAct: true, sentence: null });
    expect((await server.ok<PanelPeople>('listPanelPeople')).rows).toEqual([]);
  });

  test('a record says that nobody was compared', async () => {
    const record = await server.ok<PanelRecord>('getPanelRecord', { query: { crmUserId: '005000000000001' } });
    expect(record).toMatchObject({ found: false, heading: 'Nothing compared yet', person: null });
  });
});

describe('after a comparison of 120 people, 18 of them Not Matched', () => {
  const people = testPeople(120, (index) => index % 7 === 0);
  const notMatched = 18;
  beforeAll(() => server.compare(licensesCsv(people), crmCsv(people)));

  test('the numbers of a panel are those of the overview', async () => {
    const panel = await server.ok<Panel>('getPanel');
    expect(panel.state).toBe('ready');
    expect(panel.headline).toMatchObject({ of: '120', label: 'Seats that sync' });
    expect(panel.numbers.find(({ id }) => id === 'notMatched')).toMatchObject({ value: notMatched, tone: 'bad' });
    expect(panel.reasons.reduce((sum, { count }) => sum + count, 0)).toBe(notMatched);
    expect(panel.causes.some(({ repair }) => repair?.button === `Repair ${notMatched} people`)).toBe(true);
  });

  test('every target of a panel leads to somebody', async () => {
    const panel = await server.ok<Panel>('getPanel');
    const targets = [...panel.numbers, ...panel.reasons, ...panel.causes].flatMap(({ target }) => (target ? [target] : []));
    expect(targets.length).toBeGreaterThan(2);
    for (const target of targets) {
      if (target.view !== 'people') throw new Error(`${target.view} is not expected here`);
      expect((await server.ok<PanelPeople>('listPanelPeople', { query: target.filter })).total).toBeGreaterThan(0);
    }
  });

  test('the list shows who is Not Matched until something else is asked for, a page at a time', async () => {
    const first = await server.ok<PanelPeople>('listPanelPeople', { query: { limit: '10' } });
    expect(first).toMatchObject({ total: notMatched, totalSentence: `${notMatched} people` });
    expect(first.rows).toHaveLength(10);
    const second = await server.ok<PanelPeople>('listPanelPeople', { query: { limit: '10', cursor: first.next! } });
    expect(second.rows).toHaveLength(notMatched - 10);
    expect((await server.ok<PanelPeople>('listPanelPeople', { query: { status: 'all', limit: '1' } })).total).toBe(120);
    expect((await server.refused('listPanelPeople', { query: { limit: '101' } })).status).toBe(400);
  });

  test('a person has the words that the console shows', async () => {
    const { rows } = await server.ok<People>('listPeople', { query: { status: 'not-matched', limit: '5' } });
    for (const row of rows) {
      const { finding } = await server.ok<Person>('getPerson', { params: { key: row.key } });
      const shown = await server.ok<PanelPersonDetail>('getPanelPerson', { params: { key: row.key } });
      expect(shown).toMatchObject({
        status: statusLabels[finding.status],
        reason: finding.label,
        sentence: finding.sentence,
        nextStep: finding.nextStep,
        actor: actorLabels[finding.actor],
        closedBy: finding.closedBy,
      });
      expect(shown.emails.map(({ runs }) => runs.map(({ text }) => text).join(''))).toEqual([
        finding.license!.email,
        finding.crmUser!.email,
      ]);
      expect(shown.emails.some(({ runs }) => runs.some(({ differs }) => differs))).toBe(true);
    }
  });

  test('a record is found by the CRM id, and warns once the CRM shows another email', async () => {
    const { rows } = await server.ok<People>('listPeople', { query: { status: 'matched', limit: '1' } });
    const matched = rows[0] as FindingRow;
    const crmUserId = matched.crmUser!.id;
    const record = await server.ok<PanelRecord>('getPanelRecord', {
      query: { crmUserId, email: ` ${matched.crmUser!.email.toUpperCase()}` },
    });
    expect(record).toMatchObject({ found: true, warning: null, person: { key: matched.key } });
    const changed = await server.ok<PanelRecord>('getPanelRecord', { query: { crmUserId, email: 'somebody.else@acme.example' } });
    expect(changed.warning).toContain('LinkedIn stops syncing this person');
    expect(await server.ok<PanelRecord>('getPanelRecord', { query: { crmUserId: 'nobody' } })).toMatchObject({ found: false });
    expect(await server.ok<PanelRecord>('getPanelRecord', { query: {} })).toMatchObject({
      found: false,
      heading: 'This record has no owner',
    });
    const both = { crmUserId: '005000000000001', ownerId: '7' };
    expect((await server.refused('getPanelRecord', { query: both })).detail).toContain('not both');
  });

  test('a plan goes from its review to its tasks', async () => {
    const panel = await server.ok<Panel>('getPanel');
    const cause = panel.causes.find(({ repair }) => repair !== null)!;
    const { id } = await server.ok<{ id: string }>('createPlan', { body: cause.repair!.choice });
    const draft = await server.ok<PanelPlan>('getPanelPlan', { params: { id } });
    expect(draft).toMatchObject({
      state: 'draft',
      poll: null,
      tasks: [],
      progress: { sentence: 'Nothing happens before it is approved.' },
    });
    expect(draft.people.rows.every(({ state }) => state === 'Planned')).toBe(true);
    expect(draft.actions.map(({ id: action }) => action)).toEqual(['cancel']);
    const { approval } = draft;
    const whole = await server.ok<Plan>('getPlan', { params: { id } });
    expect(approval).toMatchObject({ possible: whole.trips.length === 0, button: whole.approval.button });
    if (!approval!.possible) throw new Error(draft.stops[0]!.sentence);
    await server.ok('approvePlan', { params: { id }, body: { seal: approval!.seal } });
    const running = await server.ok<PanelPlan>('getPanelPlan', { params: { id } });
    expect(running).toMatchObject({ state: 'running', approval: null, stateWords: 'Under way' });
    expect(running.tasks.length).toBeGreaterThan(0);
    expect(running.people.total).toBe(draft.people.total);
    expect((await server.ok<Panel>('getPanel')).fileTasks).toMatchObject([{ id, target: { view: 'plan', id } }]);
  });
});
