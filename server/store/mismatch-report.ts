import type { MismatchGroup, TwoEnds } from '../core/mismatch-report.ts';
import type { Rematch } from '../core/rematch.ts';
import type { Actor, LicenseKind, Reason, RematchEnd, Status } from '../core/status.ts';
import { type Queryable, type Scope, storable } from './database.ts';

/** Whose numbers are asked for; '' is whoever has none. */
export interface ReportFilter {
  readonly team?: string | undefined;
  readonly manager?: string | undefined;
  readonly crm?: string | undefined;
}

/** What the list of people is asked for beside. */
export interface ReportPeopleFilter extends ReportFilter {
  readonly reason?: Reason | undefined;
  readonly rootCause?: string | undefined;
  readonly actor?: Actor | undefined;
  readonly search?: string | undefined;
}

/**
 * Everybody with a license as the newest comparison found them: what a running repair shows instead is left aside. `since`: from when on
 * every comparison had them as Not Matched, without a break.
 */
const people = `broken as materialized (
  with recursive chain as (
    select key, from_run, since from finding
    where workspace_id = $1 and contract_id = $2 and to_run is null and license_id is not null and coalesce(found_status, status) = 'not-matched'
    union all
    select f.key, f.from_run, f.since from chain c
    join finding f on f.workspace_id = $1 and f.contract_id = $2 and f.key = c.key and f.to_run = c.from_run
      and coalesce(f.found_status, f.status) = 'not-matched'
  )
  select key, min(since) as since from chain group by key
), people as (
  select f.key, coalesce(f.found_status, f.status) as status, f.body ->> 'reason' as reason, f.body ->> 'label' as label,
    f.body ->> 'sentence' as sentence, f.body ->> 'nextStep' as next_step, f.body ->> 'actor' as actor, f.root_cause,
    f.found_status is not null as repairing, coalesce(d.detail #>> '{crm,team}', '') as team, coalesce(d.detail #>> '{crm,manager}', '') as manager,
    coalesce(nullif(f.body #>> '{crmUser,crm}', ''), f.body #>> '{otherCrmUsers,0,crmName}', '') as crm,
    coalesce(d.detail #> '{license,kinds}', '[]') as kinds, f.body #>> '{license,name}' as name, f.body #>> '{license,email}' as email,
    f.license_id, f.crm_email, b.since, f.sort_name, f.search
  from finding f
  left join person_detail d on d.workspace_id = f.workspace_id and d.contract_id = f.contract_id and d.key = f.key
  left join broken b on b.key = f.key
  where f.workspace_id = $1 and f.contract_id = $2 and f.to_run is null and f.license_id is not null
)`;

type Parameter = (value: unknown) => string;

function conditionsOf(filter: ReportPeopleFilter, parameter: Parameter): string[] {
  const where: string[] = [];
  for (const name of ['team', 'manager', 'crm'] as const) {
    const value = filter[name];
    if (value !== undefined) where.push(`${name} = ${parameter(storable(value))}`);
  }
  if (filter.reason !== undefined) where.push(`reason = ${parameter(filter.reason)}`);
  if (filter.actor !== undefined) where.push(`actor = ${parameter(filter.actor)}`);
  if (filter.rootCause !== undefined) where.push(`coalesce(root_cause, '') = ${parameter(storable(filter.rootCause))}`);
  if (filter.search) where.push(`position(${parameter(storable(filter.search).toLowerCase())} in search) > 0`);
  return where;
}

