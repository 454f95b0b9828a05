import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const repository = resolve(import.meta.dirname, '../..');
let project: string;

const write = (path: string, lines: string[]): void => writeFileSync(join(project, path), `${lines.join('\n')}\n`);

/** `npm test` on a project in small: the real linter, type check and vitest. */
function run(): { code: number | null; output: string; lastLine: string | undefined } {
  // A vitest inside a vitest must not take itself for one of its workers.
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV)/.test(name)));
  const { status, stdout } = spawnSync(process.execPath, ['scripts/test.ts'], { cwd: project, encoding: 'utf8', env: environment });
  return { code: status, output: stdout, lastLine: stdout.trimEnd().split('\n').at(-1) };
}

beforeEach(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), 'seatmatch-npm-test-')));
  mkdirSync(join(project, 'scripts'));
  symlinkSync(join(repository, 'node_modules'), join(project, 'node_modules'));
  cpSync(join(repository, 'scripts/test.ts'), join(project, 'scripts/test.ts'));
  write('package.json', ['{ "type": "module" }']);
  write('biome.json', ['{ "files": { "includes": ["*.ts"] }, "formatter": { "indentStyle": "space" } }']);
  write('tsconfig.json', [
    '{ "compilerOptions": { "noEmit": true, "strict": true, "module": "nodenext", "types": [], "skipLibCheck": true }, "include": ["*.ts"] }',
  ]);
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

test('the last line counts the tests, and all good is exit code 0', () => {
  write('a.test.ts', ['import { test } from "vitest";', '', 'test("one", () => {});', 'test("two", () => {});']);
  expect(run()).toMatchObject({ code: 0, lastLine: '2 passed, 0 failed' });
});

test('lint, types and tests all run though each fails; skipped tests and files that do not load count as failed', () => {
  write('a.test.ts', [
    'import { expect, test } from "vitest";',
    '',
    'test("good", () => {});',
    'test("bad", () => expect(1).toBe(2));',
    'test.skip("skipped", () => {});',
    'test.todo("forgotten");',
  ]);
  write('b.test.ts', ['import "./nowhere.js";']);
  write('c.ts', ['export const number: number = "text"']);
  const { code, output, lastLine } = run();
  expect(code).toBe(1);
  expect(lastLine).toBe('1 passed, 4 failed');
  expect(output).toContain('Failed: lint, types, tests');
  expect(output).toMatch(/not run: a\.test\.ts: skipped/);
  expect(output).toMatch(/not run: a\.test\.ts: forgotten/);
  expect(output).toContain('the file failed as a whole: b.test.ts');
});

test('a skipped test alone fails the run', () => {
  write('a.test.ts', ['import { test } from "vitest";', '', 'test("one", () => {});', 'test.skip("two", () => {});']);
  expect(run()).toMatchObject({ code: 1, lastLine: '1 passed, 1 failed' });
});

const others = (count: number): void => {
  for (let n = 1; n <= count; n += 1) write(`other-${n}.test.ts`, ['import { test } from "vitest";', '', 'test("good", () => {});']);
};

test('one file of many that fails runs once more by itself: what then passes is named and counts as passed', () => {
  others(9);
  write('unsteady.test.js', [
    'import { existsSync, writeFileSync } from "node:fs";',
    'import { expect, test } from "vitest";',
    '',
    'test("steady", () => {});',
    'test("first bad, then good", () => {',
    '  const before = existsSync("tried.txt");',
    '  writeFileSync("tried.txt", "");',
    '  expect(before).toBe(true);',
    '});',
  ]);
  const { code, output, lastLine } = run();
  expect({ code, lastLine }).toEqual({ code: 0, lastLine: '11 passed, 0 failed' });
  expect(output).toContain('unsteady, failed among the others and passed by itself: unsteady.test.js: first bad, then good');
});

test('what fails again by itself fails the run', () => {
  others(9);
  write('bad.test.ts', ['import { expect, test } from "vitest";', '', 'test("bad", () => expect(1).toBe(2));']);
  const { code, output, lastLine } = run();
  expect({ code, lastLine }).toEqual({ code: 1, lastLine: '9 passed, 1 failed' });
  expect(output).not.toContain('unsteady');
});

test('a run without tests fails', () => {
  write('a.ts', ['export {};']);
  expect(run()).toMatchObject({ code: 1, lastLine: '0 passed, 0 failed' });
});
