import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../server/commands/linkedin-plan-tools.ts';
import { linkedinUploadRules } from '../../../server/commands/linkedin-upload.ts';
import type { Finding } from '../../../server/core/finding.ts';
import type { Limit } from '../../../server/core/guard.ts';
import { makePlan, type PlanOptions, planDefaults } from '../../../server/core/make-plan.ts';
import type { Plan } from '../../../server/core/plan.ts';
import { sealPlan, verifySeal } from '../../../server/core/seal-plan.ts';
import { emailDiffers, matched } from './example-finding.ts';

const source = (received: number) => ({
  source: 'users.csv',
  sha256: 'ab',
  asOf: '2026-11-21T09:00:00.000Z',
  received,
  rejected: 0,
  expected: received,
});

const options = (rest: Partial<PlanOptions> = {}): PlanOptions => ({
  ...planDefaults,
  id: '7f3c1d20',
  now: '2026-11-21T10:00:00.000Z',
  by: 'ada@acme.example',
  crmName: 'Salesforce',
  crmKind: 'salesforce',
  licenses: source(100),
  crm: source(120),
  companyDomains: ['acme.example'],
  limits: { ...planDefaults.limits, email: { percent: 100, absolute: 1_000 } },
  upload: linkedinUploadRules(),
  ...rest,
});

const emails = (email: Limit) => ({ ...planDefaults.limits, email });

function planOf(findings: readonly Finding[], rest: Partial<PlanOptions> = {}): Plan {
  const outcome = makePlan(findings, options(rest));
  return outcome.kind === 'plan' ? outcome.plan : expect.fail(outcome.trips.map((trip) => trip.sentence).join(' '));
}

const stopped = (findings: readonly Finding[], rest: Partial<PlanOptions>): readonly string[] => {
  const outcome = makePlan(findings, options(rest));
  return outcome.kind === 'stopped' ? outcome.trips.map((trip) => trip.code) : [];
};

const inFiles = (plan: Plan): readonly string[] => plan.files.flatMap((file) => file.rows.map((row) => row.licenseId));
const leftOut = (plan: Plan): Readonly<Record<string, string>> => Object.fromEntries(plan.leftOut.map((one) => [one.licenseId, one.code]));

