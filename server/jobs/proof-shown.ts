/** What a proof showed, as the job page tells it. */
export interface ProofShown {
  readonly recognizedAs: 'result' | 'export';
  readonly already: boolean;
  readonly sentences: readonly string[];
  readonly critical: string | null;
  /** Whether an export has everybody: the number that Admin Center shows was given and equals its rows. Null for a result file. */
  readonly complete: boolean | null;
  /** Rows of an export; null for a result file. */
  readonly people: number | null;
}
