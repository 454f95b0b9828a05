import type { AccountField, UserField } from '../../connectors/connector.ts';
import { isIncomplete } from '../core/guard-read.ts';
import type { AccountIndex, UserIndex } from '../core/index-people.ts';
import { defaultSettings, type ReconcileSettings, zohoInvitationDays } from '../core/settings.ts';
import type { ReadSide } from './read-sides.ts';

/** What sentences call the CRM that a list is from. */
export const crmNames: Readonly<Record<string, string>> = {
  salesforce: 'Salesforce',
  hubspot: 'HubSpot',
  zoho: 'Zoho CRM',
  dynamics: 'Dynamics 365',
};

/** What a comparison of these two lists is told: what somebody said, and what the lists say of themselves. */
export const comparisonSettings = (
  licenses: Pick<ReadSide<AccountField, AccountIndex>, 'proof' | 'managedBySource'>,
  crm: Pick<ReadSide<UserField, UserIndex>, 'origin'>,
  said: Partial<ReconcileSettings>,
): ReconcileSettings => ({
  ...defaultSettings,
  crm: crm.origin === 'other' ? 'crm' : crm.origin,
  crmName: crmNames[crm.origin] ?? 'the CRM',
  invitationDays: crm.origin === 'zoho' ? zohoInvitationDays : null,
  asOf: licenses.proof.asOf,
  managedBySource: licenses.managedBySource,
  ...said,
  // An incomplete list never shows that somebody has no license.
  ...(isIncomplete(licenses.proof) ? { seatScope: 'none' as const } : {}),
});
