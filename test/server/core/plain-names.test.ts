import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { UserField } from '../../../connectors/connector.ts';
import { parsePersonName } from '../../../server/core/names.ts';
import { plainNameReader } from '../../../server/core/plain-names.ts';
import { people } from './build.ts';

const words = 'Anna SMITH Dr Jr van Al phd ph D bob Maeve Joe aa O’Neil O\'Neil Jean-Luc Müller "Bob" (Liz) Li, x 7 van_Dam [a `b {c'.split(
  ' ',
);
const cell = fc.oneof(
  fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 4 }).map((parts) => parts.join(' ')),
  fc.tuple(fc.constantFrom(...words), fc.constantFrom(' ', '  ', '\t', ', ', ''), fc.constantFrom(...words)).map((parts) => parts.join('')),
  fc.stringMatching(/^[A-Za-z@[`{]{1,50} [A-Za-z@[`{]{1,50}$/),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('', ' '),
);

test('a name read from its bytes is the one that its text gives', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ givenName: cell, familyName: cell, displayName: cell }), { minLength: 1, maxLength: 20 }),
      (records) => {
        const read = plainNameReader(people<UserField>(records));
        records.forEach(({ givenName, familyName, displayName }, row) => {
          const plain = read(row);
          if (plain !== undefined) expect(plain).toEqual(parsePersonName(givenName, familyName, displayName));
        });
      },
    ),
    { numRuns: 500 },
  );
});

test('names of two plain words need no parsing', () => {
  const read = plainNameReader(
    people<UserField>([{ displayName: 'Anna Smith' }, { givenName: 'ANNA', familyName: 'smith' }, { displayName: 'Dr Smith' }]),
  );
  expect(read(0)).toEqual(parsePersonName('', '', 'Anna Smith'));
  expect(read(1)).toEqual(parsePersonName('ANNA', 'smith', ''));
  expect(read(2)).toBeUndefined();
});
