import { type DecisionKind, type DecisionState, decisionKinds, decisionStates } from './status.ts';

/** What people decided, as far as somebody has to look at it again. Days are YYYY-MM-DD. */
export interface Decided {
  readonly kind: DecisionKind;
  readonly id: string;
  readonly licenseId: string;
  /** The last day of an exception; for the others when it is asked again, null for never. */
  readonly on: string | null;
}

const soonDays = 14;

/** An exception holds through its last day; everything else is asked on its day. */
export function stateOfDecision(
  { kind, on }: Pick<Decided, 'kind' | 'on'>,
  person: { readonly moved: boolean } | null,
  today: string,
): DecisionState {
  if (person === null) return 'gone';
  if (kind === 'link' && person.moved) return 'moved';
  if (on !== null) {
    if (kind === 'exception' ? on < today : on <= today) return 'due';
    if (kind !== 'later' && on <= daysAfter(today, soonDays)) return 'soon';
  }
  return kind === 'nobody' ? 'open' : 'holds';
}

export const daysAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

const one = (n: number, single: string, several: string): string => (n === 1 ? single : several);

const sentences: Readonly<Record<DecisionKind, Partial<Record<DecisionState, (n: number) => string>>>> = {
  link: {
    moved: (n) => `An email moved after ${one(n, 'a link was', 'links were')} made. Check that ${one(n, 'it is', 'they are')} still right.`,
    due: (n) =>
      `${one(n, 'A link is', 'Links are')} due for review. Keep ${one(n, 'it', 'them')} with a new day, or undo ${one(n, 'it', 'them')}.`,
  },
  exception: {
    due: (n) =>
      `${one(n, 'An exception has', 'Exceptions have')} ended and nobody looked. Renew ${one(n, 'it', 'them')}, or end ${one(n, 'it', 'them')}.`,
    soon: (n) => `${one(n, 'An exception ends', 'Exceptions end')} within two weeks. Say what happens then.`,
  },
  nobody: {
    open: (n) => `Nobody uses ${one(n, 'this license', 'these licenses')}, somebody said. Take ${one(n, 'it', 'them')} back.`,
    soon: (n) => `Nobody uses ${one(n, 'this license', 'these licenses')}, somebody said. Take ${one(n, 'it', 'them')} back.`,
    due: (n) => `${one(n, 'A license was', 'Licenses were')} to be taken back by now. Take ${one(n, 'it', 'them')} back, or answer again.`,
  },
  later: { due: (n) => `You wanted to be asked again: who uses ${one(n, 'this license', 'these licenses')}?` },
};

/** What a page says of one decision; null where there is nothing to do. */
export const sentenceOfDecision = (kind: DecisionKind, state: DecisionState): string | null =>
  state === 'gone' ? 'No list has this person any more. Take the decision back.' : (sentences[kind][state]?.(1) ?? null);

/** One line for each kind of thing to do, with how many. */
export function openDecisions(
  decided: readonly { readonly kind: DecisionKind; readonly state: DecisionState }[],
): readonly { readonly kind: DecisionKind; readonly state: DecisionState; readonly action: string; readonly count: number }[] {
  return decisionKinds.flatMap((kind) =>
    decisionStates.flatMap((state) => {
      const count = decided.filter((one) => one.kind === kind && one.state === state).length;
      const action = sentences[kind][state]?.(count);
      return count > 0 && action !== undefined ? [{ kind, state, action, count }] : [];
    }),
  );
}
