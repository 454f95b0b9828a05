import { afterEach, describe, expect, it } from 'vitest';
import { hubSpotConnector } from '../../../connectors/hubspot/connector.ts';
import { finishHubSpotInstall, type HubSpotApp, hubSpotAuthorizeUrl, revokeHubSpotToken } from '../../../connectors/hubspot/install.ts';
import { type HubSpotSimulator, startHubSpotSimulator } from '../../../connectors/hubspot/simulator.ts';

const redirectUri = 'https://seatmatch.example/callback';
const state = 'a-random-state';
const begun = { state, verifier: 'a-random-verifier-of-forty-three-characters-' };

describe('connecting a HubSpot portal', () => {
  let simulator: HubSpotSimulator;
  afterEach(() => simulator.close());

  async function start(tellsHubId = true): Promise<HubSpotApp> {
    const portal = {
      portalId: 424_242,
      accountType: 'STANDARD',
      uiDomain: 'app.hubspot.com',
      users: [],
      owners: [],
      scopes: ['oauth', 'crm.objects.users.read', 'crm.objects.owners.read'],
      privateAppToken: null,
      refreshTokens: [],
      limit: null,
      daily: null,
    } as const;
    const app = { clientId: 'app-client', clientSecret: 'app-secret', redirectUris: [redirectUri] };
    simulator = await startHubSpotSimulator({ state: { app, portals: [{ ...portal }], hasOauthV1: false, tellsHubId } });
    return { ...app, redirectUri, baseUrl: simulator.url, authorizeUrl: `${simulator.url}/oauth/authorize` };
  }
  /** What the admin's browser does. */
  async function agree(app: HubSpotApp): Promise<URL> {
    const answer = await fetch(hubSpotAuthorizeUrl(app, begun), { redirect: 'manual' });
    return new URL(answer.headers.get('location') ?? '');
  }

  it.each([
    [true, ['authorize', 'token']],
    [false, ['authorize', 'token', 'introspect']],
  ])('brings a refresh token and the portal’s id, asked for where the token answer lacks it: hub_id %s', async (tellsHubId, requests) => {
    const app = await start(tellsHubId);
    const install = await finishHubSpotInstall(app, await agree(app), begun);
    expect(install).toEqual({ portalId: '424242', refreshToken: simulator.state.portals[0]?.refreshTokens[0] });
    expect(simulator.requests).toEqual(requests);
    const { clientId, clientSecret } = app;
    const auth = { clientId, clientSecret, refreshToken: { read: () => install.refreshToken, write: async () => {} } };
    const connector = hubSpotConnector({ name: 'new', baseUrl: simulator.url, auth, portalId: install.portalId });
    expect(await connector.origin()).toMatchObject({ id: '424242' });
  });

  it('asks for the scopes that are used and no others, with spaces as %20', async () => {
    const { search } = hubSpotAuthorizeUrl(await start(), begun);
    expect(search).toContain('scope=oauth%20crm.objects.users.read%20crm.objects.owners.read&');
    expect(search).toContain(`state=${state}`);
  });

  it.each(['another', '', null])('ends with the state %j, before anything is sent: somebody else may have begun it', async (given) => {
    const app = await start();
    const callback = await agree(app);
    if (given === null) callback.searchParams.delete('state');
    else callback.searchParams.set('state', given);
    await expect(finishHubSpotInstall(app, callback, begun)).rejects.toMatchObject({ code: 'unauthorized', request: 'install' });
    expect(simulator.requests).toEqual(['authorize']);
  });

  it('does not exchange a code twice', async () => {
    const app = await start();
    const callback = await agree(app);
    await finishHubSpotInstall(app, callback, begun);
    await expect(finishHubSpotInstall(app, callback, begun)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('does not send a code again that may have arrived', async () => {
    const app = await start();
    const callback = await agree(app);
    simulator.fault({ kind: 'cut-body', on: 'token' });
    await expect(finishHubSpotInstall(app, callback, begun)).rejects.toMatchObject({ code: 'unavailable', mayHaveArrived: true });
    expect(simulator.requests).toEqual(['authorize', 'token']);
  });

  it('takes a code back with the verifier that it was asked for with alone: PKCE', async () => {
    const app = await start();
    const url = hubSpotAuthorizeUrl(app, begun);
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    expect(url.href).not.toContain(begun.verifier);
    const callback = await agree(app);
    const other = { state, verifier: 'somebody-else-who-caught-the-code-on-its-way' };
    await expect(finishHubSpotInstall(app, callback, other)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('is ended at HubSpot, where the refresh token is then worth nothing, with nothing secret in the address', async () => {
    const app = await start();
    const { refreshToken } = await finishHubSpotInstall(app, await agree(app), begun);
    await revokeHubSpotToken(app, refreshToken);
    expect(simulator.state.portals[0]!.refreshTokens).toEqual([]);
    expect(simulator.received.at(-1)!.url.search).toBe('');
    simulator.fault({ kind: 'status', status: 400, body: '{"error":"invalid_client"}', on: 'revoke' });
    await expect(revokeHubSpotToken(app, refreshToken)).rejects.toMatchObject({ code: 'unauthorized', request: 'end of access' });
  });

  it('ends where the admin did not agree', async () => {
    const app = await start();
    const callback = new URL(`${redirectUri}?error=access_denied&state=${state}`);
    await expect(finishHubSpotInstall(app, callback, begun)).rejects.toMatchObject({ code: 'unauthorized' });
    expect(simulator.requests).toEqual([]);
  });
});
