/** The thread that compares for the server: started by jobs/compare-in-thread.ts, one for each run, and gone with it. */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { FileRefused } from '../../connectors/errors.ts';
import { sandboxShare } from '../core/sandbox-share.ts';
import type { FromThread } from '../jobs/compare-in-thread.ts';
import type { ComparisonRequest } from '../jobs/run-reconciliation.ts';
import { type EncodedFinding, encodeFinding } from '../store/finding.ts';
import { compareFiles } from './compare-files.ts';
import { withoutLicense } from './without-license.ts';

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
  const {
    reconciliation: compared,
    licenses,
    crm,
    close,
  } = await compareFiles({
    licenses: { ...request.licenses, hash: true },
    crm: { ...request.crm, hash: true },
    settings: request.settings,
    onProgress: (share, phase) => say({ kind: 'progress', progress: share * 0.5, phase: phase[0]!.toUpperCase() + phase.slice(1) }),
  });
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
  const named = (name: string, warnings: readonly string[]) => warnings.map((warning) => `${name}: ${warning}`);
  say({
    kind: 'result',
    result: {
      summary: compared.summary,
      proofs: { licenses: licenses.proof, crm: crm.proof },
      rejects: { licenses: licenses.rejects, crm: crm.rejects },
      warnings: [...named(request.licenses.name, licenses.warnings), ...named(request.crm.name, crm.warnings)],
      asOf: licenses.proof.asOf,
      sandboxShare: sandboxShare(crm.people),
      withoutLicense: withoutLicense(licenses),
    },
  });
}
