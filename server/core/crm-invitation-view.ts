import type { GuidedStep } from './guided-steps.ts';
import { daysSince } from './invitation-view.ts';
import type { CrmInvitation } from './read-invitations.ts';

/** Zoho's invitations live so long (help, “Re-Invite Users”); no API tells it. */
export const crmInvitationDays = 7;

const activation = 'https://www.zoho.com/crm/help/security/activate-and-deactivate-users.html';

/** In the words of Zoho's help; other CRMs have no invitation that a person must accept. */
export function reinviteSteps(crm: string, crmName: string): readonly { readonly title: string; readonly steps: readonly GuidedStep[] }[] {
  if (crm !== 'zoho')
    return [
      {
        title: 'Invite again',
        steps: [
          {
            sentence: `In ${crmName}, open its list of users and send the invitation again. Activate deactivated users first.`,
            href: null,
          },
        ],
      },
    ];
  const begin: readonly GuidedStep[] = [
    { sentence: 'Log in to Zoho CRM with Administrator privileges.', href: null },
    { sentence: 'Click Setup > Users & Permissions > Users.', href: null },
  ];
  return [
    {
      title: 'Invite again',
      steps: [
        ...begin,
        { sentence: 'In the Users page, point your mouse to the user and click the Settings icon. Click Re-invite.', href: null },
        {
          sentence: 'Or go to the Unconfirmed Users view and select the user to re-invite. The mail goes to their email address.',
          href: null,
        },
      ],
    },
    {
      title: 'Deactivated users: activate them first',
      steps: [
        ...begin,
        {
          sentence: 'In the Users page, select the Inactive Users view, move your mouse pointer to the user and click Activate.',
          href: activation,
        },
        { sentence: 'Go on as above: point to the user, click the Settings icon, then Re-invite.', href: null },
      ],
    },
  ];
}

export interface CrmInvitationView {
  readonly since: string;
  readonly days: number;
  readonly expired: boolean;
  readonly sentence: string;
  readonly nextStep: string;
}

/** How old an invitation to the CRM is: counted from the day on which the user was made, or from the day on which somebody says they were invited again. */
export function viewCrmInvitation(
  {
    active,
    createdAt,
    firstSeenAt,
    reinvited,
  }: Pick<CrmInvitation, 'active' | 'createdAt'> & {
    readonly firstSeenAt: string;
    readonly reinvited: { readonly at: string } | null;
  },
  crmName: string,
  now: string,
): CrmInvitationView {
  const since = reinvited?.at ?? createdAt ?? firstSeenAt;
  const days = daysSince(since, now);
  const expired = days >= crmInvitationDays;
  const ago = days === 0 ? 'today' : days === 1 ? 'yesterday' : `${days} days ago`;
  const view = { since, days, expired };
  if (!active)
    return {
      ...view,
      sentence: `Deactivated in ${crmName}, and never confirmed.`,
      nextStep: `Activate them in ${crmName} first, then re-invite them.`,
    };
  if (reinvited !== null && !expired)
    return {
      ...view,
      sentence: `Re-invited ${ago}, you said. Not confirmed in the newest list.`,
      nextStep: `Wait for them to accept. The next list of ${crmName} shows it.`,
    };
  return expired
    ? {
        ...view,
        sentence: `Invited to ${crmName} ${ago}. The invitation lives ${crmInvitationDays} days.`,
        nextStep: `Re-invite them in ${crmName}.`,
      }
    : {
        ...view,
        sentence: `Invited to ${crmName} ${ago}, not accepted yet.`,
        nextStep: `Wait until day ${crmInvitationDays}, then re-invite them.`,
      };
}
