import { domainNumbers } from './company-domains.ts';
import { accountName, type Comparison, compareUsers, matchFlags, userName } from './correlate.ts';
import { publicMailProviders } from './email.ts';
import type { Suggestion } from './finding.ts';
import { hash, hashText } from './hash-bytes.ts';
import { accountStates, userStates } from './index-people.ts';
import { addToIndex, createKeyIndex, firstInIndex, type KeyIndex, nextInIndex } from './key-index.ts';
import { scoreLocalPart } from './local-part.ts';
import { type PersonName, parsePersonName, scoreNames } from './names.ts';
import { canonicalEmailAt, fieldIndex, textAt } from './people.ts';

/** At most this many suggestions stand on one person. */
export const mostSuggestions = 5;
/** Below this, two records only share a name part that many people share. */
const leastScore = 0.4;
/** Blocks larger than this say too little about anybody in them; skipping them whole keeps the result independent of order. */
const largestBlock = [512, 128, 4, 64] as const;
const kinds = largestBlock.length;
/** People of one name whose scores are nearer than this cannot be told apart. */
export const sameNameSlack = 0.08;

/**
 * Name and local part suggestions, as columns on shared buffers: `open` are the license holders without an owner, `free` the
 * active CRM users nobody points to. Blocks: whole name in any order; surname and company domain; given name and company
 * domain where few share it; given name behind a nickname and surname. Near-linear: a candidate pair is only looked at where
 * one of these keys agrees.
 */
export interface Suggestions {
  readonly open: Int32Array;
  readonly free: Int32Array;
  /** Position of a license holder in `open`, -1 for all others. */
  readonly slotOf: Int32Array;
  /** Block keys of `free`: low and high per kind; 0, 0 is no key. */
  readonly freeKeys: Uint32Array;
  /** CRM rows, `mostSuggestions` per slot, best first; -1 fills up. */
  readonly candidates: Int32Array;
  readonly scores: Float32Array;
  /** Where the best suggestion has the very name: how many people of that name fit about as well, at most 255. */
  readonly namesakes: Uint8Array;
  /** Pairs looked at, one cell a thread. */
  readonly pairs: Uint32Array;
}

const shared = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(Math.max(8, bytes));

/** Lists who needs suggestions and who could be one. Sequential. */
export function openSuggestions(comparison: Comparison, claims: Uint16Array): Suggestions {
  const { accounts, users, accountIndex, userIndex, matches } = comparison;
  const slotOf = new Int32Array(shared(accounts.count * 4)).fill(-1);
  let opens = 0;
  for (let i = 0; i < accounts.count; i++) {
    if (accountIndex.state[i] !== accountStates.holder || matches.owner[i]! >= 0) continue;
    if ((matches.flags[i]! & (matchFlags.ambiguousCrm | matchFlags.conflict)) !== 0) continue;
    slotOf[i] = opens++;
  }
  // Their lengths are counts: a buffer is never empty, so it may be longer than what it holds.
  const open = new Int32Array(shared(opens * 4), 0, opens);
  for (let i = 0; i < accounts.count; i++) if (slotOf[i]! >= 0) open[slotOf[i]!] = i;
  let frees = 0;
  for (let user = 0; user < users.count; user++) if (userIndex.state[user] === userStates.active && claims[user] === 0) frees++;
  const free = new Int32Array(shared(frees * 4), 0, frees);
  for (let user = 0, k = 0; user < users.count; user++)
    if (userIndex.state[user] === userStates.active && claims[user] === 0) free[k++] = user;
  return {
    open,
    free,
    slotOf,
    freeKeys: new Uint32Array(shared(frees * kinds * 8)),
    candidates: new Int32Array(shared(opens * mostSuggestions * 4), 0, opens * mostSuggestions).fill(-1),
    scores: new Float32Array(shared(opens * mostSuggestions * 4)),
    namesakes: new Uint8Array(shared(opens)),
    pairs: new Uint32Array(shared(4 * 16)),
  };
}

/** One thread's view: names are parsed once, when somebody asks. */
export interface Suggester {
  readonly comparison: Comparison;
  readonly suggestions: Suggestions;
  readonly ofUser: Uint32Array;
  readonly ofAccount: Uint32Array;
  readonly groupNames: readonly string[];
  readonly userNames: (PersonName | null | undefined)[];
}

export function createSuggester(comparison: Comparison, suggestions: Suggestions): Suggester {
  const { ofUser, ofAccount, names } = domainNumbers(comparison.users, comparison.accounts, comparison.groups);
  return { comparison, suggestions, ofUser, ofAccount, groupNames: names, userNames: [] };
}

function nameOfUser(suggester: Suggester, user: number): PersonName | null {
  let name = suggester.userNames[user];
  if (name === undefined) {
    name = userName(suggester.comparison, user);
    suggester.userNames[user] = name;
  }
  return name;
}

