import { byteClasses } from '../email.ts';
import type { Address } from './address.ts';

/** People's keys and values, as people.ts. `starts` and `lengths` are those of the field in the first row; a row has `width` fields. */
export const peopleSource = `
  // Reads plain addresses of known domains, as plainAt of email.ts recognises them. Stops at the first other row; where only its domain
  // is new, the domain's hash, start and length are left in state[1 …].
  fn readEmails(state: i32, row: i32, to: i32, width: i32, bytes: i32, starts: i32, lengths: i32, kinds: i32, keys: i32, domains: i32, classes: i32, table: i32, mask: i32): i32 {
    u32[state + 12] = 0;
    while (row < to) {
      let start = u32[starts + row * width * 4];
      let length = u16[lengths + row * width * 2];
      if (length > 254) { return row; }
      let from = bytes + start;
      let end = from + length;
      let a = 0x811c9dc5;
      let b = 0x9e3779b9;
      let p = from;
      let previous = ${byteClasses.dot};
      let class = 0;
      while (p < end) {
        let c = u8[p];
        class = u8[classes + c];
        if (class == ${byteClasses.atSign} || class == ${byteClasses.bad} || (class == ${byteClasses.dot} && previous == ${byteClasses.dot})) { break; }
        previous = class;
        c = lowerByte(c);
        a = (a ^ c) * 0x01000193;
        b = (b ^ c) * 0x85ebca6b;
        b ^= b >> 15;
        p += 1;
      }
      if (p == end || class != ${byteClasses.atSign} || previous == ${byteClasses.dot} || p - from > 64) { return row; }
      a = (a ^ '@') * 0x01000193;
      b = (b ^ '@') * 0x85ebca6b;
      b ^= b >> 15;
      p += 1;
      let domain = p;
      let label = p;
      let d = 0x811c9dc5;
      let dots = 0;
      let notLetter = 0;
      let isOdd = 0;
      previous = ${byteClasses.dot};
      while (p < end) {
        let c = u8[p];
        class = u8[classes + c];
        if (class == ${byteClasses.dot}) {
          if (previous == ${byteClasses.dot} || previous == ${byteClasses.hyphen} || p - label > 63) { isOdd = 1; break; }
          label = p + 1;
          dots += 1;
          notLetter = 0;
        } else if (class != ${byteClasses.letter}) {
          if ((class != ${byteClasses.digit} && class != ${byteClasses.hyphen}) || (class == ${byteClasses.hyphen} && previous == ${byteClasses.dot})) { isOdd = 1; break; }
          notLetter = 1;
        }
        previous = class;
        c = lowerByte(c);
        a = (a ^ c) * 0x01000193;
        b = (b ^ c) * 0x85ebca6b;
        b ^= b >> 15;
        d = (d ^ c) * 0x01000193;
        p += 1;
      }
      if (isOdd || dots == 0 || notLetter || previous == ${byteClasses.dot} || end - label > 63) { return row; }
      d ^= d >> 15;
      let size = end - domain;
      let place = table + (d & mask) * 16;
      while (u32[place + 4] != 0 && !(u32[place] == d && u32[place + 12] == size && equalLower(u32[place + 8], domain, size))) {
        place += 16;
        if (place > table + mask * 16) { place = table; }
      }
      if (u32[place + 4] == 0) {
        u32[state + 4] = d;
        u32[state + 8] = domain;
        u32[state + 12] = size;
        return row;
      }
      u8[kinds + row] = 3;
      u32[domains + row * 4] = u32[place + 4];
      let hash = finished(a, b, length);
      u32[keys + row * 16] = start;
      u32[keys + row * 16 + 4] = length;
      u64[keys + row * 16 + 8] = hash;
      row += 1;
    }
    return row;
  }

  // Writes the number of each row's value among the known ones, which stand as address and length. Stops at a value that is not known.
  fn readValues(row: i32, to: i32, width: i32, bytes: i32, starts: i32, lengths: i32, known: i32, count: i32, codes: i32): i32 {
    while (row < to) {
      let p = bytes + u32[starts + row * width * 4];
      let length = u16[lengths + row * width * 2];
      let k = 0;
      while (k < count && !(u32[known + k * 8 + 4] == length && equal(p, u32[known + k * 8], length))) { k += 1; }
      if (k == count) { return row; }
      u8[codes + row] = k;
      row += 1;
    }
    return row;
  }

  // The first row from here on whose address has a + before its @.
  fn nextTagged(row: i32, to: i32, width: i32, bytes: i32, starts: i32, lengths: i32): i32 {
    while (row < to) {
      let p = bytes + u32[starts + row * width * 4];
      let end = p + u16[lengths + row * width * 2];
      while (p < end) {
        let x = v128[p];
        let ats = bits(same(x, every('@')));
        let pluses = bits(same(x, every('+')));
        if (pluses != 0) {
          let plus = trailingZeros(pluses);
          if (trailingZeros(ats | 0x10000) > plus && p + plus < end) { return row; }
        }
        if (ats != 0) { break; }
        p += 16;
      }
      row += 1;
    }
    return row;
  }
`;

export interface PeopleKernels {
  readEmails(
    ...args: [
      state: Address,
      row: number,
      to: number,
      width: number,
      bytes: Address,
      starts: Address,
      lengths: Address,
      kinds: Address,
      keys: Address,
      domains: Address,
      classes: Address,
      table: Address,
      mask: number,
    ]
  ): number;
  readValues(
    ...args: [
      row: number,
      to: number,
      width: number,
      bytes: Address,
      starts: Address,
      lengths: Address,
      known: Address,
      count: number,
      codes: Address,
    ]
  ): number;
  nextTagged(row: number, to: number, width: number, bytes: Address, starts: Address, lengths: Address): number;
}
