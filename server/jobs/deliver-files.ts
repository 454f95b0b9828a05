import type pg from 'pg';
import { isInParts, leaveRest, leftToSend, takeCarried } from '../core/carry-out.ts';
import { isLicenseKind, type PlanFile } from '../core/plan.ts';
import { fileOut, type Release, rowAt, sentAgain, sittingUnderWay } from '../core/plan-progress.ts';
import { findPerson, mayStillAnswer, takeExport } from '../core/read-export.ts';
import type { RematchStep, ServerRoute } from '../core/status.ts';
import { asOnlyOne, type Scope, transaction } from '../store/database.ts';
import type { Engine } from '../store/engine.ts';
import { deliveredPlans, findPlan, type StoredPlan } from '../store/plan.ts';
import { rematchesOfPlan } from '../store/rematch.ts';
import { changePlan, type OpenPlan } from './change-plan.ts';
import type { CarriedOut, Delivery, FileToCarry, PersonToRead } from './delivery.ts';
import { letGo, releaseFile, say } from './hand-out-files.ts';
import { type PlanDesk, type PlanJob, planJob } from './plan-desk.ts';
import { readOf, uncounted } from './plan-files.ts';
import { gateOf } from './plan-gate.ts';
import { automaticDelivery, deliveryQueue, queueDelivery } from './queue-delivery.ts';
import { endAlarm, raiseAlarm } from './raise-alarm.ts';
import { learn, takeProofOf } from './take-read.ts';
import { waysOf } from './ways-of-contract.ts';

/** A look that is due without anything having happened here: what people accepted, what LinkedIn's CRM job found. */
type DeliveryJob = PlanJob & { lookAgain?: boolean };

const by = automaticDelivery;

/** Our choices. Two writers on one contract would overtake each other, so one waits for the other. */
const writerPatienceMs = 15_000;
const lookAgainMs = 15 * 60_000;
/** Until a job that is another process's comes up again. */
const elsewhereMs = 5_000;
/** So long a plan that goes in parts goes on before the contract's other plans get their turn. */
const turnMs = 120_000;

/** From an approval on: the first file, and a look again from time to time until the plan has ended. */
export async function beginDelivery(desk: PlanDesk, open: OpenPlan): Promise<void> {
  await queueDelivery(desk, open);
  if (open.plan.delivered) await queueLook(desk, open.client, open.scope, open.plan.id);
}

const queueLook = (desk: PlanDesk, client: pg.PoolClient, scope: Scope, planId: string): Promise<string> => {
  const job: DeliveryJob = { ...planJob(scope, planId), lookAgain: true };
  return desk.engine.send(client, deliveryQueue.name, job, { startAfter: new Date(desk.now().getTime() + lookAgainMs) });
};

/** Works the queue until the engine stops, beginning with what a process that died was at: its own jobs are missed only after a while. */
export async function workDeliveries(engine: Engine, desk: PlanDesk, logError: (error: unknown) => void): Promise<void> {
  await transaction(desk.pool, async (client) => {
    const jobs = (await deliveredPlans(client)).map(({ planId, ...scope }) => planJob(scope, planId));
    await engine.sendMany(client, deliveryQueue.name, jobs);
  });
  await engine.work<DeliveryJob>(
    deliveryQueue.name,
    async ({ data, retryCount, signal }) => {
      try {
        if (await isElsewhere(desk, data)) return;
        const hadIts = await asOnlyOne(desk.pool, `writes to ${data.contractId}`, writerPatienceMs, (held) =>
          deliver(desk, data, data.planId, AbortSignal.any([signal, held])),
        );
        if (!hadIts || data.lookAgain) await transaction(desk.pool, (client) => comeAgain(desk, client, data, hadIts));
      } catch (error) {
        logError(error);
        if (retryCount >= 3) await alarm(desk, data, data.planId);
        throw error;
      }
    },
    { concurrency: 2 },
  );
}

/**
 * Whether the plan goes by what another process was started with: then its job is left to that one. What was chosen for the contract every
 * process has.
 */
async function isElsewhere(desk: PlanDesk, job: DeliveryJob): Promise<boolean> {
  const plan = await findPlan(desk.pool, job, job.planId);
  const route = plan?.state === 'running' ? routeNow(plan) : null;
  if (route === null) return false;
  const { deliveries, isChosen } = await waysOf(desk, desk.pool, job);
  if (isChosen || deliveries[route] !== undefined) return false;
  const startAfter = new Date(desk.now().getTime() + elsewhereMs);
  await transaction(desk.pool, (client) => desk.engine.send(client, deliveryQueue.name, job, { startAfter }));
  return true;
}

