import * as ownersSdk from '@hubspot/api-client/lib/codegen/crm/owners/index.js';
import * as usersSdk from '@hubspot/api-client/lib/codegen/settings/users/index.js';
import { z } from 'zod';
import { tellsNoChanges } from '../changed-since.ts';
import { checkLine, clockBeside } from '../check-line.ts';
import {
  type Budget,
  type CallOptions,
  type CheckLine,
  type CompleteListing,
  type CrmConnector,
  filled,
  type LeftOut,
  type ListUsersOptions,
  type Origin,
  type PanelDirectory,
  type SharedState,
  type UserField,
  type UserRecord,
  type UserSink,
} from '../connector.ts';
import { RequestFailed } from '../errors.ts';
import { authorizationOf, type TokenHolder, tokenHolder } from '../hold-token.ts';
import { keeperOf, type RefreshTokenKeeper, tokenRenewal, tokenWarning } from '../keep-refresh-token.ts';
import { otherOrigin, otherOriginSentence } from '../other-origin.ts';
import { rateLimiter } from '../rate-limit.ts';
import { readPages } from '../read-pages.ts';
import {
  type Answer,
  baseAddress,
  formBody,
  holdsError,
  type Judged,
  jsonOf,
  parsed,
  requestSender,
  type SenderOptions,
  unfit,
} from '../send-request.ts';
import { type Patience, patienceOf, waitOut } from '../wait-out.ts';
import { type ApiVersions, datedPath, pathsOf, usualVersions } from './paths.ts';
import { isGrantGone, judgeToken, tokenAnswer } from './tokens.ts';

/**
 * HubSpot users: settings users, and archived owners for those who were deactivated. Read-only: a user's email has no API.
 * The SDK's generated classes write the requests and read the answers; everything between is ours, since the SDK knows no time-out, no
 * Retry-After and no dated path, and its own retries and limits are shared by all portals of a process.
 */

export type HubSpotAuth =
  /** Of a private app. */
  | { readonly token: string }
  | {
      readonly clientId: string;
      readonly clientSecret: string;
      readonly refreshToken: RefreshTokenKeeper;
    };

/** The connection in a configuration file. `secret` is what stands there for a secret. */
export const hubSpotSettings = <Secret extends z.ZodType>(secret: Secret) =>
  z.strictObject({
    type: z.literal('hubspot'),
    baseUrl: z.url().default('https://api.hubapi.com'),
    tokenBaseUrl: z.url().exactOptional(),
    /** Where an admin agrees; for the console. */
    authorizeUrl: z.url().exactOptional(),
    portalId: z.string().regex(/^\d+$/, 'is the number of a portal, in quotes').exactOptional(),
    requestsPerTenSeconds: z.int().min(1).exactOptional(),
    ownersPageSize: z.int().min(1).exactOptional(),
    longestWaitSeconds: z.int().min(0).max(3_600).exactOptional(),
    apiVersions: z
      .strictObject({
        users: z.string().exactOptional(),
        owners: z.string().exactOptional(),
        account: z.string().exactOptional(),
        oauth: z.string().exactOptional(),
      })
      .exactOptional(),
    auth: z.union(
      [
        z.strictObject({ token: secret }),
        z.strictObject({ clientId: z.string().min(1), clientSecret: secret, refreshToken: secret }),
        /** Written where HubSpot replaces it; a path from the configuration file. */
        z.strictObject({ clientId: z.string().min(1), clientSecret: secret, refreshTokenFile: z.string().min(1) }),
      ],
      'is either the token of a private app, { token }, or { clientId, clientSecret, refreshToken } with refreshTokenFile where HubSpot replaces it',
    ),
  });
type AuthSettings = z.output<ReturnType<typeof hubSpotSettings<z.ZodString>>>['auth'];

/** The access that a configuration file names. @param keeper of the refresh token, in the place of the one that it names */
export const hubSpotAuth = (auth: AuthSettings, connection: string, keeper?: RefreshTokenKeeper): HubSpotAuth =>
  'token' in auth ? auth : { clientId: auth.clientId, clientSecret: auth.clientSecret, refreshToken: keeper ?? keeperOf(auth, connection) };

