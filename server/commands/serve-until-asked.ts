import { readConfig } from '../config.ts';
import type { CommandIo, ExitCode } from './command-io.ts';
import { runUntilAsked } from './run-until-asked.ts';
import { serve } from './serve.ts';

export interface ServeFlags {
  readonly port?: number | undefined;
  readonly reset?: boolean | undefined;
  /** undefined: as the environment says, and that defaults to the demo. */
  readonly demo?: boolean | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Serves until a signal asks for the end. */
export function serveUntilAsked(flags: ServeFlags, io: CommandIo): Promise<ExitCode> {
  return runUntilAsked(io, async (told) => {
    const config = readConfig({
      ...flags.environment,
      ...(flags.port === undefined ? {} : { PORT: String(flags.port) }),
      ...(flags.demo === undefined ? {} : { SEATMATCH_DEMO: flags.demo ? '1' : '0' }),
    });
    const { url, signInUrl, stop } = await serve({ config, reset: flags.reset, ...told });
    return { ready: [`Seatmatch is ready: ${url}`, `One-time admin link (works once, within an hour): ${signInUrl}`], stop };
  });
}
