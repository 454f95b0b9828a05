import type { Address } from './address.ts';
import { named, tableOf } from './number-table.ts';
import { together } from './together.ts';

const hintPlaces = [
  ...['accountKinds', 'accountKeys', 'accountBytes', 'accountDomains', 'slots', 'mask', 'others', 'tagged', 'taggedMask'],
  ...['aliases', 'aliasMask', 'hashes', 'hashRows', 'state'],
] as const;
export const hintTable = tableOf(hintPlaces);
export const hintTableLength = hintPlaces.length;

/** Which of the weaker rules may find somebody. */
export const hints = { alias: 1, tag: 2, secondary: 4 } as const;

/** Which of the weaker rules of correlate.ts may find somebody: for most who come to them none can. */
export const hintsSource = `
  // Leaves the hints of each license holder of a list. others has for each domain how long it is with the @ before it, then address and
  // number of the other domains of its group, which stand as address and length with the @ before each. tagged and aliases are 1 where
  // the hashes of local parts and addresses lead that need a look.
  fn hintRules(places: i32, list: i32, count: i32, hints: i32) {
    ${named(hintPlaces)}
    let waiting = 0;
    let k = 0;
    while (k < count) {
      let row = u32[list + k * 4];
      let key = accountKeys + row * 16;
      let start = u32[key];
      let hint = 0;
      if (u8[accountKinds + row] >= 2) {
        // An address that is kept elsewhere is looked at by somebody else.
        if (start >= 0x80000000) { hint = 7; }
        else {
          let domain = others + u32[accountDomains + row * 4] * 12;
          let from = accountBytes + start;
          let to = from + u32[key + 4] - u32[domain];
          let a = 0x811c9dc5;
          let b = 0x9e3779b9;
          let p = from;
          let hasPlus = 0;
          while (p < to) {
            let c = lowerByte(u8[p]);
            hasPlus = hasPlus | (c == '+');
            a = (a ^ c) * 0x01000193;
            b = (b ^ c) * 0x85ebca6b;
            b ^= b >> 15;
            p += 1;
          }
          if (hasPlus || u8[tagged + (low(finished(a, b, to - from)) & taggedMask)]) { hint = 2; }
          if (u8[aliases + (u32[key + 8] & aliasMask)]) { hint = hint | 4; }
          let other = u32[domain + 4];
          let last = other + u32[domain + 8] * 8;
          while (other < last) {
            let x = a;
            let y = b;
            p = u32[other];
            let end = p + u32[other + 4];
            while (p < end) {
              let c = u8[p];
              x = (x ^ c) * 0x01000193;
              y = (y ^ c) * 0x85ebca6b;
              y ^= y >> 15;
              p += 1;
            }
            u64[hashes + waiting * 8] = finished(x, y, to - from + u32[other + 4]);
            u32[hashRows + waiting * 4] = row;
            waiting += 1;
            if (waiting == ${together}) {
              lookUp(hashes, hashRows, waiting, slots, mask, hints, state);
              waiting = 0;
            }
            other += 8;
          }
        }
      }
      // Some of this row's look-ups may be done.
      u8[hints + row] = (u8[hints + row] & 1) | hint;
      k += 1;
    }
    lookUp(hashes, hashRows, waiting, slots, mask, hints, state);
  }

  fn lookUp(hashes: i32, hashRows: i32, count: i32, slots: i32, mask: i32, hints: i32, state: i32) {
    u32[state] = touchPlaces(hashes, count, slots, mask);
    let k = 0;
    while (k < count) {
      let high = u32[hashes + k * 8 + 4];
      let p = u32[hashes + k * 8] & mask;
      while (u32[slots + p * 8] != 0) {
        if (u32[slots + p * 8 + 4] == high) {
          let place = hints + u32[hashRows + k * 4];
          u8[place] = u8[place] | 1;
          break;
        }
        p = (p + 1) & mask;
      }
      k += 1;
    }
  }
`;

export interface HintKernels {
  hintRules(places: Address, list: Address, count: number, hints: Address): void;
}
