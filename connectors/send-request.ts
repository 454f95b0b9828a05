import type { z } from 'zod';
import { RequestFailed, type RequestFailure } from './errors.ts';
import { pause, type RateLimiter } from './rate-limit.ts';
import { type RetryPolicy, retryAfterMs, retryDelayMs, usualRetries } from './retry.ts';

export interface Asked {
  /** What is asked, in our words: "users", "upload". Stands in errors. */
  readonly request: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly type: string; readonly bytes: Uint8Array | string };
  /** Sending it twice is as good as once. */
  readonly isSafe: boolean;
  /** Told each time that it was made, limits and access having been seen to. */
  readonly onSent?: () => void;
}

/** A whole answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

/** What an answer means, with more than its code. */
export interface Judged {
  readonly code: RequestFailure;
  /** When to come back, of a vendor that names no time. */
  readonly retryAfterMs?: number;
  /** What to do, in our words, as RequestFailed has it. */
  readonly sentence?: string;
}

export interface SenderOptions {
  /** Whether a request may go there: the connection's own hosts, and nothing a vendor's answer names beside them. */
  readonly mayReach: (url: URL) => boolean;
  /**
   * The `authorization` header. Asked for again, with the refused one, when it was not accepted; the same one again means that there is
   * no newer.
   */
  readonly authorization?: (refused: string | null, signal?: AbortSignal) => string | Promise<string>;
  /** What an answer means where its status does not say; null: what its status says. */
  readonly judge?: (answer: Answer) => RequestFailure | 'fine' | Judged | null;
  /** Every answer, failures included: a vendor tells there what may still be asked. */
  readonly onAnswer?: (answer: Answer) => void;
  readonly limiter?: RateLimiter;
  readonly retries?: Partial<RetryPolicy>;
  /** For one request and its whole answer; default 60,000. */
  readonly timeoutMs?: number;
  /** The largest answer that is read; default 64 MiB. */
  readonly largestBytes?: number;
  /** From 0 up to, not including, 1; default Math.random. */
  readonly random?: () => number;
}

/**
 * Sends and resolves to what `read` makes of the answer. Every failure is a RequestFailed, or the signal's reason. `read` throws
 * RequestFailed for an answer that is none; that counts as a failure like any other.
 */
export type Send = <Value>(
  asked: Asked,
  signal: AbortSignal | undefined,
  read: (answer: Answer) => Value | Promise<Value>,
) => Promise<Value>;

/**
 * A connection's way to its vendor: one limit, one time-out over the whole answer, no redirects, repeats only where they are safe or nothing
 * was done, access renewed once.
 */
export function requestSender(options: SenderOptions): Send {
  const policy = { ...usualRetries, ...options.retries };
  const { authorization, limiter, random = Math.random } = options;

  return async function send(asked, signal, read) {
    let header = (await authorization?.(null, signal)) ?? null;
    let isRenewed = false;
    for (let failures = 0; ; ) {
      signal?.throwIfAborted();
      const heldMs = (await limiter?.heldMs()) ?? 0;
      // Nobody waits an hour without knowing it: the caller decides.
      if (heldMs > policy.maxMs) throw new RequestFailed('rate-limited', asked.request, { retryAfterMs: Math.ceil(heldMs) });
      const end = await limiter?.take(signal);
      try {
        const answer = await sendOnce(asked, header, signal, options);
        // It is answered, however long it takes to read: the next one may begin.
        end?.();
        return await read(answer);
      } catch (error) {
        if (!(error instanceof RequestFailed)) throw error;
        // Others of this connection need not wait for this one, least of all the request for a new access that this one waits for.
        end?.();
        if (error.code === 'rate-limited' && error.retryAfterMs !== null) await limiter?.holdFor(error.retryAfterMs);
        if (error.code === 'unauthorized' && authorization && !isRenewed) {
          isRenewed = true;
          const refused = header;
          header = await authorization(refused, signal);
          if (header !== refused) continue;
        }
        failures += 1;
        const delay = retryDelayMs(error, { failures, isSafe: asked.isSafe, chance: random() }, policy);
        if (delay === null) throw error;
        await pause(delay, signal);
      } finally {
        end?.();
      }
    }
  };
}

