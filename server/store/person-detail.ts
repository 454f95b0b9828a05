import type { GroupCount } from '../core/group-teams.ts';
import type { HolderCount } from '../core/license-advice.ts';
import type { PersonDetail } from '../core/person-detail.ts';
import type { HolderView, LicenseKind, Permission, Reason, Status, UseState } from '../core/status.ts';
import { type Queryable, type Scope, storable } from './database.ts';

export interface HolderFilter {
  readonly view: HolderView;
  readonly group?: string | undefined;
  readonly permission?: Permission | undefined;
  readonly kind?: LicenseKind | undefined;
  /** Of the CRM, as its list writes it. */
  readonly team?: string | undefined;
  readonly manager?: string | undefined;
  /** ISO 8601: whose open invitation is of this moment or before, or after it. */
  readonly invitedBy?: string | undefined;
  readonly invitedAfter?: string | undefined;
  /** Part of the name, an email or an id. */
  readonly search?: string | undefined;
  /** Names of LinkedIn's groups, lower case: whose team is one of them and who is not in it has another group. */
  readonly groupNames?: readonly string[];
  /** YYYY-MM-DD: whose last access is before this day is idle. */
  readonly idleBefore: string;
  /** The last day of a usage report that is new enough to tell who is idle; null: there is none. */
  readonly usedUntil?: string | null;
}

/** A license holder as the pages about licenses show them. */
export interface HolderRow {
  readonly key: string;
  readonly licenseId: string;
  readonly name: string;
  readonly email: string;
  readonly status: Status;
  readonly reason: Reason;
  readonly label: string;
  readonly sentence: string;
  readonly licenses: readonly string[];
  readonly license: NonNullable<PersonDetail['license']>;
  readonly crm: PersonDetail['crm'];
  /** In the newest usage report; null: it has no row of theirs. */
  readonly use: { readonly state: UseState; readonly daysActive: number | null; readonly from: string; readonly to: string } | null;
}

/** Somebody of the CRM without a license. */
export interface UnlicensedRow {
  readonly key: string;
  readonly crmUserId: string;
  readonly name: string;
  readonly email: string;
  readonly reason: Reason;
  readonly sentence: string;
  readonly nextStep: string;
  readonly crm: NonNullable<PersonDetail['crm']>;
}

const current = `from finding f join person_detail d on d.workspace_id = f.workspace_id and d.contract_id = f.contract_id and d.key = f.key
  where f.workspace_id = $1 and f.contract_id = $2 and f.to_run is null`;
const holds = `d.detail -> 'license' <> 'null'::jsonb`;

/**
 * Known to be inactive on every day of the time, by the current usage reports together; and there all that time. A day without a report, or
 * a blank, is no day of doing nothing. LinkedIn counts its own pages too: that somebody was active proves no use of Sales Navigator, and
 * takes nobody off the list; that somebody was not, proves that there was none.
 */
const unusedSince = (before: string, until: string): string =>
  `coalesce(d.detail #>> '{license,activatedOn}', '') <= ${before} and (
     select range_agg(daterange(r.from_day, r.to_day, '[]')) @> daterange(${before}::date, ${until}::date, '[]')
     from usage_row u join usage_report r on r.workspace_id = u.workspace_id and r.report_id = u.report_id
     where u.workspace_id = f.workspace_id and u.key = f.key and r.contract_id = f.contract_id and u.use = 'inactive'
       and r.replaced_by is null and r.undone_at is null)`;

const viewConditions: Readonly<
  Record<HolderView, (of: { idleBefore(): string; usedUntil(): string | null; groupNames(): string }) => string>
> = {
  all: () => 'true',
  leavers: () => `f.status = 'not-matched' and f.reason = 'crm-user-inactive'`,
  // Whoever left, or is left alone by a person's decision, is somewhere else; a blank is no proof that nobody came.
  idle: ({ idleBefore, usedUntil }) => {
    const [before, until] = [idleBefore(), usedUntil()];
    const unused = until === null ? '' : ` or ${unusedSince(before, until)}`;
    return `d.detail #>> '{license,state}' = 'activated' and (d.detail #>> '{license,lastAccess}' < ${before}${unused})
     and f.reason not in ('crm-user-inactive', 'excepted', 'being-repaired')`;
  },
  'cannot-sync': () =>
    `d.detail #> '{license,kinds}' ?| array['advanced', 'teamlink-extend'] and not d.detail #> '{license,kinds}' ? 'advanced-plus'`,
  invited: () => `d.detail #>> '{license,state}' = 'invited'`,
  'other-team': ({ groupNames }) =>
    `lower(d.detail #>> '{crm,team}') = any(${groupNames()}) and not exists (
       select from jsonb_array_elements_text(d.detail #> '{license,groups}') own where lower(own) = lower(d.detail #>> '{crm,team}'))`,
};

