import { joinKeyOf } from './email.ts';
import type { Plan, PlanRow } from './plan.ts';

/** The life of one upload file. `seen` needs a result file or an export; being told "uploaded" moves nothing on. */
export const fileStates = ['made', 'downloaded', 'said-to-be-uploaded', 'seen', 'closed', 'discarded', 'replaced', 'late'] as const;
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
  | { readonly outcome: 'refused'; readonly message: string }
  /** `proven`: an export after the upload still showed the old address. */
  | { readonly outcome: 'untouched'; readonly proven: boolean }
  | { readonly outcome: 'left-out' }
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
}

/** Somebody whose new address was not freed, so that their row was taken out before its file was made. */
export interface HeldBack {
  readonly licenseId: string;
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

const open: readonly FileState[] = ['made', 'downloaded', 'said-to-be-uploaded', 'seen'];

/** How many of a file's rows LinkedIn has shown with the new address. */
export const seenOf = (file: FileProgress): { readonly n: number; readonly of: number } => ({
  n: file.rows.filter((row) => file.outcomes[row]?.outcome === 'done').length,
  of: file.rows.length,
});

/** Whether every row of a file is known to be done, refused, left out, changed by hand, or proven untouched. */
const isSettled = (file: FileProgress): boolean =>
  file.rows.every((row) => {
    const outcome = file.outcomes[row];
    return outcome !== undefined && !(outcome.outcome === 'untouched' && !outcome.proven);
  });

const failing = (file: FileProgress): readonly number[] =>
  file.rows.filter((row) => {
    const outcome = file.outcomes[row]?.outcome;
    return outcome === 'refused' || outcome === 'untouched';
  });

const inState = (file: FileProgress, state: FileState, stamp: Stamp): FileProgress =>
  file.state === state ? file : { ...file, state, log: [...file.log, { state, ...stamp }] };

const replaceLast = (progress: PlanProgress, file: FileProgress): PlanProgress => ({
  ...progress,
  files: [...progress.files.slice(0, -1), file],
});

export type Release =
  | { readonly kind: 'file'; readonly progress: PlanProgress; readonly file: FileProgress }
  /** The last file is still out: nothing is released before its proof. */
  | { readonly kind: 'out'; readonly file: FileProgress }
  | { readonly kind: 'finished'; readonly progress: PlanProgress };

/**
 * The next file to upload: what failed in the last one, once; then the plan's next file. A row that waits for an address is
 * written only if the change that frees it was seen.
 * @param nameRetry the name for the file that repeats a file's failing rows
 */
export function releaseNext(plan: Plan, progress: PlanProgress, nameRetry: (name: string) => string, stamp: Stamp): Release {
  let current = progress;
  const last = current.files.at(-1);
  if (last !== undefined && open.includes(last.state)) {
    if (!isSettled(last)) return { kind: 'out', file: last };
    const rows = failing(last);
    if (rows.length > 0 && last.retryOf === null) {
      current = replaceLast(current, inState(last, 'replaced', stamp));
      return released(current, { name: nameRetry(last.name), file: last.file, rows, retryOf: last.name }, stamp);
    }
    current = replaceLast(current, inState(last, 'closed', stamp));
  }
  const done = licensesDone(plan, current);
  for (let file = (last?.file ?? -1) + 1; file < plan.files.length; file++) {
    const { name, rows } = plan.files[file]!;
    const free = (row: PlanRow): boolean => row.after === null || done.has(row.after);
    const held = rows.filter((row) => !free(row));
    current = {
      ...current,
      heldBack: [
        ...current.heldBack.filter((one) => held.every((row) => row.licenseId !== one.licenseId)),
        ...held.map((row) => ({
          licenseId: row.licenseId,
          sentence: 'The new address still belongs to somebody whose own change was not seen in LinkedIn. Solve that person first.',
        })),
      ],
    };
    const kept = rows.flatMap((row, index) => (free(row) ? [index] : []));
    if (kept.length > 0) return released(current, { name, file, rows: kept, retryOf: null }, stamp);
  }
  return { kind: 'finished', progress: current };
}

function released(progress: PlanProgress, file: Pick<FileProgress, 'name' | 'file' | 'rows' | 'retryOf'>, stamp: Stamp): Release {
  const made = inState({ ...file, state: 'made', outcomes: {}, log: [{ state: 'made', ...stamp }] }, 'downloaded', stamp);
  return { kind: 'file', file: made, progress: { ...progress, files: [...progress.files, made] } };
}

const licensesDone = (plan: Plan, progress: PlanProgress): ReadonlySet<string> =>
  new Set(
    progress.files.flatMap((file) =>
      file.rows.filter((row) => file.outcomes[row]?.outcome === 'done').map((row) => plan.files[file.file]!.rows[row]!.licenseId),
    ),
  );

/** What somebody says about the file that is out. Told "uploaded", it waits for proof; it can be thrown away only before. */
export function sayOf(
  progress: PlanProgress,
  said: 'uploaded' | 'discarded',
  stamp: Stamp,
): { readonly ok: true; readonly progress: PlanProgress; readonly file: FileProgress } | { readonly ok: false; readonly sentence: string } {
  const last = progress.files.at(-1);
  if (last === undefined || !open.includes(last.state)) return { ok: false, sentence: 'No file is out.' };
  if (said === 'discarded' && last.state !== 'made' && last.state !== 'downloaded')
    return { ok: false, sentence: `${last.name} was uploaded, so it cannot be thrown away. Bring LinkedIn's result file or a new export.` };
  const state = said === 'discarded' ? 'discarded' : last.state === 'seen' ? 'seen' : 'said-to-be-uploaded';
  const file = inState(last, state, stamp);
  return { ok: true, file, progress: replaceLast(progress, file) };
}

/**
 * Takes in what LinkedIn showed of one file. Rows that are done stay done. A plan that had run out, or a file that was thrown
 * away, and is seen all the same is `late`: verified like any other.
 */
export function takeProof(
  progress: PlanProgress,
  name: string,
  outcomes: Readonly<Record<string, RowOutcome>>,
  stamp: Stamp & { readonly expired: boolean },
): { readonly progress: PlanProgress; readonly file: FileProgress } {
  const { at, by, expired } = stamp;
  const index = progress.files.findIndex((file) => file.name === name);
  const before = progress.files[index]!;
  const merged: Record<string, RowOutcome> = { ...before.outcomes };
  for (const [row, outcome] of Object.entries(outcomes)) if (merged[row]?.outcome !== 'done') merged[row] = outcome;
  const read = { ...before, outcomes: merged };
  const file = inState(read, stateAfter(read, expired), { at, by });
  return { file, progress: { ...progress, files: progress.files.with(index, file) } };
}

function stateAfter(file: FileProgress, expired: boolean): FileState {
  if (Object.keys(file.outcomes).length === 0) return file.state;
  if (file.state === 'replaced' || file.state === 'closed' || file.state === 'late') return file.state;
  if (expired || file.state === 'discarded') return seenOf(file).n > 0 ? 'late' : file.state;
  return isSettled(file) && failing(file).length === 0 ? 'closed' : 'seen';
}

/** Somebody as an export shows them; '' where the export has no such column. */
export interface Exported {
  readonly seatId: string;
  readonly uniqueUserId: string;
  readonly email: string;
}

/**
 * What an export, complete or filtered, shows of a file's rows. It may confirm people, never miss them: a person who is not
 * in it stays unknown. `mayBeUploaded`: somebody said that the file was uploaded, before the export was made; only then, or
 * when another row of the file has changed, does an old address mean that the row was not carried out.
 */
export function readExport(
  plan: Plan,
  file: FileProgress,
  exported: readonly Exported[],
  mayBeUploaded: boolean,
): Readonly<Record<string, RowOutcome>> {
  const bySeat = new Map(exported.filter((one) => one.seatId !== '').map((one) => [one.seatId, one]));
  // An ID that two people have says nothing about either.
  const ids = Map.groupBy(
    exported.filter((one) => one.uniqueUserId !== ''),
    (one) => joinKeyOf(one.uniqueUserId),
  );
  const byEmail = new Map(exported.map((one) => [joinKeyOf(one.email), one]));
  const outcomes: Record<string, RowOutcome> = {};
  const old: number[] = [];
  for (const index of file.rows) {
    const row = plan.files[file.file]!.rows[index]!;
    const sameId = ids.get(joinKeyOf(row.uniqueUserId)) ?? [];
    const person =
      bySeat.get(row.seatId) ??
      (sameId.length === 1 ? sameId[0] : undefined) ??
      byEmail.get(joinKeyOf(row.newEmail)) ??
      byEmail.get(joinKeyOf(row.existingEmail));
    if (person === undefined) continue;
    if (joinKeyOf(person.email) === joinKeyOf(row.newEmail)) outcomes[index] = { outcome: 'done' };
    else if (joinKeyOf(person.email) === joinKeyOf(row.existingEmail)) old.push(index);
    else
      outcomes[index] = {
        outcome: 'changed-by-hand',
        changes: [{ column: 'invited_email_address', sealed: row.newEmail, found: person.email, damage: null }],
        message: '',
      };
  }
  const known = [...Object.values(outcomes), ...Object.values(file.outcomes)];
  if (mayBeUploaded || known.some((one) => one.outcome === 'done'))
    for (const index of old) {
      const before = file.outcomes[index];
      // LinkedIn's own text, or a person's decision, says more than that nothing happened.
      outcomes[index] = before?.outcome === 'refused' || before?.outcome === 'left-out' ? before : { outcome: 'untouched', proven: true };
    }
  return outcomes;
}
