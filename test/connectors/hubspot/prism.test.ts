/** Prism between the connector and the simulator: it did not see either of them, and judges both by what HubSpot's own SDK knows. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger } from '@stoplight/prism-core';
import { getHttpOperationsFromSpec, type IHttpProxyConfig } from '@stoplight/prism-http';
import { createClientFromOperations, type PrismHttp } from '@stoplight/prism-http/dist/client.js';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { UserRecord } from '../../../connectors/connector.ts';
import { type HubSpotAuth, hubSpotConnector } from '../../../connectors/hubspot/connector.ts';
import { type HubSpotSimulator, startHubSpotSimulator } from '../../../connectors/hubspot/simulator.ts';
import { simulatedCompany } from '../../../server/demo/simulated-company.ts';
import { openApiOfSdk } from './openapi-of-sdk.ts';

const document = openApiOfSdk();
const { hubspot: state } = simulatedCompany(300, 1, Date.UTC(2026, 10, 21), () => 'hubspot-secret');
const [portal] = state.portals;
const app = { clientId: state.app.clientId, clientSecret: state.app.clientSecret };

const form = { 'content-type': 'application/x-www-form-urlencoded' };

let simulator: HubSpotSimulator;
let prism: PrismHttp;
let between: Server;
/** What went through, and what Prism found wrong with it: the request first, then the answer. */
const judged: { readonly request: string; readonly named: readonly string[]; readonly wrong: readonly string[] }[] = [];

beforeAll(async () => {
  simulator = await startHubSpotSimulator({ state });
  const config: IHttpProxyConfig = {
    isProxy: true,
    upstream: new URL(simulator.url),
    upstreamProxy: undefined,
    mock: { dynamic: false },
    checkSecurity: true,
    validateRequest: true,
    validateResponse: true,
    errors: false,
  };
  const logger = createLogger('prism', {}, { write() {} });
  prism = createClientFromOperations(await getHttpOperationsFromSpec(document), { ...config, logger });
  between = createServer((incoming, outgoing) => {
    judge(incoming).then(
      ({ status, headers, data }) => {
        const body = data === undefined ? '' : JSON.stringify(data);
        outgoing.writeHead(status, { 'content-type': headers?.['content-type'] ?? 'application/json' }).end(body);
      },
      (error: unknown) => outgoing.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  judged.length = 0;
});
afterAll(async () => {
  between.close();
  await simulator.close();
});

async function judge(incoming: IncomingMessage) {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://between');
  const method = incoming.method === 'POST' ? 'post' : 'get';
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  const answer = await prism.request(incoming.url ?? '/', { method, headers, ...(body === '' ? {} : { body }) });
  const wrong = [...answer.violations.input, ...answer.violations.output].map(
    ({ path, message }) => `${path?.join('.') ?? ''}: ${message}`,
  );
  judged.push({ request: `${method} ${pathname}`, named: [...searchParams.keys(), ...new URLSearchParams(body).keys()], wrong });
  return answer;
}

const connect = (auth: HubSpotAuth) =>
  hubSpotConnector({ name: 'acme-hubspot', baseUrl: `http://127.0.0.1:${(between.address() as AddressInfo).port}`, auth });

async function users(auth: HubSpotAuth): Promise<readonly UserRecord[]> {
  const all: UserRecord[] = [];
  const sink = { begin() {}, rows() {}, records: (page: readonly UserRecord[]) => void all.push(...page) };
  await connect(auth).listUsers(sink);
  return all;
}

/** Prism passes over parameters and form fields that no document names. */
function namedInDocument(request: string): readonly string[] {
  const [method, path] = request.split(' ') as [string, string];
  const known = Object.keys(document.paths).find((one) => new RegExp(`^${one.replace(/\{\w+\}/g, '[^/]+')}$`).test(path)) ?? '';
  const { parameters, fields } = openOperation.parse((document.paths[known] as Record<string, unknown>)[method]);
  return [...parameters.map(({ name }) => name), ...fields];
}
const openOperation = z
  .object({
    parameters: z.array(z.object({ name: z.string() })),
    requestBody: z
      .object({
        content: z.object({ [form['content-type']]: z.object({ schema: z.object({ properties: z.record(z.string(), z.unknown()) }) }) }),
      })
      .optional(),
  })
  .transform(({ parameters, requestBody }) => ({
    parameters,
    fields: Object.keys(requestBody?.content[form['content-type']]?.schema.properties ?? {}),
  }));

/** Complaints about all that went through so far. */
const complaints = (): string[] =>
  judged.flatMap(({ request, named, wrong }) => [
    ...wrong.map((what) => `${request} ${what}`),
    ...named.filter((name) => !namedInDocument(request).includes(name)).map((name) => `${request}: HubSpot knows no ${name}`),
  ]);

it('finds nothing wrong with what the connector asks, page by page, nor with what the simulator answers', async () => {
  expect(await users({ token: 'hubspot-secret' })).toHaveLength(portal!.owners.length - 1);
  expect(complaints()).toEqual([]);
  const asked = judged.map(({ request }) => request);
  expect(new Set(asked)).toEqual(new Set(['get /settings/users/2026-03', 'get /crm/owners/2026-03']));
  expect(asked.filter((request) => request.includes('users')).length, 'more than one page').toBeGreaterThan(2);
});

it('finds nothing wrong with how the connector asks for one user, and for one owner', async () => {
  const { panel } = connect({ token: 'hubspot-secret' });
  const archived = portal!.owners.find((one) => one.archived && one.type === 'PERSON')!;
  expect(await panel!.findUser(portal!.users[0]!.id)).toMatchObject({ email: portal!.users[0]!.email });
  expect(await panel!.userOfOwner(archived.id)).toBe(String(archived.userIdIncludingInactive));
  expect(judged.map(({ request }) => request)).toEqual([
    `get /settings/users/2026-03/${portal!.users[0]!.id}`,
    ...Array(2).fill(`get /crm/owners/2026-03/${archived.id}`),
  ]);
  // The SDK has no answer for nobody, as the first look for an archived owner gets it.
  expect(complaints()).toEqual([expect.stringMatching(/^get \/crm\/owners\S+ : Unable to match the returned status code/)]);
});

it('finds nothing wrong with how the connector asks for an access token', async () => {
  portal!.refreshTokens = ['refresh-0'];
  let refreshToken = 'refresh-0';
  const keeper = {
    read: () => refreshToken,
    async write(next: string) {
      refreshToken = next;
    },
  };
  expect((await users({ ...app, refreshToken: keeper })).length).toBeGreaterThan(0);
  expect(judged[0]?.request).toBe('post /oauth/2026-03/token');
  expect(complaints()).toEqual([]);
});

it.each([
  ['without a token', 'get', '/settings/users/2026-03?limit=1', {}, undefined, /security|Authorization/i],
  ['with a limit that is no number', 'get', '/settings/users/2026-03?limit=many', { authorization: 'Bearer x' }, undefined, /integer/],
  ['with a flag that is none', 'get', '/crm/owners/2026-03?archived=perhaps', { authorization: 'Bearer x' }, undefined, /boolean/],
  ['without a body', 'post', '/oauth/2026-03/token', form, undefined, /Body/],
])('would find a request wrong that goes out %s', async (_, method, url, headers, body, complaint) => {
  const answer = await prism.request(url, {
    method: method as 'get' | 'post',
    headers: { ...headers },
    ...(body === undefined ? {} : { body }),
  });
  expect(answer.violations.input.map(({ message }) => message).join()).toMatch(complaint);
});
