import { namesInWords } from './messages.ts';
import type { ContractFacts } from './settings.ts';
import type { SharedProduct } from './status.ts';

export const sharedProductLabels: Readonly<Record<SharedProduct, string>> = {
  recruiter: 'Recruiter',
  learning: 'LinkedIn Learning',
  'talent-insights': 'Talent Insights',
  'sales-insights': 'Sales Insights',
  'career-pages': 'Career Pages and Jobs',
};

/** What is still to be asked, each with what the answer is good for. */
export function openQuestions({ bought, purchased, sso, scim, scimOwner, sharedProducts, uploaders }: ContractFacts): readonly string[] {
  return [
    ...(purchased.advancedPlus === null && purchased.advanced === null
      ? ['How many licenses did you buy? Then we tell how many are free.']
      : []),
    ...(bought === null ? ['Was the contract bought online or through LinkedIn? It decides how licenses are bought and returned.'] : []),
    ...(sso === null ? ['Do people sign in to Sales Navigator with single sign-on?'] : []),
    ...(scim === null ? ['Is SCIM set up? Then changes belong in the identity provider.'] : []),
    ...(scim === true && scimOwner === '' ? ['Who looks after SCIM? They get the request files.'] : []),
    ...(sharedProducts === null ? ['Which other LinkedIn products share the profile? A change of the email reaches them too.'] : []),
    ...(uploaders.length === 0 ? ['Who can upload files in Admin Center? Only full admins can.'] : []),
  ];
}

/** What a plan does, as far as LinkedIn does something beyond it. */
export interface PlanDoes {
  readonly changesEmails: boolean;
  readonly takesLicenses: boolean;
  /** Names of people who get a license and pay for Sales Navigator themselves. */
  readonly paidByThemselves: readonly string[];
  /** A license goes from one person to another. */
  readonly handsOver: boolean;
}

/** What a plan must say because of the contract. */
export function contractWarnings(
  { sharedProducts: shared, sso, scim, scimOwner }: Pick<ContractFacts, 'sharedProducts' | 'sso' | 'scim' | 'scimOwner'>,
  { changesEmails, takesLicenses, paidByThemselves, handsOver }: PlanDoes,
): readonly string[] {
  const names = (shared ?? []).map((product) => sharedProductLabels[product]);
  return [
    ...(changesEmails && names.length > 0
      ? [`The enterprise profile is shared with ${names.join(', ')}: the new email holds there too.`]
      : []),
    ...(changesEmails && scim === true
      ? [
          `SCIM is set up${scimOwner === '' ? '' : `, and ${scimOwner} looks after it`}. Whom it manages is changed there: LinkedIn would undo a change made by hand.`,
        ]
      : []),
    ...(changesEmails && sso === true ? ['People sign in with single sign-on: tell the identity team before emails change.'] : []),
    ...(takesLicenses ? [savedDataWarning] : []),
    ...(paidByThemselves.length > 0
      ? [
          `${namesInWords(paidByThemselves)} ${paidByThemselves.length === 1 ? 'pays' : 'pay'} for Sales Navigator outside the contract, with a dashboard of their own. Ask LinkedIn about a data transfer before.`,
        ]
      : []),
    ...(handsOver || paidByThemselves.length > 0 ? [dataTransferWarning] : []),
  ];
}

/** LinkedIn help a8006942, a725179: which of its pages holds today is unclear, so the cautious one is shown. */
export const savedDataWarning =
  'Saved leads, lists and notes belong to one dashboard. LinkedIn does not say whether they outlast taking a license and giving it again.';

export const dataTransferWarning =
  'A data transfer replaces what the other dashboard has, takes up to 48 hours and cannot be undone. Ask LinkedIn support before.';
