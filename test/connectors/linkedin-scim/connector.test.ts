import { afterEach, describe, expect, it } from 'vitest';
import type { AccountRecord } from '../../../connectors/connector.ts';
import { findByUniqueId, makeAdminCenter, type Person } from '../../../connectors/linkedin-files/simulator/admin-center.ts';
import { advanceTo } from '../../../connectors/linkedin-files/simulator/clock.ts';
import { type LinkedInScimOptions, linkedInScimConnector } from '../../../connectors/linkedin-scim/connector.ts';
import { type ScimSimulator, type ScimSimulatorOptions, startScimSimulator } from '../../../connectors/linkedin-scim/simulator.ts';
import { rateLimiter } from '../../../connectors/rate-limit.ts';
import { licenseListingContract, licenseWriteContract } from '../contract.ts';
import { build, plus, who } from '../linkedin-files/simulator/build.ts';

const emailOf = (person: number): string => `person${person}@acme.example`;
const start = '2026-11-21T09:00:00.000Z';

function connect(simulator: ScimSimulator, options: Partial<LinkedInScimOptions> = {}) {
  return linkedInScimConnector({
    name: 'navigator',
    baseUrl: simulator.url,
    token: (refused) => (refused === null ? 'scim-token' : simulator.token()),
    list: true,
    limiter: rateLimiter({}),
    retries: { firstMs: 1, maxMs: 20 },
    lookEveryMs: 1,
    confirmWithinMs: 2_000,
    ...options,
  });
}

licenseListingContract({
  name: 'LinkedIn over SCIM',
  pageRequest: 'users',
  emailOf,
  secrets: ['scim-token', 'scim-token-2'],
  async start(people, options = {}) {
    const center = makeAdminCenter({
      now: start,
      settings: { licenses: { [plus]: people } },
      people: Array.from({ length: people }, (_, n) => ({ profileEmail: emailOf(n), uniqueUserId: `E${n}`, license: 'activated' })),
    });
    const simulator = await startScimSimulator({ center, ...options });
    // What an admin does when a token has ended: a new one, and the old one is void.
    const token = (refused: string | null): string => {
      if (refused === null || refused === 'scim-token-2') return refused ?? 'scim-token';
      simulator.setToken('scim-token-2');
      return 'scim-token-2';
    };
    return { simulator, connect: (given) => connect(simulator, { ...given, token }) };
  },
  wrong: {
    repeatedCursor: { kind: 'quirk', quirk: 'repeated-page' },
    shortPage: { kind: 'quirk', quirk: 'short-page' },
    shrunkenTotal: { kind: 'quirk', quirk: 'shrunken-total' },
    leftOutOnce: null,
    errorInside: { kind: 'quirk', quirk: 'error-in-200' },
    foreignNextPage: null,
    tooMany: { kind: 'status', status: 429 },
  },
});

licenseWriteContract({
  name: 'LinkedIn over SCIM',
  writeRequest: 'patch',
  readRequest: 'user',
  secrets: ['scim-token'],
  meanwhile: {
    changed: { kind: 'quirk', quirk: 'changed-meanwhile' },
    touched: { kind: 'quirk', quirk: 'touched-meanwhile' },
    written: { kind: 'quirk', quirk: 'written-meanwhile' },
  },
  async start(people) {
    const center = makeAdminCenter({
      now: start,
      settings: { licenses: { [plus]: people } },
      people: Array.from({ length: people }, (_, n) => ({ profileEmail: emailOf(n), uniqueUserId: `E${n}`, license: 'activated' })),
    });
    const simulator = await startScimSimulator({ center });
    const person = (n: number): Person => findByUniqueId(center, `E${n}`)!;
    return {
      simulator,
      connect: (given, also) => connect(simulator, { ...given, ...also }),
      emailOf: (n) => person(n).profileEmail,
      isActive: (n) => person(n).license !== 'none',
      changes: () => center.journal.filter(({ what, by }) => by === 'scim' && what !== 'license-email').length,
      lag: {
        begin() {
          center.settings.shownAfterMinutes.email = 60;
        },
        showAll: () => advanceTo(center, center.now + 61 * 60_000),
      },
      close: () => simulator.close(),
    };
  },
});

