import type { Request, Response } from 'express';
import type pg from 'pg';
import type { Session } from '../api.ts';
import { type Actor, createSession, deleteSession, findSession, useSignInCode } from '../store/session.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';
import { RequestRefused } from './problem.ts';

const cookieName = 'seatmatch_session';
const sessionDays = 30;

export interface Sessions {
  readonly pool: pg.Pool;
  readonly workspace: Workspace;
  readonly mode: 'demo' | 'serve';
}

/** The session's token from the Cookie header; '' without one. */
export function tokenOf(request: Request): string {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=');
    if (name === cookieName && value) return value;
  }
  return '';
}

/** Who asks; null when nobody is signed in. */
export async function findActor({ pool, workspace }: Sessions, request: Request): Promise<Actor | null> {
  const token = tokenOf(request);
  return token ? findSession(pool, workspace.workspaceId, token) : null;
}

/** Opens a session for a user and puts it into the answer's cookie. Strict: another site's links and forms never carry it. */
export async function openSession({ pool, workspace }: Sessions, userId: string, response: Response): Promise<void> {
  const expiresAt = new Date(Date.now() + sessionDays * 86_400_000);
  const token = await createSession(pool, workspace.workspaceId, userId, expiresAt);
  response.cookie(cookieName, token, { httpOnly: true, sameSite: 'strict', path: '/', expires: expiresAt });
}

export function sessionRoutes(sessions: Sessions): Pick<Handlers, 'getSession' | 'signIn' | 'signOut'> {
  const { pool, workspace, mode } = sessions;
  const describe = (actor: Actor | null): Session => ({
    signedIn: actor !== null,
    mode,
    actor,
    workspace: actor && { id: workspace.workspaceId, name: workspace.name },
  });
  return {
    async getSession({ actor }) {
      return describe(actor);
    },
    async signIn({ body, response }) {
      const used = await useSignInCode(pool, workspace.workspaceId, body.code);
      if (!used) {
        throw new RequestRefused(403, 'This link was used already or is too old. Restart the server to get a new one.');
      }
      await openSession(sessions, used.id, response);
      return describe(used);
    },
    async signOut({ request, response }) {
      await deleteSession(pool, workspace.workspaceId, tokenOf(request));
      response.clearCookie(cookieName, { path: '/' });
    },
  };
}
