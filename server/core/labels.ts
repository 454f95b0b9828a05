import type { Explanation } from './finding.ts';
import type { Actor, fileStates, planStates, Reason, Route, Rule, Status, Tone } from './status.ts';

/** The closed lists of design words as people read them. */

export const statusLabels: Readonly<Record<Status, string>> = {
  matched: 'Matched',
  'not-matched': 'Not Matched',
  'cannot-sync': "Can't sync",
  'no-license': 'No license',
  excepted: 'Exception',
  'being-repaired': 'Being repaired',
  'not-checked': 'Not checked',
};

export const actorLabels: Readonly<Record<Actor, string>> = {
  'crm-admin': 'CRM admin',
  'linkedin-admin': 'LinkedIn admin',
  'identity-team': 'Identity team',
  'the-person': 'The person',
  'nobody-wait': 'Nobody, wait',
};

export const ruleLabels: Readonly<Record<Rule, string>> = {
  link: 'Linked by a person',
  'stable-id': 'Same stable ID',
  'exact-email': 'Exactly the same email',
  'canonical-email': 'Same email once cleaned',
  'domain-alias': 'Same email on another company domain',
  'plus-tag': 'Same email without the +tag',
  'secondary-email': 'Second address of the person',
  history: 'Known from an earlier run',
  suggestion: 'Similar name or address',
};

export type Outcome = Explanation['trace'][number]['outcome'];

export const outcomeLabels: Readonly<Record<Outcome, string>> = {
  decided: 'decided',
  agrees: 'agrees',
  contradicts: 'contradicts',
  'no-match': 'no match',
  'not-applicable': 'not applicable',
};

const statusTones: Readonly<Record<Status, Tone>> = {
  matched: 'good',
  'not-matched': 'bad',
  'cannot-sync': 'neutral',
  'no-license': 'info',
  excepted: 'neutral',
  'being-repaired': 'info',
  'not-checked': 'warning',
};

/** Matched people who do not sync yet look different from those who do. */
export const toneOf = (status: Status, reason: Reason): Tone =>
  status === 'matched' && reason !== 'in-sync' && reason !== 'emails-agree' ? 'warning' : statusTones[status];

export const planStateLabels: Readonly<Record<(typeof planStates)[number], string>> = {
  draft: 'Not approved yet',
  running: 'Under way',
  paused: 'Paused',
  done: 'Done',
  cancelled: 'Cancelled',
  expired: 'Expired',
};

const uploadStates: Readonly<Record<(typeof fileStates)[number], string>> = {
  made: 'Made',
  downloaded: 'Downloaded',
  'said-to-be-uploaded': 'Uploaded, you said',
  seen: 'Seen at LinkedIn',
  closed: 'Closed',
  discarded: 'Thrown away',
  replaced: 'Replaced by a newer file',
  late: 'Too late to upload',
};

/** By how the change reaches LinkedIn: not everywhere does somebody upload a file. */
export const fileStateLabels: Readonly<Record<Route, typeof uploadStates>> = {
  files: uploadStates,
  scim: { ...uploadStates, downloaded: 'Under way', 'said-to-be-uploaded': 'Under way' },
  guided: { ...uploadStates, downloaded: 'Begun', 'said-to-be-uploaded': 'Done, you said', late: 'Too late' },
};

/** What the page of a plan's tasks says, in the console and behind the link that hands the tasks over. */
export const taskWords = {
  giveBackTitle: 'People without a license',
  giveBack: 'Give everyone back',
  make: 'Make the file',
  makeGuided: 'Begin',
  download: 'Download',
  uploaded: 'I uploaded it',
  didIt: 'I did it',
  discard: 'Throw it away',
  noExcel: 'Don’t open it in Excel: it drops zeros from IDs.',
  upload: 'Upload it: Admin Center → Users → Manage users via CSV → Upload. On a desktop, as a full admin. Then press “I uploaded it”.',
  checklist: 'In Admin Center, one after the other',
  proof: 'Bring back the proof',
  proofLead: 'LinkedIn’s result file or a new export from Admin Center. It shows what really changed.',
  chooseProof: 'Choose the result file or the export',
  count: 'How many users does Admin Center show?',
} as const;

/** Limits as the settings say them, in their order. */
export const limitLabels = {
  rowsPerFile: { label: 'Rows per upload file', hint: 'Larger plans become several files.', unit: '' },
  staleAfterDays: { label: 'Export is called old after', hint: 'From then on a banner reminds you.', unit: ' days' },
  emailFileMaxAgeDays: {
    label: 'Email files from exports up to',
    hint: 'Older exports still explain, but make no file.',
    unit: ' days',
  },
  oddRunPercent: {
    label: 'Odd run: share that changes',
    hint: 'The run is held with a question when more change status at once …',
    unit: ' %',
  },
  oddRunPeople: { label: 'Odd run: and at least', hint: '… and at least this many people.', unit: ' people' },
  sandboxPercent: {
    label: 'Sandbox: share of .invalid emails',
    hint: 'More than this and the CRM file counts as a sandbox.',
    unit: ' %',
  },
  crmJobHours: {
    label: 'LinkedIn may take',
    hint: 'Until then a correction that LinkedIn does not show yet is no disagreement that lasts.',
    unit: ' hours',
  },
  invitationDays: {
    label: 'Invitation to Zoho',
    hint: 'Whoever has not accepted by then has to be invited again.',
    unit: ' days',
  },
  removalMaxAgeHours: {
    label: 'Age of a list for removals',
    hint: 'Licenses are removed only on a complete export that is younger than this.',
    unit: ' hours',
  },
  answerDays: { label: 'Time to answer', hint: 'Whoever has not confirmed the new address by then is left out.', unit: ' days' },
  idleDays: { label: 'Idle licenses', hint: 'Whose last access is longer ago counts as idle.', unit: ' days' },
  planHours: { label: 'Life of a plan', hint: 'A plan that nobody approves runs out after this.', unit: ' hours' },
} as const;

export const limitsWords = { title: 'Limits', lead: 'Guards that stop before anything changes, and how old a list may be.' } as const;
