import express, { type Express } from 'express';
import type pg from 'pg';
import type { ServerRoute } from './core/status.ts';
import type { OnAnswer } from './jobs/ask-person.ts';
import type { Clock } from './jobs/clock.ts';
import type { ConnectionDesk } from './jobs/connection-desk.ts';
import { hubSpotPanels } from './jobs/hubspot-panel.ts';
import type { WatchedFolders } from './jobs/newest-file.ts';
import type { OfferTools } from './jobs/offer-files.ts';
import { partsOfContract } from './jobs/parts-of-contract.ts';
import type { PlanDesk } from './jobs/plan-desk.ts';
import type { Uploads } from './jobs/receive-file.ts';
import type { FileOpeners } from './jobs/recognize-file.ts';
import { alarmRoutes } from './routes/alarms.ts';
import { answerOnce } from './routes/answer-once.ts';
import { mountAnswerPage } from './routes/answer-page.ts';
import { connectionRoutes } from './routes/connections.ts';
import { contractHandlers } from './routes/contract-handlers.ts';
import { contractRoutes } from './routes/contracts.ts';
import { decisionRoutes } from './routes/decisions.ts';
import { type AdminCenterDesk, demoRoutes } from './routes/demo.ts';
import { directoryRoutes } from './routes/directory.ts';
import { domainChangeRoutes } from './routes/domain-changes.ts';
import { type Handlers, mountEndpoints } from './routes/endpoint.ts';
import { eventRoutes } from './routes/events.ts';
import { feedRoutes, mountFeeds } from './routes/feeds.ts';
import { followInvitationRoutes } from './routes/follow-invitations.ts';
import { guardOrigin } from './routes/guard-origin.ts';
import { mountHandOverPage } from './routes/hand-over-page.ts';
import { hubSpotDoor } from './routes/hubspot-door.ts';
import { invitationRoutes } from './routes/invitations.ts';
import { licenseRoutes } from './routes/licenses.ts';
import { mailingRoutes } from './routes/mailings.ts';
import { type MailDelivery, mailRoutes } from './routes/mails.ts';
import { mismatchReportRoutes } from './routes/mismatch-report.ts';
import { nameContract } from './routes/name-contract.ts';
import { overviewRoutes } from './routes/overview.ts';
import { mountPages } from './routes/pages.ts';
import { panelRoutes } from './routes/panel.ts';
import { panelCallerOf } from './routes/panel-caller.ts';
import { panelDoors } from './routes/panel-doors.ts';
import { panelHostRoutes } from './routes/panel-hosts.ts';
import { peopleRoutes } from './routes/people.ts';
import { planRoutes } from './routes/plans.ts';
import { problemHandler, sendProblem } from './routes/problem.ts';
import { reconciliationRoutes } from './routes/reconciliations.ts';
import { rematchRoutes } from './routes/rematches.ts';
import { salesforceDoor } from './routes/salesforce-door.ts';
import { scheduleRoutes } from './routes/schedules.ts';
import { serverRoutes } from './routes/server-state.ts';
import { findActor, openSession, sessionRoutes } from './routes/session.ts';
import { settingsRoutes } from './routes/settings.ts';
import { uploadRoutes } from './routes/uploads.ts';
import { usageRoutes } from './routes/usage.ts';
import { writeAudit } from './store/audit.ts';
import { findContract } from './store/contract.ts';
import type { Scope } from './store/database.ts';
import type { Engine } from './store/engine.ts';
import type { EventFeed } from './store/event.ts';
import type { IdempotencyKeys } from './store/idempotency-key.ts';
import type { Actor } from './store/session.ts';
import type { Workspace } from './store/workspace.ts';

