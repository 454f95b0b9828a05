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

/** Appends many lines at once. */
export async function writeAudits(
  db: Queryable,
  workspaceId: string,
  entries: readonly { actor: string; action: string; subject: string; detail: object }[],
): Promise<void> {
  if (entries.length === 0) return;
  await db.query(
    `insert into audit (workspace_id, actor, action, subject, detail)
     select $1::uuid, e.actor, e.action, e.subject, e.detail
     from json_to_recordset($2::json) as e(actor text, action text, subject text, detail jsonb)`,
    [workspaceId, JSON.stringify(entries)],
  );
}

/** Whether the log has a line of this action. */
export async function wasDone(db: Queryable, workspaceId: string, action: string): Promise<boolean> {
  const { rowCount } = await db.query('select from audit where workspace_id = $1 and action = $2 limit 1', [workspaceId, action]);
  return Boolean(rowCount);
}
