import type pg from 'pg';
import { ofEachMetric, type Status, type UsageMetric, type UsageView, type UseState, usageMetrics } from '../core/status.ts';
import type { UsageGroup, UsageHolder, UsagePerson, UsageValues } from '../core/usage.ts';
import { type Queryable, type Scope, storable } from './database.ts';
import { notify } from './notify.ts';

/** The column that keeps a metric. */
const columnOf = {
  daysActive: 'days_active',
  searches: 'searches',
  profileViews: 'profile_views',
  savedLeads: 'saved_leads',
  savedAccounts: 'saved_accounts',
  inMailSent: 'inmail_sent',
  inMailAcceptance: 'inmail_acceptance',
  messages: 'messages',
  connections: 'connections',
  smartLinksCreated: 'smart_links_created',
  smartLinksViewed: 'smart_links_viewed',
} as const satisfies Record<UsageMetric, string>;

const metricColumns = usageMetrics.map((metric) => columnOf[metric]);

export interface StoredReject {
  readonly line: number;
  readonly column: string | null;
  readonly reason: string;
}

/** A usage report as it was brought. */
export interface StoredUsageReport {
  readonly id: string;
  readonly name: string;
  /** Both days belong to it, YYYY-MM-DD. */
  readonly from: string;
  readonly to: string;
  /** Those that it has a column of. */
  readonly metrics: readonly UsageMetric[];
  readonly rows: number;
  readonly rejects: readonly StoredReject[];
  readonly note: string | null;
  readonly broughtBy: string;
  readonly broughtAt: string;
  /** A newer report of the same period stands in its place. */
  readonly isReplaced: boolean;
  readonly undone: { readonly by: string; readonly at: string } | null;
}

interface ReportRow {
  report_id: string;
  name: string;
  from_day: string;
  to_day: string;
  metrics: UsageMetric[];
  rows: number;
  rejects: StoredReject[];
  note: string | null;
  brought_by: string;
  brought_at: Date;
  replaced_by: string | null;
  undone_by: string | null;
  undone_at: Date | null;
}

const reportColumns = `report_id, name, from_day::text, to_day::text, metrics, rows, rejects, note, brought_by, brought_at, replaced_by,
  undone_by, undone_at`;
const isCurrent = 'replaced_by is null and undone_at is null';

const toReport = (row: ReportRow): StoredUsageReport => ({
  id: row.report_id,
  name: row.name,
  from: row.from_day,
  to: row.to_day,
  metrics: row.metrics,
  rows: row.rows,
  rejects: row.rejects,
  note: row.note,
  broughtBy: row.brought_by,
  broughtAt: row.brought_at.toISOString(),
  isReplaced: row.replaced_by !== null,
  undone: row.undone_by === null ? null : { by: row.undone_by, at: row.undone_at!.toISOString() },
});

/** A row on its way into the store. */
export interface NewUsageRow extends UsagePerson {
  readonly line: number;
  readonly name: string;
  readonly key: string | null;
  readonly use: UseState;
  readonly values: UsageValues;
}

/** Says that a report came, went, or was joined anew. */
export const tellUsage = (db: Queryable, scope: Scope, id: string): Promise<void> =>
  notify(db, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'usage', id });

/** One change at a time of a contract's reports. Call it in a transaction, before anything is read. */
export const lockUsage = (client: pg.ClientBase, scope: Scope): Promise<unknown> =>
  client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`usage ${scope.contractId}`]);

/** The current reports, the newest period first. */
export async function currentUsageReports(db: Queryable, scope: Scope): Promise<StoredUsageReport[]> {
  const { rows } = await db.query<ReportRow>(
    `select ${reportColumns} from usage_report where workspace_id = $1 and contract_id = $2 and ${isCurrent}
     order by to_day desc, from_day desc`,
    [scope.workspaceId, scope.contractId],
  );
  return rows.map(toReport);
}

