/**
 * Salesforce on a local port: sign-in and one org's REST API behind one address, as connector.ts and any other client speak to them. State
 * in memory. Quirks of a page of users: `repeated-cursor`, `short-page`, `shrunken-total`, `error-in-200`, `no-cursor`, `next-page-at URL`;
 * of a write: `locked-row`.
 */
import { z } from 'zod';
import { type ServedSimulator, type SimulatedAnswer, type SimulatedRequest, serveSimulator } from '../serve-simulator.ts';
import {
  organizationColumns,
  type SalesforceState,
  type SalesforceUser,
  salesforceMoment,
  userColumns,
  writable,
} from './simulator/org.ts';
import { type Found, parseSoql, Refused, runSoql } from './simulator/run-soql.ts';
import { signIn } from './simulator/sign-in.ts';

export interface SalesforceSimulatorOptions {
  readonly state: SalesforceState;
  readonly port?: number;
  readonly latencyMs?: number;
  /** What an access names as its API host; default this simulator. */
  readonly instanceUrl?: string;
  /** False: the host for all orgs, which refuses client credentials. Default true. */
  readonly isMyDomain?: boolean;
  /** Each use of a refresh token ends it and gives another. Default true. */
  readonly rotates?: boolean;
  /** Calls that an access token is good for; default as many as there are. */
  readonly requestsPerToken?: number;
  /** Salesforce gives at least 200 a page; tests may have less. */
  readonly smallestPage?: number;
  /** Sizes of pages, in turn, whatever is asked: Salesforce promises none. */
  readonly pageSizes?: readonly number[];
  /** Milliseconds since 1970; default Date.now. */
  readonly now?: () => number;
}

export interface SalesforceSimulator extends ServedSimulator {
  readonly state: SalesforceState;
}

const newestVersion = 66;
const emailWaitMs = 72 * 3_600_000;
const cursorMs = 48 * 3_600_000;

const command = z.discriminatedUnion('do', [
  /** All access ends now. */
  z.strictObject({ do: z.literal('end-access') }),
  /** A person clicks the link that a change of their address sent. */
  z.strictObject({ do: z.literal('confirm-email'), userId: z.string() }),
  /** Others of the org use so many calls, or the day passes. */
  z.strictObject({ do: z.literal('use-api'), used: z.int().min(0) }),
]);
const patches = z.object({
  allOrNone: z.boolean().default(false),
  records: z.array(z.looseObject({ id: z.string().optional(), Id: z.string().optional(), attributes: z.object({ type: z.string() }) })),
});

