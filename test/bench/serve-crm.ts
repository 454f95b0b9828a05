/** A CRM's simulator as a process of its own for read.ts, with as many users as asked, the vendor's page size, limits and latency. */
import { startDynamicsSimulator } from '../../connectors/dynamics/simulator.ts';
import { startHubSpotSimulator } from '../../connectors/hubspot/simulator.ts';
import type { ConnectionSettings } from '../../connectors/registry.ts';
import { startSalesforceSimulator } from '../../connectors/salesforce/simulator.ts';
import { startZohoSimulator } from '../../connectors/zoho/simulator.ts';
import { simulatedCompany } from '../../server/demo/simulated-company.ts';

const [crm = '', wanted = '', latency = ''] = process.argv.slice(2);
const people = Number(wanted);
const latencyMs = Number(latency);
const secret = 'bench-secret';
// One in forty of a company's users is no person, and only Salesforce lists those.
const { salesforce, hubspot, zoho, dynamics } = simulatedCompany(Math.ceil(people * 1.05) + 10, 1, Date.now(), () => secret);
salesforce.users = salesforce.users.slice(0, people);
zoho.users = zoho.users.slice(0, people);
dynamics.users = dynamics.users.slice(0, people);
const portals = hubspot.portals.map((portal) => {
  const owners = portal.owners.slice(0, people);
  const known = new Set(owners.map(({ userId }) => String(userId)));
  // As an app of every edition has it; a private app of larger ones has 190.
  return { ...portal, owners, users: portal.users.filter(({ id }) => known.has(id)), limit: { requests: 100, windowMs: 10_000 } };
});

/** The simulator's connection, and the lengths of the lists that a whole read consists of. */
export interface ServedCrm {
  readonly settings: ConnectionSettings;
  readonly lists: readonly number[];
}

async function serve(): Promise<ServedCrm> {
  switch (crm) {
    case 'salesforce': {
      const { url } = await startSalesforceSimulator({ state: salesforce, latencyMs });
      const { clientId } = salesforce.apps[0]!;
      const auth = { grant: 'client_credentials', clientId, clientSecret: secret } as const;
      const { Id: orgId } = salesforce.organization;
      return { settings: { name: crm, type: crm, baseUrl: url, orgId, auth, options: {} }, lists: [salesforce.users.length] };
    }
    case 'hubspot': {
      const { url } = await startHubSpotSimulator({ state: { ...hubspot, portals }, latencyMs });
      const archived = portals[0]!.owners.filter((owner) => owner.archived).length;
      return { settings: { name: crm, type: crm, baseUrl: url, auth: { token: secret } }, lists: [portals[0]!.users.length, archived] };
    }
    case 'zoho': {
      const { url } = await startZohoSimulator({ state: zoho, latencyMs, concurrent: 5 });
      const auth = { clientId: 'seatmatch', clientSecret: secret, refreshToken: secret };
      const settings = { name: crm, type: crm, dataCenter: 'eu', accountsUrl: url, apiUrl: url, auth } as const;
      return { settings, lists: [zoho.users.length] };
    }
    case 'dynamics': {
      const { url } = await startDynamicsSimulator({ state: dynamics, latencyMs });
      const { tenantId, clientId } = dynamics;
      const auth = { tenantId, clientId, clientSecret: secret, tokenUrl: `${url}/${tenantId}/oauth2/v2.0/token` };
      return { settings: { name: crm, type: crm, baseUrl: url, auth }, lists: [dynamics.users.length] };
    }
    default:
      throw new TypeError(`There is no simulator of ${crm}.`);
  }
}

process.send?.(await serve());
process.once('disconnect', () => process.exit(0));
