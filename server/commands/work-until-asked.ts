import { readConfig } from '../config.ts';
import type { CommandIo, ExitCode } from './command-io.ts';
import { runUntilAsked } from './run-until-asked.ts';
import { startWorker } from './start-worker.ts';

export interface WorkFlags {
  readonly healthPort?: number | undefined;
  readonly demo?: boolean | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Works until a signal asks for the end, or the database it attached to is gone. */
export function workUntilAsked(flags: WorkFlags, io: CommandIo): Promise<ExitCode> {
  return runUntilAsked(io, async (told) => {
    const config = readConfig({
      ...flags.environment,
      // A demo has to be asked for: a worker beside a server of real people would keep their mail to itself.
      SEATMATCH_DEMO: flags.environment.SEATMATCH_DEMO || '0',
      ...(flags.healthPort === undefined ? {} : { SEATMATCH_HEALTH_PORT: String(flags.healthPort) }),
      ...(flags.demo === undefined ? {} : { SEATMATCH_DEMO: flags.demo ? '1' : '0' }),
    });
    const { healthUrl, broken, stop } = await startWorker({ config, ...told });
    return { ready: [`Seatmatch works.${healthUrl === null ? '' : ` Health: ${healthUrl}`}`], broken, stop };
  });
}
