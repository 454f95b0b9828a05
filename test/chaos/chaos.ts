/**
 * The crash campaign at length. `npm test` has 30 kills of it.
 *
 *     npm run chaos                             400 kills by a new seed, which is printed
 *     npm run chaos -- --kills 1000 --seed 7    so many, by that seed
 *     npm run chaos -- --route scim             over SCIM; the default is both ways, one after the other
 */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const root = resolve(import.meta.dirname, '../..');
const { kills, seed, route } = parseArgs({
  options: {
    route: { type: 'string' },
    kills: { type: 'string', default: '400' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
  },
}).values;
for (const [name, text] of Object.entries({ kills, seed })) if (!/^\d+$/.test(text)) throw new Error(`--${name} takes a whole number.`);

console.log(`${kills} kills, seed ${seed}`);
const child = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'test/chaos/crash-campaign.test.ts'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, SEATMATCH_CHAOS_KILLS: kills, SEATMATCH_CHAOS_SEED: seed, ...(route && { SEATMATCH_CHAOS_ROUTE: route }) },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.once('close', (code) => {
  process.exitCode = code ?? 1;
});
