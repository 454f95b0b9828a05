import express, { type Express } from 'express';
import type pg from 'pg';
import type { OfferTools } from './jobs/offer-files.ts';
import type { FileOpeners } from './jobs/recognize-file.ts';
import { decisionRoutes } from './routes/decisions.ts';
import { mountEndpoints } from './routes/endpoint.ts';
import { guardOrigin } from './routes/guard-origin.ts';
import { overviewRoutes } from './routes/overview.ts';
import { mountPages } from './routes/pages.ts';
import { peopleRoutes } from './routes/people.ts';
import { problemHandler, sendProblem } from './routes/problem.ts';
import { reconciliationRoutes } from './routes/reconciliations.ts';
import { serverRoutes } from './routes/server-state.ts';
import { findActor, openSession, sessionRoutes } from './routes/session.ts';
import { settingsRoutes } from './routes/settings.ts';
import { uploadRoutes } from './routes/uploads.ts';
import type { Engine } from './store/engine.ts';
import type { Listener } from './store/notify.ts';
import type { Actor } from './store/session.ts';
import type { Workspace } from './store/workspace.ts';

export interface AppParts {
  readonly pool: pg.Pool;
  readonly engine: Engine;
  readonly notices: Pick<Listener, 'subscribe'>;
  readonly workspace: Workspace;
  readonly version: string;
  /** In the demo whoever opens the page on this machine is this user; null: only by the one-time link. */
  readonly demoUser: Actor | null;
  /** Who made the demo's own comparisons; null outside the demo. */
  readonly demoActor: string | null;
  readonly uploads: { readonly directory: string; readonly largestBytes: number };
  readonly openers: FileOpeners;
  readonly offerTools: OfferTools;
  readonly consoleDirectory: string;
  readonly explorerFile: string;
  readonly logError: (error: unknown) => void;
}

/**
 * Scripts and everything else come from this server alone. Inline styles are allowed: the console's component library and
 * the API page set them.
 */
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The whole HTTP side: guards, the API's table, the pages. */
export function createApp(parts: AppParts): Express {
  const { pool, workspace, demoUser } = parts;
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(guardOrigin);
  app.use((_request, response, next) => {
    response.set({
      'Content-Security-Policy': contentSecurityPolicy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
    });
    next();
  });
  // Answers of the API hold people: no cache keeps them.
  app.use('/api', (_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  const sessions = { pool, workspace, mode: demoUser ? ('demo' as const) : ('serve' as const) };
  mountEndpoints(
    app,
    {
      ...serverRoutes(parts),
      ...sessionRoutes(sessions),
      ...overviewRoutes(parts),
      ...peopleRoutes(parts),
      ...uploadRoutes({ ...parts.uploads, pool, workspace, openers: parts.openers }),
      ...reconciliationRoutes(parts),
      ...settingsRoutes(parts),
      ...decisionRoutes(parts),
    },
    (request) => findActor(sessions, request),
  );
  mountPages(app, {
    ...parts,
    async onPage(request, response) {
      if (demoUser && !(await findActor(sessions, request))) await openSession(sessions, demoUser.id, response);
    },
  });
  app.use((request, response) => sendProblem(response, 404, `There is nothing at ${request.path}.`));
  app.use(problemHandler(parts.logError));
  return app;
}
