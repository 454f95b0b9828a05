import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Page, readPages } from '../../connectors/read-pages.ts';

const three: Readonly<Record<string, Page<number>>> = {
  a: { records: [1, 2], next: 'b', total: 5 },
  b: { records: [3, 4], next: 'c', total: 5 },
  c: { records: [5], next: null, total: 5 },
};
const read = (pages: Readonly<Record<string, Page<number>>>, into: (records: readonly number[]) => void, asked: string[] = []) =>
  readPages<number>(
    'users',
    'a',
    async (cursor) => {
      asked.push(cursor);
      return pages[cursor]!;
    },
    String,
    into,
  );

it('asks for the next page before it hands one over, so that the two take their time together', async () => {
  const order: string[] = [];
  const told = await read(three, (records) => order.push(`got ${records.join()}`), order);
  expect(order).toEqual(['a', 'b', 'got 1,2', 'c', 'got 3,4', 'got 5']);
  expect(told).toEqual({ received: 5, pages: 3, lastCursor: 'c', total: 5 });
});

it.each([
  ['repeats a record', { ...three, b: { records: [2, 3], next: 'c', total: 5 } }],
  ['changes its total', { ...three, b: { records: [3, 4], next: 'c', total: 6 } }],
  ['repeats a cursor', { ...three, b: { records: [3, 4], next: 'a', total: 5 } }],
  ['is empty with another after it', { ...three, b: { records: [], next: 'c', total: 5 } }],
])('asks for nothing more after a page that %s', async (_, pages) => {
  const asked: string[] = [];
  await expect(read(pages, () => {}, asked)).rejects.toMatchObject({ code: 'invalid-response' });
  expect(asked).toEqual(['a', 'b']);
});

it('leaves no failure of a page unheard that nobody waits for any more', async () => {
  const unheard: unknown[] = [];
  const listen = (reason: unknown): void => void unheard.push(reason);
  process.on('unhandledRejection', listen);
  const late = readPages<number>(
    'users',
    'a',
    async (cursor) => (cursor === 'a' ? three.a! : Promise.reject(new Error('late'))),
    String,
    () => {
      throw new Error('full');
    },
  );
  await expect(late).rejects.toThrow('full');
  await nextTurn();
  process.off('unhandledRejection', listen);
  expect(unheard).toEqual([]);
});
