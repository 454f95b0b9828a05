import { describe, expect, it } from 'vitest';
import { guardPerson, guardStanding, type PersonFacts, type PersonTrip } from '../../../server/core/guard-person.ts';
import type { PlanRow } from '../../../server/core/plan.ts';
import type { Exported } from '../../../server/core/read-export.ts';
import type { PlanFileKind } from '../../../server/core/status.ts';

const type = 'Sales Navigator Advanced Plus';
const row: PlanRow = {
  licenseId: '1',
  seatId: '',
  uniqueUserId: 'E1',
  name: 'Ana Roe',
  existingEmail: 'old@acme.example',
  newEmail: 'new@acme.example',
  crmUserId: 'c1',
  rule: 'stable-id',
  difference: 'other',
  after: null,
  licenses: [type],
};
const account: Exported = { seatId: '', uniqueUserId: 'E1', email: 'old@acme.example', licenses: [type], status: 'Activated' };
const facts: PersonFacts = {
  account,
  isComplete: true,
  sameId: 1,
  explained: [],
  isTargetTaken: false,
  crmEmail: 'new@acme.example',
  isCrmUserActive: true,
  managedBy: 'unknown',
  isProtected: false,
  hasConfirmed: true,
};
const email = (rest: Partial<PersonFacts> = {}, kind: PlanFileKind = 'email-change'): PersonTrip | null =>
  guardPerson(row, kind, { ...facts, ...rest });
const renamed = { ...account, email: 'New@acme.example' };
const off = (rest: Partial<PersonFacts> = {}, more: Partial<PlanRow> = {}): PersonTrip | null =>
  guardPerson({ ...row, existingEmail: row.newEmail, ...more }, 'license-off', { ...facts, account: renamed, ...rest });

describe('somebody whose email is about to change', () => {
  it('goes on while everything is as planned, or is already as it is to be', () => {
    expect(email()).toBeNull();
    expect(email({}, 'domain-change')).toBeNull();
    expect(email({ account: renamed })).toBeNull();
    expect(email({ account: { ...account, email: ' OLD@acme.example ' } })).toBeNull();
    expect(email({ hasConfirmed: false })).toBeNull();
    expect(email({ account: { ...account, licenses: null, status: '' } })).toBeNull();
  });

  it('is dropped where the plan may not touch them', () => {
    expect(email({ isProtected: true })?.code).toBe('protected');
    expect(email({ managedBy: 'idp' })?.code).toBe('idp-owned');
    expect(email({ managedBy: 'linkedin' })).toBeNull();
    expect(email({ sameId: 2 })?.code).toBe('duplicate-id');
    expect(email({ sameId: 0 })).toBeNull();
  });

  it('is gone only where everybody would be in the list', () => {
    expect(email({ account: null })?.code).toBe('gone');
    expect(email({ account: null, isComplete: false })).toBeNull();
  });

  it('is a conflict with both values where another hand changed the email', () => {
    expect(email({ account: { ...account, email: 'third@acme.example' } })).toEqual({
      code: 'other-writer',
      sentence: "The email changed in LinkedIn and we didn't do it. Stopped; both values are shown.",
      nextStep: 'Say which of the two emails is right, then plan again.',
      planned: 'new@acme.example',
      found: 'third@acme.example',
    });
  });

  it('is late, and no conflict, where our own record explains the email', () => {
    const third = { account: { ...account, email: 'Third@acme.example' } };
    expect(email({ ...third, explained: ['first@acme.example', 'third@acme.example'] })).toMatchObject({
      code: 'late',
      planned: 'new@acme.example',
      found: 'Third@acme.example',
    });
    expect(email({ ...third, explained: ['first@acme.example'] })?.code).toBe('other-writer');
  });

  it('is dropped where their ID became another; a list without IDs says nothing', () => {
    expect(email({ account: { ...account, uniqueUserId: 'E2' } })).toMatchObject({ code: 'facts-changed', planned: 'E1', found: 'E2' });
    expect(email({ account: { ...account, uniqueUserId: ' e1 ' } })).toBeNull();
    expect(email({ account: { ...account, uniqueUserId: ' ' } })).toBeNull();
    expect(guardPerson({ ...row, uniqueUserId: ' ' }, 'email-change', facts)).toBeNull();
  });

  it('is dropped where the CRM says something else by now', () => {
    expect(email({ crmEmail: 'newer@acme.example' })).toMatchObject({
      code: 'facts-changed',
      planned: 'new@acme.example',
      found: 'newer@acme.example',
    });
    expect(email({ crmEmail: 'NEW@acme.example' })).toBeNull();
    expect(email({ crmEmail: null })).toBeNull();
    expect(email({ isCrmUserActive: false })?.code).toBe('crm-user-inactive');
  });

  it('is asked nothing of the CRM where it has no say', () => {
    expect(
      guardPerson({ ...row, crmUserId: '' }, 'email-change', { ...facts, crmEmail: 'x@acme.example', isCrmUserActive: false }),
    ).toBeNull();
  });

  it('is dropped where somebody else has the new address, but not where they have it themselves', () => {
    expect(email({ isTargetTaken: true })).toMatchObject({ code: 'target-taken', planned: null, found: null });
    expect(email({ isTargetTaken: true, account: renamed })).toBeNull();
  });
});

