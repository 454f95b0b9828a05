import type pg from 'pg';
import { findConnection } from '../store/connection.ts';
import type { Scope } from '../store/database.ts';
import { lockPlans, runningPlans } from '../store/plan.ts';
import { type ContractSettings, readSettings } from '../store/setting.ts';
import { type ConnectionDesk, kindOf } from './connection-desk.ts';
import { ActionRefused } from './plan-desk.ts';

type Delivery = ContractSettings['delivery'];

/**
 * Checks how plans of a contract are to change LinkedIn from now on, and returns the settings that follow. What one connection was seen to do
 * with a license says nothing of another, so that the canary has to be confirmed anew. Call it in the transaction that stores them.
 * Throws ActionRefused while the server carries a plan out, and for a connection that cannot carry any.
 */
export async function chooseDelivery(
  connections: () => Promise<ConnectionDesk>,
  client: pg.ClientBase,
  scope: Scope,
  delivery: Delivery,
): Promise<Partial<ContractSettings>> {
  await lockPlans(client, scope);
  const { settings } = await readSettings(client, scope);
  if (connectionOf(settings.delivery) === connectionOf(delivery) && isSameWord(settings.delivery, delivery)) return {};
  const running = (await runningPlans(client, scope)).find(({ delivered }) => delivered);
  if (running)
    throw new ActionRefused(
      'not-now',
      `Plan ${running.number} is being carried out, and goes on the way it was approved. Finish or cancel it, then choose another way.`,
    );
  const id = connectionOf(delivery);
  if (id !== null) await mustCarry(connections, client, scope, id);
  const { scimRemoval } = settings;
  return { delivery, ...(scimRemoval === null ? {} : { scimRemoval: { ...scimRemoval, confirmedOn: null } }) };
}

const connectionOf = (delivery: Delivery): string | null => (typeof delivery === 'string' ? null : delivery.connection);
const isSameWord = (a: Delivery, b: Delivery): boolean => typeof a !== 'string' || a === b;

async function mustCarry(connections: () => Promise<ConnectionDesk>, client: pg.ClientBase, scope: Scope, id: string): Promise<void> {
  const found = await findConnection(client, scope, id);
  if (found === null) throw new ActionRefused('not-possible', 'This connection is not one of this contract. Choose another one.');
  const { route, vendor } = kindOf(await connections(), found.type);
  if (route === null) throw new ActionRefused('not-possible', `${vendor} is read, never changed. Choose a connection to LinkedIn.`);
  if (route === 'guided') return;
  if (found.check === null)
    throw new ActionRefused('not-now', `“${found.name}” was not tested since it was made or changed. Test it, then choose it.`);
  if (found.check.lines.some(({ verdict }) => verdict === 'bad'))
    throw new ActionRefused('not-now', `The last test of “${found.name}” found something to mend. Mend it, test it again, then choose it.`);
}
