/**
 * Compiles the components for a browser without the platform, with the real base
 * components. What comes from packages is built once for a lock file and a list of base components; the panel itself at every call.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const here = import.meta.dirname;
export const project = path.resolve(here, '../../../../ui-extensions/salesforce');
export const lwcFolder = path.join(project, 'force-app/main/default/lwc');
const output = path.join(here, 'dist');
const require = createRequire(path.join(project, 'package.json'));

interface Warning {
  readonly code?: string;
  readonly message: string;
  readonly id?: string;
  readonly loc?: { readonly file?: string };
}
/** As much of rollup as is used here; it lives in a tree of its own, whose types the root does not see. */
interface Rollup {
  rollup(options: object): Promise<{ write(options: object): Promise<unknown>; close(): Promise<void> }>;
}
const tool = async <Module>(name: string): Promise<Module> => (await import(pathToFileURL(require.resolve(name)).href)) as Module;
const plugin = async (name: string): Promise<(options?: object) => object> =>
  (await tool<{ default: (options?: object) => object }>(name)).default;

/** The components of a project, by name. */
export const componentNames = (): string[] =>
  readdirSync(lwcFolder).filter((name) => existsSync(path.join(lwcFolder, name, `${name}.js-meta.xml`)));

/** The base components that stand in the templates, as modules: `lightning-button-icon` is `lightning/buttonIcon`. */
export function usedBaseComponents(): string[] {
  const templates = componentNames().map((name) => path.join(lwcFolder, name, `${name}.html`));
  const tags = templates
    .filter((file) => existsSync(file))
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/<lightning-([a-z-]+)/gu)].map(([, tag]) => tag!));
  return [...new Set(tags)].sort().map((tag) => `lightning/${tag.replaceAll(/-(\w)/gu, (_, letter: string) => letter.toUpperCase())}`);
}

const isOurs = (file: string | undefined) => file === undefined || file.startsWith(lwcFolder) || file.startsWith(`${here}${path.sep}`);

/** Base components bring two dozen warnings of their own; ours are faults. */
function onwarn({ code, message, id, loc }: Warning): void {
  if (code === 'CIRCULAR_DEPENDENCY' || !isOurs(loc?.file ?? id)) return;
  throw new Error(`${loc?.file ?? id ?? ''}: ${message}`);
}

async function plugins(modules: object[]): Promise<object[]> {
  const [replace, lwc, nodeResolve] = [
    await plugin('@rollup/plugin-replace'),
    await plugin('@lwc/rollup-plugin'),
    (await tool<{ nodeResolve: (options: object) => object }>('@rollup/plugin-node-resolve')).nodeResolve,
  ];
  const constants = { 'process.env.NODE_ENV': '"production"', 'import.meta.env.SSR': 'false', 'import.meta.env.DEV': 'false' };
  return [
    replace({ preventAssignment: true, values: constants }),
    lwc({ rootDir: project, sourcemap: false, enableDynamicComponents: true, modules }),
    nodeResolve({ rootDir: project, modulePaths: [path.join(project, 'node_modules')] }),
  ];
}

async function bundle(options: object, dir: string, more: object): Promise<void> {
  const { rollup } = await tool<Rollup>('rollup');
  const built = await rollup({ ...options, onwarn, preserveEntrySignatures: 'strict' });
  await built.write({ dir, format: 'es', ...more });
  await built.close();
}

/** What stands in `vendor/`: LWC itself, its shadow for browsers as the platform has it, and each used base component. */
async function buildVendor(components: readonly string[], dir: string): Promise<void> {
  const sources = new Map([
    ['lwc', `export * from 'lwc';`],
    ['synthetic-shadow', `import '@lwc/synthetic-shadow';`],
    ...components.map((name) => [name, `export { default } from '${name}';`] as const),
  ]);
  const entries = {
    name: 'vendor-entries',
    // Beside the project's package.json: names are looked up from where the importer would be.
    resolveId: (id: string) =>
      id.startsWith('entry:') ? path.join(project, `${id.slice('entry:'.length).replace('/', '-')}.entry.js`) : null,
    load(id: string) {
      const name = path.basename(id, '.entry.js').replace('lightning-', 'lightning/');
      return id.endsWith('.entry.js') ? sources.get(name) : null;
    },
  };
  const input = Object.fromEntries([...sources.keys()].map((name) => [name, `entry:${name}`]));
  const fast = { entryFileNames: '[name].js', chunkFileNames: 'parts/[name]-[hash].js' };
  await bundle({ input, plugins: [entries, ...(await plugins([{ npm: 'lightning-base-components' }]))] }, dir, fast);
}

/** The panel and the page around it. */
async function buildApp(dir: string, vendor: string): Promise<void> {
  const shims = {
    name: 'platform-shims',
    resolveId: (id: string) =>
      id.startsWith('@salesforce/apex/') ? path.join(here, `${id.slice('@salesforce/apex/'.length)}.apex.js`) : null,
    load(id: string) {
      if (!id.endsWith('.apex.js')) return null;
      const method = path.basename(id, '.apex.js').replace('SeatmatchController.', '');
      return `import { apex } from './apex.js'; export default apex(${JSON.stringify(method)});`;
    },
  };
  const modules = componentNames().map((name) => {
    const script = path.join(lwcFolder, name, `${name}.js`);
    return { name: `c/${name}`, path: existsSync(script) ? script : path.join(lwcFolder, name, `${name}.css`) };
  });
  const external = (id: string) => id === 'lwc' || id === '@lwc/synthetic-shadow' || id.startsWith('lightning/');
  const paths = (id: string) => `./${vendor}/${id.replace('@lwc/', '')}.js`;
  await bundle({ input: { panel: path.join(here, 'main.js') }, external, plugins: [shims, ...(await plugins(modules))] }, dir, {
    entryFileNames: '[name].js',
    paths,
  });
}

/** The folder that a page is served from: `panel.js`, and beside it the vendor's folder that it loads from. */
export async function buildPreview(): Promise<string> {
  const components = usedBaseComponents();
  const hash = createHash('sha256');
  for (const part of [readFileSync(path.join(project, 'package-lock.json')), readFileSync(import.meta.filename), components.join()])
    hash.update(part);
  const vendor = `vendor-${hash.digest('hex').slice(0, 16)}`;
  mkdirSync(output, { recursive: true });
  if (!existsSync(path.join(output, vendor))) {
    // What another list of components needed goes; a build that was broken off never stands under the name that is looked for.
    for (const old of readdirSync(output))
      if (/^vendor-[0-9a-f]+$/u.test(old)) rmSync(path.join(output, old), { recursive: true, force: true });
    const unfinished = path.join(output, `vendor-unfinished-${process.pid}`);
    await buildVendor(components, unfinished);
    try {
      renameSync(unfinished, path.join(output, vendor));
    } catch (error) {
      // Another process was sooner with the same.
      if (!existsSync(path.join(output, vendor))) throw error;
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  await buildApp(output, vendor);
  return output;
}
