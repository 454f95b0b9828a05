import { describe, expect, it } from 'vitest';
import { contractWarnings, openQuestions } from '../../../server/core/contract-facts.ts';
import {
  adviseOnLicenses,
  freeLicensesOf,
  type HolderCount,
  licensesOfKind,
  purchasedOf,
  salesLicenses,
} from '../../../server/core/license-advice.ts';
import { noContractFacts } from '../../../server/core/settings.ts';

const holders: readonly HolderCount[] = [
  { state: 'activated', kinds: ['advanced-plus'], count: 40 },
  { state: 'invited', kinds: ['advanced-plus'], count: 5 },
  { state: 'activated', kinds: ['advanced', 'teamlink-extend'], count: 3 },
  { state: 'activated', kinds: ['teamlink-extend'], count: 7 },
  { state: 'assigned', kinds: ['unsaid'], count: 2 },
];

describe('licenses in numbers', () => {
  it('count people with a Sales Navigator license; TeamLink Extend alone is none', () => {
    expect(salesLicenses(holders)).toEqual({ assigned: 50, activated: 43, invited: 5 });
    expect(licensesOfKind(holders, 'teamlink-extend')).toEqual({ assigned: 10, activated: 10, invited: 0 });
    expect(licensesOfKind(holders, 'advanced')).toEqual({ assigned: 3, activated: 3, invited: 0 });
  });

  it('are free as far as what was bought is known, else as somebody read it off Admin Center', () => {
    expect(purchasedOf(noContractFacts)).toBeNull();
    const purchased = purchasedOf({ purchased: { advancedPlus: 50, advanced: null, teamLinkExtend: 20 } });
    expect(purchased).toBe(50);
    expect(freeLicensesOf(purchased, 48, null)).toEqual({ free: 2, sentence: 'Bought less assigned.' });
    expect(freeLicensesOf(purchased, 48, 3).sentence).toContain('Somebody read 3 off Admin Center');
    expect(freeLicensesOf(purchased, 51, null)).toMatchObject({ free: 0, sentence: expect.stringContaining('only 50 were bought') });
    expect(freeLicensesOf(null, 48, 3).free).toBe(3);
    expect(freeLicensesOf(null, 48, null).free).toBeNull();
  });
});

describe('advice on licenses', () => {
  const advise = (free: number | null, needed: number | null, leavers: number, bought: 'online' | 'representative' | null = null) =>
    adviseOnLicenses({ free, needed, leavers }, { bought });

  it('counts what leavers hold before it says buy or return', () => {
    expect(advise(2, 10, 3)).toMatchObject({ kind: 'buy', count: 5 });
    expect(advise(2, 5, 3)).toMatchObject({ kind: 'enough', count: 0 });
    expect(advise(9, 5, 3)).toMatchObject({ kind: 'return', count: 7 });
    expect(advise(9, 5, 3).steps[0]!.sentence).toBe('Take the licenses of leavers back first.');
  });

  it('says nothing of numbers that nobody gave', () => {
    expect(advise(null, 5, 3)).toMatchObject({ kind: 'unknown', count: 0 });
    expect(advise(4, null, 3)).toMatchObject({ kind: 'unknown', count: 0 });
  });

  it('goes the way in which the contract was bought', () => {
    const last = (of: ReturnType<typeof advise>) => of.steps.at(-1)!;
    expect(last(advise(0, 5, 0, 'online'))).toMatchObject({
      sentence: expect.stringContaining('bought online'),
      href: expect.stringMatching(/a102028$/u),
    });
    expect(last(advise(0, 5, 0, 'representative')).sentence).toContain('billing admin');
    expect(last(advise(9, 5, 0, 'online')).sentence).toContain('refund');
    expect(last(advise(9, 5, 0, 'representative')).sentence).toContain('before the contract renews');
    expect(last(advise(9, 5, 0)).sentence).toContain('Say below');
  });
});

describe('facts of the contract', () => {
  it('are asked for until each was said', () => {
    expect(openQuestions(noContractFacts)).toHaveLength(6);
    const known = {
      bought: 'online',
      purchased: { advancedPlus: 5, advanced: null, teamLinkExtend: null },
      sso: false,
      scim: true,
      scimOwner: '',
      sharedProducts: [],
      uploaders: ['Dana'],
    } as const;
    expect(openQuestions(known)).toEqual(['Who looks after SCIM? They get the request files.']);
    expect(openQuestions({ ...known, scimOwner: 'Identity' })).toEqual([]);
  });

  it('warn of what LinkedIn does beyond a plan', () => {
    const facts = { ...noContractFacts, sharedProducts: ['recruiter'] } as const;
    const nothing = { changesEmails: false, takesLicenses: false, paidByThemselves: [], handsOver: false };
    expect(contractWarnings(facts, { ...nothing, changesEmails: true })).toEqual([
      'The enterprise profile is shared with Recruiter: the new email holds there too.',
    ]);
    expect(contractWarnings(facts, { ...nothing, takesLicenses: true })).toEqual([expect.stringContaining('Saved leads')]);
    expect(contractWarnings(noContractFacts, { ...nothing, changesEmails: true })).toEqual([]);
    const identity = { ...noContractFacts, sso: true, scim: true, scimOwner: 'Identity' };
    expect(contractWarnings(identity, { ...nothing, changesEmails: true })).toEqual([
      expect.stringContaining('Identity looks after it'),
      expect.stringContaining('single sign-on'),
    ]);
    expect(contractWarnings(identity, nothing)).toEqual([]);
    // What somebody saved stands on their own dashboard: it does not follow a license.
    expect(contractWarnings(noContractFacts, { ...nothing, handsOver: true })).toEqual([
      expect.stringContaining('A data transfer replaces'),
    ]);
    expect(contractWarnings(noContractFacts, { ...nothing, paidByThemselves: ['Vera Kolb'] })).toEqual([
      'Vera Kolb pays for Sales Navigator outside the contract, with a dashboard of their own. Ask LinkedIn about a data transfer before.',
      expect.stringContaining('cannot be undone'),
    ]);
  });
});