/** Everybody with a license, grouped by what the report is cut by. @param now ISO 8601: until when days without a match are counted */
export async function groupMismatch(db: Queryable, scope: Scope, now: string): Promise<MismatchGroup[]> {
  const { rows } = await db.query<{
    status: Status;
    reason: Reason;
    label: string;
    actor: Actor;
    root_cause: string | null;
    team: string;
    manager: string;
    crm: string;
    kinds: LicenseKind[];
    repairing: boolean;
    people: string;
    days: string;
    since: Date | null;
  }>(
    `with ${people}
     select status, reason, label, actor, root_cause, team, manager, crm, kinds, repairing, count(*) as people, min(since) as since,
       coalesce(sum(greatest(0, extract(epoch from $3::timestamptz - since) / 86400)), 0) as days
     from people group by status, reason, label, actor, root_cause, team, manager, crm, kinds, repairing`,
    [scope.workspaceId, scope.contractId, now],
  );
  return rows.map(({ root_cause, repairing, since, people: count, days, ...row }) => ({
    ...row,
    rootCause: root_cause,
    isBeingRepaired: repairing,
    people: Number(count),
    days: Number(days),
    since: since?.toISOString() ?? null,
  }));
}

/** Somebody who is Not Matched. */
export interface MismatchPerson {
  readonly key: string;
  readonly name: string;
  readonly email: string;
  readonly licenseId: string;
  readonly crmEmail: string | null;
  readonly reason: Reason;
  readonly label: string;
  readonly sentence: string;
  readonly nextStep: string;
  readonly actor: Actor;
  readonly rootCause: string | null;
  readonly isBeingRepaired: boolean;
  readonly team: string;
  readonly manager: string;
  readonly crm: string;
  readonly kinds: readonly LicenseKind[];
  /** ISO 8601. */
  readonly since: string;
}

export type MismatchSort = 'since' | 'name';
export interface MismatchPosition {
  readonly value: string;
  readonly key: string;
}

/** One page of those who are Not Matched. Keyset: `after` is the last row of the page before. */
export async function listMismatch(
  db: Queryable,
  scope: Scope,
  filter: ReportPeopleFilter,
  page: { readonly sort: MismatchSort; readonly order: 'asc' | 'desc'; readonly after: MismatchPosition | null; readonly limit: number },
): Promise<{ rows: MismatchPerson[]; total: number; next: MismatchPosition | null }> {
  const values: unknown[] = [scope.workspaceId, scope.contractId];
  const parameter: Parameter = (value) => `$${values.push(value)}`;
  const where = ["status = 'not-matched'", ...conditionsOf(filter, parameter)].join(' and ');
  const counted = await db.query<{ count: string }>(`with ${people} select count(*) from people where ${where}`, [...values]);
  const column = page.sort === 'name' ? 'sort_name' : 'since';
  const beyond = page.after
    ? ` and (${column}, key) ${page.order === 'asc' ? '>' : '<'} (${parameter(page.after.value)}::${page.sort === 'name' ? 'text' : 'timestamptz'}, ${parameter(page.after.key)})`
    : '';
  const { rows } = await db.query<{
    key: string;
    name: string;
    email: string;
    license_id: string;
    crm_email: string | null;
    reason: Reason;
    label: string;
    sentence: string;
    next_step: string;
    actor: Actor;
    root_cause: string | null;
    repairing: boolean;
    team: string;
    manager: string;
    crm: string;
    kinds: LicenseKind[];
    since: Date;
    position: string;
  }>(
    `with ${people} select *, ${column}::text as position from people where ${where}${beyond}
     order by ${column} ${page.order}, key ${page.order} limit ${parameter(page.limit + 1)}`,
    values,
  );
  const shown = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? shown.at(-1) : undefined;
  return {
    rows: shown.map((row) => ({
      key: row.key,
      name: row.name,
      email: row.email,
      licenseId: row.license_id,
      crmEmail: row.crm_email,
      reason: row.reason,
      label: row.label,
      sentence: row.sentence,
      nextStep: row.next_step,
      actor: row.actor,
      rootCause: row.root_cause,
      isBeingRepaired: row.repairing,
      team: row.team,
      manager: row.manager,
      crm: row.crm,
      kinds: row.kinds,
      since: row.since.toISOString(),
    })),
    total: Number(counted.rows[0]!.count),
    next: last ? { value: last.position, key: last.key } : null,
  };
}

