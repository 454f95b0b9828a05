import { takesForGood } from '../core/plan.ts';
import {
  type FileProgress,
  fileOut,
  giveBack,
  hasLeft,
  type PlanProgress,
  type Release,
  releaseNext,
  rowsOf,
  type Said,
  sayOf,
  siftMade,
  sittingUnderWay,
} from '../core/plan-progress.ts';
import type { Scope } from '../store/database.ts';
import { changePlan, type OpenPlan } from './change-plan.ts';
import { ActionRefused, type PlanDesk } from './plan-desk.ts';
import { gateOf } from './plan-gate.ts';
import { queueDelivery } from './queue-delivery.ts';

/** Makes the next file where it may go now. Throws ActionRefused where it takes licenses that could not be given back. */
export async function releaseFile(desk: PlanDesk, open: OpenPlan): Promise<Release> {
  const { plan, progress } = open.plan;
  const released = releaseNext(plan, progress, desk.tools.nameRetry, open.context, await gateOf(open));
  if (released.kind === 'file') checkWayBack(desk, open, released.file);
  if (released.kind !== 'out' && released.progress !== progress) await keep(open, released.progress);
  // By hand there is nothing to download: once the checklist is open, licenses may be going.
  if (released.kind === 'file' && isByHand(open, released.file)) await say(open, released.file.name, 'downloaded');
  return released;
}

const isByHand = ({ plan: { plan } }: OpenPlan, { file }: FileProgress): boolean =>
  plan.files[file]!.route === 'guided' && plan.files[file]!.kind === 'license-off';

/** As soon as the licenses are seen to be gone, or a give-back failed, the file that gives them back is there: nobody has to ask for it. */
export async function goOnGivingBack(desk: PlanDesk, open: OpenPlan): Promise<void> {
  const { plan, progress, delivered } = open.plan;
  if (!delivered && sittingUnderWay(plan, progress) !== null) await releaseFile(desk, open);
}

/** The file that gives everybody back is made and checked before anybody can have the one that takes their licenses. */
function checkWayBack({ tools }: PlanDesk, { plan: { plan } }: OpenPlan, off: FileProgress): void {
  if (plan.files[off.file]!.kind !== 'license-off') return;
  const { rows: all } = plan.files[takesForGood(plan.files, off.file) ? off.file : off.file + 1]!;
  const rows = off.rows.map((row) => all[row]!);
  const holders = rows.map(({ licenseId, newEmail, uniqueUserId, licenses }) => ({
    id: licenseId,
    email: newEmail,
    uniqueUserId,
    licenses,
  }));
  const [refused] = tools.uploadRules({ rowLimit: Number.POSITIVE_INFINITY }).lint('license-on', rows, holders);
  if (refused || tools.write('license-on', rows, plan.idColumn) === '')
    throw new ActionRefused(
      'not-possible',
      `No license is taken: the file that gives them back could not be made. ${refused?.why ?? ''}`.trim(),
    );
}

/**
 * Lets go of the file that is made: as it may go at this moment, without whoever was cancelled or changed since. Returns why it does not
 * go; null where it does.
 */
export async function letGo(open: OpenPlan): Promise<string | null> {
  const { plan, progress } = open.plan;
  // Whoever has it has it: nothing holds it any more, and the gate of a large plan takes its time.
  if (hasLeft(progress)) return null;
  const sifted = siftMade(plan, progress, open.context, await gateOf(open));
  if (sifted === null) return null;
  if (sifted.kind === 'waiting') return sifted.sentence;
  if (sifted.progress !== progress) await keep(open, sifted.progress);
  return sifted.kind === 'file' ? null : 'Nobody is left in this file, so it is thrown away. The plan says why for each person.';
}

/** Stores progress. Whoever was held back from a file that goes without them now is left out. */
async function keep(open: OpenPlan, progress: PlanProgress): Promise<void> {
  const before = new Set(open.plan.progress.heldBack.map(({ licenseId }) => licenseId));
  const held = new Map(
    progress.heldBack.filter(({ licenseId }) => !before.has(licenseId)).map(({ licenseId, sentence }) => [licenseId, sentence]),
  );
  await open.save({ progress });
  await open.move(({ state }) => {
    const cause = held.get(state.licenseId);
    return cause === undefined ? [] : [{ kind: 'left-out', cause }];
  });
}

