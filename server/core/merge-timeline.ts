/**
 * Stretches that say the same to a reader become one, though a detail of the record changed between them.
 * @param entries newest first, one beginning where the next one ends
 * @param saidBy what a reader is told of one
 */
export function mergeTimeline<Entry extends { readonly from: string }>(
  entries: readonly Entry[],
  saidBy: (entry: Entry) => readonly unknown[],
): Entry[] {
  const merged: Entry[] = [];
  for (const entry of entries) {
    const later = merged.at(-1);
    if (later && JSON.stringify(saidBy(later)) === JSON.stringify(saidBy(entry)))
      merged[merged.length - 1] = { ...later, from: entry.from };
    else merged.push(entry);
  }
  return merged;
}
