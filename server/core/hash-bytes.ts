/**
 * 64-bit hashes of byte ranges as two 32-bit halves, for open addressing. Not for secrets.
 * Keys are compared byte by byte after the hashes agree, so a collision costs time and never a wrong answer.
 */

const lower = new Uint8Array(256);
for (let c = 0; c < 256; c++) lower[c] = c >= 65 && c <= 90 ? c + 32 : c;

/** The two halves of the last hash. Module state rather than a return value: a million pairs would be a million objects. */
export const hash = { low: 0, high: 0 };

/** Hash of `bytes[from … to)` with ASCII letters read as lower case. */
export function hashLower(bytes: Uint8Array, from: number, to: number): void {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (let p = from; p < to; p++) {
    const c = lower[bytes[p]!]!;
    a = Math.imul(a ^ c, 0x01000193);
    b = Math.imul(b ^ c, 0x85ebca6b);
    b ^= b >>> 15;
  }
  finish(a, b, to - from);
}

/** Hash of `bytes[from … to)` and of `behind` after it, as `hashLower` of both together. */
export function hashLowerWith(bytes: Uint8Array, from: number, to: number, behind: Uint8Array): void {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (let p = from; p < to; p++) {
    const c = lower[bytes[p]!]!;
    a = Math.imul(a ^ c, 0x01000193);
    b = Math.imul(b ^ c, 0x85ebca6b);
    b ^= b >>> 15;
  }
  for (let p = 0; p < behind.length; p++) {
    const c = lower[behind[p]!]!;
    a = Math.imul(a ^ c, 0x01000193);
    b = Math.imul(b ^ c, 0x85ebca6b);
    b ^= b >>> 15;
  }
  finish(a, b, to - from + behind.length);
}

/** Hash of a text, and of a second one behind it, as their UTF-8 bytes would hash; for short look-ups. */
export function hashText(text: string, behind = ''): void {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (let p = 0; p < text.length + behind.length; p++) {
    const code = p < text.length ? text.charCodeAt(p) : behind.charCodeAt(p - text.length);
    if (code > 127) {
      const bytes = encoder.encode(text + behind);
      hashLower(bytes, 0, bytes.length);
      return;
    }
    const c = lower[code]!;
    a = Math.imul(a ^ c, 0x01000193);
    b = Math.imul(b ^ c, 0x85ebca6b);
    b ^= b >>> 15;
  }
  finish(a, b, text.length + behind.length);
}
const encoder = new TextEncoder();

/** Hash of the last hash and a number, so that a key of several parts needs no text of its own. */
export function hashWith(value: number): void {
  finish(hash.low ^ Math.imul(value, 0x9e3779b1), hash.high ^ value, 4);
}

function finish(a: number, b: number, length: number): void {
  a = Math.imul(a ^ (a >>> 16) ^ length, 0x7feb352d);
  a = Math.imul(a ^ (a >>> 15), 0x846ca68b);
  b = Math.imul(b ^ (b >>> 16) ^ a, 0xc2b2ae35);
  hash.low = (a ^ (a >>> 16)) >>> 0;
  hash.high = (b ^ (b >>> 13)) >>> 0;
}

/** Whether two byte ranges are equal with ASCII letters read as lower case. */
export function equalLower(a: Uint8Array, aFrom: number, aTo: number, b: Uint8Array, bFrom: number, bTo: number): boolean {
  if (aTo - aFrom !== bTo - bFrom) return false;
  for (let p = aFrom, q = bFrom; p < aTo; p++, q++) {
    if (lower[a[p]!] !== lower[b[q]!]) return false;
  }
  return true;
}
