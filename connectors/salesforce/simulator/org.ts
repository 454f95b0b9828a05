import type { Value } from './run-soql.ts';

/** What an org of the simulator holds: fields as the API names them. */

type Named = { readonly Id: string; readonly Name: string };

/** A type, and no interface, so that a row can be read by any field's name. */
export type SalesforceUser = {
  readonly Id: string;
  /** Unique in all of Salesforce, and in the form of an address; not the address. */
  readonly Username: string;
  readonly FirstName: string | null;
  readonly LastName: string;
  readonly Name: string;
  /** Not unique. */
  readonly Email: string;
  readonly IsActive: boolean;
  readonly UserType: string;
  readonly FederationIdentifier: string | null;
  readonly EmployeeNumber: string | null;
  readonly Department: string | null;
  readonly Title: string | null;
  readonly ProfileId: string | null;
  readonly Profile: (Named & { readonly UserLicense: Named }) | null;
  readonly UserRole: Named | null;
  readonly ManagerId: string | null;
  readonly Manager: Named | null;
  readonly LastLoginDate: string | null;
  /** "2026-11-01T09:00:00.000+0000" */
  readonly CreatedDate: string;
  readonly SystemModstamp: string;
  /** Fields that the company made. */
  readonly [field: `${string}__c`]: string | boolean | null;
};

export const userColumns = [
  ...['Id', 'Username', 'FirstName', 'LastName', 'Name', 'Email', 'IsActive', 'UserType', 'FederationIdentifier', 'EmployeeNumber'],
  ...['Department', 'Title', 'ProfileId', 'Profile.Id', 'Profile.Name', 'Profile.UserLicense.Name', 'UserRole.Name', 'ManagerId'],
  ...['Manager.Name', 'LastLoginDate', 'CreatedDate', 'SystemModstamp'],
];

export type Organization = {
  /** 18 characters. */
  readonly Id: string;
  readonly Name: string;
  readonly IsSandbox: boolean;
  readonly OrganizationType: string;
};
export const organizationColumns = ['Id', 'Name', 'IsSandbox', 'OrganizationType'];

/** An External Client App. */
export interface ConnectedApp {
  readonly clientId: string;
  readonly clientSecret?: string;
  /** The public key that JWTs are verified with, PEM. */
  readonly certificate?: string;
  readonly redirectUris?: readonly string[];
  /** The id of the user that client credentials act as, and who says yes on the consent page. */
  readonly runAs: string;
}

export interface SalesforceState {
  readonly organization: Organization;
  /** Replaced, never changed in place. */
  users: readonly SalesforceUser[];
  /** Which fields the company made; default none. */
  readonly customFields?: readonly `${string}__c`[];
  readonly apps: readonly ConnectedApp[];
  readonly refreshTokens: Map<string, { readonly clientId: string; readonly userId: string }>;
  /** Calls of the last 24 hours. */
  readonly api: { used: number; limit: number };
  /** Addresses that wait for a click of the person (help 000387986). */
  readonly pendingEmails: Map<string, { readonly email: string; readonly endsAt: number }>;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A record id: a prefix that names the object, and a number; 18 characters, of which the last three say where the upper case is. */
export function salesforceId(prefix: string, number: number): string {
  let counted = '';
  for (let rest = number; rest > 0; rest = Math.floor(rest / 62)) counted = digits[rest % 62]! + counted;
  const id = `${prefix}5e0${counted.padStart(15 - prefix.length - 3, '0')}`;
  let suffix = '';
  for (const five of [id.slice(0, 5), id.slice(5, 10), id.slice(10)]) {
    let bits = 0;
    for (let at = 0; at < 5; at++) if (five[at]! >= 'A' && five[at]! <= 'Z') bits |= 1 << at;
    suffix += letters[bits]!;
  }
  return id + suffix;
}

/** A moment as the API writes it. */
export const salesforceMoment = (ms: number): string => new Date(ms).toISOString().replace('Z', '+0000');

const licenses = new Map<string, NonNullable<SalesforceUser['Profile']>>();
/** A profile with its license; the same one for everybody who has it. */
export function profileOf(name: string, license: string): NonNullable<SalesforceUser['Profile']> {
  const key = `${name}/${license}`;
  const known = licenses.get(key);
  if (known) return known;
  const made = {
    Id: salesforceId('00e', licenses.size + 1),
    Name: name,
    UserLicense: { Id: salesforceId('100', licenses.size + 1), Name: license },
  };
  licenses.set(key, made);
  return made;
}

/** A user by number, active, of the Sales kind. */
export function salesforceUser(number: number, values: Partial<SalesforceUser> = {}): SalesforceUser {
  const { FirstName = 'Pat', LastName = `Person ${number}` } = values;
  const Profile = values.Profile === undefined ? profileOf('Sales User', 'Salesforce') : values.Profile;
  return {
    Id: salesforceId('005', number + 1),
    Username: `person${number}@acme.example.crm`,
    FirstName,
    LastName,
    Name: [FirstName, LastName].filter(Boolean).join(' '),
    Email: `person${number}@acme.example`,
    IsActive: true,
    UserType: 'Standard',
    FederationIdentifier: null,
    EmployeeNumber: null,
    Department: null,
    Title: null,
    ProfileId: Profile?.Id ?? null,
    Profile,
    UserRole: null,
    ManagerId: null,
    Manager: null,
    LastLoginDate: null,
    CreatedDate: '2026-01-05T09:00:00.000+0000',
    SystemModstamp: '2026-11-01T09:00:00.000+0000',
    ...values,
  };
}

/** Columns that a PATCH may set, with a value of their type. */
export const writable: Readonly<Record<string, (value: unknown) => value is Value>> = {
  FirstName: (value): value is Value => typeof value === 'string' || value === null,
  LastName: (value): value is Value => typeof value === 'string' && value !== '',
  Title: (value): value is Value => typeof value === 'string' || value === null,
  Department: (value): value is Value => typeof value === 'string' || value === null,
  EmployeeNumber: (value): value is Value => typeof value === 'string' || value === null,
  FederationIdentifier: (value): value is Value => typeof value === 'string' || value === null,
  IsActive: (value): value is Value => typeof value === 'boolean',
  Email: (value): value is Value => typeof value === 'string' && /^[^\s@]+@[^\s@]+$/.test(value),
};
