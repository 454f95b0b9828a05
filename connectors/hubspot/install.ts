import { z } from 'zod';
import { codeChallenge } from '../code-challenge.ts';
import type { CallOptions } from '../connector.ts';
import { RequestFailed } from '../errors.ts';
import { codeOf } from '../read-callback.ts';
import { type Asked, baseAddress, formBody, parsed, requestSender, type SenderOptions } from '../send-request.ts';
import { pathsOf, usualVersions } from './paths.ts';
import { judgeToken, portalNumber, tokenAnswer } from './tokens.ts';

/** Connecting a portal: an admin agrees at HubSpot, which sends back a code, which becomes a refresh token. */

/** Every one of them is used: HubSpot's review asks for that. */
export const hubSpotScopes = ['oauth', 'crm.objects.users.read', 'crm.objects.owners.read'] as const;

export interface HubSpotApp extends Pick<SenderOptions, 'retries' | 'timeoutMs'> {
  readonly clientId: string;
  readonly clientSecret: string;
  /** As the app names it at HubSpot, to the letter. */
  readonly redirectUri: string;
  /** Default https://api.hubapi.com. */
  readonly baseUrl?: string;
  /** Default https://app.hubspot.com/oauth/authorize. */
  readonly authorizeUrl?: string;
}

export interface HubSpotInstall {
  readonly portalId: string;
  readonly refreshToken: string;
}

/** Both random, kept on the server from the redirect until the code comes, and good once. */
export interface HubSpotInstallBegun {
  /** Kept in the admin's session: it shows that what comes back was begun there. */
  readonly state: string;
  /** PKCE: whoever catches the code on its way cannot use it. */
  readonly verifier: string;
}

/** Where the admin goes. */
export function hubSpotAuthorizeUrl({ clientId, redirectUri, authorizeUrl }: HubSpotApp, { state, verifier }: HubSpotInstallBegun): URL {
  const url = new URL(authorizeUrl ?? 'https://app.hubspot.com/oauth/authorize');
  const query = { client_id: clientId, redirect_uri: redirectUri, scope: hubSpotScopes.join(' '), state, ...codeChallenge(verifier) };
  // Spaces have to be %20 here, so no form encoding.
  url.search = Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  return url;
}

const introspected = z.object({ hub_id: portalNumber });

/**
 * What came back, for a refresh token. Throws RequestFailed: `unauthorized` where the admin did not agree, the state is another's, or the
 * code is no longer good.
 * @param callback the address that HubSpot sent the admin back to
 */
export async function finishHubSpotInstall(
  app: HubSpotApp,
  callback: URL,
  { state, verifier }: HubSpotInstallBegun,
  { signal }: CallOptions = {},
): Promise<HubSpotInstall> {
  const code = codeOf(callback, state);
  const { ask, asked } = tokenEndpoint(app);
  const exchange = { grant_type: 'authorization_code', code, redirect_uri: app.redirectUri, code_verifier: verifier };
  // A code is good once.
  const answer = await ask(asked('install', paths.token, exchange, false), signal, (answered) => parsed('install', tokenAnswer, answered));
  if (!answer.refresh_token) throw new RequestFailed('invalid-response', 'install');
  const about = { token: answer.access_token, token_type_hint: 'access_token' };
  const portalId =
    answer.hub_id ??
    (await ask(asked('portal', paths.introspect, about, true), signal, (answered) => parsed('portal', introspected, answered))).hub_id;
  return { portalId, refreshToken: answer.refresh_token };
}

/** Ends a refresh token, as after an uninstall. Throws RequestFailed. */
export async function revokeHubSpotToken(
  app: Omit<HubSpotApp, 'redirectUri' | 'authorizeUrl'>,
  refreshToken: string,
  { signal }: CallOptions = {},
): Promise<void> {
  const { ask, asked } = tokenEndpoint(app);
  const about = { token: refreshToken, token_type_hint: 'refresh_token' };
  await ask(asked('end of access', paths.revoke, about, true), signal, () => {});
}

const paths = pathsOf(usualVersions);

/** HubSpot takes all of it in the body: an address stands in logs. */
function tokenEndpoint(app: Omit<HubSpotApp, 'redirectUri' | 'authorizeUrl'>) {
  const base = baseAddress(app.baseUrl ?? 'https://api.hubapi.com', 'The address of HubSpot');
  const client = { client_id: app.clientId, client_secret: app.clientSecret };
  return {
    ask: requestSender({ ...app, mayReach: ({ origin }) => origin === base.origin, judge: judgeToken }),
    asked: (request: string, path: string, form: Record<string, string>, isSafe: boolean): Asked => ({
      request,
      method: 'POST',
      url: new URL(path, base),
      body: formBody({ ...form, ...client }),
      isSafe,
    }),
  };
}
