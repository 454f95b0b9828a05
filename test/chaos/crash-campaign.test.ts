import { expect, test } from 'vitest';
import { createTestDatabase } from '../postgres.ts';
import { crashCampaign } from './crash-campaign.ts';

/** `npm run chaos` asks for more. */
const { SEATMATCH_CHAOS_KILLS: manyKills, SEATMATCH_CHAOS_SEED: seed = 20261125, SEATMATCH_CHAOS_ROUTE: only } = process.env;
const routes = [
  { route: 'files', kills: Number(manyKills ?? 30), seed: Number(seed) },
  { route: 'scim', kills: Number(manyKills ?? 10), seed: Number(seed) },
] as const;

test.each(routes.filter(({ route }) => only === undefined || only === route))(
  'by $route: after $kills kills of servers and workers at every point every license is as recorded, every step happened once, and every plan has ended',
  {
    timeout: 120_000 + routes[0].kills * 20_000,
  },
  async (asked) => {
    const again = `Run it again: npm run chaos -- --route ${asked.route} --kills ${asked.kills} --seed ${asked.seed}`;
    const { kills, plans, people, writes, faults } = await crashCampaign(
      await createTestDatabase(),
      asked.route,
      asked.kills,
      asked.seed,
    ).catch((error: unknown) => {
      throw new Error(again, { cause: error });
    });
    expect(faults, again).toEqual([]);
    expect(kills.length, again).toBeGreaterThanOrEqual(asked.kills);
    console.log(
      `${kills.length} kills by ${asked.route} (seed ${asked.seed}): ${plans} plans, ${people} people, ${writes} writes, nothing lost.`,
    );
    if (manyKills)
      for (const [where, which] of Map.groupBy(kills, (kill) => kill.where)) console.log(`${String(which.length).padStart(5)}  ${where}`);
  },
);
