import { join, resolve } from 'node:path';
import type { Lists } from './make-lists.ts';
import { type Measured, measureProcess } from './measure-process.ts';

export interface Pair {
  readonly ours: Measured;
  readonly duckdb: Measured;
}

export interface Pairs {
  readonly pairs: readonly Pair[];
  /** Our report, for the judgement of its content. */
  readonly report: string;
  readonly duckdbReport: string;
}

const root = resolve(import.meta.dirname, '../..');

/**
 * Runs Seatmatch and DuckDB by turns over the same lists, so that both meet the same machine; a ratio is only ever taken within a pair.
 * One run of each goes before and is not counted: it fills the file cache and the compile cache.
 */
export async function runPairs(lists: Lists, count: number, onPair: (pair: Pair) => void): Promise<Pairs> {
  const report = join(lists.directory, 'report.csv');
  const duckdbReport = join(lists.directory, 'duckdb.csv');
  const both = async (): Promise<Pair> => ({
    ours: await measureProcess(join(root, 'server/cli.ts'), [
      ...['reconcile', '--json', '--format', 'csv', '--out', report],
      ...['--crm', lists.crm, '--licenses', lists.licenses],
      ...['--domain-alias', lists.domainAliases, '--email-alias', lists.emailAliases],
    ]),
    duckdb: await measureProcess(join(import.meta.dirname, 'duckdb-join.ts'), [lists.crm, lists.licenses, duckdbReport]),
  });
  await both();
  const pairs: Pair[] = [];
  for (let turn = 0; turn < count; turn++) {
    const pair = await both();
    onPair(pair);
    pairs.push(pair);
  }
  return { pairs, report, duckdbReport };
}
