import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import type { NewReconciliation, Reconciliation, ReconciliationRow } from '../api.ts';
import type { Summary } from '../core/finding.ts';
import { reportCsv } from '../core/report-csv.ts';
import type { Clock } from '../jobs/clock.ts';
import type { ConnectionDesk } from '../jobs/connection-desk.ts';
import { type OfferTools, offerFiles } from '../jobs/offer-files.ts';
import { answerHeldReconciliation } from '../jobs/run-reconciliation.ts';
import { startComparison } from '../jobs/start-comparison.ts';
import { type ReportFormat, ReportTooLong, writeReport } from '../jobs/write-report.ts';
import type { Engine } from '../store/engine.ts';
import { findingsOfRun } from '../store/finding.ts';
import {
  findReconciliation,
  listReconciliations,
  listRejects,
  type RunSource,
  type StoredReconciliation,
} from '../store/reconciliation.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';
import { notFound, RequestRefused } from './problem.ts';

export interface Reconciliations {
  readonly pool: pg.Pool;
  readonly engine: Engine;
  readonly workspace: Workspace;
  /** Who brought the demo's files; null outside the demo. */
  readonly demoActor: string | null;
  readonly leaveDemo: () => void;
  readonly connections: () => Promise<ConnectionDesk>;
  readonly clock: Clock;
  readonly offerTools: OfferTools;
}

type ReconciliationEndpoint =
  | 'createReconciliation'
  | 'repeatReconciliation'
  | 'listReconciliations'
  | 'getReconciliation'
  | 'answerReconciliation'
  | 'getReport'
  | 'getRejects'
  | 'listFiles'
  | 'getFile';

const reportTypes: Readonly<Record<ReportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  jsonl: 'application/jsonl; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** A reconciliation as a line of a list. */
export function toReconciliationRow(run: StoredReconciliation): ReconciliationRow {
  const { summary } = run;
  return {
    id: run.id,
    number: run.number,
    state: run.state,
    progress: run.progress,
    phase: run.phase,
    question: run.question && {
      ...run.question,
      choices: [
        { answer: 'release', label: run.question.id === 'sandbox' ? 'Compare it all the same' : 'It is right, store it' },
        { answer: 'discard', label: 'Throw it away' },
      ],
    },
    refusal: run.refusal,
    crmName: run.crmName,
    files: run.files,
    createdAt: run.createdAt,
    createdBy: run.createdBy,
    finishedAt: run.finishedAt,
    headline: summary && {
      seatsThatSync: summary.seatsThatSync,
      seats: summary.licenseHolders,
      notMatched: summary.byStatus['not-matched'] ?? 0,
    },
    changes: run.changes,
  };
}

/** An id alone is that of a file. */
const sourceOf = (asked: NewReconciliation['crm']): RunSource => (typeof asked === 'string' ? { upload: asked } : asked);

const toReconciliation = (run: StoredReconciliation): Reconciliation => ({
  ...toReconciliationRow(run),
  summary: run.summary,
  proofs: run.proofs,
  rejects: run.rejects,
  warnings: run.warnings,
  otherCrms: [...(run.request.otherCrms ?? [])],
  crmOrigin: run.crmOrigin,
});

