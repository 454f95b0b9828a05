import { dayOrder, readDay } from './read-day.ts';

/** Both days belong to it, YYYY-MM-DD. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

const month = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}';
const days = new RegExp(
  [
    String.raw`(?<!\d)\d{4}[-/._]\d{1,2}[-/._]\d{1,2}(?!\d)`,
    String.raw`(?<!\d)20\d{6}(?!\d)`,
    String.raw`(?<!\d)\d{1,2}[-/.]\d{1,2}[-/.]\d{4}(?!\d)`,
    String.raw`(?<![a-z])${month}\.? \d{1,2},? \d{4}`,
    String.raw`(?<!\d)\d{1,2}\.?[ -]${month}\.?[ -]\d{4}`,
  ].join('|'),
  'giu',
);

/** `Nov 1 - Nov 30, 2026` names the year once. */
const yearOnce = new RegExp(String.raw`(?<![a-z])(${month}\.? \d{1,2})\s*(?:-|–|—|to)\s*(${month}\.? \d{1,2},? )(\d{4})`, 'giu');

const plain = (text: string): string => text.replace(/^20(\d\d)(\d\d)(\d\d)$/u, '20$1-$2-$3').replaceAll('_', '-');

/**
 * The period that a text names: two days in one line above a report's header, in its columns, or in the name of its file. The first text that
 * names exactly two counts. Null where none does, or where a day could be two (3/4/2026): then somebody is asked.
 */
export function readPeriod(texts: readonly string[]): Period | null {
  for (const text of texts) {
    const found = [...text.replace(yearOnce, '$1, $3 - $2$3').matchAll(days)].map(([day]) => plain(day));
    if (found.length !== 2) continue;
    const order = dayOrder(found);
    const [from, to] = found.map((day) => readDay(day, order));
    if (from && to && from <= to) return { from, to };
  }
  return null;
}

const dayMs = 86_400_000;

export const daysIn = ({ from, to }: Period): number => Math.round((Date.parse(to) - Date.parse(from)) / dayMs) + 1;

/** LinkedIn's page shows the last thirty days where nobody chose others, as of the day before. @param modifiedAt of the file, ISO 8601 */
export function usualPeriod(modifiedAt: string): Period {
  const to = Date.parse(modifiedAt.slice(0, 10)) - dayMs;
  return { from: new Date(to - 29 * dayMs).toISOString().slice(0, 10), to: new Date(to).toISOString().slice(0, 10) };
}

/** One sentence on what is wrong with a period; null: it is good. LinkedIn keeps two years (help a103027). @param today YYYY-MM-DD */
export function periodFault({ from, to }: Period, today: string): string | null {
  if (from > to) return 'The period ends before it begins. Enter the first day and the last one.';
  if (to > new Date(Date.parse(today) + dayMs).toISOString().slice(0, 10))
    return 'The period ends after today. Enter the days that stand over the report in LinkedIn.';
  if (daysIn({ from, to }) > 745)
    return 'The period is longer than two years, and LinkedIn’s reports are not. Enter its first and last day.';
  return null;
}
