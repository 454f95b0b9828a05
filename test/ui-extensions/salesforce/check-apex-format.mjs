// node check-apex-format.mjs PROJECT [--write]: Apex that prettier would write otherwise, as JSON; --write writes it so.
import { readFileSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { format } from 'prettier';
import * as apex from 'prettier-plugin-apex';
import { apexFiles } from './apex-files.mjs';

const project = resolve(process.argv[2]);
const complaints = [];
for (const file of apexFiles(project)) {
  const text = readFileSync(file, 'utf8');
  const formatted = await format(text, { parser: 'apex', plugins: [apex], filepath: file, printWidth: 140, tabWidth: 4 });
  if (formatted === text) continue;
  if (process.argv[3] === '--write') writeFileSync(file, formatted);
  const lines = formatted.split('\n');
  const line = text.split('\n').findIndex((each, index) => each !== lines[index]) + 1;
  complaints.push({
    file: relative(project, file),
    line,
    message: 'Prettier writes this otherwise: run check-apex-format.mjs with --write.',
  });
}
process.stdout.write(JSON.stringify({ complaints }));
