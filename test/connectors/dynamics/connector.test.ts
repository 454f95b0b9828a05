import { afterEach, describe, expect, it, vi } from 'vitest';
import type { LeftOut, ListUsersOptions, UserRecord } from '../../../connectors/connector.ts';
import { type DynamicsOptions, dynamicsConnector } from '../../../connectors/dynamics/connector.ts';
import {
  type DynamicsSimulator,
  type DynamicsSimulatorOptions,
  type DynamicsUser,
  startDynamicsSimulator,
} from '../../../connectors/dynamics/simulator.ts';
import { countingLimiter, crmConnectorContract } from '../contract.ts';

const emailOf = (person: number): string => `person${person}@acme.example`;
const guid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

const userOf = (person: number): DynamicsUser => ({
  systemuserid: guid(person),
  fullname: `Pat Person ${person}`,
  firstname: 'Pat',
  lastname: `Person ${person}`,
  internalemailaddress: emailOf(person),
  domainname: `pat.person${person}@acme.example`,
  isdisabled: false,
  accessmode: 0,
  azureactivedirectoryobjectid: guid(1_000_000 + person),
  applicationid: null,
  isintegrationuser: false,
  employeeid: null,
  jobtitle: 'Sales',
  createdon: '2026-11-01T09:00:00Z',
  modifiedon: '2026-11-01T09:00:00Z',
});

const auth = { tenantId: '11111111-2222-4333-8444-555555555555', clientId: guid(7), clientSecret: 'very~secret' };

const stateOf = (users: readonly DynamicsUser[]) => ({
  ...auth,
  organisation: { OrganizationId: guid(42), FriendlyName: 'Acme', OrganizationType: 'Customer' },
  users,
  readsUsers: true,
});

const connect = (simulator: DynamicsSimulator, options: Partial<DynamicsOptions> = {}) =>
  dynamicsConnector({
    name: 'acme-dynamics',
    baseUrl: simulator.url,
    auth: { ...auth, tokenUrl: `${simulator.url}/${auth.tenantId}/oauth2/v2.0/token` },
    ...options,
  });

/** Only on the second page: the first says where it is. */
const nextLinkTo = (url: string) => ({ kind: 'quirk', quirk: `next-link-to ${url}` }) as const;

crmConnectorContract({
  name: 'Dynamics 365',
  pageRequest: 'users',
  emailOf,
  secrets: [auth.clientSecret, 'eyJ.access-1'],
  async start(people, options = {}) {
    const simulator = await startDynamicsSimulator({
      state: stateOf(Array.from({ length: people }, (_, person) => userOf(person))),
      ...options,
    });
    return { simulator, connect: (given) => connect(simulator, given) };
  },
  wrong: {
    repeatedCursor: { kind: 'quirk', quirk: 'repeated-cursor' },
    shortPage: { kind: 'quirk', quirk: 'short-page' },
    shrunkenTotal: { kind: 'quirk', quirk: 'shrunken-total' },
    leftOutOnce: { does: { kind: 'quirk', quirk: 'short-page' }, people: 5_200, pageSize: 1_000 },
    errorInside: { kind: 'quirk', quirk: 'error-in-200' },
    foreignNextPage: nextLinkTo,
    tooMany: { kind: 'status', status: 429, body: '{"error":{"code":"0x80072322","message":"Number of requests exceeded the limit."}}' },
  },
});

