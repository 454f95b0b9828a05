import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import type pg from 'pg';
import { createApp } from '../app.ts';
import type { Config } from '../config.ts';
import type { DemoCenter } from '../demo/demo-center.ts';
import type { DemoSystems } from '../demo/demo-systems.ts';
import type { SeedDesk } from '../demo/seed-demo.ts';
import { keepUsage } from '../jobs/keep-usage.ts';
import { countDomain } from '../jobs/look-at-domain-change.ts';
import { lookAtAllPlans } from '../jobs/look-at-plans.ts';
import type { PlanDesk } from '../jobs/plan-desk.ts';
import { receiveFile, uploadPath } from '../jobs/receive-file.ts';
import { startComparison } from '../jobs/start-comparison.ts';
import { answerOf } from '../jobs/steer-plan.ts';
import { wasDone, writeAudit } from '../store/audit.ts';
import { broughtBy } from '../store/brought-by.ts';
import { lockSession, transaction } from '../store/database.ts';
import { startDomainChange } from '../store/domain-change.ts';
import { startEventFeed } from '../store/event.ts';
import { createException } from '../store/exception.ts';
import { openIdempotencyKeys } from '../store/idempotency-key.ts';
import { createIdentityAnswer } from '../store/identity-answer.ts';
import { createLink } from '../store/link.ts';
import { startListening } from '../store/notify.ts';
import { createObservedAnswer } from '../store/observed-answer.ts';
import { startPostgres } from '../store/postgres/start-postgres.ts';
import { DatabaseInUseError } from '../store/postgres/unavailable-error.ts';
import { doneReconciliations, findReconciliation, listReconciliations, type RunSource } from '../store/reconciliation.ts';
import { createSignInCode } from '../store/session.ts';
import { writeSettings } from '../store/setting.ts';
import { removeDemo, type Workspace } from '../store/workspace.ts';
import { listen } from './listen.ts';
import { mailDesk } from './mail-desk.ts';
import { ServeError } from './serve-error.ts';
import { type Backend, root, startBackend } from './start-backend.ts';
import { openDesks, queueDefinitions, tickSchedules, workQueues } from './work-queues.ts';

const linkHours = 1;
const demoMade = 'demo made';

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
 * Starts database, jobs and the HTTP server, and resolves when a person can open the page.
 * @throws ServeError, ListenError, DatabaseInUseError, PostgresUnavailableError, MigrationError: one sentence for the terminal; nothing is left running
 */
