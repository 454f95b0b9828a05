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
  'id', // the vendor's own: SCIM id
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

/** What a usage report of Sales Navigator says of a license holder (help a103027, a124415). */
export const usageFields = [
  'email',
  'uniqueUserId',
  'seatId',
  'name',
  'daysActive',
  'searches',
  'profileViews',
  'savedLeads',
  'savedAccounts',
  'inMailSent',
  'inMailAccepted',
  'inMailAcceptance',
  'messages',
  'connections',
  'smartLinksCreated',
  'smartLinksViewed',
  'from', // first day, where each row says it
  'to',
] as const;
export type UsageField = (typeof usageFields)[number];

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

/**
 * Receives one side. `begin` comes once, before the first batch. A sink that writes to somebody slower returns a promise: nothing more is
 * handed over until it resolves.
 */
export interface RecordSink<Field extends string> {
  begin(fields: readonly Field[]): void;
  rows(batch: RowBatch): unknown;
  /** For sources that speak JSON: one page of records. */
  records(page: readonly Partial<Record<Field, string>>[]): unknown;
}
export type UserSink = RecordSink<UserField>;
export type AccountSink = RecordSink<AccountField>;

/** Only the values that are there. Once for each person of a list, so without lists of its own. */
export const filled = <Field extends string>(
  values: Readonly<Partial<Record<Field, string | null | undefined>>>,
): Readonly<Partial<Record<Field, string>>> => {
  const there: Partial<Record<Field, string>> = {};
  for (const field in values) {
    const value = values[field];
    if (value !== null && value !== undefined) there[field] = value;
  }
  return there;
};

/** Why something read is not a person, and so is left out of the comparison and counted. `not-found`: a person who was looked up and is not there. */
export type LeftOut = 'integration' | 'queue' | 'portal' | 'support' | 'service-account' | 'not-found';

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

/** Proof that a connection's list was read to its end. `expected` counts all there are: what was handed over and what was left out. */
export interface CompleteListing extends CompleteRead {
  /** Records that are no people, by what they are: read, counted, not handed over. */
  readonly leftOut: Readonly<Partial<Record<LeftOut, number>>>;
  /** ISO 8601, the overlap included: only what changed since then was asked for, so this proves no whole list. Absent: everybody was. */
  readonly changedSince?: string;
}

export type UserRecord = Readonly<Partial<Record<UserField, string>>>;
export type AccountRecord = Readonly<Partial<Record<AccountField, string>>>;

export interface CallOptions {
  /** Its reason is thrown as it is. */
  readonly signal?: AbortSignal;
  /** Of a listing: told of each time, in milliseconds, that the vendor asks us to wait and the list goes on afterwards. */
  readonly onWait?: (ms: number) => void;
}

export interface ListUsersOptions extends CallOptions {
  /** ISO 8601: only what changed since then, and in a few minutes before. Refused with `not-supported` where the connection cannot. */
  readonly changedSince?: string;
  /** Told of every record that is no person. */
  readonly onLeftOut?: (record: UserRecord, kind: LeftOut) => void;
}

export interface AccessToken {
  readonly value: string;
  /** Milliseconds since 1970; null where nobody said. */
  readonly endsAt: number | null;
  /** What came with it and holds for as long: where the API is, whose it is. */
  readonly details?: Readonly<Record<string, string>>;
}

/**
 * What all openings of one connection have together, in whichever process: a vendor counts them as one. Absent where nobody shares anything,
 * as at the command line.
 */
export interface SharedState {
  /** Null: it cannot be kept. */
  readonly access: {
    /** Null: there is none. */
    read(): Promise<AccessToken | null>;
    write(token: AccessToken): Promise<void>;
  } | null;
  /**
   * Counts one request that begins now, where the window has room and nothing is held.
   * @returns 0 where it may begin, else milliseconds until it may be asked again
   */
  begin(rate: { readonly requests: number; readonly windowMs: number }): Promise<number>;
  /** Nothing begins before. Milliseconds from now. */
  holdFor(ms: number): Promise<void>;
  /** Milliseconds until anything may begin; 0 where nothing is held. */
  heldMs(): Promise<number>;
}

