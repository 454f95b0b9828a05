import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

/** The database cannot be brought to this program's version. The message is one sentence for a person. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

export type MigrateOptions = {
  /** Directory of the migrations, `NNNN-name.sql`. Default: `migrations/` beside this file. */
  directory?: string;
};

/** `version` is the database's version now, `applied` the names of the migrations this call ran. */
export type Migrated = { version: number; applied: string[] };

type Migration = { version: number; name: string; sql: string; sha256: string };

// "seat" in ASCII: any number does that nobody else of this database uses.
const advisoryLock = 0x73656174;

/**
 * Runs the migrations that the database lacks, in order, forward only, each in a transaction of its own. Several processes may call this
 * at once: one works, the others wait and find nothing to do. Also sees to the plain role `seatmatch_app` (login, owner of nothing),
 * which the migrations grant to.
 *
 * @param url a connection that may create tables; and roles, unless `seatmatch_app` is there
 * @throws MigrationError when a recorded migration's text changed, the database is newer than the program, or a migration fails (that one
 *   is rolled back whole)
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<Migrated> {
  const migrations = await readMigrations(options.directory ?? fileURLToPath(new URL('./migrations', import.meta.url)));
  const client = new pg.Client({ connectionString: url, application_name: 'seatmatch migrate' });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [advisoryLock]);
    await ensureAppRole(client);
    await client.query(`create table if not exists schema_migration (
      version integer primary key,
      name text not null,
      sha256 text not null,
      applied_at timestamptz not null default now()
    )`);
    const recorded = await client.query<{ version: number; name: string; sha256: string }>(
      'select version, name, sha256 from schema_migration order by version',
    );
    for (const row of recorded.rows) assertUnchanged(row, migrations);
    const done = new Set(recorded.rows.map((row) => row.version));
    const applied: string[] = [];
    for (const migration of migrations) {
      if (done.has(migration.version)) continue;
      await apply(client, migration);
      applied.push(migration.name);
    }
    return { version: migrations.length, applied };
  } finally {
    // The end of the session gives the advisory lock back.
    await client.end();
  }
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  if (names.length === 0) throw new MigrationError(`There are no migrations in ${directory}: the program is incomplete, install it again.`);
  const migrations: Migration[] = [];
  for (const [index, name] of names.entries()) {
    const version = Number(/^(\d{4})-[a-z0-9-]+\.sql$/.exec(name)?.[1]);
    if (version !== index + 1) {
      throw new MigrationError(
        `Migration ${name} in ${directory} should be number ${index + 1}: migrations are named NNNN-name.sql and numbered without gaps from 0001.`,
      );
    }
    // A checkout on Windows may have other line ends; that is not a change.
    const sql = (await readFile(path.join(directory, name), 'utf8')).replaceAll('\r\n', '\n');
    migrations.push({ version, name: name.slice(0, -'.sql'.length), sql, sha256: createHash('sha256').update(sql).digest('hex') });
  }
  return migrations;
}

function assertUnchanged(row: { version: number; name: string; sha256: string }, migrations: Migration[]): void {
  const own = migrations[row.version - 1];
  if (own === undefined) {
    throw new MigrationError(
      `The database is at migration ${row.name} and this program knows only ${migrations.length}: it was used by a newer Seatmatch, start that version.`,
    );
  }
  if (own.sha256 !== row.sha256) {
    throw new MigrationError(
      `Migration ${own.name} differs from the one this database was made with (${row.name}): put the file back as it was and write a new migration instead.`,
    );
  }
}

async function apply(client: pg.Client, { version, name, sql, sha256 }: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(sql);
    await client.query('insert into schema_migration (version, name, sha256) values ($1, $2, $3)', [version, name, sha256]);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback').catch(() => {});
    const { message, position } = cause as pg.DatabaseError;
    const line = position === undefined ? '' : ` at line ${sql.slice(0, Number(position)).split('\n').length}`;
    throw new MigrationError(`Migration ${name} failed${line} and was rolled back: ${message}.`, { cause });
  }
}

async function ensureAppRole(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query("select from pg_roles where rolname = 'seatmatch_app'");
  if (rowCount) return;
  try {
    await client.query('create role seatmatch_app login');
  } catch (cause) {
    const { code } = cause as pg.DatabaseError;
    // Roles belong to the whole server: a migration of another of its databases was quicker (duplicate_object, unique_violation).
    if (code === '42710' || code === '23505') return;
    throw new MigrationError(
      'The role seatmatch_app is missing and this connection may not create roles: have a database administrator run "create role seatmatch_app login password \'…\'".',
      { cause },
    );
  }
}
