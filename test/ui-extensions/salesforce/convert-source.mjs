// node convert-source.mjs PROJECT MANIFEST: what would be deployed (as sf does it), and whether the manifest names exactly what is in the source, as JSON.
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { ComponentSet, ManifestResolver, MetadataConverter } from '@salesforce/source-deploy-retrieve';

const [project, manifest] = [resolve(process.argv[2]), resolve(process.argv[3])];
/** The folder is ours alone and its small components come and go; of every other type a member that appears is read by somebody first. */
const wildcards = ['LightningComponentBundle'];

const output = mkdtempSync(join(tmpdir(), 'seatmatch-convert-'));
try {
  const source = ComponentSet.fromSource(join(project, 'force-app'));
  await new MetadataConverter().convert(source, 'metadata', { type: 'directory', outputDirectory: output, genUniqueDir: false });
  const packaged = globSync('**/*', { cwd: output, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(output, join(entry.parentPath, entry.name)))
    .sort();

  const { components, apiVersion } = await new ManifestResolver().resolve(manifest);
  const named = new Set(components.map(({ type, fullName }) => `${type.name} ${fullName}`));
  const inSource = (await source.getObject()).Package.types.flatMap(({ name, members }) => members.map((member) => `${name} ${member}`));
  const complaints = [];
  const complain = (message) => complaints.push({ file: manifest.replace(/^.*[\\/]/, ''), line: 0, message });
  for (const component of inSource) {
    const byWildcard = named.has(`${component.split(' ')[0]} *`);
    if (!named.has(component) && !byWildcard) complain(`is in the source and not in the manifest: ${component}`);
  }
  for (const component of named) {
    const [type, member] = component.split(' ');
    if (member === '*' ? !wildcards.includes(type) : !inSource.includes(component))
      complain(member === '*' ? `may not be a wildcard: ${type}` : `is in the manifest and not in the source: ${component}`);
  }
  const { sourceApiVersion } = JSON.parse(readFileSync(join(project, 'sfdx-project.json'), 'utf8'));
  if (apiVersion !== sourceApiVersion) complain(`has version ${apiVersion}, the project ${sourceApiVersion}`);
  process.stdout.write(JSON.stringify({ complaints, packaged }));
} finally {
  rmSync(output, { recursive: true, force: true });
}
