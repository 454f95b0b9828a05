import { z } from 'zod';
import { sinceWithOverlap } from '../changed-since.ts';
import { checkLine, clockBeside } from '../check-line.ts';
import {
  type AccessToken,
  type CallOptions,
  type CheckLine,
  type CompleteListing,
  type CrmConnector,
  filled,
  type ListUsersOptions,
  type Origin,
  type SharedState,
  type UserField,
  type UserRecord,
  type UserSink,
} from '../connector.ts';
import { RequestFailed, type RequestFailure } from '../errors.ts';
import { authorizationOf, tokenHolder } from '../hold-token.ts';
import { otherOrigin, otherOriginSentence } from '../other-origin.ts';
import { rateLimiter } from '../rate-limit.ts';
import { changedSentence, readPages } from '../read-pages.ts';
import { refusing, saying } from '../refused-credential.ts';
import { type Answer, baseAddress, formBody, type Judged, jsonOf, parsed, requestSender, type SenderOptions } from '../send-request.ts';
import { patienceOf, waitOut } from '../wait-out.ts';

/** Zoho CRM API v8, users (zoho.com/crm/developer/docs/api/v8/get-users.html). Read-only: the email of a confirmed user has no API. */

/** The hosts of each data centre, as Zoho's own SDKs name them. A token is good in its own data centre only. */
export const dataCenters = {
  com: { accounts: 'https://accounts.zoho.com', api: 'https://www.zohoapis.com' },
  eu: { accounts: 'https://accounts.zoho.eu', api: 'https://www.zohoapis.eu' },
  in: { accounts: 'https://accounts.zoho.in', api: 'https://www.zohoapis.in' },
  'com.au': { accounts: 'https://accounts.zoho.com.au', api: 'https://www.zohoapis.com.au' },
  'com.cn': { accounts: 'https://accounts.zoho.com.cn', api: 'https://www.zohoapis.com.cn' },
  jp: { accounts: 'https://accounts.zoho.jp', api: 'https://www.zohoapis.jp' },
  sa: { accounts: 'https://accounts.zoho.sa', api: 'https://www.zohoapis.sa' },
  ca: { accounts: 'https://accounts.zohocloud.ca', api: 'https://www.zohoapis.ca' },
} as const;
export type DataCenter = keyof typeof dataCenters;

const version = 'v8';
/** The connection in a configuration file. `secret` is what stands there for a secret. */
export const zohoSettings = <Secret extends z.ZodType>(secret: Secret) =>
  z.strictObject({
    type: z.literal('zoho'),
    dataCenter: z.enum(Object.keys(dataCenters) as [DataCenter, ...DataCenter[]]).default('com'),
    accountsUrl: z.url().exactOptional(),
    apiUrl: z.url().exactOptional(),
    orgId: z.string().regex(/^\d+$/, 'is the number of an organisation (zgid), in quotes').exactOptional(),
    longestWaitSeconds: z.int().min(0).max(3_600).exactOptional(),
    auth: z.strictObject({ clientId: z.string().min(1), clientSecret: secret, refreshToken: secret }),
  });

export interface ZohoOptions extends Pick<SenderOptions, 'retries' | 'timeoutMs' | 'random' | 'limiter'> {
  /** The connection's name, for the proof. */
  readonly name: string;
  /** What all openings of this connection have together. */
  readonly shared?: SharedState;
  readonly dataCenter: DataCenter;
  /** In the place of the data centre's own; `https://…`, or `http://` to this machine. */
  readonly accountsUrl?: string;
  readonly apiUrl?: string;
  readonly auth: { readonly clientId: string; readonly clientSecret: string; readonly refreshToken: string };
  /** The organisation (zgid) that this connection is for: of another one nobody is read. */
  readonly orgId?: string;
  /** Default 200, which is also the most. */
  readonly pageSize?: number;
  /** How long a listing waits in all for one page where the vendor asks for it; default 300. A longer wait ends the listing with `rate-limited`. */
  readonly longestWaitSeconds?: number;
  /** Pages that are asked for together; default 5, which is what an app may have under way in the smallest edition. */
  readonly pagesAtOnce?: number;
  /** Between two access tokens; default 120,000: Zoho gives ten per refresh token in ten minutes, then none for the rest of them. */
  readonly tokenEveryMs?: number;
}

const fields: readonly UserField[] = [
  ...(['id', 'email', 'givenName', 'familyName', 'displayName', 'active', 'confirmed'] as const),
  ...(['role', 'profile', 'manager', 'createdAt'] as const),
];