/** A block key as text; '' where the name has no such part. `givenKey` is one of the names a short form can stand for. */
function blockKey(kind: number, name: PersonName, givenKey: string, group: number): string {
  switch (kind) {
    case 0:
      return name.key;
    case 1:
      return name.familyKey === '' || group === 0 ? '' : `1${name.familyKey}@${group}`;
    case 2:
      return givenKey === '' || group === 0 ? '' : `2${givenKey}@${group}`;
    default:
      return givenKey === '' || name.familyKey === '' ? '' : `3${givenKey} ${name.familyKey}`;
  }
}

/** Makes the block keys of `free[from … to)`. */
export function keyFreeUsers(suggester: Suggester, from: number, to: number): void {
  const { suggestions, ofUser, comparison } = suggester;
  for (let k = from; k < to; k++) {
    const user = suggestions.free[k]!;
    const name = nameOfUser(suggester, user);
    if (name === null) continue;
    const group = ofUser[comparison.users.domain[user]!]!;
    for (let kind = 0; kind < kinds; kind++) {
      const key = blockKey(kind, name, name.givenKey, group);
      if (key === '') continue;
      hashText(key);
      suggestions.freeKeys[(k * kinds + kind) * 2] = hash.low;
      suggestions.freeKeys[(k * kinds + kind) * 2 + 1] = hash.high;
    }
  }
}

/** One index per kind of key. */
export type Blocks = readonly KeyIndex[];

/** The blocks: one index per kind over positions in `free`. Sequential, after `keyFreeUsers` of all. */
export function indexFreeUsers(suggestions: Suggestions): KeyIndex[] {
  const { free, freeKeys } = suggestions;
  return Array.from({ length: kinds }, (_, kind) => {
    const index = createKeyIndex(free.length);
    const lowOf = (k: number): number => freeKeys[(k * kinds + kind) * 2]!;
    for (let k = 0; k < free.length; k++) {
      const low = freeKeys[(k * kinds + kind) * 2]!;
      const high = freeKeys[(k * kinds + kind) * 2 + 1]!;
      if (low !== 0 || high !== 0) addToIndex(index, k, low, high, lowOf);
    }
    return index;
  });
}

