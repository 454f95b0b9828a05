import { joinKeyOf } from './email.ts';
import { isLicenseKind, type Plan, type PlanRow } from './plan.ts';
import { type FileProgress, type FileState, type PlanProgress, type RowOutcome, rowAt, type Stamp, takeProof } from './plan-progress.ts';
import { holdings, readHolding } from './read-values.ts';
import type { PlanFileKind } from './status.ts';

/** Somebody as an export shows them; '' where the export has no such column. */
export interface Exported {
  readonly seatId: string;
  readonly uniqueUserId: string;
  readonly email: string;
  /** License types held, as written; null where the export has no such column. */
  readonly licenses: readonly string[] | null;
  /** The license's status, as written. */
  readonly status: string;
  /** LinkedIn's own verdict, and the switch for this person, as written; absent where nobody asked for them. */
  readonly crmSyncStatus?: string;
  readonly crmSync?: string;
}

/** Whether an export shows a license; null where it does not say. */
export function holdsLicense({ licenses, status }: Pick<Exported, 'licenses' | 'status'>): boolean | null {
  const holding = readHolding(status.trim().toLowerCase());
  if (holding !== holdings.unsaid) return holding === holdings.held;
  // "No license" may stand where the type would.
  return licenses === null ? null : licenses.some((license) => readHolding(license.trim().toLowerCase()) === holdings.held);
}

/** Whether an export shows every license of `recorded` again; null where it does not say which licenses these are. */
export function holdsAll(person: Pick<Exported, 'licenses' | 'status'>, recorded: readonly string[]): boolean | null {
  const holds = holdsLicense(person);
  if (holds !== true) return holds;
  if (person.licenses === null) return null;
  const held = new Set(person.licenses.map((license) => license.trim().toLowerCase()));
  return recorded.every((license) => held.has(license.trim().toLowerCase()));
}

/** An export, complete or filtered. */
export interface Read {
  readonly people: readonly Exported[];
  /** ISO 8601: when the export was made. */
  readonly asOf: string;
  /** Whether it surely has everybody: somebody read the number off Admin Center, and it has as many rows. */
  readonly isComplete: boolean;
}

type FindPerson = (row: Pick<PlanRow, 'seatId' | 'uniqueUserId' | 'newEmail' | 'existingEmail'>) => Exported | undefined;

/** Finds a row's person in an export: by seat, by an ID that is theirs alone, by the new email, by the present one. */
export function findPerson(exported: readonly Exported[]): FindPerson {
  const bySeat = new Map(exported.filter((one) => one.seatId !== '').map((one) => [one.seatId, one]));
  // An ID that two people have says nothing about either.
  const ids = Map.groupBy(
    exported.filter((one) => one.uniqueUserId !== ''),
    (one) => joinKeyOf(one.uniqueUserId),
  );
  const byEmail = new Map(exported.map((one) => [joinKeyOf(one.email), one]));
  return (row) => {
    const sameId = ids.get(joinKeyOf(row.uniqueUserId)) ?? [];
    return (
      bySeat.get(row.seatId) ??
      (sameId.length === 1 ? sameId[0] : undefined) ??
      byEmail.get(joinKeyOf(row.newEmail)) ??
      byEmail.get(joinKeyOf(row.existingEmail))
    );
  };
}

/** NaN where it was never in such a state. */
const loggedAt = (file: FileProgress, ...states: readonly FileState[]): number =>
  Date.parse(file.log.find(({ state }) => states.includes(state))?.at ?? '');

/**
 * Minutes after an upload before an export that shows no change says that LinkedIn did not carry a row out. Our choice: how long an
 * upload takes is not documented, and whoever is thought to have a license must surely have it.
 */
const lag = { email: 60, 'license-off': 60, 'license-on': 15 } as const;

/**
 * Whether LinkedIn may still be about to answer to a file: before that time is over it is not sent once more. What gives licenses back waits
 * the shortest.
 */
export function mayStillAnswer(kind: PlanFileKind, { log }: Pick<FileProgress, 'log'>, at: string): boolean {
  const sent = log.findLast(({ state }) => state === 'said-to-be-uploaded');
  const minutes = isLicenseKind(kind) ? lag[kind as 'license-off'] : lag.email;
  return sent !== undefined && Date.parse(at) - Date.parse(sent.at) < minutes * 60_000;
}

