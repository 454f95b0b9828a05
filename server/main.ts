/** `node server/main.ts [--port N] [--reset] [--no-demo]`: serves Seatmatch on this machine. `npm start` is this. */
import { parseArgs } from 'node:util';
import { ServeError, serve } from './commands/serve.ts';
import { ConfigError, readConfig } from './config.ts';
import { MigrationError } from './store/migrate.ts';
import { DatabaseInUseError, PostgresUnavailableError } from './store/postgres/unavailable-error.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const complain = (line: string) => process.stderr.write(`${line}\n`);
/** The first line of what went wrong and where; bodies of requests and rows are never in it. */
const logError = (error: unknown) => complain(error instanceof Error ? (error.stack ?? error.message) : String(error));

/** Failures whose message is one sentence for the person at the terminal. */
const spoken = [ServeError, ConfigError, MigrationError, DatabaseInUseError, PostgresUnavailableError];

function readOptions() {
  try {
    const { values } = parseArgs({
      options: { port: { type: 'string' }, reset: { type: 'boolean' }, demo: { type: 'boolean' } },
      allowNegative: true,
    });
    const { port, demo } = values;
    return {
      config: readConfig({
        ...process.env,
        ...(port === undefined ? {} : { PORT: port }),
        ...(demo === undefined ? {} : { SEATMATCH_DEMO: demo ? '1' : '0' }),
      }),
      reset: values.reset,
    };
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ServeError(`${(error as Error).message} Options: --port N, --reset, --no-demo.`, { cause: error });
  }
}

/** Resolves with the first signal that asks the process to end; a second one ends it at once. */
const asked = new Promise<void>((resolve) => {
  let signals = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      signals += 1;
      if (signals > 1) process.exit(1);
      resolve();
    });
  }
});

try {
  const server = await serve({ ...readOptions(), log: say, logError });
  say(`Seatmatch is ready: ${server.url}`);
  say(`One-time admin link (works once, within an hour): ${server.signInUrl}`);
  await asked;
  await server.stop();
  process.exit(0);
} catch (error) {
  if (spoken.some((kind) => error instanceof kind)) complain((error as Error).message);
  else logError(error);
  process.exit(1);
}
