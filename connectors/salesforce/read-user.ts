import { z } from 'zod';
import { filled, type LeftOut, type UserField, type UserRecord } from '../connector.ts';

/** A row of the object User, as it is asked for and what is made of it. */

const columns = [
  ...['Id', 'Username', 'FirstName', 'LastName', 'Name', 'Email', 'IsActive', 'UserType', 'FederationIdentifier', 'EmployeeNumber'],
  ...['Department', 'Title', 'Profile.Name', 'Profile.UserLicense.Name', 'UserRole.Name', 'Manager.Name', 'LastLoginDate', 'CreatedDate'],
];

/** What a company keeps of its users in fields of its own, by their API names: Salesforce has none for it. */
const ownFields = ['secondaryEmails', 'confirmed', 'inactiveSince'] as const satisfies readonly UserField[];
export type OwnColumns = Readonly<Partial<Record<(typeof ownFields)[number], string>>>;

const columnsOf = (own: OwnColumns): string => [...new Set([...columns, ...Object.values(own)])].join(', ');

/** Everybody of the org, or all that changed since then: people and others, active and inactive. */
export const usersQuery = (own: OwnColumns, since: Date | null): string =>
  `SELECT ${columnsOf(own)} FROM User${since ? ` WHERE SystemModstamp >= ${since.toISOString()}` : ''} ORDER BY Id`;

/** All of that for one user: whether the access shows these fields. */
export const oneUserQuery = (own: OwnColumns): string => `SELECT ${columnsOf(own)} FROM User LIMIT 1`;

const text = z.string().nullish();
const named = z.object({ Name: text }).nullish();
const user = z.object({
  Id: z.string().regex(/^005\w{12}(\w{3})?$/),
  Username: text,
  FirstName: text,
  LastName: text,
  Name: text,
  Email: text,
  IsActive: z.boolean(),
  UserType: text,
  FederationIdentifier: text,
  EmployeeNumber: text,
  Department: text,
  Title: text,
  Profile: z.object({ Name: text, UserLicense: named }).nullish(),
  UserRole: named,
  Manager: named,
  LastLoginDate: text,
  CreatedDate: text,
});
export type User = z.output<typeof user> & Readonly<Record<string, unknown>>;

/** With a company's own columns, which may be of any type. What was not asked for is left out: copying it all takes twice as long. */
export const userWith = (own: OwnColumns): z.ZodType<User> =>
  z.object({ ...Object.fromEntries(Object.values(own).map((column) => [column, z.unknown()])), ...user.shape });

const fields: readonly UserField[] = [
  ...(['id', 'userName', 'givenName', 'familyName', 'displayName', 'email', 'active', 'userType', 'federationId'] as const),
  ...(['employeeNumber', 'department', 'title', 'profile', 'userLicense', 'role', 'manager', 'lastLogin', 'createdAt'] as const),
];
export const fieldsOf = ({ isSandbox }: { readonly isSandbox: boolean }, own: OwnColumns): readonly UserField[] => [
  ...fields,
  ...ownFields.filter((field) => own[field] !== undefined || (isSandbox && field === 'secondaryEmails')),
];

/** What a user is that is no person (object reference, User.UserType). Chatter users have no part in the CRM. */
const kinds: Readonly<Record<string, LeftOut>> = {
  PowerPartner: 'portal',
  CSPLitePortal: 'portal',
  CspLitePortal: 'portal',
  CustomerSuccess: 'portal',
  PowerCustomerSuccess: 'portal',
  SelfService: 'portal',
  Guest: 'portal',
  CsnOnly: 'portal',
  CloudIntegrationUser: 'integration',
  AutomatedProcess: 'service-account',
};

/**
 * Null: a person.
 * @param licenses of integration users, lower case
 */
export function kindOf({ UserType, Profile }: User, licenses: ReadonlySet<string>): LeftOut | null {
  if (UserType && UserType !== 'Standard') return kinds[UserType] ?? 'service-account';
  return licenses.has(Profile?.UserLicense?.Name?.toLowerCase() ?? '') ? 'integration' : null;
}

/**
 * Salesforce appends `.invalid` to the addresses of a sandbox's users, so that no mail goes out (help 000387986). There, and nowhere else,
 * the address that is compared is the one without it, and the one that stands in the sandbox is a secondary one.
 */
export function recordOf(raw: User, { isSandbox }: { readonly isSandbox: boolean }, own: OwnColumns): UserRecord {
  const real = isSandbox ? /^(.+@.+\..+)\.invalid$/i.exec(raw.Email ?? '')?.[1] : undefined;
  return filled({
    id: raw.Id,
    userName: raw.Username,
    givenName: raw.FirstName,
    familyName: raw.LastName,
    displayName: raw.Name,
    email: real ?? raw.Email,
    active: String(raw.IsActive),
    userType: raw.UserType,
    federationId: raw.FederationIdentifier,
    employeeNumber: raw.EmployeeNumber,
    department: raw.Department,
    title: raw.Title,
    profile: raw.Profile?.Name,
    userLicense: raw.Profile?.UserLicense?.Name,
    role: raw.UserRole?.Name,
    manager: raw.Manager?.Name,
    lastLogin: moment(raw.LastLoginDate),
    createdAt: moment(raw.CreatedDate),
    confirmed: ownValue(raw, own.confirmed),
    inactiveSince: ownValue(raw, own.inactiveSince),
    secondaryEmails: [real === undefined ? null : raw.Email, ownValue(raw, own.secondaryEmails)].filter(Boolean).join(';') || null,
  });
}

/** Text, a switch, a number or a day, as the company chose for its field. */
function ownValue(raw: User, column: string | undefined): string | null {
  const value = column === undefined ? null : raw[column];
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number' ? String(value) : null;
}

/** "2026-11-01T09:00:00.000+0000", which is no ISO 8601 of one form, with Z. */
const moment = (given: string | null | undefined): string | null => given?.replace(/\+0000$/, 'Z') ?? null;
