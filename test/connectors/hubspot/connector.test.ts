import { Client } from '@hubspot/api-client';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ListUsersOptions, UserRecord } from '../../../connectors/connector.ts';
import { type HubSpotOptions, hubSpotConnector } from '../../../connectors/hubspot/connector.ts';
import {
  type HubSpotOwner,
  type HubSpotPortal,
  type HubSpotSimulator,
  type HubSpotSimulatorOptions,
  type HubSpotState,
  type HubSpotUser,
  startHubSpotSimulator,
} from '../../../connectors/hubspot/simulator.ts';
import type { RefreshTokenKeeper } from '../../../connectors/keep-refresh-token.ts';
import { rateLimiter } from '../../../connectors/rate-limit.ts';
import { crmConnectorContract } from '../contract.ts';

const emailOf = (person: number): string => `person${person}@acme.example`;

const userOf = (person: number): HubSpotUser => ({
  id: String(90_000_000 + person),
  email: emailOf(person),
  firstName: 'Pat',
  lastName: `Person ${person}`,
  superAdmin: false,
  objectId: String(1_000 + person),
  seatNames: ['Sales Hub Professional'],
});

/** Of somebody who was deactivated. */
const archivedOwner = (person: number): HubSpotOwner => ({
  // Its id is another person's user id.
  id: String(90_000_000 + person + 1),
  type: 'PERSON',
  archived: true,
  email: emailOf(person),
  firstName: 'Pat',
  lastName: `Person ${person}`,
  userId: null,
  userIdIncludingInactive: 90_000_000 + person,
});

const app = { clientId: 'app-client', clientSecret: 'app-secret', redirectUris: ['https://seatmatch.example/callback'] };
const privateAppToken = 'pat-na1-secret';
const firstToken = 'na1-refresh-0';
/** Keeps the newest, once `store` has. */
function keeper(store: (token: string) => Promise<void> = async () => {}): RefreshTokenKeeper {
  let newest = firstToken;
  return {
    read: () => newest,
    async write(token) {
      await store(token);
      newest = token;
    },
  };
}
const secretsOf = { clientId: app.clientId, clientSecret: app.clientSecret };
/** As an app that was just connected: the file has the first refresh token. */
const oauth = {
  ...secretsOf,
  get refreshToken() {
    return keeper();
  },
};

const portalOf = (users: readonly HubSpotUser[], given: Partial<HubSpotPortal> = {}): HubSpotPortal => ({
  portalId: 424_242,
  accountType: 'STANDARD',
  uiDomain: 'app.hubspot.com',
  users,
  owners: [],
  scopes: ['oauth', 'crm.objects.users.read', 'crm.objects.owners.read'],
  privateAppToken,
  refreshTokens: [firstToken],
  limit: null,
  daily: null,
  ...given,
});

const stateOf = (...portals: HubSpotPortal[]): HubSpotState => ({ app, portals, hasOauthV1: false, tellsHubId: true });

const connect = (simulator: HubSpotSimulator, options: Partial<HubSpotOptions> = {}) =>
  hubSpotConnector({ name: 'acme-hubspot', baseUrl: simulator.url, auth: { token: privateAppToken }, ...options });

/** As fast as one likes. */
const free = () => rateLimiter({});

crmConnectorContract({
  name: 'HubSpot',
  pageRequest: 'users',
  emailOf,
  secrets: [app.clientSecret, firstToken, 'CJ-access-2', privateAppToken],
  async start(people, options = {}) {
    const users = Array.from({ length: people }, (_, person) => userOf(person));
    const simulator = await startHubSpotSimulator({ state: stateOf(portalOf(users)), ...options });
    return { simulator, connect: (given) => connect(simulator, { auth: oauth, limiter: free(), ...given }) };
  },
  wrong: {
    repeatedCursor: { kind: 'quirk', quirk: 'repeated-cursor' },
    // No totals.
    shortPage: null,
    shrunkenTotal: null,
    leftOutOnce: { does: { kind: 'quirk', quirk: 'missing-person' }, people: 8, pageSize: 3 },
    errorInside: { kind: 'quirk', quirk: 'error-in-200' },
    foreignNextPage: null,
    tooMany: { kind: 'status', status: 429, body: '{"status":"error","message":"wait","errorType":"RATE_LIMIT","policyName":"SECONDLY"}' },
  },
});