async function comeAgain(desk: PlanDesk, client: pg.PoolClient, job: DeliveryJob, hadItsTurn: boolean): Promise<void> {
  if (!hadItsTurn) await desk.engine.send(client, deliveryQueue.name, job);
  else if ((await findPlan(client, job, job.planId))?.state === 'running') await queueLook(desk, client, job, job.planId);
}

const alarm = (desk: PlanDesk, scope: Scope, planId: string): Promise<void> =>
  transaction(desk.pool, (client) =>
    raiseAlarm(client, desk.engine, scope, {
      kind: 'delivery-failed',
      subject: planId,
      level: 'orange',
      sentence: 'A repair could not be handed to LinkedIn since {since}. We go on trying.',
      label: 'Open the repair',
      href: `/plans/${planId}/job`,
    }),
  );

/** The delivery of a route. Throws where there is none (any more). */
function deliveryOf({ deliveries }: PlanDesk, route: ServerRoute): Delivery {
  const delivery = deliveries[route];
  if (delivery === undefined) throw new Error(`A plan goes by ${route}, and nothing here carries it out.`);
  return delivery;
}

/** The way of the file that is out, else of the plan; null where that is by hand. */
function routeNow({ plan, progress }: StoredPlan): ServerRoute | null {
  const out = fileOut(progress);
  const route = out === null ? plan.files.find((file) => file.route !== 'guided')?.route : plan.files[out.file]!.route;
  return route === undefined || route === 'guided' ? null : route;
}

/**
 * One step: reads first, so that whatever an earlier try did is known; sends only rows whose value does not hold yet; reads back; makes
 * the next file, and sends the job for it. Killed anywhere, the next try finds by reading what was done.
 */
export async function deliver(given: PlanDesk, scope: Scope, planId: string, signal: AbortSignal): Promise<void> {
  const plan = await findPlan(given.pool, scope, planId);
  if (plan === null || plan.state !== 'running') return;
  // One way from here to the end of the step, whatever is chosen meanwhile.
  const desk = { ...given, deliveries: (await waysOf(given, given.pool, scope)).deliveries };
  await readBack(desk, scope, plan, signal);
  const until = performance.now() + turnMs;
  const inTurn = (): boolean => performance.now() < until;
  for (let isOut = fileOut(plan.progress) !== null; ; isOut = true) {
    if (isOut) await withList(desk, scope, planId, signal, () => handOver(desk, scope, planId, inTurn, signal));
    if ((await withList(desk, scope, planId, signal, () => goOn(desk, scope, planId, inTurn))) !== 'next') return;
  }
}

/** Does a step, and once more where only the list of everybody was missing. */
async function withList<Next>(
  desk: PlanDesk,
  scope: Scope,
  planId: string,
  signal: AbortSignal,
  step: () => Promise<Next | 'list'>,
): Promise<Next | 'list'> {
  const next = await step();
  if (next !== 'list') return next;
  await bringList(desk, scope, planId, signal);
  return step();
}

/** Whether a removal that may begin waits only for the list of everybody: another plan may have written since the last one. */
async function lacksOnlyList(desk: PlanDesk, open: OpenPlan, file: PlanFile): Promise<boolean> {
  const { route } = file;
  if (route === 'guided' || (desk.deliveries[route]?.readAll ?? null) === null) return false;
  if (file.kind !== 'license-off' || (await gateOf(open)).file(file) === null) return false;
  return (await gateOf(open, { list: 'later' })).file(file) === null;
}

