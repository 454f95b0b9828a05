import { type IdRow, idFile, isClean } from '../core/id-file.ts';
import { userIdAt } from '../core/index-people.ts';
import { fieldIndex, textAt } from '../core/people.ts';
import type { ComparedFiles } from './compare-files.ts';
import { withoutLicense } from './without-license.ts';

/** Whose employee number LinkedIn is to learn, after a clean comparison; else nobody. */
export function offerIds({ reconciliation, licenses, crm }: Pick<ComparedFiles, 'reconciliation' | 'licenses' | 'crm'>): readonly IdRow[] {
  if (!isClean(licenses.proof, reconciliation.summary)) return [];
  return idFile(reconciliation, withoutLicense(licenses), employeeNumbers(crm)).rows;
}

/** Employee numbers by CRM user id; '' where the CRM has none. */
function employeeNumbers({ people }: ComparedFiles['crm']): (crmUserId: string) => string {
  const column = fieldIndex(people, 'employeeNumber');
  const numbers = new Map<string, string>();
  if (column >= 0) for (let row = 0; row < people.count; row++) numbers.set(userIdAt(people, row), textAt(people, row, column).trim());
  return (crmUserId) => numbers.get(crmUserId) ?? '';
}
