export type ProblemKind = 'not-connected' | 'no-rights' | 'refused' | 'not-found' | 'unavailable';

/** Why a request did not do what was asked. */
export class PanelProblem extends Error {
  override readonly name = 'PanelProblem';
  readonly kind: ProblemKind;
  /** The sentence to show. */
  readonly title: string;
  /** What to do about it. */
  readonly detail: string | null;

  constructor(kind: ProblemKind, title: string, detail: string | null, options?: ErrorOptions) {
    super(title, options);
    this.kind = kind;
    this.title = title;
    this.detail = detail;
  }
}

/** The panel's own words: there is no server to take them from. */
export const noAnswer = (cause?: unknown): PanelProblem =>
  new PanelProblem(
    'unavailable',
    'Seatmatch does not answer.',
    'Try again. If it lasts, ask your admin whether the Seatmatch server is up.',
    { cause },
  );

export const problemOf = (cause: unknown): PanelProblem => (cause instanceof PanelProblem ? cause : noAnswer(cause));
