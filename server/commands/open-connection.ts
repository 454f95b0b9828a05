import { FileRefused } from '../../connectors/errors.ts';
import { type Connection, connect } from '../../connectors/registry.ts';
import { connectionNames, readConnections } from './read-connections.ts';

export interface ConnectionFlags {
  /** Default the usual file in this folder. */
  readonly config?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** All connections of the configuration file, or the one of a name. Throws FileRefused. */
export const openConnections = ({ config, environment }: ConnectionFlags, only?: string): readonly Connection[] =>
  readConnections(config, environment, process.cwd(), only).map((settings) => {
    try {
      return connect(settings);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new FileRefused('bad-map', config ?? 'seatmatch.config', `The connection ${settings.name}: ${error.message}`, { cause: error });
    }
  });

/** The connection of a name. Throws FileRefused. @param side what it must read, where that matters */
export function openConnection(flags: ConnectionFlags, name: string, side?: Connection['side']): Connection {
  const found = openConnections(flags, name).find((one) => one.name === name);
  const refuse = (sentence: string): never => {
    throw new FileRefused('bad-map', flags.config ?? 'seatmatch.config', sentence);
  };
  if (found === undefined) return refuse(`It has no connection "${name}". It has ${connectionNames(flags.config).join(', ')}.`);
  if (side !== undefined && found.side !== side)
    return refuse(
      side === 'crm'
        ? `The connection "${name}" reads licenses, not a CRM. List them with seatmatch accounts.`
        : `The connection "${name}" reads a CRM, not licenses. List its users with seatmatch users.`,
    );
  return found;
}
