import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FindingRow, People } from '../../../server/api.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

const people = testPeople(500, (index) => index % 7 === 0);

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  // Without a comparison there is nobody, which is no fault.
  expect(await server.ok<People>('listPeople')).toEqual({ rows: [], total: 0, next: null, reconciliationId: null });
  await server.compare(licensesCsv(people), crmCsv(people));
});
afterAll(() => server?.stop());

async function readAll(query: Record<string, string | string[]>): Promise<FindingRow[]> {
  const rows: FindingRow[] = [];
  let cursor: string | null = null;
  do {
    const page: People = await server.ok<People>('listPeople', { query: { ...query, ...(cursor ? { cursor } : {}) } });
    rows.push(...page.rows);
    cursor = page.next;
  } while (cursor);
  return rows;
}

describe('pages of people', () => {
  test('under every sort, order and page size each person comes exactly once, in order', async () => {
    const emailOf = (row: FindingRow) => row.license?.email ?? row.crmUser?.email ?? '';
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('name', 'email', 'status', 'reason', 'since'),
        fc.constantFrom('asc', 'desc'),
        fc.integer({ min: 37, max: 500 }),
        async (sort, order, limit) => {
          const rows = await readAll({ sort, order, limit: String(limit) });
          expect(new Set(rows.map(({ key }) => key)).size).toBe(500);
          expect(rows).toHaveLength(500);
          const shown = sort === 'email' ? rows.map(emailOf) : sort === 'reason' ? rows.map(({ reason }) => reason) : null;
          if (shown) expect(shown).toEqual(order === 'asc' ? shown.toSorted() : shown.toSorted().reverse());
        },
      ),
      { numRuns: 12 },
    );
  });

  test('what hurts comes first unless another sort is asked for', async () => {
    const { rows } = await server.ok<People>('listPeople', { query: { limit: '100' } });
    expect(rows.slice(0, 72).every(({ status }) => status === 'not-matched')).toBe(true);
    expect(rows[72]!.status).toBe('matched');
  });

  test('a cursor of another sort, or none of ours, is refused', async () => {
    const { next } = await server.ok<People>('listPeople', { query: { sort: 'name', limit: '10' } });
    for (const cursor of [next!, 'nonsense', Buffer.from('["status asc","1\'; drop table finding","x"]').toString('base64url')]) {
      expect((await server.refused('listPeople', { query: { sort: 'status', cursor } })).detail).toContain('first page');
    }
  });
});

describe('filters', () => {
  test('several values of one filter widen it, several filters narrow it', async () => {
    const total = async (query: Record<string, string | string[]>) => (await server.ok<People>('listPeople', { query })).total;
    expect(await total({ status: 'not-matched' })).toBe(72);
    expect(await total({ status: ['not-matched', 'matched'] })).toBe(500);
    expect(await total({ status: 'matched', reason: 'email-differs' })).toBe(0);
    expect(await total({ actor: 'nobody-wait', status: 'not-matched' })).toBe(0);
  });

  test('search finds parts of names, emails and ids on both sides, and takes % and _ as they are', async () => {
    const found = async (search: string) => (await readAll({ search, limit: '500' })).map(({ key }) => key);
    expect(await found('Ahlund0')).toEqual(['license:LIC-0001']);
    expect(await found('ANNA.AHLUND0@')).toEqual(['license:LIC-0001']);
    expect(await found('LIC-0042')).toEqual(['license:LIC-0042']);
    expect(await found('0055g0000000042')).toEqual(['license:LIC-0042']);
    expect(await found('%')).toEqual([]);
    expect(await found('a_na')).toEqual([]);
    expect(await found('\\')).toEqual([]);
  });

  test('a root cause of the overview lists exactly its people', async () => {
    const { rootCauses } = await server.ok<{ rootCauses: { id: string; count: number }[] }>('getOverview');
    expect(rootCauses.length).toBeGreaterThan(0);
    for (const { id, count } of rootCauses) {
      expect((await server.ok<People>('listPeople', { query: { rootCause: id } })).total).toBe(count);
    }
  });
});
