import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { UserField } from '../../../connectors/connector.ts';
import { openUserFile } from '../../../connectors/crm-csv/connector.ts';
import type { Alarms, DemoUpload, Job, Overview, People, Plan, PlanRow, Reconciliation } from '../../../server/api.ts';
import type { Finding, Summary } from '../../../server/core/finding.ts';
import { collectPeople, fieldIndex, textAt } from '../../../server/core/people.ts';
import { readSwitch } from '../../../server/core/read-values.ts';
import { differences, reasons, rules } from '../../../server/core/status.ts';
import { type WordingKey, wordingKeyOf, wordings } from '../../../server/core/wording.ts';
import { makeDemo } from '../../../server/demo/make-demo.ts';
import { startTestServer, type TestServer } from '../running-server.ts';

// The demo company is made here: a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

const morning = new Date('2026-11-20T00:20:00Z');
const demo = makeDemo(20, morning);

describe('the generator', () => {
  test('makes the same bytes for the same seed and day, and others for another', () => {
    expect(makeDemo(20, new Date('2026-11-20T23:50:00Z'))).toEqual(demo);
    expect(makeDemo(20, new Date('2026-11-21T00:00:00Z'))).not.toEqual(demo);
    expect(makeDemo(21, morning)).not.toEqual(demo);
  });

  test('any seed makes a company of the same parts', () => {
    for (const seed of [0, 1, 7, 4_000_000_000]) {
      const other = makeDemo(seed, morning);
      expect(other.comparisons.map(({ adminCenterCount }) => adminCenterCount)).toEqual(
        demo.comparisons.map(({ adminCenterCount }) => adminCenterCount),
      );
    }
  });

  test('has nobody at a real domain', () => {
    const usage = demo.usage.map(({ csv }) => csv);
    const files = [
      demo.hubspotCsv,
      demo.zohoCsv,
      ...usage,
      ...demo.comparisons.flatMap(({ licensesCsv, crmCsv }) => [licensesCsv, crmCsv]),
    ];
    const found = [...files.join('\n').matchAll(/@([^\s,"]+)/gu)].map(([, domain]) => domain!);
    expect(found.length).toBeGreaterThan(600);
    // One address is cut off before its .example: it shows an email that is none.
    expect([...new Set(found)].filter((domain) => !domain.endsWith('.example'))).toEqual(['northwind']);
  });

  test('tells as evidence exactly the active users of the other two CRMs', async () => {
    const told = demo.comparisons[0]!.settings.otherCrms!;
    for (const [text, crm, crmName] of [
      [demo.hubspotCsv, 'hubspot', 'HubSpot'],
      [demo.zohoCsv, 'zoho', 'Zoho CRM'],
    ] as const) {
      const file = await openUserFile(Buffer.from(text), { name: `${crm}.csv`, exportedAt: morning.toISOString() });
      expect(file.crm).toBe(crm);
      const collected = collectPeople<UserField>(20);
      await file.listUsers(collected);
      const people = collected.people();
      const cell = (row: number, field: UserField) => textAt(people, row, fieldIndex(people, field));
      const active = Array.from({ length: people.count }, (_, row) => row).filter((row) =>
        crm === 'zoho' ? readSwitch(cell(row, 'active')) === 1 : readSwitch(cell(row, 'disabled').toLowerCase()) === 0,
      );
      expect(active.length).toBeLessThan(people.count);
      expect(told.find((other) => other.crmName === crmName)!.emails).toEqual(active.map((row) => cell(row, 'email')));
    }
  });
});

describe('the demo workspace', () => {
  let server: TestServer;
  let people: Finding[];
  let lastWeek: Finding[];
  let summary: Summary;
  let overview: Overview;

  beforeAll(async () => {
    server = await startTestServer({ demo: true });
    overview = await server.ok<Overview>('getOverview');
    const reportOf = async (id: string) =>
      (await (await server.fetch(`/api/reconciliations/${id}/report.json`)).json()) as { summary: Summary; findings: Finding[] };
    ({ summary, findings: people } = await reportOf(overview.latest!.id));
    ({ findings: lastWeek } = await reportOf(overview.trend.at(-3)!.id));
  });
  afterAll(() => server?.stop());

  /** What a sentence is chosen by stands in the finding. */
  const keyOf = (finding: Pick<Finding, 'status' | 'reason' | 'variant' | 'difference' | 'changeSide' | 'managedBy'>): WordingKey =>
    wordingKeyOf({
      status: finding.status,
      reason: finding.reason,
      variant: finding.variant,
      difference: finding.difference,
      changeSide: finding.changeSide,
      managedBy: finding.managedBy,
      crmName: 'Salesforce',
      idpName: 'Okta',
    });

  /** Said only between off and on: nobody should find the demo in that state. */
  const ofSitting: readonly WordingKey[] = ['being-repaired, no license'];
  const beingRepaired = async () => (await server.ok<People>('listPeople', { query: { status: 'being-repaired' } })).rows;
  /** Said last week of two people whom that export did not have. */
  const ofLastWeek: readonly WordingKey[] = ['not-checked'];
  /** Said where LinkedIn has no CRM Sync with the contract's CRM; the demo's is with Salesforce. */
  const ofZoho: readonly WordingKey[] = ['emails-agree, no CRM Sync'];

  test('shows every sentence on somebody, but for that of a license which is gone', async () => {
    const shown = new Set<string>([...people, ...(await beingRepaired())].map(keyOf));
    // These two are nobody's reason: one stands beside a reason, the other is counted.
    if (people.some(({ also }) => also.includes('license-type-unknown'))) shown.add('license-type-unknown');
    if (summary.countedOnly['license:unassigned']! > 0 && summary.countedOnly['license:admin-only']! > 0) shown.add('unassigned');
    const missing = Object.keys(wordings).filter((key) => !shown.has(key));
    expect(missing.sort()).toEqual([...ofSitting, ...ofLastWeek, ...ofZoho].sort());
    expect(lastWeek.map(keyOf)).toEqual(expect.arrayContaining([...ofLastWeek]));
  });

  test('shows every reason, every difference and every rule', () => {
    const unused = <Word extends string>(words: readonly Word[], used: (finding: Finding) => Word | null) =>
      words.filter((word) => !people.some((finding) => used(finding) === word));
    expect(unused(reasons, ({ reason }) => reason).sort()).toEqual(['being-repaired', 'not-checked', 'stuck-onboarding']);
    expect(unused(differences, ({ difference }) => difference)).toEqual([]);
    // A suggestion never decides.
    expect(unused(rules, ({ rule }) => rule)).toEqual(['suggestion']);
  });

  test('says nothing of two people last week, whom an incomplete export did not have, and knows them again today', () => {
    const unseen = lastWeek.filter(({ status }) => status === 'not-checked');
    expect(unseen).toHaveLength(2);
    for (const { key, sentence } of unseen) {
      expect(sentence).toMatch(/^LinkedIn was incomplete or too old on \d+ \w+ \d{4}, so we say nothing about this person\.$/u);
      expect(people.find((finding) => finding.key === key)).toMatchObject({ status: 'matched', reason: 'in-sync', change: null });
    }
  });

  test('says since when emails agree, and how long a disagreement may last', () => {
    const agree = people.filter(({ reason }) => reason === 'emails-agree');
    expect(agree.length).toBeGreaterThan(0);
    for (const { sentence } of agree)
      expect(sentence).toMatch(/^The emails agree since \d+ \w+ \d{4}\. We have not seen LinkedIn's own status/u);
    const disagree = people.filter(({ reason }) => reason === 'linkedin-disagrees');
    expect(disagree.length).toBeGreaterThan(0);
    for (const { nextStep } of disagree) expect(nextStep).toMatch(/^If this lasts after \d+ \w+ \d{4}, plan a full rematch/u);
  });

  test('fills every placeholder', () => {
    for (const { label, sentence, nextStep } of people) {
      expect(`${label} ${sentence} ${nextStep}`).not.toMatch(/[{}]|undefined|null|NaN/u);
    }
  });

  test('has one cause that 37 people share, repaired by one domain-change file', () => {
    const [first] = overview.rootCauses;
    expect(first).toMatchObject({
      id: 'old-domain:northwind.example>northwind-group.example',
      repairKind: 'domain-change-file',
      count: 37,
    });
    expect(people.filter(({ rootCause }) => rootCause === first!.id)).toHaveLength(37);
  });

  test('has nobody in two rows', () => {
    const keys = people.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    const users = people.flatMap(({ crmUser }) => (crmUser ? [crmUser.id] : []));
    expect(new Set(users).size).toBe(users.length);
  });

  test('tells of three weeks: before the domain change, after it, and what was repaired since', () => {
    expect(overview.trend).toHaveLength(4);
    const [before, , after, today] = overview.trend as [Overview['trend'][0], unknown, Overview['trend'][0], Overview['trend'][0]];
    expect(before.seatsThatSync).toBeGreaterThan(today.seatsThatSync);
    expect(today.seatsThatSync).toBeGreaterThan(after.seatsThatSync);
    expect(overview.changes).toMatchObject({ repaired: expect.any(Number), new: expect.any(Number), cameBack: 1 });
    expect(overview.changes!.repaired).toBeGreaterThan(5);
    expect(overview.changes!.new).toBeGreaterThan(1);
    const days = overview.trend.map(({ at }) => Math.round((Date.now() - Date.parse(at)) / 86_400_000));
    expect(days.map((day) => Math.round(day / 7))).toEqual([2, 1, 1, 0]);
  });

  test('has repairs behind it, one under way and one that is stuck, each made by the program itself', async () => {
    const { rows } = await server.ok<{ rows: PlanRow[] }>('listPlans');
    expect(
      rows.map(({ mode, state, people: of, done, stopped, withoutLicense }) => ({ mode, state, of, done, stopped, withoutLicense })),
    ).toEqual([
      { mode: 'full', state: 'running', of: 3, done: 0, stopped: 0, withoutLicense: 0 },
      { mode: 'email-first', state: 'done', of: 4, done: 3, stopped: 1, withoutLicense: 0 },
      { mode: 'full', state: 'running', of: 1, done: 0, stopped: 0, withoutLicense: 0 },
    ]);
    expect((await server.ok<Alarms>('listAlarms')).rows.map(({ level, kind }) => [level, kind])).toEqual([['orange', 'stuck-onboarding']]);
    const stuck = (await beingRepaired()).filter(({ reason }) => reason === 'stuck-onboarding');
    expect(stuck.map(({ sentence }) => sentence)).toEqual([
      expect.stringMatching(/^License given back on \d+ \w+ \d{4}; the new invitation is not accepted after 1[34] days\.$/u),
    ]);
    expect(people.find(({ reason }) => reason === 'repair-failed')!.sentence).toMatch(
      /^Stopped at "wait for LinkedIn": the email changed in LinkedIn/u,
    );
  });

  test('leaves integration users out and counts them', async () => {
    const { proofs } = await server.ok<Reconciliation>('getReconciliation', { params: { id: overview.latest!.id } });
    expect(proofs!.crm).toMatchObject({
      kind: 'listing',
      source: 'northwind-salesforce',
      leftOut: { integration: 2, 'service-account': 1 },
    });
    expect(people.some(({ crmUser }) => /integration|process|sync/iu.test(crmUser?.name ?? ''))).toBe(false);
  });

  test('is no sandbox, lacks nothing and offers its files', async () => {
    expect(overview.banners.map(({ kind }) => kind)).toEqual(['demo']);
    const offered = await server.ok<{ files: { kind: string; rows: number }[]; refusal: string | null }>('listFiles', {
      params: { id: overview.latest!.id },
    });
    expect(offered.refusal).toBeNull();
    // The 37, and one who has the other company domain before an equal local part.
    const domainChanges = offered.files.filter(({ kind }) => kind === 'domain-change');
    expect(domainChanges.map(({ rows }) => rows)).toEqual([3, 35]);
    expect(offered.files.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['email-change', 'crm-change-list', 'identity-request']));
  });

  test('lets whoever starts its sitting see who has no license, and the red bar go by itself once everybody has theirs', async () => {
    const [{ id }] = (await server.ok<{ rows: [PlanRow] }>('listPlans')).rows;
    const at = { params: { id } };
    const red = async () => (await server.ok<Alarms>('listAlarms')).rows.filter(({ level }) => level === 'red');
    const openTask = async (): Promise<Job['tasks'][number] | undefined> =>
      (await server.ok<Job>('getJob', at)).tasks.find(({ isOpen, state }) => isOpen && state !== null);
    const carry = async (): Promise<string> => {
      const name = (await openTask())!.name;
      const file = await server.ok<string>('downloadFile', { params: { id, name } });
      const { number, applied } = await server.ok<DemoUpload>('uploadToDemo', { query: { name }, raw: file });
      expect(applied).toBe(2);
      await server.ok('sayOfFile', { params: { id, name }, body: { said: 'uploaded' } });
      return server.ok<string>('getDemoResult', { params: { number: String(number) } });
    };
    const bring = async () =>
      server.ok('bringProof', { ...at, query: { name: 'export.csv', adminCenterCount: '93' }, raw: await server.ok<string>('exportDemo') });

    await server.ok('planSitting', { ...at, body: { plannedFor: null } });
    await carry();
    await bring();
    const gone = (await beingRepaired()).filter(({ variant }) => variant === 'no-license');
    expect(gone.map(keyOf)).toEqual([...ofSitting, ...ofSitting]);
    expect(await red()).toMatchObject([
      { kind: 'no-license', sentence: expect.stringMatching(/ and .+ have no license since \{since\}\.$/u) },
    ]);

    if (!(await openTask())) await server.ok('makeFile', at);
    await carry();
    await bring();
    expect(await red()).toEqual([]);
    expect((await server.ok<Plan>('getPlan', at)).withoutLicense).toBe(0);
  });
});