/** Sends what does not hold yet of the file that is out, and reads what became of it. */
async function handOver(desk: PlanDesk, scope: Scope, planId: string, inTurn: () => boolean, signal: AbortSignal): Promise<'list' | null> {
  const pending = await changePlan(desk, scope, planId, by, async (open) => {
    const made = fileOut(open.plan.progress);
    const route = routeNow(open.plan);
    if (made === null || route === null) return null;
    if ((await letGo(open)) !== null) return (await lacksOnlyList(desk, open, open.plan.plan.files[made.file]!)) ? 'list' : null;
    const out = fileOut(open.plan.progress)!;
    const { kind } = open.plan.plan.files[out.file]!;
    if (!isLicenseKind(kind) && open.context.at > open.plan.expiresAt) await leaveOutRest(open);
    const left = leftToSend(open.plan.plan, open.plan.progress);
    // Giving licenses back goes on whatever is paused.
    if (left.length === 0 || (open.plan.paused && kind !== 'license-on')) return null;
    const rows = left.map((row) => rowAt(open.plan.plan, out, row));
    const file = { name: out.name, kind, rows, idColumn: open.plan.plan.idColumn };
    if (mayStillAnswer(kind, out, open.context.at) && deliveryOf(desk, route).lookFor !== undefined)
      // An answer that was read is not read again: what is left waits for an export.
      return Object.keys(out.outcomes).length > 0 ? null : { route, file, isSent: true };
    // From here on it may be with LinkedIn: said before it is sent, so that no clock starts late.
    const isFirst = out.log.every(({ state }) => state !== 'said-to-be-uploaded');
    await say(open, out.name, 'downloaded');
    await say(open, out.name, 'uploaded');
    if (!isFirst) await open.save({ progress: sentAgain(open.plan.plan, open.plan.progress, fileOut(open.plan.progress)!, open.context) });
    return { route, file, isSent: false };
  });
  if (pending === null || pending === 'list') return pending;
  const delivery = deliveryOf(desk, pending.route);
  const carried = await (pending.isSent ? delivery.lookFor! : delivery.carryOut)(pending.file, { signal });
  if (carried.kind === 'lies-there') return null;
  if (carried.kind === 'result') await takeResult(desk, scope, planId, carried, signal);
  else await takeParts(desk, scope, planId, pending.file, carried, delivery, inTurn, signal);
  return null;
}

/** From then on no email is changed by the plan. */
async function leaveOutRest(open: OpenPlan): Promise<void> {
  const { progress, licenseIds } = leaveRest(open.plan.plan, open.plan.progress, open.context);
  if (licenseIds.size === 0) return;
  const cause = 'The plan ran out before their turn came. Compare again and make a new plan.';
  await open.move(({ state }) => (licenseIds.has(state.licenseId) ? [{ kind: 'left-out', cause }] : []));
  await open.save({ progress });
}

/** Takes in a result file, and reads what became of its rows. */
async function takeResult(
  desk: PlanDesk,
  scope: Scope,
  planId: string,
  { brought, sha256 }: Extract<CarriedOut, { kind: 'result' }>,
  signal: AbortSignal,
): Promise<void> {
  await takeProofOf(desk, scope, planId, { brought, sha256, adminCenterCount: null }, by);
  const plan = await findPlan(desk.pool, scope, planId);
  if (plan !== null) await readBack(desk, scope, plan, signal);
}

type Part = Extract<CarriedOut, { kind: 'rows' }>;

/** Takes in one part of a file after another. The next one is under way while one is written down: LinkedIn's requests are what takes time. */
async function takeParts(
  desk: PlanDesk,
  scope: Scope,
  planId: string,
  file: FileToCarry,
  first: Part,
  delivery: Delivery,
  inTurn: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  let part: Part = first;
  for (;;) {
    const { rest, failure }: Part = part;
    let mayGoOn: boolean = rest.length > 0 && failure === null && inTurn();
    const coming: Promise<CarriedOut> | null = mayGoOn
      ? delivery.carryOut({ ...file, rows: rest }, { signal, goesOn: () => mayGoOn })
      : null;
    const taking: Promise<void> = takePart(desk, scope, planId, file, part, mayGoOn).then((wanted) => {
      mayGoOn = wanted;
    });
    // Both come to their end before either's failure is told.
    await Promise.allSettled([taking, coming]);
    await taking;
    const next: CarriedOut | null = await coming;
    // What was done is kept; the job tries again.
    if (failure !== null) throw failure;
    if (next?.kind !== 'rows') return;
    part = next;
  }
}

/** @returns whether more of the file may go now */
const takePart = (
  desk: PlanDesk,
  scope: Scope,
  planId: string,
  { name, kind }: FileToCarry,
  part: Part,
  goesOn: boolean,
): Promise<boolean> =>
  changePlan(desk, scope, planId, by, async (open) => {
    const { plan, progress, expiresAt, paused, state } = open.plan;
    const isExpired = open.context.at > expiresAt;
    const read = readOf(part.read, uncounted);
    await learn(open, takeCarried(plan, progress, name, { ...part, read }, { at: open.context.at, by, expired: isExpired }), read);
    const out = fileOut(open.plan.progress);
    if (!goesOn || out === null) return false;
    await open.save({ progress: sentAgain(plan, open.plan.progress, out, open.context) });
    return state === 'running' && (kind === 'license-on' || !(paused || (isExpired && !isLicenseKind(kind))));
  });

