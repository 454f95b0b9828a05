import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { failureSentence } from '../../connectors/check-line.ts';
import type {
  Account,
  CallOptions,
  CheckLine,
  CompleteListing,
  CrmConnector,
  LicenseConnector,
  RecordSink,
  UpdateOptions,
} from '../../connectors/connector.ts';
import { RequestFailed, type RequestFailure } from '../../connectors/errors.ts';
import { type RateLimiter, rateLimiter } from '../../connectors/rate-limit.ts';
import type { RetryPolicy } from '../../connectors/retry.ts';
import type { FaultInput, ServedSimulator } from '../../connectors/serve-simulator.ts';

/** What the suite sets on every connector. */
export interface ContractOptions {
  readonly retries: Partial<RetryPolicy>;
  readonly timeoutMs: number;
  readonly pageSize: number;
  readonly limiter?: RateLimiter;
  readonly longestWaitSeconds: number;
}

/** Accepts the records of either side. */
type AnySink = RecordSink<string>;

/** One side of a connector, as the suite reads it. */
export interface Listing {
  readonly tellsTotal: boolean;
  /** Fields that every record should have. */
  readonly needed: readonly string[];
  list(into: AnySink, options: CallOptions): Promise<CompleteListing>;
  check(): Promise<readonly CheckLine[]>;
}

export interface ContractServer<Connector> {
  readonly simulator: ServedSimulator;
  connect(options: ContractOptions): Connector;
}

export interface ConnectorContract<Connector> {
  readonly name: string;
  /** A vendor with so many people; after each `requestsPerToken` requests the access token has ended. */
  start(people: number, options?: { readonly requestsPerToken?: number }): Promise<ContractServer<Connector>>;
  /** The kind of request that brings a page of users. */
  readonly pageRequest: string;
  /** What a person's email is, by number from 0. */
  emailOf(person: number): string;
  /** Whatever may never stand in an error: tokens, secrets. */
  readonly secrets: readonly string[];
  /** How this vendor does each of these wrong. Null: its protocol has no such thing. */
  readonly wrong: {
    readonly repeatedCursor: FaultInput | null;
    /** A page that lacks a record it should have, where the vendor tells a total. */
    readonly shortPage: FaultInput | null;
    readonly shrunkenTotal: FaultInput | null;
    /** A page that lacks a record once, of a list whose total the vendor does not tell: so many people, so many on a page. */
    readonly leftOutOnce: { readonly does: FaultInput; readonly people: number; readonly pageSize: number } | null;
    /** 200, and yet an error inside. */
    readonly errorInside: FaultInput | null;
    /** The next page is said to be on another host. Called with that host's address. */
    readonly foreignNextPage: ((url: string) => FaultInput) | null;
    /** The vendor's own way to say: too many requests. */
    readonly tooMany: FaultInput;
  };
}

export type CrmContract = ConnectorContract<CrmConnector>;
export type LicenseContract = ConnectorContract<LicenseConnector>;

/** Lets everything pass and counts how much was asked, what is given up on its way included. */
export function countingLimiter(): RateLimiter & { readonly asked: () => number } {
  const all = rateLimiter({});
  let asked = 0;
  return {
    ...all,
    asked: () => asked,
    take(signal) {
      asked += 1;
      return all.take(signal);
    },
  };
}

const quick: ContractOptions = { retries: { firstMs: 1, maxMs: 20 }, timeoutMs: 10_000, pageSize: 3, longestWaitSeconds: 0 };

type PersonRecord = Readonly<Partial<Record<string, string>>>;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapInUse(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** Keeps what it gets. */
function collector(): AnySink & { readonly fields: readonly string[]; readonly users: PersonRecord[] } {
  const users: PersonRecord[] = [];
  let fields: readonly string[] = [];
  return {
    users,
    get fields() {
      return fields;
    },
    begin(given) {
      expect(fields, 'begin comes once').toEqual([]);
      fields = given;
    },
    rows() {
      expect.fail('A vendor that speaks JSON hands over records.');
    },
    records(page) {
      users.push(...page);
    },
  };
}

const isOver = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('It did not fail.'),
    (error: unknown) => error,
  );

