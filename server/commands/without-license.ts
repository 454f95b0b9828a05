import type { AccountField } from '../../connectors/connector.ts';
import { type AccountIndex, accountStates, licenseIdAt } from '../core/index-people.ts';
import { readPermission } from '../core/license-kinds.ts';
import { fieldIndex, textAt } from '../core/people.ts';
import { groupsOf } from '../core/person-detail.ts';
import type { WithoutLicense } from '../store/reconciliation.ts';
import type { ReadSide } from './read-sides.ts';

/** Who stands in LinkedIn's list without a license. They are not judged; their addresses are taken all the same. */
export function withoutLicense({ people, index }: Pick<ReadSide<AccountField, AccountIndex>, 'people' | 'index'>): WithoutLicense[] {
  const email = fieldIndex(people, 'email');
  const uniqueUserId = fieldIndex(people, 'uniqueUserId');
  const names = (['displayName', 'givenName', 'familyName'] as const).map((field) => fieldIndex(people, field));
  const adminPermission = fieldIndex(people, 'adminPermission');
  const groups = fieldIndex(people, 'groups');
  const nameAt = (row: number): string => {
    const [display = '', given = '', family = ''] = names.map((field) => textAt(people, row, field).trim());
    return display || `${given} ${family}`.trim();
  };
  const others: WithoutLicense[] = [];
  for (let row = 0; row < people.count; row++)
    if (index.state[row] !== accountStates.holder)
      others.push({
        id: licenseIdAt(people, index, row),
        email: textAt(people, row, email),
        uniqueUserId: textAt(people, row, uniqueUserId),
        licenses: [],
        name: nameAt(row),
        permission: readPermission(textAt(people, row, adminPermission)),
        groups: groupsOf(textAt(people, row, groups)),
      });
  return others;
}
