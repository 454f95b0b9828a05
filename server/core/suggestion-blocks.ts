import { hash, hashText, hashWith } from './hash-bytes.ts';
import { hashKey, type PersonName } from './names.ts';
import { keysPerUser, nameOfUser, type Suggester, type Suggestions } from './suggestions.ts';

/**
 * Blocks: a pair of records is only looked at where one of these keys agrees, which keeps the work near-linear. Under one company
 * domain: `here` is the whole name in any order, `family` a surname or a part of a double-barrelled one, `given` a given name that
 * few share. Anywhere: `name` is the whole name in any order, `full` the given name behind a nickname with the surname.
 */
const blocks = { name: 0, family: 1, given: 2, full: 3, here: 4 } as const;
export type BlockKind = keyof typeof blocks;
/** Larger blocks say too little about anybody in them; skipping them whole keeps the result independent of the order of the file. */
const largest: Readonly<Record<BlockKind, number>> = { name: 512, family: 128, given: 4, full: 64, here: 64 };
/** Which of a user's keys go into which block. */
const slots: Readonly<Record<BlockKind, readonly number[]>> = { name: [0], family: [1, 2, 3], given: [4], full: [5], here: [6] };

/**
 * The blocks of one kind: whose members stand side by side, because one look-up reads them all.
 * Two threads may read it at once.
 */
interface BlockIndex {
  /** Open addressing, four numbers a place: both halves of the key's hash, first member, number of members; 0 members is empty. */
  readonly places: Uint32Array;
  /** Positions in `free`. */
  readonly members: Int32Array;
}

/** One index per kind of block. */
export type Blocks = readonly BlockIndex[];

/*
 * A key is a 64-bit hash, of names and of the number of a domain group. `false`, and no key, where a part of it is missing:
 * group 0 is no company.
 */
const hashed = (text: string): boolean => {
  if (text === '') return false;
  hashText(text);
  return true;
};
/** The same of what is in `hash`, under a group. */
const here = (group: number): boolean => {
  if (group === 0) return false;
  hashWith(group);
  return true;
};
const hashedHere = (text: string, group: number): boolean => group !== 0 && hashed(text) && here(group);
const hashedName = (name: PersonName): boolean => {
  hashKey(name);
  // Mixed once more, as every other key is.
  hashWith(0);
  return true;
};
const hashedFamily = ({ words, familyKey }: PersonName): boolean => {
  if (words === null) return hashed(familyKey);
  hash.low = words[1].hash.low;
  hash.high = words[1].hash.high;
  return true;
};
const hashedGiven = ({ words, givenKey }: PersonName): boolean => {
  if (words === null || givenKey === '') return hashed(givenKey);
  hash.low = words[0].givenHash.low;
  hash.high = words[0].givenHash.high;
  return true;
};
/** Given name, which is in `hash`, and surname of a name. */
function withFamily(name: PersonName): boolean {
  const { low, high } = hash;
  if (!hashedFamily(name)) return false;
  hashWith(low);
  hashWith(high);
  return true;
}

const noParts: readonly string[] = [];

/** First and last part of a surname of several parts; particles are not parts. */
function familyParts(name: PersonName): readonly string[] {
  if (name.family.length < 2) return noParts;
  const parts = name.family.filter((part) => part.length > 3);
  return parts.length < 2 ? noParts : [parts[0]!, parts.at(-1)!];
}

/** Makes the block keys of `free[from … to)`. */
export function keyFreeUsers(suggester: Suggester, from: number, to: number): void {
  const { suggestions, ofUser, comparison } = suggester;
  const { freeKeys } = suggestions;
  for (let k = from; k < to; k++) {
    const user = suggestions.free[k]!;
    const name = nameOfUser(suggester, user);
    if (name === null) continue;
    const group = ofUser[comparison.users.domain[user]!]!;
    const first = k * keysPerUser;
    const put = (slot: number): void => {
      freeKeys[(first + slot) * 2] = hash.low;
      freeKeys[(first + slot) * 2 + 1] = hash.high;
    };
    if (hashedName(name)) put(0);
    if (hashedFamily(name) && here(group)) put(1);
    const parts = familyParts(name);
    // The same key twice would make the user stand twice in one block.
    if (parts.length > 0 && parts[0] !== name.familyKey && hashedHere(parts[0]!, group)) put(2);
    if (parts.length > 0 && parts[1] !== name.familyKey && parts[1] !== parts[0] && hashedHere(parts[1]!, group)) put(3);
    if (hashedGiven(name) && here(group)) put(4);
    if (hashedGiven(name) && withFamily(name)) put(5);
    if (hashedName(name) && here(group)) put(6);
  }
}

