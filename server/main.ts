/** `node server/main.ts [--port N] [--reset] [--no-demo]`: serves Seatmatch on this machine. `npm start` is this. */
import { enableCompileCache, flushCompileCache } from 'node:module';
import { parseArgs } from 'node:util';

// A second start finds its modules compiled.
enableCompileCache();
const { serveUntilAsked } = await import('./commands/serve-until-asked.ts');
// Now, since a process that is killed writes nothing at its end.
flushCompileCache();

function readFlags() {
  try {
    return parseArgs({
      options: { port: { type: 'string' }, reset: { type: 'boolean' }, demo: { type: 'boolean' } },
      allowNegative: true,
    }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message.replace(/[^.!?]$/u, '$&.')} Options: --port N, --reset, --no-demo.\n`);
    process.exit(1);
  }
}

const { port, ...flags } = readFlags();
const environment = { ...process.env, ...(port === undefined ? {} : { PORT: port }) };
process.exit(await serveUntilAsked({ ...flags, environment }, { out: process.stdout, err: process.stderr, now: () => new Date() }));
