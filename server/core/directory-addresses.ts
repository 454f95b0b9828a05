import type { DirectoryPerson, UserField } from '../../connectors/connector.ts';
import { parseEmail } from './email.ts';
import { type UserIndex, userStates } from './index-people.ts';
import { canonicalEmailAt, fieldIndex, type People, textAt } from './people.ts';

/** What a directory knows of the CRM's users. */
export interface DirectoryAddresses {
  /** A person's other address, and the email of the same person in the CRM: what `ReconcileSettings.emailAliases` takes. */
  readonly aliases: readonly (readonly [address: string, email: string])[];
  /** People of the directory who are a CRM user. */
  readonly recognised: number;
  /** CRM users whom the directory has as one person by the id and as another by the email: nothing is taken from it for them. */
  readonly contradicted: number;
}

/**
 * The other addresses of the CRM's users, by a directory. Somebody is recognised by the employee number or Entra's object id, else by the
 * email; an id or an address that two people of the directory have recognises nobody, and so does an address that is another CRM user's own.
 */
export function directoryAddresses(users: People<UserField>, index: UserIndex, directory: readonly DirectoryPerson[]): DirectoryAddresses {
  const people = directory.map(({ addresses }) => [...new Set(addresses.flatMap(canonical))]);
  const byEmail = onlyOnes(people);
  const byNumber = onlyOnes(directory.map(({ employeeNumber }) => (employeeNumber === null ? [] : [employeeNumber])));
  const byObject = onlyOnes(directory.map(({ entraObjectId }) => (entraObjectId === null ? [] : [entraObjectId.toLowerCase()])));
  const [number, object] = [fieldIndex(users, 'employeeNumber'), fieldIndex(users, 'entraObjectId')];

  const found: { readonly person: number; readonly email: string }[] = [];
  const ownEmails = new Set<string>();
  let contradicted = 0;
  for (let row = 0; row < users.count; row++) {
    const email = canonicalEmailAt(users, row);
    if (index.state[row] === userStates.leftOut || email === '') continue;
    ownEmails.add(email);
    const witnesses = [
      byNumber.get(textAt(users, row, number).trim()),
      byObject.get(textAt(users, row, object).trim().toLowerCase()),
      byEmail.get(email),
    ];
    const named = new Set(witnesses.filter((person) => person !== undefined));
    if (named.size > 1) contradicted += 1;
    const [person] = named;
    if (named.size === 1 && person !== undefined) found.push({ person, email });
  }
  const aliases = found.flatMap(({ person, email }) =>
    people[person]!.filter((address) => !ownEmails.has(address) && byEmail.get(address) === person).map(
      (address) => [address, email] as const,
    ),
  );
  return { aliases, recognised: new Set(found.map(({ person }) => person)).size, contradicted };
}

function canonical(address: string): string[] {
  const parsed = parseEmail(address);
  return parsed.kind === 'address' ? [parsed.canonical] : [];
}

/** Values by the one person who has them. */
function onlyOnes(valuesOf: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  const owners = new Map<string, number | null>();
  for (const [person, values] of valuesOf.entries()) for (const value of values) owners.set(value, owners.has(value) ? null : person);
  return new Map([...owners].filter((entry): entry is [string, number] => entry[1] !== null));
}
