/**
 * Dataverse on a local port, and the token endpoint of its tenant, as connector.ts speaks to them. State in memory.
 * Quirks: `repeated-cursor`, `short-page`, `shrunken-total`, `error-in-200`, `next-link-to <address>` (the next page on another host), and
 * the three of service protection: `too-many-requests`, `too-much-time`, `too-many-at-once`.
 */
import { createHash } from 'node:crypto';
import { type FaultInput, type ServedSimulator, type SimulatedAnswer, type SimulatedRequest, serveSimulator } from '../serve-simulator.ts';

export interface DynamicsUser {
  readonly systemuserid: string;
  readonly fullname: string;
  readonly firstname: string | null;
  readonly lastname: string | null;
  readonly internalemailaddress: string | null;
  /** The sign-in name (UPN). */
  readonly domainname: string;
  readonly isdisabled: boolean;
  /** 0 read-write, 1 administrative, 2 read, 3 support, 4 non-interactive, 5 delegated admin. */
  readonly accessmode: number;
  readonly azureactivedirectoryobjectid: string | null;
  readonly applicationid: string | null;
  readonly isintegrationuser: boolean;
  readonly employeeid: string | null;
  readonly jobtitle: string | null;
  readonly createdon: string;
  readonly modifiedon: string;
}

export interface DynamicsState {
  readonly tenantId: string;
  readonly clientId: string;
  clientSecret: string;
  readonly organisation: { readonly OrganizationId: string; readonly FriendlyName: string; readonly OrganizationType: string };
  /** Replaced, never changed in place. */
  users: readonly DynamicsUser[];
  /** Whether the application user's security role reads users. */
  readsUsers: boolean;
}

export interface DynamicsSimulatorOptions {
  readonly state: DynamicsState;
  /** What it calls itself in its links, where something stands before it; default its own address. */
  readonly url?: string;
  readonly port?: number;
  readonly latencyMs?: number;
  /** Milliseconds since 1970; default Date.now. */
  readonly now?: () => number;
  /** Requests that an access token is good for; default as many as come in its hour. */
  readonly requestsPerToken?: number;
  /** How long a token says it lasts; default 3,599. */
  readonly secondsPerToken?: number;
  /** The wait that service protection asks for first; a request within it makes it longer by as much. Default 1,000. */
  readonly waitMs?: number;
}

export interface DynamicsSimulator extends ServedSimulator {
  readonly state: DynamicsState;
  fault(fault: FaultInput): void;
}

/** What Dataverse counts to. */
const mostCounted = 5_000;
const largestPage = 5_000;

