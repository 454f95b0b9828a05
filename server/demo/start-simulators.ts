import { stringify } from 'yaml';
import { z } from 'zod';
import { startDynamicsSimulator } from '../../connectors/dynamics/simulator.ts';
import { startHubSpotSimulator } from '../../connectors/hubspot/simulator.ts';
import type { AdminCenter } from '../../connectors/linkedin-files/simulator/admin-center.ts';
import { advanceTo } from '../../connectors/linkedin-files/simulator/clock.ts';
import { serveSftp, sftpFolders } from '../../connectors/linkedin-files/simulator/serve-sftp.ts';
import { startSimulator } from '../../connectors/linkedin-files/simulator.ts';
import { startScimSimulator } from '../../connectors/linkedin-scim/simulator.ts';
import { startSalesforceSimulator } from '../../connectors/salesforce/simulator.ts';
import { serveSimulator } from '../../connectors/serve-simulator.ts';
import { startZohoSimulator } from '../../connectors/zoho/simulator.ts';
import { portalId, simulatedCompany } from './simulated-company.ts';

export interface SimulatorsOptions {
  /** Of the control endpoint; the vendors take the ports after it. 0: any free ones. */
  readonly port: number;
  /** Users of each CRM, people or not. */
  readonly people: number;
  readonly seed: number;
}

export interface Simulators {
  /** Where the clock of all of them is moved. */
  readonly controlUrl: string;
  readonly served: readonly { readonly name: string; readonly what: string; readonly url: string }[];
  /** A seatmatch.config.yaml that connects to them. */
  readonly config: string;
  /** The variables that it names. */
  readonly secrets: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const hourMs = 3_600_000;
const controlCommand = z.discriminatedUnion('do', [z.strictObject({ do: z.literal('advance'), hours: z.number().min(0) })]);

/** Serves every vendor on this machine, with the same company in each. All of them share one clock, which begins with the machine's. */
export async function startSimulators({ port, people, seed }: SimulatorsOptions): Promise<Simulators> {
  let ahead = 0;
  const now = (): number => Date.now() + ahead;
  const secretOf = (system: string): string => `${system}-simulator-secret`;
  const { salesforce, hubspot, zoho, dynamics, center } = simulatedCompany(people, seed, now(), secretOf);
  const tick = (): AdminCenter => {
    advanceTo(center, now());
    return center;
  };
  const running: { close(): Promise<void> }[] = [];
  let next = port;
  /** Each takes the next port, in this order, and those before it end where one cannot be had. */
  async function one<Served extends { close(): Promise<void> }>(start: (port: number) => Promise<Served>): Promise<Served> {
    try {
      const served = await start(next);
      running.push(served);
      next = port === 0 ? 0 : next + 1;
      return served;
    } catch (error) {
      await close();
      throw error;
    }
  }
  const close = async (): Promise<void> => void (await Promise.all(running.splice(0).map((each) => each.close())));

  const control = await one((port) =>
    serveSimulator(
      {
        kindOf: () => null,
        quirks: [],
        answer: () => ({ status: 404 }),
        notFound: { status: 404, body: { message: 'POST a command to /control.' } },
        obey(command) {
          ahead += controlCommand.parse(command).hours * hourMs;
          tick();
          return { now: new Date(now()).toISOString() };
        },
      },
      { port },
    ),
  );
  const org = await one((port) => startSalesforceSimulator({ state: salesforce, port, now }));
  const portal = await one((port) => startHubSpotSimulator({ state: hubspot, port, now }));
  const zohoServed = await one((port) => startZohoSimulator({ state: zoho, port, now }));
  const dataverse = await one((port) => startDynamicsSimulator({ state: dynamics, port, now }));
  const scim = await one((port) => startScimSimulator({ center, token: secretOf('scim'), port, clock: now }));
  const files = await one((port) => startSimulator({ center, token: secretOf('delivery'), port, clock: now }));
  const sftp = await one((port) => serveSftp({ center: tick, now, username: 'seatmatch', password: secretOf('sftp'), port }));

  const connections = [
    {
      name: 'acme-salesforce',
      type: 'salesforce',
      baseUrl: org.url,
      orgId: salesforce.organization.Id,
      auth: { grant: 'client_credentials', clientId: salesforce.apps[0]!.clientId, clientSecret: secret('SALESFORCE') },
    },
    { name: 'acme-hubspot', type: 'hubspot', baseUrl: portal.url, portalId: String(portalId), auth: { token: secret('HUBSPOT') } },
    {
      name: 'acme-zoho',
      type: 'zoho',
      dataCenter: 'eu',
      accountsUrl: zohoServed.url,
      apiUrl: zohoServed.url,
      auth: { clientId: 'seatmatch', clientSecret: secret('ZOHO'), refreshToken: secret('ZOHO') },
    },
    {
      name: 'acme-dynamics',
      type: 'dynamics',
      baseUrl: dataverse.url,
      auth: {
        tenantId: dynamics.tenantId,
        clientId: dynamics.clientId,
        clientSecret: secret('DYNAMICS'),
        tokenUrl: `${dataverse.url}/${dynamics.tenantId}/oauth2/v2.0/token`,
      },
    },
    { name: 'navigator', type: 'linkedin-scim', baseUrl: scim.url, auth: { token: secret('SCIM') }, options: { list: true } },
    {
      name: 'navigator-files',
      type: 'linkedin-files',
      ...sftpFolders,
      sftp: { host: '127.0.0.1', port: sftp.port, username: 'seatmatch', password: secret('SFTP'), hostKey: sftp.fingerprint },
    },
  ];

  return {
    controlUrl: control.controlUrl,
    served: [
      { name: 'acme-salesforce', what: 'Salesforce', url: org.url },
      { name: 'acme-hubspot', what: 'HubSpot', url: portal.url },
      { name: 'acme-zoho', what: 'Zoho CRM', url: zohoServed.url },
      { name: 'acme-dynamics', what: 'Dynamics 365 (Dataverse)', url: dataverse.url },
      { name: 'navigator', what: 'LinkedIn SCIM', url: scim.url },
      { name: '', what: 'LinkedIn Admin Center, its files', url: files.url },
      { name: 'navigator-files', what: 'LinkedIn SFTP', url: `sftp://127.0.0.1:${sftp.port}` },
    ],
    config: stringify({ connections }),
    secrets: Object.fromEntries(
      ['SALESFORCE', 'HUBSPOT', 'ZOHO', 'DYNAMICS', 'SCIM', 'SFTP'].map((name) => [variable(name), secretOf(name.toLowerCase())]),
    ),
    close,
  };
}

const variable = (system: string): string => `${system}_SIMULATOR_SECRET`;
const secret = (system: string): string => `\${${variable(system)}}`;
