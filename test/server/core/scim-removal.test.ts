import { describe, expect, test } from 'vitest';
import { whyNotOverScim } from '../../../server/core/scim-removal.ts';
import { emailDiffers, fullPlan, planOf } from './example-plan.ts';

const plus = 'Sales Navigator Advanced Plus';
const can = { updateEmail: true, setLicense: 'side-effect', assigns: [plus] } as const;
const overScim = (ids: readonly string[]) => ({ routes: Object.fromEntries(ids.map((id) => [id, 'scim' as const])) });

describe('what may go over SCIM', () => {
  const emails = planOf([emailDiffers('1', 'p1@old.example', 'p1@acme.example')], overScim(['1']));
  const full = fullPlan(2, overScim(['0', '1']));

  test('anything, where nothing in the plan goes over it', () => {
    expect(whyNotOverScim(fullPlan(2), null, null)).toBeNull();
  });

  test('emails, where the connection changes them', () => {
    expect(emails.files.map(({ route, name }) => [route, name.endsWith('.csv')])).toEqual([['scim', false]]);
    expect(whyNotOverScim(emails, can, null)).toBeNull();
    expect(whyNotOverScim(emails, { ...can, updateEmail: false }, null)).toMatch(/does not change emails/u);
    expect(whyNotOverScim(emails, null, null)).toMatch(/No SCIM connection/u);
  });

  test('licenses, never where they are no side effect, nor where nobody knows which one comes back', () => {
    const confirmed = { canary: '0', confirmedOn: '2026-11-20' };
    expect(whyNotOverScim(full, { ...can, setLicense: 'manual' }, confirmed)).toMatch(/takes and gives no licenses/u);
    expect(whyNotOverScim(full, { ...can, assigns: null }, confirmed)).toMatch(/which license/u);
    expect(whyNotOverScim(full, { ...can, assigns: ['Sales Navigator Advanced'] }, confirmed)).toMatch(
      /has Sales Navigator Advanced Plus/u,
    );
    expect(whyNotOverScim(full, can, confirmed)).toBeNull();
    expect(whyNotOverScim(full, { ...can, setLicense: 'explicit' }, null)).toBeNull();
  });

  test('licenses of nobody before somebody is named as canary, and of nobody else before an admin confirmed them', () => {
    expect(whyNotOverScim(full, can, null)).toMatch(/may reach other LinkedIn products/u);
    expect(whyNotOverScim(full, can, { canary: '0', confirmedOn: null })).toMatch(/Nobody has confirmed yet/u);
    expect(whyNotOverScim(fullPlan(1, overScim(['0'])), can, { canary: '0', confirmedOn: null })).toBeNull();
  });
});
