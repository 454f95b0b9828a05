import { givesAlone, isLicenseKind, type Plan, type PlanFile, type PlanRow, takesForGood } from './plan.ts';
import type { fileStates, HeldBackCode, PlanFileKind } from './status.ts';

export type FileState = (typeof fileStates)[number];

export interface CellChange {
  readonly column: string;
  readonly sealed: string;
  readonly found: string;
  /** What a spreadsheet did to it; null where a person, or another program, changed it. */
  readonly damage: string | null;
}

export type RowOutcome =
  | { readonly outcome: 'done' }
  /** LinkedIn's result file has the row without a message. Enough for an email; a license is taken or given only when an export shows it. */
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'refused'; readonly message: string }
  /** `proven`: an export after the upload still showed the state before. */
  | { readonly outcome: 'untouched'; readonly proven: boolean }
  | { readonly outcome: 'left-out' }
  /** A complete export from after the upload has neither address, nor anybody with their IDs. */
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'changed-by-hand'; readonly changes: readonly CellChange[]; readonly message: string };

export interface FileProgress {
  readonly name: string;
  /** Index in the plan's files. */
  readonly file: number;
  /** Which of that file's rows were written, by index. */
  readonly rows: readonly number[];
  /** The file whose failing rows this one repeats. */
  readonly retryOf: string | null;
  readonly state: FileState;
  /** By row index; a row without one has not been seen. */
  readonly outcomes: Readonly<Record<string, RowOutcome>>;
  readonly log: readonly { readonly state: FileState; readonly at: string; readonly by: string }[];
  /** By row index: where a license is given back to, where the person was moved to another address after it was taken. */
  readonly addresses?: Readonly<Record<string, string>>;
}

/** Why somebody's row may not be written now. */
export interface Hold {
  readonly code: HeldBackCode;
  readonly sentence: string;
}

/** Somebody whose row was taken out before its file was made, and why. */
export interface HeldBack {
  readonly licenseId: string;
  /** Null in what was stored before there were codes. */
  readonly code: HeldBackCode | null;
  readonly sentence: string;
}

export interface PlanProgress {
  readonly planId: string;
  readonly seal: string;
  readonly files: readonly FileProgress[];
  readonly heldBack: readonly HeldBack[];
}

export interface Stamp {
  /** ISO 8601. */
  readonly at: string;
  readonly by: string;
}

/** What may hold a file, or one person of it, back at this moment; each answers with the reason, or null. */
export interface Gate {
  file(file: PlanFile): string | null;
  row(row: PlanRow, kind: PlanFileKind): Hold | null;
  /** Where somebody without a license is now; a row for an address that nobody has would give it to a stranger. */
  address(row: PlanRow): string;
}

export const openGate: Gate = { file: () => null, row: () => null, address: (row) => row.newEmail };

const open: readonly FileState[] = ['made', 'downloaded', 'said-to-be-uploaded', 'seen'];

/** The file that is out, null where none is. */
export function fileOut(progress: PlanProgress): FileProgress | null {
  const last = progress.files.at(-1);
  return last !== undefined && open.includes(last.state) ? last : null;
}

/** How many of a file's rows LinkedIn has shown as they are to be. */
export const seenOf = (file: FileProgress): { readonly n: number; readonly of: number } => ({
  n: file.rows.filter((row) => file.outcomes[row]?.outcome === 'done').length,
  of: file.rows.length,
});

/** A file's rows as they are written. */
export const rowsOf = (plan: Plan, file: FileProgress): readonly PlanRow[] => file.rows.map((row) => rowAt(plan, file, row));

/** One row of a file as it is written. */
export function rowAt(plan: Plan, { file, addresses }: FileProgress, row: number): PlanRow {
  const planned = plan.files[file]!.rows[row]!;
  const email = addresses?.[row];
  return email === undefined ? planned : { ...planned, existingEmail: email, newEmail: email };
}