const running: ScimSimulator[] = [];
afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.close();
});

async function begin(options: Partial<ScimSimulatorOptions> = {}): Promise<ScimSimulator> {
  const simulator = await startScimSimulator({ center: build(), ...options });
  running.push(simulator);
  return simulator;
}

const ann = { uniqueUserId: 'E1' };
const stateOf = (simulator: ScimSimulator): Person => findByUniqueId(simulator.center, 'E1')!;
const writes = (simulator: ScimSimulator): number => simulator.requests.filter((kind) => kind === 'patch' || kind === 'put').length;

describe('LinkedIn over SCIM: looking somebody up', () => {
  it('finds by Unique User ID, by email and by id, and knows nobody for nobody', async () => {
    const simulator = await begin();
    const connector = connect(simulator);
    const account = await connector.getAccount(ann);
    expect(account).toEqual({
      id: stateOf(simulator).id,
      active: true,
      record: {
        id: stateOf(simulator).id,
        email: 'ann@old.example',
        givenName: 'Ann',
        familyName: 'Roe',
        displayName: 'Ann Roe',
        uniqueUserId: 'E1',
        salesLicense: 'active',
      },
    });
    expect(await connector.getAccount({ email: 'ANN@old.example' })).toEqual(account);
    expect(await connector.getAccount({ id: account!.id })).toEqual(account);
    expect(await connector.getAccount({ uniqueUserId: 'E99' })).toBeNull();
    expect(await connector.getAccount({ id: 'nobody' })).toBeNull();
  });

  it('quotes a value so that it cannot become another filter', async () => {
    const simulator = await begin();
    expect(await connect(simulator).getAccount({ uniqueUserId: 'x" or userName eq "bo@old.example' })).toBeNull();
    expect(simulator.received.at(-1)!.url.searchParams.get('filter')).toBe('externalId eq "x\\" or userName eq \\"bo@old.example"');
  });

  it('encodes a plus in an address, which some servers would read as a space', async () => {
    const simulator = await begin();
    await connect(simulator).getAccount({ email: 'ann+sn@old.example' });
    expect(simulator.received.at(-1)!.url.search).toContain('ann%2Bsn%40old.example');
  });

  it('does not take the first of everybody for the one it asked for, where a server ignores the filter', async () => {
    const simulator = await begin();
    simulator.fault({ kind: 'quirk', quirk: 'ignores-filter', on: 'users', times: 9 });
    await expect(connect(simulator).getAccount({ uniqueUserId: 'E99' })).rejects.toMatchObject({ code: 'invalid-response' });
  });

  it('says that it cannot search by what the server does not search by (400 invalidFilter)', async () => {
    const simulator = await begin({ behaviour: { filterBy: ['externalId'] } });
    await expect(connect(simulator).getAccount({ email: 'ann@old.example' })).rejects.toMatchObject({ code: 'not-supported' });
    expect(await connect(simulator).getAccount(ann)).toMatchObject({ id: stateOf(simulator).id });
  });

  it('takes no other refusal for a key that it cannot search by', async () => {
    const simulator = await begin();
    simulator.fault({ kind: 'status', status: 422, on: 'users' });
    await expect(connect(simulator).getAccount(ann)).rejects.toMatchObject({ code: 'rejected', status: 422 });
  });

  it('reads both shapes of an error, and gives nothing of either on', async () => {
    for (const errors of ['scim', 'linkedin'] as const) {
      const simulator = await begin({ behaviour: { errors } });
      simulator.setToken('another-token');
      await expect(connect(simulator, { token: () => 'ended' }).getAccount(ann)).rejects.toMatchObject({
        code: 'unauthorized',
        message: 'account: unauthorized (HTTP 401)',
      });
    }
  });
});