export interface AppParts {
  readonly pool: pg.Pool;
  readonly engine: Engine;
  readonly events: EventFeed;
  readonly idempotencyKeys: Pick<IdempotencyKeys, 'once'>;
  readonly workspace: Workspace;
  readonly version: string;
  /** In the demo whoever opens the page on this machine is this user; null: only by the one-time link. */
  readonly demoUser: Actor | null;
  /** Who made the demo's own comparisons; null outside the demo. */
  readonly demoActor: string | null;
  /** The demo's made-up Admin Center; null outside the demo. */
  readonly adminCenter: AdminCenterDesk | null;
  readonly leaveDemo: () => void;
  readonly connections: () => Promise<ConnectionDesk>;
  readonly clock: Clock;
  readonly uploads: Uploads;
  readonly openers: FileOpeners;
  readonly folders: WatchedFolders;
  readonly offerTools: OfferTools;
  readonly mail: MailDelivery;
  /** Where people outside this machine reach the page behind a question's link; an origin. */
  readonly publicUrl: string | null;
  /** Null: a signed webhook may have this address; else why not. */
  readonly notASignedWebhook: (address: string) => string | null;
  readonly onAnswer: OnAnswer;
  readonly planDesk: PlanDesk;
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

const routesOf = ({ deliveries: { files, scim } }: PlanDesk): ServerRoute[] => [
  ...(files ? (['files'] as const) : []),
  ...(scim ? (['scim'] as const) : []),
];

/** The whole HTTP side: guards, the API's table, the pages. */
export function createApp(parts: AppParts): Express {
  const { pool, workspace, demoUser } = parts;
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(guardOrigin(parts.publicUrl));
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
  app.use(
    panelDoors({
      salesforce: salesforceDoor(pool, workspace.workspaceId),
      hubspot: hubSpotDoor(hubSpotPanels(parts.connections, workspace.workspaceId), parts.publicUrl),
    }),
  );
  // Answers of the API hold people: no cache keeps them.
  app.use('/api', (_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  const sessions = { pool, workspace, mode: demoUser ? ('demo' as const) : ('serve' as const) };
  const key = async () => (await parts.connections()).key;
  const handlersOf = (scope: Scope): Handlers => {
    const isDefault = scope.contractId === workspace.contractId;
    const its = { ...partsOfContract(parts, scope), workspace: { ...workspace, ...scope } };
    const uploads = { ...its.folders.uploads, clock: parts.clock };
    const own = {
      ...serverRoutes(its),
      ...eventRoutes(its),
      ...sessionRoutes(sessions),
      ...contractRoutes(parts),
      ...overviewRoutes(its),
      ...peopleRoutes(its),
      ...licenseRoutes(its),
      ...uploadRoutes(uploads),
      ...directoryRoutes(uploads),
      ...usageRoutes(uploads),
      ...mismatchReportRoutes(its),
      ...reconciliationRoutes(its),
      ...scheduleRoutes(its),
      ...connectionRoutes(its),
      ...panelHostRoutes(its),
      ...feedRoutes(its),
      ...settingsRoutes({ ...its, serverCarries: isDefault ? routesOf(parts.planDesk) : [] }),
      ...decisionRoutes(its),
      ...invitationRoutes(its),
      ...followInvitationRoutes({ ...its, key: async () => (await parts.connections()).key }),
      ...mailingRoutes(its),
      ...domainChangeRoutes(its),
      ...alarmRoutes({ ...its, key, notASignedWebhook: parts.notASignedWebhook }),
      // Whether mail leaves is the server's affair, the same for all.
      ...mailRoutes({ ...its, demoActor: parts.demoActor }),
      ...planRoutes({ ...its, key, desk: its.planDesk, largestBytes: uploads.largestBytes }),
      ...rematchRoutes({ desk: its.planDesk, workspace: its.workspace }),
      ...demoRoutes({ ...its, uploads, adminCenter: isDefault ? its.adminCenter : null }),
    };
    return { ...own, ...panelRoutes({ ...its, key }, own) };
  };
  const made = new Map<string, Handlers>();
  const ofContract = (contractId: string): Handlers => {
    const handlers = made.get(contractId) ?? handlersOf({ workspaceId: workspace.workspaceId, contractId });
    made.set(contractId, handlers);
    return handlers;
  };
  app.use(nameContract);
  mountEndpoints(
    app,
    contractHandlers(pool, workspace, ofContract),
    async (request) => panelCallerOf(request)?.actor ?? findActor(sessions, request),
    answerOnce(parts.idempotencyKeys, workspace.workspaceId),
    (name, params, { host, originId, userId, actor }) =>
      writeAudit(pool, workspace.workspaceId, {
        actor: actor.name,
        action: 'asked through a panel',
        subject: (params as { readonly id?: string } | undefined)?.id ?? name,
        detail: { endpoint: name, host, origin: originId, user: userId },
      }),
  );
  mountAnswerPage(app, { pool, workspace, onAnswer: parts.onAnswer, now: parts.clock.now });
  mountFeeds(app, parts);
  mountHandOverPage(app, {
    key,
    tasksOf: ofContract,
    async archived(contractId) {
      const contract = await findContract(pool, workspace.workspaceId, contractId);
      return contract !== null && contract.archivedAt !== null ? contract.name : null;
    },
    now: () => parts.clock.now(),
  });
  mountPages(app, {
    ...parts,
    async onPage(request, response) {
      // An admin who comes back from a vendor has a session, whose cookie does not travel with a navigation from another site.
      const comesBack = request.path === '/connections/callback';
      if (demoUser && !comesBack && !(await findActor(sessions, request))) await openSession(sessions, demoUser.id, response);
    },
  });
  app.use((request, response) => sendProblem(response, 404, `There is nothing at ${request.path}.`));
  app.use(problemHandler(parts.logError));
  return app;
}
