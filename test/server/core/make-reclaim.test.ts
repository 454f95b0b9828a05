import { describe, expect, it } from 'vitest';
import { retryFileName } from '../../../connectors/linkedin-files/name-upload-file.ts';
import type { PlanOptions } from '../../../server/core/make-plan.ts';
import { type LicenseToReclaim, makeGiveBack, makeReclaim, type Reclaim } from '../../../server/core/make-reclaim.ts';
import type { Plan } from '../../../server/core/plan.ts';
import { peopleOf, priceOf } from '../../../server/core/plan-price.ts';
import {
  giveBack,
  openGate,
  type PlanProgress,
  releaseNext,
  sayOf,
  sittingUnderWay,
  unprovenOut,
} from '../../../server/core/plan-progress.ts';
import { takeExport } from '../../../server/core/read-export.ts';
import { exampleOptions, exampleSource, leftOutOf } from './example-plan.ts';

const type = 'Sales Navigator Advanced Plus';
const leaver = (id: string, rest: Partial<LicenseToReclaim> = {}): LicenseToReclaim => ({
  id,
  seatId: '',
  uniqueUserId: id,
  email: `${id}@acme.example`,
  name: id,
  licenses: [type],
  managedBy: 'unknown',
  stays: null,
  ...rest,
});
const stamp = { at: '2026-11-21T10:00:00.000Z', by: 'ada' };

function outcomeOf(people: readonly LicenseToReclaim[], rest: Partial<Reclaim> = {}, options: Partial<PlanOptions> = {}) {
  return makeReclaim(
    { people, route: 'files', holders: people, licenseHolders: 100, ...rest },
    exampleOptions({ mode: 'full', ...options }),
  );
}
function planOf(...asked: Parameters<typeof outcomeOf>): Plan {
  const outcome = outcomeOf(...asked);
  return outcome.kind === 'plan' ? outcome.plan : outcome.draft;
}
const nothing = (plan: Plan): PlanProgress => ({ planId: plan.id, seal: '', files: [], heldBack: [] });

/** The first off file said to be uploaded. */
function uploaded(plan: Plan): PlanProgress {
  const released = releaseNext(plan, nothing(plan), retryFileName, stamp, openGate);
  const said = released.kind === 'file' ? sayOf(plan, released.progress, 'uploaded', stamp) : null;
  if (!said?.ok) throw new Error('The off file was not released.');
  return said.progress;
}
/** What an export shows of these people afterwards. */
const shown = (people: readonly LicenseToReclaim[], asOf: string) => ({
  people: people.map(({ uniqueUserId, email }) => ({ seatId: '', uniqueUserId, email, licenses: [], status: 'Unassigned' })),
  asOf,
  isComplete: false,
});

