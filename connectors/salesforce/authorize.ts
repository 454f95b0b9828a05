import { randomBytes } from 'node:crypto';
import { codeChallenge } from '../code-challenge.ts';
import type { CallOptions } from '../connector.ts';
import { RequestFailed } from '../errors.ts';
import { formBody } from '../send-request.ts';
import { type Access, type AccessOptions, askForAccess, callOf, loginAddress, tokenSender } from './fetch-access.ts';

/** The web server flow with PKCE, as the routes need it: to Salesforce's consent page, and back with a code. */

export interface SalesforceApp {
  /** My Domain, or https://login.salesforce.com. */
  readonly baseUrl: string;
  /** In the place of the address that comes with the access, for a proxy. */
  readonly apiUrl?: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  /** As the app in Salesforce has it, letter by letter. */
  readonly redirectUri: string;
}

/**
 * A PKCE verifier (RFC 7636 §4.1): kept on the server from the redirect until the code comes. jsforce's own has 171 characters, which is
 * more than the RFC allows.
 */
export const newVerifier = (): string => randomBytes(32).toString('base64url');

/**
 * Where to send the browser.
 * @param state comes back with the code; the caller compares it
 */
export function authorizeUrl(app: SalesforceApp, { state, verifier }: { readonly state: string; readonly verifier: string }): URL {
  const url = new URL('services/oauth2/authorize', loginAddress(app.baseUrl));
  const asked = {
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: app.redirectUri,
    scope: 'api refresh_token',
    state,
    ...codeChallenge(verifier),
  };
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  return url;
}

/**
 * A code for access. A code is good once, so that this is never repeated by itself. `orgId` is what the connection pins; `refreshToken` is
 * stored before anything else is done with it. Throws RequestFailed; `forbidden` where no refresh token came along.
 */
export async function exchangeCode(
  app: SalesforceApp,
  { code, verifier }: { readonly code: string; readonly verifier: string },
  { signal, ...options }: AccessOptions & CallOptions = {},
): Promise<Access & { readonly refreshToken: string }> {
  const { clientId, clientSecret, redirectUri, apiUrl } = app;
  const login = loginAddress(app.baseUrl);
  const call = callOf(tokenSender(login, options, 'code'), false, signal);
  const access = await askForAccess(call, { login, clientId, clientSecret, redirectUri, apiUrl }, (oauth2) => {
    oauth2.codeVerifier = verifier;
    return oauth2.requestToken(code);
  });
  if (access.refreshToken === null) throw new RequestFailed('forbidden', call.request);
  return { ...access, refreshToken: access.refreshToken };
}

/** Ends a refresh token, and all access that came from it. */
export async function revokeToken(baseUrl: string, token: string, { signal, ...options }: AccessOptions & CallOptions = {}): Promise<void> {
  const login = loginAddress(baseUrl);
  const asked = {
    request: 'end of access',
    method: 'POST',
    url: new URL('services/oauth2/revoke', login),
    body: formBody({ token }),
    isSafe: true,
  } as const;
  await tokenSender(login, options, 'authorization_code')(asked, signal, () => {});
}
