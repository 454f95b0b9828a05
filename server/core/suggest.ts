import type { AccountField } from '../../connectors/connector.ts';
import { accountName, type Comparison, compareUsers } from './correlate.ts';
import type { Suggestion } from './finding.ts';
import { hash } from './hash-bytes.ts';
import { userIdAt } from './index-people.ts';
import { keySum } from './key-sums.ts';
import { localPartScore, scoreLocalPart } from './local-part.ts';
import { hashKey, nameScore, type PersonName, parsePersonName, scoreNames } from './names.ts';
import { canonicalEmailAt, fieldIndex, type People, sameLocalPart, sameTrailingDigits, textAt } from './people.ts';
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
  while (from < a.length && from < b.length && a.charCodeAt(from) === b.charCodeAt(from)) from++;
  let end = 0;
  while (end < a.length - from && end < b.length - from && a.charCodeAt(a.length - 1 - end) === b.charCodeAt(b.length - 1 - end)) end++;
  return Math.max(a.length, b.length) - from - end <= 2;
}

/** A license holder as pairs are judged: the part before the @ is read when somebody asks. */
export interface Holder {
  readonly account: number;
  readonly name: PersonName | null;
  local: string | null;
}

export const holderAt = (suggester: Suggester, account: number): Holder => ({
  account,
  name: accountName(suggester.comparison, account),
  local: null,
});

const localOf = (suggester: Suggester, holder: Holder): string => {
  holder.local ??= localPartOf(suggester.comparison.accounts, holder.account);
  return holder.local;
};

/**
 * How well a CRM user fits a license holder by name, local part and domain; 0 to 0.99.
 * @param other the CRM user's name
 * @param least a pair that cannot reach this is given up early, with score 0
 * @param evidence gets what was seen, in words
 */
export function scorePair(
  suggester: Suggester,
  holder: Holder,
  user: number,
  other: PersonName | null,
  least = leastScore,
  evidence?: string[],
): number {
  const { comparison } = suggester;
  const { account, name } = holder;
  const domain = domainScore(suggester, account, user);
  const ofNames = name === null || other === null ? null : nameScore(name, other);
  if (ofNames !== null && ofNames * (0.72 + 0.28 * domain) < least) return 0;
  const sameLocal = sameLocalPart(comparison.accounts, account, comparison.users, user);
  // How another company writes its addresses says nothing.
  const fits = !sameLocal && other !== null && domain >= 0.5 && localOf(suggester, holder) !== '';
  const localScore = sameLocal ? 1 : fits ? localPartScore(localOf(suggester, holder), other) : 0;
  const base = ofNames ?? localScore * 0.9;
  if (evidence !== undefined) {
    if (name !== null && other !== null) evidence.push(...scoreNames(name, other).evidence);
    if (sameLocal) evidence.push('the same part before the @');
    else if (fits && (ofNames === null || localScore >= 0.8)) evidence.push(...scoreLocalPart(localOf(suggester, holder), other).evidence);
    if (domain === 1) evidence.push('the same company domain');
    else if (domain === 0.9) evidence.push('the domain is one or two letters off');
  }
  // jane.roe and jane.roe2 of one company are two people; behind a private address a number is often a year.
  const otherNumber = domain >= 0.9 && !sameLocal && !sameTrailingDigits(comparison.accounts, account, comparison.users, user) ? 0.92 : 1;
  return Math.min(0.99, base * (0.62 + 0.28 * domain + 0.1 * localScore) * otherNumber);
}

/** The part before the @ of the canonical email; '' where there is no address. */
function localPartOf(people: People<AccountField>, row: number): string {
  const email = canonicalEmailAt(people, row);
  return email.slice(0, Math.max(0, email.lastIndexOf('@')));
}

/** A colleague who fits this well ends the search. */
const goodColleague = 0.8;

/**
 * Finds and ranks candidates for `open[from … to)`.
 * @param thread cell of `pairs` that counts the pairs looked at
 */
