import type { GuidedStep } from './guided-steps.ts';
import { helpHome, helpPage } from './guided-steps.ts';
import type { ContractFacts } from './settings.ts';
import type { LicenseKind } from './status.ts';

/** How many people hold what, as one group of equal rows of the newest list. */
export interface HolderCount {
  readonly state: 'invited' | 'activated' | 'assigned';
  readonly kinds: readonly LicenseKind[];
  readonly count: number;
}

export interface LicenseCount {
  readonly assigned: number;
  readonly invited: number;
  readonly activated: number;
}

const nobody: LicenseCount = { assigned: 0, invited: 0, activated: 0 };

const plus = (count: LicenseCount, { state, count: more }: HolderCount): LicenseCount => ({
  assigned: count.assigned + more,
  invited: count.invited + (state === 'invited' ? more : 0),
  activated: count.activated + (state === 'activated' ? more : 0),
});

/** Sales Navigator licenses: TeamLink Extend alone is none. */
export const salesLicenses = (holders: readonly HolderCount[]): LicenseCount =>
  holders.filter(({ kinds }) => kinds.some((kind) => kind !== 'teamlink-extend')).reduce(plus, nobody);

export const licensesOfKind = (holders: readonly HolderCount[], kind: LicenseKind): LicenseCount =>
  holders.filter(({ kinds }) => kinds.includes(kind)).reduce(plus, nobody);

/** How many Sales Navigator licenses were bought; null: nobody said. */
export function purchasedOf({ purchased: { advanced, advancedPlus } }: Pick<ContractFacts, 'purchased'>): number | null {
  return advanced === null && advancedPlus === null ? null : (advanced ?? 0) + (advancedPlus ?? 0);
}

export interface FreeLicenses {
  /** Null: nobody said what is needed to know it. */
  readonly free: number | null;
  /** Where the number comes from, or what is wrong with it. */
  readonly sentence: string;
}

/** @param typed what somebody read off Admin Center */
export function freeLicensesOf(purchased: number | null, assigned: number, typed: number | null): FreeLicenses {
  if (purchased === null)
    return typed === null
      ? { free: null, sentence: 'Nobody said how many licenses were bought.' }
      : { free: typed, sentence: 'As somebody read it off Admin Center.' };
  const free = purchased - assigned;
  if (free < 0)
    return { free: 0, sentence: `${assigned} are assigned and only ${purchased} were bought. Correct the number of bought licenses.` };
  if (typed !== null && typed !== free)
    return { free, sentence: `Bought less assigned. Somebody read ${typed} off Admin Center: one of the two numbers is old.` };
  return { free, sentence: 'Bought less assigned.' };
}

export interface LicenseAdvice {
  readonly kind: 'buy' | 'return' | 'enough' | 'unknown';
  /** How many to buy or to return; 0 otherwise. */
  readonly count: number;
  readonly sentence: string;
  readonly steps: readonly GuidedStep[];
}

/**
 * How many licenses to buy or to return.
 * @param needed active CRM users who should have a license and have none; null: nobody said who should
 * @param leavers license holders who left
 */
export function adviseOnLicenses(
  { free, needed, leavers }: { readonly free: number | null; readonly needed: number | null; readonly leavers: number },
  { bought }: Pick<ContractFacts, 'bought'>,
): LicenseAdvice {
  if (free === null) return unknown('Say how many licenses you bought, and we say how many to buy or to return.');
  if (needed === null) return unknown('Say in the settings which teams should have a license, and we say how many to buy or to return.');
  const has = `${people(needed)} should get a license. ${free} ${free === 1 ? 'is' : 'are'} free, and ${leavers === 1 ? 'one person who left holds' : `${leavers} people who left hold`} one.`;
  const spare = free + leavers - needed;
  if (spare === 0) return { kind: 'enough', count: 0, sentence: `${has} That is exactly enough.`, steps: reclaimFirst(leavers) };
  if (spare > 0)
    return {
      kind: 'return',
      count: spare,
      sentence: `${has} You could return ${spare}.`,
      steps: [...reclaimFirst(leavers), ...returnSteps(bought)],
    };
  return { kind: 'buy', count: -spare, sentence: `${has} Buy ${-spare} more.`, steps: [...reclaimFirst(leavers), ...buySteps(bought)] };
}

const unknown = (sentence: string): LicenseAdvice => ({ kind: 'unknown', count: 0, sentence, steps: [] });

const people = (count: number): string => (count === 1 ? 'One person' : `${count} people`);

const reclaimFirst = (leavers: number): readonly GuidedStep[] =>
  leavers === 0 ? [] : [{ sentence: 'Take the licenses of leavers back first.', href: null }];

const sayHow: GuidedStep = { sentence: 'Say below whether the contract was bought online or through LinkedIn.', href: null };

function buySteps(bought: ContractFacts['bought']): readonly GuidedStep[] {
  switch (bought) {
    case 'online':
      return [{ sentence: 'You bought online: buy more licenses in Admin Center yourself.', href: helpPage('a102028') }];
    case 'representative':
      return [
        {
          sentence:
            'You bought through LinkedIn: your billing admin can buy more (LinkedIn’s help: “Purchase additional licenses and job slots as a billing admin”), or your representative adds them.',
          href: helpHome,
        },
      ];
    case null:
      return [sayHow];
  }
}

function returnSteps(bought: ContractFacts['bought']): readonly GuidedStep[] {
  switch (bought) {
    case 'online':
      return [
        {
          sentence: 'You bought online: licenses that nobody has can be removed in Admin Center, with a refund in part.',
          href: helpPage('a102028'),
        },
      ];
    case 'representative':
      return [{ sentence: 'You bought through LinkedIn: talk to your representative before the contract renews.', href: helpHome }];
    case null:
      return [sayHow];
  }
}
