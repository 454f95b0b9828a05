import { lastOfFiles, listReconciliations, type StoredReconciliation } from '../store/reconciliation.ts';
import type { ScheduleSources } from '../store/schedule.ts';
import { latestUpload } from '../store/upload.ts';
import { exportOf, type TakenFile, takeNewestFile, type WatchedFolders } from './newest-file.ts';
import type { Side } from './recognize-file.ts';
import { ComparisonRefused } from './run-reconciliation.ts';
import { type ComparisonParts, type PreparedComparison, prepareComparison } from './start-comparison.ts';

export interface SourceParts extends ComparisonParts {
  readonly folders: WatchedFolders;
}

/** The two files of a run, and the last run that compared these very two. */
export interface FoundPair {
  readonly licenses: TakenFile;
  readonly crm: TakenFile;
  readonly before: StoredReconciliation | null;
  /** Whether nothing was compared since. */
  readonly isLatest: boolean;
}

const dayMs = 86_400_000;

/**
 * Finds the newest file of each side.
 * @param maxAgeDays older files are refused; null: any age
 * @throws ComparisonRefused when one is missing, unfinished or too old
 */
export async function findPair(
  parts: SourceParts,
  sources: ScheduleSources,
  asked: { readonly actor: string; readonly now: Date; readonly maxAgeDays: number | null },
): Promise<FoundPair> {
  const find = (side: Side) =>
    sources.kind === 'folders' ? takeNewestFile(parts.folders, sources[side], side, asked) : lastBrought(parts, side);
  // One after the other: the refusal names the license side first, and two large files are not read at once.
  const licenses = await find('licenses');
  refuseOld(licenses, 'licenses', asked);
  const crm = await find('crm');
  refuseOld(crm, 'crm', asked);
  const [before, [latest]] = await Promise.all([
    lastOfFiles(parts.pool, parts.workspace, licenses.id, crm.id),
    listReconciliations(parts.pool, parts.workspace, { before: null, limit: 1 }),
  ]);
  return { licenses, crm, before, isLatest: before !== null && before.id === latest?.id };
}

async function lastBrought({ pool, workspace }: SourceParts, side: Side): Promise<TakenFile> {
  const upload = await latestUpload(pool, workspace.workspaceId, side);
  if (!upload)
    throw new ComparisonRefused(`No ${exportOf[side]} was brought yet. Compare two files once, or let a schedule watch folders.`);
  return { ...upload, passedOver: [] };
}

function refuseOld(file: TakenFile, side: Side, { now, maxAgeDays }: { now: Date; maxAgeDays: number | null }): void {
  const days = Math.floor((now.getTime() - Date.parse(file.modifiedAt)) / dayMs);
  if (maxAgeDays === null || days < maxAgeDays) return;
  throw new ComparisonRefused(
    `The newest ${exportOf[side]}, ${file.name}, is ${days} days old; up to ${maxAgeDays} are compared. Bring a new export.`,
  );
}

/**
 * The run of two files, ready to be asked for. What people said about these very files for an earlier run (how many users Admin Center
 * shows, when they were downloaded) holds again. Throws as `prepareComparison`.
 */
export function preparePair(parts: SourceParts, { licenses, crm, before }: FoundPair, actor: string): Promise<PreparedComparison> {
  const said = before?.request;
  return prepareComparison(
    parts,
    {
      licenses: licenses.id,
      crm: crm.id,
      ...(before ? { crmName: before.crmName } : {}),
      adminCenterCount: said?.adminCenterCount,
      exportedAt: said?.exportedAt ?? licenses.modifiedAt,
      crmExportedAt: said?.crmExportedAt ?? crm.modifiedAt,
      answers: said?.answers.sandbox ? { sandbox: 'release' } : {},
      settings: said?.settings,
    },
    actor,
  );
}

/** Which files a run compares, in one line. */
export const pairInWords = ({ licenses, crm, before }: FoundPair): string =>
  [
    `${licenses.name} and ${crm.name}.`,
    before && `The same two files as in run ${before.number}.`,
    ...[...licenses.passedOver, ...crm.passedOver].map((reason) => `Passed over: ${reason}`),
  ]
    .filter(Boolean)
    .join(' ');
