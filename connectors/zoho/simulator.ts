/**
 * Zoho CRM on a local port: an accounts server and its API behind one address, as connector.ts speaks to them. State in memory.
 * Quirks: `deleted-before` (this page's list has lost its first user), `empty-page`, `repeated-page`, `short-page`, `shrunken-total`, `error-in-200`, `refused-in-200` (the token answer), `misspelled` (the refusal of an email).
 */
import { type FaultInput, type ServedSimulator, type SimulatedAnswer, type SimulatedRequest, serveSimulator } from '../serve-simulator.ts';

export interface ZohoUser {
  /** 19 digits. */
  readonly id: string;
  readonly email: string;
  readonly first_name: string | null;
  readonly last_name: string;
  readonly status: 'active' | 'inactive' | 'deleted';
  readonly confirm: boolean;
  readonly role?: { readonly id: string; readonly name: string };
  readonly profile?: { readonly id: string; readonly name: string };
  readonly Reporting_To?: { readonly id: string; readonly name: string } | null;
  readonly created_time: string;
  readonly Modified_Time: string;
}

export interface ZohoState {
  readonly org: { readonly zgid: string; readonly company_name: string };
  app: { readonly clientId: string; readonly clientSecret: string };
  /** Replaced, never changed in place. */
  users: readonly ZohoUser[];
  /** Refresh tokens that are good, oldest first. The 21st ends the first. */
  refreshTokens: string[];
}

export interface ZohoSimulatorOptions {
  readonly state: ZohoState;
  readonly port?: number;
  readonly latencyMs?: number;
  /** What the token answer names as its API; default this simulator, which only an `apiUrl` setting lets through. */
  readonly apiDomain?: string;
  /** The data centre that an install names; default eu. */
  readonly location?: string;
  /** Milliseconds since 1970; default Date.now. */
  readonly now?: () => number;
  /** Requests that an access token is good for; default as many as come in its hour. */
  readonly requestsPerToken?: number;
  /** Requests that may be under way together (by edition: 5, 10, 15 …); default as many as come. */
  readonly concurrent?: number;
}

export interface ZohoSimulator extends ServedSimulator {
  readonly state: ZohoState;
  fault(fault: FaultInput): void;
}

const perTenMinutes = 10;
const mostRefreshTokens = 20;
const mostLiveTokens = 30;
const refreshTokensPerMinute = 5;

const tooManyTokens: SimulatedAnswer = {
  status: 400,
  body: { error: 'Access Denied', error_description: 'You have made too many requests continuously.' },
};

