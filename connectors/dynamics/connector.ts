import { z } from 'zod';
import { sinceWithOverlap } from '../changed-since.ts';
import { checkLine, clockBeside } from '../check-line.ts';
import {
  type CallOptions,
  type CheckLine,
  type CompleteListing,
  type CrmConnector,
  filled,
  type LeftOut,
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

import { nextIn, readPages } from '../read-pages.ts';
import { refusing, saying } from '../refused-credential.ts';
import {
  type Answer,
  type Asked,
  baseAddress,
  formBody,
  type Judged,
  jsonOf,
  parsed,
  requestSender,
  type SenderOptions,
} from '../send-request.ts';

import { patienceOf, waitOut } from '../wait-out.ts';

/**
 * Dynamics 365: users of a Dataverse organisation (learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/reference/systemuser).
 * Read-only: the address comes from Entra ID.
 */

/** The connection in a configuration file. `secret` is what stands there for a secret. */
export const dynamicsSettings = <Secret extends z.ZodType>(secret: Secret) =>
  z.strictObject({
    type: z.literal('dynamics'),
    baseUrl: z.url(),
    apiVersion: z.string().exactOptional(),
    mailField: z.string().exactOptional(),
    userFilter: z.string().exactOptional(),
    organizationId: z.guid('is the id of an organisation, as 00000000-0000-4000-8000-000000000042 is one').exactOptional(),
    longestWaitSeconds: z.int().min(0).max(3_600).exactOptional(),
    auth: z.strictObject({
      tenantId: z.string().min(1),
      clientId: z.string().min(1),
      clientSecret: secret,
      tokenUrl: z.url().exactOptional(),
      scope: z.string().exactOptional(),
    }),
  });

export interface DynamicsOptions extends Pick<SenderOptions, 'retries' | 'timeoutMs' | 'random' | 'limiter'> {
  /** The connection's name, for the proof. */
  readonly name: string;
  /** What all openings of this connection have together. */
  readonly shared?: SharedState;
  /** The organisation's address: `https://acme.crm.dynamics.com`. */
  readonly baseUrl: string;
  readonly auth: {
    readonly tenantId: string;
    readonly clientId: string;
    readonly clientSecret: string;
    /** Default the tenant's at login.microsoftonline.com; national clouds have others. */
    readonly tokenUrl?: string;
    /** What the token is for; default the organisation at `baseUrl`. Needed where a proxy stands there. */
    readonly scope?: string;
  };
  /** Default v9.2. */
  readonly apiVersion?: string;
  /** The column that holds the email; default internalemailaddress. domainname is the sign-in name and often differs. */
  readonly mailField?: string;
  /** An OData filter, for an organisation whose users are not all meant. */
  readonly userFilter?: string;
  /** The organisation that this connection is for: of another one nobody is read. */
  readonly organizationId?: string;
  /** How long a listing waits in all for one page where the vendor asks for it; default 300. A longer wait ends the listing with `rate-limited`. */
  readonly longestWaitSeconds?: number;
  /** Default 5,000, which is also the most: Dataverse ignores a larger one. */
  readonly pageSize?: number;
}

/** Service protection: 6,000 requests in 5 minutes, and 52 at once, for each user. Half of them are left to others. */
const protection = { rate: { requests: 3_000, windowMs: 300_000 }, concurrent: 26 };
/** `$count` stops there, so a count that says so may mean any more. */
const mostCounted = 5_000;
const largestPage = 5_000;

const fields: readonly UserField[] = [
  ...(['id', 'email', 'givenName', 'familyName', 'displayName', 'active', 'employeeNumber', 'entraObjectId'] as const),
  ...(['userName', 'title', 'userType', 'createdAt'] as const),
];
const columns = [
  ...['systemuserid', 'fullname', 'firstname', 'lastname', 'domainname', 'isdisabled', 'accessmode', 'azureactivedirectoryobjectid'],
  ...['applicationid', 'isintegrationuser', 'employeeid', 'jobtitle', 'createdon', 'modifiedon'],
];

const text = z.string().nullish();
const user = z.object({
  systemuserid: z.string().min(1),
  fullname: text,
  firstname: text,
  lastname: text,
  domainname: text,
  isdisabled: z.boolean(),
  accessmode: z.int(),
  azureactivedirectoryobjectid: text,
  applicationid: text,
  isintegrationuser: z.boolean().nullish(),
  employeeid: text,
  jobtitle: text,
  createdon: text,
});
type User = z.output<typeof user> & Readonly<Record<string, unknown>>;
/** What was not asked for is left out: copying it all takes twice as long. */
const pageWith = (mailField: string) =>
  z.object({
    // A failure after the first byte arrives with 200.
    error: z.undefined().optional(),
    value: z.array(z.object({ [mailField]: z.unknown(), ...user.shape }) satisfies z.ZodType<User>),
    '@odata.count': z.int().nullish(),
    '@odata.nextLink': z.string().nullish(),
  });
const organisation = z.object({
  Detail: z.object({ OrganizationId: z.string().min(1), FriendlyName: text, OrganizationType: z.union([z.string(), z.int()]).nullish() }),
});
const tokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });
const tokenRefusal = z.object({ error: z.string(), error_codes: z.array(z.int()).nullish().catch(null) });

