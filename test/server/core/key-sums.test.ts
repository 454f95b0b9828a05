import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { UserField } from '../../../connectors/connector.ts';
import { keySum, keySumReader, unlike } from '../../../server/core/key-sums.ts';
import { parsePersonName } from '../../../server/core/names.ts';
import { people } from './build.ts';

const words =
  'Anna SMITH Dr Jr van der Al phd Ph D. D MD bob Maeve Joe aa Baaer O’Neil O\'Neil Jean-Luc -a- Müller "Bob" (Liz) Li, x X. 7 a.b. St.Clair [a `b {c'.split(
    ' ',
  );
const cell = fc.oneof(
  fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 5 }).map((parts) => parts.join(' ')),
  fc
    .tuple(fc.constantFrom(...words), fc.constantFrom(' ', '  ', '\t', ', ', '', '-', '--'), fc.constantFrom(...words))
    .map((parts) => parts.join('')),
  fc.stringMatching(/^[A-Za-z ,.-]{1,12} [A-Za-z@[`{ ,.-]{1,12}$/),
  fc.stringMatching(/^[a-z]{90,105} [a-z]{90,105}$/),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('', ' ', '-', '.'),
);

test('the sum read from the bytes of a name is that of its key', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ givenName: cell, familyName: cell, displayName: cell }), { minLength: 1, maxLength: 20 }),
      (records) => {
        const read = keySumReader(people<UserField>(records));
        records.forEach(({ givenName, familyName, displayName }, row) => {
          const sum = read(row);
          if (sum !== unlike) expect(sum).toBe(keySum(parsePersonName(givenName, familyName, displayName)!.key));
        });
      },
    ),
    { numRuns: 500 },
  );
});

test('names of plain words need no parsing, whatever their order and with initials', () => {
  const read = keySumReader(
    people<UserField>([
      { displayName: 'Anna C. van der Smith-Roe' },
      { givenName: 'ANNA', familyName: 'van der Smith Roe' },
      { displayName: 'Smith-Roe, Anna van der' },
      { displayName: 'Dr Anna Smith' },
      { displayName: 'A. Smith' },
    ]),
  );
  expect(read(0)).toBe(keySum('anna der roe smith van'));
  expect(read(1)).toBe(read(0));
  expect(read(2)).toBe(read(0));
  expect(read(3)).toBe(unlike);
  expect(read(4)).toBe(unlike);
});
