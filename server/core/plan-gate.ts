import { joinKeyOf } from './email.ts';
import { guardFile } from './guard-file.ts';
import type { Ledger } from './guard-ledger.ts';
import { guardPerson } from './guard-person.ts';
import type { PlanSource } from './guard-read.ts';
import { givesAlone, isLicenseKind, type Plan, type PlanFile, type PlanRow, type PlanWindow, takesForGood } from './plan.ts';
import { emailNotSeen, type Gate, type Hold, type PlanProgress } from './plan-progress.ts';
import type { Exported } from './read-export.ts';
import { type AccountSeen, isBetweenOffAndOn, type Rematch } from './rematch.ts';
import { type ManagedBy, type PlanFileKind, rematchSteps } from './status.ts';
import { guardSentence } from './wording.ts';

/** When the licenses of one sitting go off and on. ISO 8601, both. */
export interface SittingTime {
  readonly index: number;
  readonly plannedFor: string | null;
  readonly startedAt: string | null;
}

/** Somebody in a plan, with what the newest comparison says of them. */
export interface PersonInPlan {
  readonly state: Rematch;
  /** Null: the comparison does not have them. */
  readonly compared: {
    /** Null where nobody has read the license, or the CRM user, since. */
    readonly account: Exported | null;
    readonly crmEmail: string | null;
    readonly isCrmUserActive: boolean;
    readonly managedBy: ManagedBy;
  } | null;
}

/** Everything that a plan's next file depends on at this moment. */
export interface GateFacts {
  readonly plan: Pick<Plan, 'files'>;
  /** The agreed window that is open now, or the next one; null: licenses may be taken at any time. */
  readonly window: PlanWindow | null;
  readonly progress: PlanProgress;
  readonly isPaused: boolean;
  /** Another plan's file that somebody has and that is not proven: one is out at a time. Null: none, or a delivery carries them. */
  readonly fileOutElsewhere: string | null;
  /** ISO 8601: the last upload of any other plan of the contract, as far as somebody said it or a read showed it. */
  readonly writtenElsewhereAt: string | null;
  /** ISO 8601: from then on no email is changed by this plan. */
  readonly expiresAt: string;
  readonly sitting: SittingTime | null;
  readonly people: readonly PersonInPlan[];
  /** License ids. */
  readonly protected: readonly string[];
  /** The newest list of everybody in LinkedIn; null where none is proven complete. */
  readonly complete: PlanSource | null;
  /** People in the last list that was compared as complete; null where there was none. */
  readonly lastGood: number | null;
  readonly maxAgeHours: { readonly email: number; readonly removal: number };
  readonly ledger: Ledger | null;
  readonly reservedAssignments: number;
  readonly freeLicenses: number | null;
  /** ISO 8601. */
  readonly now: string;
}

/** What may hold a file, or one person of it, back as things are now. What gives licenses back is held back by nothing. */
export function planGate(facts: GateFacts): Gate {
  const people = new Map(facts.people.map((person) => [person.state.licenseId, person]));
  return {
    file: (file) => whyFileWaits(file, facts),
    row: (row, kind) => whyRowIsHeld(row, kind, people.get(row.licenseId), facts),
    address: (row) => addressNow(row, people.get(row.licenseId)?.state),
  };
}

/** The newest read since their license may be off knows where somebody is, whoever moved them. */
function addressNow({ newEmail }: PlanRow, person: Rematch | undefined): string {
  if (person === undefined || !isBetweenOffAndOn(person) || person.seen === null) return newEmail;
  const isSince = Date.parse(person.readAt!) >= Date.parse(person.licenseOffAt!);
  return isSince && joinKeyOf(person.seen.email) !== joinKeyOf(newEmail) ? person.seen.email : newEmail;
}

function whyFileWaits(file: PlanFile, facts: GateFacts): string | null {
  if (facts.isPaused) return 'This plan is paused. Resume it to go on.';
  if (facts.fileOutElsewhere !== null)
    return `${facts.fileOutElsewhere} of another repair is out, and one file is out at a time. Bring its proof, or throw it away.`;
  const isAlone = givesAlone(facts.plan.files, facts.plan.files.indexOf(file));
  if (!isLicenseKind(file.kind) || isAlone)
    return Date.parse(facts.now) > Date.parse(facts.expiresAt)
      ? 'The plan ran out before this file was made: people may have changed since. Compare again and make a new plan.'
      : null;
  return whyCanaryHolds(file, facts) ?? whySittingWaits(file, facts) ?? whyListIsNotEnough(file, facts);
}

