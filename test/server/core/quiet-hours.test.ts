import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quietUntil } from '../../../server/core/quiet-hours.ts';

const night = { from: '20:00', to: '07:00', timeZone: 'Europe/Berlin' };

test.each([
  ['before they begin', '2026-11-25T18:59:00.000Z', null],
  ['when they begin', '2026-11-25T19:00:00.000Z', '2026-11-26T06:00:00.000Z'],
  ['before midnight', '2026-11-25T22:30:30.000Z', '2026-11-26T06:00:00.000Z'],
  ['after midnight', '2026-11-26T03:00:00.000Z', '2026-11-26T06:00:00.000Z'],
  ['when they end', '2026-11-26T06:00:00.000Z', null],
  ['in summer time', '2026-07-01T18:00:00.000Z', '2026-07-02T05:00:00.000Z'],
])('quiet hours over midnight hold by the clock of their time zone: %s', (_, at, until) => {
  expect(quietUntil(night, at)).toBe(until);
});

test('without quiet hours, or with ones of no length, nothing waits', () => {
  expect(quietUntil(null, '2026-11-25T23:00:00.000Z')).toBeNull();
  expect(quietUntil({ ...night, to: '20:00' }, '2026-11-25T23:00:00.000Z')).toBeNull();
});

test('whatever waits is sent within a day, at a moment that is not quiet', () => {
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((parts) => parts.map((n) => String(n).padStart(2, '0')).join(':'));
  fc.assert(
    fc.property(
      time,
      time,
      fc.date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true }),
      (from, to, date) => {
        // A zone without a change of the clocks.
        const quiet = { from, to, timeZone: 'Asia/Kolkata' };
        const until = quietUntil(quiet, date.toISOString());
        if (until === null) return;
        const wait = Date.parse(until) - date.getTime();
        expect(wait).toBeGreaterThan(0);
        expect(wait).toBeLessThanOrEqual(86_400_000);
        expect(quietUntil(quiet, until)).toBeNull();
      },
    ),
  );
});
