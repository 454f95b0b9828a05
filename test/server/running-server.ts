import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { type Endpoint, type EndpointName, endpoints, problem } from '../../server/api.ts';
import { type RunningServer, serve } from '../../server/commands/serve.ts';
import type { Config } from '../../server/config.ts';
import { createDemoDatabase, createTestDatabase, type TestDatabase } from '../postgres.ts';

export interface TestServer extends RunningServer, TestClient {
  readonly database: TestDatabase;
  readonly dataDir: string;
}

/** Somebody at a server, signed in once by the admin link. */
export interface TestClient {
  readonly cookie: string;
  /** Calls an endpoint of the table, checks status and schema, and returns the answer's body. */
  ok<Body = unknown>(name: EndpointName, input?: CallInput): Promise<Body>;
  /** Calls an endpoint that refuses: checks that it says so as RFC 9457 wants, and returns status and sentence. */
  refused(name: EndpointName, input?: CallInput): Promise<{ status: number; detail: string }>;
  fetch(address: string, init?: RequestInit): Promise<Response>;
  /** Brings both files, compares, and waits until the run is no longer under way. */
  compare(licenses: string, crm: string, more?: object): Promise<{ id: string; state: string }>;
  upload(side: 'licenses' | 'crm', text: string): Promise<string>;
  settled(id: string): Promise<{ id: string; state: string; refusal: string | null; question: { id: string } | null }>;
}