export async function startZohoSimulator(options: ZohoSimulatorOptions): Promise<ZohoSimulator> {
  const { state, now = Date.now, requestsPerToken = Number.POSITIVE_INFINITY } = options;
  const accessTokens = new Map<string, { endsAt: number; left: number }>();
  const given = new Map<string, number[]>();
  /** Access tokens of a refresh token, oldest first. The thirty-first ends the first. */
  const live = new Map<string, string[]>();
  let exchanged: number[] = [];
  let number = 0;

  /** Codes of an install that were not exchanged yet, with the address they were sent to. */
  const codes = new Map<string, string>();

  /** The page on which an admin agrees; here at once. */
  function authorize({ url: { searchParams: asked } }: SimulatedRequest): SimulatedAnswer {
    const redirectUri = asked.get('redirect_uri') ?? '';
    if (!URL.canParse(redirectUri) || asked.get('response_type') !== 'code') return { status: 400, body: { error: 'invalid_request' } };
    number += 1;
    const code = `1000.code-${number}`;
    codes.set(code, redirectUri);
    const back = new URL(redirectUri);
    const home = { location: options.location ?? 'eu', 'accounts-server': `https://accounts.zoho.${options.location ?? 'eu'}` };
    for (const [name, value] of Object.entries({ state: asked.get('state') ?? '', code, ...home })) back.searchParams.set(name, value);
    return { status: 302, headers: { location: back.href } };
  }

  /** A code for a refresh token: the twenty-first ends the first. */
  function exchange(form: URLSearchParams): SimulatedAnswer {
    exchanged = exchanged.filter((at) => at > now() - 60_000);
    if (exchanged.length >= refreshTokensPerMinute) return tooManyTokens;
    const code = form.get('code') ?? '';
    const redirectUri = codes.get(code);
    codes.delete(code);
    if (redirectUri === undefined || redirectUri !== form.get('redirect_uri')) return { status: 200, body: { error: 'invalid_code' } };
    exchanged.push(now());
    number += 1;
    const refresh_token = `1000.refresh-of-${number}`;
    state.refreshTokens = [...state.refreshTokens, refresh_token].slice(-mostRefreshTokens);
    return granted(refresh_token, { refresh_token });
  }

  function granted(refresh: string, more: { readonly refresh_token?: string }): SimulatedAnswer {
    number += 1;
    const token = `1000.access-${number}`;
    const tokens = [...(live.get(refresh) ?? []), token];
    for (const ended of tokens.splice(0, tokens.length - mostLiveTokens)) accessTokens.delete(ended);
    live.set(refresh, tokens);
    accessTokens.set(token, { endsAt: now() + 3_600_000, left: requestsPerToken });
    const api_domain = options.apiDomain ?? served.url;
    return { status: 200, body: { access_token: token, ...more, api_domain, token_type: 'Bearer', expires_in: 3600 } };
  }

  function tokenAnswer({ body }: SimulatedRequest, quirks: ReadonlySet<string>): SimulatedAnswer {
    const form = new URLSearchParams(body.toString());
    const refresh = form.get('refresh_token') ?? '';
    if (form.get('client_id') !== state.app.clientId) return { status: 200, body: { error: 'invalid_client' } };
    if (form.get('client_secret') !== state.app.clientSecret) return { status: 200, body: { error: 'invalid_client_secret' } };
    if (form.get('grant_type') === 'authorization_code') return exchange(form);
    if (form.get('grant_type') !== 'refresh_token') return { status: 200, body: { error: 'invalid_client' } };
    if (quirks.has('refused-in-200') || !state.refreshTokens.includes(refresh)) return { status: 200, body: { error: 'invalid_code' } };
    const lately = (given.get(refresh) ?? []).filter((at) => at > now() - 600_000);
    if (lately.length >= perTenMinutes) return tooManyTokens;
    given.set(refresh, [...lately, now()]);
    return granted(refresh, {});
  }

  function refusal({ headers }: SimulatedRequest): SimulatedAnswer | null {
    const token = /^Zoho-oauthtoken (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
    const known = accessTokens.get(token);
    if (known === undefined || known.endsAt <= now() || known.left === 0)
      return { status: 401, body: { code: 'INVALID_TOKEN', details: {}, message: 'invalid oauth token', status: 'error' } };
    known.left -= 1;
    return null;
  }

  let listed: { readonly of: readonly ZohoUser[]; readonly type: string; readonly users: readonly ZohoUser[] } | null = null;
  /** Sorted out once, not for every page. */
  function ofType(type: string): readonly ZohoUser[] {
    if (listed?.of !== state.users || listed.type !== type) {
      const belongs = types[type] ?? (() => false);
      listed = { of: state.users, type, users: state.users.filter(belongs) };
    }
    return listed.users;
  }

  function users({ url, headers }: SimulatedRequest, quirks: ReadonlySet<string>): SimulatedAnswer {
    if (quirks.has('deleted-before')) state.users = state.users.slice(1);
    if (quirks.has('empty-page')) return { status: 204 };
    const perPage = Math.min(200, Number(url.searchParams.get('per_page') ?? 200));
    const page = Number(url.searchParams.get('page') ?? 1);
    const since = Date.parse(headers['if-modified-since'] ?? '');
    const some = ofType(url.searchParams.get('type') ?? 'ActiveUsers');
    const all = Number.isNaN(since) ? some : some.filter((one) => Date.parse(one.Modified_Time) > since);
    const shown = quirks.has('repeated-page') ? page - 1 : page;
    const found = all.slice((shown - 1) * perPage, shown * perPage);
    if (found.length === 0) return { status: Number.isNaN(since) ? 204 : 304 };
    const rows = quirks.has('short-page') ? found.slice(1) : found;
    const body = {
      users: rows.map((one) => ({ ...one, full_name: [one.first_name, one.last_name].filter(Boolean).join(' '), zuid: one.id })),
      info: { per_page: perPage, count: rows.length, page, more_records: page * perPage < all.length },
    };
    return { status: 200, body };
  }

  /** One user, by the only call that writes here. The connector never asks for it: a confirmed user's email cannot be changed. */
  function update({ url, body }: SimulatedRequest, quirks: ReadonlySet<string>): SimulatedAnswer {
    const id = url.pathname.split('/').at(-1)!;
    const row = (code: string, message: string): SimulatedAnswer => ({
      // A refusal of a row comes with 200 too.
      status: 200,
      body: { users: [{ code, details: code === 'SUCCESS' ? { id } : {}, message, status: code === 'SUCCESS' ? 'success' : 'error' }] },
    });
    const { users: asked } = JSON.parse(body.toString()) as { readonly users: readonly Partial<ZohoUser>[] };
    const found = state.users.find((one) => one.id === id);
    if (found === undefined || asked.length !== 1) return row('INVALID_DATA', 'the id given seems to be invalid');
    const [change] = asked as [Partial<ZohoUser>];
    if (change.email !== undefined && change.email !== found.email && found.confirm)
      return row(
        quirks.has('misspelled') ? 'EMAIL_UPDATE_NOT_ALOWED' : 'EMAIL_UPDATE_NOT_ALLOWED',
        'cannot update email of a confirmed user',
      );
    state.users = state.users.map((one) => (one === found ? { ...one, ...change, id } : one));
    return row('SUCCESS', 'User updated');
  }

  const served = await serveSimulator(
    {
      quirks: [
        'refused-in-200',
        'deleted-before',
        'empty-page',
        'repeated-page',
        'short-page',
        'error-in-200',
        'shrunken-total',
        'misspelled',
      ],
      notFound: { status: 404, body: { code: 'INVALID_URL_PATTERN', details: {}, message: 'Please check the URL', status: 'error' } },
      kindOf: ({ method, url }) => kinds[`${method} ${url.pathname.replace(/(?<=^\/crm\/v8\/users\/)\d+$/, ':id')}`] ?? null,
      answer(kind, request, quirks) {
        if (kind === 'authorize') return authorize(request);
        if (kind === 'token') return tokenAnswer(request, quirks);
        const refused = refusal(request);
        if (refused) return refused;
        if (quirks.has('error-in-200'))
          return { status: 200, body: { code: 'INVALID_DATA', details: {}, message: 'odd', status: 'error' } };
        if (kind === 'org') return { status: 200, body: { org: [state.org] } };
        if (kind === 'count') {
          const count = ofType(request.url.searchParams.get('type') ?? 'AllUsers').length;
          return { status: 200, body: { count: quirks.has('shrunken-total') ? count - 1 : count } };
        }
        if (kind === 'update') return update(request, quirks);
        return users(request, quirks);
      },
    },
    options.concurrent === undefined ? options : { ...options, atOnce: { most: options.concurrent, refusal: tooMany } },
  );
  return { ...served, state };
}

/** Inferred, as the facts have it. */
const tooMany: SimulatedAnswer = {
  status: 429,
  body: { code: 'TOO_MANY_REQUESTS', details: {}, message: 'Too many requests fired in concurrent', status: 'error' },
};

const types: Readonly<Record<string, (user: ZohoUser) => boolean>> = {
  AllUsers: ({ status }) => status !== 'deleted',
  ActiveUsers: ({ status }) => status === 'active',
  DeactiveUsers: ({ status }) => status === 'inactive',
  DeletedUsers: ({ status }) => status === 'deleted',
  NotConfirmedUsers: ({ status, confirm }) => status !== 'deleted' && !confirm,
  ActiveConfirmedUsers: ({ status, confirm }) => status === 'active' && confirm,
};

const kinds: Readonly<Record<string, string>> = {
  'GET /oauth/v2/auth': 'authorize',
  'POST /oauth/v2/token': 'token',
  'GET /crm/v8/users': 'users',
  'PUT /crm/v8/users/:id': 'update',
  'GET /crm/v8/users/actions/count': 'count',
  'GET /crm/v8/org': 'org',
};
