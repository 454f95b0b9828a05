import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CallOptions, CheckLine, CompleteListing, CrmConnector, LicenseConnector, RecordSink } from '../../connectors/connector.ts';
import { RequestFailed, type RequestFailure } from '../../connectors/errors.ts';
import type { RateLimiter } from '../../connectors/rate-limit.ts';
import type { RetryPolicy } from '../../connectors/retry.ts';
import type { FaultInput, ServedSimulator } from '../../connectors/serve-simulator.ts';

/** What the suite sets on every connector. */
export interface ContractOptions {
  readonly retries: Partial<RetryPolicy>;
  readonly timeoutMs: number;
  readonly pageSize: number;
  readonly limiter?: RateLimiter;
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

const quick: ContractOptions = { retries: { firstMs: 1, maxMs: 20 }, timeoutMs: 10_000, pageSize: 3 };

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

/** The promises of LicenseConnector's listing; what it writes has a suite of its own. */
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
      expect(simulator.requests.filter((kind) => kind === contract.pageRequest).length).toBeLessThanOrEqual(1 + 4);
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
    it.each(wholeness.filter(([, does]) => does !== null))('does not take a list for whole that has %s', async (_, does) => {
      const { failure, simulator } = await start(8);
      simulator.fault({ on: contract.pageRequest, after: 1, ...does!, ...always } as FaultInput);
      expect((await failure()).code).toMatch(/^(invalid-response|rejected)$/);
      expect(simulator.requests.length).toBeLessThan(40);
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
