import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AccountSeen,
  addWorkingDays,
  advanceRematch,
  isBetweenOffAndOn,
  isStuckInOnboarding,
  minutesWithout,
  type Rematch,
  type RematchEvent,
  rematchDueAt,
  rematchWording,
  type SeenInPlan,
  startRematch,
  stepOf,
} from '../../../server/core/rematch.ts';

const type = 'Sales Navigator Advanced Plus';
const oldEmail = 'jane.roe@old-acme.example';
const newEmail = 'jane.roe@acme.example';
const at = (minutes: number): string => new Date(Date.UTC(2026, 10, 23, 10, 0) + minutes * 60_000).toISOString();
const day = 24 * 60;

const start = (mode: Rematch['mode'], more: Partial<Rematch> = {}): Rematch => ({
  ...startRematch(
    {
      mode,
      licenseId: 'E1',
      seatId: '',
      uniqueUserId: 'E1',
      crmUserId: '005A',
      name: 'Jane Roe',
      oldEmail,
      newEmail,
      licenses: mode === 'full' ? [type] : [],
    },
    at(0),
  ),
  ...more,
});

const seen = (more: Partial<SeenInPlan> = {}): SeenInPlan => ({
  email: newEmail,
  licenses: [type],
  state: 'activated',
  crmStatus: 'unknown',
  crmSync: 'unknown',
  isTargetTaken: false,
  ...more,
});
const read = (minutes: number, account: Partial<AccountSeen> = {}): RematchEvent => ({
  kind: 'read',
  account: seen(account),
  asOf: at(minutes),
});

/** Events in order, a minute apart. */
const next = (rematch: Rematch, ...events: readonly RematchEvent[]): Rematch =>
  events.reduce(
    (state, event, index) =>
      advanceRematch(state, event, { at: event.kind === 'read' ? event.asOf : at(index + 1), by: 'Ann', crmJobHours: 24 }),
    rematch,
  );
const done = (file: 'email' | 'license-off' | 'license-on'): RematchEvent => ({ kind: 'row', file, outcome: { outcome: 'done' } });
const yes: RematchEvent = { kind: 'answered', answer: 'confirmed', reason: null };
const handed = (file: 'email' | 'license-off' | 'license-on'): RematchEvent => ({ kind: 'handed-over', file });
const withoutLicense = next(start('full'), done('email'), yes, handed('license-off'), read(10, { licenses: [], state: 'none' }));

describe('email first', () => {
  test('the new email seen begins the wait for the CRM job', () => {
    expect(next(start('email-first'), done('email'))).toMatchObject({ step: 'wait', emailSeenAt: at(1), waitUntil: at(1 + day) });
  });
  test('an export from before the upload, compared after it, is no other writer: the result file knows more', () => {
    const waiting = next(start('email-first'), done('email'));
    expect(next(waiting, read(-30, { email: oldEmail }))).toBe(waiting);
    expect(next(waiting, read(30, { email: oldEmail }))).toMatchObject({ ended: 'conflict' });
  });
  test('LinkedIn’s own Matched ends the wait early', () => {
    expect(next(start('email-first'), done('email'), read(60, { crmStatus: 'matched' }))).toMatchObject({ ended: 'repaired' });
  });
  test('Not Matched before the job can have run says nothing, after it a full rematch is offered', () => {
    const early = next(start('email-first'), done('email'), read(60, { crmStatus: 'not-matched' }));
    expect(early.ended).toBeNull();
    expect(next(early, read(2 * day, { crmStatus: 'not-matched' }))).toMatchObject({ ended: 'full-offered' });
  });
  test('a read after the wait that is silent ends in emails-agree, and time alone ends nothing', () => {
    const waiting = next(start('email-first'), done('email'));
    expect(advanceRematch(waiting, { kind: 'time' }, { at: at(9 * day), by: 'x', crmJobHours: 24 })).toBe(waiting);
    expect(next(waiting, read(2 * day))).toMatchObject({ ended: 'emails-agree' });
  });
  test('an address that neither the plan nor the record explains is another writer', () => {
    expect(next(start('email-first'), read(5, { email: 'someone@acme.example' }))).toMatchObject({ ended: 'conflict' });
    expect(next(start('email-first'), done('email'), read(60, { email: oldEmail }))).toMatchObject({ ended: 'conflict' });
  });
  test('who is missing in a complete list is gone: another admin removed or moved them, and nothing is left to repair', () => {
    const missing = (minutes: number): RematchEvent => ({ kind: 'missing', asOf: at(minutes) });
    expect(next(start('email-first'), missing(30))).toMatchObject({ ended: 'conflict', cause: expect.stringMatching(/removed or moved/) });
    expect(next(start('email-first'), done('email'), missing(60))).toMatchObject({ ended: 'conflict' });
    const shown = next(start('email-first'), read(60));
    expect(next(shown, missing(30))).toBe(shown);
    expect(next(start('email-first'), missing(-30))).toMatchObject({ ended: null });
  });
  test('the old address before the upload is explained', () => {
    expect(next(start('email-first'), read(5, { email: oldEmail }))).toMatchObject({ step: 'update-email', ended: null });
  });
  test('an older read than the last one changes nothing', () => {
    const moved = next(start('email-first'), read(60));
    expect(next(moved, read(30, { email: 'someone@acme.example' }))).toBe(moved);
  });
});

