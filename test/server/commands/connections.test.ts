import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DynamicsSimulator, type DynamicsUser, startDynamicsSimulator } from '../../../connectors/dynamics/simulator.ts';
import { makeAdminCenter } from '../../../connectors/linkedin-files/simulator/admin-center.ts';
import { type ScimSimulator, startScimSimulator } from '../../../connectors/linkedin-scim/simulator.ts';
import { startZohoSimulator, type ZohoSimulator } from '../../../connectors/zoho/simulator.ts';
import { configSchema, readConnections } from '../../../server/commands/read-connections.ts';
import { type Ended, ended } from './ended.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const cli = path.join(root, 'server/cli.ts');
const folder = mkdtempSync(path.join(tmpdir(), 'seatmatch-connections-'));
let zoho: ZohoSimulator;
let dynamics: DynamicsSimulator;
let scim: ScimSimulator;

const people = ['ann', 'bo', 'cem'].map((name, n) => ({
  id: `415086800000022500${n}`,
  email: `${name}@acme.example`,
  first_name: name,
  last_name: 'Roe',
  status: 'active' as const,
  confirm: true,
  created_time: '2026-11-01T09:00:00Z',
  Modified_Time: '2026-11-01T09:00:00Z',
}));

const guid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const systemUser = (n: number): DynamicsUser => ({
  systemuserid: guid(n),
  fullname: `Pat Roe ${n}`,
  firstname: 'Pat',
  lastname: 'Roe',
  internalemailaddress: `pat${n}@acme.example`,
  domainname: `pat${n}@acme.example`,
  isdisabled: false,
  accessmode: 0,
  azureactivedirectoryobjectid: null,
  applicationid: null,
  isintegrationuser: false,
  employeeid: null,
  jobtitle: null,
  createdon: '2026-11-01T09:00:00Z',
  modifiedon: '2026-11-01T09:00:00Z',
});

beforeAll(async () => {
  zoho = await startZohoSimulator({
    state: {
      org: { zgid: '655906806', company_name: 'Acme' },
      app: { clientId: 'one', clientSecret: 'very-secret' },
      users: people,
      refreshTokens: ['refresh-1'],
    },
  });
  dynamics = await startDynamicsSimulator({
    state: {
      tenantId: 'acme',
      clientId: 'one',
      clientSecret: 'very-secret',
      organisation: { OrganizationId: guid(42), FriendlyName: 'Acme', OrganizationType: 'Customer' },
      users: [systemUser(0), systemUser(1), { ...systemUser(2), applicationid: guid(9) }, { ...systemUser(3), accessmode: 3 }],
      readsUsers: true,
    },
  });
  const center = makeAdminCenter({
    now: '2026-11-21T09:00:00.000Z',
    people: ['ann@acme.example', 'bo@oldco.example'].map((profileEmail, n) => ({
      profileEmail,
      uniqueUserId: `E${n}`,
      license: 'activated',
    })),
  });
  scim = await startScimSimulator({ center });
});
beforeEach(() => {
  put('seatmatch.config.yaml', usual());
});
afterAll(async () => {
  await zoho.close();
  await dynamics.close();
  await scim.close();
  rmSync(folder, { recursive: true, force: true });
});

const put = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);
const usual = (): string => `connections:
  - name: acme-zoho
    type: zoho
    dataCenter: eu
    accountsUrl: ${zoho.url}
    apiUrl: ${zoho.url}
    auth: { clientId: one, clientSecret: { file: zoho-secret }, refreshToken: "\${ZOHO_REFRESH}" }
  - name: navigator
    type: linkedin-scim
    baseUrl: ${scim.url}
    auth: { token: "\${SCIM_TOKEN}" }
    options: { list: true }
  - name: acme-dynamics
    type: dynamics
    baseUrl: ${dynamics.url}
    auth: { tenantId: acme, clientId: one, clientSecret: { file: zoho-secret }, tokenUrl: ${dynamics.url}/acme/oauth2/v2.0/token }
  - { name: export, type: crm-csv, file: crm.csv }
`;

