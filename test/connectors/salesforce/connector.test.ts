import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { LeftOut, UserRecord } from '../../../connectors/connector.ts';
import { apiVersion } from '../../../connectors/salesforce/connector.ts';
import { profileOf, salesforceId, salesforceUser } from '../../../connectors/salesforce/simulator/org.ts';
import { seedUsers } from '../../../connectors/salesforce/simulator/seed-users.ts';
import { countingLimiter } from '../contract.ts';
import { auth, connect, emailOf, list, orgId, people, salesforce } from './start.ts';

const { start } = salesforce();
const count = (requests: readonly string[], kind: string): number => requests.filter((one) => one === kind).length;

describe('jsforce, guarded', () => {
  it('reads 12,000 users where its own autoFetch ends at 10,000 without a word', async () => {
    const simulator = await start(people(12_000));
    const { users, proof } = await list(simulator);
    expect(users).toHaveLength(12_000);
    expect(proof).toMatchObject({ received: 12_000, expected: 12_000, pages: 6 });
  });

  it('reads pages of any size: Salesforce promises none', async () => {
    const simulator = await start(people(1_000), { pageSizes: [77, 200, 1] });
    expect(new Set((await list(simulator)).users.map(({ email }) => email)).size).toBe(1_000);
  });

  it('asks for the next page before it reads one: token, org, page and next page, although the page turns out to be none', async () => {
    const simulator = await start([{ ...salesforceUser(0), IsActive: 'yes' as unknown as boolean }, ...people(3).slice(1)]);
    const limiter = countingLimiter();
    const listing = list(simulator, { pageSize: 1, limiter, retries: { attempts: 1 } });
    await expect(listing).rejects.toMatchObject({ code: 'invalid-response' });
    expect(limiter.asked()).toBe(4);
  });

  it('ends where it would renew a refused access for ever: twice refused is the end', async () => {
    const simulator = await start(people(1), { requestsPerToken: 0 });
    await expect(connect(simulator).origin()).rejects.toMatchObject({ code: 'unauthorized' });
    expect(simulator.requests).toEqual(['token', 'organization', 'token', 'organization']);
  });

  it('renews the access of client credentials, for which it has no refresh token', async () => {
    const simulator = await start(people(5), { requestsPerToken: 2 });
    expect((await list(simulator, { pageSize: 1 })).users).toHaveLength(5);
    expect(count(simulator.requests, 'token')).toBe(3);
  });

  it('gets one new access for five calls that find it ended at once', async () => {
    const simulator = await start(people(1));
    const connector = connect(simulator);
    await connector.origin();
    await fetch(simulator.controlUrl, { method: 'POST', body: '{"do":"end-access"}' });
    await Promise.all(Array.from({ length: 5 }, () => connector.origin()));
    expect(count(simulator.requests, 'token')).toBe(2);
  });

  it.each(['cut-body', 'stall-body', 'hang', 'drop'] as const)(
    'rejects in time for %s, where its own transport ends the process or waits for ever',
    async (kind) => {
      const simulator = await start(people(3));
      simulator.fault({ kind, on: 'users', times: 100 });
      const listing = list(simulator, { timeoutMs: 300, retries: { attempts: 2, firstMs: 1 } });
      await expect(listing).rejects.toMatchObject({ code: kind === 'cut-body' || kind === 'drop' ? 'unavailable' : 'timeout' });
      expect(count(simulator.requests, 'users')).toBe(2);
    },
  );

  it('knocks as often as we set at a host that refuses connections, where it would go on for 15 seconds', async () => {
    const simulator = await start(people(1));
    await simulator.close();
    let failures = 0;
    // Asked once for each failure, for how long to wait.
    const random = (): number => {
      failures += 1;
      return 0;
    };
    const listing = list(simulator, { retries: { attempts: 3, firstMs: 1, maxMs: 1 }, random });
    await expect(listing).rejects.toMatchObject({ code: 'unavailable' });
    expect(failures).toBe(3);
  });

  it('rejects where the access cannot be renewed, which would leave its query pending and a rejection unhandled', async () => {
    const simulator = await start(people(5), { requestsPerToken: 2 });
    const unhandled: unknown[] = [];
    const listen = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', listen);
    simulator.fault({ kind: 'status', status: 400, body: '{"error":"invalid_grant"}', on: 'token', after: 1, times: 100 });
    await expect(list(simulator, { pageSize: 1 })).rejects.toMatchObject({ code: 'unauthorized' });
    await nextTurn();
    process.off('unhandledRejection', listen);
    expect(unhandled).toEqual([]);
  });

  it('asks nothing but sign-in and queries: no bulk query, whose second page ends the process, and no write of an email, which waits for a click', async () => {
    const simulator = await start(people(5_000));
    await list(simulator);
    await connect(simulator).check();
    const asked = simulator.received.map(({ method, url }) => `${method} ${url.pathname.replace(/-\d+$/, '-N').replace(/01g\w+/, '01g')}`);
    expect(new Set(asked)).toEqual(
      new Set(['POST /services/oauth2/token', `GET /services/data/v${apiVersion}/query`, `GET /services/data/v${apiVersion}/query/01g-N`]),
    );
    expect(connect(simulator).capabilities.updateEmail).toBe('guided');
  });

  it('repeats nothing by itself: each 503 is one request, and how often is our setting', async () => {
    const simulator = await start(people(3));
    simulator.fault({ kind: 'status', status: 503, on: 'users', times: 100 });
    await expect(list(simulator, { retries: { attempts: 1 } })).rejects.toMatchObject({ code: 'unavailable' });
    expect(count(simulator.requests, 'users')).toBe(1);
  });

  it('comes back when Retry-After says so, which it ignores', async () => {
    const simulator = await start(people(3));
    simulator.fault({ kind: 'status', status: 503, headers: { 'retry-after': '1' }, on: 'users' });
    const began = performance.now();
    expect((await list(simulator, { retries: { maxMs: 5_000 } })).users).toHaveLength(3);
    expect(performance.now() - began, 'A lower bound: it may not come back early.').toBeGreaterThanOrEqual(999);
  });

  it('sends the token to no host that a redirect names, on the way to the access as to the users', async () => {
    const simulator = await start(people(3));
    const foreign = await start(people(3));
    for (const on of ['token', 'users']) {
      simulator.fault({ kind: 'redirect', to: `${foreign.url}/services/data/v66.0/query?q=SELECT+Id+FROM+User`, on, times: 1 });
      await expect(list(simulator, { retries: { attempts: 1 } })).rejects.toMatchObject({ code: 'invalid-response' });
    }
    expect(foreign.requests).toEqual([]);
  });

  it.each(['web-page', 'broken-json'] as const)('takes 200 with %s for no answer, where it throws a TypeError', async (kind) => {
    const simulator = await start(people(3));
    simulator.fault({ kind, on: 'users', times: 100 });
    await expect(list(simulator)).rejects.toMatchObject({ name: 'RequestFailed', code: 'invalid-response' });
  });

  it('takes a web page with 400 for another host or maintenance, and repeats nothing of its text', async () => {
    const simulator = await start(people(3));
    simulator.fault({ kind: 'status', status: 400, body: '<html>canary</html>', contentType: 'text/html', on: 'users', times: 100 });
    const error: unknown = await list(simulator).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'invalid-response', status: 400 });
    expect(JSON.stringify(error) + String(error)).not.toContain('canary');
  });

  it('uses no proxy that an environment variable names for this machine: NO_PROXY is not ignored', async () => {
    const visits: string[] = [];
    const proxy = createServer((request, response) => {
      visits.push(request.url ?? '');
      response.end();
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const simulator = await start(people(3));
    const file = resolve(import.meta.dirname, '../../../connectors/salesforce/connector.ts');
    const program = `
      const { salesforceConnector } = await import(${JSON.stringify(file)});
      const connector = salesforceConnector({ name: 'a', baseUrl: '${simulator.url}', auth: ${JSON.stringify(auth)} });
      console.log((await connector.origin()).id);`;
    const variables = Object.fromEntries(['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].map((name) => [name, proxyUrl]));
    const env = { ...process.env, ...variables, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1', NODE_USE_ENV_PROXY: '1' };
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    await once(child, 'close');
    proxy.close();
    expect(said.trim()).toBe(orgId);
    expect(visits).toEqual([]);
  });

  it('asks for the version that is set in one place, by name, and for pages of the size that is set', async () => {
    const simulator = await start(people(3));
    await list(simulator, { pageSize: 500 });
    const asked = simulator.received.find(({ url }) => url.searchParams.get('q')?.includes('FROM User'));
    expect(asked?.url.pathname).toBe(`/services/data/v${apiVersion}/query`);
    expect(asked?.headers).toMatchObject({ 'sforce-call-options': 'client=Seatmatch', 'sforce-query-options': 'batchSize=500' });
  });
});

describe('limits of the org', () => {
  it('tells the API usage that came with the last answer', async () => {
    const simulator = await start(people(3));
    const connector = connect(simulator);
    expect(connector.budget()).toBeNull();
    simulator.state.api.used = 1_002;
    await connector.origin();
    expect(connector.budget()).toEqual({ used: 1_003, limit: 100_000, windowMs: 86_400_000 });
  });

  it('reads the usage of the org, not that of an app beside it', async () => {
    const simulator = await start(people(3));
    const headers = { 'sforce-limit-info': 'per-app-api-usage=17/250(appName=sample), api-usage=18/5000' };
    simulator.fault({ kind: 'status', status: 404, headers, on: 'organization' });
    const connector = connect(simulator);
    await expect(connector.origin()).rejects.toMatchObject({ code: 'not-found' });
    expect(connector.budget()).toMatchObject({ used: 18, limit: 5_000 });
  });

  it('stops in the middle of a list at its margin of API calls, and asks nothing more', async () => {
    const simulator = await start(people(10));
    simulator.state.api.limit = 100;
    simulator.state.api.used = 48;
    const connector = connect(simulator, { largestApiShare: 0.5, pageSize: 2 });
    const listing = () => connector.listUsers({ begin() {}, rows() {}, records() {} });
    await expect(listing()).rejects.toMatchObject({ code: 'rate-limited', status: null, retryAfterMs: expect.closeTo(3_600_000, -5) });
    expect(simulator.state.api.used).toBe(51);
    await expect(listing()).rejects.toMatchObject({ code: 'rate-limited' });
    expect(simulator.state.api.used).toBe(51);
    expect(await connector.check()).toContainEqual({
      what: 'api-budget',
      verdict: 'bad',
      sentence: 'Of the 100 API calls of 24 hours, 51 are used. The rest is left to others; find out who uses so many.',
      budget: { used: 51, limit: 100 },
    });
  });

  it('takes 403 REQUEST_LIMIT_EXCEEDED for a limit and no missing right, and does not knock again', async () => {
    const simulator = await start(people(3));
    simulator.state.api.limit = 0;
    const connector = connect(simulator);
    for (let turn = 0; turn < 3; turn++)
      await expect(connector.origin()).rejects.toMatchObject({ code: 'rate-limited', retryAfterMs: expect.closeTo(3_600_000, -5) });
    expect(count(simulator.requests, 'organization')).toBe(1);
  });

  it('tries again where REQUEST_LIMIT_EXCEEDED only means too many at once', async () => {
    const simulator = await start(people(3));
    const body = '[{"message":"ConcurrentPerOrgLongTxn Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]';
    simulator.fault({ kind: 'status', status: 403, body, on: 'users', times: 2 });
    expect((await list(simulator)).users).toHaveLength(3);
  });

  it.each([
    ['a cursor that goes on with a page of nobody new', 'repeated-cursor'],
    ['more to come and no cursor', 'no-cursor'],
  ])('does not follow %s', async (_, quirk) => {
    const simulator = await start(people(6));
    simulator.fault({ kind: 'quirk', quirk, on: 'users', times: 100 });
    await expect(list(simulator, { pageSize: 2 })).rejects.toMatchObject({ code: 'invalid-response' });
    expect(count(simulator.requests, 'users')).toBeLessThanOrEqual(3);
  });
});

describe('people of the org', () => {
  it('hands over people, active and inactive, and counts and tells of everybody else', async () => {
    const simulator = await start([
      salesforceUser(0),
      salesforceUser(1, { IsActive: false }),
      salesforceUser(2, { UserType: 'PowerPartner', Profile: profileOf('Partner', 'Partner Community') }),
      salesforceUser(3, { UserType: 'Guest', Profile: profileOf('Site', 'Guest User License') }),
      salesforceUser(4, { UserType: 'CsnOnly', Profile: profileOf('Chatter Free User', 'Chatter Free') }),
      salesforceUser(5, { UserType: 'AutomatedProcess', Profile: null }),
      salesforceUser(6, { Profile: profileOf('API Only', 'Salesforce Integration') }),
      salesforceUser(7, { UserType: 'SomethingNew' }),
    ]);
    const told: [string | undefined, LeftOut][] = [];
    const { users, proof } = await list(simulator, {}, { onLeftOut: ({ email }: UserRecord, kind) => told.push([email, kind]) });
    expect(users.map(({ email, active }) => [email, active])).toEqual([
      [emailOf(0), 'true'],
      [emailOf(1), 'false'],
    ]);
    expect(proof).toMatchObject({ received: 2, expected: 8, leftOut: { portal: 3, 'service-account': 2, integration: 1 } });
    expect(told).toHaveLength(6);
    expect(told).toContainEqual([emailOf(6), 'integration']);
  });

  it('leaves out other licenses where they are set', async () => {
    const simulator = await start([salesforceUser(0, { Profile: profileOf('Robot', 'Company Robots') }), salesforceUser(1)]);
    expect((await list(simulator, { integrationLicenses: ['COMPANY ROBOTS'] })).proof.leftOut).toEqual({ integration: 1 });
  });

  it('maps each column, and leaves out what is empty', async () => {
    const full = salesforceUser(1, {
      FirstName: 'Zoë',
      LastName: 'Berg',
      Email: 'Zoe.Berg@acme.example',
      FederationIdentifier: 'zberg',
      EmployeeNumber: 'E100',
      Department: 'Sales',
      Title: 'Director',
      UserRole: { Id: salesforceId('00E', 1), Name: 'EMEA' },
      Manager: { Id: salesforceId('005', 9), Name: 'Kim Boss' },
      LastLoginDate: '2026-11-24T07:30:00.000+0000',
    });
    const { users } = await list(await start([full, salesforceUser(2)]));
    expect(users[0]).toEqual({
      id: full.Id,
      userName: full.Username,
      givenName: 'Zoë',
      familyName: 'Berg',
      displayName: 'Zoë Berg',
      email: 'Zoe.Berg@acme.example',
      active: 'true',
      userType: 'Standard',
      federationId: 'zberg',
      employeeNumber: 'E100',
      department: 'Sales',
      title: 'Director',
      profile: 'Sales User',
      userLicense: 'Salesforce',
      role: 'EMEA',
      manager: 'Kim Boss',
      lastLogin: '2026-11-24T07:30:00.000Z',
      createdAt: '2026-01-05T09:00:00.000Z',
    });
    expect(users[1]).not.toHaveProperty('employeeNumber');
  });

  it('keeps two users with one address apart: Email is not unique, and Username need not be an address', async () => {
    const { users } = await list(await start([salesforceUser(0), salesforceUser(1, { Email: emailOf(0) })]));
    expect(users.map(({ email }) => email)).toEqual([emailOf(0), emailOf(0)]);
    expect(new Set(users.map(({ userName }) => userName)).size).toBe(2);
  });

  it('lists what changed since a moment, by SystemModstamp and with an overlap', async () => {
    const changed = (number: number, SystemModstamp: string) => salesforceUser(number, { SystemModstamp });
    const simulator = await start([
      changed(0, '2026-11-20T08:49:59.000+0000'),
      changed(1, '2026-11-20T08:50:00.000+0000'),
      changed(2, '2026-11-20T10:00:00.000+0000'),
    ]);
    const emails = async (changedSince: string) => (await list(simulator, {}, { changedSince })).users.map(({ email }) => email);
    expect(await emails('2026-11-20T10:00:00+01:00')).toEqual([emailOf(1), emailOf(2)]);
    expect(await emails('2026-11-21T00:00:00Z')).toEqual([]);
  });

  it('understands the .invalid of a sandbox, keeps what stands there, and says that it is one', async () => {
    const users = [salesforceUser(0, { Email: 'Anna@acme.example.invalid' }), salesforceUser(1)];
    const sandbox = await start(users, { organization: { IsSandbox: true } });
    expect(await connect(sandbox).origin()).toMatchObject({ id: orgId, isTest: true });
    const listed = await list(sandbox);
    expect(listed.fields).toContain('secondaryEmails');
    expect(listed.users[0]).toMatchObject({ email: 'Anna@acme.example', secondaryEmails: 'Anna@acme.example.invalid' });
    expect(listed.users[1]).not.toHaveProperty('secondaryEmails');
  });

  it('reads what a company keeps in fields of its own, in a sandbox beside the address that stands there', async () => {
    const columns = { secondaryEmails: 'Other_Emails__c', confirmed: 'Came_In__c', inactiveSince: 'Left_On__c' };
    const customFields = Object.values(columns) as `${string}__c`[];
    const users = [
      salesforceUser(0, {
        Email: 'ann@acme.example.invalid',
        Other_Emails__c: 'a@acme.example',
        Came_In__c: false,
        Left_On__c: '2026-11-01',
      }),
      salesforceUser(1, { Other_Emails__c: null }),
    ];
    const live = await start(users, { customFields });
    const told = await list(live, { columns });
    expect(told.fields).toEqual(expect.arrayContaining(['secondaryEmails', 'confirmed', 'inactiveSince']));
    expect(told.users).toMatchObject([{ secondaryEmails: 'a@acme.example', confirmed: 'false', inactiveSince: '2026-11-01' }, {}]);
    for (const field of ['secondaryEmails', 'confirmed', 'inactiveSince']) expect(told.users[1]).not.toHaveProperty(field);
    const sandbox = await start(users, { customFields, organization: { IsSandbox: true } });
    expect((await list(sandbox, { columns })).users[0]).toMatchObject({ secondaryEmails: 'ann@acme.example.invalid;a@acme.example' });

    expect((await list(live)).fields).not.toContain('confirmed');
    const [rights] = await connect(await start(users), { columns }).check();
    expect(rights).toMatchObject({ what: 'rights', verdict: 'bad', sentence: expect.stringMatching(/may not see all columns/u) });
  });

  it('leaves .invalid where it stands outside a sandbox', async () => {
    const { users, fields } = await list(await start([salesforceUser(0, { Email: 'anna@acme.example.invalid' })]));
    expect(users[0]).toMatchObject({ email: 'anna@acme.example.invalid' });
    expect(fields).not.toContain('secondaryEmails');
  });

  it('calls a developer org a test too', async () => {
    const simulator = await start(people(1), { organization: { OrganizationType: 'Developer Edition' } });
    expect(await connect(simulator).origin()).toMatchObject({ isTest: true });
  });

  it('reads a seeded org with all of that in it, whole', async () => {
    const seeded = seedUsers(3_000, { seed: 4, isSandbox: true });
    const simulator = await start(seeded, { organization: { IsSandbox: true }, pageSizes: [2_000, 300] });
    const { users, proof } = await list(simulator);
    const standard = seeded.filter(
      ({ UserType, Profile }) => UserType === 'Standard' && !Profile?.UserLicense.Name.includes('Integration'),
    );
    expect(users).toHaveLength(standard.length);
    expect(users.some(({ email }) => email?.endsWith('.invalid'))).toBe(false);
    expect(proof.received + (proof.leftOut.portal ?? 0) + (proof.leftOut.integration ?? 0)).toBe(3_000);
    expect(new Set(users.map(({ email }) => email)).size).toBeLessThan(users.length);
  });
});

describe('the org that was connected', () => {
  const otherOrg = salesforceId('00D', 8);

  it('is the only one that is read: where another answers, nobody of it is, and a person has to connect again', async () => {
    const simulator = await start(people(3), { organization: { Id: otherOrg } });
    await expect(list(simulator, { orgId })).rejects.toMatchObject({ code: 'unauthorized', request: 'org' });
    expect(simulator.requests).toEqual(['token']);
    expect(await connect(simulator, { orgId }).check()).toContainEqual({
      what: 'origin',
      verdict: 'bad',
      sentence: `The org ${otherOrg} of Salesforce answers, and this connection is for ${orgId}. Sign in to the right one, or correct the connection.`,
    });
  });

  it('is asked for together with the first page, of which nobody is handed over before it has answered', async () => {
    const simulator = await start(people(3));
    simulator.fault({ kind: 'status', status: 403, body: '[{"errorCode":"INSUFFICIENT_ACCESS","message":"no"}]', on: 'organization' });
    const told: string[] = [];
    const sink = { begin: () => void told.push('begin'), rows() {}, records: () => void told.push('records') };
    await expect(connect(simulator).listUsers(sink)).rejects.toMatchObject({ code: 'forbidden', request: 'organisation' });
    expect(told).toEqual([]);
  });

  it('is known by 15 characters and by 18', async () => {
    const simulator = await start(people(1));
    expect(await connect(simulator, { orgId: orgId.slice(0, 15) }).origin()).toMatchObject({ id: orgId, name: 'Acme' });
  });

  it('gets no token on a host that is not its own, whoever names it', async () => {
    const simulator = await start(people(1), { instanceUrl: 'https://acme.my.salesforce.com.evil.example' });
    await expect(connect(simulator).origin()).rejects.toMatchObject({ code: 'invalid-response', request: 'access token' });
    expect(simulator.requests).toEqual(['token']);
  });

  it('is asked through the address that is set, in the place of the one it names', async () => {
    const api = await start(people(1));
    const simulator = await start(people(1));
    await expect(connect(simulator, { apiUrl: api.url }).origin()).rejects.toMatchObject({ code: 'unauthorized' });
    expect(api.requests).toContain('organization');
  });
});

describe('doctor', () => {
  it('says that the connected user sees too little, where a column is hidden', async () => {
    const simulator = await start(people(3));
    const body = '[{"errorCode":"INVALID_FIELD","message":"No such column \'EmployeeNumber\'"}]';
    simulator.fault({ kind: 'status', status: 400, body, on: 'users' });
    expect(await connect(simulator).check()).toContainEqual({
      what: 'rights',
      verdict: 'bad',
      sentence: 'The connected user may not see all columns of User that we compare. Give its profile field-level access to them.',
    });
  });

  it('wonders about an org of one user: without View All Users nobody sees the others', async () => {
    const [rights] = await connect(await start(people(1))).check();
    expect(rights).toMatchObject({ what: 'rights', verdict: 'unknown' });
  });

  it('notices a clock that is off, which a JWT does not survive', async () => {
    const simulator = await start(people(3));
    const connector = connect(simulator);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 600_000 });
    try {
      expect(await connector.check()).toContainEqual(expect.objectContaining({ what: 'clock', verdict: 'bad' }));
    } finally {
      vi.useRealTimers();
    }
  });
});
