import type { Queryable, Scope } from './database.ts';
import { openSecret, type SecretKey, type SecretPlace, sealSecret } from './seal-secret.ts';

export type AlertChannelKind = 'email' | 'slack' | 'teams' | 'webhook';

export interface AlertChannel {
  readonly id: string;
  readonly kind: AlertChannelKind;
  readonly name: string;
  /** An email address; of a webhook its host alone. */
  readonly target: string;
  readonly createdBy: string;
  readonly createdAt: string;
}

export interface NewAlertChannel {
  readonly id: string;
  readonly kind: AlertChannelKind;
  readonly name: string;
  /** An email address, or the address of a webhook. */
  readonly target: string;
  /** What a signed webhook is signed with. */
  readonly secret: string | null;
  readonly by: string;
  readonly at: string;
}

const placeOf = ({ workspaceId }: Scope, id: string, field: 'alert.url' | 'alert.secret'): SecretPlace => ({
  workspaceId,
  connectionId: id,
  field,
});

/** False when another one has this name. @param key null: there is none; an email address needs none */
export async function insertAlertChannel(db: Queryable, scope: Scope, key: SecretKey | null, made: NewAlertChannel): Promise<boolean> {
  const seal = (field: 'alert.url' | 'alert.secret', text: string) => sealSecret(key!, placeOf(scope, made.id, field), text);
  const isMail = made.kind === 'email';
  const { rowCount } = await db.query(
    `insert into alert_channel
       (workspace_id, contract_id, channel_id, kind, name, target, sealed_url, sealed_secret, key_id, created_by, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (workspace_id, contract_id, name) do nothing`,
    [
      scope.workspaceId,
      scope.contractId,
      made.id,
      made.kind,
      made.name,
      isMail ? made.target : new URL(made.target).hostname,
      isMail ? null : seal('alert.url', made.target),
      made.secret === null ? null : seal('alert.secret', made.secret),
      isMail ? null : key!.id,
      made.by,
      made.at,
    ],
  );
  return rowCount === 1;
}

export async function listAlertChannels(db: Queryable, scope: Scope): Promise<AlertChannel[]> {
  const { rows } = await db.query<{
    channel_id: string;
    kind: AlertChannelKind;
    name: string;
    target: string;
    created_by: string;
    created_at: Date;
  }>(
    `select channel_id, kind, name, target, created_by, created_at from alert_channel
     where workspace_id = $1 and contract_id = $2 order by created_at, channel_id`,
    [scope.workspaceId, scope.contractId],
  );
  return rows.map(({ channel_id, kind, name, target, created_by, created_at }) => ({
    id: channel_id,
    kind,
    name,
    target,
    createdBy: created_by,
    createdAt: created_at.toISOString(),
  }));
}

/** With what is secret of it, for who posts. Null where there is none. Throws SecretUnreadable. */
export async function openAlertChannel(
  db: Queryable,
  scope: Scope,
  key: SecretKey,
  id: string,
): Promise<{ readonly kind: AlertChannelKind; readonly url: string; readonly secret: string | null } | null> {
  const { rows } = await db.query<{ kind: AlertChannelKind; sealed_url: string | null; sealed_secret: string | null }>(
    'select kind, sealed_url, sealed_secret from alert_channel where workspace_id = $1 and contract_id = $2 and channel_id = $3',
    [scope.workspaceId, scope.contractId, id],
  );
  const row = rows[0];
  if (!row?.sealed_url) return null;
  return {
    kind: row.kind,
    url: openSecret(key, placeOf(scope, id, 'alert.url'), row.sealed_url),
    secret: row.sealed_secret === null ? null : openSecret(key, placeOf(scope, id, 'alert.secret'), row.sealed_secret),
  };
}

/** False where there was none. */
export async function deleteAlertChannel(db: Queryable, scope: Scope, id: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from alert_channel where workspace_id = $1 and contract_id = $2 and channel_id = $3', [
    scope.workspaceId,
    scope.contractId,
    id,
  ]);
  return rowCount === 1;
}
