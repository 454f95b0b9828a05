import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Route } from '../../../server/core/status.ts';
import { finish, storyOf } from './commands.ts';
import { type Jobs, startJobs } from './database-desk.ts';
import { type Desk, eachTwice } from './desk.ts';
import { memoryDesk } from './memory-desk.ts';
import { witnessOf } from './witness.ts';
import { makeWorld, now, openScim, type World, worldSpec } from './world.ts';

/** The same stories every time (test/fixed-seed.ts); more of them for whoever looks for faults. A failure prints seed, path and the shortest story. */
const runs = Number(process.env.SEATMATCH_MODEL_RUNS ?? 450);
/** Each of these is a comparison and dozens of transactions. */
const jobRuns = Number(process.env.SEATMATCH_MODEL_JOB_RUNS ?? 6);

/** Lets stories happen at desks of a kind, and holds what they did against what must hold. Returns how many steps they had, and how many licenses were taken over SCIM. */
async function tell(
  openDesk: (world: World) => Promise<Desk>,
  {
    routes,
    mostSteps,
    ...parameters
  }: {
    readonly routes: readonly Route[];
    readonly mostSteps: number;
    readonly numRuns: number;
    readonly endOnFailure?: boolean;
  },
): Promise<{ readonly steps: number; readonly taken: number }> {
  let steps = 0;
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(
      worldSpec(routes).chain((spec) => fc.tuple(fc.constant(spec), storyOf(spec, mostSteps))),
      async ([spec, story]) => {
        const world = makeWorld(spec);
        const close = spec.route === 'scim' ? await openScim(world) : null;
        const alone = await openDesk(world);
        const desk = spec.isTwice ? eachTwice(alone) : alone;
        const witness = witnessOf(world);
        try {
          await fc.asyncModelRun(() => ({ model: witness, real: desk }), story);
          steps += witness.steps;
          await finish(witness, desk);
          taken += world.center.journal.filter(({ by, what }) => by === 'scim' && what === 'license-removed').length;
        } finally {
          await close?.();
        }
      },
    ),
    parameters,
  );
  return { steps, taken };
}

const byPeople: readonly Route[] = ['files', 'files', 'files', 'guided'];
const inMemory = async (world: World): Promise<Desk> => memoryDesk(world.contract, () => now(world.center), world.scim?.delivery ?? null);

describe('whatever people, LinkedIn and the clock do, no license is lost, nobody gets another’s address, and every plan ends', () => {
  test('by the rules alone', { timeout: 600_000 }, async () => {
    const { steps } = await tell(inMemory, { routes: byPeople, mostSteps: 60, numRuns: runs });
    expect(steps, 'stories are long').toBeGreaterThan(20 * runs);
  });

  test('by the rules alone, over SCIM', { timeout: 600_000 }, async () => {
    const some = Math.ceil(runs / 6);
    const { steps, taken } = await tell(inMemory, { routes: ['scim'], mostSteps: 60, numRuns: some });
    expect(steps, 'stories are long').toBeGreaterThan(20 * some);
    expect(taken, 'and licenses go').toBeGreaterThan(some / 4);
  });

  describe('by the jobs on the database', () => {
    let jobs: Jobs;
    beforeAll(async () => {
      jobs = await startJobs();
    });
    afterAll(() => jobs?.stop());

    test('in some of these stories', { timeout: 900_000 }, async () => {
      // Making a story shorter takes many more of them.
      await tell(onDatabase, { routes: byPeople, mostSteps: 30, numRuns: jobRuns, endOnFailure: true });
    });

    test('in some of these stories, over SCIM', { timeout: 900_000 }, async () => {
      await tell(onDatabase, { routes: ['scim'], mostSteps: 30, numRuns: jobRuns, endOnFailure: true });
    });
    const onDatabase = (world: World) => jobs.deskFor(world.contract, () => now(world.center), world.scim?.delivery ?? null);
  });
});
