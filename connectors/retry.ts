/** When to try again: pure, so that time and chance come in as parameters. */

import type { RequestFailure } from './errors.ts';

const months = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';
/** The one form of HTTP-date that may be sent today (RFC 9110 §5.6.7). */
const httpDate = new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d{2} (?:${months}) \\d{4} \\d{2}:\\d{2}:\\d{2} GMT$`);

/**
 * Milliseconds until `Retry-After` (RFC 9110 §10.2.3: seconds, or a date), never below 0; null where the header is missing or says nothing.
 * @param now milliseconds since 1970
 */
export function retryAfterMs(header: string | null, now: number): number | null {
  const value = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  return httpDate.test(value) ? Math.max(0, Date.parse(value) - now) : null;
}

export interface RetryPolicy {
  /** How often a request is sent in all; default 4. */
  readonly attempts: number;
  /** The longest wait after the first failure; it doubles from there. Default 1,000. */
  readonly firstMs: number;
  /** No wait is longer, and a longer Retry-After is left to the caller. Default 30,000. */
  readonly maxMs: number;
}

export const usualRetries: RetryPolicy = { attempts: 4, firstMs: 1_000, maxMs: 30_000 };

/**
 * A random wait up to a ceiling that doubles with every failure ("full jitter", AWS Architecture Blog, Exponential Backoff And Jitter),
 * so that many callers do not come back together.
 * @param failures how many there were, from 1
 * @param chance from 0 up to, not including, 1
 */
export const backoffMs = (failures: number, { firstMs, maxMs }: Pick<RetryPolicy, 'firstMs' | 'maxMs'>, chance: number): number =>
  Math.floor(chance * Math.min(maxMs, firstMs * 2 ** (failures - 1)));

export interface Failure {
  readonly code: RequestFailure;
  readonly retryAfterMs: number | null;
  readonly mayHaveArrived: boolean;
}

/**
 * How long to wait before the same request is sent again; null: not at all.
 * `isSafe`: sending it twice is as good as once (a read). Anything else is repeated only when it surely did nothing.
 */
export function retryDelayMs(
  { code, retryAfterMs: asked, mayHaveArrived }: Failure,
  { failures, isSafe, chance }: { readonly failures: number; readonly isSafe: boolean; readonly chance: number },
  policy: RetryPolicy = usualRetries,
): number | null {
  if (failures >= policy.attempts || (mayHaveArrived && !isSafe)) return null;
  switch (code) {
    case 'rate-limited':
    case 'unavailable':
    case 'timeout':
    case 'invalid-response':
      if (asked !== null) return asked > policy.maxMs ? null : asked;
      return backoffMs(failures, policy, chance);
    case 'unauthorized':
    case 'forbidden':
    case 'not-found':
    case 'conflict':
    case 'rejected':
    case 'not-supported':
      return null;
    default:
      return code satisfies never;
  }
}
