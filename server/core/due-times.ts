import { addDays, type CalendarDay, calendarDay, momentAt } from './wall-clock.ts';

/** A cron expression, understood: on which days, at which hours and minutes. */
export interface Cron {
  /** Ascending. */
  readonly hours: readonly number[];
  /** Ascending. */
  readonly minutes: readonly number[];
  onDay(day: CalendarDay): boolean;
}

/** 29 February on a given weekday comes within 28 years, or 40 around a year that is no leap year. */
const farthestDays = 40 * 366;

/** The moments of one day at which it is due, ascending, each once (wall-clock.ts says what becomes of times that don't exist or come twice). */
function dueTimesOn(cron: Cron, day: CalendarDay, zone: string): number[] {
  if (!cron.onDay(day)) return [];
  const moments = cron.hours.flatMap((hour) => cron.minutes.map((minute) => momentAt(day, hour, minute, zone)));
  return [...new Set(moments)].sort((a, b) => a - b);
}

/** The moments after `after` at which it is due, ascending; ends only where none comes within forty years. */
export function* dueTimesAfter(cron: Cron, zone: string, after: number): Generator<number> {
  // A jump may carry a time into the day after.
  let day = addDays(calendarDay(after, zone), -1);
  let last = after;
  for (let empty = 0; empty < farthestDays; day = addDays(day, 1)) {
    const due = dueTimesOn(cron, day, zone).filter((moment) => moment > last);
    empty = due.length > 0 ? 0 : empty + 1;
    last = due.at(-1) ?? last;
    yield* due;
  }
}

/**
 * The last moment in (`since`, `now`] at which it was due, and how many others lie in it; null where none does.
 * @param most counts no further
 */
export function lastDue(cron: Cron, zone: string, since: number, now: number, most = 1_000): { at: number; before: number } | null {
  let at: number | null = null;
  let before = 0;
  let earliest = now + 1;
  const first = addDays(calendarDay(since, zone), -1);
  const end = Date.UTC(first.year, first.month - 1, first.day);
  for (let day = addDays(calendarDay(now, zone), 1); Date.UTC(day.year, day.month - 1, day.day) >= end; day = addDays(day, -1)) {
    for (const moment of dueTimesOn(cron, day, zone).reverse()) {
      if (moment >= earliest || moment <= since) continue;
      earliest = moment;
      if (at === null) at = moment;
      else if (++before === most) return { at, before };
    }
  }
  return at === null ? null : { at, before };
}

/** The shortest time between two runs of a day, in minutes; 1,440 where there is one a day. */
export function shortestPause({ hours, minutes }: Pick<Cron, 'hours' | 'minutes'>): number {
  const times = hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute));
  return Math.min(...times.map((time, k) => (times[k + 1] ?? times[0]! + 1_440) - time));
}

export interface WatchedRuns {
  readonly cron: Cron;
  readonly zone: string;
  /** Due times up to here don't count. */
  readonly countsFrom: number;
  /** Due time of the last run that compared; null: none yet. */
  readonly lastGood: number | null;
  /** When a server first tried again after it: after an outage the grace begins then. Null: not yet. */
  readonly firstTry: number | null;
  readonly graceHours: number;
}

/** Since when a run is missing: the first due time after the last good run that had its grace and brought none. Null: all is well. */
export function overdueSince({ cron, zone, countsFrom, lastGood, firstTry, graceHours }: WatchedRuns, now: number): number | null {
  const { value: due } = dueTimesAfter(cron, zone, Math.max(countsFrom, lastGood ?? 0)).next();
  return due !== undefined && Math.max(due, firstTry ?? due) + graceHours * 3_600_000 <= now ? due : null;
}
