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

/** Why a request to a vendor failed: one for each thing that a caller does differently. */
export type RequestFailure =
  | 'unauthorized' // a person has to renew the access
  | 'forbidden' // the access does not cover this
  | 'not-found'
  | 'conflict'
  | 'rejected' // any other refusal: the same request would be refused again
  | 'rate-limited' // later, at `retryAfterMs` where it is known
  | 'unavailable'
  | 'timeout'
  | 'invalid-response'
  | 'not-supported'; // this connection cannot do that: no request was sent

/** A vendor did not do what was asked. Holds nothing of the vendor's own text, which can contain tokens and personal data. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
  readonly code: RequestFailure;
  /** What was asked, in our words: "upload", "export". */
  readonly request: string;
  /** HTTP status; null where there was no answer. */
  readonly status: number | null;
  /** When the vendor said to come again, in milliseconds from now; null where it did not. */
  readonly retryAfterMs: number | null;
  /** A write may have been carried out although it failed for us: read before repeating it. */
  readonly mayHaveArrived: boolean;
  /** What to do about it, in our words, where the code alone says too little; `{vendor}` stands for the vendor's name (failureSentence). */
  readonly sentence: string | null;

  constructor(
    code: RequestFailure,
    request: string,
    facts: {
      readonly status?: number | null;
      readonly retryAfterMs?: number | null;
      readonly mayHaveArrived?: boolean;
      readonly sentence?: string | null;
    } = {},
    options?: ErrorOptions,
  ) {
    const { status = null, retryAfterMs = null, mayHaveArrived = false, sentence = null } = facts;
    super(`${request}: ${code}${status === null ? '' : ` (HTTP ${status})`}`, options);
    this.code = code;
    this.request = request;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.mayHaveArrived = mayHaveArrived;
    this.sentence = sentence;
  }
}

/**
 * Why a mail server did not take a mail. `unreachable`, `sign-in-refused`, `not-encrypted` and `sender-refused` are about the server or its
 * settings, the others about this mail; `cut-off`: nobody knows whether it took it.
 */
export type MailFault =
  | 'unreachable'
  | 'sign-in-refused'
  | 'not-encrypted'
  | 'sender-refused'
  | 'address-refused'
  | 'not-now'
  | 'refused'
  | 'cut-off';

/** A mail that was not sent, or perhaps was. `sentence` is for an admin; what the server said stands only in `cause`. */
export class MailNotSent extends Error {
  override readonly name = 'MailNotSent';
  readonly code: MailFault;
  readonly sentence: string;
  /** When the receiver said to come again, in milliseconds from now; null where it did not. */
  readonly retryAfterMs: number | null;

  constructor(code: MailFault, sentence: string, options: ErrorOptions & { readonly retryAfterMs?: number | null } = {}) {
    super(sentence, options);
    this.code = code;
    this.sentence = sentence;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
