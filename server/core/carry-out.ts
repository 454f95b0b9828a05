import type { Plan, PlanFile } from './plan.ts';
import { type FileProgress, fileOut, type PlanProgress, type RowOutcome, type Stamp, takeProof } from './plan-progress.ts';
import { type Read, takeExport } from './read-export.ts';

/** Which rows of the file that is out are still to be sent, by index; none where no file is out, or it goes by hand. */
export function leftToSend(plan: Plan, progress: PlanProgress): readonly number[] {
  const out = fileOut(progress);
  const planned = out === null ? null : plan.files[out.file]!;
  if (out === null || planned === null || planned.route === 'guided') return [];
  return out.rows.filter((row) => isLeft(out, row, planned));
}

/** A license that LinkedIn surely left alone is not asked for twice: its repair has ended. */
function isLeft(file: FileProgress, row: number, { kind, route }: PlanFile): boolean {
  const outcome = file.outcomes[row];
  if (outcome?.outcome === 'done' || outcome?.outcome === 'refused') return false;
  // What LinkedIn took over SCIM is only waited for.
  if (route === 'scim' && outcome?.outcome === 'accepted') return false;
  return !(kind === 'license-off' && outcome?.outcome === 'untouched' && outcome.proven);
}

/** Whether a file that goes person by person is on its way, and nobody came yet to somebody in it. */
export const isInParts = (plan: Plan, file: FileProgress): boolean =>
  plan.files[file.file]!.route === 'scim' &&
  file.log.some(({ state }) => state === 'said-to-be-uploaded') &&
  file.rows.some((row) => file.outcomes[row] === undefined);

/** The progress where nobody comes any more to the rest of a file that goes in parts, and who that is: the plan ran out on the way. */
export function leaveRest(
  plan: Plan,
  progress: PlanProgress,
  stamp: Stamp,
): { readonly progress: PlanProgress; readonly licenseIds: ReadonlySet<string> } {
  const out = fileOut(progress);
  if (out === null || !isInParts(plan, out)) return { progress, licenseIds: new Set() };
  const rest = out.rows.filter((row) => out.outcomes[row] === undefined);
  const outcomes = Object.fromEntries(rest.map((row) => [row, { outcome: 'left-out' }] as const));
  return {
    progress: takeProof(plan, progress, out.name, outcomes, { ...stamp, expired: false }).progress,
    licenseIds: new Set(rest.map((row) => plan.files[out.file]!.rows[row]!.licenseId)),
  };
}

/**
 * Takes in what became of people who were written one by one.
 * @param outcomes what no read shows, by license id
 */
export function takeCarried(
  plan: Plan,
  progress: PlanProgress,
  name: string,
  { outcomes, read }: { readonly outcomes: ReadonlyMap<string, RowOutcome>; readonly read: Read },
  stamp: Stamp & { readonly expired: boolean },
): PlanProgress {
  const file = progress.files.find((one) => one.name === name)!;
  const { rows } = plan.files[file.file]!;
  const byRow = Object.fromEntries(
    file.rows.flatMap((row) => {
      const outcome = outcomes.get(rows[row]!.licenseId);
      return outcome === undefined ? [] : [[row, outcome]];
    }),
  );
  return takeExport(plan, takeProof(plan, progress, name, byRow, stamp).progress, read, stamp).progress;
}
