import type { hubspot } from '@hubspot/ui-extensions';
import { noAnswer, PanelProblem, type ProblemKind } from './panel-problem.ts';
import type { Panel, PanelPeople, PanelPersonDetail, PanelPlan, PanelPlanPeople, PanelRecord, Schedules, Settings } from './panel-types.ts';

/** Why somebody is in a plan: a root cause, or named people. */
export type PlanChoice = { rootCause: string } | { licenseIds: string[] };

export type Steering = 'cancel' | 'pause' | 'resume';

/** All that the panel asks of the server. Whatever changes something takes a key: the same key is never carried out twice. */
export interface AskServer {
  panel(): Promise<Panel>;
  people(query: Record<string, string>): Promise<PanelPeople>;
  person(key: string): Promise<PanelPersonDetail>;
  record(ownerId: string | null): Promise<PanelRecord>;
  plan(id: string): Promise<PanelPlan>;
  planPeople(id: string, cursor: string): Promise<PanelPlanPeople>;
  createPlan(choice: PlanChoice, idempotencyKey: string): Promise<{ id: string }>;
  approve(id: string, seal: string, idempotencyKey: string): Promise<void>;
  steer(id: string, what: Steering, idempotencyKey: string): Promise<void>;
  compare(idempotencyKey: string): Promise<void>;
  schedules(): Promise<Schedules>;
  settings(): Promise<Settings>;
  saveLimits(limits: Settings['limits'], idempotencyKey: string): Promise<Settings>;
}

/** HubSpot ends a request after 15 seconds, whatever is asked for. */
const timeoutMs = 15_000;

/**
 * The one place that speaks to the server: through HubSpot's proxy, which signs each request, adds who asks, and lets no header through,
 * so that the key of a repeated request travels in the body.
 * @param fetch hubspot.fetch
 * @param address SEATMATCH_PUBLIC_URL
 */
export function askServer(fetch: typeof hubspot.fetch, address: string): AskServer {
  async function ask<Answer>(path: string, method: 'GET' | 'POST' | 'PUT' = 'GET', body?: Record<string, unknown>): Promise<Answer> {
    let ok: boolean;
    let status: number;
    let answer: unknown;
    try {
      const response = await fetch(`${address}/panels/hubspot/api${path}`, { method, timeout: timeoutMs, ...(body && { body }) });
      ({ ok, status } = response);
      const text = await response.text();
      answer = text === '' ? null : JSON.parse(text);
    } catch (cause) {
      throw noAnswer(cause);
    }
    const envelope = envelopeOf(answer);
    if (envelope) {
      answer = envelope.body;
      ok = envelope.ok;
      status = envelope.status ?? status;
    }
    if (!ok) throw refusalOf(answer, status);
    return answer as Answer;
  }
  const segment = encodeURIComponent;

  return {
    panel: () => ask('/panel'),
    people: (query) => ask(`/panel/people${queryOf(query)}`),
    person: (key) => ask(`/panel/people/${segment(key)}`),
    record: (ownerId) => ask(`/panel/record${ownerId === null ? '' : queryOf({ ownerId })}`),
    plan: (id) => ask(`/panel/plans/${segment(id)}`),
    planPeople: (id, cursor) => ask(`/panel/plans/${segment(id)}/people${queryOf({ cursor })}`),
    createPlan: (choice, idempotencyKey) => ask('/plans', 'POST', { ...choice, idempotencyKey }),
    approve: (id, seal, idempotencyKey) => ask(`/plans/${segment(id)}/approve`, 'POST', { seal, idempotencyKey }),
    steer: (id, what, idempotencyKey) => ask(`/plans/${segment(id)}/${what}`, 'POST', { idempotencyKey }),
    compare: (idempotencyKey) => ask('/panel/compare', 'POST', { idempotencyKey }),
    schedules: () => ask('/schedules'),
    settings: () => ask('/settings'),
    saveLimits: (limits, idempotencyKey) => ask('/settings', 'PUT', { limits, idempotencyKey }),
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What HubSpot's proxy wraps an answer in: always where our server answered with anything but 2xx (then with a status of its own, 200 in
 * HubSpot's proxy for developers), so that its status says nothing. Null: an answer of our server as it is.
 */
function envelopeOf(answer: unknown): { ok: boolean; status: number | null; body: unknown } | null {
  if (!isRecord(answer) || !isRecord(answer.context) || !('requestUri' in answer.context)) return null;
  const [code] = [answer.context.appServerStatusCode].flat();
  const status = Number(code);
  return { ok: answer.status === 'success', status: Number.isInteger(status) ? status : null, body: parsedBody(answer.responseBody) };
}

function parsedBody(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

const kinds: Record<number, ProblemKind> = {
  401: 'not-connected',
  403: 'no-rights',
  404: 'not-found',
  400: 'refused',
  409: 'refused',
  422: 'refused',
};

/** Our server's own words (RFC 9457, with `kind`); whatever else answers in its place is no answer. */
function refusalOf(answer: unknown, status: number): PanelProblem {
  if (!isRecord(answer) || typeof answer.title !== 'string') return noAnswer();
  const known = Object.values(kinds).find((kind) => kind === answer.kind);
  const detail = typeof answer.detail === 'string' ? answer.detail : null;
  return new PanelProblem(known ?? kinds[status] ?? 'unavailable', answer.title, detail);
}

function queryOf(values: Record<string, string>): string {
  const pairs = Object.entries(values).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}
