import { joinKeyOf, parseEmail } from './email.ts';
import { guardSentence } from './wording.ts';

/** Why an address may not become somebody's license email. */
export interface TargetTrip {
  readonly code: 'not-an-address' | 'invalid-domain' | 'target-domain' | 'target-taken-before' | 'target-taken';
  readonly sentence: string;
  readonly nextStep: string;
}

export interface TargetRules {
  readonly crmName: string;
  readonly companyDomains: readonly string[];
  /** License ids whose new address was released though it is on no company domain. */
  readonly released: readonly string[];
  /** Addresses that belonged to somebody in an earlier reconciliation. */
  readonly formerEmails: readonly { readonly licenseId: string; readonly email: string }[];
  /** Who has which address in the CRM now. */
  readonly crmEmails: readonly { readonly crmUserId: string; readonly email: string }[];
}

export interface Target {
  readonly email: string;
  readonly licenseId: string;
  readonly crmUserId: string;
}

/**
 * A target address is an address, on a company domain or released for this person, never in .invalid, and nobody else's in the CRM
 * now or in an earlier reconciliation. Whether somebody else has it in LinkedIn depends on the order of the changes.
 */
export function targetGuard({
  crmName,
  companyDomains,
  released,
  formerEmails,
  crmEmails,
}: TargetRules): (target: Target) => TargetTrip | null {
  const domains = new Set(companyDomains.map((domain) => domain.toLowerCase()));
  const free = new Set(released);
  const former = ownersOf(formerEmails.map(({ licenseId, email }) => ({ id: licenseId, email })));
  const inCrm = ownersOf(crmEmails.map(({ crmUserId, email }) => ({ id: crmUserId, email })));
  const correct = `Correct the email in ${crmName}, then compare again.`;
  return ({ email, licenseId, crmUserId }) => {
    const parsed = parseEmail(email);
    if (parsed.kind !== 'address')
      return { code: 'not-an-address', sentence: 'The new address is not an email address.', nextStep: correct };
    if (parsed.domain.endsWith('.invalid'))
      return {
        code: 'invalid-domain',
        sentence: 'The new address ends in .invalid, as in a sandbox: no mail can reach it.',
        nextStep: correct,
      };
    if (!domains.has(parsed.domain) && !free.has(licenseId))
      return {
        code: 'target-domain',
        sentence: guardSentence('target-domain', { crmName }),
        nextStep: `Release the address for this person, or correct it in ${crmName}.`,
      };
    const key = joinKeyOf(email);
    if (isOthers(former.get(key), licenseId))
      return {
        code: 'target-taken-before',
        sentence: 'The new address belonged to somebody else in an earlier comparison. It may be reused.',
        nextStep: 'Ask who uses this address today, then link the right person.',
      };
    if (isOthers(inCrm.get(key), crmUserId))
      return targetTaken(`Somebody else already has the new address in ${crmName}. Solve that person first.`);
    return null;
  };
}

export const targetTaken = (sentence: string = guardSentence('target-taken')): TargetTrip => ({
  code: 'target-taken',
  sentence,
  nextStep: 'Repair or correct the person who has this address, then plan again.',
});

function ownersOf(people: readonly { readonly id: string; readonly email: string }[]): ReadonlyMap<string, ReadonlySet<string>> {
  const owners = new Map<string, Set<string>>();
  for (const { id, email } of people) {
    const key = joinKeyOf(email);
    owners.set(key, (owners.get(key) ?? new Set()).add(id));
  }
  return owners;
}

const isOthers = (owners: ReadonlySet<string> | undefined, id: string): boolean =>
  owners !== undefined && [...owners].some((owner) => owner !== id);
