import { type AdminCenter, makeAdminCenter } from '../../connectors/linkedin-files/simulator/admin-center.ts';
import { licensesOf, peopleOfExport } from '../../connectors/linkedin-files/simulator/seed-people.ts';
import { type Simulator, startSimulator } from '../../connectors/linkedin-files/simulator.ts';
import { startScimSimulator } from '../../connectors/linkedin-scim/simulator.ts';
import type { SimulatedRequest } from '../../connectors/serve-simulator.ts';
import type { ServerRoute } from '../../server/core/status.ts';
import { crmCsv, licensesCsv, type TestPerson, testPeople } from '../server/running-server.ts';
import { writeScimConfig } from '../server/scim-config.ts';
import { type FileKind, fileKindOf, type Passing } from './kill-list.ts';

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
  /**
   * The same Admin Center through a door of one's own, so that one knows who came in; what a process that goes through it has in its
   * environment. Its clock is the machine's.
   */
  openDoor(route: ServerRoute, directory: string, onPassing: (passing: Passing) => Promise<void>): Promise<Record<string, string>>;
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
  const desk: Simulator = await startSimulator({ center, clock: Date.now });
  const doors: { close(): Promise<void> }[] = [desk];
  /** A result is asked for by its upload's number. */
  const nameOf = (number: string): string => center.uploads.find((upload) => String(upload.number) === number)?.name ?? '';
  const openDoor: Company['openDoor'] = async (route, directory, onPassing) => {
    if (route === 'files') {
      const door = await startSimulator({
        center,
        clock: Date.now,
        onMoment({ at, request, name }) {
          const file = request === 'upload' ? fileKindOf(name) : request === 'result' ? fileKindOf(nameOf(name)) : null;
          return onPassing({ at, request, file, write: request === 'upload' ? name : '' });
        },
      });
      doors.push(door);
      return { SEATMATCH_DELIVERY_URL: door.url, SEATMATCH_DELIVERY_TOKEN: door.token };
    }
    const door = await startScimSimulator({
      center,
      clock: Date.now,
      onMoment({ at, kind, request }) {
        if (kind === 'patch') {
          const file = patchKindOf(request);
          return onPassing({ at, request: 'write', file, write: `${file} of ${request.url.pathname}` });
        }
        if (kind === 'users' || kind === 'user')
          return onPassing({ at, request: kind === 'users' ? 'look-up' : 'read-back', file: null, write: '' });
      },
    });
    doors.push(door);
    const { connection, file, environment } = await writeScimConfig(directory, { url: door.url, token: door.token() });
    return { SEATMATCH_SCIM_CONNECTION: connection, SEATMATCH_CONFIG: file, ...environment };
  };
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

function patchKindOf({ body }: SimulatedRequest): FileKind {
  const { Operations } = JSON.parse(body.toString()) as { Operations: { path: string; value: unknown }[] };
  const active = Operations.find(({ path }) => path === 'active');
  return active === undefined ? 'email' : active.value === true ? 'license-on' : 'license-off';
}
