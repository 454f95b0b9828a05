import { undoableFiles } from './make-undo.ts';
import { givesAlone, isLicenseKind, type Plan, type PlanFile, type PlanRow, takesForGood } from './plan.ts';
import {
  type FileProgress,
  fileOut,
  type HeldBack,
  type PlanProgress,
  type RowOutcome,
  rowAt,
  seenOf,
  sittingsUnderWay,
  sittingUnderWay,
} from './plan-progress.ts';
import { isBetweenOffAndOn, type Rematch, stepNames } from './rematch.ts';
import type { PlanFileKind, Route } from './status.ts';
import { day } from './wording.ts';

/** A plan that is carried out, with everybody in it: what the page of its tasks is made of. */
export interface JobFacts {
  readonly plan: Plan;
  readonly progress: PlanProgress;
  readonly isOver: boolean;
  readonly people: readonly { readonly key: string; readonly state: Rematch }[];
  /** Why the next file waits, as the gate has it now; null where nothing holds it. */
  readonly waitingFor: string | null;
  /** ISO 8601. */
  readonly now: string;
  /** Who of the admins may upload: for "Not you?". */
  readonly assignee: string | null;
  /** The steps of Admin Center for one person by hand, in order. */
  readonly guided: (kind: PlanFileKind) => readonly { readonly sentence: string; readonly href: string | null }[];
}

/** "37 people, 1 file. No invitation is sent and no license is touched." */
export function jobHead({ plan, people }: Pick<JobFacts, 'plan' | 'people'>): string {
  if (isHandOver(people) || plan.files.some((_, file) => takesForGood(plan.files, file) || givesAlone(plan.files, file))) return plan.price;
  const files = plan.files.filter((file) => file.route === 'files').length;
  const isOverScim = plan.files.some((file) => file.route === 'scim');
  const by = files > 0 ? count(files, 'file') : isOverScim ? 'over SCIM' : 'by hand in Admin Center';
  const tail =
    plan.mode === 'full' ? 'They lose access until they accept a new invitation.' : 'No invitation is sent and no license is touched.';
  return `${count(people.length, 'person', 'people')}, ${by}. ${tail}`;
}

/**
 * An upload takes a full admin: whoever is none sends the page on.
 * @param viewer who looks at it
 * @param uploaders who was said to be able to upload
 */
export function notYou(
  { assignee, backup }: { readonly assignee: string | null; readonly backup: string | null },
  viewer: string,
  uploaders: readonly string[] = [],
): string {
  const other = [assignee, backup, ...uploaders].find((name) => name !== null && name !== viewer);
  return `Not you? Send this page to ${other ?? 'a full admin'}.`;
}

export interface FileTaskView {
  readonly name: string;
  readonly kind: PlanFileKind;
  readonly route: Route;
  readonly title: string;
  readonly rows: number;
  readonly state: FileProgress['state'] | null;
  readonly isOpen: boolean;
  /** The file that gives back lies ready before anybody can have the one that takes. */
  readonly isReady: boolean;
  readonly waitingFor: string | null;
  readonly seen: { readonly n: number; readonly of: number };
  readonly retryOf: string | null;
  readonly until: string | null;
  readonly log: FileProgress['log'];
  readonly people: readonly {
    readonly key: string;
    readonly name: string;
    readonly before: string;
    readonly after: string;
    readonly outcome: Exclude<RowOutcome['outcome'], 'accepted'> | null;
    readonly sentence: string;
  }[];
  readonly checklist: readonly { readonly sentence: string; readonly href: string | null }[];
  readonly can: {
    readonly make: boolean;
    readonly download: boolean;
    readonly sayUploaded: boolean;
    readonly discard: boolean;
    readonly reverse: boolean;
  };
}

/** Whoever's row was taken out before its file was made. */
export function heldBackView({
  plan,
  progress,
  people,
}: JobFacts): readonly (HeldBack & { readonly key: string; readonly name: string })[] {
  const keys = new Map(people.map(({ key, state }) => [state.licenseId, key]));
  const names = new Map(plan.files.flatMap(({ rows }) => rows.map(({ licenseId, name }) => [licenseId, name])));
  return progress.heldBack.map((held) => ({ ...held, key: keys.get(held.licenseId) ?? '', name: names.get(held.licenseId) ?? '' }));
}

