import { foldText } from '../core/names.ts';
import { reportCsv } from '../core/report-csv.ts';
import type { ContractSettings } from '../store/setting.ts';
import { cast, crowds } from './cast.ts';
import { freeLicenses, monthlyAssignments } from './center-of-export.ts';
import {
  type DemoDay,
  daysAgo,
  domains,
  type Facts,
  type LicenseRow,
  licenseColumns,
  type Part,
  type UserRow,
  userColumns,
} from './demo-person.ts';
import { type DemoUsage, makeUsage } from './make-usage.ts';

/** What somebody decided before a comparison; ids as the two lists have them, days as YYYY-MM-DD. */
export interface DemoDecisions {
  readonly links: readonly {
    readonly licenseId: string;
    readonly crmUserId: string;
    readonly note: string;
    readonly reviewOn: string | null;
  }[];
  readonly exceptions: readonly { readonly licenseId: string; readonly reason: string; readonly until: string }[];
  readonly observed: readonly { readonly licenseId: string; readonly verdict: 'matched' | 'not-matched'; readonly on: string }[];
  /** Who uses the license: ask again on that day. */
  readonly later: readonly { readonly licenseId: string; readonly reason: string; readonly reviewOn: string }[];
  readonly domainChanges: readonly {
    readonly old: string;
    readonly current: string;
    readonly startsOn: string;
    readonly endsOn: string;
    readonly perWave: number;
  }[];
}

/** License ids of people whom the company repaired before today, or is repairing. */
export interface DemoRepairs {
  /** Two weeks ago, by the whole procedure; still without an answer to the new invitation. */
  readonly stuck: string;
  /** Last week, from the old domain to the new one: they went first. */
  readonly moved: readonly string[];
  /** Last week as well; another admin set the email back. */
  readonly setBack: string;
  /** Today, by the whole procedure: whose license moves once somebody starts the sitting, and who has not answered. */
  readonly confirmed: readonly string[];
  readonly asked: string;
}

/** One comparison of the demo company. */
export interface DemoComparison {
  /** When both were exported, ISO 8601, and the day of it. Null: just now. */
  readonly at: string | null;
  readonly date: string;
  readonly licensesCsv: string;
  readonly crmCsv: string;
  /** The number of users Admin Center shows. */
  readonly adminCenterCount: number;
  /** What is set before this comparison; the rest stays as it was. */
  readonly settings: Partial<ContractSettings>;
  readonly decisions: DemoDecisions;
}

/** Any number makes a company; this one's names read well together. */
export const demoSeed = 20;

/** The demo company: its lists of three weeks, oldest first, and the users of its two other CRMs. */
export interface Demo {
  readonly comparisons: readonly DemoComparison[];
  readonly repairs: DemoRepairs;
  readonly hubspotCsv: string;
  readonly zohoCsv: string;
  /** Usage reports of the last two months, the oldest first. */
  readonly usage: readonly DemoUsage[];
}

/** Last week's first export was a filtered one; the whole one was brought soon after. Null: now. */
const runs: readonly { readonly day: DemoDay; readonly time: string | null; readonly isFiltered: boolean }[] = [
  { day: 0, time: '08:10', isFiltered: false },
  { day: 1, time: '08:10', isFiltered: true },
  { day: 1, time: '09:40', isFiltered: false },
  { day: 2, time: null, isFiltered: false },
];
const nothingDecided: DemoDecisions = { links: [], exceptions: [], observed: [], later: [], domainChanges: [] };

const departments = ['Enterprise Sales', 'Mid-Market Sales', 'Account Management', 'Sales Development', 'Partnerships'] as const;
const titles: Readonly<Record<string, readonly string[]>> = {
  'Enterprise Sales': ['Enterprise Account Executive', 'Strategic Account Director', 'Regional Sales Director'],
  'Mid-Market Sales': ['Account Executive', 'Senior Account Executive', 'Sales Manager'],
  'Account Management': ['Account Manager', 'Key Account Manager', 'Customer Success Manager'],
  'Sales Development': ['Sales Development Representative', 'Business Development Representative', 'SDR Team Lead'],
  Partnerships: ['Partner Manager', 'Alliances Director', 'Channel Sales Manager'],
  Finance: ['Financial Controller'],
  Support: ['Support Engineer'],
  IT: ['Systems Administrator'],
};

