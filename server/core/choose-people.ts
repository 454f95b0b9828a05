import type { Finding } from './finding.ts';
import { guardStanding } from './guard-person.ts';
import { type Target, type TargetTrip, targetGuard } from './guard-target.ts';
import type { CrmChange, Holder, IdentityRequest, LeftOut, PlanRow } from './plan.ts';
import type { DomainAlias } from './settings.ts';
import type { PlanMode, Reason } from './status.ts';

/** Who a plan is made for: everybody who can be repaired, chosen people, or those of one root cause. */
export type PlanScope =
  | { readonly kind: 'everybody' }
  | { readonly kind: 'people'; readonly licenseIds: readonly string[] }
  | { readonly kind: 'root-cause'; readonly id: string };

export interface ChooseOptions {
  readonly mode: PlanMode;
  readonly crmName: string;
  /** `salesforce`, `hubspot`, `zoho`, `dynamics`, or a name of one's own. */
  readonly crmKind: string;
  readonly scope: PlanScope;
  /** License ids that the admin unticked. */
  readonly leftOutByAdmin: readonly string[];
  /** License ids of people whom another plan repairs right now. */
  readonly underRepair: readonly string[];
  /** License ids that no plan changes. */
  readonly protected: readonly string[];
  /** License ids whose new address was released though it is on no company domain. */
  readonly released: readonly string[];
  readonly companyDomains: readonly string[];
  /** Declared by a person. Email changes under one of these, with equal local parts, are not counted against the limit. */
  readonly domainAliases: readonly DomainAlias[];
  /** People in LinkedIn who are not judged (no license, admin only): their addresses are taken all the same. */
  readonly others: readonly Holder[];
  /** Addresses that belonged to somebody in an earlier reconciliation. */
  readonly formerEmails: readonly { readonly licenseId: string; readonly email: string }[];
}

/** Somebody whose license email, or license, can be changed as far as the lists of people tell. */
export interface Candidate {
  /** With both emails the same where only the license goes and comes back. */
  readonly row: PlanRow;
  readonly changesEmail: boolean;
}

export interface ChosenPeople {
  readonly candidates: readonly Candidate[];
  readonly crmChanges: readonly CrmChange[];
  readonly identityRequests: readonly IdentityRequest[];
  readonly leftOut: readonly LeftOut[];
  /** Everybody in LinkedIn. */
  readonly holders: readonly Holder[];
  readonly licenseHolders: number;
}

export interface FindingList {
  readonly length: number;
  at(index: number): Finding | undefined;
}

/** Whose emails agree and who may have the whole procedure all the same, when a person chose them by hand. */
const fullByHand: readonly Reason[] = ['linkedin-disagrees', 'emails-agree', 'waiting-for-linkedin'];

/**
 * Sorts everybody in a plan's scope into exactly one place: candidates, the CRM change list, the identity request, or left out
 * with a reason.
 */
export function choosePeople(findings: FindingList, options: ChooseOptions): ChosenPeople {
  const { mode, crmName } = options;
  const candidates: Candidate[] = [];
  const crmChanges: CrmChange[] = [];
  const identityRequests: IdentityRequest[] = [];
  const leftOut: LeftOut[] = [];
  const { holders, crmEmails, chosen } = gather(findings, options);
  const whyNotTarget = targetGuard({
    ...options,
    crmEmails,
    companyDomains: [...options.companyDomains, ...options.domainAliases.map((alias) => alias.current)],
  });
  const unticked = new Set(options.leftOutByAdmin);
  const guarded = new Set(options.protected);
  const underRepair = new Set(options.underRepair);

  for (const finding of chosen) {
    const license = finding.license!;
    const place = placeOf(finding, options);
    const newEmail = place.kind === 'license' ? license.email : (finding.targetEmail ?? '');
    const leave = (code: string, sentence: string, nextStep: string): void => {
      leftOut.push({
        licenseId: license.id,
        name: license.name,
        licenseEmail: license.email,
        newEmail,
        code,
        sentence,
        nextStep,
        until: null,
      });
    };
    if (unticked.has(license.id)) {
      leave('left-out-by-you', 'Left out by you.', 'Nothing to do. A later plan may take them in again.');
      continue;
    }
    if (underRepair.has(license.id)) {
      leave('under-repair', 'Their repair is under way already.', 'Nothing to do here: look at that repair.');
      continue;
    }
    if (place.kind === 'nobody') {
      leave(place.code, finding.sentence, finding.nextStep);
      continue;
    }
    const crmUser = finding.crmUser!;
    if (place.kind === 'crm') {
      crmChanges.push({
        crm: crmUser.crm,
        crmUserId: crmUser.id,
        name: crmUser.name,
        crmEmail: crmUser.email,
        newEmail,
        licenseId: license.id,
        why: finding.changeEvidence.join('; '),
      });
      continue;
    }
    if (place.kind === 'email' && finding.managedBy === 'idp') {
      identityRequests.push({
        licenseId: license.id,
        uniqueUserId: license.uniqueUserId,
        name: license.name,
        existingEmail: license.email,
        newEmail,
        evidence: finding.managedByEvidence ?? '',
      });
      continue;
    }
    const standing = guardStanding(
      {
        isProtected: guarded.has(license.id),
        managedBy: finding.managedBy,
        sameId: finding.also.includes('duplicate-unique-user-id') ? 2 : 1,
      },
      mode === 'full' ? license.licenses : null,
    );
    const wrong: Pick<LeftOut, 'code' | 'sentence' | 'nextStep'> | null =
      standing ??
      (place.kind === 'email' ? wrongTarget(whyNotTarget, { email: newEmail, licenseId: license.id, crmUserId: crmUser.id }) : null);
    if (wrong !== null) {
      leave(wrong.code, wrong.sentence, wrong.nextStep);
      continue;
    }
    candidates.push({
      changesEmail: place.kind === 'email',
      row: {
        licenseId: license.id,
        seatId: license.seatId,
        uniqueUserId: license.uniqueUserId,
        name: license.name,
        existingEmail: license.email,
        newEmail,
        crmUserId: crmUser.id,
        rule: finding.rule,
        difference: finding.difference,
        after: null,
        licenses: [],
      },
    });
  }
  leftOut.push(...missing(options.scope, chosen, crmName));
  return { candidates, crmChanges, identityRequests, leftOut, holders, licenseHolders: holders.length - options.others.length };
}

