import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startSalesforceSimulator } from '../../../connectors/salesforce/simulator.ts';
import {
  type Contract,
  type Endpoint,
  type EndpointName,
  endpoints,
  type Overview,
  type PanelAccessGiven,
  type PanelHosts,
  type Plan,
  takesIdempotencyKey,
} from '../../../server/api.ts';
import { salesforceId } from '../../../server/core/salesforce-id.ts';
import { app, people, orgId as pinnedOrg, stateOf } from '../../connectors/salesforce/start.ts';
import { askServer, type PanelAnswer, publicUrl, told } from '../ask-panel.ts';
import { clientOf, crmCsv, licensesCsv, startTestServer, type TestClient, type TestServer, testPeople } from '../running-server.ts';

vi.setConfig({ testTimeout: 60_000 });

const org = salesforceId('00D5e000000ProD', '00D')!;
const sandbox = salesforceId('00D5e000000Sand', '00D')!;
const user = salesforceId('0055e000000AnnE', '005')!;
const old = { domainAliases: [{ old: 'old-acme.example', current: 'acme.example' }] };
const theirs = testPeople(24, (index) => index < 6);

let server: TestServer;
let emea: Contract;
let there: TestClient;
let given: PanelAccessGiven;
let pool: pg.Pool;
let seen: string[];
beforeAll(async () => {
  server = await startTestServer({ publicUrl });
  pool = new pg.Pool({ connectionString: server.database.appUrl });
  emea = await server.ok<Contract>('createContract', { body: { name: 'EMEA', crm: { kind: 'salesforce', name: 'Salesforce EMEA' } } });
  there = clientOf(server.url, server.cookie, emea.id);
  seen = [];
  given = await give(there, org);
});
afterAll(async () => {
  await pool?.end();
  await server?.stop();
});

const give = (at: Pick<TestClient, 'ok'>, orgId: string) => at.ok<PanelAccessGiven>('givePanelAccess', { body: { orgId } });

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly host?: string;
}

const headersOf = (token: string) => ({
  authorization: `Bearer ${token}`,
  'x-seatmatch-org': org,
  'x-seatmatch-user': user,
  'x-seatmatch-user-name': encodeURIComponent('Ann Łukasz'),
});

async function ask(rest: string, { body, ...more }: Asked = {}) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const answer = await askServer(server.url, `/panels/salesforce/api/${rest}`, { ...more, text });
  seen.push(answer.text);
  return answer;
}
const asked = (rest: string, token: string, more: Asked = {}) => ask(rest, { ...more, headers: { ...headersOf(token), ...more.headers } });
const key = () => ({ 'idempotency-key': crypto.randomUUID() });
describe('what a panel reaches', () => {
  const uuid = '00000000-0000-4000-8000-000000000000';
  const table = (Object.entries(endpoints) as [EndpointName, Endpoint][]).filter(([name]) => name !== 'getEvents');
  const restOf = ({ path }: Endpoint) =>
    path
      .replaceAll(/:format/gu, 'csv')
      .replaceAll(/:\w+/gu, uuid)
      .slice('/api/'.length);
  const method = (endpoint: Endpoint) => endpoint.method.toUpperCase();

  test.each(table)('%s: what the table marks, with the role it asks for, and nothing else', async (_name, endpoint) => {
    const body = ['POST', 'PUT', 'PATCH'].includes(method(endpoint)) ? {} : undefined;
    const by = async (headers: Record<string, string>) =>
      ask(restOf(endpoint), { method: method(endpoint), headers: { ...headers, ...key() }, body });
    const [none, read, act] = [await by({}), await by(headersOf(given.tokens.read)), await by(headersOf(given.tokens.act))];
    expect(told(none)).toMatchObject({ status: 401, kind: 'not-connected' });
    const isMissing = ({ body: answer }: PanelAnswer) => answer?.title === 'The panel of Seatmatch does not have this.';
    const isHeld = ({ status }: { status: number }) => status === 403;
    expect([isMissing(read), isMissing(act)]).toEqual(endpoint.panel ? [false, false] : [true, true]);
    expect([isHeld(read), isHeld(act)]).toEqual([endpoint.panel === 'act', false]);
  });

  test('the stream of events is not for panels either', async () => {
    expect(told(await asked('events', given.tokens.act))).toMatchObject({ status: 404, kind: 'not-found' });
  });

  test('is marked in the description of the API', async () => {
    const document = await (await server.fetch('/openapi.json')).json();
    expect(document.paths['/api/plans/{id}/approve'].post['x-panel']).toBe('act');
    expect(document.paths['/api/plans'].get['x-panel']).toBeUndefined();
  });

  test('no address leads out of it: another contract, a page, another method, or nothing', async () => {
    const home = (await server.ok<{ rows: Contract[] }>('listContracts')).rows[0]!.id;
    for (const rest of [
      `contracts/${home}/settings`,
      `../contracts/${home}/settings`,
      '',
      '/',
      '../docs',
      '%2e%2e/docs',
      'session',
      'health',
    ])
      expect(told(await asked(rest, given.tokens.act)), rest).toMatchObject({ status: 404, kind: 'not-found' });
    expect(told(await asked('settings', given.tokens.act, { method: 'DELETE' }))).toMatchObject({ status: 404, kind: 'not-found' });
  });

  test('acting wants a key of its own, so that nothing is done twice', async () => {
    expect(told(await asked('plans', given.tokens.act, { method: 'POST', body: { all: true } }))).toMatchObject({
      status: 400,
      kind: 'refused',
    });
  });
});

