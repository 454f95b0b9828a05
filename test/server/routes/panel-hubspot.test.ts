import { Signature } from '@hubspot/api-client';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  type HubSpotOwner,
  type HubSpotPortal,
  type HubSpotSimulator,
  type HubSpotState,
  type HubSpotUser,
  startHubSpotSimulator,
} from '../../../connectors/hubspot/simulator.ts';
import {
  type Connection,
  type Connections,
  type Contract,
  type Endpoint,
  type EndpointName,
  endpoints,
  type PanelHosts,
  type Plan,
  type Settings,
} from '../../../server/api.ts';
import { connectionKinds } from '../../../server/commands/connection-kinds.ts';
import { hubSpotPanels } from '../../../server/jobs/hubspot-panel.ts';
import { secretKeyOf } from '../../../server/store/seal-secret.ts';
import { askServer, type PanelAnswer, publicUrl, told } from '../ask-panel.ts';
import { clientOf, crmCsv, licensesCsv, startTestServer, type TestClient, type TestServer, testPeople } from '../running-server.ts';

vi.setConfig({ testTimeout: 60_000 });

const old = { domainAliases: [{ old: 'old-acme.example', current: 'acme.example' }] };
const theirs = testPeople(24, (index) => index < 6);

const user = (id: number, firstName: string, superAdmin = false): HubSpotUser => ({
  id: String(id),
  email: `${firstName}@acme.example`,
  firstName,
  lastName: 'Example',
  superAdmin,
});
/** Super admin · may act by her number · may look by her address · nobody gave him anything. */
const [ann, bea, cora, dan] = [user(1, 'Ann', true), user(2, 'Bea'), user(3, 'Cora'), user(4, 'Dan')];
const owner = (id: number, userId: number | null, more: Partial<HubSpotOwner> = {}): HubSpotOwner => ({
  id: String(id),
  type: 'PERSON',
  archived: false,
  firstName: null,
  lastName: null,
  userId,
  userIdIncludingInactive: userId,
  ...more,
});

interface Portal {
  readonly simulator: HubSpotSimulator;
  readonly portal: HubSpotPortal;
  readonly secret: string;
}
async function startPortal(portalId: number, secret: string, callback: string): Promise<Portal> {
  const portal: HubSpotPortal = {
    portalId,
    accountType: 'STANDARD',
    uiDomain: 'app.hubspot.com',
    users: [ann!, bea!, cora!, dan!],
    owners: [owner(71, 2), owner(72, null, { archived: true, userIdIncludingInactive: 9 }), owner(73, null, { type: 'QUEUE' })],
    scopes: ['oauth', 'crm.objects.users.read', 'crm.objects.owners.read'],
    privateAppToken: null,
    refreshTokens: [],
    limit: null,
    daily: null,
  };
  const state: HubSpotState = {
    app: { clientId: `app-${portalId}`, clientSecret: secret, redirectUris: [callback] },
    portals: [portal],
    hasOauthV1: false,
    tellsHubId: true,
  };
  return { simulator: await startHubSpotSimulator({ state }), portal, secret };
}

let server: TestServer;
let there: TestClient;
let acme: Portal;
let other: Portal;
const seen: string[] = [];

/** As an admin does it: begins in the console, agrees at HubSpot, comes back. */
async function connect(at: TestClient, name: string, { simulator, portal, secret }: Portal, again?: Connection): Promise<Connection> {
  const settings = {
    baseUrl: simulator.url,
    authorizeUrl: `${simulator.url}/oauth/authorize`,
    auth: { clientId: `app-${portal.portalId}`, clientSecret: secret },
  };
  const { url } = await at.ok<{ url: string }>('signInConnection', {
    body: { name, type: 'hubspot', settings, ...(again && { id: again.id }) },
  });
  const back = (await fetch(url, { redirect: 'manual' })).headers.get('location')!;
  const made = await at.ok<Connection>('finishConnection', { body: { query: new URL(back).search } });
  expect(made.origin?.id).toBe(String(portal.portalId));
  return made;
}

