import type { Connection, Connections } from '../api.ts';
import { checkConnection, trySettings } from '../jobs/check-connection.ts';
import { type ConnectionDesk, ConnectionUnusable, isSimulated, kindOf, knownConnections, writtenIn } from '../jobs/connection-desk.ts';
import { changeConnection, makeConnection, removeConnection, SettingsRefused, schedulesOf } from '../jobs/keep-connection.ts';
import { beginSignIn, finishSignIn } from '../jobs/sign-in-connection.ts';
import { splitSecrets } from '../jobs/split-secrets.ts';
import type { StoredConnection } from '../store/connection.ts';
import { listSchedules } from '../store/schedule.ts';
import { readSettings } from '../store/setting.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';
import { notFound, RequestRefused } from './problem.ts';
import { tokenOf } from './session.ts';

export interface ConnectionRoutes {
  readonly workspace: Workspace;
  readonly connections: () => Promise<ConnectionDesk>;
}

type ConnectionEndpoint =
  | 'listConnections'
  | 'createConnection'
  | 'testConnection'
  | 'signInConnection'
  | 'finishConnection'
  | 'changeConnection'
  | 'deleteConnection'
  | 'checkConnection';

/** Whoever tests looks at the page meanwhile. */
const patienceMs = 60_000;

export function connectionRoutes({ workspace, connections }: ConnectionRoutes): Pick<Handlers, ConnectionEndpoint> {
  async function list(desk: ConnectionDesk): Promise<Pick<Connections, 'rows' | 'fault'>> {
    const [{ rows, fault, lacking }, schedules, { settings: of }] = await Promise.all([
      knownConnections(desk, workspace),
      listSchedules(desk.pool, workspace),
      readSettings(desk.pool, workspace),
    ]);
    const shown = (row: StoredConnection): Connection => {
      const { vendor, side, route, secretFields } = kindOf(desk, row.type);
      const { settings, secrets } = row.fromFile
        ? ofFile(desk, row.name, secretFields)
        : { settings: row.settings, secrets: row.secretFields };
      return {
        id: row.id,
        name: row.name,
        type: row.type,
        vendor,
        side,
        fromFile: row.fromFile,
        simulated: isSimulated(row),
        settings,
        secrets: [...secrets],
        lists: desk.lists(row.type, settings),
        route,
        carriesPlans: typeof of.delivery !== 'string' && of.delivery.connection === row.id,
        origin: row.origin,
        check: row.fromFile && lacking.has(row.name) ? lacks(row, lacking.get(row.name)!) : row.check,
        usedBy: schedulesOf(row.id, schedules).map(({ id, name }) => ({ id, name })),
        createdBy: row.createdBy,
        createdAt: row.createdAt,
        changedBy: row.changedBy,
        changedAt: row.changedAt,
      };
    };
    return { rows: rows.map(shown), fault };
  }

  async function show(desk: ConnectionDesk, id: string): Promise<Connection> {
    const found = (await list(desk)).rows.find((row) => row.id === id);
    if (!found) throw notFound('This connection');
    return found;
  }

  return {
    async listConnections() {
      const desk = await connections();
      const kinds = desk.kinds.map(({ crm: _, secretFields: __, route: ___, ...told }) => told);
      return { ...(await list(desk)), kinds, canStore: desk.key !== null };
    },
    createConnection: ({ body, actor }) =>
      said(async () => {
        const desk = await connections();
        return show(desk, await makeConnection(desk, workspace, body, actor.name));
      }),
    testConnection: ({ body }) =>
      said(async () => {
        const desk = await connections();
        const { id = null, ...asked } = body;
        return trySettings(desk, workspace, id, asked, AbortSignal.timeout(patienceMs));
      }),
    signInConnection: ({ body, actor, request }) =>
      said(async () => {
        const { id = null, ...asked } = body;
        // The name that this admin opened the console by: the session's cookie is good there alone, and no other name comes this far.
        const redirectUri = new URL('/connections/callback', `http://${request.headers.host}`).href;
        const by = { actor: actor.name, session: tokenOf(request) };
        const url = await beginSignIn(await connections(), workspace, { ...asked, id }, redirectUri, by);
        return { url: url.href };
      }),
    finishConnection: ({ body, actor, request }) =>
      said(async () => {
        const desk = await connections();
        const signal = AbortSignal.timeout(patienceMs);
        const id = await finishSignIn(desk, workspace, body.query, { actor: actor.name, session: tokenOf(request) }, signal);
        await checkConnection(desk, workspace, id, { by: actor.name, now: new Date(), signal });
        return show(desk, id);
      }),
    changeConnection: ({ params, body, actor }) =>
      said(async () => {
        const desk = await connections();
        await changeConnection(desk, workspace, params.id, body, actor.name);
        return show(desk, params.id);
      }),
    async deleteConnection({ params, actor }) {
      return { sentence: await removeConnection(await connections(), workspace, params.id, actor.name) };
    },
    async checkConnection({ params, actor }) {
      const desk = await connections();
      const signal = AbortSignal.timeout(patienceMs);
      await checkConnection(desk, workspace, params.id, { by: actor.name, now: new Date(), signal });
      return show(desk, params.id);
    },
  };
}

/** In the place of its last test: it cannot be asked. */
const lacks = ({ check, changedAt }: StoredConnection, sentence: string): NonNullable<Connection['check']> => ({
  at: check?.at ?? changedAt,
  lines: [{ what: 'access', verdict: 'bad', sentence }],
});

/** What the configuration file says of a connection, without what is secret. */
function ofFile(desk: ConnectionDesk, name: string, secretFields: readonly string[]) {
  const { name: _, type: __, ...settings } = writtenIn(desk.configured()).find((one) => one.name === name) ?? { name, type: '' };
  const split = splitSecrets(settings, secretFields);
  return { settings: split.settings, secrets: Object.keys(split.secrets) };
}

/** Settings that cannot be used are said with their places, as the faults of a request are. */
async function said<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConnectionUnusable) throw new RequestRefused(422, error.sentence, { cause: error });
    if (!(error instanceof SettingsRefused)) throw error;
    const faults = error.faults.map(({ at, fault }) => ({ at: `body.settings.${at}`, fault }));
    const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
    throw new RequestRefused(422, `The settings cannot be used: ${error.faults[0]!.at} ${error.faults[0]!.fault}${more}.`, {
      cause: error,
      faults,
    });
  }
}
