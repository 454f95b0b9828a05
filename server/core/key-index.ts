/**
 * An index from 64-bit hashes to rows on shared buffers: open addressing, rows of equal hash chained.
 * Two threads may read it at once. It does not know the keys: callers compare them when a hash agrees.
 */
export interface KeyIndex {
  /** Pairs of (row + 1, high half); 0 is empty. */
  readonly slots: Uint32Array;
  /** Row after this one with the same hash, plus one; 0 ends the chain. */
  readonly next: Uint32Array;
}

/** Room for `rows` rows. */
export function createKeyIndex(rows: number): KeyIndex {
  let size = 16;
  while (size < rows * 2) size *= 2;
  return { slots: new Uint32Array(new SharedArrayBuffer(size * 8)), next: new Uint32Array(new SharedArrayBuffer(Math.max(1, rows) * 4)) };
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
    if (slots[2 * p + 1] === high && lowOf(there - 1) === low) {
      next[row] = next[there - 1]!;
      next[there - 1] = row + 1;
      return;
    }
    p = (p + 1) & mask;
  }
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
      for (let row = there - 1; row >= 0; row = next[row]! - 1) if (isKey(row)) return row;
    }
    p = (p + 1) & mask;
  }
}

/** The next row of the chain, or -1; its hash is the same, its key is for the caller to compare. */
export function nextInIndex(index: KeyIndex, row: number): number {
  return index.next[row]! - 1;
}
