import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const repository = resolve(import.meta.dirname, '../..');
// Makes this Node look like an older one to the script, which then hands over.
const olderNode = [
  '--import',
  "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.11.0'}})",
];
const cli = `
process.on('SIGTERM', () => process.exit(7));
console.log(JSON.stringify(process.argv.slice(2)));
if (process.argv[2] === 'wait') setTimeout(() => {}, 60_000);
else process.exitCode = 3;
`;

let project: string;

function install(): void {
  mkdirSync(join(project, 'node_modules/.bin'), { recursive: true });
  writeFileSync(join(project, 'node_modules/.package-lock.json'), '{}');
  symlinkSync(process.execPath, join(project, 'node_modules/.bin/node'));
}

beforeAll(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), 'seatmatch-command-')));
  mkdirSync(join(project, 'scripts'));
  mkdirSync(join(project, 'server'));
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  writeFileSync(join(project, 'server/cli.ts'), cli);
  cpSync(join(repository, 'scripts/seatmatch.mjs'), join(project, 'scripts/seatmatch.mjs'));
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

test('without dependencies one sentence says what to run', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(project, 'scripts/seatmatch.mjs')], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toBe(`seatmatch: its dependencies are not installed yet. Run "npm start" or "npm test" once in ${project}.\n`);
});

describe.each([
  ['on Node 24', []],
  ['on an older Node', olderNode],
])('%s', (_, flags) => {
  beforeAll(() => {
    rmSync(join(project, 'node_modules'), { recursive: true, force: true });
    install();
  });

  test('arguments arrive as they were given, and the exit code comes back', () => {
    const run = [...flags, join(project, 'scripts/seatmatch.mjs'), 'plan', '--out', 'two words'];
    const { status, stdout } = spawnSync(process.execPath, run, { encoding: 'utf8', cwd: tmpdir() });
    expect(JSON.parse(stdout)).toEqual(['plan', '--out', 'two words']);
    expect(status).toBe(3);
  });

  test('a signal reaches the command', async () => {
    const child = spawn(process.execPath, [...flags, join(project, 'scripts/seatmatch.mjs'), 'wait']);
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect((await ended)[0]).toBe(7);
  });
});