/** Whether LinkedIn may come to a file once more: it was sent several times, or it lies on somebody's disk and nobody said what became of it. */
const mayComeAgain = ({ log }: FileProgress): boolean => log.filter(({ state }) => state === 'said-to-be-uploaded').length !== 1;

/** When a file left. Over SCIM its people go one after another, and what counts for everybody is when the last of them went. */
function leftAt(plan: Plan, file: FileProgress): number {
  if (plan.files[file.file]!.route !== 'scim') return loggedAt(file, 'said-to-be-uploaded', 'seen');
  return Date.parse(file.log.findLast(({ state }) => state === 'said-to-be-uploaded')?.at ?? '');
}

/** Whether an off file can take nothing away any more: LinkedIn is through with it, or nobody said that it was uploaded. */
function isOffThrough(off: FileProgress, row: number, time: number): boolean {
  const outcome = off.outcomes[row]?.outcome;
  if (outcome === 'refused' || outcome === 'untouched') return true;
  return !(loggedAt(off, 'said-to-be-uploaded', 'seen') + lag['license-off'] * 60_000 > time);
}

/** Whether LinkedIn is surely through with a row: its result file stopped before it, or the time is up. */
const isThrough = (before: RowOutcome | undefined, uploadedAt: number, time: number, minutes: number): boolean =>
  before?.outcome === 'untouched' || uploadedAt + minutes * 60_000 <= time;

/**
 * What an export shows of a file's rows. A filtered one may confirm people, never miss them: a person who is not in it stays unknown.
 * Only an export from after the moment somebody said "uploaded", or one that shows another row of the file changed, says that a row
 * was not carried out.
 */
export function readExport(
  plan: Plan,
  progress: PlanProgress,
  file: FileProgress,
  { people, asOf, isComplete }: Read,
): Readonly<Record<string, RowOutcome>> {
  const time = Date.parse(asOf);
  if (time < loggedAt(file, 'made')) return {};
  const find = findPerson(people);
  const uploadedAt = leftAt(plan, file);
  switch (plan.files[file.file]!.kind) {
    case 'email-change':
    case 'domain-change': {
      const isThrough = uploadedAt + lag.email * 60_000 <= time;
      return readEmails(
        plan,
        file,
        find,
        plan.files[file.file]!.route === 'scim' ? isThrough : uploadedAt <= time,
        isComplete && isThrough,
      );
    }
    case 'license-off':
      return readOff(plan, progress, file, find, uploadedAt, time);
    case 'license-on':
      return readOn(plan, progress, file, find, uploadedAt, time);
  }
}

function readEmails(
  plan: Plan,
  file: FileProgress,
  find: FindPerson,
  isUploaded: boolean,
  hasEverybody: boolean,
): Readonly<Record<string, RowOutcome>> {
  const outcomes: Record<string, RowOutcome> = {};
  const old: number[] = [];
  for (const index of file.rows) {
    const row = plan.files[file.file]!.rows[index]!;
    const person = find(row);
    if (person === undefined) {
      if (hasEverybody) outcomes[index] = { outcome: 'gone' };
    } else if (joinKeyOf(person.email) === joinKeyOf(row.newEmail)) outcomes[index] = { outcome: 'done' };
    else if (joinKeyOf(person.email) === joinKeyOf(row.existingEmail)) old.push(index);
    else
      outcomes[index] = {
        outcome: 'changed-by-hand',
        changes: [{ column: 'invited_email_address', sealed: row.newEmail, found: person.email, damage: null }],
        message: '',
      };
  }
  // Over SCIM another person's change says nothing of this one's.
  const known = plan.files[file.file]!.route === 'scim' ? [] : [...Object.values(outcomes), ...Object.values(file.outcomes)];
  if (isUploaded || known.some((one) => one.outcome === 'done'))
    for (const index of old) {
      const before = file.outcomes[index];
      // LinkedIn's own text, or a person's decision, says more than that nothing happened.
      outcomes[index] = before?.outcome === 'refused' || before?.outcome === 'left-out' ? before : { outcome: 'untouched', proven: true };
    }
  return outcomes;
}

