import { describe, expect, test } from 'vitest';
import { dueTimesAfter } from '../../../server/core/due-times.ts';
import { readCron, timeZoneFault } from '../../../server/jobs/read-cron.ts';

function understood(expression: string) {
  const cron = readCron(expression);
  if ('refusal' in cron) throw new Error(cron.refusal);
  return cron;
}

describe('an expression', () => {
  test.each([
    ['0 7 * * *', 'Every day at 07:00'],
    ['@daily', 'Every day at 00:00'],
    ['0 7 * * 1-5', 'Every weekday at 07:00'],
    ['0 7 * * mon-fri', 'Every weekday at 07:00'],
    ['30 7,19 * * mon,thu', 'Every Monday and Thursday at 07:30 and 19:30'],
    ['0 7 * * 7', 'Every Sunday at 07:00'],
    ['5 * * * *', 'Every hour at minute 05'],
    ['0 7 1 * *', 'On day 1 of every month at 07:00'],
    ['0 7 L * *', 'On the last day of every month at 07:00'],
    ['0 7 * * 1#2', 'By “0 7 * * 1#2”'],
    ['0 7 1 1 *', 'By “0 7 1 1 *”'],
  ])('%s is said as: %s', (expression, words) => {
    expect(understood(expression).words).toBe(words);
  });

  test.each([
    ['0 7 * *', /has 4 places; five are needed: minute, hour, .* For example “0 7 \* \* 1-5”: 07:00 on weekdays\.$/u],
    ['0 0 7 * * *', /has 6 places; .* Leave the seconds away\./u],
    ['61 7 * * *', /^The minute \(first place\) may be 0 to 59, and “61” stands there\. For example/u],
    ['0 25 * * *', /^The hour \(second place\) may be 0 to 23, and “25” stands there\./u],
    ['0 7 32 * *', /^The day of the month \(third place\)/u],
    ['0 7 * 13 *', /^The month \(fourth place\)/u],
    ['0 7 * * 8', /^The day of the week \(fifth place\)/u],
    ['0 7 * * someday', /^The day of the week \(fifth place\) may be .*, and “someday” stands there\./u],
    ['0 7 31 2 *', /never comes: that month has no such day\./u],
    ['0 7 L-30 2 *', /never comes/u],
    ['every day', /five are needed/u],
    ['@sometimes', /is not a schedule/u],
    ['0 7 * * mon; drop', /five are needed/u],
    ['* 7 * * *', /would compare every minute; 15 minutes are the least\. Did you mean “0 7 \* \* \*”\?$/u],
    ['*/10 * * * *', /would compare every 10 minutes/u],
  ])('%s is refused with a sentence', (expression, sentence) => {
    expect(readCron(expression)).toEqual({ refusal: expect.stringMatching(sentence) });
  });

  test('that names a day of the month and of the week means days on which both fit', () => {
    const [first] = dueTimesAfter(understood('0 7 13 * 5'), 'UTC', Date.parse('2026-11-01T00:00:00Z'));
    expect(new Date(first!).toISOString()).toBe('2026-11-13T07:00:00.000Z');
    const [leap] = dueTimesAfter(understood('0 7 29 2 1'), 'UTC', Date.parse('2026-11-01T00:00:00Z'));
    expect(new Date(leap!).toISOString()).toBe('2044-02-29T07:00:00.000Z');
  });
});

test('a time zone that is none is refused with examples', () => {
  expect(timeZoneFault('Berlin')).toBe('“Berlin” is not a time zone. Use a name such as Europe/Berlin, America/New_York or UTC.');
  expect(timeZoneFault('Europe/Berlin')).toBeNull();
});
