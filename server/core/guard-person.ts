import { joinKeyOf } from './email.ts';
import type { PlanRow } from './plan.ts';
import { type Exported, holdsAll, holdsLicense } from './read-export.ts';
import type { ManagedBy, PlanFileKind, personGuardCodes } from './status.ts';
import { guardSentence } from './wording.ts';

export type PersonGuardCode = (typeof personGuardCodes)[number];

/** Why one person of a plan is left out now. Both values where somebody else's hand shows. */
export interface PersonTrip {
  readonly code: PersonGuardCode;
  readonly sentence: string;
  readonly nextStep: string;
  readonly planned: string | null;
  readonly found: string | null;
}

/** What is known of one person at this moment, after the newest reads of both sides. */
export interface PersonFacts {
  /** As LinkedIn shows them; null where the read does not have them. */
  readonly account: Exported | null;
  /** Whether everybody is in that read: only then does being absent mean being gone. */
  readonly isComplete: boolean;
  /** How many people in LinkedIn have this person's Unique User ID. */
  readonly sameId: number;
  /** Emails that our own record explains: what we wrote before, and what an expired plan would have written. */
  readonly explained: readonly string[];
  /** Whether somebody else in LinkedIn has the new address. */
  readonly isTargetTaken: boolean;
  /** The owner's email in the CRM; null where it was not read again. */
  readonly crmEmail: string | null;
  readonly isCrmUserActive: boolean;
  readonly managedBy: ManagedBy;
  readonly isProtected: boolean;
  /** Whether the person, or an admin for them, said that they know. */
  readonly hasConfirmed: boolean;
}

const trip = (
  code: PersonGuardCode,
  sentence: string,
  nextStep: string,
  values: { readonly planned: string; readonly found: string } | null = null,
): PersonTrip => ({ code, sentence, nextStep, planned: values?.planned ?? null, found: values?.found ?? null });

const again = 'Compare again, then make a new plan for this person.';

const protectedTrip = trip(
  'protected',
  'This person is protected: no plan changes their license.',
  'Take the protection off first if they should be repaired.',
);
const idpTrip = trip(
  'idp-owned',
  'An identity provider owns this license. A change made in LinkedIn would be undone.',
  'Send the request file to your identity team.',
);
const duplicateIdTrip = trip(
  'duplicate-id',
  'Two people in LinkedIn have the same Unique User ID. An upload could overwrite one with the other.',
  'Correct the ID of one of them in Admin Center, then compare again.',
);
const typeUnknownTrip = trip(
  'license-type-unknown',
  "The export doesn't say which license this is, so nobody could give the same one back.",
  'Tick the license columns when you download the next export.',
);

/** What holds of a person whatever the day: asked when a plan is made, and again before each write. */
export function guardStanding(
  facts: Pick<PersonFacts, 'isProtected' | 'managedBy' | 'sameId'>,
  recorded: readonly string[] | null,
): PersonTrip | null {
  if (facts.isProtected) return protectedTrip;
  if (facts.managedBy === 'idp') return idpTrip;
  if (facts.sameId > 1) return duplicateIdTrip;
  if (recorded?.every((license) => license.trim() === '')) return typeUnknownTrip;
  return null;
}

/**
 * Asked again for each person right before their row is written. Whoever's facts are not those of the plan is dropped with the
 * reason, never planned anew by itself. Giving a license back is held up by nothing.
 */
export function guardPerson(row: PlanRow, kind: PlanFileKind, facts: PersonFacts): PersonTrip | null {
  if (kind === 'license-on') return null;
  const standing = guardStanding(facts, kind === 'license-off' ? row.licenses : null);
  if (standing !== null) return standing;
  const { account } = facts;
  if (account === null) {
    if (!facts.isComplete) return null;
    return trip('gone', 'LinkedIn does not show this person any more. Nothing was changed.', again);
  }
  return (
    guardEmail(row, kind, account, facts) ??
    guardId(row, account) ??
    (kind === 'license-off' ? guardLicense(row, account) : null) ??
    guardCrm(row, facts) ??
    (facts.isTargetTaken && joinKeyOf(account.email) !== joinKeyOf(row.newEmail)
      ? trip('target-taken', guardSentence('target-taken'), 'Repair or correct the person who has this address, then plan again.')
      : null) ??
    (kind === 'license-off' && row.crmUserId !== '' && !facts.hasConfirmed
      ? trip(
          'not-asked',
          guardSentence('not-asked', { ownerName: row.name }),
          'Remind them, or answer for them with a reason, then plan again.',
        )
      : null)
  );
}

function guardEmail(row: PlanRow, kind: PlanFileKind, account: Exported, { explained }: PersonFacts): PersonTrip | null {
  const found = joinKeyOf(account.email);
  // By the time a license goes, the email must be the new one; before, either will do: a repeat is harmless.
  const expected = kind === 'license-off' ? [row.newEmail] : [row.existingEmail, row.newEmail];
  if (expected.some((email) => joinKeyOf(email) === found)) return null;
  const values = { planned: row.newEmail, found: account.email };
  if (explained.some((email) => joinKeyOf(email) === found))
    return trip('late', 'LinkedIn shows an email that an earlier plan wrote. It came late; nothing more was changed.', again, values);
  return trip('other-writer', guardSentence('other-writer'), 'Say which of the two emails is right, then plan again.', values);
}

function guardId(row: PlanRow, account: Exported): PersonTrip | null {
  const planned = row.uniqueUserId.trim();
  const found = account.uniqueUserId.trim();
  if (planned === '' || found === '' || joinKeyOf(planned) === joinKeyOf(found)) return null;
  return trip('facts-changed', 'The Unique User ID in LinkedIn is not the one of the plan any more. Nothing was changed.', again, {
    planned,
    found,
  });
}

function guardLicense(row: PlanRow, account: Exported): PersonTrip | null {
  if (holdsLicense(account) === false)
    return trip('facts-changed', 'This person has no license in LinkedIn any more, so none is taken.', again);
  const holds = holdsAll(account, row.licenses);
  if (holds === null) return typeUnknownTrip;
  if (holds && account.licenses!.filter((license) => license.trim() !== '').length === row.licenses.length) return null;
  return trip('facts-changed', 'The license in LinkedIn is not the one that the plan would give back. Nothing was changed.', again, {
    planned: row.licenses.join(', '),
    found: account.licenses!.join(', '),
  });
}

function guardCrm(row: PlanRow, { crmEmail, isCrmUserActive }: PersonFacts): PersonTrip | null {
  if (row.crmUserId === '') return null;
  if (crmEmail !== null && joinKeyOf(crmEmail) !== joinKeyOf(row.newEmail))
    return trip('facts-changed', 'The email in the CRM changed since the plan was made. Nothing was changed.', again, {
      planned: row.newEmail,
      found: crmEmail,
    });
  if (!isCrmUserActive) return trip('crm-user-inactive', 'The owner is not active in the CRM any more. Nothing was changed.', again);
  return null;
}
