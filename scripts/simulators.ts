/**
 * `npm run simulators -- [--port N] [--people N] [--seed N] [--write FILE]`: serves every vendor that Seatmatch connects to, on this machine, with one
 * made-up company, until it is stopped. docs/connections.md says what to do with them.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ListenError } from '../server/commands/listen.ts';
import { runUntilAsked } from '../server/commands/run-until-asked.ts';
import { type Simulators, startSimulators } from '../server/demo/start-simulators.ts';

const usage = 'Options: --port N, --people N, --seed N, --write FILE.';

function readFlags() {
  try {
    const options = { port: { type: 'string' }, people: { type: 'string' }, seed: { type: 'string' }, write: { type: 'string' } } as const;
    const { port = '4700', people = '120', seed = '20', write } = parseArgs({ options }).values;
    if (write !== undefined && existsSync(write))
      throw new RangeError(`${write} is there already and stays as it is: name another file with --write`);
    const numbers = {
      port: whole('port', port, 0, 65_528),
      people: whole('people', people, 1, 200_000),
      seed: whole('seed', seed, 0, 2 ** 32 - 1),
    };
    return { ...numbers, write };
  } catch (error) {
    process.stderr.write(`${(error as Error).message.replace(/[^.!?]$/u, '$&.')} ${usage}\n`);
    process.exit(1);
  }
}

function whole(name: string, text: string, least: number, most: number): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new RangeError(`--${name} is a whole number from ${least} to ${most}`);
}

const table = ({ served, controlUrl }: Simulators): string[] => [
  ...served.map(({ name, what, url }) => `  ${what.padEnd(32)} ${url}   ${name}`.trimEnd()),
  `  ${'The clock of all of them'.padEnd(32)} ${controlUrl}`,
];

const { write, ...options } = readFlags();
process.exit(
  await runUntilAsked({ out: process.stdout, err: process.stderr, now: () => new Date() }, async () => {
    const simulators = await startSimulators(options).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') throw error;
      throw new ListenError(
        `One of the ports ${options.port} to ${options.port + 7} is taken: another program uses it. Choose others with --port, for example --port ${options.port + 100}.`,
        { cause: error },
      );
    });
    const exports = Object.entries(simulators.secrets).map(([name, value]) => `  export ${name}=${value}`);
    if (write !== undefined) writeFileSync(write, simulators.config, { flag: 'wx' });
    return {
      ready: [
        ...table(simulators),
        '',
        ...exports,
        '',
        ...(write === undefined ? ['seatmatch.config.yaml:', '', simulators.config] : [`${write} connects to them.`]),
        'The simulators are ready. Ctrl-C stops them.',
      ],
      stop: simulators.close,
    };
  }),
);
