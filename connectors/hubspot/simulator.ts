/**
 * HubSpot on a local port, as connector.ts speaks to it, by dated paths and by the older ones: portals behind one address, told apart by
 * their tokens. State in memory.
 * Quirks: `repeated-cursor`, `empty-cursor` (after the last page), `no-cursor` (a next page without one), `missing-person` (a page without its first), `error-in-200`, and the three policies of a 429:
 * `ten-secondly`, `secondly`, `daily`.
 */
import { createHash, createHmac } from 'node:crypto';
import { type FaultInput, type ServedSimulator, type SimulatedAnswer, type SimulatedRequest, serveSimulator } from '../serve-simulator.ts';

export interface HubSpotUser {
  /** Of provisioning: text. */
  readonly id: string;
  readonly email: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly superAdmin: boolean;
  /** Of the CRM's users object, which has ids of its own. */
  readonly objectId?: string;
  /** New in 2026-09. */
  readonly seatNames?: readonly string[];
}

export interface HubSpotOwner {
  readonly id: string;
  readonly type: 'PERSON' | 'QUEUE';
  readonly archived: boolean;
  readonly email?: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  /** Numbers, and only while the user is active. */
  readonly userId: number | null;
  readonly userIdIncludingInactive: number | null;
}

export interface HubSpotPortal {
  readonly portalId: number;
  readonly accountType: 'STANDARD' | 'DEVELOPER_TEST' | 'SANDBOX' | 'APP_DEVELOPER';
  readonly uiDomain: string;
  /** Both replaced, never changed in place. */
  users: readonly HubSpotUser[];
  owners: readonly HubSpotOwner[];
  scopes: readonly string[];
  readonly privateAppToken: string | null;
  /** That are good now. Each is good once, and another takes its place. */
  refreshTokens: readonly string[];
  /** Requests in a rolling window; null: as many as come. */
  readonly limit: { readonly requests: number; readonly windowMs: number } | null;
  /** Of the private app: null for one that is told no day's limit. */
  daily: { readonly limit: number; used: number } | null;
}

export interface HubSpotState {
  readonly app: { readonly clientId: string; readonly clientSecret: string; readonly redirectUris: readonly string[] };
  readonly portals: readonly HubSpotPortal[];
  /** Whether /oauth/v1 still answers; it ends on 16 February 2027. */
  hasOauthV1: boolean;
  /** Whether the token answer names the portal, which is not documented for 2026-03. */
  tellsHubId: boolean;
}

export interface HubSpotSimulatorOptions {
  readonly state: HubSpotState;
  readonly port?: number;
  readonly latencyMs?: number;
  /** Milliseconds since 1970; default Date.now. */
  readonly now?: () => number;
  /** Requests that an access token is good for; default as many as come in its half hour. */
  readonly requestsPerToken?: number;
}

export interface HubSpotSimulator extends ServedSimulator {
  readonly state: HubSpotState;
  fault(fault: FaultInput): void;
}

interface Access {
  readonly portal: HubSpotPortal;
  readonly isPrivate: boolean;
  endsAt: number;
  left: number;
}