const isUnsettled = (outcome: RowOutcome | undefined): boolean =>
  outcome === undefined || outcome.outcome === 'accepted' || (outcome.outcome === 'untouched' && !outcome.proven);

/** Whether every row of a file is known to be done, refused, left out, gone, changed by hand, or proven untouched. */
const isSettled = (file: FileProgress): boolean => file.rows.every((row) => !isUnsettled(file.outcomes[row]));

/** What a file's retry repeats. Whoever has no license gets it back whatever the row met, so an on file repeats all but what is done. */
function failing(plan: Plan, file: FileProgress): readonly number[] {
  const { kind } = plan.files[file.file]!;
  // A second try at taking a license away would lengthen the time of those who have none already.
  if (kind === 'license-off') return [];
  return file.rows.filter((row) => {
    const outcome = file.outcomes[row]?.outcome;
    return kind === 'license-on' ? outcome !== 'done' : outcome === 'refused' || outcome === 'untouched';
  });
}

const inState = (file: FileProgress, state: FileState, stamp: Stamp): FileProgress =>
  file.state === state ? file : { ...file, state, log: [...file.log, { state, at: stamp.at, by: stamp.by }] };

/**
 * The same progress, told that a file is sent once more because nobody knows what became of it. Each try is in its log: LinkedIn may
 * still come to an earlier one.
 */
export function sentAgain(plan: Plan, progress: PlanProgress, file: FileProgress, stamp: Stamp): PlanProgress {
  const isSent = ({ state }: FileProgress['log'][number]): boolean => state === 'said-to-be-uploaded';
  // Over SCIM a file goes in hundreds of parts: when the first and the last went is enough to know.
  const isLater = plan.files[file.file]!.route === 'scim' && file.log.filter(isSent).length > 1;
  const before = isLater ? file.log.toSpliced(file.log.findLastIndex(isSent), 1) : file.log;
  return replaceFile(progress, { ...file, log: [...before, { state: 'said-to-be-uploaded', at: stamp.at, by: stamp.by }] });
}

const replaceFile = (progress: PlanProgress, file: FileProgress): PlanProgress => ({
  ...progress,
  files: progress.files.map((one) => (one.name === file.name ? file : one)),
});

/** The same progress with one file in another state. */
export function withState(
  progress: PlanProgress,
  file: FileProgress,
  state: FileState,
  stamp: Stamp,
): { readonly progress: PlanProgress; readonly file: FileProgress } {
  const next = inState(file, state, stamp);
  return { file: next, progress: replaceFile(progress, next) };
}

export interface Sitting {
  /** Places in the plan's files. */
  readonly off: number;
  readonly on: number;
  /** The rows, of either file, of everybody who may have no license now. Never empty. */
  readonly rows: readonly number[];
  /** ISO 8601: when the off file was downloaded. */
  readonly since: string;
}

/**
 * The sitting between off and on, null where everybody surely has their license. While this is not null, nothing of the plan may expire,
 * close or be cancelled.
 */
export const sittingUnderWay = (plan: Plan, progress: PlanProgress): Sitting | null => sittingsUnderWay(plan, progress)[0] ?? null;

/**
 * All sittings between off and on: more than one only where somebody of an earlier one lost the license again, and then one is finished
 * after the other. From the download of an off file on, everybody in it may be without a license, until an export shows that the file
 * did not reach them or that they have it back.
 */
export function sittingsUnderWay(plan: Plan, progress: PlanProgress): readonly Sitting[] {
  const sittings: Sitting[] = [];
  for (const [off, { kind }] of plan.files.entries()) {
    // Nobody waits for what is taken for good.
    if (kind !== 'license-off' || takesForGood(plan.files, off)) continue;
    const tries = progress.files.filter((file) => file.file === off);
    const backs = progress.files.filter((file) => file.file === off + 1);
    const given = plan.files[off + 1]!.rows;
    const rows = plan.files[off]!.rows.flatMap(({ licenseId }, row) => {
      const isHandOver = given[row]!.licenseId !== licenseId;
      return tries.some((file) => mayBeOff(file, row, isHandOver)) && !isBack(backs, row) ? [row] : [];
    });
    const first = tries[0];
    if (rows.length > 0 && first !== undefined)
      sittings.push({ off, on: off + 1, rows, since: (first.log.find(({ state }) => state !== 'made') ?? first.log[0]!).at });
  }
  return sittings;
}

