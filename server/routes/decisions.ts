import type pg from 'pg';
import { createException, endException, listExceptions } from '../store/exception.ts';
import { createLink, endLink, listLinks } from '../store/link.ts';
import { notify } from '../store/notify.ts';
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

export function decisionRoutes({ pool, workspace }: { pool: pg.Pool; workspace: Workspace }): Pick<Handlers, DecisionEndpoint> {
  const tell = (id: string) => notify(pool, { workspace: workspace.workspaceId, kind: 'decision', id });
  const today = () => new Date().toISOString().slice(0, 10);
  return {
    async listLinks() {
      return { rows: await listLinks(pool, workspace) };
    },
    async createLink({ body, actor }) {
      const link = await createLink(pool, workspace, actor.name, { ...body, note: body.note ?? null });
      await tell(link.id);
      return link;
    },
    async deleteLink({ params, actor }) {
      if (!(await endLink(pool, workspace, actor.name, params.id))) throw notFound('This link');
      await tell(params.id);
    },
    async listExceptions() {
      return { rows: await listExceptions(pool, workspace) };
    },
    async createException({ body, actor }) {
      if (body.until < today())
        throw new RequestRefused(400, `The exception would end on ${body.until}, which is past. Give a day to come.`);
      const exception = await createException(pool, workspace, actor.name, body);
      await tell(exception.id);
      return exception;
    },
    async deleteException({ params, actor }) {
      if (!(await endException(pool, workspace, actor.name, params.id))) throw notFound('This exception');
      await tell(params.id);
    },
    async createObservedAnswer({ body, actor }) {
      // Tomorrow may be today already for somebody east of the server.
      if (body.on > new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)) {
        throw new RequestRefused(400, `${body.on} has not come yet. Give the day on which somebody looked in LinkedIn.`);
      }
      const answer = await createObservedAnswer(pool, workspace, actor.name, body);
      await tell(answer.id);
      return answer;
    },
  };
}