/** Every report that was brought, the last one first; those that were replaced or undone too. */
export async function listUsageReports(db: Queryable, scope: Scope, limit: number): Promise<StoredUsageReport[]> {
  const { rows } = await db.query<ReportRow>(
    `select ${reportColumns} from usage_report where workspace_id = $1 and contract_id = $2 order by brought_at desc, report_id limit $3`,
    [scope.workspaceId, scope.contractId, limit],
  );
  return rows.map(toReport);
}

export async function findUsageReport(db: Queryable, scope: Scope, id: string): Promise<StoredUsageReport | null> {
  const { rows } = await db.query<ReportRow>(
    `select ${reportColumns} from usage_report where workspace_id = $1 and contract_id = $2 and report_id = $3`,
    [scope.workspaceId, scope.contractId, id],
  );
  return rows[0] ? toReport(rows[0]) : null;
}

/** Whether these very bytes are a current report of this period. */
export async function hasUsageReport(db: Queryable, scope: Scope, sha256: string): Promise<boolean> {
  const { rowCount } = await db.query(`select from usage_report where workspace_id = $1 and contract_id = $2 and sha256 = $3`, [
    scope.workspaceId,
    scope.contractId,
    sha256,
  ]);
  return Boolean(rowCount);
}

/**
 * Keeps a report with its rows. One of the same period that was current is replaced by it: its id is returned. Call it in a transaction that
 * holds `lockUsage`.
 */