export async function startDynamicsSimulator(options: DynamicsSimulatorOptions): Promise<DynamicsSimulator> {
  const { state, now = Date.now, requestsPerToken = Number.POSITIVE_INFINITY, waitMs = 1_000, secondsPerToken = 3_599 } = options;
  const accessTokens = new Map<string, { endsAt: number; left: number }>();
  let number = 0;

  function tokenAnswer({ body, url }: SimulatedRequest): SimulatedAnswer {
    if (!url.pathname.startsWith(`/${state.tenantId}/`)) return entraError(400, 'invalid_request', 90002);
    const form = new URLSearchParams(body.toString());
    if (form.get('grant_type') !== 'client_credentials') return entraError(400, 'unsupported_grant_type', 70003);
    if (form.get('client_id') !== state.clientId) return entraError(400, 'unauthorized_client', 700016);
    if (form.get('client_secret') !== state.clientSecret) return entraError(401, 'invalid_client', 7000215);
    if (form.get('scope') !== `${options.url ?? served.url}/.default`) return entraError(400, 'invalid_scope', 70011);
    number += 1;
    const token = `eyJ.access-${number}`;
    accessTokens.set(token, { endsAt: now() + secondsPerToken * 1_000, left: requestsPerToken });
    return { status: 200, body: { token_type: 'Bearer', expires_in: secondsPerToken, access_token: token } };
  }

  let heldUntil = 0;
  /** Sending on while one should wait makes the wait longer. */
  function protection(quirks: ReadonlySet<string>): SimulatedAnswer | null {
    if (quirks.has('too-many-at-once')) return tooMany('0x80072326', 'Number of concurrent requests exceeded the limit of 52.', 1);
    const code = quirks.has('too-much-time') ? '0x80072321' : '0x80072322';
    if (heldUntil <= now() && !quirks.has('too-many-requests') && !quirks.has('too-much-time')) return null;
    heldUntil = Math.max(heldUntil, now()) + waitMs;
    return tooMany(code, 'Number of requests exceeded the limit of 6000 over time window of 300 seconds.', (heldUntil - now()) / 1_000);
  }

  function refusal({ headers }: SimulatedRequest): SimulatedAnswer | null {
    const known = accessTokens.get(/^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '');
    // Dataverse's own 401 has no body.
    if (known === undefined || known.endsAt <= now() || known.left === 0)
      return { status: 401, headers: { 'www-authenticate': 'Bearer error=invalid_token, error_description=Token expired' } };
    known.left -= 1;
    return null;
  }

  let filtered: { readonly of: readonly DynamicsUser[]; readonly filter: string; readonly users: readonly DynamicsUser[] } | null = null;
  /** Sorted out once, not for every page. Null: a filter that is none. */
  function matching(filter: string): readonly DynamicsUser[] | null {
    if (filtered?.of !== state.users || filtered.filter !== filter) {
      const belongs = filterOf(filter);
      if (belongs === null) return null;
      filtered = { of: state.users, filter, users: filter === '' ? state.users : state.users.filter(belongs) };
    }
    return filtered.users;
  }

  function users({ url, headers }: SimulatedRequest, quirks: ReadonlySet<string>): SimulatedAnswer {
    if (!state.readsUsers)
      return odataError(403, '0x80040220', 'Principal user is missing prvReadUser privilege on OTC=8 for entity systemuser.');
    if (url.searchParams.has('$skip')) return odataError(400, '0x80060888', 'Skip Clause is not supported in CRM');
    const asked = Number(/odata\.maxpagesize=(\d+)/.exec(String(headers.prefer ?? ''))?.[1] ?? largestPage);
    const perPage = asked >= 1 && asked <= largestPage ? asked : largestPage;
    // The link to a page is good as it was given, and with the page size it was given for.
    const [query = '', mark] = url.search.split('&$skiptoken=');
    const [start = '0', seal] = mark === undefined ? ['0', undefined] : mark.split('.');
    const sealed = (from: number): string =>
      `${from}.${createHash('sha256').update(`${query} ${perPage} ${from}`).digest('hex').slice(0, 24)}`;
    const from = Number(start);
    if ((mark !== undefined && sealed(from) !== `${start}.${seal}`) || (url.searchParams.has('$skiptoken') && mark === undefined))
      return odataError(400, '0x80040203', 'The paging cookie is malformed.');

    const all = matching(url.searchParams.get('$filter') ?? '');
    if (all === null) return odataError(400, '0x80060888', 'The query specified in the URI is not valid.');
    const columns = url.searchParams.get('$select')?.split(',') ?? known;
    const odd = columns.find((column) => !known.includes(column));
    if (odd !== undefined)
      return odataError(400, '0x80060888', `Could not find a property named '${odd}' on type 'Microsoft.Dynamics.CRM.systemuser'.`);
    const rows = all.slice(from, from + perPage);
    const link = (to: number): string => `${options.url ?? served.url}${url.pathname}${query}&$skiptoken=${sealed(to)}`;
    const isLast = from + perPage >= all.length;
    const foreign = [...quirks].find((quirk) => quirk.startsWith('next-link-to '))?.slice(13);
    const next = foreign ? `${foreign}${url.pathname}` : quirks.has('repeated-cursor') ? link(from) : isLast ? null : link(from + perPage);
    const counted = Math.min(mostCounted, all.length) - (quirks.has('shrunken-total') ? 1 : 0);
    const body = {
      '@odata.context': `${served.url}/api/data/v9.2/$metadata#systemusers(${columns.join(',')})`,
      ...(url.searchParams.get('$count') === 'true' ? { '@odata.count': counted } : {}),
      value: rows.slice(quirks.has('short-page') ? 1 : 0).map((user) => ({ '@odata.etag': 'W/"1"', ...only(columns, user) })),
      ...(next === null ? {} : { '@odata.nextLink': next }),
    };
    return { status: 200, headers: { 'odata-version': '4.0', 'preference-applied': `odata.maxpagesize=${perPage}` }, body };
  }

  const served = await serveSimulator(
    {
      quirks: [
        'too-many-at-once',
        'too-much-time',
        'too-many-requests',
        'repeated-cursor',
        'shrunken-total',
        'short-page',
        'error-in-200',
        'next-link-to',
      ],
      notFound: odataError(404, '0x80060888', 'Resource not found for the segment.'),
      kindOf({ method, url: { pathname } }) {
        if (method === 'POST' && /^\/[^/]+\/oauth2\/v2\.0\/token$/.test(pathname)) return 'token';
        if (method !== 'GET') return null;
        if (pathname === '/api/data/v9.2/systemusers') return 'users';
        return pathname === '/api/data/v9.2/RetrieveCurrentOrganization(AccessType=@p)' ? 'organisation' : null;
      },
      answer(kind, request, quirks) {
        if (kind === 'token') return tokenAnswer(request);
        const refused = protection(quirks) ?? refusal(request);
        if (refused) return refused;
        if (quirks.has('error-in-200')) return { ...odataError(200, '0x80040216', 'An unexpected error occurred.') };
        if (kind === 'organisation')
          return { status: 200, body: { '@odata.context': '', Detail: { ...state.organisation, State: 'Enabled' } } };
        return users(request, quirks);
      },
    },
    options,
  );
  return { ...served, state };
}

