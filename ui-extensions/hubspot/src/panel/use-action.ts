import { useCallback, useEffect, useRef, useState } from 'react';
import { type PanelProblem, problemOf } from './panel-problem.ts';

export interface Action {
  /** What is being carried out, by its name. */
  readonly busy: string | null;
  /** Why the last one was not done. */
  readonly problem: PanelProblem | null;
  /**
   * Does one thing at a time: while one is under way, every other call is passed over.
   * @param name what is done, and to what: the same again after no answer came is the same request, and has its key
   */
  run(name: string, work: (idempotencyKey: string) => Promise<void>): void;
  forget(): void;
}

export function useAction(): Action {
  const [state, setState] = useState<{ busy: string | null; problem: PanelProblem | null }>({ busy: null, problem: null });
  // Two clicks can come before the first one is drawn.
  const underWay = useRef(false);
  const unanswered = useRef<{ name: string; key: string } | null>(null);
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
    const key = unanswered.current?.name === name ? unanswered.current.key : crypto.randomUUID();
    unanswered.current = { name, key };
    setState({ busy: name, problem: null });
    work(key)
      .then(
        () => {
          unanswered.current = null;
          return null;
        },
        (cause: unknown) => {
          const problem = problemOf(cause);
          if (problem.kind !== 'unavailable') unanswered.current = null;
          return problem;
        },
      )
      .then((problem) => {
        underWay.current = false;
        if (isShown.current) setState({ busy: null, problem });
      });
  }, []);
  const forget = useCallback(() => setState((last) => ({ ...last, problem: null })), []);
  return { ...state, run, forget };
}