/** Who leads a department: the team's manager, as the CRM has them. */
const heads: Readonly<Record<string, string>> = {
  'Enterprise Sales': 'Ingrid Solheim',
  'Mid-Market Sales': 'Lucia Moreno',
  'Account Management': 'Femke de Boer',
  'Sales Development': 'Hugo Lambert',
  Partnerships: 'Amara Okafor',
};

const givenNames =
  `Adrian Agata Alicia Andrei Anika Arjun Beatriz Björn Camille Cedric Clara Daniel Diego Edith Emil Esther Farid Fatima Felix
  Freya Gabriel Giulia Hamid Helen Ines Ivan Jana Jorge Julia Kaito Kim Lars Leon Linnea Louise Magnus Manon Marek Mina Nicolas Nils Nora
  Omar Oscar Patrick Paula Pierre Rafael Rosa Ruth Samuel Sandra Stefan Teresa Theo Ulrike Valentin Viktor Wanda Xavier Yara Zofia`
    .trim()
    .split(/\s+/);
const familyNames =
  `Abbott Alvarez Andersson Arslan Banerjee Bauer Bergmann Brandt Caruso Castillo Chevalier Cohen Costa Dahl Delgado Duarte
  Eriksen Fontaine Foster Gallagher Gruber Gustafsson Hansen Hayashi Hoffmann Ivanova Jensen Johansson Kaplan Keller Kowalski Lefebvre
  Lehtonen Lopes Maier Mancini Marchetti Mercier Murphy Müller Navarro Nguyen Nilsson Novotny Osei Pereira Petrov Popescu Ricci Romero
  Sato Schneider Singh Stewart Svensson Szabo Takahashi Thompson Vasquez Vermeulen Vogel Winters`
    .trim()
    .split(/\s+/);

/** How many of the company play which part beside the cast; what is left over works elsewhere and needs no license. */
const crowdSizes = [
  ['afterDomainChange', 37],
  ['repaired', 3],
  ['repairedSilently', 2],
  // These two were missing in last week's filtered export.
  ['unseenLastWeek', 2],
  ['withoutLicense', 8],
] as const satisfies readonly (readonly [keyof typeof crowds, number])[];

const otherDepartments = ['Finance', 'Support', 'IT'] as const;

const dayMs = 86_400_000;
const seatNumber = (n: number) => String(731_402_118 + n * 3_089);
const employeeNumber = (n: number) => `E${1_000 + n * 7}`;
/** Salesforce's key prefix of users is 005. */
const userId = (n: number, k = 0) => `0055g0000Nw${String(n).padStart(3, '0')}${k}AAA`;

/** A number from 0 up to, not including, 1; the same ones for the same seed (mulberry32, Tommy Ettinger, public domain). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const list = [...items];
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j]!, list[i]!];
  }
  return list;
}

/** A person of the company with everything that stays the same over the three weeks. */
interface Person extends Part {
  readonly n: number;
  readonly name: string;
  readonly local: string;
  readonly department: string;
  readonly title: string;
  readonly since: number;
  readonly lastSeen: number;
}

function makeCompany(seed: number): Person[] {
  const random = randomFrom(seed);
  const given = shuffled(givenNames, random);
  const family = shuffled(familyNames, random);
  const crowd = crowdSizes.flatMap(([name, size]) =>
    Array.from({ length: size }, (_, k): Part => {
      const part: Part = { given: given.pop()!, family: family.pop()!, shows: name, ...crowds[name] };
      if (name === 'withoutLicense') return { ...part, department: otherDepartments[k % otherDepartments.length]! };
      return k % 3 === 2 ? { ...part, withId: false } : part;
    }),
  );
  return [...crowd, ...cast].map((part, n) => {
    const department = part.department ?? departments[Math.floor(random() * departments.length)]!;
    const choice = titles[department]!;
    return {
      ...part,
      n,
      name: `${part.given} ${part.family}`.trim(),
      local: foldText(`${part.given}.${part.family}`)
        .replace(/[^a-z.]/g, '')
        .replace(/^\./, ''),
      department,
      title: part.title ?? choice[Math.floor(random() * choice.length)]!,
      since: 90 + Math.floor(random() * 900),
      // Some have not opened Sales Navigator for months, others not this month.
      lastSeen: Math.floor(random() * 6) + (n % 23 === 7 ? 75 : n % 7 === 3 ? 32 : 0),
    };
  });
}

