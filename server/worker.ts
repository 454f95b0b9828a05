/** `node server/worker.ts [--health-port N] [--demo]`: does Seatmatch's jobs beside a server. `seatmatch worker` is the same. */
import { enableCompileCache, flushCompileCache } from 'node:module';
import { parseArgs } from 'node:util';

enableCompileCache();
const { workUntilAsked } = await import('./commands/work-until-asked.ts');
// Now, since a process that is killed writes nothing at its end.
flushCompileCache();

function readFlags() {
  try {
    return parseArgs({ options: { 'health-port': { type: 'string' }, demo: { type: 'boolean' } } }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message.replace(/[^.!?]$/u, '$&.')} Options: --health-port N, --demo.\n`);
    process.exit(1);
  }
}

const { 'health-port': healthPort, ...flags } = readFlags();
const environment = { ...process.env, ...(healthPort === undefined ? {} : { SEATMATCH_HEALTH_PORT: healthPort }) };
process.exit(await workUntilAsked({ ...flags, environment }, { out: process.stdout, err: process.stderr, now: () => new Date() }));