export async function serve({ config, reset, log, logError }: ServeOptions): Promise<RunningServer> {
  // The port comes first: when it is taken nothing else needs to start.
  const server = await listen({ port: config.port, host: config.host });
  let backend: Backend | undefined;
  let systems: DemoSystems | null = null;
  const stop = async () => {
    await server.close();
    await backend?.stop();
    // Last: what was under way may still be reading them.
    await systems?.close();
  };
  try {
    if (reset) await emptyDataDir(path.resolve(root, config.dataDir), config);
    backend = await startBackend({ config, embedded: 'own', queues: queueDefinitions, log, logError });
    const { pool, engine, workspace, admin, demo, center, clock, uploads, databaseUrl, connectionFailed } = backend;
    const notices = await startListening(databaseUrl, { onError: connectionFailed });
    backend.onStop(notices.stop);
    const events = await startEventFeed(pool, notices, connectionFailed);
    server.onClose(events.stop);
    const idempotencyKeys = openIdempotencyKeys(pool, databaseUrl, connectionFailed);
    backend.onStop(idempotencyKeys.stop);
    const code = await createSignInCode(pool, workspace.workspaceId, admin.id, new Date(Date.now() + linkHours * 3_600_000));
    const { url } = server;

    const mail = mailDesk(config, { pool, engine, key: backend.secretKey, ownUrl: url, logError });
    const desks = { ...openDesks(backend), mail };
    systems = await openSystems(backend);
    const makeDemo = demo && center && (await claimDemo(backend, desks.plans, center, demo.name, systems));
    await workQueues(backend, desks);
    const adminCenter =
      demo && center && (await import('../demo/admin-center-desk.ts')).adminCenterDesk(center, desks.plans, uploads, demo.name);
    server.serve(
      createApp({
        pool,
        engine,
        events,
        idempotencyKeys,
        workspace,
        version: await readVersion(),
        demoUser: demo && admin,
        demoActor: demo?.name ?? null,
        adminCenter,
        leaveDemo: () => center?.end(),
        clock,
        uploads,
        connections: backend.connections,
        openers: uploads.openers,
        folders: desks.folders,
        offerTools: desks.plans.tools,
        planDesk: desks.plans,
        mail: { from: mail.smtp?.from ?? null, baseUrl: mail.baseUrl },
        publicUrl: config.publicUrl,
        loopbackWebhooks: config.loopbackWebhooks,
        onAnswer: answerOf(desks.plans),
        consoleDirectory: path.join(root, 'ui-extensions/console/dist'),
        explorerFile: path.join(root, 'node_modules/openapi-explorer/dist/browser/openapi-explorer.min.js'),
        logError,
      }),
    );
    await makeDemo?.();
    await mendDemoCenter(backend);
    await tickSchedules(backend, desks);
    return { url, signInUrl: `${url}/#code=${code}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * The demo is made once, and made again when it was cut short; never over somebody's own comparisons. Null: it is there, or another
 * process has just made it. What is given makes it; until then no other process does.
 */
async function claimDemo(
  backend: Backend,
  plans: PlanDesk,
  center: DemoCenter,
  actor: string,
  systems: DemoSystems | null,
): Promise<(() => Promise<void>) | null> {
  const { pool, workspace, databaseUrl, log } = backend;
  const release = await lockSession(databaseUrl, `demo ${workspace.workspaceId}`);
  if (!(await lacksDemo(pool, workspace, actor))) {
    await release();
    return null;
  }
  backend.onStop(release);
  await transaction(pool, (client) => removeDemo(client, workspace, actor));
  return async () => {
    log('Making the demo company …');
    // Needed once in the life of a workspace.
    const { seedDemo } = await import('../demo/seed-demo.ts');
    await seedDemo(demoDesk(backend, plans, center, actor, systems), new Date());
    await lookAtAllPlans(plans, workspace);
    await writeAudit(pool, workspace.workspaceId, { actor, action: demoMade, subject: workspace.contractId });
    await release();
  };
}

/** The vendors' systems of the demo; null outside it, and where no secrets can be kept. */
async function openSystems({ pool, databaseUrl, workspace: scope, demo, center, secretKey, connections, logError }: Backend) {
  if (!demo || !center || !secretKey) return null;
  const { openDemoSystems } = await import('../demo/demo-systems.ts');
  return openDemoSystems({ pool, databaseUrl, scope, center, key: secretKey, connections, actor: demo.name, logError });
}

/** The demo's Admin Center is there if and only if the newest comparison is of made-up people. */
async function mendDemoCenter({ pool, workspace, uploads, demo, center }: Backend): Promise<void> {
  if (!demo || !center) return;
  const [run] = await doneReconciliations(pool, workspace, 1);
  if (!run?.asOf || (await broughtBy(pool, workspace, run.licenses)) !== demo.name) {
    center.end();
    return;
  }
  if (center.isThere()) return;
  const [{ centerOfExport }, { demoSeed, makeDemo }] = await Promise.all([
    import('../demo/center-of-export.ts'),
    import('../demo/make-demo.ts'),
  ]);
  // What a connection read is not kept as it came; the people are the demo's all the same.
  const asOf = new Date(run.asOf);
  const today = makeDemo(demoSeed, asOf).comparisons.at(-1)!;
  const textOf = async (source: RunSource, otherwise: string) =>
    'upload' in source ? await readFile(uploadPath(uploads.directory, source.upload), 'utf8') : otherwise;
  const [licenses, crm] = await Promise.all([textOf(run.licenses, today.licensesCsv), textOf(run.crm, today.crmCsv)]);
  center.begin(centerOfExport(licenses, crm, asOf));
  center.arrive();
}

async function lacksDemo(pool: pg.Pool, workspace: Workspace, actor: string): Promise<boolean> {
  if (await wasDone(pool, workspace.workspaceId, demoMade)) return false;
  const runs = await listReconciliations(pool, workspace, { before: null, limit: 10 });
  return runs.every(({ createdBy }) => createdBy === actor);
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
  const { removeDemoCenter } = await import('../demo/demo-center.ts');
  removeDemoCenter(dataDir);
}

async function readVersion(): Promise<string> {
  return (JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string }).version;
}

function demoDesk(
  { pool, engine, workspace, uploads, connections }: Backend,
  plans: PlanDesk,
  center: DemoCenter,
  actor: string,
  systems: DemoSystems | null,
): SeedDesk {
  return {
    plans,
    center,
    scope: workspace,
    by: actor,
    upload({ name, side, text, modifiedAt }) {
      return receiveFile(uploads, Readable.from([Buffer.from(text)]), { name, side, modifiedAt, actor });
    },
    async usage({ name, from, to, csv, modifiedAt }) {
      const upload = await receiveFile(uploads, Readable.from([Buffer.from(csv)]), { name, side: 'usage', modifiedAt, actor });
      return keepUsage(uploads, { upload, from, to, actor, now: modifiedAt });
    },
    connect: async (demo) => (await systems?.make(demo)) ?? null,
    async compare(asked) {
      const id = await startComparison(
        { pool, engine, workspace, demoActor: actor, leaveDemo: () => {}, connections },
        { ...asked, licenses: { upload: asked.licenses }, answers: { oddRun: 'release' } },
        actor,
      );
      for (;;) {
        const run = await findReconciliation(pool, workspace, id);
        if (run?.state === 'done') return id;
        if (run?.state === 'refused' || run?.state === 'held') {
          throw new ServeError(`The demo could not be made: ${run.refusal ?? run.question?.sentence}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async link(licenseId, crmUserId, note, reviewOn) {
      await createLink(pool, workspace, actor, { licenseId, crmUserId, note, reviewOn });
    },
    async askLater(licenseId, reason, reviewOn) {
      await createIdentityAnswer(pool, workspace, actor, { licenseId, answer: 'later', reason, reviewOn });
    },
    async changeDomain(change) {
      await startDomainChange(pool, workspace, actor, { ...change, started: await countDomain(pool, workspace, change) });
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