const secrets = { ZOHO_REFRESH: 'refresh-1', SCIM_TOKEN: 'scim-token' };
const run = (args: readonly string[], environment: Record<string, string> = secrets): Promise<Ended> =>
  ended(spawn(process.execPath, [cli, ...args], { cwd: folder, env: { ...process.env, ...environment } }));
const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

put('zoho-secret', 'very-secret\n');
put('crm.csv', 'Id,Email,FirstName,IsActive,EmployeeNumber\nu1,dee@acme.example,"Dee ""D""",true,E7\n');

describe('users and accounts', () => {
  test('end with code 1 and without a complaint when the reader has enough', async () => {
    put('many.csv', `Id,Email\n${Array.from({ length: 20_000 }, (_, row) => `u${row},p${row}@acme.example`).join('\n')}\n`);
    put('many.json', JSON.stringify({ connections: [{ name: 'export', type: 'crm-csv', file: 'many.csv' }] }));
    const child = spawn(process.execPath, [cli, '--config', 'many.json', 'users', '--connection', 'export'], { cwd: folder });
    child.stdout.once('data', () => child.stdout.destroy());
    let err = '';
    child.stderr.on('data', (text: Buffer) => {
      err += text.toString();
    });
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).toBe(1);
    expect(err).not.toMatch(/EPIPE|Error/u);
  });

  test('print one SCIM-shaped line a person, and the proof as the last line of the error stream', async () => {
    const { code, out, err } = await run(['users', '--connection', 'acme-zoho']);
    expect(code).toBe(0);
    expect(jsonLines(out)).toHaveLength(3);
    expect(jsonLines(out)[0]).toEqual({
      id: people[0]!.id,
      displayName: 'ann Roe',
      name: { givenName: 'ann', familyName: 'Roe' },
      emails: [{ value: 'ann@acme.example', type: 'work', primary: true }],
      active: true,
      kind: 'person',
    });
    expect(jsonLines(err).at(-1)).toMatchObject({ kind: 'listing', source: 'acme-zoho', received: 3, expected: 3 });

    const accounts = await run(['accounts', '--connection', 'navigator']);
    expect(accounts.code).toBe(0);
    expect(jsonLines(accounts.out)[1]).toMatchObject({
      id: expect.stringMatching(/\w/u),
      externalId: 'E1',
      userName: 'bo@oldco.example',
      active: true,
      kind: 'person',
    });
    expect(jsonLines(accounts.err).at(-1)).toMatchObject({ source: 'navigator', received: 2, expected: 2 });
  });

  test('read a file as a connection too', async () => {
    const { out, err } = await run(['users', '--connection', 'export']);
    expect(jsonLines(out)).toEqual([
      {
        id: 'u1',
        externalId: 'E7',
        name: { givenName: 'Dee "D"' },
        emails: [{ value: 'dee@acme.example', type: 'work', primary: true }],
        active: true,
        kind: 'person',
      },
    ]);
    expect(jsonLines(err).at(-1)).toMatchObject({ kind: 'file', received: 1 });
  });

  test('exit 1 and say why when a list cannot be proven whole, whatever was printed', async () => {
    zoho.fault({ kind: 'quirk', quirk: 'error-in-200', on: 'users', times: 20 });
    const { code, err } = await run(['users', '--connection', 'acme-zoho']);
    zoho.clearFaults();
    expect(code).toBe(1);
    expect(err).toContain('Zoho sent an error in the place of users, and said with HTTP 200 that all is well. Try again later');
    expect(err, 'The address is right.').not.toContain('address');
    expect(err).toContain('do not use what was printed');
  });

  test('refuse a time that is none before anybody is asked, and say where changes cannot be asked for', async () => {
    const refused = await run(['users', '--connection', 'acme-zoho', '--changed-since', 'yesterday']);
    expect(refused).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('"yesterday" is no time. Write it as 2026-11-20T09:00:00Z'),
    });
    const accounts = await run(['accounts', '--connection', 'navigator', '--changed-since', '2026-11-20']);
    expect(accounts).toMatchObject({ code: 1, out: '', err: expect.stringContaining('LinkedIn does not tell what changed') });
    const file = await run(['users', '--connection', 'export', '--changed-since', '2026-11-20']);
    expect(file).toMatchObject({ code: 1, out: '', err: expect.stringContaining('The file cannot be asked for what changed') });
  });

  test('mark the proof of a list of changes: it proves no whole list', async () => {
    const { code, err } = await run(['users', '--connection', 'acme-dynamics', '--changed-since', '2026-11-01']);
    expect(code, err).toBe(0);
    expect(jsonLines(err).at(-1)).toMatchObject({
      changedSince: '2026-10-31T23:50:00.000Z',
      sentence: expect.stringMatching(/Only what changed since 2026-10-31T23:50:00\.000Z was asked for: this proves no whole list\.$/u),
    });
  });

  test('wait for a reader who is slow: a long list would not fit into so small a heap, and is printed whole all the same', async () => {
    const lines = 200_000;
    const title = 'a'.repeat(120);
    const rows = Array.from({ length: lines }, (_, row) => `u${row},${title}${row}@acme.example`);
    put('slow.csv', `Id,Email\n${rows.join('\n')}\n`);
    put('slow.json', JSON.stringify({ connections: [{ name: 'slow', type: 'crm-csv', file: 'slow.csv' }] }));
    const child = spawn(process.execPath, ['--max-old-space-size=40', cli, 'users', '--config', 'slow.json', '--connection', 'slow'], {
      cwd: folder,
    });
    const closed = once(child, 'close');
    let err = '';
    child.stderr.on('data', (text: Buffer) => {
      err += text.toString();
    });
    let count = 0;
    for await (const chunk of child.stdout) for (const byte of chunk as Buffer) if (byte === 10) count += 1;
    expect(await closed, err).toEqual([0, null]);
    expect(count).toBe(lines);
  });

  test('and reconcile take a connection’s name; plan reads files alone, and says so of --config', async () => {
    const help = await run(['plan', '--help']);
    expect(help.out).toContain('--crm <file>');
    expect(help.out).not.toMatch(/connection|--config/u);
    expect((await run(['--config', 'seatmatch.config.yaml', 'plan'])).err).toContain('plan reads no connections: leave --config out');
  });

  test('name the connections there are when one is asked for that is not, or on the wrong side', async () => {
    expect(await run(['users', '--connection', 'acme-zohoo'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('It has no connection "acme-zohoo". It has acme-zoho, navigator, acme-dynamics, export.'),
    });
    expect((await run(['users', '--connection', 'navigator'])).err).toContain('List them with seatmatch accounts');
  });
});