function conditionsOf(filter: HolderFilter, parameter: (value: unknown) => string): string {
  const where = [
    holds,
    viewConditions[filter.view]({
      idleBefore: () => parameter(filter.idleBefore),
      usedUntil: () => (filter.usedUntil ? parameter(filter.usedUntil) : null),
      groupNames: () => parameter(filter.groupNames ?? []),
    }),
  ];
  if (filter.group !== undefined) where.push(`d.detail #> '{license,groups}' ? ${parameter(storable(filter.group))}`);
  if (filter.permission !== undefined) where.push(`d.detail #>> '{license,permission}' = ${parameter(filter.permission)}`);
  if (filter.kind !== undefined) where.push(`d.detail #> '{license,kinds}' ? ${parameter(filter.kind)}`);
  if (filter.team !== undefined) where.push(`d.detail #>> '{crm,team}' = ${parameter(storable(filter.team))}`);
  if (filter.manager !== undefined) where.push(`d.detail #>> '{crm,manager}' = ${parameter(storable(filter.manager))}`);
  const invited = (condition: string): string =>
    `exists (select from invitation i where i.workspace_id = f.workspace_id and i.contract_id = f.contract_id
       and i.license_id = f.license_id and i.ended is null and i.since ${condition})`;
  if (filter.invitedBy !== undefined) where.push(invited(`<= ${parameter(filter.invitedBy)}::timestamptz`));
  if (filter.invitedAfter !== undefined) where.push(invited(`> ${parameter(filter.invitedAfter)}::timestamptz`));
  if (filter.search) where.push(`position(${parameter(storable(filter.search).toLowerCase())} in f.search) > 0`);
  return where.map((one) => ` and (${one})`).join('');
}