describe('LinkedIn over SCIM: a connection that cannot list', () => {
  it('reads the holders of the last export one by one, and says so in the proof', async () => {
    const simulator = await begin({ behaviour: { list: false } });
    async function* knownHolders() {
      yield { uniqueUserId: 'E1' };
      yield { email: 'gone@old.example' };
      yield { email: 'bo@old.example' };
    }
    const records: AccountRecord[] = [];
    const sink = { begin() {}, rows() {}, records: (page: readonly AccountRecord[]) => records.push(...page) };
    const proof = await connect(simulator, { list: false, knownHolders }).listAccounts(sink);
    expect(records.map(({ email }) => email)).toEqual(['ann@old.example', 'bo@old.example']);
    expect(proof, 'who is not found there is counted').toMatchObject({
      received: 2,
      pages: 3,
      expected: null,
      leftOut: { 'not-found': 1 },
    });
    const lines = async (options: object) => (await connect(simulator, options).check()).filter(({ what }) => what === 'rights');
    expect(await lines({ list: false, knownHolders })).toMatchObject([
      { verdict: 'good', sentence: expect.stringMatching(/cannot list people; .* one by one/) },
    ]);
    expect(await lines({ list: false })).toMatchObject([
      { verdict: 'unknown', sentence: expect.stringMatching(/^This connection cannot list people\. Set list/) },
    ]);
    const none = connect(simulator, { list: false });
    await expect(none.listAccounts(sink)).rejects.toMatchObject({ code: 'not-supported' });
    expect(none.capabilities.list).toBe(false);
  });
});

describe('LinkedIn over SCIM: writing', () => {
  it('changes an email, and resolves with what a read shows', async () => {
    const simulator = await begin();
    const changed = await connect(simulator).updateAccount(ann, { email: 'ann@new.example' });
    expect(changed.record.email).toBe('ann@new.example');
    expect(stateOf(simulator)).toMatchObject({ profileEmail: 'ann@new.example', license: 'activated' });
    expect(JSON.parse(simulator.received.findLast(({ method }) => method === 'PATCH')!.body.toString())).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [
        { op: 'replace', path: 'userName', value: 'ann@new.example' },
        { op: 'replace', path: 'emails[type eq "work"].value', value: 'ann@new.example' },
      ],
    });
  });

  it('writes nothing where the value holds already', async () => {
    const simulator = await begin();
    await connect(simulator).updateAccount(ann, { email: 'Ann@old.example' });
    expect(writes(simulator)).toBe(0);
  });

  it.each([
    ['a lost answer', { kind: 'drop' }],
    ['a cut answer', { kind: 'cut-body' }],
    ['503', { kind: 'status', status: 503 }],
  ] as const)('reads before it writes again after %s', async (_, fault) => {
    const simulator = await begin();
    simulator.fault({ ...fault, on: 'patch' });
    expect((await connect(simulator).updateAccount(ann, { email: 'ann@new.example' })).record.email).toBe('ann@new.example');
    const requests = simulator.requests.slice(simulator.requests.indexOf('patch'));
    expect(requests[1], 'the request after the failed write').toBe('user');
    expect(simulator.center.journal.filter(({ what }) => what === 'email')).toHaveLength(1);
  });

  it('waits for a read that shows the value, and gives up with “may have arrived” when none does in its time', async () => {
    const settings = { shownAfterMinutes: { email: 60, licenseOff: 0, licenseOn: 0, other: 0 } };
    const simulator = await begin({ center: build(settings) });
    const late = connect(simulator, { confirmWithinMs: 20 }).updateAccount(ann, { email: 'ann@new.example' });
    await expect(late).rejects.toMatchObject({ code: 'timeout', mayHaveArrived: true });
    expect(writes(simulator)).toBe(1);
  });

  it('judges a conflict by values: another writer who came first is not overwritten (If-Match, 412)', async () => {
    const simulator = await begin();
    simulator.fault({ kind: 'quirk', quirk: 'changed-meanwhile', on: 'patch' });
    await expect(connect(simulator).updateAccount(ann, { email: 'ann@new.example' })).rejects.toMatchObject({ code: 'conflict' });
    expect(stateOf(simulator).profileEmail).toBe('elsewhere.ann@old.example');
  });

  it('calls an address that belongs to somebody else a conflict (409 uniqueness)', async () => {
    const simulator = await begin();
    await expect(connect(simulator).updateAccount(ann, { email: 'bo@old.example' })).rejects.toMatchObject({
      code: 'conflict',
      mayHaveArrived: false,
    });
  });

  it('takes a license by `active` and gives it back; where none is left, `active` stays false and it does not claim otherwise', async () => {
    const simulator = await begin();
    const connector = connect(simulator, { confirmWithinMs: 20 });
    expect(await connector.updateAccount(ann, { active: false })).toMatchObject({ active: false, record: { salesLicense: 'inactive' } });
    expect(stateOf(simulator).license).toBe('none');
    expect(await connector.updateAccount(ann, { active: true })).toMatchObject({ active: true });
    expect(stateOf(simulator)).toMatchObject({ license: 'invited', licenseTypes: [plus] });
    await connector.updateAccount(ann, { active: false });
    simulator.center.settings.licenses[plus] = 2;
    await expect(connector.updateAccount(ann, { active: true })).rejects.toMatchObject({ code: 'timeout' });
  });

  it('neither reads nor writes `active` as a license where the setting says that it is none', async () => {
    const simulator = await begin();
    const connector = connect(simulator, { activeIsLicense: false });
    expect((await connector.getAccount(ann))!.record.salesLicense).toBeUndefined();
    await expect(connector.updateAccount(ann, { active: false })).rejects.toMatchObject({ code: 'not-supported' });
    expect(connector.capabilities.setLicense).toBe('manual');
  });

  it('puts the whole user where the server has no PATCH', async () => {
    const simulator = await begin({ behaviour: { patch: false, answers: 'nothing' } });
    expect((await connect(simulator).updateAccount(ann, { email: 'ann@new.example' })).record.email).toBe('ann@new.example');
    const put = simulator.received.findLast(({ method }) => method === 'PUT')!;
    expect(JSON.parse(put.body.toString())).toMatchObject({ externalId: 'E1', userName: 'ann@new.example', name: { givenName: 'Ann' } });
    expect(stateOf(simulator).uniqueUserId).toBe('E1');
  });

  it.each([
    ['capital operations', { spelling: { opCase: 'capital' } }],
    ['active as a word', { spelling: { activeAs: 'string' } }],
    ['plain JSON', { contentType: 'application/json' }],
  ] as const)('can be set to %s', async (_, options) => {
    const simulator = await begin({ behaviour: { providesConfig: false, etag: false, answers: 'nothing' } });
    await connect(simulator, options).updateAccount(ann, { email: 'ann@new.example', active: false });
    expect(stateOf(simulator)).toMatchObject({ profileEmail: 'ann@new.example', license: 'none' });
  });

  it('stands in front of the same Admin Center as the files', async () => {
    const simulator = await begin();
    await connect(simulator).updateAccount(ann, { email: 'ann@new.example' });
    expect(who(simulator.center, 'ann@new.example').licenseEmail).toBe('ann@new.example');
  });
});

