import { describe, expect, it } from 'vitest';
import type { PlanRow } from '../../../server/core/plan.ts';
import { type GateFacts, planGate } from '../../../server/core/plan-gate.ts';
import { type Rematch, type SeenInPlan, startRematch } from '../../../server/core/rematch.ts';
import { emailDiffers, exampleSource, fullPlan, planOf } from './example-plan.ts';

const now = '2026-11-21T10:00:00.000Z';
const plan = fullPlan(4);
const emails = planOf([emailDiffers('1', 'a@gone.example', 'a@acme.example')]);

const rematchOf = (row: PlanRow, more: Partial<Rematch> = {}): Rematch => ({
  ...startRematch({ ...row, mode: 'full', oldEmail: row.existingEmail, licenses: row.licenses }, now),
  ...more,
});
const confirmed: Partial<Rematch> = { step: 'remove-license', answer: { answer: 'confirmed', at: now, by: 'the person', reason: null } };

const facts = (more: Partial<GateFacts> = {}): GateFacts => ({
  plan,
  progress: { planId: plan.id, seal: 'ab', files: [], heldBack: [] },
  window: null,
  isPaused: false,
  fileOutElsewhere: null,
  writtenElsewhereAt: null,
  expiresAt: '2026-11-22T10:00:00.000Z',
  sitting: { index: 0, plannedFor: null, startedAt: now },
  people: plan.files[0]!.rows.map((row) => ({ state: rematchOf(row, confirmed), compared: null })),
  protected: [],
  complete: exampleSource(100),
  lastGood: 100,
  maxAgeHours: { email: 72, removal: 24 },
  ledger: { limit: 9, used: 0, resetAt: '2026-12-01T00:00:00.000Z' },
  reservedAssignments: 0,
  freeLicenses: null,
  now,
  ...more,
});
const off = plan.files[0]!;
const whyFile = (more: Partial<GateFacts> = {}) => planGate(facts(more)).file(off);
const whyRow = (state: Partial<Rematch>, more: Partial<GateFacts> = {}) =>
  planGate(facts({ people: [{ state: rematchOf(off.rows[0]!, { ...confirmed, ...state }), compared: null }], ...more })).row(
    off.rows[0]!,
    'license-off',
  )?.sentence ?? null;
const seen = (more: Partial<SeenInPlan>): SeenInPlan => ({
  email: off.rows[0]!.newEmail,
  licenses: off.rows[0]!.licenses,
  state: 'activated',
  crmStatus: 'unknown',
  crmSync: 'unknown',
  isTargetTaken: false,
  ...more,
});

describe('the gate of a file that takes licenses', () => {
  it('is open once the sitting began, everybody said yes and the list is complete and new', () => {
    expect(whyFile()).toBeNull();
    expect(whyRow({})).toBeNull();
  });

  it('is shut while the list has far fewer people than the one before, though its rows are as many as somebody counted', () => {
    expect(whyFile({ lastGood: 312 })).toBe(
      'The export has 212 people fewer than the one before. Without knowing why we plan no removals.',
    );
    expect(whyFile({ lastGood: null })).toBeNull();
  });

  it('is shut while the assignments of this month are unknown or spent, also if they were known when the plan was made', () => {
    expect(whyFile({ ledger: null })).toContain("We don't know this month's assignments.");
    expect(whyFile({ ledger: { limit: 9, used: 6, resetAt: '2026-12-01T00:00:00.000Z' } })).toContain(
      '3 full rematches need 3 assignments',
    );
    expect(whyFile({ reservedAssignments: 6 })).toContain('2 are left');
  });

  it('counts no assignment for whoever is held back', () => {
    const people = off.rows.map((row, index) => ({
      state: rematchOf(row, index === 0 ? confirmed : { step: 'ask-person' }),
      compared: null,
    }));
    expect(whyFile({ people, ledger: null })).toBeNull();
  });

  it('is shut outside the agreed window, and for more than one person while no license is free', () => {
    expect(whyFile({ window: { from: '2026-11-21T20:00:00.000Z', to: '2026-11-21T22:00:00.000Z' } })).toContain('window');
    expect(whyFile({ freeLicenses: 0 })).toBe('No license is free, so full rematches run one at a time.');
  });

  it('is shut without a complete list, and with one from before our last change', () => {
    expect(whyFile({ complete: null })).toContain('Bring a new export of all users');
    expect(whyFile({ complete: { ...exampleSource(100), asOf: '2026-11-20T09:00:00.000Z' } })).toContain('25 hours old');
  });
});