beforeAll(async () => {
  server = await startTestServer({ publicUrl });
  const callback = `${server.url}/connections/callback`;
  acme = await startPortal(424_242, 'acme-canary-secret', callback);
  other = await startPortal(777, 'other-canary-secret', callback);
  const { id } = await server.ok<Contract>('createContract', { body: { name: 'EMEA', crm: { kind: 'hubspot', name: 'HubSpot EMEA' } } });
  there = clientOf(server.url, server.cookie, id);
  await connect(server, 'acme-hubspot', acme);
  await connect(there, 'emea-hubspot', other);
  const panelUsers = { mayAct: ['2'], mayRead: ['CORA@acme.example'] };
  await server.ok('changeSettings', { body: { panelUsers, idpName: 'Entra' } });
  await there.ok('changeSettings', { body: { idpName: 'Okta' } });
});
afterAll(async () => {
  await server?.stop();
  await acme?.simulator.close();
  await other?.simulator.close();
});

interface Call {
  readonly method?: string;
  readonly body?: object | undefined;
  readonly query?: string;
  readonly by?: HubSpotUser;
  readonly portal?: Portal;
  /** Its address; default the server of all these tests. */
  readonly server?: string;
  /** Of the signature; default the portal's app's. */
  readonly secret?: string;
  readonly timestamp?: string | undefined;
  /** What is signed in the place of the address, or of the body. */
  readonly signedUrl?: (url: string) => string;
  readonly signedText?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** As hubspot.fetch asks: HubSpot adds who it is, and its own SDK signs. */
async function ask(rest: string, call: Call = {}): Promise<PanelAnswer> {
  const { method = 'GET', by = ann!, portal = acme, body, query = '' } = call;
  const who = new URLSearchParams({ userId: by.id, portalId: String(portal.portal.portalId), userEmail: by.email, appId: '9' });
  const path = `/panels/hubspot/api/${rest}?${query ? `${query}&` : ''}${who}`;
  const text = body === undefined ? undefined : JSON.stringify(body);
  const timestamp = 'timestamp' in call ? call.timestamp : String(Date.now());
  const signature = Signature.getSignature(method, 'v3', {
    clientSecret: call.secret ?? portal.secret,
    signature: '',
    url: (call.signedUrl ?? ((url) => url))(publicUrl + path),
    requestBody: call.signedText ?? text ?? '',
    timestamp: timestamp as unknown as number,
  });
  const headers = { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': timestamp, ...call.headers };
  const answer = await askServer(call.server ?? server.url, path, { method, headers, text });
  seen.push(answer.text);
  return answer;
}
const idempotencyKey = () => crypto.randomUUID();

describe('what a panel reaches', () => {
  const uuid = '00000000-0000-4000-8000-000000000000';
  const table = Object.entries(endpoints) as [EndpointName, Endpoint][];
  const missing = 'The panel of Seatmatch does not have this.';

  test.each(table)('%s: what the table marks, with the role it asks for, and nothing else', async (_name, endpoint) => {
    const rest = endpoint.path
      .replaceAll(/:format/gu, 'csv')
      .replaceAll(/:\w+/gu, uuid)
      .slice('/api/'.length);
    const method = endpoint.method.toUpperCase();
    const by = (who: HubSpotUser) =>
      ask(rest, { method, by: who, body: method === 'GET' || method === 'DELETE' ? undefined : { idempotencyKey: idempotencyKey() } });
    expect(told(await by(dan!))).toMatchObject({ status: 403, kind: 'no-rights', title: 'Your HubSpot user has no access to Seatmatch.' });
    const [reader, actor, admin] = [await by(cora!), await by(bea!), await by(ann!)];
    expect([reader, actor, admin].map((answer) => answer.body?.title === missing)).toEqual(Array(3).fill(!endpoint.panel));
    expect([reader, actor, admin].map(({ status }) => status === 403)).toEqual([endpoint.panel === 'act', false, false]);
  });

  test('what HubSpot adds to an address is no part of the question, and what the panel asks is', async () => {
    expect((await ask('settings')).status).toBe(200);
    expect(told(await ask('settings/nothing', { query: 'status=a%26b' }))).toMatchObject({ status: 404, kind: 'not-found' });
  });
});

describe('a request is believed', () => {
  const unknown = {
    status: 401,
    kind: 'not-connected',
    title: 'This HubSpot account is not connected to Seatmatch.',
    detail: expect.stringContaining('under Connections'),
  };

  test('signed by HubSpot’s own SDK, with the address raw or decoded', async () => {
    expect((await ask('settings', { query: 'a=%3A' })).status).toBe(200);
    const decoded = (url: string) => url.replaceAll('%3A', ':').replaceAll('%40', '@');
    expect((await ask('settings', { query: 'a=%3A', signedUrl: decoded })).status).toBe(200);
  });

  test.each<[string, Call]>([
    ['another secret', { secret: 'guessed' }],
    ['the secret of another portal’s app', { secret: 'other-canary-secret' }],
    ['a time six minutes ago', { timestamp: String(Date.now() - 360_000) }],
    ['a time in an hour', { timestamp: String(Date.now() + 3_600_000) }],
    ['a time that is no number', { timestamp: 'NaN' }],
    ['no time', { timestamp: undefined }],
    ['no signature', { headers: { 'x-hubspot-signature-v3': undefined } }],
    ['another portal in the signed address', { signedUrl: (url) => url.replace('424242', '777') }],
    ['another user in the signed address', { signedUrl: (url) => url.replace('userId=1', 'userId=2') }],
    ['another host in the signed address', { signedUrl: (url) => url.replace(publicUrl, 'https://elsewhere.example') }],
    ['another body', { method: 'POST', body: { all: true }, signedText: '{"all":false}' }],
    ['a portal named twice', { query: 'portalId=424242' }],
    ['a user named twice', { query: 'userId=1' }],
  ])('not with %s, answered as a portal that nobody connected', async (_, call) => {
    expect(told(await ask('settings', call))).toEqual(unknown);
    const stranger: Portal = { ...acme, portal: { ...acme.portal, portalId: 999 } };
    expect(told(await ask('settings', { portal: stranger }))).toEqual(unknown);
  });

  test('by nobody’s cookie, and from no browser', async () => {
    expect(told(await askServer(server.url, '/panels/hubspot/api/settings', { headers: { cookie: server.cookie } }))).toEqual(unknown);
    expect(told(await ask('settings', { headers: { 'sec-fetch-site': 'cross-site' } }))).toMatchObject({ status: 403 });
  });

  test('up to a megabyte', async () => {
    const body = { idempotencyKey: idempotencyKey(), note: 'x'.repeat(1_000_000) };
    expect(told(await ask('plans', { method: 'POST', body }))).toMatchObject({ status: 413, kind: 'refused' });
  });

  test('not where this server has no public address, as nothing can be signed for it', async () => {
    const inside = await startTestServer({}, server.database);
    const answer = await askServer(inside.url, '/panels/hubspot/api/settings', { host: 'localhost' });
    expect(told(answer)).toMatchObject({ status: 503, kind: 'unavailable', detail: expect.stringContaining('SEATMATCH_PUBLIC_URL') });
    await inside.stop();
  });
});

describe('two portals', () => {
  test('reach each the contract whose connection is pinned to it', async () => {
    expect((await ask('settings')).body!.idpName).toBe('Entra');
    expect((await ask('settings', { portal: other })).body!.idpName).toBe('Okta');
    // Bea may act in one contract; in the other nobody said so.
    expect(told(await ask('settings', { portal: other, by: bea! }))).toMatchObject({ status: 403, kind: 'no-rights' });
  });

  test('one portal of two contracts is the default contract’s, whichever was connected first', async () => {
    await connect(there, 'acme-too', acme);
    expect((await ask('settings')).body!.idpName).toBe('Entra');
  });

  test('are listed with what keeps their panel out', async () => {
    const settings = { baseUrl: acme.simulator.url, auth: { token: 'pat-1' } };
    const { id } = await there.ok<Connection>('createConnection', { body: { name: 'by-token', type: 'hubspot', settings } });
    const pool = new pg.Pool({ connectionString: server.database.appUrl });
    const listed = async () =>
      (await there.ok<PanelHosts>('getPanelHosts')).hubspot.map(({ name, portalId, sentence }) => [name, portalId, sentence]);
    expect(await listed()).toEqual([
      ['emea-hubspot', '777', null],
      ['acme-too', '424242', 'The panel in this portal shows Sales Navigator, which is connected to it as well.'],
      ['by-token', null, 'Test this connection: it is not known yet which portal answers.'],
    ]);
    await pool.query(`update connection set origin = '{"id":"5","name":null,"isTest":false}' where connection_id = $1`, [id]);
    await pool.end();
    expect((await listed()).at(-1)).toEqual(['by-token', '5', expect.stringContaining('private app')]);
  });
});

describe('who may do what', () => {
  test('an address counts as HubSpot has it for the user, not as the panel’s code may write it', async () => {
    const pretending: HubSpotUser = { ...dan!, email: 'cora@acme.example' };
    expect(told(await ask('settings', { by: pretending }))).toMatchObject({ status: 403, kind: 'no-rights' });
  });

  test('is asked of HubSpot once in a while, not with every request', async () => {
    const asks = () => acme.simulator.requests.filter((kind) => kind === 'user').length;
    await ask('settings');
    const before = asks();
    await Promise.all([ask('settings'), ask('settings'), ask('settings')]);
    expect(asks()).toBe(before);
  });

  test('nobody who is not (any more) a user of the portal has a right', async () => {
    expect(told(await ask('settings', { by: user(99, 'Zoe', true) }))).toMatchObject({ status: 403 });
  });

  test('limits are changed in the panel, and no other setting: neither who may use it, nor whom no plan changes', async () => {
    const change = (body: object) => ask('settings', { method: 'PUT', body: { ...body, idempotencyKey: idempotencyKey() } });
    for (const body of [{ panelUsers: { mayAct: ['4'], mayRead: [] } }, { protectedPeople: [], limits: { planHours: 12 } }])
      expect(told(await change(body))).toMatchObject({ status: 403, kind: 'no-rights', title: 'A panel changes limits alone.' });
    expect((await change({ limits: { planHours: 12 } })).status).toBe(200);
    expect((await server.ok<Settings>('getSettings')).limits.planHours).toBe(12);
  });

  test('is not known while HubSpot does not answer; nothing of that is kept', async () => {
    acme.portal.users = [...acme.portal.users, user(50, 'Eve', true)];
    for (let tries = 0; tries < 4; tries += 1) acme.simulator.fault({ kind: 'status', status: 400, on: 'user' });
    expect(told(await ask('settings', { by: user(50, 'Eve') }))).toMatchObject({ status: 503, kind: 'unavailable' });
    acme.simulator.clearFaults();
    expect((await ask('settings', { by: user(50, 'Eve') })).status).toBe(200);
  });
});

describe('acting in the panel', () => {
  test('is done once where HubSpot sends it twice, and is logged with the user’s number', async () => {
    await server.ok('changeSettings', { body: old });
    await server.compare(licensesCsv(theirs), crmCsv(theirs), { adminCenterCount: 24 });
    await server.ok('changeContract', {
      params: { id: (await server.ok<{ rows: Contract[] }>('listContracts')).rows[0]!.id },
      body: { crm: { kind: 'hubspot', name: 'HubSpot' } },
    });
    const body = { all: true, idempotencyKey: idempotencyKey() };
    const twice = await Promise.all([0, 1].map(() => ask('plans', { method: 'POST', body, by: bea! })));
    const statuses = twice.map(({ status }) => status);
    // The second one comes while the first is carried out, or afterwards.
    expect(statuses).toContain(201);
    expect([201, 409]).toContain(statuses.find((status) => status !== 201) ?? 201);
    const { id, createdBy } = await server.ok<Plan>('getPlan', {
      params: { id: (await ask('plans', { method: 'POST', body, by: bea! })).body!.id },
    });
    expect((await server.ok<{ rows: unknown[] }>('listPlans')).rows).toHaveLength(1);
    expect(createdBy).toBe('Bea Example (HubSpot)');
    const pool = new pg.Pool({ connectionString: server.database.appUrl });
    const { rows } = await pool.query(
      "select actor, subject, detail from audit where action = 'asked through a panel' and subject = 'createPlan'",
    );
    await pool.end();
    const detail = { endpoint: 'createPlan', host: 'hubspot', origin: '424242', user: '2' };
    expect(rows.at(-1)).toEqual({ actor: 'Bea Example (HubSpot)', subject: 'createPlan', detail });
    expect(told(await ask(`plans/${id}/cancel`, { method: 'POST', body: {}, by: bea! }))).toMatchObject({ status: 400, kind: 'refused' });
    expect(told(await ask(`plans/${id}/cancel`, { method: 'POST', body: { idempotencyKey: 7 }, by: bea! }))).toMatchObject({ status: 400 });
    const end = { idempotencyKey: idempotencyKey() };
    expect((await ask(`plans/${id}/cancel`, { method: 'POST', body: end, by: bea! })).status).toBe(200);
  });
});

test('the user behind an owner’s id is found, of those who were deactivated too', async () => {
  const pool = new pg.Pool({ connectionString: server.database.appUrl });
  const desk = { ...connectionKinds(null), pool, key: secretKeyOf(Buffer.alloc(32, 7)), isDemo: false };
  const { rows } = await pool.query('select workspace_id from workspace');
  const panels = hubSpotPanels(async () => desk, rows[0].workspace_id);
  const url = `${publicUrl}/panels/hubspot/api/panel?portalId=424242&userId=1`;
  const timestamp = Date.now();
  const signature = Signature.getSignature('GET', 'v3', { clientSecret: acme.secret, signature: '', url, requestBody: '', timestamp });
  const visitor = await panels.visitor({ method: 'GET', url, body: Buffer.alloc(0), signature, timestamp: String(timestamp) });
  expect(visitor).toMatchObject({ userId: '1', role: 'act', name: 'Ann Example' });
  if (typeof visitor === 'string') throw new Error(visitor);
  expect(await Promise.all(['71', '72', '73', '74'].map(visitor.userOfOwner))).toEqual([
    { id: '2' },
    { id: '9' },
    { id: null },
    { id: null },
  ]);
  acme.simulator.fault({ kind: 'status', status: 400, on: 'owner' });
  expect(await visitor.userOfOwner('75')).toBeNull();
  expect(await visitor.userOfOwner('75')).toEqual({ id: null });
  await pool.end();
});

test('a portal that uninstalled Seatmatch is noticed: its panel is not connected, and its connection says so, until it is installed again', async () => {
  const portal = await startPortal(888, 'third-canary-secret', `${server.url}/connections/callback`);
  const made = await connect(server, 'leaving', portal);
  expect((await ask('settings', { portal })).status).toBe(200);
  portal.portal.refreshTokens = [];
  // Another server process has not asked before who the visitor is.
  const second = await startTestServer({ publicUrl }, server.database);
  const at = (target: TestServer) => ask('settings', { portal, server: target.url });
  expect(told(await at(second))).toMatchObject({
    status: 401,
    kind: 'not-connected',
    title: 'Seatmatch was uninstalled in this HubSpot account, or lost its access.',
  });
  const bad = async () =>
    (await server.ok<Connections>('listConnections')).rows
      .find(({ id }) => id === made.id)!
      .check!.lines.filter(({ verdict }) => verdict === 'bad')
      .map(({ sentence }) => sentence);
  expect(new Set(await bad())).toEqual(
    new Set(['Seatmatch was uninstalled in HubSpot portal 888, or its access was ended there; install it again.']),
  );
  await connect(server, 'leaving', portal, made);
  expect(await bad()).toEqual([]);
  expect((await at(second)).status).toBe(200);
  await second.stop();
  await portal.simulator.close();
});

test('secrets and refresh tokens are in no answer', async () => {
  const { rows } = await server.ok<Connections>('listConnections');
  const secrets = [acme.secret, other.secret, ...acme.portal.refreshTokens, ...other.portal.refreshTokens];
  expect(secrets.length).toBeGreaterThan(3);
  const shown = [...seen, JSON.stringify(rows)];
  expect(shown.length).toBeGreaterThan(200);
  expect(shown.filter((text) => secrets.some((secret) => text.includes(secret)))).toEqual([]);
});
