import { findConnection } from '../store/connection.ts';
import { directoryId } from '../store/directory.ts';
import { lastOfFiles, listReconciliations, type RunSource, type StoredReconciliation } from '../store/reconciliation.ts';
import type { ScheduleSources } from '../store/schedule.ts';
import { latestUpload } from '../store/upload.ts';
import { exportOf, type TakenFile, takeNewestFile, type WatchedFolders } from './newest-file.ts';
import type { Side } from './recognize-file.ts';
import { ComparisonRefused } from './run-reconciliation.ts';
import { type ComparisonParts, type PreparedComparison, prepareComparison } from './start-comparison.ts';
import { takeUsageReports } from './take-usage-reports.ts';

export interface SourceParts extends ComparisonParts {
  readonly folders: WatchedFolders;
}

/** A live system in the place of a file. */
export interface FoundConnection {
  readonly connection: string;
  readonly name: string;
}

/** What the two sides of a run are read from, and the last run that compared these very two files. */
export interface FoundPair {
  readonly licenses: TakenFile | FoundConnection;
  readonly crm: TakenFile | FoundConnection;
  readonly before: StoredReconciliation | null;
  /** Whether nothing was compared since, nor another directory brought. */
  readonly isLatest: boolean;
}

const dayMs = 86_400_000;

/**
 * Finds the newest file, or the connection, of each side.
 * @param maxAgeDays older files are refused; null: any age
 * @throws ComparisonRefused when one is missing, unfinished or too old
 */
export async function findPair(
  parts: SourceParts,
  sources: ScheduleSources,
  asked: { readonly actor: string; readonly now: Date; readonly maxAgeDays: number | null },
): Promise<FoundPair> {
  const find = (side: Side): Promise<TakenFile | FoundConnection> => {
    const source = sourceOf(sources, side);
    switch (source.kind) {
      case 'folder':
        return takeNewestFile(parts.folders, source.folder, side, asked);
      case 'uploads':
        return lastBrought(parts, side);
      case 'connection':
        return connectionOf(parts, source.id, side);
    }
  };
  // One after the other: the refusal names the license side first, and two large files are not read at once.
  const watched = sourceOf(sources, 'licenses');
  if (watched.kind === 'folder') await takeUsageReports(parts.folders, watched.folder, asked);
  const licenses = await find('licenses');
  refuseOld(licenses, 'licenses', asked);
  const crm = await find('crm');
  refuseOld(crm, 'crm', asked);
  // What a live system says now is never what it said before.
  if ('connection' in licenses || 'connection' in crm) return { licenses, crm, before: null, isLatest: false };
  const [before, [latest], directory] = await Promise.all([
    lastOfFiles(parts.pool, parts.workspace, licenses.id, crm.id),
    listReconciliations(parts.pool, parts.workspace, { before: null, limit: 1 }),
    directoryId(parts.pool, parts.workspace),
  ]);
  const isLatest = before !== null && before.id === latest?.id && (before.request.directory ?? null) === directory;
  return { licenses, crm, before, isLatest };
}

/** Where a schedule takes one of its sides from. */
function sourceOf(sources: ScheduleSources, side: Side): Extract<ScheduleSources, { kind: 'connection' }>['licenses'] {
  switch (sources.kind) {
    case 'folders':
      return { kind: 'folder', folder: sources[side] };
    case 'uploads':
      return { kind: 'uploads' };
    case 'connection':
      return side === 'crm' ? { kind: 'connection', id: sources.crm } : sources.licenses;
  }
}

async function connectionOf({ pool, workspace }: SourceParts, id: string, side: Side): Promise<FoundConnection> {
  const found = await findConnection(pool, workspace, id);
  if (!found)
    throw new ComparisonRefused(
      `The connection for ${side === 'crm' ? 'the CRM side' : 'the license side'} was deleted. Choose another one in this schedule.`,
    );
  return { connection: id, name: found.name };
}

async function lastBrought({ pool, workspace }: SourceParts, side: Side): Promise<TakenFile> {
  const upload = await latestUpload(pool, workspace, side);
  if (!upload)
    throw new ComparisonRefused(`No ${exportOf[side]} was brought yet. Compare two files once, or let a schedule watch folders.`);
  return { ...upload, passedOver: [] };
}

function refuseOld(file: TakenFile | FoundConnection, side: Side, { now, maxAgeDays }: { now: Date; maxAgeDays: number | null }): void {
  if ('connection' in file) return;
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
      licenses: toRunSource(licenses),
      crm: toRunSource(crm),
      ...(before ? { crmName: before.crmName } : {}),
      adminCenterCount: said?.adminCenterCount,
      exportedAt: said?.exportedAt ?? modifiedAt(licenses),
      crmExportedAt: said?.crmExportedAt ?? modifiedAt(crm),
      answers: said?.answers.sandbox ? { sandbox: 'release' } : {},
      settings: said?.settings,
    },
    actor,
  );
}

const toRunSource = (found: TakenFile | FoundConnection): RunSource =>
  'connection' in found ? { connection: found.connection } : { upload: found.id };
const modifiedAt = (found: TakenFile | FoundConnection): string | undefined => ('connection' in found ? undefined : found.modifiedAt);
const passedOver = (found: TakenFile | FoundConnection): readonly string[] => ('connection' in found ? [] : found.passedOver);

/** What a run compares, in one line. */
export const pairInWords = ({ licenses, crm, before }: FoundPair): string =>
  [
    `${licenses.name} and ${crm.name}.`,
    before && `The same two files as in run ${before.number}.`,
    ...[...passedOver(licenses), ...passedOver(crm)].map((reason) => `Passed over: ${reason}`),
  ]
    .filter(Boolean)
    .join(' ');
