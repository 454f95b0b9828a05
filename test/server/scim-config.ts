import { mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { NamedConnection } from '../../server/config.ts';

/** A configuration file with one SCIM connection, written into a directory of its own in `parent`. The token stands in the environment. */
export async function writeScimConfig(
  parent: string,
  { url, token }: { readonly url: string; readonly token: string },
  options: Readonly<Record<string, unknown>> = {},
): Promise<NamedConnection & { readonly file: string; readonly environment: Readonly<Record<string, string>> }> {
  const file = path.join(await mkdtemp(path.join(parent, 'scim-')), 'seatmatch.config.json');
  const auth = { token: '${' + 'SCIM_TOKEN}' };
  const connection = {
    name: 'navigator',
    type: 'linkedin-scim',
    baseUrl: url,
    auth,
    options: { requestsPerSecond: 1_000, assigns: ['Sales Navigator Advanced Plus'], ...options },
  };
  await writeFile(file, JSON.stringify({ connections: [connection] }));
  return { connection: 'navigator', file, environment: { SCIM_TOKEN: token } };
}
