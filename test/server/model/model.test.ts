import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { finish, storyOf } from './commands.ts';
import { type Jobs, startJobs } from './database-desk.ts';
import { type Desk, eachTwice } from './desk.ts';
import { memoryDesk } from './memory-desk.ts';
import { witnessOf } from './witness.ts';
import { makeWorld, now, type World, worldSpec } from './world.ts';

/** The same stories every time (test/fixed-seed.ts); more of them for whoever looks for faults. A failure prints seed, path and the shortest story. */
const runs = Number(process.env.SEATMATCH_MODEL_RUNS ?? 450);
/** Each of these is a comparison and dozens of transactions. */
const jobRuns = Number(process.env.SEATMATCH_MODEL_JOB_RUNS ?? 6);

/** Lets stories happen at desks of a kind, and holds what they did against what must hold. Returns how many steps they had. */
async function tell(
  openDesk: (world: World) => Promise<Desk>,
  { mostSteps, ...parameters }: { readonly mostSteps: number; readonly numRuns: number; readonly endOnFailure?: boolean },
): Promise<number> {
  let steps = 0;
  await fc.assert(
    fc.asyncProperty(
      worldSpec.chain((spec) => fc.tuple(fc.constant(spec), storyOf(spec, mostSteps))),
      async ([spec, story]) => {
        const world = makeWorld(spec);
        const alone = await openDesk(world);
        const desk = spec.isTwice ? eachTwice(alone) : alone;
        const witness = witnessOf(world);
        await fc.asyncModelRun(() => ({ model: witness, real: desk }), story);
        steps += witness.steps;
        await finish(witness, desk);
      },
    ),
    parameters,
  );
  return steps;
}

describe('whatever people, LinkedIn and the clock do, no license is lost, nobody gets another’s address, and every plan ends', () => {
  test('by the rules alone', { timeout: 600_000 }, async () => {
    const steps = await tell(async (world) => memoryDesk(world.contract, () => now(world.center)), { mostSteps: 60, numRuns: runs });
    expect(steps, 'stories are long').toBeGreaterThan(20 * runs);
  });

  describe('by the jobs on the database', () => {
    let jobs: Jobs;
    beforeAll(async () => {
      jobs = await startJobs();
    });
    afterAll(() => jobs?.stop());

    test('in some of these stories', { timeout: 900_000 }, async () => {
      // Making a story shorter takes many more of them.
      await tell((world) => jobs.deskFor(world.contract, () => now(world.center)), { mostSteps: 30, numRuns: jobRuns, endOnFailure: true });
    });
  });
});
