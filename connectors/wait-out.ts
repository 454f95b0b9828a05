import { RequestFailed } from './errors.ts';
import { pause } from './rate-limit.ts';

/** How long a listing waits where the vendor says when to come again: half of a long list is not thrown away for a minute. */
export interface Patience {
  /** In all, for one thing that is asked. */
  readonly longestMs: number;
  readonly signal: AbortSignal | undefined;
  /** Told of each wait before it begins. */
  readonly onWait: ((ms: number) => void) | undefined;
}

/** A connection's patience; its setting is in seconds, default five minutes, which is the longest window of a vendor's limit (Dataverse). */
export const patienceOf = (
  { longestWaitSeconds = 300 }: { readonly longestWaitSeconds?: number },
  { signal, onWait }: { readonly signal?: AbortSignal; readonly onWait?: (ms: number) => void },
): Patience => ({ longestMs: longestWaitSeconds * 1_000, signal, onWait });

const leastMs = 1_000;

/** Asks, and asks again after a wait that the vendor named, unless it is too long: then, and for every other failure, throws as `ask` did. */
export async function waitOut<Value>(ask: () => Promise<Value>, { longestMs, signal, onWait }: Patience): Promise<Value> {
  for (let left = longestMs; ; ) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof RequestFailed) || error.retryAfterMs === null) throw error;
      if (error.code !== 'rate-limited' && error.code !== 'unavailable') throw error;
      const ms = Math.max(leastMs, error.retryAfterMs);
      if (ms > left) throw error;
      left -= ms;
      onWait?.(ms);
      await pause(ms, signal);
    }
  }
}
