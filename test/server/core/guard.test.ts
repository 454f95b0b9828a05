import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  actionClasses,
  allowedBy,
  type GuardTrip,
  guardLimits,
  guardOddRun,
  isLifted,
  isOddRun,
  type Override,
} from '../../../server/core/guard.ts';

const now = '2026-11-21T10:00:00.000Z';
const nobody = { email: 0, remove: 0, assign: 0, invite: 0 };
const limits = (percent: number, absolute: number) => {
  const limit = { percent, absolute };
  return { email: limit, remove: limit, assign: limit, invite: limit };
};

describe('the limit of an action class', () => {
  it('is the smaller of percent and absolute, and never less than one person', () => {
    expect(allowedBy({ percent: 25, absolute: 500 }, 100)).toBe(25);
    expect(allowedBy({ percent: 25, absolute: 10 }, 100)).toBe(10);
    expect(allowedBy({ percent: 25, absolute: 500 }, 103)).toBe(25);
    expect(allowedBy({ percent: 0, absolute: 0 }, 100)).toBe(1);
    expect(allowedBy({ percent: 25, absolute: 500 }, 3)).toBe(1);
  });

  it('lets exactly as many through, and stops at one more', () => {
    expect(guardLimits({ ...nobody, email: 25 }, 100, limits(25, 500))).toEqual([]);
    expect(guardLimits({ ...nobody, email: 26 }, 100, limits(25, 500))).toMatchObject([
      { code: 'limit', canOverride: true, sentence: 'This plan changes 26 of 100 people; your limit is 25. Nothing was changed.' },
    ]);
  });

  it('holds for each class by itself; only email changes can be declared a domain change', () => {
    for (const action of actionClasses) {
      const [trip, ...more] = guardLimits({ ...nobody, [action]: 2 }, 100, { ...limits(100, 100), [action]: { percent: 0, absolute: 0 } });
      expect(more).toEqual([]);
      expect(trip!.nextStep.includes('domain change')).toBe(action === 'email');
    }
    expect(guardLimits({ email: 9, remove: 9, assign: 9, invite: 9 }, 100, limits(1, 1))).toHaveLength(4);
  });

  it('is not turned off by one person more', () => {
    const percent = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), percent, fc.nat(500), (n, of, share, absolute) => {
        const trips = (people: number) => guardLimits({ ...nobody, remove: people }, of, limits(share, absolute)).length;
        expect(trips(n + 1)).toBeGreaterThanOrEqual(trips(n));
        expect(trips(1)).toBe(0);
      }),
    );
  });
});

describe('an override', () => {
  const limit: GuardTrip = { code: 'limit', sentence: '', nextStep: '', canOverride: true };
  const override: Override = { codes: ['limit'], reason: 'merger', by: 'ada', byFullAdmin: true, at: now, until: now };

  it('lifts what may be lifted, until its end', () => {
    expect(isLifted(limit, override, now)).toBe(true);
    expect(isLifted(limit, override, '2026-11-21T10:00:00.001Z')).toBe(false);
  });

  it('lifts nothing without a reason, by somebody who is no full admin, of another code, or where there is none', () => {
    expect(isLifted(limit, { ...override, reason: ' ' }, now)).toBe(false);
    expect(isLifted(limit, { ...override, byFullAdmin: false }, now)).toBe(false);
    expect(isLifted(limit, { ...override, codes: ['stale'] }, now)).toBe(false);
    expect(isLifted(limit, null, now)).toBe(false);
  });

  it('lifts no guard but the limit', () => {
    expect(isLifted({ ...limit, canOverride: false }, override, now)).toBe(false);
  });
});

describe('an odd run', () => {
  const odd = { percent: 20, people: 5 };

  it('is more than a fifth of the people, and at least five', () => {
    expect(isOddRun(21, 100, odd)).toBe(true);
    expect(isOddRun(20, 100, odd)).toBe(false);
    expect(isOddRun(5, 24, odd)).toBe(true);
    expect(isOddRun(4, 4, odd)).toBe(false);
  });

  it('is asked about, and stops a plan until it is answered', () => {
    expect(guardOddRun({ changed: 40, of: 100 })).toMatchObject({
      code: 'odd-run',
      canOverride: false,
      sentence: '40 of 100 people changed status at once. Was this the wrong file or org, or a domain change?',
    });
    expect(guardOddRun(null)).toBeNull();
  });

  it('is not made even by one person more', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.integer({ min: 1, max: 200 }), (changed, of) => {
        if (isOddRun(changed, of, odd)) expect(isOddRun(changed + 1, of, odd)).toBe(true);
      }),
    );
  });
});
