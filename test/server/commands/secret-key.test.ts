import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findSecretKey } from '../../../server/commands/secret-key.ts';
import { readConfig } from '../../../server/config.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'seatmatch-key-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const hex = '07'.repeat(32);
const base64 = Buffer.from(hex, 'hex').toString('base64');

test('the key comes from the environment, in hex or base64, or from a file that it names', async () => {
  const file = path.join(folder, 'given');
  await writeFile(file, `${base64}\n`);
  const ids = await Promise.all(
    [{ SEATMATCH_SECRET_KEY: hex }, { SEATMATCH_SECRET_KEY: base64 }, { SEATMATCH_SECRET_KEY_FILE: file }].map(
      async (environment) => (await findSecretKey(readConfig(environment), folder, () => {}))!.id,
    ),
  );
  expect(new Set(ids).size).toBe(1);
});

test.each(['short', `${hex}00`, base64.slice(4), ''.padEnd(44, '=')])(
  'what is no key of 32 bytes is refused, and not repeated (%#)',
  (key) => {
    expect(() => readConfig({ SEATMATCH_SECRET_KEY: key })).toThrow(/^SEATMATCH_SECRET_KEY is not a key: 32 bytes in hex or base64/u);
    expect(() => readConfig({ SEATMATCH_SECRET_KEY: key })).not.toThrow(key);
  },
);

test('with the embedded database one is made, for this user alone, and said once', async () => {
  const said: string[] = [];
  const config = readConfig({});
  const first = await findSecretKey(config, folder, (line) => said.push(line));
  const file = path.join(folder, 'secret-key');
  if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
  const again = await findSecretKey(config, folder, (line) => said.push(line));
  expect(again!.id).toBe(first!.id);
  expect(said).toEqual([expect.stringContaining(file)]);
  expect(said[0]).not.toContain((await readFile(file, 'utf8')).trim());
  await writeFile(file, 'nothing');
  await expect(findSecretKey(config, folder, () => {})).rejects.toThrow('holds no key');
});

test('with a database of one’s own and no key there is none: nothing secret would be kept beside it', async () => {
  const config = readConfig({ DATABASE_URL: 'postgres://app@db.example/seatmatch' });
  expect(await findSecretKey(config, folder, () => {})).toBeNull();
});
