import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

/** A server that refused, or that nobody reached. `sentence` says why and what to do. */
export class ServerRefused extends Error {
  override readonly name = 'ServerRefused';
  readonly code: string;
  readonly sentence: string;

  constructor(code: string, sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.code = code;
    this.sentence = sentence;
  }
}

export interface ServerOptions {
  /** Where the server is: "http://127.0.0.1:3000"; with "/contracts/ID" another contract there than the default one. */
  readonly server: string;
  /** The one-time link that the server printed; signs in, and is needed once. */
  readonly link?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface ServerClient {
  readonly origin: string;
  /** Whether the address named a contract; else the default one is meant. */
  readonly namesContract: boolean;
  get<Body>(address: string): Promise<Body>;
  text(address: string): Promise<string>;
  /** A repeat of the same call, after an answer that was lost, does nothing twice. */
  post<Body>(address: string, body?: unknown): Promise<Body>;
  /** Says what holds, so a repeat changes nothing. */
  put<Body>(address: string, body: unknown): Promise<Body>;
  delete(address: string): Promise<void>;
  /** The file itself is the body. */
  postFile<Body>(address: string, bytes: Uint8Array): Promise<Body>;
  /** The stream of what changes. @param lastId goes on after this event */
  events(lastId: string | null, signal: AbortSignal): Promise<Response>;
}

const pauses = [250, 1_000, 3_000];

/** Speaks to a running server as somebody who is signed in. The session is kept for the next command. Throws ServerRefused. */
export async function openServer({ server, link, environment }: ServerOptions): Promise<ServerClient> {
  const { origin, api } = placesOf(server);
  const inContract = (address: string): string => address.replace('/api', api);
  const file =
    environment.SEATMATCH_SESSION_FILE ??
    path.join(environment.XDG_CONFIG_HOME ?? path.join(homedir(), '.config'), 'seatmatch', 'sessions.json');
  const kept = await readSessions(file);
  let cookie = kept[origin] ?? null;

  async function reach(address: string, init: RequestInit = {}): Promise<Response> {
    try {
      return await fetch(new URL(address, origin), {
        ...init,
        headers: { ...(cookie === null ? {} : { cookie }), ...(init.headers as Record<string, string>) },
      });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new ServerRefused('unreachable', `No Seatmatch answers at ${origin}. Start it with npm start, or correct --server.`, {
        cause: error,
      });
    }
  }

  async function call(address: string, init: RequestInit = {}): Promise<Response> {
    for (let tries = 0; ; tries++) {
      const response = await reach(address, init);
      const isPassing = response.status === 503 || (response.status === 409 && response.headers.has('retry-after'));
      const pause = pauses[tries];
      if (isPassing && pause !== undefined) await new Promise((resolve) => setTimeout(resolve, pause));
      else if (response.ok) return response;
      else throw await refusedBy(response, origin);
    }
  }

  async function keep(response: Response): Promise<void> {
    const set = response.headers.getSetCookie().find((one) => one.startsWith('seatmatch_session='));
    if (set === undefined) return;
    cookie = set.split(';')[0]!;
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, `${JSON.stringify({ ...kept, [origin]: cookie }, null, 2)}\n`, { mode: 0o600 });
  }

  if (link !== undefined) await keep(await call('/api/session/sign-in', asJson({ code: codeOf(link) }, {})));
  else if (!(await isSignedIn())) {
    // The demo signs in whoever opens it on this machine.
    await keep(await reach('/'));
    if (!(await isSignedIn()))
      throw new ServerRefused('sign-in', `You are not signed in at ${origin}. Give the one-time link that the server printed: --link "…".`);
  }

  async function isSignedIn(): Promise<boolean> {
    return ((await (await call('/api/session')).json()) as { signedIn: boolean }).signedIn;
  }

  const once = () => ({ 'Idempotency-Key': crypto.randomUUID() });
  const bodyOf = async <Body>(response: Response): Promise<Body> => (response.status === 204 ? undefined : await response.json()) as Body;
  return {
    origin,
    namesContract: api !== '/api',
    get: async (address) => bodyOf(await call(inContract(address))),
    text: async (address) => (await call(inContract(address))).text(),
    post: async (address, body) =>
      bodyOf(await call(inContract(address), body === undefined ? { method: 'POST', headers: once() } : asJson(body, once()))),
    put: async (address, body) => bodyOf(await call(inContract(address), { ...asJson(body, {}), method: 'PUT' })),
    delete: async (address) => {
      await call(inContract(address), { method: 'DELETE' });
    },
    postFile: async (address, bytes) =>
      bodyOf(
        await call(inContract(address), {
          method: 'POST',
          headers: { ...once(), 'Content-Type': 'application/octet-stream' },
          body: new Uint8Array(bytes),
        }),
      ),
    events: (lastId, signal) => call(inContract('/api/events'), { signal, headers: lastId === null ? {} : { 'Last-Event-ID': lastId } }),
  };
}

const asJson = (body: unknown, headers: Readonly<Record<string, string>>): RequestInit => ({
  method: 'POST',
  headers: { ...headers, 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

/** The server, and where on it the API of the contract begins that the address names. */
function placesOf(server: string): { readonly origin: string; readonly api: string } {
  const url = URL.parse(server.includes('://') ? server : `http://${server}`);
  if (url === null) throw new ServerRefused('address', `"${server}" is no address. Write it as http://127.0.0.1:3000.`);
  const contract = /^\/contracts\/[^/]+/u.exec(url.pathname)?.[0] ?? '';
  return { origin: url.origin, api: `/api${contract}` };
}

/** The code of a link, or a bare code. */
const codeOf = (link: string): string => (link.includes('#code=') ? link.slice(link.indexOf('#code=') + '#code='.length) : link).trim();

async function refusedBy(response: Response, origin: string): Promise<ServerRefused> {
  const told = (await response.json().catch(() => null)) as { detail?: unknown } | null;
  if (response.status === 401)
    return new ServerRefused(
      'sign-in',
      `You are not signed in at ${origin} any more. Give the one-time link that the server printed: --link "…".`,
    );
  const detail = typeof told?.detail === 'string' ? told.detail : `${origin} answered with status ${response.status}. Is it a Seatmatch?`;
  return new ServerRefused(`http-${response.status}`, detail);
}

/** Cookies by origin; a file that cannot be read holds none. */
async function readSessions(file: string): Promise<Readonly<Record<string, string>>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, string>;
  } catch {
    return {};
  }
}
