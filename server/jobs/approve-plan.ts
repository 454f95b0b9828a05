import { randomUUID } from 'node:crypto';
import { isLifted } from '../core/guard.ts';
import { guardPlan } from '../core/make-plan.ts';
import type { Plan, PlanRow } from '../core/plan.ts';
import { isLicenseKind } from '../core/plan.ts';
import { type RematchStart, rematchDueAt, startRematch } from '../core/rematch.ts';
import { verifySeal } from '../core/seal-plan.ts';
import type { Route } from '../core/status.ts';
import { guardSentence } from '../core/wording.ts';
import { writeAudit } from '../store/audit.ts';
import type { Scope } from '../store/database.ts';
import { findPlan, type StoredPlan } from '../store/plan.ts';
import { doneReconciliations } from '../store/reconciliation.ts';
import { insertRematches, rematchesOfPlan, runningRematches } from '../store/rematch.ts';
import { changeOpenPlan, changePlan, type OpenPlan } from './change-plan.ts';
import { beginDelivery } from './deliver-files.ts';
import type { Deliveries } from './delivery.ts';
import { releaseFile } from './hand-out-files.ts';
import { showMoved } from './move-rematches.ts';
import { mustGoOverScim } from './must-go-over-scim.ts';
import { ActionRefused, type PlanDesk } from './plan-desk.ts';
import { planOptions } from './plan-options.ts';
import { waysOf } from './ways-of-contract.ts';

/**
 * Approves a draft: what `seal` names and nothing else. Its people are under way from then on, and its first file is made where nothing
 * holds it. Throws ActionRefused where the plan changed, ran out, or somebody in it is being repaired already.
 */
export const approvePlan = (desk: PlanDesk, scope: Scope, planId: string, seal: string, by: string): Promise<void> =>
  changePlan(desk, scope, planId, by, async (open) => {
    const { client, context } = open;
    const { plan } = open;
    if (plan.state !== 'draft') throw new ActionRefused('not-now', 'This plan was approved or ended already.');
    if (plan.seal !== seal)
      throw new ActionRefused('not-now', 'The plan was changed after you opened it. Look at it again, then approve what you see.');
    const check = verifySeal(plan, desk.tools.sha256, context.at);
    if (!check.ok) throw new ActionRefused('not-now', check.sentence);
    const rows = peopleOf(plan.plan.files);
    if (rows.length === 0) throw new ActionRefused('not-possible', 'Nobody is left in this plan.');
    await mustHoldNow(desk, open);
    await mustGoOverScim(desk, client, scope, plan.plan);
    if (plan.origin.reverseOf !== null) await letGo(desk, open, plan.origin.reverseOf, new Set(rows.map(({ row }) => row.licenseId)));
    const busy = new Set((await runningRematches(client, scope)).map(({ state }) => state.licenseId));
    const twice = rows.filter(({ row }) => busy.has(row.licenseId));
    if (twice.length > 0)
      throw new ActionRefused(
        'not-now',
        `${twice.length === 1 ? `${twice[0]!.row.name || 'One person'} is` : `${twice.length} people are`} being repaired by another plan. Leave them out, or end that plan first.`,
      );
    await insertRematches(
      client,
      scope,
      rows.map(({ row, licenses, route }) => {
        const state = startRematch(
          {
            mode: plan.plan.mode,
            ...(plan.plan.crmKind === undefined ? {} : { crmKind: plan.plan.crmKind }),
            ...purposeOf(plan, row.licenseId),
            licenseId: row.licenseId,
            seatId: row.seatId,
            uniqueUserId: row.uniqueUserId,
            crmUserId: row.crmUserId,
            name: row.name,
            oldEmail: row.existingEmail,
            newEmail: row.newEmail,
            licenses,
          },
          context.at,
        );
        return { id: randomUUID(), planId, findingKey: `license:${row.licenseId}`, route, state, dueAt: rematchDueAt(state) };
      }),
      context.at,
    );
    open.people = await rematchesOfPlan(client, scope, planId);
    await showMoved(
      client,
      scope,
      open.people.map((rematch) => ({ rematch, state: rematch.state })),
      context,
    );
    await writeAudit(client, scope.workspaceId, {
      actor: by,
      action: 'plan approved',
      subject: planId,
      detail: { seal, number: plan.number, people: rows.length, price: plan.plan.price, override: plan.plan.override },
    });
    const delivered = isDelivered((await waysOf(desk, client, scope)).deliveries, plan.plan);
    await open.save({ state: 'running', approvedBy: by, approvedAt: context.at, delivered });
    await releaseFile(desk, open);
    await beginDelivery(desk, open);
  });

