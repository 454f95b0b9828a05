import { afterEach, describe, expect, it } from 'vitest';
import { makeAdminCenter, type Person, type Settings } from '../../../connectors/linkedin-files/simulator/admin-center.ts';
import { linkedInScimConnector } from '../../../connectors/linkedin-scim/connector.ts';
import { type ScimBehaviour, type ScimSimulator, startScimSimulator } from '../../../connectors/linkedin-scim/simulator.ts';
import { rateLimiter } from '../../../connectors/rate-limit.ts';
import type { PlanRow } from '../../../server/core/plan.ts';
import { type ScimDeliveryOptions, scimDelivery } from '../../../server/jobs/scim-delivery.ts';

const plus = 'Sales Navigator Advanced Plus';
const start = '2026-11-21T09:00:00.000Z';
const { signal } = new AbortController();

const running: ScimSimulator[] = [];
afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.close();
});

async function begin(
  settings: Partial<Settings> = {},
  { behaviour = {}, ...options }: Partial<ScimDeliveryOptions> & { readonly behaviour?: Partial<ScimBehaviour> } = {},
) {
  const center = makeAdminCenter({
    now: start,
    settings: { licenses: { [plus]: 20 }, ...settings },
    people: Array.from({ length: 6 }, (_, n) => ({
      profileEmail: `p${n}@old.example`,
      uniqueUserId: n < 4 ? `E${n}` : '',
      license: 'activated',
    })),
  });
  const simulator = await startScimSimulator({ center, behaviour });
  running.push(simulator);
  const connector = linkedInScimConnector({
    name: 'navigator',
    baseUrl: simulator.url,
    token: () => 'scim-token',
    assigns: [plus],
    limiter: rateLimiter({}),
    retries: { firstMs: 1, maxMs: 20 },
    lookEveryMs: 1,
  });
  const delivery = scimDelivery(connector, { now: () => new Date(start), seenWithinMs: 0, ...options });
  const carry = async (kind: 'email-change' | 'license-off' | 'license-on', rows: readonly PlanRow[]) => {
    const carried = await delivery.carryOut({ name: 'over-scim-a', kind, rows, idColumn: 'unique_user_id' }, { signal });
    if (carried.kind !== 'rows') return expect.fail('SCIM answers person by person.');
    return { ...carried, seen: carried.read.people.map(({ seatId, email, status }) => [seatId, email, status]).toSorted() };
  };
  const person = (n: number): Person => center.people[n]!;
  return { center, simulator, delivery, carry, person };
}

const rowOf = (n: number, rest: Partial<PlanRow> = {}): PlanRow => ({
  licenseId: `LIC-${n}`,
  seatId: `LIC-${n}`,
  uniqueUserId: n < 4 ? `E${n}` : '',
  name: `P${n}`,
  existingEmail: `p${n}@old.example`,
  newEmail: `p${n}@new.example`,
  crmUserId: '005',
  rule: null,
  difference: null,
  after: null,
  licenses: [],
  ...rest,
});
const licensed = (n: number): PlanRow => rowOf(n, { newEmail: `p${n}@old.example`, licenses: [plus] });