function mayBeOff(file: FileProgress, row: number, isHandOver: boolean): boolean {
  if (!file.rows.includes(row)) return false;
  const outcome = file.outcomes[row];
  // A successor gets the license of a leaver only once it is surely free.
  if (outcome?.outcome === 'done' || isHandOver) return outcome?.outcome === 'done';
  if (outcome?.outcome === 'accepted') return true;
  const leftTheHouse = file.log.some(({ state }) => state === 'downloaded' || state === 'said-to-be-uploaded' || state === 'seen');
  return leftTheHouse && !(outcome?.outcome === 'untouched' && outcome.proven);
}

/** What the last on file with this person showed. */
const isBack = (backs: readonly FileProgress[], row: number): boolean =>
  backs.findLast((file) => file.rows.includes(row))?.outcomes[row]?.outcome === 'done';

/** The file of emails, or of licenses taken for good, that may have been uploaded and of which not every row is known: a plan does not end while it is out. */
export function unprovenOut(plan: Plan, progress: PlanProgress): FileProgress | null {
  const out = fileOut(progress);
  if (out === null || out.state === 'made' || isSettled(out)) return null;
  return isLicenseKind(plan.files[out.file]!.kind) && !takesForGood(plan.files, out.file) ? null : out;
}

export type Release =
  | { readonly kind: 'file'; readonly progress: PlanProgress; readonly file: FileProgress }
  /** The last file is still out: nothing is released before its proof. */
  | { readonly kind: 'out'; readonly file: FileProgress }
  /** The next file may not go yet; `sentence` says what it waits for. */
  | { readonly kind: 'waiting'; readonly progress: PlanProgress; readonly file: PlanFile; readonly sentence: string }
  | { readonly kind: 'finished'; readonly progress: PlanProgress };

/**
 * The next file to upload, in state `made`: what failed in the last one, once; the on file that belongs to an off file; then the
 * plan's next file. A row that waits for another is written only if that one was seen. Giving licenses back passes no gate, and its
 * retries have no end.
 * @param nameRetry the name for the file that repeats a file's failing rows
 */
export function releaseNext(plan: Plan, progress: PlanProgress, nameRetry: (name: string) => string, stamp: Stamp, gate: Gate): Release {
  let current = progress;
  const last = fileOut(current);
  if (last !== null) {
    if (!isSettled(last)) return { kind: 'out', file: last };
    const { kind } = plan.files[last.file]!;
    const rows = failing(plan, last);
    if (kind === 'license-on' && rows.length > 0)
      return repeated(plan, replaceFile(current, inState(last, 'replaced', stamp)), last, rows, nameRetry, stamp, gate);
    if (rows.length > 0 && last.retryOf === null) {
      const file = plan.files[last.file]!;
      const waits = gate.file(file);
      if (waits !== null) return { kind: 'waiting', progress: current, file, sentence: waits };
      const { kept, heldBack } = sift(plan, current, last.file, rows, gate);
      current = { ...replaceFile(current, inState(last, kept.length > 0 ? 'replaced' : 'closed', stamp)), heldBack };
      if (kept.length > 0) return repeated(plan, current, last, kept, nameRetry, stamp, gate);
    } else current = replaceFile(current, inState(last, 'closed', stamp));
  }
  const sitting = sittingUnderWay(plan, current);
  if (sitting !== null) return backOf(plan, current, sitting, nameRetry, stamp, gate);

  // The last file may be one that gives back what an early off file took late.
  const next = Math.max(-1, ...current.files.map(({ file }) => file)) + 1;
  for (let index = next; index < plan.files.length; index++) {
    const file = plan.files[index]!;
    // An on file goes out only for those whom its off file may have reached.
    if (file.kind === 'license-on' && !givesAlone(plan.files, index)) continue;
    const waits = gate.file(file);
    if (waits !== null) return { kind: 'waiting', progress: current, file, sentence: waits };
    const { kept, heldBack } = sift(plan, current, index, [...file.rows.keys()], gate);
    current = { ...current, heldBack };
    if (kept.length > 0) return made(plan, current, { name: file.name, file: index, rows: kept, retryOf: null }, stamp, gate);
  }
  return { kind: 'finished', progress: current };
}

