/**
 * What every connector speaks: fields, batches of rows, the proof of a complete read.
 * Names follow SCIM 2.0 (RFC 7643) and, on the license side, LinkedIn's CSV template (help a7762565).
 * Imports nothing of ours.
 */

/** What is known of a CRM user. All values are text as the source wrote it; an absent column is an absent field. */
export const userFields = [
  'id', // the CRM's own id: Salesforce User.Id, HubSpot user id, Zoho id, Dynamics systemuserid
  'email',
  'givenName',
  'familyName',
  'displayName',
  'active', // true/false, yes/no, 1/0, active/inactive
  'disabled', // the opposite of active: Dynamics isdisabled, HubSpot Deactivated
  'employeeNumber',
  'federationId', // Salesforce FederationIdentifier
  'entraObjectId', // Dynamics azureactivedirectoryobjectid
  'userName', // sign-in name; never compared as an email
  'department',
  'title',
  'manager',
  'role',
  'profile',
  'lastLogin',
  'userType', // Salesforce UserType, Dynamics accessmode: tells people from integration users
  'userLicense', // Salesforce Profile.UserLicense.Name
  'confirmed', // Zoho: has accepted the invitation to the CRM
  'createdAt',
  'inactiveSince',
  'secondaryEmails', // separated by ; , | or space
] as const;
export type UserField = (typeof userFields)[number];

/** What is known of a license holder in LinkedIn Admin Center. */
export const accountFields = [
  'seatId',
  'email', // invited_email_address
  'givenName',
  'familyName',
  'displayName',
  'uniqueUserId', // unique_user_id, employee_id or employee_user_id
  'salesLicense', // sales_license_current_status: active / inactive
  'teamLinkLicense', // teamlink_extend_license_current_status
  'licenseStatus', // Invited, Activated, Unassigned …
  'licenseType', // Sales Navigator Advanced, Advanced Plus, TeamLink Extend
  'adminPermission',
  'groups',
  'lastAccess',
  'invitedAt',
  'activatedAt',
  'crmSyncStatus', // LinkedIn's own verdict: Matched / Not Matched
  'crmSync', // per-user switch "Enable CRM sync": on / off
  'managedBy', // IdP mark or source column
] as const;
export type AccountField = (typeof accountFields)[number];

/**
 * Rows as byte ranges. `bytes` holds UTF-8 and stays unchanged for as long as the receiver wants to read from it;
 * `ranges` belongs to the sender and may be overwritten after the call.
 * Row r, field f: `bytes[ranges[2 * (r * fields + f)] … ranges[2 * (r * fields + f) + 1])`, surrounding quotes left out;
 * a doubled quote inside a quoted field is still doubled (the byte before the range is then a quote).
 */
export interface RowBatch {
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly ranges: Uint32Array;
}

/** Receives one side. `begin` comes once, before the first batch. */
export interface RecordSink<Field extends string> {
  begin(fields: readonly Field[]): void;
  rows(batch: RowBatch): void;
  /** For sources that speak JSON: one page of records. */
  records(page: readonly Partial<Record<Field, string>>[]): void;
}
export type UserSink = RecordSink<UserField>;
export type AccountSink = RecordSink<AccountField>;

/** Why something read is not a person, and so is left out of the comparison and counted. */
export type LeftOut = 'integration' | 'queue' | 'portal' | 'support' | 'service-account';

/** Proof that a list was read to its end. A listing throws rather than end early, so this exists only for whole reads. */
export interface CompleteRead {
  readonly kind: 'file' | 'listing';
  /** The connection's name or the file's name. */
  readonly source: string;
  /** Records handed to the sink. */
  readonly received: number;
  /** What the vendor (or, for a file, the person who looked at Admin Center) said there are; null when nobody said. */
  readonly expected: number | null;
  /** Rows that could not be used; each stands in the rejects file. */
  readonly rejected: number;
  readonly pages: number;
  readonly lastCursor: string | null;
  /** When the source said it is from (a file: asked, default its modification time). ISO 8601. */
  readonly asOf: string;
  /** SHA-256 of a file's bytes, hex; null for a listing. */
  readonly sha256: string | null;
}

/** A row that cannot be used: what, where, why. Never stops the rest, never dropped silently. */
export interface Reject {
  /** 1 is the header's line. */
  readonly line: number;
  readonly column: string | null;
  readonly reason: string;
}
