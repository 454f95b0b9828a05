import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type HubSpotSimulator, startHubSpotSimulator } from '../../../connectors/hubspot/simulator.ts';
import type { Organization, SalesforceState } from '../../../connectors/salesforce/simulator/org.ts';
import { type SalesforceSimulator, startSalesforceSimulator } from '../../../connectors/salesforce/simulator.ts';
import { startZohoSimulator, type ZohoSimulator } from '../../../connectors/zoho/simulator.ts';
import type { Connection, ConnectionChecked, Connections, Contract, Overview, Reconciliation, Schedule } from '../../../server/api.ts';
import { openStoredConnection } from '../../../server/commands/open-stored-connection.ts';
import { secretKeyOf } from '../../../server/store/seal-secret.ts';
import { app, keys, orgId, people, redirectUri, stateOf } from '../../connectors/salesforce/start.ts';
import { clientOf, crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

vi.setConfig({ testTimeout: 60_000 });

let server: TestServer;
let salesforce: SalesforceSimulator;
let state: SalesforceState & { organization: Organization };
let pool: pg.Pool;
beforeAll(async () => {
  state = stateOf(people(3));
  salesforce = await startSalesforceSimulator({ state, smallestPage: 1 });
  server = await startTestServer();
  pool = new pg.Pool({ connectionString: server.database.appUrl });
});
afterAll(async () => {
  await pool?.end();
  await server?.stop();
  await salesforce?.close();
});

const secret = app.clientSecret;
const zohoApp = { clientId: '1000.CLIENT', clientSecret: 'very-secret' };
const settings = () => ({ baseUrl: salesforce.url, auth: { grant: 'client_credentials', ...app } });
const make = (name: string, change: object = {}) =>
  server.ok<Connection>('createConnection', { body: { name, type: 'salesforce', settings: settings(), ...change } });
const check = (id: string, from: Pick<TestServer, 'ok'> = server) => from.ok<Connection>('checkConnection', { params: { id } });
const list = () => server.ok<Connections>('listConnections');
const bad = (one: { readonly check: Connection['check'] }) => one.check!.lines.filter(({ verdict }) => verdict === 'bad');

describe('a connection', () => {
  test('is stored without showing its secret anywhere: not in answers, rows, the audit log, events or kept answers', async () => {
    const headers = { 'Idempotency-Key': 'made-once' };
    const body = { name: 'acme-salesforce', type: 'salesforce', settings: settings() };
    const made = await server.ok<Connection>('createConnection', { body, headers });
    expect(made).toMatchObject({
      name: 'acme-salesforce',
      type: 'salesforce',
      vendor: 'Salesforce',
      side: 'crm',
      fromFile: false,
      settings: { baseUrl: salesforce.url, auth: { grant: 'client_credentials', clientId: app.clientId } },
      secrets: ['auth.clientSecret'],
      origin: null,
      check: null,
      createdBy: 'Admin',
    });
    expect((await server.ok<Connection>('createConnection', { body, headers })).id).toBe(made.id);
    await check(made.id);
    expect(JSON.stringify(await list())).not.toContain(secret);
    const owner = new pg.Pool({ connectionString: server.database.url });
    const tables = await owner.query<{ schema: string; name: string }>(
      "select schemaname as schema, tablename as name from pg_tables where schemaname in ('public', 'pgboss')",
    );
    expect(tables.rows.length).toBeGreaterThan(20);
    for (const { schema, name } of tables.rows) {
      const { rows } = await owner.query<{ row: string }>(`select t::text as row from ${schema}.${name} t`);
      expect(
        rows.filter(({ row }) => row.includes(secret)),
        name,
      ).toEqual([]);
    }
    await owner.end();
    const { rows } = await pool.query(
      "select secrets->>'auth.clientSecret' as sealed, key_id from connection where name = 'acme-salesforce'",
    );
    expect(rows[0].sealed).toMatch(/^[\w+/=]{40,}$/u);
  });

  test('is tested: what it can do in lines, and who answers is pinned', async () => {
    const { id } = await make('tested');
    const tested = await check(id);
    expect(tested.origin).toEqual({ id: orgId, name: 'Acme', isTest: false });
    expect(tested.check!.lines.map(({ what, verdict }) => [what, verdict])).toEqual([
      ['rights', 'good'],
      ['origin', 'good'],
      ['api-budget', 'good'],
      ['clock', 'good'],
    ]);
    expect(tested.check!.lines[0]!.sentence).toBe('Salesforce lets us read its 3 users.');
    const { rows } = await pool.query('select action, detail from audit where subject = $1 order by audit_id', [id]);
    expect(rows).toMatchObject([
      { action: 'connection made' },
      { action: 'connection checked', detail: { good: true, pinned: true, origin: orgId } },
    ]);
  });

  test('to LinkedIn says how many licenses are free and assignments are used, as somebody typed it in: LinkedIn tells nobody', async () => {
    const by = (what: string, lines: NonNullable<Connection['check']>['lines']) => lines.find((line) => line.what === what);
    const { id } = await make('by-hand', { type: 'linkedin-guided', settings: {} });
    expect(by('free-licenses', (await check(id)).check!.lines)).toMatchObject({ verdict: 'unknown' });
    const month = new Date().toISOString().slice(0, 7);
    await server.ok('changeSettings', { body: { freeLicenses: 3, assignments: { month, limit: 40, used: 12 } } });
    const { lines } = (await check(id)).check!;
    expect(by('free-licenses', lines)).toMatchObject({
      verdict: 'good',
      sentence: expect.stringMatching(/^As typed in on [\d-]+, 3 licenses are free\.$/u),
    });
    expect(by('assignments', lines)).toMatchObject({
      verdict: 'good',
      sentence: expect.stringMatching(/^Of this month's 40 assignments 12 are used/u),
    });
    await server.ok('changeSettings', { body: { freeLicenses: 0 } });
    // No fault of the connection: it may be chosen to change emails.
    expect(by('free-licenses', (await check(id)).check!.lines)).toMatchObject({
      verdict: 'unknown',
      sentence: expect.stringContaining('0 licenses are free. Free one'),
    });
    await server.ok('changeSettings', { body: { freeLicenses: null, assignments: null } });
  });

  test('says clearly when another org answers than the one it was set up with, and keeps the first', async () => {
    const { id } = await make('moved');
    await check(id);
    const before = state.organization;
    const become = async (organization: Organization) => {
      state.organization = organization;
      // What an org gave out ends with it.
      await fetch(salesforce.controlUrl, { method: 'POST', body: '{"do":"end-access"}' });
    };
    await become({ ...before, Id: '00D5e000000ZZZZEAA', Name: 'Other' });
    try {
      const tested = await check(id);
      expect(bad(tested)).toEqual([
        {
          what: 'origin',
          verdict: 'bad',
          sentence: `Salesforce answered for the org 00D5e000000ZZZZEAA, and this connection was set up with ${orgId}. Nothing was changed. Connect Salesforce again with the org it was set up with, then compare again.`,
        },
      ]);
      expect(tested.origin!.id).toBe(orgId);
    } finally {
      await become(before);
    }
    expect(bad(await check(id))).toEqual([]);
  });

  test('that is refused says what to do, and pins nobody', async () => {
    const { id } = await make('refused', { settings: { baseUrl: salesforce.url, auth: { ...settings().auth, clientSecret: 'wrong' } } });
    const tested = await check(id);
    expect(bad(tested)[0]).toMatchObject({
      sentence: 'Salesforce does not accept the client ID or the client secret, and does not say which. Copy both again from the app.',
    });
    expect(tested.origin).toBeNull();
  });

  test('can be tested before it is stored: nothing is kept', async () => {
    const before = (await list()).rows.length;
    const tried = await server.ok<ConnectionChecked>('testConnection', {
      body: { name: 'trial', type: 'salesforce', settings: settings() },
    });
    expect(tried.origin).toMatchObject({ id: orgId });
    expect(tried.lines.every(({ verdict }) => verdict === 'good')).toBe(true);
    expect((await list()).rows).toHaveLength(before);
  });

  test('keeps secrets that are not typed in again, but never sends them to another address', async () => {
    const { id } = await make('changed');
    await check(id);
    const auth = { grant: 'client_credentials', clientId: app.clientId };
    const kept = await server.ok<Connection>('changeConnection', {
      params: { id },
      body: { name: 'changed-name', settings: { baseUrl: salesforce.url, auth, options: { pageSize: 200 } } },
    });
    expect(kept).toMatchObject({ name: 'changed-name', check: null, secrets: ['auth.clientSecret'], origin: { id: orgId } });
    expect(bad(await check(id))).toEqual([]);
    const tried = await server.ok<ConnectionChecked>('testConnection', {
      body: { id, name: 'changed-name', type: 'salesforce', settings: { baseUrl: salesforce.url, auth } },
    });
    expect(tried.lines.every(({ verdict }) => verdict === 'good')).toBe(true);
    const elsewhere = { baseUrl: 'https://evil.my.salesforce.example', auth };
    for (const refused of [
      await server.refused('changeConnection', { params: { id }, body: { settings: elsewhere } }),
      await server.refused('testConnection', { body: { id, name: 'changed-name', type: 'salesforce', settings: elsewhere } }),
    ]) {
      expect(refused.status).toBe(422);
      expect(refused.detail).toContain('auth.clientSecret has to be typed in again, since an address changed');
    }
  });

  test('changes its way to sign in: the secrets of before go', async () => {
    const { id } = await make('other-grant');
    const changed = await server.ok<Connection>('changeConnection', {
      params: { id },
      body: {
        settings: {
          baseUrl: salesforce.url,
          auth: {
            grant: 'jwt-bearer',
            clientId: app.clientId,
            username: state.users[0]!.Username,
            privateKey: keys.privateKey,
            audience: salesforce.url,
          },
        },
      },
    });
    expect(changed.secrets).toEqual(['auth.privateKey']);
    expect(bad(await check(id))).toEqual([]);
  });

  test('is deleted, unless a schedule compares with it: that one is named', async () => {
    const { id } = await make('needed');
    await check(id);
    const sources = { kind: 'connection', crm: id, licenses: { kind: 'uploads' } };
    const schedule = await server.ok<Schedule>('createSchedule', {
      body: { name: 'Nightly', cron: '0 7 * * *', timeZone: 'UTC', sources },
    });
    expect((await list()).rows.find((row) => row.id === id)!.usedBy).toEqual([{ id: schedule.id, name: 'Nightly' }]);
    expect(await server.refused('deleteConnection', { params: { id } })).toEqual({
      status: 409,
      detail: '“Nightly” compares by schedule with this connection. Change or delete that schedule first.',
    });
    await server.ok('deleteSchedule', { params: { id: schedule.id } });
    await server.ok('deleteConnection', { params: { id } });
    expect(await server.refused('deleteConnection', { params: { id } })).toMatchObject({ status: 404 });
    expect(await server.refused('checkConnection', { params: { id } })).toMatchObject({ status: 404 });
  });

  test('that a contract names as its CRM is the only one its people are compared with; another one is looked at beside it', async () => {
    const { id: contract } = await server.ok<Contract>('createContract', { body: { name: 'EMEA' } });
    const there = clientOf(server.url, server.cookie, contract);
    const made = async (name: string) => {
      const { id } = await there.ok<Connection>('createConnection', { body: { name, type: 'salesforce', settings: settings() } });
      await check(id, there);
      return id;
    };
    const [own, sandbox] = [await made('own'), await made('other')];
    const say = (crm: object) => there.ok<Contract>('changeContract', { params: { id: contract }, body: { crm } });
    expect((await say({ connection: own })).crm).toEqual({ kind: 'salesforce', name: 'Salesforce', connection: own });
    const licenses = await there.upload('licenses', licensesCsv(testPeople(3)));
    const asked = (crm: string, more: object = {}) => ({ body: { licenses, crm: { connection: crm }, ...more } });
    const refused = await there.refused('createReconciliation', asked(sandbox));
    expect(refused).toMatchObject({ status: 422 });
    expect(refused.detail).toContain('CRM Sync of EMEA is connected to Salesforce, read by own.');
    const { id } = await there.ok<{ id: string }>('createReconciliation', asked(own, { otherCrms: [{ connection: sandbox }] }));
    expect((await there.settled(id)).state).toBe('done');
    const run = await there.ok<Reconciliation>('getReconciliation', { params: { id } });
    expect(run.warnings.join()).toContain('Salesforce (other): 3 active users were looked up as evidence');
    // Said by its kind, it is no connection's any more; nor when that is deleted. A connection of another contract is none.
    expect((await say({ kind: 'hubspot', name: 'HubSpot' })).crm).toEqual({ kind: 'hubspot', name: 'HubSpot', connection: null });
    await say({ connection: own });
    await there.ok('deleteConnection', { params: { id: own } });
    expect((await say({ kind: 'salesforce', name: 'Salesforce' })).crm?.connection).toBeNull();
    const foreign = { params: { id: contract }, body: { crm: { connection: (await make('of-the-first')).id } } };
    expect(await server.refused('changeContract', foreign)).toMatchObject({ status: 422 });
    expect(await server.refused('changeContract', { params: { id: contract }, body: { licenses: sandbox } })).toMatchObject({
      status: 422,
    });
  });

  test.each([
    ['a name of other letters', { name: 'Acme Salesforce' }, 400, /small letters, digits and hyphens/u],
    ['a kind that there is not', { type: 'salesfroce' }, 422, /“salesfroce” is no kind of connection\. There are salesforce, hubspot/u],
    ['a file on the server', { type: 'crm-csv', settings: { file: '/etc/passwd' } }, 422, /stands in the configuration file alone/u],
    [
      'a secret that is missing',
      { settings: { baseUrl: 'https://acme.my.salesforce.com', auth: { grant: 'client_credentials', clientId: 'a' } } },
      422,
      /auth\.clientSecret is missing/u,
    ],
    [
      'a setting that there is not',
      {
        settings: {
          baseUrl: 'https://acme.my.salesforce.com',
          colour: 1,
          auth: { grant: 'client_credentials', clientId: 'a', clientSecret: 'b' },
        },
      },
      422,
      /colour is not known here/u,
    ],
    [
      'a refresh token in a file of the server',
      {
        settings: {
          baseUrl: 'https://acme.my.salesforce.com',
          auth: { grant: 'authorization_code', clientId: 'a', refreshTokenFile: '/etc/passwd' },
        },
      },
      422,
      /auth\.refreshTokenFile is for the configuration file/u,
    ],
    [
      'an address in the clear',
      { settings: { baseUrl: 'http://acme.example', auth: { grant: 'client_credentials', clientId: 'a', clientSecret: 'b' } } },
      422,
      /must begin with https/u,
    ],
    [
      'a key that is none',
      {
        settings: {
          baseUrl: 'https://acme.my.salesforce.com',
          auth: { grant: 'jwt-bearer', clientId: 'a', username: 'b', privateKey: 'nonsense' },
        },
      },
      422,
      /not an RSA key in PEM format/u,
    ],
  ])('with %s is refused with a sentence', async (_, change, status, sentence) => {
    const refused = await server.refused('createConnection', { body: { name: 'not-made', type: 'salesforce', settings: {}, ...change } });
    expect(refused.status).toBe(status);
    expect(refused.detail).toMatch(sentence);
  });

  test('has a name of its own', async () => {
    const { id } = await make('once');
    expect(await server.refused('createConnection', { body: { name: 'once', type: 'salesforce', settings: settings() } })).toMatchObject({
      status: 409,
    });
    await make('twice');
    expect(await server.refused('changeConnection', { params: { id }, body: { name: 'twice' } })).toMatchObject({ status: 409 });
  });
});

test('every kind says its settings as JSON Schema: what is secret is writeOnly, and files of the server are left out', async () => {
  const { kinds, canStore } = await list();
  expect(canStore).toBe(true);
  expect(kinds.map(({ type, side, storable }) => [type, side, storable])).toContainEqual(['linkedin-scim', 'licenses', true]);
  const text = JSON.stringify(kinds);
  expect(text).not.toContain('refreshTokenFile');
  const { schema } = kinds.find(({ type }) => type === 'salesforce')!;
  const auth = (schema.properties as { auth: { oneOf: { properties: Record<string, { writeOnly?: boolean }>; required: string[] }[] } })
    .auth;
  expect(auth.oneOf.map(({ properties }) => Object.keys(properties).filter((name) => properties[name]!.writeOnly))).toEqual([
    ['clientSecret'],
    ['privateKey'],
    ['clientSecret', 'refreshToken'],
  ]);
  expect(auth.oneOf[2]!.required).toContain('refreshToken');
});

describe('a refresh token that the vendor replaces with each use', () => {
  const byRefreshToken = (refreshToken: string) => ({
    baseUrl: salesforce.url,
    auth: { grant: 'authorization_code', clientId: app.clientId, clientSecret: secret, refreshToken },
  });

  test('is replaced in the store, sealed, also when two processes use it at once', async () => {
    state.refreshTokens.set('5Aep.shared', { clientId: app.clientId, userId: state.users[0]!.Id });
    const { id } = await make('rotating', { settings: byRefreshToken('5Aep.shared') });
    const second = await startTestServer({}, server.database);
    try {
      const other = clientOf(second.url, server.cookie);
      const sealed = () => pool.query("select secrets->>'auth.refreshToken' as text from connection where connection_id = $1", [id]);
      const before = (await sealed()).rows[0].text;
      for (const _ of [1, 2, 3]) {
        const both = await Promise.all([check(id), check(id, other)]);
        // A token that was sent twice would be refused the second time.
        expect(both.flatMap(bad)).toEqual([]);
      }
      expect((await sealed()).rows[0].text).not.toBe(before);
    } finally {
      await second.stop();
    }
  });

  test('is not used up by a test of settings that nobody stores', async () => {
    const body = { name: 'trial', type: 'salesforce', settings: byRefreshToken('5Aep.refresh.0') };
    expect(await server.refused('testConnection', { body })).toMatchObject({
      status: 422,
      detail: expect.stringContaining('Save the connection, then test it.'),
    });
    expect(state.refreshTokens.has('5Aep.refresh.0')).toBe(true);
  });
});

describe('a connection that several have open', () => {
  const parts = () => ({ databaseUrl: server.database.appUrl, key: secretKeyOf(Buffer.alloc(32, 7)), configFile: null, isDemo: false });
  const { signal } = new AbortController();
  /** As the thread of a comparison opens it, or another process. */
  async function openAlone(id: string) {
    const { workspace, contract } = await server.ok<Overview>('getOverview');
    const scope = { workspaceId: workspace.id, contractId: contract.id };
    const { connection, close } = await openStoredConnection(parts(), scope, { connectionId: id, name: 'shared' });
    if (connection.side !== 'crm') throw new Error('It reads a CRM.');
    return { connector: connection.connector, close };
  }
  const refreshToken = '1000.refresh-1';
  const zohoOf = (simulator: ZohoSimulator, clientSecret = 'very-secret') => ({
    type: 'zoho',
    settings: { accountsUrl: simulator.url, apiUrl: simulator.url, auth: { clientId: '1000.CLIENT', clientSecret, refreshToken } },
  });
  const startZoho = () =>
    startZohoSimulator({
      state: { org: { zgid: '655906806', company_name: 'Acme' }, app: zohoApp, users: [], refreshTokens: [refreshToken] },
    });

  test('has one access token of Zoho in all processes: twelve tests and a comparison beside them would be locked out for ten minutes', async () => {
    const zoho = await startZoho();
    const { id } = await make('shared-zoho', zohoOf(zoho));
    for (let turn = 0; turn < 12; turn++) expect(bad(await check(id))).toEqual([]);
    const { connector, close } = await openAlone(id);
    expect(await connector.origin({ signal })).toMatchObject({ id: '655906806' });
    await close();
    expect(zoho.requests.filter((kind) => kind === 'token')).toHaveLength(1);
    const { rows } = await pool.query('select access from connection_pace where connection_id = $1', [id]);
    expect(Buffer.from(rows[0].access, 'base64').toString('latin1'), 'sealed').not.toContain('1000.access');
    await zoho.close();
  });

  test('asks anew with other settings: the access of before is of those', async () => {
    const zoho = await startZoho();
    const { id } = await make('changed-zoho', zohoOf(zoho));
    await check(id);
    zoho.state.app = { ...zohoApp, clientSecret: 'another-secret' };
    await server.ok('changeConnection', { params: { id }, body: { settings: zohoOf(zoho, 'another-secret').settings } });
    await check(id);
    expect(zoho.requests.filter((kind) => kind === 'token')).toHaveLength(2);
    await zoho.close();
  });

  test('knocks nowhere while Zoho refuses more tokens, for ten minutes, whoever was told; the sentence names the time', async () => {
    const zoho = await startZoho();
    const { id } = await make('locked-zoho', zohoOf(zoho));
    zoho.fault({ kind: 'status', status: 400, body: '{"error":"Access Denied"}', on: 'token' });
    expect(bad(await check(id))[0]!.sentence).toBe('Zoho asks us to wait 10 minutes. Try again then.');
    const { connector, close } = await openAlone(id);
    expect((await connector.check())[0]!.sentence).toBe('Zoho asks us to wait 10 minutes. Try again then.');
    await close();
    expect(zoho.requests).toEqual(['token']);
    await zoho.close();
  });

  test('counts as one against the limit of HubSpot: what one run has asked another one waits for', async () => {
    const token = 'pat-eu1-secret';
    const portal = {
      portalId: 424_242,
      accountType: 'STANDARD' as const,
      uiDomain: 'app.hubspot.com',
      users: [],
      owners: [],
      refreshTokens: [],
    };
    const hubspot = await startHubSpotSimulator({
      state: {
        app: { clientId: 'app-client', clientSecret: 'app-secret', redirectUris: [] },
        portals: [
          { ...portal, scopes: ['crm.objects.users.read', 'crm.objects.owners.read'], privateAppToken: token, limit: null, daily: null },
        ],
        hasOauthV1: false,
        tellsHubId: true,
      },
    });
    const { id } = await make('shared-hubspot', {
      type: 'hubspot',
      settings: { baseUrl: hubspot.url, requestsPerTenSeconds: 3, auth: { token } },
    });
    const [one, other] = [await openAlone(id), await openAlone(id)];
    await one.connector.check();
    expect(hubspot.requests).toHaveLength(3);
    // The window is not over before this test, however slow the machine is.
    await pool.query(
      "update connection_pace set begun = array(select at + interval '1 hour' from unnest(begun) at) where connection_id = $1",
      [id],
    );
    const stopped = new AbortController();
    const late = other.connector.origin({ signal: stopped.signal });
    // Longer than a request of its own takes: it has seen the row and waits.
    await one.connector.origin({ signal: AbortSignal.timeout(100) }).catch(() => {});
    stopped.abort(new Error('Stopped.'));
    await expect(late).rejects.toThrow('Stopped.');
    expect(hubspot.requests).toHaveLength(3);
    await Promise.all([one.close(), other.close()]);
    await hubspot.close();
  });
});

describe('an admin who agrees at the vendor', () => {
  let hubspot: HubSpotSimulator;
  let zoho: ZohoSimulator;
  let consenting: SalesforceSimulator;
  let callback: string;
  beforeAll(async () => {
    callback = `${server.url}/connections/callback`;
    const ours = stateOf(people(3));
    consenting = await startSalesforceSimulator({
      state: { ...ours, apps: ours.apps.map((one) => ({ ...one, redirectUris: [callback] })) },
      smallestPage: 1,
    });
    zoho = await startZohoSimulator({
      state: { org: { zgid: '655906806', company_name: 'Acme' }, app: zohoApp, users: [], refreshTokens: [] },
      location: 'eu',
    });
    const portal = {
      portalId: 424_242,
      accountType: 'STANDARD' as const,
      uiDomain: 'app.hubspot.com',
      users: [],
      owners: [],
      refreshTokens: [],
    };
    const scopes = ['oauth', 'crm.objects.users.read', 'crm.objects.owners.read'];
    hubspot = await startHubSpotSimulator({
      state: {
        app: { clientId: 'app-client', clientSecret: 'app-secret', redirectUris: [callback] },
        portals: [{ ...portal, scopes, privateAppToken: null, limit: null, daily: null }],
        hasOauthV1: false,
        tellsHubId: true,
      },
    });
  });
  afterAll(() => Promise.all([hubspot?.close(), zoho?.close(), consenting?.close()]));

  const asked = () => ({ baseUrl: consenting.url, auth: { grant: 'authorization_code', ...app } });
  const begin = async (name: string, type: string, given: object, more: object = {}) =>
    (await server.ok<{ url: string }>('signInConnection', { body: { name, type, settings: given, ...more } })).url;
  /** What the browser does: it goes there, and comes back with what it is given. */
  async function agree(url: string): Promise<string> {
    const location = new URL((await fetch(url, { redirect: 'manual' })).headers.get('location')!);
    expect(location.href.split('?')[0]).toBe(callback);
    return location.search;
  }
  const finish = (query: string) => server.ok<Connection>('finishConnection', { body: { query } });
  const refused = async (query: string, from: Pick<TestServer, 'refused'> = server) =>
    from.refused('finishConnection', { body: { query } });

  test('connects Salesforce with PKCE, HubSpot and Zoho: the refresh token is stored, tested, and shown to nobody', async () => {
    const given: readonly [string, string, object][] = [
      ['agreed-salesforce', 'salesforce', asked()],
      [
        'agreed-hubspot',
        'hubspot',
        {
          baseUrl: hubspot.url,
          authorizeUrl: `${hubspot.url}/oauth/authorize`,
          auth: { clientId: 'app-client', clientSecret: 'app-secret' },
        },
      ],
      ['agreed-zoho', 'zoho', { accountsUrl: zoho.url, apiUrl: zoho.url, auth: { clientId: '1000.CLIENT', clientSecret: 'very-secret' } }],
    ];
    for (const [name, type, wanted] of given) {
      const made = await finish(await agree(await begin(name, type, wanted)));
      expect(made, name).toMatchObject({ name, type, secrets: ['auth.clientSecret', 'auth.refreshToken'] });
      expect(bad(made), name).toEqual([]);
      expect(made.origin, name).not.toBeNull();
      expect(bad(await check(made.id)), name).toEqual([]);
    }
    const { rows } = await list();
    // The callback names the data centre.
    expect(rows.find(({ name }) => name === 'agreed-zoho')!.settings).toMatchObject({ dataCenter: 'eu' });
    expect((await pool.query('select from connection_sign_in')).rowCount).toBe(0);
  });

  test('ends the access at the vendor with the connection, and is told; where the vendor does not answer, what to do by hand', async () => {
    const settings = {
      baseUrl: hubspot.url,
      authorizeUrl: `${hubspot.url}/oauth/authorize`,
      auth: { clientId: 'app-client', clientSecret: 'app-secret' },
    };
    const remove = (id: string) => server.ok<{ sentence: string | null }>('deleteConnection', { params: { id } });
    const made = async (name: string) => (await finish(await agree(await begin(name, 'hubspot', settings)))).id;
    const [portal] = hubspot.state.portals;
    const before = portal!.refreshTokens.length;
    const ended = await made('to-end');
    await check(ended);
    expect(portal!.refreshTokens).toHaveLength(before + 1);
    expect((await remove(ended)).sentence).toBe('Its access to HubSpot was ended there as well.');
    expect(portal!.refreshTokens).toHaveLength(before);

    const left = await made('to-leave');
    hubspot.fault({ kind: 'status', status: 403, on: 'revoke' });
    expect((await remove(left)).sentence).toBe(
      'Its access to HubSpot could not be ended there. HubSpot refuses: the access does not cover this. Ask an admin of HubSpot for the missing rights. Remove Seatmatch in HubSpot by hand.',
    );
    expect((await list()).rows.some(({ id }) => id === left)).toBe(false);
    const { rows } = await pool.query("select subject from audit where action = 'access of a connection ended' order by audit_id");
    expect(rows.map(({ subject }) => subject)).toEqual([ended, left]);

    const { id } = await server.ok<Connection>('createConnection', {
      body: { name: 'no-token', type: 'hubspot', settings: { baseUrl: hubspot.url, auth: { token: 'pat-1' } } },
    });
    expect((await remove(id)).sentence).toBeNull();

    const agreed = await finish(await agree(await begin('ended-salesforce', 'salesforce', asked())));
    expect((await remove(agreed.id)).sentence).toBe('Its access to Salesforce was ended there as well.');
  });

  test('who begins at the vendor is told to begin here: a code that nobody here asked for is exchanged for nobody', async () => {
    const url = new URL(`${hubspot.url}/oauth/authorize`);
    url.search = String(new URLSearchParams({ client_id: 'app-client', redirect_uri: callback }));
    const exchanged = () => hubspot.requests.filter((kind) => kind === 'token').length;
    const before = exchanged();
    expect(await refused(await agree(url.href))).toEqual({
      status: 409,
      detail: expect.stringMatching(/^This began at the vendor and not here/u),
    });
    expect(exchanged()).toBe(before);
  });

  test('may renew a connection that is there, without typing its secret', async () => {
    const { id } = await finish(await agree(await begin('renewed', 'salesforce', asked())));
    const auth = { grant: 'authorization_code', clientId: app.clientId };
    const again = await finish(await agree(await begin('renewed', 'salesforce', { baseUrl: consenting.url, auth }, { id })));
    expect(again.id).toBe(id);
    expect(bad(again)).toEqual([]);
  });

  test('is believed once, for ten minutes, and only in the session in which it began', async () => {
    const sentence =
      'This sign-in was used already, is older than ten minutes, or began in another browser. Begin it again under Connections.';
    const once = await agree(await begin('once-agreed', 'salesforce', asked()));
    const other = clientOf(server.url, `seatmatch_session=${await otherSession()}`);
    expect(await refused(once, other)).toEqual({ status: 409, detail: sentence });
    await finish(once);
    expect(await refused(once)).toEqual({ status: 409, detail: sentence });
    const late = await agree(await begin('late', 'salesforce', asked()));
    const { rows } = await pool.query('select expires_at - now() as left from connection_sign_in');
    expect(rows[0].left.minutes).toBe(9);
    await pool.query("update connection_sign_in set expires_at = now() - interval '1 second'");
    expect(await refused(late)).toMatchObject({ status: 409 });
    expect(await refused('?code=made-up&state=made-up')).toMatchObject({ status: 409 });
  });

  async function otherSession(): Promise<string> {
    const token = 'another-browser';
    await pool.query(
      `insert into session (workspace_id, token_hash, user_id, expires_at)
       select workspace_id, $1, user_id, now() + interval '1 hour' from app_user limit 1`,
      [createHash('sha256').update(token).digest('hex')],
    );
    return token;
  }

  test('who says no connects nothing', async () => {
    const url = new URL(await begin('never', 'salesforce', asked()));
    const state = url.searchParams.get('state')!;
    expect((await refused(`?error=access_denied&state=${state}`)).detail).toBe(
      'Nobody agreed, so nothing was connected. Begin it again under Connections.',
    );
    expect((await list()).rows.some(({ name }) => name === 'never')).toBe(false);
  });

  test('is not asked where there is nothing to agree to, or the name is taken', async () => {
    const body = { name: 'x', type: 'linkedin-scim', settings: {} };
    expect(await server.refused('signInConnection', { body })).toMatchObject({
      status: 422,
      detail: 'LinkedIn SCIM has no sign-in. Type its access in.',
    });
    const taken = { name: 'agreed-salesforce', type: 'salesforce', settings: asked() };
    expect(await server.refused('signInConnection', { body: taken })).toMatchObject({ status: 409 });
    const grant = { name: 'x', type: 'salesforce', settings: settings() };
    expect((await server.refused('signInConnection', { body: grant })).detail).toContain('auth.refreshToken is not known here');
  });
});

describe('the key', () => {
  test('of another server does not open them, and it says which key is needed', async () => {
    const { id } = await make('sealed');
    const second = await startTestServer({ secretKey: Buffer.alloc(32, 8) }, server.database);
    try {
      const tested = await check(id, clientOf(second.url, server.cookie));
      expect(bad(tested)).toEqual([{ what: 'access', verdict: 'bad', sentence: expect.stringContaining('were sealed with another key') }]);
    } finally {
      await second.stop();
    }
    expect(bad(await check(id))).toEqual([]);
  });

  test('is needed to store any: a server without one says how to give it one', async () => {
    const second = await startTestServer({ secretKey: null }, server.database);
    try {
      const other = clientOf(second.url, server.cookie);
      expect((await other.ok<Connections>('listConnections')).canStore).toBe(false);
      const body = { name: 'no-key', type: 'salesforce', settings: settings() };
      expect(await other.refused('createConnection', { body })).toMatchObject({
        status: 422,
        detail: expect.stringContaining('SEATMATCH_SECRET_KEY'),
      });
    } finally {
      await second.stop();
    }
  });
});

describe('the configuration file', () => {
  const write = (text: string) => writeFile(path.join(server.dataDir, 'seatmatch.config.yaml'), text);
  let second: TestServer;
  beforeAll(async () => {
    await writeFile(path.join(server.dataDir, 'sf-secret'), `${secret}\n`);
    second = await startTestServer({ configFile: path.join(server.dataDir, 'seatmatch.config.yaml') });
  });
  afterAll(() => second?.stop());
  const listSecond = () => second.ok<Connections>('listConnections');

  test('brings its connections, which are tested here and changed there', async () => {
    await write(`connections:
  - name: from-file
    type: salesforce
    baseUrl: ${salesforce.url}
    auth: { grant: client_credentials, clientId: ${app.clientId}, clientSecret: { file: ./sf-secret } }
  - { name: export, type: crm-csv, file: ./users.csv }
`);
    await writeFile(path.join(server.dataDir, 'users.csv'), crmCsv(testPeople(2)));
    const { rows, fault } = await listSecond();
    expect(fault).toBeNull();
    expect(rows.map(({ name, fromFile, vendor }) => [name, fromFile, vendor])).toEqual([
      ['export', true, 'CSV file'],
      ['from-file', true, 'Salesforce'],
    ]);
    expect(JSON.stringify(rows)).not.toContain(secret);
    const { id } = rows[1]!;
    expect(rows[1]).toMatchObject({ settings: { baseUrl: salesforce.url }, secrets: ['auth.clientSecret'] });
    expect((await check(id, second)).origin).toMatchObject({ id: orgId });
    for (const refused of [
      await second.refused('changeConnection', { params: { id }, body: { name: 'mine' } }),
      await second.refused('deleteConnection', { params: { id } }),
    ])
      expect(refused).toMatchObject({
        status: 422,
        detail: '“from-file” stands in the configuration file of the server. Change it there.',
      });
    const body = { name: 'from-file', type: 'salesforce', settings: settings() };
    expect(await second.refused('createConnection', { body })).toMatchObject({ status: 409 });
  });

  test('lacks a variable of one connection: that is said of this one alone, and the others go on', async () => {
    const needs = (name: string) => `{ grant: client_credentials, clientId: ${app.clientId}, clientSecret: "\${${name}}" }`;
    await write(`connections:
  - { name: lacking, type: salesforce, baseUrl: ${salesforce.url}, auth: ${needs('SEATMATCH_TEST_NOT_SET')} }
  - { name: from-file, type: salesforce, baseUrl: ${salesforce.url}, auth: { grant: client_credentials, clientId: ${app.clientId}, clientSecret: { file: ./sf-secret } } }
  - { name: no-file, type: linkedin-scim, auth: { token: { file: ./not-there } } }
`);
    const { rows, fault } = await listSecond();
    expect(fault).toBeNull();
    const [whole, lacking, file] = ['from-file', 'lacking', 'no-file'].map((name) => rows.find((row) => row.name === name)!);
    const sentence =
      'In the configuration file, line 2, connections.0.auth.clientSecret stands in the variable SEATMATCH_TEST_NOT_SET, which is not set. Set it where this program is started, then start it again.';
    expect(lacking).toMatchObject({
      settings: { baseUrl: salesforce.url },
      secrets: ['auth.clientSecret'],
      check: { lines: [{ what: 'access', verdict: 'bad', sentence }] },
    });
    expect(file!.check!.lines[0]!.sentence).toContain('stands in the file ./not-there, which cannot be read. Put it there.');
    expect((await check(whole!.id, second)).check!.lines[0]).toMatchObject({ verdict: 'good' });
    expect((await check(lacking!.id, second)).check!.lines).toEqual([{ what: 'access', verdict: 'bad', sentence }]);
    const licenses = await second.upload('licenses', licensesCsv(testPeople(2)));
    const body = { licenses, crm: { connection: lacking!.id } };
    expect((await second.refused('createReconciliation', { body })).detail).toBe(`The connection lacking cannot be asked. ${sentence}`);
  });

  test('that is wrong is said with the list, and the others stay', async () => {
    await second.ok('createConnection', { body: { name: 'stored', type: 'salesforce', settings: settings() } });
    await write('connections:\n  - { name: x, type: salesfroce }\n');
    const { rows, fault } = await listSecond();
    expect(fault).toContain('line 2, connections.0.type is none of');
    expect(rows.map(({ name }) => name)).toEqual(['stored']);
  });
});

test('the callback address of an app is no setting of a connection', async () => {
  const body = { name: 'x', type: 'salesforce', settings: { ...settings(), redirectUri } };
  expect((await server.refused('createConnection', { body })).detail).toContain('redirectUri is not known here');
});
