import { z } from 'zod';
import type { CallOptions } from '../connector.ts';
import { RequestFailed } from '../errors.ts';
import { codeOf } from '../read-callback.ts';
import { type Asked, baseAddress, formBody, parsed, requestSender, type SenderOptions } from '../send-request.ts';
import { pathsOf, usualVersions } from './paths.ts';
import { isTokenRefused, portalNumber, tokenAnswer } from './tokens.ts';

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

/**
 * Where the admin goes.
 * @param state random, kept in the admin's session, good once: it shows that what comes back was begun there
 */
export function hubSpotAuthorizeUrl({ clientId, redirectUri, authorizeUrl }: HubSpotApp, state: string): URL {
  const url = new URL(authorizeUrl ?? 'https://app.hubspot.com/oauth/authorize');
  const query = { client_id: clientId, redirect_uri: redirectUri, scope: hubSpotScopes.join(' '), state };
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
  state: string,
  { signal }: CallOptions = {},
): Promise<HubSpotInstall> {
  const code = codeOf(callback, state);
  const base = baseAddress(app.baseUrl ?? 'https://api.hubapi.com', 'The address of HubSpot');
  const paths = pathsOf(usualVersions);
  const client = { client_id: app.clientId, client_secret: app.clientSecret };
  const ask = requestSender({
    ...app,
    mayReach: ({ origin }) => origin === base.origin,
    judge: isTokenRefused,
  });
  const asked = (request: string, path: string, form: Record<string, string>, isSafe: boolean): Asked => ({
    request,
    method: 'POST',
    url: new URL(path, base),
    body: formBody({ ...form, ...client }),
    isSafe,
  });

  const exchange = { grant_type: 'authorization_code', code, redirect_uri: app.redirectUri };
  // A code is good once.
  const answer = await ask(asked('install', paths.token, exchange, false), signal, (answered) => parsed('install', tokenAnswer, answered));
  if (!answer.refresh_token) throw new RequestFailed('invalid-response', 'install');
  const about = { token: answer.access_token, token_type_hint: 'access_token' };
  const portalId =
    answer.hub_id ??
    (await ask(asked('portal', paths.introspect, about, true), signal, (answered) => parsed('portal', introspected, answered))).hub_id;
  return { portalId, refreshToken: answer.refresh_token };
}