export interface CallInput {
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string | string[]>;
  readonly body?: unknown;
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A whole server on a port of its own, with a database of its own and the real engine. It finds the demo, where it wants one, made. */
export async function startTestServer(change: Partial<Config> = {}, database?: TestDatabase): Promise<TestServer> {
  const made = change.demo && !database ? await createDemoDatabase() : null;
  const used = database ?? made?.database ?? (await createTestDatabase());
  const dataDir = change.dataDir ?? made?.dataDir ?? (await mkdtemp(path.join(tmpdir(), 'seatmatch-server-')));
  const faults: unknown[] = [];
  const running = await serve({
    config: {
      port: 0,
      host: '127.0.0.1',
      healthPort: null,
      dataDir,
      database: { appUrl: used.appUrl, ownerUrl: used.url },
      demo: false,
      largestUploadBytes: 1_000_000,
      publicUrl: null,
      loopbackWebhooks: false,
      smtp: null,
      watchDir: path.join(dataDir, 'watched'),
      delivery: null,
      configFile: null,
      secretKey: Buffer.alloc(32, 7),
      scim: null,
      files: null,
      ...change,
    },
    log: () => {},
    logError: (error) => faults.push(error),
  });
  return {
    ...running,
    ...(await signInTo(running.url, running.signInUrl)),
    database: used,
    dataDir,
    async stop() {
      await running.stop();
      if (change.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
      expect(faults).toEqual([]);
    },
  };
}

/** Signs in by the link that a server printed. */
export async function signInTo(url: string, signInUrl: string): Promise<TestClient> {
  const code = new URL(signInUrl).hash.slice('#code='.length);
  const signedIn = await fetch(`${url}/api/session/sign-in`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  return clientOf(url, signedIn.headers.get('set-cookie')!.split(';')[0]!);
}

/** The same person at another server of the same database: the cookie is good there too. @param contract another one than the default */
export function clientOf(address: string, cookie: string, contract?: string): TestClient {
  async function call(name: EndpointName, { params = {}, query = {}, body, raw, headers = {} }: CallInput): Promise<Response> {
    const endpoint: Endpoint = endpoints[name];
    const url = new URL(
      (contract === undefined || endpoint.ofWorkspace
        ? endpoint.path
        : endpoint.path.replace('/api/', `/api/contracts/${contract}/`)
      ).replaceAll(/:(\w+)/gu, (_, key: string) => encodeURIComponent(params[key]!)),
      address,
    );
    for (const [key, value] of Object.entries(query)) for (const one of [value].flat()) url.searchParams.append(key, one);
    return fetch(url, {
      // fetch sends a method other than the common ones as it is written.
      method: endpoint.method.toUpperCase(),
      headers: {
        cookie,
        ...(raw !== undefined
          ? { 'Content-Type': 'application/octet-stream' }
          : body !== undefined
            ? { 'Content-Type': 'application/json' }
            : {}),
        ...headers,
      },
      body: raw ?? (body === undefined ? null : JSON.stringify(body)),
    });
  }

  const client: TestClient = {
    cookie,
    async ok<Body>(name: EndpointName, input: CallInput = {}): Promise<Body> {
      const endpoint: Endpoint = endpoints[name];
      const response = await call(name, input);
      const text = await response.text();
      expect(response.status, `${name}: ${text.slice(0, 500)}`).toBe(endpoint.status);
      if (!endpoint.response) return text as Body;
      const answer: unknown = JSON.parse(text);
      // The answer is what the table says, and nothing more.
      expect(endpoint.response.parse(answer)).toEqual(answer);
      return answer as Body;
    },
    async refused(name, input = {}) {
      const response = await call(name, input);
      expect(response.headers.get('content-type'), name).toMatch(/^application\/problem\+json/u);
      const told = problem.parse(await response.json());
      expect(told.status).toBe(response.status);
      expect(told.detail).toMatch(/[.?]$/u);
      return { status: response.status, detail: told.detail };
    },
    fetch: (path, init = {}) => fetch(new URL(path, address), { ...init, headers: { cookie, ...init.headers } }),
    async upload(side, text) {
      const { id } = await client.ok<{ id: string }>('createUpload', { query: { name: `${side}.csv`, side }, raw: text });
      return id;
    },
    async settled(id) {
      for (const begun = Date.now(); ; ) {
        const run = await client.ok<Awaited<ReturnType<TestClient['settled']>>>('getReconciliation', { params: { id } });
        if (run.state !== 'queued' && run.state !== 'running') return run;
        // Asked ever less often: whoever asks all the time keeps the server from its work.
        await new Promise((resolve) => setTimeout(resolve, 20 + (Date.now() - begun) / 5));
      }
    },
    async compare(licenses, crm, more = {}) {
      const body = { licenses: await client.upload('licenses', licenses), crm: await client.upload('crm', crm), ...more };
      const { id } = await client.ok<{ id: string }>('createReconciliation', { body });
      return client.settled(id);
    },
  };
  return client;
}

export interface TestPerson {
  readonly id: string;
  readonly given: string;
  readonly family: string;
  readonly license?: string;
  readonly crm?: string;
}

const quoted = (cells: readonly string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');

/** What Admin Center exports for these people: seat id, Unique User ID, email and names. */
export const licensesCsv = (people: readonly TestPerson[]): string =>
  [
    'seat_id,invited_email_address,preferred_first_name,preferred_last_name,unique_user_id,sales_license_current_status,license_status,license_type',
    ...people
      .filter(({ license }) => license !== undefined)
      .map(({ id, given, family, license }) =>
        quoted([`LIC-${id}`, license!, given, family, `E${id}`, 'active', 'Activated', 'Sales Navigator Advanced Plus']),
      ),
    '',
  ].join('\n');

/** What Salesforce exports for them. */
export const crmCsv = (people: readonly TestPerson[]): string =>
  [
    'Id,Email,Name,IsActive,EmployeeNumber,UserType',
    ...people
      .filter(({ crm }) => crm !== undefined)
      .map(({ id, given, family, crm }) =>
        quoted([`0055g00000${id.padStart(5, '0')}AAA`, crm!, `${given} ${family}`, 'true', `E${id}`, 'Standard']),
      ),
    '',
  ].join('\n');

const given = ['Anna', 'Bo', 'Cem', 'Dora', 'Emil', 'Fay', 'Gus', 'Hana', 'Igor', 'Jule'];
const family = ['Ahlund', 'Berger', 'Cole', 'Dinh', 'Engel', 'Fiore', 'Gray', 'Holm', 'Ito', 'Janda'];

/** `n` people who match; `differ` says whose license still has the old address. */
export function testPeople(n: number, differ: (index: number) => boolean = () => false): TestPerson[] {
  return Array.from({ length: n }, (_, index) => {
    const person = {
      id: String(index + 1).padStart(4, '0'),
      given: given[index % 10]!,
      family: `${family[Math.floor(index / 10) % 10]}${index}`,
    };
    const local = `${person.given}.${person.family}`.toLowerCase();
    return { ...person, crm: `${local}@acme.example`, license: differ(index) ? `${local}@old-acme.example` : `${local}@acme.example` };
  });
}
