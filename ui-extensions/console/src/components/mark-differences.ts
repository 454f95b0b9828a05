import type { MarkedRun } from '../../../../server/api.ts';

/** Nothing to see on the screen: spaces, controls, zero width characters, marks of direction. */
const hidden = /^[\p{C}\p{Z}]$/u;

/**
 * Marks in both addresses what stands between their common beginning and end, taken apart at the @.
 * Only for lists, where the server sends plain addresses; the page of one person shows the server's own, finer runs.
 */
export function markDifferences(license: string, crm: string): { license: MarkedRun[]; crm: MarkedRun[] } {
  const [licenseLocal, licenseDomain] = parts(license);
  const [crmLocal, crmDomain] = parts(crm);
  const local = marked(licenseLocal, crmLocal);
  const domain = marked(licenseDomain, crmDomain);
  return { license: [...local.one, ...domain.one], crm: [...local.other, ...domain.other] };
}

/** Runs of a single address: only what cannot be seen is marked. */
export const markHidden = (value: string): MarkedRun[] => joined([...value].map((character) => run(character, false)));

const parts = (email: string): [string, string] => {
  const at = email.lastIndexOf('@');
  return at < 0 ? [email, ''] : [email.slice(0, at), email.slice(at)];
};

function marked(one: string, other: string): { one: MarkedRun[]; other: MarkedRun[] } {
  const left = [...one];
  const right = [...other];
  const same = (a: string | undefined, b: string | undefined): boolean => a !== undefined && a.toLowerCase() === b?.toLowerCase();
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && same(left[start], right[start])) start += 1;
  let end = 0;
  while (end < shorter - start && same(left[left.length - 1 - end], right[right.length - 1 - end])) end += 1;
  const cut = (all: string[]): MarkedRun[] =>
    joined(all.map((character, position) => run(character, position >= start && position < all.length - end)));
  return { one: cut(left), other: cut(right) };
}

const run = (character: string, differs: boolean): MarkedRun =>
  hidden.test(character)
    ? { text: character, differs: true, note: `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}` }
    : { text: character, differs };

function joined(runs: MarkedRun[]): MarkedRun[] {
  const result: MarkedRun[] = [];
  for (const next of runs) {
    const last = result.at(-1);
    if (last && last.differs === next.differs && !last.note && !next.note)
      result[result.length - 1] = { ...last, text: last.text + next.text };
    else result.push(next);
  }
  return result;
}
