import { cutFiles } from './cut-files.ts';
import { joinKeyOf } from './email.ts';
import { guardLedger, type Ledger } from './guard-ledger.ts';
import { guardStanding } from './guard-person.ts';
import type { PlanSource } from './guard-read.ts';
import { kindOfLicense } from './license-kinds.ts';
import type { HandOverPerson } from './make-hand-over.ts';
import { composePlan, type PlanOptions, type PlanOutcome, versionOf } from './make-plan.ts';
import { addressShared, lintRows, sharedAddresses } from './order-changes.ts';
import type { Holder, LeftOut, Plan, PlanRow, UploadRules } from './plan.ts';
import type { PlanProgress } from './plan-progress.ts';
import { type Exported, findPerson, holdsLicense } from './read-export.ts';
import type { Route } from './status.ts';

/** A license holder who is to lose the license for good. */
export interface LicenseToReclaim extends Omit<HandOverPerson, 'sameId'> {
  /** Why it stays with them, as far as the comparison says; null where nothing does. */
  readonly stays: { readonly code: string; readonly sentence: string; readonly nextStep: string } | null;
}

export interface Reclaim {
  readonly people: readonly LicenseToReclaim[];
  readonly route: Route;
  /** Everybody in LinkedIn. */
  readonly holders: readonly Holder[];
  readonly licenseHolders: number;
}

/**
 * Plans that licenses are taken and stay free. What each person holds is recorded, and the file that gives it back is made and checked
 * before the one that takes it goes out: a mistake is undone by that.
 */
export function makeReclaim({ people, route, holders, licenseHolders }: Reclaim, options: PlanOptions): PlanOutcome {
  const leftOut: LeftOut[] = [];
  const rows: PlanRow[] = [];
  const ids = Map.groupBy(
    holders.filter(({ uniqueUserId }) => uniqueUserId !== ''),
    ({ uniqueUserId }) => joinKeyOf(uniqueUserId),
  );
  const shared = sharedAddresses(holders);
  const leave = ({ id, name, email }: LicenseToReclaim, { code, sentence, nextStep }: Pick<LeftOut, 'code' | 'sentence' | 'nextStep'>) => {
    leftOut.push({ licenseId: id, name, licenseEmail: email, newEmail: email, code, sentence, nextStep, until: null });
  };
  for (const person of people) {
    const row = rowOf(person);
    const sameId = ids.get(joinKeyOf(person.uniqueUserId))?.length ?? 0;
    const standing = guardStanding(
      { isProtected: options.protected.includes(person.id), managedBy: person.managedBy, sameId },
      person.licenses,
    );
    if (options.leftOutByAdmin.includes(person.id))
      leave(person, { code: 'left-out-by-you', sentence: 'Left out by you.', nextStep: 'Nothing to do.' });
    else if (options.underRepair.includes(person.id))
      leave(person, {
        code: 'being-repaired',
        sentence: 'They are being repaired right now.',
        nextStep: 'Let that repair end first, or cancel it.',
      });
    else if (person.stays !== null) leave(person, person.stays);
    else if (route === 'files' && person.licenses.some((license) => kindOfLicense(license) === 'teamlink-extend'))
      leave(person, {
        code: 'teamlink-extend',
        sentence: 'They hold TeamLink Extend too, and this file takes the Sales Navigator license alone.',
        nextStep: 'Take both by hand: Admin Center → Users → Manage licenses → No license.',
      });
    else if (standing !== null) leave(person, standing);
    else if (shared.has(joinKeyOf(person.email)))
      leave(person, { ...addressShared(row), nextStep: 'Correct one of the two in Admin Center, then compare again.' });
    else rows.push(row);
  }
  const off = lintRows('license-off', rows, holders, options.upload);
  const on = lintRows('license-on', off.accepted, holders, options.upload);
  const byId = new Map(people.map((person) => [person.id, person]));
  for (const { row, code, sentence } of [...off.refused, ...on.refused])
    leave(byId.get(row.licenseId)!, { code, sentence, nextStep: 'Correct the value at its source, then compare again.' });

  return composePlan(options, {
    mode: 'full',
    waves: [],
    sittings: on.accepted.map((row) => ({ off: row, on: null })),
    routeOf: () => route,
    emailKindOf: () => 'email-change',
    canary: options.canary,
    licenseHolders,
    crmChanges: [],
    identityRequests: [],
    leftOut,
    notes: [],
    window: options.window,
    priceOf: () => reclaimSentence(on.accepted.length),
    trips: [],
  });
}

