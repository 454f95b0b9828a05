import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const repository = resolve(import.meta.dirname, '../..');
// `npm test` itself sets npm_… variables: only those that a test names shall count.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) || name === 'npm_execpath'));
const thisNode = { npm_node_execpath: process.execPath, npm_config_user_agent: `npm/11.0.0 node/${process.version} linux x64` };

let project: string;
/** Holds a clone that nothing was done to, and those that were made ready. */
let prepared: string;

const write = (path: string, content: string | object): void => {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), typeof content === 'string' ? content : JSON.stringify(content));
};

function bootstrap(mode: string, more: NodeJS.ProcessEnv = {}): { code: number | null; said: string } {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/bootstrap.mjs', mode], {
    cwd: project,
    encoding: 'utf8',
    env: { ...environment, ...thisNode, npm_config_cache: join(project, 'cache'), ...more },
  });
  return { code: status, said: stderr };
}

const installed = (name: string): boolean => existsSync(join(project, 'node_modules', name, 'package.json'));

const copy = (from: string, to: string): void => cpSync(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });

/** Makes of the clone one that was made ready before: what npm and Vite do for that is seen in a fresh clone. */
function readyFor(mode: 'demo' | 'test'): void {
  rmSync(project, { recursive: true });
  copy(join(prepared, mode), project);
}

beforeAll(() => {
  prepared = realpathSync(mkdtempSync(join(tmpdir(), 'seatmatch-bootstrap-')));
  project = join(prepared, 'clone');
  makeClone();
  const clone = project;
  for (const mode of ['demo', 'test'] as const) {
    project = join(prepared, mode);
    copy(mode === 'demo' ? clone : join(prepared, 'demo'), project);
    expect(bootstrap(mode)).toMatchObject({ code: 0 });
  }
});
afterAll(() => rmSync(prepared, { recursive: true, force: true }));

beforeEach(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), 'seatmatch-bootstrap-')));
  copy(join(prepared, 'clone'), project);
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

/** A clone in small: packages from folders, so that the real npm installs it without a network; the console is built by the real Vite. */
function makeClone(): void {
  mkdirSync(join(project, 'scripts'), { recursive: true });
  cpSync(join(repository, 'scripts/bootstrap.mjs'), join(project, 'scripts/bootstrap.mjs'));
  const vite = pathToFileURL(realpathSync(join(repository, 'node_modules/vite/bin/vite.js'))).href;
  write('packages/vite/package.json', { name: 'vite', version: '1.0.0' });
  write('packages/vite/bin/vite.js', `import(${JSON.stringify(vite)});`);
  write('packages/tool/package.json', { name: 'tool', version: '1.0.0' });
  write('ui-extensions/console/package.json', { name: 'console', version: '1.0.0' });
  write('ui-extensions/console/index.html', '<script type="module" src="/main.js"></script>');
  write('ui-extensions/console/main.js', 'document.title = process.env.NODE_ENV;');
  write('package.json', {
    name: 'clone',
    version: '1.0.0',
    workspaces: ['ui-extensions/console'],
    dependencies: { vite: 'file:packages/vite' },
    devDependencies: { tool: 'file:packages/tool' },
  });
  write('package-lock.json', {
    name: 'clone',
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': {
        name: 'clone',
        version: '1.0.0',
        workspaces: ['ui-extensions/console'],
        dependencies: { vite: 'file:packages/vite' },
        devDependencies: { tool: 'file:packages/tool' },
      },
      'node_modules/console': { resolved: 'ui-extensions/console', link: true },
      'node_modules/tool': { resolved: 'packages/tool', link: true, dev: true },
      'node_modules/vite': { resolved: 'packages/vite', link: true },
      'packages/tool': { version: '1.0.0', dev: true },
      'packages/vite': { version: '1.0.0' },
      'ui-extensions/console': { name: 'console', version: '1.0.0' },
    },
  });
}

/** For those who look at npm alone. */
const withoutConsole = () => rmSync(join(project, 'ui-extensions/console/index.html'));