/** The next file of a plan. Throws ActionRefused with what it waits for. */
export const makeNextFile = (desk: PlanDesk, scope: Scope, planId: string, by: string): Promise<FileProgress | null> =>
  changePlan(desk, scope, planId, by, async (open) => {
    mustRun(open);
    const released = await releaseFile(desk, open);
    switch (released.kind) {
      case 'file':
        await queueDelivery(desk, open);
        return released.file;
      case 'finished':
        return null;
      case 'out':
        // Somebody else was quicker, or it came by itself.
        if (released.file.state === 'made') return released.file;
        throw new ActionRefused('not-now', outSentence(released.file));
      case 'waiting':
        throw new ActionRefused('not-now', released.sentence);
    }
  });

/** "Give everyone back": the file for all who may have no license, at any time. Null where everybody has theirs. */
export const makeGiveBackFile = (desk: PlanDesk, scope: Scope, planId: string, by: string): Promise<FileProgress | null> =>
  changePlan(desk, scope, planId, by, async (open) => {
    const { plan, progress } = open.plan;
    const released = giveBack(plan, progress, desk.tools.nameRetry, open.context, await gateOf(open));
    if (released.kind === 'file') {
      await open.save({ progress: released.progress });
      await queueDelivery(desk, open);
      return released.file;
    }
    return released.kind === 'out' ? released.file : null;
  });

/** The bytes of a file that is out, as Admin Center takes them; fetching it counts as downloaded. */
export async function downloadFile(desk: PlanDesk, scope: Scope, planId: string, name: string, by: string): Promise<string> {
  const given = await changePlan(desk, scope, planId, by, async (open) => {
    if (!open.plan.progress.files.some((one) => one.name === name))
      throw new ActionRefused('not-found', `There is no file ${name} in this plan (yet).`);
    refuseOverScim(open, name);
    if (fileOut(open.plan.progress)?.name === name) {
      const why = await letGo(open);
      if (why !== null) return { why };
      await say(open, name, 'downloaded');
    }
    return { text: textOf(desk, open, name) };
  });
  if ('why' in given) throw new ActionRefused('not-now', given.why);
  return given.text;
}

function textOf({ tools }: PlanDesk, { plan: { plan, progress } }: OpenPlan, name: string): string {
  const file = progress.files.find((one) => one.name === name)!;
  return tools.write(plan.files[file.file]!.kind, rowsOf(plan, file), plan.idColumn);
}

/** What a person says of the file that is out. Told "uploaded", it waits for its proof. */
export const sayOfFile = (desk: PlanDesk, scope: Scope, planId: string, name: string, said: Said, by: string): Promise<void> =>
  changePlan(desk, scope, planId, by, async (open) => {
    refuseOverScim(open, name);
    await say(open, name, said);
  });

/** What the server sends person by person is nobody's to carry. */
function refuseOverScim({ plan: { plan, progress } }: OpenPlan, name: string): void {
  const file = progress.files.find((one) => one.name === name)?.file;
  if (file !== undefined && plan.files[file]!.route === 'scim')
    throw new ActionRefused('not-possible', `${name} goes over SCIM by itself: there is nothing to download, upload or throw away.`);
}

/** Takes in what is said of the file that is out. */
export async function say(open: OpenPlan, name: string, said: Said): Promise<void> {
  const { plan, progress } = open.plan;
  if (fileOut(progress)?.name !== name) throw new ActionRefused('not-now', `${name} is not the file that is out.`);
  const outcome = sayOf(plan, progress, said, open.context);
  if (!outcome.ok) throw new ActionRefused('not-possible', outcome.sentence);
  await open.save({ progress: outcome.progress });
  const { kind, rows } = plan.files[outcome.file.file]!;
  // Whoever has the file that takes licenses may have uploaded it, whatever they say.
  if (said === 'discarded' || (said === 'downloaded' && kind !== 'license-off')) return;
  const sent = new Set(outcome.file.rows.map((row) => rows[row]!.licenseId));
  const file = kind === 'license-off' || kind === 'license-on' ? kind : 'email';
  await open.move(({ state }) => (sent.has(state.licenseId) ? [{ kind: 'handed-over', file }] : []));
}

export function outSentence(file: FileProgress): string {
  const seen = file.state === 'seen' || file.state === 'said-to-be-uploaded';
  return seen
    ? `${file.name} was uploaded and is not proven. Bring LinkedIn's result file or a new export.`
    : `${file.name} was downloaded and not confirmed. Uploaded, or throw it away?`;
}

export function mustRun({ plan }: Pick<OpenPlan, 'plan'>): void {
  if (plan.state !== 'running') throw new ActionRefused('not-now', 'This plan is not under way: approve it first, or make a new one.');
}
