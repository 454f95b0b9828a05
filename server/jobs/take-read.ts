import { randomUUID } from 'node:crypto';
import { FileRefused } from '../../connectors/errors.ts';
import { type FileProgress, type PlanProgress, seenOf, sittingUnderWay } from '../core/plan-progress.ts';
import { type Read, takeExport } from '../core/read-export.ts';
import { whatHappened } from '../core/what-happened.ts';
import { writeAudit } from '../store/audit.ts';
import { type Scope, transaction } from '../store/database.ts';
import { endedFullPlans, insertProof, lockPlans, runningPlans, type StoredPlan, type StoredProof } from '../store/plan.ts';
import type { StoredRematch } from '../store/rematch.ts';
import { changeOpenPlan, changePlan, type OpenPlan } from './change-plan.ts';
import { goOnGivingBack } from './hand-out-files.ts';
import { ActionRefused, type PlanDesk } from './plan-desk.ts';
import { type Brought, PlanRefused, readOf, takeBrought } from './plan-files.ts';
import { lastCompleteList } from './plan-gate.ts';
import type { ProofShown } from './proof-shown.ts';
import { automaticDelivery, queueDelivery } from './queue-delivery.ts';

/**
 * Reads a file that was brought back. Throws ActionRefused with the sentence of the reader for anything that is neither LinkedIn's
 * result file nor an export.
 */
export async function readBrought(desk: PlanDesk, name: string, bytes: Uint8Array, exportedAt: string): Promise<Brought> {
  try {
    return await desk.tools.readBytes(name, bytes, exportedAt);
  } catch (error) {
    if (error instanceof FileRefused) throw new ActionRefused('not-possible', error.message, { cause: error });
    throw error;
  }
}

export interface BroughtFile {
  readonly brought: Brought;
  readonly sha256: string;
  /** How many users Admin Center shows; null where nobody said. */
  readonly adminCenterCount: number | null;
}

/** Takes LinkedIn's result file or an export into one plan. Throws ActionRefused where it says nothing of this plan. */
export const takeProofOf = (desk: PlanDesk, scope: Scope, planId: string, file: BroughtFile, by: string): Promise<ProofShown> =>
  changePlan(desk, scope, planId, by, (open) => takeInto(desk, open, file));

/**
 * Takes a file that was dropped anywhere to the plan it belongs to, recognised by its rows: a result file to the one whose rows it has,
 * an export to every plan under way.
 */
export async function takeProofAnywhere(
  desk: PlanDesk,
  scope: Scope,
  file: BroughtFile,
  by: string,
): Promise<{ readonly planId: string; readonly shown: ProofShown }[]> {
  return transaction(desk.pool, async (client) => {
    await lockPlans(client, scope);
    const taken: { planId: string; shown: ProofShown }[] = [];
    const plans = await runningPlans(client, scope);
    let refusal: ActionRefused | null = null;
    for (const plan of plans.toReversed()) {
      try {
        const shown = await changeOpenPlan(desk, client, scope, plan, by, (open) => takeInto(desk, open, file));
        taken.push({ planId: plan.id, shown });
        if (file.brought.kind === 'result') break;
      } catch (error) {
        if (!(error instanceof ActionRefused)) throw error;
        refusal = error;
      }
    }
    if (taken.length === 0)
      throw refusal ?? new ActionRefused('not-possible', `${file.brought.name}: no repair is under way that this file could prove.`);
    return taken;
  });
}

/** An export of a comparison: every plan under way learns from it. */
export async function takeReadOf(desk: PlanDesk, scope: Scope, read: Read, by: string): Promise<void> {
  const plans = await transaction(desk.pool, (client) => runningPlans(client, scope));
  for (const { id } of plans)
    await changePlan(desk, scope, id, by, async (open) => {
      const stamp = { at: open.context.at, by, expired: isExpired(open) };
      const { progress } = takeExport(open.plan.plan, open.plan.progress, read, stamp);
      await learn(open, progress, read);
      await goOnGivingBack(desk, open);
      await queueDelivery(desk, open);
    });
  await reopenLate(desk, scope, read, by);
}

/** Our choice: so many days after the end of a plan LinkedIn may still come to an upload of it. */
const lateDays = 7;

/**
 * A removal that LinkedIn carried out only after its plan had ended: the plan is under way again, red on every page, until everybody has
 * their license back.
 */
async function reopenLate(desk: PlanDesk, scope: Scope, read: Read, by: string): Promise<void> {
  const since = new Date(desk.now().getTime() - lateDays * 86_400_000).toISOString();
  const readInto = ({ plan, progress, expiresAt }: StoredPlan, at: string): PlanProgress =>
    takeExport(plan, progress, read, { at, by, expired: at > expiresAt }).progress;
  const ended = await transaction(desk.pool, (client) => endedFullPlans(client, scope, since));
  const late = ended.filter((plan) => sittingUnderWay(plan.plan, readInto(plan, desk.now().toISOString())) !== null);
  for (const { id } of late)
    await changePlan(desk, scope, id, by, async (open) => {
      const { client, context, plan } = open;
      const progress = readInto(plan, context.at);
      if (plan.state === 'running' || sittingUnderWay(plan.plan, progress) === null) return;
      await writeAudit(client, scope.workspaceId, { actor: by, action: 'plan reopened', subject: id, detail: { removal: 'came late' } });
      await open.save({ state: 'running', endedAt: null });
      await learn(open, progress, read);
      await goOnGivingBack(desk, open);
      await queueDelivery(desk, open);
    });
}