/** Makes the demo company. The same seed and the same UTC day of `now` make the same bytes. Everybody in it is made up. */
export function makeDemo(seed: number, now: Date): Demo {
  const today = Math.floor(now.getTime() / dayMs);
  const date = (ago: number) => new Date((today - ago) * dayMs).toISOString().slice(0, 10);
  const company = makeCompany(seed);
  const personOf = (name: string): Person => company.find((person) => person.name === name)!;
  const factsOf = (person: Person, day: DemoDay): Facts => {
    const at = (domain: string, local = person.local) => `${local}@${domain}`;
    const employeeNumberOf = (name: string) => employeeNumber(personOf(name).n);
    return { day, at, date, employeeNumberOf, old: at(domains.old), current: at(domains.current) };
  };
  const seatOf = (name: string) => seatNumber(personOf(name).n);
  const idOf = (name: string) => userId(personOf(name).n);
  const others = makeOtherCrms(company, date);

  const told = others.map(({ crmName, users }) => ({
    crmName,
    emails: users.filter(({ active }) => active).map(({ email }) => email),
  }));

  const before: Record<DemoDay, Pick<DemoComparison, 'settings' | 'decisions'>> = {
    0: {
      settings: {
        companyDomains: [domains.old, domains.benelux],
        seatScope: { field: 'department', values: [...departments] },
        idpName: 'Okta',
        otherCrms: told,
      },
      decisions: {
        ...nothingDecided,
        // Due for a look today.
        links: [
          {
            licenseId: seatOf('Paolo Rossi'),
            crmUserId: idOf('Paolo Rossi'),
            note: 'Contractor: look again when his contract is renewed',
            reviewOn: date(0),
          },
        ],
        exceptions: [
          { licenseId: seatOf('Sofia Lindqvist'), reason: 'Parental leave, keeps her lists', until: date(-75) },
          // Over, and nobody noticed.
          { licenseId: seatOf('Yusuf Demir'), reason: 'The agency finishes its project', until: date(3) },
        ],
      },
    },
    1: {
      settings: {
        companyDomains: [domains.current, domains.old, domains.benelux],
        domainAliases: [{ old: domains.old, current: domains.current }],
      },
      decisions: {
        ...nothingDecided,
        // Her email in the CRM moved after it.
        links: [{ licenseId: seatOf('Zoë Clarke'), crmUserId: idOf('Zoë Clarke'), note: 'Asked her manager', reviewOn: null }],
        later: [{ licenseId: seatOf('Nadia Farouk'), reason: 'Her manager is away until today', reviewOn: date(0) }],
        domainChanges: [{ old: domains.old, current: domains.current, startsOn: date(7), endsOn: date(-53), perWave: 15 }],
      },
    },
    2: {
      settings: {
        // Zoho's users are read this time, not only told.
        otherCrms: told.filter(({ crmName }) => crmName === 'HubSpot'),
        universalInviteLink: 'https://www.linkedin.com/sales/activate/northwind-example',
        waiting: ['Luca Bianchi', 'Hanna Virtanen'].map((name) => ({ licenseId: seatOf(name), since: date(1), until: date(-1) })),
        duplicateProfiles: [seatOf('Kwame Mensah')],
        ownSubscriptions: [idOf('Vera Kolb')],
        assignments: { month: date(0).slice(0, 7), ...monthlyAssignments },
        freeLicenses,
      },
      decisions: {
        ...nothingDecided,
        observed: [{ licenseId: seatOf('Amara Okafor'), verdict: 'matched', on: date(0) }],
      },
    },
  };

  const comparisons = runs.map(({ day, time, isFiltered }): DemoComparison => {
    const rows = company.map((person) => {
      const facts = factsOf(person, day);
      const users = (person.users?.(facts) ?? [{}]).map((change, k) => userRow(person, facts, change, k));
      const isUnseen = isFiltered && person.shows === 'unseenLastWeek';
      const licenses = (isUnseen ? [] : (person.licenses?.(facts) ?? [{}])).map((change, k) => licenseRow(person, facts, change, k));
      return { person, users, licenses };
    });
    rows.sort((a, b) => (a.person.family < b.person.family ? -1 : 1));
    const inCrm = new Set(rows.flatMap(({ users }) => users.filter((user) => user.IsActive === 'true').map((user) => user.Email)));
    const licenses = rows.flatMap((row) => row.licenses).map((row) => withSyncStatus(row, inCrm));
    const users = rows.flatMap((row) => row.users);
    const own = runs.find((run) => run.day === day)!.isFiltered === isFiltered ? before[day] : { settings: {}, decisions: nothingDecided };
    return {
      at: time === null ? null : `${date(daysAgo[day])}T${time}:00.000Z`,
      date: date(daysAgo[day]),
      licensesCsv: csv(licenseColumns, licenses),
      crmCsv: csv(userColumns, users),
      adminCenterCount: licenses.length + (isFiltered ? company.filter(({ shows }) => shows === 'unseenLastWeek').length : 0),
      ...own,
      ...(day === 2 ? { settings: { ...own.settings, contractFacts: factsOfContract(licenses) } } : {}),
    };
  });
  const [hubspot, zoho] = others;
  const repairs: DemoRepairs = {
    stuck: seatOf('Anouk Visser'),
    moved: company.filter(({ shows }) => shows === 'repaired').map(({ n }) => seatNumber(n)),
    setBack: seatOf('Helena Brandt'),
    confirmed: ['Mikael Strand', 'Carla Fuentes'].map(seatOf),
    asked: seatOf('Deniz Acar'),
  };
  return { comparisons, repairs, hubspotCsv: hubspot.csv, zohoCsv: zoho.csv, usage: usageOf(company, factsOf, date, seed) };
}

