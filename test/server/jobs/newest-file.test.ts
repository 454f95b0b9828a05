import { appendFile, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openUserFile } from '../../../connectors/crm-csv/connector.ts';
import { readDirectoryFile } from '../../../connectors/directory-csv/connector.ts';
import { openAccountFile } from '../../../connectors/linkedin-files/connector.ts';
import { openUsageFile } from '../../../connectors/linkedin-files/usage-report.ts';
import { takeNewestFile, type WatchedFolders } from '../../../server/jobs/newest-file.ts';
import type { Side } from '../../../server/jobs/recognize-file.ts';
import { folderFault, makeFolder } from '../../../server/jobs/watched-folder.ts';
import { openPool } from '../../../server/store/database.ts';
import { createFirstWorkspace } from '../../../server/store/workspace.ts';
import { createTestDatabase } from '../../postgres.ts';
import { crmCsv, licensesCsv, testPeople } from '../running-server.ts';

const people = testPeople(5);
const now = new Date();
let pool: pg.Pool;
let folders: WatchedFolders;
let root: string;

beforeAll(async () => {
  pool = openPool((await createTestDatabase()).appUrl, () => {});
});
afterAll(() => pool?.end());
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'seatmatch-watched-'));
  const directory = path.join(root, 'uploads');
  const base = path.join(root, 'watched');
  await Promise.all([mkdir(directory), mkdir(base)]);
  const workspace = await createFirstWorkspace(pool, { workspace: 'Test', contract: 'Test' });
  folders = {
    uploads: {
      pool,
      workspace,
      openers: { openAccountFile, openUserFile, readDirectoryFile, openUsageFile },
      directory,
      largestBytes: 1_000_000,
      ownerOf: (_, actor) => actor,
    },
    base,
    settle: { pauseMs: 20, mostMs: 200 },
  };
  await makeFolder(base, 'exports');
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** A file that lay there for a while; `minutes` old. */
async function put(name: string, text: string, minutes = 10): Promise<string> {
  const file = path.join(folders.base, 'exports', name);
  await writeFile(file, text);
  const time = new Date(now.getTime() - minutes * 60_000);
  await utimes(file, time, time);
  return file;
}
const take = (side: Side = 'licenses', folder = 'exports') => takeNewestFile(folders, folder, side, { actor: 'Schedule Test', now });
const kept = () => readdir(folders.uploads.directory);

describe('of a folder', () => {
  test('the newest file of a side is taken, known by its columns whatever it is called', async () => {
    await put('a.csv', licensesCsv(people), 30);
    await put('b.csv', licensesCsv(people.slice(1)), 20);
    await put('c.csv', crmCsv(people), 10);
    const licenses = await take('licenses');
    expect(licenses).toMatchObject({ name: 'b.csv', modifiedAt: new Date(now.getTime() - 20 * 60_000).toISOString(), passedOver: [] });
    expect(await take('crm')).toMatchObject({ name: 'c.csv' });
    expect((await kept()).length).toBe(2);
  });

  test('a file that did not change is kept once; one that was brought anew with the same content is another', async () => {
    await put('a.csv', licensesCsv(people), 30);
    const first = await take();
    expect(await take()).toEqual(first);
    await put('a.csv', licensesCsv(people), 20);
    expect((await take()).id).not.toBe(first.id);
    expect((await kept()).length).toBe(2);
  });

  test('a newer file that is cut off is passed over, and said so', async () => {
    await put('good.csv', licensesCsv(people), 30);
    await put('cut.csv', `${licensesCsv(people)}"LIC-0009","ann`, 10);
    const taken = await take();
    expect(taken.name).toBe('good.csv');
    expect(taken.passedOver).toEqual([expect.stringMatching(/^cut\.csv: .*cut off/u)]);
  });

  test('what is no CSV, hidden, or a link is not looked at', async () => {
    const outside = path.join(root, 'outside.csv');
    await writeFile(outside, licensesCsv(people));
    await symlink(outside, path.join(folders.base, 'exports', 'link.csv'));
    await put('.hidden.csv', licensesCsv(people));
    await put('list.csv.part', licensesCsv(people));
    await mkdir(path.join(folders.base, 'exports', 'folder.csv'));
    await expect(take()).rejects.toThrow('There is no CSV file in “exports”. Put a LinkedIn export there, complete.');
  });

  test('without a file of the side there is a sentence that says so', async () => {
    await put('crm.csv', crmCsv(people));
    await expect(take('licenses')).rejects.toThrow('No file in “exports” is a LinkedIn export. Put one there, complete.');
    await put('strange.csv', 'one;two\n1;2\n');
    await expect(take('licenses')).rejects.toThrow(/^No file in “exports” can be used as a LinkedIn export\. strange\.csv: /u);
    expect(await kept()).toEqual([]);
  });
});

describe('a file that is still being written', () => {
  test('is refused when that does not end, even where an older one lies beside it', async () => {
    await put('old.csv', licensesCsv(people), 60);
    const growing = path.join(folders.base, 'exports', 'new.csv');
    await writeFile(growing, licensesCsv(people));
    let writing = true;
    const writer = (async () => {
      while (writing) {
        await appendFile(growing, '"x"\n');
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    await expect(take()).rejects.toThrow('new.csv in “exports” is still being written. Nothing was compared; the next run takes it.');
    writing = false;
    await writer;
    expect(await kept()).toEqual([]);
  });

  test('is waited for when it ends soon', async () => {
    await writeFile(path.join(folders.base, 'exports', 'new.csv'), licensesCsv(people));
    expect(await take()).toMatchObject({ name: 'new.csv' });
  });
});

describe('a folder lies below the base directory', () => {
  test.each(['', '/etc', '../uploads', 'a/../../b', 'a//b', './a', '.ssh', 'C:/exports', 'a\\..\\b', 'a\0b'])(
    '“%s” does not',
    async (name) => {
      expect(folderFault(name)).toMatch(/is not a folder below .*\. Use a name such as linkedin or exports\/crm\.$/u);
      await expect(makeFolder(folders.base, name)).rejects.toThrow('is not a folder below');
      await expect(take('licenses', name)).rejects.toThrow('is not a folder below');
    },
  );

  test('a link that leads out is refused, when folders are made and when they are read', async () => {
    await mkdir(path.join(root, 'elsewhere'));
    await symlink(path.join(root, 'elsewhere'), path.join(folders.base, 'way-out'));
    await expect(makeFolder(folders.base, 'way-out/inner')).rejects.toThrow('leads out of');
    await expect(take('licenses', 'way-out')).rejects.toThrow('leads out of');
    expect(await readdir(path.join(root, 'elsewhere'))).toEqual([]);
  });

  test('one that is missing is said with where to make it, and a deep one is made part by part', async () => {
    await expect(take('licenses', 'nowhere')).rejects.toThrow(
      `The watched folder “nowhere” is not there (any more). Make it in ${folders.base}`,
    );
    await makeFolder(folders.base, 'a/b/c');
    await expect(take('licenses', 'a/b/c')).rejects.toThrow('There is no CSV file');
  });
});
