import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { UsageRow } from '../api.ts';
import { statusLabels } from '../core/labels.ts';
import { daysIn } from '../core/read-period.ts';
import { reportCsv } from '../core/report-csv.ts';
import { type UsageMetric, usageMetrics } from '../core/status.ts';
import { metricWords, useLabels } from '../core/usage.ts';
import type { Clock } from '../jobs/clock.ts';
import { keepUsage, undoUsage } from '../jobs/keep-usage.ts';
import { lookAtUsage, toUsageReport, usageReportOf } from '../jobs/look-at-usage.ts';
import type { Uploads } from '../jobs/receive-file.ts';
import { ReportTooLong } from '../jobs/write-report.ts';
import { type TableCell, type TableFormat, writeTable } from '../jobs/write-table.ts';
import type { Queryable, Scope } from '../store/database.ts';
import {
  findUsageReport,
  isKnownPerson,
  listUsage,
  listUsageReports,
  type StoredUsageReport,
  type UsageFilter,
  type UsageListRow,
  type UsagePosition,
  type UsageSort,
  usageOfPerson,
} from '../store/usage.ts';
import type { Handlers } from './endpoint.ts';
import { notFound, RequestRefused } from './problem.ts';

type UsageEndpoint =
  | 'getUsage'
  | 'listUsage'
  | 'getUsageFile'
  | 'listUsageReports'
  | 'createUsageReport'
  | 'undoUsageReport'
  | 'getUsageRejects'
  | 'getPersonUsage';

const position = z.tuple([z.string(), z.union([z.string(), z.number(), z.null()]), z.string()]);

/** A cursor carries its sort, so that it cannot be used under another one. */
const writeCursor = (sort: string, { value, id }: UsagePosition) => Buffer.from(JSON.stringify([sort, value, id])).toString('base64url');

function readCursor(sort: string, isName: boolean, cursor: string): UsagePosition {
  try {
    const [made, value, id] = position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    if (made !== sort) throw new Error('made under another sort');
    // Decimals travel as text.
    if (!isName && value !== null && !Number.isFinite(Number(value))) throw new Error('not a number');
    return { value, id };
  } catch (error) {
    throw new RequestRefused(400, 'The cursor does not belong to this list. Begin at the first page.', { cause: error });
  }
}

const notListed = 'Not in the license list';

const toRow = (row: UsageListRow): UsageRow => ({
  key: row.key,
  name: row.name,
  email: row.email,
  status: row.status,
  label: row.label ?? notListed,
  sentence:
    row.sentence ?? 'The newest license list has nobody with this email, seat or ID. They may have left since, or have a new email.',
  team: row.team,
  manager: row.manager,
  use: row.use,
  inReport: row.inReport,
  values: { ...row.values },
});

/** Columns of the list as a file and as a feed, in order: part of what BI tools rely on. */
export const usageColumns = [
  'period_from',
  'period_to',
  'name',
  'license_email',
  'license_id',
  'status',
  'reason',
  'team',
  'manager',
  'use',
  'days_active',
  'searches',
  'profile_views',
  'saved_leads',
  'saved_accounts',
  'inmail_sent',
  'inmail_acceptance_percent',
  'messages_sent',
  'unique_connections',
  'smart_links_created',
  'smart_links_viewed',
] as const;

const cellsOf = ({ from, to }: Pick<StoredUsageReport, 'from' | 'to'>, row: UsageListRow): TableCell[] => [
  from,
  to,
  row.name,
  row.email,
  row.licenseId,
  row.status === null ? notListed : statusLabels[row.status],
  row.label,
  row.team || null,
  row.manager || null,
  useLabels[row.use],
  ...usageMetrics.map((metric: UsageMetric) => row.values[metric]),
];

/** Everybody of a report that passes a filter, as lines of a file. */
export async function* usageLines(
  db: Queryable,
  scope: Scope,
  report: StoredUsageReport,
  filter: UsageFilter,
  sorted: { readonly sort: UsageSort; readonly order: 'asc' | 'desc' } = { sort: 'name', order: 'asc' },
): AsyncGenerator<TableCell[]> {
  for (let after: UsagePosition | null = null; ; ) {
    const page: Awaited<ReturnType<typeof listUsage>> = await listUsage(db, scope, report.id, filter, { ...sorted, after, limit: 2_000 });
    for (const row of page.rows) yield cellsOf(report, row);
    after = page.next;
    if (after === null) return;
  }
}

export const tableTypes: Readonly<Record<TableFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

async function* noLines(): AsyncGenerator<TableCell[]> {}

export function usageRoutes(uploads: Uploads & { readonly clock: Clock }): Pick<Handlers, UsageEndpoint> {
  const { pool, workspace, clock } = uploads;
  const now = () => clock.now().toISOString();
  return {
    getUsage: ({ query }) => lookAtUsage(pool, workspace, query),
    async listUsage({ query }) {
      const { report: asked, cursor, limit, sort, order, ...filter } = query;
      const { report } = await usageReportOf(pool, workspace, asked);
      if (report === null) return { rows: [], total: 0, next: null };
      const sorted = `${sort} ${order}`;
      const after = cursor === undefined ? null : readCursor(sorted, sort === 'name', cursor);
      const page = await listUsage(pool, workspace, report.id, filter, { sort, order, after, limit });
      return { rows: page.rows.map(toRow), total: page.total, next: page.next && writeCursor(sorted, page.next) };
    },
    async getUsageFile({ params, query, response }) {
      const { report: asked, sort, order, ...filter } = query;
      const { report } = await usageReportOf(pool, workspace, asked);
      const rows = report === null ? noLines() : usageLines(pool, workspace, report, filter, { sort, order });
      const pieces = writeTable(params.format, { columns: usageColumns, rows });
      const first = await pieces.next().catch((error: unknown) => {
        throw error instanceof ReportTooLong ? new RequestRefused(422, error.message, { cause: error }) : error;
      });
      const name = report === null ? 'seatmatch-usage' : `seatmatch-usage-${report.from}-to-${report.to}`;
      response.attachment(`${name}.${params.format}`).type(tableTypes[params.format]);
      if (!first.done) response.write(first.value);
      await pipeline(Readable.from(pieces), response);
    },
    async listUsageReports() {
      return { rows: (await listUsageReports(pool, workspace, 100)).map(toUsageReport) };
    },
    createUsageReport: ({ body, actor }) => keepUsage(uploads, { ...body, actor: actor.name, now: now() }),
    async undoUsageReport({ params, actor }) {
      return { sentence: await undoUsage(pool, workspace, params.id, actor.name, now()) };
    },
    async getUsageRejects({ params, response }) {
      const report = await findUsageReport(pool, workspace, params.id);
      if (report === null) throw notFound('This usage report');
      const rows = report.rejects.map(({ line, column, reason }) => [report.name, String(line), column ?? '', reason]);
      response.attachment(`seatmatch-usage-rejects-${report.from}.csv`).type(tableTypes.csv);
      response.send(reportCsv(['file', 'line', 'column', 'reason'], rows));
    },
    async getPersonUsage({ params }) {
      if (!(await isKnownPerson(pool, workspace, params.key))) throw notFound('This person');
      const rows = await usageOfPerson(pool, workspace, params.key);
      const metrics = usageMetrics.filter((metric) => rows.some((row) => row.metrics.includes(metric)));
      return {
        rows: rows.map(({ from, to, use, values }) => ({
          from,
          to,
          days: daysIn({ from, to }),
          use,
          label: useLabels[use],
          values: { ...values },
        })),
        metrics: metrics.map((metric) => ({ metric, ...metricWords[metric] })),
      };
    },
  };
}
