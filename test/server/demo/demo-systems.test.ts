import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { AccountRecord } from '../../../connectors/connector.ts';
import type { Connection, Connections, DemoPerson, Overview, People, Reconciliation } from '../../../server/api.ts';
import { openStoredConnection } from '../../../server/commands/open-stored-connection.ts';
import { secretKeyOf } from '../../../server/store/seal-secret.ts';
import { createDemoDatabase, createTestDatabase } from '../../postgres.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

// The demo company is made here: a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ demo: true });
});
afterAll(() => server?.stop());

const connectionsOf = async (from: TestServer): Promise<readonly Connection[]> => (await from.ok<Connections>('listConnections')).rows;
const namedBy = async (from: TestServer, name: string): Promise<Connection> =>
  (await connectionsOf(from)).find((one) => one.name === name)!;
const addressOf = ({ settings }: Connection): string => String(settings.baseUrl ?? settings.apiUrl);
const reached = (address: string): Promise<boolean> =>
  fetch(address).then(
    () => true,
    () => false,
  );

async function compareLive(from: TestServer): Promise<Reconciliation> {
  const { id } = await from.ok<{ id: string }>('compareDemo');
  await from.settled(id);
  return from.ok<Reconciliation>('getReconciliation', { params: { id } });
}

describe("the demo company's systems", () => {
  test('are stored connections whose test went well, each with who answers pinned and its secrets sealed', async () => {
    const rows = await connectionsOf(server);
    expect(rows.map(({ name, vendor, simulated, origin }) => [name, vendor, simulated, origin?.name ?? null])).toEqual([
      ['northwind-salesforce', 'Salesforce', true, 'Northwind Group'],
      ['brightpath-hubspot', 'HubSpot', true, 'hubspot.example'],
      ['ostwerk-zoho', 'Zoho CRM', true, 'Ostwerk'],
      ['northwind-navigator', 'LinkedIn SCIM', true, null],
    ]);
    for (const row of rows) {
      expect(row.check!.lines.filter(({ verdict }) => verdict === 'bad')).toEqual([]);
      expect(row.secrets.length).toBeGreaterThan(0);
      expect(new URL(addressOf(row)).hostname).toBe('127.0.0.1');
    }
    expect(JSON.stringify(rows.map(({ settings }) => settings))).not.toMatch(/secret|token/iu);
  });

  test('are tested again as real ones are, and cannot be turned into others', async () => {
    for (const { id, settings } of await connectionsOf(server)) {
      const { check } = await server.ok<Connection>('checkConnection', { params: { id } });
      expect(check!.lines.filter(({ verdict }) => verdict === 'bad')).toEqual([]);
      for (const body of [{ name: 'mine' }, { settings }])
        expect((await server.refused('changeConnection', { params: { id }, body })).detail).toMatch(/is a simulated system of the demo/u);
    }
  });

  test('have the newest comparison read Salesforce to its end, and again when one compares', async () => {
    const { latest } = await server.ok<Overview>('getOverview');
    const made = await server.ok<Reconciliation>('getReconciliation', { params: { id: latest!.id } });
    const again = await compareLive(server);
    for (const { proofs, crmOrigin } of [made, again]) {
      expect(crmOrigin).toMatchObject({ name: 'Northwind Group', isTest: false });
      expect(proofs!.crm).toMatchObject({ kind: 'listing', source: 'northwind-salesforce', received: 105, expected: 108, pages: 1 });
      expect(proofs!.licenses).toMatchObject({ kind: 'file', received: 93, expected: 93 });
    }
    expect(again.summary!.byReason).toEqual(made.summary!.byReason);
  });

  test('show over SCIM the Admin Center that one plays with, and what is written there stays in it', async () => {
    const { id, name } = await namedBy(server, 'northwind-navigator');
    const { workspace, contract } = await server.ok<Overview>('getOverview');
    const people = async (search: string) => (await server.ok<{ rows: DemoPerson[] }>('listDemoPeople', { query: { search } })).rows;
    const [kari] = await people('Kari Larsen');
    await server.ok('changeDemoPerson', { params: { id: kari!.id }, body: { email: 'kari@northwind-group.example' } });

    const parts = { databaseUrl: server.database.appUrl, key: secretKeyOf(Buffer.alloc(32, 7)), configFile: null, isDemo: true };
    const scope = { workspaceId: workspace.id, contractId: contract.id };
    const { connection, close } = await openStoredConnection(parts, scope, { connectionId: id, name });
    if (connection.side !== 'licenses') throw new Error('SCIM reads licenses.');
    const listed: AccountRecord[] = [];
    await connection.connector.listAccounts({ begin() {}, rows() {}, records: (page) => void listed.push(...page) });
    expect(listed.find(({ displayName }) => displayName === 'Kari Larsen')!.email).toBe('kari@northwind-group.example');
    await connection.connector.updateAccount({ uniqueUserId: kari!.uniqueUserId }, { email: 'k.l@northwind-group.example' });
    await close();
    expect(await people('Kari Larsen')).toMatchObject([{ email: 'k.l@northwind-group.example' }]);
  });

  test('are there again after a restart, as the same orgs, and what has taken an old port is never asked', async () => {
    const { database, dataDir } = await createDemoDatabase();
    const start = () => startTestServer({ demo: true, dataDir }, database);
    const own = await start();
    const before = await connectionsOf(own);
    await own.stop();
    const old = addressOf(before[0]!);
    expect(await reached(old)).toBe(false);
    let strangers = 0;
    const stranger = createServer((_, response) => {
      strangers += 1;
      response.end('{}');
    });
    await new Promise<void>((resolve) => stranger.listen(Number(new URL(old).port), '127.0.0.1', resolve));
    const again = await start();
    const after = await connectionsOf(again);
    expect(after.map(({ id, origin, check }) => ({ id, origin, check }))).toEqual(
      before.map(({ id, origin, check }) => ({ id, origin, check })),
    );
    expect(after.map(addressOf)).not.toContain(old);
    expect((await compareLive(again)).state).toBe('done');
    for (const { id } of after) {
      const { check } = await again.ok<Connection>('checkConnection', { params: { id } });
      expect(check!.lines.filter(({ verdict }) => verdict === 'bad')).toEqual([]);
    }
    expect(strangers).toBe(0);
    await again.stop();

    const withoutDemo = await startTestServer({ demo: false, dataDir }, database);
    const { check } = await withoutDemo.ok<Connection>('checkConnection', { params: { id: after[0]!.id } });
    expect(check!.lines).toMatchObject([{ what: 'access', verdict: 'bad', sentence: expect.stringMatching(/does not run here/u) }]);
    await withoutDemo.stop();
    for (const row of after) expect(await reached(addressOf(row))).toBe(false);
    await new Promise((resolve) => stranger.close(resolve));
    await rm(dataDir, { recursive: true });
  });

  test('are served by one process, and by the next one when that ends', async () => {
    const { database, dataDir } = await createDemoDatabase();
    const first = await startTestServer({ demo: true, dataDir }, database);
    const { settings } = await namedBy(first, 'northwind-salesforce');
    const second = await startTestServer({ demo: true, dataDir }, database);
    expect((await namedBy(second, 'northwind-salesforce')).settings).toEqual(settings);
    expect((await compareLive(second)).state).toBe('done');
    await first.stop();
    await expect
      .poll(async () => addressOf(await namedBy(second, 'northwind-salesforce')), { timeout: 30_000 })
      .not.toBe(String(settings.baseUrl));
    expect((await compareLive(second)).state).toBe('done');
    await second.stop();
    await rm(dataDir, { recursive: true });
  });

  test('are not connected where no secret can be kept: the newest comparison is of files then', async () => {
    const own = await startTestServer({ demo: true, secretKey: null }, await createTestDatabase());
    expect(await connectionsOf(own)).toEqual([]);
    const { latest } = await own.ok<Overview>('getOverview');
    expect(latest!.files.crm).toMatch(/^salesforce-users/u);
    expect((await compareLive(own)).proofs!.crm.kind).toBe('file');
    await own.stop();
  });

  test('go with the demo, and a connection of one’s own stays', async () => {
    const own = await startTestServer({ demo: true });
    const salesforce = await namedBy(own, 'northwind-salesforce');
    const settings = { baseUrl: 'https://acme.my.salesforce.com', auth: { grant: 'client_credentials', clientId: 'a', clientSecret: 'b' } };
    const made = await own.ok<Connection>('createConnection', { body: { name: 'acme', type: 'salesforce', settings } });
    expect(made.simulated).toBe(false);

    const people = testPeople(3);
    const licenses = await own.upload('licenses', licensesCsv(people));
    const mixed = await own.refused('createReconciliation', { body: { licenses, crm: { connection: salesforce.id } } });
    expect(mixed.detail).toMatch(/^northwind-salesforce has the made-up people of the demo alone/u);
    expect((await own.ok<Overview>('getOverview')).banners.map(({ kind }) => kind)).toEqual(['demo']);

    expect(await own.compare(licensesCsv(people), crmCsv(people))).toMatchObject({ state: 'done' });
    expect(await connectionsOf(own)).toEqual([made]);
    await own.stop();
    const again = await startTestServer({ demo: true, dataDir: own.dataDir }, own.database);
    expect(await connectionsOf(again)).toEqual([made]);
    expect((await again.ok<People>('listPeople')).total).toBe(3);
    await again.stop();
  });
});
