import { setTimeout as sleep } from 'node:timers/promises';

/** What a vendor lets one connection do. */
export interface RateLimit {
  /** How many requests may begin within any window; default as many as there are. */
  readonly rate?: { readonly requests: number; readonly windowMs: number };
  /** Requests that may be under way at once; default as many as there are. */
  readonly concurrent?: number;
}

export interface RateLimiter {
  /** Resolves when one more request may begin, in the order of asking, to what is called when it has ended. Rejects with the signal's reason. */
  take(signal?: AbortSignal): Promise<() => void>;
  /** Nothing begins before: a vendor that names a moment means it for all requests of the connection. Milliseconds from now. */
  holdFor(ms: number): void;
  /** Milliseconds until anything may begin; 0 where nothing is held. */
  heldMs(): number;
}

/** Rejects with the signal's own reason. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await sleep(ms, undefined, signal ? { signal } : {}).catch((error: unknown) => {
    throw signal?.aborted ? signal.reason : error;
  });
}

/**
 * A sliding window: never more than `rate.requests` begin within any `rate.windowMs`, wherever the vendor's own window starts. One for each
 * connection, so that no company waits for another.
 * @param now milliseconds that only go forward
 */
export function rateLimiter({ rate, concurrent = Number.POSITIVE_INFINITY }: RateLimit, now = () => performance.now()): RateLimiter {
  /** When the last `rate.requests` requests began, oldest first. */
  const begun: number[] = [];
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
      const oldest = rate === undefined || begun.length < rate.requests ? Number.NEGATIVE_INFINITY : begun[0]! + rate.windowMs;
      const wait = Math.max(oldest, heldUntil) - now();
      if (wait <= 0) break;
      // A timer may fire a little early.
      await pause(Math.ceil(wait) + 1, signal);
    }
    if (rate !== undefined) begun.push(now());
    if (rate !== undefined && begun.length > rate.requests) begun.shift();
    underWay += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      underWay -= 1;
      wake();
    };
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
    holdFor(ms) {
      heldUntil = Math.max(heldUntil, now() + ms);
    },
    heldMs: () => Math.max(0, heldUntil - now()),
  };
}
