import type {
  AnswerQuestion,
  FileOffers,
  MappingChange,
  NewException,
  NewLink,
  NewObservedAnswer,
  NewReconciliation,
  Overview,
  People,
  Person,
  Reconciliation,
  ReconciliationRow,
  Session,
  Settings,
  SettingsChange,
  Side,
  Upload,
} from '../../../../server/api.ts';
import { text } from '../text.ts';
import { Problem } from './problem.ts';

/**
 * One call. What comes back was checked against its schema by the server's own tests, so that the page carries no second copy.
 * @throws {Problem} for every refusal and for a server that does not answer
 */
async function call<Answer>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
  const raw = body instanceof Blob;
  const response = await fetch(path, {
    method,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': raw ? 'application/octet-stream' : 'application/json' }),
    },
    body: body === undefined ? null : raw ? body : JSON.stringify(body),
    signal: signal ?? null,
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new Problem(0, text.error.unreachable, text.error.unreachableDetail, { path }, { cause });
  });
  if (!response.ok) throw await problemOf(response, path);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

async function problemOf(response: Response, path: string): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  const told = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const title = typeof told.title === 'string' ? told.title : response.statusText;
  return new Problem(response.status, title, typeof told.detail === 'string' ? told.detail : null, {
    path,
    status: response.status,
    ...told,
  });
}

const of = encodeURIComponent;

export const getSession = (signal: AbortSignal) => call<Session>('GET', '/api/session', undefined, signal);
export const signIn = (code: string) => call<Session>('POST', '/api/session/sign-in', { code });
export const getOverview = (signal: AbortSignal) => call<Overview>('GET', '/api/overview', undefined, signal);
export const listPeople = (query: URLSearchParams, signal: AbortSignal) => call<People>('GET', `/api/people?${query}`, undefined, signal);
export const getPerson = (key: string, signal: AbortSignal) => call<Person>('GET', `/api/people/${of(key)}`, undefined, signal);

export function createUpload(file: File, side: Side | null): Promise<Upload> {
  const query = new URLSearchParams({ name: file.name, modifiedAt: new Date(file.lastModified).toISOString() });
  if (side) query.set('side', side);
  return call('POST', `/api/uploads?${query}`, file);
}
export const getUpload = (id: string, signal: AbortSignal) => call<Upload>('GET', `/api/uploads/${of(id)}`, undefined, signal);
export const mapUpload = (id: string, change: MappingChange) => call<Upload>('PUT', `/api/uploads/${of(id)}/mapping`, change);

export const createReconciliation = (run: NewReconciliation) => call<{ id: string }>('POST', '/api/reconciliations', run);
export const repeatReconciliation = (id: string) => call<{ id: string }>('POST', `/api/reconciliations/${of(id)}/repeat`);
export const listReconciliations = (cursor: string | null, signal: AbortSignal) =>
  call<{ rows: ReconciliationRow[]; next: string | null }>(
    'GET',
    `/api/reconciliations${cursor ? `?cursor=${of(cursor)}` : ''}`,
    undefined,
    signal,
  );
export const getReconciliation = (id: string, signal: AbortSignal) =>
  call<Reconciliation>('GET', `/api/reconciliations/${of(id)}`, undefined, signal);
export const answerReconciliation = (id: string, answer: AnswerQuestion) =>
  call<Reconciliation>('POST', `/api/reconciliations/${of(id)}/answer`, answer);
export const listFiles = (id: string, signal: AbortSignal) =>
  call<FileOffers>('GET', `/api/reconciliations/${of(id)}/files`, undefined, signal);

export const reportHref = (id: string, format: 'csv' | 'xlsx' | 'json') => `/api/reconciliations/${of(id)}/report.${format}`;
export const rejectsHref = (id: string) => `/api/reconciliations/${of(id)}/rejects.csv`;
export const fileHref = (id: string, name: string) => `/api/reconciliations/${of(id)}/files/${of(name)}`;

/** The text of one of the files, for looking at it without a spreadsheet program. */
export async function readFile(id: string, name: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(fileHref(id, name), { signal });
  if (!response.ok) throw await problemOf(response, fileHref(id, name));
  return response.text();
}

export const getSettings = (signal: AbortSignal) => call<Settings>('GET', '/api/settings', undefined, signal);
export const changeSettings = (change: SettingsChange) => call<Settings>('PUT', '/api/settings', change);

export const createLink = (link: NewLink) => call<{ id: string }>('POST', '/api/links', link);
export const deleteLink = (id: string) => call<void>('DELETE', `/api/links/${of(id)}`);
export const createException = (exception: NewException) => call<{ id: string }>('POST', '/api/exceptions', exception);
export const deleteException = (id: string) => call<void>('DELETE', `/api/exceptions/${of(id)}`);
export const createObservedAnswer = (answer: NewObservedAnswer) => call<{ id: string }>('POST', '/api/observed-answers', answer);
