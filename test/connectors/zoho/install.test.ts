import { afterEach, describe, expect, it } from 'vitest';
import { zohoConnector } from '../../../connectors/zoho/connector.ts';
import { finishZohoInstall, type ZohoApp, zohoAuthorizeUrl } from '../../../connectors/zoho/install.ts';
import { startZohoSimulator, type ZohoSimulator, type ZohoSimulatorOptions } from '../../../connectors/zoho/simulator.ts';

const redirectUri = 'https://seatmatch.example/callback';
const state = 'a-random-state';

describe('connecting a Zoho organisation', () => {
  const running: ZohoSimulator[] = [];
  afterEach(async () => {
    for (const simulator of running.splice(0)) await simulator.close();
  });

  async function start(options: Partial<ZohoSimulatorOptions> = {}): Promise<{ simulator: ZohoSimulator; app: ZohoApp }> {
    const org = { zgid: '655906806', company_name: 'Acme' };
    const known = { clientId: '1000.CLIENT', clientSecret: 'very-secret' };
    const simulator = await startZohoSimulator({ state: { org, app: known, users: [], refreshTokens: [] }, ...options });
    running.push(simulator);
    return { simulator, app: { clientId: '1000.CLIENT', clientSecret: 'very-secret', redirectUri, accountsUrl: simulator.url } };
  }
  /** What the admin's browser does. */
  async function agree(app: ZohoApp): Promise<URL> {
    const answer = await fetch(zohoAuthorizeUrl(app, state), { redirect: 'manual' });
    return new URL(answer.headers.get('location') ?? '');
  }
  const connect = (simulator: ZohoSimulator, app: ZohoApp, refreshToken: string, apiUrl = simulator.url) => {
    const { clientId, clientSecret } = app;
    const auth = { clientId, clientSecret, refreshToken };
    return zohoConnector({ name: 'new', dataCenter: 'eu', accountsUrl: simulator.url, apiUrl, auth, tokenEveryMs: 0 });
  };

  it('brings a refresh token that reads, and the data centre that the callback names', async () => {
    const { simulator, app } = await start({ location: 'in' });
    const install = await finishZohoInstall(app, await agree(app), state);
    expect(install).toEqual({ dataCenter: 'in', refreshToken: simulator.state.refreshTokens[0] });
    expect(await connect(simulator, app, install.refreshToken).origin()).toMatchObject({ id: '655906806' });
  });

  it('asks for offline access with consent, without which there is no refresh token the second time', async () => {
    const { app } = await start();
    expect(Object.fromEntries(zohoAuthorizeUrl(app, state).searchParams)).toEqual({
      response_type: 'code',
      client_id: '1000.CLIENT',
      redirect_uri: redirectUri,
      scope: 'ZohoCRM.users.READ,ZohoCRM.org.READ',
      access_type: 'offline',
      prompt: 'consent',
      state,
    });
  });

  it('sends its secret to no accounts server that is not Zoho’s, whatever the callback names', async () => {
    const { simulator, app } = await start();
    const callback = await agree(app);
    for (const server of ['https://accounts.zoho.eu.evil.example', 'http://accounts.zoho.eu', 'nothing']) {
      callback.searchParams.set('accounts-server', server);
      await expect(finishZohoInstall(app, callback, state)).rejects.toMatchObject({ code: 'invalid-response', request: 'install' });
    }
    expect(simulator.requests).toEqual(['authorize']);
  });

  it('ends with another state, before anything is sent: somebody else may have begun it', async () => {
    const { simulator, app } = await start();
    const callback = await agree(app);
    await expect(finishZohoInstall(app, callback, 'another')).rejects.toMatchObject({ code: 'unauthorized' });
    expect(simulator.requests).toEqual(['authorize']);
  });

  it('takes a code that was used for a refusal, though Zoho says so with 200', async () => {
    const { app } = await start();
    const callback = await agree(app);
    await finishZohoInstall(app, callback, state);
    await expect(finishZohoInstall(app, callback, state)).rejects.toMatchObject({ code: 'unauthorized', status: 200 });
  });

  it('ends the first of twenty refresh tokens with the twenty-first: that connection has to be made again', async () => {
    let at = Date.now();
    const { simulator, app } = await start({
      now: () => {
        at += 13_000;
        return at;
      },
    });
    const first = await finishZohoInstall(app, await agree(app), state);
    for (let more = 0; more < 19; more++) await finishZohoInstall(app, await agree(app), state);
    await connect(simulator, app, first.refreshToken).origin();
    const last = await finishZohoInstall(app, await agree(app), state);
    await expect(connect(simulator, app, first.refreshToken).origin()).rejects.toMatchObject({ code: 'unauthorized' });
    expect(await connect(simulator, app, last.refreshToken).origin()).toMatchObject({ id: '655906806' });
  });

  it('gets five refresh tokens a minute: a sixth is refused, and nothing that was made before ends', async () => {
    let at = Date.now();
    const { simulator, app } = await start({ now: () => at });
    for (let more = 0; more < 5; more++) await finishZohoInstall(app, await agree(app), state);
    await expect(finishZohoInstall(app, await agree(app), state)).rejects.toMatchObject({ code: 'rate-limited', request: 'install' });
    expect(simulator.state.refreshTokens).toHaveLength(5);
    at += 60_001;
    await finishZohoInstall(app, await agree(app), state);
  });

  it('has thirty live access tokens: the thirty-first ends the first, whose connection asks for another', async () => {
    let at = Date.now();
    const { simulator, app } = await start({ now: () => at });
    const { refreshToken } = await finishZohoInstall(app, await agree(app), state);
    const first = connect(simulator, app, refreshToken);
    await first.origin();
    for (let more = 0; more < 30; more++) {
      at += 61_000;
      await connect(simulator, app, refreshToken).origin();
    }
    at += 61_000;
    const before = simulator.requests.length;
    expect(await first.origin()).toMatchObject({ id: '655906806' });
    expect(simulator.requests.slice(before)).toEqual(['org', 'token', 'org']);
  });

  it('has tokens of one data centre refused by another', async () => {
    const { simulator, app } = await start();
    const { simulator: other } = await start();
    const { refreshToken } = await finishZohoInstall(app, await agree(app), state);
    await expect(connect(simulator, app, refreshToken, other.url).origin()).rejects.toMatchObject({ code: 'unauthorized', status: 401 });
  });
});
