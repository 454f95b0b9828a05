import { useCallback, useEffect, useRef, useState } from 'react';
import { type PanelProblem, problemOf } from './panel-problem.ts';

export interface Action {
  /** What is being carried out, by its name. */
  readonly busy: string | null;
  /** Why the last one was not done. */
  readonly problem: PanelProblem | null;
  /**
   * Does one thing at a time: while one is under way, every other call is passed over.
   * @param name all that is asked, in one text. Until it is done, the same once more is the same request and has its key: it may be under
   *   way though no answer came. What the server refused it looks at anew, under the same key too.
   */
  run(name: string, work: (idempotencyKey: string) => Promise<void>): void;
  forget(): void;
}

export function useAction(): Action {
  const [state, setState] = useState<{ busy: string | null; problem: PanelProblem | null }>({ busy: null, problem: null });
  // Two clicks can come before the first one is drawn.
  const underWay = useRef(false);
  const keys = useRef(new Map<string, string>());
  const isShown = useRef(true);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);

  const run = useCallback((name: string, work: (idempotencyKey: string) => Promise<void>): void => {
    if (underWay.current) return;
    underWay.current = true;
    const key = keys.current.get(name) ?? crypto.randomUUID();
    keys.current.set(name, key);
    setState({ busy: name, problem: null });
    work(key)
      .then(() => {
        keys.current.delete(name);
        return null;
      }, problemOf)
      .then((problem) => {
        underWay.current = false;
        if (isShown.current) setState({ busy: null, problem });
      });
  }, []);
  const forget = useCallback(() => setState((last) => ({ ...last, problem: null })), []);
  return { ...state, run, forget };
}
