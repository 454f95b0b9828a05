import type { Problem } from '../api.ts';

type Kind = NonNullable<Problem['kind']>;

function kindOf(status: number): Kind {
  if (status === 401) return 'not-connected';
  if (status === 403) return 'no-rights';
  if (status === 404 || status === 405) return 'not-found';
  return status >= 500 || status === 429 ? 'unavailable' : 'refused';
}

/** What to do where a sentence alone does not say it. */
const whatToDo: Readonly<Record<Kind, string>> = {
  'not-connected': 'Ask an admin of Seatmatch to connect this account under Connections.',
  'no-rights': 'Ask an admin of Seatmatch for the right.',
  refused: 'Nothing was changed. Reload the panel, then try again.',
  'not-found': 'Go back and reload the panel.',
  unavailable: 'Try again. If it lasts, tell your admin.',
};

/**
 * A problem as panels show it: `title` is the sentence to show, `detail` what to do, `kind` what a panel does differently.
 * @param sentence what is wrong, and after it what to do
 */
export function panelProblem(status: number, sentence: string, faults?: Problem['faults']): Problem {
  const kind = kindOf(status);
  const [, title = sentence, detail = whatToDo[kind]] = /^(.+?[.?!])\s+(\S.*)$/su.exec(sentence) ?? [];
  // One number for all that is on our side, or not to be had.
  const told = kind === 'unavailable' ? 503 : kind === 'not-found' ? 404 : status;
  return { type: 'about:blank', title, status: told, detail, kind, ...(faults ? { faults } : {}) };
}