const titles: Readonly<Record<PlanFileKind, string>> = {
  'email-change': 'Change the emails',
  'domain-change': 'Change the domain',
  'license-off': 'Take the licenses off',
  'license-on': 'Give everyone back',
};

/** Every file that was made, and those still to come; only one is ever open. */
export function fileTasks(facts: JobFacts): readonly FileTaskView[] {
  const { plan, progress, isOver } = facts;
  const out = fileOut(progress);
  const keys = new Map(facts.people.map(({ key, state }) => [state.licenseId, key]));
  const made = progress.files.map((file) => madeTask(facts, file, file.name === out?.name, keys));
  const last = Math.max(-1, ...progress.files.map(({ file }) => file));
  const sitting = sittingUnderWay(plan, progress);
  const next = sitting !== null && !progress.files.some(({ file }) => file === sitting.on) ? sitting.on : null;
  const coming = isOver
    ? []
    : plan.files.flatMap((file, index) => {
        if (index <= last) return [];
        const isNext = out === null && (next === null ? index === last + 1 : index === next);
        return [comingTask(facts, file, isNext, keys)];
      });
  return [...made, ...coming];
}

function madeTask(facts: JobFacts, file: FileProgress, isOut: boolean, keys: ReadonlyMap<string, string>): FileTaskView {
  const { plan, now } = facts;
  const planned = plan.files[file.file]!;
  const isBeforeUpload = file.state === 'made' || file.state === 'downloaded';
  const isHeld = isOut && file.state === 'made' && facts.waitingFor !== null;
  const isLastTry = facts.progress.files.findLast((one) => one.file === file.file) === file;
  return {
    ...common(facts, planned),
    name: file.name,
    rows: file.rows.length,
    state: file.state,
    isOpen: isOut,
    isReady: true,
    waitingFor: isHeld ? facts.waitingFor : null,
    seen: seenOf(file),
    retryOf: file.retryOf,
    log: file.log,
    people: file.rows.map((row) => personOf(rowAt(plan, file, row), file.outcomes[row] ?? null, keys, planned.route)),
    can: {
      make: false,
      download: isOut && planned.route === 'files' && !isHeld,
      sayUploaded: isOut && isBeforeUpload && !isHeld && planned.route !== 'scim',
      discard:
        isOut &&
        isBeforeUpload &&
        planned.route !== 'scim' &&
        planned.kind !== 'license-on' &&
        !(planned.kind === 'license-off' && file.state === 'downloaded'),
      reverse: isLastTry && !isOut && undoableFiles(plan, facts.progress, now).some((one) => one.file === file.file),
    },
  };
}

function comingTask(facts: JobFacts, planned: PlanFile, isNext: boolean, keys: ReadonlyMap<string, string>): FileTaskView {
  return {
    ...common(facts, planned),
    name: planned.name,
    rows: planned.rows.length,
    state: null,
    isOpen: isNext,
    isReady: planned.kind === 'license-on' && facts.progress.files.some(({ file }) => facts.plan.files[file]!.sitting === planned.sitting),
    waitingFor: isNext ? facts.waitingFor : null,
    seen: { n: 0, of: planned.rows.length },
    retryOf: null,
    log: [],
    people: planned.rows.map((row) => personOf(row, null, keys, planned.route)),
    can: {
      make: isNext && facts.waitingFor === null && planned.route !== 'scim',
      download: false,
      sayUploaded: false,
      discard: false,
      reverse: false,
    },
  };
}

const isHandOver = (people: JobFacts['people']): boolean => people.some(({ state }) => state.purpose === 'hand-over-from');

const handOverTitles: Partial<Record<PlanFileKind, string>> = {
  'license-off': 'Take the license from the leaver',
  'license-on': 'Give it to the successor',
};

