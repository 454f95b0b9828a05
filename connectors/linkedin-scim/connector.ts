import { z } from 'zod';
import { checkLine, clockBeside, licensesUntold } from '../check-line.ts';
import {
  type Account,
  type AccountChange,
  type AccountField,
  type AccountKey,
  type AccountKeys,
  type AccountRecord,
  type AccountSink,
  type CallOptions,
  type CheckLine,
  type CompleteListing,
  filled,
  type LicenseConnector,
  type SharedState,
  type UpdateOptions,
} from '../connector.ts';
import { RequestFailed } from '../errors.ts';
import { authorizationOf } from '../hold-token.ts';
import { pause, rateLimiter } from '../rate-limit.ts';
import { readPages } from '../read-pages.ts';
import { type Answer, baseAddress, jsonOf, parsed, requestSender, type SenderOptions } from '../send-request.ts';
import { type Patience, patienceOf, waitOut } from '../wait-out.ts';
import {
  equalsFilter,
  holds,
  listResponse,
  type PatchSpelling,
  patchFor,
  putFor,
  type ScimUser,
  type ServiceProviderConfig,
  scimError,
  scimUser,
  serviceProviderConfig,
  workEmail,
} from './scim-messages.ts';

/** What is not documented about LinkedIn's SCIM is a setting here, with the documented default (help a10215127, a1657264). */
export interface LinkedInScimOptions extends Pick<SenderOptions, 'retries' | 'timeoutMs' | 'random' | 'limiter'> {
  /** The connection's name, for the proof. */
  readonly name: string;
  /** What all openings of this connection have together. */
  readonly shared?: SharedState;
  /** Default `https://api.linkedin.com/scim`; `http://` only to this machine. */
  readonly baseUrl?: string;
  /** Asked for again, with the refused one, when it was not accepted; the same one again means that there is no newer. */
  readonly token: (refused: string | null) => string | Promise<string>;
  /** ISO 8601. A token lives two years (help a10239009) and nobody tells when it was made. */
  readonly tokenEndsAt?: string | undefined;
  /** Whether users can be listed; default no. Without it the holders that are known are read one by one. */
  readonly list?: boolean;
  /** The holders of the last Admin Center export, for a connection that cannot list. */
  readonly knownHolders?: () => AsyncIterable<AccountKeys>;
  /** What is searched by; default both. Only the Unique User ID is documented as filterable. */
  readonly lookUpBy?: readonly ('uniqueUserId' | 'email')[];
  /** Default `patch`, or what ServiceProviderConfig says. */
  readonly write?: 'patch' | 'put';
  readonly spelling?: Partial<PatchSpelling>;
  readonly contentType?: 'application/scim+json' | 'application/json';
  /** Whether `active` gives and takes the license (inferred); default yes. Without it `active` is neither read as a license nor written. */
  readonly activeIsLicense?: boolean;
  /**
   * The license types that the token's configuration assigns to whoever becomes active, as Admin Center's export writes them (its auto-assign
   * choice, help a10239009). Default: not known, and then no license is taken over SCIM, for nobody could say that the same one comes back.
   */
  readonly assigns?: readonly string[];
  /** Default 1: LinkedIn names no limit. Without effect where a limiter is given. */
  readonly requestsPerSecond?: number;
  /** How long a listing waits in all for one page where the vendor asks for it; default 300. A longer wait ends the listing with `rate-limited`. */
  readonly longestWaitSeconds?: number;
  /** Who else writes here. An identity provider overwrites what we write, so that nothing is written then. */
  readonly provisionedBy?: 'identity-provider' | 'nobody-else';
  /** Default 100. */
  readonly pageSize?: number;
  /** Until a read shows what was written; default an hour, which is what LinkedIn says it takes at most. */
  readonly confirmWithinMs?: number;
  /** Between two such reads; default 5,000. */
  readonly lookEveryMs?: number;
}

