import fc from 'fast-check';
import { type AdminCenter, makeAdminCenter, type NewPerson } from '../../../connectors/linkedin-files/simulator/admin-center.ts';
import { linkedInScimConnector } from '../../../connectors/linkedin-scim/connector.ts';
import { type ScimSimulator, startScimSimulator } from '../../../connectors/linkedin-scim/simulator.ts';
import { rateLimiter } from '../../../connectors/rate-limit.ts';
import type { PlanMode, Route } from '../../../server/core/status.ts';
import type { Delivery } from '../../../server/jobs/delivery.ts';
import { scimDelivery } from '../../../server/jobs/scim-delivery.ts';
import type { Contract } from './memory-desk.ts';

const advancedPlus = 'Sales Navigator Advanced Plus';

export interface OpenScim {
  readonly simulator: ScimSimulator;
  readonly delivery: Delivery;
  /** Under which what is written now stands in the journal. */
  upload: number;
}
const teamLink = 'TeamLink Extend';

export interface PersonSpec {
  /**
   * old: the license has the old domain. renamed: another local part. next: is to get the address that the next person still has.
   * fine: nothing to repair. disagrees: the emails agree and LinkedIn shows Not Matched.
   */
  readonly is: 'old' | 'renamed' | 'next' | 'fine' | 'disagrees';
  readonly hasId: boolean;
  readonly isInvited: boolean;
  readonly hasTeamLink: boolean;
}

export interface WorldSpec {
  readonly people: readonly PersonSpec[];
  readonly mode: PlanMode;
  readonly route: Route;
  readonly free: number;
  /** Assignments that the month has left when the story begins; null: nobody typed them in. */
  readonly left: number | null;
  readonly knowsFree: boolean;
  readonly canary: number;
  readonly batchRows: number;
  /** Minutes until exports show a change: less than LinkedIn is given before silence counts. */
  readonly lag: { readonly email: number; readonly off: number; readonly on: number };
  /** People more, with nothing to repair: enough of them that a list without them is odd. */
  readonly crowd: number;
  /** Whether everything is done twice. */
  readonly isTwice: boolean;
  readonly begin: string;
  /** Of 100 rows LinkedIn refuses so many. */
  readonly refuses: number;
}

const person: fc.Arbitrary<PersonSpec> = fc.record({
  is: fc.constantFrom<PersonSpec['is'][]>('disagrees', 'old', 'renamed', 'next', 'fine'),
  hasId: fc.boolean(),
  isInvited: fc.nat(4).map((n) => n === 4),
  hasTeamLink: fc.nat(4).map((n) => n === 4),
});

/** Days with a month's end ahead of them, so that a jump of the clock crosses it: far ahead, and tomorrow. */
const begins = ['2026-11-26T09:00:00.000Z', '2026-11-26T09:00:00.000Z', '2026-11-30T09:00:00.000Z'];

/** Over SCIM nobody has a license beside the one that it gives back: such plans are refused. @param routes how plans go in these worlds */
export const worldSpec = (routes: readonly Route[]): fc.Arbitrary<WorldSpec> =>
  fc.record({
    people: fc.array(routes.includes('scim') ? person.map((one) => ({ ...one, hasTeamLink: false })) : person, {
      minLength: 2,
      maxLength: 6,
    }),
    mode: fc.constantFrom<PlanMode[]>('full', 'full', 'email-first'),
    route: fc.constantFrom(...routes),
    free: fc.nat(2),
    left: fc.option(fc.integer({ min: 1, max: 9 }), { freq: 5 }),
    knowsFree: fc.boolean(),
    canary: fc.integer({ min: 1, max: 2 }),
    batchRows: fc.integer({ min: 1, max: 3 }),
    lag: fc.record({ email: fc.constantFrom(0, 5), off: fc.constantFrom(0, 0, 50), on: fc.constantFrom(0, 0, 10) }),
    crowd: fc.constantFrom(0, 0, 8),
    isTwice: fc.boolean(),
    begin: fc.constantFrom(...begins),
    refuses: fc.constantFrom(0, 0, 60),
  });

