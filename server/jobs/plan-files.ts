import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { guardCompleteRead } from '../core/guard-read.ts';
import { type Plan, type PlanFile, type PlanRow, planNoteCodes } from '../core/plan.ts';
import { listsOf } from '../core/plan-lists.ts';
import {
  type CellChange,
  type FileProgress,
  type FileState,
  fileOut,
  giveBack,
  openGate,
  type PlanProgress,
  type Release,
  type RowOutcome,
  releaseNext,
  resultOutcome,
  rowsOf,
  type Stamp,
  sayOf,
  seenOf,
  sittingUnderWay,
  takeProof,
} from '../core/plan-progress.ts';
import { planSteps, type StepCommands } from '../core/plan-steps.ts';
import { type Exported, type Read, takeExport, waitingFiles } from '../core/read-export.ts';
import { reportCsv } from '../core/report-csv.ts';
import { type SealedPlan, type Sha256, verifySeal, writeSealedPlan } from '../core/seal-plan.ts';
import { differences, fileStates, guardCodes, heldBackCodes, planFileKinds, planModes, planRoutes, rules } from '../core/status.ts';

export type PlanRefusal =
  | 'unwritable'
  | 'not-empty'
  | 'file-out'
  | 'no-plan'
  | 'damaged'
  | 'tampered'
  | 'expired'
  | 'nothing-out'
  | 'not-ours'
  | 'too-old';

/** Nothing was written. `sentence` says what is wrong and what to do. */
export class PlanRefused extends Error {
  override readonly name = 'PlanRefused';
  readonly code: PlanRefusal;
  readonly sentence: string;

  constructor(code: PlanRefusal, sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.code = code;
    this.sentence = sentence;
  }
}

/** A result file compared with one upload's rows. */
export interface ComparedResult {
  readonly critical: string | null;
  readonly rows: readonly (
    | Exclude<RowOutcome, { outcome: 'untouched' | 'accepted' }>
    /** Not known to be done. */
    | { readonly outcome: 'untouched' }
  )[];
  readonly added: readonly { readonly line: number; readonly email: string; readonly message: string }[];
  readonly separatorsChanged: boolean;
}

export type Brought =
  | {
      readonly kind: 'result';
      readonly name: string;
      readonly warnings: readonly string[];
      compare(
        kind: PlanFile['kind'],
        rows: readonly PlanRow[],
        idColumn: string,
      ): ComparedResult | { readonly code: string; readonly why: string };
    }
  | {
      readonly kind: 'export';
      readonly name: string;
      readonly asOf: string;
      readonly people: readonly Exported[];
      readonly rejected: number;
      readonly warnings: readonly string[];
    };

/** The vendor's files and the hash, as parameters: this room imports no connector. */
export interface PlanTools {
  readonly sha256: Sha256;
  /** The CSV that Admin Center accepts. */
  write(kind: PlanFile['kind'], rows: readonly PlanRow[], idColumn: string): string;
  nameRetry(name: string): string;
  read(path: string, options: { readonly exportedAt?: string | undefined }): Promise<Brought>;
  /** The same of bytes. `exportedAt` is ISO 8601: when they were made, if they are an export. */
  readBytes(name: string, bytes: Uint8Array, exportedAt: string): Promise<Brought>;
}

/**
 * Writes a plan's directory: plan.json, state.json, steps.txt, the lists for people, and the first upload file only.
 * `dir` must be new or empty; `more` lies in it as well, by file name; plan.json is written last, so a directory without it holds no plan.
 */
