import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { UserField } from '../../../connectors/connector.ts';
import { collectPeople, textAt } from '../../../server/core/people.ts';

const fields: readonly UserField[] = ['displayName', 'title'];
function kept(records: readonly Partial<Record<UserField, string>>[]): string[][] {
  const collected = collectPeople<UserField>(1);
  collected.begin(fields);
  for (const record of records) collected.records([record]);
  const people = collected.people();
  return records.map((_, row) => fields.map((_, field) => textAt(people, row, field)));
}

it('keeps every text of a record as it came, in whichever letters', () => {
  const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary-ascii' }));
  fc.assert(
    fc.property(fc.array(fc.record({ displayName: text, title: text }, { requiredKeys: [] })), (records) => {
      expect(kept(records)).toEqual(records.map(({ displayName = '', title = '' }) => [displayName, title]));
    }),
  );
});

it.each([
  ['of ASCII', 'a'.repeat(70_000), 65_535],
  ['of letters of three bytes, of which it keeps none half', '€'.repeat(70_000), 21_845],
  ['that begins with ASCII, and keeps no letter half', `a${'€'.repeat(70_000)}`, 21_845],
])('cuts a text that is too long for a field %s, and leaves the next one whole', (_, text, letters) => {
  expect(kept([{ displayName: text, title: 'Buyer' }])).toEqual([[text.slice(0, letters), 'Buyer']]);
});
