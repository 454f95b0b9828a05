/** What a cron expression holds, field by field; days may also be tokens such as L, 15W or 1#2. */
export interface CronFields {
  readonly minute: readonly number[];
  readonly hour: readonly number[];
  readonly dayOfMonth: readonly (number | string)[];
  readonly month: readonly number[];
  readonly dayOfWeek: readonly (number | string)[];
}

const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const twoDigits = (value: number) => String(value).padStart(2, '0');

const list = (items: readonly string[]) =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;

/** "Every weekday at 07:00"; what has no short sentence is called by its expression. */
export function cronWords(expression: string, { minute, hour, dayOfMonth, month, dayOfWeek }: CronFields): string {
  const days = daysInWords(dayOfMonth, month, dayOfWeek);
  if (hour.length === 24 && minute.length === 1 && days === 'Every day') return `Every hour at minute ${twoDigits(minute[0]!)}`;
  const times = timesInWords(minute, hour);
  return days && times ? `${days} ${times}` : `By “${expression}”`;
}

function timesInWords(minute: readonly number[], hour: readonly number[]): string | null {
  if (hour.length * minute.length > 4) return null;
  return `at ${list(hour.flatMap((h) => minute.map((m) => `${twoDigits(h)}:${twoDigits(m)}`)))}`;
}

function daysInWords(dayOfMonth: CronFields['dayOfMonth'], month: CronFields['month'], dayOfWeek: CronFields['dayOfWeek']): string | null {
  if (month.length !== 12) return null;
  const everyWeekday = dayOfWeek.length === 7;
  if (dayOfMonth.length === 31) {
    if (everyWeekday) return 'Every day';
    if (dayOfWeek.some((day) => typeof day === 'string')) return null;
    if (dayOfWeek.join() === '1,2,3,4,5') return 'Every weekday';
    return `Every ${list(dayOfWeek.map((day) => dayNames[Number(day) % 7]!))}`;
  }
  if (!everyWeekday) return null;
  if (dayOfMonth.join() === 'L') return 'On the last day of every month';
  if (dayOfMonth.length === 1 && typeof dayOfMonth[0] === 'number') return `On day ${dayOfMonth[0]} of every month`;
  return null;
}
