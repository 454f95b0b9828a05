import type { UserField } from '../../connectors/connector.ts';
import type { People } from './people.ts';

/** Share of CRM users whose address ends in .invalid, 0 to 1: Salesforce appends it to the addresses of a sandbox's users. */
export function sandboxShare({ domain, domains, count }: People<UserField>): number {
  let found = 0;
  for (let row = 0; row < count; row++) if (domains[domain[row]!]!.endsWith('.invalid')) found++;
  return count === 0 ? 0 : found / count;
}
