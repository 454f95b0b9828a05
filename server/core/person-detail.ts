import type { AccountField, UserField } from '../../connectors/connector.ts';
import { shownOwner } from './correlate.ts';
import type { Suggestion } from './finding.ts';
import { userById } from './index-people.ts';
import { kindOfLicense, readPermission } from './license-kinds.ts';
import { fieldIndex, type People, textAt } from './people.ts';
import { type DayOrder, dayOrder, readDay } from './read-day.ts';
import { invitations, readInvitation, readSwitch } from './read-values.ts';
import type { Reconciliation } from './reconcile.ts';
import type { LicenseKind, Permission } from './status.ts';

/** What the lists say of somebody beside what is compared. */
export interface PersonDetail {
  readonly license: LicenseDetail | null;
  /** Of the owner, where a rule decided who it is. */
  readonly crm: CrmDetail | null;
  /** Of whoever may be the owner, by CRM user id; without where nobody is suggested. */
  readonly suggested?: Readonly<Record<string, CrmDetail>>;
}

/** Days are YYYY-MM-DD; null where the list has none, or writes it so that it could be two. */
export interface LicenseDetail {
  /** `assigned`: the list does not say whether the invitation was accepted. */
  readonly state: 'invited' | 'activated' | 'assigned';
  readonly kinds: readonly LicenseKind[];
  readonly permission: Permission;
  readonly groups: readonly string[];
  readonly lastAccess: string | null;
  readonly invitedOn: string | null;
  readonly activatedOn: string | null;
}

/** Texts as the CRM wrote them; '' where it has none. */
export interface CrmDetail {
  readonly givenName: string;
  readonly familyName: string;
  readonly employeeNumber: string;
  /** Department, else role. */
  readonly team: string;
  readonly title: string;
  readonly manager: string;
  readonly lastLogin: string;
}

/** Groups as the template writes them: names in one cell, comma-separated (help a7762565). */
export const groupsOf = (cell: string): readonly string[] => [
  ...new Set(
    cell
      .split(/[,;|]/u)
      .map((group) => group.trim())
      .filter((group) => group !== ''),
  ),
];

/** A reader of the details of a finished comparison, by row of its report. */
export function detailReader({
  context,
  holders,
  unlicensed,
}: Reconciliation): (row: number, suggestions: readonly Pick<Suggestion, 'crmUserId'>[]) => PersonDetail {
  const { accounts, users, userIndex } = context.stage.sides;
  const { matches } = context.stage.comparison;
  const license = licenseReader(accounts);
  const crm = crmReader(users);
  return (row, suggestions) => {
    if (row >= holders.length) return { license: null, crm: crm(unlicensed[row - holders.length]!) };
    const owner = shownOwner(matches, holders[row]!);
    const found = suggestions.flatMap(({ crmUserId }) => {
      const user = userById(users, userIndex, crmUserId);
      return user < 0 ? [] : [[crmUserId, crm(user)] as const];
    });
    return {
      license: license(holders[row]!),
      crm: owner < 0 ? null : crm(owner),
      ...(found.length > 0 ? { suggested: Object.fromEntries(found) } : {}),
    };
  };
}

function licenseReader(accounts: People<AccountField>): (row: number) => LicenseDetail {
  const text = columnsOf(accounts);
  const orders = new Map<AccountField, DayOrder>(
    (['lastAccess', 'invitedAt', 'activatedAt'] as const).map((field) => [field, dayOrder(cellsOf(accounts, field))]),
  );
  const day = (field: AccountField, row: number): string | null => readDay(text(field, row), orders.get(field) ?? null);
  return (row) => ({
    state: stateOf(text('licenseStatus', row), text('activatedAt', row)),
    kinds: kindsOf(text('licenseType', row), text('salesLicense', row), text('teamLinkLicense', row)),
    permission: readPermission(text('adminPermission', row)),
    groups: groupsOf(text('groups', row)),
    lastAccess: day('lastAccess', row),
    invitedOn: day('invitedAt', row),
    activatedOn: day('activatedAt', row),
  });
}

function crmReader(users: People<UserField>): (row: number) => CrmDetail {
  const text = columnsOf(users);
  return (row) => ({
    givenName: text('givenName', row),
    familyName: text('familyName', row),
    employeeNumber: text('employeeNumber', row),
    team: text('department', row) || text('role', row),
    title: text('title', row),
    manager: text('manager', row),
    lastLogin: text('lastLogin', row),
  });
}

function columnsOf<Field extends string>(people: People<Field>): (field: Field, row: number) => string {
  const columns = new Map<Field, number>();
  return (field, row) => {
    let column = columns.get(field);
    if (column === undefined) {
      column = fieldIndex(people, field);
      columns.set(field, column);
    }
    return column < 0 ? '' : textAt(people, row, column).trim();
  };
}

function* cellsOf(accounts: People<AccountField>, field: AccountField): Generator<string> {
  const column = fieldIndex(accounts, field);
  if (column >= 0) for (let row = 0; row < accounts.count; row++) yield textAt(accounts, row, column);
}

function stateOf(status: string, activatedAt: string): LicenseDetail['state'] {
  const said = readInvitation(status.toLowerCase());
  if (said === invitations.pending) return 'invited';
  return said === invitations.accepted || (status === '' && activatedAt !== '') ? 'activated' : 'assigned';
}

function kindsOf(types: string, sales: string, teamLink: string): readonly LicenseKind[] {
  const written = types
    .split(/[;|]|, /u)
    .map(kindOfLicense)
    .filter((kind) => kind !== 'unsaid');
  const kinds = new Set<LicenseKind>(written);
  if (readSwitch(teamLink.toLowerCase()) === 1) kinds.add('teamlink-extend');
  const isSalesSaid = written.some((kind) => kind !== 'teamlink-extend');
  if (!isSalesSaid && (readSwitch(sales.toLowerCase()) === 1 || kinds.size === 0)) kinds.add('unsaid');
  return [...kinds].toSorted();
}
