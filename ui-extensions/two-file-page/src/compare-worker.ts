/** The thread of the page: reads both lists, compares them, plans. What decides is imported as the command line has it. */

import { accountFields, userFields } from '../../../connectors/connector.ts';
import { openUserFile } from '../../../connectors/crm-csv/connector.ts';
import { FileRefused } from '../../../connectors/errors.ts';
import { openAccountFile } from '../../../connectors/linkedin-files/connector.ts';
import { comparisonSettings } from '../../../server/commands/comparison-settings.ts';
import { writeIdFile, writePlanRows } from '../../../server/commands/linkedin-upload.ts';
import { planSides, sidesOf } from '../../../server/commands/plan-sides.ts';
import { readAccounts, readUsers } from '../../../server/commands/read-sides.ts';
import { rejectsCsv } from '../../../server/commands/rejects-csv.ts';
import { canonicalDomain } from '../../../server/core/domain-groups.ts';
import type { Finding } from '../../../server/core/finding.ts';
import { createCsvWriter, longestLine, mostLines, reportColumns, writeLines } from '../../../server/core/findings-csv.ts';
import { licenseHoldersOf } from '../../../server/core/id-file.ts';
import { looseRoom } from '../../../server/core/kernels/room.ts';
import { listsOf } from '../../../server/core/plan-lists.ts';
import { peopleOf } from '../../../server/core/plan-price.ts';
import { type Reconciliation, reconcile } from '../../../server/core/reconcile.ts';
import { type Reason, reasons, type Status, statuses } from '../../../server/core/status.ts';
import { wordings } from '../../../server/core/wording.ts';
import type { Answered, Ask, Compared, Download, Kind, Looked, Planned, Query, Questions, Said } from './messages.ts';

type Sides = { readonly licenses: Awaited<ReturnType<typeof readAccounts>>; readonly crm: Awaited<ReturnType<typeof readUsers>> };
type Current = Sides & { readonly reconciliation: Reconciliation };

/** What is compared now; a new comparison takes its place. */
let current: Current | null = null;
/** Findings that were looked at, by row: searching makes all that pass the filters. */
let made = new Map<number, Finding>();

const say = (message: Said): void => self.postMessage(message);
const compared = (): Current => {
  if (current === null) throw new TypeError('Nothing was compared yet.');
  return current;
};

const bytesOf = async (file: File): Promise<Uint8Array> => new Uint8Array(await file.arrayBuffer());

const nothing = { begin() {}, rows() {}, records() {} };

async function look({ side, file, map }: Questions['look']['ask']): Promise<Looked> {
  const bytes = await bytesOf(file);
  const options = { name: file.name, map };
  const isLicenses = side === 'licenses';
  const opened = isLicenses ? await openAccountFile(bytes, options) : await openUserFile(bytes, options);
  const kind = opened.kind === 'users' && 'crm' in opened ? opened.crm : 'admin-center-users';
  // Other files of LinkedIn's are refused as soon as somebody would read people from them.
  if ('listAccounts' in opened && opened.kind !== 'users' && opened.kind !== 'full-export') await opened.listAccounts(nothing);
  const fieldOf = new Map<number, string>(opened.mapping.map(({ index, field }) => [index, field]));
  return {
    side,
    name: file.name,
    kind,
    rows: opened.csv.rows.count,
    mapping: opened.csv.header.map((column, index) => ({ column, field: fieldOf.get(index) ?? null })),
    fields: (isLicenses ? accountFields : userFields).filter((field) => !isLicenses || field !== 'id'),
    missing: opened.missing,
    warnings: opened.warnings,
    preview: opened.csv.preview,
  };
}

const sideOf = async ({ file, map, exportedAt, expected }: Answered) => ({
  bytes: await bytesOf(file),
  name: file.name,
  map,
  exportedAt,
  expected,
});

async function compare({ licenses: one, crm: other, settings }: Questions['compare']['ask']): Promise<Compared> {
  const started = performance.now();
  current = null;
  made = new Map();
  const wrong = [...settings.companyDomains, ...settings.domainAliases.flatMap(({ old, current }) => [old, current])].find(
    (domain) => canonicalDomain(domain) === null,
  );
  if (wrong !== undefined) throw new FileRefused('bad-map', one.file.name, `“${wrong}” is not a domain. Write for example acme.example.`);
  const licenses = await readAccounts(await sideOf(one), looseRoom, undefined, (share) =>
    say({ progress: 0.2 * share, phase: 'licenses' }),
  );
  const crm = await readUsers(await sideOf(other), undefined, looseRoom, undefined, (share) =>
    say({ progress: 0.2 + 0.2 * share, phase: 'crm' }),
  );
  say({ progress: 0.4, phase: 'comparing' });
  const reconciliation = reconcile(
    crm.people,
    licenses.people,
    comparisonSettings(licenses, crm, settings),
    looseRoom,
    licenses.index,
    (share) => say({ progress: 0.4 + 0.6 * share, phase: 'comparing' }),
  );
  current = { licenses, crm, reconciliation };
  const { received, rejected, expected } = licenses.proof;
  return {
    summary: reconciliation.summary,
    crmName: reconciliation.context.stage.settings.crmName,
    reasons: reasonsOf(reconciliation),
    warnings: [licenses, crm].flatMap(({ warnings, proof }) => warnings.map((warning) => `${proof.source}: ${warning}`)),
    rejects: licenses.rejects.length + crm.rejects.length,
    licenses: { rows: received + rejected, expected },
    ms: performance.now() - started,
  };
}

