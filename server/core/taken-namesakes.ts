import { accountName, userName } from './correlate.ts';
import { userStates } from './index-people.ts';
import type { PersonName } from './names.ts';
import { fieldIndex, type People } from './people.ts';
import { judgePair, localPartOf } from './suggest.ts';
import { mostNamesakes, mostSuggestions, type Suggester, sameNameSlack } from './suggestions.ts';

/** Who seeks a namesake of one name: under one domain group, or anywhere. */
interface Seekers {
  readonly seekers: { readonly slot: number; readonly name: PersonName }[];
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
  const seeking = new Map<string, Seekers>();
  /** How many entries of `seeking` a pair of words may be meant by. */
  const sought = new Uint8Array(1 << 23);
  const cellOf = (pair: number, group: number): number => (pair + Math.imul(group, 0x9e3779b1)) & (sought.length - 1);
  for (let slot = 0; slot < open.length; slot++) {
    if (namesakes[slot] !== 1) continue;
    const name = accountName(comparison, open[slot]!);
    if (name === null) continue;
    const domain = accounts.domain[open[slot]!]!;
    const group = companyDomains.has(accounts.domains[domain]!) ? ofAccount[domain]! : 0;
    const key = `${name.key}@${group}`;
    let found = seeking.get(key);
    if (found === undefined) {
      const [a, b, ...more] = name.key.split(' ');
      const isPair = a !== undefined && b !== undefined && more.length === 0;
      found = { seekers: [], cell: isPair ? cellOf(wordHash(a) + wordHash(b), group) : -1 };
      if (isPair && sought[found.cell]! < 255) sought[found.cell]!++;
      seeking.set(key, found);
    }
    found.seekers.push({ slot, name });
  }
  const pairOf = plainPairReader(users);
  return (from, to) => {
    if (seeking.size === 0) return;
    for (let user = from; user < to; user++) count(user);
  };

  function count(user: number): void {
    if (claims[user] === 0 || userIndex.state[user] !== userStates.active) return;
    const pair = pairOf(user);
    const group = ofUser[users.domain[user]!]!;
    if (pair !== unlike && sought[cellOf(pair, 0)] === 0 && (group === 0 || sought[cellOf(pair, group)] === 0)) return;
    const name = userName(comparison, user);
    if (name === null) return;
    for (const key of group === 0 ? [`${name.key}@0`] : [`${name.key}@0`, `${name.key}@${group}`]) {
      const found = seeking.get(key);
      if (found === undefined) continue;
      const { seekers, cell } = found;
      for (let k = seekers.length - 1; k >= 0; k--) {
        const { slot, name } = seekers[k]!;
        const { score } = judgePair(suggester, open[slot]!, name, localPartOf(comparison, open[slot]!), user);
        if (scores[slot * mostSuggestions]! - score >= sameNameSlack || Atomics.add(namesakes, slot, 1) + 1 < mostNamesakes) continue;
        seekers[k] = seekers.at(-1)!;
        seekers.pop();
      }
      if (seekers.length > 0) continue;
      seeking.delete(key);
      if (cell >= 0 && sought[cell]! < 255) sought[cell]!--;
    }
  }
}

/** A name that has to be parsed before one can tell what it is. */
const unlike = -1;

function wordHash(word: string): number {
  let h = 0x811c9dc5;
  for (let k = 0; k < word.length; k++) h = Math.imul(h ^ word.charCodeAt(k), 0x01000193);
  return (h ^ (h >>> 15)) >>> 0;
}

/**
 * Names of two plain words, which almost all are, as a sum over both words that needs no text: equal for equal names in either order.
 * Anything but ASCII letters is left to `names.ts`.
 */
function plainPairReader<Field extends string>(people: People<Field>): (row: number) => number {
  const names = people.fields as readonly string[];
  const given = names.indexOf('givenName');
  const family = names.indexOf('familyName');
  const display = fieldIndex(people, 'displayName' as Field);
  const { bytes, starts, lengths, fields } = people;
  const width = fields.length;
  let end = 0;

  /** Hash of the letters from `from` on, folded as `collapse` of names.ts does; `end` is where they end, 0 means none. */
  function word(from: number, to: number): number {
    end = from;
    while (end < to && bytes[end]! >= 65 && (bytes[end]! | 32) >= 97 && (bytes[end]! | 32) <= 122) end++;
    const folds = end - from > 3;
    let h = 0x811c9dc5;
    let before = 0;
    for (let p = from; p < end; p++) {
      const c = bytes[p]! | 32;
      if (folds && ((c === 101 && (before === 97 || before === 111 || before === 117)) || (c === 97 && before === 97))) {
        before = 0;
        continue;
      }
      h = Math.imul(h ^ c, 0x01000193);
      before = c;
    }
    return end === from ? 0 : (h ^ (h >>> 15)) >>> 0;
  }

  return (row) => {
    const at = row * width;
    const [g, f, d] = [
      given < 0 ? 0 : lengths[at + given]!,
      family < 0 ? 0 : lengths[at + family]!,
      display < 0 ? 0 : lengths[at + display]!,
    ];
    if (g > 0 && f > 0) {
      const a = word(starts[at + given]!, starts[at + given]! + g);
      if (a === 0 || end !== starts[at + given]! + g) return unlike;
      const b = word(starts[at + family]!, starts[at + family]! + f);
      return b === 0 || end !== starts[at + family]! + f ? unlike : a + b;
    }
    if (g > 0 || f > 0 || d === 0) return unlike;
    const to = starts[at + display]! + d;
    const a = word(starts[at + display]!, to);
    if (a === 0 || bytes[end] !== 32) return unlike;
    const b = word(end + 1, to);
    return b === 0 || end !== to ? unlike : a + b;
  };
}
