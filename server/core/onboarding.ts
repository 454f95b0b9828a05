import { hasCrmSync } from './crm-sync.ts';
import { copyLinkSteps, type GuidedStep, helpPage } from './guided-steps.ts';

/** What helps one person into Sales Navigator, or right after they came in. */
export interface Onboarding {
  readonly state: 'stuck' | 'invited' | 'activated';
  readonly sentence: string;
  readonly parts: readonly { readonly id: OnboardingPart; readonly title: string; readonly steps: readonly GuidedStep[] }[];
  /** Whether they see their usual connections; null while it is too early to ask. */
  readonly question: { readonly sentence: string; readonly activatedOn: string } | null;
}

export type OnboardingPart = 'call' | 'activation-link' | 'troubleshooting' | 'checklist';

const step = (sentence: string, article: string | null = null): GuidedStep => ({ sentence, href: article && helpPage(article) });

/** Somebody reaches them by voice: a third mail would not be read either. */
const call = [
  step('Call them. Ask if a mail from LinkedIn about Sales Navigator is in the new mailbox, also under spam.'),
  step('Ask if they sign in to the LinkedIn account they always had. If it shows no connections, stop: it is a second profile.'),
  step('Stay on the phone while they open the activation link.'),
];

const troubleshooting = [
  step('No mail: look under spam, then resend the invitation or copy the activation link.', 'a105138'),
  step('The mail went to an address they no longer read: correct the email first, then resend.', 'a9528071'),
  step('LinkedIn asks for another account: sign out everywhere, then open the link in a private window and sign in as always.'),
  step(
    'A new, empty profile is shown: do not go on. Add the work email to the usual account, remove it from the new one, open the link again.',
  ),
  step('“You don’t have access”: check in Admin Center → Users that the license is assigned and the status is Invited.'),
  step('Nothing helps: download the support packet below and send it to LinkedIn support.'),
];

const checklist = (isSynced: boolean): readonly GuidedStep[] => [
  step('They sign in at linkedin.com/sales and see their usual connections.'),
  step('On the first visit they confirm what they sell and to whom; it can be changed later.'),
  ...(isSynced ? [step('Enable CRM for them: Admin Center → Users, the person, CRM sync.', 'a162746')] : []),
  step('They install the mobile app and sign in with the same account.'),
  ...(isSynced ? [step('Bring a new export after LinkedIn’s daily job: it shows Matched.')] : []),
];

/** Asked from this many days after an activation on: a new profile shows itself only once somebody works with it. */
export const profileQuestionDays = 2;
/** Whoever was activated longer ago than this is no newcomer. */
export const newcomerDays = 14;

/** @param activatedOn YYYY-MM-DD @param answered whether the question was answered for that activation */
export function onboardingOf(person: {
  readonly reason: string;
  readonly state: 'invited' | 'activated' | 'assigned';
  readonly activatedOn: string | null;
  readonly answered: boolean;
  readonly today: string;
  /** Which kind of CRM the contract has. */
  readonly crmKind: string;
}): Onboarding | null {
  const { reason, state, activatedOn, answered, today, crmKind } = person;
  const help = [
    { id: 'activation-link' as const, title: 'The activation link', steps: copyLinkSteps('the person') },
    { id: 'troubleshooting' as const, title: 'When it does not work', steps: troubleshooting },
  ];
  if (reason === 'stuck-onboarding')
    return {
      state: 'stuck',
      sentence: 'They can’t get in. Reminders did not help: somebody has to talk to them.',
      parts: [{ id: 'call', title: 'Call them', steps: call }, ...help],
      question: null,
    };
  if (state === 'invited')
    return { state, sentence: 'They have not accepted the invitation. This helps when they ask.', parts: help, question: null };
  if (activatedOn === null) return null;
  const days = Math.floor((Date.parse(today) - Date.parse(activatedOn)) / 86_400_000);
  if (days < 0 || days > newcomerDays) return null;
  return {
    state: 'activated',
    sentence: 'They came in just now. This makes it complete.',
    parts: [{ id: 'checklist', title: 'Right after activation', steps: checklist(hasCrmSync(crmKind)) }],
    question:
      days >= profileQuestionDays && !answered
        ? { activatedOn, sentence: 'Ask them: do they see their usual connections in Sales Navigator?' }
        : null,
  };
}
