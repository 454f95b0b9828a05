import { Command, InvalidArgumentError, Option } from 'commander';
import type { ReportFormat } from '../jobs/write-report.ts';
import type { CommandIo, ExitCode } from './command-io.ts';
import type { CompareFlags } from './compare-request.ts';

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

function wholeNumber(text: string): number {
  const digits = text.replaceAll(/[,_ ]/g, '');
  if (!/^\d{1,9}$/.test(digits)) throw new InvalidArgumentError('Write a whole number, for example 312.');
  return Number(digits);
}

function oneOrTwo(text: string): 1 | 2 {
  if (text !== '1' && text !== '2') throw new InvalidArgumentError('Write 1 or 2.');
  return text === '1' ? 1 : 2;
}

function oneOrMore(text: string): number {
  const n = wholeNumber(text);
  if (n === 0) throw new InvalidArgumentError('Write 1 or more.');
  return n;
}

/** The flags of every command that compares two files. */
function comparing(command: Command): Command {
  return command
    .requiredOption('--crm <file>', 'users exported from the CRM (Salesforce, HubSpot, Zoho, Dynamics or any CSV)')
    .requiredOption('--licenses <file>', 'users exported from LinkedIn Admin Center')
    .option(
      '--domain-alias <old=new>',
      'a company domain that became, or is an alias of, another; or a CSV of such pairs (repeatable)',
      collect,
    )
    .option('--email-alias <file>', 'CSV of second address, main address (repeatable)', collect)
    .option('--company-domain <domain>', 'a domain of your company; default is a proposal from the CRM (repeatable)', collect)
    .option(
      '--map <column=field>',
      'which column holds a field, for headers we do not know; crm:… or licenses:… for one file (repeatable)',
      collect,
    )
    .addOption(
      new Option('--crm-kind <crm>', 'which CRM the file is from, if its headers do not tell').choices([
        'salesforce',
        'hubspot',
        'zoho',
        'dynamics',
        'other',
      ]),
    )
    .option('--crm-name <name>', 'what the CRM is called in sentences')
    .option('--idp <name>', 'what your identity provider is called in sentences')
    .option('--admin-center-count <n>', 'how many users Admin Center shows: proves that the export is whole', oneOrMore)
    .option('--exported-at <time>', 'when the LinkedIn export was made; default is the file’s own time')
    .option('--crm-exported-at <time>', 'when the CRM export was made; default is the file’s own time');
}

interface RawFlags extends CompareFlags {
  readonly format?: ReportFormat;
  readonly out?: string;
  readonly rejects?: string;
  readonly failOnNotMatched?: boolean;
  readonly json?: boolean;
  readonly threads?: 1 | 2;
}