/**
 * "Give everyone back": the on file for all who may be without a license, confirmed or not, at any time from the download of the
 * off file on. `out` where that file is out already; `finished` where nobody is without one.
 */
export function giveBack(
  plan: Plan,
  progress: PlanProgress,
  nameRetry: (name: string) => string,
  stamp: Stamp,
  where: Pick<Gate, 'address'>,
): Release {
  const sitting = sittingUnderWay(plan, progress);
  if (sitting === null) return { kind: 'finished', progress };
  const out = fileOut(progress);
  if (out === null) return backOf(plan, progress, sitting, nameRetry, stamp, where);
  if (out.file !== sitting.on)
    return backOf(plan, replaceFile(progress, inState(out, 'replaced', stamp)), sitting, nameRetry, stamp, where);
  const isOnItsWay = (row: number): boolean => out.rows.includes(row) && isUnsettled(out.outcomes[row]);
  if (sitting.rows.every(isOnItsWay)) return { kind: 'out', file: out };
  return backOf(plan, replaceFile(progress, inState(out, 'replaced', stamp)), sitting, nameRetry, stamp, where);
}

function backOf(
  plan: Plan,
  progress: PlanProgress,
  { on, rows }: Sitting,
  nameRetry: (name: string) => string,
  stamp: Stamp,
  where: Pick<Gate, 'address'>,
): Release {
  const before = progress.files.findLast((file) => file.file === on);
  if (before !== undefined) return repeated(plan, progress, before, rows, nameRetry, stamp, where);
  return made(plan, progress, { name: plan.files[on]!.name, file: on, rows, retryOf: null }, stamp, where);
}

const repeated = (
  plan: Plan,
  progress: PlanProgress,
  { name, file }: FileProgress,
  rows: readonly number[],
  nameRetry: (name: string) => string,
  stamp: Stamp,
  where: Pick<Gate, 'address'>,
): Release => made(plan, progress, { name: nameRetry(name), file, rows, retryOf: name }, stamp, where);

function made(
  plan: Plan,
  progress: PlanProgress,
  file: Pick<FileProgress, 'name' | 'file' | 'rows' | 'retryOf'>,
  stamp: Stamp,
  where: Pick<Gate, 'address'>,
): Release {
  const next = addressed(plan, { ...file, state: 'made', outcomes: {}, log: [{ state: 'made', at: stamp.at, by: stamp.by }] }, where);
  return { kind: 'file', file: next, progress: { ...progress, files: [...progress.files, next] } };
}

/** A file that gives licenses back, with the addresses that its people have now. */
function addressed(plan: Plan, file: FileProgress, { address }: Pick<Gate, 'address'>): FileProgress {
  const planned = plan.files[file.file]!;
  if (planned.kind !== 'license-on') return file;
  const moved = file.rows.flatMap((row) => {
    const now = address(planned.rows[row]!);
    return now === planned.rows[row]!.newEmail ? [] : [[row, now] as const];
  });
  const { addresses: _, ...rest } = file;
  return moved.length === 0 ? rest : { ...rest, addresses: Object.fromEntries(moved) };
}

