import type { PlanFileKind } from './status.ts';

/**
 * One step in Admin Center, on a desktop. `href` is a page of LinkedIn's help; the addresses of Admin Center itself are an admin's to change,
 * so `inCenter` puts them in.
 */
export interface GuidedStep {
  readonly sentence: string;
  readonly href: string | null;
}

/** Where LinkedIn's help on Sales Navigator begins, for what has no page that is known. */
export const helpHome = 'https://www.linkedin.com/help/sales-navigator';

/** A page of LinkedIn's help on Sales Navigator. */
export const helpPage = (article: string): string => `${helpHome}/answer/${article}`;

const open: GuidedStep = { sentence: 'On a desktop, as an admin: Admin Center → Users. Search for the person.', href: null };

/**
 * LinkedIn's own procedure for one person by hand, in order (help a162746, a9528071, a108067). Where Admin Center still shows Seat
 * Management, the same menus hang on the person's row there.
 */
export function guidedSteps(kind: PlanFileKind): readonly GuidedStep[] {
  switch (kind) {
    case 'email-change':
    case 'domain-change':
      return [
        { sentence: 'Tell the person to add the new email to their existing LinkedIn account first.', href: null },
        open,
        { sentence: 'Open their enterprise profile, choose Edit, and replace the email.', href: helpPage('a9528071') },
        { sentence: 'Save, and check that the list shows the new email.', href: null },
      ];
    case 'license-off':
      return [
        open,
        { sentence: 'Choose Manage licenses and set Sales Navigator to No license.', href: helpPage('a162746') },
        { sentence: 'Wait until the person has left the list of license holders.', href: null },
      ];
    case 'license-on':
      return [
        open,
        { sentence: 'Choose Manage licenses and assign the same license as before.', href: helpPage('a162746') },
        { sentence: 'Check that the status is Invited: the new invitation has gone out.', href: null },
      ];
  }
}

/** To whom LinkedIn shows as Invited, in its own words (help a105138). */
export const toInvited: readonly GuidedStep[] = [
  { sentence: 'On a desktop, sign in to Sales Navigator. The mobile app has no admin pages.', href: null },
  { sentence: 'Click Admin in the top menu, then Admin Center → Users.', href: null },
  {
    sentence: 'On the Users tab, click the License status filter and select Invited from the dropdown menu.',
    href: helpPage('a105138'),
  },
];

/** The link that lets one person in. @param whom as the reader finds them: "the person" */
export const copyLinkSteps = (whom: string): readonly GuidedStep[] => [
  ...toInvited,
  { sentence: `Select the checkbox next to ${whom}.`, href: null },
  { sentence: 'Click Copy invite link, or Resend invite email and then Copy activation link.', href: helpPage('a105138') },
  { sentence: 'Send the link to them alone, by email or chat: it is theirs.', href: null },
];

/** LinkedIn's welcome email once more. @param whom as the reader finds them: "the person" */
export const resendSteps = (whom: string): readonly GuidedStep[] => [
  ...toInvited,
  { sentence: `Select the checkbox next to ${whom}.`, href: null },
  { sentence: 'Click Resend invite email in the License Status column.', href: null },
  { sentence: 'In the dialog, select Resend welcome email. A confirmation message says that it was sent.', href: null },
];

const upload: GuidedStep = {
  sentence: 'On a desktop, as a full admin: Admin Center → Users → Manage users via CSV → Upload, and choose the file.',
  href: helpPage('a133029'),
};

/** Adding users by a file. */
export const addByFileSteps: readonly GuidedStep[] = [
  {
    sentence: 'Download the file. No ID in it is somebody else’s: LinkedIn would overwrite them. Don’t open it in Excel: it drops zeros.',
    href: null,
  },
  upload,
  { sentence: 'Read LinkedIn’s result file: rows with a message were not added.', href: helpPage('a106098') },
  { sentence: 'Download all users again and compare: whoever was added has a license then.', href: null },
];

/** Adding users by their addresses. */
export const addByEmailSteps: readonly GuidedStep[] = [
  { sentence: 'On a desktop, as an admin: Admin Center → Users → Add users → by email.', href: helpPage('a105137') },
  { sentence: 'Paste one block: Admin Center takes 50 addresses at once.', href: null },
  { sentence: 'Choose the license: Advanced, Advanced Plus or TeamLink Extend. Only Advanced Plus syncs with a CRM.', href: null },
  { sentence: 'Confirm. Each person is sent a welcome email; then paste the next block.', href: null },
  { sentence: 'Download all users again and compare: whoever was added has a license then.', href: null },
];

/** LinkedIn's advice for the time before somebody is given access. */
export const beforeInvitingSteps: readonly GuidedStep[] = [
  { sentence: 'Ask them to add their work email to their LinkedIn account, so that no second profile is made.', href: null },
  { sentence: 'Tell them to sign in with the LinkedIn account they have.', href: null },
  {
    sentence: 'LinkedIn sends each of them a welcome email by itself, and a push notification where the work email is their primary one.',
    href: null,
  },
  { sentence: 'Admins who only manage need no license: an admin without one counts against none.', href: helpPage('a150068') },
];

/** Where groups and permissions are changed: never by a file of ours. */
export const groupSteps: readonly GuidedStep[] = [
  { sentence: 'Groups: on a desktop, Admin Center → Users → Groups. Open the group and add or remove people.', href: null },
  { sentence: 'Permissions: Admin Center → Admins → “…” beside the person → Manage permissions.', href: helpPage('a150068') },
];
