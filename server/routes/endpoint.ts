import express, { type Express, type Request, type Response } from 'express';
import type { z } from 'zod';
import { type Endpoint, type EndpointName, endpoints, takesIdempotencyKey } from '../api.ts';
import type { KeptAnswer } from '../store/idempotency-key.ts';
import type { Actor } from '../store/session.ts';
import type { AnswerOnce } from './answer-once.ts';
import { type PanelCaller, panelAddressOf, panelCallerOf } from './panel-caller.ts';
import { holdToPanel, nothingThere } from './panel-rights.ts';
import { RequestRefused, refuseFaults, sendProblem } from './problem.ts';

type Parsed<E, Part extends 'params' | 'query' | 'body'> =
  E extends Record<Part, infer Schema extends z.ZodType> ? z.infer<Schema> : undefined;
type Answer<E> = E extends { response: infer Schema extends z.ZodType } ? z.input<Schema> : unknown;

/** What a handler is given: everything parsed, and who asks. */
export interface Call<E> {
  readonly params: Parsed<E, 'params'>;
  readonly query: Parsed<E, 'query'>;
  readonly body: Parsed<E, 'body'>;
  /** On open endpoints nobody may be signed in. */
  readonly actor: E extends { open: true } ? Actor | null : Actor;
  readonly request: Request;
  readonly response: Response;
}

/** One handler for each row of the table. What it returns is sent as JSON; a handler of another media type writes the response itself. */
export type Handlers = {
  readonly [Name in EndpointName]: (call: Call<(typeof endpoints)[Name]>) => Promise<Answer<(typeof endpoints)[Name]>>;
};

/** Writes down who changes something through a CRM's panel, with the id that the CRM knows them by. */
export type NoteAct = (name: EndpointName, params: unknown, caller: PanelCaller) => Promise<void>;

const parseJson = express.json({ limit: '8mb' });

/** Mounts the whole table. Every other address under /api is a 404, and every other method on these a 405. */
export function mountEndpoints(
  app: Express,
  handlersFor: (request: Request, endpoint: Endpoint) => Promise<Handlers>,
  findActor: (request: Request) => Promise<Actor | null>,
  answerOnce: AnswerOnce,
  noteAct: NoteAct,
): void {
  const methods = Map.groupBy(Object.values(endpoints) as Endpoint[], (endpoint) => endpoint.path);
  for (const [name, endpoint] of Object.entries(endpoints) as [EndpointName, Endpoint][]) {
    app[endpoint.method](endpoint.path, async (request, response) => {
      const caller = panelCallerOf(request);
      if (caller) holdToPanel(endpoint, caller, request.get('Idempotency-Key'));
      const actor = await findActor(request);
      if (!actor && !endpoint.open) {
        throw new RequestRefused(401, 'You are not signed in. Open the one-time admin link that the server printed when it started.');
      }
      const handler = (await handlersFor(request, endpoint))[name] as (call: Call<Endpoint>) => Promise<unknown>;
      const params = parse('path', endpoint.params, request.params);
      const query = parse('query', endpoint.query, request.query);
      let body: unknown;
      if (endpoint.body) {
        if (!request.is('application/json')) throw new RequestRefused(415, 'Send the body as application/json.');
        if (!caller?.body)
          await new Promise<void>((resolve, reject) =>
            parseJson(request, response, (error?: unknown) => (error ? reject(error) : resolve())),
          );
        body = parse('body', endpoint.body, caller?.body ? caller.body.value : request.body);
      }
      const call = { params, query, body, actor, request, response } as Call<Endpoint>;
      if (endpoint.media) {
        await handler(call);
        return;
      }
      const work = async (): Promise<KeptAnswer> => {
        if (caller && actor && endpoint.panel === 'act') await noteAct(name, params, caller);
        const answer = await handler(call);
        return { status: endpoint.status, body: endpoint.response ? JSON.stringify(answer) : null };
      };
      const answer = actor && takesIdempotencyKey(endpoint) ? await answerOnce({ actor, request, body }, response, work) : await work();
      response.status(answer.status);
      if (answer.body === null) response.end();
      else response.type('json').send(answer.body);
    });
  }
  for (const [path, known] of methods) {
    const allowed = known.map((endpoint) => endpoint.method.toUpperCase());
    app.all(path, (request, response) => {
      if (panelAddressOf(request)) throw nothingThere();
      response.set('Allow', allowed.join(', '));
      sendProblem(response, 405, `${request.method} is not possible here; ${allowed.join(' and ')} is.`);
    });
  }
  app.all('/api/{*rest}', (request) => {
    if (panelAddressOf(request)) throw nothingThere();
    throw new RequestRefused(404, 'There is nothing at this address of the API. /docs lists what there is.');
  });
}

function parse(where: string, schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value);
  if (!result.success) throw refuseFaults(where, result.error);
  return result.data;
}
