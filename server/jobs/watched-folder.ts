import { mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { ComparisonRefused } from './run-reconciliation.ts';

/** A sentence on the name of a folder that cannot be one below the server's directory of watched folders; null where it can. */
export function folderFault(name: string): string | null {
  const parts = name.split('/');
  // A backslash parts folders on Windows, a colon names a drive there.
  if (path.isAbsolute(name) || /[\\:\p{Cc}]/u.test(name) || parts.some((part) => part === '' || part.startsWith('.'))) {
    return `“${name}” is not a folder below the server's directory of watched folders. Use a name such as linkedin or exports/crm.`;
  }
  return null;
}

/**
 * Where a watched folder lies. Links are followed, and may not lead out of the base directory.
 * @throws ComparisonRefused when it is missing or lies elsewhere
 */
export async function locateFolder(base: string, name: string): Promise<string> {
  const fault = folderFault(name);
  if (fault !== null) throw new ComparisonRefused(fault);
  try {
    const [realBase, real] = await Promise.all([realpath(base), realpath(path.join(base, name))]);
    if (real.startsWith(realBase + path.sep)) return real;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unreadable(name, error);
    throw new ComparisonRefused(`The watched folder “${name}” is not there (any more). Make it in ${base}, or save the schedule again.`, {
      cause: error,
    });
  }
  throw new ComparisonRefused(`The watched folder “${name}” leads out of ${base}. Only folders in there are read.`);
}

/** Makes a watched folder that is missing, one part after the other, so that none is made outside. Throws as `locateFolder`. */
export async function makeFolder(base: string, name: string): Promise<void> {
  const fault = folderFault(name);
  if (fault !== null) throw new ComparisonRefused(fault);
  const parts = name.split('/');
  try {
    await mkdir(base, { recursive: true, mode: 0o700 });
    for (let depth = 1; depth <= parts.length; depth++) {
      const part = parts.slice(0, depth).join('/');
      await mkdir(path.join(base, part), { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
      await locateFolder(base, part);
    }
  } catch (error) {
    throw error instanceof ComparisonRefused ? error : unreadable(name, error);
  }
}

export const unreadable = (name: string, cause: unknown) =>
  new ComparisonRefused(
    `The watched folder “${name}” cannot be used (${(cause as NodeJS.ErrnoException).code ?? 'unknown fault'}). Look at its rights.`,
    {
      cause,
    },
  );
