import fc from 'fast-check';
import { expect, test } from 'vitest';
import { domainChangeSentence, domainPlaceOf, forecastDomainChange, noDomainNumbers } from '../../../server/core/domain-change.ts';

const domains = { old: 'old.example', current: 'new.example' };
const place = (license: string, crm: string | null, reason = 'email-differs', changesLicense = true) =>
  domainPlaceOf({ license, crm, reason, changesLicense }, domains);

test.each([
  ['both sides new', 'new.example', 'new.example', 'done'],
  ['the license old, the CRM new', 'old.example', 'new.example', 'behind'],
  ['the license new, the CRM old', 'new.example', 'old.example', 'crm-behind'],
  ['both sides old', 'old.example', 'old.example', 'both-old'],
  ['the license old, nobody in the CRM', 'old.example', null, 'other'],
  ['the license old, the CRM at a third domain', 'old.example', 'third.example', 'other'],
  ['neither domain', 'third.example', 'third.example', null],
  ['only the new one, and nobody in the CRM', 'new.example', null, null],
] as const)('%s', (_, license, crm, expected) => {
  expect(place(license, crm)).toBe(expected);
});

test('nobody goes in a wave whose CRM side is to change, whose owner is in doubt, or who is being repaired', () => {
  expect(place('old.example', 'new.example', 'email-differs', false)).toBe('other');
  expect(place('old.example', 'new.example', 'identity-conflict')).toBe('other');
  expect(place('old.example', 'new.example', 'being-repaired')).toBe('under-way');
});

test('a forecast has one wave a working day, and says whether they end in time', () => {
  // 27 November 2026 is a Friday.
  const numbers = { ...noDomainNumbers, behind: 25 };
  const { waves, sentence, isInTime } = forecastDomainChange(numbers, { perWave: 10, today: '2026-11-27', endsOn: '2026-12-01' });
  expect(waves).toEqual([
    { number: 1, people: 10, on: '2026-11-27' },
    { number: 2, people: 10, on: '2026-11-30' },
    { number: 3, people: 5, on: '2026-12-01' },
  ]);
  expect(isInTime).toBe(true);
  expect(sentence).toContain('in time');
  expect(forecastDomainChange(numbers, { perWave: 10, today: '2026-11-27', endsOn: '2026-11-30' }).isInTime).toBe(false);
});

test('whoever waits for the CRM counts for the end, not for the waves of now', () => {
  const numbers = { ...noDomainNumbers, behind: 5, 'both-old': 15 };
  const { waves, isInTime } = forecastDomainChange(numbers, { perWave: 10, today: '2026-11-30', endsOn: '2026-12-01' });
  expect(waves).toHaveLength(1);
  expect(isInTime).toBe(false);
});

test('waves hold everybody once, and none is larger than was said', () => {
  fc.assert(
    fc.property(fc.nat(500), fc.integer({ min: 10, max: 100 }), (behind, perWave) => {
      const { waves } = forecastDomainChange({ ...noDomainNumbers, behind }, { perWave, today: '2026-11-29', endsOn: '2099-01-01' });
      expect(waves.reduce((sum, { people }) => sum + people, 0)).toBe(behind);
      for (const { people, on } of waves)
        expect([people > 0, people <= perWave, new Date(on).getUTCDay() % 6 !== 0]).toEqual([true, true, true]);
    }),
  );
});

test('the report says how many moved, and who is not through when the time is over', () => {
  const change = { ...domains, endsOn: '2026-11-30' };
  const numbers = { ...noDomainNumbers, done: 9, 'both-old': 2 };
  expect(domainChangeSentence(change, numbers, { ...noDomainNumbers, done: 4 }, '2026-12-01')).toBe(
    'Since the first day 5 moved from old.example to new.example. The time in which both were valid is over, and 2 people are not through.',
  );
  expect(domainChangeSentence(change, { ...noDomainNumbers, done: 9 }, noDomainNumbers, '2026-12-01')).toContain(
    'Nobody is left on old.example',
  );
});