/** Which org, portal or tenant answers. A test one is compared, never planned from. */
export interface Origin {
  /** The vendor's own id: pinned at set-up, so that nobody compares the wrong company. */
  readonly id: string;
  readonly name: string | null;
  /** A sandbox, a developer or test account. */
  readonly isTest: boolean;
}

/** What may still be asked of the vendor in its window. */
export interface Budget {
  readonly used: number;
  readonly limit: number;
  readonly windowMs: number;
}

/** One line of `seatmatch doctor`. */
export interface CheckLine {
  readonly what: 'access' | 'origin' | 'rights' | 'clock' | 'token-end' | 'api-budget' | 'free-licenses' | 'assignments' | 'owner';
  /** `unknown`: the vendor does not tell. */
  readonly verdict: 'good' | 'bad' | 'unknown';
  /** What was found; where it is bad, what to do about it. */
  readonly sentence: string;
  /** Of an `api-budget` that the vendor tells. */
  readonly budget?: Pick<Budget, 'used' | 'limit'>;
}

/** What a CRM connection can do. A plan never contains what its connection cannot. */
export interface CrmCapabilities {
  /** Listing only what changed. */
  readonly changedSince: boolean;
  /** The vendor says how many there are, so that a list that ends early is noticed by its number too. */
  readonly tellsTotal: boolean;
  readonly updateEmail: 'api' | 'guided';
}

/**
 * The users of one CRM. Every failure is a RequestFailed, or the signal's own reason.
 * A listing hands over every record once and resolves to its proof, or throws; what the sink got before is then worth nothing.
 */
export interface CrmConnector {
  readonly capabilities: CrmCapabilities;
  origin(options?: CallOptions): Promise<Origin>;
  listUsers(into: UserSink, options?: ListUsersOptions): Promise<CompleteListing>;
  check(options?: CallOptions): Promise<readonly CheckLine[]>;
  /** As the vendor last told; null where it never did. */
  budget(): Budget | null;
  /** Absent: its panel's requests say all that is needed, or it has no panel. */
  readonly panel?: PanelDirectory;
}

/** Somebody who uses a panel in the CRM, as the CRM has them now. */
export interface PanelUser {
  readonly email: string | null;
  readonly name: string | null;
  /** Whether they administer the whole account. */
  readonly isAdmin: boolean;
}

/** What a CRM says of those who use a panel in it, where its requests name a user and say nothing of their rights. */
export interface PanelDirectory {
  /** Null: nobody has this id (any more). */
  findUser(userId: string, options?: CallOptions): Promise<PanelUser | null>;
  /** The user behind an owner's id, which is another one; null: nobody, or a queue. */
  userOfOwner(ownerId: string, options?: CallOptions): Promise<string | null>;
}

/** `id`: what the vendor calls the account in its own calls. */
export type AccountKey = { readonly uniqueUserId: string } | { readonly email: string } | { readonly id: string };

/**
 * One key, or several of the same person: the first that finds somebody counts, one that is not searched by is passed over. Whoever is found
 * by an email and has another Unique User ID than the one that was named is somebody else.
 */
export type AccountKeys = AccountKey | readonly AccountKey[];

export interface Account {
  readonly id: string;
  readonly record: AccountRecord;
  /** Null where the vendor does not say. */
  readonly active: boolean | null;
}

/** What a license connection can do. */
export interface LicenseCapabilities {
  readonly list: boolean;
  readonly lookUpBy: readonly ('uniqueUserId' | 'email')[];
  readonly updateEmail: boolean;
  /** `side-effect`: the license follows from provisioning. */
  readonly setLicense: 'explicit' | 'side-effect' | 'manual';
  /** The license types that a side effect gives, as exports write them; null: nobody said which, or it is none. */
  readonly assigns: readonly string[] | null;
  readonly resendInvitation: 'manual';
  readonly readInvitation: 'import' | 'none';
  readonly readCrmMatch: 'import' | 'none';
  readonly readCrmSync: 'import' | 'none';
  readonly writeCrmSync: 'manual';
}