/** One comparison in the numbers of the trend. */
export interface MismatchPoint {
  readonly id: string;
  readonly number: number;
  readonly at: string;
  readonly matched: number;
  readonly notMatched: number;
}

/** How many of the people that a filter chooses today the last comparisons had as Matched and Not Matched; oldest first. */
export async function mismatchTrend(db: Queryable, scope: Scope, filter: ReportFilter, limit: number): Promise<MismatchPoint[]> {
  const values: unknown[] = [scope.workspaceId, scope.contractId, limit];
  const parameter: Parameter = (value) => `$${values.push(value)}`;
  const chosen = conditionsOf(filter, parameter);
  // Nobody's team of long ago is known: whoever is in the team today is followed back.
  const only = chosen.length > 0 ? `and f.key in (select key from people where ${chosen.join(' and ')})` : '';
  const { rows } = await db.query<{ id: string; number: number; at: Date; matched: string; not_matched: string }>(
    `with ${people}, runs as (
       select reconciliation_id as id, number, as_of from reconciliation
       where workspace_id = $1 and contract_id = $2 and state = 'done' and as_of is not null order by number desc limit $3
     )
     select r.id, r.number, r.as_of as at,
       count(f.key) filter (where coalesce(f.found_status, f.status) = 'matched') as matched,
       count(f.key) filter (where coalesce(f.found_status, f.status) = 'not-matched') as not_matched
     from runs r left join finding f on f.workspace_id = $1 and f.contract_id = $2 and f.license_id is not null and f.from_run <= r.number
       and (f.to_run is null or f.to_run > r.number) ${only}
     group by r.id, r.number, r.as_of order by r.number`,
    values,
  );
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    at: row.at.toISOString(),
    matched: Number(row.matched),
    notMatched: Number(row.not_matched),
  }));
}

/** A license holder at two comparisons. */
export interface ChangedPerson extends TwoEnds {
  readonly key: string;
  readonly name: string;
  readonly email: string;
  readonly team: string;
  readonly manager: string;
}

/**
 * License holders of whom two comparisons say different things, by name. What both say is one span for whoever stayed the same, so only spans
 * that end or begin between the two are read.
 */
export async function changedPeople(db: Queryable, scope: Scope, from: number, to: number): Promise<ChangedPerson[]> {
  const { rows } = await db.query<{
    key: string;
    name: string | null;
    email: string | null;
    team: string;
    manager: string;
    status_before: Status | null;
    label_before: string | null;
    status_after: Status | null;
    label_after: string | null;
    earlier: boolean;
  }>(
    `with spans as (
       select key, from_run, to_run, coalesce(found_status, status) as status, body ->> 'label' as label, body #>> '{license,name}' as name,
         body #>> '{license,email}' as email, sort_name
       from finding where workspace_id = $1 and contract_id = $2 and license_id is not null
     ), before as (select * from spans where from_run <= $3 and to_run > $3 and to_run <= $4),
     after as (select * from spans where from_run > $3 and from_run <= $4 and (to_run is null or to_run > $4))
     select coalesce(a.key, b.key) as key, coalesce(a.name, b.name) as name, coalesce(a.email, b.email) as email, coalesce(d.detail #>> '{crm,team}', '') as team,
       coalesce(d.detail #>> '{crm,manager}', '') as manager, b.status as status_before, b.label as label_before, a.status as status_after,
       a.label as label_after, exists (
         select from finding e where e.workspace_id = $1 and e.contract_id = $2 and e.key = coalesce(a.key, b.key) and e.to_run <= $4
           and coalesce(e.found_status, e.status) = 'not-matched'
       ) as earlier
     from before b full join after a on a.key = b.key
     left join person_detail d on d.workspace_id = $1 and d.contract_id = $2 and d.key = coalesce(a.key, b.key)
     order by coalesce(a.sort_name, b.sort_name), 1`,
    [scope.workspaceId, scope.contractId, from, to],
  );
  return rows.map((row) => ({
    key: row.key,
    name: row.name ?? '',
    email: row.email ?? '',
    team: row.team,
    manager: row.manager,
    before: row.status_before === null ? null : { status: row.status_before, label: row.label_before ?? '' },
    after: row.status_after === null ? null : { status: row.status_after, label: row.label_after ?? '' },
    wasNotMatchedEarlier: row.earlier,
  }));
}

