import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { migrate } from '../../../server/store/migrate.ts';
import { createEmptyDatabase, createTestDatabase } from '../../postgres.ts';

describe('migrations', () => {
  test('run in order, once, and are recorded with their text’s hash', async () => {
    const { url } = await createEmptyDatabase();
    const directory = await migrations({
      '0001-people.sql': 'create table people (id int); grant select on people to seatmatch_app;',
      '0002-more.sql': 'alter table people add column name text;',
    });
    expect(await migrate(url, { directory })).toEqual({ version: 2, applied: ['0001-people', '0002-more'] });
    expect(await migrate(url, { directory })).toEqual({ version: 2, applied: [] });
    const recorded = await query(url, 'select version, name, length(sha256) as length from schema_migration order by version');
    expect(recorded).toEqual([
      { version: 1, name: '0001-people', length: 64 },
      { version: 2, name: '0002-more', length: 64 },
    ]);
  });

  test('only what is new runs on a database that has the older ones', async () => {
    const { url } = await createEmptyDatabase();
    const first = { '0001-people.sql': 'create table people (id int);' };
    await migrate(url, { directory: await migrations(first) });
    const directory = await migrations({ ...first, '0002-seats.sql': 'create table seats (id int);' });
    expect(await migrate(url, { directory })).toEqual({ version: 2, applied: ['0002-seats'] });
  });

  test('several processes may start at once: one runs them, the others wait', async () => {
    const { url } = await createEmptyDatabase();
    const directory = await migrations({ '0001-slow.sql': 'create table slow (id int); select pg_sleep(0.2);' });
    const all = await Promise.all([1, 2, 3, 4].map(() => migrate(url, { directory })));
    expect(all.flatMap(({ applied }) => applied)).toEqual(['0001-slow']);
  });

  test('one whose text changed after it ran is refused', async () => {
    const { url } = await createEmptyDatabase();
    await migrate(url, { directory: await migrations({ '0001-people.sql': 'create table people (id int);' }) });
    const directory = await migrations({ '0001-people.sql': 'create table people (id bigint);' });
    await expect(migrate(url, { directory })).rejects.toThrow(
      'Migration 0001-people differs from the one this database was made with (0001-people): put the file back as it was and write a new migration instead.',
    );
  });

  test('other line ends are not a change', async () => {
    const { url } = await createEmptyDatabase();
    await migrate(url, { directory: await migrations({ '0001-people.sql': 'create table people (\n  id int\n);\n' }) });
    const directory = await migrations({ '0001-people.sql': 'create table people (\r\n  id int\r\n);\r\n' });
    expect(await migrate(url, { directory })).toEqual({ version: 1, applied: [] });
  });

  test('a database newer than the program is refused', async () => {
    const { url } = await createEmptyDatabase();
    const older = { '0001-people.sql': 'create table people (id int);' };
    await migrate(url, { directory: await migrations({ ...older, '0002-seats.sql': 'create table seats (id int);' }) });
    await expect(migrate(url, { directory: await migrations(older) })).rejects.toThrow(
      'The database is at migration 0002-seats and this program knows only 1: it was used by a newer Seatmatch, start that version.',
    );
  });

  test('one that fails is rolled back whole, names its line, and those before it stay', async () => {
    const { url } = await createEmptyDatabase();
    const directory = await migrations({
      '0001-people.sql': 'create table people (id int);',
      '0002-broken.sql': 'create table half (id int);\nalter table nowhere add column x int;',
    });
    await expect(migrate(url, { directory })).rejects.toThrow(
      /^Migration 0002-broken failed.* and was rolled back: relation "nowhere" does not exist\.$/,
    );
    expect(await query(url, "select to_regclass('half')::text as half, to_regclass('people')::text as people")).toEqual([
      { half: null, people: 'people' },
    ]);
  });

  test.each([
    { files: ['0001-a.sql', '0003-c.sql'], wrong: '0003-c.sql', number: 2 },
    { files: ['0001-a.sql', '0001-b.sql'], wrong: '0001-b.sql', number: 2 },
    { files: ['1-first.sql'], wrong: '1-first.sql', number: 1 },
  ])('a directory with $files is refused for $wrong', async ({ files, wrong, number }) => {
    const { url } = await createEmptyDatabase();
    const directory = await migrations(Object.fromEntries(files.map((name) => [name, 'select 1'])));
    await expect(migrate(url, { directory })).rejects.toThrow(`Migration ${wrong} in ${directory} should be number ${number}`);
  });

  test('a test database has all migrations of the program, and its plain role owns nothing', async () => {
    const { url, appUrl } = await createTestDatabase();
    const files = await readdir(fileURLToPath(new URL('../../../server/store/migrations', import.meta.url)));
    const [recorded] = await query(url, 'select count(*)::int as count from schema_migration');
    expect(recorded).toEqual({ count: files.filter((name) => name.endsWith('.sql')).length });
    const [role] = await query(
      appUrl,
      `select current_user as name, rolsuper, rolcreaterole, rolbypassrls,
              (select count(*)::int from pg_class where relowner = pg_roles.oid) as owned
         from pg_roles where rolname = current_user`,
    );
    expect(role).toEqual({ name: 'seatmatch_app', rolsuper: false, rolcreaterole: false, rolbypassrls: false, owned: 0 });
  });
});

async function migrations(files: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'seatmatch-migrations-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  for (const [name, sql] of Object.entries(files)) await writeFile(path.join(directory, name), sql);
  return directory;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