export async function writePlan(
  dir: string,
  sealed: SealedPlan,
  tools: PlanTools,
  stamp: Stamp,
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly progress: PlanProgress }> {
  const present = await makeDirectory(dir);
  if (present.includes('plan.json')) {
    const { progress } = await openPlan(dir, tools);
    const out = fileOut(progress);
    if (out !== null) throw new PlanRefused('file-out', `${outSentence(out)} Then make the new plan in another directory.`);
    throw new PlanRefused('not-empty', `${dir} holds the plan ${progress.planId}. Choose another directory for the new one.`);
  }
  if (present.length > 0) throw new PlanRefused('not-empty', `${dir} is not empty. Choose a new directory for the plan.`);

  const { plan, seal } = sealed;
  for (const [name, text] of Object.entries({ ...listsOf(plan), ...more })) await writeWhole(join(dir, name), text);
  const nothing: PlanProgress = { planId: plan.id, seal, files: [], heldBack: [] };
  const { progress, file } = handedOut(plan, nothing, releaseNext(plan, nothing, tools.nameRetry, stamp, openGate), stamp);
  await saveProgress(dir, plan, progress, file, tools);
  await writeWhole(join(dir, 'plan.json'), writeSealedPlan(sealed));
  return { progress };
}

/** What is written into the directory is downloaded: nobody sees the moment in which a person takes it. */
function handedOut(
  plan: Plan,
  before: PlanProgress,
  released: Release,
  stamp: Stamp,
): { readonly progress: PlanProgress; readonly file: FileProgress | null } {
  if (released.kind === 'out') return { progress: before, file: null };
  const said = released.kind === 'file' ? sayOf(plan, released.progress, 'downloaded', stamp) : null;
  return said?.ok ? said : { progress: released.progress, file: null };
}

/** @returns what is in it already */
async function makeDirectory(dir: string): Promise<readonly string[]> {
  try {
    await mkdir(dir, { recursive: true });
    return await readdir(dir);
  } catch (cause) {
    throw new PlanRefused('unwritable', `The plan cannot be written to ${dir}. Name a new directory for it.`, { cause });
  }
}

export type NextOutcome =
  | { readonly kind: 'file'; readonly plan: Plan; readonly progress: PlanProgress; readonly file: FileProgress }
  | { readonly kind: 'said'; readonly file: FileProgress }
  | { readonly kind: 'finished'; readonly plan: Plan; readonly progress: PlanProgress }
  | { readonly kind: 'nothing-to-give-back' };

/**
 * Releases the next upload file, once the last one is proven. `said` records what a person says of the file that is out;
 * "uploaded" releases nothing, "discarded" lets the next one follow.
 * Throws PlanRefused: `file-out` before the proof, `expired`, `tampered`.
 */
export async function nextFile(
  dir: string,
  tools: PlanTools,
  options: Stamp & { readonly said?: 'uploaded' | 'discarded' | undefined; readonly giveBack?: boolean | undefined },
): Promise<NextOutcome> {
  const stamp: Stamp = { at: options.at, by: options.by };
  const { plan, progress } = await openPlan(dir, tools);
  if (options.said !== undefined) {
    const said = sayOf(plan, progress, options.said, stamp);
    if (!said.ok) throw new PlanRefused('nothing-out', said.sentence);
    await saveProgress(dir, plan, said.progress, null, tools);
    return { kind: 'said', file: said.file };
  }
  const isUnderWay = sittingUnderWay(plan, progress) !== null;
  if (options.giveBack === true && !isUnderWay) return { kind: 'nothing-to-give-back' };
  // Giving licenses back must be possible at any time.
  if (!isUnderWay) refuseExpired(plan, options.at);
  const released =
    options.giveBack === true
      ? giveBack(plan, progress, tools.nameRetry, stamp, openGate)
      : releaseNext(plan, progress, tools.nameRetry, stamp, openGate);
  if (released.kind === 'out') throw new PlanRefused('file-out', outSentence(released.file));
  if (released.kind === 'waiting') throw new PlanRefused('file-out', released.sentence);
  const given = handedOut(plan, progress, released, stamp);
  await saveProgress(dir, plan, given.progress, given.file, tools);
  if (given.file === null) return { kind: 'finished', plan, progress: given.progress };
  return { kind: 'file', plan, progress: given.progress, file: given.file };
}

function refuseExpired(plan: Plan, now: string): void {
  if (Date.parse(now) <= Date.parse(plan.expiresAt)) return;
  throw new PlanRefused(
    'expired',
    `The plan ran out at ${plan.expiresAt}: people may have changed since. Compare again and make a new plan.`,
  );
}