describe('the whole procedure', () => {
  test('goes from email to question without waiting for the daily job', () => {
    expect(next(start('full'), done('email')).step).toBe('ask-person');
  });
  test('no click, no removal: silence leaves them out', () => {
    const asked = next(start('full'), done('email'), { kind: 'asked', until: at(7 * day) });
    expect(rematchDueAt(asked)).toBe(at(7 * day));
    const late = advanceRematch(asked, { kind: 'time' }, { at: at(7 * day), by: 'x', crmJobHours: 24 });
    expect(late).toMatchObject({ ended: 'left-out', licenseOffAt: null });
  });
  test('whoever says that the address is not theirs stops it', () => {
    const answered = next(start('full'), done('email'), { kind: 'answered', answer: 'wrong-person', reason: null });
    expect(answered).toMatchObject({ ended: 'conflict', licenseOffAt: null });
  });
  test('Matched before anything was taken away ends it: nobody loses a license for nothing', () => {
    expect(next(start('full'), done('email'), yes, read(60, { crmStatus: 'matched' }))).toMatchObject({
      ended: 'repaired',
      licenseOffAt: null,
    });
  });
  test('the clock begins when the off file is handed over and stops when a read shows the same license', () => {
    expect(withoutLicense).toMatchObject({ step: 'reassign-license', licenseOffAt: at(3), licenseOffSeenAt: at(10) });
    expect(minutesWithout(withoutLicense, at(20))).toEqual({ license: 17, access: 17 });
    const back = next(withoutLicense, read(25, { state: 'invited' }));
    expect(back).toMatchObject({ step: 'onboarding', licenseOnAt: at(25) });
    expect(minutesWithout(back, at(100))).toEqual({ license: 22, access: 97 });
  });
  test('another license than the recorded one does not count as given back', () => {
    expect(next(withoutLicense, read(25, { licenses: ['Sales Navigator Core'], state: 'invited' })).step).toBe('reassign-license');
  });
  test('between off and on a cancel waits until the license is back, and a pause is not taken', () => {
    const cancelled = next(withoutLicense, { kind: 'cancel' });
    expect(cancelled).toMatchObject({ ended: null, cancelAsked: true });
    expect(next(withoutLicense, { kind: 'pause' })).toBe(withoutLicense);
    expect(next(cancelled, read(25, { state: 'invited' }))).toMatchObject({ ended: 'cancelled', licenseOnAt: at(25) });
  });
  test('activation leads to LinkedIn’s own status, and only Matched is repaired', () => {
    const active = next(withoutLicense, read(25, { state: 'invited' }), read(2 * day));
    expect(active).toMatchObject({ step: 'enable-crm-sync', activatedAt: at(2 * day) });
    expect(next(active, read(4 * day))).toMatchObject({ ended: null });
    expect(next(active, read(4 * day, { crmStatus: 'matched' }))).toMatchObject({ ended: 'repaired' });
    expect(next(active, read(4 * day, { crmStatus: 'not-matched' }))).toMatchObject({ ended: 'failed' });
  });
  test('Zoho: LinkedIn has no CRM Sync with it (a107066), so a full rematch ends with the activation and email-first with the email', () => {
    const zoho = { crmKind: 'zoho' } as const;
    const off = next(start('full', zoho), done('email'), yes, handed('license-off'), read(10, { licenses: [], state: 'none' }));
    const back = next(off, read(25, { state: 'invited' }));
    expect(back).toMatchObject({ step: 'onboarding', ended: null, waitUntil: null });
    expect(stepOf(back)).toEqual({ n: 7, m: 7 });
    expect(rematchWording(back, at(30), 'Zoho CRM', 'files').sentence).toMatch(/^Step 7 of 7: accept the invitation\./u);
    const active = next(back, read(2 * day));
    expect(active).toMatchObject({ step: 'onboarding', ended: 'emails-agree', activatedAt: at(2 * day) });
    expect(rematchDueAt(active)).toBeNull();

    const first = start('email-first', zoho);
    expect(stepOf(first)).toEqual({ n: 2, m: 2 });
    expect(next(first, done('email'))).toMatchObject({ ended: 'emails-agree', emailSeenAt: at(1), waitUntil: null });
    expect(next(first, read(5))).toMatchObject({ ended: 'emails-agree', emailSeenAt: at(5) });
    expect(next(start('email-first', { crmKind: 'dynamics' }), done('email'))).toMatchObject({ step: 'wait', ended: null });
  });
  test('whoever has no license is never given up: missing in a list, they still wait for it', () => {
    expect(next(withoutLicense, { kind: 'missing', asOf: at(60) })).toBe(withoutLicense);
  });
  test('a license taken by somebody else is a conflict', () => {
    expect(next(start('full'), done('email'), yes, read(5, { licenses: [], state: 'none' }))).toMatchObject({ ended: 'conflict' });
  });
  test('an invitation open for five working days is stuck, whatever weekend lies between', () => {
    const back = next(withoutLicense, read(25, { state: 'invited' }));
    expect(addWorkingDays('2026-11-27T09:00:00.000Z', 1)).toBe('2026-11-30T09:00:00.000Z');
    expect(isStuckInOnboarding(back, at(6 * day))).toBe(false);
    expect(isStuckInOnboarding(back, at(8 * day))).toBe(true);
    expect(rematchWording(back, at(8 * day), 'Salesforce', 'files').reason).toBe('stuck-onboarding');
  });
  test('who has no license reads loud', () => {
    expect(rematchWording(withoutLicense, at(20), 'Salesforce', 'files')).toMatchObject({
      label: 'No license right now',
      nextStep: 'Upload the give-back file now.',
    });
  });
});