describe('somebody whose license is about to be taken', () => {
  it('goes on when they confirmed and hold exactly what is recorded', () => {
    expect(off()).toBeNull();
    expect(off({ account: { ...renamed, licenses: [`${type.toUpperCase()} `, ' '] } })).toBeNull();
  });

  it('keeps it while they have not confirmed; a leaver is not asked', () => {
    expect(off({ hasConfirmed: false })).toMatchObject({
      code: 'not-asked',
      sentence: 'Ana Roe has not confirmed the new address. They are left out of this plan.',
    });
    expect(off({ hasConfirmed: false }, { crmUserId: '' })).toBeNull();
  });

  it('keeps it while the old email still stands', () => {
    const old = { account: { ...account, email: 'old@acme.example' } };
    expect(guardPerson(row, 'license-off', { ...facts, ...old })?.code).toBe('other-writer');
    expect(guardPerson(row, 'license-off', { ...facts, ...old, explained: ['old@acme.example'] })?.code).toBe('late');
  });

  it('keeps it where nobody knows which one it is', () => {
    expect(off({}, { licenses: [] })?.code).toBe('license-type-unknown');
    expect(off({}, { licenses: [' '] })?.code).toBe('license-type-unknown');
    expect(off({}, { licenses: [type, ' '] })?.code).toBe('facts-changed');
    expect(off({ account: { ...renamed, licenses: null } })?.code).toBe('license-type-unknown');
    expect(off({ account: { ...renamed, licenses: null, status: '' } })?.code).toBe('license-type-unknown');
  });

  it('keeps it where it is another one by now, one more, or none', () => {
    expect(off({ account: { ...renamed, licenses: ['Sales Navigator Advanced'] } })).toMatchObject({
      code: 'facts-changed',
      planned: type,
      found: 'Sales Navigator Advanced',
    });
    expect(off({ account: { ...renamed, licenses: [type, 'TeamLink Extend'] } })).toMatchObject({ found: `${type}, TeamLink Extend` });
    expect(off({ account: { ...renamed, status: 'Unassigned' } })).toMatchObject({ code: 'facts-changed', planned: null });
  });

  it('is guarded by all that guards an email change', () => {
    expect(off({ isProtected: true })?.code).toBe('protected');
    expect(off({ account: { ...renamed, uniqueUserId: 'E2' } })?.code).toBe('facts-changed');
    expect(off({ crmEmail: 'newer@acme.example' })?.code).toBe('facts-changed');
    expect(off({ account: null })?.code).toBe('gone');
  });
});

describe('somebody who gets a license back', () => {
  it('is held up by nothing at all', () => {
    const everything: PersonFacts = {
      account: null,
      isComplete: true,
      sameId: 3,
      explained: [],
      isTargetTaken: true,
      crmEmail: 'other@acme.example',
      isCrmUserActive: false,
      managedBy: 'idp',
      isProtected: true,
      hasConfirmed: false,
    };
    expect(guardPerson(row, 'license-on', everything)).toBeNull();
  });
});

describe('what holds of a person whatever the day', () => {
  const standing = { isProtected: false, managedBy: 'linkedin', sameId: 1 } as const;

  it('asks for the license type only where the license is to be taken', () => {
    expect(guardStanding(standing, null)).toBeNull();
    expect(guardStanding(standing, [])?.code).toBe('license-type-unknown');
    expect(guardStanding(standing, [type])).toBeNull();
  });
});
