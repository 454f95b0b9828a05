import { setImmediate as nextTurn } from 'node:timers/promises';
import { RequestFailed } from './errors.ts';
import { type Patience, waitOut } from './wait-out.ts';

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

export interface ReadingPage {
  /** Ends with the listing, however that ends: a page that was asked for ahead may not be wanted any more. */
  readonly signal: AbortSignal;
  /**
   * May be told where the next page begins before this one is read (nextIn; null: not seen), so that the vendor makes that page while we
   * read this one. What counts is what this page says once it is read. Resolves when the pages before are whole and handed over, and the
   * next one is on its way.
   */
  next(cursor: string | null): Promise<void>;
  /** Told when the request for this page was made: limits and access are looked up elsewhere first, and reading a page holds the thread. */
  readonly onSent: () => void;
}

interface Asked<Raw> {
  readonly cursor: string;
  readonly page: Promise<Page<Raw>>;
  /** Resolves when it was sent, or will not be. */
  readonly sent: Promise<void>;
  itsTurn(): void;
}

export interface ReadPagesOptions<Raw> {
  /** What is listed, in our words and as many: "users". */
  readonly request: string;
  /** The cursor of the first page. */
  readonly first: string;
  readonly readPage: (cursor: string, reading: ReadingPage) => Promise<Page<Raw>>;
  readonly idOf: (record: Raw) => string;
  /** A promise is waited for. */
  readonly into: (records: readonly Raw[]) => unknown;
  /**
   * How many records a page was asked to have, for a vendor that does not tell a total: a page with fewer and another after it is read again,
   * because nothing else misses whoever is left out of it once.
   */
  readonly perPage?: number;
  /** Default none: whatever the vendor asks to wait for is for the caller. */
  readonly patience?: Patience;
}

/**
 * Reads a list to its end and hands each page over as it comes, while the next one is asked for; nothing else is kept but the ids. A list
 * that cannot be whole throws RequestFailed `invalid-response` with a sentence that says what was seen: a cursor or a record that came before,
 * an empty page with another after it, a total that changes, is passed or is not reached, a short page that is another one when it is read
 * again.
 */
export async function readPages<Raw>({
  request,
  first,
  readPage,
  idOf,
  into,
  perPage = 0,
  patience,
}: ReadPagesOptions<Raw>): Promise<PagesRead> {
  const notWhole = (sentence: string): RequestFailed => new RequestFailed('invalid-response', request, { sentence });
  const cursors = new Set<string>();
  const ids = new Set<string>();
  let total: number | null = null;
  let ahead: Asked<Raw> | null = null;
  const over = new AbortController();
  const signal = patience?.signal ? AbortSignal.any([patience.signal, over.signal]) : over.signal;
  try {
    return await readAll();
  } finally {
    over.abort();
  }

  function ask(cursor: string): Asked<Raw> {
    const turn = Promise.withResolvers<void>();
    const sent = Promise.withResolvers<void>();
    const next = async (to: string | null): Promise<void> => {
      // One page ahead and no more: who takes the list slowly would get all of it into memory, and who fails would be asked on and on.
      await turn.promise;
      if (to === null || cursors.has(to)) return;
      await aheadAt(to).sent;
      await written();
    };
    const once = async () => readPage(cursor, { signal, next, onSent: sent.resolve });
    const page = patience === undefined ? once() : waitOut(once, { ...patience, signal });
    // Its failure is told to whoever wants it.
    page.catch(() => {}).then(() => sent.resolve());
    return { cursor, page, sent: sent.promise, itsTurn: turn.resolve };
  }

  function aheadAt(cursor: string): Asked<Raw> {
    if (ahead?.cursor !== cursor) ahead = ask(cursor);
    return ahead;
  }

  async function readAll(): Promise<PagesRead> {
    for (let reading = ask(first); ; ) {
      const { cursor } = reading;
      cursors.add(cursor);
      reading.itsTurn();
      const page = await reading.page;
      const number = count(cursors.size);
      if (page.total !== null && total !== null && page.total !== total)
        throw notWhole(
          `The list changed while it was read: ${count(total)} ${request} announced on the first page, ${count(page.total)} on page ${number}. Try again.`,
        );
      total = page.total ?? total;
      const before = ids.size;
      for (const record of page.records) ids.add(idOf(record));
      const twice = before + page.records.length - ids.size;
      if (page.next !== null && cursors.has(page.next))
        throw notWhole(
          `Page ${number} names a page as the next one that was read already, so this list has no end: ${count(ids.size)} ${request} came. Try again; if it happens again, tell {vendor}.`,
        );
      if (twice > 0)
        throw notWhole(
          `The list changed while it was read: ${count(twice)} of the ${count(page.records.length)} ${request} on page ${number} had come before. Try again.`,
        );
      if (total !== null && ids.size > total) throw notWhole(changedSentence(total, ids.size));
      let following: Asked<Raw> | null = null;
      if (page.next !== null) {
        if (page.records.length === 0)
          throw notWhole(
            `Page ${number} was empty although another was to come: ${count(ids.size)} ${request} came, and who follows is not known. Try again.`,
          );
        // On its way while this page is handed over, which holds the thread: a large list takes the vendor's time, not the sum of both.
        following = aheadAt(page.next);
        await written();
        if (total === null && page.records.length < perPage) await holdAgain(cursor, page, number);
      }
      if (page.records.length > 0) await into(page.records);
      if (following === null) {
        if (total !== null && total !== ids.size) throw notWhole(changedSentence(total, ids.size));
        return { received: ids.size, pages: cursors.size, lastCursor: cursors.size > 1 ? cursor : null, total };
      }
      reading = following;
      ahead = null;
    }
  }

  async function holdAgain(cursor: string, page: Page<Raw>, number: string): Promise<void> {
    const asked = ask(cursor);
    asked.itsTurn();
    const again = await asked.page;
    const seen = new Set(page.records.map(idOf));
    if (again.records.length === seen.size && again.records.every((record) => seen.has(idOf(record)))) return;
    throw notWhole(
      `Page ${number} had ${count(seen.size)} ${request} at first and ${seen.size === again.records.length ? 'others' : count(again.records.length)} when it was read again, so somebody may be missing. Try again.`,
    );
  }
}

/** Node writes a request in the turn after the one in which it was made. */
async function written(): Promise<void> {
  await nextTurn();
  await nextTurn();
}

/** An answer names its next page in its first bytes or in its last ones; a link can hold a query and a cookie. */
const namedWithin = 4_096;

/**
 * Where an answer says that the next page begins, found without reading all of it; null where it is not seen there. A quote within a JSON
 * string is escaped, so that a pattern with the quotes of a key finds no person's text.
 * @param pattern with one group, of ASCII without escapes
 */
export function nextIn(bytes: Uint8Array, pattern: RegExp): string | null {
  for (const part of bytes.length > 2 * namedWithin ? [bytes.subarray(0, namedWithin), bytes.subarray(-namedWithin)] : [bytes]) {
    const found = pattern.exec(Buffer.from(part.buffer, part.byteOffset, part.length).toString('latin1'));
    if (found !== null) return found[1]!;
  }
  return null;
}

const count = (number: number): string => number.toLocaleString('en-US');

/** Of a list that has not as many as were announced. */
export const changedSentence = (announced: number, came: number): string =>
  `The list changed while it was read: ${count(announced)} announced, ${count(came)} came. Try again.`;
