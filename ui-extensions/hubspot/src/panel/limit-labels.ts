import type { Limits } from './panel-types.ts';

/** As the console says them; a test holds them equal. The server answers settings as values, without words. */
export const limitLabels = {
  rowsPerFile: 'Rows per upload file',
  staleAfterDays: 'Export is called old after (days)',
  emailFileMaxAgeDays: 'Email files from exports up to (days)',
  oddRunPercent: 'Odd run: share that changes (%)',
  oddRunPeople: 'Odd run: and at least (people)',
  sandboxPercent: 'Sandbox: share of .invalid emails (%)',
  crmJobHours: 'LinkedIn may take (hours)',
  removalMaxAgeHours: 'Age of a list for removals (hours)',
  answerDays: 'Time to answer (days)',
  planHours: 'Life of a plan (hours)',
} satisfies Record<keyof Limits, string>;

export const limitsTitle = 'Limits';
export const limitsLead = 'Guards that stop before anything changes, and how old a list may be.';
export const save = 'Save';
