import { randomUUID } from 'node:crypto';
import type { FindingList } from '../core/choose-people.ts';
import type { Finding } from '../core/finding.ts';
import type { Override } from '../core/guard.ts';
import { guardUnseen } from '../core/guard-read.ts';
import type { PlanOptions } from '../core/make-plan.ts';
import { type LicenseToReclaim, makeReclaim } from '../core/make-reclaim.ts';
import { sealPlan } from '../core/seal-plan.ts';
import type { Reason } from '../core/status.ts';
import { writeAudit } from '../store/audit.ts';
import { type Queryable, type Scope, transaction } from '../store/database.ts';
import { listIdentityAnswers } from '../store/identity-answer.ts';
import { notify } from '../store/notify.ts';
import { insertPlan, lockPlans, type NewPlan } from '../store/plan.ts';
import { doneReconciliations } from '../store/reconciliation.ts';
import { ActionRefused, type PlanDesk } from './plan-desk.ts';
import { planOptions } from './plan-options.ts';

/** Whose licenses are taken for good. */
export interface ReclaimWish {
  /** Null: all who are inactive in the CRM. */
  readonly licenseIds: readonly string[] | null;
  readonly leaveOut: readonly string[];
  readonly route: 'files' | 'guided';
  readonly override: Override | null;
  readonly assignee: string | null;
  readonly backup: string | null;
}

/** Plans that licenses are taken back, as a draft that somebody has to approve. Returns its id. */
export const draftReclaim = (desk: PlanDesk, scope: Scope, wish: ReclaimWish, by: string): Promise<string> =>
  transaction(desk.pool, async (client) => {
    await lockPlans(client, scope);
    const id = randomUUID();
    const made = await composeReclaim(desk, client, scope, id, wish, by);
    await insertPlan(client, scope, { id, ...made, createdBy: by, assignee: wish.assignee ?? by, backup: wish.backup });
    const detail = { seal: made.seal, mode: made.plan.mode, origin: made.origin.title };
    await writeAudit(client, scope.workspaceId, { actor: by, action: 'plan made', subject: id, detail });
    await notify(client, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'plan', id });
    return id;
  });

export async function composeReclaim(
  desk: PlanDesk,
  client: Queryable,
  scope: Scope,
  id: string,
  { licenseIds, leaveOut, route, override }: ReclaimWish,
  by: string,
): Promise<Pick<NewPlan, 'plan' | 'seal' | 'origin'>> {
  const [run] = await doneReconciliations(client, scope, 1);
  if (!run) throw new ActionRefused('not-now', 'Nothing was compared yet. Bring both user lists first.');
  const { findings, options } = await planOptions(desk, client, scope, run, new Set(licenseIds ?? []));
  const all = holdersOf(findings);
  const answers = await listIdentityAnswers(client, scope);
  const usedByNobody = new Set(answers.filter(({ answer }) => answer === 'nobody').map(({ licenseId }) => licenseId));
  const wanted = licenseIds && new Set(licenseIds);
  const chosen = all.filter(({ license, reason }) => (wanted ? wanted.has(license.id) : reason === 'crm-user-inactive'));
  if (wanted && chosen.length < wanted.size)
    throw new ActionRefused('not-possible', 'Somebody of these has no license in the newest comparison. Choose again.');
  const people = chosen.map((finding): LicenseToReclaim => {
    const { license, managedBy } = finding;
    const { email, uniqueUserId, licenses, name, seatId } = license;
    return {
      id: license.id,
      email,
      uniqueUserId,
      licenses,
      name,
      seatId,
      managedBy,
      stays: whyItStays(finding, options, usedByNobody.has(license.id)),
    };
  });
  const holders = [...all.map(({ license }) => license), ...options.others];
  const outcome = makeReclaim(
    { people, route, holders, licenseHolders: all.length },
    { ...options, id: id.slice(0, 8), by, mode: 'full', leftOutByAdmin: leaveOut, override },
  );
  const plan = outcome.kind === 'plan' ? outcome.plan : outcome.draft;
  const rows = plan.files.reduce((sum, file) => sum + file.rows.length, 0);
  const origin = {
    reconciliationId: run.id,
    rootCause: null,
    licenseIds,
    leftOut: leaveOut,
    auto: false,
    reverseOf: null,
    reclaim: true as const,
    title: `Take licenses back: ${rows} ${rows === 1 ? 'leaver' : 'leavers'}`,
    trips: outcome.kind === 'plan' ? [] : outcome.trips,
  };
  return { ...sealPlan(plan, desk.tools.sha256), origin };
}

type HolderFinding = Finding & { readonly license: NonNullable<Finding['license']> };

const holdersOf = (findings: FindingList): readonly HolderFinding[] =>
  Array.from({ length: findings.length }, (_, index) => findings.at(index)!).filter(
    (finding): finding is HolderFinding => finding.license !== null,
  );

/** While nobody can tell who uses a license, a person may have answered that nobody does. */
const ownerInDoubt: readonly Reason[] = ['identity-conflict', 'ambiguous', 'owner-unconfirmed', 'no-crm-user'];

/**
 * Only who left loses a license for good: whoever is active, or left alone by a person's decision, keeps it. Where it is in doubt whose
 * it is, a person's answer that nobody uses it counts.
 */
function whyItStays(
  { status, reason, crmUser }: HolderFinding,
  { crmName, crm }: Pick<PlanOptions, 'crmName' | 'crm'>,
  isUsedByNobody: boolean,
): LicenseToReclaim['stays'] {
  if (status === 'excepted')
    return { code: 'excepted', sentence: 'Somebody decided to leave this person alone.', nextStep: 'End the exception first.' };
  if (status === 'not-checked')
    return { code: 'not-checked', sentence: 'The last list said nothing of this person.', nextStep: 'Bring a complete new export.' };
  if (isUsedByNobody && ownerInDoubt.includes(reason)) return null;
  if (crmUser?.active || (crmUser === null && reason !== 'no-crm-user'))
    return {
      code: 'active-in-crm',
      sentence: crmUser === null ? 'Nobody knows yet who uses this license.' : `They are active in ${crmName}.`,
      nextStep: crmUser === null ? 'Say who it is first.' : `If they left, deactivate them in ${crmName}, then compare again.`,
    };
  const unseen = guardUnseen(crmName, crm, crmUser !== null);
  return (
    unseen && {
      code: unseen.code,
      sentence: unseen.sentence,
      nextStep: `Look in ${crmName}, then say on their page that nobody uses this license.`,
    }
  );
}