describe('whatever happens', () => {
  const account = fc.record({
    email: fc.constantFrom(oldEmail, newEmail, 'other@acme.example'),
    licenses: fc.constantFrom<readonly string[]>([], [type]),
    state: fc.constantFrom<AccountSeen['state'][]>('none', 'invited', 'activated', 'licensed', 'unknown'),
    crmStatus: fc.constantFrom<AccountSeen['crmStatus'][]>('matched', 'not-matched', 'unknown'),
    crmSync: fc.constant<AccountSeen['crmSync']>('unknown'),
    isTargetTaken: fc.boolean(),
  });
  const event: fc.Arbitrary<RematchEvent> = fc.oneof(
    fc
      .tuple(account, fc.integer({ min: 0, max: 9 * day }))
      .map(([one, minutes]) => ({ kind: 'read' as const, account: one, asOf: at(minutes) })),
    fc.constantFrom<RematchEvent[]>(
      done('email'),
      done('license-off'),
      done('license-on'),
      yes,
      handed('license-off'),
      { kind: 'asked', until: at(day) },
      { kind: 'time' },
      { kind: 'cancel' },
      { kind: 'pause' },
      { kind: 'resume' },
      { kind: 'left-out', cause: 'Left out.' },
    ),
  );
  const events = fc.array(event, { maxLength: 25 });

  test('no license is off without their answer, and nothing ends while it is', () => {
    fc.assert(
      fc.property(events, (list) => {
        const state = next(start('full'), ...list);
        if (state.licenseOffAt !== null) expect(state.answer?.answer).toBe('confirmed');
        if (isBetweenOffAndOn(state)) expect(state.ended).toBeNull();
      }),
    );
  });
  test('an email-first rematch never touches a license', () => {
    fc.assert(
      fc.property(events, (list) => {
        expect(next(start('email-first'), ...list)).toMatchObject({ licenseOffAt: null, licenseOnAt: null });
      }),
    );
  });
  test('an event told twice is an event told once', () => {
    fc.assert(
      fc.property(events, event, (list, one) => {
        const once = next(start('full'), ...list, one);
        expect(advanceRematch(once, one, { at: once.stepSince, by: 'Ann', crmJobHours: 24 })).toEqual(once);
      }),
    );
  });
});
