import type { AccountField } from '../../connectors/connector.ts';
import { type AccountIndex, accountStates, licenseIdAt } from '../core/index-people.ts';
import { fieldIndex, textAt } from '../core/people.ts';
import type { Holder } from '../core/plan.ts';
import type { ReadSide } from './read-sides.ts';

/** Who stands in LinkedIn's list without a license. They are not judged; their addresses are taken all the same. */
export function withoutLicense({ people, index }: Pick<ReadSide<AccountField, AccountIndex>, 'people' | 'index'>): Holder[] {
  const email = fieldIndex(people, 'email');
  const uniqueUserId = fieldIndex(people, 'uniqueUserId');
  const others: Holder[] = [];
  for (let row = 0; row < people.count; row++)
    if (index.state[row] !== accountStates.holder)
      others.push({
        id: licenseIdAt(people, index, row),
        email: textAt(people, row, email),
        uniqueUserId: textAt(people, row, uniqueUserId),
        licenses: [],
      });
  return others;
}
