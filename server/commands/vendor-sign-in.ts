import { failureSentence } from '../../connectors/check-line.ts';
import { RequestFailed } from '../../connectors/errors.ts';
import { finishHubSpotInstall, type HubSpotApp, hubSpotAuthorizeUrl, revokeHubSpotToken } from '../../connectors/hubspot/install.ts';
import { codeOf } from '../../connectors/read-callback.ts';
import type { ConnectionSettings } from '../../connectors/registry.ts';
import { authorizeUrl, exchangeCode, revokeToken, type SalesforceApp } from '../../connectors/salesforce/authorize.ts';
import { finishZohoInstall, type ZohoApp, zohoAuthorizeUrl } from '../../connectors/zoho/install.ts';
import { ConnectionUnusable, type SignInState, type VendorSignIn } from '../jobs/connection-desk.ts';

type Salesforce = Extract<ConnectionSettings, { type: 'salesforce' }>;
type HubSpot = Extract<ConnectionSettings, { type: 'hubspot' }>;
type Zoho = Extract<ConnectionSettings, { type: 'zoho' }>;

/** The vendors at which an admin can agree. */
export const vendorSignIn: VendorSignIn = {
  begin(known, { redirectUri, state, verifier }) {
    const settings = known as ConnectionSettings;
    switch (settings.type) {
      case 'salesforce':
        return authorizeUrl(salesforceApp(settings, redirectUri), { state, verifier });
      case 'hubspot':
        return hubSpotAuthorizeUrl(hubSpotApp(settings, redirectUri), { state, verifier });
      case 'zoho':
        return zohoAuthorizeUrl(zohoApp(settings, redirectUri), state);
      default:
        throw new ConnectionUnusable('This kind of connection has no sign-in. Type its access in.');
    }
  },
  async finish(known, sent, callback, signal) {
    const settings = known as ConnectionSettings;
    try {
      return await finish(settings, sent, callback, signal);
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      // Without a code nobody was asked: the admin said no.
      const sentence = callback.searchParams.has('code')
        ? failureSentence(vendors[settings.type] ?? 'The system', error)
        : 'Nobody agreed, so nothing was connected. Begin it again under Connections.';
      throw new ConnectionUnusable(sentence, { cause: error });
    }
  },
  async end(known, signal) {
    const settings = known as ConnectionSettings;
    try {
      return (await end(settings, signal)) ? `Its access to ${vendors[settings.type]} was ended there as well.` : null;
    } catch (error) {
      // The reason goes with the sentence: the connection is gone, and nobody can try again.
      const why = error instanceof RequestFailed ? ` ${failureSentence(vendors[settings.type]!, error)}` : '';
      return `Its access to ${vendors[settings.type]} could not be ended there.${why} Remove Seatmatch in ${vendors[settings.type]} by hand.`;
    }
  },
};

/** False: there was nothing to end, or this vendor keeps it until somebody removes the app. */
async function end(settings: ConnectionSettings, signal: AbortSignal): Promise<boolean> {
  if (settings.type === 'hubspot' && 'refreshToken' in settings.auth) {
    await revokeHubSpotToken(hubSpotApp(settings, ''), settings.auth.refreshToken, { signal });
    return true;
  }
  if (settings.type === 'salesforce' && 'refreshToken' in settings.auth && settings.auth.refreshToken !== undefined) {
    await revokeToken(settings.baseUrl, settings.auth.refreshToken, { signal });
    return true;
  }
  return false;
}

const vendors: Readonly<Record<string, string>> = { salesforce: 'Salesforce', hubspot: 'HubSpot', zoho: 'Zoho' };

async function finish(
  settings: ConnectionSettings,
  { redirectUri, state, verifier }: SignInState,
  callback: URL,
  signal: AbortSignal,
): Promise<ConnectionSettings> {
  switch (settings.type) {
    case 'salesforce': {
      const code = codeOf(callback, state);
      const { refreshToken } = await exchangeCode(salesforceApp(settings, redirectUri), { code, verifier }, { signal });
      return { ...settings, auth: { ...byToken(settings.auth), refreshToken } };
    }
    case 'hubspot': {
      const { refreshToken } = await finishHubSpotInstall(hubSpotApp(settings, redirectUri), callback, { state, verifier }, { signal });
      const { clientId, clientSecret } = byToken(settings.auth);
      return { ...settings, auth: { clientId, clientSecret, refreshToken } };
    }
    case 'zoho': {
      const { refreshToken, dataCenter } = await finishZohoInstall(zohoApp(settings, redirectUri), callback, state, { signal });
      return { ...settings, dataCenter, auth: { ...settings.auth, refreshToken } };
    }
    default:
      throw new ConnectionUnusable('This kind of connection has no sign-in. Type its access in.');
  }
}

/** The way to sign in that has a refresh token. */
function byToken<Auth extends object>(auth: Auth): Extract<Auth, { refreshToken?: string }> {
  if ('refreshToken' in auth) return auth as Extract<Auth, { refreshToken?: string }>;
  throw new ConnectionUnusable('These settings sign in without a refresh token, so nobody has to agree.');
}

function salesforceApp({ baseUrl, apiUrl, auth }: Salesforce, redirectUri: string): SalesforceApp {
  const { clientId, clientSecret } = byToken(auth);
  return {
    baseUrl,
    clientId,
    redirectUri,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(apiUrl === undefined ? {} : { apiUrl }),
  };
}

function hubSpotApp({ baseUrl, tokenBaseUrl, authorizeUrl: page, auth }: HubSpot, redirectUri: string): HubSpotApp {
  const { clientId, clientSecret } = byToken(auth);
  return { clientId, clientSecret, redirectUri, baseUrl: tokenBaseUrl ?? baseUrl, ...(page === undefined ? {} : { authorizeUrl: page }) };
}

const zohoApp = ({ dataCenter, accountsUrl, auth: { clientId, clientSecret } }: Zoho, redirectUri: string): ZohoApp => ({
  clientId,
  clientSecret,
  redirectUri,
  dataCenter,
  ...(accountsUrl === undefined ? {} : { accountsUrl }),
});
