import { join } from 'node:path';
import { planSteps } from '../core/plan-steps.ts';
import { nextFile, stepCommands } from '../jobs/plan-files.ts';
import { answer, type CommandIo, type ExitCode, orRefuse } from './command-io.ts';
import { linkedinPlanTools } from './linkedin-plan-tools.ts';

export interface NextCommandOptions {
  /** The plan's directory. */
  readonly plan: string;
  readonly giveBack?: boolean | undefined;
  /** "I uploaded it": waits for proof from now on. */
  readonly uploaded?: boolean | undefined;
  /** "Throw it away": only before it was uploaded. */
  readonly discard?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly by?: string | undefined;
}

/** `seatmatch next`: the next upload file, once the last one is proven. Exit 1 while it is not. */
export const nextCommand = (options: NextCommandOptions, io: CommandIo): Promise<ExitCode> =>
  orRefuse(io, options.json, async () => {
    const outcome = await nextFile(options.plan, linkedinPlanTools, {
      at: io.now().toISOString(),
      by: options.by ?? 'command line',
      giveBack: options.giveBack,
      said: options.uploaded === true ? 'uploaded' : options.discard === true ? 'discarded' : undefined,
    });
    switch (outcome.kind) {
      case 'nothing-to-give-back':
        answer(io, options.json, { kind: outcome.kind }, 'Nobody of this plan is without a license, so there is nothing to give back.\n');
        return 0;
      case 'said':
        answer(
          io,
          options.json,
          { kind: outcome.kind, file: outcome.file.name, state: outcome.file.state },
          outcome.file.state === 'discarded'
            ? `${outcome.file.name} is thrown away; do not upload it.\n`
            : `${outcome.file.name} waits for proof: bring LinkedIn's result file or a new export.\n`,
        );
        return 0;
      case 'finished':
        answer(io, options.json, { kind: outcome.kind }, planSteps(outcome.plan, outcome.progress, stepCommands(options.plan)));
        return 0;
      case 'file': {
        const { plan, progress, file } = outcome;
        const value = {
          kind: outcome.kind,
          file: join(options.plan, file.name),
          rows: file.rows.length,
          retryOf: file.retryOf,
          heldBack: progress.heldBack,
        };
        answer(io, options.json, value, planSteps(plan, progress, stepCommands(options.plan)));
        return 0;
      }
    }
  });
