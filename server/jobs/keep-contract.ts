import type pg from 'pg';
import { findConnection } from '../store/connection.ts';
import { type ContractChange, findContract, insertContract, type StoredContract, updateContract } from '../store/contract.ts';
import { type Scope, transaction } from '../store/database.ts';
import { runningPlans } from '../store/plan.ts';
import { disableSchedules } from '../store/schedule.ts';
import { storeSettings } from '../store/setting.ts';
import { type ConnectionDesk, kindOf } from './connection-desk.ts';
import { ActionRefused } from './plan-desk.ts';

/** Which CRM a contract's CRM Sync is connected to, as a person says it. */
export type SaidCrm = { readonly kind: string; readonly name: string } | { readonly connection: string };

export interface AskedContract {
  readonly name?: string | undefined;
  readonly archived?: boolean | undefined;
  readonly crm?: SaidCrm | undefined;
  /** Null: from files. */
  readonly licenses?: string | null | undefined;
}

export interface ContractDesk {
  readonly pool: pg.Pool;
  readonly workspace: Pick<Scope, 'workspaceId'>;
  readonly connections: () => Promise<ConnectionDesk>;
}

const nameTaken = (name: string) => new ActionRefused('not-now', `There is a contract “${name}” already. Give this one another name.`);
const gone = () => new ActionRefused('not-found', 'This contract is not here (any more), or the address is wrong.');

/** Makes a contract and returns its id. @throws ActionRefused when the name is taken */
export function makeContract(
  { pool, workspace }: ContractDesk,
  actor: string,
  asked: { readonly name: string; readonly crm?: Extract<SaidCrm, { kind: string }> | undefined },
): Promise<string> {
  return transaction(pool, async (client) => {
    const contractId = await insertContract(client, workspace.workspaceId, actor, asked.name);
    if (contractId === null) throw nameTaken(asked.name);
    const scope = { workspaceId: workspace.workspaceId, contractId };
    if (asked.crm) await storeSettings(client, scope, actor, { crm: asked.crm.kind, crmName: asked.crm.name });
    return contractId;
  });
}

/**
 * Changes a contract; what is not asked for stays.
 * @throws ActionRefused for an unknown contract or connection, a name that is taken, or one that cannot be archived now
 */
export async function changeContract(desk: ContractDesk, id: string, actor: string, asked: AskedContract): Promise<void> {
  const scope = { workspaceId: desk.workspace.workspaceId, contractId: id };
  // A vendor's packages are loaded for who names a connection only.
  const connections = (asked.crm && 'connection' in asked.crm) || asked.licenses ? await desk.connections() : null;
  await transaction(desk.pool, async (client) => {
    const before = await findContract(client, scope.workspaceId, id);
    if (!before) throw gone();
    if (asked.archived && before.archivedAt === null) await archive(client, scope, before, actor);
    const change: ContractChange = { name: asked.name, archived: asked.archived };
    const changed = await updateContract(client, scope, actor, {
      ...change,
      ...(asked.licenses === undefined
        ? {}
        : { licensesConnection: asked.licenses && (await connectionOf(client, connections!, scope, asked.licenses, 'licenses')).id }),
    });
    if (!changed) throw nameTaken(asked.name!);
    if (!asked.crm) return;
    if ('kind' in asked.crm) return storeSettings(client, scope, actor, { crm: asked.crm.kind, crmName: asked.crm.name });
    const found = await connectionOf(client, connections!, scope, asked.crm.connection, 'crm');
    const { crm, vendor } = kindOf(connections!, found.type);
    await storeSettings(client, scope, actor, { crm: crm ?? found.name, crmName: crm === null ? found.name : vendor });
    await updateContract(client, scope, actor, { crmConnection: found.id });
  });
}

async function connectionOf(client: pg.ClientBase, desk: ConnectionDesk, scope: Scope, id: string, side: 'crm' | 'licenses') {
  const found = await findConnection(client, scope, id);
  if (!found) throw new ActionRefused('not-possible', 'This connection is not one of this contract. Choose another one.');
  if (kindOf(desk, found.type).side === side) return found;
  throw new ActionRefused(
    'not-possible',
    `${found.name} does not read ${side === 'crm' ? 'a CRM' : 'licenses'}. Choose another connection.`,
  );
}

/** Nothing of it runs by itself any more; its history stays, and can be read. */
async function archive(client: pg.ClientBase, scope: Scope, { name, isDefault }: StoredContract, actor: string): Promise<void> {
  if (isDefault)
    throw new ActionRefused('not-possible', `${name} is the first contract: addresses that name no contract mean it. Rename it instead.`);
  const [running] = await runningPlans(client, scope);
  if (running)
    throw new ActionRefused(
      'not-now',
      `Plan ${running.number} of ${name} is being carried out. Finish or cancel it, then archive the contract.`,
    );
  await disableSchedules(client, scope, actor);
}
