/**
 * One throw-away PostgreSQL for a test run (vitest's globalSetup), started when the first test file asks for a database, and a database
 * of its own for every one that does.
 */
import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { migrate } from '../server/store/migrate.ts';
import { type RunningPostgres, startPostgres } from '../server/store/postgres/start-postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address that answers with a new database, `/migrated`, `/empty` or `/demo`. */
    testDatabases: string;
  }
}

/** Both connect to the same database: `url` as the owner of its tables, `appUrl` as the program's plain role. */
export type TestDatabase = { url: string; appUrl: string };

type Kind = 'migrated' | 'empty' | 'demo';

/**
 * A new database with all migrations run and the queues made. Nobody drops it: that costs ten times what making it does, and the server goes with the run.
 */
export function createTestDatabase(): Promise<TestDatabase> {
  return askFor('migrated');
}

/** A new database in which the demo company was made, and the data directory that goes with it: whoever asks removes that. */
export async function createDemoDatabase(): Promise<{ database: TestDatabase; dataDir: string }> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'seatmatch-demo-'));
  const { madeIn, ...database } = await askFor<TestDatabase & { madeIn: string }>('demo');
  await cp(madeIn, dataDir, { recursive: true, preserveTimestamps: true });
  return { database, dataDir };
}

/** A new database with nothing in it: for the tests of the migrations themselves. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return askFor('empty');
}

async function askFor<Answer = TestDatabase>(kind: Kind): Promise<Answer> {
  const response = await fetch(`${inject('testDatabases')}/${kind}`);
  if (!response.ok) throw new Error(`The test database could not be made: ${await response.text()}`);
  return (await response.json()) as Answer;
}

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'seatmatch-test-'));
  let server: Promise<RunningPostgres> | undefined;
  let migrated: Promise<unknown> | undefined;
  let demo: Promise<TestDatabase> | undefined;
  const demoDir = path.join(dataDir, 'demo');

  const create = async (kind: string): Promise<TestDatabase> => {
    // A power cut may take this one; and with a hundred databases autovacuum would look at another one twice a second.
    const settings = { fsync: 'off', full_page_writes: 'off', autovacuum: 'off', max_connections: '200' };
    server ??= startPostgres({ dataDir, settings });
    const { url, appUrl } = await server;
    let template = 'template0';
    if (kind !== 'empty') {
      migrated ??= prepare(url);
      await migrated;
      template = 'seatmatch';
    }
    if (kind === 'demo') {
      demo ??= create('migrated').then((database) => makeDemo(database, demoDir));
      template = new URL((await demo).url).pathname.slice(1);
    }
    const name = `test_${randomBytes(6).toString('hex')}`;
    const admin = new pg.Client({ connectionString: inDatabase(url, 'postgres') });
    await admin.connect();
    try {
      // Copying the files costs half of what writing every page to the log as well does.
      await admin.query(`create database ${name} template ${template} strategy file_copy`);
    } finally {
      await admin.end();
    }
    return { url: inDatabase(url, name), appUrl: inDatabase(appUrl, name) };
  };

  const http = createServer((request, response) => {
    create(request.url!.slice(1)).then(
      (database) => response.end(JSON.stringify({ ...database, madeIn: demoDir })),
      (error: Error) => response.writeHead(500).end(error.stack),
    );
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  provide('testDatabases', `http://127.0.0.1:${(http.address() as AddressInfo).port}`);

  return async () => {
    http.closeAllConnections();
    http.close();
    await server?.then(
      (running) => running.stop(),
      () => {},
    );
    await rm(dataDir, { recursive: true, force: true });
  };
}

/** What the start of a server does to a new database. */
async function prepare(url: string): Promise<void> {
  await migrate(url);
  // Here, since a run that wants no database needs neither.
  const [{ prepareEngine }, { queueDefinitions }] = await Promise.all([
    import('../server/store/engine.ts'),
    import('../server/commands/work-queues.ts'),
  ]);
  await prepareEngine(url, queueDefinitions);
}

/** The demo company, made as the first start of a server makes it. */
async function makeDemo(database: TestDatabase, demoDir: string): Promise<TestDatabase> {
  const { serve } = await import('../server/commands/serve.ts');
  const { readConfig } = await import('../server/config.ts');
  const environment = {
    PORT: '0',
    SEATMATCH_DATA: demoDir,
    SEATMATCH_DEMO: '1',
    DATABASE_URL: database.appUrl,
    SEATMATCH_OWNER_DATABASE_URL: database.url,
    // As the servers of the tests have it: the demo's connections are sealed with it.
    SEATMATCH_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
  };
  const faults: unknown[] = [];
  const server = await serve({ config: readConfig(environment), log: () => {}, logError: (error) => faults.push(error) });
  await server.stop();
  if (faults.length > 0) throw new AggregateError(faults, 'The demo company was made with faults.');
  return database;
}

function inDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
