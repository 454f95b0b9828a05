import { readFileSync } from 'node:fs';
import http from 'node:http';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endpoints, openApiDocument } from '../../server/api.ts';
import { startTestServer, type TestServer } from './running-server.ts';

let server: TestServer;
let demo: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  demo = await startTestServer({ demo: true });
});
afterAll(async () => {
  await server?.stop();
  await demo?.stop();
});

/** fetch sets Host by itself; here it is whatever a test says. */
function rawRequest(to: TestServer, options: { method?: string; path: string; headers: Record<string, string> }) {
  return new Promise<{ status: number; headers: http.IncomingHttpHeaders; body: string }>((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port: new URL(to.url).port, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    });
    request.on('error', reject).end();
  });
}

describe('who may speak to the server', () => {
  test('a request under another host name is refused: DNS rebinding', async () => {
    for (const host of ['evil.example', 'evil.example:3000', '127.0.0.1.evil.example', '169.254.1.1', 'no host']) {
      const { status, body } = await rawRequest(server, { path: '/api/session', headers: { host } });
      expect({ host, status }).toEqual({ host, status: 421 });
      expect(JSON.parse(body)).toMatchObject({ status: 421, detail: expect.stringContaining('127.0.0.1') });
    }
  });

  test('the loopback names are all right, with any port', async () => {
    const { port } = new URL(server.url);
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, 'localhost:8080']) {
      expect((await rawRequest(server, { path: '/api/session', headers: { host } })).status).toBe(200);
    }
  });

  test('a request from another origin is refused, even with the cookie', async () => {
    const { host } = new URL(server.url);
    for (const origin of ['https://evil.example', 'null', `https://${host}`, 'http://127.0.0.1:1']) {
      const headers = { host, origin, cookie: server.cookie };
      expect((await rawRequest(server, { method: 'DELETE', path: '/api/session', headers })).status).toBe(403);
      expect((await rawRequest(server, { path: '/api/overview', headers })).status).toBe(403);
    }
  });

  test('a cross-site form without Origin is known by Sec-Fetch-Site', async () => {
    const { host } = new URL(server.url);
    const headers = { host, cookie: server.cookie, 'sec-fetch-site': 'cross-site' };
    expect((await rawRequest(server, { method: 'POST', path: '/api/reconciliations', headers })).status).toBe(403);
    expect((await rawRequest(server, { path: '/api/session', headers })).status).toBe(200);
  });

  test('every endpoint but the open ones wants a session', async () => {
    for (const endpoint of Object.values(endpoints)) {
      const path = endpoint.path.replaceAll(/:format/gu, 'csv').replaceAll(/:\w+/gu, '00000000-0000-4000-8000-000000000000');
      const { status } = await rawRequest(server, { method: endpoint.method.toUpperCase(), path, headers: { host: 'localhost' } });
      if ('open' in endpoint) expect(status, endpoint.path).not.toBe(401);
      else expect(status, `${endpoint.method} ${endpoint.path}`).toBe(401);
    }
  });

  test('the page of the demo opens a session by itself, that of a real server does not', async () => {
    const headers = { host: 'localhost', accept: 'text/html' };
    const page = await rawRequest(demo, { path: '/', headers });
    const [cookie] = page.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/^seatmatch_session=.*HttpOnly; SameSite=Strict$/u);
    const session = await rawRequest(demo, { path: '/api/session', headers: { host: 'localhost', cookie: cookie!.split(';')[0]! } });
    expect(JSON.parse(session.body)).toMatchObject({ signedIn: true, mode: 'demo' });
    expect((await rawRequest(server, { path: '/', headers })).headers['set-cookie']).toBeUndefined();
  });
});

describe('sessions', () => {
  test('a one-time link works once', async () => {
    const code = new URL(server.signInUrl).hash.slice('#code='.length);
    expect((await server.refused('signIn', { body: { code } })).status).toBe(403);
    expect((await server.refused('signIn', { body: { code: 'guessed' } })).status).toBe(403);
  });

  test('signing out ends the session at the server', async () => {
    const other = await startTestServer({}, server.database);
    expect(await other.ok('getSession')).toMatchObject({ signedIn: true, actor: { name: 'Admin' } });
    await other.ok('signOut');
    expect(await other.ok('getSession')).toMatchObject({ signedIn: false, actor: null });
    await other.stop();
    expect(await server.ok('getSession')).toMatchObject({ signedIn: true });
  });
});

