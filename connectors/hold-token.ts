import type { AccessToken, SharedState } from './connector.ts';

export interface TokenHolder {
  /** The token to send: the one there is, a new one where it is about to end or is the refused one. */
  token(refused: string | null, signal?: AbortSignal): Promise<string>;
}

/**
 * One access token for all requests of a connection. However many of them find it ended, it is fetched once.
 * @param fetchToken asks the vendor; whatever must outlive this process, such as a rotated refresh token, it stores before it resolves
 * @param earlyMs how long before its end a token is no longer used, or half of a life that is no longer than that; default a minute
 * @param shared where other openings of the same connection find it, and this one theirs
 * @param adopt told of each token before it is used, wherever it came from; what it throws refuses the token
 */
export function tokenHolder(
  fetchToken: (signal: AbortSignal, before: AccessToken | null) => Promise<AccessToken>,
  {
    earlyMs = 60_000,
    now = Date.now,
    shared,
    adopt = () => {},
  }: {
    readonly earlyMs?: number;
    readonly now?: () => number;
    readonly shared?: SharedState | undefined;
    readonly adopt?: (token: AccessToken) => void;
  } = {},
): TokenHolder {
  let held: AccessToken | null = null;
  let coming: Promise<AccessToken> | null = null;
  let fetchedAt = 0;

  const isUsable = (token: AccessToken, refused: string | null): boolean => {
    if (token.value === refused) return false;
    if (token.endsAt === null) return true;
    // One that lives no longer than that would be fetched anew for every request.
    const life = token === held ? token.endsAt - fetchedAt : Number.POSITIVE_INFINITY;
    return token.endsAt - (life > earlyMs ? earlyMs : life / 2) > now();
  };

  /** Not ended by one caller's signal: others wait for the same token, and a rotated one must be kept. */
  function fetchOnce(refused: string | null): Promise<AccessToken> {
    coming ??= newest(refused).finally(() => {
      coming = null;
    });
    return coming;
  }

  async function newest(refused: string | null): Promise<AccessToken> {
    const kept = (await shared?.access?.read()) ?? held;
    const isKept = kept !== null && isUsable(kept, refused);
    const token = isKept ? kept : await fetchToken(AbortSignal.timeout(120_000), kept);
    if (!isKept) fetchedAt = now();
    adopt(token);
    if (!isKept) await shared?.access?.write(token);
    held = token;
    return token;
  }

  return {
    async token(refused, signal) {
      signal?.throwIfAborted();
      if (held !== null && isUsable(held, refused)) return held.value;
      return (await untilAborted(fetchOnce(refused), signal)).value;
    },
  };
}

/** The `authorization` of a request: the token behind its scheme. Asked for again with the refused header, it asks for a newer token. */
export const authorizationOf =
  (scheme: string, token: (refused: string | null, signal?: AbortSignal) => string | Promise<string>) =>
  async (refused: string | null, signal?: AbortSignal): Promise<string> =>
    `${scheme} ${await token(refused?.slice(scheme.length + 1) ?? null, signal)}`;

async function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', abort));
}