async function sendOnce(
  asked: Asked,
  authorization: string | null,
  signal: AbortSignal | undefined,
  options: SenderOptions,
): Promise<Answer> {
  const { request, isSafe } = asked;
  if (!options.mayReach(asked.url)) throw new RequestFailed('invalid-response', request, { sentence: sentElsewhere });
  // The error of fetch would repeat it.
  if (authorization !== null && !/^[\x20-\x7e]*$/.test(authorization))
    throw new RequestFailed('unauthorized', request, { sentence: brokenToken });
  const timeout = AbortSignal.timeout(options.timeoutMs ?? 60_000);
  /** The caller's own abort stays what it is. */
  const broken = (cause: unknown, mayHaveArrived: boolean): unknown =>
    signal?.aborted
      ? signal.reason
      : new RequestFailed(timeout.aborted ? 'timeout' : 'unavailable', request, { mayHaveArrived }, { cause });
  let response: Response;
  try {
    const responding = fetch(asked.url, {
      method: asked.method,
      headers: {
        ...asked.headers,
        ...(authorization === null ? {} : { authorization }),
        ...(asked.body ? { 'content-type': asked.body.type } : {}),
      },
      // A redirect would carry the token, and a body full of people, to wherever it points.
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      ...(asked.body ? { body: Buffer.from(asked.body.bytes) } : {}),
    });
    asked.onSent?.();
    response = await responding;
  } catch (cause) {
    throw broken(cause, !isSafe && !isUnreached(cause));
  }
  const { status, headers } = response;
  let bytes: Uint8Array | null;
  try {
    bytes = await readBody(response, options.largestBytes ?? 64 * 2 ** 20);
  } catch (cause) {
    // A refusal whose text was lost on the way is still a refusal.
    const code = codeOf(status, headers);
    if (code !== null && !timeout.aborted && !signal?.aborted) throw failed(asked, code, status, headers);
    throw broken(cause, !isSafe);
  }
  const answer: Answer = { status, headers, bytes: bytes ?? new Uint8Array() };
  options.onAnswer?.(answer);
  const judged = options.judge?.(answer) ?? codeOf(status, headers);
  if (judged !== null && typeof judged === 'object') throw failed(asked, judged.code, status, headers, judged);
  if (judged !== null && judged !== 'fine') throw failed(asked, judged, status, headers);
  if (bytes === null) throw failed(asked, 'invalid-response', status, headers);
  return answer;
}

const failed = (
  { request, isSafe }: Asked,
  code: RequestFailure,
  status: number,
  headers: Headers,
  more: Omit<Judged, 'code'> = {},
): RequestFailed =>
  new RequestFailed(code, request, {
    status,
    retryAfterMs: retryAfterMs(headers.get('retry-after'), Date.now()) ?? more.retryAfterMs ?? null,
    sentence: more.sentence ?? null,
    mayHaveArrived: !isSafe && (code === 'unavailable' || code === 'invalid-response'),
  });

/** Null where it is larger than allowed. */
async function readBody(response: Response, largestBytes: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > largestBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** Null for an answer that can be read. A web page in the place of one is a sign-in, or somebody else's proxy. */
function codeOf(status: number, headers: Headers): RequestFailure | null {
  if (status >= 200 && status <= 299) return /^text\/html/i.test(headers.get('content-type') ?? '') ? 'invalid-response' : null;
  switch (status) {
    case 401:
      return 'unauthorized';
    case 403:
      return 'forbidden';
    case 404:
    case 410:
      return 'not-found';
    case 408:
      return 'timeout';
    case 409:
      return 'conflict';
    case 429:
      return 'rate-limited';
  }
  if (status >= 500) return 'unavailable';
  return status >= 400 ? 'rejected' : 'invalid-response';
}

/** Nothing was sent: nobody listens there, or the name does not exist. */
function isUnreached(cause: unknown): boolean {
  const inner = cause instanceof Error ? cause.cause : undefined;
  return inner instanceof Error && 'code' in inner && ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].includes(String(inner.code));
}

