import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { GuardCode } from '../core/guard.ts';
import { licenseHoldersOf } from '../core/id-file.ts';
import type { Plan } from '../core/plan.ts';
import { planSteps } from '../core/plan-steps.ts';
import { sealPlan } from '../core/seal-plan.ts';
import { stepCommands, writePlan } from '../jobs/plan-files.ts';
import { answer, type CommandIo, type ExitCode, orRefuse } from './command-io.ts';
import { linkedinPlanTools, sha256 } from './linkedin-plan-tools.ts';
import { writeIdFile } from './linkedin-upload.ts';
import { type ComparedSides, type PlanSidesOptions, planSides } from './plan-sides.ts';

export interface PlanCommandOptions extends Omit<PlanSidesOptions, 'id' | 'at' | 'by'> {
  readonly out: string;
  readonly json?: boolean | undefined;
  readonly by?: string | undefined;
}

/**
 * `seatmatch plan`: writes the directory of an email-first plan, with the first upload file in it.
 * Exit 1, and nothing written, where a guard trips.
 * @param compare reads and compares both files; its refusals (FileRefused) are printed as they are
 */
export const planCommand = (options: PlanCommandOptions, io: CommandIo, compare: () => Promise<ComparedSides>): Promise<ExitCode> =>
  orRefuse(io, options.json, async () => {
    const sides = await compare();
    const at = io.now().toISOString();
    const by = options.by ?? 'command line';
    const outcome = planSides(sides, { ...options, id: randomUUID().slice(0, 8), at, by });
    if (outcome.kind === 'stopped') {
      if (options.json === true) io.out.write(`${JSON.stringify({ stopped: outcome.trips, plan: inNumbers(outcome.draft) }, null, 2)}\n`);
      else
        for (const { code, sentence, nextStep } of outcome.trips)
          io.err.write([sentence, nextStep, ...(flagsFor[code] ?? []), ''].join('\n'));
      return 1;
    }

    const sealed = sealPlan(outcome.plan, sha256);
    const holders = [...sides.others, ...licenseHoldersOf(sides.findings)];
    const ids = writeIdFile(sides.ids ?? [], holders, options.idColumn).text;
    const more = ids === '' ? {} : { 'ids.csv': ids };
    const { progress } = await writePlan(options.out, sealed, linkedinPlanTools, { at, by }, more);
    const { plan, seal } = sealed;
    const file = progress.files.at(-1)?.name ?? null;
    const value = {
      directory: options.out,
      plan: { ...inNumbers(plan), seal },
      file: file === null ? null : join(options.out, file),
      ids: ids === '' ? null : join(options.out, 'ids.csv'),
    };
    const doubt =
      plan.licenses.expected === null
        ? 'Nobody said how many users Admin Center shows; if the export was filtered, an address may be taken by somebody who is not in it.\n'
        : '';
    answer(
      io,
      options.json,
      value,
      `${plan.price}\n${doubt}\n${planSteps(plan, progress, stepCommands(options.out))}${ids === '' ? '' : idSentence}`,
    );
    return 0;
  });

const idSentence =
  'ids.csv: writes the employee numbers to LinkedIn once, so that no later change of an email loses anybody. Upload it when no other file is out.\n';

/** How the next step of a guard is said on the command line. */
const flagsFor: Readonly<Partial<Record<GuardCode, readonly string[]>>> = {
  limit: [
    '  --domain-alias old.example=new.example   declares a domain change',
    '  --override-limit "REASON"                plans them all the same, this once',
  ],
  stale: ['  --exported-at TIME                       says when the export was made, if the file is younger or older than that'],
  sandbox: ['  --not-a-sandbox                          says that it is none'],
};

const inNumbers = (plan: Plan) => ({
  id: plan.id,
  price: plan.price,
  createdAt: plan.createdAt,
  expiresAt: plan.expiresAt,
  licenseHolders: plan.licenseHolders,
  files: plan.files.map(({ name, kind, rows, canary }) => ({ name, kind, rows: rows.length, canary })),
  crmChanges: plan.crmChanges.length,
  identityRequests: plan.identityRequests.length,
  leftOut: plan.leftOut.length,
});
