import { type AdminCenter, emailKey, type Person, salesTypes, teamLinkTypes } from './admin-center.ts';
import { writeTable } from './table.ts';

/** The template's columns (help a7762565) and the attributes an admin can choose (a147282, a417564); their full list is not documented. */
export const exportColumns = [
  'seat_id',
  'invited_email_address',
  'preferred_first_name',
  'preferred_last_name',
  'unique_user_id',
  'sales_license_current_status',
  'teamlink_extend_license_current_status',
  'license_status',
  'license_type',
  'admin_permission',
  'groups',
  'invited_date',
  'activated_date',
  'last_access_date',
  'crm_sync_status',
  'crm_sync',
  'managed_by',
] as const;
export type ExportColumn = (typeof exportColumns)[number];

export interface ExportFilter {
  readonly emails?: readonly string[];
  readonly status?: Person['license'];
  readonly licenseType?: string;
  readonly group?: string;
}

/** How an export is spelled; LinkedIn's own spellings are not documented. */
export interface ExportSpelling {
  /** The email is always there. */
  readonly columns?: readonly ExportColumn[];
  readonly headers?: Partial<Record<ExportColumn, string>>;
  readonly words?: Partial<typeof usualWords>;
  readonly dates?: 'day' | 'moment' | 'american';
  readonly delimiter?: ',' | ';' | '\t';
}

const usualWords = {
  none: 'No license',
  invited: 'Invited',
  activated: 'Activated',
  active: 'active',
  inactive: 'inactive',
  matched: 'Matched',
  'not-matched': 'Not Matched',
  on: 'On',
  off: 'Off',
};

/** The labels on screen instead of the template's names. */
export const screenLabels: Record<ExportColumn, string> = {
  seat_id: 'Seat ID',
  invited_email_address: 'Email',
  preferred_first_name: 'First name',
  preferred_last_name: 'Last name',
  unique_user_id: 'Employee ID',
  sales_license_current_status: 'Sales license current status',
  teamlink_extend_license_current_status: 'TeamLink Extend license current status',
  license_status: 'License status',
  license_type: 'License type',
  admin_permission: 'Admin permission',
  groups: 'Groups',
  invited_date: 'Last invited date',
  activated_date: 'Activated date',
  last_access_date: 'Last access date',
  crm_sync_status: 'CRM sync status',
  crm_sync: 'CRM sync',
  managed_by: 'Source',
};

export interface ExportedUsers {
  readonly csv: string;
  /** How many users Admin Center shows above the list, by the same filter. */
  readonly shown: number;
  /** ISO 8601. */
  readonly asOf: string;
}

export interface ReadFaults {
  /** As it was before the last upload. `admits`: the export says so in its time, else it claims to be from now. */
  readonly stale?: { readonly admits: boolean };
  /** So many rows are missing at the end, though the count says otherwise. */
  readonly lostRows?: number;
}

/** "Manage users via CSV", then Download: everybody, or the people a filter leaves. */
export function exportUsers(
  center: AdminCenter,
  filter: ExportFilter = {},
  spelling: ExportSpelling = {},
  { stale, lostRows = 0 }: ReadFaults = {},
): ExportedUsers {
  const shown = shownPeople(center, stale !== undefined).filter(fits(filter));
  const rows = shown.slice(0, shown.length - Math.min(shown.length, lostRows));
  const columns = exportColumns.filter(
    (column) => column === 'invited_email_address' || (spelling.columns ?? exportColumns).includes(column),
  );
  const cellsOf = cells(center, spelling);
  const table = [columns.map((column) => spelling.headers?.[column] ?? column), ...rows.map((person) => cellsOf(person, columns))];
  const at = stale?.admits ? center.beforeLastUpload.at - 1 : center.now;
  return { csv: writeTable(table, spelling.delimiter), shown: shown.length, asOf: new Date(at).toISOString() };
}

/** Everybody as the Users list shows them: not always as they are. */
function shownPeople(center: AdminCenter, stale: boolean): Person[] {
  const before = center.beforeLastUpload.people;
  const people: Person[] = [];
  for (const person of center.people) {
    const earlier = stale ? before[person.id] : undefined;
    if (earlier === null) continue;
    people.push(earlier ?? viewOf(center, person));
  }
  return people;
}

/** Somebody as LinkedIn shows them at this moment. */
export const viewOf = (center: AdminCenter, person: Person): Person =>
  center.views[person.id]?.find(({ until }) => until > center.now)?.shown ?? person;

/** The address of a license where there is one: it is what CRM Sync compares. */
const emailOf = ({ license, profileEmail, licenseEmail }: Person): string => (license === 'none' ? profileEmail : licenseEmail);

function fits({ emails, status, licenseType, group }: ExportFilter): (person: Person) => boolean {
  const asked = emails && new Set(emails.map(emailKey));
  return (person) =>
    (asked?.has(emailKey(emailOf(person))) ?? true) &&
    (status === undefined || person.license === status) &&
    (licenseType === undefined || person.licenseTypes.includes(licenseType)) &&
    (group === undefined || person.groups.includes(group));
}

function cells(center: AdminCenter, spelling: ExportSpelling): (person: Person, columns: readonly ExportColumn[]) => string[] {
  const words = { ...usualWords, ...spelling.words };
  const date = dateWriter(spelling.dates ?? 'day');
  const { seatIdShown } = center.settings;
  const cell = (person: Person, column: ExportColumn): string => {
    const isActivated = person.license === 'activated';
    switch (column) {
      case 'seat_id':
        return seatIdShown === 'once-made' || isActivated ? person.seatId : '';
      case 'invited_email_address':
        return emailOf(person);
      case 'preferred_first_name':
        return person.givenName;
      case 'preferred_last_name':
        return person.familyName;
      case 'unique_user_id':
        return person.uniqueUserId;
      case 'sales_license_current_status':
        return person.license !== 'none' && (salesTypes(person.licenseTypes).length > 0 || person.licenseTypes.length === 0)
          ? words.active
          : words.inactive;
      case 'teamlink_extend_license_current_status':
        return teamLinkTypes(person.licenseTypes).length > 0 ? words.active : words.inactive;
      case 'license_status':
        return words[person.license];
      case 'license_type':
        return person.licenseTypes.join(', ');
      case 'admin_permission':
        return person.permission;
      case 'groups':
        return person.groups.join(', ');
      case 'invited_date':
        return date(person.invitedAt);
      case 'activated_date':
        return date(person.activatedAt);
      case 'last_access_date':
        return date(person.lastAccess);
      case 'crm_sync_status':
        return person.crmMatch === null ? '' : words[person.crmMatch];
      case 'crm_sync':
        return person.crmSync === null || !isActivated ? '' : person.crmSync ? words.on : words.off;
      case 'managed_by':
        return person.managedBy;
    }
  };
  return (person, columns) => columns.map((column) => cell(person, column));
}

function dateWriter(spelling: 'day' | 'moment' | 'american'): (at: number | null) => string {
  const known = new Map<number, string>();
  const write = (at: number): string => {
    const moment = new Date(at).toISOString();
    const [year, month, day] = moment.slice(0, 10).split('-') as [string, string, string];
    if (spelling === 'moment') return moment;
    return spelling === 'day' ? `${year}-${month}-${day}` : `${Number(month)}/${Number(day)}/${year}`;
  };
  return (at) => {
    if (at === null) return '';
    const text = known.get(at) ?? write(at);
    known.set(at, text);
    return text;
  };
}
