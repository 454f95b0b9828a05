import type { GuardTrip } from './guard.ts';
import { guardSentence } from './wording.ts';

/** One side as it was read: what a plan is sealed with. */
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

/** `sandbox` is the org's name, null for a real one. */
export const guardSandbox = (crmName: string, sandbox: string | null): GuardTrip | null =>
  sandbox === null
    ? null
    : {
        code: 'sandbox',
        sentence: guardSentence('sandbox', { org: sandbox }),
        nextStep: `Compare with the users of your real ${crmName} org.`,
        canOverride: false,
      };

/** LinkedIn's CRM Sync is connected to one CRM; without knowing which, no address is a target. */
export const guardContractCrm = (isKnown: boolean): GuardTrip | null =>
  isKnown
    ? null
    : {
        code: 'unknown-contract-crm',
        sentence:
          "Nobody said which CRM LinkedIn's CRM Sync is connected to, so no address is known to be the right one. Nothing was changed.",
        nextStep: 'Look in Admin Center under Settings, CRM, and say which one it is.',
        canOverride: false,
      };

/** The org or portal a connection was set up with, and the one that answered. */
export interface OrgIdentity {
  readonly pinned: string;
  readonly seen: string;
}

/** A connection that answers for another org than it was set up with compares the wrong people. Null: a file, which names no org. */
export const guardOrg = (crmName: string, org: OrgIdentity | null): GuardTrip | null =>
  org === null || org.pinned === org.seen
    ? null
    : {
        code: 'other-org',
        sentence: `${crmName} answered for the org ${org.seen}, and this connection was set up with ${org.pinned}. Nothing was changed.`,
        nextStep: `Connect ${crmName} again with the org it was set up with, then compare again.`,
        canOverride: false,
      };

/** Whether a read has fewer rows than its source shows people. */
export const isIncomplete = ({ received, rejected, expected }: Pick<PlanSource, 'received' | 'rejected' | 'expected'>): boolean =>
  expected !== null && received + rejected < expected;

/** Fewer rows than LinkedIn shows may confirm people, but never show that an address is free. */
export const guardIncomplete = (source: PlanSource): GuardTrip | null =>
  isIncomplete(source)
    ? incomplete(`The export has ${source.received + source.rejected} of ${source.expected} people. Without the rest nothing is planned.`)
    : null;

/** What is known of a read beside its count. */
export interface ReadProof {
  /** Whether the file ends with a whole line, or the listing with its last page. */
  readonly isWhole: boolean;
  /** People in the last good read of the same side; null where there was none. */
  readonly lastGood: number | null;
}

/** Our choices: a read that lost more than this share of its people, and more than this many, is not believed. */
const oddDrop = { percent: 20, people: 5 } as const;

/**
 * The proof that removals need: somebody counted, all the rows are there, and the end of the file is. Fewer rows may confirm
 * people, never show that somebody is missing.
 */
export function guardCompleteRead(source: PlanSource, proof: ReadProof): GuardTrip | null {
  const { received, rejected, expected } = source;
  const rows = received + rejected;
  if (expected === null)
    return incomplete(
      'Nobody said how many users Admin Center shows, so the export may be a filtered one. Without that we plan no removals.',
      'Look in Admin Center how many users it shows, and enter the number beside the export.',
    );
  if (rows < expected) return incomplete(guardSentence('incomplete', { n: rows, m: expected }));
  if (!proof.isWhole) return incomplete('The last line of the export is cut off. Without the rest we plan no removals.');
  const dropped = (proof.lastGood ?? 0) - rows;
  if (dropped > oddDrop.people && dropped * 100 > oddDrop.percent * (proof.lastGood ?? 0))
    return incomplete(
      `The export has ${dropped} people fewer than the one before. Without knowing why we plan no removals.`,
      'Download all users in Admin Center again. If so many really left, compare that export first.',
    );
  return null;
}

/**
 * A connection whose system tells no total was read to its last page, and somebody may be missing all the same: who is not found there keeps
 * their license. An email change needs the CRM user it goes by, so it is planned.
 */
export const guardUnseen = (crmName: string, { sha256, expected }: PlanSource, isInCrm: boolean): GuardTrip | null =>
  isInCrm || sha256 !== null || expected !== null
    ? null
    : incomplete(
        `${crmName} does not tell how many users it has, so who was not found may be there all the same. We plan no removal by that.`,
        `Look in ${crmName} for this person. If they are gone, hand their license over in Admin Center.`,
      );

const incomplete = (
  sentence: string,
  nextStep = 'Download all users in Admin Center, not a filtered list, then plan again.',
): GuardTrip => ({ code: 'incomplete', sentence, nextStep, canOverride: false });

/** Hours. A day said without its hour, or in another time zone, may lie ahead of this clock. */
const mostAhead = 14;

/**
 * @param now ISO 8601; ages in hours
 * @param lastWriteAt ISO 8601: our last write to the contract; a removal needs an export from after it. Null: none yet.
 */
export function guardStale(
  source: Pick<PlanSource, 'asOf'>,
  { now, maxHours, action, lastWriteAt }: { now: string; maxHours: number; action: 'email' | 'remove'; lastWriteAt: string | null },
): GuardTrip | null {
  const hours = (Date.parse(now) - Date.parse(source.asOf)) / 3_600_000;
  if (hours < -mostAhead)
    return stale(
      'Your LinkedIn export is said to be from the future, so its age cannot be told. Nothing was changed.',
      'Say when it was downloaded, then plan again.',
    );
  if (hours > maxHours) {
    const facts = { age: duration(hours), max: duration(maxHours) };
    return stale(
      action === 'remove'
        ? guardSentence('stale', facts)
        : `Your LinkedIn export is ${facts.age} old; for email changes it may be ${facts.max}. Nothing was changed.`,
    );
  }
  if (action === 'remove' && lastWriteAt !== null && Date.parse(source.asOf) <= Date.parse(lastWriteAt))
    return stale('Your LinkedIn export is from before our last change there. Removals need a newer one. Nothing was changed.');
  return null;
}

const stale = (sentence: string, nextStep = 'Download a new export in Admin Center, then plan again.'): GuardTrip => ({
  code: 'stale',
  sentence,
  nextStep,
  canOverride: false,
});

/** 30 hours are "30 hours", 72 are "3 days": whole units, rounded down, as a person says it. */
const duration = (hours: number): string => {
  const [n, unit] = hours >= 48 ? [Math.floor(hours / 24), 'day'] : [Math.floor(hours), 'hour'];
  return `${n} ${unit}${n === 1 ? '' : 's'}`;
};
