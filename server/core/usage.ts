import { joinKeyOf } from './email.ts';
import { ofEachMetric, type Status, type UsageMetric, type UseState } from './status.ts';

/** What a report says of somebody; null where it is blank, or has no such column. A blank is no zero. */
export type UsageValues = Readonly<Record<UsageMetric, number | null>>;

export interface MetricWords {
  readonly label: string;
  /** What LinkedIn counts (help a124415). */
  readonly meaning: string;
  readonly isPercent: boolean;
}

/** The names that LinkedIn's page gives its metrics. */
export const metricWords: Readonly<Record<UsageMetric, MetricWords>> = {
  daysActive: { label: 'Days active', meaning: 'Days on Sales Navigator or LinkedIn.com in the period.', isPercent: false },
  searches: { label: 'Searches', meaning: 'Searches on Sales Navigator and LinkedIn.com.', isPercent: false },
  profileViews: { label: 'Profile views', meaning: 'Profiles looked at on Sales Navigator and LinkedIn.com.', isPercent: false },
  savedLeads: { label: 'Saved leads', meaning: 'Leads saved. LinkedIn may count all that are kept, not only new ones.', isPercent: false },
  savedAccounts: {
    label: 'Saved accounts',
    meaning: 'Accounts saved. LinkedIn may count all that are kept, not only new ones.',
    isPercent: false,
  },
  inMailSent: { label: 'InMail sent', meaning: 'InMail messages sent.', isPercent: false },
  inMailAcceptance: {
    label: 'InMail acceptance rate',
    meaning: 'InMail messages accepted, of those sent. Whoever sent none has no rate.',
    isPercent: true,
  },
  messages: { label: 'Messages sent', meaning: 'Messages to connections.', isPercent: false },
  connections: { label: 'Unique connections', meaning: 'People connected with, each counted once.', isPercent: false },
  smartLinksCreated: { label: 'Smart Links created', meaning: 'Smart Links made.', isPercent: false },
  smartLinksViewed: { label: 'Smart Links viewed', meaning: 'Smart Links that somebody opened.', isPercent: false },
};

export const useLabels: Readonly<Record<UseState, string>> = { active: 'Active', inactive: 'Inactive', unknown: 'Not known' };

/** What somebody does in the period. Saved leads, accounts and connections may be those of years, and a Smart Link is viewed by others. */
const doings: readonly UsageMetric[] = ['daysActive', 'searches', 'profileViews', 'inMailSent', 'messages', 'smartLinksCreated'];

/**
 * Whether somebody used Sales Navigator. Inactive is only who is known to have been there on no day (in a report without that: who is known
 * to have looked for nothing and at nobody), and is known to have done nothing else. Blanks say nothing.
 */
export function useOf(values: UsageValues): UseState {
  if (doings.some((metric) => (values[metric] ?? 0) > 0)) return 'active';
  const wasNever = values.daysActive === null ? values.searches === 0 && values.profileViews === 0 : values.daysActive === 0;
  return wasNever ? 'inactive' : 'unknown';
}

/** People who share what they are grouped by. Sums leave blanks out. */
export interface UsageGroup {
  /** Null: nobody of the license list. */
  readonly status: Status | null;
  readonly use: UseState;
  readonly team: string;
  readonly manager: string;
  readonly people: number;
  readonly sums: Readonly<Record<UsageMetric, { readonly known: number; readonly total: number }>>;
  /** Of those whose rate and number of InMail are known: the InMail sent, and that times the rate. */
  readonly rated: { readonly sent: number; readonly weighed: number };
}

/** One person as a group of their own. */
export function groupOf(person: Pick<UsageGroup, 'status' | 'team' | 'manager'> & { readonly values: UsageValues }): UsageGroup {
  const { values, status, team, manager } = person;
  const { inMailSent: sent, inMailAcceptance: rate } = values;
  const isRated = sent !== null && rate !== null;
  return {
    status,
    team,
    manager,
    use: useOf(values),
    people: 1,
    sums: ofEachMetric((metric) => ({ known: values[metric] === null ? 0 : 1, total: values[metric] ?? 0 })),
    rated: { sent: isRated ? sent : 0, weighed: isRated ? sent * rate : 0 },
  };
}

/** How a metric looks over several people, blanks left out of everything. */
export interface MetricSum {
  /** People of whom it is known. */
  readonly known: number;
  /** Null where it is known of nobody, and of a rate, which has no total. */
  readonly total: number | null;
  readonly average: number | null;
}

export interface UsageSum {
  readonly people: number;
  readonly byUse: Readonly<Record<UseState, number>>;
  readonly matchedInactive: number;
  readonly notMatchedActive: number;
  readonly metrics: Readonly<Record<UsageMetric, MetricSum>>;
}

