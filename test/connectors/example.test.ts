import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { checkLine } from '../../connectors/check-line.ts';
import { type CrmConnector, filled, type UserField } from '../../connectors/connector.ts';
import { rateLimiter } from '../../connectors/rate-limit.ts';
import { readPages } from '../../connectors/read-pages.ts';
import { baseAddress, parsed, requestSender, type SenderOptions } from '../../connectors/send-request.ts';
import { serveSimulator } from '../../connectors/serve-simulator.ts';
import { patienceOf } from '../../connectors/wait-out.ts';
import { ended } from '../server/commands/ended.ts';
import { crmConnectorContract } from './contract.ts';

/** A CRM that does not exist, connected as connectors/README.md says: `GET /people?from=N&count=N` and a bearer token. */

// begin of the settings
const exampleSettings = <Secret extends z.ZodType>(secret: Secret) =>
  z.strictObject({ type: z.literal('example'), baseUrl: z.url(), auth: z.strictObject({ token: secret }) });

// begin of the connector
interface ExampleOptions extends Pick<SenderOptions, 'retries' | 'timeoutMs' | 'limiter'> {
  readonly name: string;
  readonly baseUrl: string;
  /** Asked for again, with the refused one, when it was not accepted. */
  readonly token: (refused: string | null) => string;
  readonly pageSize?: number;
  readonly longestWaitSeconds?: number;
}
const fields: readonly UserField[] = ['id', 'email', 'active'];
const person = z.object({ id: z.string(), mail: z.string().nullish(), works: z.boolean() });
const page = z.object({ people: z.array(person), next: z.string().nullable(), total: z.int() });
const company = z.object({ id: z.string(), name: z.string() });

function exampleConnector({ name, baseUrl, token, pageSize = 100, ...options }: ExampleOptions): CrmConnector {
  const base = baseAddress(baseUrl, 'The address of Example');
  const limiter = options.limiter ?? rateLimiter({ concurrent: 4 });
  const send = requestSender({
    ...options,
    limiter,
    mayReach: ({ origin }) => origin === base.origin,
    authorization: (refused) => `Bearer ${token(refused?.slice('Bearer '.length) ?? null)}`,
  });
  const read = <Shape extends z.ZodType>(request: string, path: string, shape: Shape, signal?: AbortSignal): Promise<z.output<Shape>> =>
    send({ request, method: 'GET', url: new URL(path, base), isSafe: true }, signal, (answer) => parsed(request, shape, answer));
  const origin: CrmConnector['origin'] = async ({ signal } = {}) => ({
    ...(await read('company', 'company', company, signal)),
    isTest: false,
  });

  return {
    capabilities: { changedSince: false, tellsTotal: true, updateEmail: 'guided' },
    origin,
    async listUsers(into, call = {}) {
      const asOf = new Date().toISOString();
      into.begin(fields);
      const { total, ...told } = await readPages<z.output<typeof person>>({
        request: 'users',
        first: '0',
        patience: patienceOf(options, call),
        readPage: async (from, { signal }) => {
          const { people, next, total } = await read('users', `people?from=${from}&count=${pageSize}`, page, signal);
          return { records: people, next, total };
        },
        idOf: ({ id }) => id,
        into: (people) => into.records(people.map(({ id, mail, works }) => filled<UserField>({ id, email: mail, active: String(works) }))),
      });
      return { kind: 'listing', source: name, ...told, expected: total, rejected: 0, leftOut: {}, asOf, sha256: null };
    },
    check: async (call = {}) => [
      await checkLine(
        'Example',
        'origin',
        () => origin(call),
        ({ name }) => `${name} answers.`,
      ),
      { what: 'api-budget', verdict: 'unknown', sentence: 'Example does not tell how much may still be asked.' },
    ],
    budget: () => null,
  };
}
// end of the connector

const emailOf = (n: number): string => `person${n}@acme.example`;

async function startExample(count: number, { requestsPerToken = Number.POSITIVE_INFINITY } = {}) {
  const left = new Map([
    ['token-1', requestsPerToken],
    ['token-2', Number.POSITIVE_INFINITY],
  ]);
  return serveSimulator({
    quirks: ['repeat', 'short', 'shrink', 'error'],
    notFound: { status: 404 },
    kindOf: ({ url }) => ({ '/people': 'people', '/company': 'company' })[url.pathname] ?? null,
    answer(kind, { url, headers }, quirks) {
      const token = headers.authorization?.slice('Bearer '.length) ?? '';
      const some = left.get(token) ?? 0;
      if (some === 0) return { status: 401 };
      left.set(token, some - 1);
      if (kind === 'company') return { status: 200, body: { id: 'acme', name: 'Acme' } };
      if (quirks.has('error')) return { status: 200, body: { error: 'odd' } };
      const from = Number(url.searchParams.get('from'));
      const to = Math.min(count, from + Number(url.searchParams.get('count')));
      const shown = quirks.has('repeat') ? 0 : from;
      const people = Array.from({ length: to - from }, (_, n) => ({ id: `id-${shown + n}`, mail: emailOf(shown + n), works: true }));
      const total = quirks.has('shrink') ? count - 1 : count;
      return { status: 200, body: { people: quirks.has('short') ? people.slice(1) : people, next: to < count ? String(to) : null, total } };
    },
  });
}

