/** The three days on which the demo company was compared: two weeks ago, a week ago, today. */
export const demoDays = [0, 1, 2] as const;
export type DemoDay = (typeof demoDays)[number];
export const daysAgo = [14, 7, 0] as const satisfies Record<DemoDay, number>;

/** What an Admin Center export holds of one person (LinkedIn help a7762565, and the labels of the Users page). */
export const licenseColumns = [
  'seat_id',
  'invited_email_address',
  'preferred_first_name',
  'preferred_last_name',
  'unique_user_id',
  'sales_license_current_status',
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
export type LicenseRow = Record<(typeof licenseColumns)[number], string>;

/** What Data Loader writes of Salesforce users; the last three are columns a company adds itself. */
export const userColumns = [
  'Id',
  'Username',
  'FirstName',
  'LastName',
  'Name',
  'Email',
  'IsActive',
  'EmployeeNumber',
  'FederationIdentifier',
  'Title',
  'Department',
  'Manager.Name',
  'UserRole.Name',
  'Profile.Name',
  'Profile.UserLicense.Name',
  'UserType',
  'LastLoginDate',
  'CreatedDate',
  'SecondaryEmail',
  'Confirmed',
  'DeactivatedDate',
] as const;
export type UserRow = Record<(typeof userColumns)[number], string>;

/** What a person's part knows of the person when it writes their rows. */
export interface Facts {
  readonly day: DemoDay;
  /** The address before and after the domain change. */
  readonly old: string;
  readonly current: string;
  /** The same local part, or another one, under a domain. */
  at(domain: string, local?: string): string;
  /** YYYY-MM-DD, so many days before the demo's today; negative for days to come. */
  date(daysAgo: number): string;
  /** The employee number of somebody, by name; for ids that went to the wrong person. */
  employeeNumberOf(name: string): string;
}

/** Changes to a person's usual rows. Several CRM users, or none, make an ambiguity or a person LinkedIn alone knows. */
export interface Part {
  readonly given: string;
  readonly family: string;
  /** Why this person is in the demo. */
  readonly shows: string;
  readonly department?: string;
  readonly title?: string;
  /** false: no Unique User ID in LinkedIn, so that the weaker rules have to find the owner. */
  readonly withId?: false;
  licenses?(facts: Facts): readonly Partial<LicenseRow>[];
  users?(facts: Facts): readonly Partial<UserRow>[];
}

export const domains = {
  old: 'northwind.example',
  current: 'northwind-group.example',
  benelux: 'northwind-benelux.example',
} as const;