describe('reconcile', () => {
  test('looks people up in another CRM by its connection', async () => {
    put('crm.csv', 'Id,Email,Name,IsActive,UserType\nu1,someone@acme.example,Some One,true,Standard\n');
    const { code, out, err } = await run([
      'reconcile',
      '--crm',
      'crm.csv',
      '--licenses',
      'navigator',
      '--other-crm',
      'acme-zoho',
      '--format',
      'jsonl',
    ]);
    expect(code, err).toBe(0);
    expect(jsonLines(out)[0]).toMatchObject({
      reason: 'in-other-crm',
      otherCrmUsers: [{ crmName: 'Zoho CRM', id: people[0]!.id, name: 'ann Roe' }],
    });
  });

  test('compares two connections, and a connection with a file', async () => {
    const { code, out, err } = await run(['reconcile', '--crm', 'acme-zoho', '--licenses', 'navigator']);
    expect(code, err).toBe(0);
    const rows = out
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    expect(rows.map(([status, reason, , email]) => [email, status, reason])).toEqual([
      ['ann@acme.example', 'matched', 'emails-agree'],
      ['bo@oldco.example', 'not-matched', 'no-crm-user'],
    ]);
    expect((await run(['reconcile', '--crm', 'export', '--licenses', 'navigator'])).code).toBe(0);
  });

  test('counts who was left out because they are no people, in words and in the summary, and says how sure the list is', async () => {
    const { code, err } = await run(['reconcile', '--crm', 'acme-dynamics', '--licenses', 'navigator']);
    expect(code, err).toBe(0);
    expect(err).toContain('Compared with 2 CRM users.');
    expect(err).toContain('2 CRM users that are not people (integration, portal …)');
    expect(err).toContain('acme-dynamics: 2 and 2 that are no people, read to the last of 1 page, of 4 announced: complete.');
    const json = await run(['reconcile', '--crm', 'acme-dynamics', '--licenses', 'navigator', '--json']);
    expect(JSON.parse(json.err)).toMatchObject({
      summary: { crmUsers: 2, countedOnly: { 'crm:not-people': 2 } },
      proofs: { crm: { received: 2, expected: 4, leftOut: { integration: 1, support: 1 } } },
    });
  });

  test('says that a system told no total, so that somebody may be missing from a list that was read to its end', async () => {
    dynamics.state.users = Array.from({ length: 5_000 }, (_, n) => systemUser(n));
    const untold =
      'acme-dynamics: 5,000, read to the last of 1 page. The system does not tell how many there are, so somebody may be missing: nobody loses a license for not being found there.';
    const listed = await run(['users', '--connection', 'acme-dynamics']);
    expect(jsonLines(listed.err).at(-1)).toMatchObject({ received: 5_000, expected: null, sentence: untold });
    expect((await run(['reconcile', '--crm', 'acme-dynamics', '--licenses', 'navigator'])).err).toContain(untold);
  });

  test('says what to do when a connection fails, and writes no report', async () => {
    const { code, out, err } = await run(['reconcile', '--crm', 'acme-zoho', '--licenses', 'navigator'], {
      ...secrets,
      SCIM_TOKEN: 'ended',
    });
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toContain('navigator: LinkedIn does not accept the access.');
  });
});

