import { useCallback, useEffect, useRef, useState } from 'react';
import { type PanelProblem, problemOf } from './panel-problem.ts';

export interface Answer<Value> {
  /** The newest answer, kept while another one is on its way or failed to come. */
  readonly value: Value | null;
  /** Why the last request brought none. */
  readonly problem: PanelProblem | null;
  readonly isAsking: boolean;
  reload(): void;
}

/**
 * Asks once for each new `question`, and again as the answer says.
 * @param question what is asked, in one text: another one is asked anew, and what came before is forgotten
 * @param ask called with nothing but what `question` says
 * @param look counts how often somebody said to look again, wherever the button for it stands
 * @param pollOf seconds until it is worth asking again; null: not by itself
 */
export function useAnswer<Value>(
  question: string,
  ask: () => Promise<Value>,
  look = 0,
  pollOf: (value: Value) => number | null = () => null,
): Answer<Value> {
  const [state, setState] = useState<{ question: string; value: Value | null; problem: PanelProblem | null; isAsking: boolean }>({
    question,
    value: null,
    problem: null,
    isAsking: true,
  });
  const [round, setRound] = useState(0);
  const asking = useRef({ ask, pollOf });
  asking.current = { ask, pollOf };

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round asks the same question again
  useEffect(() => {
    let isCurrent = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = (seconds: number | null): void => {
      if (seconds !== null) timer = setTimeout(() => setRound((last) => last + 1), seconds * 1000);
    };
    setState((last) => ({ ...last, ...(last.question !== question && { question, value: null, problem: null }), isAsking: true }));
    asking.current.ask().then(
      (value) => {
        if (!isCurrent) return;
        setState({ question, value, problem: null, isAsking: false });
        again(asking.current.pollOf(value));
      },
      (cause: unknown) => {
        if (!isCurrent) return;
        setState((last) => {
          // What is shown may have been told to change by itself: it goes on asking.
          if (last.value !== null) again(asking.current.pollOf(last.value));
          return { ...last, problem: problemOf(cause), isAsking: false };
        });
      },
    );
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [question, round, look]);

  const reload = useCallback(() => setRound((last) => last + 1), []);
  return state.question === question ? { ...state, reload } : { value: null, problem: null, isAsking: true, reload };
}
