import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Feed } from '../core/status.ts';
import { writeAudit } from './audit.ts';
import type { Queryable, Scope } from './database.ts';
import { hashSecret, newSecret } from './hash-secret.ts';
import { notify } from './notify.ts';

/** Who may read one feed of a contract. */
export interface FeedAccess {
  readonly id: string;
  readonly feed: Feed;
  readonly name: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  /** To the minute; null: never. */
  readonly lastUsedAt: string | null;
  readonly revokedBy: string | null;
  readonly revokedAt: string | null;
}

const tell = (db: Queryable, scope: Scope, id: string) =>
  notify(db, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'connection', id });

/** Gives access to a feed. The token is returned, and kept nowhere here. Call it in a transaction. */
export async function insertFeedToken(
  client: pg.ClientBase,
  scope: Scope,
  access: Pick<FeedAccess, 'feed' | 'name' | 'createdBy' | 'createdAt' | 'expiresAt'>,
): Promise<{ readonly id: string; readonly token: string }> {
  const id = randomUUID();
  // Whoever sees one in the wrong place knows by its beginning what it is.
  const token = `seatmatch_feed_${newSecret()}`;
  await client.query(
    `insert into feed_token (workspace_id, contract_id, token_id, feed, name, token_hash, created_by, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      scope.workspaceId,
      scope.contractId,
      id,
      access.feed,
      access.name,
      hashSecret(token),
      access.createdBy,
      access.createdAt,
      access.expiresAt,
    ],
  );
  await writeAudit(client, scope.workspaceId, {
    actor: access.createdBy,
    action: 'feed access given',
    subject: id,
    detail: { feed: access.feed, name: access.name, expiresAt: access.expiresAt },
  });
  await tell(client, scope, id);
  return { id, token };
}

/** Those that are good first, newest first. */
export async function listFeedTokens(db: Queryable, scope: Scope): Promise<FeedAccess[]> {
  const { rows } = await db.query<{
    token_id: string;
    feed: Feed;
    name: string;
    created_by: string;
    created_at: Date;
    expires_at: Date;
    last_used_at: Date | null;
    revoked_by: string | null;
    revoked_at: Date | null;
  }>(
    `select token_id, feed, name, created_by, created_at, expires_at, last_used_at, revoked_by, revoked_at from feed_token
     where workspace_id = $1 and contract_id = $2 order by revoked_at is not null, created_at desc, token_id`,
    [scope.workspaceId, scope.contractId],
  );
  return rows.map((row) => ({
    id: row.token_id,
    feed: row.feed,
    name: row.name,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    revokedBy: row.revoked_by,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  }));
}

/** Takes a token back, from the next request on. False where there is none, or none any more. Call it in a transaction. */
export async function revokeFeedToken(client: pg.ClientBase, scope: Scope, actor: string, id: string): Promise<boolean> {
  const { rows } = await client.query<{ feed: Feed; name: string }>(
    `update feed_token set revoked_by = $4, revoked_at = now()
     where workspace_id = $1 and contract_id = $2 and token_id = $3 and revoked_at is null returning feed, name`,
    [scope.workspaceId, scope.contractId, id, actor],
  );
  if (!rows[0]) return false;
  await writeAudit(client, scope.workspaceId, { actor, action: 'feed access taken back', subject: id, detail: rows[0] });
  await tell(client, scope, id);
  return true;
}

/** What a token is good for; null: nobody was given it. */
export async function findFeedGrant(
  db: Queryable,
  workspaceId: string,
  token: string,
): Promise<{ readonly contractId: string; readonly feed: Feed; readonly expiresAt: string; readonly isRevoked: boolean } | null> {
  const { rows } = await db.query<{ contract_id: string; feed: Feed; expires_at: Date; revoked_at: Date | null }>(
    'select contract_id, feed, expires_at, revoked_at from feed_token where workspace_id = $1 and token_hash = $2',
    [workspaceId, hashSecret(token)],
  );
  const row = rows[0];
  return row
    ? { contractId: row.contract_id, feed: row.feed, expiresAt: row.expires_at.toISOString(), isRevoked: row.revoked_at !== null }
    : null;
}

/** Notes that a token was used; at most once a minute. */
export async function noteFeedUse(db: Queryable, workspaceId: string, token: string): Promise<void> {
  await db.query(
    `update feed_token set last_used_at = now()
     where workspace_id = $1 and token_hash = $2 and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
    [workspaceId, hashSecret(token)],
  );
}
