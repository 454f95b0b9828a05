import { domains, type Facts, type LicenseRow, type Part } from './demo-person.ts';

const usual = [{}] as const;
const nobody = [] as const;

/** Keeps the old address in LinkedIn, whatever the CRM has. */
const stayedOld = ({ old }: Facts): readonly Partial<LicenseRow>[] => [{ invited_email_address: old }];
/** Got the new address in LinkedIn this week. */
const movedThisWeek = ({ day, old, current }: Facts): Partial<LicenseRow> => ({ invited_email_address: day === 2 ? current : old });
const movedSilently = (facts: Facts): readonly Partial<LicenseRow>[] => [
  // LinkedIn looks at the CRM once a day: nothing is shown yet of an address that has just changed.
  { ...movedThisWeek(facts), ...(facts.day === 2 ? { crm_sync_status: '' } : {}) },
];

const okta = (federationId: string): Pick<Part, 'licenses' | 'users'> => ({
  licenses: ({ old }) => [{ invited_email_address: old, unique_user_id: federationId, managed_by: 'Okta' }],
  users: () => [{ FederationIdentifier: federationId }],
});

/** Parts that many people play. */
export const crowds = {
  afterDomainChange: { licenses: stayedOld },
  repaired: { licenses: (facts) => [movedThisWeek(facts)] },
  repairedSilently: { licenses: movedSilently },
  unseenLastWeek: {
    licenses: ({ at }) => [{ invited_email_address: at(domains.benelux) }],
    users: ({ at }) => [{ Email: at(domains.benelux) }],
  },
  withoutLicense: { licenses: () => nobody },
} as const satisfies Record<string, Pick<Part, 'licenses' | 'users'>>;

