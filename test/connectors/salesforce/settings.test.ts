import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { failureSentence } from '../../../connectors/check-line.ts';
import type { RequestFailed } from '../../../connectors/errors.ts';
import { refreshTokenFile, tokenRenewal } from '../../../connectors/keep-refresh-token.ts';
import { type Connection, connect } from '../../../connectors/registry.ts';
import { readConnections } from '../../../server/commands/read-connections.ts';
import { app, keys, people, salesforce } from './start.ts';

const { start } = salesforce();
const folder = mkdtempSync(path.join(tmpdir(), 'seatmatch-salesforce-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function connections(
  baseUrl: string,
  auth: string,
  more = '',
  environment: Record<string, string> = { SECRET: app.clientSecret },
): readonly Connection[] {
  const file = path.join(folder, 'seatmatch.config.yaml');
  writeFileSync(file, `connections:\n  - name: acme-salesforce\n    type: salesforce\n    baseUrl: ${baseUrl}\n    auth: ${auth}\n${more}`);
  return readConnections(file, environment).map((one) => connect(one));
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
  const sent = await Promise.all([rotate(signal), other(signal), rotate(signal), other(signal)]);
  expect(sent.toSorted()).toEqual(['token-0', 'token-1', 'token-2', 'token-3']);
  expect(readFileSync(file, 'utf8').trim()).toBe('token-4');
});

/** Another process that takes its turn, says so, and never gives it back. */
async function holder(file: string) {
  const module = path.resolve('connectors/keep-refresh-token.ts');
  const code = `import { refreshTokenFile } from ${JSON.stringify(module)};
    setInterval(() => {}, 1e6);
    await refreshTokenFile(${JSON.stringify(file)}).turn(() => { console.log('held'); return new Promise(() => {}); });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
const renewal = (file: string, patienceMs?: number) =>
  tokenRenewal(refreshTokenFile(file, patienceMs === undefined ? {} : { patienceMs }), async (sent) => ({
    access: sent,
    refreshToken: null,
  }));
const { signal } = new AbortController();

test('the turn of a process that was killed ends with it, and of several that wait one has it at a time; one that fails gives its turn back', async () => {
  const file = path.join(folder, 'left');
  writeFileSync(file, 'token-0\n');
  const other = await holder(file);
  let underWay = 0;
  const turns = [1, 2, 3].map(() =>
    refreshTokenFile(file).turn!(async () => {
      underWay += 1;
      expect(underWay, 'one at a time').toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
    }),
  );
  await other.kill();
  await Promise.all(turns);
  const failing = tokenRenewal(refreshTokenFile(file), () => Promise.reject(new Error('refused')));
  await expect(failing(signal)).rejects.toThrow('refused');
  expect(await renewal(file)(signal)).toBe('token-0');
});

test('a lock file that somebody left, empty or with the number of a process that lives (1 in a container that was started again), holds nobody up', async () => {
  const file = path.join(folder, 'container');
  writeFileSync(file, 'token-0\n');
  writeFileSync(`${file}.turn`, '');
  writeFileSync(`${file}.lock`, '1');
  expect(await renewal(file, 0)(signal)).toBe('token-0');
});

test('where another process has its turn for too long the sentence names the file and what to do, not the network', async () => {
  const file = path.join(folder, 'hanging');
  writeFileSync(file, 'token-0\n');
  const other = await holder(file);
  const refused = await renewal(file, 0)(signal).catch((error: unknown) => error);
  await other.kill();
  expect(failureSentence('Salesforce', refused as RequestFailed)).toBe(
    `Another process of Seatmatch is renewing the access and holds ${file}.turn. Find it and end it, where it hangs; its turn ends with it. Then try again.`,
  );
});

test('a folder that is missing is a sentence before anything is asked, and so are a file without a token and one that is no lock', async () => {
  const { url, requests } = await start(people(3));
  const told = async (file: string) => {
    const auth = `{ grant: authorization_code, clientId: ${app.clientId}, clientSecret: "\${SECRET}", refreshTokenFile: ${file} }`;
    const [connection] = connections(url, auth);
    return (await connection!.connector.check())[0]?.sentence;
  };
  expect(await told('nowhere/token')).toMatch(/^The folder \S+nowhere is not there or cannot be written to, .* Make the folder/);
  expect(await told('none')).toMatch(/^There is no refresh token in \S+none\. Sign in at the vendor/);
  writeFileSync(path.join(folder, 'odd'), 'token-0\n');
  writeFileSync(path.join(folder, 'odd.turn'), 'This was a diary, and is not a database at all.');
  expect(await told('odd')).toMatch(/odd\.turn is no lock of Seatmatch\. Remove it/);
  expect(requests).toEqual([]);
});

test('a new refresh token of a process that was killed before it was in its place is used, and half of one is not', async () => {
  const file = path.join(folder, 'killed');
  writeFileSync(file, 'token-0\n');
  writeFileSync(`${file}.new`, 'token-1\n');
  expect(await renewal(file)(signal)).toBe('token-1');
  writeFileSync(`${file}.new`, 'tok');
  expect(await renewal(file)(signal)).toBe('token-0');
  // Whoever signed in since then has put a newer one there.
  writeFileSync(`${file}.new`, 'token-1\n');
  utimesSync(`${file}.new`, 1, 1);
  expect(await renewal(file)(signal)).toBe('token-0');
});

const codeGrant = (token: string) =>
  `{ grant: authorization_code, clientId: ${app.clientId}, clientSecret: "\${SECRET}", refreshToken: ${token} }`;

test('a refresh token named as a secret in a file, as the issue writes it, outlives an app that rotates: the new one is written there', async () => {
  const { url, state } = await start(people(3));
  const file = path.join(folder, 'secret');
  writeFileSync(file, '5Aep.refresh.0', { mode: 0o644 });
  for (let run = 0; run < 3; run++) expect(await count(connections(url, codeGrant('{ file: secret }')))).toBe(3);
  expect([...state.refreshTokens.keys()]).toEqual([readFileSync(file, 'utf8').trim()]);
  expect(statSync(file).mode & 0o077).toBe(0);
});

test('a refresh token of the environment that the app rotates is not lost in silence: its access is used, and what to do is said once', async () => {
  const { url } = await start(people(3), { rotates: true });
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on('warning', onWarning);
  const environment = { SECRET: app.clientSecret, REFRESH: '5Aep.refresh.0' };
  const open = () => connections(url, codeGrant(`"\${REFRESH}"`), '', environment);
  const opened = open();
  try {
    expect(await count(opened)).toBe(3);
    // Its access has ended, and the token that came goes on.
    await opened[0]!.connector.check();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off('warning', onWarning);
  }
  const sentence =
    'The vendor replaced the refresh token of acme-salesforce, and the new one cannot be stored where the old one stands. This process goes on with it; the next one will be refused. Sign in again, put the new refresh token into a file, and name the file as refreshTokenFile.';
  expect(warnings.map(({ message }) => message)).toEqual([sentence]);
  expect(await opened[0]!.connector.check()).toContainEqual({ what: 'token-end', verdict: 'bad', sentence });
  await expect(count(open())).rejects.toMatchObject({ code: 'unauthorized' });
});

test('a refresh token of the environment serves an app that does not rotate, again and again', async () => {
  const { url } = await start(people(3), { rotates: false });
  const environment = { SECRET: app.clientSecret, REFRESH: '5Aep.refresh.0' };
  for (let run = 0; run < 2; run++) expect(await count(connections(url, codeGrant(`"\${REFRESH}"`), '', environment))).toBe(3);
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
