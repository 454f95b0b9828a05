/** jsforce on its own transport, which nothing of ours stands in front of: the simulator's judge. */
import { Connection, OAuth2 } from 'jsforce';
import { setDefaults } from 'jsforce/lib/request.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { mintAssertion, readPrivateKey } from '../../../connectors/salesforce/mint-assertion.ts';
import { salesforceUser } from '../../../connectors/salesforce/simulator/org.ts';
import type { SalesforceSimulator, SalesforceSimulatorOptions } from '../../../connectors/salesforce/simulator.ts';
import { app, emailOf, keys, orgId, people, redirectUri, salesforce } from './start.ts';

const { start } = salesforce();
const hourMs = 3_600_000;

// It reads the proxy's variables as it is imported and knows no NO_PROXY.
beforeAll(() => setDefaults({ followRedirect: true }));

const client = ({ url }: { readonly url: string }) => new Connection({ oauth2: { loginUrl: url, ...app }, version: '66.0' });
async function signedIn(simulator: SalesforceSimulator): Promise<Connection> {
  const connection = client(simulator);
  await connection.authorize({ grant_type: 'client_credentials' });
  return connection;
}
const open = async (count: number, options: Partial<SalesforceSimulatorOptions> = {}) => {
  const simulator = await start(people(count), options);
  return { simulator, connection: await signedIn(simulator) };
};
const control = (simulator: SalesforceSimulator, command: unknown) =>
  fetch(simulator.controlUrl, { method: 'POST', body: JSON.stringify(command) });

