import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../config.ts';
import { type SecretKey, secretKeyOf } from '../store/seal-secret.ts';
import { ServeError } from './serve-error.ts';

/**
 * What the secrets of connections are sealed with: the key of the environment, or, with the embedded database, one that is made once and kept
 * beside it, for this user's eyes alone. Null: a database of one's own and no key, so that no secrets are kept. Throws ServeError.
 */
export async function findSecretKey(
  { secretKey, database }: Config,
  dataDir: string,
  log: (line: string) => void,
): Promise<SecretKey | null> {
  if (secretKey !== null) return secretKeyOf(secretKey);
  if (database !== null) return null;
  const file = path.join(dataDir, 'secret-key');
  const kept = (await readKey(file)) ?? (await makeKey(file, log));
  if (kept.length !== 32)
    throw new ServeError(
      `${file} holds no key (32 bytes, base64). Put its copy back, or delete it and type the secrets of connections in again.`,
    );
  return secretKeyOf(kept);
}

/** Null where there is no such file. */
async function readKey(file: string): Promise<Buffer | null> {
  try {
    return Buffer.from((await readFile(file, 'utf8')).trim(), 'base64');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function makeKey(file: string, log: (line: string) => void): Promise<Buffer> {
  const fresh = `${file}.${process.pid}`;
  const made = randomBytes(32);
  try {
    await writeFile(fresh, `${made.toString('base64')}\n`, { mode: 0o600, flush: true });
    // Fails where it is there by now: of two processes that start at once one makes it, and the other reads a whole one.
    await link(fresh, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return (await readKey(file)) ?? made;
  } finally {
    await rm(fresh, { force: true });
  }
  log(
    `A key for the secrets of connections was made: ${file}. Keep a copy apart from backups of the database; without it they have to be typed in again.`,
  );
  return made;
}