/** How many license holders there are of each state and set of licenses. */
export async function countHolders(db: Queryable, scope: Scope): Promise<HolderCount[]> {
  const { rows } = await db.query<{ state: HolderCount['state']; kinds: LicenseKind[]; count: string }>(
    `select d.detail #>> '{license,state}' as state, d.detail #> '{license,kinds}' as kinds, count(*) as count
     ${current} and ${holds} group by 1, 2`,
    [scope.workspaceId, scope.contractId],
  );
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

/** How many license holders have which groups and which team. */
export async function countGroups(db: Queryable, scope: Scope): Promise<GroupCount[]> {
  const { rows } = await db.query<{ groups: string[]; team: string; count: string }>(
    `select d.detail #> '{license,groups}' as groups, coalesce(d.detail #>> '{crm,team}', '') as team, count(*) as count
     ${current} and ${holds} group by 1, 2`,
    [scope.workspaceId, scope.contractId],
  );
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

/** The CRM's teams and managers of license holders; some lists name a manager by id, and a finding may tell whose it is. */
export async function teamsAndManagers(
  db: Queryable,
  scope: Scope,
): Promise<{ readonly teams: string[]; readonly managers: { readonly value: string; readonly label: string }[] }> {
  const { rows } = await db.query<{ team: string | null; manager: string | null; name: string | null }>(
    `select distinct held.team, held.manager, who.name from (
       select distinct d.detail #>> '{crm,team}' as team, d.detail #>> '{crm,manager}' as manager ${current} and ${holds}) held
     left join lateral (select f.body #>> '{crmUser,name}' as name from finding f
       where f.workspace_id = $1 and f.contract_id = $2 and f.to_run is null and f.crm_user_id = held.manager limit 1) who on true`,
    [scope.workspaceId, scope.contractId],
  );
  const managers = new Map(rows.flatMap(({ manager, name }) => (manager ? [[manager, name || manager] as const] : [])));
  return {
    teams: [...new Set(rows.flatMap(({ team }) => team || []))].toSorted(),
    managers: [...managers].map(([value, label]) => ({ value, label })).toSorted((one, other) => (one.label < other.label ? -1 : 1)),
  };
}

/** How many license holders have which permission. */
export async function countPermissions(db: Queryable, scope: Scope): Promise<{ permission: Permission; count: number }[]> {
  const { rows } = await db.query<{ permission: Permission; count: string }>(
    `select d.detail #>> '{license,permission}' as permission, count(*) as count ${current} and ${holds} group by 1`,
    [scope.workspaceId, scope.contractId],
  );
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

/** How many license holders a list has. */
export async function countInView(db: Queryable, scope: Scope, filter: HolderFilter): Promise<number> {
  const values: unknown[] = [scope.workspaceId, scope.contractId];
  const where = conditionsOf(filter, (value) => `$${values.push(value)}`);
  const { rows } = await db.query<{ count: string }>(`select count(*) as count ${current}${where}`, values);
  return Number(rows[0]!.count);
}

/** How many activated people the list has no readable last access of. */
export async function countWithoutAccess(db: Queryable, scope: Scope): Promise<number> {
  const { rows } = await db.query<{ count: string }>(
    `select count(*) as count ${current} and ${holds} and d.detail #>> '{license,state}' = 'activated' and d.detail #>> '{license,lastAccess}' is null`,
    [scope.workspaceId, scope.contractId],
  );
  return Number(rows[0]!.count);
}

export interface HolderPosition {
  readonly name: string;
  readonly key: string;
}

/** One page of license holders by name. Keyset: `after` is the last row of the page before. */
export async function listHolders(
  db: Queryable,
  scope: Scope,
  filter: HolderFilter,
  page: { readonly after: HolderPosition | null; readonly limit: number },
): Promise<{ rows: HolderRow[]; total: number; next: HolderPosition | null }> {
  const values: unknown[] = [scope.workspaceId, scope.contractId];
  const parameter = (value: unknown): string => `$${values.push(value)}`;
  let where = conditionsOf(filter, parameter);
  const total = countInView(db, scope, filter);
  if (page.after) where += ` and (f.sort_name, f.key) > (${parameter(page.after.name)}, ${parameter(page.after.key)})`;
  const { rows } = await db.query<Omit<HolderRow, 'license' | 'crm'> & { detail: PersonDetail; sort: string }>(
    `with newest as (
       select report_id, from_day, to_day from usage_report
       where workspace_id = $1 and contract_id = $2 and replaced_by is null and undone_at is null order by to_day desc, from_day desc limit 1
     ) select f.key, f.license_id as "licenseId", f.body #>> '{license,name}' as name, f.body #>> '{license,email}' as email, f.status, f.reason,
       f.label, f.body ->> 'sentence' as sentence, f.body #> '{license,licenses}' as licenses, d.detail, f.sort_name as sort,
       (select json_build_object('state', u.use, 'daysActive', u.days_active, 'from', n.from_day, 'to', n.to_day)
        from newest n join usage_row u on u.workspace_id = $1 and u.report_id = n.report_id and u.key = f.key limit 1) as use
     ${current}${where} order by f.sort_name, f.key limit ${parameter(page.limit + 1)}`,
    values,
  );
  const shown = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? shown.at(-1) : undefined;
  return {
    rows: shown.map(({ detail, sort: _, ...row }) => ({ ...row, license: detail.license!, crm: detail.crm })),
    total: await total,
    next: last ? { name: last.sort, key: last.key } : null,
  };
}

/** Everybody of the CRM who should have a license and has none, by name. */
export async function listUnlicensed(db: Queryable, scope: Scope): Promise<UnlicensedRow[]> {
  const { rows } = await db.query<Omit<UnlicensedRow, 'crm'> & { detail: PersonDetail }>(
    `select f.key, f.crm_user_id as "crmUserId", f.body #>> '{crmUser,name}' as name, f.crm_email as email, f.reason, f.body ->> 'sentence' as sentence,
       f.next_step as "nextStep", d.detail
     ${current} and f.license_id is null and d.detail -> 'crm' <> 'null'::jsonb order by f.sort_name, f.key`,
    [scope.workspaceId, scope.contractId],
  );
  return rows.map(({ detail, ...row }) => ({ ...row, crm: detail.crm! }));
}

/** Team and manager of everybody whose owner is known, by key. */
export async function teamsOf(
  db: Queryable,
  scope: Scope,
): Promise<ReadonlyMap<string, { readonly team: string; readonly manager: string }>> {
  const { rows } = await db.query<{ key: string; team: string; manager: string }>(
    `select key, coalesce(detail #>> '{crm,team}', '') as team, coalesce(detail #>> '{crm,manager}', '') as manager
     from person_detail where workspace_id = $1 and contract_id = $2 and detail -> 'crm' <> 'null'::jsonb`,
    [scope.workspaceId, scope.contractId],
  );
  return new Map(rows.map(({ key, ...crm }) => [key, crm]));
}

/** What the newest lists say of one person beside what is compared; null for who is in none of them. */
export async function findDetail(db: Queryable, scope: Scope, key: string): Promise<PersonDetail | null> {
  const { rows } = await db.query<{ detail: PersonDetail }>(
    'select detail from person_detail where workspace_id = $1 and contract_id = $2 and key = $3',
    [scope.workspaceId, scope.contractId, storable(key)],
  );
  return rows[0]?.detail ?? null;
}
