import { z } from 'zod';
import { sinceWithOverlap } from '../changed-since.ts';
import { checkLine, clockBeside } from '../check-line.ts';
import type {
  Budget,
  CallOptions,
  CheckLine,
  CompleteListing,
  CrmConnector,
  LeftOut,
  ListUsersOptions,
  Origin,
  SharedState,
  UserSink,
} from '../connector.ts';
import { RequestFailed, type RequestFailure } from '../errors.ts';
import { authorizationOf, tokenHolder } from '../hold-token.ts';
import { keeperOf, type RefreshTokenKeeper, tokenWarning } from '../keep-refresh-token.ts';
import { otherOrigin } from '../other-origin.ts';
import { rateLimiter } from '../rate-limit.ts';

import { nextIn, type Page, type ReadingPage, readPages } from '../read-pages.ts';
import { type Answer, baseAddress, type Judged, jsonOf, requestSender, type SenderOptions } from '../send-request.ts';

import { patienceOf, waitOut } from '../wait-out.ts';
import { accessFetcher, loginAddress, type SalesforceAuth } from './fetch-access.ts';
import { fieldsOf, kindOf, type OwnColumns, oneUserQuery, recordOf, type User, usersQuery, userWith } from './read-user.ts';
import type { Call } from './through-jsforce.ts';

/** The users of one Salesforce org, over REST and SOQL. Read-only: an email is never written to Salesforce. */

/** Spring '26. */
export const apiVersion = '66.0';

const app = { clientId: z.string().min(1) };
const column = z.string().regex(/^[A-Za-z]\w{0,79}$/, 'is not the API name of a field of User, as Secondary_Email__c');
/** The connection in a configuration file. `secret` is what stands there for a secret. */
export const salesforceSettings = <Secret extends z.ZodType>(secret: Secret) =>
  z.strictObject({
    type: z.literal('salesforce'),
    baseUrl: z.url(),
    apiUrl: z.url().exactOptional(),
    orgId: z
      .string()
      .regex(/^00D\w{12}(\w{3})?$/, 'is not the id of an org: 00D and 12 or 15 more characters')
      .exactOptional(),
    auth: z.discriminatedUnion('grant', [
      z.strictObject({ grant: z.literal('client_credentials'), ...app, clientSecret: secret }),
      z.strictObject({
        grant: z.literal('jwt-bearer'),
        ...app,
        username: z.string().min(1),
        privateKey: secret,
        audience: z.url().exactOptional(),
      }),
      z
        .strictObject({
          grant: z.literal('authorization_code'),
          ...app,
          clientSecret: secret.exactOptional(),
          /** Where the app rotates its refresh tokens, only a file will do, this one's own or the one below: the new one is written there. */
          refreshToken: secret.exactOptional(),
          refreshTokenFile: z.string().min(1).exactOptional(),
        })
        .refine(
          ({ refreshToken, refreshTokenFile }) => (refreshToken === undefined) !== (refreshTokenFile === undefined),
          'has either refreshToken or refreshTokenFile',
        ),
    ]),
    options: z
      .strictObject({
        integrationLicenses: z.array(z.string().min(1)).exactOptional(),
        columns: z
          .strictObject({
            secondaryEmails: column.exactOptional(),
            confirmed: column.exactOptional(),
            inactiveSince: column.exactOptional(),
          })
          .exactOptional(),
        largestApiShare: z.number().min(0).max(1).exactOptional(),
        pageSize: z.int().min(200).max(2_000).exactOptional(),
        longestWaitSeconds: z.int().min(0).max(3_600).exactOptional(),
      })
      .default({}),
  });

type AuthSettings = z.output<ReturnType<typeof salesforceSettings<z.ZodString>>>['auth'];
/** Access as the configuration says it. @param keeper of the refresh token, in the place of the one that it names */
export function salesforceAuth(auth: AuthSettings, connection: string, keeper?: RefreshTokenKeeper): SalesforceAuth {
  if (auth.grant !== 'authorization_code') return auth;
  const { refreshToken: _, refreshTokenFile: __, ...rest } = auth;
  return { ...rest, refreshToken: keeper ?? keeperOf(auth, connection) };
}

