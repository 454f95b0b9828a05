import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { PostgresUnavailableError } from './unavailable-error.ts';

const run = promisify(execFile);

/** As whom PostgreSQL runs: words put before the command, and a user and group to change to. */
export type Account = { prefix: string[]; uid?: number; gid?: number };

/**
 * PostgreSQL refuses to run as root. As root it runs, in this order: as the user that owns the database already there; inside a user
 * namespace (`unshare -U`: the files stay root's, the server sees an unprivileged user); as `postgres` or `nobody`.
 *
 * @param database the directory that holds the database, there or not yet, inside Seatmatch's data directory
 * @param programs a directory the account must be able to enter as well
 * @throws PostgresUnavailableError when none of these works, or when a normal user meets somebody else's database
 */
export async function chooseAccount(database: string, programs: string): Promise<Account> {
  const dataDir = path.dirname(database);
  const self = process.getuid?.();
  if (self === undefined) return { prefix: [] };
  const there = await stat(database).catch(() => null);
  if (self !== 0) {
    if (there !== null && there.uid !== self) {
      throw new PostgresUnavailableError(
        `The database in ${database} belongs to user ${there.uid} and this is user ${self}: run Seatmatch as the user who made it, or choose another data directory.`,
      );
    }
    return { prefix: [] };
  }
  if (there !== null && there.uid !== 0) {
    await letThrough(dataDir);
    await assertReachable([database, programs], there.uid, there.gid);
    return { prefix: [], uid: there.uid, gid: there.gid };
  }
  if (await userNamespacesWork()) return { prefix: ['unshare', '-U'] };
  const other = unprivilegedUser();
  await letThrough(dataDir);
  await assertReachable([dataDir, programs], other.uid, other.gid);
  return { prefix: [], ...other };
}

/** Gives everything under `directory` to the account. Needed only where it changes the user. */
export async function giveTo(account: Account, directory: string): Promise<void> {
  if (account.uid === undefined) return;
  await run('chown', ['-R', `${account.uid}:${account.gid}`, directory]);
}

async function userNamespacesWork(): Promise<boolean> {
  return run('unshare', ['-U', 'true']).then(
    () => true,
    () => false,
  );
}

function unprivilegedUser(): { uid: number; gid: number } {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const user = users.find((fields) => fields[0] === name);
    if (user) return { uid: Number(user[2]), gid: Number(user[3]) };
  }
  throw new PostgresUnavailableError(
    'PostgreSQL refuses to run as root, user namespaces are off here, and there is no user "postgres" or "nobody" to run it as: run Seatmatch as a normal user, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

/** Our own directory, where it is root's: the other user passes through to the database, which stays 0700. */
async function letThrough(dataDir: string): Promise<void> {
  const { uid, mode } = await stat(dataDir);
  if (uid === 0) await chmod(dataDir, (mode | 0o001) & 0o7777);
}

async function assertReachable(places: string[], uid: number, gid: number): Promise<void> {
  for (const place of places) {
    for (let at = path.resolve(place); ; at = path.dirname(at)) {
      const { mode, uid: owner, gid: group } = await stat(at);
      const mayEnter = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
      if ((mode & mayEnter) === 0) {
        throw new PostgresUnavailableError(
          `PostgreSQL refuses to run as root, and user ${uid}, as whom it would run, may not enter ${at}: run Seatmatch as a normal user, or open that directory (chmod o+x ${at}), or set DATABASE_URL to a PostgreSQL of your own.`,
        );
      }
      if (at === path.dirname(at)) break;
    }
  }
}
