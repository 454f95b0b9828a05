/** What a command may touch beside files: two streams and the time. */
export interface CommandIo {
  readonly out: {
    /** False: it takes no more for now, and says `drain` when it does. */
    write(text: string): unknown;
    once?(event: 'drain', listener: () => void): unknown;
  };
  readonly err: { write(text: string): unknown };
  readonly now: () => Date;
}

/** 0 done, 1 refused or failed; 3 is kept for `reconcile --fail-on-not-matched`. */
export type ExitCode = 0 | 1 | 3;

/** An answer in both shapes: the JSON is complete, the text is for a person. */
export function answer(io: CommandIo, json: boolean | undefined, value: unknown, text: string): void {
  io.out.write(json === true ? `${JSON.stringify(value, null, 2)}\n` : text);
}

/** Errors that carry one sentence for the person who gave the command (FileRefused, PlanRefused). */
export function refusal(error: unknown): { readonly code: string; readonly sentence: string } | null {
  if (!(error instanceof Error) || !('sentence' in error) || typeof error.sentence !== 'string' || !('code' in error)) return null;
  const file = 'file' in error && typeof error.file === 'string' ? `${error.file}: ` : '';
  return { code: String(error.code), sentence: `${file}${error.sentence}` };
}

/** Runs a command; a refusal becomes its sentence (with --json also an object on the output) and exit 1. Anything else is thrown. */
export async function orRefuse(io: CommandIo, json: boolean | undefined, run: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await run();
  } catch (error) {
    const refused = refusal(error);
    if (refused === null) throw error;
    if (json === true) io.out.write(`${JSON.stringify({ error: refused }, null, 2)}\n`);
    else io.err.write(`${refused.sentence}\n`);
    return 1;
  }
}