describe('who is let in', () => {
  const token = () => given.tokens.read;

  test('an org with its token, under the public name or on this machine, and under no other', async () => {
    expect((await asked('settings', token())).status).toBe(200);
    expect((await asked('settings', token(), { host: 'localhost' })).status).toBe(200);
    expect(told(await asked('settings', token(), { host: 'evil.example' }))).toMatchObject({ status: 421, kind: 'refused' });
    const elsewhere = await fetch(`${server.url}/api/settings`, { headers: { ...headersOf(token()) } });
    expect(elsewhere.status).toBe(401);
  });

  test('no browser, whichever site it comes from', async () => {
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-origin' }, { origin: publicUrl }])
      expect(told(await asked('settings', token(), { headers }))).toMatchObject({ status: 403, kind: 'no-rights' });
  });

  test('nobody by the cookie of the console', async () => {
    expect(told(await ask('settings', { headers: { cookie: server.cookie } }))).toMatchObject({ status: 401, kind: 'not-connected' });
    const answer = await asked('panel-hosts', given.tokens.act, { headers: { cookie: server.cookie } });
    expect(told(answer)).toMatchObject({ status: 404 });
  });

  test('nobody by a token that was made up or cut short', async () => {
    for (const made of ['seatmatch_act_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', given.tokens.act.slice(0, -1), 'x'])
      expect(told(await asked('settings', made))).toMatchObject({ status: 401, kind: 'not-connected' });
    expect(told(await asked('settings', token(), { headers: { authorization: `Basic ${token()}` } }))).toMatchObject({ status: 401 });
  });

  test('no sandbox that still carries the token of production', async () => {
    expect(told(await asked('settings', token(), { headers: { 'x-seatmatch-org': sandbox } }))).toEqual({
      status: 401,
      kind: 'not-connected',
      title: `The access belongs to the Salesforce org ${org}, and this is ${sandbox}.`,
      detail: expect.stringContaining('refreshed from production'),
    });
  });

  test('ids of 15 and of 18 characters alike, and none that is mistyped', async () => {
    expect((await asked('settings', token(), { headers: { 'x-seatmatch-org': org.slice(0, 15) } })).status).toBe(200);
    for (const headers of [
      { 'x-seatmatch-org': undefined },
      { 'x-seatmatch-org': `${org.slice(0, 15)}AAA` },
      { 'x-seatmatch-org': org.slice(0, 14) },
      { 'x-seatmatch-org': user },
      { 'x-seatmatch-user': undefined },
      { 'x-seatmatch-user': org },
      { 'x-seatmatch-user-name': undefined },
      { 'x-seatmatch-user-name': '%20' },
      { 'x-seatmatch-user-name': '%E0%A4' },
      { 'x-seatmatch-user-name': 'Ann%0ABob' },
    ])
      expect(told(await asked('settings', token(), { headers })), JSON.stringify(headers)).toMatchObject({ status: 400, kind: 'refused' });
  });

  test('nobody any more once the access is taken back; what was given anew is good', async () => {
    const other = await give(there, org);
    expect((await asked('settings', other.tokens.read)).status).toBe(200);
    await there.ok('takePanelAccessBack', { params: { id: other.id } });
    for (const gone of [other.tokens.read, other.tokens.act])
      expect(told(await asked('settings', gone))).toMatchObject({
        status: 401,
        kind: 'not-connected',
        title: 'The access of this Salesforce org was taken back in Seatmatch.',
      });
    expect((await asked('settings', token())).status).toBe(200);
    expect(await there.refused('takePanelAccessBack', { params: { id: other.id } })).toMatchObject({ status: 404 });
    const { salesforce } = await there.ok<PanelHosts>('getPanelHosts');
    expect(salesforce.map(({ id, revokedBy }) => [id, revokedBy])).toEqual([
      [given.id, null],
      [other.id, 'Admin'],
    ]);
  });
});