describe('jsforce on its own transport signs in', () => {
  it('with client credentials, and learns org, user and where the API is', async () => {
    const simulator = await start(people(1));
    const connection = client(simulator);
    const { organizationId, id } = await connection.authorize({ grant_type: 'client_credentials' });
    expect([organizationId, id, connection.instanceUrl]).toEqual([orgId, salesforceUser(0).Id, simulator.url]);
    expect(await connection.identity()).toMatchObject({ organization_id: orgId });
  });

  it('with a JWT of ours', async () => {
    const simulator = await start(people(1));
    const claims = { issuer: app.clientId, subject: salesforceUser(0).Username, audience: 'https://login.salesforce.com' };
    const assertion = mintAssertion(claims, readPrivateKey(keys.privateKey), Date.now());
    const connection = new Connection({ loginUrl: simulator.url, version: '66.0' });
    const user = await connection.authorize({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
    expect(user.organizationId).toBe(orgId);
  });

  it('with a code and its own verifier of 171 characters, and refreshes until the token was used', async () => {
    const simulator = await start(people(1));
    const oauth2 = new OAuth2({ loginUrl: simulator.url, ...app, redirectUri, useVerifier: true });
    expect(oauth2.codeVerifier).toHaveLength(171);
    const consent = await fetch(oauth2.getAuthorizationUrl({ scope: 'api refresh_token' }), { redirect: 'manual' });
    const code = new URL(consent.headers.get('location') ?? '').searchParams.get('code') ?? '';
    const { refresh_token = '' } = await oauth2.requestToken(code);
    expect((await oauth2.refreshToken(refresh_token)).refresh_token).not.toBe(refresh_token);
    await expect(oauth2.refreshToken(refresh_token)).rejects.toMatchObject({ name: 'invalid_grant' });
  });

  it('not at the host for all orgs', async () => {
    const simulator = await start(people(1), { isMyDomain: false });
    await expect(client(simulator).authorize({ grant_type: 'client_credentials' })).rejects.toMatchObject({ name: 'invalid_grant' });
  });
});

describe('jsforce on its own transport reads', () => {
  it('10,000 of 12,000 users with autoFetch, in silence: the trap that the connector stands around', async () => {
    const { connection } = await open(12_000);
    const { records, done, totalSize } = await connection.query('SELECT Id FROM User', { autoFetch: true });
    expect([records.length, done, totalSize]).toEqual([10_000, false, 12_000]);
    const all = await connection.query('SELECT Id FROM User', { autoFetch: true, maxFetch: 1_000_000 });
    expect(new Set(all.records.map(({ Id }) => Id)).size).toBe(12_000);
  });

  it('pages of changing size by their cursors', async () => {
    const { connection } = await open(700, { pageSizes: [77, 200] });
    const ids = new Set<string | undefined>();
    let result = await connection.query('SELECT Id FROM User');
    for (;;) {
      for (const { Id } of result.records) ids.add(Id);
      if (result.nextRecordsUrl === undefined) break;
      result = await connection.queryMore(result.nextRecordsUrl);
    }
    expect(ids.size).toBe(700);
  });

  it('what SOQL says: conditions in any case, relationships, order, limit, number', async () => {
    const { connection } = await open(30);
    const soql = `SELECT Id, Email, Profile.UserLicense.Name, Manager.Name FROM user
      WHERE (email LIKE 'PERSON1%' OR Email = 'Person2@acme.example') AND NOT Email IN ('person1@acme.example') AND IsActive = true
      AND CreatedDate < 2026-06-01T00:00:00Z ORDER BY Email DESC LIMIT 3`;
    const { records } = await connection.query(soql);
    expect(records.map(({ Email }) => Email)).toEqual([emailOf(2), emailOf(19), emailOf(18)]);
    expect(records[0]).toMatchObject({
      attributes: { type: 'User' },
      Profile: { UserLicense: { Name: 'Salesforce' } },
      Manager: null,
    });
    expect((await connection.query("SELECT COUNT() FROM User WHERE Name != 'Pat Person 3'")).totalSize).toBe(29);
  });

  it.each([
    ['SELECT Id FORM User', 'MALFORMED_QUERY'],
    ['SELECT Id, Nonsense FROM User', 'INVALID_FIELD'],
    ['SELECT Id FROM Nothing', 'INVALID_TYPE'],
  ])('that %s is refused with %s', async (soql, errorCode) => {
    const { connection } = await open(1);
    await expect(connection.query(soql)).rejects.toMatchObject({ errorCode });
  });

  it('limits, description and usage, which each answer carries', async () => {
    const { connection, simulator } = await open(1);
    expect((await connection.limits()).DailyApiRequests).toEqual({ Max: 100_000, Remaining: 99_999 });
    expect((await connection.describe('User')).fields.map(({ name }) => name)).toContain('FederationIdentifier');
    expect(connection.limitInfo.apiUsage).toEqual({ used: 2, limit: 100_000 });
    simulator.state.api.used = 100_000;
    await expect(connection.query('SELECT Id FROM User')).rejects.toMatchObject({ errorCode: 'REQUEST_LIMIT_EXCEEDED' });
  });

  it('that a cursor of two days ago has ended', async () => {
    let time = Date.now();
    const { connection } = await open(10, { pageSizes: [5], now: () => time });
    const { nextRecordsUrl = '' } = await connection.query('SELECT Id FROM User');
    time += 48 * hourMs;
    await expect(connection.queryMore(nextRecordsUrl)).rejects.toMatchObject({ errorCode: 'INVALID_QUERY_LOCATOR' });
  });
});

describe('jsforce on its own transport writes', () => {
  const emailIn = async (connection: Connection, Id: string) => (await connection.sobject('User').retrieve(Id)).Email;

  it('an email that stays as it was until the person clicks, within 72 hours', async () => {
    let time = Date.now();
    const { connection, simulator } = await open(2, { now: () => time });
    const { Id } = salesforceUser(1);
    const change = (Email: string) => connection.sobject('User').update({ Id, Email });
    expect(await change('new@acme.example')).toMatchObject({ success: true });
    expect(await emailIn(connection, Id)).toBe(emailOf(1));
    await control(simulator, { do: 'confirm-email', userId: Id });
    expect(await emailIn(connection, Id)).toBe('new@acme.example');
    await change('late@acme.example');
    time += 72 * hourMs;
    await control(simulator, { do: 'confirm-email', userId: Id });
    expect(await emailIn(connection, Id)).toBe('new@acme.example');
  });

  it('several at once, whose failures are rows of an answer with 200', async () => {
    const { connection, simulator } = await open(3);
    simulator.fault({ kind: 'quirk', quirk: 'locked-row', on: 'updates' });
    const [first, second, third] = [0, 1, 2].map((number) => salesforceUser(number).Id) as [string, string, string];
    const rows = await connection.sobject('User').update([
      { Id: first, Title: 'Director' },
      { Id: second, Title: 'Director' },
      { Id: third, Email: 'no address' },
    ]);
    expect(rows.map(({ success }) => success)).toEqual([false, true, false]);
    expect(JSON.stringify(rows)).toMatch(/UNABLE_TO_LOCK_ROW.*INVALID_EMAIL_ADDRESS/);
    expect((await connection.sobject('User').retrieve(second)).Title).toBe('Director');
  });

  it('no more than 200 at once, nobody who is not there, and no column that is not there', async () => {
    const { connection } = await open(1);
    const many = Array.from({ length: 201 }, (_, number) => ({ Id: salesforceUser(number).Id, Title: 'x' }));
    await expect(connection.sobject('User').update(many)).rejects.toMatchObject({ errorCode: 'EXCEEDED_ID_LIMIT' });
    await expect(connection.sobject('User').update({ Id: salesforceUser(9).Id, Title: 'x' })).rejects.toMatchObject({
      errorCode: 'NOT_FOUND',
    });
    await expect(connection.sobject('User').update({ Id: salesforceUser(0).Id, Nonsense: 'x' })).rejects.toMatchObject({
      errorCode: 'INVALID_FIELD',
    });
  });
});
