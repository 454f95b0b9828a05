/**
 * How fast `seatmatch reconcile` is beside a database that only joins, how much memory it takes, and how right it is.
 *
 *     npm run bench                             100,000 and 1,000,000 CRM users
 *     npm run bench -- --n 100000               one size; give --n again for more
 *     npm run bench -- --pairs 3                how many counted pairs of runs (default 5, from half a million rows on 3)
 *     npm run bench -- --examples 3             up to three license holders of each kind of deviation, with the person of the truth
 *
 * The lists are generated once (generate.mjs, seed 42) into `SEATMATCH_BENCH_DIR`, default the system's temporary folder; a million users
 * take about 0.7 GB there, both reports included. They are invented: good for speed and regression, no evidence of match quality in the world.
 *
 * Printed for each size:
 * - Wall time of whole processes, run by turns: ours with every rule and suggestion on, and DuckDB with two threads doing the full outer
 *   join on the trimmed, lower-cased address alone and writing the same 22 columns. The ratio is taken pair by pair: lowest, median, highest.
 *   Our report has a row for each license holder, DuckDB's also one for each CRM user without a license.
 * - CPU time of all threads, with its ratio: steadier than wall time on a machine that others use. Peak resident memory.
 * - Candidate pairs looked at for suggestions, in all and per license holder: near-linear when the second figure hardly grows with the size.
 * - What became of each class of people, against the truth; below it the goals that follow from it.
 *
 * Goals are printed as met or missed; a miss is no failure, since time depends on the machine. Only a run that does not work ends with an error.
 */
import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type ClassQuality, judgeQuality, type Quality } from './judge-quality.ts';
import { type Lists, makeLists } from './make-lists.ts';
import { type Pair, type Pairs, runPairs } from './run-pairs.ts';

const { values } = parseArgs({
  options: { n: { type: 'string', multiple: true }, pairs: { type: 'string' }, examples: { type: 'string', default: '0' } },
});
const sizes = (values.n ?? ['100000', '1000000']).map((text) => wholeNumber('--n', text));
const examples = wholeNumber('--examples', values.examples);

const say = (text = ''): void => console.log(text);
const grouped = (n: number): string => n.toLocaleString('en-US');
const goal = (met: boolean, text: string): void => say(`  ${met ? 'met   ' : 'MISSED'}  ${text}`);

for (const n of sizes) {
  say(`Making or finding the lists of ${grouped(n)} CRM users …`);
  const lists = makeLists(n);
  say(`${grouped(lists.crmRows)} CRM users, ${grouped(lists.licenseRows)} license holders: ${lists.directory}`);
  const runs = await runPairs(lists, values.pairs === undefined ? (n < 500_000 ? 5 : 3) : wholeNumber('--pairs', values.pairs), sayPair);
  saySpeed(lists, runs);
  sayQuality(await judgeQuality(runs.report, lists, examples));
  say();
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`${option} takes a whole number, not "${text}".`);
  return Number(text);
}

function sayPair({ ours, duckdb }: Pair): void {
  say(
    `  Seatmatch ${ours.seconds.toFixed(2)} s, DuckDB ${duckdb.seconds.toFixed(2)} s, ratio ${(ours.seconds / duckdb.seconds).toFixed(2)}`,
  );
}

interface Spread {
  readonly lowest: number;
  readonly median: number;
  readonly highest: number;
}

function spreadOf(numbers: readonly number[]): Spread {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { lowest: sorted[0]!, median, highest: sorted.at(-1)! };
}

function saySpeed(lists: Lists, { pairs, report, duckdbReport }: Pairs): void {
  const ours = pairs.map((pair) => pair.ours);
  const duckdb = pairs.map((pair) => pair.duckdb);
  const ratio = spreadOf(pairs.map((pair) => pair.ours.seconds / pair.duckdb.seconds));
  const line = (label: string, { lowest, median, highest }: Spread, unit: string): void =>
    say(`${label.padEnd(12)}${[lowest, median, highest].map((n) => `${n.toFixed(2)}${unit}`.padStart(14)).join('')}`);
  say();
  say(`${''.padEnd(12)}${['lowest', 'median', 'highest'].map((word) => word.padStart(14)).join('')}`);
  line('Seatmatch', spreadOf(ours.map((run) => run.seconds)), ' s');
  line('DuckDB', spreadOf(duckdb.map((run) => run.seconds)), ' s');
  line('ratio', ratio, '');
  const mebibytes = (bytes: number): number => bytes / 2 ** 20;
  const peak = spreadOf(ours.map((run) => mebibytes(run.peakBytes)));
  line('our CPU', spreadOf(ours.map((run) => run.cpuSeconds)), ' s');
  line('DuckDB’s', spreadOf(duckdb.map((run) => run.cpuSeconds)), ' s');
  line('CPU ratio', spreadOf(pairs.map((pair) => pair.ours.cpuSeconds / pair.duckdb.cpuSeconds)), '');
  line('our memory', peak, ' MiB');
  line('DuckDB’s', spreadOf(duckdb.map((run) => mebibytes(run.peakBytes))), ' MiB');
  say(
    `Written: ${mebibytes(statSync(report).size).toFixed(0)} MiB by us, ${mebibytes(statSync(duckdbReport).size).toFixed(0)} MiB by DuckDB.`,
  );
  const candidatePairs = candidatePairsOf(ours.at(-1)!.errorText);
  say(`Candidate pairs: ${grouped(candidatePairs)}, ${(candidatePairs / lists.licenseRows).toFixed(3)} for each license holder.`);
  say();
  // Below, starting the processes is most of the time.
  const most = lists.n < 500_000 ? 1.8 : 1.5;
  if (lists.n >= 100_000) goal(ratio.median <= most, `median ratio ${ratio.median.toFixed(2)}, at most ${most} wanted`);
  goal(peak.highest <= 1024, `peak memory ${peak.highest.toFixed(0)} MiB, at most 1,024 wanted`);
}