export function reconciliationRoutes(parts: Reconciliations): Pick<Handlers, ReconciliationEndpoint> {
  const { pool, engine, workspace, clock, offerTools } = parts;

  async function find(id: string): Promise<StoredReconciliation> {
    const run = await findReconciliation(pool, workspace, id);
    if (!run) throw notFound('This comparison');
    return run;
  }

  async function findDone(id: string): Promise<StoredReconciliation & { summary: Summary; asOf: string }> {
    const run = await find(id);
    const { summary, asOf } = run;
    if (run.state !== 'done' || !summary || !asOf) {
      throw new RequestRefused(409, run.refusal ?? 'This comparison is not finished yet. Wait until it is done, then try again.');
    }
    return { ...run, summary, asOf };
  }

  const day = (run: StoredReconciliation) => run.createdAt.slice(0, 10);

  return {
    async createReconciliation({ body, actor }) {
      const { licenses, crm, otherCrms, ...said } = body;
      const sources = { licenses: sourceOf(licenses), crm: sourceOf(crm), otherCrms: otherCrms?.map(sourceOf) };
      return { id: await startComparison(parts, { ...said, ...sources }, actor.name) };
    },
    async repeatReconciliation({ params, actor }) {
      const run = await find(params.id);
      const { adminCenterCount, exportedAt, crmExportedAt, settings } = run.request;
      const answers = run.request.answers.sandbox ? { sandbox: 'release' as const } : {};
      const again = { licenses: run.licenses, crm: run.crm, crmName: run.crmName, otherCrms: run.request.otherCrms ?? [] };
      return { id: await startComparison(parts, { ...again, adminCenterCount, exportedAt, crmExportedAt, answers, settings }, actor.name) };
    },
    async listReconciliations({ query }) {
      const before = query.cursor === undefined ? null : Number(query.cursor);
      if (before !== null && !(Number.isInteger(before) && before > 0 && before < 2 ** 31)) {
        throw new RequestRefused(400, 'The cursor does not belong to this list. Begin at the first page.');
      }
      const rows = await listReconciliations(pool, workspace, { before, limit: query.limit + 1 });
      const shown = rows.slice(0, query.limit);
      return { rows: shown.map(toReconciliationRow), next: rows.length > shown.length ? String(shown.at(-1)!.number) : null };
    },
    async getReconciliation({ params }) {
      return toReconciliation(await find(params.id));
    },
    async answerReconciliation({ params, body, actor }) {
      const run = await find(params.id);
      const held = await answerHeldReconciliation(pool, engine, workspace, actor.name, run.id, body.answer, body.reason ?? null);
      if (!held) throw new RequestRefused(409, 'This comparison has no open question. Somebody may have answered it already.');
      return toReconciliation(await find(params.id));
    },
    async getReport({ params, response }) {
      const run = await findDone(params.id);
      const findings = findingsOfRun(pool, workspace, run);
      const pieces = writeReport(params.format, { findings, summary: run.summary });
      // What cannot be written shows itself with the first piece, while the answer can still say so.
      const first = await pieces.next().catch((error: unknown) => {
        throw error instanceof ReportTooLong ? new RequestRefused(422, error.message, { cause: error }) : error;
      });
      response.attachment(`seatmatch-report-${day(run)}.${params.format}`).type(reportTypes[params.format]);
      if (!first.done) response.write(first.value);
      await pipeline(Readable.from(pieces), response);
    },
    async getRejects({ params, response }) {
      const run = await find(params.id);
      const rejects = await listRejects(pool, workspace, run.id);
      response.attachment(`seatmatch-rejects-${day(run)}.csv`).type(reportTypes.csv);
      const rows = rejects.map(({ side, line, column, reason }) => [run.files[side], String(line), column ?? '', reason]);
      response.send(reportCsv(['file', 'line', 'column', 'reason'], rows));
    },
    async listFiles({ params }) {
      const { files, leftOut, refusal } = await offerFiles(
        pool,
        workspace,
        await findDone(params.id),
        offerTools,
        clock.now().toISOString(),
      );
      return {
        files: files.map(({ kind, name, rows, sentence, forLinkedIn, actor }) => ({ kind, name, rows, sentence, forLinkedIn, actor })),
        leftOut: [...leftOut],
        refusal,
      };
    },
    async getFile({ params, response }) {
      const { files } = await offerFiles(pool, workspace, await findDone(params.id), offerTools, clock.now().toISOString());
      const file = files.find(({ name }) => name === params.name);
      if (!file) throw new RequestRefused(404, `There is no file ${params.name} any more. Open the list of files again.`);
      response.attachment(file.name).type(reportTypes.csv).send(file.text());
    },
  };
}