export async function startHubSpotSimulator(options: HubSpotSimulatorOptions): Promise<HubSpotSimulator> {
  const { state, now = Date.now, requestsPerToken = Number.POSITIVE_INFINITY } = options;
  const accesses = new Map<string, Access>();
  for (const portal of state.portals) {
    const forever = { endsAt: Number.POSITIVE_INFINITY, left: Number.POSITIVE_INFINITY };
    if (portal.privateAppToken !== null) accesses.set(portal.privateAppToken, { portal, isPrivate: true, ...forever });
  }
  /** Codes of an install that were not exchanged yet. */
  const codes = new Map<
    string,
    { readonly portal: HubSpotPortal; readonly redirectUri: string; readonly challenge: string | null; readonly endsAt: number }
  >();
  const begun = new Map<HubSpotPortal, number[]>();
  let number = 0;
  const next = (kind: string): string => {
    number += 1;
    return `${kind}-${number}`;
  };

  function token({ body, url }: SimulatedRequest): SimulatedAnswer {
    const form = new URLSearchParams(body.toString());
    // Secrets in an address stand in every log on the way.
    if (url.search !== '' || form.get('client_id') !== state.app.clientId) return oauthError('invalid_client', 'BAD_CLIENT_ID');
    if (form.get('client_secret') !== state.app.clientSecret) return oauthError('invalid_client', 'BAD_CLIENT_SECRET');
    switch (form.get('grant_type')) {
      case 'refresh_token': {
        const used = form.get('refresh_token') ?? '';
        const portal = state.portals.find(({ refreshTokens }) => refreshTokens.includes(used));
        return portal ? granted(portal, used) : oauthError('invalid_grant', 'BAD_REFRESH_TOKEN');
      }
      case 'authorization_code': {
        const code = codes.get(form.get('code') ?? '');
        codes.delete(form.get('code') ?? '');
        const shown = createHash('sha256')
          .update(form.get('code_verifier') ?? '')
          .digest('base64url');
        if (!code || code.endsAt <= now() || code.redirectUri !== form.get('redirect_uri') || (code.challenge ?? shown) !== shown)
          return oauthError('invalid_grant', 'BAD_AUTH_CODE');
        return granted(code.portal, null);
      }
    }
    return oauthError('unsupported_grant_type', 'BAD_GRANT_TYPE');
  }

  function granted(portal: HubSpotPortal, used: string | null): SimulatedAnswer {
    const refresh_token = next('na1-refresh');
    portal.refreshTokens = [...portal.refreshTokens.filter((one) => one !== used), refresh_token];
    const access_token = next('CJ-access');
    accesses.set(access_token, { portal, isPrivate: false, endsAt: now() + 1_800_000, left: requestsPerToken });
    const hub = state.tellsHubId ? { hub_id: portal.portalId } : {};
    return { status: 200, body: { token_type: 'bearer', access_token, refresh_token, expires_in: 1800, ...hub } };
  }

  function introspect({ body }: SimulatedRequest): SimulatedAnswer {
    const form = new URLSearchParams(body.toString());
    if (form.get('client_id') !== state.app.clientId || form.get('client_secret') !== state.app.clientSecret)
      return oauthError('invalid_client', 'BAD_CLIENT_ID');
    const access = accesses.get(form.get('token') ?? '');
    if (!access || access.endsAt <= now()) return { status: 200, body: { active: false } };
    const { portalId, scopes, uiDomain } = access.portal;
    return { status: 200, body: { active: true, token_use: 'access_token', hub_id: portalId, hub_domain: uiDomain, scopes } };
  }

  function revoke({ body }: SimulatedRequest): SimulatedAnswer {
    const revoked = new URLSearchParams(body.toString()).get('token') ?? '';
    accesses.delete(revoked);
    for (const portal of state.portals) portal.refreshTokens = portal.refreshTokens.filter((one) => one !== revoked);
    return { status: 204 };
  }

  /** The page on which somebody chooses a portal and agrees; here the first one, at once. */
  function authorize({ url: { searchParams: asked } }: SimulatedRequest): SimulatedAnswer {
    const redirectUri = asked.get('redirect_uri') ?? '';
    if (asked.get('client_id') !== state.app.clientId || !state.app.redirectUris.includes(redirectUri))
      return { status: 400, headers: { 'content-type': 'text/html' }, body: '<html>The app or its redirect address is unknown.</html>' };
    const code = next('code');
    codes.set(code, { portal: state.portals[0]!, redirectUri, challenge: asked.get('code_challenge'), endsAt: now() + 60_000 });
    const back = new URL(redirectUri);
    back.searchParams.set('code', code);
    if (asked.has('state')) back.searchParams.set('state', asked.get('state') ?? '');
    return { status: 302, headers: { location: back.href } };
  }

  /** Null: within the limits. */
  function limited(access: Access, quirks: ReadonlySet<string>): SimulatedAnswer | null {
    const { portal, isPrivate } = access;
    if (quirks.has('secondly')) return tooMany('SECONDLY', 'You have reached your secondly limit.');
    if (quirks.has('daily') || (isPrivate && portal.daily !== null && portal.daily.used >= portal.daily.limit))
      return tooMany('DAILY', 'You have reached your daily limit.');
    if (quirks.has('ten-secondly')) return tooMany('TEN_SECONDLY_ROLLING', 'You have reached your ten_secondly_rolling limit.');
    if (portal.limit !== null) {
      const times = begun.get(portal) ?? [];
      begun.set(portal, times);
      while (times.length > 0 && times[0]! <= now() - portal.limit.windowMs) times.shift();
      if (times.length >= portal.limit.requests)
        return tooMany('TEN_SECONDLY_ROLLING', 'You have reached your ten_secondly_rolling limit.');
      times.push(now());
    }
    if (isPrivate && portal.daily !== null) portal.daily.used += 1;
    return null;
  }

  function rateHeaders({ portal, isPrivate }: Access): Record<string, string> {
    const { limit, daily } = portal;
    const window = limit ?? { requests: 100, windowMs: 10_000 };
    return {
      'x-hubspot-ratelimit-max': String(window.requests),
      'x-hubspot-ratelimit-remaining': String(window.requests - (begun.get(portal)?.length ?? 0)),
      'x-hubspot-ratelimit-interval-milliseconds': String(window.windowMs),
      ...(isPrivate && daily !== null
        ? { 'x-hubspot-ratelimit-daily': String(daily.limit), 'x-hubspot-ratelimit-daily-remaining': String(daily.limit - daily.used) }
        : {}),
    };
  }

  let sorted: { readonly of: readonly HubSpotOwner[]; readonly archived: boolean; readonly owners: readonly HubSpotOwner[] } | null = null;
  /** Sorted out once, not for every page. */
  function ownersOf({ owners }: HubSpotPortal, archived: boolean): readonly HubSpotOwner[] {
    if (sorted?.of !== owners || sorted.archived !== archived)
      sorted = { of: owners, archived, owners: owners.filter((one) => one.archived === archived) };
    return sorted.owners;
  }

  function api(
    kind: string,
    { portal }: Access,
    { url: { searchParams, pathname } }: SimulatedRequest,
    quirks: ReadonlySet<string>,
  ): SimulatedAnswer {
    const showUser = ({ objectId: _, ...user }: HubSpotUser) => ({ ...told(user), roleIds: [], sendWelcomeEmail: false });
    const showOwner = (owner: HubSpotOwner) => ({ ...told(owner), createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-11-01T00:00:00Z' });
    const page = <Row>(all: readonly Row[], usual: number, most: number, show: (row: Row) => unknown): SimulatedAnswer => {
      const limit = Number(searchParams.get('limit') ?? usual);
      if (!Number.isInteger(limit) || limit < 1 || limit > most)
        return apiError(400, 'VALIDATION_ERROR', `limit must be between 1 and ${most}.`);
      const after = searchParams.get('after');
      const start = after === null ? 0 : Number(Buffer.from(after, 'base64').toString());
      if (!Number.isInteger(start)) return apiError(400, 'VALIDATION_ERROR', 'after is no cursor.');
      const end = start + limit;
      const cursor = Buffer.from(`${quirks.has('repeated-cursor') ? start : end}`).toString('base64');
      const results = all.slice(quirks.has('missing-person') ? start + 1 : start, end).map(show);
      if (end >= all.length && quirks.has('empty-cursor')) return { status: 200, body: { results, paging: { next: { after: '' } } } };
      const next = { ...(quirks.has('no-cursor') ? {} : { after: cursor }), link: `?after=${encodeURIComponent(cursor)}` };
      const paging = end < all.length ? { paging: { next } } : {};
      return { status: 200, body: { results, ...paging } };
    };
    const needs = scopesOf[kind] ?? [];
    if (needs.length > 0 && !needs.some((scope) => portal.scopes.includes(scope)))
      return apiError(403, 'MISSING_SCOPES', 'This app has not been granted all required scopes.');
    const nobody = apiError(404, 'OBJECT_NOT_FOUND', 'Resource not found.');
    const [id] = pathname.split('/').slice(-1);
    if (quirks.has('error-in-200')) return { ...apiError(200, 'INTERNAL_ERROR', 'An error occurred.') };
    switch (kind) {
      case 'account':
        return { status: 200, body: { portalId: portal.portalId, accountType: portal.accountType, uiDomain: portal.uiDomain } };
      case 'users':
        return page(portal.users, 100, 100, showUser);
      case 'user': {
        const found = portal.users.find((one) => one.id === id);
        return found ? { status: 200, body: showUser(found) } : nobody;
      }
      case 'owners':
        return page(ownersOf(portal, searchParams.get('archived') === 'true'), 100, 500, showOwner);
      case 'owner': {
        const found = ownersOf(portal, searchParams.get('archived') === 'true').find((one) => one.id === id);
        return found ? { status: 200, body: showOwner(found) } : nobody;
      }
    }
    const asked = searchParams.getAll('properties');
    return page(portal.users, 10, 100, ({ id, objectId = id, email }) => {
      const known: Record<string, string> = { hs_object_id: objectId, hs_internal_user_id: id, hs_email: email };
      return { id: objectId, properties: Object.fromEntries(asked.map((name) => [name, known[name] ?? null])), archived: false };
    });
  }

  const served = await serveSimulator(
    {
      quirks: ['secondly', 'daily', 'ten-secondly', 'repeated-cursor', 'missing-person', 'empty-cursor', 'no-cursor', 'error-in-200'],
      notFound: { status: 404, headers: { 'content-type': 'text/html' }, body: '<html><h2>HTTP ERROR 404 Not Found</h2></html>' },
      kindOf({ method, url }) {
        const path = url.pathname.replace(/\/$/, '');
        const kind = kinds[`${method} ${path}`] ?? kinds[`${method} ${path.replace(/\/[^/]+$/, '/:id')}`] ?? null;
        return kind === 'token-v1' && !state.hasOauthV1 ? null : kind;
      },
      answer(kind, request, quirks) {
        if (kind === 'token' || kind === 'token-v1') return token(request);
        if (kind === 'introspect') return introspect(request);
        if (kind === 'revoke') return revoke(request);
        if (kind === 'authorize') return authorize(request);
        const access = accesses.get(/^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '');
        if (access === undefined) return apiError(401, 'INVALID_AUTHENTICATION', 'Authentication credentials not found.');
        // Whoever uninstalls an app ends what it was given, access tokens too (inferred).
        const isUninstalled = !access.isPrivate && access.portal.refreshTokens.length === 0;
        if (access.endsAt <= now() || access.left === 0 || isUninstalled)
          return apiError(401, 'EXPIRED_AUTHENTICATION', 'The OAuth token used to make this call expired.');
        access.left -= 1;
        const answer = limited(access, quirks) ?? api(kind, access, request, quirks);
        return { ...answer, headers: { ...rateHeaders(access), ...answer.headers } };
      },
    },
    options,
  );
  return { ...served, state };
}

const kinds: Readonly<Record<string, string>> = {
  'GET /oauth/authorize': 'authorize',
  'POST /oauth/2026-03/token': 'token',
  'POST /oauth/2026-03/token/introspect': 'introspect',
  'POST /oauth/2026-03/token/revoke': 'revoke',
  'POST /oauth/v1/token': 'token-v1',
  'GET /settings/users/2026-03': 'users',
  'GET /settings/v3/users': 'users',
  'GET /settings/users/2026-03/:id': 'user',
  'GET /crm/owners/2026-03': 'owners',
  'GET /crm/owners/2026-03/:id': 'owner',
  'GET /crm/v3/owners': 'owners',
  'GET /crm/objects/2026-03/users': 'user-objects',
  'GET /crm/v3/objects/users': 'user-objects',
  'GET /account-info/2026-03/details': 'account',
  'GET /account-info/v3/details': 'account',
};

/** One of them is enough. */
const scopesOf: Readonly<Record<string, readonly string[]>> = {
  users: ['crm.objects.users.read', 'settings.users.read'],
  user: ['crm.objects.users.read', 'settings.users.read'],
  'user-objects': ['crm.objects.users.read'],
  owners: ['crm.objects.owners.read'],
  owner: ['crm.objects.owners.read'],
};

/** HubSpot's own SDK knows no null: what there is not is left out. */
const told = (values: object): object => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));

