import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeHandOver } from '../../../server/core/make-hand-over.ts';
import { makePlan, type PlanOptions, type PlanOutcome, planDefaults } from '../../../server/core/make-plan.ts';
import { makeReclaim } from '../../../server/core/make-reclaim.ts';
import type { Plan } from '../../../server/core/plan.ts';
import { type GateFacts, planGate } from '../../../server/core/plan-gate.ts';
import { type Rematch, startRematch } from '../../../server/core/rematch.ts';
import { disagrees, exampleOptions, exampleSource } from './example-plan.ts';

/** What is different of the person whose license would go. */
interface Somebody {
  readonly managedBy?: 'idp';
  readonly licenses?: readonly string[];
}

const type = 'Sales Navigator Advanced Plus';
const now = '2026-11-21T10:00:00.000Z';
const hour = 3_600_000;
const ago = (hours: number) => new Date(Date.parse(now) - hours * hour).toISOString();
const holder = (id: string, { managedBy, licenses = [type] }: Somebody = {}) => ({
  id,
  seatId: '',
  uniqueUserId: `E${id}`,
  email: `p${id}@acme.example`,
  name: id,
  licenses,
  managedBy: managedBy ?? ('unknown' as const),
});
const full = (rest: Partial<PlanOptions>) => exampleOptions({ mode: 'full', ...rest });

/** Every way in which Seatmatch plans that a license goes. What else makes such files is found by the last tests here. */
const removals: Readonly<Record<string, (options?: Partial<PlanOptions>, first?: Somebody, people?: number) => PlanOutcome>> = {
  'a full rematch': (options = {}, first = {}, people = 4) =>
    makePlan(
      Array.from({ length: people }, (_, n) => {
        const finding = disagrees(`${n}`);
        const { managedBy, licenses } = n === 0 ? holder('0', first) : holder(`${n}`);
        return { ...finding, managedBy, license: { ...finding.license!, licenses } };
      }),
      full(options),
    ),
  'a license taken back': (options = {}, first = {}, people = 4) => {
    const leavers = Array.from({ length: people }, (_, n) => ({ ...holder(`${n}`, n === 0 ? first : {}), stays: null }));
    return makeReclaim({ people: leavers, route: 'files', holders: leavers, licenseHolders: 100 }, full(options));
  },
  'a hand-over': (options = {}, first = {}) => {
    const leaver = { ...holder('0', first), sameId: 1, isInCrm: true };
    const successor = { ...holder('1', { licenses: [] }), sameId: 1, crmUserId: 'c1' };
    return makeHandOver({ leaver, successor, route: 'files', holders: [leaver, successor], licenseHolders: 100 }, full(options));
  },
};
const ways = Object.entries(removals);
const taken = (plan: Plan): readonly string[] =>
  plan.files.filter(({ kind }) => kind === 'license-off').flatMap(({ rows }) => rows.map(({ licenseId }) => licenseId));
const planOf = (outcome: PlanOutcome): Plan => (outcome.kind === 'plan' ? outcome.plan : outcome.draft);

