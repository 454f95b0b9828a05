import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Overview, People } from '../../../server/api.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

const everybody = testPeople(12, (index) => index === 11);
const half = everybody.slice(0, 9);
const compare = (licensed: typeof everybody, adminCenterCount: number) =>
  server.compare(licensesCsv(licensed), crmCsv(everybody), {
    adminCenterCount,
    settings: { seatScope: 'all' },
    answers: { oddRun: 'release' },
  });
const rows = async () => (await server.ok<People>('listPeople', { query: { limit: '100' } })).rows;
const reasonsOf = async () => Object.fromEntries((await rows()).map(({ key, reason }) => [key, reason]));

test('whoever an incomplete export does not have stays, as not checked, and counts as nothing new when seen again', async () => {
  await compare(everybody, 12);
  const first = await reasonsOf();
  expect(Object.keys(first)).toHaveLength(12);

  expect(await compare(half, 12)).toMatchObject({ state: 'done' });
  const between = await rows();
  expect(between).toHaveLength(12);
  const unseen = between.filter(({ reason }) => reason === 'not-checked');
  expect(unseen.map(({ key }) => key).sort()).toEqual(
    everybody
      .slice(9)
      .map(({ id }) => `license:LIC-${id}`)
      .sort(),
  );
  // Nobody is said to be without a license because a row is missing.
  expect(between.some(({ status }) => status === 'no-license')).toBe(false);
  const overview = await server.ok<Overview>('getOverview');
  expect(overview.headline).toMatchObject({ seats: 12 });
  expect(overview.byStatus.reduce((sum, { count }) => sum + count, 0)).toBe(12);

  await compare(everybody, 12);
  expect(await reasonsOf()).toEqual(first);
  expect((await server.ok<Overview>('getOverview')).changes).toMatchObject({ new: 0, repaired: 0, cameBack: 0 });
});

test('whoever a complete export does not have is gone', async () => {
  await compare(half, 9);
  const now = await rows();
  expect(now.filter(({ license }) => license !== null)).toHaveLength(9);
  expect(now.filter(({ status }) => status === 'no-license')).toHaveLength(3);
});