function whyCanaryHolds(file: PlanFile, { plan, people }: GateFacts): string | null {
  if (file.sitting === 0) return null;
  const first = new Set(plan.files.filter(({ sitting }) => sitting === 0).flatMap(({ rows }) => rows.map(({ licenseId }) => licenseId)));
  const canary = people.filter(({ state }) => first.has(state.licenseId));
  const isForGood = takesForGood(plan.files, plan.files.indexOf(file));
  if (isForGood && canary.some(({ state }) => state.ended === null))
    return 'The first three people come first: the rest waits until an export shows that theirs are free.';
  if (canary.some(({ state }) => state.ended === null && state.activatedAt === null))
    return 'The first three people come first, to the end: the rest waits until they are in LinkedIn again.';
  return canary.some(({ state }) => state.ended === 'failed' || state.ended === 'conflict')
    ? 'It did not work for everybody of the first three. Look at them before more licenses are taken away.'
    : null;
}

function whySittingWaits(file: PlanFile, { plan, sitting }: GateFacts): string | null {
  if (sitting !== null && sitting.startedAt !== null && sitting.index === file.sitting) return null;
  return sitting?.plannedFor
    ? `Planned for ${sitting.plannedFor.slice(0, 16).replace('T', ', ')} UTC. Start it when you are ready.`
    : `${takesForGood(plan.files, plan.files.indexOf(file)) ? '' : 'Off and on are one sitting. '}Start it when you are ready.`;
}

function whyListIsNotEnough(file: PlanFile, facts: GateFacts): string | null {
  const { complete } = facts;
  if (complete === null) return 'Bring a new export of all users, and say how many Admin Center shows: nothing is removed without it.';
  const people = new Map(facts.people.map((person) => [person.state.licenseId, person]));
  // Whoever is held back needs no assignment.
  const rows = file.rows.filter((row) => whyRowIsHeld(row, file.kind, people.get(row.licenseId), facts) === null);
  const trip = guardFile(
    { ...file, rows, isForGood: takesForGood(facts.plan.files, facts.plan.files.indexOf(file)) },
    {
      ...facts,
      licenses: complete,
      // A file that is cut off was not read at all.
      proof: { isWhole: true, lastGood: facts.lastGood },
      lastWriteAt:
        [lastWriteOf(facts.progress), facts.writtenElsewhereAt]
          .filter((at) => at !== null)
          .toSorted()
          .at(-1) ?? null,
      isCanaryThrough: null,
    },
  );
  return trip === null ? null : trip.sentence;
}

const lastWriteOf = ({ files }: PlanProgress): string | null =>
  files
    .flatMap(({ log }) => log.flatMap(({ state, at }) => (state === 'said-to-be-uploaded' || state === 'seen' ? [at] : [])))
    .toSorted()
    .at(-1) ?? null;

function whyRowIsHeld(row: PlanRow, kind: PlanFileKind, person: PersonInPlan | undefined, facts: GateFacts): Hold | null {
  if (person === undefined) return { code: 'not-in-plan', sentence: 'This person is not in the plan.' };
  const { state, compared } = person;
  if (state.ended !== null) return { code: 'repair-ended', sentence: state.cause ?? 'Their repair has ended.' };
  if (state.paused) return { code: 'paused', sentence: 'Their repair is paused.' };
  if (kind === 'license-off' && rematchSteps.indexOf(state.step) < rematchSteps.indexOf('ask-person')) return emailNotSeen;
  if (state.purpose === 'reclaim' && compared !== null && compared.crmEmail !== null && compared.isCrmUserActive)
    return { code: 'facts-changed', sentence: 'They are active in the CRM again, so their license stays.' };
  // A leaver is not asked.
  const hasConfirmed = row.crmUserId === '' || state.answer?.answer === 'confirmed';
  if (kind === 'license-off' && (state.step !== 'remove-license' || !hasConfirmed))
    return { code: 'not-asked', sentence: guardSentence('not-asked', { ownerName: state.name || row.licenseId }) };
  const { seen } = state;
  const account = seen === null ? (compared?.account ?? null) : exportedOf(seen);
  if (account === null) return null;
  const trip = guardPerson(row, kind, {
    account,
    isComplete: false,
    sameId: 1,
    explained: [],
    // Whoever waits for an address in an earlier file was planned while somebody had it.
    isTargetTaken: row.after === null && seen !== null && seen.isTargetTaken,
    crmEmail: compared?.crmEmail ?? null,
    isCrmUserActive: compared?.isCrmUserActive ?? true,
    managedBy: compared?.managedBy ?? 'unknown',
    isProtected: facts.protected.includes(row.licenseId),
    hasConfirmed,
  });
  return trip === null ? null : { code: trip.code, sentence: trip.sentence };
}

/** A read as a rematch keeps it, in the words of an export. */
const exportedOf = ({ email, licenses, state }: AccountSeen): Exported => ({
  seatId: '',
  uniqueUserId: '',
  email,
  licenses: state === 'none' || licenses.length > 0 ? licenses : null,
  status: { none: 'No license', invited: 'Invited', activated: 'Activated', licensed: 'Assigned', unknown: '' }[state],
});
