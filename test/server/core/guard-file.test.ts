import { describe, expect, it } from 'vitest';
import { type FileFacts, guardFile, isInWindow } from '../../../server/core/guard-file.ts';
import type { PlanFileKind } from '../../../server/core/status.ts';
import { exampleSource, fullPlan } from './example-plan.ts';

const now = '2026-11-21T10:00:00.000Z';
const moment = '2026-11-21T10:00:00.001Z';
const facts: FileFacts = {
  now,
  expiresAt: now,
  licenses: exampleSource(100),
  proof: { isWhole: true, lastGood: null },
  lastWriteAt: null,
  maxAgeHours: { email: 72, removal: 24 },
  window: null,
  ledger: { limit: 9, used: 5, resetAt: '2026-12-01T00:00:00.000Z' },
  reservedAssignments: 0,
  freeLicenses: 2,
  isCanaryThrough: null,
};
const [offFile] = fullPlan(3).files;
const code = (kind: PlanFileKind, rest: Partial<FileFacts> = {}, people = 3, canary = false): string | null =>
  guardFile({ kind, canary, rows: Array.from({ length: people }, () => offFile!.rows[0]!) }, { ...facts, ...rest })?.code ?? null;

describe('a file that would go out now', () => {
  it('goes while nothing is in its way', () => {
    expect(code('email-change')).toBeNull();
    expect(code('license-off')).toBeNull();
  });

  it('stays when its plan ran out, if it changes emails: licenses wait for days', () => {
    expect(code('email-change', { now: moment })).toBe('expired');
    expect(code('license-off', { now: moment })).toBeNull();
  });

  it('stays until the canary is through, unless it is the canary', () => {
    expect(code('license-off', { isCanaryThrough: false })).toBe('canary');
    expect(code('license-off', { isCanaryThrough: false }, 3, true)).toBeNull();
    expect(code('license-off', { isCanaryThrough: true })).toBeNull();
  });

  it('needs a complete and fresh export: for emails 3 days old at most, for licenses 24 hours and after our last write', () => {
    const asOf = (text: string) => ({ licenses: { ...exampleSource(100), asOf: text } });
    expect(code('email-change', asOf('2026-11-19T10:00:00.000Z'))).toBeNull();
    expect(code('license-off', asOf('2026-11-19T10:00:00.000Z'))).toBe('stale');
    expect(code('email-change', asOf('2026-11-18T09:59:59.999Z'))).toBe('stale');
    expect(code('email-change', { lastWriteAt: now })).toBeNull();
    expect(code('license-off', { lastWriteAt: now })).toBe('stale');
    const uncounted = { licenses: { ...exampleSource(100), expected: null } };
    expect(code('email-change', uncounted)).toBeNull();
    expect(code('license-off', uncounted)).toBe('incomplete');
    expect(code('email-change', { licenses: { ...exampleSource(100), expected: 101 } })).toBe('incomplete');
    expect(code('license-off', { proof: { isWhole: false, lastGood: null } })).toBe('incomplete');
  });

  it('takes licenses only in the window; emails may change at any time', () => {
    const window = { from: moment, to: '2026-11-21T12:00:00.000Z' };
    expect(code('license-off', { window })).toBe('window');
    expect(code('email-change', { window })).toBeNull();
    expect(code('license-off', { window: { ...window, from: now } })).toBeNull();
  });

  it('takes no license without an assignment for its way back, and one at a time while they are unknown', () => {
    expect(code('license-off', { reservedAssignments: 1 })).toBe('ledger');
    expect(code('license-off', { ledger: null })).toBe('ledger');
    expect(code('license-off', { ledger: null }, 1)).toBeNull();
    expect(code('email-change', { ledger: null })).toBeNull();
    const trip = guardFile(offFile!, { ...facts, reservedAssignments: 1 });
    expect(trip!.sentence).toBe('3 full rematches need 3 assignments; 2 are left until 1 December 2026. 1 people wait.');
    expect(guardFile(offFile!, { ...facts, ledger: null })!.sentence).toContain("We don't know this month's assignments.");
  });

  it('takes one license at a time while none is free', () => {
    expect(code('license-off', { freeLicenses: 0 })).toBe('no-free-license');
    expect(code('license-off', { freeLicenses: 0 }, 1)).toBeNull();
    expect(code('license-off', { freeLicenses: null })).toBeNull();
    expect(code('email-change', { freeLicenses: 0 })).toBeNull();
  });

  it('gives licenses back whatever is in the way', () => {
    const shut = {
      now: '2027-01-01T00:00:00.000Z',
      licenses: { ...exampleSource(1), expected: null },
      window: { from: now, to: now },
      ledger: null,
      freeLicenses: 0,
      isCanaryThrough: false,
      reservedAssignments: 9,
    };
    expect(code('license-on', shut)).toBeNull();
  });
});

describe('a window', () => {
  it('is open from its first moment until before its last', () => {
    const window = { from: now, to: '2026-11-21T12:00:00.000Z' };
    expect(isInWindow(window, now)).toBe(true);
    expect(isInWindow(window, '2026-11-21T09:59:59.999Z')).toBe(false);
    expect(isInWindow(window, '2026-11-21T11:59:59.999Z')).toBe(true);
    expect(isInWindow(window, '2026-11-21T12:00:00.000Z')).toBe(false);
    expect(isInWindow(null, now)).toBe(true);
  });
});
