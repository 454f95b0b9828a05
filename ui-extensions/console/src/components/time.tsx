const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const dateOnly = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const relative = {
  long: new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' }),
  narrow: new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'narrow' }),
};

export const formatDateTime = (iso: string): string => (Number.isNaN(Date.parse(iso)) ? iso : dateTime.format(new Date(iso)));
export const formatDate = (iso: string): string => (Number.isNaN(Date.parse(iso)) ? iso : dateOnly.format(new Date(iso)));

/** "2 hours ago", "yesterday": the largest unit that gives at least one. */
export function formatAgo(iso: string, now: number, style: keyof typeof relative = 'long'): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  const units = [
    ['year', 31_557_600],
    ['month', 2_629_800],
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const;
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return relative[style].format(Math.trunc(seconds / size), unit);
  }
  return relative[style].format(0, 'minute');
}

const timeOnly = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });

/** "10:14"; with its day where that is not today. */
export function formatTimeOfDay(iso: string, now: number): string {
  const moment = new Date(iso);
  return moment.toDateString() === new Date(now).toDateString() ? timeOnly.format(moment) : dateTime.format(moment);
}

const dayOnly = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });
/** A day of the calendar, YYYY-MM-DD, which is the same day everywhere. */
export const formatDay = (day: string): string => (Number.isNaN(Date.parse(day)) ? day : dayOnly.format(new Date(day)));

export const formatNumber = (value: number): string => value.toLocaleString();

/** A moment, shown as a date (and a time of day if `precise`), exact on hover and for machines. */
export function Time({ iso, precise = false }: { iso: string; precise?: boolean }) {
  return (
    <time dateTime={iso} title={formatDateTime(iso)}>
      {precise ? formatDateTime(iso) : formatDate(iso)}
    </time>
  );
}