/** What a file that was brought back showed of one upload. */
export interface ImportedFile {
  readonly name: string;
  readonly state: FileState;
  readonly seen: { readonly n: number; readonly of: number };
  readonly people: readonly { readonly licenseId: string; readonly name: string; readonly result: RowOutcome | null }[];
}

export interface ImportOutcome {
  readonly recognizedAs: 'result' | 'export';
  readonly files: readonly ImportedFile[];
  /** The file had been read before: nothing changed. */
  readonly already: boolean;
  readonly critical: string | null;
  readonly added: ComparedResult['added'];
  readonly notes: readonly string[];
  /** The file with the failing rows, which is out now. */
  readonly retry: FileProgress | null;
}

/**
 * Takes in LinkedIn's result file or an export, recognised by its columns and rows. Works for a plan that has run out as well
 * (its files are then `late`), but releases no retry file for it.
 * Throws PlanRefused `not-ours` for a file of another plan, `too-old` for an export from before the upload file was made.
 */
export async function importResult(
  path: string,
  dir: string,
  tools: PlanTools,
  options: Stamp & { readonly exportedAt?: string | undefined },
): Promise<ImportOutcome> {
  const { plan, progress } = await openPlan(dir, tools);
  const brought = await tools.read(path, { exportedAt: options.exportedAt });
  const expired = Date.parse(options.at) > Date.parse(plan.expiresAt);
  const stamp = { at: options.at, by: options.by, expired };
  const read = takeBrought(plan, progress, brought, stamp, uncounted);

  let current = read.progress;
  let retry: FileProgress | null = null;
  if (!read.already && (!expired || sittingUnderWay(plan, current) !== null)) {
    const last = current.files.at(-1)!;
    const released = releaseNext(plan, current, tools.nameRetry, stamp, openGate);
    if (released.kind === 'file' && released.file.retryOf === last.name) {
      const given = handedOut(plan, current, released, stamp);
      current = given.progress;
      retry = given.file;
    }
  }
  if (!read.already) await saveProgress(dir, plan, current, retry, tools);
  return {
    recognizedAs: brought.kind,
    already: read.already,
    critical: read.critical,
    added: read.added,
    retry,
    notes: [...brought.warnings, ...read.notes],
    files: read.names.map((name) => {
      const file = current.files.find((one) => one.name === name)!;
      return {
        name,
        state: file.state,
        seen: seenOf(file),
        people: file.rows.map((row) => {
          const { licenseId, name: person } = plan.files[file.file]!.rows[row]!;
          return { licenseId, name: person, result: file.outcomes[row] ?? null };
        }),
      };
    }),
  };
}

/** How many users Admin Center shows, null where nobody said; how many people the last complete list had, null where there is none. */
export interface Counts {
  readonly shown: number | null;
  readonly lastGood: number | null;
}

/** An export of which nobody said how many users there are: it confirms people and misses nobody. */
export const uncounted: Counts = { shown: null, lastGood: null };

/** An export as plans read it. */
export function readOf({ name, people, rejected, asOf }: Extract<Brought, { kind: 'export' }>, { shown, lastGood }: Counts): Read {
  const source = { source: name, sha256: null, asOf, received: people.length, rejected, expected: shown };
  return { people, asOf, isComplete: rejected === 0 && guardCompleteRead(source, { isWhole: true, lastGood }) === null };
}

/** What a file that was brought back says of a plan, and the progress with it. */
export interface Taken extends Pick<ImportOutcome, 'already' | 'critical' | 'added' | 'notes'> {
  readonly progress: PlanProgress;
  readonly names: readonly string[];
}

type ProofStamp = Stamp & { readonly expired: boolean };

/**
 * Takes in what was brought back, without storing anything.
 * Throws PlanRefused `not-ours` for a file of another plan, `too-old` for an export from before the upload file was made.
 */
export const takeBrought = (plan: Plan, progress: PlanProgress, brought: Brought, stamp: ProofStamp, counts: Counts): Taken =>
  brought.kind === 'result' ? takeResult(plan, progress, brought, stamp) : takeExported(plan, progress, brought, stamp, counts);

