/** "HH:MM" in an IANA time zone; from 20:00 to 07:00 goes over midnight. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}

const minuteMs = 60_000;
const dayMinutes = 24 * 60;

/** When the quiet hours that hold at `at` end; null when none hold. ISO 8601, whole minutes. */
export function quietUntil(quiet: QuietHours | null, at: string): string | null {
  if (!quiet) return null;
  const from = minutesOf(quiet.from);
  const to = minutesOf(quiet.to);
  const now = minutesOf(localTime(at, quiet.timeZone));
  // Counted from their beginning, hours over midnight are like any others. Equal ends: no quiet hours.
  const length = (to - from + dayMinutes) % dayMinutes;
  const since = (now - from + dayMinutes) % dayMinutes;
  if (since >= length) return null;
  const minute = Math.floor(Date.parse(at) / minuteMs);
  // A change of the clocks in between makes it an hour early or late; mail that can wait can wait for that.
  return new Date((minute + length - since) * minuteMs).toISOString();
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

const localTime = (at: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at));
