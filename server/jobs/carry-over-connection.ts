import { findConnection, type StoredConnection } from '../store/connection.ts';
import type { Queryable, Scope } from '../store/database.ts';
import { type ConnectionDesk, ConnectionUnusable, kindOf, knownSettings, type OpenedConnection, openKnown } from './connection-desk.ts';
import type { Deliveries } from './delivery.ts';
import { folderDelivery } from './files-delivery.ts';
import { ActionRefused, type CarriedOver } from './plan-desk.ts';
import type { PlanTools } from './plan-files.ts';
import { scimDelivery } from './scim-delivery.ts';

interface Parts {
  /** Vendors' packages are loaded for who has connections only. */
  readonly connections: () => Promise<ConnectionDesk>;
  readonly tools: Pick<PlanTools, 'write' | 'readBytes'>;
  readonly now: () => Date;
}

/**
 * What connections carry out. One stays open for as long as its settings are the same: how fast it may ask, and what it learned of its
 * vendor, is then one for all plans. Throws ActionRefused for one that cannot be used as things are.
 */
export function connectionCarrier({
  connections,
  tools,
  now,
}: Parts): (db: Queryable, scope: Scope, id: string) => Promise<CarriedOver | null> {
  const opened = new Map<string, { readonly made: string; readonly deliveries: Deliveries }>();

  async function deliveriesOver(desk: ConnectionDesk, db: Queryable, scope: Scope, stored: StoredConnection): Promise<Deliveries> {
    const { known, token } = await knownSettings(desk, db, scope, stored);
    const made = JSON.stringify(known);
    const before = opened.get(stored.id);
    if (before?.made === made) return before.deliveries;
    const deliveries = deliveriesOf(await openKnown(desk, scope, stored, known, token));
    opened.set(stored.id, { made, deliveries });
    return deliveries;
  }

  function deliveriesOf(connection: OpenedConnection): Deliveries {
    if (connection.side !== 'licenses') return {};
    const { connector, folder } = connection;
    return folder === undefined ? { scim: scimDelivery(connector, { now }) } : { files: folderDelivery(folder, tools, now) };
  }

  return async (db, scope, id) => {
    const stored = await findConnection(db, scope, id);
    if (stored === null) return null;
    const desk = await connections();
    const { route } = kindOf(desk, stored.type);
    if (route === null || route === 'guided') return { route, deliveries: {} };
    try {
      return { route, deliveries: await deliveriesOver(desk, db, scope, stored) };
    } catch (error) {
      if (!(error instanceof ConnectionUnusable)) throw error;
      const mend = 'Mend it under Connections, or choose under Settings another way for plans to change LinkedIn.';
      throw new ActionRefused('not-possible', `Plans go over “${stored.name}”. ${error.sentence} ${mend}`, { cause: error });
    }
  };
}
