import { byteClasses } from '../email.ts';
import { compileKernels } from './compile-kernels.ts';

/*
 * The loops of a comparison that touch every row, over columns that lie in one memory (room.ts). They hold no rule of their own: each
 * only recognises rows with which nothing can be the matter, does for them what the TypeScript beside it would do, and stops at any
 * other row, which that TypeScript then takes. Tests hold both equal.
 *
 * Numbers are addresses in bytes unless a comment says otherwise. `state` is a few numbers that a call leaves behind.
 */

/** Rows that are worked on together, so that their waits for memory overlap: few enough to stay in the cache. */
export const together = 128;

/** Bytes and hashes, as hash-bytes.ts. */
const bytesSource = `
  // 16 bytes with ASCII letters in lower case.
  fn lowered(x: v128): v128 {
    return either(x, both(notAbove(minus(x, every('A')), every(25)), every(32)));
  }

  fn equalLower(p: i32, q: i32, length: i32): i32 {
    let k = 0;
    while (k < length) {
      let alike = bits(same(lowered(v128[p + k]), lowered(v128[q + k])));
      let rest = length - k;
      if (rest < 16) { alike = alike | (0xffff << rest); }
      if ((alike & 0xffff) != 0xffff) { return 0; }
      k += 16;
    }
    return 1;
  }

  fn equal(p: i32, q: i32, length: i32): i32 {
    let k = 0;
    while (k < length) {
      let alike = bits(same(v128[p + k], v128[q + k]));
      let rest = length - k;
      if (rest < 16) { alike = alike | (0xffff << rest); }
      if ((alike & 0xffff) != 0xffff) { return 0; }
      k += 16;
    }
    return 1;
  }

  fn lowerByte(c: i32): i32 {
    if (c - 'A' <= 25) { return c + 32; }
    return c;
  }

  // The last step of a hash: its low half in the low 32 bits, its high half above.
  fn finished(x: i32, y: i32, length: i32): i64 {
    let a = (x ^ (x >> 16) ^ length) * 0x7feb352d;
    a = (a ^ (a >> 15)) * 0x846ca68b;
    let b = (y ^ (y >> 16) ^ a) * 0xc2b2ae35;
    return wide(a ^ (a >> 16)) | (wide(b ^ (b >> 13)) << 32n);
  }

  fn hashLower(from: i32, to: i32): i64 {
    let a = 0x811c9dc5;
    let b = 0x9e3779b9;
    let p = from;
    while (p < to) {
      let c = lowerByte(u8[p]);
      a = (a ^ c) * 0x01000193;
      b = (b ^ c) * 0x85ebca6b;
      b ^= b >> 15;
      p += 1;
    }
    return finished(a, b, to - from);
  }

  fn isSpace(c: i32): i32 {
    return c == 32 || c - 9 <= 4;
  }
  fn trimmedFrom(start: i32, to: i32): i32 {
    let p = start;
    while (p < to && isSpace(u8[p])) { p += 1; }
    return p;
  }
  fn trimmedTo(from: i32, end: i32): i32 {
    let p = end;
    while (p > from && isSpace(u8[p - 1])) { p -= 1; }
    return p;
  }
`;

/** Rows of a CSV file, as connectors/csv.ts. */
const rowsSource = `
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
      if (length == headerLength && u64[at] == u64[header]) { break; }
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

/** People's keys and values, as people.ts. `starts` and `lengths` are those of the field in the first row; a row has `width` fields. */
const peopleSource = `
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

