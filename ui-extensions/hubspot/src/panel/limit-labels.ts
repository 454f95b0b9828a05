import type { Limits } from './panel-types.ts';

/** As the console says them; a test holds them equal. The server answers settings as values, without words. */
export const limitLabels = {
  rowsPerFile: { label: 'Rows per upload file', hint: 'Larger plans become several files.', unit: '' },
  staleAfterDays: { label: 'Export is called old after', hint: 'From then on a banner reminds you.', unit: ' days' },
  emailFileMaxAgeDays: { label: 'Email files from exports up to', hint: 'Older exports still explain, but make no file.', unit: ' days' },
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
  removalMaxAgeHours: {
    label: 'Age of a list for removals',
    hint: 'Licenses are removed only on a complete export that is younger than this.',
    unit: ' hours',
  },
  answerDays: { label: 'Time to answer', hint: 'Whoever has not confirmed the new address by then is left out.', unit: ' days' },
  planHours: { label: 'Life of a plan', hint: 'A plan that nobody approves runs out after this.', unit: ' hours' },
  invitationDays: {
    label: 'Invitation to Zoho',
    hint: 'Whoever has not accepted by then has to be invited again.',
    unit: ' days',
  },
  idleDays: { label: 'Idle licenses', hint: 'Whose last access is longer ago counts as idle.', unit: ' days' },
} satisfies Record<keyof Limits, { label: string; hint: string; unit: string }>;

export const limitsTitle = 'Limits';
export const limitsLead = 'Guards that stop before anything changes, and how old a list may be.';
export const save = 'Save';
export const savedLimits = 'Limits: saved.';
