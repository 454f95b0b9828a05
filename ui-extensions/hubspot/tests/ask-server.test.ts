import type { hubspot } from '@hubspot/ui-extensions';
import { describe, expect, test } from 'vitest';
import { askServer } from '../src/panel/ask-server.ts';
import { PanelProblem } from '../src/panel/panel-problem.ts';

const address = 'https://seatmatch.acme.example';

/** A `hubspot.fetch` that gives this answer, and what it was asked. */
function answering(answer: Response | Error) {
  const asked: Parameters<typeof hubspot.fetch>[] = [];
  const fetch: typeof hubspot.fetch = (...call) => {
    asked.push(call);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { asked, ask: askServer(fetch, address) };
}
const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });

/** As HubSpot's proxy hands on an answer other than 2xx. */
const failed = (serverStatus: number, responseBody: unknown): unknown => ({
  status: 'error',
  category: 'BAD_GATEWAY',
  message: 'Error returned from Request Uri',
  context: {
    requestUri: [address],
    httpMethod: ['GET'],
    portalId: ['777'],
    appServerStatusCode: [String(serverStatus)],
    correlationId: ['c'],
  },
  responseBody,
  errors: [{ message: `Unacceptable HTTP status ${serverStatus}` }],
});
const problem = {
  type: 'about:blank',
  title: 'This portal is not connected.',
  status: 401,
  kind: 'not-connected',
  detail: 'Connect it first.',
};
const silence = { kind: 'unavailable', title: 'Seatmatch does not answer.' };

describe('what is sent', () => {
  test('a request ends after fifteen seconds, and has no header and no body unless it changes something', async () => {
    const { ask, asked } = answering(json({ rows: [] }));
    await ask.people({ reason: 'email-differs', search: 'Łuk & co' });
    expect(asked).toEqual([
      [`${address}/panels/hubspot/api/panel/people?reason=email-differs&search=%C5%81uk%20%26%20co`, { method: 'GET', timeout: 15_000 }],
    ]);
  });

  test.each([
    ['createPlan', '/plans', { rootCause: 'c1' }],
    ['approve', '/plans/7/approve', { seal: 'abc' }],
    ['steer', '/plans/7/pause', {}],
    ['compare', '/panel/compare', {}],
  ] as const)('%s carries its key in the body, where HubSpot lets one through', async (name, path, fields) => {
    const { ask, asked } = answering(json({ id: '7' }, 202));
    const calls = {
      createPlan: () => ask.createPlan({ rootCause: 'c1' }, 'key-1'),
      approve: () => ask.approve('7', 'abc', 'key-1'),
      steer: () => ask.steer('7', 'pause', 'key-1'),
      compare: () => ask.compare('key-1'),
    };
    await calls[name]();
    const body = { ...fields, idempotencyKey: 'key-1' };
    expect(asked).toEqual([[`${address}/panels/hubspot/api${path}`, { method: 'POST', timeout: 15_000, body }]]);
  });

  test('keys of people and plans cannot leave their place in the address', async () => {
    const { ask, asked } = answering(json({}));
    await ask.person('a/../b?c');
    expect(asked[0]?.[0]).toBe(`${address}/panels/hubspot/api/panel/people/a%2F..%2Fb%3Fc`);
  });

  test('a record without an owner names none', async () => {
    const { ask, asked } = answering(json({}));
    await ask.record(null);
    expect(asked[0]?.[0]).toBe(`${address}/panels/hubspot/api/panel/record`);
  });
});

describe('what comes back', () => {
  const refusal = (answer: Response | Error): Promise<unknown> =>
    answering(answer)
      .ask.panel()
      .catch((cause: unknown) => cause);

  test('an answer is taken as it is, and out of the envelope where HubSpot hands that on', async () => {
    const panel = { title: 'Acme' };
    expect(await answering(json(panel)).ask.panel()).toEqual(panel);
    const envelope = { status: 'success', responseBody: panel, context: { requestUri: [address], appServerStatusCode: ['200'] } };
    expect(await answering(json(envelope)).ask.panel()).toEqual(panel);
    const asText = { ...envelope, responseBody: JSON.stringify(panel) };
    expect(await answering(json(asText)).ask.panel()).toEqual(panel);
  });

  test('an answer without a body is one', async () => {
    expect(await answering(new Response(null, { status: 204 })).ask.panel()).toBeNull();
  });

  test.each([
    ['as it is', json(problem, 401)],
    ['in the envelope, under any status', json(failed(401, problem))],
    ['in the envelope, as text', json(failed(401, JSON.stringify(problem)), 502)],
  ])('the server’s own words are shown: %s', async (_, answer) => {
    const refused = await refusal(answer);
    expect(refused).toBeInstanceOf(PanelProblem);
    expect(refused).toMatchObject({ kind: 'not-connected', title: problem.title, detail: problem.detail });
  });

  test('a problem without a kind is told by its status, out of the envelope’s own', async () => {
    const { kind: _, ...plain } = problem;
    expect(await refusal(json(failed(403, plain)))).toMatchObject({ kind: 'no-rights' });
    expect(await refusal(json(failed(409, plain)))).toMatchObject({ kind: 'refused' });
    expect(await refusal(json(failed(503, plain)))).toMatchObject({ kind: 'unavailable' });
    expect(await refusal(json({ ...plain, kind: 'toString' }, 404))).toMatchObject({ kind: 'not-found' });
  });

  test.each([
    ['no network', new Error('Failed to fetch')],
    ['a page of HTML', new Response('<html>502</html>', { status: 502 })],
    ['HubSpot’s own failure', json({ ...(failed(500, undefined) as object), message: 'Gateway took too long to respond' }, 504)],
    ['HTML in the envelope', json(failed(502, '<html>'), 200)],
    ['JSON that is nobody’s problem', json({ error: 'no' }, 500)],
  ])('where no server of ours answers, the panel says so: %s', async (_, answer) => {
    expect(await refusal(answer)).toMatchObject(silence);
  });
});
