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

/** What a plan must say because of the contract; each is something that LinkedIn does beyond the plan itself. */
export function contractWarnings(
  { sharedProducts: shared }: Pick<ContractFacts, 'sharedProducts'>,
  does: { readonly changesEmails: boolean; readonly takesLicenses: boolean },
): readonly string[] {
  const names = (shared ?? []).map((product) => sharedProductLabels[product]);
  return [
    ...(does.changesEmails && names.length > 0
      ? [`The enterprise profile is shared with ${names.join(', ')}: the new email holds there too.`]
      : []),
    ...(does.takesLicenses ? [savedDataWarning] : []),
  ];
}

/** LinkedIn help a8006942, a725179: which of its pages holds today is unclear, so the cautious one is shown. */
export const savedDataWarning =
  'Saved leads, lists and notes belong to one dashboard. LinkedIn does not say whether they outlast taking a license and giving it again.';

export const dataTransferWarning =
  'A data transfer replaces what the other dashboard has, takes up to 48 hours and cannot be undone. Ask LinkedIn support before.';