/** One person for each reason of the design, told over three weeks. Beside what is said here each of them matches. */
export const cast: readonly Part[] = [
  // Matched, and what stands in the way of syncing
  {
    given: 'Ingrid',
    family: 'Solheim',
    shows: 'LinkedIn says Not Matched although the emails agree',
    licenses: ({ day }) => [{ crm_sync_status: day === 0 ? 'Matched' : 'Not Matched' }],
  },
  {
    given: 'Tomasz',
    family: 'Wilk',
    shows: 'invited this week',
    licenses: ({ day, date }) => (day === 2 ? [{ license_status: 'Invited', invited_date: date(3) }] : nobody),
    users: ({ day }) => (day === 0 ? nobody : usual),
  },
  {
    given: 'Aisha',
    family: 'Rahman',
    shows: 'invited twelve days ago and still not in',
    licenses: ({ day, date }) => (day === 0 ? nobody : [{ license_status: 'Invited', invited_date: date(12) }]),
  },
  {
    given: 'Femke',
    family: 'de Boer',
    shows: 'CRM sync is off',
    licenses: ({ at }) => [{ invited_email_address: at(domains.benelux), crm_sync: 'Off', crm_sync_status: '' }],
    users: ({ at }) => [{ Email: at(domains.benelux) }],
  },
  { given: 'Luca', family: 'Bianchi', shows: 'corrected yesterday', licenses: movedSilently },
  { given: 'Hanna', family: 'Virtanen', shows: 'corrected yesterday', withId: false, licenses: movedSilently },
  { given: 'Amara', family: 'Okafor', shows: 'an admin looked and saw Matched', licenses: movedSilently },
  {
    given: 'Lucia',
    family: 'Moreno',
    shows: "the email is hers, the Unique User ID typed in this week is a colleague's",
    licenses: ({ day, employeeNumberOf }) => [{ unique_user_id: day === 2 ? employeeNumberOf('Pavel Horak') : '' }],
  },
  {
    given: 'Kwame',
    family: 'Mensah',
    shows: 'seems to use a second LinkedIn profile',
    licenses: ({ date }) => [{ invited_date: date(10), activated_date: date(9) }],
  },
  {
    given: 'Hugo',
    family: 'Lambert',
    shows: 'the export does not say which license this is',
    licenses: () => [{ license_type: '' }],
  },

  // The emails differ
  {
    given: 'Kari',
    family: 'Larsen',
    shows: 'another spelling of the address, found by ID',
    licenses: ({ at }) => [{ invited_email_address: at(domains.current, 'k.larsen') }],
  },
  {
    given: 'Zoë',
    family: 'Clarke',
    shows: 'found by the link an admin made',
    withId: false,
    licenses: () => [{ invited_email_address: 'zoe@clarke-advisory.example' }],
  },
  {
    given: 'Mei',
    family: 'Tanaka',
    shows: 'a zero width space that was gone last week and came back',
    withId: false,
    licenses: ({ day, old, current }) => [
      { invited_email_address: day === 1 ? current : (day === 0 ? old : current).replace('@', '\u200B@') },
    ],
  },
  {
    given: 'Oliver',
    family: 'Grant',
    shows: 'a Cyrillic letter that looks right',
    licenses: ({ current }) => [{ invited_email_address: current.replace('oliver', 'oliv\u0435r') }],
  },
  {
    given: 'Dev',
    family: 'Patel',
    shows: 'a +tag',
    withId: false,
    licenses: ({ at }) => [{ invited_email_address: at(domains.current, 'dev.patel+sn') }],
  },
  {
    given: 'Mara',
    family: 'Lindt',
    shows: 'no dot',
    licenses: ({ at }) => [{ invited_email_address: at(domains.current, 'maralindt') }],
  },
  {
    given: 'Jonas',
    family: 'Peeters',
    shows: "the Benelux company's domain, while Salesforce has the group's",
    licenses: ({ at }) => [{ invited_email_address: at(domains.benelux) }],
  },
  {
    given: 'Marco',
    family: "D'Angelo",
    shows: 'his second address',
    withId: false,
    licenses: ({ at }) => [{ invited_email_address: at(domains.current, 'marco') }],
    users: ({ at }) => [{ SecondaryEmail: at(domains.current, 'marco') }],
  },
  {
    given: 'Lena',
    family: 'Fischer',
    shows: 'married, found by ID',
    users: ({ day, at }) => [day === 0 ? {} : { LastName: 'Sommer', Name: 'Lena Sommer', Email: at(domains.current, 'lena.sommer') }],
  },
  {
    given: 'Renée',
    family: 'Dubois',
    shows: 'married this week, found by an earlier comparison',
    withId: false,
    users: ({ day, at }) => [day < 2 ? {} : { LastName: 'Leroy', Name: 'Renée Leroy', Email: at(domains.current, 'renee.leroy') }],
  },
  {
    given: 'Chloe',
    family: 'Martin',
    shows: 'a private address',
    licenses: ({ at }) => [{ invited_email_address: at('mail.example') }],
  },
  {
    given: 'Iris',
    family: 'Kaya',
    shows: 'the CRM has the typing error',
    users: ({ day, at }) => [day === 0 ? {} : { Email: at('northwind-gruop.example') }],
  },
  {
    given: 'Paolo',
    family: 'Rossi',
    shows: 'a contractor with two addresses of his own',
    licenses: () => [{ invited_email_address: 'paolo@rossi-consulting.example' }],
    users: () => [{ Email: 'p.rossi@studio-rossi.example' }],
  },
  { given: 'Noah', family: 'Fleming', shows: 'Okta owns the license', ...okta('00u7northwind0001') },
  { given: 'Elif', family: 'Aydin', shows: 'Okta owns the license', ...okta('00u7northwind0002') },

  // Repairs that this company made before today (past-repairs.ts)
  {
    given: 'Anouk',
    family: 'Visser',
    shows: 'a full rematch two weeks ago, and the new invitation is still open',
    // The seat id was made at the first activation and stays (help a7762565).
    licenses: ({ day, at, date }) => [
      day === 0
        ? { invited_email_address: at(domains.benelux, 'a.visser') }
        : { invited_email_address: at(domains.benelux), license_status: 'Invited', invited_date: date(14), seat_id: '*' },
    ],
    users: ({ at }) => [{ Email: at(domains.benelux) }],
  },
  {
    given: 'Helena',
    family: 'Brandt',
    shows: 'corrected a week ago, and set back by another admin',
    licenses: ({ day, at, old }) => [{ invited_email_address: day === 0 ? old : at(domains.current, 'h.brandt') }],
  },
  {
    given: 'Mikael',
    family: 'Strand',
    shows: 'LinkedIn has lost him although the emails agree; he confirmed a full rematch',
    licenses: ({ day }) => [{ crm_sync_status: day === 0 ? 'Matched' : 'Not Matched' }],
  },
  {
    given: 'Carla',
    family: 'Fuentes',
    shows: 'as Mikael Strand, and she confirmed as well',
    licenses: ({ day }) => [{ crm_sync_status: day === 0 ? 'Matched' : 'Not Matched' }],
  },
  {
    given: 'Deniz',
    family: 'Acar',
    shows: 'as Mikael Strand, but has not answered yet',
    licenses: ({ day }) => [{ crm_sync_status: day === 0 ? 'Matched' : 'Not Matched' }],
  },

  // Not Matched for another reason
  {
    given: 'Bob',
    family: 'Ferrer',
    shows: 'his nickname in LinkedIn, nothing but the name fits',
    withId: false,
    users: ({ at, day }) => [
      { FirstName: 'Robert', Name: 'Robert Ferrer', Email: at(day === 0 ? domains.old : domains.current, 'robert.ferrer') },
    ],
  },
  {
    given: 'Liz',
    family: 'Weiss',
    shows: 'nickname in LinkedIn, and ß in the CRM',
    withId: false,
    users: ({ at, day }) => [
      {
        FirstName: 'Elisabeth',
        LastName: 'Weiß',
        Name: 'Elisabeth Weiß',
        Email: at(day === 0 ? domains.old : domains.current, 'elisabeth.weiss'),
      },
    ],
  },
  {
    given: 'Maria',
    family: 'Garcia',
    shows: 'two people of one name',
    withId: false,
    licenses: ({ at }) => [{ invited_email_address: at(domains.current, 'm.garcia') }],
    users: ({ at, day }) => {
      const domain = day === 0 ? domains.old : domains.current;
      return [{ Email: at(domain) }, { Email: at(domain, 'maria.garcia2'), Title: 'Account Executive, Iberia', EmployeeNumber: 'E9902' }];
    },
  },
  {
    given: 'Yusuf',
    family: 'Demir',
    shows: 'from an agency, not in the CRM',
    withId: false,
    licenses: () => [{ invited_email_address: 'yusuf.demir@brightline-agency.example' }],
    users: () => nobody,
  },
  {
    given: 'Greg',
    family: 'Sanders',
    shows: 'left, and still holds a license',
    licenses: stayedOld,
    users: ({ day, old, date }) => [day === 0 ? {} : { Email: old, IsActive: 'false', DeactivatedDate: date(9) }],
  },
  {
    given: 'Sofia',
    family: 'Lindqvist',
    shows: 'on parental leave: an exception',
    licenses: stayedOld,
    users: ({ old, date }) => [{ Email: old, IsActive: 'false', DeactivatedDate: date(41) }],
  },
  {
    given: 'Noor',
    family: 'Haddad',
    shows: 'has not accepted the invitation to the CRM',
    licenses: ({ day, date }) => (day === 2 ? [{ invited_date: date(4), activated_date: date(2), crm_sync_status: '' }] : nobody),
    users: ({ day, date }) => (day === 2 ? [{ Confirmed: 'false', LastLoginDate: '', CreatedDate: date(5) }] : nobody),
  },
  {
    given: 'Sven',
    family: 'Aalto',
    shows: 'two active CRM users with one email',
    users: () => [{}, { EmployeeNumber: '', Username: 'sven.aalto.testing@northwind.example', Title: 'Test login', LastLoginDate: '' }],
  },
  {
    given: 'Priya',
    family: 'Nair',
    shows: 'invited a second time at the old address',
    withId: false,
    licenses: ({ day, old, date }) => [
      {},
      ...(day === 2 ? [{ invited_email_address: old, license_status: 'Invited', invited_date: date(3), crm_sync_status: '' }] : []),
    ],
  },
  { given: 'Erik', family: 'Holm', shows: 'no email in the export', licenses: () => [{ invited_email_address: '' }] },
  {
    given: 'Jan',
    family: 'Dekker',
    shows: 'half an address',
    licenses: () => [{ invited_email_address: 'jan.dekker@northwind' }],
  },
  {
    given: 'Nadia',
    family: 'Farouk',
    shows: 'left; her employee number was given to a new colleague',
    licenses: stayedOld,
    users: ({ day }) => (day === 0 ? usual : nobody),
  },
  {
    given: 'Ravi',
    family: 'Menon',
    shows: "with the company bought last year, in that one's HubSpot",
    withId: false,
    licenses: () => [{ invited_email_address: 'ravi.menon@brightpath.example' }],
    users: () => nobody,
  },
  {
    given: 'Dana',
    family: 'Kessler',
    shows: 'with the Leipzig office, in its Zoho CRM',
    withId: false,
    licenses: () => [{ invited_email_address: 'dana.kessler@ostwerk.example' }],
    users: () => nobody,
  },
  {
    given: 'Ben',
    family: 'Whitaker',
    shows: 'a license that cannot sync',
    licenses: () => [{ license_type: 'Sales Navigator Advanced', crm_sync_status: '', crm_sync: '' }],
  },

  // In the CRM only
  { given: 'Pavel', family: 'Horak', shows: 'a license carries his ID', ...crowds.withoutLicense },
  {
    given: 'Astrid',
    family: 'Vang',
    shows: 'new, with an employee number used before',
    licenses: () => nobody,
    users: ({ day, date, employeeNumberOf }) =>
      day === 2 ? [{ EmployeeNumber: employeeNumberOf('Nadia Farouk'), CreatedDate: date(6) }] : nobody,
  },
  { given: 'Vera', family: 'Kolb', shows: 'pays for Sales Navigator herself', ...crowds.withoutLicense },
  { given: 'Simon', family: 'Achterberg', shows: 'no license yet', title: 'Account Executive', ...crowds.withoutLicense },
  { given: 'Leila', family: 'Benali', shows: 'no license yet', title: 'Sales Development Representative', ...crowds.withoutLicense },
  {
    given: 'Trevor',
    family: 'Hicks',
    shows: 'left without a license: counted only',
    licenses: () => nobody,
    users: ({ date }) => [{ IsActive: 'false', DeactivatedDate: date(120) }],
  },
  {
    given: 'Agnes',
    family: 'Toth',
    shows: 'left without a license: counted only',
    licenses: () => nobody,
    users: ({ date }) => [{ IsActive: 'false', DeactivatedDate: date(77) }],
  },
  // Not people, as Salesforce lists them: left out and counted
  {
    given: '',
    family: 'Integration User',
    shows: 'not a person',
    licenses: () => nobody,
    users: () => [{ 'Profile.Name': 'Salesforce API Only System Integrations', 'Profile.UserLicense.Name': 'Salesforce Integration' }],
  },
  {
    given: '',
    family: 'Automated Process',
    shows: 'not a person',
    licenses: () => nobody,
    users: () => [{ UserType: 'AutomatedProcess', 'Profile.Name': '', 'Profile.UserLicense.Name': '' }],
  },
  {
    given: 'Marketing',
    family: 'Sync',
    shows: 'not a person',
    licenses: () => nobody,
    users: () => [{ 'Profile.Name': 'Integration', 'Profile.UserLicense.Name': 'Salesforce Integration' }],
  },
  // In Admin Center without a license: counted only
  {
    given: 'Fiona',
    family: 'Boyle',
    shows: 'administrator without a license',
    department: 'IT',
    licenses: () => [
      { license_status: 'No license', license_type: '', sales_license_current_status: 'inactive', admin_permission: 'admin' },
    ],
  },
  {
    given: 'Karim',
    family: 'Saidi',
    shows: 'sees the reports, without a license',
    department: 'Finance',
    licenses: () => [
      { license_status: 'No license', license_type: '', sales_license_current_status: 'inactive', admin_permission: 'reporting' },
    ],
  },
  {
    given: 'Petra',
    family: 'Simic',
    shows: 'gave the license back',
    department: 'Support',
    licenses: () => [{ license_status: 'Unassigned', license_type: '', sales_license_current_status: 'inactive' }],
  },
];
