import { profileOf, type SalesforceUser, salesforceMoment, salesforceUser } from './org.ts';

const firstNames = ['Anna', 'Bela', 'Chloé', 'Dmitri', 'Esra', 'Finn', 'Grace', 'Håkon', 'Inés', 'Jun', 'Kofi', 'Łucja'];
const lastNames = ['Berg', 'Costa', 'Dubois', 'Eze', 'Fischer', 'García', 'Haddad', 'Ito', 'Jensen', 'Kowalski', "O'Neil", 'van Dijk'];

/** A small generator (mulberry32), so that a seed gives the same org everywhere. */
function chances(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * An org as orgs are: one user in ten inactive, some addresses in mixed case, some shared by two users, user names that are not the
 * address, portal and integration users between the people, and in a sandbox `.invalid` behind (almost) every address.
 */
export function seedUsers(
  count: number,
  { seed = 1, isSandbox = false }: { readonly seed?: number; readonly isSandbox?: boolean } = {},
): SalesforceUser[] {
  const chance = chances(seed);
  const oneOf = <Item>(items: readonly Item[]): Item => items[Math.floor(chance() * items.length)]!;
  const users: SalesforceUser[] = [];
  for (let number = 0; number < count; number++) {
    const FirstName = oneOf(firstNames);
    const LastName = oneOf(lastNames);
    const plain = `${FirstName}.${LastName}`.normalize('NFD').replace(/[^A-Za-z.]/g, '');
    const own = `${chance() < 0.05 ? plain : plain.toLowerCase()}${number}@acme.example`;
    const shared = number > 0 && chance() < 0.01 ? users[number - 1]!.Email.replace(/\.invalid$/, '') : own;
    const kind = chance();
    users.push(
      salesforceUser(number, {
        ...(kind < 0.02 ? { UserType: 'PowerPartner', Profile: profileOf('Partner', 'Partner Community') } : {}),
        ...(kind >= 0.02 && kind < 0.025 ? { Profile: profileOf('API Only', 'Salesforce Integration') } : {}),
        FirstName,
        LastName,
        // The user of a sandbox's admin is often given its real address back.
        Email: isSandbox && number > 0 ? `${shared}.invalid` : shared,
        Username: `${plain.toLowerCase()}${number}@acme.example.crm`,
        IsActive: chance() >= 0.1,
        EmployeeNumber: chance() < 0.9 ? `E${10_000 + number}` : null,
        LastLoginDate: salesforceMoment(Date.UTC(2026, 9, 1) + Math.floor(chance() * 50 * 86_400_000)),
      }),
    );
  }
  return users;
}
