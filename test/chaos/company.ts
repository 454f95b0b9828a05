import { type AdminCenter, makeAdminCenter } from '../../connectors/linkedin-files/simulator/admin-center.ts';
import type { Moment } from '../../connectors/linkedin-files/simulator/moments.ts';
import { licensesOf, peopleOfExport } from '../../connectors/linkedin-files/simulator/seed-people.ts';
import { type Simulator, startSimulator } from '../../connectors/linkedin-files/simulator.ts';
import { crmCsv, licensesCsv, type TestPerson, testPeople } from '../server/running-server.ts';

export type PlanKind = 'emails' | 'full' | 'full, emails agree';

/** People who are to be repaired by one plan. */
export interface Wish {
  readonly kind: PlanKind;
  readonly people: readonly TestPerson[];
}

export interface Company {
  readonly wishes: readonly Wish[];
  readonly crmCsv: string;
  readonly center: AdminCenter;
  /** The same Admin Center through a door of one's own, so that one knows who came in. Its clock is the machine's. */
  openDoor(onMoment: (moment: Moment) => Promise<void>): Promise<Simulator>;
  /** By the person behind this license: accepts the invitation. */
  accept(licenseId: string): void;
  /** LinkedIn's daily CRM job, now; it knows of the CRM's addresses of these people and no others. */
  runCrmJob(licenseIds: readonly string[]): void;
  /** Everybody, downloaded by hand. */
  exportByHand(): { readonly csv: string; readonly asOf: string };
  close(): Promise<void>;
}

/**
 * A company with people for so many plans of each kind: three and two of a domain change, a sitting of three and one of one with the
 * email and without. Somebody's verdict comes when the test wants it, so that nobody is repaired before their license was moved.
 */
export async function foundCompany(kinds: readonly PlanKind[]): Promise<Company> {
  const sizes = kinds.map((kind) => (kind === 'emails' ? 5 : 4));
  const kindOf = kinds.flatMap((kind, index) => Array.from({ length: sizes[index]! }, () => kind));
  // As many again are right already: what one plan may do to a company has a limit.
  const everybody = testPeople(kindOf.length + 30, (index) => kindOf[index] === 'emails' || kindOf[index] === 'full');
  const starts = sizes.map((_, index) => sizes.slice(0, index).reduce((sum, size) => sum + size, 0));
  const wishes = kinds.map((kind, index): Wish => ({ kind, people: everybody.slice(starts[index], starts[index]! + sizes[index]!) }));
  const recorded = peopleOfExport(licensesCsv(everybody)).map((person, index) => ({
    ...person,
    crmMatch: index < kindOf.length ? ('not-matched' as const) : ('matched' as const),
    crmSync: true,
  }));
  const center = makeAdminCenter({
    now: new Date().toISOString(),
    settings: { licenses: licensesOf(recorded, 5) },
    people: recorded,
    crmEmails: everybody.slice(kindOf.length).map(({ crm }) => crm!),
  });
  const byLicense = new Map(everybody.map((person) => [`LIC-${person.id}`, person]));
  const doors: Simulator[] = [];
  const openDoor: Company['openDoor'] = async (onMoment) => {
    const door = await startSimulator({ center, clock: Date.now, onMoment });
    doors.push(door);
    return door;
  };
  const desk = await openDoor(async () => {});
  return {
    wishes,
    crmCsv: crmCsv(everybody),
    center,
    openDoor,
    accept(licenseId) {
      desk.act({ do: 'accept', person: byLicense.get(licenseId)!.crm! });
    },
    runCrmJob(licenseIds) {
      const known = new Set([...center.crmEmails, ...licenseIds.map((id) => byLicense.get(id)!.crm!)]);
      desk.act({ do: 'set-crm-emails', emails: [...known] });
      center.nextCrmJob = 0;
      desk.act({ do: 'advance', hours: 0 });
    },
    exportByHand: () => desk.exportByHand(),
    async close() {
      for (const door of doors) await door.close();
    },
  };
}
