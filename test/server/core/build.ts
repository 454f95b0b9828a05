import type { AccountField, UserField } from '../../../connectors/connector.ts';
import type { Explanation, Finding } from '../../../server/core/finding.ts';
import { collectPeople, type People } from '../../../server/core/people.ts';
import { type Reconciliation, reconcile } from '../../../server/core/reconcile.ts';
import { defaultSettings, type ReconcileSettings } from '../../../server/core/settings.ts';

export type UserRecord = Partial<Record<UserField, string>>;
export type AccountRecord = Partial<Record<AccountField, string>>;

/** One side from records; the columns are those that somebody fills, and `columns`. */
export function people<Field extends string>(
  records: readonly Partial<Record<Field, string>>[],
  columns: readonly Field[] = [],
): People<Field> {
  const collected = collectPeople<Field>(4);
  collected.begin([...new Set([...columns, ...records.flatMap((record) => Object.keys(record) as Field[])])]);
  collected.records(records);
  return collected.people();
}

export const settingsWith = (settings: Partial<ReconcileSettings> = {}): ReconcileSettings => ({
  ...defaultSettings,
  crm: 'salesforce',
  crmName: 'Salesforce',
  asOf: '2026-11-20T09:00:00.000Z',
  ...settings,
});

export function compare(
  users: readonly UserRecord[],
  accounts: readonly AccountRecord[],
  settings: Partial<ReconcileSettings> = {},
): Reconciliation {
  return reconcile(people<UserField>(users, ['id', 'email']), people<AccountField>(accounts, ['seatId', 'email']), settingsWith(settings));
}

export const findingsOf = (compared: Reconciliation): Finding[] => Array.from({ length: compared.length }, (_, row) => compared.at(row));
export const explanationsOf = (compared: Reconciliation): Explanation[] =>
  Array.from({ length: compared.length }, (_, row) => compared.explain(row));

/** The finding and explanation of a license id, or of a CRM user id of the second part. */
export function person(compared: Reconciliation, who: string): Finding & { readonly explanation: Explanation } {
  const row = compared.find(who);
  return { ...compared.at(row), explanation: compared.explain(row) };
}

/** A license that can sync and is activated. */
export const licensed = (seatId: string, email: string, rest: AccountRecord = {}): AccountRecord => ({
  seatId,
  email,
  licenseStatus: 'Activated',
  licenseType: 'Sales Navigator Advanced Plus',
  ...rest,
});

/** An active CRM user. */
export const user = (id: string, email: string, rest: UserRecord = {}): UserRecord => ({ id, email, active: 'true', ...rest });