/** OrganizationType of sandboxes, previews, test drives and developers' own, by name and number. A trial can be a company's real one. */
const testTypes = new Set<string | number>([
  'CustomerTest',
  'CustomerFreeTest',
  'CustomerPreviewTest',
  'TestDrive',
  'Developer',
  5,
  6,
  7,
  9,
  13,
]);

/** The users of one Dataverse organisation. */
export function dynamicsConnector(options: DynamicsOptions): CrmConnector {
  const org = baseAddress(options.baseUrl, 'The address of Dynamics');
  const { tenantId, clientId, clientSecret, scope = `${org.origin}/.default` } = options.auth;
  const tokenUrl = options.auth.tokenUrl ?? `https://login.microsoftonline.com/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`;
  // An address without the slash that the check adds to it.
  const tokens = new URL(tokenUrl);
  const bare = new URL(tokens);
  bare.search = '';
  baseAddress(bare.href, 'The address of the token endpoint');
  const limiter = options.limiter ?? rateLimiter(protection, options.shared);
  const clock = clockBeside('Dynamics');
  const mailField = options.mailField ?? 'internalemailaddress';
  const usersPage = pageWith(mailField);
  const pageSize = Math.min(largestPage, options.pageSize ?? largestPage);

  const askTokens = requestSender({
    ...options,
    limiter,
    mayReach: ({ origin }) => origin === tokens.origin,
    judge: judgeToken,
    onAnswer: clock.note,
  });
  const holder = tokenHolder(
    async (signal) => {
      const body = formBody({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope });
      const answer = await askTokens({ request: 'access token', method: 'POST', url: tokens, body, isSafe: true }, signal, (answered) =>
        parsed('access token', tokenAnswer, answered),
      );
      return { value: answer.access_token, endsAt: Date.now() + answer.expires_in * 1_000 };
    },
    // There is no refresh token: a new one is asked for in good time.
    { earlyMs: 300_000, shared: options.shared },
  );

  const send = requestSender({
    ...options,
    limiter,
    mayReach: ({ origin }) => origin === org.origin,
    authorization: authorizationOf('Bearer', holder.token),
    onAnswer: clock.note,
  });
  const read = <Shape extends z.ZodType>(request: string, url: URL, shape: Shape, signal?: AbortSignal, perPage = pageSize) =>
    send(askFor(request, url, perPage), signal, (answer) => parsed(request, shape, answer));
  const addressOf = (path: string): URL => new URL(`api/data/${options.apiVersion ?? 'v9.2'}/${path}`, org);

  /** Where a proxy stands at the base address, Dynamics names itself in its links: the organisation that the token is for. */
  const named = URL.parse(scope)?.origin;
  const throughProxy = (link: string): string =>
    named !== undefined && named !== org.origin && link.startsWith(`${named}/`) ? `${org.href}${link.slice(named.length + 1)}` : link;

  const usersAddress = (changedSince?: string): URL => {
    const filter = [options.userFilter ? `(${options.userFilter})` : [], changedSince ? `modifiedon ge ${changedSince}` : []].flat();
    return addressOf(
      `systemusers?$select=${[...columns, mailField].join(',')}&$count=true${
        // Spaces have to be %20 here, so no form encoding.
        filter.length > 0 ? `&$filter=${encodeURIComponent(filter.join(' and '))}` : ''
      }`,
    );
  };

  /** Null where it is more than Dataverse counts. */
  const count = async (signal?: AbortSignal): Promise<number | null> =>
    totalOf(await read('number of users', usersAddress(), usersPage, signal, 1));

  async function listUsers(into: UserSink, call: ListUsersOptions = {}): Promise<CompleteListing> {
    const { signal, changedSince, onLeftOut } = call;
    const asOf = new Date().toISOString();
    const leftOut: Partial<Record<LeftOut, number>> = {};
    let handedOver = 0;
    const patience = patienceOf(options, call);
    await waitOut(() => hold(signal), patience);
    into.begin(fields);
    const since = changedSince === undefined ? undefined : sinceWithOverlap(changedSince).toISOString();
    const { pages, lastCursor, total } = await readPages<User>({
      request: 'users',
      first: usersAddress(since).href,
      perPage: pageSize,
      patience,
      async readPage(cursor, reading) {
        const url = addressIn('users', throughProxy(cursor));
        const asked = { ...askFor('users', url, pageSize), onSent: reading.onSent };
        const page = await send(asked, reading.signal, async (answer) => {
          await reading.next(nextIn(answer.bytes, nextLink));
          return parsed('users', usersPage, answer);
        });
        return { records: page.value, next: page['@odata.nextLink'] ?? null, total: totalOf(page) };
      },
      idOf: ({ systemuserid }) => systemuserid,
      into(users) {
        const people: UserRecord[] = [];
        for (const raw of users) {
          const kind = kindOf(raw, raw[mailField]);
          if (kind === null) people.push(recordOf(raw, mailField));
          else {
            leftOut[kind] = (leftOut[kind] ?? 0) + 1;
            onLeftOut?.(recordOf(raw, mailField), kind);
          }
        }
        handedOver += people.length;
        if (people.length > 0) return into.records(people);
      },
    });
    const changes = since === undefined ? {} : { changedSince: since };
    const told = { received: handedOver, expected: total, pages, lastCursor, leftOut, ...changes };
    return { kind: 'listing', source: options.name, ...told, rejected: 0, asOf, sha256: null };
  }

  async function origin({ signal }: CallOptions = {}): Promise<Origin> {
    const path = "RetrieveCurrentOrganization(AccessType=@p)?@p=Microsoft.Dynamics.CRM.EndpointAccessType'Default'";
    const { Detail } = await read('organisation', addressOf(path), organisation, signal);
    const isTest = testTypes.has(Detail.OrganizationType ?? '');
    return { id: Detail.OrganizationId, name: Detail.FriendlyName ?? null, isTest };
  }

  let isHeld = options.organizationId === undefined;
  async function hold(signal: AbortSignal | undefined): Promise<void> {
    if (isHeld) return;
    const { id } = await origin(signal ? { signal } : {});
    if (isOther(id, options.organizationId)) throw otherOrigin('organisation', id, options.organizationId);
    isHeld = true;
  }

  return {
    capabilities: { changedSince: true, tellsTotal: true, updateEmail: 'guided' },
    origin,
    listUsers,
    check: async (callOptions) => [...(await checkDynamics(origin, count, options.organizationId, callOptions)), clock.line()],
    // What Dataverse tells in x-ms-ratelimit-* is of one web server of several, and for debugging only.
    budget: () => null,
  };
}

