import { guardSentence } from './wording.ts';

/** "n of m assignments used, resets on …", as Admin Center shows it (LinkedIn help a193618). */
export interface Ledger {
  readonly limit: number;
  readonly used: number;
  /** ISO 8601: the day on which the count starts again. */
  readonly resetAt: string;
}

/** Always left over, so that one license can be given back though the count was wrong. */
const keptForGiveBack = 1;

/**
 * How many full rematches the month still allows, null where nobody knows. A count from before its own reset is last month's.
 * @param reserved assignments that other running plans still need
 * @param now ISO 8601
 */
export function assignmentsLeft(ledger: Ledger | null, reserved: number, now: string): number | null {
  if (ledger === null || Date.parse(ledger.resetAt) <= Date.parse(now)) return null;
  return Math.max(0, ledger.limit - ledger.used - reserved - keptForGiveBack);
}

/** How many of the people who want one get an assignment now; what the rest is told. */
export interface LedgerAnswer {
  readonly fits: number;
  readonly code: 'ledger' | 'ledger-unknown' | null;
  /** '' where everybody fits. */
  readonly sentence: string;
  /** ISO 8601: when the rest may be planned; null where it is unknown. */
  readonly until: string | null;
}

/** Unknown is not unlimited: one full rematch at a time until somebody types in the count. */
export function guardLedger(people: number, ledger: Ledger | null, reserved: number, now: string): LedgerAnswer {
  const left = assignmentsLeft(ledger, reserved, now);
  const fits = Math.min(people, left ?? (reserved > 0 ? 0 : 1));
  if (fits === people) return { fits, code: null, sentence: '', until: null };
  if (ledger === null || left === null) return { fits, code: 'ledger-unknown', sentence: guardSentence('ledger-unknown'), until: null };
  return {
    fits,
    code: 'ledger',
    sentence: guardSentence('ledger', { n: people, left, reset: ledger.resetAt, later: people - fits }),
    until: ledger.resetAt,
  };
}

/**
 * How many people one sitting may hold. With no license free, whoever is given one back needs the very license that was taken, so
 * nobody else may wait for one meanwhile. Null: nobody said how many are free.
 */
export const sittingSizeFor = (freeLicenses: number | null, most: number): number => (freeLicenses === 0 ? 1 : Math.max(1, most));
