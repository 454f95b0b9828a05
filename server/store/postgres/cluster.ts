import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Account, giveTo } from './account.ts';
import { identifyProcess, isAlive } from './process-identity.ts';
import type { PostgresProgram } from './program.ts';
import { runWatched } from './run-watched.ts';
import { PostgresUnavailableError } from './unavailable-error.ts';

/** The PostgreSQL of the packages; a data directory is read by its own major version only. */
const majorVersion = '18';
const sideName = /^database\.new-(\d+)-(\w+)-\w+$/;

/** The two roles' passwords, kept beside the data in a file of mode 0600. */
export type Passwords = { owner: string; app: string };

/** How a database is made; one that is not `durable` may be lost by a power cut. */
export type Initialisation = { program: PostgresProgram; account: Account; env: Record<string, string>; durable: boolean };

/** Where things are under Seatmatch's data directory. */
export function clusterPlaces(dataDir: string) {
  const database = path.join(dataDir, 'database');
  return { database, cluster: path.join(database, 'cluster'), passwords: path.join(database, 'passwords.json') };
}

/**
 * Makes the database directory unless it is there. It is made aside and renamed, so it is either whole or not there; what a killed
 * process left aside is removed.
 */
export async function ensureCluster(dataDir: string, how: Initialisation): Promise<void> {
  const { database, cluster } = clusterPlaces(dataDir);
  await removeAbandoned(dataDir);
  if (!existsSync(database)) await initialise(dataDir, how);
  const version = (await readFile(path.join(cluster, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  if (version !== majorVersion) {
    throw new PostgresUnavailableError(
      version === ''
        ? `${database} is not a Seatmatch database (it has no cluster/PG_VERSION): move it away or choose another data directory.`
        : `The database in ${database} was made by PostgreSQL ${version} and this is PostgreSQL ${majorVersion}: export it with pg_dump of version ${version} and restore it into a new data directory.`,
    );
  }
}

/** Reads the passwords; as a normal user only its owner can. */
export async function readPasswords(dataDir: string): Promise<Passwords> {
  const file = clusterPlaces(dataDir).passwords;
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Passwords;
  } catch (cause) {
    throw new PostgresUnavailableError(`The database passwords in ${file} cannot be read: run Seatmatch as the user who owns that file.`, {
      cause,
    });
  }
}

async function initialise(dataDir: string, { program, account, env, durable }: Initialisation): Promise<void> {
  const self = identifyProcess(process.pid);
  const side = path.join(dataDir, `database.new-${process.pid}-${self?.startedAt ?? 'unknown'}-${randomBytes(4).toString('hex')}`);
  await mkdir(side, { mode: 0o700 });
  const passwords: Passwords = { owner: randomBytes(24).toString('hex'), app: randomBytes(24).toString('hex') };
  await writeFile(path.join(side, 'passwords.json'), JSON.stringify(passwords), { mode: 0o600 });
  const passwordFile = path.join(side, 'initdb-password');
  await writeFile(passwordFile, passwords.owner, { mode: 0o600 });
  await giveTo(account, side);
  const logFile = path.join(dataDir, 'initdb.log');
  const [command, ...before] = [...account.prefix, program.initdb];
  const args = ['-D', path.join(side, 'cluster'), '-U', ownerRole, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const initdb = await runWatched({
    command: command!,
    args: [...before, ...args, '--locale=C', '--encoding=UTF8', '--no-instructions', ...(durable ? [] : ['--no-sync'])],
    cwd: side,
    env,
    logFile,
    ...ids(account),
  });
  const code = await initdb.exited;
  if (code !== 0) {
    const last = (await readFile(logFile, 'utf8').catch(() => '')).trim().split('\n').slice(-3).join(' ');
    await rm(side, { recursive: true, force: true, maxRetries: 5 });
    throw new PostgresUnavailableError(`PostgreSQL could not make a database in ${dataDir} (initdb ended with ${code}: ${last}).`);
  }
  await rm(passwordFile);
  await rm(logFile, { force: true });
  try {
    await rename(side, clusterPlaces(dataDir).database);
  } catch (cause) {
    await rm(side, { recursive: true, force: true, maxRetries: 5 });
    // Another process was quicker: its database is the one.
    if (!existsSync(clusterPlaces(dataDir).database)) throw cause;
  }
}

async function removeAbandoned(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    const match = sideName.exec(name);
    if (!match) continue;
    const maker = { pid: Number(match[1]), startedAt: match[2] === 'unknown' ? null : match[2]! };
    // A killed process's initdb may still write for a moment: retries outlast it.
    if (!isAlive(maker)) await rm(path.join(dataDir, name), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

/** Hands a file that root writes into somebody else's directory to the directory's owner. */
export async function matchOwner(file: string, directory: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(directory);
  await chown(file, uid, gid);
}

/** The superuser that owns the tables and runs the migrations. */
export const ownerRole = 'seatmatch_owner';

export function ids(account: Account): { uid?: number; gid?: number } {
  return account.uid === undefined ? {} : { uid: account.uid, gid: account.gid ?? account.uid };
}
