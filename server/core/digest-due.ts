import { wallClock } from './wall-clock.ts';

/** Who gets the digest of the mismatch report, and when: days from Monday, 1, to Sunday, 7; "HH:MM" in an IANA time zone. */
export interface ReportDigest {
  readonly recipients: readonly string[];
  readonly days: readonly number[];
  readonly at: string;
  readonly timeZone: string;
}

/** The day, YYYY-MM-DD where the recipients are, for which a digest is due at a moment; null before its time, and on other days. */
export function digestDue({ days, at, timeZone }: ReportDigest, now: string): string | null {
  const shown = new Date(wallClock(Date.parse(now), timeZone));
  const isDay = days.includes(shown.getUTCDay() || 7);
  const wall = shown.toISOString();
  return isDay && wall.slice(11, 16) >= at ? wall.slice(0, 10) : null;
}