export interface HubSpotOptions extends Pick<SenderOptions, 'retries' | 'timeoutMs' | 'random' | 'limiter'> {
  /** The connection's name, for the proof. */
  readonly name: string;
  /** What all openings of this connection have together. */
  readonly shared?: SharedState;
  /** Default https://api.hubapi.com. */
  readonly baseUrl?: string;
  /** Where tokens are fetched, if not at `baseUrl`. */
  readonly tokenBaseUrl?: string;
  readonly auth: HubSpotAuth;
  /** The portal that this connection was set up for: another one is refused. */
  readonly portalId?: string;
  /** The portal that answered last, for what is said to a person. */
  readonly lastPortalId?: string;
  /** Default 100, which is also the most. */
  readonly pageSize?: number;
  /** Of owners; default 500. */
  readonly ownersPageSize?: number;
  /** How long a listing waits in all for one page where the vendor asks for it; default 300. A longer wait ends the listing with `rate-limited`. */
  readonly longestWaitSeconds?: number;
  /** Requests in ten seconds; default 100, which every app has. Private apps of larger editions have 190. */
  readonly requestsPerTenSeconds?: number;
  readonly apiVersions?: Partial<ApiVersions>;
}

const largestPage = 100;
const fields: readonly UserField[] = ['id', 'email', 'givenName', 'familyName', 'active', 'profile'];

const text = z.string().nullish();
/** A number in one API and text in the other. */
const id = z.union([z.string().min(1), z.int()]).transform(String);
const user = z.object({ id, email: text, firstName: text, lastName: text, superAdmin: z.boolean().nullish() });
type User = z.output<typeof user>;
const owner = z.object({
  // Its own, which is not the user's.
  id,
  type: z.string(),
  archived: z.boolean(),
  email: text,
  firstName: text,
  lastName: text,
  userId: id.nullish(),
  userIdIncludingInactive: id.nullish(),
});
type Owner = z.output<typeof owner>;
const paging = z.object({ next: z.object({ after: text }).nullish() }).nullish();
const usersPage = z.object({ results: z.array(user), paging });
const ownersPage = z.object({ results: z.array(owner), paging });
const account = z.object({ portalId: id, accountType: text, uiDomain: text });
const errorBody = z.object({ category: text, policyName: text, message: text });

const testAccounts = ['DEVELOPER_TEST', 'SANDBOX', 'APP_DEVELOPER'];

/** What we need of a request that the SDK wrote. */
interface WrittenRequest {
  getUrl(): string;
  getHttpMethod(): string;
  getHeaders(): Record<string, string>;
}

