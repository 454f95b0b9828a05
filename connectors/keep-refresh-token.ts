import { readFile, rename, writeFile } from 'node:fs/promises';
import { RequestFailed } from './errors.ts';

/** Where a refresh token is kept: a vendor may give a new one with every use, and the one before is then worth nothing. */
export interface RefreshTokenKeeper {
  /** The newest. */
  read(): string | Promise<string>;
  /** Resolves when it is stored for good; only then the access that came with it is used. Its own errors are thrown as they are. */
  write(refreshToken: string): Promise<void>;
  /**
   * For a store that several processes share: reading, asking the vendor and writing are one turn, and nobody else has one meanwhile. Two
   * that send the same token at once look to the vendor like a stolen one. What was written is kept once the turn resolves.
   */
  turn?<Value>(work: (keeper: Pick<RefreshTokenKeeper, 'read' | 'write'>) => Promise<Value>): Promise<Value>;
}

/**
 * Has the newest refresh token exchanged, and the one that comes in its place stored before the access is used.
 * @param exchange asks the vendor; `refreshToken` null where none came along
 */
export function tokenRenewal<Access>(
  keeper: RefreshTokenKeeper,
  exchange: (refreshToken: string, signal: AbortSignal) => Promise<{ readonly access: Access; readonly refreshToken: string | null }>,
): (signal: AbortSignal) => Promise<Access> {
  /** Given by the vendor and not stored yet: the one in the store is then worth nothing. */
  let unstored: string | null = null;
  return async (signal) => {
    const inTurn = async ({ read, write }: Pick<RefreshTokenKeeper, 'read' | 'write'>): Promise<Access> => {
      // One that could not be stored last time is stored before it is used.
      if (unstored !== null) await write(unstored);
      const sent = unstored ?? (await read());
      const { access, refreshToken } = await exchange(sent, signal);
      if (refreshToken !== null && refreshToken !== sent) {
        unstored = refreshToken;
        await write(refreshToken);
      }
      return access;
    };
    const access = await (keeper.turn ? keeper.turn(inTurn) : inTurn(keeper));
    unstored = null;
    return access;
  };
}

/** Either way that a configuration file names one. */
export const keeperOf = (named: { readonly refreshToken?: string; readonly refreshTokenFile?: string }): RefreshTokenKeeper =>
  named.refreshTokenFile === undefined ? fixedRefreshToken(named.refreshToken ?? '') : refreshTokenFile(named.refreshTokenFile);

/** A refresh token in a file that only its owner reads. A new one takes its place in one step. */
export const refreshTokenFile = (path: string): RefreshTokenKeeper => ({
  async read() {
    const token = (await readFile(path, 'utf8').catch(() => '')).trim();
    // Nobody has connected yet.
    if (token === '') throw new RequestFailed('unauthorized', 'access token');
    return token;
  },
  async write(token) {
    await writeFile(`${path}.new`, `${token}\n`, { mode: 0o600, flush: true });
    await rename(`${path}.new`, path);
  },
});

/** A refresh token that cannot be replaced. An app that rotates it needs a file: what it gives would be lost with this process. */
export const fixedRefreshToken = (token: string): RefreshTokenKeeper => ({
  read: () => token,
  write: () => Promise.reject(new RequestFailed('not-supported', 'new refresh token')),
});
