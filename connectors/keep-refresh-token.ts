import { access, constants, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { CheckLine } from './connector.ts';
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
  /** What a person has to do before the next process starts; null: nothing. */
  warning?(): string | null;
}

/** Its warning as a line of a check, where there is one. */
export function tokenWarning(keeper: RefreshTokenKeeper): readonly CheckLine[] {
  const sentence = keeper.warning?.() ?? null;
  return sentence === null ? [] : [{ what: 'token-end', verdict: 'bad', sentence }];
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

/** Either way that a configuration file names one. @param connection its name, for what is said to a person */
export const keeperOf = (
  named: { readonly refreshToken?: string; readonly refreshTokenFile?: string },
  connection: string,
): RefreshTokenKeeper =>
  named.refreshTokenFile === undefined ? fixedRefreshToken(named.refreshToken ?? '', connection) : refreshTokenFile(named.refreshTokenFile);

/** Nothing was asked of the vendor, and a person has to mend it. */
const refuse = (sentence: string, cause?: unknown): RequestFailed =>
  new RequestFailed('unauthorized', 'access token', { sentence }, cause === undefined ? {} : { cause });

/**
 * A refresh token in a file that only its owner reads. A new one takes its place in one step, and of several processes one has its turn: it
 * holds `PATH.turn` as a locked SQLite database, whose lock the operating system takes back when the process ends, however it ends. The file
 * itself stays: whoever removed it could remove it under somebody who holds it.
 * Throws RequestFailed `unauthorized` before anything is asked where a new token could not be stored, and `unavailable` where another process
 * holds the turn for longer than `patienceMs`; default longer than an exchange may take.
 */
export function refreshTokenFile(path: string, { patienceMs = 150_000 }: { readonly patienceMs?: number } = {}): RefreshTokenKeeper {
  const lock = `${path}.turn`;
  const fresh = `${path}.new`;
  const keeper = {
    async read() {
      const token = ((await leftOver()) ?? (await readFile(path, 'utf8').catch(() => ''))).trim();
      if (token === '') throw refuse(`There is no refresh token in ${path}. Sign in at the vendor, and put the refresh token there.`);
      return token;
    },
    async write(token: string) {
      try {
        await writeFile(fresh, `${token}\n`, { mode: 0o600, flush: true });
        await rename(fresh, path);
      } catch (cause) {
        // Kept in this process, and tried again before the next use.
        const sentence = `The vendor replaced the refresh token, and the new one could not be stored in ${path}. Make room or give the right to write there; where this process ends before, sign in again.`;
        throw new RequestFailed('unavailable', 'access token', { sentence }, { cause });
      }
    },
  };
  /** Of a process that ended between the two steps of storing: whole, and newer than the one in its place. */
  async function leftOver(): Promise<string | null> {
    const [text, at, since] = await Promise.all([
      readFile(fresh, 'utf8').catch(() => ''),
      stat(fresh).catch(() => null),
      stat(path).catch(() => null),
    ]);
    return text.endsWith('\n') && at !== null && at.mtimeMs >= (since?.mtimeMs ?? 0) ? text : null;
  }
  async function take(): Promise<DatabaseSync> {
    await access(dirname(path), constants.W_OK).catch((cause: unknown) => {
      throw refuse(
        `The folder ${dirname(path)} is not there or cannot be written to, so a new refresh token could not be stored in ${path}. Make the folder, or name another file as refreshTokenFile.`,
        cause,
      );
    });
    for (const until = performance.now() + patienceMs; ; await pause(lockLookMs)) {
      const held = await heldLock(lock);
      if (held !== null) return held;
      if (performance.now() >= until)
        throw new RequestFailed('unavailable', 'access token', {
          sentence: `Another process of Seatmatch is renewing the access and holds ${lock}. Find it and end it, where it hangs; its turn ends with it. Then try again.`,
        });
    }
  }
  return {
    ...keeper,
    async turn(work) {
      const held = await take();
      try {
        return await work(keeper);
      } finally {
        held.close();
      }
    },
  };
}

const lockLookMs = 100;
/** SQLITE_BUSY and SQLITE_CANTOPEN (sqlite.org/rescode.html). */
const busy = 5;
const cannotOpen = 14;

/** Null: somebody else holds it. */
async function heldLock(path: string): Promise<DatabaseSync | null> {
  // Only where there is such a file: Node has called this module experimental, and says so on the error stream.
  const { DatabaseSync } = await import('node:sqlite');
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    // Nothing is ever written, so that nothing has to be kept for a way back.
    database.exec('pragma journal_mode = memory; begin exclusive');
    return database;
  } catch (error) {
    database?.close();
    const { errcode } = error as { readonly errcode?: number };
    if (errcode === busy) return null;
    if (errcode === cannotOpen) throw refuse(`${path} cannot be written to. Give Seatmatch the right to it, or remove it.`, error);
    throw refuse(`${path} is no lock of Seatmatch. Remove it, or name another file as refreshTokenFile.`, error);
  }
}

/**
 * A refresh token where nothing can be written: in the configuration or the environment. Where the vendor replaces it the new one serves this
 * keeper, and what to do is said once, on the error stream and in the connection's check.
 */
export function fixedRefreshToken(token: string, connection: string): RefreshTokenKeeper {
  let newest = token;
  return {
    read: () => newest,
    async write(refreshToken) {
      if (newest === token) process.emitWarning(replaced(connection), { code: 'SEATMATCH_REFRESH_TOKEN' });
      newest = refreshToken;
    },
    warning: () => (newest === token ? null : replaced(connection)),
  };
}

const replaced = (connection: string): string =>
  `The vendor replaced the refresh token of ${connection}, and the new one cannot be stored where the old one stands. This process goes on with it; the next one will be refused. Sign in again, put the new refresh token into a file, and name the file as refreshTokenFile.`;
