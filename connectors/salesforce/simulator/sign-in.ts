import { createHash, verify } from 'node:crypto';
import type { SimulatedAnswer, SimulatedRequest } from '../../serve-simulator.ts';
import type { SalesforceState } from './org.ts';

/** Salesforce's OAuth endpoints: four grants, revocation, and a consent page where everybody says yes. */

export interface SignIn {
  authorize(request: SimulatedRequest): SimulatedAnswer;
  token(request: SimulatedRequest): SimulatedAnswer;
  revoke(request: SimulatedRequest): SimulatedAnswer;
  /** Uses the access token once; null where it is none, or has ended. */
  useToken(request: SimulatedRequest): { readonly userId: string } | null;
  endTokens(): void;
}

export interface SignInOptions {
  readonly state: SalesforceState;
  readonly now: () => number;
  readonly url: () => string;
  readonly instanceUrl: string | undefined;
  readonly isMyDomain: boolean;
  readonly requestsPerToken: number;
  readonly rotates: boolean;
}

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

export function signIn({ state, now, url, instanceUrl, isMyDomain, requestsPerToken, rotates }: SignInOptions): SignIn {
  const accessTokens = new Map<string, { readonly userId: string; left: number }>();
  const codes = new Map<string, { clientId: string; redirectUri: string; challenge: string | null; userId: string; endsAt: number }>();
  let number = 0;

  const refused = (error: string, error_description: string): SimulatedAnswer => ({ status: 400, body: { error, error_description } });

  function granted(userId: string, refreshToken: string | null, scope = 'api refresh_token'): SimulatedAnswer {
    number += 1;
    const access_token = `${state.organization.Id.slice(0, 15)}!access.${number}`;
    accessTokens.set(access_token, { userId, left: requestsPerToken });
    const body = {
      access_token,
      instance_url: instanceUrl ?? url(),
      id: `${url()}/id/${state.organization.Id}/${userId}`,
      token_type: 'Bearer',
      issued_at: String(now()),
      signature: createHash('sha256').update(access_token).digest('base64'),
      scope,
      ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
    };
    return { status: 200, body };
  }

  function newRefreshToken(clientId: string, userId: string): string {
    number += 1;
    const token = `5Aep.refresh.${number}`;
    state.refreshTokens.set(token, { clientId, userId });
    return token;
  }

  /** A partner's app sends its secret and its verifier. */
  function appOf(form: URLSearchParams) {
    const app = state.apps.find(({ clientId }) => clientId === form.get('client_id'));
    if (!app) return refused('invalid_client_id', 'client identifier invalid');
    if (app.clientSecret !== undefined && form.get('client_secret') !== app.clientSecret)
      return refused('invalid_client', 'invalid client credentials');
    return app;
  }

  function byAssertion(assertion: string): SimulatedAnswer {
    const [head = '', claims = '', signature = ''] = assertion.split('.');
    const read = (part: string): Record<string, unknown> => {
      try {
        return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
      } catch {
        return {};
      }
    };
    const { iss, sub, aud, exp } = read(claims);
    const app = state.apps.find(({ clientId }) => clientId === iss);
    if (!app?.certificate) return refused('invalid_client_id', 'client identifier invalid');
    const isSigned =
      read(head).alg === 'RS256' &&
      verify('sha256', Buffer.from(`${head}.${claims}`), app.certificate, Buffer.from(signature, 'base64url'));
    if (!isSigned) return refused('invalid_grant', 'invalid assertion');
    const host = state.organization.IsSandbox ? 'https://test.salesforce.com' : 'https://login.salesforce.com';
    if (aud !== host && aud !== url()) return refused('invalid_grant', 'audience is invalid');
    const ms = Number(exp) * 1_000;
    if (!(ms > now() && ms <= now() + 300_000)) return refused('invalid_grant', 'expired authorization code');
    const user = state.users.find(({ Username, IsActive }) => IsActive && Username === sub);
    if (!user) return refused('invalid_grant', "user hasn't approved this consumer");
    return granted(user.Id, null, 'api');
  }

  function byCode(form: URLSearchParams): SimulatedAnswer {
    const app = appOf(form);
    if ('status' in app) return app;
    const code = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    if (!code || code.endsAt <= now() || code.clientId !== app.clientId) return refused('invalid_grant', 'expired authorization code');
    if (code.redirectUri !== form.get('redirect_uri')) return refused('redirect_uri_mismatch', 'redirect_uri must match configuration');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (code.challenge !== null && code.challenge !== challenge) return refused('invalid_grant', 'invalid code verifier');
    return granted(code.userId, newRefreshToken(app.clientId, code.userId));
  }

  function byRefreshToken(form: URLSearchParams): SimulatedAnswer {
    const app = appOf(form);
    if ('status' in app) return app;
    const token = form.get('refresh_token') ?? '';
    const known = state.refreshTokens.get(token);
    if (known?.clientId !== app.clientId) return refused('invalid_grant', 'expired access/refresh token');
    if (!rotates) return granted(known.userId, null);
    state.refreshTokens.delete(token);
    return granted(known.userId, newRefreshToken(app.clientId, known.userId));
  }

  return {
    authorize({ url: asked }) {
      const { client_id, redirect_uri, response_type, state: given, code_challenge } = Object.fromEntries(asked.searchParams);
      const app = state.apps.find(({ clientId }) => clientId === client_id);
      if (!app || response_type !== 'code' || !redirect_uri || !app.redirectUris?.includes(redirect_uri))
        return refused('redirect_uri_mismatch', 'redirect_uri must match configuration');
      number += 1;
      const code = `aPrx.code.${number}`;
      const challenge = code_challenge ?? null;
      codes.set(code, { clientId: app.clientId, redirectUri: redirect_uri, challenge, userId: app.runAs, endsAt: now() + 900_000 });
      const back = new URL(redirect_uri);
      back.searchParams.set('code', code);
      if (given !== undefined) back.searchParams.set('state', given);
      return { status: 302, headers: { location: back.href } };
    },

    token({ body }) {
      const form = new URLSearchParams(body.toString());
      switch (form.get('grant_type')) {
        case 'client_credentials': {
          // login. and test.salesforce.com know no org (help 000886201).
          if (!isMyDomain) return refused('invalid_grant', 'request not supported on this domain');
          const app = appOf(form);
          return 'status' in app ? app : granted(app.runAs, null, 'api');
        }
        case jwtBearer:
          return byAssertion(form.get('assertion') ?? '');
        case 'authorization_code':
          return byCode(form);
        case 'refresh_token':
          return byRefreshToken(form);
      }
      return refused('unsupported_grant_type', 'grant type not supported');
    },

    revoke({ body }) {
      const token = new URLSearchParams(body.toString()).get('token') ?? '';
      const wasThere = state.refreshTokens.delete(token) || accessTokens.delete(token);
      return wasThere ? { status: 200, body: '' } : refused('unsupported_token_type', 'this token is not supported');
    },

    useToken({ headers }) {
      const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
      const known = accessTokens.get(token);
      // A token is of the org that gave it: another one knows nothing of it.
      if (known === undefined || known.left === 0 || !token.startsWith(state.organization.Id.slice(0, 15))) return null;
      known.left -= 1;
      return known;
    },

    endTokens: () => accessTokens.clear(),
  };
}
