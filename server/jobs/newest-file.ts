import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { findSameUpload, findUpload } from '../store/upload.ts';
import { FileNotKept, receiveFile, type Uploads } from './receive-file.ts';
import { type Recognition, recognizeFile, type Side } from './recognize-file.ts';
import { ComparisonRefused } from './run-reconciliation.ts';
import { locateFolder, unreadable } from './watched-folder.ts';

export interface WatchedFolders {
  readonly uploads: Uploads;
  /** All watched folders lie in here. */
  readonly base: string;
  /** A file that changes between two looks this far apart is still being written; it is waited for so long. Milliseconds. */
  readonly settle: { readonly pauseMs: number; readonly mostMs: number };
}

/** A file that a run compares: kept as an upload, under this id. */
export interface TakenFile {
  readonly id: string;
  readonly name: string;
  readonly modifiedAt: string;
  /** Newer files that were no use, each with the reason. */
  readonly passedOver: readonly string[];
}

export const exportOf = { licenses: 'LinkedIn export', crm: 'CRM export' } as const satisfies Record<Side, string>;

/** Files younger than this are looked at twice. */
const youngMs = 60_000;
/** Nobody keeps more useless files than this above a good one. */
const mostLooks = 20;

/**
 * Keeps the newest complete file of a side in a folder as an upload: recognised by its columns, not by its name. A file that did not
 * change is kept once.
 * @throws ComparisonRefused when there is none, or the newest is still being written
 */
export async function takeNewestFile(
  folders: WatchedFolders,
  folder: string,
  side: Side,
  { actor, now }: { readonly actor: string; readonly now: Date },
): Promise<TakenFile> {
  const directory = await locateFolder(folders.base, folder);
  const candidates = await csvFiles(directory).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  if (candidates.length === 0) {
    throw new ComparisonRefused(`There is no CSV file in “${folder}”. Put a ${exportOf[side]} there, complete.`);
  }
  const passedOver: string[] = [];
  for (const { name } of candidates.slice(0, mostLooks)) {
    const file = path.join(directory, name);
    const settled = await settle(file, folders.settle);
    if (settled === null) {
      throw new ComparisonRefused(`${name} in “${folder}” is still being written. Nothing was compared; the next run takes it.`);
    }
    const taken = await take(folders.uploads, file, settled, side, actor, now);
    if ('id' in taken) return { ...taken, name, passedOver };
    if (taken.passOver !== null) passedOver.push(`${name}: ${taken.passOver}`);
  }
  throw new ComparisonRefused(
    passedOver.length > 0
      ? `No file in “${folder}” can be used as a ${exportOf[side]}. ${passedOver[0]}`
      : `No file in “${folder}” is a ${exportOf[side]}. Put one there, complete.`,
  );
}

/** Regular files only: a link could lead anywhere. Newest first. */
export async function csvFiles(directory: string): Promise<{ name: string; mtimeMs: number }[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && /^[^.].*\.csv$/iu.test(entry.name)).map(({ name }) => name);
  const found = await Promise.all(
    names.map(async (name) => ({ name, mtimeMs: (await look(path.join(directory, name)))?.mtimeMs ?? Number.NEGATIVE_INFINITY })),
  );
  return found.sort((a, b) => b.mtimeMs - a.mtimeMs || a.name.localeCompare(b.name));
}

/** Null when somebody took the file away meanwhile. */
const look = (file: string): Promise<Stats | null> =>
  stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });

const same = (a: Stats, b: Stats) => a.size === b.size && a.mtimeMs === b.mtimeMs;

/** What the file is once nobody writes to it any more; null when that takes too long, or the file went away. */
export async function settle(file: string, { pauseMs, mostMs }: WatchedFolders['settle']): Promise<Stats | null> {
  let seen = await look(file);
  for (let waited = 0; seen && Date.now() - seen.mtimeMs < youngMs; waited += pauseMs) {
    if (waited >= mostMs) return null;
    await sleep(pauseMs);
    const again: Stats | null = await look(file);
    if (again && same(seen, again)) return again;
    seen = again;
  }
  return seen;
}

/** Keeps the file, or says why not; `passOver` is null where it is simply a file of the other side. */
async function take(
  uploads: Uploads,
  file: string,
  settled: Stats,
  side: Side,
  actor: string,
  now: Date,
): Promise<{ id: string; modifiedAt: string } | { passOver: string | null }> {
  const name = path.basename(file);
  // A clock that goes ahead makes no export from the future.
  const modifiedAt = new Date(Math.min(settled.mtimeMs, now.getTime())).toISOString();
  const { pool, workspace } = uploads;
  const known = await findSameUpload(pool, workspace, { name, modifiedAt, sha256: await hashOf(file) });
  const kept = known && (await findUpload<Recognition>(pool, workspace, known));
  if (kept && kept.recognition.missing === null) {
    return kept.recognition.side === side ? { id: kept.id, modifiedAt } : { passOver: null };
  }
  const recognition = await recognizeFile(uploads.openers, file, { name, side: null, exportedAt: modifiedAt });
  if ('refusal' in recognition) return { passOver: recognition.refusal };
  if (recognition.side !== null && recognition.side !== side) return { passOver: null };
  if (recognition.missing !== null) return { passOver: recognition.missing };
  try {
    const id = await receiveFile(uploads, createReadStream(file), { name, side, modifiedAt, actor });
    const after = await look(file);
    if (after && same(settled, after)) return { id, modifiedAt };
    throw new ComparisonRefused(`${name} changed while it was read. Nothing was compared; the next run takes it.`);
  } catch (error) {
    if (error instanceof FileNotKept && error.reason === 'unusable') return { passOver: error.message };
    throw error instanceof FileNotKept ? new ComparisonRefused(`${name}: ${error.message}`, { cause: error }) : error;
  }
}

/** SHA-256 of a file's bytes, hex. */
export async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