describe('a fresh clone', () => {
  test('gets its dependencies, a Node and the console; the second time there is nothing to do or say', () => {
    const first = bootstrap('demo');
    expect(first).toMatchObject({ code: 0 });
    expect(first.said).toMatch(/installing dependencies \(what the demo needs\)/);
    expect(first.said).toContain(`using Node ${process.versions.node} (this machine's own)`);
    expect(readlinkSync(join(project, 'node_modules/.bin/node'))).toBe(process.execPath);
    expect(existsSync(join(project, 'ui-extensions/console/dist/index.html'))).toBe(true);
    expect(installed('tool')).toBe(false);
    expect(bootstrap('demo')).toEqual({ code: 0, said: '' });
  });

  test('without a console has nothing to build', () => {
    readyFor('demo');
    withoutConsole();
    rmSync(join(project, 'ui-extensions/console/dist'), { recursive: true });
    const { code, said } = bootstrap('demo');
    expect(code).toBe(0);
    expect(said).not.toMatch(/console/);
  });
});

describe('what is installed', () => {
  test('for the demo is completed for the tests; a tree for the tests serves the demo', () => {
    readyFor('demo');
    expect(installed('tool')).toBe(false);
    expect(bootstrap('test')).toMatchObject({ code: 0 });
    expect(installed('tool')).toBe(true);
    expect(bootstrap('demo')).toEqual({ code: 0, said: '' });
    expect(installed('tool')).toBe(true);
  });

  test('by hand is taken as it is', () => {
    readyFor('test');
    rmSync(join(project, 'node_modules/.seatmatch-install.json'));
    expect(bootstrap('test').said).not.toMatch(/installing/);
  });

  test('follows a changed lock file', () => {
    readyFor('demo');
    const lock = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'));
    const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
    write('packages/late/package.json', { name: 'late', version: '1.0.0' });
    manifest.dependencies.late = lock.packages[''].dependencies.late = 'file:packages/late';
    lock.packages['node_modules/late'] = { resolved: 'packages/late', link: true };
    lock.packages['packages/late'] = { version: '1.0.0' };
    write('package.json', manifest);
    write('package-lock.json', lock);
    expect(bootstrap('demo')).toMatchObject({ code: 0 });
    expect(installed('late')).toBe(true);
  });

  test('and was killed half way is repaired by the next run', () => {
    readyFor('test');
    rmSync(join(project, 'node_modules/tool'));
    const state = JSON.parse(readFileSync(join(project, 'node_modules/.seatmatch-install.json'), 'utf8'));
    write('node_modules/.seatmatch-install.json', { ...state, mode: 'installing' });
    write('node_modules/half/package.json', '{"name": "ha');
    expect(bootstrap('test')).toMatchObject({ code: 0 });
    expect(installed('tool')).toBe(true);
    expect(existsSync(join(project, 'node_modules/half'))).toBe(false);
  });

  test('and lost npm’s own record is repaired by the next run', () => {
    readyFor('test');
    rmSync(join(project, 'node_modules/.package-lock.json'));
    rmSync(join(project, 'node_modules/tool'));
    expect(bootstrap('test')).toMatchObject({ code: 0 });
    expect(installed('tool')).toBe(true);
  });

  test('is complete although the machine says production', () => {
    withoutConsole();
    expect(bootstrap('test', { NODE_ENV: 'production', npm_config_omit: 'dev' })).toMatchObject({ code: 0 });
    expect(installed('tool')).toBe(true);
  });
});

describe('a tree with a lock file of its own', () => {
  const folder = 'ui-extensions/hubspot';
  const own = (name: string): boolean => existsSync(join(project, folder, 'node_modules', name, 'package.json'));
  const makeTree = (dependencies: Record<string, string>): void => {
    write(`${folder}/package.json`, { name: 'own', version: '1.0.0', devDependencies: dependencies });
    write(`${folder}/package-lock.json`, {
      name: 'own',
      version: '1.0.0',
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': { name: 'own', version: '1.0.0', devDependencies: dependencies },
        ...Object.fromEntries(
          Object.entries(dependencies).flatMap(([name, path]) => [
            [`node_modules/${name}`, { resolved: path.slice('file:'.length), link: true, dev: true }],
            [path.slice('file:'.length), { version: '1.0.0', dev: true }],
          ]),
        ),
      },
    });
  };

  test('is installed for the tests alone, once, and again when its lock file changes', () => {
    readyFor('test');
    makeTree({ tool: 'file:../../packages/tool' });
    expect(bootstrap('demo')).toEqual({ code: 0, said: '' });
    expect(own('tool')).toBe(false);
    expect(bootstrap('test', { NODE_ENV: 'production' })).toMatchObject({ code: 0 });
    expect(own('tool')).toBe(true);
    expect(bootstrap('test')).toEqual({ code: 0, said: '' });
    makeTree({ tool: 'file:../../packages/tool', vite: 'file:../../packages/vite' });
    expect(bootstrap('test').said).toMatch(/installing what ui-extensions\/hubspot is checked with/);
    expect(own('vite')).toBe(true);
  });

  test('that npm cannot install stops the tests with one sentence, and is tried again', () => {
    readyFor('test');
    makeTree({ tool: 'file:../../packages/tool' });
    write(`${folder}/package.json`, '{');
    const { code, said } = bootstrap('test');
    expect(code).toBe(1);
    expect(said).toMatch(/npm could not install ui-extensions\/hubspot/);
    makeTree({ tool: 'file:../../packages/tool' });
    expect(bootstrap('test')).toMatchObject({ code: 0 });
  });
});

