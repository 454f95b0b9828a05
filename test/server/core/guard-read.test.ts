import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  guardCompleteRead,
  guardContractCrm,
  guardIncomplete,
  guardOrg,
  guardSandbox,
  guardStale,
  isIncomplete,
  type ReadProof,
} from '../../../server/core/guard-read.ts';
import { exampleSource as source } from './example-plan.ts';

const now = '2026-11-21T10:00:00.000Z';
const hoursOld = (hours: number, milliseconds = 0): { asOf: string } => ({
  asOf: new Date(Date.parse(now) - hours * 3_600_000 - milliseconds).toISOString(),
});
const whole: ReadProof = { isWhole: true, lastGood: null };

describe('where a plan may not come from', () => {
  it('is a sandbox, named by its org', () => {
    expect(guardSandbox('Salesforce', null)).toBeNull();
    expect(guardSandbox('Salesforce', 'acme--uat')).toMatchObject({
      code: 'sandbox',
      canOverride: false,
      sentence: 'This is a Salesforce sandbox (acme--uat). You can look, but nothing will be planned from it.',
    });
  });

  it('is a contract whose CRM nobody named, since no address is known to be right', () => {
    expect(guardContractCrm(true)).toBeNull();
    expect(guardContractCrm(false)).toMatchObject({ code: 'unknown-contract-crm', canOverride: false });
  });

  it('is another org than the connection was set up with; a file names none', () => {
    expect(guardOrg('HubSpot', null)).toBeNull();
    expect(guardOrg('HubSpot', { pinned: '1', seen: '1' })).toBeNull();
    expect(guardOrg('HubSpot', { pinned: '1', seen: '2' })).toMatchObject({ code: 'other-org', canOverride: false });
  });
});

describe('an incomplete export', () => {
  it('has fewer rows than Admin Center shows users; rows that could not be used count as rows', () => {
    expect(isIncomplete({ received: 298, rejected: 13, expected: 312 })).toBe(true);
    expect(isIncomplete({ received: 298, rejected: 14, expected: 312 })).toBe(false);
    expect(isIncomplete({ received: 299, rejected: 14, expected: 312 })).toBe(false);
    expect(isIncomplete({ received: 0, rejected: 0, expected: null })).toBe(false);
  });

  it('plans nothing, in numbers', () => {
    expect(guardIncomplete(source(10))).toBeNull();
    expect(guardIncomplete({ ...source(298), rejected: 2, expected: 312 })).toMatchObject({
      code: 'incomplete',
      canOverride: false,
      sentence: 'The export has 300 of 312 people. Without the rest nothing is planned.',
    });
  });
});

describe('the proof of a complete read that removals need', () => {
  const sentence = (received: number, rest: object, proof = whole): string | null =>
    guardCompleteRead({ ...source(received), ...rest }, proof)?.sentence ?? null;

  it('is a count by somebody, all the rows, and a whole last line', () => {
    expect(sentence(312, {})).toBeNull();
    expect(sentence(300, { rejected: 12, expected: 312 })).toBeNull();
    expect(sentence(312, { expected: null })).toContain('Nobody said how many users');
    expect(sentence(300, { rejected: 11, expected: 312 })).toBe('The export has 311 of 312 people. Without the rest we plan no removals.');
    expect(sentence(312, {}, { isWhole: false, lastGood: null })).toContain('cut off');
    expect(guardCompleteRead({ ...source(1), expected: null }, whole)).toMatchObject({ code: 'incomplete', canOverride: false });
  });

  it('and no odd drop: more than five people, and more than a fifth, fewer than the last good read', () => {
    const dropTo = (rows: number, lastGood: number | null): string | null => sentence(rows, {}, { isWhole: true, lastGood });
    expect(dropTo(80, 100)).toBeNull();
    expect(dropTo(79, 100)).toBe('The export has 21 people fewer than the one before. Without knowing why we plan no removals.');
    expect(dropTo(5, 10)).toBeNull();
    expect(dropTo(4, 10)).toContain('6 people fewer');
    expect(dropTo(100, 80)).toBeNull();
    expect(dropTo(0, null)).toBeNull();
  });

  it('is not made by one person fewer', () => {
    fc.assert(
      fc.property(fc.nat(400), fc.nat(400), fc.option(fc.nat(400)), fc.boolean(), (rows, expected, lastGood, isWhole) => {
        const trips = (received: number) => guardCompleteRead({ ...source(received), expected }, { isWhole, lastGood }) !== null;
        if (trips(rows + 1)) expect(trips(rows)).toBe(true);
      }),
    );
  });
});

describe('a stale export', () => {
  const email = { now, maxHours: 72, action: 'email', lastWriteAt: null } as const;
  const removal = { now, maxHours: 24, action: 'remove', lastWriteAt: null } as const;

  it('is older than allowed, by a moment', () => {
    expect(guardStale(hoursOld(72), email)).toBeNull();
    expect(guardStale(hoursOld(72, 1), email)).toMatchObject({ code: 'stale', canOverride: false });
    expect(guardStale(hoursOld(24), removal)).toBeNull();
    expect(guardStale(hoursOld(24, 1), removal)).not.toBeNull();
  });

  it('says its age and what is allowed, in whole hours below two days and whole days from then on', () => {
    const said = (hours: number, options: typeof email | typeof removal = email) => guardStale(hoursOld(hours), options)!.sentence;
    expect(said(9 * 24)).toBe('Your LinkedIn export is 9 days old; for email changes it may be 3 days. Nothing was changed.');
    expect(said(30.9, removal)).toBe('Your LinkedIn export is 30 hours old; for removals it may be 24 hours. Nothing was changed.');
    expect(said(48, removal)).toContain('is 2 days old');
    expect(said(47.9, removal)).toContain('is 47 hours old');
    expect(guardStale(hoursOld(1.5), { ...email, maxHours: 1 })!.sentence).toContain('is 1 hour old; for email changes it may be 1 hour.');
  });

  it('or is from the future, further than time zones lie apart', () => {
    expect(guardStale(hoursOld(-14), email)).toBeNull();
    expect(guardStale(hoursOld(-14, -1), email)).toMatchObject({ code: 'stale', sentence: expect.stringContaining('from the future') });
  });

  it('or, for removals, is not from after our last write', () => {
    const wrote = { ...removal, lastWriteAt: hoursOld(2).asOf };
    expect(guardStale(hoursOld(2), wrote)).toMatchObject({ code: 'stale', sentence: expect.stringContaining('before our last change') });
    expect(guardStale(hoursOld(1), wrote)).toBeNull();
    expect(guardStale(hoursOld(3), { ...email, lastWriteAt: hoursOld(2).asOf })).toBeNull();
  });
});