/** How two domains stand to each other: 1 the same company domain, 0.9 a typing error away, 0.5 a private mailbox says nothing, 0.1 another company. */
function domainScore(suggester: Suggester, account: number, user: number): number {
  const { comparison, ofAccount, ofUser, groupNames } = suggester;
  const a = ofAccount[comparison.accounts.domain[account]!]!;
  const b = ofUser[comparison.users.domain[user]!]!;
  if (a === 0 || b === 0) return 0.5;
  if (a === b) return 1;
  const [x, y] = [groupNames[a]!, groupNames[b]!];
  if (publicMailProviders.has(x) || publicMailProviders.has(y)) return 0.5;
  return nearlySame(x, y) ? 0.9 : 0.1;
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

/** How well a CRM user fits a license holder by name, local part and domain; 0 to 0.99. */
export function judgePair(suggester: Suggester, account: number, name: PersonName | null, local: string, user: number): Judged {
  const other = nameOfUser(suggester, user);
  const domain = domainScore(suggester, account, user);
  const names = name === null || other === null ? null : scoreNames(name, other);
  if (names !== null && names.score * (0.72 + 0.28 * domain) < leastScore) return tooFar;
  const sameLocal = local !== '' && localPartIs(suggester.comparison, user, local);
  const fit = sameLocal || other === null || local === '' ? null : scoreLocalPart(local, other);
  const localScore = sameLocal ? 1 : (fit?.score ?? 0);
  const base = names === null ? localScore * 0.9 : names.score;
  const evidence = names === null ? [...(fit?.evidence ?? [])] : [...names.evidence];
  if (sameLocal) evidence.push('the same part before the @');
  else if (names !== null && fit !== null && fit.score >= 0.8) evidence.push(...fit.evidence);
  if (domain === 1) evidence.push('the same company domain');
  else if (domain === 0.9) evidence.push('the domain is one or two letters off');
  return {
    score: Math.min(0.99, base * (0.62 + 0.28 * domain + 0.1 * localScore)),
    sameName: name !== null && other !== null && name.key === other.key,
    evidence,
  };
}

const tooFar: Judged = { score: 0, sameName: false, evidence: [] };

function localPartIs(comparison: Comparison, user: number, local: string): boolean {
  return canonicalEmailAt(comparison.users, user).startsWith(`${local}@`);
}

export function localPartOf(comparison: Comparison, account: number): string {
  const email = canonicalEmailAt(comparison.accounts, account);
  return email.slice(0, Math.max(0, email.lastIndexOf('@')));
}

/** The name of a license holder; where the export has none, what the local part of the address tells. */
const nameOfHolder = (suggester: Suggester, account: number): PersonName | null => accountName(suggester.comparison, account);

/**
 * Finds and ranks candidates for `open[from … to)`.
 * @param thread cell of `pairs` that counts the pairs looked at
 */
export function suggest(suggester: Suggester, blocks: readonly KeyIndex[], from: number, to: number, thread: number): void {
  const { suggestions, comparison, ofAccount } = suggester;
  const { open, free, freeKeys, candidates, scores } = suggestions;
  const found: { user: number; score: number; sameName: boolean }[] = [];
  for (let slot = from; slot < to; slot++) {
    const account = open[slot]!;
    const local = localPartOf(comparison, account);
    const name = nameOfHolder(suggester, account);
    const blockName = name ?? nameFromLocalPart(local);
    if (blockName === null) continue;
    found.length = 0;
    const group = ofAccount[comparison.accounts.domain[account]!]!;
    const givenKeys = blockName.givenKeys.length === 0 ? [''] : blockName.givenKeys;
    for (let kind = 0; kind < kinds; kind++) {
      for (const givenKey of kind < 2 ? [''] : givenKeys) {
        const key = blockKey(kind, blockName, givenKey, group);
        if (key === '') continue;
        hashText(key);
        const { low, high } = hash;
        const isKey = (k: number): boolean => freeKeys[(k * kinds + kind) * 2] === low && freeKeys[(k * kinds + kind) * 2 + 1] === high;
        const first = firstInIndex(blocks[kind]!, low, high, isKey);
        const limit = largestBlock[kind]!;
        let size = 0;
        for (let k = first; k >= 0 && size <= limit; k = nextInIndex(blocks[kind]!, k)) size++;
        if (size > limit) continue;
        for (let k = first; k >= 0; k = nextInIndex(blocks[kind]!, k)) {
          const user = free[k]!;
          if (found.some((other) => other.user === user)) continue;
          suggestions.pairs[thread]!++;
          const { score, sameName } = judgePair(suggester, account, name, local, user);
          found.push({ user, score: kind === 2 ? score / Math.sqrt(size) : score, sameName });
        }
      }
    }
    const kept = found.filter(({ score }) => score >= leastScore);
    kept.sort((a, b) => b.score - a.score || compareUsers(comparison, a.user, b.user));
    const best = kept[0];
    suggestions.namesakes[slot] = best?.sameName
      ? Math.min(255, kept.filter((other) => other.sameName && best.score - other.score < sameNameSlack).length)
      : 0;
    for (let k = 0; k < Math.min(mostSuggestions, kept.length); k++) {
      candidates[slot * mostSuggestions + k] = kept[k]!.user;
      scores[slot * mostSuggestions + k] = kept[k]!.score;
    }
  }
}

/** "jane.roe" as a name: only where two or more letters-only tokens stand there. */
function nameFromLocalPart(local: string): PersonName | null {
  const tokens = local.split(/[._-]+/).filter((token) => /^\p{L}{2,}$/u.test(token));
  if (tokens.length < 2) return null;
  return parsePersonName(tokens.slice(0, -1).join(' '), tokens.at(-1)!, '');
}

/**
 * One CRM user to one license holder, among suggestions too: who fits another license holder better stands further down. Greedy by
 * score; ties by ids, so that the order of the input does not matter. Sequential.
 */
export function rankSuggestions(comparison: Comparison, suggestions: Suggestions, licenseId: (row: number) => string): void {
  const { open, candidates, scores } = suggestions;
  const order: number[] = [];
  for (let c = 0; c < candidates.length; c++) if (candidates[c]! >= 0) order.push(c);
  const slot = (c: number): number => Math.floor(c / mostSuggestions);
  const tie = new Float64Array(open.length);
  for (let s = 0; s < open.length; s++) {
    if (candidates[s * mostSuggestions]! < 0) continue;
    hashText(licenseId(open[s]!));
    tie[s] = hash.high * 0x200000 + (hash.low >>> 11);
  }
  order.sort((a, b) => scores[b]! - scores[a]! || tie[slot(a)]! - tie[slot(b)]! || a - b);
  const given = new Map<number, number>();
  const taken = new Uint8Array(open.length);
  for (const c of order) {
    if (taken[slot(c)] === 1 || given.has(candidates[c]!)) continue;
    given.set(candidates[c]!, c);
    taken[slot(c)] = 1;
  }
  for (const c of order) {
    const best = given.get(candidates[c]!);
    if (best !== undefined && slot(best) !== slot(c) && scores[best]! > scores[c]!) scores[c] = scores[c]! * 0.6;
  }
  const sorted: { user: number; score: number }[] = [];
  for (let s = 0; s < open.length; s++) {
    const at = s * mostSuggestions;
    if (candidates[at]! < 0 || candidates[at + 1]! < 0) continue;
    sorted.length = 0;
    for (let k = 0; k < mostSuggestions && candidates[at + k]! >= 0; k++)
      sorted.push({ user: candidates[at + k]!, score: scores[at + k]! });
    sorted.sort((a, b) => b.score - a.score || compareUsers(comparison, a.user, b.user));
    for (let k = 0; k < sorted.length; k++) {
      candidates[at + k] = sorted[k]!.user;
      scores[at + k] = sorted[k]!.score;
    }
  }
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
      crmUserId: textAt(users, user, fieldIndex(users, 'id')).trim() || textAt(users, user, fieldIndex(users, 'email')).trim(),
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
