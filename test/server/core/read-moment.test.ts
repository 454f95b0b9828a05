import { expect, test } from 'vitest';
import { readMoment } from '../../../server/core/read-moment.ts';

test.each([
  ['2026-11-26', '2026-11-26T00:00:00.000Z'],
  ['2026-11-26T08:00:00+01:00', '2026-11-26T07:00:00.000Z'],
  ['2026-11-26 08:00:00', '2026-11-26T08:00:00.000Z'],
  ['11/26/2026', '2026-11-26T00:00:00.000Z'],
  ['1/2/2026', '2026-01-02T00:00:00.000Z'],
  ['26/11/2026', '2026-11-26T00:00:00.000Z'],
  ['26.11.2026', '2026-11-26T00:00:00.000Z'],
  ['Nov 26, 2026', '2026-11-26T00:00:00.000Z'],
  ['26 November 2026', '2026-11-26T00:00:00.000Z'],
])('%s is read as the day or moment it means', (text, moment) => {
  expect(readMoment(text)).toBe(moment);
});

test.each(['', '-', 'Never', '2026-02-30', '13/13/2026', 'Foo 26, 2026', 'last week'])('%j is no day', (text) => {
  expect(readMoment(text)).toBeNull();
});
