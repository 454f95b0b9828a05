import { schedule as runByCron } from 'node-cron';
import type pg from 'pg';
import { lastDue, overdueSince } from '../core/due-times.ts';
import { momentInWords } from '../core/wall-clock.ts';
import { transaction } from '../store/database.ts';
import type { Engine } from '../store/engine.ts';
import { forgetTicks, type TickingSchedule, takeTick, tickingSchedules } from '../store/schedule.ts';
import { endAlarm, raiseAlarm } from './raise-alarm.ts';
import { readCron } from './read-cron.ts';
import { sendTick } from './run-schedule.ts';

export interface Ticker {
  readonly pool: pg.Pool;
  readonly engine: Engine;
  readonly now: () => Date;
  /** Done at each look as well. */
  readonly alsoLook?: () => Promise<void>;
  readonly logError: (error: unknown) => void;
}

const hourMs = 3_600_000;
const keptDays = 90;

/**
 * Looks once, and from now on at the beginning of every minute, which schedules are due. Any number of processes may do so: the row of a
 * due time exists once, and whoever inserts it sends the job. Resolves after the first look.
 * @param every another rhythm, as a cron expression of node-cron's, seconds first
 */
export async function startTicking(ticker: Ticker, every = '* * * * *'): Promise<{ stop(): Promise<void> }> {
  let looking: Promise<void> = look(ticker);
  await looking;
  const task = runByCron(
    every,
    async () => {
      looking = look(ticker);
      await looking;
    },
    {
      noOverlap: true,
      unref: true,
      // Late is fine: a look asks what was due up to now.
      missedExecutionTolerance: 60_000,
      suppressMissedWarning: true,
      logger: { info() {}, warn() {}, debug() {}, error: (message, error) => ticker.logError(error ?? message) },
    },
  );
  return {
    async stop() {
      await task.destroy();
      await looking;
    },
  };
}

/** Faults are told and end nothing: the next look is a minute away. */
async function look(ticker: Ticker): Promise<void> {
  try {
    await tickSchedules(ticker);
    await ticker.alsoLook?.();
  } catch (error) {
    ticker.logError(error);
  }
}

/** Takes every due time that nobody has taken, and raises or ends the alarm of runs that are missing. */
export async function tickSchedules(ticker: Ticker): Promise<void> {
  const now = ticker.now();
  for (const schedule of await tickingSchedules(ticker.pool)) {
    if (!(await takeDue(ticker, schedule, now))) await watchRuns(ticker, schedule, now);
  }
}

/**
 * The last due time that nobody served is run once if it is no older than the schedule's limit, else noted as missed. Due times before it
 * are counted, never made up for. True when there was one.
 */
async function takeDue({ pool, engine }: Ticker, schedule: TickingSchedule, now: Date): Promise<boolean> {
  const cron = readCron(schedule.cron);
  if ('refusal' in cron) return false;
  const since = Math.max(Date.parse(schedule.countsFrom), schedule.lastTick === null ? 0 : Date.parse(schedule.lastTick));
  const due = lastDue(cron, schedule.timeZone, since, now.getTime());
  if (!due) return false;
  const dueAt = new Date(due.at);
  const late = now.getTime() - due.at >= schedule.catchUpHours * hourMs;
  await transaction(pool, async (client) => {
    const taken = await takeTick(client, schedule, {
      dueAt,
      outcome: late ? 'missed' : 'sent',
      sentence: late ? `No server ran then, and more than ${schedule.catchUpHours} hours have passed.` : null,
      passed: due.before,
    });
    if (taken && !late) await sendTick(client, engine, schedule, dueAt);
    if (taken) await forgetTicks(client, schedule, new Date(now.getTime() - keptDays * 24 * hourMs));
  });
  return true;
}

async function watchRuns({ pool, engine }: Ticker, schedule: TickingSchedule, now: Date): Promise<void> {
  const cron = readCron(schedule.cron);
  if ('refusal' in cron) return;
  const { timeZone, graceHours } = schedule;
  const moment = (iso: string | null) => (iso === null ? null : Date.parse(iso));
  const countsFrom = Date.parse(schedule.countsFrom);
  const tries = { lastGood: moment(schedule.lastGood), firstTry: moment(schedule.firstTry) };
  const missing = overdueSince({ cron, zone: timeZone, countsFrom, ...tries, graceHours }, now.getTime());
  await transaction(pool, async (client) => {
    if (missing === null) {
      await endAlarm(client, engine, schedule, 'no-run', schedule.id);
      return;
    }
    const due = `The schedule ${schedule.name} was due on ${momentInWords(missing, timeZone)}, and nothing was compared since.`;
    await raiseAlarm(client, engine, schedule, {
      kind: 'no-run',
      subject: schedule.id,
      level: 'orange',
      sentence: schedule.lastSentence === null ? due : `${due} ${schedule.lastSentence}`,
      label: 'Open the schedule',
      href: '/schedule',
      since: new Date(missing).toISOString(),
    });
  });
}
