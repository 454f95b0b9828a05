import { type ParsedEmail, publicMailProviders } from './email.ts';
import type { DescribedDifference } from './email-difference.ts';
import type { ChangeSide } from './status.ts';

/** What is known about the two addresses of one person whose owner is certain. */
export interface ChangeFacts {
  readonly license: ParsedEmail;
  readonly crm: ParsedEmail;
  readonly difference: DescribedDifference;
  readonly isCompanyDomain: (domain: string) => boolean;
  /** What a declared old domain became. */
  readonly successor: (domain: string) => string | undefined;
  /** Whether a local part follows the way this domain writes this person's name; null where nobody can tell. */
  readonly fitsColleagues: (local: string, domain: string) => boolean | null;
  /** Somebody else already has the CRM's address in LinkedIn, or the license's in the CRM. */
  readonly crmAddressTaken: boolean;
}

export interface ChangeDecision {
  readonly side: ChangeSide;
  /** In words, strongest first; never an address. */
  readonly evidence: readonly string[];
}

/**
 * Which of two differing addresses is wrong (design: "Which side to change"). LinkedIn's procedure changes the license, so the
 * license changes unless something speaks against it; where both sides have something against them, a person is asked.
 */
export function decideChangeSide(facts: ChangeFacts): ChangeDecision {
  const { license, crm, difference } = facts;
  if (crm.kind !== 'address') return { side: 'crm', evidence: ['the CRM email is not an address'] };
  if (license.kind !== 'address') return { side: 'license', evidence: ['the license email is not an address'] };
  const named = difference.difference;
  if (named === 'invisible-character' || named === 'look-alike-letter') {
    const what = named === 'invisible-character' ? 'an invisible character' : 'a look-alike letter';
    return difference.side === 'crm'
      ? { side: 'crm', evidence: [`the CRM email holds ${what}`] }
      : difference.side === 'both'
        ? { side: 'ask', evidence: [`both emails hold ${what}`] }
        : { side: 'license', evidence: [`the license email holds ${what}`] };
  }
  if (named === 'plus-tag' && difference.side !== 'both') {
    return difference.side === 'crm'
      ? { side: 'crm', evidence: ['the CRM email has a +tag'] }
      : { side: 'license', evidence: ['the license email has a +tag'] };
  }

  const againstCrm: string[] = [];
  const againstLicense: string[] = [];
  const licenseIsOwn = facts.isCompanyDomain(license.domain);
  const crmIsOwn = facts.isCompanyDomain(crm.domain);
  if (licenseIsOwn && !crmIsOwn) {
    againstCrm.push(
      publicMailProviders.has(crm.domain) ? 'the CRM email is a private address' : 'the CRM email is not on a company domain',
    );
  }
  if (crmIsOwn && !licenseIsOwn) {
    againstLicense.push(
      publicMailProviders.has(license.domain) ? 'the license email is a private address' : 'the license email is not on a company domain',
    );
  }
  if (facts.successor(license.domain) === crm.domain) againstLicense.push('the license email is on the old domain');
  if (facts.successor(crm.domain) === license.domain) againstCrm.push('the CRM email is on the old domain');
  if (named === 'other' || named === 'dots') {
    const licenseFits = facts.fitsColleagues(license.local, license.domain);
    const crmFits = facts.fitsColleagues(crm.local, crm.domain);
    if (licenseFits === true && crmFits === false) againstCrm.push('colleagues’ addresses are written as the license email is');
    if (crmFits === true && licenseFits === false) againstLicense.push('colleagues’ addresses are written as the CRM email is');
  }
  if (facts.crmAddressTaken) againstCrm.push('somebody else holds a license with the CRM email');

  if (againstCrm.length > 0 && againstLicense.length > 0) return { side: 'ask', evidence: [...againstLicense, ...againstCrm] };
  if (againstCrm.length > 0) return { side: 'crm', evidence: againstCrm };
  if (againstLicense.length > 0) return { side: 'license', evidence: againstLicense };
  if (!licenseIsOwn && !crmIsOwn) return { side: 'ask', evidence: ['neither email is on a company domain'] };
  return { side: 'license', evidence: ['LinkedIn follows the CRM, and nothing speaks against the CRM email'] };
}