describe('answers', () => {
  test('no page may be framed, run foreign scripts or be guessed to be another type', async () => {
    for (const address of ['/', '/docs', '/api/session', '/nowhere.js']) {
      const { headers } = await server.fetch(address);
      expect(headers.get('content-security-policy')).toMatch(/script-src 'self';.*frame-ancestors 'none'/u);
      expect(headers.get('content-security-policy')).not.toMatch(/script-src[^;]*unsafe/u);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });

  test('an unknown address of the API is a problem, a known one with another method says which methods there are', async () => {
    const nowhere = await server.fetch('/api/nowhere');
    expect(nowhere.status).toBe(404);
    expect(nowhere.headers.get('content-type')).toMatch(/^application\/problem\+json/u);
    const wrong = await server.fetch('/api/settings', { method: 'DELETE' });
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('allow')).toBe('GET, PUT');
    expect(wrong.headers.get('content-type')).toMatch(/^application\/problem\+json/u);
  });

  test('a body that is no JSON, of another type or too large is refused with a sentence', async () => {
    const post = (body: string, type = 'application/json') =>
      server.fetch('/api/links', { method: 'POST', body, headers: { 'Content-Type': type } });
    for (const [response, status] of [
      [await post('{"licenseId":'), 400],
      [await post('licenseId=1', 'application/x-www-form-urlencoded'), 415],
      [await post('[]'), 400],
      [await post(JSON.stringify({ licenseId: 'x'.repeat(9_000_000) })), 413],
    ] as const) {
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/u);
    }
  });

  test('every fault of a request is named with its place', async () => {
    const response = await server.fetch('/api/people?limit=0&sort=shoe&colour=red');
    const { detail, faults } = (await response.json()) as { detail: string; faults: { at: string }[] };
    expect(response.status).toBe(400);
    expect(faults.map(({ at }) => at).sort()).toEqual(['query', 'query.limit', 'query.sort']);
    expect(detail).toContain('and 2 more');
  });

  test('the whole table is mounted: no endpoint answers that there is nothing', async () => {
    for (const endpoint of Object.values(endpoints)) {
      if (endpoint.path === '/api/events') continue;
      const path = endpoint.path.replaceAll(/:format/gu, 'csv').replaceAll(/:\w+/gu, '00000000-0000-4000-8000-000000000000');
      const response = await server.fetch(path, { method: endpoint.method.toUpperCase() });
      const body = await response.text();
      expect(body, `${endpoint.method} ${path}`).not.toContain('nothing at this address');
      expect(response.status, `${endpoint.method} ${path}`).not.toBe(405);
    }
    // The session ended with DELETE /api/session above.
    expect(await server.ok('getSession')).toMatchObject({ signedIn: false });
  });

  test('health says that server and database are up', async () => {
    expect(await demo.ok('getHealth')).toMatchObject({ status: 'up', database: 'up' });
  });
});

test('the two-file page is handed out for the disk, whole, with a policy of its own that lets it ask for nothing', async () => {
  const response = await demo.fetch('/two-file-page.html');
  expect(response.headers.get('content-disposition')).toBe('attachment; filename=seatmatch-two-file-page.html');
  const page = await response.text();
  const [, policy] = /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/u.exec(page)!;
  expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[^']+'; worker-src blob:;.* connect-src 'none';/u);
  expect(page).not.toMatch(/<(?:script|link|img|iframe)[^>]+(?:src|href)=/u);
});

describe('the description of the API', () => {
  test('is served as it stands in manifests/openapi.json (scripts/write-openapi.ts writes it)', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const kept: unknown = JSON.parse(readFileSync(resolve('manifests/openapi.json'), 'utf8'));
    expect(JSON.parse(JSON.stringify(openApiDocument(version)))).toEqual(kept);
    expect(await (await demo.fetch('/openapi.json')).json()).toEqual(kept);
  });

  test('is rendered at /docs by a script of this server', async () => {
    const page = await (await demo.fetch('/docs')).text();
    const [, source] = /<script type="module" src="([^"]+)">/u.exec(page)!;
    const script = await demo.fetch(source!);
    expect(script.status).toBe(200);
    expect(script.headers.get('content-type')).toMatch(/javascript/u);
    expect(page).not.toMatch(/https?:\/\//u);
  });
});
