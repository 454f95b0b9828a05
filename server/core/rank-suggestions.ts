import { accountName, compareUsers } from './correlate.ts';
import { hash, hashText } from './hash-bytes.ts';
import { licenseIdAt } from './index-people.ts';
import { judgePair, localPartOf } from './suggest.ts';
import { type Blocks, fewOfGivenName } from './suggestion-blocks.ts';
import { mostSuggestions, type Suggester } from './suggestions.ts';

/**
 * One CRM user to one license holder, among suggestions too: who fits another license holder better stands further down. Greedy by
 * score; ties by ids, so that the order of the input does not matter. Whoever is left with nobody is shown the one or two colleagues
 * of the same given name who are left too: surnames change. Sequential.
 */
export function rankSuggestions(suggester: Suggester, index: Blocks): void {
  const { comparison, suggestions } = suggester;
  const { accounts, accountIndex } = comparison;
  const { open, candidates, scores } = suggestions;
  const order: number[] = [];
  for (let c = 0; c < candidates.length; c++) if (candidates[c]! >= 0) order.push(c);
  const slot = (c: number): number => Math.floor(c / mostSuggestions);
  const tie = new Float64Array(open.length);
  for (let s = 0; s < open.length; s++) {
    if (candidates[s * mostSuggestions]! < 0) continue;
    hashText(licenseIdAt(accounts, accountIndex, open[s]!));
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
  const isFree = (user: number): boolean => !given.has(user);
  for (let s = 0; s < open.length; s++) {
    const at = s * mostSuggestions;
    if (candidates[at]! >= 0) continue;
    const account = open[s]!;
    const name = accountName(comparison, account);
    if (name === null) continue;
    const few = fewOfGivenName(suggestions, index, name, suggester.ofAccount[accounts.domain[account]!]!, isFree);
    const local = localPartOf(comparison, account);
    const judged = few
      .map((user) => ({ user, score: judgePair(suggester, account, name, local, user, 0).score / Math.sqrt(few.length) }))
      .filter(({ score }) => score > 0);
    judged.sort((a, b) => b.score - a.score || compareUsers(comparison, a.user, b.user));
    judged.forEach(({ user, score }, k) => {
      candidates[at + k] = user;
      scores[at + k] = score;
    });
  }
}
