/**
 * One throw-away PostgreSQL for a test run (vitest's globalSetup), started when the first test file asks for a database, and a database
 * of its own for every one that does.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
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
    /** Address that answers with a new database, `/migrated` or `/empty`. */
    testDatabases: string;
  }
}

/** Both connect to the same database: `url` as the owner of its tables, `appUrl` as the program's plain role. */
export type TestDatabase = { url: string; appUrl: string };

/**
 * A new database with all migrations run. Nobody drops it: that costs ten times what making it does, and the server goes with the run.
 */
export function createTestDatabase(): Promise<TestDatabase> {
  return askFor('migrated');
}

/** A new database with nothing in it: for the tests of the migrations themselves. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return askFor('empty');
}

async function askFor(kind: 'migrated' | 'empty'): Promise<TestDatabase> {
  const response = await fetch(`${inject('testDatabases')}/${kind}`);
  if (!response.ok) throw new Error(`The test database could not be made: ${await response.text()}`);
  return (await response.json()) as TestDatabase;
}

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'seatmatch-test-'));
  let server: Promise<RunningPostgres> | undefined;
  let template: Promise<unknown> | undefined;

  const create = async (kind: string): Promise<TestDatabase> => {
    // A power cut may take this one.
    const settings = { fsync: 'off', full_page_writes: 'off', max_connections: '200' };
    server ??= startPostgres({ dataDir, settings });
    const { url, appUrl } = await server;
    if (kind === 'migrated') {
      template ??= migrate(url);
      await template;
    }
    const name = `test_${randomBytes(6).toString('hex')}`;
    const admin = new pg.Client({ connectionString: inDatabase(url, 'postgres') });
    await admin.connect();
    try {
      await admin.query(`create database ${name} template ${kind === 'migrated' ? 'seatmatch' : 'template0'}`);
    } finally {
      await admin.end();
    }
    return { url: inDatabase(url, name), appUrl: inDatabase(appUrl, name) };
  };

  const http = createServer((request, response) => {
    create(request.url!.slice(1)).then(
      (database) => response.end(JSON.stringify(database)),
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

function inDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
