import { formatsOf } from './local-part.ts';
import type { PersonName } from './names.ts';

/** The pattern most colleagues' addresses of one domain follow. */
export interface AddressFormat {
  /** "first.last", "flast", "first_last" … */
  readonly format: string;
  /** Share of the looked-at addresses that follow it, 0 to 1. */
  readonly share: number;
  /** Addresses looked at. */
  readonly n: number;
}

/** Fewer colleagues than this show no habit. */
const fewest = 3;

/**
 * Learns the dominant address format of one domain from its (name, local part) pairs; the order of the pairs does not matter.
 * Null for fewer than three pairs, or where no format holds for more than half of them.
 */
export function learnFormat(pairs: Iterable<{ readonly name: PersonName; readonly local: string }>): AddressFormat | null {
  const counts = new Map<string, number>();
  let n = 0;
  for (const { name, local } of pairs) {
    n++;
    for (const format of formatsOf(local, name)) counts.set(format, (counts.get(format) ?? 0) + 1);
  }
  if (n < fewest) return null;
  const [format, count] = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0] ?? ['', 0];
  return count * 2 > n ? { format, share: count / n, n } : null;
}

/** Whether the name makes this local part in that format; nicknames and digits at the end (a namesake's 2) are allowed. */
export const fitsFormat = (local: string, name: PersonName, format: string): boolean => formatsOf(local, name).includes(format);