describe('licenses that are taken back', () => {
  it('go by off files alone, cost no assignment and no invitation, and are recorded', () => {
    const plan = planOf([leaver('a'), leaver('b'), leaver('c'), leaver('d')]);
    expect(plan.files.map(({ kind, rows, canary }) => [kind, rows.length, canary])).toEqual([
      ['license-off', 3, true],
      ['license-off', 1, false],
    ]);
    expect(priceOf(plan)).toMatchObject({ removals: 4, assignments: 0, invitations: 0, minutesWithoutLicense: 0 });
    expect(peopleOf(plan)[0]).toMatchObject({ steps: ['preflight', 'remove-license'] });
    expect(plan.files[0]!.rows[0]).toMatchObject({ licenses: [type], existingEmail: 'a@acme.example', newEmail: 'a@acme.example' });
  });

  it('are missed by nobody: no clock runs, nothing is to be given back, and the plan does not end before a proof', () => {
    const plan = planOf([leaver('a')]);
    const progress = uploaded(plan);
    expect(sittingUnderWay(plan, progress)).toBeNull();
    expect(giveBack(plan, progress, retryFileName, stamp, openGate)).toMatchObject({ kind: 'finished' });
    expect(unprovenOut(plan, progress)).toMatchObject({ name: plan.files[0]!.name });
    expect(sayOf(plan, progress, 'discarded', stamp)).toMatchObject({ ok: false, sentence: expect.stringContaining('Bring a new export') });
    const proven = takeExport(plan, progress, shown([leaver('a')], '2026-11-21T10:05:00.000Z'), { ...stamp, expired: false }).progress;
    expect(unprovenOut(plan, proven)).toBeNull();
    expect(releaseNext(plan, proven, retryFileName, stamp, openGate)).toMatchObject({ kind: 'finished' });
  });

  it.each([
    ['left-out-by-you', {}, { leftOutByAdmin: ['a'] }],
    ['being-repaired', {}, { underRepair: ['a'] }],
    ['protected', {}, { protected: ['a'] }],
    ['idp-owned', { managedBy: 'idp' }, {}],
    ['license-type-unknown', { licenses: [] }, {}],
    ['active-in-crm', { stays: { code: 'active-in-crm', sentence: '', nextStep: '' } }, {}],
    ['teamlink-extend', { licenses: [type, 'TeamLink Extend'] }, {}],
    ['formula', { uniqueUserId: '=1' }, {}],
  ] as const)('stay with somebody who is left out: %s', (code, change, options) => {
    const plan = planOf([leaver('a', change as Partial<LicenseToReclaim>), leaver('b')], {}, options as Partial<PlanOptions>);
    expect(plan.files.flatMap(({ rows }) => rows.map(({ licenseId }) => licenseId))).toEqual(['b']);
    expect(leftOutOf(plan)).toEqual({ a: code });
  });

  it('stay with both of two people who share an address or an ID', () => {
    const plan = planOf([
      leaver('a', { email: 'x@acme.example' }),
      leaver('b', { email: 'X@acme.example' }),
      leaver('c'),
      leaver('d', { uniqueUserId: 'C' }),
    ]);
    expect([plan.files, Object.values(leftOutOf(plan))]).toEqual([
      [],
      ['address-shared', 'address-shared', 'duplicate-id', 'duplicate-id'],
    ]);
  });

  it('are taken by hand together with TeamLink Extend', () => {
    const plan = planOf([leaver('a', { licenses: [type, 'TeamLink Extend'] })], { route: 'guided' });
    expect(plan.files.map(({ route, rows }) => [route, rows.length])).toEqual([['guided', 1]]);
  });

  it('are held by the guards of every removal', () => {
    const trips = (options: Partial<PlanOptions>) => {
      const outcome = outcomeOf([leaver('a'), leaver('b')], {}, options);
      return outcome.kind === 'stopped' ? outcome.trips.map(({ code }) => code) : [];
    };
    expect(trips({})).toEqual([]);
    expect(trips({ licenses: { ...exampleSource(9), expected: null } })).toEqual(['incomplete']);
    expect(trips({ licenses: { ...exampleSource(100), asOf: '2026-11-20T09:00:00.000Z' } })).toEqual(['stale']);
    expect(trips({ sandbox: 'a sandbox' })).toEqual(['sandbox']);
    const limit = { percent: 1, absolute: 100 };
    expect(trips({ limits: { email: limit, remove: limit, assign: limit, invite: limit } })).toEqual(['limit']);
  });
});

describe('the way back of licenses that were taken', () => {
  const people = [leaver('a'), leaver('b')];
  const plan = planOf(people);
  const proven = takeExport(plan, uploaded(plan), shown(people, '2026-11-21T10:05:00.000Z'), { ...stamp, expired: false }).progress;
  const back = (rest: Partial<Parameters<typeof makeGiveBack>[2]> = {}) =>
    makeGiveBack(plan, proven, {
      ...exampleOptions(),
      file: 0,
      leftOutByAdmin: [],
      people: shown(people, '').people,
      holders: people.map((person) => ({ ...person, licenses: [] })),
      licenses: exampleSource(100),
      licenseHolders: 98,
      ...rest,
    });

  it('is an on file of its own, which nothing has to come before', () => {
    const given = back();
    expect(given.files.map(({ kind, rows }) => [kind, rows.map(({ licenses }) => licenses)])).toEqual([['license-on', [[type], [type]]]]);
    expect(given.price).toContain('2 assignments are used');
    expect(releaseNext(given, nothing(given), retryFileName, stamp, openGate)).toMatchObject({ kind: 'file', file: { rows: [0, 1] } });
  });

  it('leaves out whoever is gone, has a license again, was not seen to lose it, or has no assignment', () => {
    expect(leftOutOf(back({ people: shown([people[1]!], '').people }))).toEqual({ a: 'gone' });
    const again = people.map(({ uniqueUserId, email }) => ({ seatId: '', uniqueUserId, email, licenses: [type], status: 'Activated' }));
    expect(leftOutOf(back({ people: again, licenses: { ...exampleSource(100), asOf: '2026-11-22T09:00:00.000Z' } }))).toEqual({
      a: 'has-license',
      b: 'has-license',
    });
    expect(
      leftOutOf(
        makeGiveBack(plan, uploaded(plan), {
          ...exampleOptions(),
          file: 0,
          leftOutByAdmin: [],
          people: again,
          holders: people,
          licenseHolders: 98,
        }),
      ),
    ).toEqual({
      a: 'not-done',
      b: 'not-done',
    });
    expect(leftOutOf(back({ ledger: { limit: 2, used: 0, resetAt: '2026-12-01T00:00:00.000Z' } }))).toEqual({ b: 'ledger' });
  });
});