describe('Dynamics 365', () => {
  const running: DynamicsSimulator[] = [];
  afterEach(async () => {
    for (const simulator of running.splice(0)) await simulator.close();
  });
  async function start(users: readonly DynamicsUser[], options: Partial<DynamicsSimulatorOptions> = {}): Promise<DynamicsSimulator> {
    const simulator = await startDynamicsSimulator({ state: stateOf(users), ...options });
    running.push(simulator);
    return simulator;
  }
  async function list(simulator: DynamicsSimulator, options: Partial<DynamicsOptions> = {}, ask: ListUsersOptions = {}) {
    const users: UserRecord[] = [];
    const proof = await connect(simulator, options).listUsers({ begin() {}, rows() {}, records: (page) => users.push(...page) }, ask);
    return { users, proof };
  }
  const people = (count: number): DynamicsUser[] => Array.from({ length: count }, (_, person) => userOf(person));

  it('sends the headers of the OData protocol with every request, the page size with every page, and spaces as %20', async () => {
    const simulator = await start(people(5));
    await list(simulator, { pageSize: 2, userFilter: 'isdisabled eq false' });
    const asked = simulator.received.filter(({ method }) => method === 'GET');
    expect(asked).toHaveLength(3);
    for (const { headers, url } of asked) {
      expect(headers).toMatchObject({
        accept: 'application/json',
        'odata-maxversion': '4.0',
        'odata-version': '4.0',
        'if-none-match': 'null',
        prefer: 'odata.maxpagesize=2',
      });
      expect(url.search).toContain('$filter=(isdisabled%20eq%20false)');
      expect(url.search).not.toContain('+');
    }
  });

  it('asks for the next page before it reads one: token, page and next page, although the page turns out to be none', async () => {
    const simulator = await start([{ ...userOf(0), accessmode: 'Read-Write' as unknown as number }, userOf(1), userOf(2)]);
    const limiter = countingLimiter();
    const listing = list(simulator, { pageSize: 1, limiter, retries: { attempts: 1 } });
    await expect(listing).rejects.toMatchObject({ code: 'invalid-response' });
    expect(limiter.asked()).toBe(3);
  });

  it('asks for its token at the tenant’s endpoint with client credentials for the organisation', async () => {
    const simulator = await start([userOf(0)]);
    await list(simulator);
    const [{ url, body } = { url: new URL('http://nowhere.example'), body: '' }] = simulator.received;
    expect(url.pathname).toBe(`/${auth.tenantId}/oauth2/v2.0/token`);
    expect(Object.fromEntries(new URLSearchParams(body.toString()))).toEqual({
      grant_type: 'client_credentials',
      client_id: auth.clientId,
      client_secret: auth.clientSecret,
      scope: `${simulator.url}/.default`,
    });
  });

  it('asks for a new token five minutes before the old one ends: there is no refresh token', async () => {
    const simulator = await start([userOf(0)], { secondsPerToken: 3_600 });
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const connector = connect(simulator);
      await connector.origin();
      vi.setSystemTime(Date.now() + 3_290_000);
      await connector.origin();
      expect(simulator.requests).toEqual(['token', 'organisation', 'organisation']);
      vi.setSystemTime(Date.now() + 20_000);
      await connector.origin();
      expect(simulator.requests).toEqual(['token', 'organisation', 'organisation', 'token', 'organisation']);
    } finally {
      vi.useRealTimers();
    }
  });

  it('takes a secret that Entra ID refuses for a refusal, and says what to look at', async () => {
    const simulator = await start([userOf(0)]);
    simulator.state.clientSecret = 'another';
    await expect(list(simulator)).rejects.toMatchObject({ code: 'unauthorized', request: 'access token' });
    const [rights] = await connect(simulator).check();
    expect(rights).toMatchObject({ verdict: 'bad', sentence: expect.stringContaining('does not accept the client secret') });
  });

  it('follows the next link to the letter: a changed one is refused', async () => {
    const simulator = await start(people(5));
    expect((await list(simulator, { pageSize: 2 })).users).toHaveLength(5);
    const [, second] = simulator.received.filter(({ url }) => url.pathname.endsWith('systemusers'));
    const authorization = String(second!.headers.authorization);
    const changed = second!.url.href.replace('$count=true', '$count=false');
    const answer = await fetch(changed, { headers: { authorization, prefer: 'odata.maxpagesize=2' } });
    expect(answer.status).toBe(400);
    const withoutPrefer = await fetch(second!.url.href, { headers: { authorization } });
    expect(withoutPrefer.status).toBe(400);
  });

  it('follows no next link that is no address', async () => {
    const simulator = await start(people(5));
    simulator.fault({ ...nextLinkTo('not an address'), on: 'users' });
    await expect(list(simulator, { pageSize: 2 })).rejects.toMatchObject({ code: 'invalid-response' });
  });

  it('asks for no page larger than 5,000, which Dataverse would ignore', async () => {
    const simulator = await start([userOf(0)]);
    await list(simulator, { pageSize: 50_000 });
    expect(simulator.received.at(-1)?.headers.prefer).toBe('odata.maxpagesize=5000');
  });

  it('believes a count below 5,000 and no other: Dataverse stops counting there', async () => {
    const few = await start(people(4_999));
    expect((await list(few)).proof).toMatchObject({ received: 4_999, expected: 4_999 });
    const many = await start(people(5_001));
    expect((await list(many)).proof).toMatchObject({ received: 5_001, expected: null, pages: 2 });
    const [rights] = await connect(many).check();
    expect(rights).toMatchObject({ verdict: 'good', sentence: 'Dynamics lets us read its 5,000 users or more.' });
  });

  it('leaves out application, support, non-interactive, delegated-admin and Microsoft’s own users, and counts them', async () => {
    const simulator = await start([
      userOf(0),
      { ...userOf(1), applicationid: guid(9) },
      { ...userOf(2), accessmode: 3 },
      { ...userOf(3), accessmode: 4 },
      { ...userOf(4), accessmode: 5 },
      { ...userOf(5), domainname: 'crmoln2@microsoft.com', internalemailaddress: 'CRMOLN2@microsoft.com' },
      { ...userOf(6), isintegrationuser: true, fullname: 'INTEGRATION' },
      { ...userOf(7), accessmode: 1 },
      { ...userOf(8), accessmode: 2 },
    ]);
    const told: [string | undefined, LeftOut][] = [];
    const { users, proof } = await list(simulator, {}, { onLeftOut: ({ email }, kind) => told.push([email, kind]) });
    expect(users.map(({ email, userType }) => [email, userType])).toEqual([
      [emailOf(0), '0'],
      [emailOf(7), '1'],
      [emailOf(8), '2'],
    ]);
    expect(proof).toMatchObject({ received: 3, expected: 9, leftOut: { integration: 2, support: 3, 'service-account': 1 } });
    expect(told.map(([, kind]) => kind)).toEqual(['integration', 'support', 'service-account', 'support', 'support', 'integration']);
  });

  it('compares the mail address, never the sign-in name, which often differs', async () => {
    const simulator = await start([{ ...userOf(0), internalemailaddress: 'Pat.Person@Acme.example', domainname: 'u4711@acme.example' }]);
    expect((await list(simulator)).users).toMatchObject([{ email: 'Pat.Person@Acme.example', userName: 'u4711@acme.example' }]);
  });

  it('hands over somebody without an email as that, not with the sign-in name in its place', async () => {
    const simulator = await start([{ ...userOf(0), internalemailaddress: null }]);
    const { users } = await list(simulator);
    expect(users).toHaveLength(1);
    expect(users[0]).not.toHaveProperty('email');
  });

  it('lists disabled users too, as inactive', async () => {
    const simulator = await start([{ ...userOf(0), isdisabled: true }]);
    expect((await list(simulator)).users).toMatchObject([{ active: 'false', entraObjectId: guid(1_000_000) }]);
  });

  it.each(['too-many-requests', 'too-much-time', 'too-many-at-once'])(
    'waits as Retry-After says after %s, so that the wait does not grow',
    async (quirk) => {
      const simulator = await start(people(3));
      simulator.fault({ kind: 'quirk', quirk, on: 'users' });
      const began = performance.now();
      expect((await list(simulator)).users).toHaveLength(3);
      expect(performance.now() - began, 'A lower bound: it may not come back early.').toBeGreaterThanOrEqual(999);
      expect(simulator.requests).toEqual(['token', 'users', 'users']);
    },
  );

  it('holds every request of the connection while one was told to wait: sending on lengthens the wait', async () => {
    const simulator = await start(people(3));
    const connector = connect(simulator);
    await connector.origin();
    simulator.fault({ kind: 'quirk', quirk: 'too-many-requests', on: 'users' });
    const began = performance.now();
    const listing = connector.listUsers({ begin() {}, rows() {}, records() {} });
    await expect.poll(() => simulator.requests.filter((kind) => kind === 'users').length).toBe(1);
    await Promise.all([
      listing,
      expect
        .poll(() => performance.now() - began)
        .toBeGreaterThan(100)
        .then(() => connector.origin()),
    ]);
    expect(performance.now() - began, 'A lower bound: it may not come back early.').toBeGreaterThanOrEqual(999);
    expect(simulator.requests.filter((kind) => kind === 'users')).toHaveLength(2);
  });

  it.each([
    [401, '', 'unauthorized'],
    [403, '{"error":{"code":"","message":"no"}}', 'forbidden'],
    [404, '{"error":{"code":"0x80040217","message":"no"}}', 'not-found'],
    [400, '{"error":{"code":"0x80072322","message":"no"}}', 'rejected'],
  ])('goes by the HTTP status %i, never by the code of the body, which is no status and often empty: %s', async (status, body, code) => {
    const simulator = await start(people(1));
    simulator.fault({ kind: 'status', status, body, on: 'users', times: 100 });
    await expect(list(simulator)).rejects.toMatchObject({ code });
  });

  it('says which security role is missing', async () => {
    const simulator = await start(people(1));
    simulator.state.readsUsers = false;
    const [rights] = await connect(simulator).check();
    expect(rights).toEqual({
      what: 'rights',
      verdict: 'bad',
      sentence: 'The application user may not read users. Give it a security role with Read on User for the organization.',
    });
  });

  it('reads nobody where another organisation answers, and says whose answered and which was expected', async () => {
    const simulator = await start([userOf(0)]);
    const sentence = `The organisation ${guid(42)} of {vendor} answers, and this connection is for ${guid(43)}. Sign in to the right one, or correct the connection.`;
    await expect(list(simulator, { organizationId: guid(43) })).rejects.toMatchObject({ code: 'unauthorized', sentence });
    expect(simulator.requests).not.toContain('users');
    expect(await connect(simulator, { organizationId: guid(43) }).check()).toContainEqual({
      what: 'origin',
      verdict: 'bad',
      sentence: sentence.replace('{vendor}', 'Dynamics'),
    });
    expect((await list(simulator, { organizationId: guid(42).toUpperCase() })).users).toHaveLength(1);
  });

  it('lists only what changed', async () => {
    const simulator = await start([userOf(0), { ...userOf(1), modifiedon: '2026-11-20T09:00:00Z' }]);
    const { users, proof } = await list(simulator, {}, { changedSince: '2026-11-20T10:00:00+01:00' });
    expect(users).toMatchObject([{ email: emailOf(1) }]);
    expect(proof).toMatchObject({ received: 1, expected: 1, changedSince: '2026-11-20T08:50:00.000Z' });
    expect((await list(simulator)).proof, 'everybody').not.toHaveProperty('changedSince');
  });

  it('asks for changes ten minutes back: what was written while the last list was read may carry a time from before its end', async () => {
    const simulator = await start([
      { ...userOf(0), modifiedon: '2026-11-20T08:50:00Z' },
      { ...userOf(1), modifiedon: '2026-11-20T08:49:59Z' },
    ]);
    expect((await list(simulator, {}, { changedSince: '2026-11-20T09:00:00Z' })).users).toMatchObject([{ email: emailOf(0) }]);
    await expect(list(simulator, {}, { changedSince: 'yesterday' })).rejects.toMatchObject({ code: 'rejected' });
  });

  it('reads the email from the column that the company uses', async () => {
    const simulator = await start([{ ...userOf(0), domainname: 'pat@acme.example' }]);
    expect((await list(simulator, { mailField: 'domainname' })).users).toMatchObject([{ email: 'pat@acme.example' }]);
  });

  it.each(['CustomerTest', 'Developer'])('marks an organisation of the type %s as a test', async (OrganizationType) => {
    const simulator = await startDynamicsSimulator({
      state: { ...stateOf([]), organisation: { OrganizationId: guid(42), FriendlyName: 'Acme test', OrganizationType } },
    });
    running.push(simulator);
    expect(await connect(simulator).origin()).toEqual({ id: guid(42), name: 'Acme test', isTest: true });
  });

  it('sends its secret to no address without encryption, except to this machine', () => {
    const options = { name: 'acme-dynamics', baseUrl: 'http://acme.crm.dynamics.com', auth };
    expect(() => dynamicsConnector(options)).toThrow('The address of Dynamics must begin with https://.');
    const tokenUrl = 'http://login.example/token';
    expect(() => dynamicsConnector({ ...options, baseUrl: 'https://acme.example', auth: { ...auth, tokenUrl } })).toThrow(
      'The address of the token endpoint must begin with https://.',
    );
  });
});
