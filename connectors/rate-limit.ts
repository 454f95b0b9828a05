import { setTimeout as sleep } from 'node:timers/promises';
import type { SharedState } from './connector.ts';

/** What a vendor lets one connection do. */
export interface RateLimit {
  /** How many requests may begin within any window; default as many as there are. */
  readonly rate?: {
    readonly requests: number;
    readonly windowMs: number;
    /**
     * When a request is taken for arrived, and counted. Requests take unequally long on their way, so that a vendor's window may begin with a
     * late one of ours and end with an early one: by its answer it surely had arrived. Default as it begins.
     */
    readonly countedBy?: 'begin' | 'answer';
  };
  /** Requests that may be under way at once; default as many as there are. */
  readonly concurrent?: number;
}

export interface RateLimiter {
  /** Resolves when one more request may begin, in the order of asking, to what is called when it has ended. Rejects with the signal's reason. */
  take(signal?: AbortSignal): Promise<() => void>;
  /** Nothing begins before: a vendor that names a moment means it for all requests of the connection. Milliseconds from now. */
  holdFor(ms: number): void | Promise<void>;
  /** Milliseconds until anything may begin; 0 where nothing is held. */
  heldMs(): number | Promise<number>;
}

/** A longer timer of Node's fires at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Rejects with the signal's own reason. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  let left = ms;
  do {
    await sleep(Math.min(left, longestTimerMs), undefined, signal ? { signal } : {}).catch((error: unknown) => {
      throw signal?.aborted ? signal.reason : error;
    });
    left -= longestTimerMs;
  } while (left > 0);
}

/**
 * A sliding window: never more than `rate.requests` begin within any `rate.windowMs`, wherever the vendor's own window starts. One for each
 * connection, so that no company waits for another.
 * @param shared the window and what is held, for all who have the same connection open; how many are under way at once each counts alone
 */
export function rateLimiter({ rate, concurrent = Number.POSITIVE_INFINITY }: RateLimit, shared?: SharedState): RateLimiter {
  const now = () => performance.now();
  /** By when each of the last requests had arrived. */
  const arrived: { by: number }[] = [];
  let underWay = 0;
  let heldUntil = Number.NEGATIVE_INFINITY;
  let turn: Promise<void> = Promise.resolve();
  let wake = (): void => {};

  async function begin(signal: AbortSignal | undefined): Promise<() => void> {
    for (;;) {
      signal?.throwIfAborted();
      if (underWay >= concurrent) {
        await oneEnds(signal);
        continue;
      }
      const wait = Math.max(freeAt(), heldUntil) - now();
      if (wait <= 0) {
        const othersMs = rate === undefined ? 0 : ((await shared?.begin(rate)) ?? 0);
        if (othersMs <= 0) break;
        await pause(Math.ceil(othersMs), signal);
        continue;
      }
      if (wait === Number.POSITIVE_INFINITY) {
        await oneEnds(signal);
        continue;
      }
      // A timer may fire a little early.
      await pause(Math.ceil(wait) + 1, signal);
    }
    const arrival = { by: rate?.countedBy === 'answer' ? Number.POSITIVE_INFINITY : now() };
    if (rate !== undefined) arrived.push(arrival);
    underWay += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      underWay -= 1;
      arrival.by = Math.min(arrival.by, now());
      wake();
    };
  }

  /** When one request fewer than may be is in the window; infinity where that is when one is answered. */
  function freeAt(): number {
    if (rate === undefined || arrived.length < rate.requests) return Number.NEGATIVE_INFINITY;
    const first = arrived.reduce((least, one, index) => (one.by < arrived[least]!.by ? index : least), 0);
    const free = arrived[first]!.by + rate.windowMs;
    if (free <= now()) arrived.splice(first, 1);
    return free;
  }

  async function oneEnds(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    wake = resolve;
    const abort = (): void => reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    await promise.finally(() => signal?.removeEventListener('abort', abort));
  }

  return {
    take(signal) {
      const mine = turn.then(() => begin(signal));
      turn = mine.then(
        () => {},
        () => {},
      );
      return mine;
    },
    async holdFor(ms) {
      heldUntil = Math.max(heldUntil, now() + ms);
      await shared?.holdFor(ms);
    },
    async heldMs() {
      if (shared !== undefined) heldUntil = Math.max(heldUntil, now() + (await shared.heldMs()));
      return Math.max(0, heldUntil - now());
    },
  };
}