/** Dataverse names the next page behind the last user. */
const nextLink = /"@odata\.nextLink"\s*:\s*"([!#-[\]-~]+)"/;

const askFor = (request: string, url: URL, perPage: number): Asked => ({
  request,
  method: 'GET',
  url,
  headers: headersOf(perPage),
  isSafe: true,
});

/** On every request (learn.microsoft.com/…/webapi/compose-http-requests-handle-errors), the page size on that for the next page too. */
const headersOf = (perPage: number): Record<string, string> => ({
  accept: 'application/json',
  'odata-maxversion': '4.0',
  'odata-version': '4.0',
  // Dataverse would answer 304 from a cache otherwise.
  'if-none-match': 'null',
  prefer: `odata.maxpagesize=${perPage}`,
});

function totalOf({ '@odata.count': counted }: z.output<ReturnType<typeof pageWith>>): number | null {
  return typeof counted === 'number' && counted >= 0 && counted < mostCounted ? counted : null;
}

/** The next page's address as it came. */
function addressIn(request: string, link: string): URL {
  const url = URL.parse(link);
  if (url === null)
    throw new RequestFailed('invalid-response', request, {
      sentence: 'Dynamics names a next page that is no address. Try again; if it happens again, tell Microsoft.',
    });
  return url;
}

