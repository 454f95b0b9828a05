import type { Rematch } from '../core/rematch.ts';
import type { Route } from '../core/status.ts';
import type { Queryable, Scope } from './database.ts';

/** One person's rematch as it is kept. Times are ISO 8601. */
export interface StoredRematch {
  readonly id: string;
  readonly planId: string;
  readonly findingKey: string;
  readonly route: Route;
  readonly state: Rematch;
  readonly version: number;
  readonly createdAt: string;
  readonly changedAt: string;
}

/** What happened to one person, newest first. */
export interface RematchHistory {
  readonly at: string;
  readonly actor: string;
  readonly step: string;
  readonly event: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

interface RematchRow {
  rematch_id: string;
  plan_id: string;
  finding_key: string;
  route: Route;
  state: Rematch;
  version: number;
  created_at: Date;
  changed_at: Date;
}

const columns = 'rematch_id, plan_id, finding_key, route, state, version, created_at, changed_at';

const toRematch = (row: RematchRow): StoredRematch => ({
  id: row.rematch_id,
  planId: row.plan_id,
  findingKey: row.finding_key,
  route: row.route,
  state: row.state,
  version: row.version,
  createdAt: row.created_at.toISOString(),
  changedAt: row.changed_at.toISOString(),
});

export type NewRematch = Pick<StoredRematch, 'id' | 'planId' | 'findingKey' | 'route' | 'state'> & { readonly dueAt: string | null };

/** Throws where one of these license holders is already being repaired (`rematch_running`). */
export async function insertRematches(client: Queryable, scope: Scope, rematches: readonly NewRematch[], at: string): Promise<void> {
  await client.query(
    `insert into rematch (workspace_id, contract_id, rematch_id, plan_id, license_id, finding_key, name, route, state, step, due_at, created_at, changed_at)
     select $1::uuid, $2::uuid, (r->>'id')::uuid, (r->>'planId')::uuid, r#>>'{state,licenseId}', r->>'findingKey', r#>>'{state,name}', r->>'route',
       (r->'state'), r#>>'{state,step}', (r->>'dueAt')::timestamptz, $4::timestamptz, $4::timestamptz
     from json_array_elements($3::json) r`,
    [scope.workspaceId, scope.contractId, JSON.stringify(rematches), at],
  );
}

/** One person moved on, and what moved them. */
export interface RematchMove {
  readonly rematch: StoredRematch;
  readonly state: Rematch;
  readonly event: string;
  /** Whether it is worth a line in their history. */
  readonly isNews: boolean;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly dueAt: string | null;
  readonly withoutLicenseSince: string | null;
}

/**
 * Writes each person's new state and, where it is news, the line of their history together. A person whom another transaction moved
 * meanwhile stops the whole call: nothing is applied twice.
 */
export async function moveRematches(
  client: Queryable,
  scope: Scope,
  moves: readonly RematchMove[],
  stamp: { readonly at: string; readonly by: string },
): Promise<void> {
  if (moves.length === 0) return;
  const list = moves.map(({ rematch, ...move }) => ({ ...move, id: rematch.id, version: rematch.version }));
  const { rowCount } = await client.query(
    `with moves as (select * from json_to_recordset($2::json) as m(id uuid, version integer, state json, event text, "isNews" boolean,
       detail jsonb, "dueAt" timestamptz, "withoutLicenseSince" timestamptz)),
     moved as (
       update rematch r set state = m.state, step = m.state->>'step', ended = m.state->>'ended', due_at = m."dueAt",
         without_license_since = m."withoutLicenseSince", version = r.version + 1, changed_at = $3
       from moves m where r.workspace_id = $1 and r.rematch_id = m.id and r.version = m.version returning r.rematch_id),
     told as (
       insert into rematch_event (workspace_id, rematch_id, version, at, actor, step, event, detail)
       select $1::uuid, m.id, m.version + 1, $3::timestamptz, $4, m.state->>'step', m.event, m.detail
       from moves m join moved on moved.rematch_id = m.id where m."isNews")
     select from moved`,
    [scope.workspaceId, JSON.stringify(list), stamp.at, stamp.by],
  );
  if (rowCount !== moves.length) throw new Error('A rematch was moved on by another process meanwhile; nothing was stored by this one.');
}

/** The people of a plan, in the order of their ids. */
export async function rematchesOfPlan(db: Queryable, scope: Scope, planId: string): Promise<StoredRematch[]> {
  const { rows } = await db.query<RematchRow>(
    `select ${columns} from rematch where workspace_id = $1 and contract_id = $2 and plan_id = $3 order by rematch_id`,
    [scope.workspaceId, scope.contractId, planId],
  );
  return rows.map(toRematch);
}

export async function findRematch(db: Queryable, scope: Scope, id: string): Promise<StoredRematch | null> {
  const { rows } = await db.query<RematchRow>(
    `select ${columns} from rematch where workspace_id = $1 and contract_id = $2 and rematch_id = $3`,
    [scope.workspaceId, scope.contractId, id],
  );
  return rows[0] ? toRematch(rows[0]) : null;
}

/** Everybody of a contract who is being repaired, or whose license is not back. */
export async function runningRematches(db: Queryable, scope: Scope): Promise<StoredRematch[]> {
  const { rows } = await db.query<RematchRow>(
    `select ${columns} from rematch
     where workspace_id = $1 and contract_id = $2 and (ended is null or without_license_since is not null) order by rematch_id`,
    [scope.workspaceId, scope.contractId],
  );
  return rows.map(toRematch);
}

export interface RematchFilter {
  readonly planId?: string | undefined;
  readonly findingKey?: string | undefined;
  readonly ended?: boolean | undefined;
  readonly withoutLicense?: boolean | undefined;
}

/** One page, in the order of ids. */
export async function listRematches(
  db: Queryable,
  scope: Scope,
  filter: RematchFilter,
  page: { after: string | null; limit: number },
): Promise<{ rows: StoredRematch[]; total: number; next: string | null }> {
  const values: unknown[] = [scope.workspaceId, scope.contractId];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const where = ['workspace_id = $1', 'contract_id = $2'];
  if (filter.planId !== undefined) where.push(`plan_id = ${parameter(filter.planId)}`);
  if (filter.findingKey !== undefined) where.push(`finding_key = ${parameter(filter.findingKey)}`);
  if (filter.ended !== undefined) where.push(`ended is ${filter.ended ? 'not ' : ''}null`);
  if (filter.withoutLicense) where.push('without_license_since is not null');
  const counted = await db.query<{ total: string }>(`select count(*) as total from rematch where ${where.join(' and ')}`, [...values]);
  if (page.after !== null) where.push(`rematch_id > ${parameter(page.after)}`);
  const { rows } = await db.query<RematchRow>(
    `select ${columns} from rematch where ${where.join(' and ')} order by rematch_id limit ${parameter(page.limit + 1)}`,
    values,
  );
  const shown = rows.slice(0, page.limit);
  return {
    rows: shown.map(toRematch),
    total: Number(counted.rows[0]!.total),
    next: rows.length > page.limit ? shown.at(-1)!.rematch_id : null,
  };
}

export async function historyOfRematch(db: Queryable, scope: Scope, id: string): Promise<RematchHistory[]> {
  const { rows } = await db.query<{ at: Date; actor: string; step: string; event: string; detail: Record<string, unknown> }>(
    'select at, actor, step, event, detail from rematch_event where workspace_id = $1 and rematch_id = $2 order by version desc limit 200',
    [scope.workspaceId, id],
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/** How many people of each plan are at which step or end. */
export async function countRematches(
  db: Queryable,
  scope: Scope,
  planIds: readonly string[],
): Promise<{ planId: string; step: string; ended: string | null; withoutLicense: boolean; count: number }[]> {
  const { rows } = await db.query<{ plan_id: string; step: string; ended: string | null; without: boolean; count: string }>(
    `select plan_id, step, ended, without_license_since is not null as without, count(*) as count from rematch
     where workspace_id = $1 and contract_id = $2 and plan_id = any($3::uuid[]) group by 1, 2, 3, 4`,
    [scope.workspaceId, scope.contractId, planIds],
  );
  return rows.map((row) => ({
    planId: row.plan_id,
    step: row.step,
    ended: row.ended,
    withoutLicense: row.without,
    count: Number(row.count),
  }));
}

/** How many licenses were given back since a moment: each spent one of the month's assignments. */
export async function countGivenBackSince(db: Queryable, scope: Scope, since: string): Promise<number> {
  const { rows } = await db.query<{ count: string }>(
    `select count(*) as count from rematch
     where workspace_id = $1 and contract_id = $2 and (state ->> 'licenseOnAt')::timestamptz > $3::timestamptz`,
    [scope.workspaceId, scope.contractId, since],
  );
  return Number(rows[0]!.count);
}

/** Contracts with people whose time has come, so that each is looked at in a transaction of its own. */
export async function plansDue(db: Queryable, now: string): Promise<{ workspaceId: string; contractId: string; planId: string }[]> {
  const { rows } = await db.query<{ workspace_id: string; contract_id: string; plan_id: string }>(
    `select distinct workspace_id, contract_id, plan_id from rematch where ended is null and due_at is not null and due_at <= $1`,
    [now],
  );
  return rows.map((row) => ({ workspaceId: row.workspace_id, contractId: row.contract_id, planId: row.plan_id }));
}

/** The last rematch of each license holder, ended or not. */
export async function lastRematches(db: Queryable, scope: Scope): Promise<StoredRematch[]> {
  const { rows } = await db.query<RematchRow>(
    `select distinct on (license_id) ${columns} from rematch where workspace_id = $1 and contract_id = $2
     order by license_id, created_at desc`,
    [scope.workspaceId, scope.contractId],
  );
  return rows.map(toRematch);
}

/**
 * Points running rematches to their present findings: where nobody has an id, a person is known by their email, and a repair changes
 * just that.
 */
export async function followFindings(client: Queryable, scope: Scope): Promise<void> {
  await client.query(
    `update rematch r set finding_key = f.key
     from finding f
     where r.workspace_id = $1 and r.contract_id = $2 and (r.ended is null or r.without_license_since is not null)
       and f.workspace_id = $1 and f.contract_id = $2 and f.to_run is null
       and f.key = 'license:' || (r.state->>'newEmail') collate "C"
       and not exists (select from finding e where e.workspace_id = $1 and e.contract_id = $2 and e.to_run is null and e.key = r.finding_key)`,
    [scope.workspaceId, scope.contractId],
  );
}
