/** What every simulator of a vendor's API needs: HTTP on a local port, faults of the network, a control endpoint. Only simulators import it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const counted = {
  /** The kind of request, as the simulator names it; `any` for all. */
  on: z.string().default('any'),
  /** How many such requests pass before. */
  after: z.int().min(0).default(0),
  times: z.int().min(1).default(1),
};

/** What requests meet. Each counts down and is gone. */
export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(300).max(599),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.string().default(''),
    contentType: z.string().default('application/json'),
    ...counted,
  }),
  /** No answer, ever. */
  z.strictObject({ kind: z.literal('hang'), ...counted }),
  /** The connection breaks before the answer. */
  z.strictObject({ kind: z.literal('drop'), ...counted }),
  /** The connection breaks in the middle of the body. */
  z.strictObject({ kind: z.literal('cut-body'), ...counted }),
  /** The body stops in its middle, and the connection stays. */
  z.strictObject({ kind: z.literal('stall-body'), ...counted }),
  /** 200 with a web page: a sign-in, maintenance, somebody's proxy. */
  z.strictObject({ kind: z.literal('web-page'), ...counted }),
  /** 200 with half of its JSON, whole as far as HTTP knows. */
  z.strictObject({ kind: z.literal('broken-json'), ...counted }),
  z.strictObject({ kind: z.literal('redirect'), to: z.string(), ...counted }),
  /** What only this vendor does wrong, by the name that its simulator gives it: `repeated-cursor`, `short-page` … */
  z.strictObject({ kind: z.literal('quirk'), quirk: z.string(), ...counted }),
]);
export type Fault = z.output<typeof faultSchema>;
export type FaultInput = z.input<typeof faultSchema>;

const faultKinds: readonly string[] = faultSchema.options.map(({ shape }) => shape.kind.value);
const ourCommands: readonly string[] = ['fault', 'clear-faults', 'count'];

export interface SimulatedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface SimulatedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON where it is no text; absent: no body. */
  readonly body?: unknown;
}

/** A point in the life of one request: before anything is done, once it is done, once it is answered. */
export interface SimulatedMoment {
  readonly at: 'received' | 'applied' | 'answered';
  /** As the simulator names it. */
  readonly kind: string;
  readonly request: SimulatedRequest;
}

export interface ServeOptions {
  /** Default 0: any free one. */
  readonly port?: number;
  /** From a request to its answer, the time in which the answer is made included. */
  readonly latencyMs?: number;
  readonly atOnce?: AtOnce;
  /** Requests that may arrive within any second; more are answered 429. Default as many as come. */
  readonly requestsPerSecond?: number;
  /** Called at every moment of a request; the request goes on when it resolves. */
  readonly onMoment?: (moment: SimulatedMoment) => void | Promise<void>;
}

/** A vendor behind the HTTP: which kind of request it is (null: none it knows), and what it answers. */
export interface SimulatedVendor {
  kindOf(request: SimulatedRequest): string | null;
  answer(kind: string, request: SimulatedRequest, quirks: ReadonlySet<string>): SimulatedAnswer | Promise<SimulatedAnswer>;
  readonly notFound: SimulatedAnswer;
  /** Names of what only this vendor does wrong, the word before an address alone. */
  readonly quirks: readonly string[];
  /** A command of the control endpoint that is none of ours; throws for one that is none of its either. */
  obey?(command: unknown): unknown;
}

/** How many requests may be under way together, and what one more is told. */
export interface AtOnce {
  readonly most: number;
  readonly refusal: SimulatedAnswer;
}

export interface ServedSimulator {
  /** Without a slash at the end. */
  readonly url: string;
  readonly controlUrl: string;
  fault(fault: FaultInput): void;
  clearFaults(): void;
  /** The kinds of requests that came, in order, faults included. */
  readonly requests: readonly string[];
  /** What the last requests carried, newest last; at most 1,000 are kept. */
  readonly received: readonly SimulatedRequest[];
  close(): Promise<void>;
}

