import { closeSync, fstatSync, openSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { FileRefused } from '../../connectors/errors.ts';
import type { Summary } from '../core/finding.ts';
import { listingSentence } from '../core/proof-sentence.ts';
import type { Reconciliation } from '../core/reconcile.ts';
import { statuses } from '../core/status.ts';
import { type ReportFormat, ReportTooLong, writeReport } from '../jobs/write-report.ts';
import { type CommandIo, type ExitCode, orRefuse } from './command-io.ts';
import { type ComparedFiles, compareFiles } from './compare-files.ts';
import { type CompareFlags, compareRequest } from './compare-request.ts';
import { rejectsCsv } from './rejects-csv.ts';
import { writeAll } from './run-ranges.ts';

const reportFormats = ['csv', 'json', 'jsonl', 'xlsx'] as const satisfies readonly ReportFormat[];

export interface ReconcileOptions extends CompareFlags {
  readonly format?: ReportFormat | undefined;
  /** Default the standard output. */
  readonly out?: string | undefined;
  readonly rejects?: string | undefined;
  readonly failOnNotMatched?: boolean | undefined;
  /** The summary as JSON on the error stream instead of words. */
  readonly json?: boolean | undefined;
  readonly onProgress?: ((share: number, phase: string) => void) | undefined;
}

/** `seatmatch reconcile`: compares two files and writes the report; the summary goes to the error stream. */
export const reconcileCommand = (options: ReconcileOptions, io: CommandIo): Promise<ExitCode> =>
  orRefuse(io, options.json, async () => {
    const started = performance.now();
    refuseOnePlaceForTwo(options);
    const request = await compareRequest(options);
    const compared = await compareFiles({ ...request, ownProcess: true, onProgress: options.onProgress });
    try {
      if (options.rejects !== undefined) writeRejectsFile(options.rejects, compared);
      await writeReportFile(compared, options);
      const seconds = (performance.now() - started) / 1000;
      const { summary } = compared.reconciliation;
      const warnings = [
        ...compared.licenses.warnings.map((text) => `${compared.licenses.proof.source}: ${text}`),
        ...compared.crm.warnings.map((text) => `${compared.crm.proof.source}: ${text}`),
        ...compared.beside,
      ];
      if (options.json === true) {
        io.err.write(
          `${JSON.stringify({ summary, proofs: { licenses: compared.licenses.proof, crm: compared.crm.proof }, warnings, rejects: rejectedRows(compared), seconds })}\n`,
        );
      } else {
        io.err.write(summaryText(compared, seconds, warnings, options.rejects));
      }
      return options.failOnNotMatched === true && (summary.byStatus['not-matched'] ?? 0) > 0 ? 3 : 0;
    } finally {
      await compared.close();
    }
  });

/** A report must not take the place of the list it is made from, nor of the rejects. */
function refuseOnePlaceForTwo({
  crm,
  licenses,
  directory,
  otherCrm = [],
  domainAlias = [],
  emailAlias = [],
  out,
  rejects,
}: ReconcileOptions): void {
  const taken = new Set(
    [crm, licenses, ...(directory === undefined ? [] : [directory]), ...otherCrm, ...domainAlias, ...emailAlias].map(placeOf),
  );
  for (const [flag, path] of [
    ['--rejects', rejects],
    ['--out', out],
  ] as const) {
    if (path === undefined || isOtherThanFile(path)) continue;
    const place = placeOf(path);
    if (taken.has(place)) throw new FileRefused('unreadable', path, `This file is named twice. Name another place with ${flag}.`);
    taken.add(place);
  }
}

function placeOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/** A report file appears whole or not at all: it is written beside its place and then takes it. */
async function writeReportFile(compared: ComparedFiles, options: ReconcileOptions): Promise<void> {
  const format = options.format ?? formatOf(options.out);
  const { reconciliation } = compared;
  if (options.out === undefined) {
    if (format === 'xlsx')
      throw new FileRefused('unreadable', 'reconcile', 'An Excel workbook cannot go to the screen. Name a file with --out report.xlsx.');
    try {
      if (format === 'csv') await compared.writeCsv(1, false);
      else await writePieces(reconciliation, format, 1);
    } catch (error) {
      // The reader has read enough (`| head`). An error of the second thread comes with its message only.
      if (!(error instanceof Error && error.message.startsWith('EPIPE'))) throw error;
    }
    return;
  }
  const partial = `${options.out}.partial`;
  const isPipe = isOtherThanFile(options.out);
  let file: number;
  try {
    file = openSync(isPipe ? options.out : partial, 'w');
  } catch (cause) {
    throw unwritable(options.out, cause);
  }
  try {
    if (format === 'csv') await compared.writeCsv(file, fstatSync(file).isFile());
    else await writePieces(reconciliation, format, file);
  } catch (error) {
    closeSync(file);
    if (!isPipe) rmSync(partial, { force: true });
    if (error instanceof ReportTooLong) throw new FileRefused('too-large', options.out, error.message, { cause: error });
    throw error;
  }
  closeSync(file);
  if (isPipe) return;
  try {
    renameSync(partial, options.out);
  } catch (cause) {
    rmSync(partial, { force: true });
    throw unwritable(options.out, cause);
  }
}

const unwritable = (path: string, cause: unknown): FileRefused =>
  new FileRefused('unreadable', path, 'The report cannot be written there. Name another place with --out.', { cause });

function isOtherThanFile(path: string): boolean {
  try {
    const file = openSync(path, 'r+');
    try {
      return !fstatSync(file).isFile();
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

const rejectedRows = ({ licenses, crm }: ComparedFiles): number => licenses.rejects.length + crm.rejects.length;

/** Written before the report, so that a place that cannot be written leaves nothing behind. */
function writeRejectsFile(path: string, compared: ComparedFiles): void {
  const partial = `${path}.partial`;
  const isPipe = isOtherThanFile(path);
  try {
    writeFileSync(isPipe ? path : partial, rejectsCsv(compared));
    if (!isPipe) renameSync(partial, path);
  } catch (cause) {
    rmSync(partial, { force: true });
    throw new FileRefused(
      'unreadable',
      path,
      'The rows that could not be used cannot be written there. Name another place with --rejects.',
      {
        cause,
      },
    );
  }
}

const formatOf = (out: string | undefined): ReportFormat =>
  reportFormats.find((format) => out?.toLowerCase().endsWith(`.${format}`)) ?? 'csv';

async function* findingsOf(reconciliation: Reconciliation) {
  for (let row = 0; row < reconciliation.length; row++) yield { ...reconciliation.at(row), explanation: reconciliation.explain(row) };
}

/** Everything but CSV, which has a faster way. */
async function writePieces(reconciliation: Reconciliation, format: ReportFormat, file: number): Promise<void> {
  for await (const piece of writeReport(format, { summary: reconciliation.summary, findings: findingsOf(reconciliation) })) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    writeAll(file, bytes, bytes.length, null);
  }
}

const plural = (n: number, one: string, many: string): string => `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;

/** The comparison in a few lines for a person at a terminal. */
function summaryText(compared: ComparedFiles, seconds: number, warnings: readonly string[], rejectsFile: string | undefined): string {
  const { summary } = compared.reconciliation;
  const lines = [
    `${summary.seatsThatSync.toLocaleString('en-US')} of ${plural(summary.licenseHolders, 'license syncs', 'licenses sync')}. Compared with ${plural(summary.crmUsers, 'CRM user', 'CRM users')}.`,
    '',
  ];
  for (const status of statuses) {
    const n = summary.byStatus[status];
    if (n === undefined) continue;
    lines.push(`${n.toLocaleString('en-US').padStart(10)}  ${status}`);
    for (const [key, count] of Object.entries(summary.byReason).sort((a, b) => b[1] - a[1])) {
      if (key.startsWith(`${status}/`)) lines.push(`${count.toLocaleString('en-US').padStart(16)}  ${key.slice(status.length + 1)}`);
    }
  }
  const { rootCauses } = summary;
  if (rootCauses.length > 0) {
    lines.push('', 'What repairs them together:');
    for (const cause of rootCauses.slice(0, 8)) lines.push(`  ${cause.title}. ${cause.repair}`);
    if (rootCauses.length > 8) lines.push(`  … and ${plural(rootCauses.length - 8, 'smaller group', 'smaller groups')}.`);
  }
  for (const alias of summary.suggestedAliases.slice(0, 3)) {
    lines.push(
      '',
      `Is ${alias.licenseDomain} the same company as ${alias.crmDomain}? ${alias.evidence} If so: --domain-alias ${alias.licenseDomain}=${alias.crmDomain}`,
    );
  }
  lines.push('', ...countedOnly(summary), ...proofLines(compared));
  const rejects = rejectedRows(compared);
  if (rejects > 0)
    lines.push(
      `${plural(rejects, 'row', 'rows')} could not be used${rejectsFile === undefined ? '. Name a file with --rejects to see each with its line and reason.' : `: see ${rejectsFile}.`}`,
    );
  for (const warning of warnings) lines.push(`Note: ${warning}`);
  const rows = compared.licenses.proof.received + compared.crm.proof.received;
  lines.push(
    `${rows.toLocaleString('en-US')} rows in ${seconds.toFixed(2)} s (${Math.round(rows / seconds).toLocaleString('en-US')} rows per second).`,
    '',
  );
  return lines.join('\n');
}

const countedWords: Readonly<Record<string, string>> = {
  'license:unassigned': 'in LinkedIn without a license',
  'license:admin-only': 'admin only in LinkedIn',
  'crm:active-without-license': 'active in the CRM without a license',
  'crm:inactive-without-license': 'inactive in the CRM without a license',
  'crm:not-people': 'CRM users that are not people (integration, portal …)',
};

function countedOnly(summary: Summary): string[] {
  const parts = Object.entries(countedWords).flatMap(([key, words]) =>
    (summary.countedOnly[key] ?? 0) > 0 ? [`${summary.countedOnly[key]!.toLocaleString('en-US')} ${words}`] : [],
  );
  return parts.length === 0 ? [] : [`Counted, not judged: ${parts.join('; ')}.`];
}

function proofLines({ licenses, crm }: ComparedFiles): string[] {
  const listings = [licenses.proof, crm.proof].filter(({ kind }) => kind === 'listing').map(listingSentence);
  return licenses.proof.kind === 'listing' ? listings : [...exportLines(licenses.proof), ...listings];
}

function exportLines({ received, rejected, expected }: ComparedFiles['licenses']['proof']): string[] {
  if (expected === null)
    return ['If you say how many users Admin Center shows (--admin-center-count), a filtered export cannot pass for a whole one.'];
  const n = received + rejected;
  return [
    n === expected
      ? `${n.toLocaleString('en-US')} rows, complete.`
      : `${n.toLocaleString('en-US')} of ${expected.toLocaleString('en-US')} users are in the export. Is it a filtered file? People are explained, but nothing can be planned from it.`,
  ];
}
