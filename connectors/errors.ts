/** Errors that a caller of a connector tells apart. Imports nothing of ours. */

/** Why a file as a whole cannot be used. A single bad row is a Reject (connector.ts), never this. */
export type FileRefusal =
  | 'unreadable'
  | 'empty'
  | 'not-text'
  | 'too-large'
  | 'no-header'
  | 'duplicate-column'
  | 'two-headers'
  | 'header-only'
  | 'no-usable-row'
  | 'cut-off'
  | 'row-too-long'
  | 'missing-column'
  | 'bad-map'
  | 'no-date'
  | 'wrong-side'
  | 'wrong-kind';

/** A file that is refused whole: nothing of it may be stored. `sentence` says what is wrong, where, and what to do. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused';
  readonly code: FileRefusal;
  readonly sentence: string;
  readonly file: string;

  constructor(code: FileRefusal, file: string, sentence: string, options?: ErrorOptions) {
    super(`${file}: ${sentence}`, options);
    this.code = code;
    this.sentence = sentence;
    this.file = file;
  }
}