/** Makes the next file and sends its job; `next` where the file goes at once, in this one's turn. */
const goOn = (desk: PlanDesk, scope: Scope, planId: string, inTurn: () => boolean): Promise<'list' | 'next' | null> =>
  changePlan(desk, scope, planId, by, async (open) => {
    await endAlarm(open.client, desk.engine, scope, 'delivery-failed', planId);
    const released = await releaseFile(desk, open);
    if (open.plan.state !== 'running') return null;
    if (released.kind === 'waiting') return (await lacksOnlyList(desk, open, released.file)) ? 'list' : null;
    if (released.kind !== 'file' && released.kind !== 'out') return null;
    const pause = pauseMs(open.plan, released, desk.now());
    if (pause === 0 && open.plan.plan.files[released.file.file]!.route === 'scim' && inTurn()) return 'next';
    const later = pause === 0 ? {} : { startAfter: new Date(desk.now().getTime() + pause) };
    await desk.engine.send(open.client, deliveryQueue.name, planJob(scope, planId), later);
    return null;
  });

const secondMs = 1_000;

/**
 * Before a file is looked at again: none for a new one. LinkedIn may take its time with one that is out, and what it refused to give back
 * is asked for again without end, ever less often.
 */
function pauseMs({ plan, progress, paused }: StoredPlan, { kind, file }: Extract<Release, { kind: 'file' | 'out' }>, now: Date): number {
  if (kind === 'out' && isInParts(plan, file) && !paused) return 0;
  if (kind === 'out') return Math.min(Math.max(5 * secondMs, (now.getTime() - Date.parse(file.log.at(-1)!.at)) / 4), 300 * secondMs);
  const tries = progress.files.filter((one) => one.file === file.file).length;
  return tries <= 2 ? 0 : Math.min(2 ** (tries - 2), 300) * secondMs;
}

/** Where everybody is listed who is there, and Admin Center said how many that are, licenses may be taken. */
async function bringList(desk: PlanDesk, scope: Scope, planId: string, signal: AbortSignal): Promise<void> {
  const route = (await findPlan(desk.pool, scope, planId))?.plan.files.find((file) => file.kind === 'license-off')?.route;
  const readAll = route === undefined || route === 'guided' ? null : deliveryOf(desk, route).readAll;
  if (readAll === null) return;
  const { brought, sha256, usersShown } = await readAll({ signal });
  await takeProofOf(desk, scope, planId, { brought, sha256, adminCenterCount: usersShown }, by);
}

/** Whose next step shows in LinkedIn and nowhere else. */
const shownByLinkedIn: readonly RematchStep[] = ['wait', 'onboarding', 'enable-crm-sync'];

/** Asks LinkedIn for the people of the file that is out, else for those who wait for it, and lets them move by what it shows. */
async function readBack(desk: PlanDesk, scope: Scope, stored: StoredPlan, signal: AbortSignal): Promise<void> {
  const route = routeNow(stored);
  if (route === null) return;
  const delivery = deliveryOf(desk, route);
  const people = await peopleToRead(desk, scope, stored, delivery);
  if (people.length === 0) return;
  const brought = await delivery.read(people, { signal });
  await changePlan(desk, scope, stored.id, by, async (open) => {
    const stamp = { at: open.context.at, by, expired: open.context.at > open.plan.expiresAt };
    // Only some people were asked for.
    const read = readOf(brought, uncounted);
    const taken = takeExport(open.plan.plan, open.plan.progress, read, stamp);
    await learn(open, taken.progress, read);
  });
  const find = findPerson(brought.people);
  const isMissing = people.some((person) => find({ ...person, existingEmail: person.oldEmail }) === undefined);
  // Somebody else moved them: their license must find them, and only a list of everybody tells where they are.
  if (isMissing && sittingUnderWay(stored.plan, stored.progress) !== null) await bringList(desk, scope, stored.id, signal);
}

async function peopleToRead(
  desk: PlanDesk,
  scope: Scope,
  { id, plan, progress }: StoredPlan,
  { showsProgress, readsItself }: Delivery,
): Promise<readonly PersonToRead[]> {
  const out = fileOut(progress);
  if (out !== null)
    return out.rows
      .filter((row) => !readsItself || out.outcomes[row]?.outcome === 'accepted')
      .map((row) => rowAt(plan, out, row))
      .map(({ existingEmail, ...row }) => ({ ...row, oldEmail: existingEmail }));
  if (!showsProgress) return [];
  const states = (await rematchesOfPlan(desk.pool, scope, id)).map(({ state }) => state);
  return states.filter(({ ended, step }) => ended === null && shownByLinkedIn.includes(step));
}
