import type { Panel, PanelPeople, PanelPerson, PanelPersonDetail, PanelPlan, PanelRecord } from '../src/panel/panel-types.ts';

/** Answers as the server gives them, made up. A word is its key with a mark, so that a test sees a text which the panel made by itself. */

const keys = [
  'title refresh retry back close cancel approve search filter all name licenseEmail crmEmail status reason nextStep actor since',
  'seatsThatSync trend reasons toDo nothingToDo fileTasks causes plans runs freshness connections notMatched people person plan',
  'whatWillHappen price before after progress leftOut whatDiffers howDecided timeline suggestions repairs compareNow previous next',
  'noResults clearFilter loading openInSeatmatch confirm differs everyoneMatched tasks alsoTrue doneWhen stops readFirst',
  'save limits limitsLead limitsSaved',
];
export const exampleLimits = {
  rowsPerFile: 2000,
  emailFileMaxAgeDays: 3,
  staleAfterDays: 7,
  oddRunPercent: 20,
  oddRunPeople: 5,
  sandboxPercent: 10,
  idleDays: 60,
  invitationDays: 7,
  crmJobHours: 24,
  removalMaxAgeHours: 24,
  answerDays: 7,
  planHours: 24,
};
const named = [
  ...keys.flatMap((line) => line.split(' ')),
  ...Object.keys(exampleLimits).flatMap((name) => [`limit_${name}`, `limit_${name}_hint`]),
];
export const words = Object.fromEntries(named.map((key) => [key, `*${key}*`]));

export const examplePanel = (change: Partial<Panel> = {}): Panel => ({
  now: '2026-11-29T10:00:00.000Z',
  viewer: { name: 'Dana Admin', canAct: true, sentence: null },
  title: 'Acme · HubSpot',
  state: 'ready',
  message: null,
  banners: [{ tone: 'warning', sentence: 'The LinkedIn export is 12 days old.' }],
  alarms: [
    {
      id: 'a1',
      tone: 'bad',
      sentence: '3 people have no license right now.',
      label: 'Give everyone back',
      target: { view: 'plan', id: '7' },
    },
  ],
  headline: { label: 'Seats that sync', value: '10', of: '90', percent: 11, sentence: '10 of 90 licenses sync.' },
  trend: [
    { at: '2026-11-27T10:00:00.000Z', label: '27 Nov', value: 8, of: 90 },
    { at: '2026-11-28T10:00:00.000Z', label: '28 Nov', value: 10, of: 90 },
  ],
  trendSentence: '2 more than on 27 Nov.',
  numbers: [
    { id: 'not-matched', label: 'Not Matched', value: 41, tone: 'bad', target: { view: 'people', filter: { status: 'not-matched' } } },
  ],
  reasons: [
    {
      id: 'email-differs',
      label: 'Email differs',
      count: 37,
      tone: 'warning',
      target: { view: 'people', filter: { reason: 'email-differs' } },
    },
  ],
  toDo: [{ id: 't1', actor: 'CRM admin', sentence: 'Repair 37 people with one file.', count: 37, target: { view: 'plan', id: '7' } }],
  fileTasks: [
    {
      id: 'f1',
      title: 'Give everyone back',
      tone: 'bad',
      sentence: '3 of 3 wait.',
      progress: { value: 0, of: 3 },
      target: { view: 'plan', id: '7' },
    },
  ],
  causes: [
    {
      id: 'c1',
      sentence: 'acme.com became acme.io: 37 people.',
      count: 37,
      repair: { button: 'Repair 37 people', choice: { rootCause: 'c1' } },
      target: { view: 'people', filter: { rootCause: 'c1' } },
    },
  ],
  plans: [
    {
      id: '7',
      title: 'Repair 7',
      state: 'Running',
      tone: 'info',
      sentence: '1 of 3 done.',
      progress: { value: 1, of: 3 },
      target: { view: 'plan', id: '7' },
    },
  ],
  runs: [{ label: 'Last run', sentence: '28 Nov 2026, 10:00', tone: 'neutral' }],
  freshness: [{ sentence: 'The export is 12 days old.', tone: 'warning' }],
  connections: [
    {
      id: 'h1',
      name: 'HubSpot',
      tone: 'good',
      sentence: 'Answers.',
      budget: { sentence: '4 of 100 requests', value: 4, of: 100 },
    },
  ],
  poll: null,
  words,
  ...change,
});

