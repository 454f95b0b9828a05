import type { Contract } from '../api.ts';
import { type ContractDesk, changeContract, makeContract } from '../jobs/keep-contract.ts';
import { findContract, listContracts, type StoredContract } from '../store/contract.ts';
import type { Handlers } from './endpoint.ts';
import { notFound } from './problem.ts';

const toContract = ({ isDefault, ...contract }: StoredContract): Contract => ({
  ...contract,
  isDefault,
  href: isDefault ? '/' : `/contracts/${contract.id}`,
});

export function contractRoutes(desk: ContractDesk): Pick<Handlers, 'listContracts' | 'createContract' | 'changeContract'> {
  const { pool, workspace } = desk;

  async function show(id: string): Promise<Contract> {
    const found = await findContract(pool, workspace.workspaceId, id);
    if (!found) throw notFound('This contract');
    return toContract(found);
  }

  return {
    async listContracts() {
      return { rows: (await listContracts(pool, workspace.workspaceId)).map(toContract) };
    },
    async createContract({ body, actor }) {
      return show(await makeContract(desk, actor.name, body));
    },
    async changeContract({ params, body, actor }) {
      await changeContract(desk, params.id, actor.name, body);
      return show(params.id);
    },
  };
}