/** The connection in a configuration file. `secret` is what stands there for a secret. */
export const linkedInScimSettings = <Secret extends z.ZodType>(secret: Secret) =>
  z.strictObject({
    type: z.literal('linkedin-scim'),
    baseUrl: z.url().exactOptional(),
    auth: z.strictObject({ token: secret, endsAt: z.iso.date().exactOptional() }),
    options: z
      .strictObject({
        list: z.boolean().exactOptional(),
        /** The last users export of Admin Center, where LinkedIn lists nobody: whom it names is read one by one. A path from the configuration file's folder. */
        holders: z.string().min(1).exactOptional(),
        lookUpBy: z
          .array(z.enum(['uniqueUserId', 'email']))
          .min(1)
          .exactOptional(),
        write: z.enum(['patch', 'put']).exactOptional(),
        spelling: z
          .strictObject({ opCase: z.enum(['lower', 'capital']).exactOptional(), activeAs: z.enum(['boolean', 'string']).exactOptional() })
          .exactOptional(),
        contentType: z.enum(['application/scim+json', 'application/json']).exactOptional(),
        activeIsLicense: z.boolean().exactOptional(),
        assigns: z.array(z.string().min(1)).min(1).exactOptional(),
        requestsPerSecond: z.number().positive().max(1_000).exactOptional(),
        provisionedBy: z.enum(['identity-provider', 'nobody-else']).exactOptional(),
        pageSize: z.int().min(1).max(1_000).exactOptional(),
        longestWaitSeconds: z.int().min(0).max(3_600).exactOptional(),
      })
      .default({}),
  });

const fields: readonly AccountField[] = [
  'id',
  'email',
  'givenName',
  'familyName',
  'displayName',
  'uniqueUserId',
  'groups',
  'salesLicense',
  'managedBy',
];