/** Values that must hold afterwards; what is absent stays as it is. */
export interface AccountChange {
  readonly email?: string;
  readonly active?: boolean;
}

export interface UpdateOptions extends CallOptions {
  /**
   * Until a read shows the values; default the connection's own. When it is over the request `read-back` has failed with `timeout`: the
   * vendor took the write, and no read has shown it yet.
   */
  readonly confirmWithinMs?: number;
  /** The email from before: whoever has neither this one nor the one that must hold is a conflict, and nothing is written. */
  readonly emailBefore?: string;
}

/**
 * The accounts of one Sales Navigator contract. Every failure is a RequestFailed, or the signal's own reason.
 * A write resolves once a read shows the values; carried out already, it does nothing.
 */
export interface LicenseConnector {
  readonly capabilities: LicenseCapabilities;
  listAccounts(into: AccountSink, options?: CallOptions): Promise<CompleteListing>;
  /** Null: nobody has this key. */
  getAccount(keys: AccountKeys, options?: CallOptions): Promise<Account | null>;
  updateAccount(keys: AccountKeys, change: AccountChange, options?: UpdateOptions): Promise<Account>;
  check(options?: CallOptions): Promise<readonly CheckLine[]>;
  budget(): Budget | null;
}

/** Somebody as an identity directory (Okta, Entra, Google) has them: a witness beside the CRM and LinkedIn, never a side. */
export interface DirectoryPerson {
  /** All of them, the main one among them, as written. */
  readonly addresses: readonly string[];
  readonly employeeNumber: string | null;
  readonly entraObjectId: string | null;
}

/** A row that cannot be used: what, where, why. Never stops the rest, never dropped silently. */
export interface Reject {
  /** 1 is the header's line. */
  readonly line: number;
  readonly column: string | null;
  readonly reason: string;
}

/** Hands upload files to the license side and brings its answers back, without a person between. */
export interface UploadDelivery {
  /**
   * Hands one file over and resolves to the vendor's result file once it was worked through. Repeating an upload after a failure
   * is for the caller, who reads first: whether the file arrived is then not known (RequestFailed `mayHaveArrived`).
   */
  upload(name: string, bytes: Uint8Array, options?: { readonly signal?: AbortSignal }): Promise<DeliveredResult>;
  /** The users with these emails, or all of them. Throws rather than give half a list. */
  exportUsers(who: 'all' | { readonly emails: readonly string[] }, options?: { readonly signal?: AbortSignal }): Promise<DeliveredExport>;
  /** What there is to assign; null where the vendor does not tell. */
  facts(options?: { readonly signal?: AbortSignal }): Promise<LicenseFacts | null>;
}

/** Hands upload files to a folder that the vendor looks into when it likes; results and exports lie in another one when they are there. */
export interface UploadFolder {
  /** A file that lies there already with the same rows is left alone. Throws RequestFailed `conflict` where its rows are others. */
  hand(name: string, bytes: Uint8Array, options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** The vendor's result file; null where there is none yet. */
  resultOf(name: string, options?: { readonly signal?: AbortSignal }): Promise<Uint8Array | null>;
  /** The newest users export, made when the server says; null where there is none. */
  newestExport(options?: { readonly signal?: AbortSignal }): Promise<DeliveredExport | null>;
}

export interface DeliveredResult {
  readonly result: Uint8Array;
}

export interface DeliveredExport {
  readonly bytes: Uint8Array;
  /** How many users the vendor said there are for what was asked; null where it did not say. */
  readonly usersShown: number | null;
  /** ISO 8601: when the vendor said it is from, else when it was asked for. */
  readonly asOf: string;
}

export interface LicenseFacts {
  /** Null: not known, which is not unlimited. */
  readonly freeLicenses: number | null;
  readonly assignmentsLeft: number | null;
}