const text = z.string().nullish();
const named = z.object({ name: text }).nullish();
const user = z.object({
  // 19 digits: more than a number holds.
  id: z.string().min(1),
  email: text,
  first_name: text,
  last_name: text,
  full_name: text,
  status: z.string(),
  confirm: z.boolean().nullish(),
  role: named,
  profile: named,
  Reporting_To: named,
  created_time: text,
});
type User = z.output<typeof user>;
const usersPage = z.object({ users: z.array(user), info: z.object({ more_records: z.boolean() }) });
const usersCount = z.object({ count: z.int().min(0) });
const orgs = z.object({ org: z.array(z.object({ zgid: z.string().min(1), company_name: text })).min(1) });
const tokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.number().positive(), api_domain: z.string().nullish() });
const refusal = z.object({ code: z.string() });

/** Requests of an app that may be under way in the smallest edition. */
const atOnce = 5;

/** The users of one Zoho CRM organisation. */
export function zohoConnector(options: ZohoOptions): CrmConnector {
  const home = dataCenters[options.dataCenter];
  const accounts = baseAddress(options.accountsUrl ?? home.accounts, "The address of Zoho's accounts server");
  // A token names its API host; only Zoho's own are believed.
  let api = baseAddress(options.apiUrl ?? home.api, "The address of Zoho's API");
  const limiter = options.limiter ?? rateLimiter({ concurrent: atOnce }, options.shared);
  const shared = { ...options, limiter };
  const pageSize = Math.min(200, options.pageSize ?? 200);
  const tokenEveryMs = options.tokenEveryMs ?? 120_000;
  let isSandbox = false;
  const clock = clockBeside('Zoho');

  const askAccounts = requestSender({
    ...shared,
    mayReach: ({ origin }) => origin === accounts.origin,
    judge: judgeToken('refresh-token'),
    onAnswer: clock.note,
  });
  const tokens = tokenHolder(fetchToken, {
    shared: options.shared,
    adopt({ details }) {
      if (options.apiUrl === undefined && details?.api) api = apiAddress(details.api);
      isSandbox = api.hostname.startsWith('sandbox.');
    },
  });
  async function fetchToken(signal: AbortSignal, before: AccessToken | null): Promise<AccessToken> {
    if (Date.now() - Number(before?.details?.fetchedAt ?? 0) < tokenEveryMs) throw new RequestFailed('unauthorized', 'access token');
    const body = formBody({
      grant_type: 'refresh_token',
      client_id: options.auth.clientId,
      client_secret: options.auth.clientSecret,
      refresh_token: options.auth.refreshToken,
    });
    const url = new URL('oauth/v2/token', accounts);
    const answer = await askAccounts({ request: 'access token', method: 'POST', url, body, isSafe: true }, signal, (answered) =>
      parsed('access token', tokenAnswer, answered),
    );
    const details = { fetchedAt: String(Date.now()), ...(answer.api_domain ? { api: answer.api_domain } : {}) };
    return { value: answer.access_token, endsAt: Date.now() + answer.expires_in * 1_000, details };
  }

  const send = requestSender({
    ...shared,
    mayReach: ({ origin }) => origin === api.origin,
    authorization: authorizationOf('Zoho-oauthtoken', tokens.token),
    judge,
    onAnswer: clock.note,
  });
  async function read<Shape extends z.ZodType>(
    request: string,
    path: string,
    shape: Shape,
    signal: AbortSignal | undefined,
    headers: Record<string, string> = {},
  ): Promise<z.output<Shape> | null> {
    // The first token says where the API is.
    await tokens.token(null, signal);
    const url = new URL(`crm/${version}/${path}`, api);
    return send({ request, method: 'GET', url, headers, isSafe: true }, signal, (answer) =>
      // 204: none. 304: none since then.
      answer.status === 204 || answer.status === 304 ? null : parsed(request, shape, answer),
    );
  }

  const count = async (signal: AbortSignal | undefined): Promise<number> =>
    (await read('number of users', 'users/actions/count?type=AllUsers', usersCount, signal))?.count ?? 0;

  async function listUsers(into: UserSink, call: ListUsersOptions = {}): Promise<CompleteListing> {
    const { signal, changedSince } = call;
    const asOf = new Date().toISOString();
    const patience = patienceOf(options, call);
    const since = changedSince === undefined ? null : sinceWithOverlap(changedSince);
    const headers = since === null ? {} : { 'if-modified-since': since.toISOString().replace(/\.\d+Z$/, '+00:00') };
    await waitOut(() => hold(signal), patience);
    const expected = since === null ? await waitOut(() => count(signal), patience) : null;
    const readPage = async (number: number, whileNeeded: AbortSignal) => {
      const page = await read('users', `users?type=AllUsers&page=${number}&per_page=${pageSize}`, usersPage, whileNeeded, headers);
      // After a page that had more behind it, nothing is no end.
      if (page === null && number !== 1)
        throw new RequestFailed('invalid-response', 'users', {
          sentence: `Page ${number} was empty although another was to come${expected === null ? '' : `: ${expected.toLocaleString('en-US')} users announced`}. Try again.`,
        });
      const next = page?.info.more_records ? String(number + 1) : null;
      return { records: page?.users ?? [], next, total: null };
    };
    into.begin(fields);
    const pageAt = aheadOf(readPage, Math.ceil((expected ?? 0) / pageSize), options.pagesAtOnce ?? atOnce);
    const { received, pages, lastCursor } = await readPages<User>({
      request: 'users',
      first: '1',
      // Where Zoho counts them for us, its count says more than a page that is short.
      perPage: expected === null ? pageSize : 0,
      patience,
      readPage: (cursor, reading) => pageAt(Number(cursor), reading.signal),
      idOf: ({ id }) => id,
      into: (users) => into.records(users.map(recordOf)),
    });
    // Pages are counted off: whoever is added or deleted meanwhile moves others from one page to another, past us.
    if (expected !== null) {
      const notWhole = (sentence: string) => new RequestFailed('invalid-response', 'users', { sentence });
      if (received !== expected) throw notWhole(changedSentence(expected, received));
      const after = await waitOut(() => count(signal), patience);
      if (after !== expected) {
        const [was, is] = [expected, after].map((number) => number.toLocaleString('en-US'));
        throw notWhole(
          `Somebody was added or deleted while the list was read: Zoho counted ${was} users before and ${is} after. Try again.`,
        );
      }
    }
    const told = { received, pages, lastCursor, expected, ...(since === null ? {} : { changedSince: since.toISOString() }) };
    return { kind: 'listing', source: options.name, ...told, rejected: 0, leftOut: {}, asOf, sha256: null };
  }

  async function origin({ signal }: CallOptions = {}): Promise<Origin> {
    const answer = await read('organisation', 'org', orgs, signal);
    if (answer === null) throw new RequestFailed('invalid-response', 'organisation');
    const { zgid, company_name } = answer.org[0]!;
    return { id: zgid, name: company_name ?? null, isTest: isSandbox };
  }

  let isHeld = options.orgId === undefined;
  async function hold(signal: AbortSignal | undefined): Promise<void> {
    if (isHeld || options.orgId === undefined) return;
    const { id } = await origin(signal ? { signal } : {});
    if (id !== options.orgId) throw otherOrigin('organisation', id, options.orgId);
    isHeld = true;
  }

  return {
    capabilities: { changedSince: true, tellsTotal: true, updateEmail: 'guided' },
    origin,
    listUsers,
    check: async (callOptions) => [...(await checkZoho(origin, (signal) => count(signal), options.orgId, callOptions)), clock.line()],
    // Zoho counts credits and does not tell how many are left.
    budget: () => null,
  };
}

