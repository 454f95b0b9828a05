import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestDue } from '../../../server/core/digest-due.ts';
import { mergeTimeline } from '../../../server/core/merge-timeline.ts';
import {
  changeOf,
  dimensionValue,
  type MismatchGroup,
  type SeatPrice,
  sliceMismatch,
  sumMinutes,
  sumMismatch,
  type TwoEnds,
} from '../../../server/core/mismatch-report.ts';
import { percent, reportAnswers, whileNotMatched } from '../../../server/core/report-words.ts';
import { actors, licenseKinds, reasonsOf, reportDimensions, statuses } from '../../../server/core/status.ts';

const dayMs = 86_400_000;
const start = Date.UTC(2026, 0, 1);

const someGroup: fc.Arbitrary<MismatchGroup> = fc.constantFrom(...statuses).chain((status) =>
  fc.record({
    status: fc.constant(status),
    reason: fc.constantFrom(...reasonsOf[status]),
    label: fc.constantFrom('Email differs', 'No CRM user found'),
    actor: fc.constantFrom(...actors),
    rootCause: fc.option(fc.constantFrom('old-domain:a>b', 'name'), { nil: null }),
    team: fc.constantFrom('', 'Sales', 'Partners'),
    manager: fc.constantFrom('', 'Ida Holm'),
    crm: fc.constantFrom('', 'salesforce', 'Zoho'),
    kinds: fc.subarray([...licenseKinds]),
    isBeingRepaired: fc.boolean(),
    people: fc.integer({ min: 1, max: 900 }),
    days: status === 'not-matched' ? fc.nat(9_000) : fc.constant(0),
    since: status === 'not-matched' ? fc.nat(300).map((n) => new Date(start + n * dayMs).toISOString()) : fc.constant(null),
  }),
);
const somePrice: fc.Arbitrary<SeatPrice> = fc.record({
  currency: fc.constant('EUR'),
  per: fc.constantFrom('month', 'year'),
  prices: fc.record({
    'advanced-plus': fc.option(fc.nat(3_000), { nil: null }),
    advanced: fc.option(fc.nat(3_000), { nil: null }),
    'teamlink-extend': fc.option(fc.nat(3_000), { nil: null }),
    other: fc.option(fc.nat(3_000), { nil: null }),
  }),
});
const someEnd = fc.option(fc.record({ status: fc.constantFrom(...statuses), label: fc.constantFrom('a', 'b') }), { nil: null });
const someEnds: fc.Arbitrary<TwoEnds> = fc.record({ before: someEnd, after: someEnd, wasNotMatchedEarlier: fc.boolean() });

describe('the numbers of the report', () => {
  test('agree: whatever the report is cut by, the parts make the whole, in people and in money', () => {
    fc.assert(
      fc.property(fc.array(someGroup, { maxLength: 20 }), somePrice, fc.constantFrom(...reportDimensions), (groups, price, by) => {
        const whole = sumMismatch(groups, price);
        const parts = sliceMismatch(groups, by, price);
        const total = (of: (part: (typeof parts)[number]) => number) => parts.reduce((sum, part) => sum + of(part), 0);
        expect(total(({ notMatched }) => notMatched)).toBe(whole.notMatched);
        expect(total(({ beingRepaired }) => beingRepaired)).toBe(whole.beingRepaired);
        expect(total(({ cost }) => cost!.unpriced)).toBe(whole.cost!.unpriced);
        expect(total(({ cost }) => cost!.perMonth)).toBeCloseTo(whole.cost!.perMonth, 4);
        expect(total(({ cost }) => cost!.soFar)).toBeCloseTo(whole.cost!.soFar, 4);
        if (by === 'team' || by === 'manager' || by === 'crm') expect(total(({ licenses }) => licenses)).toBe(whole.licenses);
        expect(new Set(parts.map(({ value }) => value)).size).toBe(parts.length);
        expect(
          groups
            .filter(({ status }) => status === 'not-matched')
            .every((group) => parts.some(({ value }) => value === dimensionValue[by](group))),
        ).toBe(true);
      }),
    );
  });

  test('keep the match rate between 0 and 1, unknown only where nobody is Matched or Not Matched', () => {
    fc.assert(
      fc.property(fc.array(someGroup, { maxLength: 20 }), (groups) => {
        const { rate, matched, notMatched, licenses, since } = sumMismatch(groups, null);
        expect(rate === null).toBe(matched + notMatched === 0);
        if (rate !== null) {
          expect(rate).toBeGreaterThanOrEqual(0);
          expect(rate).toBeLessThanOrEqual(1);
          // Nobody is told that everybody matches while one does not.
          expect(percent(rate) === '100 %').toBe(notMatched === 0);
          expect(percent(rate) === '0 %').toBe(matched === 0);
        }
        expect(matched + notMatched).toBeLessThanOrEqual(licenses);
        expect(since === null).toBe(notMatched === 0);
      }),
    );
  });

  test('guess no price: without one there is no cost, and people of an unpriced license are in no sum', () => {
    fc.assert(
      fc.property(fc.array(someGroup, { maxLength: 20 }), somePrice, (groups, price) => {
        expect(sumMismatch(groups, null).cost).toBeNull();
        const free = { ...price, prices: { 'advanced-plus': null, advanced: null, 'teamlink-extend': null, other: null } };
        const { cost, notMatched } = sumMismatch(groups, free);
        expect(cost).toEqual({ perMonth: 0, soFar: 0, unpriced: notMatched });
      }),
    );
  });

  test('a price of a year and a twelfth of it each month cost the same', () => {
    const group: MismatchGroup = {
      status: 'not-matched',
      reason: 'email-differs',
      label: 'Email differs',
      actor: 'linkedin-admin',
      rootCause: null,
      team: '',
      manager: '',
      crm: '',
      kinds: ['advanced-plus', 'teamlink-extend'],
      isBeingRepaired: false,
      people: 3,
      days: 365,
      since: new Date(start).toISOString(),
    };
    const price = (per: 'month' | 'year', amount: number): SeatPrice => ({
      currency: 'EUR',
      per,
      prices: { 'advanced-plus': amount, advanced: 1, other: 1, 'teamlink-extend': 1 },
    });
    expect(sumMismatch([group], price('year', 1_200)).cost).toEqual({ perMonth: 300, soFar: 1_200, unpriced: 0 });
    expect(sumMismatch([group], price('month', 100)).cost).toEqual({ perMonth: 300, soFar: 1_200, unpriced: 0 });
  });

  test('answer who, why, since when, what it costs and who must act, each in one sentence', () => {
    const answers = reportAnswers({
      sum: {
        licenses: 90,
        matched: 40,
        notMatched: 41,
        rate: 40 / 81,
        beingRepaired: 0,
        since: '2026-11-03T00:00:00.000Z',
        cost: { perMonth: 4_100, soFar: 3_690, unpriced: 0 },
      },
      reasons: [
        { label: 'Old domain', notMatched: 37 },
        { label: 'No CRM user found', notMatched: 4 },
      ],
      actors: [
        { label: 'LinkedIn admin', notMatched: 39 },
        { label: 'CRM admin', notMatched: 2 },
      ],
      currency: 'EUR',
      crmName: 'Salesforce',
    });
    expect(answers.map(({ sentence }) => sentence)).toEqual([
      '41 people of 90 with a license are Not Matched: nothing they do reaches Salesforce.',
      'Old domain: 37 people; No CRM user found: 4.',
      'The first of them since 3 November 2026, as far as the comparisons go back.',
      'EUR 4,100 for each month in which it stays so, EUR 3,690 so far.',
      'LinkedIn admin for 39 and CRM admin for 2.',
    ]);
    expect(whileNotMatched('HubSpot').map(({ name }) => name)).toEqual([
      'Auto-save',
      'Activity writeback',
      'ROI reporting',
      'Embedded profiles',
      'Data validation',
    ]);
  });
});

