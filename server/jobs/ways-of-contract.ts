import { findContract } from '../store/contract.ts';
import type { Queryable, Scope } from '../store/database.ts';
import { readSettings } from '../store/setting.ts';
import type { Deliveries } from './delivery.ts';
import type { PlanDesk } from './plan-desk.ts';

/** How plans of a contract change LinkedIn. */
export interface Ways {
  /** What the server carries out by itself; a route without one is people's work. */
  readonly deliveries: Deliveries;
  /** Step by step in Admin Center, where nobody chose another way for a plan. */
  readonly byHand: boolean;
  /** An admin chose; else the settings of the server hold, and another process may have others. */
  readonly isChosen: boolean;
}

/**
 * What an admin chose for this contract goes before everything. Else licenses that are read by hand are changed by hand, and the first
 * contract has what the server was started with; in every other one people carry the files.
 * Throws ActionRefused where a connection was chosen that cannot be used as things are.
 */
export async function waysOf(desk: Pick<PlanDesk, 'deliveries' | 'carries'>, db: Queryable, scope: Scope): Promise<Ways> {
  const { delivery } = (await readSettings(db, scope)).settings;
  if (delivery === 'people') return { deliveries: {}, byHand: false, isChosen: true };
  if (delivery !== 'server') {
    // A connection that went with the demo leaves its plans to people.
    const carried = await desk.carries(db, scope, delivery.connection);
    return { deliveries: carried?.deliveries ?? {}, byHand: carried?.route === 'guided', isChosen: true };
  }
  const contract = await findContract(db, scope.workspaceId, scope.contractId);
  const isGuided = contract?.licenses != null && (await desk.carries(db, scope, contract.licenses))?.route === 'guided';
  return { deliveries: contract?.isDefault && !isGuided ? desk.deliveries : {}, byHand: isGuided, isChosen: false };
}