async function takeInto(desk: PlanDesk, open: OpenPlan, { brought, sha256, adminCenterCount }: BroughtFile): Promise<ProofShown> {
  const { plan, context } = open;
  const stamp = { at: context.at, by: context.by, expired: isExpired(open) };
  const isRead = brought.kind === 'export';
  const counts = { shown: adminCenterCount, lastGood: (await lastCompleteList(open))?.expected ?? null };
  let taken: ReturnType<typeof takeBrought> | null = null;
  try {
    taken = takeBrought(plan.plan, plan.progress, brought, stamp, counts);
  } catch (error) {
    if (!(error instanceof PlanRefused)) throw error;
    // An export still shows where people are when no file waits for it.
    if (!isRead || error.code === 'too-old') throw new ActionRefused('not-possible', error.sentence, { cause: error });
  }
  const people = isRead ? brought.people.length + brought.rejected : null;
  const complete = isRead ? people === adminCenterCount : null;
  const before = open.people;
  await learn(open, taken?.progress ?? plan.progress, isRead ? readOf(brought, counts) : null);
  await goOnGivingBack(desk, open);
  // A removal over SCIM waits for the list that somebody brings.
  if (isRead && plan.plan.files.some(({ route }) => route === 'scim')) await queueDelivery(desk, open);
  const files = (taken?.names ?? []).map((name) => open.plan.progress.files.find((file) => file.name === name)!);
  const shown: ProofShown = {
    recognizedAs: brought.kind,
    already: taken?.already ?? false,
    critical: taken?.critical ?? null,
    complete,
    people,
    sentences: [
      ...(taken?.critical ? [`LinkedIn stopped this upload: “${taken.critical}”. Bring a new export: it shows which rows were done.`] : []),
      ...files.filter((file) => file.state !== 'made').map((file) => fileSentence(file)),
      ...movedSentences(before, open.people),
      ...(taken?.notes ?? []),
      ...brought.warnings,
      ...(complete === false && adminCenterCount !== null
        ? [`${people} of ${adminCenterCount}: this is a filtered file. It confirms people; nothing is removed on it.`]
        : []),
    ],
  };
  const proof: StoredProof<ProofShown> = {
    id: randomUUID(),
    name: brought.name,
    kind: brought.kind,
    sha256,
    asOf: isRead ? brought.asOf : context.at,
    by: context.by,
    at: context.at,
    outcome: shown,
  };
  await insertProof(open.client, open.scope, open.plan.id, proof);
  // What a person brings may be what the delivery waits for; it goes on by itself after what it read itself.
  if (context.by !== automaticDelivery) await queueDelivery(desk, open);
  return shown;
}

const isExpired = ({ plan, context }: OpenPlan): boolean => context.at > plan.expiresAt;

/** Stores what the files learned, and lets people move by it. */
export async function learn(open: OpenPlan, progress: PlanProgress, read: Read | null): Promise<void> {
  if (progress !== open.plan.progress) await open.save({ progress });
  const eventsOf = whatHappened(open.plan.plan, progress, read);
  await open.move(({ state }) => eventsOf(state));
}

function fileSentence(file: FileProgress): string {
  const of = (outcome: string): number => file.rows.filter((row) => file.outcomes[row]?.outcome === outcome).length;
  const numbers: readonly (readonly [number, string])[] = [
    [seenOf(file).n, 'seen in LinkedIn'],
    [of('accepted'), 'accepted, an export has to show them'],
    [of('refused'), 'refused'],
    [of('untouched'), 'not changed yet'],
    [of('left-out'), 'left out by you'],
    [of('gone'), 'not in LinkedIn’s list any more'],
    [of('changed-by-hand'), 'changed by hand'],
    [file.rows.filter((row) => file.outcomes[row] === undefined).length, 'not seen'],
  ];
  const said = numbers.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`);
  return `${file.name}: ${said.join(', ')}.${file.state === 'late' ? ' It came late; what it changed counts all the same.' : ''}`;
}

const endWords: Readonly<Record<string, string>> = {
  repaired: 'Matched in LinkedIn: repaired',
  'emails-agree': 'with the right email, LinkedIn’s own status not seen',
  'full-offered': 'still Not Matched in LinkedIn: a full rematch can be planned',
  undone: 'as they were before',
  'handed-over': 'without the license, which is free for somebody else',
  conflict: 'stopped: somebody else changed them in LinkedIn',
  failed: 'stopped',
  'left-out': 'left out',
};

function movedSentences(before: readonly StoredRematch[], after: readonly StoredRematch[]): string[] {
  const was = new Map(before.map(({ id, state }) => [id, state.ended]));
  const ended = after.filter(({ id, state }) => state.ended !== null && was.get(id) === null);
  return [...Map.groupBy(ended, ({ state }) => state.ended!)].map(
    ([end, people]) => `${people.length} ${people.length === 1 ? 'person is' : 'people are'} ${endWords[end] ?? end}.`,
  );
}