/** The people of one Sales Navigator contract over SCIM 2.0. It shows no license, invitation or CRM status of its own. */
export function linkedInScimConnector(options: LinkedInScimOptions): LicenseConnector {
  const base = baseAddress(options.baseUrl ?? 'https://api.linkedin.com/scim', "The address of LinkedIn's SCIM");
  const contentType = options.contentType ?? 'application/scim+json';
  const lookUpBy = options.lookUpBy ?? ['uniqueUserId', 'email'];
  const activeIsLicense = options.activeIsLicense ?? true;
  const writes = options.provisionedBy !== 'identity-provider';
  const spelling: PatchSpelling = { opCase: 'lower', activeAs: 'boolean', ...options.spelling };
  const { confirmWithinMs = 3_600_000, lookEveryMs = 5_000 } = options;
  const clock = clockBeside('LinkedIn');
  const send = requestSender({
    ...options,
    limiter: options.limiter ?? rateLimiter({ rate: rateOf(options.requestsPerSecond ?? 1) }, options.shared),
    mayReach: ({ origin }) => origin === base.origin,
    authorization: authorizationOf('Bearer', options.token),
    judge,
    onAnswer: clock.note,
  });
  const headers = { accept: 'application/scim+json, application/json' };

  let config: Promise<ServiceProviderConfig | null> | null = null;
  /** Asked once; null where the server has none. */
  function serverConfig(signal: AbortSignal | undefined): Promise<ServiceProviderConfig | null> {
    config ??= send(
      { request: 'service provider config', method: 'GET', url: new URL('ServiceProviderConfig', base), headers, isSafe: true },
      signal,
      (answer) => serviceProviderConfig.safeParse(jsonOf(answer.bytes)).data ?? null,
    ).catch((error: unknown) => {
      config = null;
      // What is not documented may be missing, or refused.
      if (error instanceof RequestFailed && ['not-found', 'rejected', 'forbidden', 'invalid-response'].includes(error.code)) return null;
      throw error;
    });
    return config;
  }

  const search = (query: Record<string, string>): URL => {
    const url = new URL('Users', base);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    // RFC 3986: a plus is a plus; not every server reads it as a space.
    url.search = url.search.replaceAll('+', '%20');
    return url;
  };

  /** Null: nobody, and the server understood the question. `refused`: it does not search by this. */
  async function findBy(
    attribute: 'externalId' | 'userName',
    value: string,
    signal: AbortSignal | undefined,
  ): Promise<ScimUser | null | 'refused'> {
    const url = search({ filter: equalsFilter(attribute, value) });
    try {
      return await send({ request: 'account', method: 'GET', url, headers, isSafe: true }, signal, (answer) => {
        const { totalResults, Resources } = parsed('account', listResponse, answer);
        const key = value.trim().toLowerCase();
        const found = (Resources ?? []).filter((user) => user[attribute]?.trim().toLowerCase() === key);
        if (found.length > 1) throw new RequestFailed('conflict', 'account');
        // A server that does not filter answers with everybody.
        if (found.length === 0 && totalResults > 0) throw new RequestFailed('invalid-response', 'account');
        return found[0] ?? null;
      });
    } catch (error) {
      // invalidFilter; LinkedIn's other shape of an error has no such word.
      if (error instanceof RequestFailed && error.status === 400 && error.code === 'rejected') return 'refused';
      throw error;
    }
  }

  async function readById(id: string, signal: AbortSignal | undefined): Promise<ScimUser | null> {
    try {
      return await send({ request: 'account', method: 'GET', url: userUrl(id), headers, isSafe: true }, signal, (answer) =>
        parsed('account', scimUser, answer),
      );
    } catch (error) {
      if (error instanceof RequestFailed && error.code === 'not-found') return null;
      throw error;
    }
  }

  const userUrl = (id: string): URL => new URL(`Users/${encodeURIComponent(id)}`, base);

  async function find(given: AccountKeys, signal: AbortSignal | undefined): Promise<ScimUser | null> {
    const keys = [given].flat();
    const named = keys.flatMap((key) => ('uniqueUserId' in key ? [key.uniqueUserId] : []));
    let isAnswered = false;
    for (const key of keys) {
      const found = await findByKey(key, signal);
      if (found === 'not-searched') continue;
      isAnswered = true;
      if (found !== null && !('email' in key && isSomebodyElse(found, named))) return found;
    }
    if (!isAnswered) throw new RequestFailed('not-supported', 'account');
    return null;
  }

  async function findByKey(key: AccountKey, signal: AbortSignal | undefined): Promise<ScimUser | null | 'not-searched'> {
    if ('id' in key) return readById(key.id, signal);
    const byId = 'uniqueUserId' in key;
    if (!lookUpBy.includes(byId ? 'uniqueUserId' : 'email')) return 'not-searched';
    const found = await findBy(byId ? 'externalId' : 'userName', byId ? key.uniqueUserId : key.email, signal);
    return found === 'refused' ? 'not-searched' : found;
  }

  function recordOf(user: ScimUser): AccountRecord {
    return filled({
      id: user.id,
      email: user.userName ?? workEmail(user),
      givenName: user.name?.givenName,
      familyName: user.name?.familyName,
      displayName: user.displayName,
      uniqueUserId: user.externalId,
      groups: user.groups
        ?.map(({ display }) => display)
        .filter(Boolean)
        .join(','),
      salesLicense: activeIsLicense && typeof user.active === 'boolean' ? (user.active ? 'active' : 'inactive') : null,
      managedBy: options.provisionedBy === 'identity-provider' ? 'IdP' : null,
    });
  }
  const accountOf = (user: ScimUser): Account => ({ id: user.id, record: recordOf(user), active: user.active ?? null });

  async function listAccounts(into: AccountSink, call: CallOptions = {}): Promise<CompleteListing> {
    const { signal } = call;
    const patience = patienceOf(options, call);
    const asOf = new Date().toISOString();
    const proof = { kind: 'listing', source: options.name, rejected: 0, leftOut: {}, asOf, sha256: null } as const;
    if (options.list !== true) return { ...proof, ...(await readKnown(into, signal, patience)) };
    const maxResults = (await waitOut(() => serverConfig(signal), patience))?.filter?.maxResults ?? Number.POSITIVE_INFINITY;
    const count = Math.max(1, Math.min(options.pageSize ?? 100, maxResults));
    into.begin(fields);
    const { received, pages, lastCursor, total } = await readPages<ScimUser>({
      request: 'accounts',
      first: '1',
      patience,
      async readPage(cursor, reading) {
        const url = search({ startIndex: cursor, count: String(count) });
        const { totalResults, Resources } = await send(
          { request: 'accounts', method: 'GET', url, headers, isSafe: true },
          reading.signal,
          (answer) => parsed('accounts', listResponse, answer),
        );
        const records = Resources ?? [];
        // As many as came, not as many as were asked for: a server may give more or fewer (RFC 7644 §3.4.2.4).
        const next = Number(cursor) + records.length;
        return { records, next: next <= totalResults && records.length > 0 ? String(next) : null, total: totalResults };
      },
      idOf: ({ id }) => id,
      into: (users) => into.records(users.map(recordOf)),
    });
    return { ...proof, received, pages, lastCursor, expected: total };
  }

  /** One by one. Whoever is not provisioned over SCIM is not found, which says nothing of their license. */
  async function readKnown(into: AccountSink, signal: AbortSignal | undefined, patience: Patience) {
    if (options.knownHolders === undefined)
      throw new RequestFailed('not-supported', 'accounts', {
        sentence: `This connection cannot list people. ${howToList}`,
      });
    into.begin(fields);
    let received = 0;
    let pages = 0;
    for await (const key of options.knownHolders()) {
      const user = await waitOut(() => find(key, signal), patience);
      pages += 1;
      if (user === null) continue;
      received += 1;
      await into.records([recordOf(user)]);
    }
    // All who were asked for are accounted for; how many LinkedIn has nobody says.
    const leftOut = pages > received ? { 'not-found': pages - received } : {};
    return { received, pages, lastCursor: null, expected: null, leftOut };
  }

  async function write(user: ScimUser, change: AccountChange, signal: AbortSignal | undefined): Promise<void> {
    const server = await serverConfig(signal);
    const usesPut = options.write === undefined ? server?.patch?.supported === false : options.write === 'put';
    const body = usesPut ? putFor(user, change, spelling) : patchFor(user, change, spelling);
    const version = user.meta?.version;
    await send(
      {
        request: 'update',
        method: usesPut ? 'PUT' : 'PATCH',
        url: userUrl(user.id),
        headers: { ...headers, ...(version ? { 'if-match': version } : {}) },
        body: { type: contentType, bytes: JSON.stringify(body) },
        // States values; but whoever changed them meanwhile must not be overwritten, so each try reads first.
        isSafe: false,
      },
      signal,
      () => {},
    );
  }

  /** Reads before each try and judges by values: what holds already is not written again. */
  async function updateAccount(keys: AccountKeys, change: AccountChange, options: UpdateOptions = {}): Promise<Account> {
    const { signal, confirmWithinMs: withinMs = confirmWithinMs } = options;
    if (!writes || (change.active !== undefined && !activeIsLicense)) throw new RequestFailed('not-supported', 'update');
    const before = await find(keys, signal);
    if (before === null) throw new RequestFailed('not-found', 'update');
    if (!isExpected(before, change, options.emailBefore)) throw new RequestFailed('conflict', 'update');
    let user = before;
    for (let failures = 0; !holds(user, change); ) {
      let isSent = false;
      try {
        await write(user, change, signal);
        isSent = true;
      } catch (error) {
        if (!(error instanceof RequestFailed)) throw error;
        failures += 1;
        const mayHold = error.mayHaveArrived || error.status === 412;
        if (!mayHold || failures > 2) throw error;
      }
      user = isSent ? await untilItHolds(user.id, change, withinMs, signal) : await again(user.id, signal);
      if (!isSent && !holds(user, change) && !sameValues(user, before)) throw new RequestFailed('conflict', 'update');
    }
    return accountOf(user);
  }

  async function again(id: string, signal: AbortSignal | undefined): Promise<ScimUser> {
    const user = await readById(id, signal);
    if (user === null) throw new RequestFailed('not-found', 'update', { mayHaveArrived: true });
    return user;
  }

  async function untilItHolds(id: string, change: AccountChange, withinMs: number, signal: AbortSignal | undefined): Promise<ScimUser> {
    const until = performance.now() + withinMs;
    for (;;) {
      const user = await again(id, signal);
      if (holds(user, change)) return user;
      if (performance.now() >= until) throw new RequestFailed('timeout', 'read-back', { mayHaveArrived: true });
      await pause(lookEveryMs, signal);
    }
  }

  /** Plans go over a connection that cannot list all the same, so that this is no fault. */
  const listing: CheckLine =
    options.list === true
      ? { what: 'rights', verdict: 'good', sentence: 'This connection lists people.' }
      : options.knownHolders === undefined
        ? { what: 'rights', verdict: 'unknown', sentence: `This connection cannot list people. ${howToList}` }
        : {
            what: 'rights',
            verdict: 'good',
            sentence: 'This connection cannot list people; whom the last users export names is read one by one, and nobody who came since.',
          };

  async function check({ signal }: CallOptions = {}): Promise<readonly CheckLine[]> {
    const access = await checkLine(
      'LinkedIn',
      'access',
      // An id that nobody has: the question is whether we may ask.
      (): Promise<unknown> => (options.list === true ? countOf(signal) : findBy('externalId', 'seatmatch-check', signal)),
      (answer) =>
        answer === 'refused'
          ? {
              verdict: 'bad',
              sentence: 'LinkedIn does not search by Unique User ID. Set another order of look-up keys, or switch listing on.',
            }
          : 'LinkedIn accepts the token.',
      { unauthorized: 'LinkedIn does not accept the token. Make a new one in Admin Center under Settings, SCIM, and enter it here.' },
    );
    return [access, listing, tokenEnd(options.tokenEndsAt), owner(options.provisionedBy), clock.line(), ...licensesUntold];
  }

  const countOf = (signal: AbortSignal | undefined): Promise<number> =>
    send({ request: 'accounts', method: 'GET', url: search({ startIndex: '1', count: '1' }), headers, isSafe: true }, signal, (answer) =>
      parsed('accounts', listResponse, answer),
    ).then(({ totalResults }) => totalResults);

  return {
    capabilities: {
      list: options.list === true,
      lookUpBy,
      updateEmail: writes,
      setLicense: writes && activeIsLicense ? 'side-effect' : 'manual',
      assigns: writes && activeIsLicense ? (options.assigns ?? null) : null,
      resendInvitation: 'manual',
      readInvitation: 'none',
      readCrmMatch: 'none',
      readCrmSync: 'none',
      writeCrmSync: 'manual',
    },
    listAccounts,
    async getAccount(keys, { signal } = {}) {
      const user = await find(keys, signal);
      return user === null ? null : accountOf(user);
    },
    updateAccount,
    check,
    budget: () => null,
  };
}

