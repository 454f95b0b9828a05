import type { Queryable, Scope } from './database.ts';

/** What somebody is reminded of, and which reminder of several it is. */
export interface ReminderKey {
  readonly subject: string;
  readonly kind: string;
  readonly day: number;
}

/** Keeps that a reminder goes out, in the transaction that sends it. False when it went out before: then nothing is sent. */
export async function markReminded(client: Queryable, scope: Scope, { subject, kind, day }: ReminderKey, at: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into reminder (workspace_id, contract_id, subject, kind, day, sent_at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    [scope.workspaceId, scope.contractId, subject, kind, day, at],
  );
  return rowCount === 1;
}
