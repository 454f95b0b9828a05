import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { Express } from 'express';
import type pg from 'pg';
import { openUserFile } from '../../connectors/crm-csv/connector.ts';
import { openAccountFile } from '../../connectors/linkedin-files/connector.ts';
import { createApp } from '../app.ts';
import type { Config } from '../config.ts';
import type { SeedDesk } from '../demo/seed-demo.ts';
import { compareInThread } from '../jobs/compare-in-thread.ts';
import { reconciliationQueue, takeUpUnfinished, workReconciliations } from '../jobs/run-reconciliation.ts';
import { startComparison } from '../routes/reconciliations.ts';
import { receiveUpload, type Uploads, uploadPath } from '../routes/uploads.ts';
import { wasDone, writeAudit } from '../store/audit.ts';
import { openPool, transaction } from '../store/database.ts';
import { type Engine, prepareEngine, startEngine } from '../store/engine.ts';
import { createException } from '../store/exception.ts';
import { createLink } from '../store/link.ts';
import { migrate } from '../store/migrate.ts';
import { startListening } from '../store/notify.ts';
import { createObservedAnswer } from '../store/observed-answer.ts';
import { startPostgres } from '../store/postgres/start-postgres.ts';
import { DatabaseInUseError } from '../store/postgres/unavailable-error.ts';
import { findReconciliation, listReconciliations } from '../store/reconciliation.ts';
import { createSignInCode, ensureUser } from '../store/session.ts';
import { writeSettings } from '../store/setting.ts';
import { uploadIds } from '../store/upload.ts';
import { createFirstWorkspace, firstWorkspace, removeDemo, type Workspace } from '../store/workspace.ts';
import { linkedinPlanTools, linkedinUploadRules } from './linkedin-plan-tools.ts';

const root = path.resolve(import.meta.dirname, '../..');
const host = '127.0.0.1';
const linkHours = 1;
const demoMade = 'demo made';

/** A failure that is one sentence for the person at the terminal. */
export class ServeError extends Error {
  override readonly name = 'ServeError';
}

export interface ServeOptions {
  readonly config: Config;
  /** Begins anew: deletes the data directory first. */
  readonly reset?: boolean | undefined;
  /** Told in sentences what happens. */
  readonly log: (line: string) => void;
  readonly logError: (error: unknown) => void;
}

export interface RunningServer {
  readonly url: string;
  /** Signs in once. */
  readonly signInUrl: string;
  /** Ends everything that was started, in order. */
  stop(): Promise<void>;
}

/**
 * Starts database, jobs and the HTTP server on 127.0.0.1, and resolves when a person can open the page.
 * @throws ServeError, DatabaseInUseError, PostgresUnavailableError, MigrationError: one sentence for the terminal; nothing is left running
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { config, log, logError } = options;
  const dataDir = path.resolve(root, config.dataDir);
  const uploadDir = path.join(dataDir, 'uploads');
  const closers: (() => Promise<unknown>)[] = [];
  let ending = false;
  // pg's pool ends before its connections are closed, so that the database may be the one to close them (SQLSTATE 57P01).
  const connectionFailed = (error: Error) => {
    if (!ending || !('code' in error) || error.code !== '57P01') logError(error);
  };
  const stop = async () => {
    ending = true;
    for (const close of closers.splice(0).reverse()) await close().catch(logError);
  };
  try {
    // The port comes first: when it is taken nothing else needs to start.
    const server = await listen(config.port);
    closers.push(() => server.close());
    if (options.reset) await emptyDataDir(dataDir, config);
    await mkdir(uploadDir, { recursive: true, mode: 0o700 });

    const database = await openDatabase(config, dataDir, log);
    closers.push(database.stop);
    await migrate(database.ownerUrl);
    await prepareEngine(database.ownerUrl, [reconciliationQueue]);
    const pool = openPool(database.appUrl, connectionFailed);
    closers.push(() => pool.end());
    const notices = await startListening(database.appUrl, { onError: connectionFailed });
    closers.push(() => notices.stop());
    const engine = await startEngine({ url: database.appUrl, onError: connectionFailed });
    closers.push(() => engine.stop({ timeoutMs: 5_000 }));

    await removeLeftFiles(uploadDir, await uploadIds(pool));
    const names = config.demo
      ? { workspace: 'Demo', contract: 'Sales Navigator' }
      : { workspace: 'My company', contract: 'Sales Navigator' };
    const workspace = (await firstWorkspace(pool)) ?? (await createFirstWorkspace(pool, names));
    const admin = await ensureUser(pool, workspace.workspaceId, 'Admin');
    const demo = config.demo ? await ensureUser(pool, workspace.workspaceId, 'Demo') : null;
    const code = await createSignInCode(pool, workspace.workspaceId, admin.id, new Date(Date.now() + linkHours * 3_600_000));

    const uploads: Uploads = {
      pool,
      workspace,
      openers: { openAccountFile, openUserFile },
      directory: uploadDir,
      largestBytes: config.largestUploadBytes,
    };
    const stopping = new AbortController();
    closers.push(async () => stopping.abort(new Error('The server stops.')));
    const runner = {
      pool,
      compare: compareInThread(new URL('./comparison-thread.ts', import.meta.url)),
      pathOfUpload: (id: string) => uploadPath(uploadDir, id),
      logError,
    };
    const makesDemo = demo !== null && (await lacksDemo(pool, workspace, demo.name));
    if (makesDemo) await transaction(pool, (client) => removeDemo(client, workspace, demo.name));
    await takeUpUnfinished(pool, engine);
    await workReconciliations(engine, runner, stopping.signal);

    server.serve(
      createApp({
        pool,
        engine,
        notices,
        workspace,
        version: await readVersion(),
        demoUser: demo && admin,
        demoActor: demo?.name ?? null,
        uploads,
        openers: uploads.openers,
        offerTools: { write: linkedinPlanTools.write, uploadRules: linkedinUploadRules },
        consoleDirectory: path.join(root, 'ui-extensions/console/dist'),
        explorerFile: path.join(root, 'node_modules/openapi-explorer/dist/browser/openapi-explorer.min.js'),
        logError,
      }),
    );
    if (makesDemo) {
      log('Making the demo company …');
      // Needed once in the life of a workspace.
      const { seedDemo } = await import('../demo/seed-demo.ts');
      await seedDemo(demoDesk({ pool, engine, workspace, uploads, demoActor: demo.name }), new Date());
      await writeAudit(pool, workspace.workspaceId, { actor: demo.name, action: demoMade, subject: workspace.contractId });
    }
    const url = `http://${host}:${server.port}`;
    return { url, signInUrl: `${url}/#code=${code}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A server that says "starting" until it is given the app. */
