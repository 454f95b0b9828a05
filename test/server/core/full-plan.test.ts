import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../server/core/make-plan.ts';
import { peopleOf, priceOf } from '../../../server/core/plan-price.ts';
import { emailDiffers, matched } from './example-finding.ts';
import { disagrees, exampleOptions, exampleSource, fullPlan, inFiles, leftOutOf, planOf } from './example-plan.ts';

const advancedPlus = 'Sales Navigator Advanced Plus';
const full = { mode: 'full' } as const;
const chosen = (...licenseIds: string[]) => ({ ...full, scope: { kind: 'people', licenseIds } }) as const;
const shape = (plan: ReturnType<typeof planOf>) =>
  plan.files.map(({ kind, rows, sitting, canary }) => [kind, rows.length, sitting, canary]);

describe('a full plan', () => {
  it('made after the wait takes and gives back the license at the present address, for people LinkedIn disagrees about', () => {
    const plan = planOf([disagrees('1'), matched('2', 'b@acme.example'), emailDiffers('3', 'c@gone.example', 'c@acme.example')], full);
    expect(shape(plan)).toEqual([
      ['license-off', 1, 0, true],
      ['license-on', 1, 0, true],
    ]);
    const [off, on] = plan.files;
    expect(off!.rows).toEqual(on!.rows);
    expect(off!.rows).toMatchObject([
      { existingEmail: 'p1@acme.example', newEmail: 'p1@acme.example', licenses: [advancedPlus], after: null },
    ]);
    expect(plan.price).toBe('1 person loses access until they accept a new invitation. 1 assignment is used.');
    expect(plan.leftOut).toEqual([]);
  });

  it('made from the start changes the email first, and takes the license only where that was seen', () => {
    const plan = planOf([emailDiffers('1', 'a@gone.example', 'a@acme.example')], chosen('1'));
    expect(plan.files.map((file) => [file.kind, file.rows[0]!.existingEmail, file.rows[0]!.newEmail, file.rows[0]!.after])).toEqual([
      ['email-change', 'a@gone.example', 'a@acme.example', null],
      ['license-off', 'a@acme.example', 'a@acme.example', '1'],
      ['license-on', 'a@acme.example', 'a@acme.example', '1'],
    ]);
  });

  it('puts three people into the first sitting, then at most 25, and one at a time while no license is free', () => {
    expect(shape(fullPlan(30)).map(([kind, n, sitting, canary]) => [kind, n, sitting, canary])).toEqual([
      ['license-off', 3, 0, true],
      ['license-on', 3, 0, true],
      ['license-off', 25, 1, false],
      ['license-on', 25, 1, false],
      ['license-off', 2, 2, false],
      ['license-on', 2, 2, false],
    ]);
    const one = fullPlan(2, { freeLicenses: 0 });
    expect(one.files.map((file) => file.rows.length)).toEqual([1, 1, 1, 1]);
    expect(one.notes).toEqual([{ code: 'no-free-license', sentence: 'No license is free, so full rematches run one at a time.' }]);
    expect(fullPlan(2, { freeLicenses: 1 }).notes).toEqual([]);
  });

  it('takes nobody in whom nobody chose: neither Not Matched people nor people whose emails simply agree', () => {
    const people = [emailDiffers('1', 'a@gone.example', 'a@acme.example'), matched('2', 'b@acme.example')];
    expect(planOf(people, full).files).toEqual([]);
    expect(inFiles(planOf(people, chosen('2')))).toEqual(['2', '2']);
    expect(inFiles(planOf([{ ...people[1]!, reason: 'waiting-for-linkedin' }], chosen('2')))).toEqual(['2', '2']);
  });

  it.each(['in-sync', 'identity-conflict', 'duplicate-profile', 'invitation-pending', 'crm-sync-off'] as const)(
    'leaves out somebody chosen by hand whom it does not help: %s',
    (reason) => {
      expect(leftOutOf(planOf([{ ...matched('1', 'a@acme.example'), reason }], chosen('1')))).toEqual({ '1': reason });
    },
  );

  it('takes no license whose type nobody knows, or of somebody protected, owned by an identity provider, or with an ID twice', () => {
    const nameless = disagrees('1');
    const people = [
      { ...nameless, license: { ...nameless.license!, licenses: [' '] } },
      disagrees('2'),
      disagrees('3', { managedBy: 'idp' }),
      disagrees('4', { also: ['duplicate-unique-user-id'] }),
    ];
    const plan = planOf(people, { ...full, protected: ['2'] });
    expect(plan.files).toEqual([]);
    expect(leftOutOf(plan)).toEqual({ '1': 'license-type-unknown', '2': 'protected', '3': 'idp-owned', '4': 'duplicate-id' });
  });

  it('leaves out whom the admin unticked, and says of a chosen person who is not there any more that they are gone', () => {
    const plan = planOf([disagrees('1'), disagrees('2')], { ...chosen('1', '2', '9'), leftOutByAdmin: ['2'] });
    expect(leftOutOf(plan)).toEqual({ '2': 'left-out-by-you', '9': 'gone' });
    expect(inFiles(plan)).toEqual(['1', '1']);
  });

  it('leaves out whom the upload would refuse, off or on, and whoever shares an address', () => {
    const formula = disagrees('1');
    const people = [
      { ...formula, license: { ...formula.license!, uniqueUserId: '=1' } },
      disagrees('2', { license: { ...formula.license!, id: '2', uniqueUserId: '2', email: 'p3@acme.example' } }),
      disagrees('3'),
    ];
    expect(leftOutOf(planOf(people, full))).toEqual({ '1': 'formula', '2': 'address-shared', '3': 'address-shared' });
  });

  it('changes no email of somebody who gets no assignment this month, nor of whoever waits for that address', () => {
    const people = [
      disagrees('1'),
      emailDiffers('2', 'b@acme.example', 'c@acme.example'),
      emailDiffers('3', 'a@acme.example', 'b@acme.example'),
    ];
    const plan = planOf(people, { ...chosen('1', '2', '3'), ledger: { limit: 3, used: 1, resetAt: '2026-12-01T00:00:00.000Z' } });
    expect(inFiles(plan)).toEqual(['1', '1']);
    expect(plan.leftOut).toMatchObject([
      { licenseId: '2', code: 'ledger', until: '2026-12-01T00:00:00.000Z' },
      { licenseId: '3', code: 'ledger', until: '2026-12-01T00:00:00.000Z' },
    ]);
    expect(plan.notes).toEqual([
      {
        code: 'ledger',
        sentence: '3 full rematches need 3 assignments; 1 are left until 1 December 2026. 2 people wait.',
      },
    ]);
  });

  it('plans one person while nobody knows the assignments of the month', () => {
    const plan = fullPlan(3, { ledger: null });
    expect(inFiles(plan)).toEqual(['0', '0']);
    expect(leftOutOf(plan)).toEqual({ '1': 'ledger-unknown', '2': 'ledger-unknown' });
  });

  it('does by hand what was chosen for that, in lists of their own', () => {
    const plan = planOf([emailDiffers('1', 'a@gone.example', 'a@acme.example'), disagrees('2')], {
      ...chosen('1', '2'),
      routes: { '1': 'guided' },
    });
    expect(plan.files.map(({ kind, route, name, rows }) => [kind, route, name.startsWith('by-hand-'), rows.length])).toEqual([
      ['email-change', 'guided', true, 1],
      ['license-off', 'files', false, 1],
      ['license-on', 'files', false, 1],
      ['license-off', 'guided', true, 1],
      ['license-on', 'guided', true, 1],
    ]);
    expect(plan.files[4]!.name).toBe('by-hand-license-on-2026-11-21-b-7f3c1d20');
  });

  const stopped = (rest: Parameters<typeof exampleOptions>[0]): readonly string[] => {
    const outcome = makePlan([disagrees('1'), disagrees('2')], exampleOptions({ ...full, ...rest }));
    return outcome.kind === 'stopped' ? outcome.trips.map((trip) => trip.code) : [];
  };

  it('stops where a removal could rest on half a list, an old one, or one from before our last write', () => {
    expect(stopped({})).toEqual([]);
    expect(stopped({ licenses: { ...exampleSource(100), expected: null } })).toEqual(['incomplete']);
    expect(stopped({ licenseProof: { isWhole: false, lastGood: null } })).toEqual(['incomplete']);
    expect(stopped({ licenseProof: { isWhole: true, lastGood: 200 } })).toEqual(['incomplete']);
    expect(stopped({ licenses: { ...exampleSource(100), asOf: '2026-11-20T09:00:00.000Z' } })).toEqual(['stale']);
    expect(stopped({ lastWriteAt: '2026-11-21T09:00:00.000Z' })).toEqual(['stale']);
    expect(stopped({ lastWriteAt: '2026-11-21T08:59:59.999Z' })).toEqual([]);
  });

  it('stops for the org it must not be made from, and for each limit', () => {
    expect(stopped({ isContractCrmKnown: false })).toEqual(['unknown-contract-crm']);
    expect(stopped({ org: { pinned: 'a', seen: 'b' } })).toEqual(['other-org']);
    expect(stopped({ oddRun: { changed: 40, of: 100 } })).toEqual(['odd-run']);
    const one = { percent: 0, absolute: 9 };
    const { limits } = exampleOptions();
    for (const action of ['remove', 'assign', 'invite'] as const)
      expect(stopped({ limits: { ...limits, [action]: one } })).toEqual(['limit']);
    expect(stopped({ limits: { ...limits, email: one } })).toEqual([]);
  });

  it('tells for each person every step, the route and the price, and for the whole plan the sum', () => {
    const plan = planOf([emailDiffers('1', 'a@gone.example', 'a@acme.example'), disagrees('2')], {
      ...chosen('1', '2'),
      expected: { withoutLicense: 15, withoutAccess: 600 },
    });
    const [both, license] = peopleOf(plan);
    const price = { invitations: 1, onboardings: 1, assignments: 1, minutesWithoutLicense: 15, minutesWithoutAccess: 600 };
    expect(both).toMatchObject({
      licenseId: '1',
      route: 'files',
      emailBefore: 'a@gone.example',
      emailAfter: 'a@acme.example',
      steps: ['preflight', 'update-email', 'ask-person', 'remove-license', 'reassign-license', 'onboarding', 'enable-crm-sync'],
      givesBack: [advancedPlus],
      sitting: 0,
      ...price,
    });
    expect(license).toMatchObject({ licenseId: '2', steps: both!.steps.filter((step) => step !== 'update-email'), ...price });
    expect(priceOf(plan)).toEqual({
      emailChanges: 1,
      removals: 2,
      assignments: 2,
      invitations: 2,
      onboardings: 2,
      minutesWithoutLicense: 15,
      minutesWithoutAccess: 600,
      givesBack: [{ license: advancedPlus, people: 2 }],
    });
    const email = planOf([emailDiffers('1', 'a@gone.example', 'a@acme.example')]);
    expect(peopleOf(email)).toMatchObject([
      {
        steps: ['preflight', 'update-email', 'wait'],
        invitations: 0,
        assignments: 0,
        minutesWithoutAccess: 0,
        givesBack: [],
        sitting: null,
      },
    ]);
  });

  it('for Zoho, which LinkedIn has no CRM Sync with, tells neither the step that enables it nor a wait for its job, at the same price', () => {
    const people = [emailDiffers('1', 'a@gone.example', 'a@acme.example')];
    const [usual, zoho] = ['salesforce', 'zoho'].map((crmKind) => planOf(people, { ...chosen('1'), crmKind }));
    expect(peopleOf(zoho!)[0]!.steps).toEqual(peopleOf(usual!)[0]!.steps.filter((step) => step !== 'enable-crm-sync'));
    expect(priceOf(zoho!)).toEqual(priceOf(usual!));
    expect(peopleOf(planOf(people, { crmKind: 'zoho' }))[0]!.steps).toEqual(['preflight', 'update-email']);
  });

  it('gives every license back that it takes, puts everybody in one place, and no address to two people at any moment', () => {
    const address = fc.integer({ min: 0, max: 12 }).map((n) => `p${n}@acme.example`);
    const person = fc.record({
      from: address,
      to: address,
      agrees: fc.boolean(),
      idp: fc.boolean(),
      type: fc.boolean(),
      guided: fc.boolean(),
    });
    const ledger = fc.option(fc.record({ limit: fc.nat(20), used: fc.nat(20), resetAt: fc.constant('2026-12-01T00:00:00.000Z') }));
    fc.assert(
      fc.property(
        fc.uniqueArray(person, { selector: (one) => one.from, maxLength: 10 }),
        ledger,
        fc.option(fc.nat(2)),
        (people, assignments, freeLicenses) => {
          const findings = people.map(({ from, to, agrees, idp, type }, n) => {
            const finding = agrees ? disagrees(`${n}`) : emailDiffers(`${n}`, from, to);
            return {
              ...finding,
              managedBy: idp ? ('idp' as const) : ('unknown' as const),
              license: { ...finding.license!, email: from, licenses: type ? [advancedPlus] : [] },
              crmUser: { crm: 's', id: `c${n}`, email: `c${n}@acme.example`, name: '', active: true },
            };
          });
          const ids = findings.map((one) => one.license.id);
          const plan = planOf(findings, {
            ...chosen(...ids),
            ledger: assignments,
            freeLicenses,
            routes: Object.fromEntries(people.flatMap(({ guided }, n) => (guided ? [[`${n}`, 'guided' as const]] : []))),
          });
          const planned = new Set(inFiles(plan));
          expect(
            [...planned, ...plan.identityRequests.map((one) => one.licenseId), ...plan.leftOut.map((one) => one.licenseId)].toSorted(),
          ).toEqual(ids.toSorted());
          const removals = plan.files.filter((file) => file.kind === 'license-off');
          for (const [place, file] of plan.files.entries())
            if (file.kind === 'license-off') {
              const back = plan.files[place + 1]!;
              expect([back.kind, back.sitting, back.route]).toEqual(['license-on', file.sitting, file.route]);
              expect(back.rows).toEqual(file.rows);
              for (const row of file.rows) expect(row.licenses.length).toBeGreaterThan(0);
            }
          expect(removals.flatMap((file) => file.rows.map((row) => row.licenseId)).toSorted()).toEqual([...planned].toSorted());
          const allowed = assignments === null ? 1 : Math.max(0, assignments.limit - assignments.used - 1);
          expect(planned.size).toBeLessThanOrEqual(allowed);
          const holding = new Map(people.map(({ from }, n) => [from, `${n}`]));
          for (const file of plan.files.filter(({ sitting }) => sitting === null)) {
            for (const row of file.rows) expect(holding.get(row.newEmail), 'free before this file').toBeUndefined();
            for (const row of file.rows) holding.delete(row.existingEmail);
            for (const row of file.rows) holding.set(row.newEmail, row.licenseId);
          }
          for (const row of removals.flatMap((file) => file.rows)) expect(holding.get(row.newEmail)).toBe(row.licenseId);
        },
      ),
      { numRuns: 300 },
    );
  });
});
