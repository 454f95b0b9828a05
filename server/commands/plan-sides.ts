import type { IdColumn } from '../../connectors/linkedin-files/write-upload-file.ts';
import type { FindingList } from '../core/choose-people.ts';
import type { Limit } from '../core/guard.ts';
import type { PlanSource } from '../core/guard-read.ts';
import type { IdRow } from '../core/id-file.ts';
import { makePlan, type PlanOutcome, planDefaults } from '../core/make-plan.ts';
import type { Holder } from '../core/plan.ts';
import { sandboxShare } from '../core/sandbox-share.ts';
import { type DomainAlias, sandboxPercent } from '../core/settings.ts';
import type { ComparedFiles } from './compare-files.ts';
import { linkedinUploadRules } from './linkedin-upload.ts';
import { offerIds } from './offer-ids.ts';
import { withoutLicense } from './without-license.ts';

/** One comparison of both sides, as far as a plan needs it. */
export interface ComparedSides {
  readonly findings: FindingList;
  readonly companyDomains: readonly string[];
  readonly domainAliases: readonly DomainAlias[];
  readonly crmName: string;
  readonly crmKind: string;
  /** Proof and age of each side. */
  readonly licenses: PlanSource;
  readonly crm: PlanSource;
  /** The org's name, or a word for it, where the CRM side is a sandbox. */
  readonly sandbox: string | null;
  /** People in LinkedIn without a license: not judged, their addresses are taken all the same. */
  readonly others: readonly Holder[];
  /** Whom LinkedIn is to learn by a stable id: offered once everybody matches. */
  readonly ids?: readonly IdRow[] | undefined;
}

/** What somebody says of one email-first plan of two lists. */
export interface PlanSidesOptions {
  /** Unique for this plan; part of the file names. */
  readonly id: string;
  /** ISO 8601: now. */
  readonly at: string;
  readonly by: string;
  readonly tenant?: string | undefined;
  readonly idColumn?: IdColumn | undefined;
  readonly rowLimit?: number | undefined;
  readonly limit?: Limit | undefined;
  readonly maxAgeHours?: number | undefined;
  readonly expiresAfterHours?: number | undefined;
  readonly canary?: number | undefined;
  /** The first few of this domain change were seen to work: nobody goes ahead of the others. */
  readonly canaryProven?: boolean | undefined;
  /** License ids whose new address is on no company domain and right all the same. */
  readonly release?: readonly string[] | undefined;
  /** Overrules the limit, for this plan only. */
  readonly overrideLimit?: { readonly reason: string } | undefined;
}

/** Two compared lists as a plan needs them. @param notASandbox the answer to "is this a sandbox?", for this plan */
export function sidesOf(
  { reconciliation, licenses, crm }: Pick<ComparedFiles, 'reconciliation' | 'licenses' | 'crm'>,
  notASandbox: boolean,
): ComparedSides {
  const { settings } = reconciliation.context.stage;
  const { companyDomains, domainAliases, crm: crmKind, crmName } = settings;
  return {
    findings: reconciliation,
    companyDomains: companyDomains.length > 0 ? companyDomains : reconciliation.summary.companyDomains,
    domainAliases,
    crmName,
    crmKind,
    licenses: licenses.proof,
    crm: crm.proof,
    sandbox: !notASandbox && sandboxShare(crm.people) * 100 > sandboxPercent ? crm.proof.source : null,
    others: withoutLicense(licenses),
    ids: offerIds({ reconciliation, licenses, crm }),
  };
}

/** The email-first plan of two compared lists, under the limits that hold where somebody has both lists and no server. */
export const planSides = (sides: ComparedSides, options: PlanSidesOptions): PlanOutcome =>
  makePlan(sides.findings, {
    ...planDefaults,
    id: options.id,
    now: options.at,
    by: options.by,
    tenant: options.tenant ?? planDefaults.tenant,
    crmName: sides.crmName,
    crmKind: sides.crmKind,
    licenses: sides.licenses,
    crm: sides.crm,
    sandbox: sides.sandbox,
    companyDomains: sides.companyDomains,
    domainAliases: sides.domainAliases,
    others: sides.others,
    released: options.release ?? planDefaults.released,
    limits: { ...planDefaults.limits, email: options.limit ?? planDefaults.limits.email },
    maxAgeHours: { ...planDefaults.maxAgeHours, email: options.maxAgeHours ?? planDefaults.maxAgeHours.email },
    expiresAfterHours: options.expiresAfterHours ?? planDefaults.expiresAfterHours,
    canary: options.canary ?? planDefaults.canary,
    canaryProven: options.canaryProven ?? planDefaults.canaryProven,
    // Whoever has both lists and a terminal decides for this plan as a full admin does; it lasts as long as making it.
    override:
      options.overrideLimit === undefined
        ? null
        : { codes: ['limit'], reason: options.overrideLimit.reason, by: options.by, byFullAdmin: true, at: options.at, until: options.at },
    upload: linkedinUploadRules(options),
  });
