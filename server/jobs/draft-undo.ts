import { randomUUID } from 'node:crypto';
import type { PlanOutcome } from '../core/make-plan.ts';
import { makeGiveBack } from '../core/make-reclaim.ts';
import { makeUndo, undoableFiles, undoDays } from '../core/make-undo.ts';
import { type Holder, takesForGood } from '../core/plan.ts';
import { type Exported, findPerson } from '../core/read-export.ts';
import { sealPlan } from '../core/seal-plan.ts';
import { writeAudit } from '../store/audit.ts';
import { type Queryable, type Scope, transaction } from '../store/database.ts';
import { notify } from '../store/notify.ts';
import { findPlan, insertPlan, lockPlans, type NewPlan, type StoredPlan } from '../store/plan.ts';
import { doneReconciliations } from '../store/reconciliation.ts';
import { ActionRefused, type PlanDesk } from './plan-desk.ts';
import { planOptions } from './plan-options.ts';

/**
 * Makes the plan that turns a confirmed email file back, as a draft that somebody has to approve. Returns its id.
 * @param name the file, by its own name or that of its retry
 */
export const draftUndo = (desk: PlanDesk, scope: Scope, planId: string, name: string, by: string): Promise<string> =>
  transaction(desk.pool, async (client) => {
    await lockPlans(client, scope);
    const of = await findPlan(client, scope, planId);
    if (of === null) throw new ActionRefused('not-found', 'This plan is not here (any more).');
    const file = of.progress.files.find((one) => one.name === name)?.file;
    if (file === undefined) throw new ActionRefused('not-found', `There is no file ${name} in this plan (yet).`);
    const id = randomUUID();
    const made = await composeUndo(desk, client, scope, { id, planId, file, leaveOut: [], by });
    await insertPlan(client, scope, { id, ...made, createdBy: by, assignee: of.assignee ?? by, backup: of.backup });
    const detail = { seal: made.seal, mode: made.plan.mode, origin: made.origin.title, reverseOf: planId };
    await writeAudit(client, scope.workspaceId, { actor: by, action: 'plan made', subject: id, detail });
    await notify(client, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'plan', id });
    return id;
  });

/** Which file of which plan is turned back, and for whom not. */
export interface UndoWish {
  readonly id: string;
  readonly planId: string;
  readonly file: number;
  readonly leaveOut: readonly string[];
  readonly by: string;
}

export async function composeUndo(
  desk: PlanDesk,
  client: Queryable,
  scope: Scope,
  { id, planId, file, leaveOut, by }: UndoWish,
): Promise<Pick<NewPlan, 'plan' | 'seal' | 'origin'>> {
  const now = desk.now().toISOString();
  const of = await findPlan(client, scope, planId);
  const [run] = await doneReconciliations(client, scope, 1);
  if (of === null || !run || !undoableFiles(of.plan, of.progress, now).some((one) => one.file === file))
    throw new ActionRefused('not-possible', `Only a file that was seen in LinkedIn can be undone, within ${undoDays} days.`);
  const { findings, options } = await planOptions(desk, client, scope, run, new Set());
  const found: (Exported & Holder)[] = options.others.map((other) => ({ ...other, seatId: '', status: '' }));
  for (let index = 0; index < findings.length; index++) {
    const license = findings.at(index)?.license;
    if (license) found.push(license);
  }
  const people = asSeenSince(of, found, run.asOf!);
  const common = {
    file,
    leftOutByAdmin: leaveOut,
    id: id.slice(0, 8),
    now,
    by,
    people,
    holders: people,
    licenses: options.licenses,
    licenseHolders: people.length - options.others.length,
    expiresAfterHours: options.expiresAfterHours,
    upload: options.upload,
  };
  const outcome: PlanOutcome = takesForGood(of.plan.files, file)
    ? { kind: 'plan', plan: makeGiveBack(of.plan, of.progress, { ...options, ...common }) }
    : makeUndo(of.plan, of.progress, { ...common, maxAgeHours: options.maxAgeHours.email });
  const plan = outcome.kind === 'plan' ? outcome.plan : outcome.draft;
  const rows = plan.files.reduce((sum, { rows }) => sum + rows.length, 0);
  const origin = {
    reconciliationId: run.id,
    rootCause: null,
    licenseIds: null,
    leftOut: leaveOut,
    auto: false,
    reverseOf: planId,
    reverseFile: file,
    title: `Undo ${of.plan.files[file]!.name.replace(/\.csv$/u, '')}: ${rows} ${rows === 1 ? 'person' : 'people'}`,
    trips: outcome.kind === 'plan' ? [] : outcome.trips,
  };
  return { ...sealPlan(plan, desk.tools.sha256), origin };
}

/** The people of the newest comparison, with the emails that LinkedIn showed after it for the rows of this plan. */
function asSeenSince<Person extends Exported>({ plan, progress }: StoredPlan, people: readonly Person[], asOf: string): readonly Person[] {
  const find = findPerson(people);
  const news = new Map<Exported, string>();
  for (const file of progress.files) {
    const { rows } = plan.files[file.file]!;
    if (file.log.at(-1)!.at <= asOf) continue;
    for (const row of file.rows) {
      const person = file.outcomes[row]?.outcome === 'done' ? find(rows[row]!) : undefined;
      if (person) news.set(person, rows[row]!.newEmail);
    }
  }
  return people.map((person) => ({ ...person, email: news.get(person) ?? person.email }));
}