const round = (value: number): number => Math.round(value * 10) / 10;
const add = <Item>(items: readonly Item[], of: (item: Item) => number): number => items.reduce((sum, item) => sum + of(item), 0);

/** Sums groups. The acceptance rate is that of all InMail together where the report says how many each sent, else the plain mean. */
export function sumUsage(groups: readonly UsageGroup[]): UsageSum {
  const people = (is: (group: UsageGroup) => boolean): number => add(groups.filter(is), (group) => group.people);
  const sent = add(groups, ({ rated }) => rated.sent);
  return {
    people: people(() => true),
    byUse: {
      active: people(({ use }) => use === 'active'),
      inactive: people(({ use }) => use === 'inactive'),
      unknown: people(({ use }) => use === 'unknown'),
    },
    matchedInactive: people(({ status, use }) => status === 'matched' && use === 'inactive'),
    notMatchedActive: people(({ status, use }) => status === 'not-matched' && use === 'active'),
    metrics: ofEachMetric((metric) => {
      const known = add(groups, ({ sums }) => sums[metric].known);
      if (known === 0) return { known, total: null, average: null };
      const total = add(groups, ({ sums }) => sums[metric].total);
      if (!metricWords[metric].isPercent) return { known, total, average: round(total / known) };
      return { known, total: null, average: round(sent > 0 ? add(groups, ({ rated }) => rated.weighed) / sent : total / known) };
    }),
  };
}

/** Who a row of a report is about, as it writes them; '' where it does not. */
export interface UsagePerson {
  readonly seatId: string;
  readonly uniqueUserId: string;
  readonly email: string;
}

/** A license holder of the newest license list. */
export interface UsageHolder extends UsagePerson {
  readonly key: string;
  readonly licenseId: string;
}

const idOf = (value: string): string => value.trim().toLowerCase();

/** Key by value, where one person alone has it. */
function oneEach<Person extends { readonly key: string }>(
  people: readonly Person[],
  signOf: (person: Person) => string,
): ReadonlyMap<string, string> {
  const found = new Map<string, string | null>();
  for (const person of people) {
    const value = signOf(person);
    if (value === '') continue;
    const before = found.get(value);
    if (before === undefined) found.set(value, person.key);
    else if (before !== person.key) found.set(value, null);
  }
  return new Map([...found].filter((entry): entry is [string, string] => entry[1] !== null));
}

/**
 * Says whose each row is: the key of a license holder, or null for whom the license list does not have. The strongest sign first: seat id,
 * Unique User ID, email, an email that they had before and that nobody has today (a report may be older than a repair). What two people
 * share says nothing; and of two rows that lead to one person the stronger sign counts. Never by name.
 * @param former emails that license holders had before
 */
export function joinUsage(
  rows: readonly UsagePerson[],
  holders: readonly UsageHolder[],
  former: readonly { readonly licenseId: string; readonly email: string }[],
): readonly (string | null)[] {
  const keyOfLicense = new Map(holders.map(({ licenseId, key }) => [licenseId, key]));
  const taken = new Set(holders.map(({ email }) => joinKeyOf(email)));
  const earlier = former.flatMap(({ licenseId, email }) => {
    const key = keyOfLicense.get(licenseId);
    return key === undefined || taken.has(joinKeyOf(email)) ? [] : [{ key, email }];
  });
  const signs = [
    { keys: oneEach(holders, ({ seatId }) => idOf(seatId)), signOf: ({ seatId }: UsagePerson) => idOf(seatId) },
    { keys: oneEach(holders, ({ uniqueUserId }) => idOf(uniqueUserId)), signOf: ({ uniqueUserId }: UsagePerson) => idOf(uniqueUserId) },
    { keys: oneEach(holders, ({ email }) => joinKeyOf(email)), signOf: ({ email }: UsagePerson) => joinKeyOf(email) },
    { keys: oneEach(earlier, ({ email }) => joinKeyOf(email)), signOf: ({ email }: UsagePerson) => joinKeyOf(email) },
  ];
  const joined: (string | null)[] = new Array(rows.length).fill(null);
  const used = new Set<string>();
  for (const { keys, signOf } of signs) {
    const found = Map.groupBy(
      rows.keys().filter((n) => joined[n] === null && keys.has(signOf(rows[n]!))),
      (n) => keys.get(signOf(rows[n]!))!,
    );
    for (const [key, places] of found) {
      if (!used.has(key) && places.length === 1) joined[places[0]!] = key;
      used.add(key);
    }
  }
  return joined;
}
