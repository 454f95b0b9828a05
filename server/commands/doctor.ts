import type { CheckLine } from '../../connectors/connector.ts';
import { answer, type CommandIo, type ExitCode, orRefuse } from './command-io.ts';
import { type ConnectionFlags, openConnection, openConnections } from './open-connection.ts';

export interface DoctorOptions extends ConnectionFlags {
  /** Default every one. */
  readonly connection?: string | undefined;
  readonly json?: boolean | undefined;
}

const marks = { good: '✓', bad: '✗', unknown: '·' } as const;

/** `seatmatch doctor`: what each connection can do and what stands in its way. Exit 1 where something has to be done. */
export const doctorCommand = (options: DoctorOptions, io: CommandIo): Promise<ExitCode> =>
  orRefuse(io, options.json, async () => {
    const connections = options.connection === undefined ? openConnections(options) : [openConnection(options, options.connection)];
    const checked: { readonly connection: string; readonly checks: readonly CheckLine[] }[] = [];
    for (const { name, connector } of connections) checked.push({ connection: name, checks: await connector.check() });
    const text = checked.flatMap(({ connection, checks }) => [
      connection,
      ...checks.map(({ what, verdict, sentence }) => `  ${marks[verdict]} ${what.padEnd(14)} ${sentence}`),
    ]);
    answer(io, options.json, checked, `${text.join('\n')}\n`);
    return checked.some(({ checks }) => checks.some(({ verdict }) => verdict === 'bad')) ? 1 : 0;
  });