describe('makePlan', () => {
  it('plans email changes for Not Matched people and for nobody else', () => {
    const plan = planOf([emailDiffers('1', 'a@gone.example', 'a.b@acme.example'), matched('2', 'c@acme.example')]);
    expect(plan.files).toMatchObject([
      {
        kind: 'email-change',
        name: 'email-change-2026-11-21-a-7f3c1d20-until-2026-11-22.csv',
        rows: [{ existingEmail: 'a@gone.example', newEmail: 'a.b@acme.example', uniqueUserId: '1' }],
      },
    ]);
    expect(plan.price).toBe('1 license email changes. No invitation is sent and no license is removed.');
  });

  it('puts a declared domain change with equal local parts into a file of its own, three people first', () => {
    const domainAliases = [{ old: 'acme-old.example', current: 'acme.example' }];
    const people = Array.from({ length: 6 }, (_, n) => emailDiffers(`${n}`, `p${n}@acme-old.example`, `p${n}@acme.example`));
    const other = emailDiffers('9', 'Jane@acme-old.example', 'jane@acme.example');
    const plan = planOf([...people, other], { domainAliases });
    expect(plan.files.map(({ kind, rows, canary }) => [kind, rows.length, canary])).toEqual([
      ['domain-change', 3, true],
      ['domain-change', 3, false],
      ['email-change', 1, false],
    ]);
  });

  it('sends what LinkedIn must not change to the list of whoever can change it', () => {
    const plan = planOf([
      emailDiffers('1', 'a@acme.example', 'x@acme.example', {
        changeSide: 'crm',
        targetEmail: 'a@acme.example',
        changeEvidence: ['company domain'],
      }),
      emailDiffers('2', 'b@gone.example', 'b@acme.example', { managedBy: 'idp', managedByEvidence: 'mark in the export' }),
      emailDiffers('3', 'c@gone.example', 'c@acme.example', { changeSide: 'ask', targetEmail: null }),
      emailDiffers('4', 'd@gone.example', 'd@acme.example', {
        reason: 'owner-unconfirmed',
        crmUser: null,
        changeSide: null,
        targetEmail: null,
      }),
    ]);
    expect(plan.files).toEqual([]);
    expect(plan.crmChanges).toMatchObject([{ crmUserId: 'crm-1', newEmail: 'a@acme.example', why: 'company domain' }]);
    expect(plan.identityRequests).toMatchObject([{ licenseId: '2', newEmail: 'b@acme.example', evidence: 'mark in the export' }]);
    expect(leftOut(plan)).toEqual({ '3': 'ask', '4': 'owner-unconfirmed' });
  });

  it('takes a new address only on a company domain, unless it was released for this person', () => {
    const people = [
      emailDiffers('1', 'a@acme.example', 'a@private.example'),
      emailDiffers('2', 'b@acme.example', 'b@acme.example.invalid'),
    ];
    expect(leftOut(planOf(people))).toEqual({ '1': 'target-domain', '2': 'invalid-domain' });
    expect(inFiles(planOf(people, { released: ['1'] }))).toEqual(['1']);
  });

  it('leaves out a new address that is anybody else’s in LinkedIn, with or without a license, in the CRM, or was before', () => {
    const one = emailDiffers('1', 'a@gone.example', 'a@acme.example');
    expect(leftOut(planOf([one, matched('2', 'A@acme.example')]))).toEqual({ '1': 'target-taken' });
    const others = [{ id: '8', email: 'a@acme.example', uniqueUserId: '', licenses: [] }];
    expect(leftOut(planOf([one], { others }))).toEqual({ '1': 'target-taken' });
    const inCrm = emailDiffers('3', 'z@gone.example', 'a@acme.example', { status: 'excepted', reason: 'excepted' });
    expect(leftOut(planOf([one, inCrm]))).toEqual({ '1': 'target-taken' });
    const formerEmails = [{ licenseId: '7', email: 'a@acme.example' }];
    expect(leftOut(planOf([one], { formerEmails }))).toEqual({ '1': 'target-taken-before' });
    expect(inFiles(planOf([one], { formerEmails: [{ licenseId: '1', email: 'a@acme.example' }] }))).toEqual(['1']);
  });

  it('gives an address on only in a later file than the one that frees it, and refuses a ring', () => {
    const chain = [emailDiffers('1', 'a@acme.example', 'b@acme.example'), emailDiffers('2', 'b@acme.example', 'c@acme.example')];
    const plan = planOf(chain);
    expect(plan.files.map((file) => file.rows.map((row) => [row.licenseId, row.after]))).toEqual([[['2', null]], [['1', '2']]]);
    const twins = [...chain, matched('3', 'b@acme.example')];
    expect(leftOut(planOf(twins))).toEqual({ '1': 'target-taken', '2': 'address-shared' });
    const ring = [emailDiffers('1', 'a@acme.example', 'b@acme.example'), emailDiffers('2', 'b@acme.example', 'a@acme.example')];
    expect(leftOut(planOf(ring))).toEqual({ '1': 'target-taken', '2': 'target-taken' });
  });

  it('leaves out whom the linter refuses, with its sentence, and everybody who waits for that address', () => {
    const plan = planOf([
      emailDiffers('=1', 'b@acme.example', 'c@acme.example'),
      emailDiffers('2', 'a@acme.example', 'b@acme.example'),
      emailDiffers('3', 'd@acme.example', 'e@acme.example'),
    ]);
    expect(leftOut(plan)).toEqual({ '=1': 'formula', '2': 'target-taken' });
    expect(inFiles(plan)).toEqual(['3']);
  });

  it('cuts files at the row limit', () => {
    const people = Array.from({ length: 5 }, (_, n) => emailDiffers(`${n}`, `p${n}@gone.example`, `q${n}@acme.example`));
    expect(planOf(people, { upload: linkedinUploadRules({ rowLimit: 2 }) }).files.map((file) => file.rows.length)).toEqual([2, 2, 1]);
  });

  it('stops as a whole for a sandbox, an incomplete export, one too old or from the future, and a plan over the limit', () => {
    const people = Array.from({ length: 4 }, (_, n) => emailDiffers(`${n}`, `p${n}@gone.example`, `q${n}@acme.example`));
    expect(stopped(people, { sandbox: 'acme--uat' })).toEqual(['sandbox']);
    expect(stopped(people, { licenses: { ...source(298), expected: 312 } })).toEqual(['incomplete']);
    expect(stopped(people, { licenses: { ...source(298), rejected: 14, expected: 312 } })).toEqual([]);
    expect(stopped(people, { licenses: { ...source(100), asOf: '2026-11-18T09:59:00.000Z' } })).toEqual(['stale']);
    expect(stopped(people, { licenses: { ...source(100), asOf: '2027-11-21T09:59:00.000Z' } })).toEqual(['stale']);
    expect(stopped(people, { limits: emails({ percent: 50, absolute: 100 }) })).toEqual(['limit']);
    expect(stopped(people, { limits: emails({ percent: 100, absolute: 3 }) })).toEqual(['limit']);
  });

  it('always allows one person, and lets a person override the limit with a reason for this plan', () => {
    expect(stopped([emailDiffers('1', 'a@gone.example', 'a@acme.example')], { limits: emails({ percent: 0, absolute: 0 }) })).toEqual([]);
    const people = [1, 2].map((n) => emailDiffers(`${n}`, `p${n}@gone.example`, `q${n}@acme.example`));
    const override = {
      codes: ['limit'],
      reason: 'merger',
      by: 'ada@acme.example',
      byFullAdmin: true,
      at: '2026-11-21T10:00:00.000Z',
      until: '2026-11-21T10:00:00.000Z',
    } as const;
    expect(stopped(people, { limits: emails({ percent: 0, absolute: 0 }) })).toEqual(['limit']);
    expect(planOf(people, { limits: emails({ percent: 0, absolute: 0 }), override }).override).toEqual(override);
    expect(stopped(people, { sandbox: 'uat', override: { ...override, codes: ['sandbox'] } })).toEqual(['sandbox']);
  });

  it('does not count a declared domain change with equal local parts against the limit', () => {
    const people = Array.from({ length: 40 }, (_, n) => emailDiffers(`${n}`, `p${n}@acme-old.example`, `p${n}@acme.example`));
    const limits = emails({ percent: 10, absolute: 5 });
    expect(stopped(people, { limits })).toEqual(['limit']);
    expect(stopped(people, { limits, domainAliases: [{ old: 'acme-old.example', current: 'acme.example' }] })).toEqual([]);
  });

  it('puts everybody Not Matched in exactly one place, and no address to two people at any moment', () => {
    const address = fc.integer({ min: 0, max: 12 }).map((n) => `p${n}@acme.example`);
    const person = fc.record({ from: address, to: address, side: fc.constantFrom('license', 'crm', 'ask'), idp: fc.boolean() });
    fc.assert(
      fc.property(fc.uniqueArray(person, { selector: (one) => one.from, maxLength: 10 }), (people) => {
        const findings = people.map(({ from, to, side, idp }, n) =>
          emailDiffers(`${n}`, from, to, {
            changeSide: side as 'license',
            managedBy: idp ? 'idp' : 'unknown',
            crmUser: { crm: 's', id: `c${n}`, email: `c${n}@acme.example`, name: '', active: true },
          }),
        );
        const plan = planOf(findings);
        const places = [
          ...inFiles(plan),
          ...plan.crmChanges.map((one) => one.licenseId),
          ...plan.identityRequests.map((one) => one.licenseId),
          ...plan.leftOut.map((one) => one.licenseId),
        ];
        expect(places.toSorted()).toEqual(findings.map((one) => one.license!.id).toSorted());
        const holding = new Map(people.map(({ from }, n) => [from, `${n}`]));
        for (const file of plan.files) {
          for (const row of file.rows) expect(holding.get(row.newEmail), 'free before this file').toBeUndefined();
          for (const row of file.rows) holding.delete(row.existingEmail);
          for (const row of file.rows) holding.set(row.newEmail, row.licenseId);
          expect(holding.size).toBe(people.length);
        }
      }),
    );
  });
});

