import type { Queryable, Scope } from './database.ts';

/** Dates the decisions made since a moment as of another one: the demo's past is decided in a minute. */
export async function dateDecisions(db: Queryable, scope: Scope, since: Date, at: Date): Promise<void> {
  for (const table of ['link', 'exception', 'identity_answer'] as const)
    await db.query(`update ${table} set created_at = $4 where workspace_id = $1 and contract_id = $2 and created_at >= $3`, [
      scope.workspaceId,
      scope.contractId,
      since,
      at,
    ]);
}
