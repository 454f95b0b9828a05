import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { authorizeUrl, exchangeCode, newVerifier, revokeToken, type SalesforceApp } from '../../../connectors/salesforce/authorize.ts';
import { readPrivateKey } from '../../../connectors/salesforce/mint-assertion.ts';
import { salesforceUser } from '../../../connectors/salesforce/simulator/org.ts';
import { app, auth, connect, keeper, keys, list, orgId, people, redirectUri, salesforce } from './start.ts';

const { start } = salesforce();
const username = salesforceUser(0).Username;
const jwt = { grant: 'jwt-bearer', clientId: app.clientId, username, privateKey: keys.privateKey } as const;

describe('client credentials', () => {
  it('are not asked for at login.salesforce.com, which knows no org: the sentence names My Domain', () => {
    for (const baseUrl of ['https://login.salesforce.com', 'https://test.salesforce.com'])
      expect(() => connect({ url: baseUrl })).toThrow(/My Domain/);
  });

  it('are refused by the host for all orgs', async () => {
    const simulator = await start(people(1), { isMyDomain: false });
    await expect(connect(simulator).origin()).rejects.toMatchObject({ code: 'unauthorized', request: 'access token' });
  });

  it('are refused with a wrong secret, once', async () => {
    const simulator = await start(people(1));
    await expect(connect(simulator, { auth: { ...auth, clientSecret: 'wrong' } }).origin()).rejects.toMatchObject({ code: 'unauthorized' });
    expect(simulator.requests).toEqual(['token']);
  });
});

