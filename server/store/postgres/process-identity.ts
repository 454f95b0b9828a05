import { readFileSync, readlinkSync } from 'node:fs';

/** A process that can be told from a later one with the same number. `startedAt` is null where the system has no /proc. */
export type ProcessIdentity = { pid: number; startedAt: string | null };

/** Whether the system has that process number in use, be it for a zombie. */
export function isNumberTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It lives and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Who `pid` is now; null when there is no such process. */
export function identifyProcess(pid: number): ProcessIdentity | null {
  if (!isNumberTaken(pid)) return null;
  const startedAt = startTime(pid);
  return startedAt === 'ended' ? null : { pid, startedAt };
}

/** Whether that very process still lives. Numbers repeat soon in containers, so the start time counts where it is known. */
export function isAlive(identity: ProcessIdentity): boolean {
  const now = identifyProcess(identity.pid);
  return now !== null && (identity.startedAt === null || now.startedAt === null || now.startedAt === identity.startedAt);
}

/**
 * Whether `pid` is a PostgreSQL that serves `cluster`. Where /proc is missing or closed to us the number is trusted, as PostgreSQL's own
 * pg_ctl does.
 */
export function isPostgresOf(pid: number, cluster: string): boolean {
  if (identifyProcess(pid) === null) return false;
  if (process.platform !== 'linux') return true;
  try {
    // The server's working directory is its data directory.
    return readlinkSync(`/proc/${pid}/cwd`) === cluster;
  } catch {
    try {
      return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres');
    } catch {
      return false;
    }
  }
}

function startTime(pid: number): string | null {
  try {
    // proc(5): field 22; field 2 is the command in brackets and may hold spaces.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; only its parent has not looked yet.
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? null);
  } catch {
    return null;
  }
}
