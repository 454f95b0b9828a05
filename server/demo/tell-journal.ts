import type { AdminCenter, Happening, JournalEntry } from '../../connectors/linkedin-files/simulator/admin-center.ts';

type Words = (entry: JournalEntry) => string;

const words: Readonly<Record<Happening, Words>> = {
  added: () => 'added',
  removed: () => 'removed',
  email: () => 'email changed',
  'license-email': () => 'the license follows the new email',
  'license-removed': () => 'license taken away',
  'license-assigned': () => 'license given, invitation sent',
  'invitation-resent': () => 'invited again',
  activated: () => 'invitation accepted',
  'duplicate-profile': () => 'came with another LinkedIn profile',
  'crm-match': ({ to }) => (to === 'matched' ? 'Matched' : 'Not Matched'),
  'crm-sync': ({ to }) => (to === 'true' ? 'CRM sync on' : 'CRM sync off'),
  'unique-id': () => 'Unique User ID changed',
  name: () => 'name changed',
  groups: () => 'groups changed',
  permission: () => 'rights changed',
  overwritten: () => 'changed by a row that was meant for somebody else and carried this Unique User ID',
};

/** A line of Admin Center's activity log: what happened when and by whom, to the first of so many people. */
export interface JournalLine {
  readonly at: string;
  readonly who: string;
  readonly people: number;
  readonly what: string;
  readonly by: string;
}

/** The newest lines, newest first; many people to whom the same happened at once are one. */
export function tellJournal(center: AdminCenter, most: number): JournalLine[] {
  const names = new Map(
    center.people.map((person) => [person.id, `${person.givenName} ${person.familyName}`.trim() || person.profileEmail]),
  );
  const told = center.journal.map((entry) => ({ entry, what: words[entry.what](entry), by: authorOf(entry) }));
  return [...Map.groupBy(told, ({ entry, what, by }) => `${entry.at} ${what} ${by}`).values()]
    .slice(-most)
    .toReversed()
    .map((same) => {
      const { entry, what, by } = same[0]!;
      return { at: new Date(entry.at).toISOString(), who: names.get(entry.person) ?? 'Somebody', people: same.length, what, by };
    });
}

function authorOf({ by, upload }: JournalEntry): string {
  if (upload !== null) return `upload ${upload}`;
  switch (by) {
    case 'linkedin':
      return 'LinkedIn';
    case 'identity-provider':
      return 'the identity provider';
    case 'the-person':
      return 'the person';
    case 'another-admin':
      return 'another admin';
    default:
      return by;
  }
}
