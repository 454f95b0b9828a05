import { type AdminCenter, makeAdminCenter } from '../../connectors/linkedin-files/simulator/admin-center.ts';
import { companyDomain, licenseType, oldDomain, personOf } from './rematch-lists.ts';

/** Everybody at the old domain, and known to the CRM at the new one; LinkedIn's own verdict is there with the first read: our work is measured, not a day of waiting. */
export const benchCenter = (count: number): AdminCenter => {
  const people = Array.from({ length: count }, (_, index) => personOf(index));
  return makeAdminCenter({
    now: new Date().toISOString(),
    settings: { licenses: { [licenseType]: count + 100 }, crm: { jobHour: 3, lagMinutes: 0, onEmailChange: true } },
    people: people.map(({ id, given, family, local }) => ({
      profileEmail: `${local}@${oldDomain}`,
      givenName: given,
      familyName: family,
      uniqueUserId: `E${id}`,
      license: 'activated',
      seatId: `LIC-${id}`,
      crmMatch: 'not-matched',
    })),
    crmEmails: people.map(({ local }) => `${local}@${companyDomain}`),
  });
};
