import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import type { IdempotencyKeys, KeptAnswer } from '../store/idempotency-key.ts';
import type { Actor } from '../store/session.ts';
import { panelCallerOf } from './panel-caller.ts';
import { RequestRefused } from './problem.ts';

/** What makes two requests the same one: who asks, method, address with its query (of a panel, its contract), and the body. */
export interface Asked {
  readonly actor: Actor;
  readonly request: Request;
  /** Parsed JSON, so that spaces and the order of fields do not count; undefined without one, and for files. */
  readonly body: unknown;
}

/** Runs `work` unless the request repeats one that was answered; gives the answer to send. */
export type AnswerOnce = (asked: Asked, response: Response, work: () => Promise<KeptAnswer>) => Promise<KeptAnswer>;

/**
 * Idempotency-Key as draft-ietf-httpapi-idempotency-key-header wants it. Without the header a request just runs.
 *
 * A file is not hashed before it is read: its fingerprint is the query (name, side, time) and the length.
 */
export function answerOnce(keys: Pick<IdempotencyKeys, 'once'>, workspaceId: string): AnswerOnce {
  return async (asked, response, work) => {
    const key = keyOf(asked.request);
    if (key === null) return work();
    const answer = await keys.once({ workspaceId, key, fingerprint: fingerprintOf(asked) }, work);
    if (answer === 'other-request') {
      throw new RequestRefused(422, 'This Idempotency-Key was used for another request. Give every request a key of its own.');
    }
    if (answer === 'busy') {
      response.set('Retry-After', '1');
      throw new RequestRefused(409, 'The same request is being carried out at this moment. Ask again in a second to get its answer.');
    }
    return answer;
  };
}

/** The key: a string of RFC 8941 (in quotation marks), or the same without them. */
function keyOf(request: Request): string | null {
  const header = request.get('Idempotency-Key');
  if (header === undefined) return null;
  const found = /^(?:"([^"\\]{1,255})"|([^"\\,;\s]{1,255}))$/u.exec(header);
  if (!found) throw new RequestRefused(400, 'The Idempotency-Key is none. Send up to 255 characters, for example a UUID.');
  return found[1] ?? found[2]!;
}

function fingerprintOf({ actor, request, body }: Asked): string {
  const length = body === undefined ? (request.get('Content-Length') ?? null) : null;
  // A panel's address names no contract: its credential does.
  const contract = panelCallerOf(request)?.contractId;
  const parts = [actor.id, request.method, request.originalUrl, length, body, ...(contract === undefined ? [] : [contract])];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