describe('the access of an org', () => {
  test('is listed with who gave it and when it was used last, and without its tokens', async () => {
    const made = await give(there, salesforceId('00D5e000000NewO', '00D')!.slice(0, 15));
    const { salesforce, publicUrl: shown } = await there.ok<PanelHosts>('getPanelHosts');
    expect(shown).toBe(publicUrl);
    expect(salesforce.find(({ id }) => id === made.id)).toMatchObject({
      orgId: salesforceId('00D5e000000NewO', '00D'),
      createdBy: 'Admin',
      lastUsedAt: null,
      revokedAt: null,
    });
    await asked('settings', given.tokens.read);
    expect((await there.ok<PanelHosts>('getPanelHosts')).salesforce.find(({ id }) => id === given.id)!.lastUsedAt).not.toBeNull();
    await there.ok('takePanelAccessBack', { params: { id: made.id } });
  });

  test('is of its contract: another one neither lists it nor takes it back, and its panel sees that contract alone', async () => {
    expect((await server.ok<PanelHosts>('getPanelHosts')).salesforce).toEqual([]);
    expect(await server.refused('takePanelAccessBack', { params: { id: given.id } })).toMatchObject({ status: 404 });
    await server.ok('changeSettings', { body: { idpName: 'Entra' } });
    await there.ok('changeSettings', { body: { idpName: 'Okta' } });
    const home = await give(server, org);
    expect((await asked('settings', given.tokens.read)).body!.idpName).toBe('Okta');
    expect((await asked('settings', home.tokens.read)).body!.idpName).toBe('Entra');
  });

  test('to an archived contract reads on, and changes nothing', async () => {
    const { id } = await server.ok<Contract>('createContract', { body: { name: 'LATAM' } });
    const { tokens } = await give(clientOf(server.url, server.cookie, id), org);
    await server.ok('changeContract', { params: { id }, body: { archived: true } });
    expect((await asked('settings', tokens.act)).status).toBe(200);
    expect(told(await asked('plans', tokens.act, { method: 'POST', body: { all: true }, headers: key() }))).toMatchObject({
      status: 409,
      kind: 'refused',
      title: 'The contract LATAM is archived.',
    });
  });

  test('is not given to what is no org', async () => {
    for (const orgId of ['acme', user, `${org}x`, `${org.slice(0, 15)}AAA`])
      expect(await there.refused('givePanelAccess', { body: { orgId } })).toMatchObject({
        status: 422,
        detail: expect.stringContaining('Company Information'),
      });
  });

  test('comes with a warning where the contract reads another org, and without where it reads this one', async () => {
    const salesforce = await startSalesforceSimulator({ state: stateOf(people(1)), smallestPage: 1 });
    const settings = { baseUrl: salesforce.url, auth: { grant: 'client_credentials', ...app } };
    const { id } = await server.ok<{ id: string }>('createConnection', { body: { name: 'production', type: 'salesforce', settings } });
    await server.ok('checkConnection', { params: { id } });
    expect((await give(server, org)).warning).toMatch(
      new RegExp(`^The connection production reads another Salesforce org, ${pinnedOrg}\\.`, 'u'),
    );
    expect((await give(server, pinnedOrg)).warning).toBeNull();
    await salesforce.close();
  });
});

