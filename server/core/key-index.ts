import type { Room } from './kernels/room.ts';

/**
 * An index from 64-bit hashes to rows on shared buffers: open addressing, rows of equal hash chained.
 * Two threads may read it at once. It does not know the keys: callers compare them when a hash agrees.
 */
export interface KeyIndex {
  /** Pairs of (row + 1, high half); 0 is empty. Bit 31 of the first says that the row has others behind it, so that most look-ups never touch `next`. */
  readonly slots: Uint32Array;
  /** Row after this one with the same hash, plus one; 0 ends the chain. */
  readonly next: Uint32Array;
}

export const hasMore = 0x80000000;
const rowBits = 0x7fffffff;

/** Room for `rows` rows. */
export function createKeyIndex(rows: number, room: Room): KeyIndex {
  let size = 16;
  while (size < rows * 2) size *= 2;
  return { slots: room.u32(size * 2), next: room.u32(Math.max(1, rows)) };
}

/**
 * Adds a row. Rows whose 64-bit hashes are equal form one chain.
 * @param lowOf the low half of an earlier row's hash
 */
export function addToIndex(index: KeyIndex, row: number, low: number, high: number, lowOf: (row: number) => number): void {
  const { slots, next } = index;
  const mask = slots.length / 2 - 1;
  let p = low & mask;
  for (;;) {
    const there = slots[2 * p]!;
    if (there === 0) {
      slots[2 * p] = row + 1;
      slots[2 * p + 1] = high;
      return;
    }
    if (slots[2 * p + 1] === high) {
      const first = (there & rowBits) - 1;
      if (lowOf(first) === low) {
        next[row] = next[first]!;
        next[first] = row + 1;
        slots[2 * p] = (there | hasMore) >>> 0;
        return;
      }
    }
    p = (p + 1) & mask;
  }
}

/** Adds a row unless one with the same key is there, and returns that one, or -1. Rows of equal hash and other keys are chained. */
export function addUnlessThere(
  index: KeyIndex,
  row: number,
  low: number,
  high: number,
  lowOf: (row: number) => number,
  isKey: (row: number) => boolean,
): number {
  const { slots, next } = index;
  const mask = slots.length / 2 - 1;
  let p = low & mask;
  for (;;) {
    const there = slots[2 * p]!;
    if (there === 0) {
      slots[2 * p] = row + 1;
      slots[2 * p + 1] = high;
      return -1;
    }
    if (slots[2 * p + 1] === high) {
      const first = (there & rowBits) - 1;
      if (isKey(first)) return first;
      for (let other = next[first]! - 1; other >= 0; other = next[other]! - 1) if (isKey(other)) return other;
      if (lowOf(first) === low) {
        next[row] = next[first]!;
        next[first] = row + 1;
        slots[2 * p] = (there | hasMore) >>> 0;
        return -1;
      }
    }
    p = (p + 1) & mask;
  }
}

/** Whether a row of this hash may be there; of hashes with the same high half one is taken for another now and then. */
export function mayHold({ slots }: KeyIndex, low: number, high: number): boolean {
  const mask = slots.length / 2 - 1;
  let p = low & mask;
  for (; slots[2 * p] !== 0; p = (p + 1) & mask) if (slots[2 * p + 1] === high) return true;
  return false;
}

/** Whether a row other than this one may be there under the hash, told as by `mayHold`. */
export function mayHoldOther({ slots }: KeyIndex, row: number, low: number, high: number): boolean {
  const mask = slots.length / 2 - 1;
  let p = low & mask;
  for (; slots[2 * p] !== 0; p = (p + 1) & mask) if (slots[2 * p + 1] === high && slots[2 * p] !== row + 1) return true;
  return false;
}

/** The first row with this hash whose key is the one meant, or -1. */
export function firstInIndex(index: KeyIndex, low: number, high: number, isKey: (row: number) => boolean): number {
  const { slots, next } = index;
  const mask = slots.length / 2 - 1;
  let p = low & mask;
  for (;;) {
    const there = slots[2 * p]!;
    if (there === 0) return -1;
    if (slots[2 * p + 1] === high) {
      const first = (there & rowBits) - 1;
      if (isKey(first)) return first;
      if (there >= hasMore) for (let row = next[first]! - 1; row >= 0; row = next[row]! - 1) if (isKey(row)) return row;
    }
    p = (p + 1) & mask;
  }
}

/** Visits every row with this hash whose key is the one meant. */
export function eachInIndex(
  index: KeyIndex,
  low: number,
  high: number,
  isKey: (row: number) => boolean,
  visit: (row: number) => void,
): void {
  const { slots, next } = index;
  const mask = slots.length / 2 - 1;
  let p = low & mask;
  for (;;) {
    const there = slots[2 * p]!;
    if (there === 0) return;
    if (slots[2 * p + 1] === high) {
      const first = (there & rowBits) - 1;
      if (isKey(first)) visit(first);
      if (there >= hasMore) for (let row = next[first]! - 1; row >= 0; row = next[row]! - 1) if (isKey(row)) visit(row);
    }
    p = (p + 1) & mask;
  }
}
