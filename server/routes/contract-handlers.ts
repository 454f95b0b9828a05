import type { Request } from 'express';
import type pg from 'pg';
import type { Endpoint } from '../api.ts';
import { findContract } from '../store/contract.ts';
import type { Scope } from '../store/database.ts';
import type { Handlers } from './endpoint.ts';
import { contractOf } from './name-contract.ts';
import { notFound, RequestRefused } from './problem.ts';

/**
 * The handlers of the contract that an address names. What they are given is that contract's scope, and no statement looks beyond its
 * scope: an id of another contract is not found.
 * @param home the workspace's default contract
 */
export function contractHandlers(
  pool: pg.Pool,
  home: Scope,
  of: (contractId: string) => Handlers,
): (request: Request, endpoint: Endpoint) => Promise<Handlers> {
  return async (request, endpoint) => {
    const asked = contractOf(request);
    if (asked === null) return of(home.contractId);
    if (endpoint.ofWorkspace) throw new RequestRefused(404, 'This is of the whole workspace. Ask for it without naming a contract.');
    const contract = await findContract(pool, home.workspaceId, asked);
    if (!contract) throw notFound('This contract');
    if (contract.archivedAt !== null && endpoint.method !== 'get')
      throw new RequestRefused(409, `The contract ${contract.name} is archived. Bring it back under Settings, then change something.`);
    return of(contract.id);
  };
}