export interface SalesforceOptions extends Pick<SenderOptions, 'retries' | 'timeoutMs' | 'random' | 'limiter'> {
  /** The connection's name, for the proof. */
  readonly name: string;
  /** What all openings of this connection have together. */
  readonly shared?: SharedState;
  /** The org's My Domain, `https://acme.my.salesforce.com`; for JWT bearer and authorization code also https://login.salesforce.com. */
  readonly baseUrl: string;
  /** In the place of the address that comes with each access, for a proxy. */
  readonly apiUrl?: string;
  readonly auth: SalesforceAuth;
  /**
   * The org that was connected, 15 or 18 characters. Where another one answers, everything is refused with `unauthorized` before anybody
   * is read: only a person can connect the right one again. A sandbox has a new id after each refresh.
   */
  readonly orgId?: string;
  /** 200 to 2,000, default 2,000. Salesforce takes it as a wish. */
  readonly pageSize?: number;
  /** Licenses of users that are no people; default the ones that Salesforce gives for integrations. */
  readonly integrationLicenses?: readonly string[];
  /** Fields of the company's own that tell what Salesforce has no field for. */
  readonly columns?: OwnColumns;
  /** How long before `changedSince` a listing of changes begins; default 10 minutes, the longest that a transaction of Salesforce takes. */
  readonly overlapMs?: number;
  /** How long a listing waits in all for one page where the vendor asks for it; default 300. A longer wait ends the listing with `rate-limited`. */
  readonly longestWaitSeconds?: number;
  /** From 0 to 1: where more of the org's daily calls are used, by whomever, nothing is asked for an hour. Default 0.9. */
  readonly largestApiShare?: number;
}

/** Names of licenses that come with Salesforce (inferred). */
const usualIntegrationLicenses = ['Salesforce Integration', 'Analytics Cloud Integration User', 'Cloud Integration User'];
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const page = z.object({
  totalSize: z.int().min(0),
  done: z.boolean(),
  nextRecordsUrl: z
    .string()
    .regex(/^\/services\/data\/v\d+\.\d\/query\/[\w-]+$/)
    .optional(),
});
const organizations = page.extend({
  records: z.tuple([
    z.object({ Id: z.string().min(15), Name: z.string().nullish(), IsSandbox: z.boolean(), OrganizationType: z.string().nullish() }),
  ]),
});
const accessDetails = z.object({ orgId: z.string(), instance: z.url() });
const apiErrors = z.array(z.object({ errorCode: z.string(), message: z.string().optional() })).min(1);

interface Org extends Origin {
  readonly isSandbox: boolean;
}