const rowOf = ({ id, seatId, uniqueUserId, name, email, licenses }: LicenseToReclaim): PlanRow => ({
  licenseId: id,
  seatId,
  uniqueUserId,
  name,
  existingEmail: email,
  newEmail: email,
  crmUserId: '',
  rule: null,
  difference: null,
  after: null,
  licenses,
});

function reclaimSentence(people: number): string {
  if (people === 0) return 'No license is taken.';
  return `${people === 1 ? 'One person loses' : `${people} people lose`} the license for good, and it is free then. No invitation is sent, and no assignment is used.`;
}

/** What is approved where licenses that were taken are given again. */
export const giveBackSentence = (people: number): string =>
  people === 0
    ? 'No license is given back.'
    : `${people === 1 ? 'One person gets' : `${people} people get`} the license back that was taken. ${people === 1 ? 'A new invitation is' : `${people} new invitations are`} sent, and ${people === 1 ? 'one assignment is' : `${people} assignments are`} used.`;

export interface GiveBackOptions {
  /** Place in the plan's files. */
  readonly file: number;
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
  readonly ledger: Ledger | null;
  readonly reservedAssignments: number;
  readonly sittingSize: number;
  readonly expiresAfterHours: number;
  readonly upload: UploadRules;
}

/** Plans that whoever lost a license by one file of a reclaim gets the very same one again. No guard stops it; it costs an assignment each. */
export function makeGiveBack(plan: Plan, progress: PlanProgress, options: GiveBackOptions): Plan {
  const { now, holders, upload, licenses } = options;
  const source = plan.files[options.file]!;
  const tries = progress.files.filter((one) => one.file === options.file);
  const done = new Set(tries.flatMap((one) => one.rows.filter((row) => one.outcomes[row]?.outcome === 'done')));
  const provenAt = tries.at(-1)?.log.at(-1)?.at ?? now;
  const find = findPerson(options.people);
  const leftOut: LeftOut[] = [];
  const leave = (row: PlanRow, code: string, sentence: string, nextStep: string, until: string | null = null): void => {
    const { licenseId, name, existingEmail, newEmail } = row;
    leftOut.push({ licenseId, name, licenseEmail: existingEmail, newEmail, code, sentence, nextStep, until });
  };
  const rows: PlanRow[] = [];
  for (const [place, row] of source.rows.entries()) {
    const person = find(row);
    const look = 'Look at this person in Admin Center.';
    if (options.leftOutByAdmin.includes(row.licenseId)) leave(row, 'left-out-by-you', 'Left out by you.', 'Nothing to do.');
    else if (!done.has(place)) leave(row, 'not-done', 'Their license was not seen to be gone, so there is nothing to give back.', look);
    else if (person === undefined) leave(row, 'gone', 'LinkedIn does not show this person any more.', look);
    else if (licenses.asOf > provenAt && holdsLicense(person) === true)
      leave(row, 'has-license', 'They have a license again already.', 'Nothing to do.');
    else rows.push({ ...row, existingEmail: person.email, newEmail: person.email });
  }
  const { accepted, refused } = lintRows('license-on', rows, holders, upload);
  for (const { row, code, sentence } of refused) leave(row, code, sentence, 'Correct the value at its source, then compare again.');
  const answer = guardLedger(accepted.length, options.ledger, options.reservedAssignments, now);
  for (const row of accepted.slice(answer.fits))
    leave(row, answer.code!, answer.sentence, 'Plan and approve again when assignments are left.', answer.until);
  const expiresAt = new Date(Date.parse(now) + options.expiresAfterHours * 3_600_000).toISOString();
  const files = cutFiles(
    [],
    accepted.slice(0, answer.fits).map((row) => ({ off: null, on: row })),
    {
      id: options.id,
      tenant: plan.tenant,
      day: now.slice(0, 10),
      until: expiresAt.slice(0, 10),
      upload,
      routeOf: () => source.route,
      emailKindOf: () => 'email-change',
      canary: 0,
      canaryProven: true,
      sittingSize: options.sittingSize,
      freeLicenses: null,
    },
  );
  return {
    ...plan,
    id: options.id,
    idColumn: upload.idColumn,
    createdAt: now,
    expiresAt,
    createdBy: options.by,
    licenses: versionOf(licenses),
    licenseHolders: options.licenseHolders,
    files,
    leftOut,
    notes: answer.code === null ? [] : [{ code: answer.code, sentence: answer.sentence }],
    window: null,
    override: null,
    price: giveBackSentence(answer.fits),
  };
}
