import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { RequestFailure } from '../../connectors/errors.ts';
import { backoffMs, retryAfterMs, retryDelayMs, usualRetries } from '../../connectors/retry.ts';

const now = Date.parse('2026-11-21T09:00:00Z');

describe('Retry-After', () => {
  test.for([
    ['a number of seconds', '120', 120_000],
    ['none at all', '0', 0],
    ['a date to come', 'Sat, 21 Nov 2026 09:00:30 GMT', 30_000],
    ['a date that has passed', 'Sat, 21 Nov 2026 08:00:00 GMT', 0],
  ] as const)('is %s', ([, header, ms]) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });

  test.for(['', 'soon', '-5', '1.5', '2026-11-21T09:00:30Z', null])('that says %j says nothing', (header) => {
    expect(retryAfterMs(header, now)).toBeNull();
  });
});

it('a pause is random below a ceiling that doubles with every failure and ends at the largest', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (failures, chance) => {
      const ms = backoffMs(failures, { firstMs: 100, maxMs: 2_000 }, chance);
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThan(Math.min(2_000, 100 * 2 ** (failures - 1)));
    }),
  );
});

describe('a request is sent again', () => {
  const failure = (code: RequestFailure, rest: { retryAfterMs?: number; mayHaveArrived?: boolean } = {}) => ({
    code,
    retryAfterMs: null,
    mayHaveArrived: false,
    ...rest,
  });
  const read = { failures: 1, isSafe: true, chance: 0.5 };
  const write = { failures: 1, isSafe: false, chance: 0.5 };

  test.for(['rate-limited', 'unavailable', 'timeout', 'invalid-response'] as const)('after %s', (code) => {
    expect(retryDelayMs(failure(code), read)).toBe(500);
  });

  test.for(['unauthorized', 'forbidden', 'not-found', 'conflict', 'rejected'] as const)('but not after %s', (code) => {
    expect(retryDelayMs(failure(code), read)).toBeNull();
  });

  it('when the vendor asked for it, unless that is longer than anybody should wait here', () => {
    expect(retryDelayMs(failure('rate-limited', { retryAfterMs: 7_000 }), read)).toBe(7_000);
    expect(retryDelayMs(failure('rate-limited', { retryAfterMs: 30_001 }), read)).toBeNull();
  });

  it('only a few times', () => {
    expect(retryDelayMs(failure('unavailable'), { ...read, failures: usualRetries.attempts - 1 })).not.toBeNull();
    expect(retryDelayMs(failure('unavailable'), { ...read, failures: usualRetries.attempts })).toBeNull();
  });

  it('when it writes, only if it surely did nothing', () => {
    expect(retryDelayMs(failure('rate-limited'), write)).toBe(500);
    expect(retryDelayMs(failure('timeout', { mayHaveArrived: true }), write)).toBeNull();
    expect(retryDelayMs(failure('timeout', { mayHaveArrived: true }), read)).toBe(500);
  });
});