describe('a plan carried out over SCIM', () => {
  it('finds each person by Unique User ID, else by email, also where a try before a crash had changed it', async () => {
    const { carry, simulator } = await begin();
    await carry('email-change', [rowOf(0), rowOf(4)]);
    const before = simulator.requests.filter((kind) => kind === 'patch').length;
    const { seen, outcomes, failure } = await carry('email-change', [rowOf(0), rowOf(4)]);
    expect(seen).toEqual([
      ['LIC-0', 'p0@new.example', 'Assigned'],
      ['LIC-4', 'p4@new.example', 'Assigned'],
    ]);
    expect([outcomes.size, failure, before, simulator.requests.filter((kind) => kind === 'patch').length]).toEqual([0, null, 2, 2]);
  });

  it('shows the license that the token assigns only for somebody of whom the plan recorded that very one', async () => {
    const { delivery } = await begin();
    const read = async (licenses: readonly string[]) => {
      const { people } = await delivery.read([{ seatId: 'S', uniqueUserId: 'E1', oldEmail: '', newEmail: '', licenses }], { signal });
      return people[0]?.licenses;
    };
    expect(await read([plus.toUpperCase()])).toEqual([plus]);
    expect(await read([plus, 'TeamLink Extend'])).toBeNull();
    expect(await read([])).toBeNull();
  });

  it('takes licenses and gives them back', async () => {
    const { carry, person } = await begin();
    expect((await carry('license-off', [licensed(0), licensed(1)])).seen).toEqual([
      ['LIC-0', 'p0@old.example', 'No license'],
      ['LIC-1', 'p1@old.example', 'No license'],
    ]);
    expect(person(0).license).toBe('none');
    expect((await carry('license-on', [licensed(0), licensed(1)])).seen.map(([, , status]) => status)).toEqual(['Assigned', 'Assigned']);
    expect(person(0)).toMatchObject({ license: 'invited', licenseTypes: [plus] });
  });

  it('says of each person why nothing was done, and goes on with the others', async () => {
    const { carry, person } = await begin();
    const rows = [
      rowOf(0, { newEmail: 'p5@old.example' }),
      rowOf(1, { existingEmail: 'p1@before.example' }),
      rowOf(7),
      rowOf(2, { newEmail: 'no address' }),
      rowOf(3),
    ];
    const { outcomes, seen, failure } = await carry('email-change', rows);
    expect([...outcomes].map(([id, row]) => [id, row.outcome === 'refused' ? row.message : row.outcome]).toSorted()).toEqual([
      ['LIC-0', 'LinkedIn has another value there, or somebody else has the address (HTTP 409).'],
      ['LIC-1', 'LinkedIn has another value there, or somebody else has the address.'],
      ['LIC-2', 'LinkedIn’s SCIM does not take this change (HTTP 400).'],
      ['LIC-7', 'LinkedIn’s SCIM does not have this person: they were not provisioned over it.'],
    ]);
    expect(seen).toEqual([
      ['LIC-0', 'p0@old.example', 'Assigned'],
      ['LIC-1', 'p1@old.example', 'Assigned'],
      ['LIC-3', 'p3@new.example', 'Assigned'],
    ]);
    expect([failure, person(1).profileEmail]).toEqual([null, 'p1@old.example']);
  });

  it('leaves whoever no read shows in time to a later look, and does not take them for done', async () => {
    const { carry, center } = await begin({ shownAfterMinutes: { email: 60, licenseOff: 0, licenseOn: 0, other: 0 } });
    const { outcomes, seen } = await carry('email-change', [rowOf(0)]);
    expect([[...outcomes], seen]).toEqual([[['LIC-0', { outcome: 'accepted' }]], []]);
    expect(center.journal.filter(({ what }) => what === 'email')).toHaveLength(1);
  });

  it('stops at a fault of the connection with what was done by then', async () => {
    const { carry, simulator } = await begin({}, { atOnce: 1 });
    simulator.fault({ kind: 'status', status: 401, on: 'patch', after: 1, times: 99 });
    const { outcomes, seen, failure } = await carry('email-change', [rowOf(0), rowOf(1), rowOf(2)]);
    expect(seen).toEqual([['LIC-0', 'p0@new.example', 'Assigned']]);
    expect([outcomes.size, failure]).toEqual([0, expect.objectContaining({ code: 'unauthorized' })]);
    expect(simulator.requests.filter((kind) => kind === 'patch')).toHaveLength(2);
  });

  it('stops where it is time to write down what was done, with one person at least', async () => {
    const { carry } = await begin({}, { atOnce: 2, recordEveryMs: 0 });
    const { seen, failure } = await carry(
      'email-change',
      [0, 1, 2, 3].map((n) => rowOf(n)),
    );
    expect([seen.length, failure]).toEqual([2, null]);
  });

  it('ends with the reason of its signal', async () => {
    const { delivery, simulator } = await begin();
    simulator.fault({ kind: 'hang', on: 'patch' });
    const stopped = new AbortController();
    const carried = delivery.carryOut(
      { name: 'a', kind: 'email-change', rows: [rowOf(0)], idColumn: 'unique_user_id' },
      { signal: stopped.signal },
    );
    await expect.poll(() => simulator.requests.includes('patch')).toBe(true);
    stopped.abort(new Error('The lock is lost.'));
    await expect(carried).rejects.toThrow('The lock is lost.');
  });
});