/** The promises of CrmConnector, each held against the vendor's wire with its faults. */
export function crmConnectorContract(contract: CrmContract): void {
  listingContract(contract, (connector) => ({
    tellsTotal: connector.capabilities.tellsTotal,
    needed: ['id', 'email', 'active'],
    list: (into, options) => connector.listUsers(into, options),
    check: () => connector.check(),
  }));
  describe(`${contract.name}, a CRM`, () => {
    it('names the org that answers', async () => {
      const { simulator, connect } = await contract.start(1);
      const origin = await connect(quick).origin();
      expect(origin.id).not.toBe('');
      expect(origin.isTest).toBe(false);
      await simulator.close();
    });
  });
}

/** The promises of LicenseConnector's listing; what it writes is held by `licenseWriteContract`. */
export function licenseListingContract(contract: LicenseContract): void {
  listingContract(contract, (connector) => ({
    tellsTotal: true,
    needed: ['email', 'uniqueUserId'],
    list: (into, options) => connector.listAccounts(into, options),
    check: () => connector.check(),
  }));
}

function listingContract<Connector>(contract: ConnectorContract<Connector>, listingOf: (connector: Connector) => Listing): void {
  describe(`${contract.name} lists as it promises`, () => {
    const running: ContractServer<Connector>[] = [];
    afterEach(async () => {
      vi.restoreAllMocks();
      for (const { simulator } of running.splice(0)) await simulator.close();
    });

    async function start(people: number, options: Partial<ContractOptions> & { readonly requestsPerToken?: number } = {}) {
      const { requestsPerToken, ...given } = options;
      const server = await contract.start(people, requestsPerToken === undefined ? {} : { requestsPerToken });
      running.push(server);
      const listing = listingOf(server.connect({ ...quick, ...given }));
      const list = async (ask: CallOptions = {}): Promise<{ readonly proof: CompleteListing; readonly users: PersonRecord[] }> => {
        const sink = collector();
        return { proof: await listing.list(sink, ask), users: sink.users };
      };
      const failure = async (ask: CallOptions = {}): Promise<RequestFailed> => {
        const error = await isOver(list(ask));
        if (!(error instanceof RequestFailed)) throw error;
        return error;
      };
      return { ...server, listing, list, failure };
    }

    const emailsOf = (people: number): string[] => Array.from({ length: people }, (_, person) => contract.emailOf(person)).sort();
    const fault = (does: FaultInput, also: { readonly times?: number; readonly after?: number } = {}): FaultInput =>
      ({ on: contract.pageRequest, ...does, ...also }) as FaultInput;
    /** Never ends by itself. */
    const always = { times: 1_000_000 };

    it('hands over everybody once, page by page, with the proof of it', async () => {
      const { list, listing } = await start(8);
      const { proof, users } = await list();
      expect(users.map(({ email }) => email ?? '').sort()).toEqual(emailsOf(8));
      expect(new Set(users.map((user) => user.id ?? user.uniqueUserId)).size).toBe(8);
      const leftOut = Object.values(proof.leftOut).reduce((sum, n) => sum + n, 0);
      expect(proof).toMatchObject({ kind: 'listing', received: 8, rejected: 0, sha256: null });
      expect(proof.pages).toBeGreaterThanOrEqual(3);
      expect(proof.lastCursor).not.toBeNull();
      expect(proof.expected).toBe(listing.tellsTotal ? 8 + leftOut : null);
      expect(Number.isNaN(Date.parse(proof.asOf))).toBe(false);
    });

    it('says which fields it fills before the first page, and fills no others', async () => {
      const { listing } = await start(4);
      const sink = collector();
      await listing.list(sink, {});
      expect(new Set(sink.users.flatMap((user) => Object.keys(user)))).toSatisfy((used: Set<string>) =>
        [...used].every((field) => sink.fields.includes(field)),
      );
      expect(sink.fields).toEqual(expect.arrayContaining([...listing.needed]));
    });

    it('proves an empty list too', async () => {
      const { list } = await start(0);
      expect(await list()).toMatchObject({ users: [], proof: { received: 0 } });
    });

    it.each([3, 6])('ends after a page that is just full: %i people', async (people) => {
      const { list } = await start(people);
      expect((await list()).users).toHaveLength(people);
    });

    it('asks again after a passing failure of the server, and loses nobody', async () => {
      const { list, simulator } = await start(8);
      simulator.fault(fault({ kind: 'status', status: 503 }, { after: 1, times: 2 }));
      simulator.fault(fault({ kind: 'drop' }, { after: 2 }));
      expect((await list()).users.map(({ email }) => email ?? '').sort()).toEqual(emailsOf(8));
    });

    const failing: readonly [string, FaultInput, RequestFailure][] = [
      ['a server that is down', { kind: 'status', status: 503 }, 'unavailable'],
      ['a connection that breaks', { kind: 'drop' }, 'unavailable'],
      ['a body that is cut', { kind: 'cut-body' }, 'unavailable'],
      ['a web page with 200', { kind: 'web-page' }, 'invalid-response'],
      ['JSON that ends in its middle', { kind: 'broken-json' }, 'invalid-response'],
      ['a refusal for good', { kind: 'status', status: 400 }, 'rejected'],
      ['missing rights', { kind: 'status', status: 403 }, 'forbidden'],
      ['an address that is not there', { kind: 'status', status: 404 }, 'not-found'],
      ['a web page with 502', { kind: 'status', status: 502, body: '<html>Bad gateway</html>', contentType: 'text/html' }, 'unavailable'],
    ];
    it.each(failing)('throws for %s on the second page, after a bounded number of tries', async (_, does, code) => {
      const { failure, simulator } = await start(8);
      simulator.fault(fault(does, { after: 1, ...always }));
      expect(await failure()).toMatchObject({ code });
      // One page may be asked for ahead of the one that is read.
      expect(simulator.requests.filter((kind) => kind === contract.pageRequest).length).toBeLessThanOrEqual(1 + 4 + 1);
    });

    it.each([
      ['does not answer', { kind: 'hang' }],
      ['stops in the middle of a body', { kind: 'stall-body' }],
    ] as const)('gives up on a server that %s', async (_, does) => {
      const { failure, simulator } = await start(8, { timeoutMs: 300, retries: { attempts: 2, firstMs: 1 } });
      simulator.fault(fault(does, { after: 1, ...always }));
      expect(await failure()).toMatchObject({ code: 'timeout' });
    });

    it('waits as long as the vendor says before it asks again', async () => {
      const { list, simulator } = await start(8, { retries: { firstMs: 1, maxMs: 2_000 } });
      simulator.fault(fault({ ...contract.wrong.tooMany, headers: { 'retry-after': '1' } } as FaultInput, { after: 1 }));
      const began = performance.now();
      expect((await list()).users).toHaveLength(8);
      expect(performance.now() - began, 'A lower bound: it may not come back early.').toBeGreaterThanOrEqual(999);
    });

    it('leaves a wait that is longer than it may wait to the caller, with the time', async () => {
      const { failure, simulator } = await start(8);
      simulator.fault(fault({ ...contract.wrong.tooMany, headers: { 'retry-after': '3600' } } as FaultInput, always));
      expect(await failure()).toMatchObject({ code: 'rate-limited', retryAfterMs: 3_600_000 });
      expect(simulator.requests.filter((kind) => kind === contract.pageRequest)).toHaveLength(1);
      const again = await failure();
      expect(again.code).toBe('rate-limited');
      expect(again.retryAfterMs, 'and asks nothing meanwhile').toBeGreaterThan(3_000_000);
      expect(simulator.requests.filter((kind) => kind === contract.pageRequest)).toHaveLength(1);
    });

    it('waits in the middle of a list for longer than a request may wait, says so, and loses nothing of what was read', async () => {
      const { list, simulator } = await start(8, { longestWaitSeconds: 5 });
      simulator.fault(fault({ ...contract.wrong.tooMany, headers: { 'retry-after': '1' } } as FaultInput, { after: 1 }));
      const waits: number[] = [];
      expect((await list({ onWait: (ms) => waits.push(ms) })).users.map(({ email }) => email ?? '').sort()).toEqual(emailsOf(8));
      expect(waits).toEqual([1_000]);
    });

    it('ends such a wait at once with the reason of the signal', async () => {
      const { list, simulator } = await start(8, { longestWaitSeconds: 300 });
      simulator.fault(fault({ ...contract.wrong.tooMany, headers: { 'retry-after': '200' } } as FaultInput, { after: 1 }));
      const stopped = new AbortController();
      const listing = isOver(list({ signal: stopped.signal, onWait: () => stopped.abort(new Error('The job was stopped.')) }));
      expect(await listing).toMatchObject({ message: 'The job was stopped.' });
    });

    it('asks nothing while such a wait lasts: the next call fails at once too, and does not sit it out', async () => {
      const { failure, simulator } = await start(8);
      simulator.fault(fault({ ...contract.wrong.tooMany, headers: { 'retry-after': '3600' } } as FaultInput));
      await failure();
      const asked = simulator.requests.length;
      const again = await failure();
      expect(again.code).toBe('rate-limited');
      expect(again.retryAfterMs).toBeGreaterThan(3_000_000);
      expect(simulator.requests).toHaveLength(asked);
    });

    it('gives up on a vendor that goes on saying: too many requests', async () => {
      const { failure, simulator } = await start(8);
      simulator.fault(fault(contract.wrong.tooMany, always));
      expect(await failure()).toMatchObject({ code: 'rate-limited' });
    });

    it('renews an access that ends between two pages, and loses nobody', async () => {
      const { list } = await start(8, { requestsPerToken: 3 });
      expect((await list()).users.map(({ email }) => email ?? '').sort()).toEqual(emailsOf(8));
    });

    it('does not renew without end: an access that is refused again is the end', async () => {
      const { failure, simulator } = await start(8);
      simulator.fault(fault({ kind: 'status', status: 401 }, always));
      expect(await failure()).toMatchObject({ code: 'unauthorized' });
      expect(simulator.requests.length).toBeLessThanOrEqual(6);
    });

    const wholeness = [
      ['a cursor that comes again', contract.wrong.repeatedCursor],
      ['a page that lacks somebody', contract.wrong.shortPage],
      ['a total that shrinks', contract.wrong.shrunkenTotal],
      ['an error inside a 200', contract.wrong.errorInside],
    ] as const;
    it.each(wholeness.filter(([, does]) => does !== null))(
      'does not take a list for whole that has %s, and says what was seen',
      async (_, does) => {
        const { failure, simulator } = await start(8);
        simulator.fault({ on: contract.pageRequest, after: 1, ...does!, ...always } as FaultInput);
        const failed = await failure();
        expect(failed.code).toBe('invalid-response');
        const said = failureSentence('The vendor', failed);
        expect(said).toMatch(/^[A-Z].*\d.*[Tt]ry again.*\.$/u);
        expect(said, 'The address is right: what it says is wrong.').not.toContain('address');
        expect(simulator.requests.length).toBeLessThan(40);
      },
    );

    const { leftOutOnce } = contract.wrong;
    if (leftOutOnce !== null)
      it(`misses somebody who is left out of one page once, although no total is told for ${leftOutOnce.people} people`, async () => {
        const { failure, simulator } = await start(leftOutOnce.people, { pageSize: leftOutOnce.pageSize });
        simulator.fault({ on: contract.pageRequest, after: 1, ...leftOutOnce.does } as FaultInput);
        const said = failureSentence('The vendor', await failure());
        expect(said).toMatch(/^Page 2 had .* at first and .* when it was read again, so somebody may be missing\. Try again\.$/u);
      });

    it('says of an answer that ends in its middle just that, and not that the address is wrong', async () => {
      const { failure, simulator } = await start(8);
      simulator.fault(fault({ kind: 'broken-json' }, { after: 1, ...always }));
      expect(failureSentence('The vendor', await failure())).toMatch(
        /^The answer of The vendor for \w+ ends in its middle, after [\d,]+ bytes\. Try again\.$/,
      );
    });

    async function foreignHost(): Promise<{ readonly url: string; readonly visits: string[]; close(): void }> {
      const visits: string[] = [];
      const server = createServer((request, response) => {
        visits.push(`${request.url} ${request.headers.authorization ?? ''}`);
        response.end('{}');
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return { visits, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
    }

    it('follows no redirect to another host', async () => {
      const foreign = await foreignHost();
      const { failure, simulator } = await start(8);
      simulator.fault(fault({ kind: 'redirect', to: foreign.url }, always));
      expect(await failure()).toMatchObject({ code: 'invalid-response' });
      expect(foreign.visits).toEqual([]);
      foreign.close();
    });

    const { foreignNextPage } = contract.wrong;
    if (foreignNextPage !== null)
      it('follows no next page on another host', async () => {
        const foreign = await foreignHost();
        const { failure, simulator } = await start(8);
        simulator.fault(fault(foreignNextPage(foreign.url), always));
        expect(await failure()).toMatchObject({ code: 'invalid-response' });
        expect(foreign.visits).toEqual([]);
        foreign.close();
      });

    it('ends at once with the reason of the signal, in a request and in a pause', async () => {
      const { list, simulator } = await start(8, { retries: { firstMs: 60_000, maxMs: 60_000 } });
      simulator.fault(fault({ kind: 'hang' }));
      const stopped = new AbortController();
      const listing = isOver(list({ signal: stopped.signal }));
      await vi.waitUntil(() => simulator.requests.includes(contract.pageRequest));
      stopped.abort(new Error('The job was stopped.'));
      expect(await listing).toMatchObject({ message: 'The job was stopped.' });

      simulator.fault(fault({ ...contract.wrong.tooMany, headers: { 'retry-after': '50' } } as FaultInput));
      const again = new AbortController();
      const pausing = isOver(list({ signal: again.signal }));
      await vi.waitUntil(() => simulator.requests.filter((kind) => kind === contract.pageRequest).length === 2);
      again.abort(new Error('Again.'));
      expect(await pausing).toMatchObject({ message: 'Again.' });
    });

    it('keeps tokens, addresses and the vendor’s own text out of errors and off the terminal', async () => {
      const said: unknown[] = [];
      for (const stream of [process.stdout, process.stderr])
        vi.spyOn(stream, 'write').mockImplementation((text: unknown) => {
          said.push(text);
          return true;
        });
      const { failure, simulator } = await start(8);
      const told = `{"message":"canary ${contract.emailOf(0)} ${contract.secrets.join(' ')}"}`;
      const errors: unknown[] = [];
      for (const status of [400, 401, 403, 429, 500]) {
        simulator.fault(fault({ kind: 'status', status, body: told }, { times: 5 }));
        errors.push(await failure());
        await fetch(simulator.controlUrl, { method: 'POST', body: JSON.stringify({ do: 'clear-faults' }) });
      }
      const text = `${inspect(errors, { depth: 10, showHidden: true })} ${JSON.stringify(errors)} ${said.join('')}`;
      for (const word of ['canary', contract.emailOf(0), ...contract.secrets]) expect(text).not.toContain(word);
    });

    it('says for each thing it checks what is good, or what to do', async () => {
      const { listing, simulator } = await start(3);
      const good = await listing.check();
      expect(good.length).toBeGreaterThanOrEqual(2);
      expect(good.filter(({ verdict }) => verdict === 'bad')).toEqual([]);
      simulator.fault({ kind: 'status', status: 403, on: 'any', ...always });
      const bad = (await listing.check()).filter(({ verdict }) => verdict === 'bad');
      expect(bad).not.toEqual([]);
      for (const { sentence } of [...good, ...bad]) expect(sentence).toMatch(/^[A-Z].*\.$/u);
    });

    it('streams 200,000 users and keeps none of them', async () => {
      const { listing } = await start(200_000, { pageSize: 5_000 });
      let users = 0;
      const kept: number[] = [];
      const sink: AnySink = {
        begin() {},
        rows() {},
        records(page) {
          users += page.length;
          if (users >= 60_000 * (kept.length + 1)) kept.push(heapInUse());
        },
      };
      const proof = await listing.list(sink, {});
      expect(users).toBe(200_000);
      expect(proof.received).toBe(200_000);
      expect(kept).toHaveLength(3);
      // Of 120,000 people the ids, to notice repeats: nobody takes more than a hundred bytes or so.
      expect((kept[2]! - kept[0]!) / 120_000).toBeLessThan(250);
      // A vendor with small pages is asked thousands of times.
    }, 240_000);
  });
}

/** A vendor with people whose Unique User IDs are E0, E1 …, as the suite of writes looks at it from behind. */
export interface WriteServer {
  connect(options: ContractOptions, also: { readonly lookUpBy?: readonly ('uniqueUserId' | 'email')[] }): LicenseConnector;
  /** What is true of a person, whatever a read shows. */
  emailOf(person: number): string;
  isActive(person: number): boolean;
  /** How often a value of somebody was changed. */
  changes(): number;
  /** Null: nobody can tell it to fail. */
  readonly simulator: ServedSimulator | null;
  /** From now on reads show what is written only after `showAll`. Null: its reads show every write at once. */
  readonly lag: { begin(): void; showAll(): void } | null;
  close(): Promise<void>;
}

export interface LicenseWriteContract {
  readonly name: string;
  start(people: number): Promise<WriteServer>;
  /** The kind of request that writes, and the one that reads back. */
  readonly writeRequest: string;
  readonly readRequest: string;
  readonly secrets: readonly string[];
  /** Another writer who comes between our read and our write. Null: this server cannot be told to fail, and only what goes well is asked. */
  readonly meanwhile: {
    /** With another email. */
    readonly changed: FaultInput;
    /** With something that we do not write. */
    readonly touched: FaultInput;
    /** With what we write. */
    readonly written: FaultInput;
  } | null;
}

/** The promises of what a LicenseConnector looks up and writes, each held against the vendor's wire with its faults. */
export function licenseWriteContract(contract: LicenseWriteContract): void {
  describe(`${contract.name} writes as it promises`, () => {
    const running: WriteServer[] = [];
    afterEach(async () => {
      vi.restoreAllMocks();
      for (const server of running.splice(0)) await server.close();
    });

    async function start(options: Partial<ContractOptions> = {}) {
      const server = await contract.start(4);
      running.push(server);
      const connector = server.connect({ ...quick, ...options }, {});
      const update = (email: string, also?: UpdateOptions): Promise<Account> =>
        connector.updateAccount({ uniqueUserId: 'E1' }, { email }, also);
      return { ...server, server, connector, update };
    }

    const email = 'new.person1@acme.example';

    describe('looking somebody up', () => {
      it('finds by each key that it declares, and nobody by a key that nobody has', async () => {
        const { connector, emailOf } = await start();
        const { lookUpBy } = connector.capabilities;
        expect(lookUpBy).toEqual(['uniqueUserId', 'email']);
        const byId = await connector.getAccount({ uniqueUserId: 'E1' });
        expect(byId?.record).toMatchObject({ uniqueUserId: 'E1', email: emailOf(1) });
        expect(await connector.getAccount({ email: emailOf(1) })).toEqual(byId);
        expect(await connector.getAccount({ id: byId!.id })).toEqual(byId);
        expect(await connector.getAccount([{ uniqueUserId: 'E99' }, { email: 'nobody@acme.example' }])).toBeNull();
      });

      it('goes on to the next key where the first finds nobody, or is not searched by', async () => {
        const { connector, server, emailOf } = await start();
        const nobody = { email: 'nobody@acme.example' };
        expect((await connector.getAccount([nobody, { uniqueUserId: 'E2' }]))?.record.uniqueUserId).toBe('E2');
        expect((await connector.getAccount([nobody, { email: emailOf(3) }]))?.record.uniqueUserId).toBe('E3');
        const byEmail = server.connect(quick, { lookUpBy: ['email'] });
        expect((await byEmail.updateAccount([{ uniqueUserId: 'E1' }, { email: emailOf(1) }], { email })).record).toMatchObject({ email });
        await expect(byEmail.getAccount({ uniqueUserId: 'E1' })).rejects.toMatchObject({ code: 'not-supported' });
      });

      it('takes nobody with another Unique User ID for the one that was named, whatever their email is', async () => {
        const { connector, emailOf, changes } = await start();
        const keys = [{ uniqueUserId: 'E99' }, { email: emailOf(1) }];
        expect(await connector.getAccount(keys)).toBeNull();
        await expect(connector.updateAccount(keys, { email })).rejects.toMatchObject({ code: 'not-found' });
        expect(changes()).toBe(0);
      });
    });

    describe('writing', () => {
      it('makes a value hold and leaves everybody and everything else as it is', async () => {
        const { connector, update, emailOf, changes } = await start();
        const before = await connector.getAccount({ uniqueUserId: 'E1' });
        const others = [0, 2, 3].map(emailOf);
        const account = await update(email);
        expect(account).toEqual({ ...before, record: { ...before!.record, email } });
        expect([emailOf(1), ...[0, 2, 3].map(emailOf)]).toEqual([email, ...others]);
        expect(changes()).toBe(1);
      });

      it('writes nothing where the value holds: a repeat, by whomever, is harmless', async () => {
        const { server, update, changes } = await start();
        const first = await update(email);
        expect(await update(email)).toEqual(first);
        const afterCrash = server.connect(quick, {});
        expect(await afterCrash.updateAccount({ email }, { email: email.toUpperCase() })).toEqual(first);
        expect(changes()).toBe(1);
      });

      it('is the same whether one asks or two at once', async () => {
        const { server, update, emailOf, changes } = await start();
        const other = server.connect(quick, {});
        const both = await Promise.all([update(email), other.updateAccount({ uniqueUserId: 'E1' }, { email })]);
        expect(both.map(({ record }) => record.email)).toEqual([email, email]);
        expect([emailOf(1), changes()]).toEqual([email, 1]);
      });

      it('calls somebody else’s address a conflict and changes nothing', async () => {
        const { update, emailOf, changes } = await start();
        await expect(update(emailOf(2))).rejects.toMatchObject({ code: 'conflict', mayHaveArrived: false });
        expect(changes()).toBe(0);
      });

      it('writes over nothing that it was not told of: an email that is neither the one from before nor the new one', async () => {
        const { update, emailOf, changes } = await start();
        const emailBefore = emailOf(1);
        await expect(update(email, { emailBefore: emailOf(2) })).rejects.toMatchObject({ code: 'conflict', mayHaveArrived: false });
        expect(changes()).toBe(0);
        for (let repeat = 0; repeat < 2; repeat++) expect((await update(email, { emailBefore })).record.email).toBe(email);
        expect(changes()).toBe(1);
      });

      it('says that nobody is there, and writes nothing', async () => {
        const { connector, changes } = await start();
        await expect(connector.updateAccount({ uniqueUserId: 'E99' }, { email })).rejects.toMatchObject({ code: 'not-found' });
        expect(changes()).toBe(0);
      });

      it('takes away and gives back, and a repeat of either does nothing', async () => {
        const { connector, isActive, changes } = await start();
        const set = (active: boolean): Promise<Account> => connector.updateAccount({ uniqueUserId: 'E1' }, { active });
        for (const active of [false, false, true, true]) {
          expect(await set(active)).toMatchObject({ active });
          expect(isActive(1)).toBe(active);
        }
        expect(changes()).toBe(2);
      });
    });
  });

  if (contract.meanwhile !== null) failingWrites(contract, contract.meanwhile);
}

function failingWrites(contract: LicenseWriteContract, meanwhile: NonNullable<LicenseWriteContract['meanwhile']>): void {
  const email = 'new.person1@acme.example';
  const always = { times: 1_000_000 };

  describe(`${contract.name} writes as it promises, whatever goes wrong`, () => {
    const running: WriteServer[] = [];
    afterEach(async () => {
      vi.restoreAllMocks();
      for (const server of running.splice(0)) await server.close();
    });

    async function start(options: Partial<ContractOptions> = {}) {
      const server = await contract.start(4);
      running.push(server);
      const connector = server.connect({ ...quick, ...options }, {});
      const simulator = server.simulator!;
      return {
        ...server,
        simulator,
        fault: (does: FaultInput, also: { readonly times?: number } = {}): void =>
          simulator.fault({ on: contract.writeRequest, ...does, ...also } as FaultInput),
        writes: (): number => simulator.requests.filter((kind) => kind === contract.writeRequest).length,
        update: (also?: UpdateOptions): Promise<Account> => connector.updateAccount({ uniqueUserId: 'E1' }, { email }, also),
      };
    }

    it.each([
      ['whose answer is cut off', { kind: 'cut-body' }, 1],
      ['whose answer is a web page', { kind: 'web-page' }, 2],
      ['whose connection breaks', { kind: 'drop' }, 2],
      ['that meets a server that is down', { kind: 'status', status: 503 }, 2],
    ] as const)('reads before it repeats a write %s, and the value is changed once', async (_, does, writes) => {
      const { update, fault, simulator, changes, writes: sent } = await start();
      fault(does);
      expect((await update()).record.email).toBe(email);
      const after = simulator.requests.slice(simulator.requests.indexOf(contract.writeRequest) + 1);
      expect(after[0], 'the request after the failed write').toBe(contract.readRequest);
      expect([sent(), changes()]).toEqual([writes, 1]);
    });

    it('does not overwrite another writer who came first with another value', async () => {
      const { update, fault, emailOf, writes } = await start();
      fault(meanwhile.changed);
      await expect(update()).rejects.toMatchObject({ code: 'conflict' });
      expect([emailOf(1) === email, writes()]).toEqual([false, 1]);
    });

    it('judges by values: another writer who changed something else is no conflict', async () => {
      const { update, fault, emailOf, writes } = await start();
      fault(meanwhile.touched);
      expect((await update()).record.email).toBe(email);
      expect([emailOf(1), writes()]).toEqual([email, 2]);
    });

    it('judges by values: another writer who wrote the very value has done it', async () => {
      const { update, fault, writes } = await start();
      fault(meanwhile.written);
      expect((await update()).record.email).toBe(email);
      expect(writes()).toBe(1);
    });

    it('resolves only once a read shows the value', async () => {
      const { update, lag, simulator, emailOf } = await start();
      lag!.begin();
      let isOver = false;
      const updated = update().finally(() => {
        isOver = true;
      });
      const reads = (): number => simulator.requests.filter((kind) => kind === contract.readRequest).length;
      await vi.waitUntil(() => reads() >= 3);
      expect([emailOf(1), isOver]).toEqual([email, false]);
      lag!.showAll();
      expect((await updated).record.email).toBe(email);
    });

    it('says that a write was taken and no read has shown it, once the time for that is over', async () => {
      const { update, lag, writes } = await start();
      lag!.begin();
      await expect(update({ confirmWithinMs: 0 })).rejects.toMatchObject({ request: 'read-back', code: 'timeout', mayHaveArrived: true });
      expect(writes()).toBe(1);
      lag!.showAll();
      expect((await update()).record.email).toBe(email);
      expect(writes()).toBe(1);
    });

    const refusals: readonly [string, FaultInput, RequestFailure, boolean][] = [
      ['401', { kind: 'status', status: 401 }, 'unauthorized', false],
      ['403', { kind: 'status', status: 403 }, 'forbidden', false],
      ['404', { kind: 'status', status: 404 }, 'not-found', false],
      ['409', { kind: 'status', status: 409 }, 'conflict', false],
      ['400', { kind: 'status', status: 400 }, 'rejected', false],
      ['a long 429', { kind: 'status', status: 429, headers: { 'retry-after': '3600' } }, 'rate-limited', false],
      ['503 without end', { kind: 'status', status: 503 }, 'unavailable', true],
      ['a broken connection without end', { kind: 'drop' }, 'unavailable', true],
      ['a redirect', { kind: 'redirect', to: 'http://127.0.0.1:9/' }, 'invalid-response', true],
    ];
    it.each(refusals)('throws for %s, after a bounded number of writes', async (_, does, code, mayHaveArrived) => {
      const { update, fault, changes, writes } = await start();
      fault(does, always);
      await expect(update()).rejects.toMatchObject({ code, mayHaveArrived });
      expect(writes()).toBeLessThanOrEqual(4);
      expect(changes()).toBe(0);
    });

    it('gives up on a server that does not answer a write', async () => {
      const { update, fault } = await start({ timeoutMs: 100 });
      fault({ kind: 'hang' }, always);
      await expect(update()).rejects.toMatchObject({ code: 'timeout', mayHaveArrived: true });
    });

    it('ends at once with the reason of the signal, in a write and while it waits for a read that shows it', async () => {
      const { update, fault, lag, writes, simulator } = await start();
      fault({ kind: 'hang' });
      const stopped = new AbortController();
      const writing = isOver(update({ signal: stopped.signal }));
      await vi.waitUntil(() => writes() === 1);
      stopped.abort(new Error('The job was stopped.'));
      expect(await writing).toMatchObject({ message: 'The job was stopped.' });

      lag!.begin();
      const again = new AbortController();
      const waiting = isOver(update({ signal: again.signal }));
      await vi.waitUntil(() => simulator.requests.filter((kind) => kind === contract.readRequest).length >= 2);
      again.abort(new Error('Again.'));
      expect(await waiting).toMatchObject({ message: 'Again.' });
    });

    it('keeps tokens, addresses and the vendor’s own text out of errors and off the terminal', async () => {
      const said: unknown[] = [];
      for (const stream of [process.stdout, process.stderr])
        vi.spyOn(stream, 'write').mockImplementation((text: unknown) => {
          said.push(text);
          return true;
        });
      const { update, fault, simulator, emailOf } = await start();
      const told = `{"message":"canary ${emailOf(1)} ${contract.secrets.join(' ')}"}`;
      const errors: unknown[] = [];
      for (const status of [400, 401, 403, 409, 412, 429, 500]) {
        fault({ kind: 'status', status, body: told }, always);
        errors.push(await isOver(update()));
        simulator.clearFaults();
      }
      const text = `${inspect(errors, { depth: 10, showHidden: true })} ${JSON.stringify(errors)} ${said.join('')}`;
      for (const word of ['canary', emailOf(1), email, ...contract.secrets]) expect(text).not.toContain(word);
    });
  });
}
