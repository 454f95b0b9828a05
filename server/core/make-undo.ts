import { cutFiles } from './cut-files.ts';
import { joinKeyOf } from './email.ts';
import { guardIncomplete, guardStale, type PlanSource } from './guard-read.ts';
import { type PlanOutcome, versionOf } from './make-plan.ts';
import { orderChanges } from './order-changes.ts';
import { type Holder, isLicenseKind, type LeftOut, type Plan, type PlanRow, takesForGood, type UploadRules } from './plan.ts';
import { priceOf, priceSentence } from './plan-price.ts';
import type { PlanProgress } from './plan-progress.ts';
import { type Exported, findPerson } from './read-export.ts';

/** Days after its proof in which a file of emails, or of licenses taken for good, can be undone. */
export const undoDays = 14;

/**
 * The plan's files of emails, and of licenses taken for good, that can be undone now: places in the plan's files, each with the last moment for it. Only what was
 * seen in LinkedIn counts.
 * @param now ISO 8601
 */
export function undoableFiles(
  plan: Plan,
  progress: PlanProgress,
  now: string,
): readonly { readonly file: number; readonly until: string }[] {
  return plan.files.flatMap(({ kind }, file) => {
    const tries = progress.files.filter((one) => one.file === file && doneRows([one]).size > 0);
    const proven = tries.at(-1)?.log.findLast(({ state }) => ['closed', 'replaced', 'late', 'seen'].includes(state))?.at;
    if ((isLicenseKind(kind) && !takesForGood(plan.files, file)) || proven === undefined) return [];
    const until = new Date(Date.parse(proven) + undoDays * 86_400_000).toISOString();
    return Date.parse(now) <= Date.parse(until) ? [{ file, until }] : [];
  });
}

const doneRows = (tries: readonly PlanProgress['files'][number][]): ReadonlySet<number> =>
  new Set(tries.flatMap((one) => one.rows.filter((row) => one.outcomes[row]?.outcome === 'done')));

export interface UndoOptions {
  /** Place in the plan's files. */
  readonly file: number;
  /** License ids that the admin unticked. */
  readonly leftOutByAdmin: readonly string[];
  readonly id: string;
  /** ISO 8601. */
  readonly now: string;
  readonly by: string;
  /** Everybody in LinkedIn, from the newest full export, and that export. */
  readonly people: readonly Exported[];
  readonly holders: readonly Holder[];
  readonly licenses: PlanSource;
  readonly licenseHolders: number;
  readonly maxAgeHours: number;
  readonly expiresAfterHours: number;
  readonly upload: UploadRules;
}

/** Plans the way back of one confirmed email file, for whoever still has the email that it wrote. */
export function makeUndo(plan: Plan, progress: PlanProgress, options: UndoOptions): PlanOutcome {
  const { file, now, people, holders, upload } = options;
  const source = plan.files[file]!;
  const done = doneRows(progress.files.filter((one) => one.file === file));
  const find = findPerson(people);
  const leftOut: LeftOut[] = [];
  const unticked = new Set(options.leftOutByAdmin);
  const leave = (row: PlanRow, code: string, sentence: string, nextStep = 'Look at this person in Admin Center.'): void => {
    leftOut.push({
      licenseId: row.licenseId,
      name: row.name,
      licenseEmail: row.newEmail,
      newEmail: row.existingEmail,
      code,
      sentence,
      nextStep,
      until: null,
    });
  };
  const rows: PlanRow[] = [];
  for (const [place, row] of source.rows.entries()) {
    const person = find(row);
    if (unticked.has(row.licenseId)) leave(row, 'left-out-by-you', 'Left out by you.', 'Nothing to do.');
    else if (!done.has(place)) leave(row, 'not-done', 'The change was not seen in LinkedIn, so there is nothing to undo.');
    else if (person === undefined) leave(row, 'gone', 'LinkedIn does not show this person any more.');
    else if (joinKeyOf(person.email) !== joinKeyOf(row.newEmail))
      leave(row, 'facts-changed', 'The email in LinkedIn is not the one that the file wrote any more.');
    else rows.push({ ...row, existingEmail: person.email, newEmail: row.existingEmail, crmUserId: '', rule: null, after: null });
  }
  const { waves, refused } = orderChanges(rows, holders, upload, () => source.kind);
  for (const { row, code, sentence } of refused)
    leave({ ...row, newEmail: row.existingEmail, existingEmail: row.newEmail }, code, sentence);

  const expiresAt = new Date(Date.parse(now) + options.expiresAfterHours * 3_600_000).toISOString();
  const files = cutFiles(waves, [], {
    id: options.id,
    tenant: plan.tenant,
    day: now.slice(0, 10),
    until: expiresAt.slice(0, 10),
    upload,
    routeOf: () => source.route,
    emailKindOf: () => source.kind,
    canary: 0,
    canaryProven: true,
    sittingSize: 1,
    freeLicenses: null,
  });
  const undo: Plan = {
    ...plan,
    id: options.id,
    mode: 'email-first',
    idColumn: upload.idColumn,
    createdAt: now,
    expiresAt,
    createdBy: options.by,
    licenses: versionOf(options.licenses),
    licenseHolders: options.licenseHolders,
    files,
    crmChanges: [],
    identityRequests: [],
    leftOut,
    notes: [],
    window: null,
    override: null,
    price: priceSentence(priceOf({ files, expected: plan.expected })),
  };
  const trips = [
    guardIncomplete(options.licenses),
    guardStale(options.licenses, { now, maxHours: options.maxAgeHours, action: 'email', lastWriteAt: null }),
  ].filter((trip) => trip !== null);
  return trips.length === 0 ? { kind: 'plan', plan: undo } : { kind: 'stopped', trips, draft: undo };
}