const known: readonly string[] = [
  ...(['systemuserid', 'fullname', 'firstname', 'lastname', 'internalemailaddress', 'domainname', 'isdisabled', 'accessmode'] as const),
  ...(['azureactivedirectoryobjectid', 'applicationid', 'isintegrationuser', 'employeeid', 'jobtitle'] as const),
  ...(['createdon', 'modifiedon'] as const),
] satisfies readonly (keyof DynamicsUser)[];

const only = (columns: readonly string[], user: DynamicsUser): Partial<DynamicsUser> =>
  columns.length === known.length ? user : Object.fromEntries(Object.entries(user).filter(([column]) => columns.includes(column)));

/** `isdisabled eq false`, `modifiedon ge 2026-…`, and both with `and`. Null: anything else. */
function filterOf(filter: string): ((user: DynamicsUser) => boolean) | null {
  const clauses = filter.replace(/[()]/g, '').split(' and ').filter(Boolean);
  const tests: ((user: DynamicsUser) => boolean)[] = [];
  for (const clause of clauses) {
    const disabled = /^isdisabled eq (true|false)$/.exec(clause);
    const modified = /^modifiedon ge (\d{4}-\d{2}-\d{2}T[\d:.]+Z)$/.exec(clause);
    if (disabled) tests.push(({ isdisabled }) => String(isdisabled) === disabled[1]);
    else if (modified) tests.push(({ modifiedon }) => Date.parse(modifiedon) >= Date.parse(modified[1]!));
    else return null;
  }
  return (user) => tests.every((test) => test(user));
}

const odataError = (status: number, code: string, message: string): SimulatedAnswer => ({ status, body: { error: { code, message } } });

const tooMany = (code: string, message: string, seconds: number): SimulatedAnswer => ({
  ...odataError(429, code, message),
  headers: { 'retry-after': String(Math.ceil(seconds)), 'x-ms-ratelimit-burst-remaining-xrm-requests': '0' },
});

const entraError = (status: number, error: string, code: number): SimulatedAnswer => ({
  status,
  body: {
    error,
    error_description: `AADSTS${code}: Refused.`,
    error_codes: [code],
    correlation_id: '00000000-0000-4000-8000-000000000000',
  },
});
