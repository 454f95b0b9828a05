import type { Address } from './address.ts';
import { named, tableOf } from './number-table.ts';
import { together } from './together.ts';

const ownerPlaces = [
  ...['accountState', 'accountKinds', 'accountKeys', 'accountBytes', 'accountWidth', 'uniqueStarts', 'uniqueLengths'],
  ...['uniqueSlots', 'uniqueMask', 'left'],
  ...['userState', 'userKinds', 'userKeys', 'userBytes', 'userWidth', 'emailSlots', 'emailMask'],
  ...['stableSlots', 'stableMask', 'stableFields', 'stableWidth'],
  ...['owners', 'rivals', 'rules', 'flags', 'hashes', 'state', 'joins', 'exact', 'byId'],
] as const;
export const ownerTable = tableOf(ownerPlaces);
export const ownerTableLength = ownerPlaces.length;

/** Who a license holder is, as correlate.ts. */
export const ownersSource = `
  // Finds the owners of license holders with a plain address that is one active CRM user's alone, and whose Unique User ID, where there
  // is one, is his too and nobody else's. All others go to a list, which has room for each; returns how many those are.
  // uniqueStarts is 0 where no license holder has an id, stableSlots where no CRM user has. left marks rows to leave, or is 0.
  // stableFields are the columns of the ids of CRM users: where their starts and where their lengths begin.
  fn findOwners(places: i32, row: i32, to: i32, list: i32): i32 {
    ${named(ownerPlaces)}
    let listed = 0;
    while (row < to) {
      let first = row;
      let end = row + ${together};
      if (end > to) { end = to; }
      let r = row;
      let touched = 0;
      while (r < end) {
        touched += u32[emailSlots + (u32[accountKeys + r * 16 + 8] & emailMask) * 8];
        r += 1;
      }
      if (uniqueStarts != 0) {
        hashField(first, end, accountWidth, accountBytes, uniqueStarts, uniqueLengths, hashes);
        touched += touchPlaces(hashes, end - first, uniqueSlots, uniqueMask);
        if (stableSlots != 0) { touched += touchPlaces(hashes, end - first, stableSlots, stableMask); }
      }
      r = row;
      while (r < end) {
        let there = u32[emailSlots + (u32[accountKeys + r * 16 + 8] & emailMask) * 8] & 0x7fffffff;
        if (there != 0) { touched += u32[userKeys + (there - 1) * 16] + u8[userState + there - 1] + u8[userKinds + there - 1]; }
        r += 1;
      }
      r = row;
      while (r < end) {
        let there = u32[emailSlots + (u32[accountKeys + r * 16 + 8] & emailMask) * 8] & 0x7fffffff;
        if (there != 0) {
          touched += u8[userBytes + (u32[userKeys + (there - 1) * 16] & 0x7fffffff)];
          if (stableSlots != 0) { touched += u32[u32[stableFields] + (there - 1) * userWidth * 4] + u16[u32[stableFields + 4] + (there - 1) * userWidth * 2]; }
        }
        r += 1;
      }
      u32[state] = touched;
      while (row < end) {
        u32[owners + row * 4] = 0xffffffff;
        u32[rivals + row * 4] = 0xffffffff;
        u8[rules + row] = 0;
        u16[flags + row * 2] = 0;
        if (u8[accountState + row] == 1) {
          let hash = 0n;
          if (uniqueStarts != 0) { hash = u64[hashes + (row - first) * 8]; }
          let user = 0xffffffff;
          if (u8[accountKinds + row] == 3 && (left == 0 || u8[left + row] == 0)) {
            user = onlyUser(accountKeys + row * 16, accountBytes, userKeys, userBytes, emailSlots, emailMask);
          }
          if (user != 0xffffffff && u8[userState + user] == 1 && u8[userKinds + user] == 3) {
            // 1: the id is his. 0: he has none, and nobody has it. 2: anything else.
            let id = 0;
            if (hash != 0n) {
              if (stableSlots != 0) { id = idOf(user, hash, accountBytes + u32[uniqueStarts + row * accountWidth * 4], u16[uniqueLengths + row * accountWidth * 2], stableSlots, stableMask, stableFields, stableWidth, userBytes, userWidth); }
              if (sharesHash(uniqueSlots, uniqueMask, row, low(hash >> 32n), low(hash))) { id = 2; }
            }
            if (id != 2) {
              u32[owners + row * 4] = user;
              u16[flags + row * 2] = joins;
              u8[rules + row] = exact;
              if (id == 1) { u8[rules + row] = byId; }
            } else { user = 0xffffffff; }
          } else { user = 0xffffffff; }
          if (user == 0xffffffff) {
            u32[list + listed * 4] = row;
            listed += 1;
          }
        }
        row += 1;
      }
    }
    return listed;
  }

  // The one CRM user with the key of a license holder; 0xffffffff where there is none, or several, or he is not told at once.
  fn onlyUser(key: i32, accountBytes: i32, userKeys: i32, userBytes: i32, slots: i32, mask: i32): i32 {
    let p = u32[key + 8] & mask;
    let high = u32[key + 12];
    while (1) {
      let there = u32[slots + p * 8];
      if (there == 0) { return 0xffffffff; }
      if (u32[slots + p * 8 + 4] == high) {
        if (there >= 0x80000000) { return 0xffffffff; }
        let other = userKeys + (there - 1) * 16;
        let start = u32[other];
        if (u64[key + 8] == u64[other + 8] && u32[key + 4] == u32[other + 4] && start < 0x80000000) {
          if (equalLower(accountBytes + u32[key], userBytes + start, u32[key + 4])) { return there - 1; }
        }
        return 0xffffffff;
      }
      p = (p + 1) & mask;
    }
  }

  fn idOf(user: i32, hash: i64, start: i32, length: i32, slots: i32, mask: i32, fields: i32, width: i32, userBytes: i32, userWidth: i32): i32 {
    let p = low(hash) & mask;
    let high = low(hash >> 32n);
    while (1) {
      let there = u32[slots + p * 8];
      if (there == 0) {
        let k = 0;
        while (k < width) {
          if (u16[u32[fields + k * 8 + 4] + user * userWidth * 2] != 0) { return 2; }
          k += 1;
        }
        return 0;
      }
      if (u32[slots + p * 8 + 4] == high) {
        if (there >= 0x80000000 || (there - 1) / width != user) { return 2; }
        let k = (there - 1) % width;
        let from = userBytes + u32[u32[fields + k * 8] + user * userWidth * 4];
        // Outer space is looked at by somebody else.
        if (u16[u32[fields + k * 8 + 4] + user * userWidth * 2] != length || !equalLower(from, start, length)) { return 2; }
        return 1;
      }
      p = (p + 1) & mask;
    }
  }

  // Whether another row than this one may be there under the hash.
  fn sharesHash(slots: i32, mask: i32, row: i32, high: i32, lowHalf: i32): i32 {
    let p = lowHalf & mask;
    while (u32[slots + p * 8] != 0) {
      if (u32[slots + p * 8 + 4] == high && u32[slots + p * 8] != row + 1) { return 1; }
      p = (p + 1) & mask;
    }
    return 0;
  }
`;

export interface OwnerKernels {
  findOwners(places: Address, row: number, to: number, list: Address): number;
}