/** The body of a form, as token endpoints want it (RFC 6749 §4). */
export const formBody = (values: Readonly<Record<string, string>>): NonNullable<Asked['body']> => ({
  type: 'application/x-www-form-urlencoded',
  bytes: new URLSearchParams(values).toString(),
});

/** The JSON of an answer in its shape. Throws RequestFailed; zod's own text can repeat what the vendor wrote, so it is no cause to keep. */
export function parsed<Shape extends z.ZodType>(
  request: string,
  schema: Shape,
  { bytes, status }: Pick<Answer, 'bytes' | 'status'>,
  facts: { readonly mayHaveArrived?: boolean } = {},
): z.output<Shape> {
  const result = schema.safeParse(jsonOf(bytes));
  if (!result.success) throw unfit(request, { bytes, status }, facts);
  return result.data;
}

const brokenToken =
  'The token for {vendor} holds a line break or a sign that no token has. Enter it again, in one line and without quotes.';

const sentElsewhere =
  '{vendor} names an address at another host, where nothing is sent with this access. Check the address of the connection.';

/** What an answer that is not what was asked for says of itself: whoever is told to check an address would look in the wrong place. */
export function unfit(
  request: string,
  { bytes, status }: Pick<Answer, 'bytes' | 'status'>,
  facts: { readonly mayHaveArrived?: boolean } = {},
): RequestFailed {
  const json = jsonOf(bytes);
  const begun = new TextDecoder().decode(bytes.subarray(0, 64)).trimStart();
  const sentence = holdsError(json)
    ? `{vendor} sent an error in the place of ${request}, and said with HTTP ${status} that all is well. Try again later; if it happens again, tell {vendor}.`
    : json === null && /^[[{]/.test(begun) && isJson(new TextDecoder().decode(bytes))
      ? `The answer of {vendor} for ${request} holds bytes that are no UTF-8, so letters of it cannot be told. Try again; if it happens again, tell {vendor}.`
      : json === null && /^[[{]/.test(begun)
        ? `The answer of {vendor} for ${request} ends in its middle, after ${bytes.length.toLocaleString('en-US')} bytes. Try again.`
        : null;
  return new RequestFailed('invalid-response', request, { status, sentence, ...facts });
}

const errorKeys = ['error', 'errors', 'errorCode', 'code', 'message', 'detail', 'serviceErrorCode'] as const;
/** Whether it says of itself that something went wrong, as the errors of all these vendors do. */
export function holdsError(json: unknown): boolean {
  const said: unknown = Array.isArray(json) ? json[0] : json;
  return typeof said === 'object' && said !== null && errorKeys.some((key) => Object.hasOwn(said, key));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Null where it is no JSON, which is UTF-8 (RFC 8259 §8.1): a letter that was replaced by a sign for any letter would make another address. */
export function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}

/**
 * A vendor's address, with a slash at the end so that paths stand under it. Throws TypeError for one that may not be used: a token leaves
 * only encrypted, except to this machine.
 * @param what for the sentence: "The address of the automatic delivery"
 */
export function baseAddress(baseUrl: string, what: string): URL {
  const url = new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal)) throw new TypeError(`${what} must begin with https://.`);
  if (url.username !== '' || url.password !== '') throw new TypeError(`${what} may not hold a password.`);
  // What stands under it would take their place.
  if (url.search !== '' || url.hash !== '') throw new TypeError(`${what} may not hold a ? or #.`);
  return url;
}
