import { FileRefused } from '../../connectors/errors.ts';
import { type ConnectionDesk, ConnectionUnusable, type OpenedConnection, openConnection } from '../jobs/connection-desk.ts';
import { openPool, type Scope } from '../store/database.ts';
import type { SecretKey } from '../store/seal-secret.ts';
import { connectionKinds } from './connection-kinds.ts';

/** What a thread opens connections with; it is cloned into the thread. */
export interface ConnectionParts {
  readonly databaseUrl: string;
  /** Null: secrets cannot be kept. */
  readonly key: SecretKey | null;
  /** Null: the usual one of this folder. */
  readonly configFile: string | null;
  /** Whether the simulated systems of the demo are there. */
  readonly isDemo: boolean;
}

/** Opens a connection of the server in another thread; a refresh token that the vendor replaces is stored. Throws FileRefused. */
export async function openStoredConnection(
  { databaseUrl, key, configFile, isDemo }: ConnectionParts,
  scope: Scope,
  { connectionId, name }: { readonly connectionId: string; readonly name: string },
): Promise<{ readonly connection: OpenedConnection; close(): Promise<void> }> {
  // A lost one fails the query under way, which says so itself.
  // Its turn at a refresh token holds one, while the pace of what it asks is looked up with another.
  const pool = openPool(databaseUrl, () => {}, 3);
  try {
    const desk: ConnectionDesk = { ...connectionKinds(configFile), pool, key, isDemo };
    const connection = await openConnection(desk, scope, connectionId);
    return { connection, close: () => pool.end() };
  } catch (error) {
    await pool.end();
    throw error instanceof ConnectionUnusable ? new FileRefused('unreadable', name, error.sentence, { cause: error }) : error;
  }
}