/** The older report has the addresses of its time, the newer one those of today. */
function usageOf(
  company: readonly Person[],
  factsOf: (person: Person, day: DemoDay) => Facts,
  date: (ago: number) => string,
  seed: number,
): DemoUsage[] {
  const random = randomFrom(seed + 1);
  const left = (domain: string) => ['nadia.rossi', 'tim.okafor'].map((local) => `${local}@${domain}`);
  return ([0, 2] as const).map((day) => {
    const people = company.flatMap((person) => {
      const facts = factsOf(person, day);
      return (person.licenses?.(facts) ?? [{}]).map((change, k) => ({
        row: licenseRow(person, facts, change, k),
        lastSeen: person.lastSeen,
      }));
    });
    const endedAgo = day === 0 ? 30 : 0;
    const period = { from: date(endedAgo + 30), to: date(endedAgo + 1), days: 30, endedAgo };
    return makeUsage(period, people, left(day === 0 ? domains.old : domains.current), random);
  });
}

/** What the admin said of the contract: as many licenses as are assigned, and those that are free. */
function factsOfContract(rows: readonly LicenseRow[]): ContractSettings['contractFacts'] {
  const held = rows.filter(({ license_status: status }) => status === 'Activated' || status === 'Invited');
  const advanced = held.filter(({ license_type: type }) => type === 'Sales Navigator Advanced').length;
  return {
    bought: 'representative',
    purchased: { advancedPlus: held.length - advanced + freeLicenses, advanced, teamLinkExtend: null },
    sso: true,
    scim: null,
    scimOwner: '',
    sharedProducts: null,
    uploaders: ['Fiona Boyle'],
  };
}

const csv = <Column extends string>(columns: readonly Column[], rows: readonly Readonly<Record<Column, string>>[]): string =>
  reportCsv(
    columns,
    rows.map((row) => columns.map((column) => row[column])),
  );

function licenseRow(person: Person, { day, old, current, date }: Facts, change: Partial<LicenseRow>, k: number): LicenseRow {
  const row: LicenseRow = {
    seat_id: seatNumber(person.n),
    invited_email_address: day === 0 ? old : current,
    preferred_first_name: person.given,
    preferred_last_name: person.family,
    unique_user_id: person.withId === false || k > 0 ? '' : employeeNumber(person.n),
    sales_license_current_status: 'active',
    license_status: 'Activated',
    license_type: 'Sales Navigator Advanced Plus',
    admin_permission: '',
    // Groups are made by hand, and some were forgotten when somebody changed teams.
    groups: person.n % 19 === 5 ? 'Pilot 2025' : person.department,
    invited_date: date(person.since),
    activated_date: date(person.since - 2),
    last_access_date: date(daysAgo[day] + person.lastSeen),
    crm_sync_status: '?',
    crm_sync: '?',
    managed_by: 'Manual',
    ...change,
  };
  if (row.license_status === 'Activated') return row;
  // LinkedIn makes the seat id at activation (help a7762565).
  return {
    ...row,
    seat_id: change.seat_id === '*' ? seatNumber(person.n) : '',
    activated_date: '',
    last_access_date: '',
    crm_sync_status: '',
    crm_sync: '',
  };
}

