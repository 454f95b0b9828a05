import { z } from 'zod';
import type { PanelDirectory, PanelUser } from '../../connectors/connector.ts';
import { RequestFailed } from '../../connectors/errors.ts';
import { connectionsOfOrigin, type StoredConnection } from '../store/connection.ts';
import { findContract } from '../store/contract.ts';
import type { Scope } from '../store/database.ts';
import type { PanelRole } from '../store/panel-token.ts';
import { readSettings } from '../store/setting.ts';
import { checkConnection } from './check-connection.ts';
import {
  type ConnectionDesk,
  ConnectionUnusable,
  knownConnections,
  knownSettings,
  openConnection,
  type SignedCall,
} from './connection-desk.ts';

/** Somebody in a portal's panel, by HubSpot's word and signature. */
export interface HubSpotVisitor {
  readonly contractId: string;
  readonly portalId: string;
  readonly userId: string;
  readonly name: string;
  /** Null: nobody gave them any right. */
  readonly role: PanelRole | null;
  /** The user behind an owner's id; its `id` null: nobody is known by it. Null: HubSpot does not say at the moment. */
  readonly userOfOwner: (ownerId: string) => Promise<{ readonly id: string | null } | null>;
  /** A user's address as HubSpot has it now; null: nobody has this number, or HubSpot does not tell at the moment. */
  readonly emailOfUser: (userId: string) => Promise<string | null>;
}

/** Why nobody is let in: `unknown` tells a portal that nobody connected from a bad signature to nobody. */
export type HubSpotRefusal = 'unknown' | 'uninstalled' | 'unavailable';

export interface HubSpotPanels {
  /** Who asks, or why they may not. */
  visitor(call: SignedCall): Promise<HubSpotVisitor | HubSpotRefusal>;
}

/** Whoever lost a right keeps it no longer than this. */
const keptMs = 300_000;
/** HubSpot gives us 15 seconds for the whole answer. */
const patienceMs = 6_000;

const appSettings = z.object({ auth: z.object({ clientSecret: z.string().min(1) }) });

/** @param now milliseconds since 1970 */
export function hubSpotPanels(
  connections: () => Promise<ConnectionDesk>,
  workspaceId: string,
  now: () => number = Date.now,
): HubSpotPanels {
  /** By connection, as it was when it was opened. */
  const opened = new Map<string, { readonly changedAt: string; readonly directory: Promise<PanelDirectory | null> }>();
  const users = keptFor<PanelUser | null>(keptMs, now);
  const owners = keptFor<string | null>(keptMs, now);

  /** The connection whose app signed this: of several the default contract's. */
  async function signedBy(desk: ConnectionDesk, call: SignedCall, portalId: string) {
    for (const { contractId, connection } of await connectionsOfOrigin(desk.pool, workspaceId, 'hubspot', portalId)) {
      const scope = { workspaceId, contractId };
      const secret = await secretOf(desk, scope, connection);
      if (secret !== null && desk.hubSpotSigning.faultOf(call, secret, now()) === null) return { scope, connection };
    }
    return null;
  }

  /** Null where another portal answers than the one that signed, as after a sign-in with another one. */
  function directoryOf(desk: ConnectionDesk, scope: Scope, { id, changedAt, origin }: StoredConnection): Promise<PanelDirectory | null> {
    const known = opened.get(id);
    if (known?.changedAt === changedAt) return known.directory;
    const directory = open();
    opened.set(id, { changedAt, directory });
    // What failed is tried again with the next request.
    directory.catch(() => opened.get(id)?.directory === directory && opened.delete(id));
    return directory;

    async function open(): Promise<PanelDirectory | null> {
      const { connector } = await openConnection(desk, scope, id);
      if (!('panel' in connector) || !connector.panel) return null;
      const answering = await connector.origin({ signal: AbortSignal.timeout(patienceMs) });
      return answering.id === origin?.id ? connector.panel : null;
    }
  }

  return {
    async visitor(call) {
      const desk = await connections();
      const caller = desk.hubSpotSigning.callerOf(call.url);
      const by = caller && (await signedBy(desk, call, caller.portalId));
      if (!caller || !by) return 'unknown';
      const { portalId, userId } = caller;
      const { scope, connection } = by;
      const { mayAct, mayRead } = (await readSettings(desk.pool, scope)).settings.panelUsers;
      const ask = async <Value>(question: (directory: PanelDirectory) => Promise<Value>): Promise<Value> => {
        const directory = await directoryOf(desk, scope, connection);
        if (directory === null) throw new RequestFailed('unauthorized', 'portal');
        return question(directory);
      };
      const find = (id: string) =>
        users(`${connection.id} ${connection.changedAt} ${id}`, () =>
          ask((directory) => directory.findUser(id, { signal: AbortSignal.timeout(patienceMs) })),
        );
      let user: PanelUser | null;
      try {
        user = await find(userId);
      } catch (error) {
        if (error instanceof ConnectionUnusable) return 'unavailable';
        if (isOver(error)) {
          // It may be given a new access that changes no row: one of the configuration file.
          opened.delete(connection.id);
          // Its page says so from now on, to whoever looks after it.
          if (!connection.check?.lines.some(({ verdict }) => verdict === 'bad'))
            await checkConnection(desk, scope, connection.id, {
              by: 'Seatmatch',
              now: new Date(now()),
              signal: AbortSignal.timeout(patienceMs),
            });
          return 'uninstalled';
        }
        if (isPassing(error)) return 'unavailable';
        throw error;
      }
      // By the address that HubSpot has for this user: the one in the query may be a word of the panel's own code.
      const is = (listed: readonly string[]) =>
        listed.includes(userId) || (user !== null && user.email !== null && listed.includes(user.email.toLowerCase()));
      const role = user === null ? null : user.isAdmin || is(mayAct) ? 'act' : is(mayRead) ? 'read' : null;
      return {
        contractId: scope.contractId,
        portalId,
        userId,
        name: user?.name ?? user?.email ?? `User ${userId}`,
        role,
        async userOfOwner(ownerId) {
          try {
            const found = await owners(`${connection.id} ${connection.changedAt} ${ownerId}`, () =>
              ask((directory) => directory.userOfOwner(ownerId, { signal: AbortSignal.timeout(patienceMs) })),
            );
            return { id: found };
          } catch (error) {
            if (isPassing(error)) return null;
            throw error;
          }
        },
        // It only warns: what else is known of a record is worth showing without it.
        async emailOfUser(id) {
          try {
            return (await find(id))?.email ?? null;
          } catch (error) {
            if (isPassing(error) || isOver(error)) return null;
            throw error;
          }
        },
      };
    },
  };
}