describe('LinkedIn over SCIM: what it checks', () => {
  it.each([
    [undefined, 'unknown', /two years after it was made/],
    ['2020-01-01T00:00:00Z', 'bad', /ended on 2020-01-01/],
    [new Date(Date.now() + 10 * 86_400_000).toISOString(), 'bad', /in \d+ days/],
    ['2999-01-01T00:00:00Z', 'good', /ends on 2999-01-01/],
  ] as const)('the end of the token: %s', async (tokenEndsAt, verdict, sentence) => {
    const simulator = await begin();
    const lines = await connect(simulator, tokenEndsAt === undefined ? {} : { tokenEndsAt }).check();
    expect(lines.find(({ what }) => what === 'token-end')).toMatchObject({ verdict, sentence: expect.stringMatching(sentence) });
  });

  it('warns of an identity provider, which would undo what we write, and writes nothing', async () => {
    const simulator = await begin();
    const connector = connect(simulator, { provisionedBy: 'identity-provider' });
    expect(await connector.check()).toContainEqual(expect.objectContaining({ what: 'owner', verdict: 'bad' }));
    expect((await connector.getAccount(ann))!.record.managedBy).toBe('IdP');
    expect(connector.capabilities).toMatchObject({ updateEmail: false, setLicense: 'manual', assigns: null });
    await expect(connector.updateAccount(ann, { email: 'ann@new.example' })).rejects.toMatchObject({ code: 'not-supported' });
    expect(writes(simulator)).toBe(0);
  });
});