/** A repair as the report lists it. */
export interface ReportedRepair
  extends Pick<
    Rematch,
    'mode' | 'purpose' | 'name' | 'oldEmail' | 'newEmail' | 'licenseOffAt' | 'licenseOnAt' | 'activatedAt' | 'licenseId' | 'cause'
  > {
  readonly key: string;
  readonly ended: RematchEnd | null;
  readonly changedAt: string;
  readonly planId: string;
  readonly planNumber: number;
  /** Whoever approved the plan, else who made it. */
  readonly by: string;
  readonly team: string;
  readonly manager: string;
}

/** Every repair of the contract, the last one first, those under way too. */
export async function reportedRepairs(db: Queryable, scope: Scope, filter: ReportFilter): Promise<ReportedRepair[]> {
  const values: unknown[] = [scope.workspaceId, scope.contractId];
  const parameter: Parameter = (value) => `$${values.push(value)}`;
  const where = (['team', 'manager'] as const).flatMap((name) => {
    const value = filter[name];
    return value === undefined ? [] : [`coalesce(d.detail #>> '{crm,${name}}', '') = ${parameter(storable(value))}`];
  });
  const { rows } = await db.query<Omit<ReportedRepair, 'changedAt'> & { changed_at: Date }>(
    `select r.state ->> 'mode' as mode, r.state ->> 'purpose' as purpose, r.name, r.state ->> 'oldEmail' as "oldEmail",
       r.state ->> 'newEmail' as "newEmail", r.state ->> 'licenseOffAt' as "licenseOffAt", r.state ->> 'licenseOnAt' as "licenseOnAt",
       r.state ->> 'activatedAt' as "activatedAt", r.state ->> 'cause' as cause, r.license_id as "licenseId", r.finding_key as key, r.ended,
       r.changed_at, r.plan_id as "planId", p.number as "planNumber", coalesce(p.approved_by, p.created_by) as by,
       coalesce(d.detail #>> '{crm,team}', '') as team, coalesce(d.detail #>> '{crm,manager}', '') as manager
     from rematch r join plan p on p.workspace_id = r.workspace_id and p.plan_id = r.plan_id
     left join person_detail d on d.workspace_id = r.workspace_id and d.contract_id = r.contract_id and d.key = r.finding_key
     where r.workspace_id = $1 and r.contract_id = $2 ${where.map((one) => `and ${one}`).join(' ')}
     order by r.changed_at desc, r.rematch_id`,
    values,
  );
  return rows.map(({ changed_at, ...row }) => ({ ...row, changedAt: changed_at.toISOString() }));
}

/** Up to which comparison somebody has looked at the report; null where they never said so. */
export async function findReview(db: Queryable, scope: Scope, actor: string): Promise<{ run: number; at: string } | null> {
  const { rows } = await db.query<{ run: number; at: Date }>(
    'select run, at from report_review where workspace_id = $1 and contract_id = $2 and actor = $3',
    [scope.workspaceId, scope.contractId, actor],
  );
  return rows[0] ? { run: rows[0].run, at: rows[0].at.toISOString() } : null;
}

/** Says that somebody has looked at the report of a comparison. */
export async function saveReview(db: Queryable, scope: Scope, review: { actor: string; run: number; at: string }): Promise<void> {
  await db.query(
    `insert into report_review (workspace_id, contract_id, actor, run, at) values ($1, $2, $3, $4, $5)
     on conflict (workspace_id, contract_id, actor) do update set run = excluded.run, at = excluded.at`,
    [scope.workspaceId, scope.contractId, review.actor, review.run, review.at],
  );
}
