import type { AlertFacts } from '../core/alerts.ts';
import type { Queryable, Scope } from './database.ts';

/** Every contract that is not archived. */
export async function watchedContracts(db: Queryable): Promise<Scope[]> {
  const { rows } = await db.query<{ workspace_id: string; contract_id: string }>(
    'select workspace_id, contract_id from contract where archived_at is null order by created_at, contract_id',
  );
  return rows.map((row) => ({ workspaceId: row.workspace_id, contractId: row.contract_id }));
}

/** What comparisons say, as far as alerts want it. @param openRuns comparisons whose newcomers are still watched */
export async function comparedForAlerts(
  db: Queryable,
  scope: Scope,
  openRuns: readonly string[],
): Promise<Pick<AlertFacts, 'runs' | 'newcomers' | 'repairsFailed' | 'held' | 'newestList'>> {
  const of = [scope.workspaceId, scope.contractId];
  const { rows: runs } = await db.query<{ id: string; number: number; as_of: Date; matched: number; seats: number; is_first: boolean }>(
    `select reconciliation_id as id, number, as_of, coalesce((summary->'byStatus'->>'matched')::integer, 0) as matched,
       (summary->>'licenseHolders')::integer as seats, coalesce(changes->'before' = 'null'::jsonb, true) as is_first
     from reconciliation where workspace_id = $1 and contract_id = $2 and state = 'done' and as_of is not null
     order by number desc limit 2`,
    of,
  );
  const newest = runs[0];
  // The first comparison finds everybody for the first time: that is no news.
  const looked = [...new Set([...openRuns, ...(newest && !newest.is_first ? [newest.id] : [])])];
  const { rows: newcomers } = await db.query<{ run: string; people: number }>(
    `select r.reconciliation_id as run, count(*)::integer as people
     from reconciliation r
     join finding came on came.workspace_id = r.workspace_id and came.contract_id = r.contract_id and came.from_run = r.number
       and came.change in ('new', 'came-back') and came.status = 'not-matched'
     join finding now on now.workspace_id = came.workspace_id and now.contract_id = came.contract_id and now.key = came.key
       and now.to_run is null and now.status = 'not-matched'
     where r.workspace_id = $1 and r.contract_id = $2 and r.reconciliation_id = any($3::uuid[]) group by r.reconciliation_id`,
    [...of, looked],
  );
  const { rows: failed } = await db.query<{ people: number }>(
    `select count(*)::integer as people from finding
     where workspace_id = $1 and contract_id = $2 and to_run is null and reason = 'repair-failed'`,
    of,
  );
  const { rows: held } = await db.query<{ id: string; sentence: string }>(
    `select reconciliation_id as id, question->>'sentence' as sentence from reconciliation
     where workspace_id = $1 and contract_id = $2 and state = 'held' order by number desc limit 1`,
    of,
  );
  return {
    runs: runs.map(({ id, as_of, matched, seats }) => ({ id, asOf: as_of.toISOString(), matched, of: seats })),
    newcomers,
    repairsFailed: failed[0]!.people,
    held: held[0] ? { run: held[0].id, sentence: held[0].sentence } : null,
    newestList: newest?.as_of.toISOString() ?? null,
  };
}
