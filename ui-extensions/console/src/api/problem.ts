/** A refusal or failure of the server (RFC 9457), or of the way to it. `title` is one sentence a person can act on. */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string | null;
  /** Everything the server said, for "Details for support". */
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, title: string, detail: string | null, body: Readonly<Record<string, unknown>>, options?: ErrorOptions) {
    super(detail ?? title, options);
    this.name = 'Problem';
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.body = body;
  }
}
