import { z } from 'zod';
import type { UploadDelivery } from '../connector.ts';
import { RequestFailed } from '../errors.ts';
import { authorizationOf } from '../hold-token.ts';
import { pause } from '../rate-limit.ts';
import { retryAfterMs } from '../retry.ts';
import { type Asked, baseAddress, parsed, requestSender, type SenderOptions } from '../send-request.ts';

/** Where things are under the base address; `{id}` stands for what the upload answered. */
export interface DeliveryPaths {
  readonly uploads: string;
  readonly result: string;
  readonly exports: string;
  /** Null: not offered. */
  readonly licenses: string | null;
}

/** LinkedIn documents the steps of its HTTPS upload (get a token, upload, download the result) and no address: every one is a setting. */
export const deliveryPaths: DeliveryPaths = {
  uploads: 'uploads',
  result: 'uploads/{id}/result',
  exports: 'exports',
  licenses: 'licenses',
};

export interface HttpsDeliveryOptions extends Pick<SenderOptions, 'retries' | 'timeoutMs' | 'largestBytes' | 'random' | 'limiter'> {
  /** `https://…`; `http://` only to this machine. */
  readonly baseUrl: string;
  /** The bearer token. Asked for again, with the refused one, when it was not accepted; the same one again means that there is no newer. */
  readonly token: (refused: string | null) => string | Promise<string>;
  readonly paths?: Partial<DeliveryPaths>;
  /** Until a result is there; default 600,000. */
  readonly resultWithinMs?: number;
  /** Between two looks for a result, where the vendor does not say; default 2,000. */
  readonly lookEveryMs?: number;
}

const uploadAnswer = z.object({ id: z.union([z.string().min(1).max(200), z.int().transform(String)]) });
const amount = z.int().min(0).nullish();
const licensesAnswer = z.object({ freeLicenses: amount, assignmentsLeft: amount });

/**
 * Hands upload files to LinkedIn over HTTPS and brings result files and exports back. Every failure is a RequestFailed, or the signal's
 * reason. Reads are repeated after a pause; an upload only when it was turned away before anything was done.
 * Throws TypeError for an address that may not be used.
 */
export function httpsDelivery(options: HttpsDeliveryOptions): UploadDelivery {
  const base = baseAddress(options.baseUrl, 'The address of the automatic delivery');
  const paths = { ...deliveryPaths, ...options.paths };
  const { resultWithinMs = 600_000, lookEveryMs = 2_000 } = options;
  const at = (path: string): URL => new URL(path, base);
  const send = requestSender({
    ...options,
    mayReach: ({ origin }) => origin === base.origin,
    authorization: authorizationOf('Bearer', options.token),
  });

  async function resultOf(id: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const asked: Asked = { request: 'result', method: 'GET', url: at(paths.result.replace('{id}', encodeURIComponent(id))), isSafe: true };
    const until = performance.now() + resultWithinMs;
    for (;;) {
      const looked = await send(asked, signal, ({ status, headers, bytes }) =>
        status === 202 ? { againMs: retryAfterMs(headers.get('retry-after'), Date.now()) } : { result: csvOf('result', bytes) },
      );
      if ('result' in looked) return looked.result;
      if (performance.now() >= until) throw new RequestFailed('timeout', 'result', { status: 202 });
      await pause(looked.againMs ?? lookEveryMs, signal);
    }
  }

  return {
    async upload(name, bytes, { signal } = {}) {
      const url = at(paths.uploads);
      url.searchParams.set('name', name);
      const asked: Asked = { request: 'upload', method: 'POST', url, body: { type: 'text/csv', bytes }, isSafe: false };
      const id = await send(asked, signal, (answer) => parsed('upload', uploadAnswer, answer, { mayHaveArrived: true }).id);
      try {
        return { result: await resultOf(id, signal) };
      } catch (error) {
        if (!(error instanceof RequestFailed)) throw error;
        // The file is with LinkedIn by now, whatever became of its result.
        const { code, request, status, retryAfterMs } = error;
        throw new RequestFailed(code, request, { status, retryAfterMs, mayHaveArrived: true }, { cause: error });
      }
    },

    async exportUsers(who, { signal } = {}) {
      const askedAt = new Date().toISOString();
      const bytes = new TextEncoder().encode(JSON.stringify(who === 'all' ? {} : { emails: who.emails }));
      const body = { type: 'application/json', bytes };
      const asked: Asked = { request: 'export', method: 'POST', url: at(paths.exports), body, isSafe: true };
      return send(asked, signal, ({ headers, bytes }) => {
        const shown = headers.get('users-shown');
        const asOf = headers.get('as-of');
        const isOdd = (shown !== null && !/^\d{1,9}$/.test(shown)) || (asOf !== null && Number.isNaN(Date.parse(asOf)));
        if (isOdd) throw new RequestFailed('invalid-response', 'export');
        return {
          bytes: csvOf('export', bytes),
          usersShown: shown === null ? null : Number(shown),
          asOf: asOf === null ? askedAt : new Date(asOf).toISOString(),
        };
      });
    },

    async facts({ signal } = {}) {
      if (paths.licenses === null) return null;
      const asked: Asked = { request: 'licenses', method: 'GET', url: at(paths.licenses), isSafe: true };
      const { freeLicenses = null, assignmentsLeft = null } = await send(asked, signal, (answer) =>
        parsed('licenses', licensesAnswer, answer),
      );
      return { freeLicenses, assignmentsLeft };
    },
  };
}

/** A CSV ends with a line break; an answer that does not was cut off on its way. */
function csvOf(request: 'result' | 'export', bytes: Uint8Array): Uint8Array {
  if (bytes.at(-1) !== 10 && bytes.at(-1) !== 13) throw new RequestFailed('invalid-response', request);
  return bytes;
}
