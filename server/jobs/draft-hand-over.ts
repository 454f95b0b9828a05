import { randomUUID } from 'node:crypto';
import type { FindingList } from '../core/choose-people.ts';
import { joinKeyOf } from '../core/email.ts';
import type { Finding } from '../core/finding.ts';
import { makeHandOver } from '../core/make-hand-over.ts';
import type { Holder } from '../core/plan.ts';
import { sealPlan } from '../core/seal-plan.ts';
import { writeAudit } from '../store/audit.ts';
import { type Queryable, type Scope, transaction } from '../store/database.ts';
import { findCrmUserByEmail } from '../store/finding.ts';
import { notify } from '../store/notify.ts';
import { insertPlan, lockPlans, type NewPlan } from '../store/plan.ts';
import { doneReconciliations, listWithoutLicense } from '../store/reconciliation.ts';
import { ActionRefused, type PlanDesk } from './plan-desk.ts';
import { planOptions } from './plan-options.ts';
import { waysOf } from './ways-of-contract.ts';

/** License ids: whose license goes, and who gets it. */
export interface HandOverWish {
  readonly leaver: string;
  readonly successor: string;
  /** Null: the contract's own way. */
  readonly route: 'files' | 'guided' | null;
  readonly assignee: string | null;
  readonly backup: string | null;
}

/** Plans a leaver's license for a successor, as a draft that somebody has to approve. Returns its id. */
export const draftHandOver = (desk: PlanDesk, scope: Scope, wish: HandOverWish, by: string): Promise<string> =>
  transaction(desk.pool, async (client) => {
    await lockPlans(client, scope);
    const id = randomUUID();
    const made = await compose(desk, client, scope, id, wish, by);
    await insertPlan(client, scope, { id, ...made, createdBy: by, assignee: wish.assignee ?? by, backup: wish.backup });
    const detail = { seal: made.seal, mode: made.plan.mode, origin: made.origin.title, handOver: made.origin.handOver };
    await writeAudit(client, scope.workspaceId, { actor: by, action: 'plan made', subject: id, detail });
    await notify(client, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'plan', id });
    return id;
  });

/** Who could get a license: people whom the newest list of LinkedIn shows without one. `search` is part of the email or the ID. */
export async function listSuccessors(db: Queryable, scope: Scope, search: string, limit: number): Promise<Holder[]> {
  const [run] = await doneReconciliations(db, scope, 1);
  if (!run) return [];
  const part = search.trim().toLowerCase();
  const others = await listWithoutLicense(db, scope, run.id);
  return others.filter(({ email, uniqueUserId }) => `${email}\n${uniqueUserId}`.toLowerCase().includes(part)).slice(0, limit);
}

async function compose(
  desk: PlanDesk,
  client: Queryable,
  scope: Scope,
  id: string,
  { leaver: leaverId, successor: successorId, route }: HandOverWish,
  by: string,
): Promise<Pick<NewPlan, 'plan' | 'seal' | 'origin'>> {
  const [run] = await doneReconciliations(client, scope, 1);
  if (!run) throw new ActionRefused('not-now', 'Nothing was compared yet. Bring both user lists first.');
  const { findings, options } = await planOptions(desk, client, scope, run, new Set([leaverId, successorId]));
  const holders = [...licensesOf(findings).map(({ license }) => license), ...options.others];
  const personOf = (licenseId: string) => {
    const finding = licensesOf(findings).find(({ license }) => license.id === licenseId);
    const person = holders.find((holder) => holder.id === licenseId);
    if (person === undefined)
      throw new ActionRefused(
        'not-possible',
        'LinkedIn’s list does not have this person. Add them in Admin Center without a license, bring a new export, then hand over.',
      );
    const { email, uniqueUserId, licenses } = person;
    const sameId = holders.filter((holder) => uniqueUserId !== '' && joinKeyOf(holder.uniqueUserId) === joinKeyOf(uniqueUserId)).length;
    const { name = '', seatId = '' } = finding?.license ?? {};
    return { id: licenseId, email, uniqueUserId, licenses, name, seatId, managedBy: finding?.managedBy ?? 'unknown', sameId } as const;
  };
  const busy = [leaverId, successorId].some((licenseId) => options.underRepair.includes(licenseId));
  if (busy) throw new ActionRefused('not-now', 'One of the two is being repaired right now. Let that repair end first, or cancel it.');
  const isInCrm = licensesOf(findings).some(({ license, crmUser }) => license.id === leaverId && crmUser !== null);
  const leaver = { ...personOf(leaverId), isInCrm };
  const found = personOf(successorId);
  const crmUser = await findCrmUserByEmail(client, scope, found.email);
  const successor = { ...found, name: found.name || (crmUser?.name ?? ''), crmUserId: crmUser?.id ?? '' };
  const licenseHolders = licensesOf(findings).length;
  const way = route ?? ((await waysOf(desk, client, scope)).byHand ? 'guided' : 'files');
  const outcome = makeHandOver(
    { leaver, successor, route: way, holders, licenseHolders },
    { ...options, id: id.slice(0, 8), by, mode: 'full' },
  );
  const origin = {
    reconciliationId: run.id,
    rootCause: null,
    licenseIds: [leaverId, successorId],
    leftOut: [],
    auto: false,
    reverseOf: null,
    handOver: { leaver: leaverId, successor: successorId },
    title: `Hand-over: ${leaver.name || 'a leaver'} → ${successor.name || 'a successor'}`,
    trips: outcome.kind === 'plan' ? [] : outcome.trips,
  };
  return { ...sealPlan(outcome.kind === 'plan' ? outcome.plan : outcome.draft, desk.tools.sha256), origin };
}

const licensesOf = (findings: FindingList): readonly (Finding & { readonly license: NonNullable<Finding['license']> })[] =>
  Array.from({ length: findings.length }, (_, index) => findings.at(index)!).filter(
    (finding): finding is Finding & { readonly license: NonNullable<Finding['license']> } => finding.license !== null,
  );
