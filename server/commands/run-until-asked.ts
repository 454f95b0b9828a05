import { FileRefused } from '../../connectors/errors.ts';
import { ConfigError } from '../config.ts';
import { MigrationError } from '../store/migrate.ts';
import { DatabaseInUseError, PostgresUnavailableError } from '../store/postgres/unavailable-error.ts';
import type { CommandIo, ExitCode } from './command-io.ts';
import { ListenError } from './listen.ts';
import { ServeError } from './serve-error.ts';

export interface Running {
  /** What to tell once it runs. */
  readonly ready: readonly string[];
  stop(): Promise<void>;
  /** Resolves to a sentence when it can go on no longer. */
  readonly broken?: Promise<string>;
}

/** Failures whose message is one sentence for the person at the terminal. */
const spoken = [FileRefused, ServeError, ListenError, ConfigError, MigrationError, DatabaseInUseError, PostgresUnavailableError];

/** Runs until SIGINT, SIGTERM or SIGHUP asks for the end; a second signal ends the process at once. */
export async function runUntilAsked(
  io: CommandIo,
  start: (told: { log: (line: string) => void; logError: (error: unknown) => void }) => Promise<Running>,
): Promise<ExitCode> {
  const complain = (line: string) => io.err.write(`${line}\n`);
  // The first line of what went wrong and where; bodies of requests and rows are never in it.
  const logError = (error: unknown) => complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const asked = new Promise<null>((resolve) => {
    let signals = 0;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        signals += 1;
        if (signals > 1) process.exit(1);
        resolve(null);
      });
    }
  });
  try {
    const running = await start({ log: (line) => io.out.write(`${line}\n`), logError });
    for (const line of running.ready) io.out.write(`${line}\n`);
    const broken = await Promise.race([asked, ...(running.broken ? [running.broken] : [])]);
    if (broken !== null) complain(broken);
    await running.stop();
    return broken === null ? 0 : 1;
  } catch (error) {
    if (spoken.some((kind) => error instanceof kind)) complain((error as Error).message);
    else logError(error);
    return 1;
  }
}
