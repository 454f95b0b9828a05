import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { nextIn, type Page, readPages } from '../../connectors/read-pages.ts';

const three: Readonly<Record<string, Page<number>>> = {
  a: { records: [1, 2], next: 'b', total: 5 },
  b: { records: [3, 4], next: 'c', total: 5 },
  c: { records: [5], next: null, total: 5 },
};
const read = (pages: Readonly<Record<string, Page<number>>>, into: (records: readonly number[]) => unknown, asked: string[] = []) =>
  readPages<number>({
    request: 'users',
    first: 'a',
    async readPage(cursor) {
      asked.push(cursor);
      return pages[cursor]!;
    },
    idOf: String,
    into,
  });

it('asks for the next page before it hands one over, so that the two take their time together', async () => {
  const order: string[] = [];
  const told = await read(three, (records) => order.push(`got ${records.join()}`), order);
  expect(order).toEqual(['a', 'b', 'got 1,2', 'c', 'got 3,4', 'got 5']);
  expect(told).toEqual({ received: 5, pages: 3, lastCursor: 'c', total: 5 });
});

describe('a vendor that names the next page before a page is read', () => {
  const pages = [
    { records: [1, 2], next: '1', total: 7 },
    { records: [3, 4], next: '2', total: 7 },
    { records: [5, 6], next: '3', total: 7 },
    { records: [7], next: null, total: 7 },
  ];
  /** @param named what each page names, where it is not what it says once it is read */
  function readNamed(into: (records: readonly number[]) => unknown, named: Readonly<Record<string, string>> = {}) {
    const order: string[] = [];
    let ended: AbortSignal | undefined;
    const reading = readPages<number>({
      request: 'users',
      first: '0',
      async readPage(cursor, { next, signal, onSent }) {
        ended = signal;
        // As where limits and access are kept in a database.
        for (let turns = 0; turns < 5; turns++) await nextTurn();
        order.push(`ask ${cursor}`);
        onSent();
        const page = pages[Number(cursor)] ?? { records: [8], next: null, total: 7 };
        await nextTurn();
        await next(named[cursor] ?? page.next);
        order.push(`read ${cursor}`);
        return page;
      },
      idOf: String,
      into,
    });
    return { order, reading, isOver: () => ended?.aborted };
  }

  it('is asked for that page while this one is read', async () => {
    const got: number[] = [];
    const { order, reading } = readNamed((records) => got.push(...records));
    expect(await reading).toEqual({ received: 7, pages: 4, lastCursor: '3', total: 7 });
    expect(got).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(order).toEqual(['ask 0', 'ask 1', 'read 0', 'ask 2', 'read 1', 'ask 3', 'read 2', 'read 3']);
  });

  it('is asked for one page ahead and no more while the receiver is slow, and that one is not read before its turn', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { order, reading } = readNamed(() => promise);
    for (let turns = 0; turns < 20; turns++) await nextTurn();
    expect(order).toEqual(['ask 0', 'ask 1', 'read 0']);
    resolve();
    await reading;
  });

  it('is believed by what the page says once it is read: a page that was asked for by mistake is not used, and let go in the end', async () => {
    const got: number[] = [];
    const { order, reading, isOver } = readNamed((records) => got.push(...records), { 1: '9' });
    expect(await reading).toMatchObject({ received: 7, pages: 4 });
    expect(got).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(order).toEqual(['ask 0', 'ask 1', 'read 0', 'ask 9', 'read 1', 'ask 2', 'ask 3', 'read 2', 'read 3']);
    expect(isOver()).toBe(true);
  });

  it('is not asked for a page that was read already', async () => {
    const { order, reading } = readNamed(() => {}, { 1: '0' });
    await reading;
    expect(order.filter((what) => what === 'ask 0')).toHaveLength(1);
  });
});

it.each([
  ['in its first bytes', `{"next":"/b-2","records":["${'x'.repeat(20_000)}"]}`, '/b-2'],
  ['in its last bytes', `{"records":["${'é'.repeat(20_000)}"],"next" : "/b-2"}`, '/b-2'],
  ['nowhere: a text of somebody that looks like it is escaped', JSON.stringify({ records: ['"next":"/elsewhere"'] }), null],
  ['nowhere', '{"records":[]}', null],
  ['with an escape, which is left to whoever reads all of it', '{"next":"\\/b-2","records":[]}', null],
])('finds the next page that an answer names %s', (_, text, named) => {
  expect(nextIn(new TextEncoder().encode(text), /"next"\s*:\s*"([!#-[\]-~]+)"/)).toBe(named);
});

