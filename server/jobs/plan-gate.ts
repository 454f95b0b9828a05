import { agreedWindowAt } from '../core/agreed-window.ts';
import type { PlanSource } from '../core/guard-read.ts';
import type { PlanFile } from '../core/plan.ts';
import { type GateFacts, planGate, type SittingTime } from '../core/plan-gate.ts';
import type { Gate } from '../core/plan-progress.ts';
import { needsAssignment } from '../core/rematch.ts';
import { comparedPeople } from '../store/finding.ts';
import { fileOutElsewhere, listProofs, type StoredPlan, writtenElsewhereAt } from '../store/plan.ts';
import { doneReconciliations } from '../store/reconciliation.ts';
import { runningRematches } from '../store/rematch.ts';
import { readSettings } from '../store/setting.ts';
import type { OpenPlan } from './change-plan.ts';
import { monthLedger } from './month-ledger.ts';
import type { ProofShown } from './proof-shown.ts';

/** The license list of the last comparison, where it was complete: whoever compared was asked when it had far fewer people than before. */
export async function lastCompleteList({ client, scope }: Pick<OpenPlan, 'client' | 'scope'>): Promise<PlanSource | null> {
  const [run] = await doneReconciliations(client, scope, 1);
  const licenses = run?.proofs?.licenses ?? null;
  return licenses !== null && licenses.received + licenses.rejected === licenses.expected ? licenses : null;
}

/**
 * The newest complete read of LinkedIn, from a comparison or brought to this plan; null where none is proven complete. Beside it how many
 * people the last comparison had.
 */
async function newestCompleteList({ client, scope, plan }: OpenPlan): Promise<Pick<GateFacts, 'complete' | 'lastGood'>> {
  const compared = await lastCompleteList({ client, scope });
  const proofs = await listProofs<ProofShown>(client, scope, plan.id);
  const lists = proofs.flatMap(({ name, sha256, asOf, outcome: { complete, people } }): PlanSource[] =>
    complete === true && people !== null ? [{ source: name, sha256, asOf, received: people, rejected: 0, expected: people }] : [],
  );
  if (compared !== null) lists.push(compared);
  return {
    complete: lists.reduce<PlanSource | null>((newest, list) => (newest === null || list.asOf > newest.asOf ? list : newest), null),
    lastGood: compared?.expected ?? null,
  };
}

/**
 * What may hold a file, or one person of it, back as things are now.
 * @param sitting in the place of the plan's own: what would hold it, were it begun now
 * @param list `later`: what a removal rests on is brought before the file is made, so that its lack holds nothing
 */
export async function gateOf(
  open: OpenPlan,
  { list = 'now', sitting = open.plan.sitting }: { readonly list?: 'now' | 'later'; readonly sitting?: SittingTime | null } = {},
): Promise<Gate> {
  const { client, scope, plan, context } = open;
  const known = await readSettings(client, scope);
  const { limits, protectedPeople, freeLicenses } = known.settings;
  const compared = await comparedPeople(
    client,
    scope,
    open.people.map(({ findingKey }) => findingKey),
  );
  const others = (await runningRematches(client, scope)).filter(({ planId }) => planId !== plan.id);
  return planGate({
    plan: plan.plan,
    progress: plan.progress,
    isPaused: plan.paused,
    fileOutElsewhere: plan.delivered ? null : await fileOutElsewhere(client, scope, plan.id),
    writtenElsewhereAt: plan.plan.mode === 'full' ? await writtenElsewhereAt(client, scope, plan.id) : null,
    expiresAt: plan.expiresAt,
    sitting,
    window: plan.plan.window ?? agreedWindowAt(known.settings.removalWindow, context.at),
    people: open.people.map(({ findingKey, state }) => {
      const one = compared.get(findingKey);
      return { state, compared: one === undefined ? null : { ...one, account: one.license } };
    }),
    protected: protectedPeople,
    ...(list === 'later' ? { complete: listToCome(context.at), lastGood: null } : await newestCompleteList(open)),
    maxAgeHours: { email: limits.emailFileMaxAgeDays * 24, removal: limits.removalMaxAgeHours },
    ledger: await monthLedger(client, scope, known, context.at),
    reservedAssignments: others.filter(({ state }) => needsAssignment(state)).length,
    freeLicenses,
    now: context.at,
  });
}

/** Whether the server fetches the list of everybody before a removal. What SCIM lists does not prove that nobody is missing. */
export const bringsList = ({ delivered }: Pick<StoredPlan, 'delivered'>, { route }: Pick<PlanFile, 'route'>): boolean =>
  delivered && route === 'files';

/** Stands for the list of everybody that is fetched right before a removal. */
const listToCome = (asOf: string): PlanSource => ({ source: 'Admin Center', sha256: null, asOf, received: 0, rejected: 0, expected: 0 });