const wrongTarget = (whyNot: (target: Target) => TargetTrip | null, target: Target): TargetTrip | null => whyNot(target);

function gather(
  findings: FindingList,
  { mode, scope, others }: ChooseOptions,
): {
  readonly holders: readonly Holder[];
  readonly crmEmails: readonly { readonly crmUserId: string; readonly email: string }[];
  readonly chosen: readonly Finding[];
} {
  const holders: Holder[] = [...others];
  const crmEmails: { crmUserId: string; email: string }[] = [];
  const chosen: Finding[] = [];
  const ids = new Set(scope.kind === 'people' ? scope.licenseIds : []);
  const isChosen = (finding: Finding, licenseId: string): boolean => {
    switch (scope.kind) {
      case 'people':
        return ids.has(licenseId);
      case 'root-cause':
        return finding.status === 'not-matched' && finding.rootCause === scope.id;
      case 'everybody':
        // The whole procedure is for people whom somebody chose, or whom LinkedIn shows Not Matched although the emails agree.
        return mode === 'full' ? finding.status === 'matched' && finding.reason === 'linkedin-disagrees' : finding.status === 'not-matched';
    }
  };
  for (let i = 0; i < findings.length; i++) {
    const finding = findings.at(i)!;
    if (finding.crmUser !== null) crmEmails.push({ crmUserId: finding.crmUser.id, email: finding.crmUser.email });
    if (finding.license === null) continue;
    holders.push(finding.license);
    if (isChosen(finding, finding.license.id)) chosen.push(finding);
  }
  return { holders, crmEmails, chosen };
}

/** Where somebody belongs before anything of a plan is asked. */
type Place = { readonly kind: 'nobody'; readonly code: string } | { readonly kind: 'crm' | 'email' | 'license' };

function placeOf(finding: Finding, { mode }: ChooseOptions): Place {
  const { status, reason, crmUser, changeSide, targetEmail } = finding;
  if (mode === 'full' && status === 'matched' && crmUser !== null && fullByHand.includes(reason)) return { kind: 'license' };
  if (status !== 'not-matched' || reason !== 'email-differs' || crmUser === null) return { kind: 'nobody', code: reason };
  if (changeSide !== 'license' && changeSide !== 'crm') return { kind: 'nobody', code: 'ask' };
  if (targetEmail === null) return { kind: 'nobody', code: reason };
  return { kind: changeSide === 'crm' ? 'crm' : 'email' };
}

/** Whoever was chosen and is not in the comparison must not vanish without a word. */
function missing(scope: PlanScope, chosen: readonly Finding[], crmName: string): readonly LeftOut[] {
  if (scope.kind !== 'people') return [];
  const found = new Set(chosen.map((finding) => finding.license!.id));
  return [...new Set(scope.licenseIds)]
    .filter((id) => !found.has(id))
    .map((licenseId) => ({
      licenseId,
      name: '',
      licenseEmail: '',
      newEmail: '',
      code: 'gone',
      sentence: 'The comparison does not have this license holder any more.',
      nextStep: `Bring a new export of LinkedIn and of ${crmName}, then choose again.`,
      until: null,
    }));
}
