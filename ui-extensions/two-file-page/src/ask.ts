import type { Ask, Kind, Questions, Said } from './messages.ts';

/** What the thread could not do. `sentence` is for a person; null: nobody foresaw it. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly sentence: string | null;

  constructor(sentence: string | null, error: string) {
    super(error);
    this.sentence = sentence;
  }
}

export type OnProgress = (share: number, phase: 'licenses' | 'crm' | 'comparing') => void;

/** The thread that compares, made of the text that stands in this very page: a page from disk may load no other file. */
export function startThread(source: string): {
  ask<K extends Kind>(kind: K, ask: Questions[K]['ask']): Promise<Questions[K]['answer']>;
  onProgress: OnProgress;
} {
  const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Refused) => void }>();
  let next = 0;
  const thread = {
    ask<K extends Kind>(kind: K, ask: Questions[K]['ask']): Promise<Questions[K]['answer']> {
      return new Promise((resolve, reject) => {
        const id = next++;
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, kind, ask } satisfies Ask);
      });
    },
    onProgress: (() => {}) as OnProgress,
  };
  worker.addEventListener('message', ({ data }: MessageEvent<Said>) => {
    if ('progress' in data) {
      thread.onProgress(data.progress, data.phase);
      return;
    }
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if ('answer' in data) asked?.resolve(data.answer as never);
    else asked?.reject(new Refused(data.sentence, data.error));
  });
  worker.addEventListener('error', (event) => {
    for (const { reject } of waiting.values()) reject(new Refused(null, event.message));
    waiting.clear();
  });
  return thread;
}
