import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignmentsLeft, guardLedger, sittingSizeFor } from '../../../server/core/guard-ledger.ts';

const now = '2026-11-21T10:00:00.000Z';
const resetAt = '2026-12-01T00:00:00.000Z';

describe('the assignments of a month', () => {
  it('are what is left after what is used, what other plans need, and one for a give-back', () => {
    expect(assignmentsLeft({ limit: 9, used: 3, resetAt }, 2, now)).toBe(3);
    expect(assignmentsLeft({ limit: 9, used: 9, resetAt }, 0, now)).toBe(0);
  });

  it('are unknown where nobody said, and from the day on which the count starts again', () => {
    expect(assignmentsLeft(null, 0, now)).toBeNull();
    expect(assignmentsLeft({ limit: 9, used: 3, resetAt: now }, 0, now)).toBeNull();
    expect(assignmentsLeft({ limit: 9, used: 3, resetAt: '2026-11-21T10:00:00.001Z' }, 0, now)).toBe(5);
  });

  it('take in as many as fit; the rest waits for the dated next month', () => {
    expect(guardLedger(3, { limit: 4, used: 0, resetAt }, 0, now)).toEqual({ fits: 3, code: null, sentence: '', until: null });
    expect(guardLedger(14, { limit: 4, used: 0, resetAt }, 0, now)).toEqual({
      fits: 3,
      code: 'ledger',
      sentence: '14 full rematches need 14 assignments; 3 are left until 1 December 2026. 11 people wait.',
      until: resetAt,
    });
  });

  it('allow one person while they are unknown, and nobody while another plan has that one', () => {
    expect(guardLedger(1, null, 0, now)).toEqual({ fits: 1, code: null, sentence: '', until: null });
    expect(guardLedger(2, null, 0, now)).toMatchObject({ fits: 1, code: 'ledger-unknown', until: null });
    expect(guardLedger(1, null, 1, now)).toMatchObject({ fits: 0, code: 'ledger-unknown' });
    expect(guardLedger(2, { limit: 99, used: 0, resetAt: now }, 0, now)).toMatchObject({ fits: 1, code: 'ledger-unknown', until: null });
  });

  it('are never overspent, and hold back no fewer for one person more', () => {
    const ledger = fc.record({ limit: fc.nat(50), used: fc.nat(50), resetAt: fc.constant(resetAt) });
    fc.assert(
      fc.property(fc.nat(60), fc.option(ledger), fc.nat(10), (people, known, reserved) => {
        const { fits } = guardLedger(people, known, reserved, now);
        const more = guardLedger(people + 1, known, reserved, now);
        expect(fits).toBeLessThanOrEqual(people);
        if (known !== null && fits > 0) expect(known.used + reserved + fits).toBeLessThan(known.limit);
        if (known === null) expect(fits).toBeLessThanOrEqual(1);
        expect(people + 1 - more.fits).toBeGreaterThanOrEqual(people - fits);
        expect(guardLedger(people, known, reserved, now).code === null).toBe(fits === people);
      }),
    );
  });
});

describe('the size of a sitting', () => {
  it('is one person while no license is free', () => {
    expect(sittingSizeFor(0, 25)).toBe(1);
    expect(sittingSizeFor(1, 25)).toBe(25);
    expect(sittingSizeFor(null, 25)).toBe(25);
    expect(sittingSizeFor(null, 0)).toBe(1);
  });
});
