import type { Override } from './guard.ts';
import type { PlanSource } from './guard-read.ts';
import type { Difference, PlanFileKind, PlanMode, Route, Rule } from './status.ts';

export const isLicenseKind = (kind: PlanFileKind): boolean => kind === 'license-off' || kind === 'license-on';

/** Whether what an off file takes is not given back or on by the same plan: it is free then. */
export const takesForGood = (files: readonly Pick<PlanFile, 'kind' | 'sitting'>[], index: number): boolean =>
  files[index]?.kind === 'license-off' && !isOnOf(files, index + 1);

/** Whether an on file stands alone: it gives what another plan took. */
export const givesAlone = (files: readonly Pick<PlanFile, 'kind' | 'sitting'>[], index: number): boolean =>
  files[index]?.kind === 'license-on' && !isOnOf(files, index);

/** Whether a file gives what the one before it takes. */
const isOnOf = (files: readonly Pick<PlanFile, 'kind' | 'sitting'>[], index: number): boolean =>
  files[index]?.kind === 'license-on' && files[index - 1]?.kind === 'license-off' && files[index - 1]?.sitting === files[index]?.sitting;

/** One person of one file: the license email that is to change, or, with both emails the same, whose license goes and comes back. */
export interface PlanRow {
  readonly licenseId: string;
  readonly seatId: string;
  readonly uniqueUserId: string;
  readonly name: string;
  readonly existingEmail: string;
  readonly newEmail: string;
  /** '' where no CRM user has a say: a leaver, an undo. */
  readonly crmUserId: string;
  readonly rule: Rule | null;
  readonly difference: Difference | null;
  /**
   * The license whose own email change, in an earlier file, must have been seen first: it frees this new address, or it is this
   * person's own and comes before their license goes. Null where nothing is waited for.
   */
  readonly after: string | null;
  /** The license types that are given back, as the export wrote them; [] where only the email changes. */
  readonly licenses: readonly string[];
}

export interface PlanFile {
  readonly name: string;
  readonly kind: PlanFileKind;
  readonly route: Route;
  readonly rows: readonly PlanRow[];
  /** The first few of a domain change, or of full rematches, go alone, so that a mistake is found on them. */
  readonly canary: boolean;
  /** Counts a full plan's sittings from 0: an off file and, right after it, its on file share one. Null for emails. */
  readonly sitting: number | null;
}

/** For the CRM's admin: LinkedIn stays as it is. */
export interface CrmChange {
  readonly crm: string;
  readonly crmUserId: string;
  readonly name: string;
  readonly crmEmail: string;
  readonly newEmail: string;
  readonly licenseId: string;
  readonly why: string;
}

/** For the identity team: LinkedIn would be overwritten by the identity provider. */
export interface IdentityRequest {
  readonly licenseId: string;
  readonly uniqueUserId: string;
  readonly name: string;
  readonly existingEmail: string;
  readonly newEmail: string;
  readonly evidence: string;
}

/** Somebody in the plan's scope whom it does not repair, and why. */
export interface LeftOut {
  readonly licenseId: string;
  readonly name: string;
  readonly licenseEmail: string;
  readonly newEmail: string;
  /** A reason of the report, or a code of a guard or of the upload's linter. */
  readonly code: string;
  readonly sentence: string;
  readonly nextStep: string;
  /** ISO 8601: from when on they may be planned, where only time is in the way. */
  readonly until: string | null;
}

export const planNoteCodes = ['ledger', 'ledger-unknown', 'no-free-license'] as const;

/** Something about the plan as a whole that stops nothing and must be read before it is approved. */
export interface PlanNote {
  readonly code: (typeof planNoteCodes)[number];
  readonly sentence: string;
}

/** When licenses may be taken. ISO 8601, both. */
export interface PlanWindow {
  readonly from: string;
  readonly to: string;
}

/** What one full rematch is expected to cost a person, in minutes. */
export interface ExpectedMinutes {
  readonly withoutLicense: number;
  readonly withoutAccess: number;
}

/** What a set of rematches would do. Sealed before anybody approves it. */
export interface Plan {
  readonly id: string;
  readonly mode: PlanMode;
  readonly tenant: string;
  readonly crmName: string;
  /** Which kind of CRM it is. Absent in plans from before it was kept. */
  readonly crmKind?: string;
  /** How the files spell LinkedIn's ID column. */
  readonly idColumn: string;
  /** ISO 8601, both. */
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly createdBy: string;
  readonly licenses: PlanSource;
  readonly crm: PlanSource;
  readonly licenseHolders: number;
  /** In the order in which they are to be uploaded, one at a time. */
  readonly files: readonly PlanFile[];
  readonly crmChanges: readonly CrmChange[];
  readonly identityRequests: readonly IdentityRequest[];
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly PlanNote[];
  /** Null: licenses may be taken at any time. */
  readonly window: PlanWindow | null;
  readonly expected: ExpectedMinutes;
  readonly override: Override | null;
  /** What is approved, in one sentence. */
  readonly price: string;
}

/** Somebody in LinkedIn, for the question whose an address is. */
export interface Holder {
  readonly id: string;
  readonly email: string;
  readonly uniqueUserId: string;
  readonly licenses: readonly string[];
}

/** The vendor's side of a plan: what its files accept and what they are called. */
export interface UploadRules {
  readonly rowLimit: number;
  readonly idColumn: string;
  /**
   * Rows that must not be written, by index, with the reason in a sentence. Sees all rows of one kind together, before they
   * are cut into files of `rowLimit`. `holders`: everybody as of that upload.
   */
  lint(
    kind: PlanFileKind,
    rows: readonly PlanRow[],
    holders: Iterable<Holder>,
  ): readonly { readonly row: number | null; readonly code: string; readonly why: string }[];
  /** `index` counts the plan's files of this kind from 0. */
  nameFile(
    kind: PlanFileKind,
    index: number,
    /** `until` is the last day for an upload; null: what gives licenses back has none. */
    plan: { readonly id: string; readonly tenant: string; readonly day: string; readonly until: string | null },
  ): string;
}
