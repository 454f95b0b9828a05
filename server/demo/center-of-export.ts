import { type AdminCenter, makeAdminCenter } from '../../connectors/linkedin-files/simulator/admin-center.ts';
import { licensesOf, peopleOfExport } from '../../connectors/linkedin-files/simulator/seed-people.ts';
import { parseTable } from '../../connectors/linkedin-files/simulator/table.ts';

/** Free licenses of each type, and the month's assignments: what the demo company's settings say as well. */
export const freeLicenses = 6;
export const monthlyAssignments = { limit: 12, used: 3 } as const;

/**
 * The Admin Center that showed an export of the demo company, beside the Salesforce users of the same day. Whom the export shows as Not
 * Matched although Salesforce has the address is lost to LinkedIn until the license is given anew.
 */
export function centerOfExport(licensesCsv: string, crmCsv: string, now: Date): AdminCenter {
  const crmEmails = activeEmails(crmCsv);
  const known = new Set(crmEmails.map((email) => email.toLowerCase()));
  const people = peopleOfExport(licensesCsv).map((person) => ({
    ...person,
    joinLost: person.crmMatch === 'not-matched' && known.has(person.profileEmail.toLowerCase()),
  }));
  const center = makeAdminCenter({
    now: now.toISOString(),
    settings: { licenses: licensesOf(people, freeLicenses), monthlyAssignments: monthlyAssignments.limit },
    people,
    crmEmails,
  });
  center.assignments[now.toISOString().slice(0, 7)] = monthlyAssignments.used;
  return center;
}

/** The addresses of the active people of a Salesforce export: LinkedIn joins with these. */
function activeEmails(crmCsv: string): string[] {
  const [header = [], ...rows] = parseTable(crmCsv.replace(/^\uFEFF/u, ''));
  const [email, active] = [header.indexOf('Email'), header.indexOf('IsActive')];
  return rows.filter((cells) => cells[active] === 'true').flatMap((cells) => cells[email] || []);
}
