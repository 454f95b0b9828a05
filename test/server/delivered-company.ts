import { makeAdminCenter } from '../../connectors/linkedin-files/simulator/admin-center.ts';
import { licensesOf, peopleOfExport } from '../../connectors/linkedin-files/simulator/seed-people.ts';
import { type Simulator, startSimulator } from '../../connectors/linkedin-files/simulator.ts';
import { licensesCsv, type TestServer, type testPeople } from './running-server.ts';

/** An Admin Center with these people and two licenses to spare, by this machine's clock. */
export function startCenterOf(people: ReturnType<typeof testPeople>): Promise<Simulator> {
  const recorded = peopleOfExport(licensesCsv(people));
  return startSimulator({
    clock: Date.now,
    center: makeAdminCenter({
      now: new Date().toISOString(),
      settings: { licenses: licensesOf(recorded, 2) },
      people: recorded,
      crmEmails: people.map((person) => person.crm!),
    }),
  });
}

/** What has to be known before licenses are taken: the old domain, this month's assignments, the free licenses. */
export async function tellOfCompany(server: TestServer): Promise<void> {
  const assignments = { month: new Date().toISOString().slice(0, 7), limit: 100, used: 0 };
  await server.ok('changeSettings', {
    body: { domainAliases: [{ old: 'old-acme.example', current: 'acme.example' }], assignments, freeLicenses: 2 },
  });
}
