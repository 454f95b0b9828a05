import {
  type AdminCenter,
  assignmentsLeft,
  emailKey,
  type Gap,
  type JournalEntry,
  licensePool,
  monthOf,
  type Person,
} from './admin-center.ts';

/** What is true in an Admin Center, whatever its exports show: for tests to judge by. */
export interface Oracle {
  readonly now: string;
  readonly people: readonly Person[];
  readonly journal: readonly JournalEntry[];
  readonly licenses: ReturnType<typeof licensePool>;
  readonly assignments: { readonly month: string; readonly spent: number; readonly left: number | null };
  /** Everybody whose license was ever taken, until when they had one again, and until when they could use it. */
  readonly gaps: readonly Gap[];
  readonly withoutLicense: readonly string[];
  /** Addresses that more than one person has, now. */
  readonly sharedEmails: readonly string[];
  /** People that a row changed which was meant for somebody else. */
  readonly overwritten: readonly JournalEntry[];
}

export function oracleOf(center: AdminCenter): Oracle {
  const counts = Map.groupBy(center.people, ({ profileEmail }) => emailKey(profileEmail));
  const month = monthOf(center.now);
  return {
    now: new Date(center.now).toISOString(),
    people: center.people,
    journal: center.journal,
    licenses: licensePool(center),
    assignments: { month, spent: center.assignments[month] ?? 0, left: assignmentsLeft(center) },
    gaps: center.gaps,
    withoutLicense: center.gaps.filter(({ licensedAt }) => licensedAt === null).map(({ email }) => email),
    sharedEmails: [...counts].filter(([email, people]) => email !== '' && people.length > 1).map(([email]) => email),
    overwritten: center.journal.filter(({ what }) => what === 'overwritten'),
  };
}
