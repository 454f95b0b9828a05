import type { NewPerson, Person } from './admin-center.ts';
import { parseTable } from './table.ts';

/** People as an Admin Center export with the template's headers shows them, so that an Admin Center can begin where an export stands. */
export function peopleOfExport(csv: string): NewPerson[] {
  const [header = [], ...rows] = parseTable(csv.replace(/^\uFEFF/, ''));
  return rows.map((cells) => {
    const row = Object.fromEntries(header.map((column, index) => [column, cells[index] ?? '']));
    const value = (column: string): string => row[column] ?? '';
    const moment = (column: string): number | null => (value(column) === '' ? null : Date.parse(value(column)));
    const license = licenseOf(value('license_status'));
    const managedBy = value('managed_by');
    const isIdp = /idp|scim|okta|entra|onelogin/i.test(managedBy);
    const sync = value('crm_sync').toLowerCase();
    return {
      profileEmail: value('invited_email_address'),
      licenseEmail: value('invited_email_address'),
      givenName: value('preferred_first_name'),
      familyName: value('preferred_last_name'),
      uniqueUserId: value('unique_user_id'),
      license,
      licenseTypes: license === 'none' ? [] : list(value('license_type')),
      invitedAt: moment('invited_date'),
      activatedAt: moment('activated_date'),
      lastAccess: moment('last_access_date'),
      onboarded: license === 'activated',
      seatId: value('seat_id'),
      permission: permissionOf(value('admin_permission')),
      groups: list(value('groups')),
      crmMatch: matchOf(value('crm_sync_status')),
      crmSync: sync === '' ? null : sync === 'on',
      managedBy,
      source: isIdp ? 'idp' : /csv/i.test(managedBy) ? 'csv' : 'manual',
      idpEmail: isIdp ? value('invited_email_address') : null,
    };
  });
}

/** As many licenses of each type as these people hold, and so many free ones; for the settings of an Admin Center that begins with them. */
export function licensesOf(
  people: readonly NewPerson[],
  free: number,
  defaultType = 'Sales Navigator Advanced Plus',
): Record<string, number> {
  const licenses: Record<string, number> = { [defaultType]: free };
  for (const { license = 'none', licenseTypes = [] } of people)
    if (license !== 'none')
      for (const type of licenseTypes.length > 0 ? licenseTypes : [defaultType]) licenses[type] = (licenses[type] ?? free) + 1;
  return licenses;
}

const list = (cell: string): string[] => cell.split(',').flatMap((part) => part.trim() || []);

function licenseOf(status: string): Person['license'] {
  if (/^(activated|active)$/i.test(status)) return 'activated';
  return /^(invited|pending)/i.test(status) ? 'invited' : 'none';
}

function permissionOf(cell: string): Person['permission'] {
  const permission = cell.trim().toLowerCase();
  return permission === 'admin' || permission === 'reporting' ? permission : '';
}

function matchOf(cell: string): Person['crmMatch'] {
  if (/^matched$/i.test(cell)) return 'matched';
  return /^not[ _-]?matched$/i.test(cell) ? 'not-matched' : null;
}