/** Whether the server carries the plan out: it has a delivery for whatever nobody does by hand. */
function isDelivered(deliveries: Deliveries, { files }: Pick<Plan, 'files'>): boolean {
  const routes = files.flatMap(({ route }) => (route === 'guided' ? [] : [route]));
  return routes.length > 0 && routes.every((route) => deliveries[route] !== undefined);
}

/** Why somebody is in a plan, where it is not that the emails are to agree. */
function purposeOf({ plan, origin }: Pick<StoredPlan, 'plan' | 'origin'>, licenseId: string): Pick<RematchStart, 'purpose'> {
  const { reverseOf, handOver, reclaim } = origin;
  if (reverseOf !== null) return { purpose: plan.files.some(({ kind }) => isLicenseKind(kind)) ? 'give-back' : 'undo' };
  if (reclaim) return { purpose: 'reclaim' };
  if (handOver === undefined) return {};
  return { purpose: licenseId === handOver.leaver ? 'hand-over-from' : 'hand-over-to' };
}

/** Whose email is written back waits for LinkedIn's match no longer. Nobody whose license was touched is let go. */
async function letGo(desk: PlanDesk, { client, scope, context }: OpenPlan, planId: string, licenseIds: ReadonlySet<string>): Promise<void> {
  const before = await findPlan(client, scope, planId);
  if (before === null || before.state !== 'running') return;
  await changeOpenPlan(desk, client, scope, before, context.by, (open) =>
    open.move(({ state }) => (licenseIds.has(state.licenseId) && state.licenseOffAt === null ? [{ kind: 'cancel' }] : [])),
  );
}

/** The guards of the whole plan once more, where people were compared again after it was made. */
async function mustHoldNow(desk: PlanDesk, { client, scope, plan: { plan, origin }, context }: OpenPlan): Promise<void> {
  const [run] = await doneReconciliations(client, scope, 1);
  if (!run || run.id === origin.reconciliationId || origin.reverseOf !== null) return;
  const { options } = await planOptions(desk, client, scope, run, new Set());
  const trip = guardPlan(plan, options).find((one) => !isLifted(one, plan.override, context.at));
  if (trip) throw new ActionRefused('not-now', `${trip.sentence} ${trip.nextStep}`);
}

/** Everybody of a plan once: from their email row where there is one, with the licenses that their off row recorded. */
export function peopleOf(
  files: PlanFiles,
): readonly { readonly row: PlanRow; readonly licenses: readonly string[]; readonly route: Route }[] {
  const people = new Map<string, { row: PlanRow; licenses: readonly string[]; route: Route }>();
  for (const file of files)
    for (const row of file.rows) {
      const known = people.get(row.licenseId);
      if (known === undefined) people.set(row.licenseId, { row, licenses: row.licenses, route: file.route });
      else if (isLicenseKind(file.kind)) people.set(row.licenseId, { ...known, licenses: row.licenses });
    }
  return [...people.values()];
}

type PlanFiles = readonly {
  readonly kind: Parameters<typeof isLicenseKind>[0];
  readonly route: Route;
  readonly rows: readonly PlanRow[];
}[];

/** The dialog before an approval, in one sentence. */
export const approvalSentence = (mode: 'email-first' | 'full', people: number): string =>
  guardSentence(mode === 'full' ? 'approve: full' : 'approve: email', { n: people });
