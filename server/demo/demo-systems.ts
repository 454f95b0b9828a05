import { randomBytes, randomInt } from 'node:crypto';
import type pg from 'pg';
import { startHubSpotSimulator } from '../../connectors/hubspot/simulator.ts';
import { startScimSimulator } from '../../connectors/linkedin-scim/simulator.ts';
import { salesforceId } from '../../connectors/salesforce/simulator/org.ts';
import { startSalesforceSimulator } from '../../connectors/salesforce/simulator.ts';
import { startZohoSimulator } from '../../connectors/zoho/simulator.ts';
import { checkConnection } from '../jobs/check-connection.ts';
import { type ConnectionDesk, sealAll } from '../jobs/connection-desk.ts';
import { makeConnection } from '../jobs/keep-connection.ts';
import { splitSecrets } from '../jobs/split-secrets.ts';
import { listConnections, moveConnection, type StoredConnection } from '../store/connection.ts';
import { queueForLock, type Scope, transaction } from '../store/database.ts';
import type { SecretKey } from '../store/seal-secret.ts';
import { hubSpotOf, salesforceClientId, salesforceColumns, salesforceOf, zohoOf } from './company-systems.ts';
import type { DemoCenter } from './demo-center.ts';
import { type Demo, demoSeed, makeDemo } from './make-demo.ts';

export interface SystemsDesk {
  readonly pool: pg.Pool;
  readonly databaseUrl: string;
  readonly scope: Scope;
  readonly center: DemoCenter;
  readonly key: SecretKey;
  readonly connections: () => Promise<ConnectionDesk>;
  /** The demo's user: whose connections these are. */
  readonly actor: string;
  readonly logError: (error: unknown) => void;
}

export interface DemoSystems {
  /** Makes the connections to them, tested. Returns the one to the CRM that LinkedIn syncs with. */
  make(demo: Demo): Promise<string>;
  close(): Promise<void>;
}

interface Served {
  readonly settings: Readonly<Record<string, unknown>>;
  close(): Promise<void>;
}

interface DemoSystem {
  readonly name: string;
  readonly type: string;
  /** @param id of the org or portal that answers; null: a new one */
  serve(id: string | null, secret: string): Promise<Served>;
}

/** Salesforce, the two CRMs of the companies that were bought, and LinkedIn over SCIM, in front of the Admin Center that the demo plays with. */
const systemsOf = (demo: Demo, center: DemoCenter): readonly DemoSystem[] => [
  {
    name: 'northwind-salesforce',
    type: 'salesforce',
    async serve(id, secret) {
      const state = salesforceOf(demo.comparisons.at(-1)!.crmCsv, id ?? salesforceId('00D', randomInt(2 ** 47)), secret);
      const { url, close } = await startSalesforceSimulator({ state });
      const auth = { grant: 'client_credentials', clientId: salesforceClientId, clientSecret: secret };
      return { settings: { baseUrl: url, auth, options: { columns: salesforceColumns } }, close };
    },
  },
  {
    name: 'brightpath-hubspot',
    type: 'hubspot',
    async serve(id, secret) {
      const state = hubSpotOf(demo.hubspotCsv, Number(id ?? randomInt(10_000_000, 100_000_000)), secret);
      const { url, close } = await startHubSpotSimulator({ state });
      return { settings: { baseUrl: url, auth: { token: secret } }, close };
    },
  },
  {
    name: 'ostwerk-zoho',
    type: 'zoho',
    async serve(id, secret) {
      const state = zohoOf(demo.zohoCsv, id ?? String(randomInt(100_000_000, 1_000_000_000)), secret);
      const { url, close } = await startZohoSimulator({ state });
      const auth = { clientId: 'seatmatch', clientSecret: secret, refreshToken: secret };
      return { settings: { dataCenter: 'eu', accountsUrl: url, apiUrl: url, auth }, close };
    },
  },
  {
    name: 'northwind-navigator',
    type: 'linkedin-scim',
    async serve(_, secret) {
      const { url, close } = await startScimSimulator({ center: center.now(), tick: center.now, onWrite: center.changed, token: secret });
      return { settings: { baseUrl: url, auth: { token: secret }, options: { list: true } }, close };
    },
  },
];

/**
 * The vendors of the demo company, simulated in this process, and the stored connections to them. Each start has new ports and new secrets,
 * and the connections are moved to them before anything uses them; who answers stays pinned, so that whatever else may have one of the old
 * ports is never taken for them. Of several processes one serves them, and another one takes over when that ends.
 */
export async function openDemoSystems(desk: SystemsDesk): Promise<DemoSystems> {
  const { pool, scope, actor, center, key } = desk;
  const running: Served[] = [];
  let isClosed = false;

  async function serve(system: DemoSystem, id: string | null): Promise<Served> {
    const served = await system.serve(id, randomBytes(24).toString('base64url'));
    running.push(served);
    if (isClosed) await served.close();
    return served;
  }

  async function move(system: DemoSystem, { id, origin, secretFields }: StoredConnection): Promise<void> {
    const served = await serve(system, origin?.id ?? null);
    const { settings, secrets } = splitSecrets(served.settings, secretFields);
    const moved = { id, settings, secrets: sealAll(key, scope, id, secrets), keyId: key.id };
    await transaction(pool, (client) => moveConnection(client, scope, actor, moved));
  }

  /** Serves what there are connections to; nothing where the demo is still to be made, or has ended. */
  async function takeUp(): Promise<void> {
    const rows = (await listConnections(pool, scope)).filter(({ createdBy }) => createdBy === actor);
    if (isClosed || running.length > 0 || rows.length === 0 || !center.isThere()) return;
    const systems = systemsOf(makeDemo(demoSeed, new Date(rows[0]!.createdAt)), center);
    await Promise.all(systems.flatMap((system) => rows.filter(({ name }) => name === system.name).map((row) => move(system, row))));
  }

  const turn = await queueForLock(desk.databaseUrl, `demo systems ${scope.workspaceId}`);
  const close = async (): Promise<void> => {
    isClosed = true;
    await turn.leave();
    await Promise.all(running.map((served) => served.close()));
  };
  try {
    if (turn.isHeld) await takeUp();
    else void turn.held.then((isOurs) => (isOurs ? takeUp() : undefined)).catch(desk.logError);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    async make(demo) {
      const connections = await desk.connections();
      const made: string[] = [];
      // One after the other: they are listed in the order in which they were made.
      for (const system of systemsOf(demo, center)) {
        const { settings } = await serve(system, null);
        made.push(await makeConnection(connections, scope, { name: system.name, type: system.type, settings }, actor));
      }
      await Promise.all(made.map((id) => checkConnection(connections, scope, id, { by: actor, now: new Date() })));
      return made[0]!;
    },
    close,
  };
}
