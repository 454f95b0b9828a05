import type { Queryable, Scope } from './database.ts';
import { openSecret, type SecretKey, sealSecret } from './seal-secret.ts';

export type ChatKind = 'slack' | 'teams';

export interface StoredWebhook {
  readonly kind: ChatKind;
  readonly label: string;
  readonly host: string;
  readonly createdBy: string;
  readonly createdAt: string;
}

const placeOf = ({ workspaceId, contractId }: Scope) => ({ workspaceId, connectionId: contractId, field: 'chat.url' });

/** Keeps the contract's webhook in the place of the one before. */
export async function saveWebhook(
  db: Queryable,
  scope: Scope,
  key: SecretKey,
  webhook: { readonly kind: ChatKind; readonly label: string; readonly url: string; readonly by: string; readonly at: string },
): Promise<void> {
  await db.query(
    `insert into chat_webhook (workspace_id, contract_id, kind, label, host, sealed_url, key_id, created_by, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (workspace_id, contract_id) do update set kind = excluded.kind, label = excluded.label, host = excluded.host,
       sealed_url = excluded.sealed_url, key_id = excluded.key_id, created_by = excluded.created_by, created_at = excluded.created_at`,
    [
      scope.workspaceId,
      scope.contractId,
      webhook.kind,
      webhook.label,
      new URL(webhook.url).hostname,
      sealSecret(key, placeOf(scope), webhook.url),
      key.id,
      webhook.by,
      webhook.at,
    ],
  );
}

export async function findWebhook(db: Queryable, scope: Scope): Promise<StoredWebhook | null> {
  const { rows } = await db.query<{ kind: ChatKind; label: string; host: string; created_by: string; created_at: Date }>(
    'select kind, label, host, created_by, created_at from chat_webhook where workspace_id = $1 and contract_id = $2',
    [scope.workspaceId, scope.contractId],
  );
  const row = rows[0];
  return row
    ? { kind: row.kind, label: row.label, host: row.host, createdBy: row.created_by, createdAt: row.created_at.toISOString() }
    : null;
}

/** With its address, for who posts. Null where there is none. Throws SecretUnreadable. */
export async function openWebhook(
  db: Queryable,
  scope: Scope,
  key: SecretKey,
): Promise<{ readonly kind: ChatKind; readonly url: string } | null> {
  const { rows } = await db.query<{ kind: ChatKind; sealed_url: string }>(
    'select kind, sealed_url from chat_webhook where workspace_id = $1 and contract_id = $2',
    [scope.workspaceId, scope.contractId],
  );
  return rows[0] ? { kind: rows[0].kind, url: openSecret(key, placeOf(scope), rows[0].sealed_url) } : null;
}

/** False where there was none. */
export async function deleteWebhook(db: Queryable, scope: Scope): Promise<boolean> {
  const { rowCount } = await db.query('delete from chat_webhook where workspace_id = $1 and contract_id = $2', [
    scope.workspaceId,
    scope.contractId,
  ]);
  return rowCount === 1;
}