/** A portal that a contract is connected to. */
export interface PanelPortal {
  readonly connectionId: string;
  readonly name: string;
  /** Null: nobody answered for it yet. */
  readonly portalId: string | null;
  /** Why its panel is not let in, or not to this contract, and what to do; null: it is. */
  readonly sentence: string | null;
}

/** The portals whose panel may show a contract. */
export async function panelPortals(desk: ConnectionDesk, scope: Scope): Promise<PanelPortal[]> {
  const found: PanelPortal[] = [];
  const { rows, lacking } = await knownConnections(desk, scope);
  for (const connection of rows) {
    if (connection.type !== 'hubspot') continue;
    const { id, name, origin, fromFile } = connection;
    const lacks = fromFile ? lacking.get(name) : undefined;
    found.push({ connectionId: id, name, portalId: origin?.id ?? null, sentence: lacks ?? (await whyNoPanel(desk, scope, connection)) });
  }
  return found;
}

async function whyNoPanel(desk: ConnectionDesk, scope: Scope, connection: StoredConnection): Promise<string | null> {
  if (connection.origin === null) return 'Test this connection: it is not known yet which portal answers.';
  if ((await secretOf(desk, scope, connection)) === null)
    return 'It is connected by the token of a private app, which signs no requests. Connect it by signing in to HubSpot.';
  const [first] = await connectionsOfOrigin(desk.pool, scope.workspaceId, 'hubspot', connection.origin.id);
  if (first === undefined || first.contractId === scope.contractId) return null;
  const contract = await findContract(desk.pool, scope.workspaceId, first.contractId);
  return `The panel in this portal shows ${contract?.name ?? 'another contract'}, which is connected to it as well.`;
}

/** What the app signs with; null: it has no app, or cannot be opened here. */
async function secretOf(desk: ConnectionDesk, scope: Scope, connection: StoredConnection): Promise<string | null> {
  try {
    return appSettings.safeParse((await knownSettings(desk, desk.pool, scope, connection)).known).data?.auth.clientSecret ?? null;
  } catch (error) {
    if (error instanceof ConnectionUnusable) return null;
    throw error;
  }
}

/** The portal took its access back, or another one answers in its place. */
const isOver = (error: unknown): boolean => error instanceof RequestFailed && error.code === 'unauthorized';
const isPassing = (error: unknown): boolean =>
  error instanceof RequestFailed || (error instanceof DOMException && error.name === 'TimeoutError');

const mostKept = 10_000;

/** Answers by key, each asked for once in that time; failures are not kept. */
function keptFor<Value>(ms: number, now: () => number): (key: string, ask: () => Promise<Value>) => Promise<Value> {
  const kept = new Map<string, { readonly until: number; readonly answer: Promise<Value> }>();
  return (key, ask) => {
    const known = kept.get(key);
    if (known && known.until > now()) return known.answer;
    const answer = ask();
    kept.delete(key);
    kept.set(key, { until: now() + ms, answer });
    if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
    answer.catch(() => kept.get(key)?.answer === answer && kept.delete(key));
    return answer;
  };
}
