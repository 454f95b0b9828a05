import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FileOffers } from '../../../server/api.ts';
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
