import type { KeyObject } from 'node:crypto';
import type { OAuth2 } from 'jsforce/lib/core.js';
import { z } from 'zod';
import { RequestFailed, type RequestFailure } from '../errors.ts';
import { type RefreshTokenKeeper, tokenRenewal } from '../keep-refresh-token.ts';
import { refusing, saying } from '../refused-credential.ts';
import { type Answer, baseAddress, type Judged, jsonOf, requestSender, type Send, type SenderOptions } from '../send-request.ts';
import { mintAssertion, readPrivateKey } from './mint-assertion.ts';
import type { Call } from './through-jsforce.ts';

export type SalesforceAuth =
  /** Needs the org's My Domain as the address. */
  | { readonly grant: 'client_credentials'; readonly clientId: string; readonly clientSecret: string }
  | {
      readonly grant: 'jwt-bearer';
      readonly clientId: string;
      readonly username: string;
      /** An RSA key, PEM. */
      readonly privateKey: string;
      /** Default by the address: test.salesforce.com for a sandbox, else login.salesforce.com. */
      readonly audience?: string;
    }
  | {
      readonly grant: 'authorization_code';
      readonly clientId: string;
      readonly clientSecret?: string;
      readonly refreshToken: RefreshTokenKeeper;
    };

export interface AccessOptions extends Pick<SenderOptions, 'retries' | 'timeoutMs' | 'random' | 'limiter'> {
  /** Asked in the place of the address that comes with the access, which then nobody asks and nothing is said of. */
  readonly apiUrl?: string;
}

export interface Access {
  readonly token: string;
  /** Where the API of the org is. */
  readonly instance: URL;
  readonly orgId: string;
  readonly userId: string;
  /** Null where none came along. */
  readonly refreshToken: string | null;
}

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  instance_url: z.url(),
  // …/id/<org>/<user>
  id: z.string().regex(/\/id\/00D\w{12,15}\/005\w{12,15}$/),
  refresh_token: z.string().min(1).nullish(),
});
const refusal = z.object({ error: z.string(), error_description: z.string().nullish() });

/** Where people and apps sign in: an org's My Domain, or the host for all. Throws TypeError for an address that cannot be it. */
export function loginAddress(baseUrl: string): URL {
  const url = baseAddress(baseUrl, 'The address of Salesforce');
  if (/\.lightning\.force\.com$/.test(url.hostname))
    throw new TypeError("The address of Salesforce is the org's My Domain (https://acme.my.salesforce.com), not the one of its pages.");
  return url;
}

const hostsForAll = ['login.salesforce.com', 'test.salesforce.com'];
const salesforceDomains = ['salesforce.com', 'salesforce.mil', 'sfcrmproducts.cn', 'sfcrmapps.cn'];
const isSalesforce = ({ hostname }: URL): boolean => salesforceDomains.some((domain) => hostname.endsWith(`.${domain}`));

/** The token's answer names the org's API host. Believed: the address that was asked, and from Salesforce another one of Salesforce's. */
const mayBeInstance = (instance: URL, login: URL): boolean =>
  instance.origin === login.origin || (instance.protocol === 'https:' && isSalesforce(instance) && isSalesforce(login));

/** What is sent for access: `code` what an admin who agreed brings back. */
type Grant = SalesforceAuth['grant'] | 'code';

export const tokenSender = (login: URL, options: AccessOptions, grant: Grant): Send =>
  requestSender({ ...options, mayReach: ({ origin }) => origin === login.origin, judge: judgeToken(grant) });

export const callOf = (send: Send, isSafe: boolean, signal: AbortSignal | undefined): Call => ({
  send,
  request: 'access token',
  isSafe,
  signal,
});

/** Asks the token endpoint one thing, through jsforce's OAuth2. */
export async function askForAccess(
  call: Call,
  config: {
    readonly login: URL;
    readonly clientId?: string;
    readonly clientSecret?: string | undefined;
    readonly redirectUri?: string;
    readonly apiUrl?: string | undefined;
  },
  ask: (oauth2: OAuth2) => PromiseLike<unknown>,
): Promise<Access> {
  const { login, clientSecret, apiUrl, ...others } = config;
  const { tokenThroughJsforce } = await import('./through-jsforce.ts');
  const secret = clientSecret === undefined ? {} : { clientSecret };
  const answer = await tokenThroughJsforce(call, { ...others, ...secret, loginUrl: login.href }, ask);
  const read = tokenAnswer.safeParse(answer);
  if (!read.success) throw new RequestFailed('invalid-response', call.request);
  const { access_token, instance_url, id, refresh_token } = read.data;
  const instance = new URL(instance_url);
  if (apiUrl === undefined && !mayBeInstance(instance, login)) throw new RequestFailed('invalid-response', call.request);
  const [orgId, userId] = id.split('/').slice(-2) as [string, string];
  return { token: access_token, instance, orgId, userId, refreshToken: refresh_token ?? null };
}

