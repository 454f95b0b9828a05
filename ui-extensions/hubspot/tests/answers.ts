import type { AskServer } from '../src/panel/ask-server.ts';
import { PanelProblem, type ProblemKind } from '../src/panel/panel-problem.ts';
import { exampleDetail, exampleLimits, examplePanel, examplePeople, examplePlan, exampleRecord } from './example-answers.ts';

/** A promise that the test ends when it likes. */
export interface Held<Value> {
  readonly promise: Promise<Value>;
  resolve(value: Value): void;
  reject(cause: unknown): void;
}
export function held<Value>(): Held<Value> {
  let resolve!: (value: Value) => void;
  let reject!: (cause: unknown) => void;
  const promise = new Promise<Value>((...both) => {
    [resolve, reject] = both;
  });
  return { promise, resolve, reject };
}

export const refused = (kind: ProblemKind, title: string, detail: string | null = 'Do this.'): PanelProblem =>
  new PanelProblem(kind, title, detail);

export type Call = readonly [name: string, ...values: unknown[]];

/** Everything the panel can ask, answered from examples where a test has nothing better, and written down. */
export function answers(change: Partial<AskServer> = {}): { ask: AskServer; calls: Call[] } {
  const calls: Call[] = [];
  const examples: AskServer = {
    panel: async () => examplePanel(),
    people: async () => examplePeople(),
    person: async () => exampleDetail(),
    record: async () => exampleRecord(),
    plan: async () => examplePlan(),
    planPeople: async () => ({ ...examplePlan().people, next: null }),
    createPlan: async () => ({ id: '7' }),
    approve: async () => {},
    steer: async () => {},
    compare: async () => {},
    schedules: async () => ({ rows: [{ id: 's1', name: 'Every night', words: 'At 02:00 each day.', enabled: true }] }),
    settings: async () => ({ limits: exampleLimits }),
    saveLimits: async (limits) => ({ limits }),
  };
  const all = Object.entries({ ...examples, ...change }).map(([name, work]) => [
    name,
    (...values: unknown[]) => {
      calls.push([name, ...values]);
      return (work as (...given: unknown[]) => unknown)(...values);
    },
  ]);
  return { ask: Object.fromEntries(all) as AskServer, calls };
}
