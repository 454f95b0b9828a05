import { compareUsers } from './correlate.ts';
import { hash, hashText } from './hash-bytes.ts';
import { licenseIdAt } from './index-people.ts';
import { holderAt, scorePair } from './suggest.ts';
import { type Blocks, fewOfGivenName } from './suggestion-blocks.ts';
import { mostSuggestions, nameOfUser, type Suggester } from './suggestions.ts';

/**
 * One CRM user to one license holder, among suggestions too: who fits another license holder better gets less. Greedy by score; ties by
 * ids, so that the order of the input does not matter. Sequential; `rankSuggestions` puts them in order then.
 * @returns by position in `free`, the candidate that the CRM user is given as, -1 for none
 */
export function giveSuggestions(suggester: Suggester): Int32Array {
  const { comparison, suggestions } = suggester;
  const { accounts, accountIndex } = comparison;
  const { open, free, freeAt, candidates, scores } = suggestions;
  const slot = (c: number): number => Math.floor(c / mostSuggestions);
  // Most people are suggested to one license holder only: nobody else wants them, so their license holder's best is simply theirs.
  const wanted = new Uint16Array(free.length);
  const position = (c: number): number => freeAt[candidates[c]!]!;
  for (let c = 0; c < candidates.length; c++) if (candidates[c]! >= 0 && wanted[position(c)]! < 65535) wanted[position(c)]!++;
  const given = comparison.room.i32(free.length).fill(-1);
  const order: number[] = [];
  /** By position in `open`. */
  const tie = new Float64Array(open.length);
  for (let s = 0; s < open.length; s++) {
    const first = s * mostSuggestions;
    let end = first;
    let rivals = false;
    for (; end < first + mostSuggestions && candidates[end]! >= 0; end++) if (wanted[position(end)]! > 1) rivals = true;
    if (end === first) continue;
    if (!rivals) {
      given[position(first)] = first;
      continue;
    }
    for (let c = first; c < end; c++) order.push(c);
    hashText(licenseIdAt(accounts, accountIndex, open[s]!));
    tie[s] = hash.high * 0x200000 + (hash.low >>> 11);
  }
  order.sort((a, b) => scores[b]! - scores[a]! || tie[slot(a)]! - tie[slot(b)]! || a - b);
  const taken = new Uint8Array(open.length);
  for (const c of order) {
    if (taken[slot(c)] === 1 || given[position(c)]! >= 0) continue;
    given[position(c)] = c;
    taken[slot(c)] = 1;
  }
  for (const c of order) {
    const best = given[position(c)]!;
    if (best >= 0 && slot(best) !== slot(c) && scores[best]! > scores[c]!) scores[c] = scores[c]! * 0.6;
  }
  return given;
}

/**
 * Puts the candidates of `open[from … to)` in order. Whoever is left with nobody is shown the one or two colleagues of the same given
 * name who are left too: surnames change.
 */
export function rankSuggestions(suggester: Suggester, index: Blocks, given: Int32Array, from: number, to: number): void {
  const { comparison, suggestions } = suggester;
  const { open, freeAt, candidates, scores } = suggestions;
  const { accounts } = comparison;
  const sorted: { user: number; score: number }[] = [];
  for (let s = from; s < to; s++) {
    const first = s * mostSuggestions;
    let inOrder = true;
    for (let c = first; inOrder && c + 1 < first + mostSuggestions && candidates[c + 1]! >= 0; c++) {
      const less = scores[c]! - scores[c + 1]! || compareUsers(comparison, candidates[c + 1]!, candidates[c]!);
      inOrder = less >= 0;
    }
    if (inOrder) continue;
    sorted.length = 0;
    for (let c = first; c < first + mostSuggestions && candidates[c]! >= 0; c++) sorted.push({ user: candidates[c]!, score: scores[c]! });
    sorted.sort((a, b) => b.score - a.score || compareUsers(comparison, a.user, b.user));
    for (let k = 0; k < sorted.length; k++) {
      candidates[first + k] = sorted[k]!.user;
      scores[first + k] = sorted[k]!.score;
    }
  }
  const isFree = (user: number): boolean => given[freeAt[user]!]! < 0;
  for (let s = from; s < to; s++) {
    const at = s * mostSuggestions;
    if (candidates[at]! >= 0) continue;
    const account = open[s]!;
    const holder = holderAt(suggester, account);
    if (holder.name === null) continue;
    const few = fewOfGivenName(suggestions, index, holder.name, suggester.ofAccount[accounts.domain[account]!]!, isFree);
    const judged = few
      .map((user) => ({ user, score: scorePair(suggester, holder, user, nameOfUser(suggester, user), 0) / Math.sqrt(few.length) }))
      .filter(({ score }) => score > 0);
    judged.sort((a, b) => b.score - a.score || compareUsers(comparison, a.user, b.user));
    judged.forEach(({ user, score }, k) => {
      candidates[at + k] = user;
      scores[at + k] = score;
    });
  }
}
