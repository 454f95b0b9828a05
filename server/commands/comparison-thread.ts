/** The thread that compares for the server: loaded by comparison-thread.mjs, which jobs/compare-in-thread.ts starts for each run, and gone with it. */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { FileRefused } from '../../connectors/errors.ts';
import type { FromThread } from '../jobs/compare-in-thread.ts';
import type { ComparisonRequest } from '../jobs/run-reconciliation.ts';
import { type EncodedFinding, encodeFinding } from '../store/finding.ts';
import { compareFiles } from './compare-files.ts';
import { comparisonResult } from './comparison-result.ts';

const batchSize = 500;
/** Batches under way to the other thread, so that a slow database does not fill the memory. */
const mostUnderWay = 8;

const port = parentPort!;
const say = (message: FromThread) => port.postMessage(message);

try {
  await compare(workerData as ComparisonRequest);
} catch (error) {
  if (!(error instanceof FileRefused)) throw error;
  say({ kind: 'refused', sentence: error.message });
}
port.close();

async function compare(request: ComparisonRequest): Promise<void> {
  const files = await compareFiles({
    licenses: { ...request.licenses, hash: true },
    crm: { ...request.crm, hash: true },
    settings: request.settings,
    onProgress: (share, phase) => say({ kind: 'progress', progress: share * 0.5, phase: phase[0]!.toUpperCase() + phase.slice(1) }),
  });
  const { reconciliation: compared, close } = files;
  // The rest asks for one row after the other: a second thread would only wait.
  await close();

  let batch: EncodedFinding[] = [];
  let underWay = 0;
  port.on('message', () => {
    underWay -= 1;
  });
  for (let row = 0; row < compared.length; row++) {
    batch.push(encodeFinding(compared.at(row), compared.explain(row)));
    if (batch.length < batchSize && row + 1 < compared.length) continue;
    say({ kind: 'findings', batch });
    say({ kind: 'progress', progress: 0.5 + (0.45 * (row + 1)) / compared.length, phase: 'Explaining everybody' });
    batch = [];
    underWay += 1;
    while (underWay >= mostUnderWay) await once(port, 'message');
  }
  say({ kind: 'result', result: comparisonResult(files, request) });
}
