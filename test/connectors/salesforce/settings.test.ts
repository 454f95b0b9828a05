import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { refreshTokenFile, tokenRenewal } from '../../../connectors/keep-refresh-token.ts';
import { type Connection, connect } from '../../../connectors/registry.ts';
import { readConnections } from '../../../server/commands/read-connections.ts';
import { app, keys, people, salesforce } from './start.ts';

const { start } = salesforce();
const folder = mkdtempSync(path.join(tmpdir(), 'seatmatch-salesforce-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function connections(baseUrl: string, auth: string, more = ''): readonly Connection[] {
  const file = path.join(folder, 'seatmatch.config.yaml');
  writeFileSync(file, `connections:\n  - name: acme-salesforce\n    type: salesforce\n    baseUrl: ${baseUrl}\n    auth: ${auth}\n${more}`);
  return readConnections(file, { SECRET: app.clientSecret }).map((one) => connect(one));
}
async function count([connection]: readonly Connection[]): Promise<number> {
  if (connection?.side !== 'crm') throw new Error('A Salesforce org is a CRM.');
  return (await connection.connector.listUsers({ begin() {}, rows() {}, records() {} })).received;
}
const credentials = `{ grant: client_credentials, clientId: ${app.clientId}, clientSecret: "\${SECRET}" }`;

test('each grant of the configuration file opens the org', async () => {
  const { url } = await start(people(3));
  writeFileSync(path.join(folder, 'key.pem'), keys.privateKey);
  writeFileSync(path.join(folder, 'refresh'), '5Aep.refresh.0\n');
  expect(await count(connections(url, credentials))).toBe(3);
  const username = people(1)[0]!.Username;
  const jwt = `{ grant: jwt-bearer, clientId: ${app.clientId}, username: ${username}, privateKey: { file: key.pem } }`;
  expect(await count(connections(url, jwt))).toBe(3);
  const code = `{ grant: authorization_code, clientId: ${app.clientId}, clientSecret: "\${SECRET}", refreshTokenFile: refresh }`;
  expect(await count(connections(url, code))).toBe(3);
});

test('a rotated refresh token takes the place of the one in its file, which only its owner reads', async () => {
  const { url, state } = await start(people(3));
  const file = path.join(folder, 'rotating');
  writeFileSync(file, '5Aep.refresh.0\n');
  const auth = `{ grant: authorization_code, clientId: ${app.clientId}, clientSecret: "\${SECRET}", refreshTokenFile: rotating }`;
  for (let run = 0; run < 2; run++) expect(await count(connections(url, auth))).toBe(3);
  expect([...state.refreshTokens.keys()]).toEqual([readFileSync(file, 'utf8').trim()]);
  expect(statSync(file).mode & 0o077).toBe(0);
});

test('two processes never send one refresh token at once: to the vendor that is a stolen one', async () => {
  const file = path.join(folder, 'shared');
  writeFileSync(file, 'token-0\n');
  let underWay = 0;
  const rotate = tokenRenewal(refreshTokenFile(file), async (sent) => {
    underWay += 1;
    expect(underWay, 'one at a time').toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    underWay -= 1;
    return { access: sent, refreshToken: `token-${Number(sent.slice(6)) + 1}` };
  });
  const other = tokenRenewal(refreshTokenFile(file), async (sent) => ({
    access: sent,
    refreshToken: `token-${Number(sent.slice(6)) + 1}`,
  }));
  const { signal } = new AbortController();
  const sent = await Promise.all([rotate(signal), other(signal), rotate(signal), other(signal)]);
  expect(sent.toSorted()).toEqual(['token-0', 'token-1', 'token-2', 'token-3']);
  expect([readFileSync(file, 'utf8').trim(), existsSync(`${file}.lock`)]).toEqual(['token-4', false]);
});

test('the turn of a process that died is taken by the next one, and one that fails gives its turn back', async () => {
  const file = path.join(folder, 'left');
  writeFileSync(file, 'token-0\n');
  const { pid } = spawnSync(process.execPath, ['--version']);
  writeFileSync(`${file}.lock`, String(pid));
  const failing = tokenRenewal(refreshTokenFile(file), () => Promise.reject(new Error('refused')));
  const { signal } = new AbortController();
  await expect(failing(signal)).rejects.toThrow('refused');
  const renew = tokenRenewal(refreshTokenFile(file), async (sent) => ({ access: sent, refreshToken: null }));
  expect(await renew(signal)).toBe('token-0');
  expect(existsSync(`${file}.lock`)).toBe(false);
});

test('a refresh token that stands in the environment serves an app that does not rotate, and says so where it does', async () => {
  const auth = (token: string) =>
    `{ grant: authorization_code, clientId: ${app.clientId}, clientSecret: "\${SECRET}", refreshToken: { file: ${token} } }`;
  writeFileSync(path.join(folder, 'fixed'), '5Aep.refresh.0');
  expect(await count(connections((await start(people(3), { rotates: false })).url, auth('fixed')))).toBe(3);
  await expect(count(connections((await start(people(3))).url, auth('fixed')))).rejects.toMatchObject({
    code: 'not-supported',
    request: 'new refresh token',
  });
});

test.each([
  ['{ grant: password, clientId: a }', /auth\.grant is none of client_credentials, jwt-bearer, authorization_code/],
  ['{ grant: authorization_code, clientId: a }', /auth has either refreshToken or refreshTokenFile/],
  ['{ grant: client_credentials, clientId: a, clientSecret: open }', /is a secret and does not belong in this file/],
])('%s is refused in a sentence', (auth, sentence) => {
  expect(() => connections('https://acme.my.salesforce.com', auth)).toThrow(sentence);
});

test('a field of the company is named by its API name, and nothing else gets into a query', () => {
  const named = (name: string) =>
    connections('https://acme.my.salesforce.com', credentials, `    options: { columns: { confirmed: "${name}" } }\n`);
  expect(named('Came_In__c')).toHaveLength(1);
  expect(() => named('Id FROM User')).toThrow(/is not the API name of a field of User/);
});

test('an org id that is none is refused, and so are client credentials at the host for all orgs', () => {
  expect(() => connections('https://acme.my.salesforce.com', credentials, '    orgId: acme\n')).toThrow(/is not the id of an org/);
  expect(() => connections('https://login.salesforce.com', credentials)).toThrow(/My Domain/);
});
