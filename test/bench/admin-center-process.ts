/** An Admin Center as a process of its own, so that its time is not counted as ours: `node admin-center-process.ts PEOPLE`. */
import { makeAdminCenter } from '../../connectors/linkedin-files/simulator/admin-center.ts';
import { startSimulator } from '../../connectors/linkedin-files/simulator.ts';
import { companyDomain, licenseType, oldDomain, personOf } from './rematch-lists.ts';

const count = Number(process.argv[2]);
const people = Array.from({ length: count }, (_, index) => personOf(index));
const { url, token } = await startSimulator({
  clock: Date.now,
  center: makeAdminCenter({
    now: new Date().toISOString(),
    settings: {
      licenses: { [licenseType]: count + 100 },
      // LinkedIn's own verdict is there with the first read: what is measured is our work, not a day of waiting.
      crm: { jobHour: 3, lagMinutes: 0, onEmailChange: true },
    },
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
  }),
});
process.stdout.write(`${JSON.stringify({ url, token })}\n`);
