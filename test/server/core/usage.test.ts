import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { periodFault, readPeriod, usualPeriod } from '../../../server/core/read-period.ts';
import { ofEachMetric, usageMetrics } from '../../../server/core/status.ts';
import { groupOf, joinUsage, sumUsage, type UsageValues, useOf } from '../../../server/core/usage.ts';

const blank: UsageValues = ofEachMetric(() => null);
const person = (values: UsageValues) => groupOf({ status: 'matched', team: 'Sales', manager: '', values });
const someValues: fc.Arbitrary<UsageValues> = fc
  .tuple(...usageMetrics.map((metric) => fc.option(fc.nat(metric === 'inMailAcceptance' ? 100 : 5_000), { nil: null })))
  .map((cells) => Object.fromEntries(usageMetrics.map((metric, n) => [metric, cells[n]!])) as UsageValues);

describe('what a usage report says', () => {
  test('a blank never counts: whoever is blank changes no total, no average and nobody’s use', () => {
    fc.assert(
      fc.property(fc.array(someValues, { maxLength: 12 }), fc.nat(6), (people, blanks) => {
        const known = sumUsage(people.map(person));
        const all = sumUsage([...people, ...Array.from({ length: blanks }, () => blank)].map(person));
        expect(all.metrics).toEqual(known.metrics);
        expect(all.byUse).toEqual({ ...known.byUse, unknown: known.byUse.unknown + blanks });
        expect([all.matchedInactive, all.notMatchedActive]).toEqual([known.matchedInactive, known.notMatchedActive]);
        for (const metric of usageMetrics) {
          const own = people.map((values) => values[metric]).filter((value) => value !== null);
          expect(all.metrics[metric].known).toBe(own.length);
          if (own.length === 0) expect(all.metrics[metric]).toEqual({ known: 0, total: null, average: null });
          else if (metric !== 'inMailAcceptance') {
            const total = own.reduce((sum, value) => sum + value, 0);
            expect(all.metrics[metric]).toMatchObject({ total, average: Math.round((total / own.length) * 10) / 10 });
          }
        }
      }),
    );
  });

  test('a blank instead of a number never makes anybody active, nor inactive who was active', () => {
    fc.assert(
      fc.property(someValues, fc.constantFrom(...usageMetrics), (values, metric) => {
        const before = useOf(values);
        const after = useOf({ ...values, [metric]: null });
        if (before !== 'active') expect(after).not.toBe('active');
        if (after === 'inactive' && before === 'active') expect(values[metric]).toBeGreaterThan(0);
      }),
    );
    expect(useOf(blank)).toBe('unknown');
  });

  test.each([
    [{ daysActive: 0 }, 'inactive'],
    [{ daysActive: 0, messages: 2 }, 'active'],
    [{ daysActive: 1 }, 'active'],
    [{ searches: 0, profileViews: 0 }, 'inactive'],
    [{ searches: 0 }, 'unknown'],
    [{ inMailSent: 0, messages: 0 }, 'unknown'],
    // They may be of years, or done by others.
    [{ savedLeads: 40, savedAccounts: 9, connections: 500, smartLinksViewed: 3, daysActive: 0 }, 'inactive'],
  ])('%j is %s', (values, use) => {
    expect(useOf({ ...blank, ...values })).toBe(use);
  });

  test('the acceptance rate of several people is that of all their InMail', () => {
    const rated = (sent: number | null, rate: number | null) => person({ ...blank, inMailSent: sent, inMailAcceptance: rate });
    const rateOf = (...people: ReturnType<typeof person>[]) => sumUsage(people).metrics.inMailAcceptance;
    expect(rateOf(rated(90, 10), rated(10, 60), rated(0, null))).toEqual({ known: 2, total: null, average: 15 });
    expect(rateOf(rated(null, 10), rated(null, 60))).toEqual({ known: 2, total: null, average: 35 });
  });
});