function takeResult(plan: Plan, progress: PlanProgress, brought: Extract<Brought, { kind: 'result' }>, stamp: ProofStamp): Taken {
  const reasons: string[] = [];
  const fitting: { readonly file: FileProgress; readonly compared: ComparedResult; readonly changed: number }[] = [];
  // A file that nobody fetched has no result.
  for (const file of progress.files.toReversed().filter(({ log }) => log.some(({ state }) => state !== 'made'))) {
    const compared = brought.compare(plan.files[file.file]!.kind, rowsOf(plan, file), plan.idColumn);
    if ('why' in compared) reasons.push(compared.why);
    else fitting.push({ file, compared, changed: compared.rows.filter(({ outcome }) => outcome === 'changed-by-hand').length });
  }
  // The off file and the on file have the same people: it belongs to the one that it would have to be changed least to be.
  const [best] = fitting.toSorted((one, other) => one.changed - other.changed);
  if (best !== undefined) {
    const { file, compared } = best;
    const notes = compared.separatorsChanged ? ['A spreadsheet saved this file: its commas have become semicolons or tabs.'] : [];
    const { critical, added } = compared;
    if (file.state === 'closed' || file.state === 'replaced' || file.state === 'late')
      return { progress, names: [file.name], already: true, critical, added, notes };
    const { kind } = plan.files[file.file]!;
    const outcomes = Object.fromEntries(
      compared.rows.map((row, index) => [
        file.rows[index]!,
        row.outcome === 'untouched' ? { outcome: row.outcome, proven: false } : resultOutcome(kind, row),
      ]),
    );
    return { ...takeProof(plan, progress, file.name, outcomes, stamp), names: [file.name], already: false, critical, added, notes };
  }
  const why =
    reasons.length === 1 ? reasons[0]! : 'None of the files of this plan has these rows: they belong to another plan or another upload.';
  throw new PlanRefused('not-ours', `${brought.name}: ${reasons.length === 0 ? 'no file of this plan was given out yet.' : why}`);
}

function takeExported(
  plan: Plan,
  progress: PlanProgress,
  brought: Extract<Brought, { kind: 'export' }>,
  stamp: ProofStamp,
  counts: Counts,
): Taken {
  const waiting = waitingFiles(plan, progress);
  if (waiting.length === 0)
    throw new PlanRefused('nothing-out', `${brought.name}: no file of this plan waits for proof. Compare this export anew instead.`);
  const madeAt = Math.min(...waiting.map((file) => Date.parse(file.log[0]!.at)));
  if (Date.parse(brought.asOf) < madeAt)
    throw new PlanRefused(
      'too-old',
      `${brought.name} is from ${brought.asOf}, before the upload file was made. Download a new export in Admin Center, or say when it was made with --exported-at.`,
    );
  const { known, ...taken } = takeExport(plan, progress, readOf(brought, counts), stamp);
  const notes =
    known === 0 ? ['The export shows none of these people as they are to be yet. If the file was uploaded, bring a later export.'] : [];
  if (brought.rejected > 0) notes.push(`${brought.rejected} rows of the export could not be used; the people in them stay unknown.`);
  return { ...taken, already: false, critical: null, added: [], notes };
}

function outSentence(file: FileProgress): string {
  const { n, of } = seenOf(file);
  if (file.state === 'seen') return `${file.name}: ${n} of ${of} rows are seen in LinkedIn, the rest is not known yet. Bring a new export.`;
  if (file.state === 'said-to-be-uploaded')
    return `${file.name} was uploaded and is not proven. Bring LinkedIn's result file or a new export.`;
  return `${file.name} was downloaded and not confirmed. Uploaded, or throw it away? Bring LinkedIn's result file or a new export, or discard it.`;
}