/** The users of one HubSpot portal. */
export function hubSpotConnector(options: HubSpotOptions): CrmConnector {
  const api = baseAddress(options.baseUrl ?? 'https://api.hubapi.com', 'The address of HubSpot');
  const tokenHost = baseAddress(options.tokenBaseUrl ?? api.href, "The address of HubSpot's token endpoint");
  const paths = pathsOf({ ...usualVersions, ...options.apiVersions });
  const limiter =
    options.limiter ?? rateLimiter({ rate: { requests: options.requestsPerTenSeconds ?? 100, windowMs: 10_000 } }, options.shared);
  const shared = { ...options, limiter };
  const perPage = Math.min(largestPage, options.pageSize ?? largestPage);
  const ownersPerPage = options.ownersPageSize ?? 500;
  const { auth } = options;
  let budget: Budget | null = null;
  let isExpired = false;
  const clock = clockBeside('HubSpot');

  const send = requestSender({
    ...shared,
    mayReach: ({ origin }) => origin === api.origin,
    authorization: authorizationOf('Bearer', 'token' in auth ? () => auth.token : renewed(auth)),
    judge: waitOfPolicy,
    onAnswer(answer) {
      clock.note(answer);
      budget = budgetOf(answer.headers) ?? budget;
      if (answer.status === 401) isExpired = categoryOf(answer) === 'EXPIRED_AUTHENTICATION';
    },
  });

  function renewed(auth: Exclude<HubSpotAuth, { readonly token: string }>): TokenHolder['token'] {
    const { clientId, clientSecret, refreshToken: keeper } = auth;
    let isGone = false;
    const portal = options.portalId ?? options.lastPortalId;
    const uninstalled = `Seatmatch was uninstalled in HubSpot${portal === undefined ? '' : ` portal ${portal}`}, or its access was ended there; install it again.`;
    const ask = requestSender({
      ...shared,
      mayReach: ({ origin }) => origin === tokenHost.origin,
      judge: judgeToken,
      onAnswer: (answer) => {
        isGone = answer.status === 400 && isGrantGone(answer);
      },
    });
    const renew = tokenRenewal(keeper, async (refreshToken, signal) => {
      const form = { grant_type: 'refresh_token', client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken };
      const body = formBody(form);
      const url = new URL(paths.token, tokenHost);
      // Nobody says whether HubSpot replaces a refresh token, so one whose answer was lost may be worth nothing: it is not sent twice.
      const access = await ask({ request: 'access token', method: 'POST', url, body, isSafe: false }, signal, (answered) =>
        parsed('access token', tokenAnswer, answered),
      ).catch((error: unknown) => {
        if (!(error instanceof RequestFailed) || error.code !== 'unauthorized' || !isGone) throw error;
        throw new RequestFailed('unauthorized', 'access token', { status: error.status, sentence: uninstalled }, { cause: error });
      });
      return { access, refreshToken: access.refresh_token ?? null };
    });
    const tokens = tokenHolder(
      async (signal) => {
        const { access_token, expires_in, hub_id } = await renew(signal);
        return { value: access_token, endsAt: Date.now() + expires_in * 1_000, ...(hub_id ? { details: { portal: hub_id } } : {}) };
      },
      { shared: options.shared, adopt: ({ details }) => details?.portal && holdTo(details.portal) },
    );
    return async (refused, signal) => {
      // A 401 alone is no sign that the token has ended.
      if (refused !== null && !isExpired) return refused;
      return tokens.token(refused, signal);
    };
  }

  /** Throws where another portal answers than this connection was set up for. */
  function holdTo(portalId: string): void {
    if (options.portalId !== undefined && portalId !== options.portalId) throw otherOrigin('portal', portalId, options.portalId);
  }

  /** Sends what the SDK wrote, to the dated path in its place. */
  async function carry(request: string, written: WrittenRequest, signal: AbortSignal | undefined): Promise<Answer> {
    // Among others, archive() removes a user from the portal.
    if (written.getHttpMethod() !== 'GET') throw new RequestFailed('not-supported', request);
    const url = datedPath(new URL(written.getUrl()), api, paths);
    return send({ request, method: 'GET', url, headers: written.getHeaders(), isSafe: true }, signal, (answer) => {
      const json = jsonOf(answer.bytes);
      if (json === null || holdsError(json)) throw unfit(request, answer);
      return answer;
    });
  }

  const server = api.href.replace(/\/$/, '');
  const usersApi = (signal: AbortSignal | undefined): usersSdk.UsersApi =>
    new usersSdk.UsersApi(
      usersSdk.createConfiguration({
        baseServer: new usersSdk.ServerConfiguration(server, {}),
        httpApi: usersSdk.wrapHttpLibrary({
          send: async (written) => {
            const { status, headers, bytes } = await carry('users', written, signal);
            return new usersSdk.ResponseContext(status, Object.fromEntries(headers), bodyOf(bytes));
          },
        }),
      }),
    );
  const ownersApi = (signal: AbortSignal | undefined): ownersSdk.OwnersApi =>
    new ownersSdk.OwnersApi(
      ownersSdk.createConfiguration({
        baseServer: new ownersSdk.ServerConfiguration(server, {}),
        httpApi: ownersSdk.wrapHttpLibrary({
          send: async (written) => {
            const { status, headers, bytes } = await carry('owners', written, signal);
            return new ownersSdk.ResponseContext(status, Object.fromEntries(headers), bodyOf(bytes));
          },
        }),
      }),
    );

  const usersAfter = async (after: string, limit: number, signal: AbortSignal | undefined) => {
    const page = await shaped('users', usersPage, signal, usersApi(signal).getPage(limit, after || undefined));
    return { records: page.results, next: cursorOf('users', page.paging), total: null };
  };
  const ownersAfter = async (after: string, limit: number, signal: AbortSignal | undefined) => {
    const page = await shaped('owners', ownersPage, signal, ownersApi(signal).getPage(undefined, after || undefined, limit, true));
    return { records: page.results, next: cursorOf('owners', page.paging), total: null };
  };

  async function origin({ signal }: CallOptions = {}): Promise<Origin> {
    const asked = { request: 'account', method: 'GET', url: new URL(paths.account, api), isSafe: true } as const;
    const { portalId, accountType, uiDomain } = await send(asked, signal, (answer) => parsed('account', account, answer));
    return { id: portalId, name: uiDomain ?? null, isTest: testAccounts.includes(accountType ?? '') };
  }

  let isHeld = options.portalId === undefined;
  async function hold(signal: AbortSignal | undefined): Promise<void> {
    if (isHeld) return;
    holdTo((await origin(signal ? { signal } : {})).id);
    isHeld = true;
  }

  /** Archived owners of users who are inactive, by the user's id. */
  async function readDeactivated(patience: Patience) {
    const people = new Map<string, Owner>();
    const queues: Owner[] = [];
    let withoutUser = 0;
    const read = await readPages<Owner>({
      request: 'owners',
      first: '',
      perPage: ownersPerPage,
      patience,
      readPage: (after, reading) => ownersAfter(after, ownersPerPage, reading.signal),
      idOf: (one) => one.id,
      into(page) {
        for (const one of page) {
          if (one.type !== 'PERSON') queues.push(one);
          // An owner can be archived while its user goes on; then the user's id stands in userId too.
          else if (one.userId || !one.archived) continue;
          else if (one.userIdIncludingInactive) people.set(one.userIdIncludingInactive, one);
          else withoutUser += 1;
        }
      },
    });
    return { people, queues, withoutUser, pages: read.pages };
  }

  async function listUsers(into: UserSink, call: ListUsersOptions = {}): Promise<CompleteListing> {
    const { signal, changedSince, onLeftOut } = call;
    if (changedSince !== undefined) throw tellsNoChanges();
    const asOf = new Date().toISOString();
    const patience = patienceOf(options, call);
    await waitOut(() => hold(signal), patience);
    const before = await readDeactivated(patience);
    const handedOver = new Set<string>();
    into.begin(fields);
    const read = await readPages<User>({
      request: 'users',
      first: '',
      perPage,
      patience,
      readPage: (after, reading) => usersAfter(after, perPage, reading.signal),
      idOf: (one) => one.id,
      into(page) {
        for (const one of page) handedOver.add(one.id);
        return into.records(page.map((one) => recordOf(one, !before.people.has(one.id))));
      },
    });
    // Again: who was deactivated while the users were read stood on neither list.
    const after = await readDeactivated(patience);
    const deactivated = [...new Map([...before.people, ...after.people])].filter(([userId]) => !handedOver.has(userId));
    if (deactivated.length > 0) await into.records(deactivated.map(([userId, one]) => recordOf({ ...one, id: userId }, false)));

    const leftOut: Partial<Record<LeftOut, number>> = after.queues.length > 0 ? { queue: after.queues.length } : {};
    for (const { firstName, lastName } of after.queues) onLeftOut?.(filled({ givenName: firstName, familyName: lastName }), 'queue');
    const received = handedOver.size + deactivated.length;
    const told = { received, expected: null, rejected: after.withoutUser, leftOut, lastCursor: read.lastCursor };
    return { kind: 'listing', source: options.name, ...told, pages: before.pages + read.pages + after.pages, asOf, sha256: null };
  }

  /** One thing by its id; null: there is none. */
  async function find<Shape extends z.ZodType>(
    request: string,
    shape: Shape,
    path: string,
    { signal }: CallOptions,
  ): Promise<z.output<Shape> | null> {
    await hold(signal);
    try {
      return await send({ request, method: 'GET', url: new URL(path, api), isSafe: true }, signal, (answer) =>
        parsed(request, shape, answer),
      );
    } catch (error) {
      if (error instanceof RequestFailed && error.code === 'not-found') return null;
      throw error;
    }
  }

  const panel: PanelDirectory = {
    async findUser(userId, call = {}) {
      const found = await find('user', user, `${paths.users}/${encodeURIComponent(userId)}?idProperty=USER_ID`, call);
      if (found === null) return null;
      const name = [found.firstName, found.lastName].filter((part) => part).join(' ');
      return { email: found.email ?? null, name: name || null, isAdmin: found.superAdmin === true };
    },
    async userOfOwner(ownerId, call = {}) {
      const path = `${paths.owners}/${encodeURIComponent(ownerId)}?idProperty=id`;
      // Of somebody who was deactivated the owner is archived, and not found otherwise.
      const found = (await find('owner', owner, path, call)) ?? (await find('owner', owner, `${path}&archived=true`, call));
      return found?.userId ?? found?.userIdIncludingInactive ?? null;
    },
  };

  return {
    capabilities: { changedSince: false, tellsTotal: false, updateEmail: 'guided' },
    origin,
    listUsers,
    panel,
    budget: () => budget,
    async check({ signal } = {}) {
      const lines = [
        await checkLine(
          'HubSpot',
          'rights',
          () => usersAfter('', 1, signal),
          () => 'HubSpot lets us read its users.',
          {
            forbidden: 'The access does not cover users. Connect HubSpot again with the scope crm.objects.users.read.',
          },
        ),
        await checkLine(
          'HubSpot',
          'rights',
          () => ownersAfter('', 1, signal),
          () => 'HubSpot lets us read its owners.',
          {
            forbidden: 'The access does not cover owners. Connect HubSpot again with the scope crm.objects.owners.read.',
          },
        ),
        await checkLine(
          'HubSpot',
          'origin',
          () => origin(signal ? { signal } : {}),
          (found) => sayOrigin(found, options.portalId),
        ),
      ];
      return [...lines, sayBudget(budget), clock.line(), ...('token' in auth ? [] : tokenWarning(auth.refreshToken))];
    },
  };
}

