import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type ConnectionSettings, connect } from '../../connectors/registry.ts';
import { startSimulators } from '../../server/demo/start-simulators.ts';

/** Refuses everything as it is told, so that what each error code means can be asked; the vendor's own text holds what must not come through. */
let refusal: { status: number; body: object } = { status: 400, body: {} };
const vendor = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(refusal.status, { 'content-type': 'application/json' }).end(JSON.stringify(refusal.body));
  });
});
let url: string;
beforeAll(async () => {
  await new Promise<void>((listening) => vendor.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((closed) => vendor.close(closed)));

const [clientId, clientSecret, refreshToken, leaked] = ['an-id', 'a-secret', 'a-refresh-token', 'jane.roe@acme.example and a-secret'];
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

const connections = {
  salesforce: () => ({ type: 'salesforce', baseUrl: url, auth: { grant: 'client_credentials', clientId, clientSecret } }),
  'salesforce, refreshed': () => ({
    type: 'salesforce',
    baseUrl: url,
    auth: { grant: 'authorization_code', clientId, clientSecret, refreshToken },
  }),
  'salesforce, by key': () => ({
    type: 'salesforce',
    baseUrl: url,
    auth: { grant: 'jwt-bearer', clientId, username: 'seatmatch@acme.example', privateKey },
  }),
  hubspot: () => ({ type: 'hubspot', baseUrl: url, auth: { clientId, clientSecret, refreshToken } }),
  zoho: () => ({ type: 'zoho', dataCenter: 'eu', accountsUrl: url, apiUrl: url, auth: { clientId, clientSecret, refreshToken } }),
  dynamics: () => ({
    type: 'dynamics',
    baseUrl: url,
    auth: { tenantId: 'a-tenant', clientId, clientSecret, tokenUrl: `${url}/a-tenant/oauth2/v2.0/token` },
  }),
} as const;

async function sentencesOf(settings: object): Promise<readonly string[]> {
  const connector = connect({ name: 'it', options: {}, ...settings } as unknown as ConnectionSettings).connector;
  return (await connector.check()).filter(({ verdict }) => verdict === 'bad').map(({ sentence }) => sentence);
}

const entra = (code: number, error = 'invalid_client') => ({ error, error_description: `AADSTS${code}: ${leaked}`, error_codes: [code] });
const oauth = (error: string, error_description: string = leaked) => ({ error, error_description });

const refusals: readonly (readonly [keyof typeof connections, number, object, RegExp])[] = [
  ['salesforce', 400, oauth('invalid_client_id', 'client identifier invalid'), /^Salesforce does not know the client ID\./],
  [
    'salesforce',
    400,
    oauth('invalid_client', 'invalid client credentials'),
    /^Salesforce does not accept the client ID or the client secret/,
  ],
  [
    'salesforce',
    400,
    oauth('invalid_grant', 'no client credentials user enabled'),
    /^Salesforce knows the app and gives it no access\. .*runs as/,
  ],
  ['salesforce', 400, oauth('inactive_user'), /^The user that the connection signs in as is inactive in Salesforce\./],
  ['salesforce', 400, oauth('inactive_org'), /^This org of Salesforce is closed or locked\./],
  [
    'salesforce',
    400,
    oauth('invalid_grant', 'ip restricted or invalid login hours'),
    /^Salesforce lets nobody in from the address of this machine\./,
  ],
  ['salesforce, refreshed', 400, oauth('invalid_grant', 'expired access/refresh token'), /^Salesforce does not accept the refresh token/],
  ['salesforce, refreshed', 400, oauth('invalid_grant', 'inactive user'), /^The user that the connection signs in as is inactive/],
  [
    'salesforce, by key',
    400,
    oauth('invalid_grant', "user hasn't approved this consumer"),
    /^Salesforce knows the app, and does not let this user in by it\./,
  ],
  ['salesforce, by key', 400, oauth('invalid_grant', 'audience is invalid'), /^Salesforce does not accept the key\./],
  ['hubspot', 400, { status: 'BAD_CLIENT_ID', message: leaked }, /^HubSpot does not know the client ID\./],
  ['hubspot', 400, { status: 'BAD_CLIENT_SECRET', message: leaked }, /^HubSpot does not accept the client secret\./],
  ['hubspot', 400, { status: 'BAD_REFRESH_TOKEN', message: leaked }, /^Seatmatch was uninstalled in HubSpot/],
  ['hubspot', 401, oauth('invalid_client'), /^HubSpot does not accept the client ID or the client secret/],
  ['zoho', 200, { error: 'invalid_client' }, /^Zoho does not accept the client ID or its secret\. .*data centre/],
  ['zoho', 200, { error: 'invalid_client_secret' }, /^Zoho does not accept the client secret\./],
  ['zoho', 200, { error: 'invalid_code' }, /^Zoho does not accept the refresh token/],
  ['dynamics', 401, entra(7000215), /^Dynamics does not accept the client secret\./],
  ['dynamics', 401, entra(7000222), /^The client secret has ended at Dynamics\. Make a new one/],
  ['dynamics', 400, entra(700016, 'unauthorized_client'), /^The tenant has no app with this client ID\./],
  ['dynamics', 400, entra(90002, 'invalid_request'), /^Dynamics does not know the tenant\./],
  ['dynamics', 400, entra(500011, 'invalid_resource'), /^The tenant does not know the organisation at this address\./],
  // Entra's numbers may change at any time: what the standard says is left.
  ['dynamics', 401, entra(7999999), /^Dynamics does not accept the client ID or the client secret/],
  ['dynamics', 400, { ...entra(7999999, 'interaction_required'), error_codes: 'none' }, /^Entra ID or Dynamics refuses the app\./],
];

describe('a refused credential', () => {
  it.each(refusals)('is named as far as the code tells: %s, HTTP %i %j', async (kind, status, body, sentence) => {
    refusal = { status, body };
    const said = await sentencesOf(connections[kind]());
    expect(said[0]).toMatch(sentence);
    for (const secret of [leaked, clientSecret, refreshToken, 'AADSTS', '{']) expect(said.join('\n')).not.toContain(secret);
  });

  it('is named by each simulator as by its vendor', async () => {
    const simulators = await startSimulators({ port: 0, people: 3, seed: 1 });
    try {
      const text = simulators.config.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => simulators.secrets[name]!);
      const of = (name: string) =>
        (parse(text) as { connections: (ConnectionSettings & { auth: object })[] }).connections.find((one) => one.name === name)!;
      const wrong = async (name: string, auth: object) => {
        const settings = of(name);
        return (await sentencesOf({ ...settings, auth: { ...settings.auth, ...auth } }))[0];
      };
      expect(await wrong('acme-salesforce', { clientId: 'x' })).toMatch(/does not know the client ID/);
      expect(await wrong('acme-salesforce', { clientSecret: 'x' })).toMatch(/the client ID or the client secret/);
      expect(await wrong('acme-zoho', { clientSecret: 'x' })).toMatch(/does not accept the client secret/);
      expect(await wrong('acme-zoho', { refreshToken: 'x' })).toMatch(/does not accept the refresh token/);
      expect(await wrong('acme-dynamics', { clientId: 'x' })).toMatch(/has no app with this client ID/);
      expect(await wrong('acme-dynamics', { clientSecret: 'x' })).toMatch(/does not accept the client secret/);
      const { auth } = of('acme-dynamics') as unknown as { auth: { tokenUrl: string; tenantId: string } };
      expect(await wrong('acme-dynamics', { tokenUrl: auth.tokenUrl.replace(auth.tenantId, 'x') })).toMatch(/does not know the tenant/);
    } finally {
      await simulators.close();
    }
  });
});
