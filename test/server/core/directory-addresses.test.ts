import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DirectoryPerson, UserField } from '../../../connectors/connector.ts';
import { directoryAddresses } from '../../../server/core/directory-addresses.ts';
import { indexUsers } from '../../../server/core/index-people.ts';
import { compare, findingsOf, licensed, people, person, type UserRecord, user } from './build.ts';

const entry = (
  addresses: readonly string[],
  employeeNumber: string | null = null,
  entraObjectId: string | null = null,
): DirectoryPerson => ({
  addresses,
  employeeNumber,
  entraObjectId,
});
function addresses(users: readonly UserRecord[], directory: readonly DirectoryPerson[]) {
  const side = people<UserField>(users, ['id', 'email']);
  return directoryAddresses(side, indexUsers(side, false), directory);
}

describe('a directory', () => {
  const ann = user('u1', 'ann@acme.example', { employeeNumber: 'E1' });

  it('recognises somebody by the employee number, by Entra’s object id, or by the email', () => {
    const cases = [
      [ann, entry(['a.roe@acme.example', 'ann@oldco.example'], 'E1'), ['a.roe@acme.example', 'ann@oldco.example']],
      [user('u1', 'ann@acme.example', { entraObjectId: 'ABC' }), entry(['ann@oldco.example'], null, 'abc'), ['ann@oldco.example']],
      [user('u1', 'Ann@Acme.example'), entry(['ann@acme.example', 'ann@oldco.example'], 'E9'), ['ann@oldco.example']],
    ] as const;
    for (const [who, directory, expected] of cases)
      expect(addresses([who], [directory])).toEqual({
        aliases: expected.map((address) => [address, 'ann@acme.example']),
        recognised: 1,
        contradicted: 0,
      });
  });

  it('tells who a license holder is whose address only it knows', () => {
    const { aliases } = addresses([ann], [entry(['ann@acme.example', 'a.roe@elsewhere.example'], 'E1')]);
    const holder = [licensed('S1', 'a.roe@elsewhere.example')];
    expect(person(compare([ann], holder), 'S1')).toMatchObject({ reason: 'no-crm-user' });
    expect(person(compare([ann], holder, { emailAliases: aliases }), 'S1')).toMatchObject({
      reason: 'email-differs',
      crmUser: { id: 'u1' },
      rule: 'secondary-email',
    });
  });

  it('is not believed where its id and its email name two people', () => {
    const directory = [entry(['somebody@acme.example', 'x@oldco.example'], 'E1'), entry(['ann@acme.example', 'y@oldco.example'], 'E2')];
    expect(addresses([ann], directory)).toEqual({ aliases: [], recognised: 0, contradicted: 1 });
  });

  it('recognises nobody by an id or an address that two of its people have, nor by another CRM user’s own', () => {
    const twice = [entry(['ann@acme.example', 'team@acme.example'], 'E1'), entry(['bo@acme.example', 'team@acme.example'], 'E1')];
    expect(addresses([ann], twice)).toEqual({ aliases: [], recognised: 1, contradicted: 0 });
    const bo = user('u2', 'bo@acme.example');
    expect(addresses([ann, bo], [entry(['ann@acme.example', 'bo@acme.example'], 'E1')]).aliases).toEqual([]);
  });
});

describe('for any users, license holders and directory', () => {
  const names = ['ann', 'bo', 'cem', 'dee', 'team'];
  const email = fc.tuple(fc.constantFrom(...names), fc.constantFrom('acme.example', 'oldco.example')).map((parts) => parts.join('@'));
  const number = fc.option(fc.constantFrom('E1', 'E2', 'E3'), { nil: null });
  const users = fc
    .array(fc.tuple(email, number), { maxLength: 6 })
    .map((all) => all.map(([address, employeeNumber], n) => user(`u${n}`, address, employeeNumber === null ? {} : { employeeNumber })));
  const holders = fc.array(email, { maxLength: 6 }).map((all) => all.map((address, n) => licensed(`S${n}`, address)));
  const directory = fc.array(
    fc.tuple(fc.array(email, { maxLength: 3 }), number).map(([all, id]) => entry(all, id)),
    { maxLength: 5 },
  );

  it('nobody is Matched, or no longer Matched, because of a directory', () => {
    fc.assert(
      fc.property(users, holders, directory, (crm, licenses, known) => {
        const matched = (emailAliases: readonly (readonly [string, string])[]) =>
          findingsOf(compare(crm, licenses, { emailAliases })).map(({ status }) => status === 'matched');
        expect(matched(addresses(crm, known).aliases)).toEqual(matched([]));
      }),
    );
  });

  it('an address that it gives away is one person’s alone, no CRM user’s own, and the order of its rows does not matter', () => {
    fc.assert(
      fc.property(users, directory, (crm, known) => {
        const { aliases } = addresses(crm, known);
        for (const [address] of aliases) {
          expect(known.filter((one) => one.addresses.includes(address))).toHaveLength(1);
          expect(crm.map((one) => one.email)).not.toContain(address);
        }
        const sorted = (all: typeof aliases) => all.map((pair) => pair.join(' ')).toSorted();
        expect(sorted(addresses(crm, known.toReversed()).aliases)).toEqual(sorted(aliases));
      }),
    );
  });
});