describe('a JWT', () => {
  it('opens an org whose certificate fits the key, again each time the access ends', async () => {
    const simulator = await start(people(5), { requestsPerToken: 2 });
    expect((await list(simulator, { auth: jwt, pageSize: 1 })).users).toHaveLength(5);
    expect(simulator.requests.filter((kind) => kind === 'token')).toHaveLength(3);
  });

  it('is refused when another key signed it, or for a user whom the org does not have', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const simulator = await start(people(1));
    for (const wrong of [
      { ...jwt, privateKey: other },
      { ...jwt, username: 'nobody@acme.example' },
      { ...jwt, audience: 'https://test.salesforce.com' },
    ])
      await expect(connect(simulator, { auth: wrong }).origin()).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('is meant for test.salesforce.com in a sandbox', async () => {
    const simulator = await start(people(1), { organization: { IsSandbox: true } });
    const audience = 'https://test.salesforce.com';
    expect(await connect(simulator, { auth: { ...jwt, audience } }).origin()).toMatchObject({ isTest: true });
    await expect(connect(simulator, { auth: jwt }).origin()).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('says what to check when it is refused', async () => {
    const simulator = await start(people(1));
    const [rights] = await connect(simulator, { auth: { ...jwt, username: 'nobody@acme.example' } }).check();
    expect(rights?.sentence).toMatch(/does not let this user in by it\. Check the username/);
  });

  it('is not signed with what is no RSA key, and the sentence holds nothing of it', () => {
    const secret = 'canary-key';
    expect(() => readPrivateKey(secret)).toThrow(/^The private key of the Salesforce connection is not an RSA key in PEM format\.$/);
    const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(() => connect({ url: 'https://acme.my.salesforce.com' }, { auth: { ...jwt, privateKey: elliptic } })).toThrow(TypeError);
  });
});

describe('a refresh token', () => {
  const by = (kept: ReturnType<typeof keeper>) => ({ grant: 'authorization_code', ...app, refreshToken: kept }) as const;

  it('that rotates is not lost: the second refresh uses the one that the first brought', async () => {
    const simulator = await start(people(6), { requestsPerToken: 2 });
    const kept = keeper();
    expect((await list(simulator, { auth: by(kept), pageSize: 1 })).users).toHaveLength(6);
    expect(kept.written).toHaveLength(4);
    expect(new Set(kept.written).size).toBe(4);
    expect([...simulator.state.refreshTokens.keys()]).toEqual([kept.written.at(-1)]);
  });

  it('that rotates is stored before the access that came with it is used', async () => {
    const simulator = await start(people(1));
    const before: (readonly string[])[] = [];
    const kept = keeper();
    const write = async (token: string): Promise<void> => {
      await kept.write(token);
      before.push([...simulator.requests]);
    };
    await connect(simulator, { auth: by({ ...kept, write }) }).origin();
    expect(before).toEqual([['token']]);
    expect(simulator.requests).toEqual(['token', 'organization']);
  });

  it('that could not be stored is stored before the next one is asked for, and nothing is asked with its access', async () => {
    const simulator = await start(people(1));
    const kept = keeper();
    let fails = 1;
    const write = async (token: string): Promise<void> => {
      if (fails-- > 0) throw new Error('The disk is full.');
      await kept.write(token);
    };
    const connector = connect(simulator, { auth: by({ ...kept, write }) });
    await expect(connector.origin()).rejects.toThrow('The disk is full.');
    expect(simulator.requests).toEqual(['token']);
    expect(await connector.origin()).toMatchObject({ id: orgId });
    expect(kept.written).toHaveLength(2);

    await fetch(simulator.controlUrl, { method: 'POST', body: '{"do":"end-access"}' });
    fails = 1;
    await expect(connector.origin(), 'The same where an access ends in the middle.').rejects.toThrow('The disk is full.');
  });

  it('is read anew for each use: another process may have changed it', async () => {
    const simulator = await start(people(1));
    const kept = keeper();
    const [one, other] = [connect(simulator, { auth: by(kept) }), connect(simulator, { auth: by(kept) })];
    await one.origin();
    await other.origin();
    expect(kept.written).toHaveLength(2);
  });

  it('is not sent twice when its answer was lost: the first may have been answered with a new one', async () => {
    const simulator = await start(people(1));
    simulator.fault({ kind: 'cut-body', on: 'token' });
    const kept = keeper();
    await expect(connect(simulator, { auth: by(kept) }).origin()).rejects.toMatchObject({ code: 'unavailable', mayHaveArrived: true });
    expect(simulator.requests).toEqual(['token']);
  });

  it('that was revoked is the end', async () => {
    const simulator = await start(people(1));
    await revokeToken(simulator.url, '5Aep.refresh.0');
    await expect(connect(simulator, { auth: by(keeper()) }).origin()).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('of an org that does not rotate is kept as it is', async () => {
    const simulator = await start(people(4), { rotates: false, requestsPerToken: 2 });
    const kept = keeper();
    expect((await list(simulator, { auth: by(kept), pageSize: 1 })).users).toHaveLength(4);
    expect(kept.written).toEqual([]);
  });
});

describe('the consent page', () => {
  const ours = (baseUrl: string): SalesforceApp => ({ baseUrl, ...app, redirectUri });

  async function consent(baseUrl: string, verifier: string): Promise<URL> {
    const answer = await fetch(authorizeUrl(ours(baseUrl), { state: 'state-1', verifier }), { redirect: 'manual' });
    return new URL(answer.headers.get('location') ?? '');
  }

  it('gives a code that PKCE and the secret turn into access, the org to pin and a refresh token that works', async () => {
    const simulator = await start(people(3));
    const verifier = newVerifier();
    expect(verifier).toMatch(/^[\w-]{43}$/);
    const back = await consent(simulator.url, verifier);
    expect(back.origin + back.pathname).toBe(redirectUri);
    expect(back.searchParams.get('state')).toBe('state-1');
    const code = back.searchParams.get('code') ?? '';
    const access = await exchangeCode(ours(simulator.url), { code, verifier });
    expect(access).toMatchObject({ orgId, userId: salesforceUser(0).Id });
    const granted = { grant: 'authorization_code', ...app, refreshToken: keeper(access.refreshToken) } as const;
    expect((await list(simulator, { auth: granted, orgId: access.orgId })).users).toHaveLength(3);
  });

  it('gives a code that is good for whoever has the verifier, once', async () => {
    const simulator = await start(people(1));
    const verifier = newVerifier();
    const stolen = (await consent(simulator.url, verifier)).searchParams.get('code') ?? '';
    await expect(exchangeCode(ours(simulator.url), { code: stolen, verifier: newVerifier() })).rejects.toMatchObject({
      code: 'unauthorized',
    });
    const code = (await consent(simulator.url, verifier)).searchParams.get('code') ?? '';
    await exchangeCode(ours(simulator.url), { code, verifier });
    await expect(exchangeCode(ours(simulator.url), { code, verifier })).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('is asked with a challenge and never with the verifier or the secret', async () => {
    const verifier = newVerifier();
    const url = authorizeUrl(ours('https://acme.my.salesforce.com'), { state: 's', verifier });
    expect(url.origin + url.pathname).toBe('https://acme.my.salesforce.com/services/oauth2/authorize');
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    expect(url.href).not.toContain(verifier);
    expect(url.href).not.toContain(app.clientSecret);
  });
});

describe('the address', () => {
  it.each([
    ['http://acme.my.salesforce.com', /must begin with https/],
    ['https://acme.lightning.force.com', /My Domain/],
    ['https://user:word@acme.my.salesforce.com', /may not hold a password/],
  ])('%s is refused before anything is sent', (url, sentence) => {
    expect(() => connect({ url })).toThrow(sentence);
  });
});
