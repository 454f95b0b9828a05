import type pg from 'pg';
import { sentenceOfDecision } from '../core/open-decisions.ts';
import type { Clock } from '../jobs/clock.ts';
import { lookAtDecisions, profileQuestionsNow } from '../jobs/look-at-decisions.ts';
import { createException, endException, listExceptions } from '../store/exception.ts';
import { createIdentityAnswer, endIdentityAnswer } from '../store/identity-answer.ts';
import { createLink, endLink, listLinks } from '../store/link.ts';
import { createObservedAnswer } from '../store/observed-answer.ts';
import { answerProfile, lastActivation } from '../store/profile-answer.ts';
import { sayOwnSubscription } from '../store/setting.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';
import { notFound, RequestRefused } from './problem.ts';

type DecisionEndpoint =
  | 'listLinks'
  | 'createLink'
  | 'deleteLink'
  | 'listExceptions'
  | 'createException'
  | 'deleteException'
  | 'listDecisions'
  | 'createIdentityAnswer'
  | 'deleteIdentityAnswer'
  | 'sayOwnSubscription'
  | 'answerProfile'
  | 'createObservedAnswer';

export function decisionRoutes({
  pool,
  workspace,
  clock,
}: {
  pool: pg.Pool;
  workspace: Workspace;
  clock: Clock;
}): Pick<Handlers, DecisionEndpoint> {
  const today = () => clock.now().toISOString().slice(0, 10);
  /** A day to look again on; null: never. */
  function toCome(day: string | undefined): string | null {
    if (day !== undefined && day <= today()) throw new RequestRefused(400, `${day} is not ahead. Give a day to come.`);
    return day ?? null;
  }
  return {
    async listDecisions() {
      const [seen, profileQuestions] = await Promise.all([
        lookAtDecisions(pool, workspace, clock.now()),
        profileQuestionsNow(pool, workspace, clock.now()),
      ]);
      return {
        profileQuestions,
        rows: seen.map(({ person, ...decision }) => ({
          ...decision,
          sentence: sentenceOfDecision(decision.kind, decision.state),
          person: person && { key: person.key, name: person.name, email: person.email },
        })),
      };
    },
    async createIdentityAnswer({ body, actor }) {
      const reviewOn = toCome(body.reviewOn);
      if (body.answer === 'later' && reviewOn === null) throw new RequestRefused(400, 'Give the day on which you want to be asked again.');
      return createIdentityAnswer(pool, workspace, actor.name, { ...body, reviewOn });
    },
    async deleteIdentityAnswer({ params, actor }) {
      if (!(await endIdentityAnswer(pool, workspace, actor.name, params.id))) throw notFound('This answer');
    },
    async answerProfile({ body, actor }) {
      const activation = await lastActivation(pool, workspace, body.licenseId);
      if (!activation) throw new RequestRefused(409, 'No list says when this person was activated, so there is nothing to answer.');
      await answerProfile(pool, workspace, actor.name, { ...body, activatedOn: activation.activatedOn });
    },
    async sayOwnSubscription({ body, actor }) {
      await sayOwnSubscription(pool, workspace, actor.name, body.crmUserId, body.has);
    },
    async listLinks() {
      return { rows: await listLinks(pool, workspace) };
    },
    async createLink({ body, actor }) {
      return createLink(pool, workspace, actor.name, { ...body, note: body.note ?? null, reviewOn: toCome(body.reviewOn) });
    },
    async deleteLink({ params, actor }) {
      if (!(await endLink(pool, workspace, actor.name, params.id))) throw notFound('This link');
    },
    async listExceptions() {
      return { rows: await listExceptions(pool, workspace) };
    },
    async createException({ body, actor }) {
      if (body.until < today())
        throw new RequestRefused(400, `The exception would end on ${body.until}, which is past. Give a day to come.`);
      return createException(pool, workspace, actor.name, body);
    },
    async deleteException({ params, actor }) {
      if (!(await endException(pool, workspace, actor.name, params.id))) throw notFound('This exception');
    },
    async createObservedAnswer({ body, actor }) {
      // Tomorrow may be today already for somebody east of the server.
      if (body.on > new Date(clock.now().getTime() + 86_400_000).toISOString().slice(0, 10)) {
        throw new RequestRefused(400, `${body.on} has not come yet. Give the day on which somebody looked in LinkedIn.`);
      }
      return createObservedAnswer(pool, workspace, actor.name, body);
    },
  };
}
