import { accountName, type Comparison, compareUsers } from './correlate.ts';
import type { Suggestion } from './finding.ts';
import { userIdAt } from './index-people.ts';
import { scoreLocalPart } from './local-part.ts';
import { type PersonName, parsePersonName, scoreNames } from './names.ts';
import { canonicalEmailAt, fieldIndex, textAt } from './people.ts';
import { type BlockKind, type Blocks, eachColleague, eachNamesake } from './suggestion-blocks.ts';
import { leastScore, mostNamesakes, mostSuggestions, nameOfUser, type Suggester, sameNameSlack } from './suggestions.ts';

/** How two domains stand to each other: 1 the same company domain, 0.9 a typing error away, 0.5 a private mailbox says nothing, 0.1 another company. */
function domainScore(suggester: Suggester, account: number, user: number): number {
  const { comparison, ofAccount, ofUser, groupNames } = suggester;
  const a = ofAccount[comparison.accounts.domain[account]!]!;
  const b = ofUser[comparison.users.domain[user]!]!;
  if (a === 0 || b === 0) return 0.5;
  if (a === b) return 1;
  return nearlySame(groupNames[a]!, groupNames[b]!) ? 0.9 : 0.1;
}

/** Whether two domains are one or two typing errors apart. */
function nearlySame(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 2 || a.length < 5) return false;
  let from = 0;
  while (from < a.length && from < b.length && a[from] === b[from]) from++;
  let end = 0;
  while (end < a.length - from && end < b.length - from && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return Math.max(a.length, b.length) - from - end <= 2;
}

interface Judged {
  readonly score: number;
  readonly sameName: boolean;
  readonly evidence: readonly string[];
}

/**
 * How well a CRM user fits a license holder by name, local part and domain; 0 to 0.99.
 * @param least a pair that cannot reach this is given up early, with score 0
 */
export function judgePair(
  suggester: Suggester,
  account: number,
  name: PersonName | null,
  local: string,
  user: number,
  least = leastScore,
): Judged {
  const other = nameOfUser(suggester, user);
  const domain = domainScore(suggester, account, user);
  const names = name === null || other === null ? null : scoreNames(name, other);
  if (names !== null && names.score * (0.72 + 0.28 * domain) < least) return tooFar;
  const theirs = local === '' ? '' : localPartOfUser(suggester, user);
  const sameLocal = local !== '' && theirs === local;
  // How another company writes its addresses says nothing.
  const fit = sameLocal || other === null || local === '' || domain < 0.5 ? null : scoreLocalPart(local, other);
  const localScore = sameLocal ? 1 : (fit?.score ?? 0);
  const base = names === null ? localScore * 0.9 : names.score;
  const evidence = names === null ? [...(fit?.evidence ?? [])] : [...names.evidence];
  if (sameLocal) evidence.push('the same part before the @');
  else if (names !== null && fit !== null && fit.score >= 0.8) evidence.push(...fit.evidence);
  if (domain === 1) evidence.push('the same company domain');
  else if (domain === 0.9) evidence.push('the domain is one or two letters off');
  // jane.roe and jane.roe2 of one company are two people; behind a private address a number is often a year.
  const otherNumber = domain >= 0.9 && !sameLocal && trailingDigits(local) !== trailingDigits(theirs) ? 0.92 : 1;
  return {
    score: Math.min(0.99, base * (0.62 + 0.28 * domain + 0.1 * localScore) * otherNumber),
    sameName: name !== null && other !== null && name.key === other.key,
    evidence,
  };
}

const tooFar: Judged = { score: 0, sameName: false, evidence: [] };

const trailingDigits = (local: string): string => /\d*$/.exec(local)![0];

function localPartOfUser({ comparison, userLocals }: Suggester, user: number): string {
  let local = userLocals.get(user);
  if (local === undefined) {
    const email = canonicalEmailAt(comparison.users, user);
    local = email.slice(0, Math.max(0, email.lastIndexOf('@')));
    userLocals.set(user, local);
  }
  return local;
}

export function localPartOf(comparison: Comparison, account: number): string {
  const email = canonicalEmailAt(comparison.accounts, account);
  return email.slice(0, Math.max(0, email.lastIndexOf('@')));
}

/** A colleague who fits this well ends the search. */
const goodColleague = 0.8;

/** The name of a license holder; where the export has none, what the local part of the address tells. */
const nameOfHolder = (suggester: Suggester, account: number): PersonName | null => accountName(suggester.comparison, account);

/**
 * Finds and ranks candidates for `open[from … to)`.
 * @param thread cell of `pairs` that counts the pairs looked at
 */
