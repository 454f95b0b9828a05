import { userName } from './correlate.ts';
import { hash, hashText, hashWith } from './hash-bytes.ts';
import { userStates } from './index-people.ts';
import { keySum, keySumReader, unlike } from './key-sums.ts';
import type { PersonName } from './names.ts';
import { type Holder, holderAt, scorePair } from './suggest.ts';
import { mostNamesakes, mostSuggestions, type Suggester, sameNameSlack } from './suggestions.ts';

/** Who seeks a namesake of one name: under one domain group, or anywhere. */
interface Seekers {
  /** The hash that stands for the name and the group, as in suggestion-blocks.ts. */
  readonly low: number;
  readonly high: number;
  readonly seekers: { readonly slot: number; readonly holder: Holder }[];
  readonly cell: number;
}

/**
 * Adds to `namesakes` the CRM users of the same name who already have a license: a name that two people carry tells nobody apart,
 * whichever of them is matched (design §2). On a company domain only colleagues under the same one count, elsewhere anybody.
 * After `suggest` and before `rankSuggestions`. Near-linear: names are parsed only where their bytes are those of somebody who seeks,
 * and who has found `mostNamesakes` seeks no more.
 * @param claims how many license holders point to each CRM user
 * @returns counts the namesakes among the CRM users `from … to`; threads may each take their share
 */
export function seekTakenNamesakes(
  suggester: Suggester,
  claims: Uint16Array,
  companyDomains: ReadonlySet<string>,
): (from: number, to: number) => void {
  const { comparison, suggestions, ofAccount, ofUser } = suggester;
  const { accounts, users, userIndex } = comparison;
  const { open, namesakes, scores } = suggestions;
  const isOwn = accounts.domains.map((domain) => companyDomains.has(domain));
  let seeking = 0;
  for (let slot = 0; slot < open.length; slot++) if (namesakes[slot] === 1) seeking++;
  let size = 16;
  while (size < seeking * 2) size *= 2;
  /** Open addressing: where the hash leads, or behind. */
  const table: (Seekers | undefined)[] = new Array(size).fill(undefined);
  /** How many entries of `table` a name may be meant by, by its sum. Small enough to stay in the cache. */
  const sought = new Uint8Array(1 << 20);
  const cellOf = (sum: number, group: number): number => (sum + Math.imul(group, 0x9e3779b1)) & (sought.length - 1);
  for (let slot = 0; slot < open.length; slot++) {
    if (namesakes[slot] !== 1) continue;
    const holder = holderAt(suggester, open[slot]!);
    const { name } = holder;
    if (name === null) continue;
    const domain = accounts.domain[open[slot]!]!;
    const group = isOwn[domain] === true ? ofAccount[domain]! : 0;
    const place = placeOf(name.key, group);
    let found = table[place];
    if (found === undefined) {
      const cell = cellOf(keySum(name.key), group);
      found = { low: hash.low, high: hash.high, seekers: [], cell };
      if (sought[cell]! < 255) sought[cell]!++;
      table[place] = found;
    }
    found.seekers.push({ slot, holder });
  }
  const sumOf = keySumReader(users);
  return (from, to) => {
    if (seeking === 0) return;
    for (let user = from; user < to; user++) count(user);
  };

  /** Where those who seek a name stand in `table`, or would. */
  function placeOf(key: string, group: number): number {
    hashText(key);
    hashWith(group);
    let place = hash.low & (size - 1);
    for (let there = table[place]; there !== undefined; there = table[place]) {
      if (there.low === hash.low && there.high === hash.high) break;
      place = (place + 1) & (size - 1);
    }
    return place;
  }

  function count(user: number): void {
    if (claims[user] === 0 || userIndex.state[user] !== userStates.active) return;
    const sum = sumOf(user);
    const group = ofUser[users.domain[user]!]!;
    const anywhere = sum === unlike || sought[cellOf(sum, 0)] !== 0;
    const here = group !== 0 && (sum === unlike || sought[cellOf(sum, group)] !== 0);
    if (!anywhere && !here) return;
    const name = userName(comparison, user);
    if (name === null) return;
    if (anywhere) meet(user, name, 0);
    if (here) meet(user, name, group);
  }

  function meet(user: number, name: PersonName, group: number): void {
    const found = table[placeOf(name.key, group)];
    if (found === undefined || found.seekers.length === 0) return;
    const { seekers, cell } = found;
    for (let k = seekers.length - 1; k >= 0; k--) {
      const { slot, holder } = seekers[k]!;
      const score = scorePair(suggester, holder, user, name);
      if (scores[slot * mostSuggestions]! - score >= sameNameSlack || Atomics.add(namesakes, slot, 1) + 1 < mostNamesakes) continue;
      seekers[k] = seekers.at(-1)!;
      seekers.pop();
    }
    if (seekers.length === 0 && sought[cell]! < 255) sought[cell]!--;
  }
}
