/** The times most people want, as one chooses them; everything else is an expression of one's own. */
export interface Times {
  readonly kind: 'daily' | 'weekdays' | 'weekly' | 'cron';
  /** 07:00 */
  readonly time: string;
  /** 0 = Sunday. */
  readonly day: string;
  readonly cron: string;
}

export const firstTimes: Times = { kind: 'weekdays', time: '07:00', day: '1', cron: '0 7 * * 1-5' };

const days = { daily: () => '*', weekdays: () => '1-5', weekly: ({ day }: Times) => day } as const;

export function toCron(times: Times): string {
  if (times.kind === 'cron') return times.cron.trim();
  const [hour = '0', minute = '0'] = times.time.split(':');
  return `${Number(minute)} ${Number(hour)} * * ${days[times.kind](times)}`;
}

export function toTimes(cron: string): Times {
  const [, minute, hour, day] = /^(\d{1,2}) (\d{1,2}) \* \* (\*|1-5|[0-6])$/u.exec(cron) ?? [];
  if (minute === undefined || hour === undefined || day === undefined) return { ...firstTimes, kind: 'cron', cron };
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  const kind = day === '*' ? 'daily' : day === '1-5' ? 'weekdays' : 'weekly';
  return { kind, time, day: kind === 'weekly' ? day : firstTimes.day, cron };
}

/** "Thu, 26 Nov, 07:00" as the clocks of the schedule's zone show it. */
export const formatInZone = (iso: string, timeZone: string): string =>
  new Intl.DateTimeFormat(undefined, {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(iso));
