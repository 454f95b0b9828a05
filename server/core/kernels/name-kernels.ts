import type { Address } from './address.ts';
import { named, tableOf } from './number-table.ts';

const namePlaces = [
  ...['claims', 'states', 'bytes', 'starts', 'lengths', 'width', 'given', 'family', 'display', 'domains', 'groups'],
  ...['sought', 'soughtMask', 'affixes', 'affixMask', 'state'],
] as const;
export const nameTable = tableOf(namePlaces);
export const nameTableLength = namePlaces.length;

/** Names that somebody seeks, as key-sums.ts and taken-namesakes.ts. */
export const namesSource = `
  // Adds the words of a cell to the sum in state[0] and to their number in state[1]. Returns 0 where they are not plain.
  fn addWords(from: i32, to: i32, affixes: i32, affixMask: i32, state: i32): i32 {
    if (to - from > 200) { return 0; }
    let p = from;
    while (p < to) {
      let start = p;
      while (p < to && (u8[p] | 32) - 'a' <= 25 && u8[p] >= 'A') { p += 1; }
      if (p - start > 1) {
        let folds = p - start > 3;
        let h = 0x811c9dc5;
        let before = 0;
        let k = start;
        while (k < p) {
          let c = u8[k] | 32;
          k += 1;
          if (folds && ((c == 'e' && (before == 'a' || before == 'o' || before == 'u')) || (c == 'a' && before == 'a'))) {
            before = 0;
            continue;
          }
          h = (h ^ c) * 0x01000193;
          before = c;
        }
        h ^= h >> 15;
        if (u8[affixes + (h & affixMask)]) { return 0; }
        u32[state] = u32[state] + h;
        u32[state + 4] = u32[state + 4] + 1;
      }
      if (p < to) {
        let c = u8[p];
        if (c != ' ' && c != ',' && c != '-' && c != '.') { return 0; }
      }
      p += 1;
    }
    return 1;
  }

  // Lists the active CRM users with a license whose name somebody may seek, under their domain's group or anywhere, and those whose
  // name has to be parsed. Returns how many those are.
  fn soughtNames(places: i32, row: i32, to: i32, list: i32): i32 {
    ${named(namePlaces)}
    let none = 0xffffffff;
    let listed = 0;
    while (row < to) {
      if (u16[claims + row * 2] != 0 && u8[states + row] == 1) {
        let from = starts + row * width * 4;
        let long = lengths + row * width * 2;
        u32[state] = 0;
        u32[state + 4] = 0;
        let hasGiven = given != none && u16[long + given * 2] != 0;
        let hasFamily = family != none && u16[long + family * 2] != 0;
        let isPlain = 1;
        let at = 0;
        if (hasGiven) {
          at = bytes + u32[from + given * 4];
          isPlain = addWords(at, at + u16[long + given * 2], affixes, affixMask, state);
        }
        if (hasFamily && isPlain) {
          at = bytes + u32[from + family * 4];
          isPlain = addWords(at, at + u16[long + family * 2], affixes, affixMask, state);
        }
        if (!hasGiven && !hasFamily) {
          isPlain = display != none;
          if (isPlain) {
            at = bytes + u32[from + display * 4];
            isPlain = addWords(at, at + u16[long + display * 2], affixes, affixMask, state);
          }
        }
        let isSought = 1;
        if (isPlain && u32[state + 4] >= 2) {
          let sum = u32[state];
          let group = u32[groups + u32[domains + row * 4] * 4];
          isSought = u8[sought + (sum & soughtMask)] != 0 || u8[sought + ((sum + group * 0x9e3779b1) & soughtMask)] != 0;
        }
        if (isSought) {
          u32[list + listed * 4] = row;
          listed += 1;
        }
      }
      row += 1;
    }
    return listed;
  }
`;

export interface NameKernels {
  soughtNames(places: Address, row: number, to: number, list: Address): number;
}
