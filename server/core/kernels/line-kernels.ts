import type { Address } from './address.ts';
import { named, tableOf } from './number-table.ts';
import { together } from './together.ts';

const linePlaces = [
  ...['accountBytes', 'accountStarts', 'accountLengths', 'accountWidth', 'idSource'],
  ...['seatId', 'uniqueUserId', 'email', 'display', 'given', 'family', 'status', 'salesLicense', 'type'],
  ...['userBytes', 'userStarts', 'userLengths', 'userWidth', 'userState', 'owners'],
  ...['userId', 'userEmail', 'userDisplay', 'endings', 'delicate', 'state'],
  ...['slotOf', 'candidates', 'mostCandidates', 'thousandths', 'scores'],
] as const;
export const lineTable = tableOf(linePlaces);
export const lineTableLength = linePlaces.length;

/** The lines of license holders, as findings-csv.ts. Fields are numbers of columns; 0xffffffff is a column that is not there. */
export const linesSource = `
  // Copies a cell and returns where it ends; 0 where its text needs a look: a delicate first or last byte, or a comma, quote or line
  // break in it. Up to 16 bytes behind it are overwritten.
  fn cell(out: i32, from: i32, length: i32, delicate: i32): i32 {
    if (length == 0) { return out; }
    if (u8[delicate + u8[from]] || u8[delicate + u8[from + length - 1]]) { return 0; }
    let k = 0;
    while (k < length) {
      let x = v128[from + k];
      let found = bits(either(either(same(x, every(',')), same(x, every('"'))), either(same(x, every(10)), same(x, every(13)))));
      if (found != 0) { if (trailingZeros(found) < length - k) { return 0; } }
      v128[out + k] = x;
      k += 16;
    }
    return out + length;
  }

  // Copies bytes; up to 16 behind them are overwritten.
  fn raw(out: i32, from: i32, length: i32): i32 {
    let k = 0;
    while (k < length) {
      v128[out + k] = v128[from + k];
      k += 16;
    }
    return out + length;
  }

  // Writes the lines of license holders from rows[k] on, and leaves in state[0] where they end. Stops at one whose line needs another
  // look, who has no ending (0xffffffff), or where there is no more room before limit. An ending is what many lines share: address and
  // length of the bytes in front, before the suggestions and behind; then 1 where an owner is shown. Scores are texts of up to 7 bytes
  // with their length behind, by thousandth.
  fn writeLines(places: i32, rows: i32, ends: i32, k: i32, count: i32, start: i32, limit: i32): i32 {
    ${named(linePlaces)}
    let out = start;
    let none = 0xffffffff;
    while (k < count) {
      if (k % ${together} == 0) {
        let last = k + ${together};
        if (last > count) { last = count; }
        let touched = 0;
        let r = k;
        while (r < last) {
          let user = u32[owners + u32[rows + r * 4] * 4];
          if (user != none) { touched += u32[userStarts + user * userWidth * 4] + u16[userLengths + user * userWidth * 2] + u8[userState + user]; }
          r += 1;
        }
        r = k;
        while (r < last) {
          let user = u32[owners + u32[rows + r * 4] * 4];
          if (user != none) {
            let line = userBytes + u32[userStarts + user * userWidth * 4];
            touched += u8[line] + u8[line + 64];
          }
          r += 1;
        }
        u32[state + 4] = touched;
      }
      u32[state] = out;
      let row = u32[rows + k * 4];
      let end = u32[ends + k * 4];
      if (end == none || out > limit) { return k; }
      end = endings + end * 28;
      let starts = accountStarts + row * accountWidth * 4;
      let lengths = accountLengths + row * accountWidth * 2;
      let p = raw(out, u32[end], u32[end + 4]);
      let id = seatId;
      if (u8[idSource + row] == 1) { id = uniqueUserId; }
      if (u8[idSource + row] == 2) { id = email; }
      p = field(p, id, starts, lengths, accountBytes, delicate);
      if (p != 0) { p = field(p, email, starts, lengths, accountBytes, delicate); }
      if (p != 0) {
        if (display != none && u16[lengths + display * 2] != 0) { p = field(p, display, starts, lengths, accountBytes, delicate); }
        else {
          let hasGiven = given != none && u16[lengths + given * 2] != 0;
          let hasFamily = family != none && u16[lengths + family * 2] != 0;
          if (hasGiven) { p = field(p, given, starts, lengths, accountBytes, delicate); }
          if (hasGiven && hasFamily && p != 0) { u8[p - 1] = ' '; }
          if (hasFamily && p != 0) { p = field(p, family, starts, lengths, accountBytes, delicate); }
          if (!hasGiven && !hasFamily) {
            u8[p] = ',';
            p += 1;
          }
        }
      }
      if (p != 0) {
        if (status != none && u16[lengths + status * 2] != 0) { p = field(p, status, starts, lengths, accountBytes, delicate); }
        else { p = field(p, salesLicense, starts, lengths, accountBytes, delicate); }
      }
      if (p != 0) {
        // Several licenses in one cell are parted by ; and | as well.
        if (type != none && mayPart(accountBytes + u32[starts + type * 4], u16[lengths + type * 2])) { p = 0; }
        else { p = field(p, type, starts, lengths, accountBytes, delicate); }
      }
      if (p != 0) {
        if (u32[end + 24]) {
          let user = u32[owners + row * 4];
          starts = userStarts + user * userWidth * 4;
          lengths = userLengths + user * userWidth * 2;
          id = userId;
          if (userId == none || u16[lengths + userId * 2] == 0) { id = userEmail; }
          p = field(p, id, starts, lengths, userBytes, delicate);
          if (p != 0) { p = field(p, userEmail, starts, lengths, userBytes, delicate); }
          if (p != 0) {
            if (userDisplay == none || u16[lengths + userDisplay * 2] == 0) { p = 0; }
            else { p = field(p, userDisplay, starts, lengths, userBytes, delicate); }
          }
          if (p != 0) {
            // 'true' or 'fals' in one number.
            if (u8[userState + user] == 1) { u32[p] = 0x65757274; p += 4; }
            else { u32[p] = 0x736c6166; u8[p + 4] = 'e'; p += 5; }
          }
        } else {
          u32[p] = 0x2c2c2c;
          p += 3;
        }
      }
      if (p == 0) { return k; }
      p = raw(p, u32[end + 8], u32[end + 12]);
      if (!u32[end + 24]) {
        let first = u32[slotOf + row * 4] * mostCandidates;
        let c = first;
        while (c < first + mostCandidates) {
          let user = u32[candidates + c * 4];
          if (user == none) { break; }
          if (c > first) {
            u8[p] = '|';
            p += 1;
          }
          lengths = userLengths + user * userWidth * 2;
          id = userId;
          if (userId == none || u16[lengths + userId * 2] == 0) { id = userEmail; }
          p = cell(p, userBytes + u32[userStarts + (user * userWidth + id) * 4], u16[lengths + id * 2], delicate);
          if (p == 0) { return k; }
          u8[p] = ':';
          let score = scores + u16[thousandths + c * 2] * 8;
          u64[p + 1] = u64[score];
          p += 1 + u8[score + 7];
          c += 1;
        }
      }
      out = raw(p, u32[end + 16], u32[end + 20]);
      k += 1;
    }
    u32[state] = out;
    return k;
  }

  // A cell and the comma behind it; 0 as for cell.
  fn field(out: i32, column: i32, starts: i32, lengths: i32, bytes: i32, delicate: i32): i32 {
    let p = out;
    if (column != 0xffffffff) { p = cell(out, bytes + u32[starts + column * 4], u16[lengths + column * 2], delicate); }
    if (p == 0) { return 0; }
    u8[p] = ',';
    return p + 1;
  }

  fn mayPart(from: i32, length: i32): i32 {
    let k = 0;
    while (k < length) {
      let x = v128[from + k];
      let found = bits(either(same(x, every(59)), same(x, every('|'))));
      if (found != 0) { if (trailingZeros(found) < length - k) { return 1; } }
      k += 16;
    }
    return 0;
  }
`;

export interface LineKernels {
  writeLines(places: Address, rows: Address, ends: Address, k: number, count: number, start: Address, limit: Address): number;
}
