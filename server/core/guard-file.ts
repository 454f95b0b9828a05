import { assignmentsLeft, type Ledger } from './guard-ledger.ts';
import { guardCompleteRead, guardIncomplete, guardStale, type PlanSource, type ReadProof } from './guard-read.ts';
import { isLicenseKind, type PlanFile, type PlanWindow } from './plan.ts';
import { guardSentence } from './wording.ts';

export type FileGuardCode = 'expired' | 'incomplete' | 'stale' | 'window' | 'ledger' | 'no-free-license' | 'canary';

export interface FileTrip {
  readonly code: FileGuardCode;
  readonly sentence: string;
  readonly nextStep: string;
}

/** What is known at the moment in which a file would go out. */
export interface FileFacts {
  /** ISO 8601. */
  readonly now: string;
  readonly expiresAt: string;
  /** The newest full export. */
  readonly licenses: PlanSource;
  readonly proof: ReadProof;
  /** ISO 8601; null: nothing was written yet. */
  readonly lastWriteAt: string | null;
  readonly maxAgeHours: { readonly email: number; readonly removal: number };
  readonly window: PlanWindow | null;
  readonly ledger: Ledger | null;
  /** Assignments that other running plans still need. */
  readonly reservedAssignments: number;
  readonly freeLicenses: number | null;
  /** Whether everybody of the canary, where this file is not it, is through to the end; null: there is none. */
  readonly isCanaryThrough: boolean | null;
}

/** Why a whole file may not go out now. What gives licenses back is held up by nothing. */
export function guardFile(
  file: Pick<PlanFile, 'kind' | 'rows' | 'canary'> & {
    /** Taken licenses stay free: nobody needs an assignment for the way back. */
    readonly isForGood?: boolean;
  },
  facts: FileFacts,
): FileTrip | null {
  if (file.kind === 'license-on') return null;
  const action = isLicenseKind(file.kind) ? 'remove' : 'email';
  const { now, licenses, lastWriteAt, maxAgeHours } = facts;
  // Licenses wait for answers and for the canary, which takes days; they have the age of the list and the sitting instead.
  if (action === 'email' && Date.parse(now) > Date.parse(facts.expiresAt))
    return {
      code: 'expired',
      sentence: 'The plan ran out: people may have changed since. Nothing more is released.',
      nextStep: 'Compare again and make a new plan.',
    };
  if (facts.isCanaryThrough === false && !file.canary)
    return {
      code: 'canary',
      sentence: 'The first few of this plan go to the end before anybody follows. They are not through yet.',
      nextStep: 'Wait until the first few are through, or cancel the plan.',
    };
  const maxHours = action === 'remove' ? maxAgeHours.removal : maxAgeHours.email;
  const read =
    (action === 'remove' ? guardCompleteRead(licenses, facts.proof) : guardIncomplete(licenses)) ??
    guardStale(licenses, { now, maxHours, action, lastWriteAt });
  if (read !== null) return { code: read.code as 'incomplete' | 'stale', sentence: read.sentence, nextStep: read.nextStep };
  return action === 'remove' ? guardRemoval(file.isForGood ? 0 : file.rows.length, facts) : null;
}

function guardRemoval(people: number, { now, window, ledger, reservedAssignments, freeLicenses }: FileFacts): FileTrip | null {
  if (!isInWindow(window, now))
    return {
      code: 'window',
      sentence: 'Licenses are only taken in the agreed window, and it is not open now.',
      nextStep: 'Come back when the window opens, or agree on another one.',
    };
  const left = assignmentsLeft(ledger, reservedAssignments, now);
  if (left === null ? people > 1 : people > left)
    return {
      code: 'ledger',
      sentence:
        left === null
          ? guardSentence('ledger-unknown')
          : guardSentence('ledger', { n: people, left, reset: ledger?.resetAt, later: people - left }),
      nextStep: 'Type in what Admin Center shows under assignments, or plan fewer people.',
    };
  if (freeLicenses === 0 && people > 1)
    return {
      code: 'no-free-license',
      sentence: guardSentence('no-free-license'),
      nextStep: 'Plan again: each person then has a sitting of their own.',
    };
  return null;
}

/** `now` is ISO 8601. */
export const isInWindow = (window: PlanWindow | null, now: string): boolean =>
  window === null || (Date.parse(window.from) <= Date.parse(now) && Date.parse(now) < Date.parse(window.to));
