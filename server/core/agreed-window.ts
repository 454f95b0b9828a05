import type { PlanWindow } from './plan.ts';
import { addDays, calendarDay, momentAt, momentInWords } from './wall-clock.ts';

/** When a company agreed that licenses may be taken: days of the week from Monday, 1, to Sunday, 7; "HH:MM" in an IANA time zone. */
export interface AgreedWindow {
  readonly days: readonly number[];
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}

const daysOfAWeek = 7;

/** The window that is open at a moment, else the next one to open; null where none was agreed. `now` is ISO 8601. */
export function agreedWindowAt(agreed: AgreedWindow | null, now: string): PlanWindow | null {
  if (agreed === null || agreed.days.length === 0) return null;
  const moment = Date.parse(now);
  const today = calendarDay(moment, agreed.timeZone);
  // One that goes over midnight began yesterday.
  for (let ahead = -1; ahead <= daysOfAWeek; ahead++) {
    const day = addDays(today, ahead);
    const weekday = new Date(Date.UTC(day.year, day.month - 1, day.day)).getUTCDay() || daysOfAWeek;
    if (!agreed.days.includes(weekday)) continue;
    const from = at(day, agreed.from, agreed.timeZone);
    const to = at(agreed.to > agreed.from ? day : addDays(day, 1), agreed.to, agreed.timeZone);
    if (moment < to) return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  }
  return null;
}

const at = (day: Parameters<typeof momentAt>[0], time: string, zone: string): number =>
  momentAt(day, Number(time.slice(0, 2)), Number(time.slice(3, 5)), zone);

/** "It opens on 24 November, 10:00." */
export const opensSentence = (window: PlanWindow, timeZone: string): string =>
  `It opens on ${momentInWords(Date.parse(window.from), timeZone)} (${timeZone}).`;
