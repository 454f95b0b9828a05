import { dayInWords } from './messages.ts';
import type { Actor } from './status.ts';

/** How invitations are followed; a setting. */
export interface InvitationRules {
  /** Whether people are reminded by themselves. */
  readonly remind: boolean;
  /** Days after LinkedIn's own mail before the first reminder. */
  readonly firstAfterDays: number;
  /** Days that nobody is written to again. */
  readonly cooldownDays: number;
  readonly mostReminders: number;
  /** LinkedIn's advice is to resend after a week. */
  readonly resendAfterDays: number;
  /** LinkedIn's advice is 90. */
  readonly targetPercent: number;
}

const dayMs = 86_400_000;

/** How old an open invitation is: `late` once several of them went unanswered. */
export type InvitationAge = 'fresh' | 'due' | 'late';

/** So many invitations without an answer: another one is no help. */
const mostInvitations = 3;

export interface InvitationFacts {
  readonly invitedAt: string | null;
  readonly since: string;
  readonly times: number;
  readonly inRepair: boolean;
  /** An open batch that has them: when it was made, and when a person said that it was carried out. */
  readonly batch: { readonly madeAt: string; readonly doneAt: string | null } | null;
}

export interface InvitationView {
  readonly days: number;
  readonly age: InvitationAge;
  readonly actor: Actor;
  readonly sentence: string;
  readonly nextStep: string;
}

export const daysSince = (since: string, now: string): number => Math.max(0, Math.floor((Date.parse(now) - Date.parse(since)) / dayMs));

const days = (n: number): string => (n === 0 ? 'today' : n === 1 ? 'yesterday' : `${n} days ago`);

/** Who must do what about one open invitation. */
export function viewInvitation(facts: InvitationFacts, rules: InvitationRules, now: string): InvitationView {
  const age = daysSince(facts.since, now);
  const isDue = age >= rules.resendAfterDays;
  const sentence =
    facts.invitedAt === null
      ? `Open at least since ${dayInWords(facts.since)}; the list has no invited date.`
      : `Invited ${days(age)}${facts.times > 1 ? `, for the ${ordinal(facts.times)} time` : ''}; not accepted.`;
  const view = (actor: Actor, nextStep: string): InvitationView => ({
    days: age,
    age: !isDue ? 'fresh' : facts.times >= mostInvitations ? 'late' : 'due',
    actor,
    sentence,
    nextStep,
  });
  if (facts.inRepair) return view('the-person', 'Nothing to do here: the repair that gave their license back reminds them.');
  if (facts.batch?.doneAt)
    return view('linkedin-admin', `Bring a new export: you said on ${dayInWords(facts.batch.doneAt)} that it was sent.`);
  if (facts.batch) return view('linkedin-admin', `Carry out the batch of ${dayInWords(facts.batch.madeAt)} in Admin Center.`);
  if (!isDue) {
    const until = new Date(Date.parse(facts.since) + rules.resendAfterDays * dayMs).toISOString();
    return view('the-person', `Accept the invitation. Resend it if it is still open on ${dayInWords(until)}.`);
  }
  if (facts.times >= mostInvitations)
    return view('linkedin-admin', `Call them: ${facts.times} invitations went unanswered. Else give the license to somebody who uses it.`);
  return view('linkedin-admin', 'Resend the invitation in Admin Center.');
}

const ordinal = (n: number): string => {
  const ending = n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${ending}`;
};

export interface ActivationNumbers {
  readonly invited: number;
  readonly activated: number;
}

/** Percent, rounded down so that nobody reads 90 before it is; null where there is nobody. */
export const activationRate = ({ invited, activated }: ActivationNumbers): number | null =>
  invited + activated === 0 ? null : Math.floor((100 * activated) / (invited + activated));

/** One sentence of how many have activated, and how many more make the target. */
export function activationSentence(numbers: ActivationNumbers, targetPercent: number): string {
  const all = numbers.invited + numbers.activated;
  if (all === 0) return 'Nobody with a license stands in the newest list.';
  const needed = Math.ceil((all * targetPercent) / 100) - numbers.activated;
  const have = `${numbers.activated.toLocaleString('en-US')} of ${all.toLocaleString('en-US')} people with a license have activated it.`;
  if (needed <= 0) return `${have} That is LinkedIn's target of ${targetPercent} % or more.`;
  return `${have} ${needed.toLocaleString('en-US')} more make the target of ${targetPercent} %.`;
}
