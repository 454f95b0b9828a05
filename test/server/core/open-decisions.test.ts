import { expect, test } from 'vitest';
import { openDecisions, sentenceOfDecision, stateOfDecision } from '../../../server/core/open-decisions.ts';

const today = '2026-11-29';
const there = { moved: false };

test.each([
  ['an exception on its last day is near its end', 'exception', today, there, 'soon'],
  ['an exception past its day is forgotten', 'exception', '2026-11-28', there, 'due'],
  ['an exception that ends in two weeks is near its end', 'exception', '2026-12-13', there, 'soon'],
  ['an exception that ends later holds', 'exception', '2026-12-14', there, 'holds'],
  ['a link is asked on its day', 'link', today, there, 'due'],
  ['a link without a day holds', 'link', null, there, 'holds'],
  ['a link whose emails moved is doubtful whatever its day', 'link', '2099-01-01', { moved: true }, 'moved'],
  ['an answer to be asked again later waits in silence', 'later', '2026-11-30', there, 'holds'],
  ['an answer to be asked again is asked on its day', 'later', today, there, 'due'],
  ['a license that nobody uses is open until it is gone', 'nobody', null, there, 'open'],
  ['a decision about somebody who is in no list is over', 'exception', '2020-01-01', null, 'gone'],
] as const)('%s', (_, kind, on, person, state) => {
  expect(stateOfDecision({ kind, on }, person, today)).toBe(state);
});

test('the to-do list has one line for each kind of thing to do, with its count', () => {
  const decided = [
    { kind: 'exception', state: 'due' },
    { kind: 'exception', state: 'due' },
    { kind: 'exception', state: 'holds' },
    { kind: 'link', state: 'moved' },
    { kind: 'link', state: 'gone' },
  ] as const;
  expect(openDecisions(decided)).toEqual([
    { kind: 'link', state: 'moved', count: 1, action: 'An email moved after a link was made. Check that it is still right.' },
    { kind: 'exception', state: 'due', count: 2, action: 'Exceptions have ended and nobody looked. Renew them, or end them.' },
  ]);
});

test('what holds says nothing, and what is over says so', () => {
  expect(sentenceOfDecision('link', 'holds')).toBeNull();
  expect(sentenceOfDecision('nobody', 'gone')).toContain('Take the decision back');
});