function titleOf({ plan, people }: JobFacts, file: PlanFile): string {
  const index = plan.files.indexOf(file);
  if (takesForGood(plan.files, index)) return 'Take the licenses back';
  if (givesAlone(plan.files, index)) return 'Give the licenses back';
  return (isHandOver(people) ? handOverTitles[file.kind] : undefined) ?? titles[file.kind];
}

const common = (facts: JobFacts, file: PlanFile) => ({
  kind: file.kind,
  route: file.route,
  title: titleOf(facts, file),
  until: isLicenseKind(file.kind) ? null : facts.plan.expiresAt,
  checklist: file.route === 'guided' ? facts.guided(file.kind) : [],
});

function personOf(
  row: PlanRow,
  outcome: RowOutcome | null,
  keys: ReadonlyMap<string, string>,
  route: Route,
): FileTaskView['people'][number] {
  const recorded = row.licenses.length > 0 ? `Their license: ${row.licenses.join(', ')}.` : '';
  return {
    key: keys.get(row.licenseId) ?? `license:${row.licenseId}`,
    name: row.name,
    before: row.existingEmail,
    after: row.newEmail,
    outcome: outcome === null || outcome.outcome === 'accepted' ? null : outcome.outcome,
    sentence: outcomeSentence(outcome, route) || recorded,
  };
}

/** LinkedIn's own text and our reading of it stand beside the values. */
export function outcomeSentence(outcome: RowOutcome | null, route: Route): string {
  const isScim = route === 'scim';
  switch (outcome?.outcome) {
    case undefined:
      return '';
    case 'done':
      return 'Seen in LinkedIn.';
    case 'accepted':
      return `LinkedIn took the ${isScim ? 'change; a read' : 'row; an export'} has to show it.`;
    case 'refused':
      return isScim ? outcome.message : `LinkedIn refused the row: “${outcome.message}”`;
    case 'untouched':
      if (isScim) return 'LinkedIn took the change, and an hour later a read shows nothing of it.';
      return outcome.proven ? 'An export after the upload shows no change.' : 'LinkedIn stopped before this row.';
    case 'left-out':
      return isScim ? 'Left out: the plan ran out before their turn came.' : 'Left out by you: the row was taken out of the file.';
    case 'gone':
      return 'LinkedIn’s complete list has neither address any more: somebody else removed or moved them.';
    case 'changed-by-hand':
      return outcome.changes
        .map(({ column, sealed, found, damage }) =>
          damage === null
            ? `${column} was “${sealed}”, came back as “${found}”.`
            : `${column}: ${damage}. It was “${sealed}”, came back as “${found}”.`,
        )
        .join(' ');
  }
}

/** Everybody who may have no license now: by what happened to them, and by the files, should one have come late. */
export function withoutLicense(
  plan: Plan,
  progress: PlanProgress,
  people: JobFacts['people'],
): { readonly names: readonly string[]; readonly since: string } | null {
  const sittings = sittingsUnderWay(plan, progress);
  const bySitting = new Set(
    sittings.flatMap(({ off, on, rows }) =>
      rows
        .map((row) => ({ taken: plan.files[off]!.rows[row]!.licenseId, given: plan.files[on]!.rows[row]!.licenseId }))
        // A leaver, whose license goes to somebody else, waits for nothing.
        .filter(({ taken, given }) => taken === given)
        .map(({ taken }) => taken),
    ),
  );
  const without = people.filter(({ state }) => isBetweenOffAndOn(state) || bySitting.has(state.licenseId));
  if (without.length === 0) return null;
  const since = [
    ...without.flatMap(({ state }) => (isBetweenOffAndOn(state) ? [state.licenseOffAt!] : [])).toSorted(),
    ...sittings.map((sitting) => sitting.since),
  ][0]!;
  return { names: without.map(({ state }) => state.name || state.licenseId).toSorted(), since };
}