export const examplePerson = (change: Partial<PanelPerson> = {}): PanelPerson => ({
  key: 'LIC-1',
  name: 'Anna Berg',
  status: 'Not Matched',
  tone: 'bad',
  reason: 'Old domain',
  sentence: 'The license has acme.com, HubSpot has acme.io.',
  nextStep: 'Confirm which domain is right.',
  actor: 'CRM admin',
  licenseEmail: 'anna.berg@acme.com',
  crmEmail: 'anna.berg@acme.io',
  since: 'since 12 Nov 2026',
  repair: { button: 'Repair Anna', choice: { licenseIds: ['LIC-1'] } },
  ...change,
});

export const examplePeople = (change: Partial<PanelPeople> = {}): PanelPeople => ({
  rows: [examplePerson()],
  total: 10_000,
  totalSentence: '10,000 people',
  next: 'page-2',
  filters: [{ id: 'reason', label: 'Reason', options: [{ value: 'email-differs', label: 'Email differs', count: 37 }] }],
  ...change,
});

export const exampleDetail = (change: Partial<PanelPersonDetail> = {}): PanelPersonDetail => ({
  ...examplePerson(),
  also: ['License type unknown'],
  closedBy: 'Closed by an export that shows Matched.',
  emails: [
    {
      label: 'LinkedIn license',
      runs: [
        { text: 'anna.berg@acme.', differs: false, note: null },
        { text: 'com', differs: true, note: 'old domain' },
      ],
    },
  ],
  owner: 'This is Anna Berg by employee number.',
  suggestions: [{ name: 'Ann Berg', email: 'ann@acme.io', sentence: 'Same name.' }],
  trace: [{ rule: 'Stable ID', outcome: 'Decided', tone: 'good', detail: 'E100 on both sides.' }],
  timeline: [{ when: '12 Nov 2026', sentence: 'Became Not Matched.', tone: 'bad' }],
  repairs: [{ sentence: 'Repair 7 is running.', target: { view: 'plan', id: '7' } }],
  warning: null,
  ...change,
});

export const exampleRecord = (change: Partial<PanelRecord> = {}): PanelRecord => ({
  found: true,
  heading: 'Anna Berg',
  sentence: 'Not Matched',
  tone: 'bad',
  person: exampleDetail(),
  warning: null,
  words,
  viewer: { name: 'Dana Admin', canAct: true, sentence: null },
  ...change,
});

export const examplePlan = (change: Partial<PanelPlan> = {}): PanelPlan => ({
  id: '7',
  number: 7,
  title: 'Repair 7',
  state: 'draft',
  stateWords: 'Draft',
  tone: 'neutral',
  price: '37 license emails change. No invitation is sent and no license is removed.',
  steps: ['Upload one file.', 'Wait a day.'],
  facts: [{ label: 'Files', value: '1' }],
  stops: [],
  notes: ['Approve it before tomorrow.'],
  approval: {
    heading: 'Approve repair 7?',
    sentence: '37 emails change.',
    button: 'Approve: change 37 emails',
    seal: 'abc',
    possible: true,
  },
  progress: { value: 0, of: 37, sentence: 'Nobody yet', counts: [] },
  tasks: [],
  giveBack: null,
  next: null,
  people: {
    total: 37,
    rows: [
      {
        key: 'LIC-1',
        name: 'Anna Berg',
        before: 'anna.berg@acme.com',
        after: 'anna.berg@acme.io',
        state: 'Waiting',
        tone: 'neutral',
        sentence: 'Waits for the file.',
      },
    ],
    next: 'page-2',
  },
  leftOut: [{ name: 'Bo Cole', sentence: 'Protected.' }],
  actions: [{ id: 'cancel', label: 'Cancel repair', confirm: 'Nothing has been changed yet.', href: null }],
  poll: null,
  ...change,
});