crmConnectorContract({
  name: 'An example of sixty lines',
  pageRequest: 'people',
  emailOf,
  secrets: ['token-1', 'token-2'],
  async start(people, options) {
    const simulator = await startExample(people, options);
    const { baseUrl } = exampleSettings(z.string()).parse({ type: 'example', baseUrl: simulator.url, auth: { token: 'token-1' } });
    return {
      simulator,
      connect: (given) =>
        exampleConnector({
          name: 'example',
          baseUrl,
          token: (refused) => (refused === null ? 'token-1' : 'token-2'),
          ...given,
        }),
    };
  },
  wrong: {
    repeatedCursor: { kind: 'quirk', quirk: 'repeat' },
    shortPage: { kind: 'quirk', quirk: 'short' },
    shrunkenTotal: { kind: 'quirk', quirk: 'shrink' },
    leftOutOnce: null,
    errorInside: { kind: 'quirk', quirk: 'error' },
    foreignNextPage: null,
    tooMany: { kind: 'status', status: 429 },
  },
});

const root = path.resolve(import.meta.dirname, '../..');

/** The registry with what step 3 says, but for the lines that hold `without`. */
function registryWithExample(without?: string): string {
  const made = 'exampleConnector({ ...settings, token: () => settings.auth.token })';
  const lines = [
    ["import { z } from 'zod';\n", "import { exampleConnector, exampleSettings } from './example/connector.ts';\n"],
    ["z.discriminatedUnion('type', [\n", 'exampleSettings(secret).extend({ name }),\n'],
    ["Readonly<Record<ConnectionSettings['type'], ConnectionType>> = {\n", "example: crmOf('Example', 'example'),\n"],
    ['switch (settings.type) {\n', `case 'example': return { name, type, vendor: 'Example', side: 'crm', connector: ${made} };\n`],
  ] as const;
  let registry = readFileSync(path.join(root, 'connectors/registry.ts'), 'utf8');
  for (const [after, line] of lines) {
    expect(registry).toContain(after);
    if (without === undefined || !line.includes(without)) registry = registry.replace(after, `${after}${line}`);
  }
  return registry;
}

test('its settings and its place in the registry are all that the server and the command line need, and with half of that nothing compiles', async () => {
  const copy = mkdtempSync(path.join(tmpdir(), 'seatmatch-example-'));
  const inCopy = (...names: string[]): string => path.join(copy, ...names);
  try {
    for (const folder of ['connectors', 'server']) cpSync(path.join(root, folder), inCopy(folder), { recursive: true });
    for (const file of ['package.json', 'tsconfig.json']) cpSync(path.join(root, file), inCopy(file));
    symlinkSync(path.join(root, 'node_modules'), inCopy('node_modules'));
    const own = readFileSync(import.meta.filename, 'utf8');
    const imports = own.split('\n').filter((line) => /^import .*(connectors\/|'zod')/.test(line) && !line.includes('simulator'));
    const body = own.slice(own.indexOf('// begin of the settings'), own.indexOf('// end of the connector'));
    mkdirSync(inCopy('connectors/example'));
    writeFileSync(
      inCopy('connectors/example/connector.ts'),
      [
        ...imports.map((line) => line.replace('../../connectors/', '../')),
        body.replaceAll(/^(const exampleSettings|function)/gm, 'export $1'),
      ].join('\n'),
    );
    writeFileSync(
      inCopy('tsconfig.example.json'),
      JSON.stringify({ extends: './tsconfig.json', include: ['connectors/**/*.d.ts', 'server/commands/connection-kinds.ts'] }),
    );
    const run = (...args: string[]) =>
      ended(
        spawn(process.execPath, args, { cwd: copy, env: { ...process.env, EXAMPLE_TOKEN: 'token-1' }, stdio: ['ignore', 'pipe', 'pipe'] }),
      );
    const compile = (without?: string) => {
      writeFileSync(inCopy('connectors/registry.ts'), registryWithExample(without));
      return run('node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.example.json');
    };
    expect((await compile('crmOf')).out).toMatch(/registry\.ts.*'example' is missing/s);
    expect(await compile()).toMatchObject({ code: 0, out: '' });

    const simulator = await startExample(1);
    const acme = { name: 'acme', type: 'example', baseUrl: simulator.url, auth: { token: '$' + '{EXAMPLE_TOKEN}' } };
    writeFileSync(inCopy('seatmatch.config.json'), JSON.stringify({ connections: [acme] }));
    const { out, err } = await run('server/cli.ts', 'users', '--connection', 'acme');
    await simulator.close();
    expect(JSON.parse(out), err).toMatchObject({ id: 'id-0', emails: [{ value: emailOf(0) }] });
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}, 240_000);

test('it takes no more than sixty lines', () => {
  const lines = readFileSync(import.meta.filename, 'utf8').split('\n');
  const begin = lines.indexOf('// begin of the connector');
  expect(lines.indexOf('// end of the connector') - begin - 1).toBeLessThanOrEqual(60);
});
