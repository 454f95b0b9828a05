import { z } from 'zod';
import type { CallOptions } from '../connector.ts';
import { RequestFailed } from '../errors.ts';
import { codeOf } from '../read-callback.ts';
import { baseAddress, formBody, parsed, requestSender, type SenderOptions } from '../send-request.ts';
import { type DataCenter, dataCenters, judgeToken } from './connector.ts';

/** Connecting an organisation: an admin agrees at Zoho, which sends back a code and names the data centre; the code becomes a refresh token. */

export const zohoScopes = ['ZohoCRM.users.READ', 'ZohoCRM.org.READ'] as const;

export interface ZohoApp extends Pick<SenderOptions, 'retries' | 'timeoutMs'> {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  /** Where the admin is sent first; Zoho sends them on to their own. Default com. */
  readonly dataCenter?: DataCenter;
  /** In the place of every data centre's accounts server; `https://…`, or `http://` to this machine. */
  readonly accountsUrl?: string;
}

export interface ZohoInstall {
  readonly dataCenter: DataCenter;
  readonly refreshToken: string;
}

/**
 * Where the admin goes.
 * @param state random, kept in the admin's session, good once: it shows that what comes back was begun there
 */
export function zohoAuthorizeUrl(app: ZohoApp, state: string): URL {
  const home = app.dataCenter ?? 'com';
  const url = new URL('oauth/v2/auth', baseAddress(app.accountsUrl ?? dataCenters[home].accounts, "The address of Zoho's accounts server"));
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: app.redirectUri,
    scope: zohoScopes.join(','),
    // Without both Zoho gives no refresh token to somebody who agreed before.
    access_type: 'offline',
    prompt: 'consent',
    state,
  }).toString();
  return url;
}

const exchanged = z.object({ access_token: z.string().min(1), refresh_token: z.string().min(1) });

/**
 * What came back, for a refresh token; each takes the place of the oldest of twenty. Throws RequestFailed: `unauthorized` where the admin did
 * not agree, the state is another's, or the code is no longer good; `invalid-response` where the callback names a server that is not Zoho's.
 * @param callback the address that Zoho sent the admin back to
 */
export async function finishZohoInstall(app: ZohoApp, callback: URL, state: string, { signal }: CallOptions = {}): Promise<ZohoInstall> {
  const code = codeOf(callback, state);
  const dataCenter = dataCenterOf(callback, app.dataCenter ?? 'com');
  const accounts = baseAddress(app.accountsUrl ?? dataCenters[dataCenter].accounts, "The address of Zoho's accounts server");
  const ask = requestSender({
    ...app,
    mayReach: ({ origin }) => origin === accounts.origin,
    judge: judgeToken('code'),
  });
  const body = formBody({
    grant_type: 'authorization_code',
    client_id: app.clientId,
    client_secret: app.clientSecret,
    redirect_uri: app.redirectUri,
    code,
  });
  const url = new URL('oauth/v2/token', accounts);
  // A code is good once.
  const answer = await ask({ request: 'install', method: 'POST', url, body, isSafe: false }, signal, (answered) =>
    parsed('install', exchanged, answered),
  );
  return { dataCenter, refreshToken: answer.refresh_token };
}

/** The callback is an address that anybody can write: the server in it gets our secret, so only Zoho's own are believed. */
function dataCenterOf({ searchParams }: URL, usual: DataCenter): DataCenter {
  const server = searchParams.get('accounts-server');
  if (server === null) return usual;
  const origin = URL.parse(server)?.origin;
  const found = (Object.keys(dataCenters) as DataCenter[]).find((name) => dataCenters[name].accounts === origin);
  if (found === undefined) throw new RequestFailed('invalid-response', 'install');
  return found;
}
