import type { Actor, Also, ChangeSide, Difference, ManagedBy, Reason, Rule, Status, Variant, Verdict } from './status.ts';

/** A license holder as a person reads it. Texts are as the source wrote them; '' where the source had nothing. */
export interface LicenseHolder {
  /** seat id, else Unique User ID, else the email: the `license_id` of the report. */
  readonly id: string;
  readonly seatId: string;
  readonly uniqueUserId: string;
  readonly email: string;
  readonly name: string;
  /** Invited, Activated … as written. */
  readonly status: string;
  /** License types held, as written. */
  readonly licenses: readonly string[];
}

export interface CrmUser {
  /** Which CRM: `salesforce`, `hubspot`, `zoho`, `dynamics` or a connection's name. */
  readonly crm: string;
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly active: boolean;
}

/** A possible owner. Evidence is in words, strongest first. Score is 0 to 1 and decides nothing. */
export interface Suggestion {
  readonly crmUserId: string;
  readonly name: string;
  readonly email: string;
  readonly score: number;
  readonly evidence: readonly string[];
}

/** What LinkedIn itself showed, where and when. */
export interface Observed {
  readonly verdict: Verdict;
  /** `export` or `admin`; null when nothing was seen. */
  readonly source: 'export' | 'admin' | null;
  readonly at: string | null;
}

/** The same person in a CRM that LinkedIn does not sync with. */
export interface OtherCrmUser {
  readonly crmName: string;
  /** Null, as the name: only the address is known. */
  readonly id: string | null;
  readonly name: string | null;
  readonly email: string;
}

/** One person of the report: exactly one status, one reason and one next step. */
export interface Finding {
  /** Stable over reconciliations: `license:<license id>` or `crm:<crm>:<user id>`. */
  readonly key: string;
  readonly side: 'license' | 'crm';
  readonly status: Status;
  readonly reason: Reason;
  readonly variant: Variant | null;
  readonly license: LicenseHolder | null;
  /** The owner, where a rule decided who it is; never a suggestion. */
  readonly crmUser: CrmUser | null;
  readonly rule: Rule | null;
  /** 0 to 1; null without a rule. */
  readonly confidence: number | null;
  readonly suggestions: readonly Suggestion[];
  readonly difference: Difference | null;
  readonly changeSide: ChangeSide | null;
  /** Why that side, in words. */
  readonly changeEvidence: readonly string[];
  /** The address that is to hold on the side that changes; null when nothing is to change or nobody knows. */
  readonly targetEmail: string | null;
  readonly rootCause: string | null;
  readonly also: readonly Also[];
  readonly predicted: Verdict;
  readonly observed: Observed;
  readonly managedBy: ManagedBy;
  readonly managedByEvidence: string | null;
  /** Active users of other CRMs with the license's email or the owner's. */
  readonly otherCrmUsers: readonly OtherCrmUser[];
  readonly actor: Actor;
  /** Sentences of wording.ts, placeholders filled. */
  readonly label: string;
  readonly sentence: string;
  readonly nextStep: string;
  /** What must be seen for the next step to count as done. */
  readonly closedBy: string;
  /** ISO 8601: how old the license side of this verdict is. */
  readonly asOf: string;
}

/** Not Matched people who are repaired together. */
export interface RootCause {
  /** Stable, for example `old-domain:acme.com>acme.io`. */
  readonly id: string;
  /** "37 of 41: acme.com became acme.io" */
  readonly title: string;
  readonly repair: string;
  readonly repairKind:
    | 'domain-change-file'
    | 'email-change-file'
    | 'crm-change-list'
    | 'identity-request'
    | 'link'
    | 'ask'
    | 'reclaim'
    | 'crm-admin'
    | 'none';
  readonly count: number;
  /** Out of how many Not Matched. */
  readonly of: number;
  readonly actor: Actor;
}

/** One comparison in numbers. */
export interface Summary {
  readonly licenseHolders: number;
  readonly crmUsers: number;
  readonly byStatus: Readonly<Partial<Record<Status, number>>>;
  /** Key `status/reason`. */
  readonly byReason: Readonly<Record<string, number>>;
  /** Paid, able to sync, activated, emails agree, not known to be off. */
  readonly seatsThatSync: number;
  readonly matchedNotSyncing: number;
  /** In LinkedIn without a license, admin-only, inactive CRM users without a license …: counted, not judged. */
  readonly countedOnly: Readonly<Record<string, number>>;
  /** How often LinkedIn's own verdict was known, and how often it agreed with our prediction. */
  readonly observedAgreement: { readonly agreed: number; readonly of: number };
  readonly rootCauses: readonly RootCause[];
  readonly companyDomains: readonly string[];
  /** Discovered, never applied by themselves. */
  readonly suggestedAliases: readonly SuggestedAlias[];
  /** Pairs of records the suggestion step looked at: shows that blocking holds. */
  readonly candidatePairs: number;
}

export interface SuggestedAlias {
  readonly licenseDomain: string;
  readonly crmDomain: string;
  readonly pairs: number;
  readonly evidence: string;
}

/** One step of the trace of one person. */
export interface RuleTrace {
  readonly rule: Rule;
  readonly outcome: 'decided' | 'agrees' | 'contradicts' | 'no-match' | 'not-applicable';
  readonly detail: string;
  /** CRM user ids the rule pointed to. */
  readonly crmUserIds: readonly string[];
}

/** A value cut into runs; `differs` runs are marked on screen. Invisible characters come with their code point in words. */
export interface MarkedRun {
  readonly text: string;
  readonly differs: boolean;
  /** For a character nobody can see or that looks like another: "U+200B zero width space". */
  readonly note?: string;
}

export interface Explanation {
  readonly key: string;
  readonly trace: readonly RuleTrace[];
  readonly decidedBy: Rule | null;
  readonly licenseEmail: readonly MarkedRun[];
  readonly crmEmail: readonly MarkedRun[];
  /** The status ladder: each question in order, and the answer; the first `yes` decided. */
  readonly ladder: readonly { readonly question: string; readonly answer: 'yes' | 'no' | 'unknown'; readonly detail: string }[];
}
