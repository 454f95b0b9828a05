import type { AlertSettings } from './alerts.ts';
import { alertEvents, type CenterGeneration, type CenterPage, type ManagedBy, type SharedProduct, type waysToBuy } from './status.ts';

/** A declared pair of company domains: `old` became, or is an alias of, `current`. */
export interface DomainAlias {
  readonly old: string;
  readonly current: string;
}

/** A person's decision that a license holder is a CRM user, by ids. */
export interface Link {
  readonly licenseId: string;
  readonly crmUserId: string;
  readonly author: string;
  readonly at: string;
  /** The two emails whoever decided saw; `crm` is null where nobody knew it. Without: an email that points elsewhere stays a conflict. */
  readonly emails?: { readonly license: string; readonly crm: string | null } | null;
}

/** A person's decision to leave somebody alone. */
export interface Exception {
  readonly licenseId: string;
  readonly reason: string;
  readonly author: string;
  readonly until: string;
}

/** A pair of ids, or an address, known from an earlier reconciliation. */
export interface HistoryPair {
  readonly licenseId: string;
  readonly crmUserId: string;
  /** The CRM user's earlier email, where the pair was known by it. */
  readonly crmEmail: string | null;
}

/** What an admin said about one person in LinkedIn on a day. */
export interface ObservedAnswer {
  readonly licenseId: string;
  readonly verdict: 'matched' | 'not-matched';
  readonly at: string;
}

/** Everything a comparison is told beside the two lists. All plain data, so that it can cross to a second thread. */
/** A CRM of the company that LinkedIn's CRM Sync is not connected to. */
export interface OtherCrm {
  readonly crmName: string;
  /** Where only addresses are known. */
  readonly emails: readonly string[];
  readonly users?: readonly { readonly id: string; readonly name: string; readonly email: string }[];
}

export interface ReconcileSettings {
  /** What the CRM is called in sentences: Salesforce, HubSpot … */
  readonly crmName: string;
  readonly crm: string;
  /** Domains the company said are its own. Empty: proposed from the majority of active CRM users. */
  readonly companyDomains: readonly string[];
  readonly domainAliases: readonly DomainAlias[];
  /** alias email → main email (a directory file, `--email-alias`). */
  readonly emailAliases: readonly (readonly [string, string])[];
  readonly links: readonly Link[];
  readonly exceptions: readonly Exception[];
  readonly history: readonly HistoryPair[];
  readonly observedAnswers: readonly ObservedAnswer[];
  /** license ids with a corrected email that LinkedIn is still to show, and until when. */
  readonly waiting: readonly { readonly licenseId: string; readonly since: string; readonly until: string }[];
  /**
   * license id → ISO 8601: since when earlier comparisons know that the emails agree. Whoever is not in it agrees since this list, as
   * far as anybody knows. Null where no comparison is kept: then nothing is said of it.
   */
  readonly agreeing: ReadonlyMap<string, string> | null;
  /** How long LinkedIn's CRM job may take to show a correction: it runs once a day. */
  readonly crmJobHours: number;
  /** How many days the CRM's own invitation is good, counted from when the user was made; null: nobody says. */
  readonly invitationDays: number | null;
  /** Active users in other CRMs of the company: evidence, never a target address. */
  readonly otherCrms: readonly OtherCrm[];
  /** Which active CRM users without a license are judged: nobody (counted only), all, or a filter on a field. */
  readonly seatScope: 'none' | 'all' | { readonly field: 'department' | 'title' | 'role' | 'profile'; readonly values: readonly string[] };
  readonly managedByDefault: ManagedBy;
  /** Where a person's own mark stands, in words, as: the column “Source” of the export. Null: nobody says. */
  readonly managedBySource: string | null;
  /** Who owns identities, for the sentence: Okta, Entra ID … */
  readonly idpName: string;
  /** license ids whose last repair stopped, with the words for the sentence. */
  readonly repairFailed: readonly {
    readonly licenseId: string;
    readonly step: string;
    readonly cause: string;
    readonly licenseState: string;
    readonly fix: string;
  }[];
  readonly duplicateProfiles: readonly string[];
  readonly ownSubscriptions: readonly string[];
  /** False: the read was incomplete or too old; everybody is `not-checked` and the source is named. */
  readonly notChecked: { readonly source: string; readonly date: string } | null;
  /** ISO 8601: how old the license list is. */
  readonly asOf: string;
}

export const defaultSettings: ReconcileSettings = {
  crmName: 'the CRM',
  crm: 'crm',
  companyDomains: [],
  domainAliases: [],
  emailAliases: [],
  links: [],
  exceptions: [],
  history: [],
  observedAnswers: [],
  waiting: [],
  agreeing: null,
  crmJobHours: 24,
  invitationDays: null,
  otherCrms: [],
  seatScope: 'none',
  managedByDefault: 'unknown',
  managedBySource: null,
  idpName: 'Your identity provider',
  repairFailed: [],
  duplicateProfiles: [],
  ownSubscriptions: [],
  notChecked: null,
  asOf: '1970-01-01T00:00:00.000Z',
};

/** How many days an invitation to Zoho is good, unless a setting says otherwise (Zoho's help, "Re-invite users"). */
export const zohoInvitationDays = 7;

/** A CRM list with more addresses in .invalid than this is held as a sandbox's, unless a setting says otherwise. Percent. */
export const sandboxPercent = 2;

/** What only a person can say of the Sales Navigator contract; null: nobody said. Asked once. */
export interface ContractFacts {
  readonly bought: (typeof waysToBuy)[number] | null;
  readonly purchased: {
    readonly advancedPlus: number | null;
    readonly advanced: number | null;
    readonly teamLinkExtend: number | null;
  };
  /** Whether people sign in to Sales Navigator with the company's single sign-on. */
  readonly sso: boolean | null;
  readonly scim: boolean | null;
  /** Who looks after SCIM: a team or a person; '' where nobody said. */
  readonly scimOwner: string;
  readonly sharedProducts: readonly SharedProduct[] | null;
  /** Full admins, by name or address: only they can upload files in Admin Center. */
  readonly uploaders: readonly string[];
}

export const noContractFacts: ContractFacts = {
  bought: null,
  purchased: { advancedPlus: null, advanced: null, teamLinkExtend: null },
  sso: null,
  scim: null,
  scimOwner: '',
  sharedProducts: null,
  uploaders: [],
};

/** Which of LinkedIn's admin pages somebody sees, and where those pages are for them. */
export interface AdminCenterSetting {
  readonly generation: CenterGeneration;
  /** What an admin copied from the address bar; a page without one has the address below. */
  readonly links: readonly { readonly generation: CenterGeneration; readonly page: CenterPage; readonly href: string }[];
}

export const defaultAdminCenter: AdminCenterSetting = { generation: 'admin-center', links: [] };

/** Everything is watched, with the usual thresholds, and told over all channels. */
export const defaultAlerts: AlertSettings = {
  events: Object.fromEntries(alertEvents.map((event) => [event, { on: true, threshold: null, channels: null }])) as AlertSettings['events'],
  debounceMinutes: 5,
  namePeople: false,
};