/** Indexes the keys by kind of block. Sequential, after `keyFreeUsers` of all. */
export function indexFreeUsers(suggestions: Suggestions): Blocks {
  return Object.values(slots).map((keys) => indexKeys(suggestions, keys));
}

function indexKeys({ free, freeKeys }: Suggestions, keys: readonly number[]): BlockIndex {
  let entries = 0;
  const isKey = (entry: number): boolean => freeKeys[entry * 2] !== 0 || freeKeys[entry * 2 + 1] !== 0;
  for (let k = 0; k < free.length; k++) for (let s = 0; s < keys.length; s++) if (isKey(k * keysPerUser + keys[s]!)) entries++;
  let size = 16;
  while (size < entries * 1.5) size *= 2;
  const places = new Uint32Array(new SharedArrayBuffer(size * 16));
  const members = new Int32Array(new SharedArrayBuffer(Math.max(4, entries * 4)));
  const placeOf = new Int32Array(entries);
  let n = 0;
  for (let k = 0; k < free.length; k++) {
    for (let s = 0; s < keys.length; s++) {
      const entry = k * keysPerUser + keys[s]!;
      if (!isKey(entry)) continue;
      const place = placeIn(places, freeKeys[entry * 2]!, freeKeys[entry * 2 + 1]!);
      places[place] = freeKeys[entry * 2]!;
      places[place + 1] = freeKeys[entry * 2 + 1]!;
      places[place + 3]!++;
      placeOf[n++] = place;
    }
  }
  let start = 0;
  for (let place = 0; place < places.length; place += 4) {
    places[place + 2] = start;
    start += places[place + 3]!;
  }
  n = 0;
  for (let k = 0; k < free.length; k++) {
    for (let s = 0; s < keys.length; s++) {
      if (!isKey(k * keysPerUser + keys[s]!)) continue;
      members[places[placeOf[n++]! + 2]!++] = k;
    }
  }
  for (let place = 0; place < places.length; place += 4) places[place + 2]! -= places[place + 3]!;
  return { places, members };
}

/** Where a key stands, or the empty place where it would. */
function placeIn(places: Uint32Array, low: number, high: number): number {
  const mask = places.length / 4 - 1;
  let p = low & mask;
  while (places[4 * p + 3] !== 0 && (places[4 * p] !== low || places[4 * p + 1] !== high)) p = (p + 1) & mask;
  return 4 * p;
}

type Visit = (position: number, kind: BlockKind, size: number) => void;

/** Visits the block of the key in `hash`, unless it is so large that it says too little. */
function look(index: Blocks, kind: BlockKind, visit: Visit): void {
  const { places, members } = index[blocks[kind]]!;
  const place = placeIn(places, hash.low, hash.high);
  const size = places[place + 3]!;
  if (size > largest[kind]) return;
  const first = places[place + 2]!;
  for (let m = first; m < first + size; m++) visit(members[m]!, kind, size);
}

/**
 * Visits the CRM users under one company domain that share a block with a name, by their position in `free`, with the size of the
 * block. One may come more than once.
 */
export function eachColleague(index: Blocks, name: PersonName, group: number, visit: Visit): void {
  if (group === 0) return;
  if (hashedName(name) && here(group)) look(index, 'here', visit);
  if (hashedFamily(name) && here(group)) look(index, 'family', visit);
  for (const part of familyParts(name)) if (hashedHere(part, group)) look(index, 'family', visit);
  for (const given of name.givenKeys) if (hashedHere(given, group)) look(index, 'given', visit);
}

/** Visits the CRM users under any domain that share a block with a name. */
export function eachNamesake(index: Blocks, name: PersonName, visit: Visit): void {
  if (hashedName(name)) look(index, 'name', visit);
  for (const given of name.givenKeys) if (hashed(given) && withFamily(name)) look(index, 'full', visit);
}

/** CRM users under a company domain who alone, or as one of two, have this given name among those that `isFree` leaves. */
export function fewOfGivenName(
  { free }: Suggestions,
  index: Blocks,
  name: PersonName,
  group: number,
  isFree: (user: number) => boolean,
): readonly number[] {
  if (!hashedGiven(name) || !here(group)) return [];
  const { places, members } = index[blocks.given]!;
  const place = placeIn(places, hash.low, hash.high);
  const few: number[] = [];
  for (let m = 0; m < places[place + 3]!; m++) {
    const user = free[members[places[place + 2]! + m]!]!;
    if (!isFree(user)) continue;
    if (few.length === 2) return [];
    few.push(user);
  }
  return few;
}