/** Pages have numbers here, so the ones to come are asked for together with the one that is wanted. */
function aheadOf<Page>(
  read: (number: number, signal: AbortSignal) => Promise<Page>,
  last: number,
  together: number,
): (number: number, signal: AbortSignal) => Promise<Page> {
  const asked = new Map<number, Promise<Page>>();
  return (wanted, signal) => {
    for (let number = wanted; number <= Math.min(last, wanted + together - 1); number++) {
      if (asked.has(number)) continue;
      const reading = read(number, signal);
      // Its failure is told to whoever wants it.
      reading.catch(() => {});
      asked.set(number, reading);
    }
    const page = asked.get(wanted) ?? read(wanted, signal);
    asked.delete(wanted);
    return page;
  };
}

async function checkZoho(
  origin: CrmConnector['origin'],
  count: (signal: AbortSignal | undefined) => Promise<number>,
  pinned: string | undefined,
  { signal }: CallOptions = {},
): Promise<readonly CheckLine[]> {
  const ask = { signal } as CallOptions;
  const lines = [
    await checkLine(
      'Zoho',
      'rights',
      () => count(signal),
      (users) => `Zoho lets us read its ${users.toLocaleString('en-US')} users.`,
      {
        forbidden: 'The access does not cover users. Connect Zoho again with the scope ZohoCRM.users.READ.',
      },
    ),
    await checkLine(
      'Zoho',
      'origin',
      () => origin(ask),
      (found) => sayOrigin(found, pinned),
      {
        forbidden: 'The access does not cover the organisation. Connect Zoho again with the scope ZohoCRM.org.READ.',
      },
    ),
  ];
  return [...lines, { what: 'api-budget', verdict: 'unknown', sentence: 'Zoho does not tell how many API credits are left today.' }];
}

