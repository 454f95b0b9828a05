import type { Queryable } from './database.ts';

/** Appends one line: who did what to what. The table refuses changes. */
export async function writeAudit(
  db: Queryable,
  workspaceId: string,
  entry: { actor: string; action: string; subject: string; detail?: object },
): Promise<void> {
  await db.query('insert into audit (workspace_id, actor, action, subject, detail) values ($1, $2, $3, $4, $5)', [
    workspaceId,
    entry.actor,
    entry.action,
    entry.subject,
    JSON.stringify(entry.detail ?? {}),
  ]);
}
