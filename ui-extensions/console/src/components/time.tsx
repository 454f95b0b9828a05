const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const dateOnly = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

export const formatDateTime = (iso: string): string => (Number.isNaN(Date.parse(iso)) ? iso : dateTime.format(new Date(iso)));
export const formatDate = (iso: string): string => (Number.isNaN(Date.parse(iso)) ? iso : dateOnly.format(new Date(iso)));

/** "2 hours ago", "yesterday": the largest unit that gives at least one. */
export function formatAgo(iso: string, now: number): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  const units = [
    ['year', 31_557_600],
    ['month', 2_629_800],
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const;
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return relative.format(0, 'minute');
}

export const formatNumber = (value: number): string => value.toLocaleString();

/** A moment, shown as a date (and a time of day if `precise`), exact on hover and for machines. */
export function Time({ iso, precise = false }: { iso: string; precise?: boolean }) {
  return (
    <time dateTime={iso} title={formatDateTime(iso)}>
      {precise ? formatDateTime(iso) : formatDate(iso)}
    </time>
  );
}
