import type { GuidedStep } from './guided-steps.ts';
import type { AdminCenterSetting } from './settings.ts';
import { type CenterGeneration, type CenterPage, centerPages } from './status.ts';

/**
 * The one address that LinkedIn's people gave admins, also those who see Seat Management only (customer community, "Account Center"). It
 * is older than Admin Center's name: where it leads elsewhere, an admin puts their own in its place.
 */
const users = 'https://www.linkedin.com/accountcenter/sales/users2';
const home = 'https://www.linkedin.com/sales';
const knownLinks: Readonly<Record<CenterPage, string>> = { users, groups: users, admins: users, settings: home };

/** How the pages are reached by hand. Steps are written for Admin Center; for the others their way takes its place. */
export const centerWays: Readonly<Record<CenterGeneration, Readonly<Record<CenterPage, string>>>> = {
  'admin-center': {
    groups: 'Admin Center → Users → Groups',
    users: 'Admin Center → Users',
    admins: 'Admin Center → Admins',
    settings: 'Admin Center → Settings',
  },
  'account-center': {
    groups: 'Account Center → People → Groups',
    users: 'Account Center → People → Users',
    admins: 'Account Center → People → Admins',
    settings: 'Account Center → Settings',
  },
  'seat-management': {
    groups: 'Admin → Seat Management (groups are in Account Center only: open its direct link)',
    users: 'Admin → Seat Management',
    admins: 'Admin → Seat Management',
    settings: 'Admin → Admin Settings',
  },
};

/** The address of a page: an admin's own, else the one that is known. */
export const centerLink = ({ generation, links }: AdminCenterSetting, page: CenterPage): string =>
  links.find((link) => link.generation === generation && link.page === page)?.href ?? knownLinks[page];

/** Steps in the words of the generation that somebody sees, each that names a page with its link. */
export const inCenter = (setting: AdminCenterSetting, steps: readonly GuidedStep[]): readonly GuidedStep[] =>
  steps.map((step) => {
    const written = centerWays['admin-center'];
    const page = pagesLongestFirst.find((one) => step.sentence.includes(written[one]));
    if (page === undefined) return step;
    return {
      sentence: step.sentence.replace(written[page], centerWays[setting.generation][page]),
      href: step.href ?? centerLink(setting, page),
    };
  });

/** "Admin Center → Users → Groups" begins like "Admin Center → Users". */
const pagesLongestFirst: readonly CenterPage[] = centerPages.toSorted(
  (a, b) => centerWays['admin-center'][b].length - centerWays['admin-center'][a].length,
);

/** Every page with how it is reached and where it is, for whoever corrects the addresses. */
export const centerView = (setting: AdminCenterSetting) =>
  centerPages.map((page) => ({
    page,
    way: centerWays[setting.generation][page],
    href: centerLink(setting, page),
    known: knownLinks[page],
  }));

/** LinkedIn's own hosts over https: a link that an admin follows with all their rights must lead nowhere else. */
export function isLinkedInAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password } = new URL(address);
  return protocol === 'https:' && (hostname === 'linkedin.com' || hostname.endsWith('.linkedin.com')) && username === '' && password === '';
}
