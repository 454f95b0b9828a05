import type { PlanFileKind } from './status.ts';

/** One step in Admin Center, on a desktop. `href` is a page of LinkedIn's help. */
export interface GuidedStep {
  readonly sentence: string;
  readonly href: string | null;
}

const help = (article: string): string => `https://www.linkedin.com/help/sales-navigator/answer/${article}`;

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
        { sentence: 'Open their enterprise profile, choose Edit, and replace the email.', href: help('a9528071') },
        { sentence: 'Save, and check that the list shows the new email.', href: null },
      ];
    case 'license-off':
      return [
        open,
        { sentence: 'Choose Manage licenses and set Sales Navigator to No license.', href: help('a162746') },
        { sentence: 'Wait until the person has left the list of license holders.', href: null },
      ];
    case 'license-on':
      return [
        open,
        { sentence: 'Choose Manage licenses and assign the same license as before.', href: help('a162746') },
        { sentence: 'Check that the status is Invited: the new invitation has gone out.', href: null },
      ];
  }
}