async function checkDynamics(
  origin: CrmConnector['origin'],
  count: (signal?: AbortSignal) => Promise<number | null>,
  pinned: string | undefined,
  { signal }: CallOptions = {},
): Promise<readonly CheckLine[]> {
  const ask: CallOptions = signal ? { signal } : {};
  const unauthorized =
    'Entra ID or Dynamics refuses the app. Check tenant, client id and secret (a secret ends after two years at most), and that Dynamics has an application user for the app.';
  return [
    await checkLine(
      'Dynamics',
      'rights',
      () => count(signal),
      (users) => `Dynamics lets us read its ${users === null ? '5,000 users or more' : `${users.toLocaleString('en-US')} users`}.`,
      {
        unauthorized,
        forbidden: 'The application user may not read users. Give it a security role with Read on User for the organization.',
      },
    ),
    await checkLine(
      'Dynamics',
      'origin',
      () => origin(ask),
      (found) => sayOrigin(found, pinned),
      { unauthorized },
    ),
    { what: 'api-budget', verdict: 'unknown', sentence: 'Dynamics does not tell how many requests are left in all.' },
  ];
}

/** Ids are the same in either case. */
const isOther = (id: string, pinned: string | undefined): pinned is string =>
  pinned !== undefined && id.toLowerCase() !== pinned.toLowerCase();

const sayOrigin = ({ id, name, isTest }: Origin, pinned: string | undefined): string | Omit<CheckLine, 'what'> =>
  isOther(id, pinned)
    ? { verdict: 'bad', sentence: otherOriginSentence('organisation', id, pinned) }
    : `Organisation ${name ?? id} (${id})${isTest ? ', a sandbox: it is compared, never planned from' : ''}.`;

/** Entra ID says with 400 what others say with 401: `{"error":"invalid_client","error_description":"AADSTS…"}`. */
function judgeToken({ status, bytes }: Answer): RequestFailure | Judged | null {
  if (status !== 400 && status !== 401) return null;
  const refused = tokenRefusal.safeParse(jsonOf(bytes));
  if (!refused.success) return null;
  if (refused.data.error === 'temporarily_unavailable') return 'unavailable';
  const told = refused.data.error_codes?.map((code) => entraCodes.get(code)).find((one) => one !== undefined);
  return told ?? (refused.data.error === 'invalid_client' ? refusing('client') : 'unauthorized');
}

/**
 * What Entra ID refused, by the numbers of its errors (learn.microsoft.com/entra/identity-platform/reference-error-codes). They may change at
 * any time, as that page says: an unknown one leaves what its `error` says.
 */
const entraCodes: ReadonlyMap<number, Judged> = new Map([
  [7000215, refusing('client-secret')],
  [7000222, refusing('client-secret-ended')],
  [700016, saying('The tenant has no app with this client ID. Check which of the two was mistyped, or belongs to another company.')],
  [7000112, saying('The app is disabled in Entra ID. Enable it there, or enter another one.')],
  [90002, refusing('tenant')],
  [900023, refusing('tenant')],
  [500011, saying('The tenant does not know the organisation at this address. Check the address of {vendor}, or the scope.', 'rejected')],
  [70011, saying('Entra ID does not accept the scope. Leave it out, or write the address of the organisation and /.default.', 'rejected')],
]);

/**
 * Null: a person. Application users carry an applicationid; access modes 3 support, 4 non-interactive, 5 delegated admin (systemuser
 * EntityType); Microsoft's own sign in as crmoln… (inferred).
 */
function kindOf({ applicationid, isintegrationuser, accessmode, domainname }: User, email: unknown): LeftOut | null {
  if (applicationid || isintegrationuser) return 'integration';
  if (accessmode === 4) return 'service-account';
  const isMicrosofts = [email, domainname].some((address) => /^crmoln.*@microsoft\.com$/i.test(String(address ?? '')));
  return accessmode === 3 || accessmode === 5 || isMicrosofts ? 'support' : null;
}

function recordOf(raw: User, mailField: string): UserRecord {
  const email = raw[mailField];
  return filled({
    id: raw.systemuserid,
    email: typeof email === 'string' ? email : null,
    givenName: raw.firstname,
    familyName: raw.lastname,
    displayName: raw.fullname,
    active: String(!raw.isdisabled),
    employeeNumber: raw.employeeid,
    entraObjectId: raw.azureactivedirectoryobjectid,
    userName: raw.domainname,
    title: raw.jobtitle,
    userType: String(raw.accessmode),
    createdAt: raw.createdon,
  });
}
