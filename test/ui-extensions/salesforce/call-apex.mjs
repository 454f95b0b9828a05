// node call-apex.mjs PROJECT: runs whatever component module imports Apex, with methods that only note what they are given, and says as JSON with which
// parameters each method was called. Apex takes parameters by name: a name that it does not know arrives as nothing, and nobody complains.
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const project = resolve(process.argv[2]);
const scratch = mkdtempSync(join(tmpdir(), 'seatmatch-apex-'));
const complaints = [];
const calls = [];
globalThis.noteApexCall = (method, parameters) => {
  calls.push({ method, parameters: Object.keys(parameters ?? {}) });
  return Promise.resolve('{}');
};

try {
  for (const file of globSync('force-app/**/lwc/*/*.js', { cwd: project }).sort()) {
    const source = readFileSync(join(project, file), 'utf8');
    if (!source.includes('@salesforce/apex/')) continue;
    const noted = source.replace(
      /^import (\w+) from '@salesforce\/apex\/([\w.]+)';$/gm,
      (_, name, method) => `const ${name} = (parameters) => noteApexCall('${method}', parameters);`,
    );
    if (/^import /m.test(noted)) {
      complaints.push({ file, line: 0, message: 'Only a module that imports nothing else may call Apex: the service.' });
      continue;
    }
    const copy = join(scratch, file.replace(/^.*[\\/]/, '').replace(/\.js$/, '.mjs'));
    writeFileSync(copy, noted);
    for (const exported of Object.values(await import(pathToFileURL(copy))))
      if (typeof exported === 'function') await exported('one', 'two', 'three');
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.stdout.write(JSON.stringify({ complaints, calls }));
