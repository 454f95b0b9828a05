/** Which comes first in a date of numbers only: the month or the day. Null: nothing in the column tells. */
export type DayOrder = 'month-first' | 'day-first' | null;

const numbers = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})/u;
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** What the dates of one column tell of their order: a 13 can only be a day. Two that contradict each other tell nothing. */
export function dayOrder(cells: Iterable<string>): DayOrder {
  let order: DayOrder = null;
  for (const cell of cells) {
    const match = numbers.exec(cell.trim());
    if (match === null) continue;
    const found = Number(match[1]) > 12 ? 'day-first' : Number(match[2]) > 12 ? 'month-first' : null;
    if (found === null) continue;
    if (order !== null && order !== found) return null;
    order = found;
  }
  return order;
}

/**
 * A cell's day as YYYY-MM-DD; null where there is none, or where it could be two days. LinkedIn does not document how its exports write
 * dates, and a spreadsheet writes them anew.
 */
export function readDay(cell: string, order: DayOrder): string | null {
  const text = cell.trim();
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/u.exec(text);
  if (iso !== null) return dayOf(iso[1]!, Number(iso[2]), Number(iso[3]));
  const plain = numbers.exec(text);
  if (plain !== null) {
    const [first, second] = [Number(plain[1]), Number(plain[2])];
    if (first === second) return dayOf(plain[3]!, first, second);
    const own = first > 12 ? 'day-first' : second > 12 ? 'month-first' : order;
    if (own === null) return null;
    return own === 'day-first' ? dayOf(plain[3]!, second, first) : dayOf(plain[3]!, first, second);
  }
  const named = /^(?:(\d{1,2})\.?[ -])?([a-z]{3,9})\.?[ -](?:(\d{1,2}),? )?(\d{4})/iu.exec(text);
  if (named === null) return null;
  const month = months.indexOf(named[2]!.slice(0, 3).toLowerCase()) + 1;
  return dayOf(named[4]!, month, Number(named[1] ?? named[3] ?? 0));
}

function dayOf(year: string, month: number, day: number): string | null {
  const at = new Date(Date.UTC(Number(year), month - 1, day));
  return month >= 1 && at.getUTCMonth() === month - 1 && at.getUTCDate() === day ? at.toISOString().slice(0, 10) : null;
}
