import { createReadStream } from 'node:fs';
import path from 'node:path';
import { FileRefused } from '../../connectors/errors.ts';
import { readPeriod } from '../core/read-period.ts';
import { hasUsageReport } from '../store/usage.ts';
import { keepUsage } from './keep-usage.ts';
import { csvFiles, hashOf, settle, type WatchedFolders } from './newest-file.ts';
import { ActionRefused } from './plan-desk.ts';
import { FileNotKept, receiveFile } from './receive-file.ts';
import { locateFolder } from './watched-folder.ts';

const dayMs = 86_400_000;
/** Older files were looked at when they were new. */
const longestAgo = 40 * dayMs;
const mostLooks = 20;

/**
 * Takes in the usage reports of a watched folder that say which days they are of. Each is taken once, also where somebody undid it since.
 * What is no such report, or cannot be used, is passed over: no comparison fails by it.
 * @returns how many were taken
 */
export async function takeUsageReports(
  { uploads, base, settle: pause }: WatchedFolders,
  folder: string,
  { actor, now }: { readonly actor: string; readonly now: Date },
): Promise<number> {
  const directory = await locateFolder(base, folder);
  const young = (await csvFiles(directory)).filter(({ mtimeMs }) => now.getTime() - mtimeMs < longestAgo).slice(0, mostLooks);
  let taken = 0;
  // Oldest first: of two reports of the same days the newer one is to stand.
  for (const { name } of young.toReversed()) {
    const file = path.join(directory, name);
    const settled = await settle(file, pause);
    if (settled === null || (await hasUsageReport(uploads.pool, uploads.workspace, await hashOf(file)))) continue;
    const modifiedAt = new Date(Math.min(settled.mtimeMs, now.getTime())).toISOString();
    try {
      const report = await uploads.openers.openUsageFile(file, { name, exportedAt: modifiedAt });
      const period = report.isSure && report.missing === null ? readPeriod([...report.aboutPeriod, name]) : null;
      if (period === null) continue;
      const upload = await receiveFile(uploads, createReadStream(file), { name, side: 'usage', modifiedAt, actor });
      await keepUsage(uploads, { ...period, upload, actor, now: now.toISOString() });
      taken += 1;
    } catch (error) {
      if (error instanceof FileRefused || error instanceof FileNotKept || error instanceof ActionRefused) continue;
      throw error;
    }
  }
  return taken;
}
