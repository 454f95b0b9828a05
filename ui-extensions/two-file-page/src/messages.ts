import type { Explanation, Finding, Reason, Status, Summary } from '../../../server/api.ts';
import type { PlanNote } from '../../../server/core/plan.ts';

export type Side = 'licenses' | 'crm';

/** What a person says of one file. */
export interface Given {
  readonly file: File;
  /** Column → field, or `ignore`; undefined: as recognised. */
  readonly map?: Readonly<Record<string, string>> | undefined;
}

/** A file as it was recognised. */
export interface Looked {
  readonly side: Side;
  readonly name: string;
  /** A key of the console's names of lists. */
  readonly kind: string;
  readonly rows: number;
  readonly mapping: readonly { readonly column: string; readonly field: string | null }[];
  /** Every field that a column may hold. */
  readonly fields: readonly string[];
  /** One sentence on the needed column that is missing. */
  readonly missing: string | null;
  readonly warnings: readonly string[];
  readonly preview: readonly (readonly string[])[];
}

export interface Answered extends Given {
  /** ISO 8601. */
  readonly exportedAt: string;
  /** How many users Admin Center shows. */
  readonly expected?: number | undefined;
}

export interface Settings {
  readonly companyDomains: readonly string[];
  readonly domainAliases: readonly { readonly old: string; readonly current: string }[];
}

export interface ReasonCount {
  readonly status: Status;
  readonly reason: Reason;
  readonly label: string;
  readonly count: number;
}

export interface Compared {
  readonly summary: Summary;
  readonly crmName: string;
  readonly reasons: readonly ReasonCount[];
  readonly warnings: readonly string[];
  readonly rejects: number;
  /** What the counts of the files say of their being whole. */
  readonly licenses: { readonly rows: number; readonly expected: number | null };
  readonly ms: number;
}

export type SortKey = 'name' | 'email' | 'reason';

export interface Query {
  readonly status: Status | null;
  readonly reason: Reason | null;
  readonly search: string;
  readonly sort: SortKey;
  readonly descending: boolean;
  readonly page: number;
}

export interface Found {
  readonly total: number;
  readonly rows: readonly { readonly row: number; readonly finding: Finding }[];
}

export interface Download {
  readonly name: string;
  readonly rows: number;
  readonly text: string;
}

export interface PlanAnswers {
  readonly notASandbox: boolean;
  readonly canaryProven: boolean;
}

export type Planned =
  | { readonly kind: 'stopped'; readonly trips: readonly { readonly code: string; readonly sentence: string; readonly nextStep: string }[] }
  | {
      readonly kind: 'plan';
      readonly price: string;
      readonly people: number;
      readonly expiresAt: string;
      /** The one that may be uploaded now. */
      readonly first: (Download & { readonly canary: boolean }) | null;
      /** Rows of the files after it, which come from a later comparison. */
      readonly later: number;
      readonly lists: readonly Download[];
      readonly notes: readonly PlanNote[];
    };

/** What the page asks, and what comes back. */
export interface Questions {
  look: { readonly ask: Given & { readonly side: Side }; readonly answer: Looked };
  compare: {
    readonly ask: { readonly licenses: Answered; readonly crm: Answered; readonly settings: Settings };
    readonly answer: Compared;
  };
  find: { readonly ask: Query; readonly answer: Found };
  person: { readonly ask: number; readonly answer: { readonly finding: Finding; readonly explanation: Explanation } };
  plan: { readonly ask: PlanAnswers; readonly answer: Planned };
  report: { readonly ask: null; readonly answer: Blob };
  rejects: { readonly ask: null; readonly answer: Blob };
}

export type Kind = keyof Questions;

export interface Ask {
  readonly id: number;
  readonly kind: Kind;
  readonly ask: unknown;
}

export type Said =
  | { readonly id: number; readonly answer: unknown }
  /** `sentence` is for a person; null: something nobody foresaw. */
  | { readonly id: number; readonly sentence: string | null; readonly error: string }
  | { readonly progress: number; readonly phase: 'licenses' | 'crm' | 'comparing' };