/** What LinkedIn would show, where a person's part does not say: it joins by the whole address. */
function withSyncStatus(row: LicenseRow, inCrm: ReadonlySet<string>): LicenseRow {
  const status = row.crm_sync_status === '?' ? (inCrm.has(row.invited_email_address) ? 'Matched' : 'Not Matched') : row.crm_sync_status;
  const sync = row.crm_sync === '?' ? (status === 'Matched' ? 'On' : '') : row.crm_sync;
  return { ...row, crm_sync_status: status, crm_sync: sync };
}

function userRow(person: Person, { day, old, current, date }: Facts, change: Partial<UserRow>, k: number): UserRow {
  return {
    Id: userId(person.n, k),
    Username: k === 0 ? old : `${person.local}${k + 1}@${domains.old}`,
    FirstName: person.given,
    LastName: person.family,
    Name: person.name,
    Email: day === 0 ? old : current,
    IsActive: 'true',
    EmployeeNumber: employeeNumber(person.n),
    FederationIdentifier: '',
    Title: person.title,
    Department: person.department,
    'Manager.Name': heads[person.department] ?? '',
    'UserRole.Name': person.department,
    'Profile.Name': 'Standard User',
    'Profile.UserLicense.Name': 'Salesforce',
    UserType: 'Standard',
    LastLoginDate: `${date(daysAgo[day] + Math.min(person.lastSeen, 6))}T07:${10 + (person.n % 50)}:00.000Z`,
    CreatedDate: `${date(person.since + 30)}T09:00:00.000Z`,
    SecondaryEmail: '',
    Confirmed: '',
    DeactivatedDate: '',
    ...change,
  };
}

interface OtherCrmUser {
  readonly given: string;
  readonly family: string;
  readonly email: string;
  readonly active: boolean;
}

/** Whose invitation to Zoho is open, and since how many days. */
const unconfirmed: Readonly<Record<string, number>> = { 'Uwe Lorenz': 9, 'Birgit Haas': 2, 'Rolf Ziegler': 30 };

/** The two CRMs that LinkedIn does not sync with: some of the company's own people, and the companies it bought. */
function makeOtherCrms(company: readonly Person[], date: (ago: number) => string) {
  const own = company.filter(({ shows }) => shows === 'repaired' || shows === 'afterDomainChange');
  const users = (people: readonly { given: string; family: string; local: string }[], domain: string, active = true): OtherCrmUser[] =>
    people.map(({ given, family, local }) => ({ given, family, email: `${local}@${domain}`, active }));
  const named = (names: string) =>
    names.split(', ').map((name) => {
      const [given, family] = name.split(' ') as [string, string];
      return { given, family, local: `${given}.${family}`.toLowerCase() };
    });
  const hubspot = [
    ...users(own.slice(0, 8), domains.current),
    ...users(named('Ravi Menon, Gita Bhatt, Colin Archer, Judith Marsh'), 'brightpath.example'),
    ...users(named('Neil Porter'), 'brightpath.example', false),
  ];
  const zoho = [
    ...users(own.slice(37, 40), domains.current),
    ...users(named('Dana Kessler, Uwe Lorenz, Birgit Haas'), 'ostwerk.example'),
    ...users(named('Rolf Ziegler'), 'ostwerk.example', false),
  ];
  return [
    {
      crmName: 'HubSpot',
      users: hubspot,
      csv: reportCsv(
        ['User ID', 'First name', 'Last name', 'Email', 'Main team', 'Seat', 'Last active', 'Deactivated'],
        hubspot.map(({ given, family, email, active }, n) => [
          String(48_210_377 + n * 211),
          given,
          family,
          email,
          'Marketing',
          'Core',
          date(1 + (n % 5)),
          active ? 'No' : 'Yes',
        ]),
      ),
    },
    {
      crmName: 'Zoho CRM',
      users: zoho,
      csv: reportCsv(
        ['Id', 'First Name', 'Last Name', 'Email', 'Role', 'Profile', 'Status', 'Confirm', 'Created Time'],
        zoho.map(({ given, family, email, active }, n) => [
          String(554_023_000_000_235_011n + BigInt(n * 4_001)),
          given,
          family,
          email,
          'Sales',
          'Standard',
          active ? 'active' : 'disabled',
          String(unconfirmed[`${given} ${family}`] === undefined),
          // Midnight in UTC, so that it is whole days ago at whatever hour one looks.
          `${date(unconfirmed[`${given} ${family}`] ?? 200 + n * 11)}T00:00:00+00:00`,
        ]),
      ),
    },
  ] as const;
}