it.each([
  [
    'repeats a record',
    { ...three, b: { records: [2, 3], next: 'c', total: 5 } },
    'The list changed while it was read: 1 of the 2 users on page 2 had come before. Try again.',
  ],
  [
    'changes its total',
    { ...three, b: { records: [3, 4], next: 'c', total: 6 } },
    'The list changed while it was read: 5 users announced on the first page, 6 on page 2. Try again.',
  ],
  [
    'repeats a cursor',
    { ...three, b: { records: [3, 4], next: 'a', total: 5 } },
    'Page 2 names a page as the next one that was read already, so this list has no end: 4 users came. Try again; if it happens again, tell {vendor}.',
  ],
  [
    'is empty with another after it',
    { ...three, b: { records: [], next: 'c', total: 5 } },
    'Page 2 was empty although another was to come: 2 users came, and who follows is not known. Try again.',
  ],
])('asks for nothing more after a page that %s, and says what was seen', async (_, pages, sentence) => {
  const asked: string[] = [];
  await expect(read(pages, () => {}, asked)).rejects.toMatchObject({ code: 'invalid-response', sentence });
  expect(asked).toEqual(['a', 'b']);
});

it.each([
  ['too few', [], 'The list changed while it was read: 5 announced, 4 came. Try again.'],
  ['too many', [5, 6], 'The list changed while it was read: 5 announced, 6 came. Try again.'],
])('says how many were announced and how many came where they are %s', async (_, records, sentence) => {
  await expect(read({ ...three, c: { records, next: null, total: 5 } }, () => {})).rejects.toMatchObject({ sentence });
});

describe('a vendor that tells no total', () => {
  const untold = (pages: readonly (readonly number[])[]): Page<number>[] =>
    pages.map((records, at) => ({ records, next: at === pages.length - 1 ? null : String(at + 1), total: null }));
  /** @param again what a page has when it is asked for the second time */
  const readUntold = (pages: readonly (readonly number[])[], again: readonly (readonly number[])[], asked: string[] = []) => {
    const got: number[] = [];
    return readPages<number>({
      request: 'users',
      first: '0',
      perPage: 3,
      async readPage(cursor) {
        const isAgain = asked.includes(cursor);
        asked.push(cursor);
        return untold(isAgain ? again : pages)[Number(cursor)]!;
      },
      idOf: String,
      into: (records) => got.push(...records),
    }).then((told) => ({ got, told }));
  };
  const whole = [[1, 2, 3], [4, 5, 6], [7]] as const;

  it('is asked again for a page that is short with another after it, and believed where it says the same', async () => {
    const asked: string[] = [];
    const short = [[1, 2, 3], [4, 5], [7]];
    expect(await readUntold(short, short, asked)).toMatchObject({ got: [1, 2, 3, 4, 5, 7], told: { received: 6, pages: 3 } });
    expect(asked).toEqual(['0', '1', '2', '1']);
  });

  it.each([
    [[4, 6], 'Page 2 had 2 users at first and 3 when it was read again, so somebody may be missing. Try again.'],
    [[4, 9], 'Page 2 had 2 users at first and 3 when it was read again, so somebody may be missing. Try again.'],
  ])(
    'is not believed where a short page %j is another one when it is read again: nothing else would miss the person',
    async (records, sentence) => {
      await expect(readUntold([whole[0], records, whole[2]], whole)).rejects.toMatchObject({ code: 'invalid-response', sentence });
    },
  );

  it('is asked once for full pages and for the last one', async () => {
    const asked: string[] = [];
    await readUntold(whole, [], asked);
    expect(asked).toEqual(['0', '1', '2']);
  });
});

it('hands nothing more over while the receiver has not taken what came before', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const got: number[] = [];
  const reading = read(three, (records) => {
    got.push(...records);
    return promise;
  });
  await nextTurn();
  await nextTurn();
  await nextTurn();
  await nextTurn();
  expect(got).toEqual([1, 2]);
  resolve();
  await reading;
  expect(got).toEqual([1, 2, 3, 4, 5]);
});

it('leaves no failure of a page unheard that nobody waits for any more', async () => {
  const unheard: unknown[] = [];
  const listen = (reason: unknown): void => void unheard.push(reason);
  process.on('unhandledRejection', listen);
  const late = readPages<number>({
    request: 'users',
    first: 'a',
    readPage: async (cursor) => (cursor === 'a' ? three.a! : Promise.reject(new Error('late'))),
    idOf: String,
    into() {
      throw new Error('full');
    },
  });
  await expect(late).rejects.toThrow('full');
  await nextTurn();
  process.off('unhandledRejection', listen);
  expect(unheard).toEqual([]);
});
