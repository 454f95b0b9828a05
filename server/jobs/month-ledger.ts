import type { Ledger } from '../core/guard-ledger.ts';
import type { Queryable, Scope } from '../store/database.ts';
import { countGivenBackSince } from '../store/rematch.ts';
import type { readSettings } from '../store/setting.ts';

/**
 * The month's assignments, if what somebody typed in is of this month: with those that our own repairs spent since.
 * @param now ISO 8601
 */
export async function monthLedger(
  db: Queryable,
  scope: Scope,
  { settings: { assignments }, changed }: Awaited<ReturnType<typeof readSettings>>,
  now: string,
): Promise<Ledger | null> {
  if (assignments === null || assignments.month !== now.slice(0, 7)) return null;
  const [year, month] = assignments.month.split('-').map(Number) as [number, number];
  const typedIn = changed.find(({ setting }) => setting === 'assignments')?.at ?? `${assignments.month}-01T00:00:00.000Z`;
  const spent = await countGivenBackSince(db, scope, typedIn);
  return { limit: assignments.limit, used: assignments.used + spent, resetAt: new Date(Date.UTC(year, month, 1)).toISOString() };
}