function readOff(
  plan: Plan,
  progress: PlanProgress,
  file: FileProgress,
  find: FindPerson,
  uploadedAt: number,
  time: number,
): Readonly<Record<string, RowOutcome>> {
  // Once the licenses are on their way back, having one no longer says that it was never gone.
  const isBeingGivenBack = progress.files.some((one) => one.file === file.file + 1);
  const outcomes: Record<string, RowOutcome> = {};
  for (const index of file.rows) {
    const row = plan.files[file.file]!.rows[index]!;
    const person = find(row);
    const holds = person === undefined ? null : holdsLicense(person);
    // Whoever keeps another license, such as TeamLink Extend, still lost the one that was taken.
    if (person !== undefined && (holds === false || holdsAll(person, row.licenses) === false)) outcomes[index] = { outcome: 'done' };
    else if (holds === true && !isBeingGivenBack) {
      const before = file.outcomes[index];
      if (before?.outcome === 'refused' || before?.outcome === 'left-out') continue;
      if (isThrough(before, uploadedAt, time, lag['license-off'])) outcomes[index] = { outcome: 'untouched', proven: true };
    }
  }
  return outcomes;
}

function readOn(
  plan: Plan,
  progress: PlanProgress,
  file: FileProgress,
  find: FindPerson,
  uploadedAt: number,
  time: number,
): Readonly<Record<string, RowOutcome>> {
  const off = progress.files.filter((one) => one.file === file.file - 1);
  const closedAt = loggedAt(file, 'closed', 'replaced');
  const outcomes: Record<string, RowOutcome> = {};
  const neverSeenOff: number[] = [];
  for (const index of file.rows) {
    const row = rowAt(plan, file, index);
    const person = find(row);
    const holds = person === undefined ? null : holdsAll(person, row.licenses);
    if (holds === null) continue;
    const before = file.outcomes[index];
    const wasOff = off.some((one) => one.outcomes[index]?.outcome === 'done');
    if (holds) {
      if (wasOff) outcomes[index] = { outcome: 'done' };
      else neverSeenOff.push(index);
    } else if (before?.outcome === 'done') {
      // The off file, or one more of it, came after its on file: whoever it reached is without a license again.
      if ((!wasOff || off.some(mayComeAgain)) && time > closedAt) outcomes[index] = { outcome: 'untouched', proven: true };
    } else if (isThrough(before, uploadedAt, time, lag['license-on'])) outcomes[index] = { outcome: 'untouched', proven: true };
  }
  // Who was never seen without may only be waiting for an off file that is still on its way.
  if (uploadedAt <= time || Object.values(outcomes).some((one) => one.outcome === 'done'))
    for (const index of neverSeenOff) if (off.every((one) => isOffThrough(one, index, time))) outcomes[index] = { outcome: 'done' };
  return outcomes;
}

/**
 * Takes in an export for every file of a plan that still has something to learn from it: files without their proof, and all of a
 * full plan's sittings.
 * @returns the files that were looked at, by name, and how many rows it said anything of
 */
export function takeExport(
  plan: Plan,
  progress: PlanProgress,
  read: Read,
  stamp: Stamp & { readonly expired: boolean },
): { readonly progress: PlanProgress; readonly names: readonly string[]; readonly known: number } {
  let current = progress;
  let known = 0;
  const waiting = waitingFiles(plan, progress);
  for (const file of waiting) {
    const outcomes = readExport(plan, progress, file, read);
    known += Object.keys(outcomes).length;
    current = takeProof(plan, current, file.name, outcomes, stamp).progress;
  }
  return { progress: current, names: waiting.map(({ name }) => name), known };
}

/** The files that an export may still change: an off or on file for as long as the plan is looked at, any other until its proof. */
export const waitingFiles = (plan: Plan, progress: PlanProgress): readonly FileProgress[] =>
  progress.files.filter((file) => isLicenseKind(plan.files[file.file]!.kind) || !['closed', 'replaced', 'late'].includes(file.state));
