import type { CommandIo, ExitCode } from './command-io.ts';
import { type CompareRequest, compareFiles } from './compare-files.ts';
import { type PlanCommandOptions, planCommand } from './plan.ts';
import { sidesOf } from './plan-sides.ts';

export interface PlanFromFilesOptions extends PlanCommandOptions {
  /** The answer to "is this a sandbox?", for this plan. */
  readonly notASandbox?: boolean | undefined;
}

/** `seatmatch plan` on two files: compares them, then plans. Both files' hashes are sealed with the plan. */
export const planFromFiles = (request: CompareRequest, options: PlanFromFilesOptions, io: CommandIo): Promise<ExitCode> =>
  planCommand(options, io, async () => {
    const { licenses, crm } = request;
    const compared = await compareFiles({ ...request, licenses: { ...licenses, hash: true }, crm: { ...crm, hash: true } });
    // The rows of the report stay readable: they lie on this side's buffers.
    await compared.close();
    return sidesOf(compared, options.notASandbox === true);
  });