/**
 * What the SDK made of a page, in its shape. The SDK keeps to no types that an answer does not keep to, and throws errors that repeat the
 * answer.
 */
async function shaped<Shape extends z.ZodType>(
  request: string,
  shape: Shape,
  signal: AbortSignal | undefined,
  page: Promise<unknown>,
): Promise<z.output<Shape>> {
  const read = shape.safeParse(
    await page.catch((error: unknown) => {
      if (error instanceof RequestFailed || signal?.aborted) throw error;
      throw new RequestFailed('invalid-response', request);
    }),
  );
  if (!read.success) throw new RequestFailed('invalid-response', request);
  return read.data;
}

/** Where the next page begins. An empty cursor is none; a next page without any cursor is no end of the list. */
function cursorOf(request: string, pages: z.output<typeof paging>): string | null {
  if (!pages?.next) return null;
  const { after } = pages.next;
  if (typeof after === 'string') return after || null;
  throw new RequestFailed('invalid-response', request, {
    sentence: `HubSpot says that more ${request} follow and not where, so the list cannot be read to its end. Try again; if it happens again, tell HubSpot.`,
  });
}

const bodyOf = (bytes: Uint8Array) => ({
  text: async () => new TextDecoder().decode(bytes),
  binary: async () => Buffer.from(bytes),
});

