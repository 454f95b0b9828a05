import type { DynamicsState, DynamicsUser } from '../../connectors/dynamics/simulator.ts';
import type { HubSpotOwner, HubSpotState } from '../../connectors/hubspot/simulator.ts';
import { type AdminCenter, makeAdminCenter, type NewPerson } from '../../connectors/linkedin-files/simulator/admin-center.ts';
import { licensesOf } from '../../connectors/linkedin-files/simulator/seed-people.ts';
import { type SalesforceState, type SalesforceUser, salesforceId } from '../../connectors/salesforce/simulator/org.ts';
import { seedUsers } from '../../connectors/salesforce/simulator/seed-users.ts';
import type { ZohoState, ZohoUser } from '../../connectors/zoho/simulator.ts';
import { freeLicenses } from './center-of-export.ts';

/** One company as each vendor's simulator holds it. */
export interface SimulatedCompany {
  readonly salesforce: SalesforceState;
  readonly hubspot: HubSpotState;
  readonly zoho: ZohoState;
  readonly dynamics: DynamicsState;
  readonly center: AdminCenter;
}

export const portalId = 424_242;
const stamp = '2026-11-01T09:00:00Z';
const oldDomain = 'oldco.example';

/**
 * The same people in four CRMs and in LinkedIn, the same ones for the same seed. In every CRM somebody has the same address; LinkedIn
 * still has some people's old domain, a plus tag or upper case, some have no license and some have not accepted theirs.
 * @param count users of the CRM, people or not
 * @param now where Admin Center's clock stands, milliseconds since 1970
 * @param secretOf the secret that belongs to a connection
 */
export function simulatedCompany(count: number, seed: number, now: number, secretOf: (system: string) => string): SimulatedCompany {
  const users = seedUsers(count, { seed });
  const people = users.filter(({ UserType, Profile }) => UserType === 'Standard' && Profile?.UserLicense.Name === 'Salesforce');
  const holders = licenseHolders(people);
  return {
    salesforce: {
      organization: { Id: salesforceId('00D', seed), Name: 'Acme', IsSandbox: false, OrganizationType: 'Enterprise Edition' },
      users,
      apps: [{ clientId: '3MVG9.SEATMATCH', clientSecret: secretOf('salesforce'), runAs: users[0]!.Id }],
      refreshTokens: new Map(),
      api: { used: 0, limit: 100_000 },
      pendingEmails: new Map(),
    },
    hubspot: {
      app: { clientId: 'seatmatch', clientSecret: 'unused', redirectUris: [] },
      portals: [
        {
          portalId,
          accountType: 'STANDARD',
          uiDomain: 'app.hubspot.example',
          users: people.flatMap((person, n) => (person.IsActive ? [hubSpotUser(person, n)] : [])),
          owners: [...people.map(hubSpotOwner), queue],
          scopes: ['oauth', 'crm.objects.users.read', 'crm.objects.owners.read'],
          privateAppToken: secretOf('hubspot'),
          refreshTokens: [],
          limit: { requests: 190, windowMs: 10_000 },
          daily: { limit: 650_000, used: 0 },
        },
      ],
      hasOauthV1: false,
      tellsHubId: true,
    },
    zoho: {
      org: { zgid: '655906806', company_name: 'Acme' },
      app: { clientId: 'seatmatch', clientSecret: secretOf('zoho') },
      users: people.map(zohoUser),
      refreshTokens: [secretOf('zoho')],
    },
    dynamics: {
      tenantId: guid('a', 1),
      clientId: guid('b', 1),
      clientSecret: secretOf('dynamics'),
      organisation: { OrganizationId: guid('c', 1), FriendlyName: 'Acme', OrganizationType: 'Customer' },
      users: [...people.map(dynamicsUser), applicationUser],
      readsUsers: true,
    },
    center: makeAdminCenter({
      now: new Date(now).toISOString(),
      seed,
      settings: { licenses: licensesOf(holders, freeLicenses) },
      people: holders,
      crmEmails: people.filter(({ IsActive }) => IsActive).map(({ Email }) => Email),
    }),
  };
}

