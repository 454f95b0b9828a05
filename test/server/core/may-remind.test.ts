import { describe, expect, test } from 'vitest';
import { mayNotRemind, nextReminder, type RemindContext, type RemindFacts } from '../../../server/core/may-remind.ts';
import { mayNotWrite, type PersonToWrite } from '../../../server/core/may-write.ts';

const now = '2026-11-26T10:00:00.000Z';
const newestAsOf = '2026-11-26T08:00:00.000Z';
const rules = { remind: true, firstAfterDays: 3, cooldownDays: 7, mostReminders: 3, resendAfterDays: 7, targetPercent: 90 };
const person: RemindFacts = {
  ended: null,
  inRepair: false,
  muted: null,
  since: '2026-11-20T00:00:00.000Z',
  lastSeenAt: newestAsOf,
  reminders: 0,
  lastReminderAt: null,
};
const ask = (change: Partial<RemindFacts>, context: Partial<RemindContext> = {}) =>
  mayNotRemind({ ...person, ...change }, { rules, now, newestAsOf, staleAfterDays: 7, byHand: false, ...context });

describe('somebody with an open invitation', () => {
  test('is reminded once the first days are over', () => {
    expect(ask({})).toBeNull();
    expect(ask({ since: '2026-11-24T00:00:00.000Z' })).toContain("LinkedIn's own mail");
  });

  test('is never reminded after they have activated, nor where nobody knows if they have', () => {
    expect(ask({ ended: { how: 'activated' } })).toContain('open no more');
    expect(ask({ lastSeenAt: '2026-11-19T08:00:00.000Z' })).toContain('not in the newest list');
    expect(ask({ lastSeenAt: '2026-11-01T08:00:00.000Z' }, { newestAsOf: '2026-11-01T08:00:00.000Z' })).toContain('too old');
    expect(ask({}, { newestAsOf: null })).toContain('too old');
  });

  test('is left alone within the cooldown, whoever asks', () => {
    const lately = { reminders: 1, lastReminderAt: '2026-11-20T10:00:01.000Z' };
    expect(ask(lately)).toContain('20 November; again after 7 days');
    expect(ask(lately, { byHand: true })).toContain('again after 7 days');
    expect(ask({ reminders: 1, lastReminderAt: '2026-11-19T10:00:00.000Z' })).toBeNull();
  });

  test('gets so many reminders and no more by themselves; an admin may send another', () => {
    const enough = { reminders: 3, lastReminderAt: '2026-11-01T10:00:00.000Z' };
    expect(ask(enough)).toBe('They had 3 reminders.');
    expect(ask(enough, { byHand: true })).toBeNull();
  });

  test('is left to their repair, and to whoever said that nobody is to write to them', () => {
    expect(ask({ inRepair: true }, { byHand: true })).toContain('repair');
    expect(ask({ muted: { by: 'Ada' } }, { byHand: true })).toContain('nobody is to write');
  });
});

describe('a message to many', () => {
  const context: RemindContext = { rules, now, newestAsOf, staleAfterDays: 7, byHand: true };
  const invited: PersonToWrite = {
    email: 'anna@acme.example',
    isProtected: false,
    state: 'invited',
    invitation: person,
    lastAt: null,
    question: null,
  };
  const write = (kind: Parameters<typeof mayNotWrite>[0], change: Partial<PersonToWrite>) =>
    mayNotWrite(kind, { ...invited, ...change }, context);

  test('reminds of an open invitation, never whoever is active, protected, muted or without an address', () => {
    expect(write('reminder', {})).toBeNull();
    expect(write('reminder', { state: 'activated', invitation: null })).toContain('activated their license already');
    expect(write('reminder', { invitation: null })).toContain('No list shows an open invitation');
    expect(write('reminder', { isProtected: true })).toContain('protected');
    expect(write('reminder', { email: '' })).toContain('no email address');
    expect(write('reminder', { invitation: { ...person, lastReminderAt: '2026-11-25T10:00:00.000Z' } })).toContain('again after 7 days');
  });

  test('in own words goes to active people too, nobody twice within the cooldown', () => {
    expect(write('note', { state: 'activated', invitation: null })).toBeNull();
    expect(write('note', { lastAt: '2026-11-20T10:00:00.000Z' })).toContain('written to on 20 November');
    expect(write('note', { lastAt: '2026-11-19T10:00:00.000Z' })).toBeNull();
    expect(write('note', { invitation: { ...person, muted: { by: 'Ada' } } })).toContain('nobody is to write to them');
  });

  test('about the work email asks nobody who answered, or was asked within the cooldown', () => {
    const askedAt = '2026-11-25T10:00:00.000Z';
    expect(write('address', {})).toBeNull();
    expect(write('address', { question: { askedAt, answer: null } })).toContain('again after 7 days');
    expect(write('address', { question: { askedAt, answer: { answer: 'added' } } })).toContain('answered already');
  });
});

describe('the next reminder', () => {
  const next = (change: Partial<RemindFacts>, of: Partial<typeof rules> = {}) =>
    nextReminder({ ...person, ...change }, { rules: { ...rules, ...of }, now, newestAsOf, staleAfterDays: 7, byHand: false });

  test('has a day: after the first days, then after each cooldown', () => {
    expect(next({ since: '2026-11-25T00:00:00.000Z' })).toBe('On 28 November, if they are not in by then.');
    expect(next({ reminders: 1, lastReminderAt: '2026-11-24T10:00:00.000Z' })).toBe('On 1 December, if they are not in by then.');
    expect(next({})).toContain('quiet hours');
  });

  test('is none where the rules have none, with the reason', () => {
    expect(next({}, { remind: false })).toContain('switched off');
    expect(next({ reminders: 3, lastReminderAt: '2026-11-24T10:00:00.000Z' })).toBe('None: they had 3. Call them.');
    expect(next({ inRepair: true })).toContain('repair');
    expect(next({ lastSeenAt: '2026-11-19T08:00:00.000Z' })).toContain('not in the newest list');
  });

  test('comes when nothing forbids it: the day that is named is one on which they may be written to', () => {
    const told = { ...person, since: '2026-11-25T00:00:00.000Z' };
    const at = '2026-11-28T00:00:00.000Z';
    expect(mayNotRemind(told, { rules, now: at, newestAsOf, staleAfterDays: 7, byHand: false })).toBeNull();
  });
});
