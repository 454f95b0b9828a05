import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Express, Request } from 'express';
import type pg from 'pg';
import { cellsOf, reportColumns } from '../core/findings-csv.ts';
import { type Feed, feeds } from '../core/status.ts';
import type { Clock } from '../jobs/clock.ts';
import { ActionRefused } from '../jobs/plan-desk.ts';
import { type Table, type TableCell, writeTable } from '../jobs/write-table.ts';
import { type Queryable, type Scope, transaction } from '../store/database.ts';
import { findFeedGrant, insertFeedToken, listFeedTokens, noteFeedUse, revokeFeedToken } from '../store/feed-token.ts';
import { plainFindingsOfRun } from '../store/finding.ts';
import { teamsOf } from '../store/person-detail.ts';
import { latestRun } from '../store/reconciliation.ts';
import { currentUsageReports } from '../store/usage.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';
import { RequestRefused } from './problem.ts';
import { usageColumns, usageLines } from './usage.ts';

export interface FeedParts {
  readonly pool: pg.Pool;
  readonly workspace: Workspace;
  readonly clock: Clock;
  readonly publicUrl: string | null;
}

const dayMs = 86_400_000;

/** Giving and taking back the tokens of feeds. */
export function feedRoutes({
  pool,
  workspace,
  clock,
  publicUrl,
}: FeedParts): Pick<Handlers, 'getFeeds' | 'createFeedToken' | 'revokeFeedToken'> {
  return {
    async getFeeds() {
      const now = clock.now().getTime();
      const rows = await listFeedTokens(pool, workspace);
      return {
        publicUrl,
        feeds: feeds.map((feed) => ({ feed, path: `/feeds/${feed}.csv` })),
        tokens: rows.map((row) => ({ ...row, isExpired: Date.parse(row.expiresAt) <= now })),
      };
    },
    async createFeedToken({ body, actor }) {
      const now = clock.now();
      const expiresAt = new Date(now.getTime() + body.days * dayMs).toISOString();
      const access = { feed: body.feed, name: body.name, createdBy: actor.name, createdAt: now.toISOString(), expiresAt };
      const { id, token } = await transaction(pool, (client) => insertFeedToken(client, workspace, access));
      return { id, token, feed: body.feed, path: `/feeds/${body.feed}.csv`, expiresAt };
    },
    revokeFeedToken: ({ params, actor }) =>
      transaction(pool, async (client) => {
        if (!(await revokeFeedToken(client, workspace, actor.name, params.id)))
          throw new ActionRefused('not-found', 'This access is not here (any more), or was taken back before.');
      }),
  };
}

const columnsOf = {
  people: [...reportColumns, 'team', 'manager', 'since'],
  usage: usageColumns,
} as const satisfies Record<Feed, readonly string[]>;

/** Everybody of the newest comparison, as the report has them, with their team. */
async function* peopleLines(db: Queryable, scope: Scope): AsyncGenerator<TableCell[]> {
  const run = await latestRun(db, scope);
  if (run === null) return;
  const teams = await teamsOf(db, scope);
  for await (const finding of plainFindingsOfRun(db, scope, run)) {
    const { team = '', manager = '' } = teams.get(finding.key) ?? {};
    yield [...cellsOf(finding), team, manager, finding.since];
  }
}

/** Every current report, the newest period first. */
async function* allUsage(db: Queryable, scope: Scope): AsyncGenerator<TableCell[]> {
  for (const report of await currentUsageReports(db, scope)) yield* usageLines(db, scope, report, { view: 'all' });
}

const linesOf = { people: peopleLines, usage: allUsage } as const satisfies Record<Feed, (db: Queryable, scope: Scope) => Table['rows']>;

/** As a bearer token, as the password of HTTP Basic, or in the address, for tools that can do no better. */
function tokenOf(request: Request): string | null {
  const said = request.get('Authorization') ?? '';
  const bearer = /^Bearer ([\w-]{20,200})$/u.exec(said)?.[1];
  const basic = /^Basic ([\w+/=]{4,1000})$/u.exec(said)?.[1];
  const password = basic === undefined ? undefined : Buffer.from(basic, 'base64').toString().split(':').slice(1).join(':');
  const inAddress = new URL(request.originalUrl, 'http://localhost').searchParams.get('token');
  return bearer ?? password ?? inAddress;
}

/**
 * The feeds for tools that draw charts: CSV under addresses that stay. A token opens the one feed of the one contract that it was made for;
 * a session of the console opens none, so that no page of somebody else's reads them with it.
 */
export function mountFeeds(app: Express, { pool, workspace, clock }: Omit<FeedParts, 'publicUrl'>): void {
  app.get('/feeds/:feed.csv', async (request, response) => {
    const feed = feeds.find((known) => known === request.params.feed);
    if (feed === undefined) throw new RequestRefused(404, 'There is no such feed. Copy its address from Seatmatch, under Connections.');
    const token = tokenOf(request);
    const grant = token === null || token === '' ? null : await findFeedGrant(pool, workspace.workspaceId, token);
    const refuse = (sentence: string): never => {
      response.set('WWW-Authenticate', 'Basic realm="Seatmatch feed", charset="UTF-8"');
      throw new RequestRefused(401, sentence);
    };
    if (grant === null)
      return refuse('The feed needs its token, and this is none that Seatmatch knows. Make one in Seatmatch, under Connections.');
    if (grant.isRevoked) return refuse('The access to this feed was taken back. Make another one in Seatmatch, under Connections.');
    if (Date.parse(grant.expiresAt) <= clock.now().getTime())
      return refuse('The access to this feed has ended. Make another one in Seatmatch, under Connections.');
    if (grant.feed !== feed)
      throw new RequestRefused(
        403,
        `This token opens the feed ${grant.feed} and no other. Make one for ${feed} in Seatmatch, under Connections.`,
      );
    await noteFeedUse(pool, workspace.workspaceId, token!);
    const scope = { workspaceId: workspace.workspaceId, contractId: grant.contractId };
    response.type('text/csv; charset=utf-8').set('Cache-Control', 'no-store');
    await pipeline(Readable.from(writeTable('csv', { columns: columnsOf[feed], rows: linesOf[feed](pool, scope) })), response);
  });
}
