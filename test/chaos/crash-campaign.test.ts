import { expect, test } from 'vitest';
import { createTestDatabase } from '../postgres.ts';
import { crashCampaign } from './crash-campaign.ts';

/** `npm run chaos` asks for more. */
const asked = { kills: Number(process.env.SEATMATCH_CHAOS_KILLS ?? 30), seed: Number(process.env.SEATMATCH_CHAOS_SEED ?? 20261125) };

test(`after ${asked.kills} kills of servers and workers at every point every license is as recorded, every step happened once, and every plan has ended`, {
  timeout: 120_000 + asked.kills * 20_000,
}, async () => {
  const again = `Run it again: npm run chaos -- --kills ${asked.kills} --seed ${asked.seed}`;
  const { kills, plans, people, uploads, faults } = await crashCampaign(await createTestDatabase(), asked.kills, asked.seed).catch(
    (error: unknown) => {
      throw new Error(again, { cause: error });
    },
  );
  expect(faults, again).toEqual([]);
  expect(kills.length, again).toBeGreaterThanOrEqual(asked.kills);
  console.log(`${kills.length} kills (seed ${asked.seed}): ${plans} plans, ${people} people, ${uploads} uploads, nothing lost.`);
  if (process.env.SEATMATCH_CHAOS_KILLS)
    for (const [where, which] of Map.groupBy(kills, (kill) => kill.where)) console.log(`${String(which.length).padStart(5)}  ${where}`);
});