/** Gets access by one grant, again and again. Throws TypeError for settings that cannot work. */
export function accessFetcher(login: URL, auth: SalesforceAuth, options: AccessOptions): (signal: AbortSignal) => Promise<Access> {
  const send = tokenSender(login, options, auth.grant);
  const { apiUrl } = options;
  switch (auth.grant) {
    case 'client_credentials': {
      // Refused by Salesforce too (help 000886201), in words that do not tell why.
      if (hostsForAll.includes(login.hostname))
        throw new TypeError("Client credentials need the org's own address (My Domain), such as https://acme.my.salesforce.com.");
      const { clientId, clientSecret } = auth;
      return (signal) =>
        askForAccess(callOf(send, true, signal), { login, clientId, clientSecret, apiUrl }, (oauth2) =>
          oauth2.requestToken({ grant_type: 'client_credentials' }),
        );
    }
    case 'jwt-bearer': {
      const key: KeyObject = readPrivateKey(auth.privateKey);
      const claims = { issuer: auth.clientId, subject: auth.username, audience: auth.audience ?? audienceOf(login) };
      return (signal) =>
        askForAccess(callOf(send, true, signal), { login, apiUrl }, (oauth2) =>
          oauth2.requestToken({
            grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
            assertion: mintAssertion(claims, key, Date.now()),
          }),
        );
    }
    case 'authorization_code':
      return refresher({ login, apiUrl }, auth, send);
    default:
      return auth satisfies never;
  }
}

function audienceOf({ hostname }: URL): string {
  const isSandbox = hostname === 'test.salesforce.com' || /\.sandbox\.my\.salesforce\./.test(hostname);
  return `https://${isSandbox ? 'test' : 'login'}.salesforce.com`;
}

const refresher = (
  at: { readonly login: URL; readonly apiUrl: string | undefined },
  { clientId, clientSecret, refreshToken: keeper }: Extract<SalesforceAuth, { grant: 'authorization_code' }>,
  send: Send,
): ((signal: AbortSignal) => Promise<Access>) =>
  tokenRenewal(keeper, async (refreshToken, signal) => {
    // Not safe to send twice: the first may have been answered with a new one.
    const access = await askForAccess(callOf(send, false, signal), { ...at, clientId, clientSecret }, (oauth2) =>
      oauth2.refreshToken(refreshToken),
    );
    return { access, refreshToken: access.refreshToken };
  });

/** OAuth errors (RFC 6749 §5.2), and Salesforce's own beside them (help, "OAuth 2.0 error codes"; partly inferred). */
const judgeToken =
  (grant: Grant) =>
  ({ status, bytes }: Answer): RequestFailure | Judged | null => {
    if (status < 400 || status >= 500 || status === 429) return null;
    const read = refusal.safeParse(jsonOf(bytes));
    if (!read.success) return null;
    const { error, error_description } = read.data;
    if (/rate/i.test(error) || /login rate exceeded/i.test(error_description ?? '')) return 'rate-limited';
    switch (error) {
      case 'server_error':
      case 'temporarily_unavailable':
      case 'unknown_error':
        return 'unavailable';
      case 'invalid_request':
      case 'invalid_scope':
      case 'unsupported_grant_type':
      case 'redirect_uri_mismatch':
        return 'rejected';
      case 'invalid_client_id':
        return refusing('client-id');
      // An unknown id has a code of its own, and a secret has none.
      case 'invalid_client':
        return refusing(grant === 'jwt-bearer' ? 'client-id' : 'client');
      case 'inactive_user':
        return saying(inactiveUser);
      case 'inactive_org':
        return saying('This org of {vendor} is closed or locked. Ask an admin of {vendor}.');
      case 'unauthorized_client':
      case 'invalid_app_access':
        return saying(notApproved);
      case 'invalid_grant':
        return refusedGrant(grant, error_description ?? '');
    }
    return 'unauthorized';
  };

/** One code for many reasons; what its text says decides between our sentences, and goes no further. */
function refusedGrant(grant: Grant, said: string): Judged {
  if (/inactive user|user is inactive/i.test(said)) return saying(inactiveUser);
  if (/ip restricted/i.test(said))
    return saying('{vendor} lets nobody in from the address of this machine. Allow it in the policies of the app or the profile.');
  if (/not admin approved|hasn.t approved/i.test(said)) return saying(notApproved);
  switch (grant) {
    case 'authorization_code':
      return refusing('refresh-token');
    case 'code':
      return refusing('code');
    case 'client_credentials':
      return saying(
        '{vendor} knows the app and gives it no access. Switch the client credentials flow on in it, and name the user that it runs as.',
      );
    case 'jwt-bearer':
      return saying(
        '{vendor} does not accept the key. Check that the app has its certificate, the username, and the clock of this machine.',
      );
    default:
      return grant satisfies never;
  }
}

const inactiveUser = 'The user that the connection signs in as is inactive in {vendor}. Activate them there, or sign in as another one.';
// The same for a user who does not exist: whether one does is told to nobody.
const notApproved =
  '{vendor} knows the app, and does not let this user in by it. Check the username, and that their profile or permission set has the app.';
