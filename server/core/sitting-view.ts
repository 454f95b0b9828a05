import type { JobFacts } from './job-view.ts';
import { type FileProgress, fileOut, sittingUnderWay } from './plan-progress.ts';
import type { Rematch } from './rematch.ts';
import type { Route } from './status.ts';

export interface SittingStep {
  readonly sentence: string;
  readonly state: 'done' | 'now' | 'later';
}

type SittingFacts = Pick<JobFacts, 'plan' | 'progress' | 'people'>;

/** The sitting that is under way, else the next one, else the last; null in a plan that touches no license. Its off file's place. */
function shownSitting({ plan, progress }: SittingFacts): number | null {
  const under = sittingUnderWay(plan, progress);
  if (under !== null) return under.off;
  const out = fileOut(progress);
  const sitting = out === null ? null : plan.files[out.file]!.sitting;
  const made = Math.max(-1, ...progress.files.map(({ file }) => file));
  const isOff = (kind: string): boolean => kind === 'license-off';
  const own = plan.files.findIndex((file) => isOff(file.kind) && sitting !== null && file.sitting === sitting);
  const next = plan.files.findIndex((file, index) => isOff(file.kind) && index > made);
  const last = plan.files.findLastIndex((file) => isOff(file.kind));
  return [own, next, last].find((index) => index >= 0) ?? null;
}

function peopleOf({ plan, people }: SittingFacts, off: number): readonly Rematch[] {
  const ids = new Set(plan.files[off]!.rows.map(({ licenseId }) => licenseId));
  return people.map(({ state }) => state).filter(({ licenseId }) => ids.has(licenseId));
}

const uploaded: readonly FileProgress['state'][] = ['said-to-be-uploaded', 'seen', 'closed', 'replaced', 'late'];

const takeSentences: Readonly<Record<Route, string>> = {
  files: 'Download and upload the file that takes the licenses off',
  scim: 'Seatmatch takes the licenses off, over SCIM',
  guided: 'Take the licenses off, by hand',
};
const giveSentences: Readonly<Record<Route, string>> = {
  files: 'Download and upload the file that gives them back',
  scim: 'Seatmatch gives the licenses back, over SCIM',
  guided: 'Give the licenses back, by hand',
};

/** The seven steps of a sitting, one of them open. @param hasList whether the list that a removal rests on is here and new enough */
export function sittingSteps(facts: SittingFacts, hasList: boolean): readonly SittingStep[] {
  const { plan, progress } = facts;
  const off = shownSitting(facts);
  if (off === null) return [];
  const { route } = plan.files[off]!;
  const people = peopleOf(facts, off);
  const offs = progress.files.filter(({ file }) => file === off);
  const ons = progress.files.filter(({ file }) => file === off + 1);
  const isMade = offs.length > 0;
  const rows = offs.at(-1)?.rows.length ?? people.filter(({ ended }) => ended === null).length;
  const isOver = ons.length > 0 && sittingUnderWay(plan, progress)?.off !== off;
  const confirmed = people.filter(({ answer }) => answer?.answer === 'confirmed').length;
  const accepted = people.filter(({ activatedAt }) => activatedAt !== null).length;
  const hasLeft = (tries: readonly FileProgress[]): boolean => tries.some(({ state }) => uploaded.includes(state));
  const proof = `Proof: ${route === 'scim' ? 'LinkedIn’s SCIM shows it for' : 'a filtered export of'} ${rows === 1 ? 'this one' : `these ${rows}`}`;
  const steps: readonly (readonly [sentence: string, isDone: boolean])[] = [
    ['A new export of everybody', isMade || hasList],
    [
      `People asked: ${confirmed} of ${people.length} confirmed${leftOut(people.length - confirmed, isMade)}`,
      isMade || confirmed === people.length,
    ],
    [takeSentences[route], hasLeft(offs)],
    [proof, offs.some(({ state }) => state === 'closed' || state === 'replaced') || ons.length > 0],
    [giveSentences[route], hasLeft(ons)],
    [proof, isOver],
    [
      accepted === 0 ? 'Invitations open: reminders run' : `Invitations: ${accepted} of ${rows} accepted`,
      isOver && people.every(({ ended, activatedAt, licenseOffAt }) => licenseOffAt === null || ended !== null || activatedAt !== null),
    ],
  ];
  const now = steps.findIndex(([, isDone]) => !isDone);
  return steps.map(([sentence, isDone], index) => ({ sentence, state: isDone ? 'done' : index === now ? 'now' : 'later' }));
}

function leftOut(n: number, isMade: boolean): string {
  if (n === 0) return '';
  if (isMade) return `; ${n} left out`;
  return n === 1 ? '; the other one is left out without an answer' : `; the other ${n} are left out without an answer`;
}

export interface SittingClock {
  readonly label: string;
  readonly since: string;
  /** Null: it runs. */
  readonly until: string | null;
  /** For how many it runs, or ran. */
  readonly people: number;
}

/** Both clocks of the sitting that is shown: from the first license that went to the last that is back, and to the last who is in again. */
export function sittingClocks(facts: SittingFacts): readonly SittingClock[] {
  const off = shownSitting(facts);
  const without = off === null ? [] : peopleOf(facts, off).filter(({ licenseOffAt }) => licenseOffAt !== null);
  if (without.length === 0) return [];
  const since = without.map(({ licenseOffAt }) => licenseOffAt!).toSorted()[0]!;
  const clock = (label: string, endOf: (state: Rematch) => string | null): SittingClock => {
    const running = without.filter((state) => endOf(state) === null);
    const until =
      running.length > 0
        ? null
        : without
            .map((state) => endOf(state)!)
            .toSorted()
            .at(-1)!;
    return { label, since, until, people: running.length || without.length };
  };
  return [
    clock('Without a license', ({ licenseOnAt }) => licenseOnAt),
    // Whoever was cancelled, or is Matched again, is not waited for.
    clock('Without access', ({ activatedAt, ended, licenseOnAt }) => activatedAt ?? (ended === null ? null : licenseOnAt)),
  ];
}
