import type { Actor, LicenseKind, Reason, ReportChange, ReportDimension, Status } from './status.ts';

/** What one license costs, as an admin said it: of a year or of a month. Null: nobody said. */
export interface SeatPrice {
  /** ISO 4217. */
  readonly currency: string;
  readonly per: 'month' | 'year';
  readonly prices: Readonly<Record<PricedKind, number | null>>;
}

/** Licenses that are bought one by one; of what an export does not name nobody knows the price. */
export type PricedKind = Exclude<LicenseKind, 'unsaid'>;

/** License holders who share everything that the report groups by. */
export interface MismatchGroup {
  /** As the newest comparison found them: a repair under way changes nothing of it before LinkedIn shows it. */
  readonly status: Status;
  readonly reason: Reason;
  readonly label: string;
  readonly actor: Actor;
  readonly rootCause: string | null;
  readonly team: string;
  readonly manager: string;
  /** In which CRM they are; '' where nobody knows an owner. */
  readonly crm: string;
  readonly kinds: readonly LicenseKind[];
  readonly isBeingRepaired: boolean;
  readonly people: number;
  /** For how long they have been Not Matched, added up; 0 for everybody else. */
  readonly days: number;
  /** ISO 8601: since when the first of them is Not Matched; null for everybody else. */
  readonly since: string | null;
}

export interface MismatchCost {
  /** For each month in which nothing changes. */
  readonly perMonth: number;
  /** Since each of them was first seen Not Matched. */
  readonly soFar: number;
  /** People whose license has no price: they are in neither sum. */
  readonly unpriced: number;
}

export interface MismatchSum {
  readonly licenses: number;
  readonly matched: number;
  readonly notMatched: number;
  /** Matched, of those who are one or the other, 0 to 1; null where nobody is. */
  readonly rate: number | null;
  readonly beingRepaired: number;
  readonly since: string | null;
  /** Null: nobody said what a license costs. */
  readonly cost: MismatchCost | null;
}

/** The license that is paid for, where somebody has more than one: TeamLink Extend comes beside others. */
const byWeight: readonly PricedKind[] = ['advanced-plus', 'advanced', 'other', 'teamlink-extend'];
const yearDays = 365;

const yearlyOf = ({ per, prices }: SeatPrice, kinds: readonly LicenseKind[]): number | null => {
  const kind = byWeight.find((one) => kinds.includes(one));
  const price = kind === undefined ? null : prices[kind];
  return price === null ? null : per === 'year' ? price : price * 12;
};

/** What a license that is Not Matched costs each month, and has cost over some days; null where its price is not known. */
export function costOf(
  price: SeatPrice | null,
  kinds: readonly LicenseKind[],
  days: number,
): Pick<MismatchCost, 'perMonth' | 'soFar'> | null {
  const yearly = price && yearlyOf(price, kinds);
  return yearly === null ? null : { perMonth: yearly / 12, soFar: (yearly * days) / yearDays };
}

/** Matched, of those who are Matched or Not Matched; null where nobody is. */
export const matchRate = (matched: number, notMatched: number): number | null =>
  matched + notMatched === 0 ? null : matched / (matched + notMatched);

/** Sums groups. */
export function sumMismatch(groups: readonly MismatchGroup[], price: SeatPrice | null): MismatchSum {
  const count = (is: (group: MismatchGroup) => boolean): number => groups.reduce((sum, group) => sum + (is(group) ? group.people : 0), 0);
  const lost = groups.filter(({ status }) => status === 'not-matched');
  const matched = count(({ status }) => status === 'matched');
  const notMatched = count(({ status }) => status === 'not-matched');
  let cost: { perMonth: number; soFar: number; unpriced: number } | null = null;
  if (price) {
    cost = { perMonth: 0, soFar: 0, unpriced: 0 };
    for (const { kinds, people, days } of lost) {
      const one = costOf(price, kinds, days);
      if (one) {
        cost.perMonth += one.perMonth * people;
        cost.soFar += one.soFar;
      } else cost.unpriced += people;
    }
  }
  return {
    licenses: count(() => true),
    matched,
    notMatched,
    rate: matchRate(matched, notMatched),
    beingRepaired: count(({ status, isBeingRepaired }) => status === 'not-matched' && isBeingRepaired),
    since: lost.reduce<string | null>((first, { since }) => (since !== null && (first === null || since < first) ? since : first), null),
    cost,
  };
}

