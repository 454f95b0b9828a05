import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Contract, Directory, Person, Reconciliation } from '../../../server/api.ts';
import { clientOf, crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

vi.setConfig({ testTimeout: 60_000 });

const people = testPeople(6);
/** The last one's license is on an address that the CRM does not know. */
const licenses = licensesCsv(people)
  .replace(people[5]!.license!, 'private@elsewhere.example')
  .replace(`E${people[5]!.id}`, '')
  .replaceAll(`"${people[5]!.family}"`, '"Quist"')
  .replaceAll(`"${people[5]!.given}"`, '"Xenia"');
const key = `license:LIC-${people[5]!.id}`;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

const personNow = async () => (await server.ok<Person>('getPerson', { params: { key } })).finding;
const runOf = (id: string) => server.ok<Reconciliation>('getReconciliation', { params: { id } });

describe('other CRMs', () => {
  let other: string;
  const zoho = 'id,email,full_name,status\n4150868000000225007,Private@elsewhere.example,Xenia Quist,active\n';

  test('that a run names tell who is found only there, in which CRM and as which user', async () => {
    expect((await server.compare(licenses, crmCsv(people))).state).toBe('done');
    expect(await personNow()).toMatchObject({ reason: 'no-crm-user', otherCrmUsers: [] });
    other = await server.upload('crm', zoho);
    const { id, state } = await server.compare(licenses, crmCsv(people), { otherCrms: [other] });
    expect(state).toBe('done');
    expect(await personNow()).toMatchObject({
      reason: 'in-other-crm',
      otherCrmUsers: [{ crmName: 'Zoho CRM', id: '4150868000000225007', name: 'Xenia Quist', email: 'private@elsewhere.example' }],
    });
    const run = await runOf(id);
    expect(run.otherCrms).toEqual([{ upload: other }]);
    expect(run.warnings).toContain('Zoho CRM: 1 active user was looked up as evidence; LinkedIn does not sync with it.');
  });

  test('are looked up by the next runs as well, until one says otherwise', async () => {
    const next = await server.compare(licenses, crmCsv(people));
    expect((await runOf(next.id)).otherCrms).toEqual([{ upload: other }]);
    const again = await server.ok<{ id: string }>('repeatReconciliation', { params: { id: next.id } });
    await server.settled(again.id);
    expect(await personNow()).toMatchObject({ reason: 'in-other-crm' });
    expect(await server.refused('deleteUpload', { params: { id: other } })).toMatchObject({ status: 409 });
    const without = await server.compare(licenses, crmCsv(people), { otherCrms: [] });
    expect((await runOf(without.id)).otherCrms).toEqual([]);
    expect(await personNow()).toMatchObject({ reason: 'no-crm-user', otherCrmUsers: [] });
  });

  test('are refused where one is the very CRM that is compared, or is none', async () => {
    const [own, side] = [await server.upload('crm', crmCsv(people)), await server.upload('licenses', licenses)];
    const refused = (otherCrms: readonly string[]) =>
      server.refused('createReconciliation', { body: { licenses: side, crm: own, otherCrms } });
    expect((await refused([own])).detail).toContain('named as another CRM too');
    expect((await refused([side])).status).toBe(422);
    expect((await refused(['00000000-0000-4000-8000-000000000000'])).status).toBe(422);
  });
});

describe('the directory', () => {
  const okta = (second: string) => `login,email,secondEmail,employeeNumber\nx,${people[5]!.crm},${second},E${people[5]!.id}\n`;
  const bring = (text: string, name = 'okta.csv', query: Record<string, string> = {}) =>
    server.ok<{ directory: Directory }>('replaceDirectory', { query: { name, ...query }, raw: text });
  const stored = async () => (await readdir(path.join(server.dataDir, 'uploads'))).length;

  test('is kept with its age, and its other addresses tell who somebody is from the next comparison on', async () => {
    expect(await server.ok('getDirectory')).toEqual({ directory: null });
    const { directory } = await bring(okta('private@elsewhere.example'), 'okta.csv', { modifiedAt: '2026-01-05T08:00:00.000Z' });
    expect(directory).toMatchObject({
      name: 'okta.csv',
      people: 1,
      rejected: 0,
      modifiedAt: '2026-01-05T08:00:00.000Z',
      uploadedBy: 'Admin',
    });
    expect(await server.ok('getDirectory')).toEqual({ directory });
    const { id } = await server.compare(licenses, crmCsv(people));
    expect(await personNow()).toMatchObject({ reason: 'email-differs', rule: 'secondary-email', crmUser: { email: people[5]!.crm } });
    expect((await runOf(id)).warnings).toContain('okta.csv: 1 of 1 people are users of the CRM; 1 other address of theirs was taken.');
  });

  test('gives way to another one; what no comparison was made with is not kept', async () => {
    const { directory: proof } = await server.ok<{ directory: Directory }>('getDirectory');
    const before = await stored();
    await bring(okta('first@elsewhere.example'));
    await bring(okta('second@elsewhere.example'));
    expect(await stored()).toBe(before + 1);
    await server.ok('getUpload', { params: { id: proof.id } });
    await server.compare(licenses, crmCsv(people));
    expect(await personNow()).toMatchObject({ reason: 'no-crm-user' });
    const { directory } = await server.ok<{ directory: Directory }>('getDirectory');
    expect(await server.refused('deleteUpload', { params: { id: directory.id } })).toMatchObject({ status: 409 });
    await server.ok('deleteDirectory');
    expect(await server.ok('getDirectory')).toEqual({ directory: null });
  });

  test('is refused where no column holds an email, and the one before stays', async () => {
    await bring(okta('first@elsewhere.example'));
    const refused = await server.refused('replaceDirectory', { query: { name: 'wrong.csv' }, raw: 'a,b\n1,2\n' });
    expect(refused.status).toBe(422);
    expect(refused.detail).toContain('Okta, Entra or Google');
    expect(await server.ok('getDirectory')).toMatchObject({ directory: { name: 'okta.csv' } });
  });

  test('is the contract’s own', async () => {
    const { id } = await server.ok<Contract>('createContract', { body: { name: 'EMEA' } });
    expect(await clientOf(server.url, server.cookie, id).ok('getDirectory')).toEqual({ directory: null });
  });
});
