import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { CompleteListing, CrmConnector } from '../../connectors/connector.ts';
import { dynamicsConnector } from '../../connectors/dynamics/connector.ts';
import { startDynamicsSimulator } from '../../connectors/dynamics/simulator.ts';
import { hubSpotConnector } from '../../connectors/hubspot/connector.ts';
import { startHubSpotSimulator } from '../../connectors/hubspot/simulator.ts';
import { linkedInScimConnector } from '../../connectors/linkedin-scim/connector.ts';
import { startScimSimulator } from '../../connectors/linkedin-scim/simulator.ts';
import { rateLimiter } from '../../connectors/rate-limit.ts';
import { exchangeCode, newVerifier } from '../../connectors/salesforce/authorize.ts';
import { salesforceConnector } from '../../connectors/salesforce/connector.ts';
import { zohoConnector } from '../../connectors/zoho/connector.ts';
import { startZohoSimulator } from '../../connectors/zoho/simulator.ts';
import { simulatedCompany } from '../../server/demo/simulated-company.ts';
import { app, redirectUri, salesforce } from './salesforce/start.ts';

/**
 * A company's gateway: it passes everything on as it is and knows nothing of what it carries. What is behind it goes on naming itself.
 */
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
async function gateway(to: { readonly url: string; close?(): Promise<void> }) {
  const proxy = createServer((asked, answer) => {
    const url = new URL((asked.url ?? '').replace(/^\/gateway\//, '/'), to.url);
    asked.pipe(
      request(url, { method: asked.method, headers: { ...asked.headers, host: url.host } }, (got) => {
        answer.writeHead(got.statusCode!, got.headers);
        got.pipe(answer);
      }),
    );
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
    await to.close?.();
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/gateway`;
}

const company = simulatedCompany(12, 3, Date.parse('2026-11-01T09:00:00Z'), (system) => `${system}-secret`);
const list = (connector: CrmConnector): Promise<CompleteListing> => connector.listUsers({ begin() {}, rows() {}, records() {} });
const { start } = salesforce();

describe('behind a gateway that passes everything on', () => {
  it('Salesforce is read page by page, and signed in to, though it names the org’s own address with each access', async () => {
    const simulator = await start(company.salesforce.users, { instanceUrl: 'https://acme.my.salesforce.com', pageSizes: [5] });
    const baseUrl = await gateway(simulator);
    const auth = { grant: 'client_credentials', ...app } as const;
    const read = await list(salesforceConnector({ name: 'acme-salesforce', baseUrl, apiUrl: baseUrl, auth }));
    expect(read).toMatchObject({ expected: company.salesforce.users.length, pages: 3 });
    // Without the setting that address would get the token, and is none of Salesforce’s for all we know.
    await expect(list(salesforceConnector({ name: 'acme-salesforce', baseUrl, auth }))).rejects.toMatchObject({ code: 'invalid-response' });

    const verifier = newVerifier();
    const signIn = { baseUrl, apiUrl: baseUrl, ...app, redirectUri };
    await expect(exchangeCode(signIn, { code: 'unknown', verifier })).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('Dynamics is read past its first page, though the link to the next one names the organisation', async () => {
    const simulator = await startDynamicsSimulator({ state: company.dynamics, url: 'https://acme.crm.dynamics.com' });
    const baseUrl = await gateway(simulator);
    const { tenantId, clientId, clientSecret } = company.dynamics;
    const auth = { tenantId, clientId, clientSecret, tokenUrl: `${baseUrl}/${tenantId}/oauth2/v2.0/token` };
    const through = (scope: string) => dynamicsConnector({ name: 'acme-dynamics', baseUrl, auth: { ...auth, scope }, pageSize: 3 });
    const read = await list(through('https://acme.crm.dynamics.com/.default'));
    expect(read).toMatchObject({ expected: company.dynamics.users.length, pages: Math.ceil(company.dynamics.users.length / 3) });
    // One that only begins like it is followed nowhere.
    const beside = 'https://acme.crm.dynamics.com.evil.example';
    simulator.fault({ kind: 'quirk', quirk: `next-link-to ${beside}`, on: 'users' });
    await expect(list(through('https://acme.crm.dynamics.com/.default'))).rejects.toMatchObject({ code: 'invalid-response' });
  });

  it('HubSpot, Zoho and LinkedIn’s SCIM are read whole', async () => {
    const hubspot = await gateway(await startHubSpotSimulator({ state: company.hubspot }));
    const { privateAppToken: token } = company.hubspot.portals[0]!;
    const people = await list(hubSpotConnector({ name: 'acme-hubspot', baseUrl: hubspot, auth: { token: token! }, pageSize: 5 }));
    expect(people.received).toBeGreaterThan(5);

    const zoho = await gateway(await startZohoSimulator({ state: company.zoho, apiDomain: 'https://www.zohoapis.eu' }));
    const auth = { clientId: 'seatmatch', clientSecret: 'zoho-secret', refreshToken: 'zoho-secret' };
    const at = { accountsUrl: zoho, apiUrl: zoho, dataCenter: 'eu' } as const;
    expect(await list(zohoConnector({ name: 'acme-zoho', ...at, auth, pageSize: 5 }))).toMatchObject({
      received: company.zoho.users.length,
    });

    const baseUrl = await gateway(await startScimSimulator({ center: company.center }));
    const scim = linkedInScimConnector({
      name: 'navigator',
      baseUrl,
      token: () => 'scim-token',
      list: true,
      pageSize: 4,
      limiter: rateLimiter({}),
    });
    const holders = await scim.listAccounts({ begin() {}, rows() {}, records() {} });
    expect(holders.received).toBe(holders.expected);
    expect(holders.pages).toBeGreaterThan(1);
  });
});
