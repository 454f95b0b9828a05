import { afterEach, describe, expect, it, vi } from 'vitest';
import type { UserRecord } from '../../../connectors/connector.ts';
import { rateLimiter } from '../../../connectors/rate-limit.ts';
import { type ZohoOptions, zohoConnector } from '../../../connectors/zoho/connector.ts';
import { startZohoSimulator, type ZohoSimulator, type ZohoSimulatorOptions, type ZohoUser } from '../../../connectors/zoho/simulator.ts';
import { crmConnectorContract } from '../contract.ts';

const emailOf = (person: number): string => `person${person}@acme.example`;

const userOf = (person: number): ZohoUser => ({
  id: String(4_150_868_000_000_225_000n + BigInt(person)),
  email: emailOf(person),
  first_name: 'Pat',
  last_name: `Person ${person}`,
  status: 'active',
  confirm: true,
  role: { id: '1', name: 'Sales' },
  profile: { id: '2', name: 'Standard' },
  Reporting_To: null,
  created_time: '2026-11-01T09:00:00+05:30',
  Modified_Time: '2026-11-01T09:00:00+05:30',
});

const auth = { clientId: '1000.CLIENT', clientSecret: 'very-secret', refreshToken: '1000.refresh-1' };

const stateOf = (users: readonly ZohoUser[]) => ({
  org: { zgid: '655906806', company_name: 'Acme' },
  app: { clientId: auth.clientId, clientSecret: auth.clientSecret },
  users,
  refreshTokens: [auth.refreshToken],
});

const connect = (simulator: ZohoSimulator, options: Partial<ZohoOptions> = {}) =>
  zohoConnector({ name: 'acme-zoho', dataCenter: 'eu', accountsUrl: simulator.url, apiUrl: simulator.url, auth, ...options });

crmConnectorContract({
  name: 'Zoho CRM',
  pageRequest: 'users',
  emailOf,
  secrets: [auth.clientSecret, auth.refreshToken, '1000.access-1'],
  async start(people, options = {}) {
    const simulator = await startZohoSimulator({
      state: stateOf(Array.from({ length: people }, (_, person) => userOf(person))),
      ...options,
    });
    // The contract counts requests one after the other; several at once have their own tests below.
    return { simulator, connect: (given) => connect(simulator, { tokenEveryMs: 0, pagesAtOnce: 1, ...given }) };
  },
  wrong: {
    repeatedCursor: { kind: 'quirk', quirk: 'repeated-page' },
    shortPage: { kind: 'quirk', quirk: 'short-page' },
    shrunkenTotal: { kind: 'quirk', quirk: 'shrunken-total', on: 'count', after: 0 },
    leftOutOnce: null,
    errorInside: { kind: 'quirk', quirk: 'error-in-200' },
    foreignNextPage: null,
    tooMany: { kind: 'status', status: 429, body: '{"code":"TOO_MANY_REQUESTS","details":{},"message":"wait","status":"error"}' },
  },
});