async function openPlan(dir: string, tools: PlanTools): Promise<{ readonly plan: Plan; readonly progress: PlanProgress }> {
  const text = await readText(join(dir, 'plan.json'), 'no-plan', `${dir} holds no plan. Make one with seatmatch plan.`);
  const sealed = parse(sealedPlan, text);
  const check = sealed === null || text !== writeSealedPlan(sealed) ? null : verifySeal(sealed, tools.sha256, null);
  if (sealed === null || check === null)
    throw new PlanRefused('tampered', 'plan.json was changed after it was made. Make a new plan; nothing was done.');
  if (!check.ok) throw new PlanRefused(check.code, check.sentence);

  const state = await readText(join(dir, 'state.json'), 'damaged', `${dir} has lost its state.json. Make a new plan from a new export.`);
  const progress = parse(planProgress, state);
  const fits =
    progress !== null &&
    progress.planId === sealed.plan.id &&
    progress.seal === sealed.seal &&
    progress.files.every((file) => file.rows.every((row) => sealed.plan.files[file.file]?.rows[row] !== undefined));
  if (!fits) throw new PlanRefused('damaged', 'state.json does not belong to this plan. Make a new plan from a new export.');
  return { plan: sealed.plan, progress };
}

async function readText(path: string, code: PlanRefusal, sentence: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new PlanRefused(code, sentence, { cause });
  });
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new PlanRefused('tampered', `${path} is no UTF-8 any more: it was changed. Make a new plan; nothing was done.`, { cause });
  }
}

