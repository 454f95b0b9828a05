import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeAdminCenter } from '../../../connectors/linkedin-files/simulator/admin-center.ts';
import { type ScimSimulator, startScimSimulator } from '../../../connectors/linkedin-scim/simulator.ts';
import { startZohoSimulator, type ZohoSimulator } from '../../../connectors/zoho/simulator.ts';
import { configSchema } from '../../../server/commands/read-connections.ts';
import { type Ended, ended } from './ended.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const cli = path.join(root, 'server/cli.ts');
const folder = mkdtempSync(path.join(tmpdir(), 'seatmatch-connections-'));
let zoho: ZohoSimulator;
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

beforeAll(async () => {
  zoho = await startZohoSimulator({
    state: {
      org: { zgid: '655906806', company_name: 'Acme' },
      app: { clientId: 'one', clientSecret: 'very-secret' },
      users: people,
      refreshTokens: ['refresh-1'],
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
    expect(jsonLines(accounts.out)[1]).toMatchObject({ externalId: 'E1', userName: 'bo@oldco.example', active: true, kind: 'person' });
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
    expect(err).toContain('does not speak like Zoho');
    expect(err).toContain('do not use what was printed');
  });

  test('name the connections there are when one is asked for that is not, or on the wrong side', async () => {
    expect(await run(['users', '--connection', 'acme-zohoo'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('It has no connection "acme-zohoo". It has acme-zoho, navigator, export.'),
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
    const good = await run(['doctor', '--connection', 'acme-zoho']);
    expect(good).toMatchObject({ code: 0, out: expect.stringContaining('✓ rights         Zoho lets us read its 3 users.') });
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
    ['nothing', '', /the file/],
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
