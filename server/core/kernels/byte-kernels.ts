/** Bytes and hashes, as hash-bytes.ts. */
export const bytesSource = `
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
