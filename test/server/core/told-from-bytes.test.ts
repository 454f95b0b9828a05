import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AccountField, UserField } from '../../../connectors/connector.ts';
import { compareUsers } from '../../../server/core/correlate.ts';
import { canonicalEmailAt, sameLocalPart } from '../../../server/core/people.ts';
import { people } from './build.ts';

const letters = fc.constantFrom('a', 'B', 'b', 'é', 'É', '"', '""', '+', '.', '\u{1F600}', '\uFF5E', 'ß', '0', '-', ' ');
const word = fc.array(letters, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));

test('CRM users stand in the order of their ids as texts, whatever is told from bytes', () => {
  fc.assert(
    fc.property(fc.uniqueArray(word, { minLength: 2, maxLength: 12, selector: (id) => id.trim().toLowerCase() }), (ids) => {
      const users = people<UserField>(
        ids.map((id) => ({ id, email: '' })),
        ['id', 'email'],
      );
      const text = (row: number): string => ids[row]!;
      for (let a = 0; a < ids.length; a++) {
        for (let b = 0; b < ids.length; b++) {
          const order = text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0;
          expect(Math.sign(compareUsers({ users }, a, b))).toBe(order);
        }
      }
    }),
    { numRuns: 300 },
  );
});

const email = fc
  .tuple(
    word,
    fc.constantFrom('acme.example', 'ACME.example', 'münchen.example', 'a.b.example', 'nodomain'),
    fc.constantFrom('', ' ', '\u200B'),
  )
  .map(([local, domain, around]) => `${around}${local}@${domain}${around}`);
const localOf = (canonical: string): string => canonical.slice(0, canonical.lastIndexOf('@'));

test('parts before the @ are the same from their bytes where they are as texts', () => {
  fc.assert(
    fc.property(fc.array(email, { minLength: 1, maxLength: 8 }), fc.array(email, { minLength: 1, maxLength: 8 }), (left, right) => {
      const users = people<UserField>(left.map((address) => ({ email: address })));
      const accounts = people<AccountField>(right.map((address) => ({ email: address })));
      for (let a = 0; a < right.length; a++) {
        for (let u = 0; u < left.length; u++) {
          const [x, y] = [canonicalEmailAt(accounts, a), canonicalEmailAt(users, u)];
          expect(sameLocalPart(accounts, a, users, u)).toBe(x !== '' && y !== '' && localOf(x) === localOf(y));
        }
      }
    }),
    { numRuns: 300 },
  );
});