function parse<T>(schema: z.ZodType<T>, text: string): T | null {
  try {
    const value: unknown = JSON.parse(text);
    const parsed = schema.safeParse(value);
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** The upload file first: a crash before state.json leaves it to be written again, the same. */
async function saveProgress(dir: string, plan: Plan, progress: PlanProgress, file: FileProgress | null, tools: PlanTools): Promise<void> {
  if (file !== null) {
    const { kind } = plan.files[file.file]!;
    if (kind === 'license-off') {
      // Its way back lies here before anybody can take a license, for everybody in it.
      const on = plan.files[file.file + 1]!;
      const rows = file.rows.map((row) => on.rows[row]!);
      await writeWhole(join(dir, fileName(on.name)), tools.write(on.kind, rows, plan.idColumn));
    }
    await writeWhole(join(dir, fileName(file.name)), tools.write(kind, rowsOf(plan, file), plan.idColumn));
    if (file.retryOf !== null)
      await writeWhole(join(dir, fileName(file.name).replace(/\.csv$/, '-messages.csv')), messagesCsv(plan, progress, file));
  }
  await writeWhole(join(dir, 'state.json'), `${JSON.stringify(progress, null, 2)}\n`);
  await writeWhole(join(dir, 'steps.txt'), planSteps(plan, progress, stepCommands(dir)));
}

/** What is done by hand is a list to look at; it is no upload, and has no ending of its own. */
const fileName = (name: string): string => (name.endsWith('.csv') ? name : `${name}.csv`);

/** The commands that a person copies from the steps. */
export function stepCommands(dir: string): StepCommands {
  const place = /^[\w./~-]+$/.test(dir) ? dir : JSON.stringify(dir);
  return {
    next: `npx seatmatch next --plan ${place}`,
    uploaded: `npx seatmatch next --plan ${place} --uploaded`,
    discard: `npx seatmatch next --plan ${place} --discard`,
    importResult: `npx seatmatch import-result FILE --plan ${place}`,
    giveBack: `npx seatmatch next --plan ${place} --give-back`,
  };
}

/** Whole or not at all, also when the machine stops: written beside, flushed, then renamed (POSIX rename is atomic). */
async function writeWhole(path: string, text: string): Promise<void> {
  const beside = `${path}.new`;
  await using file = await open(beside, 'w');
  await file.writeFile(text, 'utf8');
  await file.sync();
  await rename(beside, path);
}

function messagesCsv(plan: Plan, progress: PlanProgress, retry: FileProgress): string {
  const failed = progress.files.find((file) => file.name === retry.retryOf)!;
  return reportCsv(
    ['name', 'license_email', 'new_email', 'linkedin_message', 'our_reading'],
    retry.rows.map((index) => {
      const row = plan.files[retry.file]!.rows[index]!;
      const outcome = failed.outcomes[index];
      const [message, reading] =
        outcome?.outcome === 'refused'
          ? [outcome.message, 'LinkedIn refused this row. Correct what its message names, then upload the retry file.']
          : ['', 'An export after the upload still shows the state before: LinkedIn has not come to this row.'];
      return [row.name, row.existingEmail, row.newEmail, message, reading];
    }),
  );
}

// Both files can be edited by anybody, so they are parsed like anything else from outside.
const text = z.string();
const source = z.strictObject({
  source: text,
  sha256: text.nullable(),
  asOf: text,
  received: z.number(),
  rejected: z.number(),
  expected: z.number().nullable(),
});
const row = z.strictObject({
  licenseId: text,
  seatId: text,
  uniqueUserId: text,
  name: text,
  existingEmail: text,
  newEmail: text,
  crmUserId: text,
  rule: z.enum(rules).nullable(),
  difference: z.enum(differences).nullable(),
  after: text.nullable(),
  licenses: z.array(text),
});
const sealedPlan: z.ZodType<SealedPlan> = z.strictObject({
  plan: z.strictObject({
    id: text,
    mode: z.enum(planModes),
    tenant: text,
    crmName: text,
    crmKind: text.exactOptional(),
    idColumn: text,
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    createdBy: text,
    licenses: source,
    crm: source,
    licenseHolders: z.number(),
    // The name becomes a path.
    files: z.array(
      z.strictObject({
        name: text.regex(/^[a-z0-9-]+(\.csv)?$/),
        kind: z.enum(planFileKinds),
        route: z.enum(planRoutes),
        rows: z.array(row),
        canary: z.boolean(),
        sitting: z.number().nullable(),
      }),
    ),
    crmChanges: z.array(
      z.strictObject({ crm: text, crmUserId: text, name: text, crmEmail: text, newEmail: text, licenseId: text, why: text }),
    ),
    identityRequests: z.array(
      z.strictObject({ licenseId: text, uniqueUserId: text, name: text, existingEmail: text, newEmail: text, evidence: text }),
    ),
    leftOut: z.array(
      z.strictObject({
        licenseId: text,
        name: text,
        licenseEmail: text,
        newEmail: text,
        code: text,
        sentence: text,
        nextStep: text,
        until: text.nullable(),
      }),
    ),
    notes: z.array(z.strictObject({ code: z.enum(planNoteCodes), sentence: text })),
    window: z.strictObject({ from: z.iso.datetime(), to: z.iso.datetime() }).nullable(),
    expected: z.strictObject({ withoutLicense: z.number(), withoutAccess: z.number() }),
    override: z
      .strictObject({ codes: z.array(z.enum(guardCodes)), reason: text, by: text, byFullAdmin: z.boolean(), at: text, until: text })
      .nullable(),
    price: text,
  }),
  seal: text,
});
const change: z.ZodType<CellChange> = z.strictObject({ column: text, sealed: text, found: text, damage: text.nullable() });
const outcome: z.ZodType<RowOutcome> = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('done') }),
  z.strictObject({ outcome: z.literal('accepted') }),
  z.strictObject({ outcome: z.literal('refused'), message: text }),
  z.strictObject({ outcome: z.literal('untouched'), proven: z.boolean() }),
  z.strictObject({ outcome: z.literal('left-out') }),
  z.strictObject({ outcome: z.literal('gone') }),
  z.strictObject({ outcome: z.literal('changed-by-hand'), changes: z.array(change), message: text }),
]);
const planProgress: z.ZodType<PlanProgress> = z.strictObject({
  planId: text,
  seal: text,
  files: z.array(
    z.strictObject({
      name: text.regex(/^[a-z0-9-]+(\.csv)?$/),
      file: z.number(),
      rows: z.array(z.number()),
      retryOf: text.nullable(),
      state: z.enum(fileStates),
      outcomes: z.record(z.string(), outcome),
      log: z.array(z.strictObject({ state: z.enum(fileStates), at: text, by: text })),
      addresses: z.record(z.string(), text).exactOptional(),
    }),
  ),
  // Before there were codes, there were none.
  heldBack: z.array(z.strictObject({ licenseId: text, code: z.enum(heldBackCodes).nullable().default(null), sentence: text })),
});