/** Counts in the order of the statuses, the largest first in each. */
function reasonsOf({ summary }: Reconciliation): Compared['reasons'] {
  return Object.entries(summary.byReason)
    .filter(([, count]) => count > 0)
    .map(([key, count]) => {
      const [status, reason] = key.split('/') as [Status, Reason];
      return { status, reason, count, label: reason in wordings ? wordings[reason as keyof typeof wordings].label : reason };
    })
    .sort((a, b) => statuses.indexOf(a.status) - statuses.indexOf(b.status) || b.count - a.count);
}

const pageSize = 50;

function findingAt(row: number): Finding {
  let finding = made.get(row);
  if (finding === undefined) {
    finding = compared().reconciliation.at(row);
    made.set(row, finding);
  }
  return finding;
}

const nameOf = ({ license, crmUser }: Finding): string => license?.name || crmUser?.name || '';

function find({ status, reason, search, sort, descending, page }: Query): Questions['find']['answer'] {
  const { reconciliation } = compared();
  const { holders } = reconciliation;
  const { verdicts } = reconciliation.context.stage;
  const wanted = search.trim().toLowerCase();
  const rows: number[] = [];
  for (let row = 0; row < reconciliation.length; row++) {
    const i = row < holders.length ? holders[row]! : -1;
    const decided = i < 0 ? findingAt(row) : { status: statuses[verdicts.status[i]!]!, reason: reasons[verdicts.reason[i]!]! };
    if ((status !== null && decided.status !== status) || (reason !== null && decided.reason !== reason)) continue;
    if (wanted !== '' && !textOf(findingAt(row)).includes(wanted)) continue;
    rows.push(row);
  }
  const keyOf = (row: number): string => {
    const finding = findingAt(row);
    return sort === 'name' ? nameOf(finding) : sort === 'email' ? (finding.license?.email ?? finding.crmUser?.email ?? '') : finding.label;
  };
  const order = new Intl.Collator();
  const keys = new Map(rows.map((row) => [row, keyOf(row)]));
  rows.sort((a, b) => (descending ? -1 : 1) * order.compare(keys.get(a)!, keys.get(b)!) || a - b);
  return {
    total: rows.length,
    rows: rows.slice(page * pageSize, (page + 1) * pageSize).map((row) => ({ row, finding: findingAt(row) })),
  };
}

const textOf = ({ license, crmUser }: Finding): string =>
  [license?.name, license?.email, license?.id, crmUser?.name, crmUser?.email, crmUser?.id].join('\n').toLowerCase();

function plan(answers: Questions['plan']['ask']): Planned {
  const sides = sidesOf(compared(), answers.notASandbox);
  const at = new Date().toISOString();
  const id = Array.from(crypto.getRandomValues(new Uint8Array(4)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const outcome = planSides(sides, { id, at, by: 'two-file page', canaryProven: answers.canaryProven });
  if (outcome.kind === 'stopped') return { kind: 'stopped', trips: outcome.trips };
  const { plan } = outcome;
  const [file, ...others] = plan.files;
  const ids = writeIdFile(sides.ids ?? [], [...sides.others, ...licenseHoldersOf(sides.findings)]);
  const counts: Readonly<Record<string, number>> = {
    'crm-change-list.csv': plan.crmChanges.length,
    'identity-request.csv': plan.identityRequests.length,
    'left-out.csv': plan.leftOut.length,
    'ids.csv': ids.rows,
  };
  return {
    kind: 'plan',
    price: plan.price,
    people: peopleOf(plan).length,
    expiresAt: plan.expiresAt,
    first:
      file === undefined
        ? null
        : { name: file.name, rows: file.rows.length, text: writePlanRows(file.kind, file.rows, plan.idColumn), canary: file.canary },
    later: others.reduce((sum, { rows }) => sum + rows.length, 0),
    lists: Object.entries({ ...listsOf(plan), 'ids.csv': ids.text })
      .map(([name, text]): Download => ({ name, text, rows: counts[name] ?? 0 }))
      .filter(({ rows }) => rows > 0),
    notes: plan.notes,
  };
}

function report(): Blob {
  const { context, holders, unlicensed, length } = compared().reconciliation;
  const writer = createCsvWriter(context);
  const rows = { holders, unlicensed };
  const parts: BlobPart[] = [`${reportColumns.join(',')}\n`];
  const own = new Uint8Array(mostLines * 512 + longestLine);
  for (let from = 0; from < length; from += mostLines) {
    const { out, length: end } = writeLines(writer, rows, from, Math.min(length, from + mostLines), own);
    parts.push(out.slice(0, end));
  }
  return new Blob(parts, { type: 'text/csv' });
}

const answers: { readonly [K in Kind]: (ask: Questions[K]['ask']) => Questions[K]['answer'] | Promise<Questions[K]['answer']> } = {
  look,
  compare,
  find,
  person: (row) => ({ finding: findingAt(row), explanation: compared().reconciliation.explain(row) }),
  plan,
  report,
  rejects: () => new Blob([rejectsCsv(compared())], { type: 'text/csv' }),
};

// One after the other: a search that is typed while a comparison runs comes after it.
let last: Promise<void> = Promise.resolve();
self.addEventListener('message', ({ data: { id, kind, ask } }: MessageEvent<Ask>) => {
  last = last.then(async () => {
    try {
      say({ id, answer: await answers[kind](ask as never) });
    } catch (error) {
      say({ id, sentence: error instanceof FileRefused ? error.sentence : null, error: String(error) });
    }
  });
});