/** Who has no license at this moment, and the file that gives everybody theirs back. */
export function giveBackView({ plan, progress, people, now }: JobFacts): {
  readonly sentence: string;
  readonly since: string;
  readonly people: readonly string[];
  readonly file: string | null;
} | null {
  const sitting = sittingUnderWay(plan, progress);
  const without = withoutLicense(plan, progress, people);
  if (sitting === null || without === null) return null;
  const { names, since } = without;
  const minutes = Math.floor((Date.parse(now) - Date.parse(since)) / 60_000);
  const out = fileOut(progress);
  const isOnlyDownloaded = out !== null && out.file === sitting.off && out.state === 'downloaded';
  const has = isOnlyDownloaded ? 'may have' : names.length === 1 ? 'has' : 'have';
  return {
    sentence: `${list(names)} ${has} no license since ${since.slice(11, 16)} UTC (${minutes} min).`,
    since,
    people: [...names],
    file: out !== null && out.file === sitting.on ? out.name : null,
  };
}

/** "Anna, Bo and Cem"; of many the first three and how many more. */
export function list(names: readonly string[]): string {
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  return shown.length === 1 ? shown[0]! : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** How many people are where: "35 emails agree, 2 stopped". */
export function jobCounts(people: JobFacts['people']): readonly { readonly label: string; readonly count: number }[] {
  const labels = people.map(({ state }) => (state.ended === null ? `now: ${stepNames[state.step]}` : endLabels[state.ended]));
  return [...Map.groupBy(labels, (label) => label)].map(([label, of]) => ({ label, count: of.length }));
}

export const endLabels = {
  repaired: 'repaired: Matched in LinkedIn',
  'emails-agree': 'emails agree',
  'full-offered': 'still Not Matched: a full rematch can be planned',
  undone: 'undone: as it was before',
  'handed-over': 'license taken, free for somebody else',
  cancelled: 'cancelled',
  'left-out': 'left out',
  failed: 'stopped',
  conflict: 'stopped: changed by somebody else',
} as const;

/** What happens next once no file is left; null while one is. */
export function jobEnd({ progress, people, isOver }: JobFacts): string | null {
  if (fileOut(progress) !== null) return null;
  const waiting = people.filter(({ state }) => state.ended === null && state.step === 'wait');
  if (waiting.length > 0) {
    const until = waiting
      .map(({ state }) => state.waitUntil)
      .filter((at) => at !== null)
      .toSorted()
      .at(-1);
    return until
      ? `${count(waiting.length, 'email agrees', 'emails agree')}. LinkedIn's CRM job runs daily: we ask you on ${day(until)}, ${until.slice(11, 16)} UTC, for a new export. Nothing else to do.`
      : null;
  }
  if (!isOver) return null;
  const isRepaired = people.length > 0 && people.every(({ state }) => state.ended === 'repaired');
  return `${isRepaired ? `LinkedIn shows ${people.length === 1 ? 'this person' : `all ${people.length}`} as Matched. ` : ''}Nothing is left to do here.`;
}

/** "Step 2 of 3: Upload it." of the file that is out. */
export function jobStep(
  tasks: readonly FileTaskView[],
  isOver: boolean,
): { readonly n: number; readonly m: number; readonly sentence: string } {
  const open = tasks.find((task) => task.isOpen);
  if (isOver) return { n: 3, m: 3, sentence: 'Done' };
  if (open === undefined) return { n: 3, m: 3, sentence: 'Wait for LinkedIn' };
  if (open.route === 'scim') {
    if (open.waitingFor !== null) return { n: 1, m: 3, sentence: 'Wait until it may go' };
    return { n: 2, m: 3, sentence: 'Seatmatch changes it over SCIM and reads it back' };
  }
  switch (open.state) {
    case null:
    case 'made':
      return { n: 1, m: 3, sentence: open.route === 'guided' ? 'Open the checklist' : 'Download the file' };
    case 'downloaded':
      return { n: 2, m: 3, sentence: open.route === 'guided' ? 'Do it in Admin Center' : 'Upload it' };
    default:
      return { n: 3, m: 3, sentence: 'Bring back the proof' };
  }
}

const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
