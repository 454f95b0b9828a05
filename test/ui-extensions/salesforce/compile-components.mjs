// node compile-components.mjs PROJECT: every Lightning web component through the platform's own compiler, which sees one component at a time; so what
// they name of each other and of Apex is looked up here. As JSON: the complaints and the Apex methods that are imported. js-meta.xml has a check of its own.
import { globSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import compiler from '@lwc/sfdc-lwc-compiler';

const project = resolve(process.argv[2]);
const bundles = globSync('force-app/**/lwc/*/*.js-meta.xml', { cwd: project }).sort();
const names = new Set(bundles.map((meta) => basename(join(meta, '..'))));
const complaints = [];
const apexMethods = new Set();
const camelCase = (tag) => tag.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());

function lookUp(file, text) {
  const tags = [...text.matchAll(/<c-([a-z0-9-]+)/g)].map(([, tag]) => camelCase(tag));
  const imports = [...text.matchAll(/['"]c\/(\w+)['"]/g)].map(([, name]) => name);
  for (const name of [...tags, ...imports])
    if (!names.has(name)) complaints.push({ file, line: 0, message: `There is no component ${name}.` });
  for (const [, method] of text.matchAll(/@salesforce\/apex\/([\w.]+)/g)) apexMethods.add(method);
}

for (const meta of bundles) {
  const folder = join(project, meta, '..');
  const name = basename(folder);
  const files = Object.fromEntries(
    globSync('**/*.{js,html,css}', { cwd: folder, exclude: (path) => /__\w+__/.test(String(path.name ?? path)) }).map((file) => [
      file,
      readFileSync(join(folder, file), 'utf8'),
    ]),
  );
  for (const [file, text] of Object.entries(files)) lookUp(relative(project, join(folder, file)), text);
  const { success, diagnostics } = await compiler.compile({
    bundle: { namespace: 'c', name, type: 'platform', files, apiVersion: 66 },
    outputConfigs: [{ minify: false, env: { NODE_ENV: 'production' } }],
  });
  const refused = diagnostics.filter(({ level }) => level < 2);
  for (const { message, filename, location } of refused)
    complaints.push({ file: relative(project, join(folder, filename ?? '')), line: location?.line ?? 0, message });
  if (!success && refused.length === 0) complaints.push({ file: relative(project, folder), line: 0, message: 'The compiler failed.' });
}
process.stdout.write(JSON.stringify({ complaints, bundles: [...names], apexMethods: [...apexMethods].sort() }));