describe.each(ways)('%s', (way, plan) => {
  test('is planned where nothing stands in its way', () => {
    const outcome = plan();
    expect(outcome.kind).toBe('plan');
    expect(taken(planOf(outcome))).toContain('0');
  });

  const stops: Readonly<Record<string, Partial<PlanOptions>>> = {
    sandbox: { sandbox: 'Acme Sandbox' },
    'other-org': { org: { pinned: 'org1', seen: 'org2' } },
    'unknown-contract-crm': { isContractCrmKnown: false },
    'odd-run': { oddRun: { changed: 30, of: 100 } },
    'incomplete, as nobody counted': { licenses: { ...exampleSource(100), expected: null } },
    'incomplete, as rows are missing': { licenses: { ...exampleSource(90), expected: 100 } },
    'incomplete, as the end is cut off': { licenseProof: { isWhole: false, lastGood: 100 } },
    'incomplete, as far fewer than before': { licenseProof: { isWhole: true, lastGood: 200 } },
    'stale, by a day': { licenses: { ...exampleSource(100), asOf: ago(25) } },
    'stale, from before our last change': { lastWriteAt: ago(0.5) },
  };
  test.each(Object.entries(stops))('is stopped before any change: %s', (code, options) => {
    const outcome = plan(options);
    expect(outcome.kind === 'stopped' && outcome.trips.map((trip) => trip.code)).toEqual([code.split(',')[0]]);
    // Nobody can lift it by a reason: only more people than a limit can be overruled.
    const override = { codes: [code.split(',')[0] as 'stale'], reason: 'x', by: 'ada', byFullAdmin: true, at: now, until: now };
    expect(plan({ ...options, override }).kind).toBe('stopped');
  });

  test('takes no more than the limit; one person is always allowed', () => {
    const limits = { ...exampleOptions().limits, remove: { percent: 25, absolute: 2 } };
    const outcome = plan({ limits }, {}, 3);
    if (way === 'a hand-over') expect(outcome.kind).toBe('plan');
    else expect(outcome).toMatchObject({ kind: 'stopped', trips: [{ code: 'limit' }] });
    expect(plan({ limits: { ...limits, remove: { percent: 1, absolute: 0 } } }, {}, 1).kind).toBe('plan');
  });

  test.each([
    ['protected', { protected: ['0'] }, {}],
    ['idp-owned', {}, { managedBy: 'idp' }],
    ['license-type-unknown', {}, { licenses: [] }],
  ] as const)('leaves out who is %s', (_, options, somebody) => {
    expect(taken(planOf(plan(options, somebody)))).not.toContain('0');
  });

  // What a plan was approved with is asked again before each of its files goes out, and of each person in it.
  const approved = planOf(plan());
  const file = approved.files.find(({ kind }) => kind === 'license-off')!;
  const row = file.rows[0]!;
  const state = (more: Partial<Rematch> = {}): Rematch => ({
    ...startRematch({ ...row, mode: 'full', oldEmail: row.existingEmail }, now),
    step: 'remove-license',
    answer: { answer: 'confirmed', at: now, by: 'the person', reason: null },
    ...more,
  });
  const facts = (more: Partial<GateFacts> = {}): GateFacts => ({
    plan: approved,
    progress: { planId: approved.id, seal: 'ab', files: [], heldBack: [] },
    window: null,
    isPaused: false,
    fileOutElsewhere: null,
    writtenElsewhereAt: null,
    expiresAt: ago(-24),
    sitting: { index: file.sitting!, plannedFor: null, startedAt: now },
    people: [{ state: state(), compared: null }],
    protected: [],
    complete: exampleSource(100),
    lastGood: 100,
    maxAgeHours: { email: 72, removal: 24 },
    ledger: { limit: 9, used: 0, resetAt: '2026-12-01T00:00:00.000Z' },
    reservedAssignments: 0,
    freeLicenses: null,
    now,
    ...more,
  });

  test('goes out where nothing holds it', () => {
    expect(planGate(facts()).file(file)).toBeNull();
    expect(planGate(facts()).row(row, 'license-off')).toBeNull();
  });

  test.each<[string, Partial<GateFacts>]>([
    ['the plan is paused', { isPaused: true }],
    ['another file is out', { fileOutElsewhere: 'email-change.csv' }],
    ['nobody started the sitting', { sitting: null }],
    ['the window is shut', { window: { from: ago(-1), to: ago(-2) } }],
    ['no list is complete', { complete: null }],
    ['rows are missing in the list', { complete: { ...exampleSource(90), expected: 100 } }],
    ['the list has far fewer than before', { lastGood: 200 }],
    ['the list is a day old', { complete: { ...exampleSource(100), asOf: ago(25) } }],
    ['the list is from before a change of another plan', { writtenElsewhereAt: ago(0.5) }],
  ])('waits while %s', (_, more) => {
    expect(planGate(facts(more)).file(file)).toMatch(/\.$/u);
  });

  test('waits for the first few: nobody follows before they are through', () => {
    const later = { ...file, canary: false, sitting: 1 };
    const files = [...approved.files, later];
    const sitting = { index: 1, plannedFor: null, startedAt: now };
    expect(planGate(facts({ plan: { files }, sitting })).file(later)).toContain('The first three people come first');
  });

  test.each<[string, Partial<Rematch>, Partial<GateFacts>]>([
    ['is protected by now', {}, { protected: ['0'] }],
    ['is paused', { paused: true }, {}],
    ['is through or cancelled', { ended: 'cancelled' }, {}],
    ['is not at that step', { step: 'update-email' }, {}],
  ])('holds back who %s', (_, more, gate) => {
    // A read shows them as they were planned, so that nothing else holds them.
    const seen = {
      email: row.newEmail,
      licenses: row.licenses,
      state: 'activated',
      crmStatus: 'unknown',
      crmSync: 'unknown',
      isTargetTaken: false,
    } as const;
    const people = (changes: Partial<Rematch>) => [{ state: state({ seen, ...changes }), compared: null }];
    expect(planGate(facts({ people: people({}) })).row(row, 'license-off')).toBeNull();
    expect(planGate(facts({ ...gate, people: people(more) })).row(row, 'license-off')).not.toBeNull();
  });

  test('takes no license from somebody whom LinkedIn shows otherwise than planned', () => {
    const seen = { licenses: row.licenses, state: 'activated', crmStatus: 'unknown', crmSync: 'unknown', isTargetTaken: false } as const;
    for (const other of [
      { email: 'x@acme.example' },
      { licenses: ['Sales Navigator Advanced'] },
      { state: 'none', licenses: [] } as const,
    ]) {
      const people = [{ state: state({ seen: { email: row.newEmail, ...seen, ...other } }), compared: null }];
      expect(planGate(facts({ people })).row(row, 'license-off')).not.toBeNull();
    }
  });
});