export function suggest(suggester: Suggester, blocks: Blocks, from: number, to: number, thread: number): void {
  const { suggestions, comparison, ofAccount } = suggester;
  const { open, candidates, scores } = suggestions;
  const found: { user: number; score: number; sameName: boolean }[] = [];
  for (let slot = from; slot < to; slot++) {
    const account = open[slot]!;
    const local = localPartOf(comparison, account);
    const name = nameOfHolder(suggester, account);
    const blockName = name ?? nameFromLocalPart(local);
    if (blockName === null) continue;
    found.length = 0;
    const group = ofAccount[comparison.accounts.domain[account]!]!;
    let best = 0;
    const meet = (user: number, kind: BlockKind, size: number): void => {
      if (found.some((other) => other.user === user)) return;
      if (kind === 'family' && name !== null && !mayShareGivenName(name, nameOfUser(suggester, user))) return;
      suggestions.pairs[thread]!++;
      const { score, sameName } = judgePair(suggester, account, name, local, user);
      const weighed = kind === 'given' ? score / Math.sqrt(size) : score;
      best = Math.max(best, weighed);
      found.push({ user, score: weighed, sameName });
    };
    eachColleague(suggestions, blocks, blockName, group, meet);
    // Somebody of the same company fits: people of that name elsewhere are not who is meant.
    if (best < goodColleague) eachNamesake(suggestions, blocks, blockName, meet);
    const kept = found.filter(({ score }) => score >= leastScore);
    kept.sort((a, b) => b.score - a.score || compareUsers(comparison, a.user, b.user));
    const first = kept[0];
    suggestions.namesakes[slot] = first?.sameName
      ? Math.min(mostNamesakes, kept.filter((other) => other.sameName && first.score - other.score < sameNameSlack).length)
      : 0;
    for (let k = 0; k < Math.min(mostSuggestions, kept.length); k++) {
      candidates[slot * mostSuggestions + k] = kept[k]!.user;
      scores[slot * mostSuggestions + k] = kept[k]!.score;
    }
  }
}

/** Of the many people of one surname, only those whose given names could be one: nearly the same, an initial, or the same name behind a short form. */
function mayShareGivenName(a: PersonName, b: PersonName | null): boolean {
  if (b === null) return false;
  if (a.given.length === 0 || b.given.length === 0) return true;
  if (a.givenKeys.some((key) => b.givenKeys.includes(key))) return true;
  return a.given.some((x) =>
    b.given.some((y) => x[0] === y[0] && (x.length === 1 || y.length === 1 || x[1] === y[1] || x.at(-1) === y.at(-1))),
  );
}

/** "jane.roe" as a name: only where two or more letters-only tokens stand there. */
function nameFromLocalPart(local: string): PersonName | null {
  const tokens = local.split(/[._-]+/).filter((token) => /^\p{L}{2,}$/u.test(token));
  if (tokens.length < 2) return null;
  return parsePersonName(tokens.slice(0, -1).join(' '), tokens.at(-1)!, '');
}

/** One license holder's suggestions as a person reads them. */
export function suggestionsOf(suggester: Suggester, account: number): Suggestion[] {
  const { suggestions, comparison } = suggester;
  const slot = suggestions.slotOf[account]!;
  if (slot < 0) return [];
  const { users } = comparison;
  const list: Suggestion[] = [];
  const name = nameOfHolder(suggester, account);
  const local = localPartOf(comparison, account);
  for (let k = 0; k < mostSuggestions; k++) {
    const user = suggestions.candidates[slot * mostSuggestions + k]!;
    if (user < 0) break;
    const judged = judgePair(suggester, account, name, local, user);
    const score = suggestions.scores[slot * mostSuggestions + k]!;
    list.push({
      crmUserId: userIdAt(users, user),
      name: fullName(comparison, user),
      email: textAt(users, user, fieldIndex(users, 'email')),
      score: Math.round(score * 1000) / 1000,
      evidence: score < judged.score * 0.7 ? [...judged.evidence, 'fits another license better'] : judged.evidence,
    });
  }
  return list;
}

/** A CRM user's name as the source wrote it. */
export function fullName(comparison: Pick<Comparison, 'users'>, user: number): string {
  const { users } = comparison;
  const display = textAt(users, user, fieldIndex(users, 'displayName'));
  return display !== ''
    ? display
    : `${textAt(users, user, fieldIndex(users, 'givenName'))} ${textAt(users, user, fieldIndex(users, 'familyName'))}`.trim();
}