/** By what a group is told from others; for a reason its code. */
export const dimensionValue: Readonly<Record<ReportDimension, (group: MismatchGroup) => string>> = {
  team: ({ team }) => team,
  manager: ({ manager }) => manager,
  crm: ({ crm }) => crm,
  reason: ({ reason }) => reason,
  rootCause: ({ rootCause }) => rootCause ?? '',
  actor: ({ actor }) => actor,
};

/** Not Matched people by the label of their reason, which says more than its code; the most first. */
export const countLabels = (groups: readonly MismatchGroup[]): { readonly label: string; readonly notMatched: number }[] =>
  [
    ...Map.groupBy(
      groups.filter(({ status }) => status === 'not-matched'),
      ({ label }) => label,
    ),
  ]
    .map(([label, own]) => ({ label, notMatched: own.reduce((sum, { people }) => sum + people, 0) }))
    .toSorted((a, b) => b.notMatched - a.notMatched || a.label.localeCompare(b.label));

/** Of what is true of people who are Not Matched alone, whoever is Matched is in no group. */
const onlyNotMatched: readonly ReportDimension[] = ['reason', 'rootCause', 'actor'];

export interface MismatchSlice extends MismatchSum {
  readonly value: string;
}

/** The report cut by one thing, the most people who are Not Matched first. */
export function sliceMismatch(groups: readonly MismatchGroup[], by: ReportDimension, price: SeatPrice | null): MismatchSlice[] {
  const of = onlyNotMatched.includes(by) ? groups.filter(({ status }) => status === 'not-matched') : groups;
  return [...Map.groupBy(of, dimensionValue[by])]
    .map(([value, own]) => ({ value, ...sumMismatch(own, price) }))
    .toSorted((a, b) => b.notMatched - a.notMatched || b.licenses - a.licenses || a.value.localeCompare(b.value));
}

/** One license holder at two comparisons; null: not in the list. */
export interface TwoEnds {
  readonly before: { readonly status: Status; readonly label: string } | null;
  readonly after: { readonly status: Status; readonly label: string } | null;
  /** Whether a comparison before the later one had them as Not Matched, and a later one not. */
  readonly wasNotMatchedEarlier: boolean;
}

/** Each person has exactly one change; null where nothing changed that a reader would see. */
export function changeOf({ before, after, wasNotMatchedEarlier }: TwoEnds): ReportChange | null {
  if (before === null && after === null) return null;
  // Nothing was said of them at one end, so nothing is known to have changed.
  if (after !== null && (before?.status === 'not-checked' || after.status === 'not-checked'))
    return before?.status === after.status ? null : 'other';
  const was = before?.status === 'not-matched';
  const is = after?.status === 'not-matched';
  if (is && !was) return wasNotMatchedEarlier ? 'came-back' : 'new';
  if (after === null) return 'gone';
  if (was && is) return before?.label === after.label ? null : 'reason';
  if (was) return after.status === 'matched' ? 'repaired' : 'left';
  if (before === null) return 'added';
  return before.status === after.status && before.label === after.label ? null : 'other';
}

/** What the days of a full rematch took from people, in whole minutes. */
export interface MinutesWithout {
  readonly people: number;
  readonly license: number;
  readonly access: number;
  readonly longestLicense: number;
  readonly longestAccess: number;
}

export function sumMinutes(each: readonly ({ readonly license: number; readonly access: number } | null)[]): MinutesWithout {
  const known = each.filter((one) => one !== null);
  const most = (of: (one: { license: number; access: number }) => number): number => known.reduce((max, one) => Math.max(max, of(one)), 0);
  return {
    people: known.length,
    license: known.reduce((sum, { license }) => sum + license, 0),
    access: known.reduce((sum, { access }) => sum + access, 0),
    longestLicense: most(({ license }) => license),
    longestAccess: most(({ access }) => access),
  };
}