/** All commands. `end` gets the exit code: 0 done, 1 error, 3 with --fail-on-not-matched and somebody Not Matched. */
export function buildProgram(io: CommandIo, end: (code: ExitCode) => void): Command {
  const program = new Command('seatmatch')
    .description('Keeps a company’s CRM users and its LinkedIn Sales Navigator license holders on the same email.')
    .version('0.1.0')
    .showHelpAfterError('(seatmatch --help shows all commands, seatmatch COMMAND --help one of them)')
    .configureOutput({ writeOut: (text) => io.out.write(text), writeErr: (text) => io.err.write(text) })
    .addHelpText(
      'after',
      `
In the project's folder, type npx before each: npx seatmatch reconcile …

Examples:
  seatmatch serve --demo
  seatmatch reconcile --crm salesforce-users.csv --licenses linkedin-users.csv --out report.xlsx
  seatmatch explain   --crm salesforce-users.csv --licenses linkedin-users.csv --person jane.roe@acme.example
  seatmatch plan      --crm salesforce-users.csv --licenses linkedin-users.csv --admin-center-count 312 --out repair
`,
    );

  comparing(program.command('reconcile'))
    .description('compare two files: who is Not Matched, why, and what repairs it')
    .addOption(new Option('--format <format>', 'default: the ending of --out, else csv').choices(['csv', 'json', 'jsonl', 'xlsx']))
    .option('--out <file>', 'where the report goes; default is the standard output')
    .option('--rejects <file>', 'rows that could not be used, each with line, column and reason')
    .option(
      '--seat-scope <scope>',
      'which active CRM users without a license are listed: none, all, or department=Sales,Presales (also title, role, profile)',
      'none',
    )
    .option('--fail-on-not-matched', 'exit 3 when somebody is Not Matched')
    .option('--json', 'the summary on the error stream as JSON')
    .addOption(new Option('--threads <n>', '1 or 2; default is two for large files').argParser(oneOrTwo).hideHelp())
    .addHelpText(
      'after',
      `
The report has one row for each license holder, and with --seat-scope one for each active CRM user without a license.
A summary goes to the error stream. Exit 0 done, 1 error, 3 with --fail-on-not-matched and somebody Not Matched.

Examples:
  seatmatch reconcile --crm users.csv --licenses linkedin.csv > report.csv
  seatmatch reconcile --crm users.csv --licenses linkedin.csv --out report.jsonl --rejects rejects.csv
  seatmatch reconcile --crm users.csv --licenses linkedin.csv --domain-alias oldco.example=newco.example
`,
    )
    .action(async (flags: RawFlags) => {
      const { reconcileCommand } = await import('./reconcile.ts');
      const bar = flags.json === true ? null : await progressBar();
      try {
        end(
          await reconcileCommand(
            { ...flags, onProgress: bar?.update },
            { ...io, err: bar === null ? io.err : { write: (text) => bar.stop(() => io.err.write(text)) } },
          ),
        );
      } finally {
        bar?.stop();
      }
    });

  comparing(program.command('explain'))
    .description('the full trace of one person: every rule tried, both emails with the differing characters marked')
    .requiredOption('--person <email-or-id>', 'email, seat id, Unique User ID or CRM user id')
    .option('--json', 'as JSON')
    .action(async (flags: RawFlags & { person: string }) => {
      const { explainCommand } = await import('./explain.ts');
      end(await explainCommand(flags, io));
    });

  comparing(program.command('plan'))
    .description('plan email changes: the first upload file, the sealed plan and the numbered steps')
    .requiredOption('--out <directory>', 'an empty or new directory for the plan')
    .option('--by <name>', 'who plans; stored with the plan')
    .option('--tenant <name>', 'stands in the names of the files')
    .addOption(
      new Option('--id-column <name>', 'how Admin Center spells the id column').choices([
        'unique_user_id',
        'employee_id',
        'employee_user_id',
      ]),
    )
    .option('--rows <n>', 'rows per upload file', oneOrMore)
    .option('--release <license-id>', 'this person’s new address is right although it is on no company domain (repeatable)', collect)
    .option('--max-age-hours <n>', 'how old the LinkedIn export may be', oneOrMore)
    .option('--override-limit <reason>', 'plan more people than the limit, for this plan only, with the reason')
    .option('--not-a-sandbox', 'the CRM list is not a sandbox’s although many addresses end in .invalid')
    .option('--json', 'as JSON')
    .action(
      async (
        flags: RawFlags & {
          out: string;
          by?: string;
          tenant?: string;
          idColumn?: 'unique_user_id' | 'employee_id' | 'employee_user_id';
          rows?: number;
          release?: string[];
          maxAgeHours?: number;
          overrideLimit?: string;
          notASandbox?: boolean;
        },
      ) => {
        const [{ planFromFiles }, { compareRequest }, { orRefuse }] = await Promise.all([
          import('./plan-from-files.ts'),
          import('./compare-request.ts'),
          import('./command-io.ts'),
        ]);
        const { rows, overrideLimit, ...rest } = flags;
        end(
          await orRefuse(io, flags.json, async () =>
            planFromFiles(
              await compareRequest(flags),
              { ...rest, rowLimit: rows, overrideLimit: overrideLimit === undefined ? undefined : { reason: overrideLimit } },
              io,
            ),
          ),
        );
      },
    );

  program
    .command('next')
    .description('the next upload file, once the last one is proven by a result file or a new export')
    .requiredOption('--plan <directory>', 'the plan’s directory')
    .option('--uploaded', '“I uploaded it”: the file waits for proof from now on')
    .option('--discard', 'throw the file away, before it was uploaded')
    .option('--give-back', 'the file that gives every removed license back')
    .option('--by <name>', 'who says so')
    .option('--json', 'as JSON')
    .action(async (flags: { plan: string; uploaded?: boolean; discard?: boolean; giveBack?: boolean; by?: string; json?: boolean }) => {
      const { nextCommand } = await import('./next.ts');
      end(await nextCommand(flags, io));
    });

  program
    .command('import-result')
    .description('read LinkedIn’s result file, or a new export, back into a plan')
    .argument('<file>', 'LinkedIn’s result file, or a new export')
    .requiredOption('--plan <directory>', 'the plan’s directory')
    .option('--exported-at <time>', 'when an export was made; default is the file’s own time')
    .option('--by <name>', 'who brings it')
    .option('--json', 'as JSON')
    .action(async (file: string, flags: { plan: string; exportedAt?: string; by?: string; json?: boolean }) => {
      const { importResultCommand } = await import('./import-result.ts');
      end(await importResultCommand({ ...flags, file }, io));
    });

  program
    .command('serve')
    .description('serve the console and the API on this machine')
    .option('--demo', 'with a demo workspace')
    .option('--port <n>', 'default 3000', wholeNumber)
    .option('--reset', 'begin anew: deletes the demo’s data first')
    .action(async (flags: { demo?: boolean; port?: number; reset?: boolean }) => {
      const { serveUntilAsked } = await import('./serve-until-asked.ts');
      end(await serveUntilAsked({ demo: flags.demo ?? false, port: flags.port, reset: flags.reset, environment: process.env }, io));
    });

  return program;
}

/** A progress bar for a person at a terminal; it shows itself only when the work takes longer than a moment. */
async function progressBar(): Promise<{ update(share: number, phase: string): void; stop(then?: () => void): void } | null> {
  if (process.stderr.isTTY !== true) return null;
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar(
    { format: '{bar} {percentage} %  {phase}', stream: process.stderr, clearOnComplete: true, hideCursor: true },
    cliProgress.Presets.shades_classic,
  );
  let running = false;
  return {
    update(share, phase) {
      if (!running) bar.start(100, 0, { phase });
      running = true;
      bar.update(Math.round(share * 100), { phase });
    },
    stop(then) {
      if (running) bar.stop();
      running = false;
      then?.();
    },
  };
}