export function salesforceConnector(options: SalesforceOptions): CrmConnector {
  const login = loginAddress(options.baseUrl);
  const proxy = options.apiUrl === undefined ? null : baseAddress(options.apiUrl, "The address of Salesforce's API");
  // Salesforce lets 25 long requests of an org run at once, 5 in a developer's (app limits cheat sheet).
  const limiter = options.limiter ?? rateLimiter({ concurrent: 5 }, options.shared);
  const shared = { ...options, timeoutMs: options.timeoutMs ?? 30_000, limiter };
  const licenses = new Set((options.integrationLicenses ?? usualIntegrationLicenses).map((name) => name.toLowerCase()));
  const own = options.columns ?? {};
  const usersPage = page.extend({ records: z.array(userWith(own)) });
  const largestShare = options.largestApiShare ?? 0.9;
  const query = { 'Sforce-Query-Options': `batchSize=${Math.min(2_000, options.pageSize ?? 2_000)}` };

  let api = proxy ?? login;
  /** Whoever gave the newest access. */
  let answering: string | null = null;
  let known: Org | null = null;
  let usage: { readonly used: number; readonly limit: number; readonly at: number } | null = null;
  const clock = clockBeside('Salesforce');

  const fetchAccess = accessFetcher(login, options.auth, shared);
  const tokens = tokenHolder(
    async (signal) => {
      const { token, orgId, instance } = await fetchAccess(signal);
      // Salesforce does not say when it ends: by the org's session settings, and later with each use.
      return { value: token, endsAt: null, details: { orgId, instance: instance.href } };
    },
    {
      shared: options.shared,
      adopt({ details }) {
        const { orgId, instance } = accessDetails.parse(details);
        answering = orgId;
        if (options.orgId !== undefined && !isSameId(orgId, options.orgId)) throw otherOrigin('org', orgId, options.orgId);
        api = proxy ?? new URL(instance);
      },
    },
  );

  const send = requestSender({
    ...shared,
    mayReach: ({ origin }) => origin === api.origin,
    authorization: authorizationOf('Bearer', tokens.token),
    judge,
    onAnswer(answer) {
      clock.note(answer);
      const { headers } = answer;
      const told = /(?<![\w-])api-usage=(\d+)\/(\d+)/.exec(headers.get('sforce-limit-info') ?? '');
      if (told) usage = { used: Number(told[1]), limit: Number(told[2]), at: performance.now() };
    },
  });

  /** Where the others of the org would soon be left without calls, we stop first, and look again after an hour. */
  function keepMargin(request: string): void {
    if (usage === null || usage.used <= largestShare * usage.limit) return;
    const left = usage.at + hourMs - performance.now();
    if (left > 0) throw new RequestFailed('rate-limited', request, { retryAfterMs: Math.ceil(left) });
  }

  /** @param path from the API version on */
  async function read<Shape extends z.ZodType>(
    request: string,
    path: string,
    shape: Shape,
    signal: AbortSignal | undefined,
    told: Pick<Call, 'onSent' | 'onAnswer'> = {},
  ): Promise<z.output<Shape>> {
    // The first access says where the API is.
    await tokens.token(null, signal);
    keepMargin(request);
    const { readThroughJsforce } = await import('./through-jsforce.ts');
    const asked = { instance: api, version: apiVersion, path, headers: query };
    const body = await readThroughJsforce({ send, request, isSafe: true, signal, ...told }, asked);
    const result = shape.safeParse(body);
    if (!result.success) throw new RequestFailed('invalid-response', request);
    return result.data;
  }
  const pathOf = (soql: string): string => `/query?q=${encodeURIComponent(soql)}`;

  async function organisation(signal: AbortSignal | undefined): Promise<Org> {
    const soql = 'SELECT Id, Name, IsSandbox, OrganizationType FROM Organization';
    const { Id, Name, IsSandbox, OrganizationType } = (await read('organisation', pathOf(soql), organizations, signal)).records[0];
    if (answering === null || !isSameId(Id, answering)) throw new RequestFailed('invalid-response', 'organisation');
    known = { id: Id, name: Name ?? null, isSandbox: IsSandbox, isTest: IsSandbox || OrganizationType === 'Developer Edition' };
    return known;
  }

  async function readUsers(cursor: string, { signal, next, onSent }: ReadingPage): Promise<Page<User>> {
    const onAnswer = async ({ bytes }: Answer): Promise<void> => {
      const named = nextIn(bytes, nextInText);
      await next(named === null ? null : cursorOf(named));
    };
    const { records, totalSize, done, nextRecordsUrl } = await read('users', cursor, usersPage, signal, { onSent, onAnswer });
    if (done !== (nextRecordsUrl === undefined))
      throw new RequestFailed('invalid-response', 'users', {
        sentence: done
          ? 'Salesforce says that the list has ended and names a next page all the same. Try again; if it happens again, tell Salesforce.'
          : 'Salesforce says that more users follow and not where, so the list cannot be read to its end. Try again; if it happens again, tell Salesforce.',
      });
    return { records, total: totalSize, next: nextRecordsUrl === undefined ? null : cursorOf(nextRecordsUrl) };
  }

  async function listUsers(into: UserSink, call: ListUsersOptions = {}): Promise<CompleteListing> {
    const { signal, changedSince, onLeftOut } = call;
    const asOf = new Date().toISOString();
    const since = changedSince === undefined ? null : sinceWithOverlap(changedSince, options.overlapMs);
    const patience = patienceOf(options, call);
    await waitOut(() => tokens.token(null, signal), patience);
    // The first page is on its way while the org says what it is: nobody is handed over before that.
    const coming: Promise<Org> =
      known !== null && answering !== null && isSameId(known.id, answering)
        ? Promise.resolve(known)
        : waitOut(() => organisation(signal), patience);
    coming.catch(() => {});
    let org: Org | null = null;
    const begin = async (): Promise<Org> => {
      org = await coming;
      into.begin(fieldsOf(org, own));
      return org;
    };
    const leftOut: Partial<Record<LeftOut, number>> = {};
    let people = 0;
    const { received, pages, lastCursor } = await readPages<User>({
      request: 'users',
      first: pathOf(usersQuery(own, since)),
      patience,
      readPage: readUsers,
      idOf: ({ Id }) => Id,
      async into(users) {
        const from = org ?? (await begin());
        const records = [];
        for (const one of users) {
          const kind = kindOf(one, licenses);
          const record = recordOf(one, from, own);
          if (kind === null) records.push(record);
          else {
            leftOut[kind] = (leftOut[kind] ?? 0) + 1;
            onLeftOut?.(record, kind);
          }
        }
        people += records.length;
        if (records.length > 0) return into.records(records);
      },
    });
    if (org === null) await begin();
    const told = { received: people, expected: received, pages, lastCursor: lastCursor === null ? null : locatorOf(lastCursor), leftOut };
    const changes = since === null ? {} : { changedSince: since.toISOString() };
    return { kind: 'listing', source: options.name, ...told, ...changes, rejected: 0, asOf, sha256: null };
  }

  async function origin({ signal }: CallOptions = {}): Promise<Origin> {
    const { id, name, isTest } = await organisation(signal);
    return { id, name, isTest };
  }

  const budget = (): Budget | null => usage && { used: usage.used, limit: usage.limit, windowMs: dayMs };

  async function check({ signal }: CallOptions = {}): Promise<readonly CheckLine[]> {
    const ask = async () => {
      await read('users', pathOf(oneUserQuery(own)), usersPage, signal);
      return (await read('number of users', pathOf('SELECT COUNT() FROM User'), page, signal)).totalSize;
    };
    return [
      await checkLine('Salesforce', 'rights', ask, sayUsers, {
        rejected: 'The connected user may not see all columns of User that we compare. Give its profile field-level access to them.',
      }),
      await checkLine('Salesforce', 'origin', () => origin({ ...(signal ? { signal } : {}) }), sayOrigin),
      budgetLine(budget(), largestShare),
      clock.line(),
      ...(options.auth.grant === 'authorization_code' ? tokenWarning(options.auth.refreshToken) : []),
    ];
  }

  return { capabilities: { changedSince: true, tellsTotal: true, updateEmail: 'guided' }, origin, listUsers, check, budget };
}

