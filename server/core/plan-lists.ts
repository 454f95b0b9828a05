import type { Plan } from './plan.ts';
import { reportCsv } from './report-csv.ts';

/** Who is in none of a plan's uploads, by file name: lists for other people to work through, each with its header. */
export const listsOf = (plan: Plan): Readonly<Record<string, string>> => ({
  'crm-change-list.csv': reportCsv(
    ['crm', 'crm_user_id', 'name', 'crm_email', 'correct_email', 'license_id', 'why'],
    plan.crmChanges.map((one) => [one.crm, one.crmUserId, one.name, one.crmEmail, one.newEmail, one.licenseId, one.why]),
  ),
  'identity-request.csv': reportCsv(
    ['license_id', 'unique_user_id', 'name', 'license_email', 'correct_email', 'evidence'],
    plan.identityRequests.map((one) => [one.licenseId, one.uniqueUserId, one.name, one.existingEmail, one.newEmail, one.evidence]),
  ),
  'left-out.csv': reportCsv(
    ['license_id', 'name', 'license_email', 'new_email', 'code', 'reason', 'next_step'],
    plan.leftOut.map((one) => [one.licenseId, one.name, one.licenseEmail, one.newEmail, one.code, one.sentence, one.nextStep]),
  ),
});
