import type pg from 'pg';
import { type Scope, transaction } from '../store/database.ts';
import type { Engine, QueueDefinition } from '../store/engine.ts';
import { notify } from '../store/notify.ts';
import { findSchedule, findTick, insertAskedTick, listTicks, type StoredSchedule, type StoredTick, settleTick } from '../store/schedule.ts';
import { type FoundPair, findPair, pairInWords, preparePair, type SourceParts } from './compare-sources.ts';
import { partsOfContract } from './parts-of-contract.ts';
import { addReconciliation, ComparisonRefused } from './run-reconciliation.ts';

export const scheduleQueue = { name: 'run-schedule', retryLimit: 3, retryDelay: 5, retryDelayMax: 60 } as const satisfies QueueDefinition;

export interface ScheduleRunner extends Omit<SourceParts, 'workspace'> {
  readonly engine: Engine;
  readonly now: () => Date;
  /** Told of what failed unexpectedly and is tried again. */
  readonly logError: (error: unknown) => void;
}

type TickData = { workspaceId: string; contractId: string; scheduleId: string; dueAt: string };

/** Sends the job of a tick in the transaction that wrote the tick. */
export async function sendTick(
  client: pg.ClientBase,
  engine: Engine,
  schedule: Scope & { readonly id: string },
  dueAt: Date,
): Promise<void> {
  const { workspaceId, contractId, id } = schedule;
  const data: TickData = { workspaceId, contractId, scheduleId: id, dueAt: dueAt.toISOString() };
  await engine.send(client, scheduleQueue.name, data);
  await tell(client, schedule, id);
}

/** Runs a schedule now, whether it is on or off. The run appears among its runs. */
export async function runScheduleNow(pool: pg.Pool, engine: Engine, schedule: StoredSchedule, actor: string, now: Date): Promise<void> {
  await transaction(pool, async (client) => {
    await insertAskedTick(client, schedule, schedule.id, actor, now);
    await sendTick(client, engine, schedule, now);
  });
}

/** Starts the comparisons that were due: finds the files, and asks for the run. */
export async function workSchedules(engine: Engine, runner: ScheduleRunner): Promise<void> {
  await engine.work<TickData>(scheduleQueue.name, async ({ data, retryCount }) => {
    try {
      await runTick(runner, data);
    } catch (error) {
      runner.logError(error);
      if (retryCount < scheduleQueue.retryLimit) throw error;
      const sentence = 'This run stopped unexpectedly several times and was given up. The log of the server says why.';
      await settleTick(runner.pool, data, data, { outcome: 'refused', sentence, reconciliationId: null });
      await tell(runner.pool, data, data.scheduleId);
    }
  });
}

/** A repeat after a crash finds the tick settled, and does nothing. */
async function runTick(runner: ScheduleRunner, data: TickData): Promise<void> {
  const { pool, engine } = runner;
  const [schedule, tick] = await Promise.all([
    findSchedule(pool, data, data.scheduleId),
    findTick(pool, data, data.scheduleId, data.dueAt),
  ]);
  if (!schedule || tick?.outcome !== 'sent') return;
  const parts: SourceParts = partsOfContract({ ...runner, workspace: data }, data);
  const now = runner.now();
  const actor = tick.askedBy ?? `Schedule ${schedule.name}`;
  try {
    const [before] = (await listTicks(pool, data, schedule.id, 20)).filter(({ run }) => run !== null);
    const busy = before && busySentence(before);
    if (busy) throw new ComparisonRefused(busy);
    const pair = await findPair(parts, schedule.sources, { actor, now, maxAgeDays: schedule.maxAgeDays });
    const sentence = pairInWords(pair);
    if (tick.askedBy === null && bringsNothing(pair, now)) {
      await settleTick(pool, data, tick, {
        outcome: 'unchanged',
        sentence: `${sentence} Nothing new to compare today.`,
        reconciliationId: null,
      });
    } else {
      const { run, replacesDemo } = await preparePair(parts, pair, actor);
      await transaction(pool, async (client) => {
        const id = await addReconciliation(client, engine, data, run, replacesDemo);
        const first = await settleTick(client, data, tick, { outcome: 'started', sentence, reconciliationId: id });
        if (!first) throw new Error(`The run of schedule ${schedule.id} that was due at ${tick.dueAt} was started by another process.`);
      });
      if (replacesDemo !== null) parts.leaveDemo();
    }
  } catch (error) {
    if (!(error instanceof ComparisonRefused)) throw error;
    await settleTick(pool, data, tick, { outcome: 'refused', sentence: error.sentence, reconciliationId: null });
  }
  await tell(pool, data, schedule.id);
}

/** One run at a time: why this one has to wait for the one before. Null when that has ended. */
function busySentence({ run }: StoredTick): string | null {
  if (run?.state === 'held') return `Run ${run.number} still waits with a question. Answer it; the next run then compares.`;
  if (run?.state === 'queued' || run?.state === 'running') return `Run ${run.number} was still under way, so no other was started.`;
  return null;
}

/** On another day the same two files may say something else: exceptions end, and waits. */
const bringsNothing = ({ before, isLatest }: FoundPair, now: Date): boolean =>
  before !== null && isLatest && before.createdAt.slice(0, 10) === now.toISOString().slice(0, 10);

const tell = (db: Parameters<typeof notify>[0], scope: Scope, id: string) =>
  notify(db, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'schedule', id });
