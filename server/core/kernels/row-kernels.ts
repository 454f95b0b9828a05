import type { Address } from './address.ts';

/** Rows of a CSV file, as connectors/csv.ts. */
export const rowsSource = `
  fn nextOf(start: i32, delimiters: v128): i32 {
    let p = start;
    while (1) {
      let x = v128[p];
      let found = bits(either(same(x, delimiters), either(same(x, every(10)), same(x, every(13)))));
      if (found != 0) { return p + trailingZeros(found); }
      p += 16;
    }
  }

  // The quote that closes a field, or a place from the end on.
  fn closingQuote(start: i32, end: i32): i32 {
    let p = start;
    while (p < end) {
      let found = bits(same(v128[p], every('"')));
      if (found == 0) { p += 16; }
      else {
        p += trailingZeros(found);
        if (u8[p + 1] != '"') { return p; }
        p += 2;
      }
    }
    return end;
  }

  // Splits rows from state[0] on, at most so many, and leaves there where the next one begins. A row has the width of the header, ends
  // before the end of the file, and is neither empty nor the header again. Slots tell for each column where its range goes.
  // Returns how many rows were split.
  fn splitRows(state: i32, bytes: i32, end: i32, delimiter: i32, width: i32, slots: i32, ranges: i32, stride: i32, most: i32, header: i32, headerLength: i32): i32 {
    let delimiters = every(delimiter);
    let at = u32[state];
    let count = 0;
    while (count < most && at < end) {
      let row = ranges + count * stride;
      let p = at;
      let field = 0;
      let lineBreak = 0;
      while (field < width) {
        let isQuoted = u8[p] == '"';
        let from = p + isQuoted;
        if (isQuoted) {
          p = closingQuote(from, end);
          if (p >= end) { break; }
        } else { p = nextOf(p, delimiters); }
        let slot = u32[slots + field * 4];
        if (slot != 0xffffffff) {
          u32[row + slot * 4] = from - bytes;
          u32[row + slot * 4 + 4] = p - bytes;
        }
        p += isQuoted;
        field += 1;
        let c = u8[p];
        if (c == delimiter) {
          p += 1;
          continue;
        }
        if (c == 10) { lineBreak = 1; }
        if (c == 13) { lineBreak = 1 + (u8[p + 1] == 10); }
        break;
      }
      let length = p - at;
      if (lineBreak == 0 || field != width || p + lineBreak > end || length > 65535 || length == width - 1) { break; }
      if (length == headerLength && equal(at, header, length)) { break; }
      at = p + lineBreak;
      count += 1;
    }
    u32[state] = at;
    return count;
  }

  // Ranges of fields as two columns: where each starts, and its length.
  fn spread(ranges: i32, numbers: i32, starts: i32, lengths: i32) {
    let end = ranges + numbers * 8;
    while (ranges < end) {
      let from = u32[ranges];
      u32[starts] = from;
      u16[lengths] = u32[ranges + 4] - from;
      ranges += 8;
      starts += 4;
      lengths += 2;
    }
  }
`;

export interface RowKernels {
  splitRows(
    ...args: [
      state: Address,
      bytes: Address,
      end: Address,
      delimiter: number,
      width: number,
      slots: Address,
      ranges: Address,
      stride: number,
      most: number,
      header: Address,
      headerLength: number,
    ]
  ): number;
  spread(ranges: Address, numbers: number, starts: Address, lengths: Address): void;
}
