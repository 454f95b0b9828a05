import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccountRecord } from '../../../connectors/connector.ts';
import { type LinkedInScimOptions, linkedInScimConnector } from '../../../connectors/linkedin-scim/connector.ts';
import { rateLimiter } from '../../../connectors/rate-limit.ts';
import { licenseWriteContract } from '../contract.ts';

/** A SCIM server that we did not write (scimmy and scimmy-routers) in the place of LinkedIn's. */

interface Stored {
  readonly id: string;
  userName: string;
  externalId: string;
  active: boolean;
  name: { givenName: string; familyName: string };
  emails: { type: string; value: string; primary: boolean }[];
}

let people: Stored[] = [];
let changes = 0;
let server: Server;
let baseUrl: string;

const stored = (n: number): Stored => ({
  id: `id-${n}`,
  userName: `person${n}@acme.example`,
  externalId: `E${n}`,
  active: true,
  name: { givenName: 'Pat', familyName: `Person ${n}` },
  emails: [{ type: 'work', value: `person${n}@acme.example`, primary: true }],
});

beforeAll(async () => {
  SCIMMY.Resources.declare(SCIMMY.Resources.User)
    .ingress((resource, instance) => {
      const before = people.find(({ id }) => id === resource.id);
      if (before === undefined) throw new SCIMMY.Types.Error(404, null as never, 'Nobody has this id.');
      const taken = people.some(({ id, userName }) => id !== before.id && userName === instance.userName);
      if (taken) throw new SCIMMY.Types.Error(409, 'uniqueness', 'userName is taken.');
      const was = JSON.stringify(before);
      Object.assign(before, JSON.parse(JSON.stringify(instance)), { id: before.id });
      if (JSON.stringify(before) !== was) changes += 1;
      return before;
    })
    .egress((resource: { id?: string; filter?: { match(items: readonly Stored[]): readonly Stored[] } }) => {
      if (resource.id === undefined) return [...(resource.filter?.match(people) ?? people)];
      const found = people.find(({ id }) => id === resource.id);
      if (found === undefined) throw new SCIMMY.Types.Error(404, null as never, 'Nobody has this id.');
      return found;
    })
    .degress(() => {});
  const app = express();
  app.use(
    '/scim',
    new SCIMMYRouters({
      type: 'bearer',
      handler(request: express.Request) {
        if (request.header('authorization') !== 'Bearer scim-token') throw new Error('The token is not good.');
        return 'us';
      },
    }) as unknown as express.Router,
  );
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/scim`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  changes = 0;
  people = Array.from({ length: 45 }, (_, n) => stored(n));
});

const connect = (options: Partial<LinkedInScimOptions> = {}) =>
  linkedInScimConnector({
    name: 'navigator',
    baseUrl,
    token: () => 'scim-token',
    list: true,
    limiter: rateLimiter({}),
    retries: { firstMs: 1, maxMs: 20 },
    lookEveryMs: 1,
    confirmWithinMs: 5_000,
    ...options,
  });

async function listed(options: Partial<LinkedInScimOptions>) {
  const records: AccountRecord[] = [];
  const proof = await connect(options).listAccounts({ begin() {}, rows() {}, records: (page) => records.push(...page) });
  return { records, proof };
}

licenseWriteContract({
  name: 'LinkedIn over SCIM, against scimmy,',
  writeRequest: 'patch',
  readRequest: 'user',
  secrets: ['scim-token'],
  meanwhile: null,
  async start(count) {
    people = people.slice(0, count);
    return {
      connect: (given, also) => connect({ ...given, ...also }),
      emailOf: (n) => people[n]!.userName,
      isActive: (n) => people[n]!.active,
      changes: () => changes,
      simulator: null,
      lag: null,
      close: async () => {},
    };
  },
});

describe('against a SCIM server that we did not write', () => {
  it('goes by the records that came, not by the number it asked for (scimmy ignores `count`)', async () => {
    people = people.slice(0, 15);
    for (const pageSize of [1, 20, 100]) {
      const { records, proof } = await listed({ pageSize });
      expect(new Set(records.map(({ uniqueUserId }) => uniqueUserId)).size).toBe(15);
      expect(proof).toMatchObject({ received: 15, expected: 15, pages: 1 });
    }
  });

  it('does not take the first page for everybody where `startIndex` is ignored too', async () => {
    await expect(listed({ pageSize: 20 })).rejects.toMatchObject({ code: 'invalid-response' });
  });

  it('finds by externalId and by userName', async () => {
    expect(await connect().getAccount({ uniqueUserId: 'E7' })).toMatchObject({ id: 'id-7', active: true });
    expect(await connect().getAccount({ email: 'person8@acme.example' })).toMatchObject({ id: 'id-8' });
    expect(await connect().getAccount({ uniqueUserId: 'E700' })).toBeNull();
    expect(await connect().getAccount({ id: 'nobody' })).toBeNull();
  });

  it.each([
    ['PATCH', {}],
    ['PATCH with capital operations', { spelling: { opCase: 'capital' } }],
    ['PUT', { write: 'put' }],
  ] as const)('changes the email and `active` by %s', async (_, options) => {
    const changed = await connect(options).updateAccount({ uniqueUserId: 'E7' }, { email: 'pat@acme.example', active: false });
    expect(changed).toMatchObject({ active: false, record: { email: 'pat@acme.example' } });
    expect(people[7]).toMatchObject({ userName: 'pat@acme.example', active: false, externalId: 'E7', name: { givenName: 'Pat' } });
    expect(people[7]!.emails).toMatchObject([{ type: 'work', value: 'pat@acme.example' }]);
  });

  it('understands its 409 and its 401', async () => {
    await expect(connect().updateAccount({ uniqueUserId: 'E7' }, { email: 'person8@acme.example' })).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(connect({ token: () => 'ended' }).getAccount({ uniqueUserId: 'E7' })).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('reads its ServiceProviderConfig and checks well', async () => {
    expect(await connect().check()).toContainEqual(expect.objectContaining({ what: 'access', verdict: 'good' }));
  });
});