export async function insertUsageReport(
  client: pg.ClientBase,
  scope: Scope,
  report: Pick<StoredUsageReport, 'id' | 'name' | 'from' | 'to' | 'metrics' | 'rejects' | 'note' | 'broughtBy' | 'broughtAt'> & {
    readonly sha256: string;
  },
  rows: readonly NewUsageRow[],
): Promise<string | null> {
  const { rows: before } = await client.query<{ report_id: string }>(
    `update usage_report set replaced_by = $5 where workspace_id = $1 and contract_id = $2 and from_day = $3 and to_day = $4 and ${isCurrent}
     returning report_id`,
    [scope.workspaceId, scope.contractId, report.from, report.to, report.id],
  );
  await client.query(
    `insert into usage_report (workspace_id, contract_id, report_id, name, sha256, from_day, to_day, metrics, rows, rejects, note, brought_by,
       brought_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      scope.workspaceId,
      scope.contractId,
      report.id,
      report.name,
      report.sha256,
      report.from,
      report.to,
      report.metrics,
      rows.length,
      JSON.stringify(report.rejects),
      report.note,
      report.broughtBy,
      report.broughtAt,
    ],
  );
  const numbers = usageMetrics.map((metric) => rows.map(({ values }) => values[metric]));
  await client.query(
    `insert into usage_row (workspace_id, report_id, line, seat_id, unique_user_id, email, name, key, use, ${metricColumns.join(', ')})
     select $1::uuid, $2::uuid, * from unnest($3::integer[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
       ${usageMetrics.map((metric, n) => `$${10 + n}::${metric === 'inMailAcceptance' ? 'numeric' : 'integer'}[]`).join(', ')})`,
    [
      scope.workspaceId,
      report.id,
      rows.map(({ line }) => line),
      rows.map(({ seatId }) => storable(seatId)),
      rows.map(({ uniqueUserId }) => storable(uniqueUserId)),
      rows.map(({ email }) => storable(email)),
      rows.map(({ name }) => storable(name)),
      rows.map(({ key }) => key),
      rows.map(({ use }) => use),
      ...numbers,
    ],
  );
  return before[0]?.report_id ?? null;
}

/**
 * Takes a current report away; the one that it replaced is current again: its id is returned. Undefined: there is no such current report.
 * Call it in a transaction that holds `lockUsage`.
 */
export async function undoUsageReport(
  client: pg.ClientBase,
  scope: Scope,
  id: string,
  by: string,
  at: string,
): Promise<string | null | undefined> {
  const { rowCount } = await client.query(
    `update usage_report set undone_by = $4, undone_at = $5 where workspace_id = $1 and contract_id = $2 and report_id = $3 and ${isCurrent}`,
    [scope.workspaceId, scope.contractId, id, by, at],
  );
  if (!rowCount) return undefined;
  const { rows } = await client.query<{ report_id: string }>(
    `update usage_report set replaced_by = null where workspace_id = $1 and contract_id = $2 and replaced_by = $3 returning report_id`,
    [scope.workspaceId, scope.contractId, id],
  );
  return rows[0]?.report_id ?? null;
}

/** Everybody of the newest license list, as reports are joined with. */
export async function usageHolders(db: Queryable, scope: Scope): Promise<UsageHolder[]> {
  const { rows } = await db.query<UsageHolder>(
    `select key, license_id as "licenseId", coalesce(body #>> '{license,seatId}', '') as "seatId",
       coalesce(body #>> '{license,uniqueUserId}', '') as "uniqueUserId", coalesce(body #>> '{license,email}', '') as email
     from finding where workspace_id = $1 and contract_id = $2 and to_run is null and license_id is not null`,
    [scope.workspaceId, scope.contractId],
  );
  return rows;
}

/** Whom the rows of a report are about, by line. */
export async function usagePeople(
  db: Queryable,
  scope: Scope,
  id: string,
): Promise<(UsagePerson & { readonly line: number; readonly key: string | null })[]> {
  const { rows } = await db.query<UsagePerson & { line: number; key: string | null }>(
    `select line, seat_id as "seatId", unique_user_id as "uniqueUserId", email, key from usage_row
     where workspace_id = $1 and report_id = $2 order by line`,
    [scope.workspaceId, id],
  );
  return rows;
}

/** Says anew whose some rows of a report are. */
export async function setUsageKeys(
  db: Queryable,
  scope: Scope,
  id: string,
  changed: readonly { readonly line: number; readonly key: string | null }[],
): Promise<void> {
  await db.query(
    `update usage_row u set key = n.key from unnest($3::integer[], $4::text[]) as n(line, key)
     where u.workspace_id = $1 and u.report_id = $2 and u.line = n.line`,
    [scope.workspaceId, id, changed.map(({ line }) => line), changed.map(({ key }) => key)],
  );
}

/** What the lists of a report are asked for. */
export interface UsageFilter {
  readonly view: UsageView;
  readonly status?: Status | undefined;
  readonly use?: UseState | undefined;
  /** '' is nobody's team. */
  readonly team?: string | undefined;
  readonly manager?: string | undefined;
  /** Part of the name, an email or an id. */
  readonly search?: string | undefined;
}

export type UsageSort = 'name' | UsageMetric;

/** Somebody of the license list beside what a report says, or somebody whom only the report has. */
export interface UsageListRow {
  /** Of the person; null for whom the license list does not have. */
  readonly key: string | null;
  readonly name: string;
  readonly email: string;
  readonly licenseId: string | null;
  readonly status: Status | null;
  readonly label: string | null;
  readonly sentence: string | null;
  readonly team: string;
  readonly manager: string;
  readonly use: UseState;
  /** Whether the report has a row of theirs. */
  readonly inReport: boolean;
  readonly values: UsageValues;
}

/** The current people of the contract with what report $3 says of them, and those of the report who are nobody of them. */
const people = `people as (
  select f.key, f.key as id, f.body #>> '{license,name}' as name, f.body #>> '{license,email}' as email, f.license_id, f.status, f.label,
    f.body ->> 'sentence' as sentence, coalesce(d.detail #>> '{crm,team}', '') as team, coalesce(d.detail #>> '{crm,manager}', '') as manager,
    f.sort_name, f.search, coalesce(u.use, 'unknown') as use, u.line is not null as in_report,
    ${metricColumns.map((column) => `u.${column}`).join(', ')}
  from finding f
  left join person_detail d on d.workspace_id = f.workspace_id and d.contract_id = f.contract_id and d.key = f.key
  left join usage_row u on u.workspace_id = f.workspace_id and u.report_id = $3 and u.key = f.key
  where f.workspace_id = $1 and f.contract_id = $2 and f.to_run is null and f.license_id is not null
  union all
  select null, 'line:' || u.line, u.name, u.email, null, null, null, null, '', '', lower(coalesce(nullif(u.name, ''), u.email)) collate "C",
    lower(concat_ws(chr(10), u.name, u.email, u.unique_user_id, u.seat_id)), u.use, true,
    ${metricColumns.map((column) => `u.${column}`).join(', ')}
  from usage_row u
  join usage_report r on r.workspace_id = u.workspace_id and r.report_id = u.report_id and r.contract_id = $2
  where u.workspace_id = $1 and u.report_id = $3 and u.key is null
)`;

const viewConditions: Readonly<Record<UsageView, string>> = {
  all: 'true',
  'matched-inactive': `status = 'matched' and use = 'inactive'`,
  'not-matched-active': `status = 'not-matched' and use = 'active'`,
  inactive: `key is not null and use = 'inactive'`,
  unknown: `key is not null and use = 'unknown'`,
  stranger: 'key is null',
};

function conditionsOf(filter: UsageFilter, parameter: (value: unknown) => string): string {
  const where = [viewConditions[filter.view]];
  if (filter.status !== undefined) where.push(`status = ${parameter(filter.status)}`);
  if (filter.use !== undefined) where.push(`use = ${parameter(filter.use)}`);
  if (filter.team !== undefined) where.push(`key is not null and team = ${parameter(storable(filter.team))}`);
  if (filter.manager !== undefined) where.push(`key is not null and manager = ${parameter(storable(filter.manager))}`);
  if (filter.search) where.push(`position(${parameter(storable(filter.search).toLowerCase())} in search) > 0`);
  return where.map((one) => `(${one})`).join(' and ');
}

const valuesOf = (row: Readonly<Record<string, unknown>>): UsageValues =>
  ofEachMetric((metric) => {
    const value = row[columnOf[metric]];
    // Decimals come as text.
    return value === null || value === undefined ? null : Number(value);
  });

/** Where a page begins: after this value of the sort, and this id. */
export interface UsagePosition {
  readonly value: string | number | null;
  readonly id: string;
}

/**
 * One page of a report. Whoever the metric is not known of comes last, whichever the order. Keyset: `after` is the last row of the page before.
 */
export async function listUsage(
  db: Queryable,
  scope: Scope,
  reportId: string,
  filter: UsageFilter,
  page: { readonly sort: UsageSort; readonly order: 'asc' | 'desc'; readonly after: UsagePosition | null; readonly limit: number },
): Promise<{ rows: UsageListRow[]; total: number; next: UsagePosition | null }> {
  const values: unknown[] = [scope.workspaceId, scope.contractId, reportId];
  const parameter = (value: unknown): string => `$${values.push(value)}`;
  const where = conditionsOf(filter, parameter);
  const counted = db.query<{ count: string }>(`with ${people} select count(*) from people where ${where}`, [...values]);
  const column = page.sort === 'name' ? 'sort_name' : columnOf[page.sort];
  const then = page.order === 'asc' ? '>' : '<';
  let beyond = '';
  if (page.after) {
    const id = parameter(page.after.id);
    if (page.after.value === null) beyond = ` and ${column} is null and id > ${id}`;
    else {
      const value = parameter(page.after.value);
      const typed = page.sort === 'name' ? `${value}::text` : `${value}::numeric`;
      beyond = ` and (${column} ${then} ${typed} or (${column} = ${typed} and id > ${id}) or ${column} is null)`;
    }
  }
  const { rows } = await db.query<Record<string, unknown> & { id: string; sort: string | number | null }>(
    `with ${people} select *, ${column} as sort from people where ${where}${beyond}
     order by ${column} ${page.order} nulls last, id limit ${parameter(page.limit + 1)}`,
    values,
  );
  const shown = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? shown.at(-1) : undefined;
  return {
    rows: shown.map((row) => ({
      key: row.key as string | null,
      name: (row.name as string | null) ?? '',
      email: (row.email as string | null) ?? '',
      licenseId: row.license_id as string | null,
      status: row.status as Status | null,
      label: row.label as string | null,
      sentence: row.sentence as string | null,
      team: row.team as string,
      manager: row.manager as string,
      use: row.use as UseState,
      inReport: row.in_report as boolean,
      values: valuesOf(row),
    })),
    total: Number((await counted).rows[0]!.count),
    next: last ? { value: last.sort, id: last.id } : null,
  };
}

/** Everybody of a report and of the license list, grouped by what pages sum. */
export async function groupUsage(db: Queryable, scope: Scope, reportId: string): Promise<UsageGroup[]> {
  const sums = metricColumns.map((column) => `count(${column}) as known_${column}, sum(${column}) as total_${column}`).join(', ');
  const { rows } = await db.query<
    Record<string, string | null> & { status: Status | null; use: UseState; team: string; manager: string; people: string }
  >(
    `with ${people} select status, use, team, manager, count(*) as people, ${sums},
       sum(inmail_sent) filter (where inmail_acceptance is not null) as rated_sent, sum(inmail_sent * inmail_acceptance) as rated_weighed
     from people group by status, use, team, manager`,
    [scope.workspaceId, scope.contractId, reportId],
  );
  return rows.map((row) => ({
    status: row.status,
    use: row.use,
    team: row.team,
    manager: row.manager,
    people: Number(row.people),
    sums: ofEachMetric((metric) => ({
      known: Number(row[`known_${columnOf[metric]}`]),
      total: Number(row[`total_${columnOf[metric]}`] ?? 0),
    })),
    rated: { sent: Number(row.rated_sent ?? 0), weighed: Number(row.rated_weighed ?? 0) },
  }));
}

/** How many people each current report knows to be active and inactive, and their days: of whom the license list has. Oldest first. */
export async function usageTrend(
  db: Queryable,
  scope: Scope,
): Promise<{ id: string; from: string; to: string; byUse: Record<UseState, number>; daysActive: number | null }[]> {
  const { rows } = await db.query<{
    id: string;
    from: string;
    to: string;
    active: string;
    inactive: string;
    unknown: string;
    days: string | null;
  }>(
    `select r.report_id as id, r.from_day::text as "from", r.to_day::text as "to", count(*) filter (where u.use = 'active') as active,
       count(*) filter (where u.use = 'inactive') as inactive, count(*) filter (where u.use = 'unknown') as unknown, avg(u.days_active) as days
     from usage_report r left join usage_row u on u.workspace_id = r.workspace_id and u.report_id = r.report_id and u.key is not null
     where r.workspace_id = $1 and r.contract_id = $2 and ${isCurrent}
     group by r.report_id, r.from_day, r.to_day order by r.to_day, r.from_day`,
    [scope.workspaceId, scope.contractId],
  );
  return rows.map(({ id, from, to, active, inactive, unknown, days }) => ({
    id,
    from,
    to,
    byUse: { active: Number(active), inactive: Number(inactive), unknown: Number(unknown) },
    daysActive: days === null ? null : Math.round(Number(days) * 10) / 10,
  }));
}

/** Whether any comparison of the contract had this person. */
export async function isKnownPerson(db: Queryable, scope: Scope, key: string): Promise<boolean> {
  const { rowCount } = await db.query('select from finding where workspace_id = $1 and contract_id = $2 and key = $3 limit 1', [
    scope.workspaceId,
    scope.contractId,
    storable(key),
  ]);
  return Boolean(rowCount);
}

/** What the current reports say of one person, the newest period first. */
export async function usageOfPerson(
  db: Queryable,
  scope: Scope,
  key: string,
): Promise<{ from: string; to: string; metrics: UsageMetric[]; use: UseState; values: UsageValues }[]> {
  const { rows } = await db.query<Record<string, unknown> & { from: string; to: string; metrics: UsageMetric[]; use: UseState }>(
    `select r.from_day::text as "from", r.to_day::text as "to", r.metrics, u.use, ${metricColumns.map((column) => `u.${column}`).join(', ')}
     from usage_row u join usage_report r on r.workspace_id = u.workspace_id and r.report_id = u.report_id
     where u.workspace_id = $1 and r.contract_id = $2 and u.key = $3 and ${isCurrent} order by r.to_day desc, r.from_day desc limit 24`,
    [scope.workspaceId, scope.contractId, storable(key)],
  );
  return rows.map((row) => ({ from: row.from, to: row.to, metrics: row.metrics, use: row.use, values: valuesOf(row) }));
}
