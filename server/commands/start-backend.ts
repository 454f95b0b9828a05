import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { openUserFile } from '../../connectors/crm-csv/connector.ts';
import { readDirectoryFile } from '../../connectors/directory-csv/connector.ts';
import { openAccountFile } from '../../connectors/linkedin-files/connector.ts';
import { openUsageFile } from '../../connectors/linkedin-files/usage-report.ts';
import type { Config } from '../config.ts';
import type { DemoCenter } from '../demo/demo-center.ts';
import { type Clock, machineClock } from '../jobs/clock.ts';
import type { ConnectionDesk } from '../jobs/connection-desk.ts';
import { forgetOld } from '../jobs/forget-old.ts';
import type { Uploads } from '../jobs/receive-file.ts';
import { openPool, transaction } from '../store/database.ts';
import { type Engine, prepareEngine, type QueueDefinition, startEngine } from '../store/engine.ts';
import { migrate } from '../store/migrate.ts';
import { startPostgres } from '../store/postgres/start-postgres.ts';
import type { SecretKey } from '../store/seal-secret.ts';
import { type Actor, ensureUser } from '../store/session.ts';
import { uploadIds } from '../store/upload.ts';
import { demoUserName, ensureFirstWorkspace, type Workspace } from '../store/workspace.ts';
import { findSecretKey } from './secret-key.ts';

/** The folder of the program. */
export const root = path.resolve(import.meta.dirname, '../..');

export interface BackendOptions {
  readonly config: Config;
  /** `own` starts the embedded database and refuses when another process has it; `attach` joins the process that has it. */
  readonly embedded: 'own' | 'attach';
  readonly queues: readonly QueueDefinition[];
  /** Told in sentences what happens. */
  readonly log: (line: string) => void;
  readonly logError: (error: unknown) => void;
}

/** What every process of Seatmatch has, whether it serves people or works. */
export interface Backend {
  readonly config: Config;
  readonly dataDir: string;
  /** Connection of the plain role. */
  readonly databaseUrl: string;
  readonly pool: pg.Pool;
  readonly engine: Engine;
  readonly workspace: Workspace;
  readonly admin: Actor;
  /** Who brought the demo's files; null outside the demo. */
  readonly demo: Actor | null;
  /** The demo's made-up Admin Center, whose clock everybody goes by; null outside the demo. */
  readonly center: DemoCenter | null;
  readonly clock: Clock;
  readonly uploads: Uploads;
  /** What the secrets of connections are sealed with; null: they cannot be kept. */
  readonly secretKey: SecretKey | null;
  /** Vendors' packages are loaded for who has connections only. */
  readonly connections: () => Promise<ConnectionDesk>;
  readonly log: (line: string) => void;
  readonly logError: (error: unknown) => void;
  /** For connections that were lost: loses its voice when the end is wanted. */
  readonly connectionFailed: (error: Error) => void;
  /** Aborts when the end begins. */
  readonly stopping: AbortSignal;
  /** Resolves when the process that had the embedded database is gone, and the database with it. */
  readonly databaseGone: Promise<void>;
  /** To be done at the end, before what was asked for earlier. */
  onStop(close: () => Promise<unknown>): void;
  /** Ends everything that was started, in order. */
  stop(): Promise<void>;
}

/**
 * Opens the database, brings it to this version, and starts the engine. Nothing works yet.
 * @throws DatabaseInUseError, PostgresUnavailableError, MigrationError: one sentence for the terminal; nothing is left running
 */
export async function startBackend({ config, embedded, queues, log, logError }: BackendOptions): Promise<Backend> {
  const dataDir = path.resolve(root, config.dataDir);
  const uploadDir = path.join(dataDir, 'uploads');
  const closers: (() => Promise<unknown>)[] = [];
  const stopping = new AbortController();
  // pg's pool ends before its connections are closed, so that the database may be the one to close them (SQLSTATE 57P01).
  const connectionFailed = (error: Error) => {
    if (!stopping.signal.aborted || !('code' in error) || error.code !== '57P01') logError(error);
  };
  const stop = async () => {
    stopping.abort(new Error('This process stops.'));
    for (const close of closers.splice(0).reverse()) await close().catch(logError);
  };
  try {
    await mkdir(uploadDir, { recursive: true, mode: 0o700 });
    const database = await openDatabase(config, dataDir, embedded, log);
    closers.push(database.stop);
    await migrate(database.ownerUrl);
    await prepareEngine(database.ownerUrl, queues);
    const secretKey = await findSecretKey(config, dataDir, log);
    const pool = openPool(database.appUrl, connectionFailed);
    closers.push(() => pool.end());
    const engine = await startEngine({ url: database.appUrl, onError: connectionFailed });
    closers.push(() => engine.stop({ timeoutMs: 5_000 }));
    const forgetting = forgetOld(pool, logError);
    closers.push(forgetting.stop);

    // Needed in the demo alone.
    const center = config.demo ? (await import('../demo/demo-center.ts')).openDemoCenter(dataDir) : null;
    await removeLeftFiles(uploadDir, await uploadIds(pool));
    const names = { workspace: config.demo ? 'Demo' : 'My company', contract: 'Sales Navigator' };
    const { workspace, admin, demo } = await transaction(pool, async (client) => {
      const first = await ensureFirstWorkspace(client, names);
      return {
        workspace: first,
        admin: await ensureUser(client, first.workspaceId, 'Admin'),
        demo: config.demo ? await ensureUser(client, first.workspaceId, demoUserName) : null,
      };
    });
    let desk: Promise<ConnectionDesk> | null = null;
    const connections = () =>
      (desk ??= import('./connection-kinds.ts').then(({ connectionKinds }) => ({
        ...connectionKinds(config.configFile),
        pool,
        key: secretKey,
        isDemo: config.demo,
      })));
    return {
      config,
      dataDir,
      databaseUrl: database.appUrl,
      pool,
      engine,
      workspace,
      admin,
      demo,
      center,
      clock: center?.clock ?? machineClock,
      uploads: {
        pool,
        workspace,
        openers: { openAccountFile, openUserFile, readDirectoryFile, openUsageFile },
        directory: uploadDir,
        largestBytes: config.largestUploadBytes,
        ownerOf: (sha256, actor) => (demo && center?.gave(sha256) ? demo.name : actor),
      },
      secretKey,
      connections,
      log,
      logError,
      connectionFailed,
      stopping: stopping.signal,
      databaseGone: database.gone,
      onStop: (close) => void closers.push(close),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openDatabase(config: Config, dataDir: string, embedded: BackendOptions['embedded'], log: BackendOptions['log']) {
  if (config.database) return { ...config.database, gone: new Promise<void>(() => {}), stop: async () => {} };
  const { url, appUrl, gone, stop } = await startPostgres({
    dataDir: path.join(dataDir, 'postgres'),
    exclusive: embedded === 'own',
    attachOnly: embedded === 'attach',
    log,
  });
  return { ownerUrl: url, appUrl, gone, stop };
}

/** Removes what a crash in the middle of an upload, or a demo that went, left behind. A young file may be on its way in another process. */
async function removeLeftFiles(directory: string, kept: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(directory)) {
    const file = path.join(directory, name);
    const found = await stat(file).catch(() => null);
    // Another process may be removing it as well.
    if (!found || kept.has(path.basename(name, '.csv')) || Date.now() - found.mtimeMs < 3_600_000) continue;
    await rm(file, { force: true });
  }
}
