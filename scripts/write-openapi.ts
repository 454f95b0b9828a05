/** Writes manifests/openapi.json from the schemas of server/api.ts: `node scripts/write-openapi.ts` after each change of the API. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { openApiDocument } from '../server/api.ts';

const root = resolve(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as { version: string };
writeFileSync(resolve(root, 'manifests/openapi.json'), `${JSON.stringify(openApiDocument(version), null, 2)}\n`);