describe('nothing else takes a license', () => {
  const root = path.resolve(import.meta.dirname, '../../..');
  /** The made-up other side may do as LinkedIn does. */
  const isOurs = (file: string) => !/\/simulator|^server\/demo\//u.test(file);
  const sources = new Map<string, string>();
  beforeAll(async () => {
    for await (const file of glob('{server,connectors}/**/*.ts', { cwd: root }))
      if (isOurs(file)) sources.set(file, await readFile(path.join(root, file), 'utf8'));
  });
  const filesWith = (pattern: RegExp): string[] => [...sources].flatMap(([file, source]) => (pattern.test(source) ? [file] : [])).sort();
  const sourceOf = (file: string): string => sources.get(file)!;

  test('files that take one are cut for these ways alone; an undo and a give-back have none', () => {
    expect(filesWith(/(?<!function )\bcutFiles\(/u)).toEqual([
      'server/core/make-plan.ts',
      'server/core/make-reclaim.ts',
      'server/core/make-undo.ts',
    ]);
    // What a give-back cuts, beside what every plan from a comparison does.
    expect(sourceOf('server/core/make-reclaim.ts').match(/\bcutFiles\(/gu)).toHaveLength(1);
    expect(sourceOf('server/core/make-reclaim.ts')).toContain('({ off: null, on: row })');
    expect(Object.keys(removals)).toHaveLength(3);
    expect(sourceOf('server/core/make-undo.ts')).toContain('cutFiles(waves, [], {');
    // A connector writes the kind that it is given.
    expect(filesWith(/kind: 'license-off'/u)).toEqual(['connectors/linkedin-files/write-upload-file.ts', 'server/core/cut-files.ts']);
  });

  test('each of them is asked about its guards before it is one', () => {
    expect(sourceOf('server/core/make-plan.ts')).toMatch(/guardPlan\(plan, options\)/u);
    expect(filesWith(/return composePlan\(options, \{/u)).toEqual([
      'server/core/make-hand-over.ts',
      'server/core/make-plan.ts',
      'server/core/make-reclaim.ts',
    ]);
  });

  test('what writes a file or sends a change is reached through the gate, or writes emails alone', () => {
    expect(filesWith(/\btools\.write\(/u)).toEqual([
      // What a server carries: deliver-files.ts lets a file go by the gate first.
      'server/jobs/files-delivery.ts',
      'server/jobs/hand-out-files.ts',
      // Of a comparison that nobody planned: emails alone, by the default of a plan.
      'server/jobs/offer-files.ts',
      // The command line's folder, whose plans change emails alone.
      'server/jobs/plan-files.ts',
    ]);
    expect(filesWith(/\bconnector\.updateAccount\(/u)).toEqual(['server/jobs/scim-delivery.ts']);
    expect(filesWith(/\bdelivery\.carryOut\(|\bdelivery\.lookFor\b/u)).toEqual(['server/jobs/deliver-files.ts']);
    for (const file of ['deliver-files', 'hand-out-files']) expect(sourceOf(`server/jobs/${file}.ts`)).toMatch(/gateOf\(open/u);
    expect(planDefaults.mode).toBe('email-first');
    for (const file of [
      'server/jobs/offer-files.ts',
      'server/commands/plan-sides.ts',
      'server/commands/plan.ts',
      'server/commands/plan-from-files.ts',
    ])
      expect(sourceOf(file)).not.toMatch(/mode: 'full'/u);
  });

  test('a schedule repairs emails alone', () => {
    expect(sourceOf('server/jobs/auto-repair.ts')).toContain("mode: 'email-first'");
    expect(filesWith(/\bauto: true\b/u)).toEqual(['server/jobs/auto-repair.ts']);
  });
});
