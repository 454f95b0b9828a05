import { setImmediate as nextTurn } from 'node:timers/promises';
import { RequestFailed } from './errors.ts';

export interface Page<Raw> {
  readonly records: readonly Raw[];
  /** Where the next page begins; null after the last. */
  readonly next: string | null;
  /** How many records the vendor says there are in all; null where it does not say. */
  readonly total: number | null;
}

export interface PagesRead {
  readonly received: number;
  readonly pages: number;
  readonly lastCursor: string | null;
  readonly total: number | null;
}

/**
 * Reads a list to its end and hands each page over as it comes, while the next one is asked for; nothing else is kept but the ids. A list that cannot be whole throws
 * RequestFailed `invalid-response`: a cursor or a record that came before, an empty page with another after it, a total that changes, is
 * passed or is not reached.
 * @param request what is listed, in our words
 * @param first the cursor of the first page
 */
export async function readPages<Raw>(
  request: string,
  first: string,
  readPage: (cursor: string) => Promise<Page<Raw>>,
  idOf: (record: Raw) => string,
  into: (records: readonly Raw[]) => void,
): Promise<PagesRead> {
  const notWhole = (): RequestFailed => new RequestFailed('invalid-response', request);
  const cursors = new Set<string>();
  const ids = new Set<string>();
  let total: number | null = null;
  let cursor = first;
  let reading = readPage(cursor);
  for (;;) {
    cursors.add(cursor);
    const page = await reading;
    if (page.total !== null && total !== null && page.total !== total) throw notWhole();
    total = page.total ?? total;
    const before = ids.size;
    for (const record of page.records) ids.add(idOf(record));
    if (ids.size !== before + page.records.length || (total !== null && ids.size > total)) throw notWhole();
    if (page.next !== null) {
      if (page.records.length === 0 || cursors.has(page.next)) throw notWhole();
      // On its way while this page is handed over, which holds the thread: a large list takes the vendor's time, not the sum of both. Node
      // writes a request in the turn after the one in which it was made.
      reading = readPage(page.next);
      reading.catch(() => {});
      await nextTurn();
      await nextTurn();
    }
    if (page.records.length > 0) into(page.records);
    if (page.next === null) break;
    cursor = page.next;
  }
  if (total !== null && total !== ids.size) throw notWhole();
  return { received: ids.size, pages: cursors.size, lastCursor: cursors.size > 1 ? cursor : null, total };
}