async function listen(port: number): Promise<{ port: number; serve(app: Express): void; close(): Promise<void> }> {
  let handle: RequestListener = (_request, response) => {
    response.writeHead(503, { 'Retry-After': '1', 'Content-Type': 'text/plain' }).end('Seatmatch is starting. Try again in a moment.\n');
  };
  const server: Server = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new ServeError(
              `Port ${port} is taken: another program (or another Seatmatch) uses it. Choose one with --port, for example --port ${port + 1}.`,
              {
                cause: error,
              },
            )
          : error.code === 'EACCES'
            ? new ServeError(`Port ${port} needs rights that this user has not. Choose one above 1023 with --port.`, { cause: error })
            : error,
      );
    });
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    serve(app) {
      handle = app;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Event streams never end by themselves.
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The demo is made once, and made again when it was cut short; never over somebody's own comparisons. */
async function lacksDemo(pool: pg.Pool, workspace: Workspace, actor: string): Promise<boolean> {
  if (await wasDone(pool, workspace.workspaceId, demoMade)) return false;
  const runs = await listReconciliations(pool, workspace, { before: null, limit: 10 });
  return runs.every(({ createdBy }) => createdBy === actor);
}

async function openDatabase(config: Config, dataDir: string, log: ServeOptions['log']) {
  if (config.database) return { ...config.database, stop: async () => {} };
  const { url, appUrl, stop } = await startPostgres({ dataDir: path.join(dataDir, 'postgres'), exclusive: true, log });
  return { ownerUrl: url, appUrl, stop };
}

/** Removes what a crash in the middle of an upload, or a demo that went, left behind. A young file may be on its way in another process. */
async function removeLeftFiles(directory: string, kept: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(directory)) {
    const file = path.join(directory, name);
    if (kept.has(path.basename(name, '.csv')) || Date.now() - (await stat(file)).mtimeMs < 3_600_000) continue;
    await rm(file, { force: true });
  }
}

/** Deletes the data directory, unless somebody works in it. */
async function emptyDataDir(dataDir: string, config: Config): Promise<void> {
  if (config.database) {
    throw new ServeError('--reset deletes the embedded database only. DATABASE_URL names a server of your own: empty that one yourself.');
  }
  const database = path.join(dataDir, 'postgres');
  if (!existsSync(dataDir)) return;
  if (existsSync(database)) {
    // Whoever owns it now is found out by asking for it.
    const owned = await startPostgres({ dataDir: database, exclusive: true }).catch((error: unknown) => {
      if (error instanceof DatabaseInUseError) throw error;
      return null;
    });
    await owned?.stop();
  }
  await rm(database, { recursive: true, force: true });
  await rm(path.join(dataDir, 'uploads'), { recursive: true, force: true });
}

async function readVersion(): Promise<string> {
  return (JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string }).version;
}

function demoDesk(parts: { pool: pg.Pool; engine: Engine; workspace: Workspace; uploads: Uploads; demoActor: string }): SeedDesk {
  const { pool, workspace, uploads, demoActor: actor } = parts;
  return {
    async upload({ name, side, text, modifiedAt }) {
      return (await receiveUpload(uploads, Readable.from([Buffer.from(text)]), { name, side, modifiedAt, actor })).id;
    },
    async compare(asked) {
      const id = await startComparison(parts, { ...asked, answers: { oddRun: 'release' } }, actor);
      for (;;) {
        const run = await findReconciliation(pool, workspace, id);
        if (run?.state === 'done') return id;
        if (run?.state === 'refused' || run?.state === 'held') {
          throw new ServeError(`The demo could not be made: ${run.refusal ?? run.question?.sentence}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async link(licenseId, crmUserId, note) {
      await createLink(pool, workspace, actor, { licenseId, crmUserId, note });
    },
    async except(licenseId, reason, until) {
      await createException(pool, workspace, actor, { licenseId, reason, until });
    },
    async observe(licenseId, verdict, on) {
      await createObservedAnswer(pool, workspace, actor, { licenseId, verdict, on });
    },
    set: (settings) => writeSettings(pool, workspace, actor, settings),
  };
}
