import { ConfigError, readConfig } from '../config.ts';
import { MigrationError } from '../store/migrate.ts';
import { DatabaseInUseError, PostgresUnavailableError } from '../store/postgres/unavailable-error.ts';
import type { CommandIo, ExitCode } from './command-io.ts';
import { ServeError, serve } from './serve.ts';

export interface ServeFlags {
  readonly port?: number | undefined;
  readonly reset?: boolean | undefined;
  /** undefined: as the environment says, and that defaults to the demo. */
  readonly demo?: boolean | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Failures whose message is one sentence for the person at the terminal. */
const spoken = [ServeError, ConfigError, MigrationError, DatabaseInUseError, PostgresUnavailableError];

/** Serves until SIGINT, SIGTERM or SIGHUP asks for the end; a second signal ends the process at once. */
export async function serveUntilAsked(flags: ServeFlags, io: CommandIo): Promise<ExitCode> {
  const complain = (line: string) => io.err.write(`${line}\n`);
  // The first line of what went wrong and where; bodies of requests and rows are never in it.
  const logError = (error: unknown) => complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
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
    const config = readConfig({
      ...flags.environment,
      ...(flags.port === undefined ? {} : { PORT: String(flags.port) }),
      ...(flags.demo === undefined ? {} : { SEATMATCH_DEMO: flags.demo ? '1' : '0' }),
    });
    const server = await serve({ config, reset: flags.reset, log: (line) => io.out.write(`${line}\n`), logError });
    io.out.write(`Seatmatch is ready: ${server.url}\n`);
    io.out.write(`One-time admin link (works once, within an hour): ${server.signInUrl}\n`);
    await asked;
    await server.stop();
    return 0;
  } catch (error) {
    if (spoken.some((kind) => error instanceof kind)) complain((error as Error).message);
    else logError(error);
    return 1;
  }
}