describe('whose a row is', () => {
  const holder = (n: number, email = `p${n}@acme.example`) => ({
    key: `license:S${n}`,
    licenseId: `S${n}`,
    seatId: `S${n}`,
    uniqueUserId: `E${n}`,
    email,
  });
  const row = (part: Partial<Record<'seatId' | 'uniqueUserId' | 'email', string>>) => ({
    seatId: '',
    uniqueUserId: '',
    email: '',
    ...part,
  });
  const holders = [holder(1), holder(2), holder(3)];

  test('is told by the seat, then the ID, then the email, whatever its case', () => {
    const rows = [row({ seatId: 's1', email: 'p9@acme.example' }), row({ uniqueUserId: 'E2' }), row({ email: ' P3@ACME.example' })];
    expect(joinUsage(rows, holders, [])).toEqual(['license:S1', 'license:S2', 'license:S3']);
  });

  test('is told by an email from before a repair, unless somebody else has it today', () => {
    const former = [
      { licenseId: 'S1', email: 'p1@old.example' },
      { licenseId: 'S2', email: 'p3@acme.example' },
      { licenseId: 'S9', email: 'gone@old.example' },
    ];
    const rows = ['p1@old.example', 'p3@acme.example', 'gone@old.example'].map((email) => row({ email }));
    expect(joinUsage(rows, holders, former)).toEqual(['license:S1', 'license:S3', null]);
  });

  test('is nobody’s where two share the sign, or two rows lead to one person', () => {
    const shared = [holder(1, 'team@acme.example'), holder(2, 'team@acme.example')];
    expect(joinUsage([row({ email: 'team@acme.example' })], shared, [])).toEqual([null]);
    expect(joinUsage([row({ email: 'p1@acme.example' }), row({ seatId: 'S1' })], holders, [])).toEqual([null, 'license:S1']);
    expect(joinUsage([row({ seatId: 'S1' }), row({ seatId: 'S1' })], holders, [])).toEqual([null, null]);
  });

  test('never is two people’s, nor do two rows have one person', () => {
    const sign = fc.constantFrom('', 'S1', 'S2', 'E1', 'E2', 'p1@acme.example', 'p2@acme.example', 'x@old.example');
    const people = fc.record({ seatId: sign, uniqueUserId: sign, email: sign });
    fc.assert(
      fc.property(fc.array(people), fc.array(people, { maxLength: 6 }), (rows, some) => {
        const keys = joinUsage(
          rows,
          some.map((one, n) => ({ ...one, key: `k${n}`, licenseId: `l${n}` })),
          [{ licenseId: 'l0', email: 'x@old.example' }],
        ).filter((key) => key !== null);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });
});

describe('the period of a report', () => {
  test.each([
    ['Usage report: Nov 1 - Nov 30, 2026', '2026-11-01', '2026-11-30'],
    ['usage_2026-10-01_2026-10-31.csv', '2026-10-01', '2026-10-31'],
    ['20261001-20261031.csv', '2026-10-01', '2026-10-31'],
    ['From 10/01/2026 to 10/31/2026', '2026-10-01', '2026-10-31'],
    ['1 Oct 2026 – 31 Oct 2026', '2026-10-01', '2026-10-31'],
  ])('is read from %j', (text, from, to) => {
    expect(readPeriod(['made by Ann', text])).toEqual({ from, to });
  });

  test.each(['3/4/2026 to 5/6/2026', 'as of 2026-11-01', '2026-11-30 to 2026-11-01', '2026-02-30 to 2026-03-01'])(
    'is asked where it is %j',
    (text) => {
      expect(readPeriod([text])).toBeNull();
    },
  );

  test('is LinkedIn’s last thirty days where nobody says otherwise, and may not lie ahead, turned round or be years', () => {
    expect(usualPeriod('2026-11-29T10:00:00Z')).toEqual({ from: '2026-10-30', to: '2026-11-28' });
    const fault = (from: string, to: string) => periodFault({ from, to }, '2026-11-29');
    expect(fault('2026-11-01', '2026-11-29')).toBeNull();
    expect(fault('2026-11-02', '2026-11-01')).toMatch(/ends before/);
    expect(fault('2026-11-02', '2027-01-01')).toMatch(/after today/);
    expect(fault('2023-11-02', '2026-11-01')).toMatch(/two years/);
  });
});
