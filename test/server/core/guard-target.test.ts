import { describe, expect, it } from 'vitest';
import { type TargetRules, targetGuard, targetTaken } from '../../../server/core/guard-target.ts';

const rules: TargetRules = {
  crmName: 'Salesforce',
  companyDomains: ['Acme.example'],
  released: [],
  formerEmails: [],
  crmEmails: [],
};
const code = (email: string, rest: Partial<TargetRules> = {}): string | null =>
  targetGuard({ ...rules, ...rest })({ email, licenseId: '1', crmUserId: 'c1' })?.code ?? null;

describe('a target address', () => {
  it('is an address on a company domain, in any letter case', () => {
    expect(code('a@acme.example')).toBeNull();
    expect(code('a@ACME.example')).toBeNull();
    expect(code('nobody')).toBe('not-an-address');
    expect(code('')).toBe('not-an-address');
    expect(code('a@other.example')).toBe('target-domain');
  });

  it('may be on another domain when it was released for this very person', () => {
    expect(code('a@other.example', { released: ['1'] })).toBeNull();
    expect(code('a@other.example', { released: ['2'] })).toBe('target-domain');
  });

  it('never ends in .invalid, released or not', () => {
    expect(code('a@acme.example.invalid', { released: ['1'], companyDomains: ['acme.example.invalid'] })).toBe('invalid-domain');
  });

  it('belonged to nobody else in an earlier comparison', () => {
    expect(code('a@acme.example', { formerEmails: [{ licenseId: '2', email: 'A@acme.example' }] })).toBe('target-taken-before');
    expect(code('a@acme.example', { formerEmails: [{ licenseId: '1', email: 'a@acme.example' }] })).toBeNull();
    expect(code('a@acme.example', { formerEmails: [{ licenseId: '2', email: 'b@acme.example' }] })).toBeNull();
    const both = ['1', '2'].map((licenseId) => ({ licenseId, email: 'a@acme.example' }));
    expect(code('a@acme.example', { formerEmails: both })).toBe('target-taken-before');
  });

  it('belongs to nobody else in the CRM, not even beside the owner', () => {
    expect(code('a@acme.example', { crmEmails: [{ crmUserId: 'c1', email: 'a@acme.example' }] })).toBeNull();
    expect(code('a@acme.example', { crmEmails: [{ crmUserId: 'c2', email: 'a@acme.example' }] })).toBe('target-taken');
    const both = ['c1', 'c2'].map((crmUserId) => ({ crmUserId, email: 'a@acme.example' }));
    expect(code('a@acme.example', { crmEmails: both })).toBe('target-taken');
    expect(code('a@acme.example', { crmEmails: both.toReversed() })).toBe('target-taken');
  });

  it('is refused with what to do about it', () => {
    const trip = targetGuard({ ...rules, crmEmails: [{ crmUserId: 'c2', email: 'a@acme.example' }] });
    expect(trip({ email: 'a@acme.example', licenseId: '1', crmUserId: 'c1' })).toEqual({
      code: 'target-taken',
      sentence: 'Somebody else already has the new address in Salesforce. Solve that person first.',
      nextStep: 'Repair or correct the person who has this address, then plan again.',
    });
    expect(targetTaken().sentence).toBe('Somebody else already has the new address in LinkedIn. Solve that person first.');
    expect(targetGuard(rules)({ email: 'a@other.example', licenseId: '1', crmUserId: 'c1' })!.sentence).toBe(
      'The new address is not on one of your company domains. Release it for this person, or correct Salesforce.',
    );
  });
});
