import type { CheckLine } from '../../connectors/connector.ts';
import { FileRefused } from '../../connectors/errors.ts';
import type { Connection } from '../../connectors/registry.ts';
import type { Contract, Settings } from '../api.ts';
import { withTypedIn } from '../core/licenses-typed-in.ts';
import { answer, type CommandIo, type ExitCode, orRefuse } from './command-io.ts';
import { type ConnectionFlags, openConnection, openConnections } from './open-connection.ts';
import { connectionNames } from './read-connections.ts';
import { openServer } from './server-client.ts';

export interface DoctorOptions extends ConnectionFlags {
  /** Default every one. */
  readonly connection?: string | undefined;
  readonly json?: boolean | undefined;
  /** A running Seatmatch, where somebody typed in what no connection tells of licenses. */
  readonly server?: string | undefined;
  readonly link?: string | undefined;
}

const marks = { good: '✓', bad: '✗', unknown: '·' } as const;

/** `seatmatch doctor`: what each connection can do and what stands in its way. Exit 1 where something has to be done. */
export const doctorCommand = (options: DoctorOptions, io: CommandIo): Promise<ExitCode> =>
  orRefuse(io, options.json, async () => {
    const typedIn = await typedInOf(options);
    const checked: { readonly connection: string; readonly checks: readonly CheckLine[] }[] = [];
    for (const opened of connectionsOf(options))
      checked.push(
        'connector' in opened
          ? { connection: opened.name, checks: typedIn(await opened.connector.check()) }
          : {
              connection: opened.name,
              checks: [{ what: 'access', verdict: 'bad', sentence: `In the configuration file, ${opened.fault}` }],
            },
      );
    const text = checked.flatMap(({ connection, checks }) => [
      connection,
      ...checks.map(({ what, verdict, sentence }) => `  ${marks[verdict]} ${what.padEnd(14)} ${sentence}`),
    ]);
    answer(io, options.json, checked, `${text.join('\n')}\n`);
    return checked.some(({ checks }) => checks.some(({ verdict }) => verdict === 'bad')) ? 1 : 0;
  });

type Told = (lines: readonly CheckLine[]) => readonly CheckLine[];

const untold: readonly CheckLine['what'][] = ['free-licenses', 'assignments'];
const withHint =
  (hint: string): Told =>
  (lines) =>
    lines.map((line) => (untold.includes(line.what) ? { ...line, sentence: `${line.sentence} ${hint}` } : line));

/** What the server was told of licenses; without one, or where it has several contracts, how it comes here. Throws ServerRefused. */
async function typedInOf({ server, link, environment }: DoctorOptions): Promise<Told> {
  if (server === undefined) return withHint('With --server ADDRESS of that Seatmatch it is told here too.');
  const client = await openServer({ server, link, environment });
  if (!client.namesContract) {
    const open = (await client.get<{ rows: readonly Contract[] }>('/api/contracts')).rows.filter(({ archivedAt }) => archivedAt === null);
    if (open.length > 1) {
      const places = open.map(({ id, name }) => `${client.origin}/contracts/${id} for ${name}`).join(', ');
      return withHint(`That server has several contracts: name one with --server (${places}).`);
    }
  }
  const settings = await client.get<Settings>('/api/settings');
  return (lines) => withTypedIn(lines, settings);
}

type Opened = Connection | { readonly name: string; readonly fault: string };

/** What is missing of one connection, such as a variable, keeps no other from being checked. Throws FileRefused where none can be opened. */
function connectionsOf(options: DoctorOptions): readonly Opened[] {
  if (options.connection !== undefined) return [openConnection(options, options.connection)];
  try {
    return openConnections(options);
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    const each = connectionNames(options.config).map((name) => openOrSay(options, name));
    if (!each.some((one) => 'connector' in one)) throw error;
    return each;
  }
}

function openOrSay(options: DoctorOptions, name: string): Opened {
  try {
    return openConnection(options, name);
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    return { name, fault: error.sentence };
  }
}
