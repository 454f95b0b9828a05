import type pg from 'pg';
import { pruneEvents } from '../store/event.ts';
import { pruneIdempotencyKeys } from '../store/idempotency-key.ts';

const everyMs = 10 * 60_000;

/** Forgets what is kept for a while only, now and every ten minutes, until told to stop. Several processes may do so at once. */
export function forgetOld(pool: pg.Pool, onError: (error: unknown) => void): { stop(): Promise<void> } {
  const forget = async () => {
    for (const prune of [pruneEvents, pruneIdempotencyKeys]) await prune(pool).catch(onError);
  };
  let running = forget();
  const timer = setInterval(() => {
    running = forget();
  }, everyMs).unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
