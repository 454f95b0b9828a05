import type { Wording } from '../core/wording.ts';
import type { Queryable, Scope } from './database.ts';
import { rankOf } from './finding.ts';

/** What a person's present finding shows while a repair runs. */
export interface ShownRepair extends Wording {
  readonly findingKey: string;
  readonly reason: 'being-repaired' | 'stuck-onboarding';
  readonly variant: 'no-license' | null;
  /** Nothing is to be done but to wait: a finding that already says Matched says more. */
  readonly waits: boolean;
}

/** Shows running repairs in the present findings; what the comparison said stays in each body. */
export async function showRepairs(client: Queryable, scope: Scope, repairs: readonly ShownRepair[]): Promise<void> {
  if (repairs.length === 0) return;
  const list = repairs.map((repair) => ({
    key: repair.findingKey,
    rank: rankOf('being-repaired', repair.reason),
    waits: repair.waits,
    shown: {
      status: 'being-repaired',
      reason: repair.reason,
      variant: repair.variant,
      actor: repair.actor,
      label: repair.label,
      sentence: repair.sentence,
      nextStep: repair.nextStep,
      closedBy: repair.closedBy,
    },
  }));
  await client.query(
    `update finding f set found_status = coalesce(f.found_status, f.status), repair = r.shown, status = 'being-repaired',
       reason = r.shown->>'reason', rank = r.rank, actor = r.shown->>'actor', label = r.shown->>'label', next_step = r.shown->>'nextStep'
     from json_to_recordset($3::json) as r(key text, rank smallint, waits boolean, shown json)
     where f.workspace_id = $1 and f.contract_id = $2 and f.to_run is null and f.key = r.key collate "C"
       and not (r.waits and coalesce(f.found_status, f.status) = 'matched')`,
    [scope.workspaceId, scope.contractId, JSON.stringify(list)],
  );
}

/** Lets the present findings show again what the comparison said. @param keys null for everybody of the contract */
export async function hideRepairs(client: Queryable, scope: Scope, keys: readonly string[] | null): Promise<void> {
  const { rows } = await client.query<{ key: string; status: string; reason: string }>(
    `select key, body->>'status' as status, body->>'reason' as reason from finding
     where workspace_id = $1 and contract_id = $2 and to_run is null and found_status is not null and ($3::text[] is null or key = any($3))`,
    [scope.workspaceId, scope.contractId, keys],
  );
  if (rows.length === 0) return;
  const list = rows.map(({ key, status, reason }) => ({ key, rank: rankOf(status as never, reason as never) }));
  await client.query(
    `update finding f set found_status = null, repair = null, status = f.body->>'status', reason = f.body->>'reason', rank = r.rank,
       actor = f.body->>'actor', label = f.body->>'label', next_step = f.body->>'nextStep'
     from json_to_recordset($3::json) as r(key text, rank smallint)
     where f.workspace_id = $1 and f.contract_id = $2 and f.to_run is null and f.key = r.key collate "C"`,
    [scope.workspaceId, scope.contractId, JSON.stringify(list)],
  );
}