describe('doctor', () => {
  test('checks every connection, and exits 1 where something has to be done', async () => {
    const good = await run(['doctor', '--connection', 'acme-zoho'], { ZOHO_REFRESH: 'refresh-1' });
    expect(good).toMatchObject({ code: 0, out: expect.stringContaining('✓ rights         Zoho lets us read its 3 users.') });
    const missing = await run(['doctor'], { ZOHO_REFRESH: 'refresh-1' });
    expect(missing.code).toBe(1);
    expect(missing.out, 'the others are checked').toContain('✓ rights         Zoho lets us read its 3 users.');
    expect(missing.out).toMatch(
      /navigator\n {2}✗ access {9}In the configuration file, line \d+, connections\.1\.auth\.token stands in the variable SCIM_TOKEN/u,
    );
    const bad = await run(['doctor', '--json'], { ...secrets, SCIM_TOKEN: 'ended' });
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.out)).toContainEqual(expect.objectContaining({ connection: 'navigator' }));
    expect(bad.out).toContain('Make a new one in Admin Center');
    for (const secret of ['very-secret', 'refresh-1', 'ended"']) expect(bad.out).not.toContain(secret);
  });
});

describe('the configuration file', () => {
  test('says everything that is wrong at once, each with its line', async () => {
    put(
      'seatmatch.config.yaml',
      `connections:
  - name: Acme Zoho
    type: zoho
    dataCenter: mars
    auth: { clientId: one, clientSecret: very-secret, refreshToken: "\${NOT_SET}" }
  - { name: x, type: salesfroce }
  - { name: export, type: crm-csv, file: crm.csv, colour: blue }
  - { name: 7, type: linkedin-scim, auth: { token: "\${SCIM_TOKEN}" }, options: { list: maybe, lookUpBy: [], pageSize: 5000, requestsPerSecond: many } }
`,
    );
    const { code, err } = await run(['doctor']);
    expect(code).toBe(1);
    expect(err).toContain('line 2, connections.0.name is made of small letters, digits and hyphens');
    expect(err).toContain('line 4, connections.0.dataCenter is none of com, eu');
    expect(err).toContain('line 5, connections.0.auth.clientSecret is a secret and does not belong in this file');
    expect(err).toContain('line 5, connections.0.auth.refreshToken stands in the variable NOT_SET, which is not set');
    expect(err).toMatch(/line 6, connections\.1\.type is none of [a-z, -]*zoho, [a-z, -]*crm-csv, linkedin-scim/);
    expect(err).toContain('line 7, connections.2.colour is not known here');
    expect(err, 'A wrong type is not missing.').toContain('line 8, connections.3.name has to be a text');
    expect(err).toContain('line 8, connections.3.options.list has to be true or false');
    expect(err).toContain('line 8, connections.3.options.lookUpBy is empty');
    expect(err).toContain('line 8, connections.3.options.pageSize is above 1000');
    expect(err).toContain('line 8, connections.3.options.requestsPerSecond has to be a number');
    expect(err, 'zod’s own words').not.toMatch(/expected|received|Invalid|Too/u);
    expect(err, 'a secret is not repeated').not.toContain('very-secret');
  });

  test.each([
    ['broken YAML', 'connections: [', /Line \d+, column \d+: this is not YAML/],
    [
      'two connections of one name',
      'connections:\n  - { name: a, type: crm-csv, file: b }\n  - { name: a, type: crm-csv, file: c }\n',
      /line 3, connections\.1\.name is the name of another connection too: a/,
    ],
    [
      'an address that would send a token in the clear',
      'connections:\n  - { name: a, type: linkedin-scim, baseUrl: "http://acme.example", auth: { token: { file: zoho-secret } } }\n',
      /must begin with https/,
    ],
    ['aliases', 'connections: &a\n  - { name: a, type: crm-csv, file: b }\nmore: *a\n', /alias/],
    ['nothing', '', /It names no connections: write connections: and below it a list/],
    ['a list in the place of a map', '[]', /It names no connections/],
    ['no connection', 'connections: []\n', /line 1, connections is empty/],
  ])('is refused with a sentence for %s', async (_, text, sentence) => {
    put('seatmatch.config.yaml', text);
    const { code, err } = await run(['doctor']);
    expect(code).toBe(1);
    expect(err).toMatch(sentence);
    expect(err).not.toContain('    at ');
  });

  test('has the JSON Schema that stands in manifests/ (scripts/write-config-schema.ts writes it)', () => {
    expect(JSON.parse(readFileSync(path.join(root, 'manifests/seatmatch.config.schema.json'), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(configSchema())),
    );
  });

  test('may name a secret in braces without quotes, as YAML does not, and a comment or a quoted text stays what it is', () => {
    put(
      'bare.yaml',
      `connections: # token: \${NOBODY}
  - { name: one, type: hubspot, auth: { token: \${ONE} } }
  - {name: two, type: linkedin-scim, auth: {token: \${TWO}}, options: { assigns: ["a, \${ONE}, b"] }}
  - name: three
    type: hubspot
    auth:
      token: \${ONE} # the same
`,
    );
    const read = readConnections(path.join(folder, 'bare.yaml'), { ONE: 'first', TWO: 'second' });
    expect(read).toMatchObject([
      { auth: { token: 'first' } },
      { auth: { token: 'second' }, options: { assigns: [expect.stringMatching(/^a, .{6}, b$/u)] } },
      { auth: { token: 'first' } },
    ]);
  });

  test('is called by what it is where it cannot be read', () => {
    put('broken.json', '{ "connections": [ }');
    expect(() => readConnections(path.join(folder, 'broken.json'), {})).toThrow(/Line 1, column \d+: this is not JSON/u);
  });

  test('may be JSON, by another name', async () => {
    put('other.json', JSON.stringify({ connections: [{ name: 'export', type: 'crm-csv', file: 'crm.csv' }] }));
    expect(await run(['doctor', '--config', 'other.json'])).toMatchObject({ code: 0, out: expect.stringContaining('can be read') });
    expect((await run(['doctor', '--config', 'missing.yaml'])).err).toContain('This file cannot be read');
    expect(await run(['--config', 'other.json', 'doctor'])).toMatchObject({ code: 0, out: expect.stringContaining('can be read') });
    expect(await run(['--config', 'other.json', 'status'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('status reads no connections'),
    });
  });
});
