import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/** User and system time of a process so far, in seconds; with that of its children that have ended where asked. Linux only. */
export function cpuSecondsOf(pid: number, withEnded = false): number {
  const fields = statOf(pid);
  return fields.slice(11, withEnded ? 15 : 13).reduce((sum, field) => sum + Number(field), 0) / ticksPerSecond;
}

export const parentOf = (pid: number): number => Number(statOf(pid)[1]);

/** A process and all its children, those that have ended too. */
export function cpuSecondsOfFamily(pid: number): number {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => {
      try {
        return parentOf(child) === pid;
      } catch {
        // It ended meanwhile.
        return false;
      }
    });
  return cpuSecondsOf(pid, true) + children.reduce((sum, child) => sum + cpuSecondsOf(child), 0);
}

/** proc(5), from the state on: the command before it may hold spaces. */
function statOf(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}
