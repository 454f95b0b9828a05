import type { AccountField, UserField } from '../../connectors/connector.ts';
import { canonicalDomain, type DomainGroups } from './domain-groups.ts';
import { publicMailProviders } from './email.ts';
import { type UserIndex, userStates } from './index-people.ts';
import { emailKinds, type People } from './people.ts';

/**
 * The company's own domains: what an admin declared, else a proposal from the CRM. Proposed are domains of at least three
 * active CRM users (of one, in lists of fewer than ten), public mail providers and `.invalid` left out.
 */
export function companyDomains(
  declared: readonly string[],
  users: People<UserField>,
  index: UserIndex,
  groups: DomainGroups,
): ReadonlySet<string> {
  const own = new Set<string>();
  const add = (domain: string): void => {
    for (const member of groups.members(domain)) own.add(member);
  };
  if (declared.length > 0) {
    for (const domain of declared) {
      const name = canonicalDomain(domain);
      if (name !== null) add(name);
    }
    return own;
  }
  const counts = new Uint32Array(users.domains.length);
  let people = 0;
  for (let row = 0; row < users.count; row++) {
    if (index.state[row] !== userStates.active || users.emailKind[row]! < emailKinds.address) continue;
    counts[users.domain[row]!]!++;
    people++;
  }
  const enough = people < 10 ? 1 : 3;
  for (let d = 1; d < counts.length; d++) {
    const domain = users.domains[d]!;
    if (counts[d]! >= enough && !publicMailProviders.has(domain) && !domain.endsWith('.invalid')) add(domain);
  }
  return own;
}

/**
 * Both sides' domain numbers as one numbering of groups, so that "same company domain" is a comparison of numbers. 0 is no company:
 * no address, or a public mail provider, where two strangers have the same domain.
 */
export function domainNumbers(
  users: People<UserField>,
  accounts: People<AccountField>,
  groups: DomainGroups,
): { readonly ofUser: Uint32Array; readonly ofAccount: Uint32Array; readonly names: readonly string[] } {
  const numbers = new Map<string, number>([['', 0]]);
  const number = (domain: string): number => {
    const group = domain === '' || publicMailProviders.has(domain) ? '' : groups.representative(domain);
    let known = numbers.get(group);
    if (known === undefined) {
      known = numbers.size;
      numbers.set(group, known);
    }
    return known;
  };
  return {
    ofUser: Uint32Array.from(users.domains, number),
    ofAccount: Uint32Array.from(accounts.domains, number),
    names: [...numbers.keys()],
  };
}
