import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { panel, panelPeople, panelPersonDetail, panelPlan, panelRecord } from '../../../server/api.ts';
import { panelWords } from '../../../server/routes/panel-words.ts';
import { componentNames, lwcFolder, project, usedBaseComponents } from './preview/build.ts';

// Whole programs run here, each with its compilers: a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

/** Runs a program of the project's own tree to its end. */
function run(program: string, args: readonly string[], cwd = project): Promise<{ code: number; out: string; err: string }> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const script = path.join(project, 'node_modules', program);
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { cwd, env, maxBuffer: 64 * 1024 * 1024 }, (error, out, err) =>
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, out, err }),
    );
  });
}

const sources = (pattern: string) => globSync(pattern, { cwd: project, exclude: ['node_modules/**'] }).toSorted();
const read = (file: string) => readFileSync(path.join(project, file), 'utf8');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'seatmatch-lwc-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface JestReport {
  readonly numPassedTests: number;
  readonly numTotalTests: number;
  readonly testResults: readonly { readonly name: string; readonly status: string; readonly message: string }[];
}

test('every test of the components passes in the Jest that the platform’s developers use, and none is left out', async () => {
  const report = path.join(folder, 'jest.json');
  const { err } = await run('jest/bin/jest.js', ['--ci', '--json', `--outputFile=${report}`]);
  expect(existsSync(report), err).toBe(true);
  const { testResults, numPassedTests, numTotalTests } = JSON.parse(readFileSync(report, 'utf8')) as JestReport;
  expect(testResults.filter(({ status }) => status !== 'passed').map(({ message }) => message)).toEqual([]);
  expect(testResults.map(({ name }) => path.relative(project, name)).toSorted()).toEqual(sources('force-app/**/__tests__/*.js'));
  expect(numPassedTests).toBe(numTotalTests);
  expect(numTotalTests).toBeGreaterThan(70);
});

test('eslint with the platform’s rules for components finds nothing in any of their scripts', async () => {
  const { out, err } = await run('eslint/bin/eslint.js', ['--format', 'json', '.']);
  expect(out, err).not.toBe('');
  const looked = JSON.parse(out) as { filePath: string; messages: { ruleId: string; line: number; message: string }[] }[];
  const faults = looked.flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, line, message }) => `${path.relative(project, filePath)}:${line} ${ruleId}: ${message}`),
  );
  expect(faults).toEqual([]);
  expect(looked.map(({ filePath }) => path.relative(project, filePath)).toSorted()).toEqual(
    sources('{*,jest/*,force-app/**/*}.js').filter((file) => !file.endsWith('.cjs')),
  );
});

describe('slds-linter', () => {
  async function said(where: string, cwd = project): Promise<string> {
    const { out, err } = await run('@salesforce-ux/slds-linter/build/index.js', ['lint', where], cwd);
    return `${err}${out}`;
  }

  test('finds no hard-coded value, no class of its own overridden and no old token in styles and templates', async () => {
    expect(await said('force-app')).toContain('0 errors  0 warnings');
  });

  test('would find one', async () => {
    await writeFile(path.join(folder, 'odd.css'), '.odd { color: #ff0000; }\n');
    expect(await said('.', folder)).toMatch(/no-hardcoded-values/u);
  });
});

test('prettier leaves the project as it is', async () => {
  const { code, err, out } = await run('prettier/bin/prettier.cjs', ['--check', '.']);
  expect(code, `${out}${err}`).toBe(0);
});

describe('the components', () => {
  const scripts = () => sources('force-app/main/default/lwc/*/*.js');

  test('import each other and the framework; Apex comes in at one place, so that off the platform one thing stands in for it', () => {
    for (const file of scripts()) {
      const imported = [...read(file).matchAll(/^(?:import|\} from|export .* from).*?'([^']+)';/gmu)].map(([, name]) => name!);
      const allowed = file.endsWith('seatmatchService.js') ? /^@salesforce\/apex\/SeatmatchController\.\w+$/u : /^(lwc|c\/seatmatch\w+)$/u;
      for (const name of imported) expect(name, file).toMatch(allowed);
    }
  });

  test('say only words that the server has', () => {
    const said = sources('force-app/main/default/lwc/*/*.{html,js}').flatMap((file) =>
      [...read(file).matchAll(/\bwords\??\.(\w+)/gu)].map(([, word]) => word!),
    );
    expect(said.length).toBeGreaterThan(40);
    for (const word of said) expect(Object.keys(panelWords)).toContain(word);
  });

  test('are put together of a handful of base components, which the packages have', () => {
    const used = usedBaseComponents();
    expect(used).toContain('lightning/button');
    for (const name of used) expect(existsSync(path.join(project, 'node_modules/lightning-base-components/src', name)), name).toBe(true);
    expect(componentNames().length).toBeGreaterThan(30);
    expect(existsSync(lwcFolder)).toBe(true);
  });
});

test('what the tests of components show is what the server answers, field by field', () => {
  const answers = { panel, people: panelPeople, person: panelPersonDetail, record: panelRecord, draft: panelPlan, running: panelPlan };
  for (const [name, schema] of Object.entries(answers)) {
    const answer: unknown = JSON.parse(read(`jest/${name}.json`));
    expect(schema.parse(answer), name).toEqual(answer);
  }
  expect((JSON.parse(read('jest/panel.json')) as { words: object }).words).toEqual(panelWords);
});

test('the tree is pinned, and its lock file names no address to download from', () => {
  const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> };
  for (const [name, version] of Object.entries(devDependencies)) expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  expect(read('package-lock.json')).not.toContain('"resolved"');
});
