import type { Plan } from '../core/plan.ts';
import { whyNotOverScim } from '../core/scim-removal.ts';
import type { Queryable, Scope } from '../store/database.ts';
import { readSettings } from '../store/setting.ts';
import { ActionRefused, type PlanDesk } from './plan-desk.ts';
import { waysOf } from './ways-of-contract.ts';

/** Throws ActionRefused where a plan holds something that this contract's SCIM connection cannot do, or may not do yet. */
export async function mustGoOverScim(desk: PlanDesk, db: Queryable, scope: Scope, plan: Pick<Plan, 'files'>): Promise<void> {
  const { settings } = await readSettings(db, scope);
  const { scim } = (await waysOf(desk, db, scope)).deliveries;
  const why = whyNotOverScim(plan, scim?.capabilities ?? null, settings.scimRemoval);
  if (why !== null) throw new ActionRefused('not-possible', why);
}