describe('what became of a person between two comparisons', () => {
  test('is one thing: repaired, new and came back exclude each other, and are what the two ends say', () => {
    fc.assert(
      fc.property(someEnds, (ends) => {
        const change = changeOf(ends);
        const was = ends.before?.status;
        const is = ends.after?.status;
        expect(change === 'repaired').toBe(was === 'not-matched' && is === 'matched');
        expect(change === 'new' || change === 'came-back').toBe(is === 'not-matched' && was !== 'not-matched' && was !== 'not-checked');
        if (change === 'came-back') expect(ends.wasNotMatchedEarlier).toBe(true);
        if (change === 'new') expect(ends.wasNotMatchedEarlier).toBe(false);
        if (JSON.stringify(ends.before) === JSON.stringify(ends.after)) expect(change).toBeNull();
      }),
    );
  });

  test('is the other way round where the two are swapped: whoever was repaired is Not Matched again', () => {
    fc.assert(
      fc.property(someEnds, ({ before, after }) => {
        const there = changeOf({ before, after, wasNotMatchedEarlier: true });
        const back = changeOf({ before: after, after: before, wasNotMatchedEarlier: true });
        expect(there === null).toBe(back === null);
        if (there === 'repaired') expect(back).toBe('came-back');
        if (there === 'added') expect(back).toBe('gone');
      }),
    );
  });
});

test('minutes without a license add up, and whoever lost nothing is not counted', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.record({ license: fc.nat(900), access: fc.nat(9_000) }), { nil: null })), (each) => {
      const sum = sumMinutes(each);
      const known = each.filter((one) => one !== null);
      expect(sum.people).toBe(known.length);
      expect(sum.longestLicense).toBe(Math.max(0, ...known.map(({ license }) => license)));
      expect(sum.license).toBeLessThanOrEqual(sum.longestLicense * sum.people);
    }),
  );
});

test('a timeline says nothing twice in a row, leaves no day out, and is the same when merged again', () => {
  const entries = fc
    .array(fc.constantFrom('a', 'b'), { maxLength: 12 })
    .map((said) => said.map((text, n) => ({ text, from: String(said.length - n), to: n === 0 ? null : String(said.length - n + 1) })));
  fc.assert(
    fc.property(entries, (all) => {
      const merged = mergeTimeline(all, ({ text }) => [text]);
      expect(merged.every(({ text }, n) => n === 0 || merged[n - 1]!.text !== text)).toBe(true);
      expect(merged.every(({ to }, n) => n === 0 || merged[n - 1]!.from === to)).toBe(true);
      expect([merged.at(0)?.to, merged.at(-1)?.from]).toEqual([all.at(0)?.to, all.at(-1)?.from]);
      expect(mergeTimeline(merged, ({ text }) => [text])).toEqual(merged);
    }),
  );
});

describe('the digest', () => {
  const digest = { recipients: ['ops@acme.example'], days: [1, 4], at: '07:30', timeZone: 'Europe/Berlin' };

  test.each([
    ['2026-11-30T06:29:00Z', null],
    ['2026-11-30T06:30:00Z', '2026-11-30'],
    ['2026-11-30T22:59:00Z', '2026-11-30'],
    // Tuesday where they are, though Monday in UTC.
    ['2026-11-30T23:00:00Z', null],
    ['2026-07-02T05:30:00Z', '2026-07-02'],
    ['2026-12-01T09:00:00Z', null],
  ])('is due by the clock of its readers: at %s for %s', (now, day) => {
    expect(digestDue(digest, now)).toBe(day);
  });
});
