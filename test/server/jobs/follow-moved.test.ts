import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { oracleOf } from '../../../connectors/linkedin-files/simulator/oracle.ts';
import type { Simulator } from '../../../connectors/linkedin-files/simulator.ts';
import type { Plan, Rematch } from '../../../server/api.ts';
import { startCenterOf, tellOfCompany } from '../delivered-company.ts';
import { crmCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

// A whole server and its first comparison: a busy machine takes its time.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 180_000 });

const people = testPeople(8, (index) => index === 0);

let center: Simulator;
let server: TestServer;
beforeAll(async () => {
  center = await startCenterOf(people);
  server = await startTestServer({ delivery: { baseUrl: center.url, token: center.token } });
  await tellOfCompany(server);
  await server.compare(center.exportByHand().csv, crmCsv(people), { adminCenterCount: 8 });
});
afterAll(async () => {
  await server?.stop();
  await center?.close();
});

test('somebody whom another admin moves while they have no license is followed by a list of everybody, and gets it at the new address', async () => {
  const licenseId = `LIC-${people[0]!.id}`;
  const { id } = await server.ok<{ id: string }>('createPlan', { body: { mode: 'full', licenseIds: [licenseId] } });
  const { seal } = await server.ok<Plan>('getPlan', { params: { id } });
  await server.ok('approvePlan', { params: { id }, body: { seal } });
  const rematch = async () => (await server.ok<{ rows: Rematch[] }>('listRematches', { query: { planId: id } })).rows[0]!;
  const step = async () => (await rematch()).ended ?? (await rematch()).step;
  await expect.poll(step, { timeout: 60_000 }).toBe('ask-person');
  const answer = { answer: 'confirmed', reason: 'Said so on the phone.' };
  await server.ok('answerRematch', { params: { id: (await rematch()).id }, body: answer });

  center.hold('applied', 'upload');
  await server.ok('planSitting', { params: { id }, body: { plannedFor: null } });
  await expect.poll(() => oracleOf(center.center).withoutLicense, { timeout: 60_000 }).toHaveLength(1);
  const person = center.center.people.find(({ license }) => license === 'none')!;
  expect(center.act({ do: 'set-email', person: person.id, email: 'elsewhere@acme.example' })).toBeNull();
  center.release();

  await expect.poll(step, { timeout: 60_000 }).toBe('conflict');
  const oracle = oracleOf(center.center);
  expect(oracle).toMatchObject({ withoutLicense: [], sharedEmails: [], overwritten: [] });
  expect(oracle.people.find((one) => one.id === person.id)).toMatchObject({
    profileEmail: 'elsewhere@acme.example',
    licenseTypes: ['Sales Navigator Advanced Plus'],
  });
});
