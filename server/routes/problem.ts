import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, Response } from 'express';
import type { z } from 'zod';
import type { Problem } from '../api.ts';
import { ActionRefused } from '../jobs/plan-desk.ts';
import { ComparisonRefused } from '../jobs/run-reconciliation.ts';
import { panelAddressOf } from './panel-caller.ts';
import { panelProblem } from './panel-problem.ts';

/** A refusal that a person reads: `message` is the sentence. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  readonly status: number;
  readonly faults: readonly { at: string; fault: string }[] | undefined;
  constructor(status: number, sentence: string, options?: ErrorOptions & { faults?: readonly { at: string; fault: string }[] }) {
    super(sentence, options);
    this.status = status;
    this.faults = options?.faults;
  }
}

export const notFound = (what: string) => new RequestRefused(404, `${what} is not here (any more), or the address is wrong.`);

/** Turns zod's faults into one sentence and the list of places. `where` is path, query or body. */
export function refuseFaults(where: string, error: z.ZodError): RequestRefused {
  const faults = error.issues.map((issue) => ({ at: [where, ...issue.path.map(String)].join('.'), fault: issue.message }));
  const first = faults[0]!;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  return new RequestRefused(400, `The request cannot be used: ${first.at}: ${first.fault}${more}.`, { faults });
}

/** Sends a problem as RFC 9457 says; to a CRM's panel in its words. */
export function sendProblem(response: Response, status: number, detail: string, faults?: readonly { at: string; fault: string }[]): void {
  const places = faults && [...faults];
  const problem: Problem = panelAddressOf(response.req)
    ? panelProblem(status, detail, places)
    : { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, ...(places ? { faults: places } : {}) };
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

const refusals = { 'not-found': 404, 'not-now': 409, 'not-possible': 422 } as const satisfies Record<ActionRefused['kind'], number>;

/** What a person is told of an error that is a refusal; null for any other. */
export function refusalOf(
  error: unknown,
): { readonly status: number; readonly sentence: string; readonly faults?: RequestRefused['faults'] } | null {
  if (error instanceof RequestRefused) return { status: error.status, sentence: error.message, faults: error.faults };
  if (error instanceof ComparisonRefused) return { status: 422, sentence: error.sentence };
  if (error instanceof ActionRefused) return { status: refusals[error.kind], sentence: error.sentence };
  return null;
}

/** The last handler: what we refuse is said, what we did not expect is logged and never shown. */
export function problemHandler(logError: (error: unknown) => void): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    // Whoever asked has gone: nobody is left to tell, and nothing is wrong here.
    if (request.socket?.destroyed !== false) return;
    if (response.headersSent) {
      // Half an answer must not look whole: the connection is cut.
      logError(error);
      next(error);
      return;
    }
    const refused = refusalOf(error);
    if (refused) {
      sendProblem(response, refused.status, refused.sentence, refused.faults);
      return;
    }
    const { status, type } = error as { status?: number; type?: string };
    if (type === 'entity.too.large') sendProblem(response, 413, 'The request is too large.');
    else if (type === 'entity.parse.failed') sendProblem(response, 400, 'The body of the request is not valid JSON.');
    else if (status !== undefined && status >= 400 && status < 500) sendProblem(response, status, 'The request cannot be used as it is.');
    else {
      logError(error);
      sendProblem(response, 500, 'Something went wrong on our side. It was written to the log of the server; please try again.');
    }
  };
}
