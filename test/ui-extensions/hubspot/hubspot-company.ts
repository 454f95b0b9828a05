import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect } from 'vitest';
import {
  type HubSpotPortal,
  type HubSpotSimulator,
  type HubSpotUser,
  startHubSpotSimulator,
} from '../../../connectors/hubspot/simulator.ts';
import { type AdminCenter, hourMs, makeAdminCenter } from '../../../connectors/linkedin-files/simulator/admin-center.ts';
import { advanceTo } from '../../../connectors/linkedin-files/simulator/clock.ts';
import { exportUsers } from '../../../connectors/linkedin-files/simulator/export-users.ts';
import type { Connection, Contract } from '../../../server/api.ts';
import { startTestServer, type TestServer } from '../../server/running-server.ts';

/** A company whose CRM is HubSpot: a portal that is read live, an Admin Center whose exports are brought, our server between them. */
export interface HubSpotCompany {
  readonly server: TestServer;
  readonly simulator: HubSpotSimulator;
  readonly portal: HubSpotPortal;
  readonly center: AdminCenter;
  /** Where HubSpot reaches the server. */
  readonly address: string;
  readonly clientSecret: string;
  readonly portalId: number;
  /** From now on, or no longer, nobody answers there. */
  cutOff(isCut: boolean): void;
  /** Compares a new export with the portal's users. */
  compare(): Promise<void>;
  stop(): Promise<void>;
}

/** HubSpot's numbers of those who open the panel. */
export const superAdmin = 1;
export const reader = 2;
export const stranger = 3;
/** Whose license has the company's old domain, and who owns records by this number. */
export const moved = { userId: 4, ownerId: '704' } as const;
/** Matched. */
export const matched = { userId: 50, ownerId: '750' } as const;
/** Has a user, and no license. */
export const withoutLicense = { userId: 60, ownerId: '760' } as const;
export const peopleWhoMoved = 37;

const givenNames = ['Ada', 'Björn', 'Chiara', 'Dmitri', 'Esther', 'Farid', 'Giulia', 'Hana'];
const familyNames = ['Okafor', 'Nilsson', 'Moretti', 'Kowalski', 'Vermeulen', 'Haddad', 'Petrov', 'Lindqvist'];
/** As long as an address may be before its @, with the given name. */
const longName = 'Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarenge';
const clientSecret = 'acme-canary-secret';
const portalId = 424_242;

function users(): HubSpotUser[] {
  return Array.from({ length: 60 }, (_, index) => {
    const firstName = givenNames[index % 8]!;
    const lastName = index === 10 ? longName : familyNames[(index + Math.floor(index / 8)) % 8]!;
    const email = `${firstName}.${lastName}`.toLowerCase().replace('ö', 'o');
    return { id: String(index + 1), email: `${email}@acme.example`, firstName, lastName, superAdmin: index === 0 };
  });
}

export async function startCompany(): Promise<HubSpotCompany> {
  let target: number | null = null;
  let isCut = false;
  const open = new Set<Socket>();
  const relay = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    open.add(socket.on('close', () => open.delete(socket)));
    if (isCut || target === null) return socket.destroy();
    const to = connect(target, '127.0.0.1');
    to.on('error', () => socket.destroy());
    socket.on('close', () => to.destroy());
    socket.pipe(to).pipe(socket);
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const address = `http://127.0.0.1:${(relay.address() as AddressInfo).port}`;

  const server = await startTestServer({ publicUrl: address });
  target = Number(new URL(server.url).port);
  const all = users();
  const portal: HubSpotPortal = {
    portalId,
    accountType: 'STANDARD',
    uiDomain: 'app.hubspot.com',
    users: all,
    owners: all.map(({ id, firstName, lastName, email }) => ({
      id: String(700 + Number(id)),
      type: 'PERSON',
      archived: false,
      email,
      firstName,
      lastName,
      userId: Number(id),
      userIdIncludingInactive: Number(id),
    })),
    scopes: ['oauth', 'crm.objects.users.read', 'crm.objects.owners.read'],
    privateAppToken: null,
    refreshTokens: [],
    limit: null,
    daily: null,
  };
  const redirectUris = [`${server.url}/connections/callback`];
  const simulator = await startHubSpotSimulator({
    state: { app: { clientId: 'seatmatch', clientSecret, redirectUris }, portals: [portal], hasOauthV1: false, tellsHubId: true },
  });
  const licensed = all.slice(0, 59);
  const center = makeAdminCenter({
    now: new Date(Date.now() - hourMs).toISOString(),
    people: licensed.map(({ id, email, firstName, lastName }, index) => ({
      profileEmail: index >= 3 && index < 3 + peopleWhoMoved ? email.replace('@acme.', '@old-acme.') : email,
      givenName: firstName!,
      familyName: lastName!,
      uniqueUserId: id,
      license: 'activated',
    })),
    crmEmails: all.map(({ email }) => email),
  });

  const { rows } = await server.ok<{ rows: Contract[] }>('listContracts');
  await server.ok('changeContract', {
    params: { id: rows[0]!.id },
    body: { name: 'Sales Navigator', crm: { kind: 'hubspot', name: 'HubSpot' } },
  });
  const settings = {
    baseUrl: simulator.url,
    authorizeUrl: `${simulator.url}/oauth/authorize`,
    auth: { clientId: 'seatmatch', clientSecret },
  };
  const { url } = await server.ok<{ url: string }>('signInConnection', { body: { name: 'acme-hubspot', type: 'hubspot', settings } });
  const back = (await fetch(url, { redirect: 'manual' })).headers.get('location')!;
  const connection = await server.ok<Connection>('finishConnection', { body: { query: new URL(back).search } });
  await server.ok('changeSettings', {
    body: {
      panelUsers: { mayAct: [], mayRead: [String(reader)] },
      domainAliases: [{ old: 'old-acme.example', current: 'acme.example' }],
    },
  });

  return {
    server,
    simulator,
    portal,
    center,
    address,
    clientSecret,
    portalId,
    cutOff(cut) {
      isCut = cut;
      if (cut) for (const socket of open) socket.destroy();
    },
    async compare() {
      advanceTo(center, Math.max(Date.now(), center.now + 1));
      const upload = await server.upload('licenses', exportUsers(center, {}).csv);
      const body = { licenses: upload, crm: { connection: connection.id }, adminCenterCount: 59, answers: { oddRun: 'release' } };
      const { id } = await server.ok<{ id: string }>('createReconciliation', { body });
      expect(await server.settled(id)).toMatchObject({ state: 'done' });
    },
    async stop() {
      await server.stop();
      await simulator.close();
      relay.close();
    },
  };
}
