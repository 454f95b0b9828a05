/** The thread that compares for the server: loaded by comparison-thread.mjs, which jobs/compare-in-thread.ts starts for each run, and gone with it. */
import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { readDirectoryFile } from '../../connectors/directory-csv/connector.ts';
import { FileRefused } from '../../connectors/errors.ts';
import { detailReader } from '../core/person-detail.ts';
import type { FromThread } from '../jobs/compare-in-thread.ts';
import type { ComparisonRequest, ConnectionToRead, FileToRead } from '../jobs/run-reconciliation.ts';
import { type EncodedFinding, encodeFinding } from '../store/finding.ts';
import { compareFiles } from './compare-files.ts';
import { comparisonResult } from './comparison-result.ts';
import type { ConnectionParts } from './open-stored-connection.ts';
import type { ConnectedSide, SideFile } from './read-sides.ts';

const batchSize = 500;
/** Batches under way to the other thread, so that a slow database does not fill the memory. */
const mostUnderWay = 8;

const port = parentPort!;
const say = (message: FromThread) => port.postMessage(message);
const closers: (() => Promise<void>)[] = [];

try {
  const { request, parts } = workerData as { readonly request: ComparisonRequest; readonly parts: ConnectionParts };
  await compare(request, parts);
} catch (error) {
  if (!(error instanceof FileRefused)) throw error;
  say({ kind: 'refused', sentence: error.message });
} finally {
  for (const close of closers) await close();
}
port.close();

async function compare(request: ComparisonRequest, parts: ConnectionParts): Promise<void> {
  const side = (one: FileToRead | ConnectionToRead): SideFile | Promise<ConnectedSide> =>
    'path' in one ? { ...one, hash: true } : open(request, parts, one);
  const files = await compareFiles({
    licenses: await side(request.licenses),
    crm: await side(request.crm),
    otherCrms: await Promise.all(request.otherCrms.map(side)),
    directory: request.directory === null ? undefined : await readDirectoryFile(request.directory.path, request.directory.name),
    settings: request.settings,
    onProgress: (share, phase) => say({ kind: 'progress', progress: share * 0.5, phase: phase[0]!.toUpperCase() + phase.slice(1) }),
  });
  const { reconciliation: compared, close } = files;
  // The rest asks for one row after the other: a second thread would only wait.
  await close();

  const detailOf = detailReader(compared);
  let batch: EncodedFinding[] = [];
  let underWay = 0;
  port.on('message', () => {
    underWay -= 1;
  });
  for (let row = 0; row < compared.length; row++) {
    const finding = compared.at(row);
    batch.push(encodeFinding(finding, compared.explain(row), detailOf(row, finding.suggestions)));
    if (batch.length < batchSize && row + 1 < compared.length) continue;
    say({ kind: 'findings', batch });
    say({ kind: 'progress', progress: 0.5 + (0.45 * (row + 1)) / compared.length, phase: 'Explaining everybody' });
    batch = [];
    underWay += 1;
    while (underWay >= mostUnderWay) await once(port, 'message');
  }
  say({ kind: 'result', result: comparisonResult(files, request) });
}

async function open({ scope }: ComparisonRequest, parts: ConnectionParts, one: ConnectionToRead): Promise<ConnectedSide> {
  // Vendors' packages are loaded for who has connections only.
  const { openStoredConnection } = await import('./open-stored-connection.ts');
  // Now, for the runs to come: this thread is ended before it would write anything at its end.
  flushCompileCache();
  const { connection, close } = await openStoredConnection(parts, scope, one);
  closers.push(close);
  return { connection, pinned: one.pinned };
}