describe('the gate of one person', () => {
  it('holds back who did not confirm, whatever step they are said to be at', () => {
    expect(whyRow({ step: 'ask-person', answer: null })).toContain('has not confirmed the new address');
    for (const read of [null, seen({})]) expect(whyRow({ answer: null, seen: read })).toContain('has not confirmed the new address');
  });

  it('takes no license other than the one that the plan would give back', () => {
    expect(whyRow({ seen: seen({}) })).toBeNull();
    expect(whyRow({ seen: seen({ licenses: ['Sales Navigator Advanced'] }) })).toContain('is not the one that the plan would give back');
    expect(whyRow({ seen: seen({ state: 'none', licenses: [] }) })).toContain('has no license in LinkedIn any more');
  });

  it('stops where the email in LinkedIn is neither of ours', () => {
    expect(whyRow({ seen: seen({ email: 'x@acme.example' }) })).toContain("we didn't do it");
  });

  it('writes nothing to somebody who was protected, or came under an identity provider, after the plan was made', () => {
    expect(whyRow({ seen: seen({}) }, { protected: [off.rows[0]!.licenseId] })).toContain('protected');
    const compared = { account: null, crmEmail: null, isCrmUserActive: true, managedBy: 'idp' } as const;
    const people = [{ state: rematchOf(off.rows[0]!, { ...confirmed, seen: seen({}) }), compared }];
    expect(planGate(facts({ people })).row(off.rows[0]!, 'license-off')).toMatchObject({
      code: 'idp-owned',
      sentence: expect.stringContaining('identity provider'),
    });
  });

  it('changes no email to an address that a read showed at somebody else', () => {
    const row = emails.files[0]!.rows[0]!;
    const people = (isTargetTaken: boolean) => [
      { state: rematchOf(row, { mode: 'email-first', seen: seen({ email: row.existingEmail, isTargetTaken }) }), compared: null },
    ];
    expect(planGate(facts({ plan: emails, people: people(true) })).row(row, 'email-change')).toMatchObject({
      code: 'target-taken',
      sentence: expect.stringContaining('Somebody else already has the new address'),
    });
    expect(planGate(facts({ plan: emails, people: people(false) })).row(row, 'email-change')).toBeNull();
  });

  it('changes no email of somebody whose email in the CRM is another one by now', () => {
    const row = emails.files[0]!.rows[0]!;
    const account = { seatId: '', uniqueUserId: '', email: row.existingEmail, licenses: [], status: 'Activated' };
    const people = [
      { state: rematchOf(row), compared: { account, crmEmail: 'new@acme.example', isCrmUserActive: true, managedBy: 'unknown' as const } },
    ];
    expect(planGate(facts({ plan: emails, people })).row(row, 'email-change')).toMatchObject({
      code: 'facts-changed',
      sentence: expect.stringContaining('The email in the CRM changed since the plan was made'),
    });
  });
});

describe('the address that a license is given back to', () => {
  const row = off.rows[0]!;
  const isOff: Partial<Rematch> = { step: 'reassign-license', licenseOffAt: now, readAt: now };
  const address = (state: Partial<Rematch>) =>
    planGate(facts({ people: [{ state: rematchOf(row, { ...confirmed, ...state }), compared: null }] })).address(row);

  it('is where the newest read since shows the person, whoever moved them', () => {
    expect(address({ ...isOff, seen: seen({ email: 'new@acme.example', state: 'none' }) })).toBe('new@acme.example');
    expect(address({ ...isOff, seen: seen({ email: row.newEmail.toUpperCase(), state: 'none' }) })).toBe(row.newEmail);
  });

  it('is that of the plan where no read since says otherwise, and for whoever has their license', () => {
    const moved = seen({ email: 'new@acme.example' });
    expect(address({ ...isOff, seen: null })).toBe(row.newEmail);
    expect(address({ ...isOff, readAt: '2026-11-21T09:00:00.000Z', seen: moved })).toBe(row.newEmail);
    expect(address({ readAt: now, seen: moved })).toBe(row.newEmail);
  });
});
