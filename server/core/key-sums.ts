import { affixes } from './names.ts';
import { fieldIndex, type People } from './people.ts';

/*
 * The key of a name as one number: the sum of its words, so that their order does not count and reading it needs no text. Equal for
 * equal keys, and for others now and then.
 */

/** What `keySumReader` says of a name that has to be parsed before one can tell what it is. */
export const unlike = -1;

const seed = 0x811c9dc5;
const mix = (h: number, c: number): number => Math.imul(h ^ c, 0x01000193);
const finished = (h: number): number => h ^ (h >>> 15);

function wordHash(word: string): number {
  let h = seed;
  for (let k = 0; k < word.length; k++) h = mix(h, word.charCodeAt(k));
  return finished(h);
}

/** @param key as in `PersonName` */
export function keySum(key: string): number {
  let sum = 0;
  for (const word of key.split(' ')) sum = (sum + wordHash(word)) | 0;
  return sum >>> 0;
}

/** 1 where the hash of a word leads that may be no part of the name. */
export const affixHashes = new Uint8Array(1 << 12);
for (const word of affixes) affixHashes[wordHash(word) & (affixHashes.length - 1)] = 1;

/** Between words of a name: space, comma, hyphen, full stop. */
const separators = new Uint8Array(256);
for (const c of [32, 44, 45, 46]) separators[c] = 1;

/** No cell is cut at this length (`longestName` of names.ts). */
const shortCell = 200;

/**
 * Reads the sums of the names that are made of plain words of ASCII letters, which almost all are.
 * @returns row → `keySum` of its name's key, or `unlike` where only `parsePersonName` can tell (a property test holds it)
 */
export function keySumReader<Field extends string>(people: People<Field>): (row: number) => number {
  const given = fieldIndex(people, 'givenName' as Field);
  const family = fieldIndex(people, 'familyName' as Field);
  const display = fieldIndex(people, 'displayName' as Field);
  const { bytes, starts, lengths, fields } = people;
  const width = fields.length;
  let sum = 0;
  let words = 0;

  /** Adds a cell's words, folded as `collapse` of names.ts does; false where they are not plain. */
  function add(at: number): boolean {
    const from = starts[at]!;
    const to = from + lengths[at]!;
    if (to - from > shortCell) return false;
    for (let p = from; p < to; p++) {
      const start = p;
      while (p < to && (bytes[p]! | 32) >= 97 && (bytes[p]! | 32) <= 122 && bytes[p]! >= 65) p++;
      // Initials are no part of a key that has two words.
      if (p - start > 1) {
        const folds = p - start > 3;
        let h = seed;
        let before = 0;
        for (let k = start; k < p; k++) {
          const c = bytes[k]! | 32;
          if (folds && ((c === 101 && (before === 97 || before === 111 || before === 117)) || (c === 97 && before === 97))) {
            before = 0;
            continue;
          }
          h = mix(h, c);
          before = c;
        }
        h = finished(h);
        if (affixHashes[h & (affixHashes.length - 1)] === 1) return false;
        sum = (sum + h) | 0;
        words++;
      }
      if (p < to && separators[bytes[p]!] === 0) return false;
    }
    return true;
  }

  return (row) => {
    const at = row * width;
    sum = 0;
    words = 0;
    const hasGiven = given >= 0 && lengths[at + given]! > 0;
    const hasFamily = family >= 0 && lengths[at + family]! > 0;
    if (hasGiven && !add(at + given)) return unlike;
    if (hasFamily && !add(at + family)) return unlike;
    if (!hasGiven && !hasFamily && (display < 0 || !add(at + display))) return unlike;
    return words < 2 ? unlike : sum >>> 0;
  };
}