export async function startSalesforceSimulator(options: SalesforceSimulatorOptions): Promise<SalesforceSimulator> {
  const { state, now = Date.now, smallestPage = 200 } = options;
  const open = signIn({
    state,
    now,
    url: () => served.url,
    instanceUrl: options.instanceUrl,
    isMyDomain: options.isMyDomain ?? true,
    requestsPerToken: options.requestsPerToken ?? Number.POSITIVE_INFINITY,
    rotates: options.rotates ?? true,
  });
  const columns = [...userColumns, ...(state.customFields ?? [])];
  const cursors = new Map<string, { readonly found: Found; readonly size: number; readonly endsAt: number }>();
  let cursorNumber = 0;
  let pageNumber = 0;

  // --- queries --------------------------------------------------------------------------------------------------

  async function query(request: SimulatedRequest, quirks: ReadonlySet<string>): Promise<SimulatedAnswer> {
    const objects = {
      User: { fields: columns, rows: state.users },
      Organization: { fields: organizationColumns, rows: [state.organization] },
    };
    const asksFor = await parseSoql(request.url.searchParams.get('q') ?? '');
    const found = runSoql(asksFor, objects, (sObject, id) => recordUrl(request, sObject, id));
    if (found.isCount) return { status: 200, body: { totalSize: found.rows.length, done: true, records: [] } };
    const asked = /(?:^|[,;\s])batchSize=(\d+)/i.exec(String(request.headers['sforce-query-options'] ?? ''))?.[1];
    const size = Math.min(2_000, Math.max(smallestPage, Number(asked ?? 2_000)));
    cursorNumber += 1;
    const id = `01g5e0${String(cursorNumber).padStart(9, '0')}AAA`;
    cursors.set(id, { found, size, endsAt: now() + cursorMs });
    return pageOf(request, id, 0, quirks);
  }

  function more(request: SimulatedRequest, quirks: ReadonlySet<string>): SimulatedAnswer {
    const [, id = '', from = ''] = /\/query\/(\w+)-(\d+)$/.exec(request.url.pathname) ?? [];
    return pageOf(request, id, Number(from), quirks);
  }

  function pageOf(request: SimulatedRequest, id: string, from: number, quirks: ReadonlySet<string>): SimulatedAnswer {
    const cursor = cursors.get(id);
    if (!cursor || cursor.endsAt <= now()) throw new Refused(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    const { found, size } = cursor;
    const { pageSizes = [size] } = options;
    const to = Math.min(found.rows.length, from + pageSizes[pageNumber++ % pageSizes.length]!);
    const done = to === found.rows.length;
    const records = found.rows.slice(from, to).map(found.project);
    if (quirks.has('short-page')) records.pop();
    if (quirks.has('error-in-200'))
      return { status: 200, body: [{ message: 'An unexpected error occurred.', errorCode: 'UNKNOWN_EXCEPTION' }] };
    const host = [...quirks].find((quirk) => quirk.startsWith('next-page-at '))?.slice('next-page-at '.length) ?? '';
    const next = `${host}${versionPath(request)}/query/${id}-${quirks.has('repeated-cursor') ? from : to}`;
    const body = {
      totalSize: found.rows.length - (quirks.has('shrunken-total') ? 1 : 0),
      done,
      ...(done || quirks.has('no-cursor') ? {} : { nextRecordsUrl: next }),
      records,
    };
    return { status: 200, body };
  }

  // --- records --------------------------------------------------------------------------------------------------

  const isSameId = (a: string, b: string): boolean => a.slice(0, 15) === b.slice(0, 15);

  /** Sets columns. An address changes only when the person has clicked (help 000387986), whoever asks. */
  function patch(id: string, values: Readonly<Record<string, unknown>>, isLocked: boolean): void {
    const at = state.users.findIndex((user) => isSameId(user.Id, id));
    const user = state.users[at];
    if (!user) throw new Refused(404, 'NOT_FOUND', 'The requested resource does not exist');
    if (isLocked) throw new Refused(400, 'UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record');
    for (const [column, value] of Object.entries(values)) {
      const fits = writable[column];
      if (!fits) throw new Refused(400, 'INVALID_FIELD', `No such column '${column}' on sobject of type User`);
      if (fits(value)) continue;
      throw column === 'Email'
        ? new Refused(400, 'INVALID_EMAIL_ADDRESS', 'Email: invalid email address')
        : new Refused(400, 'JSON_PARSER_ERROR', `Cannot deserialize ${column}`);
    }
    const { Email, ...others } = values as { readonly Email?: string };
    if (Email !== undefined && Email !== user.Email) state.pendingEmails.set(user.Id, { email: Email, endsAt: now() + emailWaitMs });
    replace(at, { ...user, ...others });
  }

  function replace(at: number, user: SalesforceUser): void {
    const Name = [user.FirstName, user.LastName].filter(Boolean).join(' ');
    state.users = state.users.with(at, { ...user, Name, SystemModstamp: salesforceMoment(now()) });
  }

  function confirmEmail(userId: string): void {
    const waiting = state.pendingEmails.get(userId);
    const at = state.users.findIndex(({ Id }) => Id === userId);
    state.pendingEmails.delete(userId);
    if (waiting && waiting.endsAt > now() && at >= 0) replace(at, { ...state.users[at]!, Email: waiting.email });
  }

  /** Failures are rows of an answer with 200. All or none: nothing is kept where one fails. */
  function composite({ body }: SimulatedRequest, quirks: ReadonlySet<string>): SimulatedAnswer {
    const { allOrNone, records } = patches.parse(JSON.parse(body.toString()));
    if (records.length > 200) throw new Refused(400, 'EXCEEDED_ID_LIMIT', 'record limit reached. cannot submit more than 200 records');
    const before = state.users;
    const rows = records.map(({ id, Id, attributes: _, ...values }, n) => {
      const key = id ?? Id ?? '';
      try {
        patch(key, values, quirks.has('locked-row') && n === 0);
        return { id: key, success: true, errors: [] };
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        return { id: key, success: false, errors: [{ statusCode: error.errorCode, message: error.message, fields: [] }] };
      }
    });
    if (allOrNone && rows.some(({ success }) => !success)) state.users = before;
    return { status: 200, body: rows };
  }

  function record(request: SimulatedRequest): SimulatedAnswer {
    const user = state.users.find(({ Id }) => isSameId(Id, idIn(request)));
    if (!user) throw new Refused(404, 'NOT_FOUND', 'The requested resource does not exist');
    const columns = Object.entries(user).filter(([, value]) => value === null || typeof value !== 'object');
    return {
      status: 200,
      body: { attributes: { type: 'User', url: recordUrl(request, 'User', user.Id) }, ...Object.fromEntries(columns) },
    };
  }

  // --- the door -------------------------------------------------------------------------------------------------

  function answer(kind: string, request: SimulatedRequest, quirks: ReadonlySet<string>): SimulatedAnswer | Promise<SimulatedAnswer> {
    switch (kind) {
      case 'authorize':
        return open.authorize(request);
      case 'token':
        return open.token(request);
      case 'revoke':
        return open.revoke(request);
    }
    const caller = open.useToken(request);
    if (caller === null) throw new Refused(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
    if (kind === 'identity') {
      const user = state.users.find(({ Id }) => Id === caller.userId);
      return {
        status: 200,
        body: { user_id: caller.userId, organization_id: state.organization.Id, username: user?.Username, email: user?.Email },
      };
    }
    const version = Number(/^\/services\/data\/v(\d+)\.0\//.exec(request.url.pathname)?.[1]);
    if (version > newestVersion) throw new Refused(404, 'NOT_FOUND', 'The requested resource does not exist');
    if (state.api.used >= state.api.limit) throw new Refused(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
    state.api.used += 1;
    switch (kind) {
      case 'users':
        return request.url.searchParams.has('q') ? query(request, quirks) : more(request, quirks);
      case 'query':
      case 'organization':
      case 'count':
        return query(request, quirks);
      case 'limits': {
        const { used, limit } = state.api;
        return { status: 200, body: { DailyApiRequests: { Max: limit, Remaining: limit - used } } };
      }
      case 'describe':
        return {
          status: 200,
          body: { name: 'User', fields: columns.filter((name) => !name.includes('.')).map((name) => ({ name })) },
        };
      case 'record':
        return record(request);
      case 'update': {
        const values = z.record(z.string(), z.unknown()).parse(JSON.parse(request.body.toString()));
        patch(idIn(request), values, quirks.has('locked-row'));
        return { status: 204 };
      }
      case 'updates':
        return composite(request, quirks);
    }
    throw new Refused(404, 'NOT_FOUND', 'The requested resource does not exist');
  }

  const usage = (): Record<string, string> => ({ 'sforce-limit-info': `api-usage=${state.api.used}/${state.api.limit}` });

  const served = await serveSimulator(
    {
      quirks: ['short-page', 'error-in-200', 'repeated-cursor', 'shrunken-total', 'no-cursor', 'locked-row', 'next-page-at'],
      notFound: { status: 404, body: [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }] },
      kindOf,
      async answer(kind, request, quirks) {
        try {
          const said = await answer(kind, request, quirks);
          return { ...said, headers: { ...usage(), ...said.headers } };
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
          const { status, errorCode, message } = error;
          return { status, headers: usage(), body: [{ message, errorCode }] };
        }
      },
      obey(given) {
        const read = command.parse(given);
        if (read.do === 'end-access') open.endTokens();
        else if (read.do === 'confirm-email') confirmEmail(read.userId);
        else state.api.used = read.used;
        return null;
      },
    },
    options,
  );
  return { ...served, state };
}

const versionPath = ({ url }: SimulatedRequest): string => /^\/services\/data\/v\d+\.0/.exec(url.pathname)?.[0] ?? '';
const recordUrl = (request: SimulatedRequest, sObject: string, id: string): string => `${versionPath(request)}/sobjects/${sObject}/${id}`;
const idIn = ({ url }: SimulatedRequest): string => url.pathname.slice(url.pathname.lastIndexOf('/') + 1);

const signInKinds: Readonly<Record<string, string>> = {
  'POST /services/oauth2/token': 'token',
  'POST /services/oauth2/revoke': 'revoke',
  'GET /services/oauth2/authorize': 'authorize',
};

function kindOf({ method, url }: SimulatedRequest): string | null {
  const path = url.pathname;
  const known = signInKinds[`${method} ${path}`];
  if (known) return known;
  if (/^\/id\/\w+\/\w+$/.test(path)) return 'identity';
  const rest = /^\/services\/data\/v\d+\.0(\/.*)$/.exec(path)?.[1];
  if (rest === undefined) return null;
  if (method === 'GET' && /^\/query\/?$/.test(rest)) return kindOfQuery(url.searchParams.get('q') ?? '');
  if (method === 'GET' && /^\/query\/\w+-\d+$/.test(rest)) return 'users';
  if (method === 'GET' && rest === '/limits') return 'limits';
  if (method === 'GET' && rest === '/sobjects/User/describe') return 'describe';
  if (/^\/sobjects\/User\/\w+$/.test(rest)) return method === 'PATCH' ? 'update' : method === 'GET' ? 'record' : null;
  return method === 'PATCH' && rest === '/composite/sobjects' ? 'updates' : null;
}

/** What is asked for, so that a fault can be laid on it. */
function kindOfQuery(soql: string): string {
  if (/\bFROM\s+Organization\b/i.test(soql)) return 'organization';
  if (/^\s*SELECT\s+COUNT\s*\(/i.test(soql)) return 'count';
  return /\bFROM\s+User\b/i.test(soql) ? 'users' : 'query';
}