const howToList = 'Set list where LinkedIn lists people over SCIM, or name the last users export as holders.';

/** A limit below one request a second is one request in a longer window. */
const rateOf = (perSecond: number) => ({
  requests: Math.max(1, Math.floor(perSecond)),
  windowMs: perSecond < 1 ? 1_000 / perSecond : 1_000,
  countedBy: 'answer' as const,
});

const isSomebodyElse = ({ externalId }: ScimUser, named: readonly string[]): boolean => {
  const own = externalId?.trim().toLowerCase() ?? '';
  return own !== '' && named.length > 0 && named.every((id) => id.trim().toLowerCase() !== own);
};

function isExpected(user: ScimUser, { email }: AccountChange, emailBefore: string | undefined): boolean {
  if (emailBefore === undefined) return true;
  return [emailBefore, email].some((one) => one !== undefined && holds({ ...user, emails: [] }, { email: one }));
}

const sameValues = (a: ScimUser, b: ScimUser): boolean =>
  a.userName === b.userName && workEmail(a) === workEmail(b) && (a.active ?? null) === (b.active ?? null);

function tokenEnd(endsAt: string | undefined): CheckLine {
  if (endsAt === undefined)
    return {
      what: 'token-end',
      verdict: 'unknown',
      sentence: 'LinkedIn does not tell when a SCIM token ends: two years after it was made. Enter that day.',
    };
  const days = Math.floor((Date.parse(endsAt) - Date.now()) / 86_400_000);
  const day = endsAt.slice(0, 10);
  if (days < 0)
    return {
      what: 'token-end',
      verdict: 'bad',
      sentence: `The token ended on ${day}. Make a new one in Admin Center under Settings, SCIM.`,
    };
  if (days < 30)
    return {
      what: 'token-end',
      verdict: 'bad',
      sentence: `The token ends on ${day}, in ${days} days. Make a new one in Admin Center under Settings, SCIM.`,
    };
  return { what: 'token-end', verdict: 'good', sentence: `The token ends on ${day}.` };
}

function owner(provisionedBy: LinkedInScimOptions['provisionedBy']): CheckLine {
  switch (provisionedBy) {
    case 'identity-provider':
      return {
        what: 'owner',
        verdict: 'bad',
        sentence: 'An identity provider writes these accounts too and would undo our changes. Have it change the email.',
      };
    case 'nobody-else':
      return { what: 'owner', verdict: 'good', sentence: 'Nobody else writes these accounts.' };
    case undefined:
      return {
        what: 'owner',
        verdict: 'unknown',
        sentence: 'SCIM does not tell whether an identity provider writes these accounts too. Say so in the settings.',
      };
  }
}

/** 409 and scimType `uniqueness` mean the same, whatever the status. */
function judge({ status, bytes }: Answer): 'conflict' | null {
  if (status < 400) return null;
  return scimError.safeParse(jsonOf(bytes)).data?.scimType === 'uniqueness' ? 'conflict' : null;
}
