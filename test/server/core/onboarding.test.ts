import { expect, test } from 'vitest';
import { onboardingOf } from '../../../server/core/onboarding.ts';

const person = {
  reason: 'in-sync',
  state: 'activated',
  activatedOn: '2026-11-20',
  answered: false,
  today: '2026-11-21',
  crmKind: 'salesforce',
} as const;
const partsOf = (more: Partial<Parameters<typeof onboardingOf>[0]>) => onboardingOf({ ...person, ...more })?.parts.map(({ id }) => id);

test('whoever can’t get in is called first, then sent the link and the guide', () => {
  expect(partsOf({ reason: 'stuck-onboarding', state: 'invited' })).toEqual(['call', 'activation-link', 'troubleshooting']);
});

test('whoever was invited is helped by the link and the guide', () => {
  expect(partsOf({ state: 'invited', activatedOn: null })).toEqual(['activation-link', 'troubleshooting']);
});

test('whoever came in gets the checklist, and is asked for their connections from the second day on', () => {
  expect(partsOf({})).toEqual(['checklist']);
  expect(onboardingOf(person)!.question).toBeNull();
  expect(onboardingOf({ ...person, today: '2026-11-22' })!.question).toMatchObject({ activatedOn: '2026-11-20' });
});

test('whoever answered is not asked again', () => {
  expect(onboardingOf({ ...person, today: '2026-11-25', answered: true })!.question).toBeNull();
});

test('whoever came in long ago, or nobody knows when, is no newcomer', () => {
  expect(onboardingOf({ ...person, today: '2026-12-05' })).toBeNull();
  expect(onboardingOf({ ...person, activatedOn: null })).toBeNull();
});

test('nobody is told to enable CRM for people whose CRM LinkedIn has no CRM Sync with, or to look for Matched', () => {
  const sentences = (crmKind: string) =>
    onboardingOf({ ...person, crmKind })!.parts.flatMap(({ steps }) => steps.map(({ sentence }) => sentence));
  const zoho = sentences('zoho');
  expect(zoho.filter((sentence) => /CRM|Matched/.test(sentence))).toEqual([]);
  expect(sentences('hubspot')).toHaveLength(zoho.length + 2);
});