describe('the Node of the program', () => {
  test('is linked again where npm left it out or it points elsewhere', () => {
    readyFor('demo');
    const link = join(project, 'node_modules/.bin/node');
    rmSync(link);
    expect(bootstrap('demo')).toMatchObject({ code: 0 });
    expect(readlinkSync(link)).toBe(process.execPath);
    rmSync(link);
    symlinkSync('/nowhere/node', link);
    bootstrap('demo');
    expect(readlinkSync(link)).toBe(process.execPath);
  });

  test('is missing on an old machine without a package for it: one sentence says what to do', () => {
    readyFor('demo');
    const { code, said } = bootstrap('demo', { npm_config_user_agent: 'npm/10.9.0 node/v20.11.0 linux x64' });
    expect(code).toBe(1);
    expect(said).toMatch(/this machine has Node 20\.11\.0, the program needs Node 24, .* install Node 24 from nodejs\.org/);
  });
});

describe('the console', () => {
  test('is built for people whatever the machine is set to, again when a source changed or the build was lost, else left alone', () => {
    const built = join(project, 'ui-extensions/console/dist');
    readyFor('demo');
    const assets = readdirSync(join(built, 'assets')).map((name) => readFileSync(join(built, 'assets', name), 'utf8'));
    // The tests' own environment says "test": React would come with its part for developers.
    expect(assets.join()).toContain('production');
    writeFileSync(join(built, 'untouched'), '');
    bootstrap('demo');
    expect(existsSync(join(built, 'untouched'))).toBe(true);
    write('ui-extensions/console/main.js', 'document.title = "second";');
    expect(bootstrap('demo').said).toMatch(/building the console/);
    expect(existsSync(join(built, 'untouched'))).toBe(false);
    rmSync(built, { recursive: true });
    expect(bootstrap('demo').said).toMatch(/building the console/);
  });

  test('that does not build stops the start with one sentence, and is tried again', () => {
    readyFor('demo');
    write('ui-extensions/console/index.html', '<script type="module" src="/missing.js"></script>');
    for (let run = 1; run <= 2; run += 1) {
      const { code, said } = bootstrap('demo');
      expect(code).toBe(1);
      expect(said).toMatch(/the console could not be built \(exit code 1/);
    }
  });
});

test('without a network the sentence says so, and the next run begins anew', () => {
  withoutConsole();
  const lock = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'));
  const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
  const before = [JSON.stringify(manifest), JSON.stringify(lock)] as const;
  manifest.dependencies.remote = lock.packages[''].dependencies.remote = '1.0.0';
  lock.packages['node_modules/remote'] = { version: '1.0.0' };
  write('package.json', manifest);
  write('package-lock.json', lock);
  const offline = bootstrap('demo', { npm_config_registry: 'http://127.0.0.1:9', npm_config_fetch_retries: '0' });
  expect(offline.code).toBe(1);
  expect(offline.said).toMatch(/npm could not install the dependencies .* reaches its npm registry .* run "npm start" again/);
  write('package.json', before[0]);
  write('package-lock.json', before[1]);
  expect(bootstrap('demo')).toMatchObject({ code: 0 });
});

test('anything else than demo or test is refused', () => {
  expect(bootstrap('production')).toEqual({ code: 1, said: 'seatmatch: say what for: node scripts/bootstrap.mjs demo, or test.\n' });
});
