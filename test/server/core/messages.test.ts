import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { messageKinds } from '../../../server/core/message-kinds.ts';
import * as messages from '../../../server/core/messages.ts';

const to = { name: 'Anna' };
const href = '/plans/1';

const all: [string, messages.Message][] = [
  ...Object.entries(messageKinds).map(([name, { example }]): [string, messages.Message] => [name, example]),
  ...[1, 4].map((day): [string, messages.Message] => [
    `onboarding ${day}`,
    messages.onboardingReminder({ ...to, company: 'Acme', day, href }),
  ]),
  ['second reminder without a link', messages.invitationReminder({ ...to, number: 2, invitedAt: null, universalLink: null })],
];
const question = messages.askPersonMessage({
  ...to,
  company: 'Acme',
  crmName: 'Salesforce',
  moveOn: '2026-12-01',
  until: '2026-11-30T22:00:00Z',
  href,
});

describe('every message', () => {
  test.each(all)('%s has one link, a subject of one short line, and neither an address nor an unfilled place', (_, message) => {
    expect(message.action.href).toMatch(/^(?:\/|https:\/\/www\.linkedin\.com\/)/u);
    expect(message.action.label.length).toBeLessThanOrEqual(40);
    expect(message.subject).not.toMatch(/[\r\n]/u);
    expect(message.subject.length).toBeLessThanOrEqual(100);
    const words = `${message.subject}\n${message.text}`;
    expect(words).not.toMatch(/@|https?:|undefined|null|NaN|\{|\}|\bseat\b/u);
    expect(message.text).not.toMatch(/\n{3,}|[ \t]\n/u);
  });

  test('is one of messages.ts, with a preview: nothing writes a mail of its own', async () => {
    const root = path.resolve(import.meta.dirname, '../../../server');
    const calls: string[] = [];
    for await (const file of glob('**/*.ts', { cwd: root })) {
      const source = await readFile(path.join(root, file), 'utf8');
      for (const [, call] of source.matchAll(/\bawait queueMail\([^{]*\{(.*?)\n {2,}\}\);|=> *\n? *queueMail\([^{]*\{(.*?)\}\),?\n/gsu))
        if (call !== undefined) calls.push(`${file}: ${call}`);
      // However it is called, what it says was written in one place.
      if (/\bqueueMail\(/u.test(source) && file !== 'store/mail.ts') expect(source, file).toMatch(/from '\.\.\/core\/messages\.ts'/u);
    }
    expect(calls.length).toBeGreaterThan(4);
    for (const call of calls) {
      expect(call).toMatch(/\.\.\.(?:message\b|\w+(?:Message|Reminder|Post)\()/u);
      expect(call).not.toMatch(/^\s*(?:subject|text):/mu);
    }
  });

  test('greets nobody by name where several people read it', () => {});
});

describe('the question to a person', () => {
  const { subject, text } = question;
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
