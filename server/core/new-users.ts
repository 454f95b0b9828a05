import { joinKeyOf } from './email.ts';
import { type FirstInvitationFacts, viewFirstInvitation } from './first-invitation.ts';
import { type TargetRules, targetGuard } from './guard-target.ts';
import type { Holder } from './plan.ts';
import type { Reason } from './status.ts';

/** An active CRM user who should have a license and has none. */
export interface Unlicensed {
  readonly key: string;
  readonly crmUserId: string;
  readonly name: string;
  readonly email: string;
  readonly reason: Reason;
  readonly sentence: string;
  readonly nextStep: string;
  readonly crm: { readonly givenName: string; readonly familyName: string; readonly employeeNumber: string; readonly team: string };
}

/** One row of the file that adds users. */
export interface NewUserRow {
  readonly key: string;
  readonly name: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string;
  /** The CRM's employee id; '' where it has none. */
  readonly uniqueUserId: string;
  readonly team: string;
  /** Why nothing holds their first invitation. */
  readonly ready: string;
}

export interface NotAdded {
  readonly key: string;
  readonly name: string;
  readonly email: string;
  readonly code: string;
  readonly sentence: string;
  readonly nextStep: string;
}

export interface NewUsersOptions extends Omit<TargetRules, 'crmEmails'> {
  /** Everybody in LinkedIn, with or without a license. */
  readonly holders: readonly Holder[];
  /** Whether a CRM user was asked to add their work email to LinkedIn, and what they said. */
  readonly firstInvitation: (crmUserId: string) => FirstInvitationFacts;
  /** Keys of people whom an admin leaves out. */
  readonly leaveOut: readonly string[];
  /** How many licenses are free; null: nobody said, and nobody is held back for it. */
  readonly free: number | null;
  /** How many assignments the month still allows; null: nobody said. */
  readonly assignmentsLeft: number | null;
}

/**
 * Who may be added to LinkedIn by file. Never anybody who is there already, or who may be: a second profile, or an ID that two people
 * have, overwrites somebody (LinkedIn help a133029). Nor anybody who did not say that the invitation finds their own account. Each CRM user ends in exactly one of the two lists.
 */
export function newUsers(
  people: readonly Unlicensed[],
  options: NewUsersOptions,
): { readonly rows: readonly NewUserRow[]; readonly notAdded: readonly NotAdded[] } {
  const { crmName } = options;
  const notAdded: NotAdded[] = [];
  const leave = ({ key, name, email }: Unlicensed, code: string, sentence: string, nextStep: string): void => {
    notAdded.push({ key, name, email, code, sentence, nextStep });
  };
  const byEmail = new Map(options.holders.map((holder) => [joinKeyOf(holder.email), holder]));
  const ids = new Set(options.holders.map(({ uniqueUserId }) => joinKeyOf(uniqueUserId)).filter((id) => id !== ''));
  const emails = counted(people.map(({ email }) => joinKeyOf(email)));
  const numbers = counted(people.map(({ crm }) => joinKeyOf(crm.employeeNumber)));
  const target = targetGuard({
    ...options,
    crmEmails: people.map(({ crmUserId, email }) => ({ crmUserId, email })),
  });
  const leftOut = new Set(options.leaveOut);
  const rows: NewUserRow[] = [];
  const correct = `Correct it in ${crmName}, then compare again.`;
  for (const one of people) {
    const { key, name, email, crm } = one;
    const number = crm.employeeNumber.trim();
    if (leftOut.has(key)) leave(one, 'left-out-by-you', 'Left out by you.', 'Nothing to do.');
    else if (one.reason !== 'no-license') leave(one, one.reason, one.sentence, one.nextStep);
    else if (byEmail.has(joinKeyOf(email)))
      leave(
        one,
        'in-linkedin',
        'They stand in Admin Center already, without a license. Adding them again could overwrite them.',
        'Open them in Admin Center → Users, choose Manage licenses and assign the license there.',
      );
    else {
      const trip = target({ email, licenseId: '', crmUserId: one.crmUserId });
      if (trip !== null) leave(one, trip.code, trip.sentence, trip.nextStep);
      else if (emails.get(joinKeyOf(email))! > 1)
        leave(one, 'double-target', 'Two users of the CRM have this address: LinkedIn would make one person of them.', correct);
      else if (number !== '' && numbers.get(joinKeyOf(number))! > 1)
        leave(one, 'double-id', 'Two users of the CRM have this employee number: LinkedIn would make one person of them.', correct);
      else if (number !== '' && ids.has(joinKeyOf(number)))
        leave(one, 'id-of-another', 'In LinkedIn this ID belongs to somebody else. The file would overwrite that person.', correct);
      else {
        const first = viewFirstInvitation(options.firstInvitation(one.crmUserId));
        if (first.held !== null) {
          leave(one, first.held.code, first.held.sentence, first.held.nextStep);
          continue;
        }
        rows.push({
          key,
          name,
          givenName: crm.givenName || name.split(' ')[0]!,
          familyName: crm.familyName || name.split(' ').slice(1).join(' '),
          email: email.trim(),
          uniqueUserId: number,
          team: crm.team,
          ready: first.sentence,
        });
      }
    }
  }
  const fits = Math.min(rows.length, options.free ?? rows.length, options.assignmentsLeft ?? rows.length);
  const byKey = new Map(people.map((one) => [one.key, one]));
  for (const { key } of rows.slice(fits))
    leave(
      byKey.get(key)!,
      'no-free-license',
      options.free !== null && options.free <= fits
        ? `Only ${options.free} ${options.free === 1 ? 'license is' : 'licenses are'} free, and others come first.`
        : 'This month’s assignments do not reach for everybody.',
      options.free !== null && options.free <= fits
        ? 'Take licenses of leavers back, or buy more, then compare again.'
        : 'Add them when the new month has begun.',
    );
  return { rows: rows.slice(0, fits), notAdded };
}

function counted(keys: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** Admin Center takes 50 addresses at once (LinkedIn help a105137). */
export const addressesAtOnce = 50;

/** Addresses to paste, 50 at a time. */
export const pasteBlocks = (rows: readonly Pick<NewUserRow, 'email'>[]): readonly string[] =>
  Array.from({ length: Math.ceil(rows.length / addressesAtOnce) }, (_, block) =>
    rows
      .slice(block * addressesAtOnce, (block + 1) * addressesAtOnce)
      .map(({ email }) => email)
      .join('\n'),
  );
