/** A day of the calendar, without a time zone. Month 1 to 12. */
export interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    clocks.set(zone, clock);
  }
  return clock;
}

/** Whether there is a time zone of this name: one of the IANA database, or UTC. Bare offsets are none: they know no daylight saving. */
export function isTimeZone(zone: string): boolean {
  if (zone !== 'UTC' && !/^[A-Z][A-Za-z_]+\/[A-Za-z0-9_+/-]+$/u.test(zone)) return false;
  try {
    clockOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** What a clock on the wall shows at a moment, as if it were UTC. Both in milliseconds, to the second. */
export function wallClock(moment: number, zone: string): number {
  const parts = Object.fromEntries(
    clockOf(zone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>;
  return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
}

/** The day of the calendar at a moment. */
export function calendarDay(moment: number, zone: string): CalendarDay {
  const wall = new Date(wallClock(moment, zone));
  return { year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate() };
}

/** The day `days` later; earlier where that is negative. */
export function addDays({ year, month, day }: CalendarDay, days: number): CalendarDay {
  const moved = new Date(Date.UTC(year, month - 1, day + days));
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
}

const dayMs = 86_400_000;

/**
 * The moment at which the clock on the wall shows this. A time that comes twice is the first of the two; one that the clocks jump over is
 * as much later as they jump, so 2:30 becomes 3:30 ("compatible" in Temporal's words, https://tc39.es/proposal-temporal/#sec-temporal-disambiguateinstant).
 */
export function momentAt({ year, month, day }: CalendarDay, hour: number, minute: number, zone: string): number {
  const wall = Date.UTC(year, month - 1, day, hour, minute);
  const offsets = [wall - dayMs, wall + dayMs].map((near) => wallClock(near, zone) - near);
  const shown = offsets.map((offset) => wall - offset).filter((moment) => wallClock(moment, zone) === wall);
  // In a gap the offset before it leads behind it.
  return shown.length > 0 ? Math.min(...shown) : wall - offsets[0]!;
}

/** "24 November, 07:00", where the wall clock of the zone shows that. */
export function momentInWords(moment: number, zone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: zone, day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' })
    .format(moment)
    .replace(' at ', ', ');
}
