import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FileOffers, Overview } from '../../../server/api.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.ok('changeSettings', { body: { domainAliases: [{ old: 'old-acme.example', current: 'acme.example' }] } });
});
afterAll(() => server?.stop());

const people = testPeople(20, (index) => index < 2);
/** In LinkedIn without a license, and on the address that the first person needs. */
const inTheWay = `"LIC-free","${people[0]!.crm}","Other","Person","X1","inactive","Unassigned",""\n`;

test('an address of somebody in LinkedIn without a license is taken: nobody is moved to it', async () => {
  const free = await server.compare(licensesCsv(people), crmCsv(people), { adminCenterCount: 20 });
  const offered = async (id: string) => {
    const { files, leftOut } = await server.ok<FileOffers>('listFiles', { params: { id } });
    return { rows: files.filter(({ forLinkedIn }) => forLinkedIn).reduce((sum, { rows }) => sum + rows, 0), leftOut };
  };
  expect(await offered(free.id)).toEqual({ rows: 2, leftOut: [] });

  const taken = await server.compare(licensesCsv(people) + inTheWay, crmCsv(people), { adminCenterCount: 21 });
  expect(taken.state).toBe('done');
  expect(await offered(taken.id)).toEqual({
    rows: 1,
    leftOut: [
      {
        key: 'license:LIC-0001',
        name: 'Anna Ahlund0',
        reason: expect.stringContaining('Somebody else already has the new address in LinkedIn.'),
      },
    ],
  });
  // Each run keeps its own.
  expect((await offered(free.id)).rows).toBe(2);
});

test('after a clean comparison the employee numbers that LinkedIn lacks are offered as one file, and no longer once it has them', async () => {
  const all = testPeople(20);
  const crm = crmCsv(all);
  const withoutId = licensesCsv(all).replace('"E0003"', '""').replace('"E0004"', '""');
  const idsOf = async (id: string) =>
    (await server.ok<FileOffers>('listFiles', { params: { id } })).files.filter(({ kind }) => kind === 'ids');
  const toDo = async () => (await server.ok<Overview>('getOverview')).toDo.map(({ action, count }) => `${count} ${action}`);
  const line = '2 Everybody matches. Upload the ID file once, and no later change of an email loses anybody.';

  // Nobody said that the list has everybody: an ID of somebody outside it would merge two people.
  const doubtful = await server.compare(withoutId, crm, { answers: { oddRun: 'release' } });
  expect(await idsOf(doubtful.id)).toEqual([]);

  const clean = await server.compare(withoutId, crm, { adminCenterCount: 20 });
  expect(await idsOf(clean.id)).toMatchObject([{ name: 'ids.csv', rows: 2, forLinkedIn: true }]);
  expect(await toDo()).toContain(line);
  const text = await (await server.fetch(`/api/reconciliations/${clean.id}/files/ids.csv`)).text();
  expect(text.trim().split(/\r?\n/u).slice(1).toSorted()).toEqual([
    expect.stringMatching(/^"?cem\.ahlund2@acme\.example"?,"?E0003"?$/u),
    expect.stringMatching(/^"?dora\.ahlund3@acme\.example"?,"?E0004"?$/u),
  ]);

  const known = await server.compare(licensesCsv(all), crm, { adminCenterCount: 20 });
  expect(await idsOf(known.id)).toEqual([]);
  expect(await toDo()).not.toContain(line);
});