/** Whom LinkedIn knows, and by which address. */
function licenseHolders(people: readonly SalesforceUser[]): NewPerson[] {
  const taken = new Set<string>();
  return people.flatMap((person, n) => {
    const profileEmail = licenseEmail(person.Email, n);
    // One address is one person there, and some address is of two CRM users.
    if (n % 10 === 4 || taken.has(profileEmail.toLowerCase())) return [];
    taken.add(profileEmail.toLowerCase());
    return [
      {
        profileEmail,
        givenName: person.FirstName ?? '',
        familyName: person.LastName,
        uniqueUserId: person.EmployeeNumber ?? '',
        license: n % 20 === 13 ? 'invited' : 'activated',
        source: n % 25 === 11 ? 'idp' : 'manual',
      },
    ];
  });
}

function licenseEmail(email: string, n: number): string {
  const [local, domain] = email.split('@') as [string, string];
  if (n % 10 === 1 || n % 25 === 11) return `${local}@${oldDomain}`;
  if (n % 10 === 7) return `${local}+linkedin@${domain}`;
  return n % 10 === 9 ? email.toUpperCase() : email;
}

const guid = (kind: string, n: number): string => `${kind.repeat(8)}-0000-4000-8000-${String(n).padStart(12, '0')}`;

const hubSpotId = (n: number): number => 7_100_000 + n;

const hubSpotUser = ({ Email, FirstName, LastName }: SalesforceUser, n: number) => ({
  id: String(hubSpotId(n)),
  email: Email,
  firstName: FirstName,
  lastName: LastName,
  superAdmin: n === 0,
  objectId: String(900_000 + n),
});

const hubSpotOwner = ({ Email, FirstName, LastName, IsActive }: SalesforceUser, n: number): HubSpotOwner => ({
  id: String(310_000 + n),
  type: 'PERSON',
  archived: !IsActive,
  email: Email,
  firstName: FirstName,
  lastName: LastName,
  userId: IsActive ? hubSpotId(n) : null,
  userIdIncludingInactive: hubSpotId(n),
});

const queue: HubSpotOwner = {
  id: '300000',
  type: 'QUEUE',
  archived: false,
  firstName: 'Inbound',
  lastName: null,
  userId: null,
  userIdIncludingInactive: null,
};

const zohoUser = ({ Email, FirstName, LastName, IsActive }: SalesforceUser, n: number): ZohoUser => ({
  id: `41508680000002${String(n).padStart(5, '0')}`,
  email: Email,
  first_name: FirstName,
  last_name: LastName,
  status: IsActive ? 'active' : 'inactive',
  confirm: n % 15 !== 6,
  role: { id: '4150868000000026005', name: 'Sales' },
  profile: { id: '4150868000000026011', name: 'Standard' },
  created_time: stamp,
  Modified_Time: stamp,
});

const dynamicsUser = ({ Email, FirstName, LastName, Name, IsActive, EmployeeNumber }: SalesforceUser, n: number): DynamicsUser => ({
  systemuserid: guid('d', n),
  fullname: Name,
  firstname: FirstName,
  lastname: LastName,
  internalemailaddress: Email,
  domainname: `e${n}@acme.example`,
  isdisabled: !IsActive,
  accessmode: 0,
  azureactivedirectoryobjectid: guid('e', n),
  applicationid: null,
  isintegrationuser: false,
  employeeid: EmployeeNumber,
  jobtitle: null,
  createdon: stamp,
  modifiedon: stamp,
});

const applicationUser: DynamicsUser = {
  ...{ systemuserid: guid('f', 0), fullname: '# Seatmatch', firstname: '#', lastname: 'Seatmatch', internalemailaddress: null },
  ...{ domainname: 'seatmatch@acme.example', isdisabled: false, accessmode: 4, azureactivedirectoryobjectid: guid('f', 1) },
  ...{ applicationid: guid('f', 2), isintegrationuser: false, employeeid: null, jobtitle: null, createdon: stamp, modifiedon: stamp },
};
