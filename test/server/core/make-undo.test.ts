import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryFileName } from '../../../connectors/linkedin-files/name-upload-file.ts';
import { linkedinUploadRules } from '../../../server/commands/linkedin-upload.ts';
import { makeUndo, type UndoOptions, undoableFiles } from '../../../server/core/make-undo.ts';
import type { Plan, PlanRow } from '../../../server/core/plan.ts';
import { openGate, type PlanProgress, releaseNext, takeProof } from '../../../server/core/plan-progress.ts';
import { emailDiffers } from './example-finding.ts';
import { exampleSource, fullPlan, leftOutOf, planOf } from './example-plan.ts';

const day = (n: number): string => new Date(Date.parse('2026-11-21T10:00:00.000Z') + n * 86_400_000).toISOString();

/** The progress of a plan whose first file came back with these rows done. */
function proven(plan: Plan, isDone: (row: number) => boolean = () => true): PlanProgress {
  const stamp = { at: day(0), by: 'ada' };
  const first = releaseNext(plan, { planId: plan.id, seal: '', files: [], heldBack: [] }, retryFileName, stamp, openGate);
  if (first.kind !== 'file') throw new Error(first.kind);
  const outcomes = Object.fromEntries(first.file.rows.filter(isDone).map((row) => [row, { outcome: 'done' as const }]));
  return takeProof(plan, first.progress, first.file.name, outcomes, { ...stamp, expired: false }).progress;
}

const shown = (row: PlanRow, email = row.newEmail) => ({ seatId: '', uniqueUserId: row.licenseId, email, licenses: null, status: '' });

function undo(plan: Plan, progress: PlanProgress, rest: Partial<UndoOptions> = {}): Plan {
  const people = rest.people ?? plan.files[0]!.rows.map((row) => shown(row));
  const outcome = makeUndo(plan, progress, {
    file: 0,
    leftOutByAdmin: [],
    id: 'undo',
    now: day(1),
    by: 'ada',
    people,
    holders: people.map(({ uniqueUserId, email }) => ({ id: uniqueUserId, email, uniqueUserId, licenses: [] })),
    licenses: { ...exampleSource(people.length), asOf: day(1) },
    licenseHolders: people.length,
    maxAgeHours: 72,
    expiresAfterHours: 24,
    upload: linkedinUploadRules(),
    ...rest,
  });
  return outcome.kind === 'plan' ? outcome.plan : expect.fail(outcome.trips.map((trip) => trip.sentence).join(' '));
}

describe('undoing a confirmed email file', () => {
  const plan = planOf([1, 2].map((n) => emailDiffers(`${n}`, `p${n}@gone.example`, `q${n}@acme.example`)));

  it('is offered for 14 days from its proof, for email files only', () => {
    expect(undoableFiles(plan, proven(plan), day(14))).toEqual([{ file: 0, until: day(14) }]);
    expect(undoableFiles(plan, proven(plan), day(14.01))).toEqual([]);
    expect(
      undoableFiles(
        plan,
        proven(plan, () => false),
        day(1),
      ),
    ).toEqual([]);
    const sitting = fullPlan(1);
    expect(undoableFiles(sitting, proven(sitting), day(1))).toEqual([]);
  });

  it('turns around who still has the email that the file wrote, and says of the others why not', () => {
    const [first, second] = plan.files[0]!.rows;
    const both = undo(plan, proven(plan));
    expect(both.files).toMatchObject([
      {
        kind: 'email-change',
        rows: [{ existingEmail: 'q1@acme.example', newEmail: 'p1@gone.example' }, { existingEmail: 'q2@acme.example' }],
      },
    ]);
    expect(both.price).toBe('2 license emails change. No invitation is sent and no license is removed.');
    const changed = undo(plan, proven(plan), { people: [shown(first!), shown(second!, 'third@acme.example')] });
    expect(leftOutOf(changed)).toEqual({ '2': 'facts-changed' });
    expect(leftOutOf(undo(plan, proven(plan), { people: [shown(first!)] }))).toEqual({ '2': 'gone' });
    expect(
      leftOutOf(
        undo(
          plan,
          proven(plan, (row) => row === 0),
        ),
      ),
    ).toEqual({ '2': 'not-done' });
  });

  it('gives nobody an address that somebody else has by now', () => {
    const people = plan.files[0]!.rows.map((row) => shown(row));
    const holders = [
      ...people.map(({ uniqueUserId, email }) => ({ id: uniqueUserId, email, uniqueUserId, licenses: [] })),
      { id: '9', email: 'p1@gone.example', uniqueUserId: '9', licenses: [] },
    ];
    expect(leftOutOf(undo(plan, proven(plan), { people, holders }))).toEqual({ '1': 'target-taken' });
  });

  it('undone, everybody has the email from before', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(numbers, fc.boolean(), (ids, isDomain) => {
        const old = isDomain ? 'acme-old.example' : 'gone.example';
        const many = planOf(
          ids.map((n) => emailDiffers(`${n}`, `p${n}@${old}`, `p${n}@acme.example`)),
          { domainAliases: [{ old: 'acme-old.example', current: 'acme.example' }], canary: 0 },
        );
        const way = undo(many, proven(many));
        expect(way.files.map((file) => file.kind)).toEqual(many.files.map((file) => file.kind));
        const pairs = (one: Plan) => one.files.flatMap((file) => file.rows.map((row) => [row.existingEmail, row.newEmail]));
        expect(pairs(way)).toEqual(pairs(many).map((pair) => pair.toReversed()));
      }),
      { numRuns: 50 },
    );
  });
});
