import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { writeAudit } from './audit.ts';
import type { Queryable, Scope } from './database.ts';
import { hashSecret, newSecret } from './hash-secret.ts';
import { notify } from './notify.ts';

export type PanelRole = 'read' | 'act';

/** A Salesforce org whose panel may ask, with its pair of tokens. */
export interface PanelAccess {
  readonly id: string;
  /** 18 characters. */
  readonly orgId: string;
  readonly createdBy: string;
  readonly createdAt: string;
  /** Of either token, to the minute; null: never. */
  readonly lastUsedAt: string | null;
  readonly revokedBy: string | null;
  readonly revokedAt: string | null;
}

/** What a token is good for. */
export interface PanelGrant {
  readonly contractId: string;
  readonly orgId: string;
  readonly role: PanelRole;
  readonly isRevoked: boolean;
}

const tell = (db: Queryable, scope: Scope, id: string) =>
  notify(db, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'connection', id });

/** Lets an org's panel in. The tokens are returned, and kept nowhere here. Call it in a transaction. */
export async function insertPanelAccess(
  client: pg.ClientBase,
  scope: Scope,
  actor: string,
  orgId: string,
): Promise<{ readonly id: string; readonly tokens: Readonly<Record<PanelRole, string>> }> {
  const id = randomUUID();
  // Whoever sees one in the wrong place knows by its beginning what it is.
  const tokens = { read: `seatmatch_read_${newSecret()}`, act: `seatmatch_act_${newSecret()}` } satisfies Record<PanelRole, string>;
  for (const [role, token] of Object.entries(tokens))
    await client.query(
      `insert into panel_token (workspace_id, contract_id, access_id, role, org_id, token_hash, created_by) values ($1, $2, $3, $4, $5, $6, $7)`,
      [scope.workspaceId, scope.contractId, id, role, orgId, hashSecret(token), actor],
    );
  await writeAudit(client, scope.workspaceId, { actor, action: 'panel access given', subject: id, detail: { orgId } });
  await tell(client, scope, id);
  return { id, tokens };
}

/** Those that are good first, newest first. */
export async function listPanelAccess(db: Queryable, scope: Scope): Promise<PanelAccess[]> {
  const { rows } = await db.query<{
    access_id: string;
    org_id: string;
    created_by: string;
    created_at: Date;
    last_used_at: Date | null;
    revoked_by: string | null;
    revoked_at: Date | null;
  }>(
    `select access_id, org_id, created_by, created_at, max(last_used_at) as last_used_at, revoked_by, revoked_at from panel_token
     where workspace_id = $1 and contract_id = $2 group by access_id, org_id, created_by, created_at, revoked_by, revoked_at
     order by revoked_at is not null, created_at desc, access_id`,
    [scope.workspaceId, scope.contractId],
  );
  return rows.map((row) => ({
    id: row.access_id,
    orgId: row.org_id,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    revokedBy: row.revoked_by,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  }));
}

/** Takes both tokens back, from the next request on. False where there are none, or none any more. Call it in a transaction. */
export async function revokePanelAccess(client: pg.ClientBase, scope: Scope, actor: string, id: string): Promise<boolean> {
  const { rows } = await client.query<{ org_id: string }>(
    `update panel_token set revoked_by = $4, revoked_at = now()
     where workspace_id = $1 and contract_id = $2 and access_id = $3 and revoked_at is null returning org_id`,
    [scope.workspaceId, scope.contractId, id, actor],
  );
  if (!rows[0]) return false;
  await writeAudit(client, scope.workspaceId, { actor, action: 'panel access taken back', subject: id, detail: { orgId: rows[0].org_id } });
  await tell(client, scope, id);
  return true;
}

/** What this token is good for; null: nobody was given it. */
export async function findPanelGrant(db: Queryable, workspaceId: string, token: string): Promise<PanelGrant | null> {
  const { rows } = await db.query<{ contract_id: string; org_id: string; role: PanelRole; revoked_at: Date | null }>(
    'select contract_id, org_id, role, revoked_at from panel_token where workspace_id = $1 and token_hash = $2',
    [workspaceId, hashSecret(token)],
  );
  const row = rows[0];
  return row ? { contractId: row.contract_id, orgId: row.org_id, role: row.role, isRevoked: row.revoked_at !== null } : null;
}

/** Notes that a token was used; at most once a minute, for panels ask often. */
export async function notePanelUse(db: Queryable, workspaceId: string, token: string): Promise<void> {
  await db.query(
    `update panel_token set last_used_at = now()
     where workspace_id = $1 and token_hash = $2 and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
    [workspaceId, hashSecret(token)],
  );
}