/** Serves a vendor on 127.0.0.1. */
export async function serveSimulator(
  vendor: SimulatedVendor,
  { port = 0, latencyMs = 0, atOnce, requestsPerSecond = Number.POSITIVE_INFINITY, onMoment = () => {} }: ServeOptions = {},
): Promise<ServedSimulator> {
  const arrivals: number[] = [];
  let tooMany = 0;
  let underWay = 0;
  const faults: Fault[] = [];
  const requests: string[] = [];
  const received: SimulatedRequest[] = [];

  /** Faults that this request meets; those that let it pass count it. */
  function faultsOf(kind: string): Fault[] {
    const met: Fault[] = [];
    for (const fault of [...faults]) {
      if (fault.on !== 'any' && fault.on !== kind) continue;
      if (fault.after > 0) {
        fault.after -= 1;
        continue;
      }
      met.push(fault);
      fault.times -= 1;
      if (fault.times === 0) faults.splice(faults.indexOf(fault), 1);
    }
    return met;
  }

  function isTooMany(): boolean {
    const now = performance.now();
    while (arrivals.length > 0 && arrivals[0]! <= now - 1_000) arrivals.shift();
    if (arrivals.length >= requestsPerSecond) {
      tooMany += 1;
      return true;
    }
    arrivals.push(now);
    return false;
  }

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? '127.0.0.1'}`);
    const request: SimulatedRequest = { method: incoming.method ?? 'GET', url, headers: incoming.headers, body: await bodyOf(incoming) };
    if (url.pathname === '/control') return send(response, control(request));
    const until = performance.now() + latencyMs;
    const kind = vendor.kindOf(request);
    if (kind === null) return send(response, vendor.notFound);
    requests.push(kind);
    received.push(request);
    if (received.length > 1_000) received.shift();
    if (isTooMany()) return send(response, { status: 429, headers: { 'retry-after': '1' } });
    await onMoment({ at: 'received', kind, request });
    const met = faultsOf(kind);
    const quirks = new Set(met.filter((fault) => fault.kind === 'quirk').map(({ quirk }) => quirk));
    const fault = met.find((one) => one.kind !== 'quirk');
    if (fault?.kind === 'hang') return;
    underWay += 1;
    const refused = atOnce !== undefined && underWay > atOnce.most ? atOnce.refusal : null;
    const answer = refused ?? (isAnswered(fault) ? await vendor.answer(kind, request, quirks) : null);
    if (refused === null && answer !== null) await onMoment({ at: 'applied', kind, request });
    const bytes = Buffer.from(answer === null ? '' : textOf(answer.body));
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, Math.max(0, until - performance.now())));
    underWay -= 1;
    switch (fault?.kind) {
      case 'drop':
        return void incoming.socket.destroy();
      case 'status':
        return send(response, {
          status: fault.status,
          headers: { 'content-type': fault.contentType, ...fault.headers },
          body: fault.body,
        });
      case 'redirect':
        return send(response, { status: 302, headers: { location: fault.to } });
      case 'web-page':
        return send(response, { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>We will be back soon.</html>' });
    }
    if (answer === null) return;
    const whole = fault?.kind === 'broken-json' ? bytes.subarray(0, -2) : bytes;
    if (fault?.kind === 'broken-json') return send(response, answer, whole);
    if (fault === undefined) {
      const closed = new Promise<void>((resolve) => response.once('close', resolve));
      send(response, answer, whole);
      await closed;
      return onMoment({ at: 'answered', kind, request });
    }
    response.writeHead(answer.status, headersOf(answer, whole));
    response.write(whole.subarray(0, Math.ceil(whole.length / 2)), () => {
      if (fault.kind === 'cut-body') incoming.socket.destroy();
    });
  }

  function control({ method, body }: SimulatedRequest): SimulatedAnswer {
    if (method !== 'POST') return { status: 405, body: { message: 'POST a command.' } };
    const command: unknown = jsonOf(body);
    const ours = z.union([
      z.strictObject({ do: z.literal('fault'), fault: faultSchema }),
      z.strictObject({ do: z.literal('clear-faults') }),
      z.strictObject({ do: z.literal('count') }),
    ]);
    const read = ours.safeParse(command);
    if (!read.success) return obey(command, read.error);
    if (read.data.do === 'count') return { status: 200, body: { asked: requests.length, refused: tooMany } };
    if (read.data.do === 'fault') {
      const { fault } = read.data;
      if (fault.kind === 'quirk' && !isKnown(fault.quirk))
        return { status: 400, body: { message: `There is no quirk "${fault.quirk}" here.`, quirks: vendor.quirks } };
      faults.push(fault);
    } else faults.length = 0;
    return { status: 200, body: null };
  }

  /** A command that is none of ours may be the vendor's; mistyped ones must not pass for carried out. */
  function obey(command: unknown, why: z.ZodError): SimulatedAnswer {
    const refused = { status: 400, body: { message: z.prettifyError(why), faults: faultKinds, quirks: vendor.quirks } };
    const isOurs = ourCommands.includes(z.object({ do: z.string() }).safeParse(command).data?.do ?? '');
    if (isOurs || vendor.obey === undefined) return refused;
    try {
      return { status: 200, body: vendor.obey(command) ?? null };
    } catch (error) {
      return error instanceof z.ZodError ? { status: 400, body: { message: z.prettifyError(error) } } : refused;
    }
  }
  /** Some have an address behind them. */
  const isKnown = (quirk: string): boolean => vendor.quirks.includes(quirk.split(' ')[0]!);

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((error: unknown) => {
      if (!response.headersSent) send(response, { status: 500, body: { message: String(error) } });
      else incoming.socket.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    controlUrl: `${url}/control`,
    requests,
    received,
    fault(fault) {
      const parsed = faultSchema.parse(fault);
      if (parsed.kind === 'quirk' && !isKnown(parsed.quirk)) throw new TypeError(`There is no quirk "${parsed.quirk}" here.`);
      faults.push(parsed);
    },
    clearFaults() {
      faults.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Null where it is no JSON. */
function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return null;
  }
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Whether the vendor itself is asked. */
const isAnswered = (fault: Fault | undefined): boolean =>
  fault === undefined || fault.kind === 'broken-json' || fault.kind === 'cut-body' || fault.kind === 'stall-body';

const textOf = (body: unknown): string => (body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));

const headersOf = ({ headers }: SimulatedAnswer, bytes: Buffer): Record<string, string> => ({
  ...(bytes.length === 0 ? {} : { 'content-type': 'application/json' }),
  'content-length': String(bytes.length),
  ...headers,
});

function send(response: ServerResponse, answer: SimulatedAnswer, bytes = Buffer.from(textOf(answer.body))): void {
  response.writeHead(answer.status, headersOf(answer, bytes));
  response.end(bytes);
}