describe('Zoho CRM', () => {
  const running: ZohoSimulator[] = [];
  afterEach(async () => {
    for (const simulator of running.splice(0)) await simulator.close();
  });
  async function start(users: readonly ZohoUser[], options: Partial<ZohoSimulatorOptions> = {}): Promise<ZohoSimulator> {
    const simulator = await startZohoSimulator({ state: stateOf(users), ...options });
    running.push(simulator);
    return simulator;
  }
  async function usersOf(simulator: ZohoSimulator, options: Partial<ZohoOptions> = {}): Promise<readonly UserRecord[]> {
    const users: UserRecord[] = [];
    await connect(simulator, options).listUsers({ begin() {}, rows() {}, records: (page) => users.push(...page) });
    return users;
  }

  it('keeps ids of 19 digits, which are more than a number holds', async () => {
    const simulator = await start([{ ...userOf(0), id: '9223372036854775807' }]);
    expect(await usersOf(simulator)).toMatchObject([{ id: '9223372036854775807' }]);
  });

  it('tells unconfirmed and deactivated users apart, and leaves out deleted ones', async () => {
    const simulator = await start([
      { ...userOf(0), confirm: false },
      { ...userOf(1), status: 'inactive' },
      { ...userOf(2), status: 'deleted' },
    ]);
    expect(await usersOf(simulator)).toMatchObject([
      { email: emailOf(0), active: 'true', confirmed: 'false' },
      { email: emailOf(1), active: 'false', confirmed: 'true' },
    ]);
  });

  it('sends its token as Zoho-oauthtoken and never as Bearer, which Zoho refuses', async () => {
    const simulator = await start([userOf(0)]);
    await usersOf(simulator);
    const sent = simulator.received.filter(({ url }) => url.pathname.startsWith('/crm/')).map(({ headers }) => headers.authorization);
    expect(new Set(sent)).toEqual(new Set(['Zoho-oauthtoken 1000.access-1']));
  });

  it('reads fields in Zoho’s own mixed capitalisation: Reporting_To and Modified_Time beside created_time, and a status in any letter case', async () => {
    const simulator = await start([
      { ...userOf(0), Reporting_To: { id: '9', name: 'Bo Boss' }, status: 'Active' as 'active' },
      { ...userOf(1), status: 'INACTIVE' as 'inactive' },
    ]);
    expect(await usersOf(simulator)).toMatchObject([
      { manager: 'Bo Boss', active: 'true', createdAt: '2026-11-01T09:00:00+05:30' },
      { active: 'false' },
    ]);
  });

  it('is refused with another app’s secret, which a refresh token does not open', async () => {
    const simulator = await start([userOf(0)]);
    await expect(usersOf(simulator, { auth: { ...auth, clientSecret: 'wrong' } })).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('never writes: Zoho refuses the email of a confirmed user with 200, in two spellings, and takes an unconfirmed one’s', async () => {
    const simulator = await start([userOf(0), { ...userOf(1), confirm: false }]);
    await usersOf(simulator);
    expect(new Set(simulator.requests)).toEqual(new Set(['token', 'count', 'users']));
    const put = async (person: number) => {
      const answer = await fetch(`${simulator.url}/crm/v8/users/${userOf(person).id}`, {
        method: 'PUT',
        headers: { authorization: 'Zoho-oauthtoken 1000.access-1' },
        body: JSON.stringify({ users: [{ email: 'new@acme.example' }] }),
      });
      return [
        answer.status,
        ((await answer.json()) as { users: { code: string; status: string }[] }).users.map(({ code, status }) => [code, status]),
      ];
    };
    expect(await put(0)).toEqual([200, [['EMAIL_UPDATE_NOT_ALLOWED', 'error']]]);
    simulator.fault({ kind: 'quirk', quirk: 'misspelled', on: 'update' });
    expect(await put(0)).toEqual([200, [['EMAIL_UPDATE_NOT_ALOWED', 'error']]]);
    expect(await put(1)).toEqual([200, [['SUCCESS', 'success']]]);
    expect((await usersOf(simulator)).map(({ email }) => email)).toEqual([emailOf(0), 'new@acme.example']);
  });

  it('takes a 200 with an error from the accounts server for a refused refresh token', async () => {
    const simulator = await start([userOf(0)]);
    simulator.state.refreshTokens = [];
    await expect(usersOf(simulator)).rejects.toMatchObject({ code: 'unauthorized', request: 'access token' });
  });

  it('asks for one access token in two minutes at most: the eleventh in ten minutes would lock it out', async () => {
    const simulator = await start([userOf(0)], { requestsPerToken: 0 });
    const connector = connect(simulator);
    for (let turn = 0; turn < 12; turn++)
      await expect(connector.listUsers({ begin() {}, rows() {}, records() {} })).rejects.toMatchObject({ code: 'unauthorized' });
    expect(simulator.requests.filter((kind) => kind === 'token')).toHaveLength(1);
  });

  it('asks for one access token however many calls find none', async () => {
    const simulator = await start([userOf(0)]);
    const connector = connect(simulator);
    await Promise.all(Array.from({ length: 5 }, () => connector.origin()));
    expect(simulator.requests.filter((kind) => kind === 'token')).toHaveLength(1);
  });

  it('sends no token to an API host that is not Zoho’s, whoever names it', async () => {
    const simulator = await start([userOf(0)], { apiDomain: 'https://zohoapis.com.evil.example' });
    const { apiUrl: _, ...options } = { name: 'acme-zoho', dataCenter: 'eu' as const, accountsUrl: simulator.url, apiUrl: '', auth };
    await expect(zohoConnector(options).origin()).rejects.toMatchObject({ code: 'invalid-response', request: 'access token' });
    expect(simulator.requests).toEqual(['token']);
  });

  it('reads nobody where another organisation answers, and says whose answered and which was expected', async () => {
    const simulator = await start([userOf(0)]);
    const zgid = simulator.state.org.zgid;
    const sentence = `The organisation ${zgid} of {vendor} answers, and this connection is for 1. Sign in to the right one, or correct the connection.`;
    await expect(usersOf(simulator, { orgId: '1' })).rejects.toMatchObject({ code: 'unauthorized', sentence });
    expect(simulator.requests).not.toContain('users');
    expect(await connect(simulator, { orgId: '1' }).check()).toContainEqual({
      what: 'origin',
      verdict: 'bad',
      sentence: sentence.replace('{vendor}', 'Zoho'),
    });
    expect(await usersOf(simulator, { orgId: zgid })).toHaveLength(1);
  });

  it('lists only what changed, and takes 304 for nothing', async () => {
    const simulator = await start([userOf(0), { ...userOf(1), Modified_Time: '2026-11-20T09:00:00+00:00' }]);
    const changed = async (changedSince: string) => {
      const users: UserRecord[] = [];
      const sink = { begin() {}, rows() {}, records: (page: readonly UserRecord[]) => users.push(...page) };
      const proof = await connect(simulator).listUsers(sink, { changedSince });
      return { users, proof };
    };
    expect(await changed('2026-11-10T00:00:00Z')).toMatchObject({
      users: [{ email: emailOf(1) }],
      proof: { expected: null, changedSince: '2026-11-09T23:50:00.000Z' },
    });
    expect(await changed('2026-11-20T09:09:59Z'), 'ten minutes overlap').toMatchObject({ users: [{ email: emailOf(1) }] });
    expect(await changed('2026-11-21T00:00:00Z')).toMatchObject({ users: [], proof: { received: 0 } });
  });

  it('does not take a list for whole from which somebody was deleted between two pages: the next page has skipped one', async () => {
    const simulator = await start([0, 1, 2, 3, 4, 5, 6].map(userOf));
    simulator.fault({ kind: 'quirk', quirk: 'deleted-before', on: 'users', after: 1 });
    await expect(usersOf(simulator, { pageSize: 3 })).rejects.toMatchObject({ code: 'invalid-response' });
  });

  it('does not take 204 for the end of a list that had more behind it, nor of a list of changes', async () => {
    const simulator = await start([0, 1, 2, 3, 4, 5, 6].map(userOf));
    const sink = { begin() {}, rows() {}, records() {} };
    for (const options of [{}, { changedSince: '2026-10-01T00:00:00Z' }]) {
      simulator.fault({ kind: 'quirk', quirk: 'empty-page', on: 'users', after: 1 });
      await expect(connect(simulator, { pageSize: 3 }).listUsers(sink, options)).rejects.toMatchObject({ code: 'invalid-response' });
    }
  });

  describe('reads five pages at once, the limit of concurrent requests in the smallest edition', () => {
    const many = Array.from({ length: 95 }, (_, person) => userOf(person));
    const list = async (simulator: ZohoSimulator, options: Partial<ZohoOptions> = {}, signal?: AbortSignal) => {
      const users: UserRecord[] = [];
      const sink = { begin() {}, rows() {}, records: (page: readonly UserRecord[]) => users.push(...page) };
      const connector = connect(simulator, { pageSize: 5, retries: { firstMs: 1, maxMs: 20 }, ...options });
      return { users, proof: await connector.listUsers(sink, signal ? { signal } : {}) };
    };

    it('never a sixth, and hands them over in order, each once', async () => {
      const simulator = await start(many, { concurrent: 5, latencyMs: 5 });
      const { users, proof } = await list(simulator, { retries: { attempts: 1 } });
      expect(users.map(({ email }) => email)).toEqual(many.map(({ email }) => email));
      expect(proof).toMatchObject({ received: 95, expected: 95, pages: 19 });
      expect(
        simulator.requests.filter((kind) => kind === 'users'),
        'each page is asked for once',
      ).toHaveLength(19);
    });

    it('would be refused by Zoho with a sixth', async () => {
      const simulator = await start(many, { concurrent: 5, latencyMs: 5 });
      const limiter = rateLimiter({ concurrent: 6 });
      const six = list(simulator, { pagesAtOnce: 6, retries: { attempts: 1 }, limiter, longestWaitSeconds: 0 });
      await expect(six).rejects.toMatchObject({ code: 'rate-limited' });
    });

    it('twice at once waits for those that Zoho refuses, and loses nobody: each opening counts its own alone', async () => {
      const few = many.slice(0, 15);
      const simulator = await start(few, { concurrent: 5, latencyMs: 50 });
      for (const { users } of await Promise.all([list(simulator), list(simulator)]))
        expect(users.map(({ email }) => email)).toEqual(few.map(({ email }) => email));
      expect(simulator.requests.filter((kind) => kind === 'users').length, 'some were asked for again').toBeGreaterThan(6);
    });

    it.each(['repeated-page', 'short-page', 'empty-page', 'deleted-before', 'error-in-200'])(
      'and notices %s on any of them',
      async (quirk) => {
        for (const after of [1, 7, 18]) {
          const simulator = await start(many);
          simulator.fault({ kind: 'quirk', quirk, on: 'users', after, times: quirk === 'error-in-200' ? 1_000 : 1 });
          await expect(list(simulator), `after ${after} pages`).rejects.toMatchObject({ code: 'invalid-response' });
        }
      },
    );

    it('goes on over a fault that passes, and after an access that ends in the middle', async () => {
      const simulator = await start(many, { requestsPerToken: 8 });
      simulator.fault({ kind: 'status', status: 503, on: 'users', after: 3, times: 2 });
      expect((await list(simulator, { tokenEveryMs: 0 })).proof.received).toBe(95);
    });

    it('leaves the others when one fails for good', async () => {
      const simulator = await start(many);
      simulator.fault({ kind: 'status', status: 403, on: 'users' });
      simulator.fault({ kind: 'hang', on: 'users', times: 100 });
      await expect(list(simulator)).rejects.toMatchObject({ code: 'forbidden' });
    });

    it('leaves all of them when nobody waits any more', async () => {
      const simulator = await start(many);
      const asked = new AbortController();
      simulator.fault({ kind: 'hang', on: 'users', times: 5 });
      const listing = list(simulator, {}, asked.signal);
      const ended = expect(listing).rejects.toThrow('enough');
      await vi.waitUntil(() => simulator.requests.filter((kind) => kind === 'users').length === 5);
      asked.abort(new Error('enough'));
      await ended;
    });
  });

  it('says which scope is missing', async () => {
    const simulator = await start([userOf(0)]);
    const body = '{"code":"OAUTH_SCOPE_MISMATCH","details":{},"message":"no","status":"error"}';
    simulator.fault({ kind: 'status', status: 401, body, on: 'org' });
    expect(await connect(simulator).check()).toContainEqual({
      what: 'origin',
      verdict: 'bad',
      sentence: 'The access does not cover the organisation. Connect Zoho again with the scope ZohoCRM.org.READ.',
    });
  });
});