/** Which rows of a file may go now; whoever may not is held back with the reason. */
function sift(
  plan: Plan,
  progress: PlanProgress,
  index: number,
  rows: readonly number[],
  gate: Gate,
): { readonly kept: readonly number[]; readonly heldBack: readonly HeldBack[] } {
  const file = plan.files[index]!;
  const done = emailsDone(plan, progress);
  const known = new Map(progress.heldBack.map((one) => [one.licenseId, one]));
  const kept: number[] = [];
  const held: HeldBack[] = [];
  const settled = new Set<string>();
  for (const place of rows) {
    const row = file.rows[place]!;
    settled.add(row.licenseId);
    const hold = row.after !== null && !done.has(row.after) ? notFreed(row) : gate.row(row, file.kind);
    if (hold === null) kept.push(place);
    // What ended their repair was that they were held back: the first reason stays.
    else held.push((hold.code === 'repair-ended' ? known.get(row.licenseId) : undefined) ?? { licenseId: row.licenseId, ...hold });
  }
  return { kept, heldBack: [...progress.heldBack.filter(({ licenseId }) => !settled.has(licenseId)), ...held] };
}

/** Whether somebody fetched the file that is out. Said to be uploaded, and yet nobody fetched it: it leaves the house only when somebody does. */
export const hasLeft = (progress: PlanProgress): boolean => fileOut(progress)?.log.some(({ state }) => state === 'downloaded') ?? false;

export type Sifted =
  | { readonly kind: 'file'; readonly progress: PlanProgress; readonly file: FileProgress }
  | { readonly kind: 'waiting'; readonly sentence: string }
  /** Nobody is left in it: it is thrown away, and the plan goes on. */
  | { readonly kind: 'empty'; readonly progress: PlanProgress };

/**
 * A file that is made and that nobody has yet, as it may go at this moment: whoever was cancelled, or changed, since it was made is taken
 * out. Null where no such file is out; what gives licenses back is never held.
 */
export function siftMade(plan: Plan, progress: PlanProgress, stamp: Stamp, gate: Gate): Sifted | null {
  const out = fileOut(progress);
  if (out === null || hasLeft(progress)) return null;
  const planned = plan.files[out.file]!;
  if (planned.kind === 'license-on') {
    const file = addressed(plan, out, gate);
    return { kind: 'file', progress: JSON.stringify(file) === JSON.stringify(out) ? progress : replaceFile(progress, file), file };
  }
  const sentence = gate.file(planned);
  if (sentence !== null) return { kind: 'waiting', sentence };
  if (out.state !== 'made') return null;
  const { kept, heldBack } = sift(plan, progress, out.file, out.rows, gate);
  if (kept.length === out.rows.length) return { kind: 'file', progress, file: out };
  const file = kept.length === 0 ? inState(out, 'discarded', stamp) : { ...out, rows: kept };
  const next = { ...replaceFile(progress, file), heldBack };
  return kept.length === 0 ? { kind: 'empty', progress: next } : { kind: 'file', progress: next, file };
}

const notFreed = (row: PlanRow): Hold =>
  row.after === row.licenseId
    ? emailNotSeen
    : {
        code: 'target-not-freed',
        sentence: 'The new address still belongs to somebody whose own change was not seen in LinkedIn. Solve that person first.',
      };

export const emailNotSeen: Hold = {
  code: 'email-not-seen',
  sentence: 'The new email was not seen in LinkedIn, so the license stays where it is.',
};

const emailsDone = (plan: Plan, progress: PlanProgress): ReadonlySet<string> =>
  new Set(
    progress.files
      .filter((file) => !isLicenseKind(plan.files[file.file]!.kind))
      .flatMap((file) =>
        file.rows.filter((row) => file.outcomes[row]?.outcome === 'done').map((row) => plan.files[file.file]!.rows[row]!.licenseId),
      ),
  );

/** What somebody says of the file that is out. Told "uploaded", it waits for proof; it can be thrown away only before. */
export type Said = 'downloaded' | 'uploaded' | 'discarded';