export function suggest(suggester: Suggester, blocks: Blocks, from: number, to: number, thread: number): void {
  const { suggestions, comparison, ofAccount, met } = suggester;
  const { open, free, candidates, scores } = suggestions;
  // The license holder at hand and whom he has met, outside the loop: this is made once, not for each of a hundred thousand.
  let slot = from;
  let holder = holderAt(suggester, open[from]!);
  let best = 0;
  let found = 0;
  const users: number[] = [];
  const weights: number[] = [];
  const meet = (position: number, kind: BlockKind, size: number): void => {
    if (met[position] === slot + 1) return;
    const user = free[position]!;
    const other = nameOfUser(suggester, user);
    if (kind === 'family' && holder.name !== null && !mayShareGivenName(holder.name, other)) return;
    met[position] = slot + 1;
    suggestions.pairs[thread]!++;
    // Of several people of one given name, none fits as well as one alone would; who falls below the least that way can be given up early.
    const weight = kind === 'given' ? Math.sqrt(size) : 1;
    const score = scorePair(suggester, holder, user, other, leastScore * weight) / weight;
    if (score > best) best = score;
    if (score < leastScore) return;
    users[found] = user;
    weights[found++] = score;
  };
  for (; slot < to; slot++) {
    const account = open[slot]!;
    holder = holderAt(suggester, account);
    const blockName = holder.name ?? nameFromLocalPart(localOf(suggester, holder));
    if (blockName === null) continue;
    best = 0;
    found = 0;
    eachColleague(blocks, blockName, ofAccount[comparison.accounts.domain[account]!]!, meet);
    // Somebody of the same company fits: people of that name elsewhere are not who is meant.
    if (best < goodColleague) eachNamesake(blocks, blockName, meet);
    if (found === 0) continue;
    for (let k = 0; k < Math.min(mostSuggestions, found); k++) {
      moveBestTo(comparison, users, weights, k, found);
      candidates[slot * mostSuggestions + k] = users[k]!;
      scores[slot * mostSuggestions + k] = weights[k]!;
    }
    if (!hasSameName(suggester, holder, users[0]!)) continue;
    let alike = 0;
    for (let k = 0; k < found && alike < mostNamesakes; k++)
      if (weights[0]! - weights[k]! < sameNameSlack && hasSameName(suggester, holder, users[k]!)) alike++;
    suggestions.namesakes[slot] = alike;
    if (alike !== 1 || holder.name === null) continue;
    hashKey(holder.name);
    suggestions.sought.set([hash.low, hash.high, keySum(holder.name.key)], 3 * slot);
  }
}

const hasSameName = (suggester: Suggester, { name }: Holder, user: number): boolean =>
  name !== null && nameOfUser(suggester, user)?.key === name.key;

/** Puts the best of `users[from … to)` first, by score and then in an order that the file does not decide. */
function moveBestTo(comparison: Comparison, users: number[], weights: number[], from: number, to: number): void {
  let best = from;
  for (let k = from + 1; k < to; k++) {
    const more = weights[k]! - weights[best]!;
    if (more > 0 || (more === 0 && compareUsers(comparison, users[k]!, users[best]!) < 0)) best = k;
  }
  const [user, weight] = [users[best]!, weights[best]!];
  users[best] = users[from]!;
  weights[best] = weights[from]!;
  users[from] = user;
  weights[from] = weight;
}

/** Of the many people of one surname, only those whose given names could be one: nearly the same, an initial, or the same name behind a short form. */
function mayShareGivenName(a: PersonName, b: PersonName | null): boolean {
  if (b === null) return false;
  if (a.given.length === 0 || b.given.length === 0) return true;
  for (const key of a.givenKeys) if (b.givenKeys.includes(key)) return true;
  for (const x of a.given) {
    for (const y of b.given) {
      if (x.charCodeAt(0) !== y.charCodeAt(0)) continue;
      if (x.length === 1 || y.length === 1 || x.charCodeAt(1) === y.charCodeAt(1)) return true;
      if (x.charCodeAt(x.length - 1) === y.charCodeAt(y.length - 1)) return true;
    }
  }
  return false;
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
  const holder = holderAt(suggester, account);
  for (let k = 0; k < mostSuggestions; k++) {
    const user = suggestions.candidates[slot * mostSuggestions + k]!;
    if (user < 0) break;
    const evidence: string[] = [];
    const judged = scorePair(suggester, holder, user, nameOfUser(suggester, user), leastScore, evidence);
    const score = suggestions.scores[slot * mostSuggestions + k]!;
    list.push({
      crmUserId: userIdAt(users, user),
      name: fullName(comparison, user),
      email: textAt(users, user, fieldIndex(users, 'email')),
      score: Math.round(score * 1000) / 1000,
      evidence: score < judged * 0.7 ? [...evidence, 'fits another license better'] : evidence,
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
