import { createHmac } from 'node:crypto';
import { request as requestByHttp } from 'node:http';
import { request as requestByHttps } from 'node:https';
import { isIP } from 'node:net';
import { MailNotSent } from '../../connectors/errors.ts';
import { retryAfterMs } from '../../connectors/retry.ts';
import { AddressNotPublic, isPublicAddress, lookUpPublic } from './public-address.ts';

export interface SignedWebhook {
  readonly url: string;
  /** `whsec_` and base64 of 24 to 64 bytes. */
  readonly secret: string;
}

/** How long the receiver may take, in milliseconds: Standard Webhooks advises 15 to 30 seconds. */
const answerWithin = 20_000;

const sentences = {
  place: 'The webhook leads to an address inside a network. Give one of the public internet.',
  gone: 'The receiver says that this webhook is gone. Delete the channel, or give a new address.',
  refused: 'The receiver refused it.',
  redirect: 'The receiver sent it to another address, and that is not followed. Give the address itself.',
  later: 'The receiver did not take it for now.',
  late: 'The receiver did not answer in time.',
  unreachable: 'The receiver cannot be reached. Check its address and its certificate.',
} as const;

const loopback = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/u;

/** Null: a webhook may have this address; else why not. What its name leads to is looked at with each delivery. */
export function notASignedWebhook(address: string, { allowLoopback = false } = {}): string | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url && allowLoopback && url.protocol === 'http:' && loopback.test(url.hostname)) return null;
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '')
    return 'Give an address that begins with https:// and holds no user name.';
  const host = url.hostname.replace(/^\[|\]$/gu, '');
  if (host === 'localhost' || host.endsWith('.localhost') || (isIP(host) !== 0 && !isPublicAddress(host))) return sentences.place;
  return null;
}

/** `v1,` and base64 of HMAC-SHA256 over id, timestamp and body (standardwebhooks.com, "Signature scheme"). @param at seconds since 1970 */
export function signWebhook(secret: string, id: string, at: number, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/u, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')}`;
}

/**
 * Posts one signed message. Resolves when the receiver has taken it (2xx). A repeat has the same id, by which a receiver knows it, so that one
 * which did not answer is sent again.
 * @param allowLoopback http to this machine, for tests
 * @returns throws MailNotSent; nothing of the receiver's words, and not its address, stands in it
 */
export async function postSigned(
  webhook: SignedWebhook,
  message: { readonly id: string; readonly body: string },
  {
    signal,
    within = answerWithin,
    allowLoopback = false,
    now = Date.now,
  }: { readonly signal: AbortSignal; readonly within?: number; readonly allowLoopback?: boolean; readonly now?: () => number },
): Promise<void> {
  signal.throwIfAborted();
  const refusal = notASignedWebhook(webhook.url, { allowLoopback });
  if (refusal !== null) throw new MailNotSent('refused', refusal);
  const seconds = Math.floor(now() / 1000);
  const timeout = AbortSignal.timeout(within);
  let answer: { readonly status: number; readonly retryAfter: string | null };
  try {
    answer = await send(new URL(webhook.url), message.body, AbortSignal.any([signal, timeout]), {
      'webhook-id': message.id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': signWebhook(webhook.secret, message.id, seconds, message.body),
    });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof AddressNotPublic) throw new MailNotSent('refused', sentences.place);
    // Without the cause: it can hold the address.
    throw new MailNotSent('not-now', timeout.aborted ? sentences.late : sentences.unreachable);
  }
  const { status, retryAfter } = answer;
  if (status >= 200 && status < 300) return;
  if (status === 410) throw new MailNotSent('refused', sentences.gone);
  if (status >= 300 && status < 400) throw new MailNotSent('refused', sentences.redirect);
  if (status === 408 || status === 429 || status >= 500)
    throw new MailNotSent('not-now', sentences.later, { retryAfterMs: retryAfterMs(retryAfter, now()) });
  throw new MailNotSent('refused', sentences.refused);
}

function send(url: URL, body: string, signal: AbortSignal, headers: Record<string, string>) {
  const isPlain = url.protocol === 'http:';
  return new Promise<{ status: number; retryAfter: string | null }>((resolve, reject) => {
    const request = (isPlain ? requestByHttp : requestByHttps)(
      url,
      {
        method: 'POST',
        signal,
        // A connection of its own: one that is kept could have been made to another address.
        agent: false,
        ...(isPlain ? {} : { lookup: lookUpPublic }),
        headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'user-agent': 'Seatmatch' },
      },
      (response) => {
        // What it says is nobody's business here; only that it ended counts.
        response.resume();
        response.once('error', reject);
        response.once('end', () => resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] ?? null }));
      },
    );
    request.once('error', reject);
    request.end(body);
  });
}
