import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cron, dueTimesAfter, lastDue, overdueSince, shortestPause } from '../../../server/core/due-times.ts';
import { isTimeZone, momentAt, wallClock } from '../../../server/core/wall-clock.ts';

const at = (iso: string) => Date.parse(iso);
const daily = (hour: number, ...minutes: number[]): Cron => ({ hours: [hour], minutes, onDay: () => true });
const next = (cron: Cron, zone: string, after: string, count: number) =>
  [...dueTimesAfter(cron, zone, at(after)).take(count)].map((moment) => new Date(moment).toISOString());

describe('in Europe/Berlin', () => {
  const zone = 'Europe/Berlin';

  test('07:00 stays 07:00 by the clock on the wall through both changes', () => {
    expect(next(daily(7, 0), zone, '2027-03-27T00:00:00Z', 3)).toEqual([
      '2027-03-27T06:00:00.000Z',
      '2027-03-28T05:00:00.000Z',
      '2027-03-29T05:00:00.000Z',
    ]);
    expect(next(daily(7, 0), zone, '2026-10-24T00:00:00Z', 3)).toEqual([
      '2026-10-24T05:00:00.000Z',
      '2026-10-25T06:00:00.000Z',
      '2026-10-26T06:00:00.000Z',
    ]);
  });

  test('02:30 does not exist on the day the clocks go forward, and comes at 03:30', () => {
    expect(next(daily(2, 30), zone, '2027-03-27T12:00:00Z', 2)).toEqual(['2027-03-28T01:30:00.000Z', '2027-03-29T00:30:00.000Z']);
  });

  test('02:30 exists twice on the day the clocks go back, and comes the first time only', () => {
    expect(next(daily(2, 30), zone, '2026-10-24T12:00:00Z', 2)).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z']);
    expect(lastDue(daily(2, 30), zone, at('2026-10-25T00:30:00Z'), at('2026-10-25T12:00:00Z'))).toBeNull();
  });

  test('a time that is moved onto another due time makes one run of the two', () => {
    const twice: Cron = { hours: [2, 3], minutes: [30], onDay: () => true };
    expect(next(twice, zone, '2027-03-27T12:00:00Z', 3)).toEqual([
      '2027-03-28T01:30:00.000Z',
      '2027-03-29T00:30:00.000Z',
      '2027-03-29T01:30:00.000Z',
    ]);
  });
});

describe('in America/New_York', () => {
  const zone = 'America/New_York';

  test('02:30 comes at 03:30 on the day the clocks go forward', () => {
    expect(next(daily(2, 30), zone, '2027-03-13T12:00:00Z', 2)).toEqual(['2027-03-14T07:30:00.000Z', '2027-03-15T06:30:00.000Z']);
  });

  test('01:30 comes once on the day the clocks go back', () => {
    expect(next(daily(1, 30), zone, '2026-10-31T12:00:00Z', 2)).toEqual(['2026-11-01T05:30:00.000Z', '2026-11-02T06:30:00.000Z']);
  });
});

test('a day that a zone left out, and one at the date line, have their due times', () => {
  // Samoa went from 29 to 31 December 2011.
  expect(next(daily(7, 0), 'Pacific/Apia', '2011-12-29T12:00:00Z', 3)).toEqual([
    '2011-12-29T17:00:00.000Z',
    '2011-12-30T17:00:00.000Z',
    '2011-12-31T17:00:00.000Z',
  ]);
});

test('whatever the zone and the moment: ascending, after it, one a day, and on the wall what was asked or as much later as the clocks jump', () => {
  const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'America/Sao_Paulo', 'UTC'];
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: at('2015-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') }),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 0, max: 59 }),
      (zone, after, hour, minute) => {
        const moments = [...dueTimesAfter(daily(hour, minute), zone, after).take(3)];
        for (const [k, moment] of moments.entries()) {
          expect(moment).toBeGreaterThan(moments[k - 1] ?? after);
          const wall = new Date(wallClock(moment, zone));
          const late = wall.getUTCHours() * 60 + wall.getUTCMinutes() - (hour * 60 + minute);
          expect([0, 30, 60, -1380]).toContain(late);
        }
        expect(moments[2]! - moments[0]!).toBeLessThanOrEqual(50 * 3_600_000);
        // Looking back finds what looking forward found.
        expect(lastDue(daily(hour, minute), zone, after, moments[2]!)).toEqual({ at: moments[2], before: 2 });
      },
    ),
    { numRuns: 200 },
  );
});

