import { mostAtOnce, userName } from './correlate.ts';
import { hash, hashWith } from './hash-bytes.ts';
import { userStates } from './index-people.ts';
import { nameTable, nameTableLength } from './kernels/name-kernels.ts';
import { affixHashes, keySumReader, unlike } from './key-sums.ts';
import { hashKey, type PersonName } from './names.ts';
import { fieldIndex } from './people.ts';
import { holderAt, scorePair } from './suggest.ts';
import { mostNamesakes, mostSuggestions, type Suggester, sameNameSlack } from './suggestions.ts';

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
  const { open, namesakes, scores, sought: seekers } = suggestions;
  const isOwn = accounts.domains.map((domain) => companyDomains.has(domain));
  // Not told by `namesakes`: another thread may be counting there already.
  const seeks = (slot: number): boolean => seekers[3 * slot] !== 0 || seekers[3 * slot + 1] !== 0;
  let seeking = 0;
  for (let slot = 0; slot < open.length; slot++) if (seeks(slot)) seeking++;
  let size = 16;
  while (size < seeking * 2) size *= 2;
  /** Open addressing by the hash of a name and a group: both halves, and the first who seeks it, plus two; 1 nobody any more, 0 nobody yet. */
  const table = new Uint32Array(3 * size);
  /** By position in `open`: who seeks the same name, plus two; less is nobody. */
  const next = new Uint32Array(open.length);
  /** How many entries of `table` a name may be meant by, by its sum. Small enough to stay in the cache. */
  const sought = comparison.room.u8(1 << 20);
  const cellOf = (sum: number, group: number): number => (sum + Math.imul(group, 0x9e3779b1)) & (sought.length - 1);
  const groupOf = (slot: number): number => {
    const domain = accounts.domain[open[slot]!]!;
    return isOwn[domain] === true ? ofAccount[domain]! : 0;
  };
  for (let slot = 0; slot < open.length; slot++) {
    if (!seeks(slot)) continue;
    hash.low = seekers[3 * slot]!;
    hash.high = seekers[3 * slot + 1]!;
    const group = groupOf(slot);
    const place = placeOf(group);
    if (table[place + 2] === 0) {
      const cell = cellOf(seekers[3 * slot + 2]!, group);
      if (sought[cell]! < 255) sought[cell]!++;
      table[place] = hash.low;
      table[place + 1] = hash.high;
    }
    next[slot] = table[place + 2]!;
    table[place + 2] = slot + 2;
  }
  const sumOf = keySumReader(users);
  const list = swiftSeeker();
  return (from, to) => {
    if (seeking === 0) return;
    const listed = list?.(from, to) ?? null;
    for (let k = 0; k < (listed?.length ?? to - from); k++) count(listed === null ? from + k : listed[k]!);
  };

  /** Lists those of a range whose names may be sought, with the kernels; null where they cannot work on the columns. */
  function swiftSeeker(): ((from: number, to: number) => Uint32Array) | null {
    const { room, findOwners } = comparison;
    const { kernels } = room;
    const [places, state, groups] = [room.u32(nameTableLength), room.u32(2), room.u32(ofUser.length)];
    const [affixes, rows] = [room.u8(affixHashes.length), room.u32(mostAtOnce)];
    if (kernels === null || findOwners === null || !room.isWhole()) return null;
    groups.set(ofUser);
    affixes.set(affixHashes);
    const column = (field: 'givenName' | 'familyName' | 'displayName'): number =>
      fieldIndex(users, field) < 0 ? 0xffffffff : fieldIndex(users, field);
    nameTable(places, {
      claims: claims.byteOffset,
      states: userIndex.state.byteOffset,
      bytes: users.bytes.byteOffset,
      starts: users.starts.byteOffset,
      lengths: users.lengths.byteOffset,
      width: users.fields.length,
      given: column('givenName'),
      family: column('familyName'),
      display: column('displayName'),
      domains: users.domain.byteOffset,
      groups: groups.byteOffset,
      sought: sought.byteOffset,
      soughtMask: sought.length - 1,
      affixes: affixes.byteOffset,
      affixMask: affixes.length - 1,
      state: state.byteOffset,
    });
    return (from, to) => rows.subarray(0, kernels.soughtNames(places.byteOffset, from, to, rows.byteOffset));
  }

  /** Where those who seek the name in `hash` stand in `table`, or would. */
  function placeOf(group: number): number {
    hashWith(group);
    let place = hash.low & (size - 1);
    while (table[3 * place + 2] !== 0 && (table[3 * place] !== hash.low || table[3 * place + 1] !== hash.high))
      place = (place + 1) & (size - 1);
    return 3 * place;
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
    hashKey(name);
    const place = placeOf(group);
    let before = -1;
    for (let slot = table[place + 2]! - 2; slot >= 0; slot = next[slot]! - 2) {
      const score = scorePair(suggester, holderAt(suggester, open[slot]!), user, name);
      const isNamesake = scores[slot * mostSuggestions]! - score < sameNameSlack;
      if (!isNamesake || Atomics.add(namesakes, slot, 1) + 1 < mostNamesakes) {
        before = slot;
        continue;
      }
      // Has found enough.
      const after = Math.max(1, next[slot]!);
      if (before >= 0) next[before] = after;
      else table[place + 2] = after;
      const cell = cellOf(seekers[3 * slot + 2]!, group);
      if (before < 0 && after === 1 && sought[cell]! < 255) sought[cell]!--;
    }
  }
}
