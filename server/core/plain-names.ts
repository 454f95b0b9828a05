import { type NameWord, nameOfTwoWords, nameWord, type PersonName } from './names.ts';
import { fieldIndex, type People } from './people.ts';

/** Words by the hash of their bytes. A word whose place is taken by others is read the long way. */
const places: (NameWord | undefined)[] = new Array(1 << 17).fill(undefined);
const tries = 8;

/** Where the word read last ends. */
let end = 0;

const decoder = new TextDecoder();

/** The word of ASCII letters that begins at `from`, at most up to `to`; null where none begins or it finds no place. */
function wordAt(bytes: Uint8Array, from: number, to: number): NameWord | null {
  let h = 0x811c9dc5;
  let p = from;
  for (; p < to; p++) {
    const c = bytes[p]! | 32;
    if (c < 97 || c > 122 || bytes[p]! < 65) break;
    h = Math.imul(h ^ c, 0x01000193);
  }
  end = p;
  const length = p - from;
  if (length === 0 || length > 40) return null;
  h ^= h >>> 15;
  for (let t = 0; t < tries; t++) {
    const place = (h + t) & (places.length - 1);
    const word = places[place];
    if (word === undefined) {
      const made = nameWord(decoder.decode(bytes.slice(from, p)).toLowerCase());
      places[place] = made;
      return made;
    }
    if (isText(word.text, bytes, from, length)) return word;
  }
  return null;
}

function isText(text: string, bytes: Uint8Array, from: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let k = 0; k < length; k++) if (text.charCodeAt(k) !== (bytes[from + k]! | 32)) return false;
  return true;
}

/**
 * Reads names of one given name and one surname in ASCII letters, which almost all are, from their bytes.
 * @returns row → what `parsePersonName` makes of it, or undefined where only that can tell (a property test holds the two equal)
 */
export function plainNameReader<Field extends string>(people: People<Field>): (row: number) => PersonName | undefined {
  const given = fieldIndex(people, 'givenName' as Field);
  const family = fieldIndex(people, 'familyName' as Field);
  const display = fieldIndex(people, 'displayName' as Field);
  const { bytes, starts, lengths, fields } = people;
  const width = fields.length;
  return (row) => {
    const at = row * width;
    const g = given < 0 ? 0 : lengths[at + given]!;
    const f = family < 0 ? 0 : lengths[at + family]!;
    if (g > 0 && f > 0) {
      const from = starts[at + given]!;
      const first = wordAt(bytes, from, from + g);
      if (first === null || end !== from + g) return undefined;
      const then = starts[at + family]!;
      const last = wordAt(bytes, then, then + f);
      return last === null || end !== then + f || last.isSuffix ? undefined : nameOfTwoWords(first, last, true);
    }
    if (g > 0 || f > 0 || display < 0) return undefined;
    const from = starts[at + display]!;
    const to = from + lengths[at + display]!;
    const first = wordAt(bytes, from, to);
    if (first === null || first.isTitle || bytes[end] !== 32 || end >= to) return undefined;
    const last = wordAt(bytes, end + 1, to);
    return last === null || end !== to || last.isSuffix ? undefined : nameOfTwoWords(first, last, true);
  };
}
