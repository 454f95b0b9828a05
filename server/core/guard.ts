import { guardSentence } from './wording.ts';

/** The checks that stand before every plan. A guard that trips stops before any change and says so. */
export type GuardCode = 'sandbox' | 'incomplete' | 'stale' | 'limit';

export interface GuardTrip {
  readonly code: GuardCode;
  readonly sentence: string;
  /** What would make the plan possible; one action. */
  readonly nextStep: string;
  /** Whether a person may overrule it for one plan, with a reason. */
  readonly canOverride: boolean;
}

/** One action class's limit: of `of` people at most `percent` and at most `absolute`; one person is always allowed. */
export interface Limit {
  readonly percent: number;
  readonly absolute: number;
}

export interface PlanSource {
  /** The file's or the connection's name. */
  readonly source: string;
  /** SHA-256 of the bytes read, hex; null for a listing. */
  readonly sha256: string | null;
  /** ISO 8601. */
  readonly asOf: string;
  readonly received: number;
  /** Rows that were there and could not be used. */
  readonly rejected: number;
  /** What a person read off Admin Center, or the vendor said; null when nobody said. */
  readonly expected: number | null;
}

/** How many people one plan may change. */
const allowedBy = ({ percent, absolute }: Limit, of: number): number => Math.max(1, Math.min(absolute, Math.floor((of * percent) / 100)));

/** `sandbox` is the org's name, null for a real one. */
export const guardSandbox = (crmName: string, sandbox: string | null): GuardTrip | null =>
  sandbox === null
    ? null
    : {
        code: 'sandbox',
        sentence: guardSentence('sandbox', { org: sandbox }),
        nextStep: `Bring the users of your real ${crmName} org. If these are they, say so: --not-a-sandbox.`,
        canOverride: false,
      };

/** Whether a read has fewer rows than its source shows people. */
export const isIncomplete = ({ received, rejected, expected }: Pick<PlanSource, 'received' | 'rejected' | 'expected'>): boolean =>
  expected !== null && received + rejected < expected;

/** Fewer rows than LinkedIn shows may confirm people, but never show that an address is free. */
export const guardIncomplete = (source: PlanSource): GuardTrip | null =>
  !isIncomplete(source)
    ? null
    : {
        code: 'incomplete',
        sentence: `The export has ${source.received + source.rejected} of ${source.expected} people. Without the rest nothing is planned.`,
        nextStep: 'Download all users in Admin Center, not a filtered list, then plan again.',
        canOverride: false,
      };

/** Hours. A day said without its hour, or in another time zone, may lie ahead of this clock. */
const mostAhead = 14;

/** `now` is ISO 8601; ages in hours. */
export function guardStale(source: PlanSource, now: string, maxHours: number): GuardTrip | null {
  const hours = (Date.parse(now) - Date.parse(source.asOf)) / 3_600_000;
  if (hours < -mostAhead)
    return {
      code: 'stale',
      sentence: 'Your LinkedIn export is said to be from the future, so its age cannot be told. Nothing was changed.',
      nextStep: 'Say when it was downloaded, then plan again.',
      canOverride: false,
    };
  if (hours <= maxHours) return null;
  return {
    code: 'stale',
    sentence: `Your LinkedIn export is ${duration(hours)} old; for email changes it may be ${duration(maxHours)}. Nothing was changed.`,
    nextStep: 'Download a new export in Admin Center, then plan again.',
    canOverride: false,
  };
}

export function guardLimit(people: number, of: number, limit: Limit): GuardTrip | null {
  const allowed = allowedBy(limit, of);
  if (people <= allowed) return null;
  return {
    code: 'limit',
    sentence: guardSentence('limit', { n: people, m: of, limit: allowed }),
    nextStep: 'Look at the people first. If all is right, declare the domain change they share, or override the limit with a reason.',
    canOverride: true,
  };
}

/** 30 hours are "30 hours", 72 are "3 days": whole units, rounded down, as a person says it. */
const duration = (hours: number): string => {
  const [n, unit] = hours >= 48 ? [Math.floor(hours / 24), 'day'] : [Math.floor(hours), 'hour'];
  return `${n} ${unit}${n === 1 ? '' : 's'}`;
};