/** The summary is the line of JSON on the error stream. */
function candidatePairsOf(errorText: string): number {
  const line = errorText.split('\n').find((text) => text.startsWith('{')) ?? '{}';
  return (JSON.parse(line) as { summary?: { candidatePairs?: number } }).summary?.candidatePairs ?? Number.NaN;
}

function sayQuality(quality: Quality): void {
  const { classes } = quality;
  const share = (n: number, of: number): string => (n === of ? '1' : (Math.floor((n / of) * 10_000) / 10_000).toFixed(4));
  say();
  say('class               asks for           rows  as asked  right 1st  false Matched  became');
  for (const c of classes) {
    const rightFirst = c.expect === 'orphan' || c.expect === 'ambiguous' ? '–' : share(c.rightFirst, c.rows);
    say(
      `${c.name.padEnd(20)}${c.expect.padEnd(14)}${grouped(c.rows).padStart(9)}${share(c.asExpected, c.rows).padStart(10)}${rightFirst.padStart(11)}${grouped(c.falseMatched).padStart(15)}  ${c.outcomes}`,
    );
  }
  say();
  const sum = (count: keyof ClassQuality, ...expects: string[]): number =>
    classes.filter((c) => expects.length === 0 || expects.includes(c.expect)).reduce((total, c) => total + Number(c[count]), 0);
  const exact = sum('rows', 'exact');
  const exactRight = sum('asExpected', 'exact');
  const rule = sum('asExpected', 'rule') / sum('rows', 'rule');
  const worstRule = classes.filter((c) => c.expect === 'rule').toSorted((a, b) => a.asExpected / a.rows - b.asExpected / b.rows)[0]!;
  const suggest = sum('rightFirst', 'suggest') / sum('rows', 'suggest');
  const ambiguousDecided = sum('matched', 'ambiguous') + sum('linked', 'ambiguous');
  const homonym = classes.find((c) => c.name === 'homonym');
  const orphans = sum('rows', 'orphan');
  goal(
    sum('falseMatched') === 0,
    `${grouped(sum('falseMatched'))} false Matched, none wanted (precision ${share(sum('matched') - sum('falseMatched'), sum('matched'))})`,
  );
  goal(exactRight === exact, `${grouped(exactRight)} of ${grouped(exact)} of the exact classes Matched with the right person, all wanted`);
  goal(
    worstRule.asExpected / worstRule.rows >= 0.999,
    `rule classes: ${rule.toFixed(4)} found by a rule with the right owner, lowest ${worstRule.name} ${(worstRule.asExpected / worstRule.rows).toFixed(4)}, at least 0.999 wanted`,
  );
  goal(suggest >= 0.9, `suggest classes: the right person first in ${suggest.toFixed(4)}, at least 0.9 wanted`);
  goal(ambiguousDecided === 0, `${grouped(ambiguousDecided)} of the ambiguous classes Matched or linked by itself, none wanted`);
  if (homonym !== undefined)
    goal(
      homonym.asExpected === homonym.rows,
      `${grouped(homonym.asExpected)} of ${grouped(homonym.rows)} homonyms shown as ambiguous, all wanted`,
    );
  goal(
    sum('asExpected', 'conflict') === sum('rows', 'conflict'),
    `${grouped(sum('asExpected', 'conflict'))} of ${grouped(sum('rows', 'conflict'))} conflicts shown as matched / identity-conflict, all wanted`,
  );
  goal(
    sum('asExpected', 'inactive_seat') === sum('rows', 'inactive_seat'),
    `${grouped(sum('asExpected', 'inactive_seat'))} of ${grouped(sum('rows', 'inactive_seat'))} leavers' licenses shown as crm-user-inactive, all wanted`,
  );
  goal(
    sum('highSuggestion', 'orphan') <= orphans / 100,
    `${((sum('highSuggestion', 'orphan') / orphans) * 100).toFixed(2)} % of the orphans with a suggestion above 0.9, at most 1 % wanted`,
  );
  goal(
    sum('wrongOwner') + quality.ownersWithoutLicense === 0,
    `${grouped(sum('wrongOwner'))} wrong owners; ${grouped(quality.ownersWithoutLicense)} CRM users without a license made an owner; none wanted`,
  );
  goal(
    quality.missing + quality.repeated + quality.unknown === 0,
    `license holders without a row ${grouped(quality.missing)}, with two ${grouped(quality.repeated)}, rows of nobody ${grouped(quality.unknown)}; none wanted`,
  );
  for (const d of quality.deviations)
    say(
      `  ${d.class} became ${d.outcome}: ${d.license}; owner ${d.owner || '–'}; suggestions ${d.suggestions || '–'}; truth ${d.truth || 'nobody'}`,
    );
}