test('a moment is found again from what the wall shows, except in the hour that comes twice', () => {
  expect(momentAt({ year: 2026, month: 7, day: 1 }, 7, 0, 'Europe/Berlin')).toBe(at('2026-07-01T05:00:00Z'));
  expect(momentAt({ year: 2026, month: 10, day: 25 }, 2, 0, 'Europe/Berlin')).toBe(at('2026-10-25T00:00:00Z'));
});

test('time zones are names that know daylight saving, not offsets', () => {
  for (const zone of ['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'America/Port-au-Prince', 'Etc/GMT+5']) {
    expect(isTimeZone(zone), zone).toBe(true);
  }
  for (const zone of ['', 'Berlin', '+02:00', 'Europe/Atlantis', 'CEST']) expect(isTimeZone(zone), zone).toBe(false);
});

describe('looking back', () => {
  test('counts what went by unserved, and stops counting at its limit', () => {
    const hourly: Cron = { hours: Array.from({ length: 24 }, (_, hour) => hour), minutes: [0], onDay: () => true };
    const since = at('2026-11-20T00:00:00Z');
    const now = at('2026-11-21T12:10:00Z');
    expect(lastDue(hourly, 'UTC', since, now)).toEqual({ at: at('2026-11-21T12:00:00Z'), before: 35 });
    expect(lastDue(hourly, 'UTC', since, now, 10)).toEqual({ at: at('2026-11-21T12:00:00Z'), before: 10 });
    expect(lastDue(hourly, 'UTC', at('2026-11-21T12:00:00Z'), now)).toBeNull();
  });
});

test('a schedule that never comes ends', () => {
  expect([...dueTimesAfter({ hours: [7], minutes: [0], onDay: () => false }, 'UTC', 0)]).toEqual([]);
});

test('the shortest pause of a day counts over midnight', () => {
  expect(shortestPause({ hours: [7], minutes: [0] })).toBe(1_440);
  expect(shortestPause({ hours: [0, 23], minutes: [50] })).toBe(60);
  expect(shortestPause({ hours: [7], minutes: [0, 1] })).toBe(1);
});

describe('a run is missing', () => {
  const watched = { cron: daily(7, 0), zone: 'UTC', countsFrom: at('2026-11-20T12:00:00Z'), lastGood: null, firstTry: null, graceHours: 2 };

  test('from the first due time that had its grace and brought none', () => {
    expect(overdueSince(watched, at('2026-11-21T08:59:00Z'))).toBeNull();
    expect(overdueSince(watched, at('2026-11-21T09:00:00Z'))).toBe(at('2026-11-21T07:00:00Z'));
    expect(overdueSince(watched, at('2026-11-23T09:00:00Z'))).toBe(at('2026-11-21T07:00:00Z'));
  });

  test('no longer once one compared, also one that a person asked for', () => {
    const good = { ...watched, lastGood: at('2026-11-21T10:30:00Z') };
    expect(overdueSince(good, at('2026-11-22T08:59:00Z'))).toBeNull();
    expect(overdueSince(good, at('2026-11-22T09:00:00Z'))).toBe(at('2026-11-22T07:00:00Z'));
  });

  test('only after the grace that begins with the first try after an outage', () => {
    const back = { ...watched, firstTry: at('2026-11-21T20:00:00Z') };
    expect(overdueSince(back, at('2026-11-21T21:59:00Z'))).toBeNull();
    expect(overdueSince(back, at('2026-11-21T22:00:00Z'))).toBe(at('2026-11-21T07:00:00Z'));
  });
});
