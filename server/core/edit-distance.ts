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

  let [before, last, row] = rows as unknown as [Uint8Array, Uint8Array, Uint8Array];
  for (let j = 0; j <= m; j++) last[j] = j;
  for (let i = 1; i <= n; i++) {
    row[0] = i;
    let least = i;
    const x = a.charCodeAt(start + i - 1);
    for (let j = 1; j <= m; j++) {
      const y = b.charCodeAt(start + j - 1);
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (x === y ? 0 : 1));
      if (i > 1 && j > 1 && x === b.charCodeAt(start + j - 2) && y === a.charCodeAt(start + i - 2))
        cost = Math.min(cost, before[j - 2]! + 1);
      row[j] = cost;
      if (cost < least) least = cost;
    }
    if (least > atMost) return far;
    [before, last, row] = [last, row, before];
  }
  return Math.min(last[m]!, far);
}
