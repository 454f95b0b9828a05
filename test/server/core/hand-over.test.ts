import { describe, expect, it } from 'vitest';
import { retryFileName } from '../../../connectors/linkedin-files/name-upload-file.ts';
import { type HandOver, makeHandOver } from '../../../server/core/make-hand-over.ts';
import { guardPlan, type PlanOptions } from '../../../server/core/make-plan.ts';
import type { Plan } from '../../../server/core/plan.ts';
import { peopleOf } from '../../../server/core/plan-price.ts';
import { giveBack, openGate, releaseNext, sayOf, sittingUnderWay } from '../../../server/core/plan-progress.ts';
import { takeExport } from '../../../server/core/read-export.ts';
import { exampleOptions, exampleSource, leftOutOf } from './example-plan.ts';

const type = 'Sales Navigator Advanced Plus';
const someone = (id: string, licenses: readonly string[]) =>
  ({ id, seatId: '', uniqueUserId: id, email: `${id}@acme.example`, name: id, licenses, managedBy: 'unknown', sameId: 1 }) as const;
const leaver = { ...someone('leaver', [type]), isInCrm: true };
const successor = { ...someone('successor', []), crmUserId: 'c2' };
const handOver: HandOver = { leaver, successor, route: 'files', holders: [leaver, successor], licenseHolders: 100 };

function planOf(rest: Partial<HandOver> = {}, options: Partial<PlanOptions> = {}): Plan {
  const given = { ...handOver, ...rest };
  const outcome = makeHandOver({ ...given, holders: [given.leaver, given.successor] }, exampleOptions({ mode: 'full', ...options }));
  return outcome.kind === 'plan' ? outcome.plan : outcome.draft;
}

describe('a hand-over', () => {
  it('takes the license of the leaver and gives it to the successor, without a new email on anybody’s profile', () => {
    const plan = planOf();
    expect(plan.files.map(({ kind, rows }) => [kind, rows.map((row) => [row.licenseId, row.existingEmail, row.newEmail])])).toEqual([
      ['license-off', [['leaver', 'leaver@acme.example', 'leaver@acme.example']]],
      ['license-on', [['successor', 'successor@acme.example', 'successor@acme.example']]],
    ]);
    expect(peopleOf(plan)).toMatchObject([
      { licenseId: 'leaver', steps: ['preflight', 'remove-license'], assignments: 0, minutesWithoutAccess: 0 },
      {
        licenseId: 'successor',
        steps: ['preflight', 'reassign-license', 'onboarding', 'enable-crm-sync'],
        assignments: 1,
        givesBack: [type],
      },
    ]);
  });

  it('gives nothing before the license of the leaver is seen to be gone', () => {
    const plan = planOf();
    const stamp = { at: '2026-11-21T10:00:00.000Z', by: 'ada' };
    const first = releaseNext(plan, { planId: plan.id, seal: '', files: [], heldBack: [] }, retryFileName, stamp, openGate);
    const said = first.kind === 'file' ? sayOf(plan, first.progress, 'uploaded', stamp) : null;
    if (!said?.ok) return expect.fail('The off file was not released.');
    expect(sittingUnderWay(plan, said.progress)).toBeNull();
    expect(giveBack(plan, said.progress, retryFileName, stamp, openGate)).toMatchObject({ kind: 'finished' });
    const shown = [{ seatId: '', uniqueUserId: 'leaver', email: leaver.email, licenses: [], status: 'Unassigned' }];
    const read = { people: shown, asOf: '2026-11-21T10:05:00.000Z', isComplete: false };
    const gone = takeExport(plan, said.progress, read, { ...stamp, expired: false }).progress;
    const next = releaseNext(plan, gone, retryFileName, stamp, openGate);
    expect(next).toMatchObject({ kind: 'file', file: { name: plan.files[1]!.name, rows: [0] } });
  });

  it.each([
    ['same-person', { successor: { ...leaver, crmUserId: 'c' } }, {}],
    ['has-license', { successor: { ...successor, licenses: [type] } }, {}],
    ['license-type-unknown', { leaver: { ...leaver, licenses: [] } }, {}],
    ['idp-owned', { successor: { ...successor, managedBy: 'idp' } }, {}],
    ['duplicate-id', { leaver: { ...leaver, sameId: 2 } }, {}],
    ['protected', {}, { protected: ['leaver'] }],
    ['target-domain', { successor: { ...successor, email: 's@private.example' } }, {}],
    ['formula', { successor: { ...successor, uniqueUserId: '=1' } }, {}],
    ['ledger', {}, { ledger: { limit: 1, used: 0, resetAt: '2026-12-01T00:00:00.000Z' } }],
  ] as const)('is left out: %s', (code, people, options) => {
    const plan = planOf(people, options);
    expect(plan.files).toEqual([]);
    expect(Object.values(leftOutOf(plan))).toEqual([code]);
  });

  it('is not planned where a CRM that tells no total did not show the leaver, who may be there all the same; a repair by email is', () => {
    const untold = { ...exampleSource(9), source: 'acme-hubspot', sha256: null, expected: null };
    const options = exampleOptions({ crm: untold, crmName: 'HubSpot' });
    const outcome = makeHandOver({ ...handOver, leaver: { ...leaver, isInCrm: false } }, options);
    expect(outcome).toMatchObject({
      kind: 'stopped',
      trips: [
        {
          code: 'incomplete',
          sentence:
            'HubSpot does not tell how many users it has, so who was not found may be there all the same. We plan no removal by that.',
        },
      ],
    });
    expect(makeHandOver(handOver, options)).toMatchObject({ kind: 'plan' });
    const emails = guardPlan({ files: [], mode: 'email-first', licenseHolders: 9, expected: options.expected }, options);
    expect(emails).toEqual([]);
    for (const crm of [
      { ...untold, expected: 9 },
      { ...untold, sha256: 'a'.repeat(64) },
    ])
      expect(makeHandOver({ ...handOver, leaver: { ...leaver, isInCrm: false } }, { ...options, crm })).toMatchObject({ kind: 'plan' });
  });

  it('stops on half a list, as every removal does', () => {
    const outcome = makeHandOver(handOver, exampleOptions({ licenses: { ...exampleSource(9), expected: null } }));
    expect(outcome).toMatchObject({ kind: 'stopped', trips: [{ code: 'incomplete' }] });
  });
});
