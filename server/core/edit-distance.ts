/** Longer texts are not names or local parts; they count as far apart. */
const longest = 80;
const rows = [new Uint8Array(longest + 2), new Uint8Array(longest + 2), new Uint8Array(longest + 2)] as const;

/**
 * Edits from `a` to `b` (insert, delete, replace, swap of two neighbours; optimal string alignment), or `atMost + 1` where
 * more than `atMost` are needed.
 */
export function editDistance(a: string, b: string, atMost: number): number {
  const far = atMost + 1;
  if (a === b) return 0;
  if (Math.abs(a.length - b.length) > atMost || a.length > longest || b.length > longest) return far;
  let start = 0;
  while (start < a.length && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a.charCodeAt(endA - 1) === b.charCodeAt(endB - 1)) {
    endA--;
    endB--;
  }
  const n = endA - start;
  const m = endB - start;
  if (n === 0 || m === 0) return Math.min(n + m, far);

  // What is left begins and ends with differing letters, so that one edit is a replaced letter or two neighbours swapped.
  if (atMost === 1) {
    const swaps = n === 2 && a.charCodeAt(start) === b.charCodeAt(start + 1) && a.charCodeAt(start + 1) === b.charCodeAt(start);
    return n === m && (n === 1 || swaps) ? 1 : far;
  }

  let [before, last, row] = rows as unknown as [Uint8Array, Uint8Array, Uint8Array];
  for (let j = 0; j <= m; j++) last[j] = j;
  for (let i = 1; i <= n; i++) {
    // Cells further from the diagonal than `atMost` hold more than `atMost`.
    const from = Math.max(1, i - atMost);
    const to = Math.min(m, i + atMost);
    row[from - 1] = from === 1 ? i : far;
    let least = row[from - 1]!;
    const x = a.charCodeAt(start + i - 1);
    for (let j = from; j <= to; j++) {
      const y = b.charCodeAt(start + j - 1);
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (x === y ? 0 : 1));
      if (i > 1 && j > 1 && x === b.charCodeAt(start + j - 2) && y === a.charCodeAt(start + i - 2))
        cost = Math.min(cost, before[j - 2]! + 1);
      row[j] = cost;
      if (cost < least) least = cost;
    }
    row[to + 1] = far;
    if (least > atMost) return far;
    [before, last, row] = [last, row, before];
  }
  return Math.min(last[m]!, far);
}
