import { Command, InvalidArgumentError, Option } from 'commander';
import { type ReportTable, reportTables } from '../core/status.ts';
import type { ReportFormat } from '../jobs/write-report.ts';
import type { CommandIo, ExitCode } from './command-io.ts';
import type { CompareFlags } from './compare-request.ts';
import type { NewDecision } from './decisions.ts';

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

const crmFile = 'users exported from the CRM (Salesforce, HubSpot, Zoho, Dynamics or any CSV)';
const licensesFile = 'users exported from LinkedIn Admin Center';
const orConnection = '; or a connection’s name';

/** The flags of every command that compares two files. */
const comparing = (command: Command): Command =>
  onFiles(
    command
      .requiredOption('--crm <file>', crmFile + orConnection)
      .requiredOption('--licenses <file>', licensesFile + orConnection)
      .option('--other-crm <name-or-file>', otherCrm + orConnection, collect)
      .option('--config <file>', 'where connections stand; default seatmatch.config.yaml in this folder'),
  );
const otherCrm = 'another CRM of the company, tells who is found only there (repeatable): a file';

function onFiles(command: Command): Command {
  return command
    .option(
      '--domain-alias <old=new>',
      'a company domain that became, or is an alias of, another; or a CSV of such pairs (repeatable)',
      collect,
    )
    .option('--email-alias <file>', 'CSV of second address, main address (repeatable)', collect)
    .option('--directory <file>', 'users exported from Okta, Entra or Google: their other addresses tell who somebody is')
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

/** The flags of every command that speaks to a running server. */
const onServer = (command: Command): Command =>
  command
    .option('--server <address>', 'a running Seatmatch, instead of a folder')
    .option('--link <link>', 'the one-time link that the server printed: signs in, once');

/** The flags of every command that opens connections. */
const onConnections = (command: Command): Command =>
  command.option('--config <file>', 'where the connections stand; default seatmatch.config.yaml in this folder');

const serverDefault = 'http://127.0.0.1:3000';

/** The flags of every command that only a running server knows. */
const alwaysOnServer = (command: Command): Command =>
  command
    .option('--server <address>', 'where the running Seatmatch is; with /contracts/ID another contract there', serverDefault)
    .option('--link <link>', 'the one-time link that the server printed: signs in, once; the demo needs none')
    .option('--json', 'as JSON');

interface ProofFlags {
  readonly plan: string;
  readonly server?: string;
  readonly link?: string;
  readonly by?: string;
  readonly json?: boolean;
}

/** A plan of a server has a number; one of the command line lies in a directory. */
const isNumber = (plan: string): boolean => /^#?\d{1,9}$/u.test(plan);

interface ServerFlags {
  readonly server: string;
  readonly link?: string;
  readonly json?: boolean;
}

/** All commands. `end` gets the exit code: 0 done, 1 error, 3 with --fail-on-not-matched and somebody Not Matched. */
export function buildProgram(io: CommandIo, end: (code: ExitCode) => void): Command {
  const program = new Command('seatmatch')
    .description('Keeps a company’s CRM users and its LinkedIn Sales Navigator license holders on the same email.')
    .version('0.1.0')
    .enablePositionalOptions()
    .option('--config <file>', 'where connections stand, for every command that reads them')
    .hook('preAction', (_, command) => {
      const { config } = program.opts<{ config?: string }>();
      if (config === undefined) return;
      if (!command.options.some(({ long }) => long === '--config'))
        command.error(`error: ${command.name()} reads no connections: leave --config out`);
      if (command.getOptionValue('config') === undefined) command.setOptionValue('config', config);
    })
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

With a running server (default http://127.0.0.1:3000):
  seatmatch plan --server 127.0.0.1:3000 --all
  seatmatch approve 3 --seal 1f0c…
  seatmatch apply 3 --out uploads
  seatmatch status 3 --watch
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
            { ...flags, environment: process.env, onProgress: bar?.update },
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
      end(await explainCommand({ ...flags, environment: process.env }, io));
    });

  const plan = onServer(
    onFiles(
      program
        .command('plan')
        .option('--crm <file>', crmFile)
        .option('--licenses <file>', licensesFile)
        .option('--other-crm <file>', otherCrm, collect),
    ),
  )
    .description('plan email changes: the first upload file, the sealed plan and the numbered steps; or, with --server, a draft there')
    .option('--out <directory>', 'an empty or new directory for the plan')
    .option('--all', 'with --server: everybody whom an email change can repair')
    .option('--root-cause <id>', 'with --server: everybody of one root cause')
    .option('--leavers', 'with --server: take the licenses of people who are inactive in the CRM back')
    .option('--license <id>', 'with --server: this license holder (repeatable)', collect)
    .addOption(new Option('--mode <mode>', 'with --server').choices(['email-first', 'full']))
    .option('--assignee <name-or-email>', 'with --server: who carries the files; reminders go there')
    .option('--backup <name-or-email>', 'with --server: who is reminded when the files lie')
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
    .option('--json', 'as JSON');
  plan.action(
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
        server?: string;
        link?: string;
        all?: boolean;
        rootCause?: string;
        leavers?: boolean;
        license?: string[];
        mode?: 'email-first' | 'full';
        assignee?: string;
        backup?: string;
      },
    ) => {
      if (flags.server !== undefined) {
        const { planOnServer } = await import('./server-plans.ts');
        end(await planOnServer({ ...flags, server: flags.server, environment: process.env }, io));
        return;
      }
      for (const name of ['crm', 'licenses', 'out'] as const)
        if (flags[name] === undefined) {
          const option = plan.options.find((one) => one.attributeName() === name)!;
          plan.error(`error: required option '${option.flags}' not specified`, { code: 'commander.missingMandatoryOptionValue' });
        }
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

  alwaysOnServer(program.command('approve'))
    .description('approve a plan of a server: what its seal names and nothing else')
    .argument('<plan>', 'its number, or its id')
    .option('--seal <seal>', 'from the plan as you read it, its first 12 characters at least; without it nothing is approved')
    .action(async (number: string, flags: ServerFlags & { seal?: string }) => {
      const { approveCommand } = await import('./server-plans.ts');
      end(await approveCommand({ ...flags, plan: number, environment: process.env }, io));
    });

  alwaysOnServer(program.command('apply'))
    .description('carry out an approved plan: its open file into a folder, or follow it where the server hands files over by itself')
    .argument('<plan>', 'its number, or its id')
    .option('--out <directory>', 'where the upload file goes; default is here')
    .action(async (number: string, flags: ServerFlags & { out?: string }) => {
      const { applyCommand } = await import('./server-plans.ts');
      end(await applyCommand({ ...flags, plan: number, environment: process.env }, io));
    });

  alwaysOnServer(program.command('status'))
    .description('the plans of a server, or how far one of them is')
    .argument('[plan]', 'its number, or its id')
    .option('--watch', 'say each step until it ends; exit 1 where it did not end as done')
    .action(async (number: string | undefined, flags: ServerFlags & { watch?: boolean }) => {
      const { statusCommand } = await import('./server-plans.ts');
      end(await statusCommand({ ...flags, plan: number, environment: process.env }, io));
    });

  alwaysOnServer(program.command('licenses'))
    .description('the licenses of a server in numbers, what to buy or return, and whom to look at')
    .option('--add-to <directory>', 'the files that add CRM users without a license go there')
    .action(async (flags: ServerFlags & { addTo?: string }) => {
      const { licensesCommand } = await import('./server-licenses.ts');
      end(await licensesCommand({ ...flags, environment: process.env }, io));
    });

  alwaysOnServer(program.command('report'))
    .description('who is Not Matched on a server, why, since when, what it costs and who must act')
    .option('--team <name>', 'of this team alone')
    .option('--manager <name>', 'under this manager alone')
    .addOption(new Option('--csv <table>', 'one of its tables as CSV instead').choices(reportTables))
    .action(async (flags: ServerFlags & { team?: string; manager?: string; csv?: ReportTable }) => {
      const { reportCommand } = await import('./report.ts');
      end(await reportCommand({ ...flags, environment: process.env }, io));
    });

  alwaysOnServer(program.command('invitations'))
    .description('who has a license on a server and has not accepted the invitation, and who must act')
    .option('--team <name>', 'of this team alone')
    .option('--manager <name>', 'under this manager alone')
    .option('--due', 'old enough to be sent again alone')
    .action(async (flags: ServerFlags & { team?: string; manager?: string; due?: boolean }) => {
      const { invitationsCommand } = await import('./invitations.ts');
      end(await invitationsCommand({ ...flags, environment: process.env }, io));
    });

  alertCommands(program.command('alerts').description('what is watched on a server, how it stands, and where it is told'), io, end);
  decisionCommands(program.command('decisions').description('what people decide about licenses and users, on a server'), io, end);
  domainChangeCommands(program.command('domain-change').description('a domain of the company becomes another one, on a server'), io, end);

  alwaysOnServer(program.command('cancel'))
    .description('end a plan of a server; while somebody has no license: once everybody has theirs back')
    .argument('<plan>', 'its number, or its id')
    .action(async (number: string, flags: ServerFlags) => {
      const { cancelCommand } = await import('./server-plans.ts');
      end(await cancelCommand({ ...flags, plan: number, environment: process.env }, io));
    });

  onServer(program.command('next'))
    .description('the next upload file, once the last one is proven by a result file or a new export')
    .requiredOption('--plan <directory-or-number>', 'the plan’s directory; its number on a server')
    .option('--uploaded', '“I uploaded it”: the file waits for proof from now on')
    .option('--discard', 'throw the file away, before it was uploaded')
    .option('--give-back', 'the file that gives every removed license back')
    .option('--by <name>', 'who says so')
    .option('--json', 'as JSON')
    .action(async (flags: ProofFlags & { uploaded?: boolean; discard?: boolean; giveBack?: boolean }) => {
      if (flags.server !== undefined || isNumber(flags.plan)) {
        const { nextOnServer } = await import('./server-plans.ts');
        end(await nextOnServer({ ...flags, server: flags.server ?? serverDefault, environment: process.env }, io));
        return;
      }
      const { nextCommand } = await import('./next.ts');
      end(await nextCommand(flags, io));
    });

  onServer(program.command('import-result'))
    .description('read LinkedIn’s result file, or a new export, back into a plan')
    .argument('<file>', 'LinkedIn’s result file, or a new export')
    .requiredOption('--plan <directory-or-number>', 'the plan’s directory; its number on a server')
    .option('--exported-at <time>', 'when an export was made; default is the file’s own time')
    .option('--admin-center-count <n>', 'with a server: how many users Admin Center shows, proves that an export is whole', oneOrMore)
    .option('--by <name>', 'who brings it')
    .option('--json', 'as JSON')
    .action(async (file: string, flags: ProofFlags & { exportedAt?: string; adminCenterCount?: number }) => {
      if (flags.server !== undefined || isNumber(flags.plan)) {
        const { proofToServer } = await import('./server-plans.ts');
        end(await proofToServer({ ...flags, file, server: flags.server ?? serverDefault, environment: process.env }, io));
        return;
      }
      const { importResultCommand } = await import('./import-result.ts');
      end(await importResultCommand({ ...flags, file }, io));
    });

  alwaysOnServer(program.command('import-usage'))
    .description('bring a usage report of Sales Navigator to a server; one of the same days is replaced')
    .argument('<file>', 'the CSV of Sales Navigator’s Usage Reporting, one row a person')
    .option('--from <day>', 'its first day, as 2026-10-01; default is what the report says itself')
    .option('--to <day>', 'its last day')
    .option('--note <text>', 'shown beside the report')
    .option('--map <column=field>', 'which column holds a field, for headers we do not know (repeatable)', collect)
    .action(async (file: string, flags: ServerFlags & { from?: string; to?: string; note?: string; map?: string[] }) => {
      const { importUsageCommand } = await import('./import-usage.ts');
      end(await importUsageCommand({ ...flags, file, environment: process.env }, io));
    });

  for (const [name, side, what] of [
    ['users', 'crm', 'the users of a CRM connection'],
    ['accounts', 'licenses', 'the accounts of a license connection'],
  ] as const)
    onConnections(program.command(name))
      .description(`${what}, one JSON line a person (SCIM-shaped); the proof that it is whole is the last line of the error stream`)
      .requiredOption('--connection <name>', 'its name in the configuration file')
      .option('--all', 'integration users and others that are no people too, with what they are')
      .option('--changed-since <time>', 'only what changed since then, where the connection can')
      .action(async (flags: { config?: string; connection: string; all?: boolean; changedSince?: string }) => {
        const { listPeopleCommand } = await import('./list-people.ts');
        end(await listPeopleCommand(side, { ...flags, environment: process.env }, io));
      });

  onConnections(program.command('doctor'))
    .description('what each connection can do, and what stands in its way')
    .option('--connection <name>', 'only this one')
    .option('--server <address>', 'a running Seatmatch, for what was typed in there of licenses; with /contracts/ID another contract')
    .option('--link <link>', 'the one-time link that the server printed: signs in, once')
    .option('--json', 'as JSON')
    .action(async (flags: { config?: string; connection?: string; server?: string; link?: string; json?: boolean }) => {
      const { doctorCommand } = await import('./doctor.ts');
      end(await doctorCommand({ ...flags, environment: process.env }, io));
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

  program
    .command('worker')
    .description('do the jobs beside a server: on its data directory, or anywhere with DATABASE_URL and the same files')
    .option('--health-port <n>', 'answer on http://127.0.0.1:<n>/healthz', wholeNumber)
    .option('--demo', 'beside a server of the demo')
    .action(async (flags: { healthPort?: number; demo?: boolean }) => {
      const { workUntilAsked } = await import('./work-until-asked.ts');
      end(await workUntilAsked({ ...flags, environment: process.env }, io));
    });

  return program;
}

type End = (code: ExitCode) => void;

interface WhyFlags extends ServerFlags {
  readonly reason: string;
}

/** `seatmatch decisions …` */
function decisionCommands(decisions: Command, io: CommandIo, end: End): void {
  const environment = process.env;
  const reason = ['--reason <text>', 'why; stands beside it'] as const;
  const reviewOn = ['--on <day>', 'when to look at it again, as 2027-01-31'] as const;
  const decide = async (decision: NewDecision, flags: ServerFlags): Promise<void> => {
    const { decideCommand } = await import('./decisions.ts');
    end(await decideCommand({ ...flags, decision, environment }, io));
  };
  alwaysOnServer(decisions.command('list', { isDefault: true }))
    .description('all that hold; exit 1 while somebody has to look at one')
    .action(async (flags: ServerFlags) => {
      const { listDecisionsCommand } = await import('./decisions.ts');
      end(await listDecisionsCommand({ ...flags, environment }, io));
    });
  alwaysOnServer(decisions.command('find'))
    .description('users of the CRM by a part of their name, email, id or team')
    .argument('<text>')
    .action(async (search: string, flags: ServerFlags) => {
      const { findCrmUserCommand } = await import('./decisions.ts');
      end(await findCrmUserCommand({ ...flags, search, environment }, io));
    });
  alwaysOnServer(decisions.command('link'))
    .description('the license holder is this CRM user')
    .argument('<license>', 'license id')
    .argument('<crm-user>', 'CRM user id')
    .option(...reason)
    .option(...reviewOn)
    .action((licenseId: string, crmUserId: string, flags: ServerFlags & { reason?: string; on?: string }) =>
      decide({ kind: 'link', licenseId, crmUserId, reason: flags.reason, on: flags.on }, flags),
    );
  alwaysOnServer(decisions.command('except'))
    .description('leave a license holder alone until a day')
    .argument('<license>', 'license id')
    .requiredOption(...reason)
    .requiredOption('--until <day>', 'the last day, as 2027-01-31')
    .action((licenseId: string, flags: WhyFlags & { until: string }) =>
      decide({ kind: 'except', licenseId, reason: flags.reason, on: flags.until }, flags),
    );
  for (const [kind, what] of [
    ['nobody', 'nobody uses the license: it is to be taken back'],
    ['later', 'ask again on a day who uses the license'],
  ] as const)
    alwaysOnServer(decisions.command(kind))
      .description(what)
      .argument('<license>', 'license id')
      .requiredOption(...reason)
      .option(...reviewOn)
      .action((licenseId: string, flags: WhyFlags & { on?: string }) =>
        decide({ kind, licenseId, reason: flags.reason, on: flags.on }, flags),
      );
  alwaysOnServer(decisions.command('own-subscription'))
    .description('a CRM user pays for Sales Navigator outside the contract')
    .argument('<crm-user>', 'CRM user id')
    .option('--none', 'they do not, or no longer')
    .action((crmUserId: string, flags: ServerFlags & { none?: boolean }) =>
      decide({ kind: 'own-subscription', crmUserId, has: flags.none !== true }, flags),
    );
  alwaysOnServer(decisions.command('undo'))
    .description('take a decision back')
    .argument('<id>', 'as the list shows it')
    .action(async (id: string, flags: ServerFlags) => {
      const { undoDecisionCommand } = await import('./decisions.ts');
      end(await undoDecisionCommand({ ...flags, id, environment }, io));
    });
}

/** `seatmatch alerts …` */
function alertCommands(alerts: Command, io: CommandIo, end: End): void {
  const environment = process.env;
  alwaysOnServer(alerts.command('list', { isDefault: true }))
    .description('how it stands; exit 1 while something is raised')
    .action(async (flags: ServerFlags) => {
      const { listAlertsCommand } = await import('./alerts.ts');
      end(await listAlertsCommand({ ...flags, environment }, io));
    });
  alwaysOnServer(alerts.command('test'))
    .description('send a test over a channel')
    .argument('<channel>', 'its name, or its id')
    .action(async (channel: string, flags: ServerFlags) => {
      const { testAlertsCommand } = await import('./alerts.ts');
      end(await testAlertsCommand({ ...flags, channel, environment }, io));
    });
}

/** `seatmatch domain-change …` */
function domainChangeCommands(changes: Command, io: CommandIo, end: End): void {
  const environment = process.env;
  const change = ['<change>', 'its id, or its old domain'] as const;
  alwaysOnServer(changes.command('list', { isDefault: true }))
    .description('who is where and what lies ahead; exit 1 where the waves will not end in time')
    .action(async (flags: ServerFlags) => {
      const { listDomainChangesCommand } = await import('./domain-change.ts');
      end(await listDomainChangesCommand({ ...flags, environment }, io));
    });
  alwaysOnServer(changes.command('start'))
    .description('both domains are valid for some days; changes no license by itself')
    .argument('<old>', 'the old domain')
    .argument('<new>', 'the new one')
    .option('--days <n>', 'for how many days from today both are valid', oneOrMore, 90)
    .option('--per-wave <n>', 'people in one wave at most', oneOrMore, 100)
    .action(async (old: string, current: string, flags: ServerFlags & { days: number; perWave: number }) => {
      const { startDomainChangeCommand } = await import('./domain-change.ts');
      end(await startDomainChangeCommand({ ...flags, old, current, environment }, io));
    });
  alwaysOnServer(changes.command('wave'))
    .description('plan the next wave, as a draft')
    .argument(...change)
    .option('--assignee <name-or-email>', 'who carries the files; reminders go there')
    .action(async (wanted: string, flags: ServerFlags & { assignee?: string }) => {
      const { domainChangeWaveCommand } = await import('./domain-change.ts');
      end(await domainChangeWaveCommand({ ...flags, change: wanted, environment }, io));
    });
  alwaysOnServer(changes.command('report'))
    .description('everybody whom it concerns and where they are, as CSV')
    .argument(...change)
    .action(async (wanted: string, flags: ServerFlags) => {
      const { domainChangeReportCommand } = await import('./domain-change.ts');
      end(await domainChangeReportCommand({ ...flags, change: wanted, environment }, io));
    });
  alwaysOnServer(changes.command('end'))
    .description('end it; that the old domain became the other stays known')
    .argument(...change)
    .action(async (wanted: string, flags: ServerFlags) => {
      const { endDomainChangeCommand } = await import('./domain-change.ts');
      end(await endDomainChangeCommand({ ...flags, change: wanted, environment }, io));
    });
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
