import { describe, expect, it } from 'vitest';
import { nextReminderAt, onboardingRemindersDue, planRemindersDue, type ReminderFacts } from '../../../server/core/plan-reminders.ts';
import { type Rematch, startRematch } from '../../../server/core/rematch.ts';
import { fullPlan } from './example-plan.ts';

/** A Monday. */
const monday = '2026-11-23T10:00:00.000Z';
const day = (n: number): string => new Date(Date.parse(monday) + n * 86_400_000).toISOString();
const plan = fullPlan(1);
const [row] = plan.files.find(({ kind }) => kind === 'license-off')!.rows;
const start = { ...row!, mode: 'full', oldEmail: row!.existingEmail, name: 'Anna' } as const;
const invited: Rematch = { ...startRematch(start, monday), step: 'onboarding', licenseOffAt: monday, licenseOnAt: monday };

function facts(state: Rematch, now: string, more: Partial<ReminderFacts> = {}): ReminderFacts {
  const people = [{ id: 'r1', findingKey: 'license:1', state }];
  const progress = { planId: plan.id, seal: '', files: [], heldBack: [] };
  return { planId: 'p1', plan, progress, people, sittingAt: null, company: 'Acme', now, ...more };
}

const dueAt = (state: Rematch, now: string, more: Partial<ReminderFacts> = {}) =>
  planRemindersDue(facts(state, now, more)).map(({ key, to, message }) => [key.day, to, message(null).subject]);

describe('somebody who has not accepted the new invitation', () => {
  it('is reminded after 1, 2 and 4 working days, and on day 2 whoever carries the plan is told as well', () => {
    const at = { address: row!.newEmail };
    expect(dueAt(invited, day(0.9))).toEqual([]);
    expect(dueAt(invited, day(1))).toEqual([[1, at, 'Your Sales Navigator invitation is waiting']]);
    expect(dueAt({ ...invited, reminders: 1 }, day(2))).toEqual([
      [2, at, 'Your Sales Navigator invitation has waited for 2 working days'],
      [2, 'assignee', 'Anna has not accepted the Sales Navigator invitation yet'],
    ]);
    expect(dueAt({ ...invited, reminders: 2 }, day(4))).toEqual([[4, at, 'Your Sales Navigator invitation has waited for 4 working days']]);
  });

  it('gets one mail where several came due while nobody looked, and none from day 5 on: an alarm speaks then', () => {
    expect(dueAt(invited, day(4)).map(([n, to]) => [n, to])).toEqual([
      [4, { address: row!.newEmail }],
      [2, 'assignee'],
    ]);
    expect(onboardingRemindersDue(invited, day(4))).toBe(3);
    // The fifth working day is the Monday after.
    expect(dueAt({ ...invited, reminders: 3 }, day(6))).toEqual([]);
    expect(dueAt(invited, day(7))).toEqual([]);
    expect(onboardingRemindersDue(invited, day(7))).toBe(4);
  });

  it('is left in peace once they are in', () => {
    expect(dueAt({ ...invited, step: 'enable-crm-sync', activatedAt: day(1) }, day(2))).toEqual([]);
  });
});

describe('a sitting that is planned', () => {
  it('is spoken of an hour before, with how long it takes', () => {
    const ready: Rematch = { ...startRematch(start, monday), step: 'remove-license' };
    const sittingAt = '2026-11-24T10:00:00.000Z';
    expect(nextReminderAt(facts(ready, monday, { sittingAt }))).toBe('2026-11-24T09:00:00.000Z');
    expect(dueAt(ready, '2026-11-24T08:59:00.000Z', { sittingAt })).toEqual([]);
    expect(dueAt(ready, '2026-11-24T09:00:00.000Z', { sittingAt })).toEqual([
      [0, 'assignee', 'Tuesday 10:00 UTC: 1 person, about 20 minutes without a pause'],
    ]);
  });
});
