import { Worker } from 'node:worker_threads';
import type { EncodedFinding } from '../store/finding.ts';
import { type Compare, type Comparison, ComparisonRefused } from './run-reconciliation.ts';

export type FromThread =
  | { readonly kind: 'progress'; readonly progress: number; readonly phase: string }
  | { readonly kind: 'findings'; readonly batch: readonly EncodedFinding[] }
  | { readonly kind: 'result'; readonly result: ReturnType<Comparison['result']> }
  | { readonly kind: 'refused'; readonly sentence: string };

/**
 * Compares in a thread of its own, so that the event loop goes on serving people. `thread` is the module that reads and
 * compares: it knows the connectors, which this room does not, and opens connections with `parts`, which are cloned into it.
 */
export function compareInThread(thread: URL, parts: unknown): Compare {
  return (request, { signal, onProgress }) => {
    let result: ReturnType<Comparison['result']> | null = null;
    return {
      findings: readThread(),
      result() {
        if (!result) throw new Error('The comparison is not finished.');
        return result;
      },
    };

    async function* readThread(): AsyncGenerator<readonly EncodedFinding[]> {
      signal.throwIfAborted();
      const worker = new Worker(thread, { workerData: { request, parts } });
      const messages: FromThread[] = [];
      let ended = false;
      let failure: Error | null = null;
      let wake = () => {};
      const end = (error?: Error) => {
        ended = true;
        failure ??= error ?? null;
        wake();
      };
      worker.on('message', (message: FromThread) => {
        messages.push(message);
        wake();
      });
      worker.on('error', (error: Error) => end(error));
      worker.on('exit', () => end());
      const stop = () => end(signal.reason instanceof Error ? signal.reason : new Error('The comparison was stopped.'));
      signal.addEventListener('abort', stop, { once: true });
      try {
        for (;;) {
          const message = messages.shift();
          if (failure) throw failure;
          if (message) {
            switch (message.kind) {
              case 'progress':
                onProgress(message.progress, message.phase);
                break;
              case 'findings':
                yield message.batch;
                worker.postMessage('next');
                break;
              case 'result':
                result = message.result;
                break;
              case 'refused':
                throw new ComparisonRefused(message.sentence);
            }
          } else if (ended) {
            if (!result) throw new Error('The thread of the comparison ended before its time.');
            return;
          } else {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        }
      } finally {
        signal.removeEventListener('abort', stop);
        await worker.terminate();
      }
    }
  };
}