/** Indexes, as key-index.ts. `wanted` has a bit for each value of a row's state that takes part. */
const indexSource = `
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

/** What a function takes as one table of numbers, because they are many: their names, in order. */
const ownerPlaces = [
  ...['accountState', 'accountKinds', 'accountKeys', 'accountBytes', 'accountWidth', 'uniqueStarts', 'uniqueLengths'],
  ...['uniqueSlots', 'uniqueMask', 'left'],
  ...['userState', 'userKinds', 'userKeys', 'userBytes', 'userWidth', 'emailSlots', 'emailMask'],
  ...['stableSlots', 'stableMask', 'stableFields', 'stableWidth'],
  ...['owners', 'rivals', 'rules', 'flags', 'hashes', 'state', 'joins', 'exact', 'byId'],
] as const;
/** Makes each of them a local of its name. */
const named = (places: readonly string[]): string => places.map((name, k) => `let ${name} = u32[places + ${4 * k}];`).join('\n');

/** Who a license holder is, as correlate.ts. */
const ownersSource = `
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

const hintPlaces = [
  ...['accountKinds', 'accountKeys', 'accountBytes', 'accountDomains', 'slots', 'mask', 'others', 'tagged', 'taggedMask'],
  ...['aliases', 'aliasMask', 'hashes', 'hashRows', 'state'],
] as const;
/** Which of the weaker rules may find somebody. */
export const hints = { alias: 1, tag: 2, secondary: 4 } as const;

/** Which of the weaker rules of correlate.ts may find somebody: for most who come to them none can. */
const hintsSource = `
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

const namePlaces = [
  ...['claims', 'states', 'bytes', 'starts', 'lengths', 'width', 'given', 'family', 'display', 'domains', 'groups'],
  ...['sought', 'soughtMask', 'affixes', 'affixMask', 'state'],
] as const;

/** Names that somebody seeks, as key-sums.ts and taken-namesakes.ts. */
const namesSource = `
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

const linePlaces = [
  ...['accountBytes', 'accountStarts', 'accountLengths', 'accountWidth', 'idSource'],
  ...['seatId', 'uniqueUserId', 'email', 'display', 'given', 'family', 'status', 'salesLicense', 'type'],
  ...['userBytes', 'userStarts', 'userLengths', 'userWidth', 'userState', 'owners'],
  ...['userId', 'userEmail', 'userDisplay', 'endings', 'delicate', 'state'],
  ...['slotOf', 'candidates', 'mostCandidates', 'thousandths', 'scores'],
] as const;

/** The lines of license holders, as findings-csv.ts. Fields are numbers of columns; 0xffffffff is a column that is not there. */
const linesSource = `
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

/** Puts the numbers of a table in their places. */
const tableOf =
  <Name extends string>(places: readonly Name[]) =>
  (into: Uint32Array, numbers: Readonly<Record<Name, number>>): void =>
    into.set(places.map((name) => numbers[name]));
export const ownerTable = tableOf(ownerPlaces);
export const ownerTableLength = ownerPlaces.length;
export const hintTable = tableOf(hintPlaces);
export const hintTableLength = hintPlaces.length;
export const nameTable = tableOf(namePlaces);
export const nameTableLength = namePlaces.length;
export const lineTable = tableOf(linePlaces);
export const lineTableLength = linePlaces.length;

/** What WebAssembly knows of the columns is where they begin. */
type Address = number;

/** The functions above that TypeScript calls. */
export interface Kernels {
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
  findOwners(places: Address, row: number, to: number, list: Address): number;
  writeLines(places: Address, rows: Address, ends: Address, k: number, count: number, start: Address, limit: Address): number;
  hintRules(places: Address, list: Address, count: number, hints: Address): void;
  soughtNames(places: Address, row: number, to: number, list: Address): number;
}

let compiled: WebAssembly.Module | null = null;

/** The compiled functions: another thread may be given them, which saves it compiling. */
export function kernelModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(
    compileKernels([bytesSource, rowsSource, peopleSource, indexSource, ownersSource, hintsSource, namesSource, linesSource].join('\n')),
  );
  return compiled;
}

/** The functions over one memory, of `createMemory`. */
export const kernelsOver = (memory: WebAssembly.Memory, module = kernelModule()): Kernels =>
  new WebAssembly.Instance(module, { room: { memory } }).exports as unknown as Kernels;
