import { dayInWords } from './messages.ts';

export type AddressAnswer = 'added' | 'no-account' | 'wrong-person';

/** What is known before somebody's first invitation: whoever accepts it with an address their account does not have gets a second profile. */
export interface FirstInvitationFacts {
  readonly question: { readonly askedAt: string; readonly answer: { readonly answer: AddressAnswer } | null } | null;
  /** An admin invites them without an answer. */
  readonly goOn: { readonly reason: string; readonly author: string } | null;
}

export interface FirstInvitationView {
  /** Nothing holds their first invitation. */
  readonly ready: boolean;
  readonly sentence: string;
  /** Why they are not invited yet. */
  readonly held: {
    readonly code: 'not-asked' | 'not-answered' | 'wrong-person';
    readonly sentence: string;
    readonly nextStep: string;
  } | null;
}

const answerSentences: Readonly<Record<AddressAnswer, string>> = {
  added: 'Has added the work email to LinkedIn: ready to be invited.',
  'no-account': 'Has no LinkedIn account, so no second profile can come: ready to be invited.',
  'wrong-person': 'The mail reached somebody else. Correct the email before you invite.',
};

export function viewFirstInvitation({ question, goOn }: FirstInvitationFacts): FirstInvitationView {
  const answer = question?.answer?.answer ?? null;
  if (answer === 'wrong-person')
    return {
      ready: false,
      sentence: answerSentences[answer],
      // No reason makes an invitation right that somebody else reads.
      held: {
        code: 'wrong-person',
        sentence: 'Asked about their LinkedIn account, the mail reached somebody else.',
        nextStep: 'Correct the email in the CRM, then compare again.',
      },
    };
  if (answer !== null) return { ready: true, sentence: answerSentences[answer], held: null };
  if (goOn !== null)
    return { ready: true, sentence: `Invited without an answer, says ${goOn.author}: ${goOn.reason.replace(/\.?$/u, '.')}`, held: null };
  if (question !== null)
    return {
      ready: false,
      sentence: `Asked on ${dayInWords(question.askedAt)}, no answer yet. Hold the invitation.`,
      held: {
        code: 'not-answered',
        sentence: `Asked on ${dayInWords(question.askedAt)} to add their work email to their LinkedIn account; no answer yet.`,
        nextStep: 'Wait for it, answer for them, or go on without it and say why.',
      },
    };
  return {
    ready: false,
    sentence: 'Not asked yet.',
    held: {
      code: 'not-asked',
      sentence: 'Nobody asked them to add their work email to their LinkedIn account: invited now, they may get a second profile.',
      nextStep: 'Ask them first, or go on without it and say why.',
    },
  };
}
