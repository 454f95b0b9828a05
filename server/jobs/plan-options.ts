import type { PlanOptions } from '../core/make-plan.ts';
import { needsAssignment } from '../core/rematch.ts';
import type { Queryable, Scope } from '../store/database.ts';
import { writtenElsewhereAt } from '../store/plan.ts';
import type { StoredReconciliation } from '../store/reconciliation.ts';
import { runningRematches } from '../store/rematch.ts';
import { readSettings } from '../store/setting.ts';
import { monthLedger } from './month-ledger.ts';
import { planInputs } from './offer-files.ts';
import type { PlanDesk } from './plan-desk.ts';

/**
 * What every plan from this comparison is made of, with what the contract's other repairs have taken and written.
 * @param chosen license ids whose finding is needed whole though they are Matched
 */
export async function planOptions(
  desk: PlanDesk,
  client: Queryable,
  scope: Scope,
  run: StoredReconciliation,
  chosen: ReadonlySet<string>,
): Promise<{ readonly findings: Awaited<ReturnType<typeof planInputs>>['findings']; readonly options: Omit<PlanOptions, 'id' | 'by'> }> {
  const { findings, options, settings } = await planInputs(client, scope, run, desk.tools, desk.now().toISOString(), chosen);
  const people = await runningRematches(client, scope);
  return {
    findings,
    options: {
      ...options,
      underRepair: people.map(({ state }) => state.licenseId),
      protected: settings.protectedPeople,
      ledger: await monthLedger(client, scope, await readSettings(client, scope), options.now),
      reservedAssignments: people.filter(({ state }) => needsAssignment(state)).length,
      freeLicenses: settings.freeLicenses,
      lastWriteAt: await writtenElsewhereAt(client, scope, null),
    },
  };
}
