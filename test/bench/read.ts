/**
 * How near to the vendors' own limits a full read is, and what the comparison adds to it.
 *
 *     npm run bench:read                         50,000 users from each CRM, 150 ms a call
 *     npm run bench:read -- --people 10000 --latency 150 --rounds 3 --crm dynamics,zoho
 *
 * The floor is what nobody can go below who speaks the vendor's protocol: the calls that a whole list needs (an access token where it is
 * fetched, and pages of the documented size), one after the other where a page names the next, five at once where pages have numbers (the
 * limit of Zoho's smallest edition), each as long as the latency, and no faster than the rate limit. Our own calls beside those (which org
 * answers, how many there are, who was deactivated meanwhile) count as ours. What counts is the median of the rounds; the least says more
 * where the machine has other things to do.
 *
 * The comparison is with as many license holders as there are users, of whom one in twenty has another address; they are read and indexed
 * while the CRM is read, and only what comes after that read counts. Its CPU time is a share of the CRM's read alone, and of a whole run,
 * which reads LinkedIn's side at the same time: over SCIM that is 100 people a page and one request a second (the defaults for what LinkedIn
 * does not document).
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type AccountField, accountFields, type UserField } from '../../connectors/connector.ts';
import { connect } from '../../connectors/registry.ts';
import { indexAccounts } from '../../server/core/index-people.ts';
import { looseRoom } from '../../server/core/kernels/room.ts';
import { collectPeople, fieldIndex, textAt } from '../../server/core/people.ts';
import { reconcile } from '../../server/core/reconcile.ts';
import { defaultSettings } from '../../server/core/settings.ts';
import type { ServedCrm } from './serve-crm.ts';

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '50000' },
    latency: { type: 'string', default: '150' },
    rounds: { type: 'string', default: '3' },
    crm: { type: 'string', default: 'salesforce,hubspot,zoho,dynamics' },
  },
});
const people = Number(values.people);
const latencyMs = Number(values.latency);
const rounds = Number(values.rounds);
/** LinkedIn's side of a run, by its floor. */
const licensesMs = Math.ceil(people / 100) * 1_000;
const goal = { read: 1.15, comparison: 0.05 };

/** The calls of a whole list, by the vendors' pages (docs/connections.md names them). */
interface Protocol {
  readonly signIns: number;
  /** Of each list that a whole read consists of. */
  readonly pageSizes: readonly number[];
  readonly atOnce: number;
  readonly rate: { readonly requests: number; readonly windowMs: number } | null;
}
const protocols: Readonly<Record<string, Protocol>> = {
  salesforce: { signIns: 1, pageSizes: [2_000], atOnce: 1, rate: null },
  hubspot: { signIns: 0, pageSizes: [100, 500], atOnce: 1, rate: { requests: 100, windowMs: 10_000 } },
  zoho: { signIns: 1, pageSizes: [200], atOnce: 5, rate: null },
  dynamics: { signIns: 1, pageSizes: [5_000], atOnce: 1, rate: { requests: 6_000, windowMs: 300_000 } },
};

function floorMs({ signIns, pageSizes, atOnce, rate }: Protocol, lists: readonly number[]): number {
  const pages = lists.reduce((sum, length, list) => sum + Math.ceil(length / pageSizes[list]!), 0);
  const byLatency = (signIns + Math.ceil(pages / atOnce)) * latencyMs;
  const byRate = rate === null ? 0 : (Math.ceil((signIns + pages) / rate.requests) - 1) * rate.windowMs + latencyMs;
  return Math.max(byLatency, byRate);
}

/** All rounds against one simulator, each with an opening of the connection of its own. */
async function readRounds(crm: string) {
  const child: ChildProcess = fork(resolve(import.meta.dirname, 'serve-crm.ts'), [crm, String(people), String(latencyMs)]);
  try {
    const [{ settings, lists }] = (await once(child, 'message')) as [ServedCrm];
    const all = [];
    for (let round = 0; round < rounds; round++) all.push(await readOnce(crm, settings));
    return { floor: floorMs(protocols[crm]!, lists), all };
  } finally {
    child.disconnect();
    await once(child, 'exit');
  }
}

async function readOnce(crm: string, settings: ServedCrm['settings']) {
  const connection = connect(settings);
  if (connection.side !== 'crm') throw new TypeError(`${crm} is no CRM.`);
  const collected = collectPeople<UserField>();
  const cpu = process.cpuUsage();
  const started = performance.now();
  const proof = await connection.connector.listUsers(collected);
  const readMs = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  const users = collected.people();
  const settingsOf = { ...defaultSettings, crm, crmName: crm, asOf: proof.asOf };
  const holders = holdersOf(users);
  const holderIndex = indexAccounts(holders);
  const before = process.cpuUsage();
  reconcile(users, holders, settingsOf, looseRoom, holderIndex);
  const compared = process.cpuUsage(before);
  if (proof.received < people * 0.95) throw new Error(`${crm}: ${proof.received} people of ${people}.`);
  return { readMs, cpuMs: (user + system) / 1_000, compareMs: (compared.user + compared.system) / 1_000 };
}

/** As many license holders as there are users, one in twenty under an older domain. */
function holdersOf(users: ReturnType<ReturnType<typeof collectPeople<UserField>>['people']>) {
  const collected = collectPeople<AccountField>(users.count);
  const email = fieldIndex(users, 'email');
  collected.begin(accountFields);
  collected.records(
    Array.from({ length: users.count }, (_, row) => {
      const address = textAt(users, row, email);
      return {
        seatId: `S${row}`,
        email: row % 20 === 0 ? address.replace(/@.*/, '@oldco.example') : address,
        licenseStatus: 'Activated',
        licenseType: 'Sales Navigator Advanced Plus',
      };
    }),
  );
  return collected.people();
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
const percent = (share: number): string => `${(share * 100).toFixed(share < 0.001 ? 3 : 1)} %`;
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;

console.log(
  `${people.toLocaleString('en-US')} users, ${latencyMs} ms a call, median of ${rounds}; goals: read at most ${goal.read} × the floor, comparison at most ${goal.comparison * 100} % of the run`,
);
console.log('| CRM | floor | read | × floor | least | our CPU time | comparison | of this read | of the run |');
console.log('|---|---|---|---|---|---|---|---|---|');
let missed = false;
for (const crm of values.crm.split(',')) {
  if (!(crm in protocols)) throw new TypeError(`There is no CRM ${crm}.`);
  const { floor, all } = await readRounds(crm);
  const [readMs, cpuMs, compareMs] = [
    median(all.map((one) => one.readMs)),
    median(all.map((one) => one.cpuMs)),
    median(all.map((one) => one.compareMs)),
  ];
  // Both sides are read at once.
  const runMs = Math.max(readMs, licensesMs);
  const ratio = readMs / floor;
  const least = Math.min(...all.map((one) => one.readMs)) / floor;
  if (ratio > goal.read || compareMs / runMs > goal.comparison) missed = true;
  console.log(
    `| ${crm} | ${seconds(floor)} | ${seconds(readMs)} | ${ratio.toFixed(3)} | ${least.toFixed(3)} | ${seconds(cpuMs)} | ${seconds(compareMs)} | ${percent(compareMs / readMs)} | ${percent(compareMs / runMs)} |`,
  );
}
if (missed) console.log('A goal was missed.');
