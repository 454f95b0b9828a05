import { accountSeen } from './account-seen.ts';
import { joinKeyOf } from './email.ts';
import { isLicenseKind, type Plan } from './plan.ts';
import type { PlanProgress } from './plan-progress.ts';
import { findPerson, type Read } from './read-export.ts';
import type { Rematch, RematchEvent } from './rematch.ts';

/**
 * What happened to each person of a plan, by its files and by what was just read: first their rows, then what the read shows of them.
 * Told again in full each time, since a repeat moves nobody.
 */
export function whatHappened(plan: Plan, progress: PlanProgress, read: Read | null): (state: Rematch) => readonly RematchEvent[] {
  // Of several tries of a file the last one speaks: what an earlier one met is over.
  const rows = new Map<string, Map<number, RematchEvent | null>>();
  for (const file of progress.files) {
    const { kind, rows: all } = plan.files[file.file]!;
    for (const row of file.rows) {
      const outcome = file.outcomes[row];
      const event = { kind: 'row', file: isLicenseKind(kind) ? (kind as 'license-off') : 'email' } as const;
      const { licenseId } = all[row]!;
      const own = rows.get(licenseId) ?? new Map<number, RematchEvent | null>();
      rows.set(licenseId, own.set(file.file, outcome === undefined ? null : { ...event, outcome }));
    }
  }
  const rowEvents = ({ licenseId }: Rematch) => [...(rows.get(licenseId)?.values() ?? [])].filter((event) => event !== null);
  const seen = read === null ? () => [] : readEvents(read);
  return (state) => [...rowEvents(state), ...seen(state), ...notRemoved(plan, progress, state.licenseId)];
}

function readEvents({ people, asOf, isComplete }: Read): (state: Rematch) => readonly RematchEvent[] {
  const find = findPerson(people);
  const holders = new Map(people.map((person) => [joinKeyOf(person.email), person]));
  return (state) => {
    const person = find({ ...state, existingEmail: state.oldEmail });
    if (person === undefined) return isComplete ? [{ kind: 'missing', asOf }] : [];
    const holder = holders.get(joinKeyOf(state.newEmail));
    // Fewer people never show that an address is free.
    const isTargetTaken = holder === undefined ? !isComplete && state.seen?.isTargetTaken === true : holder !== person;
    return [{ kind: 'read', account: { ...accountSeen(person), isTargetTaken }, asOf }];
  };
}

/** The off file is through and an export after it still shows the license: nothing was taken from this person. */
function notRemoved(plan: Plan, progress: PlanProgress, licenseId: string): readonly RematchEvent[] {
  for (const file of progress.files) {
    const { kind, rows } = plan.files[file.file]!;
    if (kind !== 'license-off') continue;
    const row = file.rows.find((index) => rows[index]!.licenseId === licenseId);
    const outcome = row === undefined ? undefined : file.outcomes[row];
    if (outcome?.outcome === 'untouched' && outcome.proven)
      return [{ kind: 'not-removed', cause: 'LinkedIn did not remove the license, so it was never gone.' }];
  }
  return [];
}
