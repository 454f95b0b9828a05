/** Writes manifests/seatmatch.config.schema.json, for editors: `node scripts/write-config-schema.ts` after each change of a connection's settings. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { configSchema } from '../server/commands/read-connections.ts';

writeFileSync(resolve(import.meta.dirname, '../manifests/seatmatch.config.schema.json'), `${JSON.stringify(configSchema(), null, 2)}\n`);
