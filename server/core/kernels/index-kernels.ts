import type { Address } from './address.ts';
import { together } from './together.ts';

/** Indexes, as key-index.ts. `wanted` has a bit for each value of a row's state that takes part. */
export const indexSource = `
  // Puts an entry where its hash leads. Returns 0 where others with the same high half stand there.
  fn put(slots: i32, mask: i32, entry: i32, hash: i64): i32 {
    let high = low(hash >> 32n);
    let p = low(hash) & mask;
    while (1) {
      let there = u32[slots + p * 8];
      if (there == 0) {
        u32[slots + p * 8] = entry + 1;
        u32[slots + p * 8 + 4] = high;
        return 1;
      }
      if (u32[slots + p * 8 + 4] == high) { return 0; }
      p = (p + 1) & mask;
    }
  }

  // Adds the emails of rows to an index. Stops at a row whose place is another's.
  fn addKeys(state: i32, row: i32, to: i32, keys: i32, kinds: i32, states: i32, wanted: i32, slots: i32, mask: i32): i32 {
    while (row < to) {
      let end = row + ${together};
      if (end > to) { end = to; }
      let r = row;
      let touched = 0;
      while (r < end) {
        touched += u32[slots + (u32[keys + r * 16 + 8] & mask) * 8];
        r += 1;
      }
      u32[state] = touched;
      while (row < end) {
        if (u8[kinds + row] >= 2 && ((wanted >> u8[states + row]) & 1)) {
          if (!put(slots, mask, row, u64[keys + row * 16 + 8])) { return row; }
        }
        row += 1;
      }
    }
    return row;
  }

  // The hash of a field of so many rows, outer space and ASCII case aside; 0 where it is empty.
  fn hashField(row: i32, to: i32, width: i32, bytes: i32, starts: i32, lengths: i32, hashes: i32) {
    while (row < to) {
      let start = bytes + u32[starts + row * width * 4];
      let end = start + u16[lengths + row * width * 2];
      let from = trimmedFrom(start, end);
      let until = trimmedTo(from, end);
      let hash = 0n;
      if (until > from) { hash = hashLower(from, until); }
      u64[hashes] = hash;
      hashes += 8;
      row += 1;
    }
  }

  // Reads the places where so many hashes lead: one after the other they wait for memory together. The sum means nothing.
  fn touchPlaces(hashes: i32, count: i32, slots: i32, mask: i32): i32 {
    let end = hashes + count * 8;
    let touched = 0;
    while (hashes < end) {
      touched += u32[slots + (u32[hashes] & mask) * 8];
      hashes += 8;
    }
    return touched;
  }

  // Adds a field of rows to an index. Rows where it is empty are left out, or stopped at. The hashes of the ${together} rows around the one
  // where a call stopped stay for the next call: state[1] says which rows they are of.
  fn addField(state: i32, row: i32, to: i32, width: i32, bytes: i32, starts: i32, lengths: i32, hashes: i32, states: i32, wanted: i32, stopsAtEmpty: i32, slots: i32, mask: i32): i32 {
    while (row < to) {
      let first = row - row % ${together};
      let end = first + ${together};
      if (end > to) { end = to; }
      if (u32[state + 4] != first + 1) {
        hashField(first, end, width, bytes, starts, lengths, hashes);
        u32[state] = touchPlaces(hashes, end - first, slots, mask);
      }
      u32[state + 4] = first + 1;
      while (row < end) {
        let hash = u64[hashes + (row - first) * 8];
        if ((wanted >> u8[states + row]) & 1) {
          if (hash == 0n) { if (stopsAtEmpty) { return row; } }
          else if (!put(slots, mask, row, hash)) { return row; }
        }
        row += 1;
      }
    }
    return row;
  }
`;

export interface IndexKernels {
  addKeys(
    ...args: [
      state: Address,
      row: number,
      to: number,
      keys: Address,
      kinds: Address,
      states: Address,
      wanted: number,
      slots: Address,
      mask: number,
    ]
  ): number;
  addField(
    ...args: [
      state: Address,
      row: number,
      to: number,
      width: number,
      bytes: Address,
      starts: Address,
      lengths: Address,
      hashes: Address,
      states: Address,
      wanted: number,
      stopsAtEmpty: number,
      slots: Address,
      mask: number,
    ]
  ): number;
}
