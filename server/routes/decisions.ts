import type pg from 'pg';
import type { Clock } from '../jobs/clock.ts';
import { createException, endException, listExceptions } from '../store/exception.ts';
import { createLink, endLink, listLinks } from '../store/link.ts';
import { createObservedAnswer } from '../store/observed-answer.ts';
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
  return {
    async listLinks() {
      return { rows: await listLinks(pool, workspace) };
    },
    async createLink({ body, actor }) {
      return createLink(pool, workspace, actor.name, { ...body, note: body.note ?? null });
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
