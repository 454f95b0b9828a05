import { createTask, parse, validateDetailed } from 'node-cron';
import { type CronFields, cronWords } from '../core/cron-words.ts';
import { type Cron, dueTimesAfter, shortestPause } from '../core/due-times.ts';
import { isTimeZone } from '../core/wall-clock.ts';

/** A cron expression that can be used. */
export interface ReadCron extends Cron {
  readonly words: string;
}

/** Minutes between two runs, at least: `* 7 * * *`, sixty runs where one was meant, is the commonest slip of all. */
export const leastPauseMinutes = 15;

const example = 'For example “0 7 * * 1-5”: 07:00 on weekdays.';

const ranges: Readonly<Record<string, string>> = {
  minute: 'The minute (first place) may be 0 to 59',
  hour: 'The hour (second place) may be 0 to 23',
  dayOfMonth: 'The day of the month (third place) may be 1 to 31, or L for the last one',
  month: 'The month (fourth place) may be 1 to 12, or jan to dec',
  dayOfWeek: 'The day of the week (fifth place) may be 0 (Sunday) to 6, or sun to sat',
};

const known = new Map<string, ReadCron | { readonly refusal: string }>();

/**
 * Understands a cron expression of five places, or says in a sentence what is wrong with it. Days are node-cron's: a day of the month and
 * a day of the week must both fit.
 */
export function readCron(expression: string): ReadCron | { readonly refusal: string } {
  let read = known.get(expression);
  if (!read) {
    read = understand(expression.trim());
    // Expressions are typed by people: the few in use fit.
    if (known.size >= 500) known.clear();
    known.set(expression, read);
  }
  return read;
}

function understand(expression: string): ReadCron | { readonly refusal: string } {
  const places = expression.split(/\s+/u);
  const named = places.length === 1 && places[0]!.startsWith('@');
  if (!named && places.length !== 5) {
    const seconds = places.length === 6 ? ' Leave the seconds away.' : '';
    return {
      refusal: `“${expression}” has ${places.length} ${places.length === 1 ? 'place' : 'places'}; five are needed: minute, hour, day of the month, month, day of the week.${seconds} ${example}`,
    };
  }
  const { valid, errors } = validateDetailed(expression);
  if (!valid) {
    const fault = errors[0];
    if (fault?.message.includes('impossible')) return { refusal: `“${expression}” never comes: that month has no such day. ${example}` };
    const range = fault && ranges[fault.field];
    return { refusal: range ? `${range}, and “${fault.value}” stands there. ${example}` : `“${expression}” is not a schedule. ${example}` };
  }
  const fields: CronFields = parse(expression);
  const hours = ascending(fields.hour);
  const minutes = ascending(fields.minute);
  const pause = shortestPause({ hours, minutes });
  if (pause < leastPauseMinutes) {
    const every = pause === 1 ? 'every minute' : `every ${pause} minutes`;
    const meant = `0 ${places.slice(1).join(' ')}`;
    return { refusal: `“${expression}” would compare ${every}; ${leastPauseMinutes} minutes are the least. Did you mean “${meant}”?` };
  }
  const cron = { hours, minutes, onDay: dayTest(expression, fields), words: cronWords(expression, fields) };
  const [next] = dueTimesAfter(cron, 'UTC', Date.UTC(2000, 0, 1));
  return next === undefined ? { refusal: `“${expression}” never comes: no day fits it. ${example}` } : cron;
}

/** A sentence on a time zone that is none; null where it is one. */
export const timeZoneFault = (zone: string): string | null =>
  isTimeZone(zone) ? null : `“${zone}” is not a time zone. Use a name such as Europe/Berlin, America/New_York or UTC.`;

/** node-cron says which days fit, L, W and # included; asked in UTC, it answers for the calendar itself. */
function dayTest(expression: string, { month, hour, minute }: CronFields): Cron['onDay'] {
  const task = createTask(expression, () => {}, { timezone: 'UTC' });
  // Only to be asked: node-cron keeps a list of its tasks.
  void task.destroy();
  return (day) => month.includes(day.month) && task.match(new Date(Date.UTC(day.year, day.month - 1, day.day, hour[0], minute[0])));
}

const ascending = (values: readonly number[]) => [...values].sort((a, b) => a - b);