function recordOf({ id, email, firstName, lastName, superAdmin }: Omit<User, 'superAdmin'> & Partial<User>, active: boolean): UserRecord {
  const profile = superAdmin ? 'Super Admin' : null;
  return filled({ id, email, givenName: firstName, familyName: lastName, active: String(active), profile });
}

const categoryOf = ({ bytes }: Answer): string | null => errorBody.safeParse(jsonOf(bytes)).data?.category ?? null;

/** HubSpot's own 429 names a policy, and often no Retry-After. The day ends at midnight in the account's time zone. */
function waitOfPolicy({ status, headers, bytes }: Answer): Judged | null {
  if (status !== 429) return null;
  const wait = (retryAfterMs: number): Judged => ({ code: 'rate-limited', retryAfterMs });
  switch (errorBody.safeParse(jsonOf(bytes)).data?.policyName) {
    case 'TEN_SECONDLY_ROLLING':
      return wait(countIn(headers, 'interval-milliseconds') ?? 10_000);
    case 'SECONDLY':
      return wait(1_000);
    case 'DAILY':
      return wait(3_600_000);
  }
  return null;
}

function countIn(headers: Headers, name: string): number | null {
  const value = headers.get(`x-hubspot-ratelimit-${name}`) ?? '';
  return /^\d{1,12}$/.test(value) ? Number(value) : null;
}

/** The day's where HubSpot tells it, which it does for private apps only. */
function budgetOf(headers: Headers): Budget | null {
  const of = (limit: number | null, remaining: number | null, windowMs: number | null): Budget | null =>
    limit === null || remaining === null || windowMs === null ? null : { used: Math.max(0, limit - remaining), limit, windowMs };
  return (
    of(countIn(headers, 'daily'), countIn(headers, 'daily-remaining'), 86_400_000) ??
    of(countIn(headers, 'max'), countIn(headers, 'remaining'), countIn(headers, 'interval-milliseconds'))
  );
}

function sayBudget(budget: Budget | null): CheckLine {
  const what = 'api-budget';
  if (budget === null) return { what, verdict: 'unknown', sentence: 'HubSpot did not tell how many requests are left.' };
  const { used, limit, windowMs } = budget;
  const span = windowMs === 86_400_000 ? 'today' : `in ${windowMs / 1_000} seconds`;
  const sentence = `HubSpot allows ${limit.toLocaleString('en-US')} requests ${span}; ${used.toLocaleString('en-US')} are used.`;
  const line = { what, budget: { used, limit } } as const;
  return used < limit ? { ...line, verdict: 'good', sentence } : { ...line, verdict: 'bad', sentence: `${sentence} Try again later.` };
}

function sayOrigin({ id, name, isTest }: Origin, pinned: string | undefined): string | Omit<CheckLine, 'what'> {
  if (pinned !== undefined && id !== pinned) return { verdict: 'bad', sentence: otherOriginSentence('portal', id, pinned) };
  return `Portal ${id}${name ? ` (${name})` : ''}${isTest ? ', a test account: it is compared, never planned from' : ''}.`;
}
