import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { RequestFailed } from './errors.ts';
import { pause } from './rate-limit.ts';

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

/**
 * A refresh token in a file that only its owner reads. A new one takes its place in one step, and of several processes of this machine one
 * has its turn: its number stands in `PATH.lock` meanwhile. Throws RequestFailed `unavailable` where another one holds it for a minute.
 */
export function refreshTokenFile(path: string): RefreshTokenKeeper {
  const lock = `${path}.lock`;
  const keeper = {
    async read() {
      const token = (await readFile(path, 'utf8').catch(() => '')).trim();
      // Nobody has connected yet.
      if (token === '') throw new RequestFailed('unauthorized', 'access token');
      return token;
    },
    async write(token: string) {
      await writeFile(`${path}.new`, `${token}\n`, { mode: 0o600, flush: true });
      await rename(`${path}.new`, path);
    },
  };
  async function take(): Promise<void> {
    for (let waited = 0; ; waited += lockLookMs) {
      try {
        return await writeFile(lock, String(process.pid), { flag: 'wx', mode: 0o600 });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
      // Whoever took it died with it.
      if (holder > 0 && !isAlive(holder)) await rm(lock, { force: true });
      else if (waited >= lockPatienceMs) throw new RequestFailed('unavailable', 'access token');
      else await pause(lockLookMs);
    }
  }
  return {
    ...keeper,
    async turn(work) {
      await take();
      try {
        return await work(keeper);
      } finally {
        await rm(lock, { force: true });
      }
    },
  };
}

const lockLookMs = 100;
const lockPatienceMs = 60_000;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process lives as well.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A refresh token that cannot be replaced. An app that rotates it needs a file: what it gives would be lost with this process. */
export const fixedRefreshToken = (token: string): RefreshTokenKeeper => ({
  read: () => token,
  write: () => Promise.reject(new RequestFailed('not-supported', 'new refresh token')),
});
