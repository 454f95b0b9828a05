/** All that runs of jsforce: loaded with the first request to a Salesforce org, because nothing else needs its second of loading. */
import { PassThrough } from 'node:stream';
import { Connection, type HttpRequest, type HttpResponse, OAuth2 } from 'jsforce/lib/core.js';
import { Transport } from 'jsforce/lib/transport.js';
import { StreamPromise } from 'jsforce/lib/util/promise.js';
import { RequestFailed } from '../errors.ts';
import { type Answer, holdsError, jsonOf, type Send, unfit } from '../send-request.ts';

/** One request, as our own way to a vendor wants to have it told. */
export interface Call {
  readonly send: Send;
  /** In our words. */
  readonly request: string;
  /** Sending it twice is as good as once. */
  readonly isSafe: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onSent?: () => void;
  /** Told of a good answer before it is read. */
  readonly onAnswer?: (answer: Answer) => Promise<void>;
}

/**
 * In the place of jsforce's own transport, which follows redirects with the token, ignores NO_PROXY and Retry-After, has no time-out over a
 * body, and ends the process where one is cut (3.10.26). Reads and the token's POST only: nothing writes to Salesforce.
 */
class GuardedTransport extends Transport {
  readonly #call: Call;
  /** Why our own way failed: whatever else jsforce throws is about the answer. */
  failure: { readonly reason: unknown } | null = null;
  /** The JSON of the last good answer. */
  json: unknown = null;

  constructor(call: Call) {
    super();
    this.#call = call;
  }

  override httpRequest(request: HttpRequest): StreamPromise<HttpResponse> {
    // jsforce wants a stream beside the promise; nobody reads from it.
    const promise = this.#ask(request).catch((reason: unknown) => {
      this.failure = { reason };
      throw reason;
    });
    return StreamPromise.create(() => ({ stream: new PassThrough(), promise }));
  }

  async #ask({ method, url, headers = {}, body }: HttpRequest): Promise<HttpResponse> {
    const { send, request, isSafe, signal, onSent = () => {}, onAnswer } = this.#call;
    if ((method !== 'GET' && method !== 'POST') || (body && typeof body !== 'string')) throw new RequestFailed('not-supported', request);
    const { 'content-type': type = 'application/json', ...others } = headers;
    const asked = { request, method, url: new URL(url), headers: others, isSafe, onSent, ...(body ? { body: { type, bytes: body } } : {}) };
    return send(asked, signal, async (answer) => {
      await onAnswer?.(answer);
      this.json = jsonOf(answer.bytes);
      // jsforce would throw the answer's own text, or nothing at all.
      if (this.json === null || holdsError(this.json)) throw unfit(request, answer);
      return { statusCode: answer.status, headers: Object.fromEntries(answer.headers), body: new TextDecoder().decode(answer.bytes) };
    });
  }
}

/** What jsforce makes of an answer. It throws a TypeError, or the answer's own text, where that is not what it expects. */
async function guarded<Value>(call: Call, ask: (transport: GuardedTransport) => PromiseLike<Value>): Promise<Value> {
  const transport = new GuardedTransport(call);
  try {
    return await ask(transport);
  } catch {
    throw transport.failure ? transport.failure.reason : new RequestFailed('invalid-response', call.request);
  }
}

/** Reads from the API. @param path from the API version on */
export const readThroughJsforce = (
  call: Call,
  {
    instance,
    version,
    path,
    headers,
  }: { readonly instance: URL; readonly version: string; readonly path: string; readonly headers: Record<string, string> },
): Promise<unknown> =>
  guarded(call, async (transport) => {
    // One for each request, because it knows neither signals nor names. Without a token or a way to renew it, none of its traps is there.
    const jsforce = new Connection({ instanceUrl: instance.href.slice(0, -1), version, callOptions: { client: 'Seatmatch' } });
    jsforce._transport = transport;
    // As text, because the JSON was read already: a page of users holds the thread for as long again otherwise.
    await jsforce.request<string>({ method: 'GET', url: path, headers: { ...headers } }, { responseType: 'text/plain' });
    return transport.json;
  });

/** Asks the token endpoint. */
export const tokenThroughJsforce = (
  call: Call,
  config: ConstructorParameters<typeof OAuth2>[0],
  ask: (oauth2: OAuth2) => PromiseLike<unknown>,
): Promise<unknown> =>
  guarded(call, (transport) => {
    const oauth2 = new OAuth2(config);
    oauth2._transport = transport;
    return ask(oauth2);
  });