/** Ids have 15 characters, or 18 with three that say which of them are upper case. */
const isSameId = (a: string, b: string): boolean => a.slice(0, 15) === b.slice(0, 15);

/** Salesforce names the next page before the first record; its guide also shows it behind the last. */
const nextInText = /"nextRecordsUrl"\s*:\s*"(\/services\/data\/v\d+\.\d\/query\/[\w-]+)"/;

const cursorOf = (nextRecordsUrl: string): string => `/query/${locatorOf(nextRecordsUrl)}`;

const locatorOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Errors of the REST API (REST API guide, "Status codes and error responses"), and what its gate sends instead. */
function judge({ status, headers, bytes }: Answer): RequestFailure | Judged | null {
  if (status < 400 || status >= 500) return null;
  // What is under 500 and a page: maintenance, or another host. An org's own refusals are JSON.
  if (/^text\/html/i.test(headers.get('content-type') ?? '')) return 'invalid-response';
  if (status === 420) return 'rate-limited';
  const errors = apiErrors.safeParse(jsonOf(bytes));
  const limit = errors.data?.find(({ errorCode }) => errorCode === 'REQUEST_LIMIT_EXCEEDED');
  if (limit === undefined) return null;
  // Too many at once passes by itself. The daily limit counts the last 24 hours, so that within one some of it is there again.
  return /concurrent/i.test(limit.message ?? '') ? 'rate-limited' : { code: 'rate-limited', retryAfterMs: hourMs };
}

const count = (number: number): string => number.toLocaleString('en-US');

const sayUsers = (users: number): string | Omit<CheckLine, 'what'> =>
  users === 1
    ? {
        verdict: 'unknown',
        sentence: 'Salesforce shows us one user alone. If there are more, give the connected user the permission View All Users.',
      }
    : `Salesforce lets us read its ${count(users)} users.`;

const sayOrigin = ({ id, name, isTest }: Origin): string =>
  `Org ${name ?? id} (${id})${isTest ? ', a sandbox or developer org: it is compared, never planned from' : ''}.`;

function budgetLine(budget: Budget | null, largestShare: number): CheckLine {
  if (budget === null)
    return { what: 'api-budget', verdict: 'unknown', sentence: 'Salesforce has not told yet how many API calls are left.' };
  const sentence = `Of the ${count(budget.limit)} API calls of 24 hours, ${count(budget.used)} are used.`;
  const line = { what: 'api-budget', budget: { used: budget.used, limit: budget.limit } } as const;
  return budget.used <= largestShare * budget.limit
    ? { ...line, verdict: 'good', sentence }
    : { ...line, verdict: 'bad', sentence: `${sentence} The rest is left to others; find out who uses so many.` };
}
