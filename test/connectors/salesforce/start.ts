import { generateKeyPairSync } from 'node:crypto';
import { afterEach } from 'vitest';
import type { CompleteListing, ListUsersOptions, UserField, UserRecord } from '../../../connectors/connector.ts';
import { type SalesforceOptions, salesforceConnector } from '../../../connectors/salesforce/connector.ts';
import type { SalesforceAuth } from '../../../connectors/salesforce/fetch-access.ts';
import {
  type Organization,
  type SalesforceState,
  type SalesforceUser,
  salesforceId,
  salesforceUser,
} from '../../../connectors/salesforce/simulator/org.ts';
import {
  type SalesforceSimulator,
  type SalesforceSimulatorOptions,
  startSalesforceSimulator,
} from '../../../connectors/salesforce/simulator.ts';

export const emailOf = (person: number): string => `person${person}@acme.example`;
export const people = (count: number): SalesforceUser[] => Array.from({ length: count }, (_, person) => salesforceUser(person));

export const app = { clientId: '3MVG9.CONSUMER', clientSecret: 'very-secret' };
export const redirectUri = 'https://seatmatch.example/oauth/salesforce';
export const auth = { grant: 'client_credentials', ...app } satisfies SalesforceAuth;
export const orgId = salesforceId('00D', 7);
export const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

export function stateOf(users: readonly SalesforceUser[], organization: Partial<Organization> = {}): SalesforceState {
  const runAs = users[0]?.Id ?? salesforceId('005', 1);
  return {
    organization: { Id: orgId, Name: 'Acme', IsSandbox: false, OrganizationType: 'Enterprise Edition', ...organization },
    users,
    apps: [{ ...app, certificate: keys.publicKey, redirectUris: [redirectUri], runAs }],
    refreshTokens: new Map([['5Aep.refresh.0', { clientId: app.clientId, userId: runAs }]]),
    api: { used: 0, limit: 100_000 },
    pendingEmails: new Map(),
  };
}

/** A keeper of one token in memory, and all that were written to it. */
export function keeper(first = '5Aep.refresh.0') {
  const written: string[] = [];
  return {
    written,
    read: () => written.at(-1) ?? first,
    async write(token: string): Promise<void> {
      written.push(token);
    },
  };
}

export const connect = (simulator: { readonly url: string }, options: Partial<SalesforceOptions> = {}) =>
  salesforceConnector({ name: 'acme-salesforce', baseUrl: simulator.url, auth, retries: { firstMs: 1, maxMs: 20 }, ...options });

/** Starts simulators that end with the test, and lists through the connector. */
export function salesforce() {
  const running: SalesforceSimulator[] = [];
  afterEach(async () => {
    for (const simulator of running.splice(0)) await simulator.close();
  });
  return {
    async start(
      users: readonly SalesforceUser[],
      options: Partial<SalesforceSimulatorOptions> & {
        readonly organization?: Partial<Organization>;
        readonly customFields?: NonNullable<SalesforceState['customFields']>;
      } = {},
    ): Promise<SalesforceSimulator> {
      const { organization, customFields = [], ...others } = options;
      const state = { ...stateOf(users, organization), customFields };
      const simulator = await startSalesforceSimulator({ state, smallestPage: 1, ...others });
      running.push(simulator);
      return simulator;
    },
  };
}

export interface Listed {
  readonly users: readonly UserRecord[];
  readonly fields: readonly UserField[];
  readonly proof: CompleteListing;
}

export async function list(
  simulator: { readonly url: string },
  options: Partial<SalesforceOptions> = {},
  ask: ListUsersOptions = {},
): Promise<Listed> {
  const users: UserRecord[] = [];
  let fields: readonly UserField[] = [];
  const proof = await connect(simulator, options).listUsers(
    {
      begin(given) {
        fields = given;
      },
      rows() {},
      records: (page) => users.push(...page),
    },
    ask,
  );
  return { users, fields, proof };
}