export interface World {
  readonly center: AdminCenter;
  readonly contract: Contract;
  /** What the CRM exports. */
  readonly crm: string;
  refuses: number;
  /** LinkedIn's SCIM in front of the same Admin Center; null where no plan goes over it. */
  scim: OpenScim | null;
}

const limit = 12;
const fine: PersonSpec = { is: 'fine', hasId: true, isInvited: false, hasTeamLink: false };

export function makeWorld(given: WorldSpec): World {
  const spec = { ...given, people: [...given.people, ...Array.from({ length: given.crowd }, () => fine)] };
  const licenseEmails = spec.people.map(({ is }, index) =>
    is === 'old' ? `p${index}@old.example` : is === 'renamed' || is === 'next' ? `before${index}@acme.example` : `p${index}@acme.example`,
  );
  const crmEmails = spec.people.map(({ is }, index) => {
    if (is !== 'next') return `p${index}@acme.example`;
    const next = (index + 1) % spec.people.length;
    return spec.people[next]!.is === 'fine' || spec.people[next]!.is === 'disagrees' ? `p${index}@acme.example` : licenseEmails[next]!;
  });
  const people = spec.people.map(
    ({ is, hasId, isInvited, hasTeamLink }, index): NewPerson => ({
      profileEmail: licenseEmails[index]!,
      givenName: 'Person',
      familyName: `Number${index}`,
      // Nothing else would say who somebody with another local part is.
      uniqueUserId: hasId || is === 'renamed' || is === 'next' ? `E${index}` : '',
      license: isInvited && is !== 'disagrees' ? 'invited' : 'activated',
      licenseTypes: hasTeamLink ? [advancedPlus, teamLink] : [advancedPlus],
      crmMatch: is === 'disagrees' ? 'not-matched' : null,
    }),
  );
  const used = spec.left === null ? 0 : Math.max(0, limit - spec.left);
  const center = makeAdminCenter({
    now: spec.begin,
    people,
    crmEmails,
    settings: {
      licenses: { [advancedPlus]: people.length + spec.free, [teamLink]: people.length },
      monthlyAssignments: limit,
      batchRows: spec.batchRows,
      shownAfterMinutes: { email: spec.lag.email, licenseOff: spec.lag.off, licenseOn: spec.lag.on, other: 0 },
    },
  });
  center.assignments['2026-11'] = used;
  const crm = [
    'Id,Email,Name,IsActive,EmployeeNumber',
    ...crmEmails.map((email, index) => `005-${index},${email},Person Number${index},true,E${index}`),
    '',
  ].join('\n');
  return {
    center,
    crm,
    refuses: spec.refuses,
    scim: null,
    contract: {
      domainAliases: [{ old: 'old.example', current: 'acme.example' }],
      canary: spec.canary,
      sittingSize: 2,
      ledger: spec.left === null ? null : { limit, used, resetAt: '2026-12-01T00:00:00.000Z' },
      freeLicenses: spec.knowsFree ? spec.free : null,
    },
  };
}

export const now = (center: AdminCenter): string => new Date(center.now).toISOString();

/** Opens LinkedIn's SCIM in front of a world's Admin Center, for as long as its story is told. */
export async function openScim(world: World): Promise<() => Promise<void>> {
  const { center } = world;
  const simulator = await startScimSimulator({ center, upload: () => world.scim!.upload });
  const connector = linkedInScimConnector({
    name: 'navigator',
    baseUrl: simulator.url,
    token: () => simulator.token(),
    assigns: [advancedPlus],
    limiter: rateLimiter({}),
    retries: { firstMs: 1, maxMs: 5 },
    lookEveryMs: 1,
  });
  // Two people at a time, and then it is written down.
  const parts = { now: () => new Date(center.now), seenWithinMs: 0, atOnce: 2, recordEveryMs: 0 };
  world.scim = { simulator, upload: 1_000_000, delivery: scimDelivery(connector, parts) };
  return simulator.close;
}
