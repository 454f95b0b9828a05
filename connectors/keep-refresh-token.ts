import { readFile, rename, writeFile } from 'node:fs/promises';
import { RequestFailed } from './errors.ts';

/** Where a refresh token is kept: a vendor may give a new one with every use, and the one before is then worth nothing. */
export interface RefreshTokenKeeper {
  /** The newest. */
  read(): string | Promise<string>;
  /** Resolves when it is stored for good; only then the access that came with it is used. Its own errors are thrown as they are. */
  write(refreshToken: string): Promise<void>;
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