describe('HubSpot', () => {
  const running: HubSpotSimulator[] = [];
  afterEach(async () => {
    vi.restoreAllMocks();
    for (const simulator of running.splice(0)) await simulator.close();
  });
  async function start(portal: HubSpotPortal, options: Partial<HubSpotSimulatorOptions> = {}): Promise<HubSpotSimulator> {
    const simulator = await startHubSpotSimulator({ state: stateOf(portal), ...options });
    running.push(simulator);
    return simulator;
  }
  async function list(simulator: HubSpotSimulator, options: Partial<HubSpotOptions> = {}, ask: ListUsersOptions = {}) {
    const users: UserRecord[] = [];
    const proof = await connect(simulator, options).listUsers({ begin() {}, rows() {}, records: (page) => users.push(...page) }, ask);
    return { users, proof };
  }
  const people = (count: number): HubSpotUser[] => Array.from({ length: count }, (_, person) => userOf(person));
  const asked = (simulator: HubSpotSimulator): string[] =>
    simulator.received.map(({ method, url }) => `${method} ${url.pathname}${url.search}`);

  it('asks at dated paths without a slash at the end, though the SDK knows none', async () => {
    const simulator = await start(portalOf(people(3)));
    await list(simulator, { pageSize: 2 });
    expect(asked(simulator)).toEqual([
      'GET /crm/owners/2026-03?limit=500&archived=true',
      'GET /settings/users/2026-03?limit=2',
      'GET /settings/users/2026-03?limit=2&after=Mg%3D%3D',
      'GET /crm/owners/2026-03?limit=500&archived=true',
    ]);
  });

  it('stands under the path of a proxy, with or without a slash at the end', async () => {
    const simulator = await start(portalOf(people(1)));
    for (const baseUrl of [`${simulator.url}/hubspot`, `${simulator.url}/hubspot/`])
      await expect(list(simulator, { baseUrl })).rejects.toMatchObject({ code: 'not-found' });
    expect((await list(simulator, { baseUrl: `${simulator.url}/` })).users).toHaveLength(1);
  });

  it('asks for no more users a page than the 100 that HubSpot gives', async () => {
    const simulator = await start(portalOf(people(101)));
    expect((await list(simulator, { pageSize: 1_000 })).users).toHaveLength(101);
    expect(asked(simulator)).toContain('GET /settings/users/2026-03?limit=100');
  });

  it('tells who was deactivated by the archived owners: users carry no such mark', async () => {
    const simulator = await start(portalOf(people(3), { owners: [archivedOwner(1), archivedOwner(7)] }));
    const { users, proof } = await list(simulator);
    expect(users.map(({ id, email, active }) => [id, email, active])).toEqual([
      ['90000000', emailOf(0), 'true'],
      ['90000001', emailOf(1), 'false'],
      ['90000002', emailOf(2), 'true'],
      ['90000007', emailOf(7), 'false'],
    ]);
    expect(proof).toMatchObject({ received: 4, rejected: 0 });
  });

  it('joins on the user’s id, a number here and text there, never on the owner’s or the object’s', async () => {
    // The owner's own id is the user id of person 1, who is active.
    const simulator = await start(portalOf(people(2), { owners: [archivedOwner(0)] }));
    expect((await list(simulator)).users).toMatchObject([
      { id: '90000000', active: 'false' },
      { id: '90000001', active: 'true' },
    ]);
  });

  it('leaves somebody active whose owner is archived and whose user is not', async () => {
    const simulator = await start(portalOf(people(1), { owners: [{ ...archivedOwner(0), userId: 90_000_000 }] }));
    expect((await list(simulator)).users).toMatchObject([{ active: 'true' }]);
  });

  it('finds who was deactivated while the users were read', async () => {
    const simulator = await start(portalOf(people(4)));
    const [portal] = simulator.state.portals;
    const users: UserRecord[] = [];
    const proof = await connect(simulator, { pageSize: 1 }).listUsers({
      begin() {},
      rows() {},
      // The next page is under way by then, the one after it is not.
      records(page) {
        users.push(...page);
        portal!.users = people(3);
        portal!.owners = [archivedOwner(3)];
      },
    });
    expect(users).toMatchObject([{ active: 'true' }, { active: 'true' }, { active: 'true' }, { id: '90000003', active: 'false' }]);
    expect(proof.received).toBe(4);
  });

  it('hands over nobody twice who has two archived owners', async () => {
    const simulator = await start(portalOf([], { owners: [archivedOwner(0), { ...archivedOwner(0), id: '5' }] }));
    expect((await list(simulator)).users).toHaveLength(1);
  });

  it('leaves out owners that are queues, and counts them', async () => {
    const queue = { ...archivedOwner(0), id: '6', type: 'QUEUE', userIdIncludingInactive: null } as const;
    const { email: _, ...withoutEmail } = queue;
    const simulator = await start(portalOf(people(1), { owners: [withoutEmail] }));
    const told: string[] = [];
    const { users, proof } = await list(simulator, {}, { onLeftOut: (_record, kind) => told.push(kind) });
    expect(users).toMatchObject([{ active: 'true' }]);
    expect(proof).toMatchObject({ received: 1, rejected: 0, leftOut: { queue: 1 } });
    expect(told).toEqual(['queue']);
  });

  it('counts an archived owner whose user is gone as one that cannot be used: its own id is no user’s', async () => {
    const simulator = await start(portalOf(people(1), { owners: [{ ...archivedOwner(0), userIdIncludingInactive: null }] }));
    expect(await list(simulator)).toMatchObject({ users: [{ active: 'true' }], proof: { received: 1, rejected: 1 } });
  });

  it('hands over emails as they are written: mixed case, plus-addresses, two users with one', async () => {
    const emails = ['Pat.Person@Acme.example', 'pat+sales@acme.example', 'pat+sales@acme.example'];
    const simulator = await start(portalOf(emails.map((email, person) => ({ ...userOf(person), email }))));
    expect((await list(simulator)).users.map(({ email }) => email)).toEqual(emails);
  });

  it('marks super admins, and is not misled by fields that it does not know', async () => {
    const simulator = await start(portalOf([{ ...userOf(0), superAdmin: true }, userOf(1)]));
    const { users } = await list(simulator);
    expect(users[0]).toEqual({ ...users[0], profile: 'Super Admin' });
    expect(users[1]).not.toHaveProperty('profile');
    expect(users[1]).not.toHaveProperty('seatNames');
  });

  it('stops at a cursor that comes again among the owners too, however long HubSpot would go on', async () => {
    const owners = Array.from({ length: 5 }, (_, person) => ({ ...archivedOwner(person), id: String(person) }));
    const simulator = await start(portalOf(people(1), { owners }));
    simulator.fault({ kind: 'quirk', quirk: 'repeated-cursor', on: 'owners', times: 100 });
    await expect(list(simulator, { ownersPageSize: 2 })).rejects.toMatchObject({ code: 'invalid-response', request: 'owners' });
    expect(simulator.requests.length).toBeLessThan(5);
  });

  it('stops at an empty cursor, which is none', async () => {
    const simulator = await start(portalOf(people(3)));
    simulator.fault({ kind: 'quirk', quirk: 'empty-cursor', times: 100 });
    expect((await list(simulator, { pageSize: 2 })).users).toHaveLength(3);
  });

  it.each(['users', 'owners'] as const)('does not take a next page without a cursor for the end of the %s', async (kind) => {
    const simulator = await start(portalOf(people(5), { owners: [archivedOwner(10), archivedOwner(11), archivedOwner(12)] }));
    simulator.fault({ kind: 'quirk', quirk: 'no-cursor', on: kind, times: 100 });
    await expect(list(simulator, { pageSize: 2, ownersPageSize: 2 })).rejects.toMatchObject({
      code: 'invalid-response',
      sentence: `HubSpot says that more ${kind} follow and not where, so the list cannot be read to its end. Try again; if it happens again, tell HubSpot.`,
    });
  });

  it('sends nothing but GET beside the token: an archive would remove a user from the portal', async () => {
    const simulator = await start(portalOf(people(3), { owners: [archivedOwner(1)] }));
    const connector = connect(simulator, { auth: oauth });
    await connector.listUsers({ begin() {}, rows() {}, records() {} });
    await connector.check();
    const others = simulator.received.filter(({ method }) => method !== 'GET');
    expect(others.map(({ url }) => url.pathname)).toEqual(['/oauth/2026-03/token']);
  });

  it('writes no parameter that has no value: the SDK’s apiRequest would send after=undefined', async () => {
    const simulator = await start(portalOf(people(3)));
    await connect(simulator, { pageSize: 2 }).listUsers({ begin() {}, rows() {}, records() {} });
    const asked = simulator.received.map(({ url }) => url.search);
    expect(asked.filter((search) => search.includes('undefined') || search.includes('null'))).toEqual([]);
    expect(
      asked.filter((search) => search.includes('after=')),
      'the second page alone has a cursor',
    ).toHaveLength(1);
  });

  it('refuses to list only what changed, which HubSpot cannot', async () => {
    const simulator = await start(portalOf(people(1)));
    await expect(list(simulator, {}, { changedSince: '2026-11-01T00:00:00Z' })).rejects.toMatchObject({
      code: 'not-supported',
      sentence: '{vendor} cannot be asked for what changed since a time. Leave that out and read everybody.',
    });
    expect(simulator.requests).toEqual([]);
  });

  it('lets no token reach the SDK, nor the SDK’s own retries and terminal output', async () => {
    const simulator = await start(portalOf(people(1)));
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    // Another part of the process sets the SDK up otherwise: its limiter and retries are shared by all of its clients.
    new Client({ accessToken: 'x', numberOfApiCallRetries: 6, limiterOptions: { maxConcurrent: 1 } });
    simulator.fault({ kind: 'status', status: 500, on: 'users', times: 10 });
    await expect(list(simulator, { retries: { attempts: 2, firstMs: 1 } })).rejects.toMatchObject({ code: 'unavailable' });
    expect(simulator.requests.filter((kind) => kind === 'users')).toHaveLength(2);
    expect(said).not.toHaveBeenCalled();
  });

  describe('who uses a panel in it', () => {
    it('is read by the number that HubSpot signs, with whether they are a super admin', async () => {
      const simulator = await start(portalOf([userOf(1), { ...userOf(2), superAdmin: true, lastName: null }]));
      const { panel } = connect(simulator);
      expect(await panel!.findUser('90000001')).toEqual({ email: emailOf(1), name: 'Pat Person 1', isAdmin: false });
      expect(await panel!.findUser('90000002')).toEqual({ email: emailOf(2), name: 'Pat', isAdmin: true });
      expect(await panel!.findUser('1/../90000001')).toBeNull();
      expect(asked(simulator)[0]).toBe('GET /settings/users/2026-03/90000001?idProperty=USER_ID');
    });

    it('is found behind an owner, archived ones among them; a queue is nobody', async () => {
      const active = { ...archivedOwner(1), id: '5', archived: false, userId: 90_000_001 };
      const queue = { ...active, id: '6', type: 'QUEUE' as const, userId: null, userIdIncludingInactive: null };
      const { panel } = connect(await start(portalOf(people(2), { owners: [active, queue, archivedOwner(7)] })));
      expect(await Promise.all(['5', '6', '90000008', '404'].map((id) => panel!.userOfOwner(id)))).toEqual([
        '90000001',
        null,
        '90000007',
        null,
      ]);
    });

    it('is asked of no other portal than the pinned one', async () => {
      const { panel } = connect(await start(portalOf(people(1))), { portalId: '1' });
      await expect(panel!.findUser('90000000')).rejects.toMatchObject({ code: 'unauthorized', request: 'portal' });
    });
  });

  describe('access', () => {
    it('sends everything that OAuth needs in the body, to the dated endpoint: the address stands in logs', async () => {
      const simulator = await start(portalOf(people(1)));
      await list(simulator, { auth: oauth });
      const [token] = simulator.received;
      expect(`${token?.url.pathname}${token?.url.search}`).toBe('/oauth/2026-03/token');
      expect(Object.fromEntries(new URLSearchParams(token?.body.toString()))).toEqual({
        grant_type: 'refresh_token',
        client_id: app.clientId,
        client_secret: app.clientSecret,
        refresh_token: firstToken,
      });
    });

    it('does without /oauth/v1, which ends in 2027 and is all that the SDK knows', async () => {
      const simulator = await start(portalOf(people(1)));
      expect((await fetch(`${simulator.url}/oauth/v1/token`, { method: 'POST' })).status).toBe(404);
      expect((await list(simulator, { auth: oauth })).users).toHaveLength(1);
    });

    it('stores a rotated refresh token before the first request with the new access', async () => {
      const simulator = await start(portalOf(people(1)));
      const stored: string[] = [];
      let release = (): void => {};
      const storeRefreshToken = (token: string): Promise<void> =>
        new Promise((resolve) => {
          stored.push(token);
          release = resolve;
        });
      const listing = list(simulator, { auth: { ...secretsOf, refreshToken: keeper(storeRefreshToken) } });
      await expect.poll(() => stored).toHaveLength(1);
      expect(stored).toEqual(simulator.state.portals[0]?.refreshTokens);
      expect(simulator.requests).toEqual(['token']);
      release();
      expect((await listing).users).toHaveLength(1);
    });

    it('is not sent twice when its answer was lost: nobody says whether HubSpot replaces a refresh token, so it may be worth nothing', async () => {
      const simulator = await start(portalOf(people(1)));
      simulator.fault({ kind: 'cut-body', on: 'token' });
      await expect(list(simulator, { auth: oauth })).rejects.toMatchObject({ code: 'unavailable', mayHaveArrived: true });
      expect(simulator.requests).toEqual(['token']);
    });

    it('keeps a rotated refresh token that could not be stored, and stores it before it asks again', async () => {
      const simulator = await start(portalOf(people(1)));
      const stored: string[] = [];
      const storeRefreshToken = async (token: string): Promise<void> => {
        stored.push(token);
        if (stored.length === 1) throw new Error('The disk is full.');
      };
      const connector = connect(simulator, { auth: { ...secretsOf, refreshToken: keeper(storeRefreshToken) } });
      await expect(connector.origin()).rejects.toThrow('The disk is full.');
      expect(simulator.requests).toEqual(['token']);
      expect(await connector.origin()).toMatchObject({ id: '424242' });
      expect(new Set(stored.slice(0, 2)).size).toBe(1);
      expect(stored.at(-1)).toBe(simulator.state.portals[0]?.refreshTokens[0]);
    });

    it('fetches one token however many find none: a second refresh would spend a token that was replaced', async () => {
      const simulator = await start(portalOf(people(1)));
      const connector = connect(simulator, { auth: oauth });
      await Promise.all(Array.from({ length: 5 }, () => connector.origin()));
      expect(simulator.requests.filter((kind) => kind === 'token')).toHaveLength(1);
    });

    it('goes on with a new token where one ends in mid-listing: the SDK’s own objects would keep the old one', async () => {
      const simulator = await start(portalOf(people(6)), { requestsPerToken: 2 });
      const { users } = await list(simulator, { auth: oauth, pageSize: 2 });
      expect(users).toHaveLength(6);
      // Five requests at two a token.
      expect(simulator.requests.filter((kind) => kind === 'token')).toHaveLength(3);
    });

    it('does not take a 401 alone for a token that has ended', async () => {
      const simulator = await start(portalOf(people(1)));
      simulator.fault({ kind: 'status', status: 401, body: '{"status":"error","category":"INVALID_AUTHENTICATION"}', on: 'users' });
      await expect(list(simulator, { auth: oauth })).rejects.toMatchObject({ code: 'unauthorized' });
      expect(simulator.requests).toEqual(['token', 'owners', 'users']);
    });

    it('takes a refused refresh token for a refusal, in the words of RFC 6749 and in the older ones', async () => {
      const simulator = await start(portalOf(people(1), { refreshTokens: [] }));
      await expect(list(simulator, { auth: oauth })).rejects.toMatchObject({ code: 'unauthorized', request: 'access token' });
      simulator.fault({ kind: 'status', status: 400, body: '{"status":"BAD_REFRESH_TOKEN","message":"missing"}', on: 'token' });
      await expect(list(simulator, { auth: oauth })).rejects.toMatchObject({ code: 'unauthorized', request: 'access token' });
    });

    it('says that it was uninstalled, and in which portal, where the refresh token is no longer known; not where the app is not', async () => {
      const simulator = await start(portalOf(people(1), { refreshTokens: [] }));
      const told = async (options: Partial<HubSpotOptions>) =>
        (await connect(simulator, { auth: oauth, ...options }).check()).find(({ what }) => what === 'origin')?.sentence;
      expect(await told({ lastPortalId: '424242' })).toBe(
        'Seatmatch was uninstalled in HubSpot portal 424242, or its access was ended there; install it again.',
      );
      expect(await told({})).toBe('Seatmatch was uninstalled in HubSpot, or its access was ended there; install it again.');
      const wrong = { clientId: app.clientId, clientSecret: 'wrong', refreshToken: keeper() };
      expect(await told({ auth: wrong })).toBe(
        'HubSpot does not accept the client secret. Copy it again from the app, or make a new one there.',
      );
    });

    it('reads with the token of a private app, and asks for no other', async () => {
      const simulator = await start(portalOf(people(1)));
      expect((await list(simulator)).users).toHaveLength(1);
      expect(simulator.requests).toEqual(['owners', 'users', 'owners']);
    });

    it.each([
      ['users', 'crm.objects.owners.read', 'The access does not cover users. Connect HubSpot again with the scope crm.objects.users.read.'],
      [
        'owners',
        'crm.objects.users.read',
        'The access does not cover owners. Connect HubSpot again with the scope crm.objects.owners.read.',
      ],
    ])('says which scope is missing for %s', async (_, scope, sentence) => {
      const simulator = await start(portalOf(people(1), { scopes: [scope] }));
      expect(await connect(simulator).check()).toContainEqual({ what: 'rights', verdict: 'bad', sentence });
    });
  });

  describe('the portal', () => {
    it.each([
      ['a private app’s token', { token: privateAppToken }, ['account']],
      ['a refresh token', oauth, ['token']],
    ] as const)('is pinned: nothing is read with %s of another one', async (_, auth, requests) => {
      const simulator = await start(portalOf(people(1)));
      await expect(list(simulator, { auth, portalId: '777' })).rejects.toMatchObject({ code: 'unauthorized', request: 'portal' });
      expect(simulator.requests).toEqual(requests);
      expect((await list(simulator, { portalId: '424242' })).users).toHaveLength(1);
    });

    it('is asked for where the token answer does not name it', async () => {
      const simulator = await start(portalOf(people(1)));
      simulator.state.tellsHubId = false;
      await expect(list(simulator, { auth: oauth, portalId: '777' })).rejects.toMatchObject({ request: 'portal' });
      expect(simulator.requests).toEqual(['token', 'account']);
    });

    it('that answers in the place of the pinned one is named in the check', async () => {
      const simulator = await start(portalOf(people(1)));
      expect(await connect(simulator, { portalId: '777' }).check()).toContainEqual({
        what: 'origin',
        verdict: 'bad',
        sentence:
          'The portal 424242 of HubSpot answers, and this connection is for 777. Sign in to the right one, or correct the connection.',
      });
    });

    it.each([
      ['DEVELOPER_TEST', true],
      ['SANDBOX', true],
      ['APP_DEVELOPER', true],
      ['STANDARD', false],
    ] as const)('of the type %s is a test account: %s', async (accountType, isTest) => {
      const simulator = await start(portalOf([], { accountType }));
      expect(await connect(simulator).origin()).toEqual({ id: '424242', name: 'app.hubspot.com', isTest });
    });
  });

  describe('limits', () => {
    const fast = { retries: { firstMs: 1 } } as const;

    it('waits out the rolling window of a 429 that has no Retry-After', async () => {
      const simulator = await start(portalOf(people(5), { limit: { requests: 3, windowMs: 400 } }));
      const { users } = await list(simulator, { ...fast, pageSize: 1, limiter: free() });
      expect(users).toHaveLength(5);
      // Seven requests at three a window; each refused one waits for a whole window.
      expect(simulator.requests.length).toBeLessThanOrEqual(7 + 3);
    });

    it('waits a second where HubSpot says that the second is full', async () => {
      const simulator = await start(portalOf(people(1)));
      simulator.fault({ kind: 'quirk', quirk: 'secondly', on: 'users' });
      const began = performance.now();
      expect((await list(simulator, fast)).users).toHaveLength(1);
      expect(performance.now() - began, 'A lower bound: it may not come back early.').toBeGreaterThanOrEqual(999);
    });

    it('does not ask again on a day that is used up', async () => {
      const simulator = await start(portalOf(people(1), { daily: { limit: 2, used: 0 } }));
      await expect(list(simulator, fast)).rejects.toMatchObject({ code: 'rate-limited', retryAfterMs: 3_600_000 });
      expect(simulator.requests).toEqual(['owners', 'users', 'owners']);
    });

    it('obeys Retry-After before anything that a policy says', async () => {
      const simulator = await start(portalOf(people(1)));
      const body = '{"status":"error","policyName":"DAILY","errorType":"RATE_LIMIT"}';
      simulator.fault({ kind: 'status', status: 429, headers: { 'retry-after': '1' }, body, on: 'users' });
      expect((await list(simulator, fast)).users).toHaveLength(1);
    });

    it('are each portal’s own: two with different limits do not wait for each other', async () => {
      const slow = portalOf(people(4), { limit: { requests: 2, windowMs: 1_500 } });
      const other = portalOf(people(4), { portalId: 5, privateAppToken: 'pat-eu1-other', refreshTokens: [] });
      const simulator = await startHubSpotSimulator({ state: stateOf(slow, other) });
      running.push(simulator);
      const order: string[] = [];
      const limiter = rateLimiter({ rate: { requests: 2, windowMs: 1_500 } });
      await Promise.all([
        list(simulator, { ...fast, pageSize: 1, limiter }).then(() => order.push('slow')),
        list(simulator, { ...fast, pageSize: 1, auth: { token: 'pat-eu1-other' } }).then(() => order.push('fast')),
      ]);
      expect(order).toEqual(['fast', 'slow']);
    });

    it('keep to 100 requests in ten seconds by themselves', async () => {
      const simulator = await start(portalOf(people(200), { limit: { requests: 100, windowMs: 10_000 } }));
      const stopped = new AbortController();
      const listing = list(simulator, { pageSize: 1 }, { signal: stopped.signal });
      const failed = expect(listing).rejects.toThrow('Enough.');
      await expect.poll(() => simulator.requests.length, { timeout: 9_000 }).toBe(100);
      stopped.abort(new Error('Enough.'));
      await failed;
      expect(simulator.requests).toHaveLength(100);
    });

    it('show what is left of the day to a private app, and of ten seconds to OAuth, which is told no day', async () => {
      const simulator = await start(
        portalOf(people(1), { daily: { limit: 250_000, used: 10 }, limit: { requests: 100, windowMs: 10_000 } }),
      );
      const connector = connect(simulator);
      expect(connector.budget()).toBeNull();
      await connector.origin();
      expect(connector.budget()).toEqual({ used: 11, limit: 250_000, windowMs: 86_400_000 });
      expect(await connector.check()).toContainEqual({
        what: 'api-budget',
        verdict: 'good',
        sentence: 'HubSpot allows 250,000 requests today; 14 are used.',
        budget: { used: 14, limit: 250_000 },
      });
      const byOauth = connect(simulator, { auth: oauth });
      await byOauth.origin();
      expect(byOauth.budget()).toEqual({ used: 5, limit: 100, windowMs: 10_000 });
    });
  });
});