describe('acting in the panel', () => {
  test('makes and approves a plan once however often it is asked, under the name that the org says, with the id in the audit log', async () => {
    await there.ok('changeSettings', { body: old });
    expect((await there.compare(licensesCsv(theirs), crmCsv(theirs), { adminCenterCount: 24 })).state).toBe('done');
    const cause = (await there.ok<Overview>('getOverview')).rootCauses[0]!;
    const once = { method: 'POST', body: { rootCause: cause.id }, headers: key() };
    const made = await asked('plans', given.tokens.act, once);
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    expect((await asked('plans', given.tokens.act, once)).body).toEqual(made.body);
    // The same person, org, address and body, by the access to another contract: another request.
    const home = await give(server, org);
    expect(told(await asked('plans', home.tokens.act, once))).toMatchObject({ status: 422, kind: 'refused' });
    const { id, seal } = await there.ok<Plan>('getPlan', { params: { id: made.body!.id } });

    const override = { codes: ['limit'], reason: 'hurry', until: '2099-01-01' };
    expect(
      told(await asked(`plans/${id}/approve`, given.tokens.act, { method: 'POST', headers: key(), body: { seal, override } })),
    ).toMatchObject({ status: 403, kind: 'no-rights' });
    const stale = await asked(`plans/${id}/approve`, given.tokens.act, { method: 'POST', headers: key(), body: { seal: '0'.repeat(64) } });
    expect(told(stale)).toEqual({
      status: 409,
      kind: 'refused',
      title: 'The plan was changed after you opened it.',
      detail: 'Look at it again, then approve what you see.',
    });
    const approved = await asked(`plans/${id}/approve`, given.tokens.act, { method: 'POST', headers: key(), body: { seal } });
    expect(approved.status, JSON.stringify(approved.body)).toBe(200);
    expect(approved.body!.approvedBy).toBe('Ann Łukasz (Salesforce)');

    const { rows } = await pool.query("select actor, subject, detail from audit where action = 'asked through a panel' order by audit_id");
    const detail = { host: 'salesforce', origin: org, user };
    expect(rows.slice(-4)).toEqual([
      { actor: 'Ann Łukasz (Salesforce)', subject: 'createPlan', detail: { ...detail, endpoint: 'createPlan' } },
      ...Array(3).fill({ actor: 'Ann Łukasz (Salesforce)', subject: id, detail: { ...detail, endpoint: 'approvePlan' } }),
    ]);
  });
});

test('a token is in no row, no log line and no answer but the one that gave it', async () => {
  const secrets = Object.values(given.tokens);
  const owner = new pg.Pool({ connectionString: server.database.url });
  const tables = await owner.query<{ schema: string; name: string }>(
    "select schemaname as schema, tablename as name from pg_tables where schemaname in ('public', 'pgboss')",
  );
  expect(tables.rows.length).toBeGreaterThan(20);
  for (const { schema, name } of tables.rows) {
    const { rows } = await owner.query<{ row: string }>(`select t::text as row from ${schema}.${name} t`);
    expect(
      rows.filter(({ row }) => secrets.some((secret) => row.includes(secret))),
      name,
    ).toEqual([]);
  }
  await owner.end();
  expect(seen.length).toBeGreaterThan(100);
  const shown = [...seen, JSON.stringify(await there.ok('getPanelHosts'))];
  expect(shown.filter((text) => secrets.some((secret) => text.includes(secret)))).toEqual([]);
  expect(takesIdempotencyKey(endpoints.givePanelAccess)).toBe(false);
});
