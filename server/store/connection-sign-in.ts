import type pg from 'pg';
import { writeAudit } from './audit.ts';
import type { Queryable, Scope } from './database.ts';
import { hashSecret } from './hash-secret.ts';

/** An admin who was sent to a vendor to agree. */
export interface PendingSignIn {
  readonly connectionId: string;
  readonly isNew: boolean;
  readonly name: string;
  readonly type: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Sealed for the connection. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly redirectUri: string;
}

/** @param session the token of the session that it begins in; nobody else may end it. Call it in a transaction. */
export async function insertSignIn(
  client: pg.ClientBase,
  scope: Scope,
  actor: string,
  pending: PendingSignIn,
  { state, session, expiresAt }: { readonly state: string; readonly session: string; readonly expiresAt: Date },
): Promise<void> {
  await client.query('delete from connection_sign_in where workspace_id = $1 and expires_at < now()', [scope.workspaceId]);
  await client.query(
    `insert into connection_sign_in
       (workspace_id, contract_id, state_hash, session_hash, connection_id, is_new, name, type, settings, secrets, redirect_uri, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      scope.workspaceId,
      scope.contractId,
      hashSecret(state),
      hashSecret(session),
      pending.connectionId,
      pending.isNew,
      pending.name,
      pending.type,
      JSON.stringify(pending.settings),
      JSON.stringify(pending.secrets),
      pending.redirectUri,
      expiresAt,
    ],
  );
  await writeAudit(client, scope.workspaceId, {
    actor,
    action: 'sign-in of a connection begun',
    subject: pending.connectionId,
    detail: { name: pending.name, type: pending.type },
  });
}

/** Uses it up. Null: it was used, is too old, or began in another session. */
export async function takeSignIn(db: Queryable, scope: Scope, state: string, session: string): Promise<PendingSignIn | null> {
  const { rows } = await db.query<{
    connection_id: string;
    is_new: boolean;
    name: string;
    type: string;
    settings: Record<string, unknown>;
    secrets: Record<string, string>;
    redirect_uri: string;
  }>(
    `delete from connection_sign_in
     where workspace_id = $1 and contract_id = $2 and state_hash = $3 and session_hash = $4 and expires_at > now() returning *`,
    [scope.workspaceId, scope.contractId, hashSecret(state), hashSecret(session)],
  );
  const row = rows[0];
  return row
    ? {
        connectionId: row.connection_id,
        isNew: row.is_new,
        name: row.name,
        type: row.type,
        settings: row.settings,
        secrets: row.secrets,
        redirectUri: row.redirect_uri,
      }
    : null;
}
