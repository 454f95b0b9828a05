import { newcomerDays, profileQuestionDays } from '../core/onboarding.ts';
import { daysAfter, stateOfDecision } from '../core/open-decisions.ts';
import type { DecisionKind, DecisionState } from '../core/status.ts';
import type { Queryable, Scope } from '../store/database.ts';
import { listExceptions } from '../store/exception.ts';
import { type PersonOfLicense, peopleOfLicenses } from '../store/finding.ts';
import { listIdentityAnswers } from '../store/identity-answer.ts';
import { listLinks } from '../store/link.ts';
import { listProfileQuestions, type ProfileQuestion } from '../store/profile-answer.ts';

export interface SeenDecision {
  readonly kind: DecisionKind;
  readonly state: DecisionState;
  readonly id: string;
  readonly licenseId: string;
  readonly crmUserId: string | null;
  /** Null where no list has them any more. */
  readonly person: PersonOfLicense | null;
  readonly reason: string | null;
  readonly on: string | null;
  readonly author: string;
  readonly at: string;
}

/** Everything that people decided and that holds, and whether somebody has to look at it again. */
export async function lookAtDecisions(db: Queryable, scope: Scope, now: Date): Promise<SeenDecision[]> {
  const [links, exceptions, answers] = await Promise.all([listLinks(db, scope), listExceptions(db, scope), listIdentityAnswers(db, scope)]);
  const decided = [
    ...links.map(({ note, reviewOn, ...link }) => ({ ...link, kind: 'link' as const, reason: note, on: reviewOn })),
    ...exceptions.map(({ until, ...exception }) => ({ ...exception, kind: 'exception' as const, crmUserId: null, on: until })),
    ...answers.map(({ answer, reviewOn, ...rest }) => ({ ...rest, kind: answer, crmUserId: null, on: reviewOn })),
  ];
  const people = await peopleOfLicenses(db, scope, [...new Set(decided.map(({ licenseId }) => licenseId))]);
  const today = now.toISOString().slice(0, 10);
  return decided.map((decision) => {
    const person = people.get(decision.licenseId) ?? null;
    return { ...decision, person, state: stateOfDecision(decision, person, today) };
  });
}

/** Who is to be asked now whether they see their usual connections. */
export function profileQuestionsNow(db: Queryable, scope: Scope, now: Date): Promise<ProfileQuestion[]> {
  const today = now.toISOString().slice(0, 10);
  return listProfileQuestions(db, scope, daysAfter(today, -newcomerDays), daysAfter(today, -profileQuestionDays));
}
