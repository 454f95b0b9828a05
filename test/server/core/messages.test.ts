import { describe, expect, test } from 'vitest';
import * as messages from '../../../server/core/messages.ts';

const to = { name: 'Anna' };
const href = '/plans/1';

const all: [string, messages.Message][] = [
  [
    'question',
    messages.askPersonMessage({ ...to, company: 'Acme', crmName: 'Salesforce', moveOn: '2026-12-01', until: '2026-11-30T22:00:00Z', href }),
  ],
  ...[1, 2, 4].map((day): [string, messages.Message] => [
    `onboarding ${day}`,
    messages.onboardingReminder({ ...to, company: 'Acme', day, href }),
  ]),
  ['manager', messages.managerReminder({ ...to, person: 'Bo', company: 'Acme', href })],
  ['stuck', messages.stuckOnboardingReminder({ ...to, person: 'Bo', days: 5, href })],
  ['uploaded?', messages.uploadedReminder({ ...to, file: 'email-change-2026-11-21-a.csv', days: 1, href })],
  ['proof', messages.proofReminder({ ...to, file: 'email-change-2026-11-21-a.csv', days: 3, href })],
  ['give back', messages.giveBackReminder({ ...to, names: ['Anna', 'Bo', 'Cem'], since: '10:14', href })],
  ['stale export', messages.staleExportReminder({ ...to, days: 8, href })],
  ['new export', messages.newExportReminder({ ...to, count: 37, href })],
  ['next wave', messages.nextWaveReminder({ ...to, count: 11, month: 'November', nextOn: '2026-12-01', href })],
  ['stopped', messages.stoppedNotice({ ...to, file: 'email-change-2026-11-21-a.csv', days: 14, href })],
  ['sitting', messages.sittingReminder({ ...to, count: 3, at: 'Tuesday 10:00', minutes: 20, href })],
  ['test', messages.testMessage('Admin')],
];

describe('every message', () => {
  test.each(all)('%s has one link, a subject of one short line, and neither an address nor an unfilled place', (_, message) => {
    expect(message.action.href).toMatch(/^\//u);
    expect(message.action.label.length).toBeLessThanOrEqual(40);
    expect(message.subject).not.toMatch(/[\r\n]/u);
    expect(message.subject.length).toBeLessThanOrEqual(100);
    const words = `${message.subject}\n${message.text}`;
    expect(words).not.toMatch(/@|https?:|undefined|null|NaN|\{|\}|\bseat\b/u);
    expect(message.text).not.toMatch(/\n{3,}|[ \t]\n/u);
  });

  test('greets nobody by name where several people read it', () => {
    expect(messages.staleExportReminder({ name: null, days: 8, href }).text).toMatch(/^The newest/u);
  });
});

describe('the question to a person', () => {
  const { subject, text } = all[0]![1];
  test('says when, how, what happens then, and what is lost by doing nothing', () => {
    expect(subject).toBe('Your Sales Navigator license moves on 1 December: please add this address to LinkedIn first');
    for (const part of ['How to add it', 'What happens then', 'Why it matters', 'If you do nothing, nothing is changed'])
      expect(text).toContain(part);
    expect(text).toContain('does not reach Salesforce');
    expect(text).toContain('The link works until 30 November.');
  });

  test('promises nothing that is not read back', () => {
    expect(text).not.toMatch(/\bwill not lose|you keep\b|guarantee/iu);
  });
});

describe('words for people and days', () => {
  test.each([
    [[], 'Nobody'],
    [['Anna'], 'Anna'],
    [['Anna', 'Bo'], 'Anna and Bo'],
    [['Anna', 'Bo', 'Cem'], 'Anna, Bo and Cem'],
    [['Anna', 'Bo', 'Cem', 'Dora'], 'Anna, Bo and 2 others'],
  ])('%j is "%s"', (names, words) => {
    expect(messages.namesInWords(names)).toBe(words);
  });

  test('an alarm names who, and leaves the time to where it is shown', () => {
    expect(messages.noLicenseSentence(['Anna'])).toBe('Anna has no license since {since}.');
    expect(messages.noLicenseSentence(['Anna', 'Bo', 'Cem'])).toBe('Anna, Bo and Cem have no license since {since}.');
    expect(messages.giveBackFailedSentence(['Anna'], 'No license is free.')).toBe(
      'The license of Anna could not be given back: No license is free.',
    );
  });

  test('a file of yesterday is not called a day old', () => {
    expect(messages.uploadedReminder({ ...to, file: 'a.csv', days: 1, href }).subject).toBe('You downloaded a.csv yesterday. Uploaded?');
    expect(messages.uploadedReminder({ ...to, file: 'a.csv', days: 3, href }).subject).toBe('You downloaded a.csv 3 days ago. Uploaded?');
  });
});
