import { hash, hashText } from './hash-bytes.ts';
import { addToIndex, createKeyIndex, eachInIndex, type KeyIndex } from './key-index.ts';
import type { PersonName } from './names.ts';
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

/** One index per kind of block. */
export type Blocks = readonly KeyIndex[];

const hereKey = (name: string, group: number): string => (group === 0 ? '' : `4${name}@${group}`);
const familyKey = (family: string, group: number): string => (family === '' || group === 0 ? '' : `1${family}@${group}`);
const givenKey = (given: string, group: number): string => (given === '' || group === 0 ? '' : `2${given}@${group}`);
const fullKey = (given: string, family: string): string => (given === '' || family === '' ? '' : `3${given} ${family}`);

/** First and last part of a surname of several parts; particles are not parts. */
function familyParts(name: PersonName): readonly string[] {
  const parts = name.family.filter((part) => part.length > 3);
  return parts.length < 2 ? [] : [parts[0]!, parts.at(-1)!];
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
    const [first = '', last = ''] = familyParts(name);
    const keys = [
      name.key,
      familyKey(name.familyKey, group),
      familyKey(first, group),
      familyKey(last, group),
      givenKey(name.givenKey, group),
      fullKey(name.givenKey, name.familyKey),
      hereKey(name.key, group),
    ];
    for (let s = 0; s < keysPerUser; s++) {
      if (keys[s] === '') continue;
      hashText(keys[s]!);
      freeKeys[(k * keysPerUser + s) * 2] = hash.low;
      freeKeys[(k * keysPerUser + s) * 2 + 1] = hash.high;
    }
  }
}

/** Indexes the keys by kind of block; entries are `position in free * keysPerUser + key`. Sequential, after `keyFreeUsers` of all. */
export function indexFreeUsers({ free, freeKeys }: Suggestions): Blocks {
  const lowOf = (entry: number): number => freeKeys[entry * 2]!;
  return Object.values(slots).map((keys) => {
    let entries = 0;
    const each = (visit: (entry: number) => void): void => {
      for (let k = 0; k < free.length; k++) {
        for (const s of keys) {
          const entry = k * keysPerUser + s;
          if (freeKeys[entry * 2] !== 0 || freeKeys[entry * 2 + 1] !== 0) visit(entry);
        }
      }
    };
    each(() => entries++);
    const index = createKeyIndex(entries, free.length * keysPerUser);
    each((entry) => addToIndex(index, entry, lowOf(entry), freeKeys[entry * 2 + 1]!, lowOf));
    return index;
  });
}

/**
 * Collects into `found` the CRM users of one kind of block; false where the block says too little.
 * @param isFree leaves users out before the block is counted
 */
function collect(
  suggestions: Suggestions,
  index: Blocks,
  kind: BlockKind,
  key: string,
  most: number,
  found: number[],
  isFree?: (user: number) => boolean,
): boolean {
  found.length = 0;
  if (key === '') return false;
  hashText(key);
  const { low, high } = hash;
  const { free, freeKeys } = suggestions;
  eachInIndex(
    index[blocks[kind]]!,
    low,
    high,
    (entry) => freeKeys[entry * 2] === low && freeKeys[entry * 2 + 1] === high,
    (entry) => {
      const user = free[Math.floor(entry / keysPerUser)]!;
      if (found.length <= most && !found.includes(user) && (isFree === undefined || isFree(user))) found.push(user);
    },
  );
  return found.length > 0 && found.length <= most;
}

const block: number[] = [];

type Visit = (user: number, kind: BlockKind, size: number) => void;

function look(suggestions: Suggestions, index: Blocks, kind: BlockKind, key: string, visit: Visit): void {
  if (!collect(suggestions, index, kind, key, largest[kind], block)) return;
  for (const user of [...block]) visit(user, kind, block.length);
}

/** Visits the CRM users under one company domain that share a block with a name, with the size of the block. One may come more than once. */
export function eachColleague(suggestions: Suggestions, index: Blocks, name: PersonName, group: number, visit: Visit): void {
  if (group === 0) return;
  look(suggestions, index, 'here', hereKey(name.key, group), visit);
  look(suggestions, index, 'family', familyKey(name.familyKey, group), visit);
  for (const part of familyParts(name)) look(suggestions, index, 'family', familyKey(part, group), visit);
  for (const given of name.givenKeys) look(suggestions, index, 'given', givenKey(given, group), visit);
}

/** Visits the CRM users under any domain that share a block with a name. */
export function eachNamesake(suggestions: Suggestions, index: Blocks, name: PersonName, visit: Visit): void {
  look(suggestions, index, 'name', name.key, visit);
  for (const given of name.givenKeys) look(suggestions, index, 'full', fullKey(given, name.familyKey), visit);
}

/** CRM users under a company domain who alone, or as one of two, have this given name among those that `isFree` leaves. */
export function fewOfGivenName(
  suggestions: Suggestions,
  index: Blocks,
  name: PersonName,
  group: number,
  isFree: (user: number) => boolean,
): readonly number[] {
  const few: number[] = [];
  return collect(suggestions, index, 'given', givenKey(name.givenKey, group), 2, few, isFree) ? few : [];
}