describe('sealPlan', () => {
  const plan = planOf([emailDiffers('1', 'a@gone.example', 'a@acme.example'), emailDiffers('2', 'b@gone.example', 'b@acme.example')]);
  const sealed = sealPlan(plan, sha256);

  it('holds the plan to its content, whatever the order of its keys', () => {
    expect(verifySeal(sealed, sha256, '2026-11-21T11:00:00.000Z')).toEqual({ ok: true });
    const turned = Object.fromEntries(Object.entries(plan).toReversed()) as unknown as Plan;
    expect(sealPlan(turned, sha256).seal).toBe(sealed.seal);
    expect(verifySeal({ ...sealed, plan: { ...plan, tenant: 'other' } }, sha256, null)).toMatchObject({ code: 'tampered' });
    expect(verifySeal({ ...sealed, plan: { ...plan, crm: { ...plan.crm, sha256: 'cd' } } }, sha256, null)).toMatchObject({
      code: 'tampered',
    });
  });

  it('changes with any content', () => {
    type Place = readonly (string | number)[];
    const places = (value: unknown, path: Place = []): readonly Place[] =>
      value !== null && typeof value === 'object'
        ? Object.entries(value).flatMap(([name, inner]) => places(inner, [...path, name]))
        : [path];
    const changed = (value: unknown, [name, ...rest]: Place): unknown => {
      if (name === undefined) return typeof value === 'number' ? value + 1 : typeof value === 'boolean' ? !value : `${value}!`;
      const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
      return Object.assign(copy, { [name]: changed((value as Record<string, unknown>)[name], rest) });
    };
    expect(places(plan).length).toBeGreaterThan(30);
    for (const place of places(plan)) expect(sealPlan(changed(plan, place) as Plan, sha256).seal, place.join('.')).not.toBe(sealed.seal);
    expect(sealPlan({ ...plan, files: plan.files.map((file) => ({ ...file, rows: file.rows.toReversed() })) }, sha256).seal).not.toBe(
      sealed.seal,
    );
  });

  it('runs out after a day', () => {
    expect(verifySeal(sealed, sha256, '2026-11-22T10:00:00.000Z')).toEqual({ ok: true });
    expect(verifySeal(sealed, sha256, '2026-11-22T10:00:00.001Z')).toMatchObject({ code: 'expired' });
  });
});