export function sayOf(
  plan: Plan,
  progress: PlanProgress,
  said: Said,
  stamp: Stamp,
): { readonly ok: true; readonly progress: PlanProgress; readonly file: FileProgress } | { readonly ok: false; readonly sentence: string } {
  const out = fileOut(progress);
  if (out === null) return { ok: false, sentence: 'No file is out.' };
  const { kind } = plan.files[out.file]!;
  if (said === 'discarded') {
    if (kind === 'license-on')
      return { ok: false, sentence: `${out.name} gives licenses back, so it cannot be thrown away. Upload it, then bring a new export.` };
    if (takesForGood(plan.files, out.file) && out.state !== 'made')
      return { ok: false, sentence: `${out.name} was downloaded and may take licenses away. Bring a new export: it shows what it did.` };
    if (kind === 'license-off' && out.state !== 'made')
      return { ok: false, sentence: `${out.name} was downloaded and may take licenses away. Give everyone back instead.` };
    if (out.state !== 'made' && out.state !== 'downloaded')
      return {
        ok: false,
        sentence: `${out.name} was uploaded, so it cannot be thrown away. Bring LinkedIn's result file or a new export.`,
      };
  }
  const file = inState(out, stateSaid(out, said), stamp);
  return { ok: true, file, progress: replaceFile(progress, file) };
}

function stateSaid(file: FileProgress, said: Said): FileState {
  if (said === 'discarded') return 'discarded';
  if (said === 'downloaded') return file.state === 'made' ? 'downloaded' : file.state;
  return file.state === 'seen' ? 'seen' : 'said-to-be-uploaded';
}

/**
 * Takes in what LinkedIn showed of one file. Rows that are done stay done. A plan that had run out, or a file that was thrown
 * away, and is seen all the same is `late`: verified like any other. What takes or gives licenses never runs out.
 */
export function takeProof(
  plan: Plan,
  progress: PlanProgress,
  name: string,
  outcomes: Readonly<Record<string, RowOutcome>>,
  stamp: Stamp & { readonly expired: boolean },
): { readonly progress: PlanProgress; readonly file: FileProgress } {
  const before = progress.files.find((file) => file.name === name)!;
  const { kind } = plan.files[before.file]!;
  const merged: Record<string, RowOutcome> = { ...before.outcomes };
  for (const [row, outcome] of Object.entries(outcomes)) {
    const isLost = kind === 'license-on' && outcome.outcome === 'untouched' && outcome.proven;
    const isNews = merged[row]?.outcome !== 'done' && (outcome.outcome !== 'accepted' || merged[row] === undefined);
    if (isNews || isLost) merged[row] = outcome;
  }
  const read = { ...before, outcomes: merged };
  const expired = stamp.expired && !isLicenseKind(kind);
  const file = inState(read, stateAfter(plan, read, expired), stamp);
  return { file, progress: replaceFile(progress, file) };
}

function stateAfter(plan: Plan, file: FileProgress, expired: boolean): FileState {
  if (Object.keys(file.outcomes).length === 0) return file.state;
  if (file.state === 'replaced' || file.state === 'closed' || file.state === 'late') return file.state;
  if (expired || file.state === 'discarded') return seenOf(file).n > 0 ? 'late' : file.state;
  if (isSettled(file) && failing(plan, file).length === 0) return 'closed';
  // What somebody else did to people says nothing of the upload.
  const showsUpload = Object.values(file.outcomes).some(({ outcome }) => outcome !== 'gone' && outcome !== 'changed-by-hand');
  return showsUpload ? 'seen' : file.state;
}

/** What a result file says of a row, as far as it may: for a license it proves nothing that an export must show. */
export const resultOutcome = (kind: PlanFileKind, outcome: RowOutcome): RowOutcome =>
  outcome.outcome === 'done' && isLicenseKind(kind) ? { outcome: 'accepted' } : outcome;
