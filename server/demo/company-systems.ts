import type { HubSpotState } from '../../connectors/hubspot/simulator.ts';
import { parseTable } from '../../connectors/linkedin-files/simulator/table.ts';
import {
  profileOf,
  type SalesforceState,
  type SalesforceUser,
  salesforceId,
  salesforceMoment,
} from '../../connectors/salesforce/simulator/org.ts';
import type { ZohoState } from '../../connectors/zoho/simulator.ts';
import type { UserRow } from './demo-person.ts';

/** The CRMs of the demo company as their vendors' simulators hold them: the people of its files, and nobody else. */

export const salesforceClientId = '3MVG9.NORTHWIND';
/** What the company keeps in fields of its own, as its files have it. */
export const salesforceColumns = {
  secondaryEmails: 'Secondary_Email__c',
  confirmed: 'Confirmed__c',
  inactiveSince: 'Deactivated_On__c',
} as const;

/** Rows by their header. */
function rowsOf<Column extends string>(csv: string): Readonly<Record<Column, string>>[] {
  const [header = [], ...rows] = parseTable(csv.replace(/^\uFEFF/u, ''));
  return rows.map((cells) => Object.fromEntries(header.map((column, at) => [column, cells[at] ?? ''])) as Record<Column, string>);
}

const momentOf = (iso: string): string | null => (iso === '' ? null : salesforceMoment(Date.parse(iso)));

/** @param organizationId who answers, so that a connection finds the same org again */
export function salesforceOf(crmCsv: string, organizationId: string, clientSecret: string): SalesforceState {
  const rows = rowsOf<keyof UserRow>(crmCsv);
  const idsByName = new Map(rows.map((row) => [row.Name, row.Id]));
  const users = rows.map((row, n): SalesforceUser => {
    const profile = row['Profile.Name'] === '' ? null : profileOf(row['Profile.Name'], row['Profile.UserLicense.Name']);
    return {
      Id: row.Id,
      Username: row.Username,
      FirstName: row.FirstName || null,
      LastName: row.LastName,
      Name: row.Name,
      Email: row.Email,
      IsActive: row.IsActive === 'true',
      UserType: row.UserType,
      FederationIdentifier: row.FederationIdentifier || null,
      EmployeeNumber: row.EmployeeNumber || null,
      Department: row.Department || null,
      Title: row.Title || null,
      ProfileId: profile?.Id ?? null,
      Profile: profile,
      UserRole: row['UserRole.Name'] === '' ? null : { Id: salesforceId('00E', n + 1), Name: row['UserRole.Name'] },
      ManagerId: row['Manager.Name'] === '' ? null : (idsByName.get(row['Manager.Name']) ?? null),
      Manager: row['Manager.Name'] === '' ? null : { Id: idsByName.get(row['Manager.Name']) ?? '', Name: row['Manager.Name'] },
      LastLoginDate: momentOf(row.LastLoginDate),
      CreatedDate: momentOf(row.CreatedDate)!,
      SystemModstamp: momentOf(row.CreatedDate)!,
      [salesforceColumns.secondaryEmails]: row.SecondaryEmail || null,
      [salesforceColumns.confirmed]: row.Confirmed || null,
      [salesforceColumns.inactiveSince]: row.DeactivatedDate || null,
    };
  });
  return {
    organization: { Id: organizationId, Name: 'Northwind Group', IsSandbox: false, OrganizationType: 'Enterprise Edition' },
    users,
    customFields: Object.values(salesforceColumns),
    apps: [{ clientId: salesforceClientId, clientSecret, runAs: users[0]!.Id }],
    refreshTokens: new Map(),
    api: { used: 0, limit: 100_000 },
    pendingEmails: new Map(),
  };
}

export function hubSpotOf(hubspotCsv: string, portalId: number, privateAppToken: string): HubSpotState {
  const people = rowsOf<'User ID' | 'First name' | 'Last name' | 'Email' | 'Deactivated'>(hubspotCsv).map((row) => ({
    id: Number(row['User ID']),
    email: row.Email,
    firstName: row['First name'],
    lastName: row['Last name'],
    isActive: row.Deactivated === 'No',
  }));
  return {
    app: { clientId: 'seatmatch', clientSecret: privateAppToken, redirectUris: [] },
    portals: [
      {
        portalId,
        accountType: 'STANDARD',
        uiDomain: 'hubspot.example',
        users: people
          .filter(({ isActive }) => isActive)
          .map(({ id, email, firstName, lastName }, n) => ({
            ...{ id: String(id), email, firstName, lastName },
            superAdmin: n === 0,
            objectId: String(900_000 + n),
          })),
        owners: people.map(({ id, email, firstName, lastName, isActive }, n) => ({
          ...{ id: String(310_000 + n), type: 'PERSON' as const, email, firstName, lastName },
          archived: !isActive,
          userId: isActive ? id : null,
          userIdIncludingInactive: id,
        })),
        scopes: ['oauth', 'crm.objects.users.read', 'crm.objects.owners.read'],
        privateAppToken,
        refreshTokens: [],
        limit: { requests: 190, windowMs: 10_000 },
        daily: { limit: 650_000, used: 0 },
      },
    ],
    hasOauthV1: false,
    tellsHubId: true,
  };
}

/** @param refreshToken the app's secret too */
export function zohoOf(zohoCsv: string, zgid: string, refreshToken: string): ZohoState {
  const rows = rowsOf<'Id' | 'First Name' | 'Last Name' | 'Email' | 'Role' | 'Profile' | 'Status' | 'Confirm' | 'Created Time'>(zohoCsv);
  return {
    org: { zgid, company_name: 'Ostwerk' },
    app: { clientId: 'seatmatch', clientSecret: refreshToken },
    users: rows.map((row) => ({
      id: row.Id,
      email: row.Email,
      first_name: row['First Name'],
      last_name: row['Last Name'],
      status: row.Status === 'active' ? 'active' : 'inactive',
      confirm: row.Confirm === 'true',
      role: { id: '4150868000000026005', name: row.Role },
      profile: { id: '4150868000000026011', name: row.Profile },
      created_time: row['Created Time'],
      Modified_Time: row['Created Time'],
    })),
    refreshTokens: [refreshToken],
  };
}
