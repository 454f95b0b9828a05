import { isLicenseKind, type Plan } from './plan.ts';
import { type FileProgress, fileOut, type PlanProgress, type Stamp, withState } from './plan-progress.ts';
import type { PlanFileKind } from './status.ts';

/** Days without a word about a file that is out, and who is reminded then. */
export const reminders = [
  { day: 1, to: 'assignee' },
  { day: 3, to: 'assignee' },
  { day: 7, to: 'assignee' },
  { day: 10, to: 'backup' },
] as const;

/** Days after which an email file that nobody says anything of is stopped. */
export const stopAfterDays = 14;

export interface Reminder {
  readonly day: (typeof reminders)[number]['day'];
  readonly to: 'assignee' | 'backup';
  readonly sentence: string;
}

const isOut = ({ state }: FileProgress): boolean => state === 'downloaded' || state === 'said-to-be-uploaded' || state === 'seen';

const daysSince = (file: FileProgress, now: string): number => (Date.parse(now) - Date.parse(file.log.at(-1)!.at)) / 86_400_000;

/**
 * The reminder that is due for a file, the latest of several; null where none is. Counted from the last thing that happened to it.
 * Whoever sends it keeps, by file and day, that it was sent.
 * @param now ISO 8601
 */
export function reminderDue(file: FileProgress, kind: PlanFileKind, now: string): Reminder | null {
  if (!isOut(file)) return null;
  const days = daysSince(file, now);
  const due = reminders.findLast(({ day }) => days >= day);
  return due === undefined ? null : { ...due, sentence: sentenceOf(file, kind, Math.floor(days)) };
}

function sentenceOf(file: FileProgress, kind: PlanFileKind, days: number): string {
  const ago = days === 1 ? 'yesterday' : `${days} days ago`;
  if (isLicenseKind(kind)) return `${file.name} was downloaded ${ago}. People may have no license. Give everyone back now.`;
  return file.state === 'downloaded'
    ? `You downloaded ${file.name} ${ago}. Uploaded, not yet, or throw it away?`
    : `${file.name} was uploaded ${ago} and is not proven. Bring LinkedIn's result file or a new export.`;
}

/**
 * Stops an email file that nobody said anything of for 14 days. If it was uploaded all the same, a later read shows it as `late`.
 * A sitting never stops by itself: somebody may have no license.
 * @returns null where nothing is to stop
 */
export function stopLeftLying(
  plan: Plan,
  progress: PlanProgress,
  stamp: Stamp,
): { readonly progress: PlanProgress; readonly file: FileProgress; readonly sentence: string } | null {
  const out = fileOut(progress);
  if (out === null || !isOut(out) || isLicenseKind(plan.files[out.file]!.kind)) return null;
  if (daysSince(out, stamp.at) < stopAfterDays) return null;
  return { ...withState(progress, out, 'discarded', stamp), sentence: `${out.name} is stopped: nothing was removed.` };
}