const sayOrigin = ({ id, name, isTest }: Origin, pinned: string | undefined): string | Omit<CheckLine, 'what'> =>
  pinned !== undefined && id !== pinned
    ? { verdict: 'bad', sentence: otherOriginSentence('organisation', id, pinned) }
    : `Organisation ${name ?? id} (${id})${isTest ? ', a sandbox: it is compared, never planned from' : ''}.`;

/** An API host that a token names: Zoho's own, or its sandbox. Anything else would get the token. */
function apiAddress(domain: string): URL {
  const known = Object.values(dataCenters).flatMap(({ api }) => [api, api.replace('//www.', '//sandbox.')]);
  const url = URL.parse(domain);
  if (url === null || !known.includes(url.origin)) throw new RequestFailed('invalid-response', 'access token');
  return baseAddress(url.origin, "The address of Zoho's API");
}

/**
 * Zoho refuses a refresh token with HTTP 200 and `{"error":"invalid_code"}` (inferred): the body decides.
 * @param grant what is exchanged: Zoho has one word for both
 */
export const judgeToken =
  (grant: 'refresh-token' | 'code') =>
  ({ status, bytes }: Answer): RequestFailure | Judged | null => {
    const refused = z.object({ error: z.string() }).safeParse(jsonOf(bytes));
    if (!refused.success) return null;
    // Blocked for the rest of the ten minutes; how much of them is left it does not tell.
    if (refused.data.error === 'Access Denied') return { code: 'rate-limited', retryAfterMs: 600_000 };
    if (status === 429) return 'rate-limited';
    if (status >= 500) return 'unavailable';
    switch (refused.data.error) {
      case 'invalid_client':
        return saying(notKnownHere);
      case 'invalid_client_secret':
        return refusing('client-secret');
      case 'invalid_code':
      case 'invalid_grant':
        return refusing(grant);
    }
    return 'unauthorized';
  };

/** An app is known in the data centre in which it was made, unless it was opened for the others (inferred). */
const notKnownHere =
  '{vendor} does not accept the client ID or its secret. Copy both again from the API console, and check that the data centre is the one of the app.';

/** Zoho names no time to come back (unknown). Too many at once passes by itself: what other openings of the connection have under way ends. */
const tooMany: Judged = { code: 'rate-limited', retryAfterMs: 1_000 };

function judge({ status, bytes }: Answer): RequestFailure | 'fine' | Judged | null {
  if (status === 204 || status === 304) return 'fine';
  if (status === 429) return tooMany;
  if (status !== 401 && status !== 200 && status !== 202) return null;
  const refused = refusal.safeParse(jsonOf(bytes));
  if (!refused.success) return null;
  switch (refused.data.code) {
    case 'OAUTH_SCOPE_MISMATCH':
    case 'FEATURE_PERMISSION':
    case 'NO_PERMISSION':
      return 'forbidden';
    case 'INVALID_TOKEN':
    case 'AUTHENTICATION_FAILURE':
      return 'unauthorized';
    case 'TOO_MANY_REQUESTS':
      return tooMany;
  }
  // A 200 can carry an error too, which is then none of what was asked for.
  return status === 401 ? 'unauthorized' : null;
}

function recordOf(raw: User): UserRecord {
  return filled({
    id: raw.id,
    email: raw.email,
    givenName: raw.first_name,
    familyName: raw.last_name,
    displayName: raw.full_name,
    active: String(raw.status.toLowerCase() === 'active'),
    confirmed: raw.confirm === null || raw.confirm === undefined ? null : String(raw.confirm),
    role: raw.role?.name,
    profile: raw.profile?.name,
    manager: raw.Reporting_To?.name,
    createdAt: raw.created_time,
  });
}