const correlationId = '00000000-0000-4000-8000-000000000000';

const apiError = (status: number, category: string, message: string): SimulatedAnswer => ({
  status,
  body: { status: 'error', message, correlationId, category },
});

const tooMany = (policyName: string, message: string): SimulatedAnswer => ({
  status: 429,
  body: { status: 'error', message, errorType: 'RATE_LIMIT', correlationId, policyName, category: 'RATE_LIMITS' },
});

const oauthError = (error: string, status: string): SimulatedAnswer => ({
  status: 400,
  body: { error, error_description: 'Refused.', status, message: 'Refused.', correlationId },
});

export interface HubSpotCall {
  readonly method: string;
  readonly url: string;
  readonly body?: string;
  /** As it is sent; milliseconds since 1970. */
  readonly timestamp: string;
  /** Signs the URL with its characters decoded, as documented; default as it is, as HubSpot's own proxy does. */
  readonly signsDecoded?: boolean;
}

/** The headers of a request that HubSpot makes: a webhook, or hubspot.fetch of a UI extension. */
export function hubSpotSignature(clientSecret: string, { method, url, body = '', timestamp, signsDecoded = false }: HubSpotCall) {
  const signed = signsDecoded ? url.replaceAll(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, decodeURIComponent) : url;
  const signature = createHmac('sha256', clientSecret).update(`${method}${signed}${body}${timestamp}`).digest('base64');
  return { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': timestamp };
}
