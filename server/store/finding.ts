import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Explanation, Finding } from '../core/finding.ts';
import type { PersonDetail } from '../core/person-detail.ts';
import { type Actor, type Reason, reasonsOf, type Status } from '../core/status.ts';
import { type Queryable, type Scope, storable } from './database.ts';

/** A finding on its way into the store: its key, a digest of all it says, and its line for COPY. */
export interface EncodedFinding {
  readonly key: string;
  readonly digest: string;
  /** Null: nothing new is known beside what is compared. */
  readonly detailDigest: string | null;
  readonly line: string;
}

export type Change = 'new' | 'repaired' | 'came-back';

/** A finding as it is kept: since when its status and reason hold, and what the latest run changed. */
export interface StoredFinding extends Finding {
  readonly since: string;
  readonly change: Change | null;
}

/** Statuses in the order in which people want to see them: what hurts first. */
const statusOrder: readonly Status[] = ['being-repaired', 'not-matched', 'matched', 'no-license', 'cannot-sync', 'excepted', 'not-checked'];

/** Where a status and reason stand in the order of pages. */
export const rankOf = (status: Status, reason: Reason): number =>
  statusOrder.indexOf(status) * 100 + (reasonsOf[status] as readonly Reason[]).indexOf(reason);

/** Accents off and lower case, so that Ö stands beside O and both are found. */
const folded = (text: string) => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

const stagedColumns = [
  'key',
  'digest',
  'status',
  'reason',
  'rank',
  'actor',
  'root_cause',
  'label',
  'next_step',
  'sort_name',
  'sort_email',
  'search',
  'license_id',
  'crm_user_id',
  'crm_email',
  'rule',
  'body',
  'explanation',
] as const;
const detailColumns = ['detail_digest', 'detail'] as const;

const copyEscapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const copyCell = (value: string | null) =>
  value === null ? '\\N' : storable(value).replaceAll(/[\\\n\r\t]/gu, (found) => copyEscapes[found]!);

/**
 * Makes the stored form of one finding. `asOf` is the same for a whole run and is kept there, and so is the moment of what the
 * run's export showed: with them in the body, each run would store everybody anew.
 */
export function encodeFinding(finding: Finding, explanation: Explanation, known: PersonDetail | null = null): EncodedFinding {
  const { asOf: _, observed, ...rest } = finding;
  const body = JSON.stringify({ ...rest, observed: observed.source === 'export' ? { ...observed, at: null } : observed });
  const trace = JSON.stringify(explanation);
  // Once a run is kept, history agrees with everybody: nothing that is worth a new span.
  const told = explanation.trace.filter(({ rule, outcome }) => rule !== 'history' || outcome === 'decided' || outcome === 'contradicts');
  const digested = told.length === explanation.trace.length ? trace : JSON.stringify({ ...explanation, trace: told });
  const digest = createHash('sha1').update(body).update('\0').update(digested).digest('base64');
  const { license, crmUser } = finding;
  const name = license?.name || crmUser?.name || '';
  const email = license?.email || crmUser?.email || '';
  const words = [name, license?.email, license?.id, license?.uniqueUserId, crmUser?.name, crmUser?.email, crmUser?.id];
  const lower = words.filter(Boolean).join('\n').toLowerCase();
  const key = storable(finding.key);
  const detail = known && JSON.stringify(known);
  const detailDigest = detail && createHash('sha1').update(detail).digest('base64');
  const cells: Record<(typeof stagedColumns)[number] | (typeof detailColumns)[number], string | null> = {
    key,
    digest,
    status: finding.status,
    reason: finding.reason,
    rank: String(rankOf(finding.status, finding.reason)),
    actor: finding.actor,
    root_cause: finding.rootCause,
    label: finding.label,
    next_step: finding.nextStep,
    sort_name: folded(name),
    sort_email: folded(email),
    search: folded(lower) === lower ? lower : `${lower}\n${folded(lower)}`,
    license_id: license?.id ?? null,
    crm_user_id: crmUser?.id ?? null,
    crm_email: crmUser?.email ?? null,
    rule: finding.rule,
    body,
    explanation: trace,
    detail_digest: detailDigest,
    detail,
  };
  const line = [...stagedColumns, ...detailColumns].map((column) => copyCell(cells[column])).join('\t');
  return { key, digest, detailDigest, line: `${line}\n` };
}

/** What a save would change, known before anything is visible to others. */
export interface StagedChanges {
  /** People in this run. */
  readonly people: number;
  /** People of the run before. */
  readonly before: number;
  /** People in both whose status is another one now, without those whom a repair of ours moved since. */
  readonly statusChanged: number;
  /** Spans that will be opened. */
  readonly opened: number;
  /** People of the run before who are gone, and are nobody of this run under another id. */
  readonly gone: number;
  readonly newCount: number;
  readonly repaired: number;
  readonly cameBack: number;
}

/**
 * Copies what differs from the present spans into a temporary table, inside the caller's transaction. An unchanged person
 * costs a digest comparison and no row.
 */
export async function stageFindings(
  client: pg.ClientBase,
  scope: Scope,
  batches: AsyncIterable<readonly EncodedFinding[]>,
): Promise<StagedChanges> {
  await client.query(
    `create temporary table staged (
       key text collate "C", digest text, status text, reason text, rank smallint, actor text, root_cause text, label text, next_step text,
       sort_name text, sort_email text, search text, license_id text, crm_user_id text, crm_email text, rule text, body json, explanation json,
       detail_digest text, detail jsonb
     ) on commit drop`,
  );
  await client.query('create temporary table staged_gone (key text collate "C") on commit drop');
  const present = await presentDigests(client, scope);
  const before = present.size;
  let people = 0;
  const copy = client.query(copyFrom(`copy staged (${[...stagedColumns, ...detailColumns].join(', ')}) from stdin`));
  let failure: Error | null = null;
  const failed = new Promise<never>((_, reject) =>
    copy.on('error', (error: Error) => {
      failure ??= error;
      reject(error);
    }),
  );
  failed.catch(() => {});
  try {
    for await (const batch of batches) {
      let text = '';
      people += batch.length;
      for (const row of batch) {
        if (!isKnown(row, present.get(row.key))) text += row.line;
        present.delete(row.key);
      }
      if (failure) throw failure;
      if (text && !copy.write(text)) await Promise.race([once(copy, 'drain'), failed]);
    }
  } catch (error) {
    // The COPY must end before the connection can roll back; one that failed has ended.
    if (!failure) copy.destroy(error as Error);
    throw failure ?? error;
  }
  copy.end();
  await Promise.race([once(copy, 'finish'), failed]);
  await client.query('insert into staged_gone select unnest($1::text[])', [[...present.keys()]]);
  await client.query('analyze staged (key)');
  const { rowCount: renamed } = await client.query(`create temporary table renamed on commit drop as ${renamedOf}`, [
    scope.workspaceId,
    scope.contractId,
  ]);
  await client.query(`create temporary table opening on commit drop as ${changeOfStaged}`, [scope.workspaceId, scope.contractId]);
  await client.query('analyze opening (key)');
  const { rows } = await client.query<Record<'opened' | 'status_changed' | 'new_count' | 'repaired' | 'came_back', string>>(
    `select count(*) as opened,
       count(*) filter (where old_status <> status and 'not-checked' not in (old_status, status) and moved.finding_key is null) as status_changed,
       count(*) filter (where change = 'new') as new_count, count(*) filter (where change = 'repaired') as repaired,
       count(*) filter (where change = 'came-back') as came_back
     from opening left join (
       select distinct finding_key from rematch where workspace_id = $1 and contract_id = $2 and (ended is null or changed_at >
         (select max(created_at) from reconciliation where workspace_id = $1 and contract_id = $2 and state = 'done'))
     ) moved on moved.finding_key = opening.key`,
    [scope.workspaceId, scope.contractId],
  );
  const counted = rows[0]!;
  return {
    people,
    before,
    gone: present.size - (renamed ?? 0),
    opened: Number(counted.opened),
    statusChanged: Number(counted.status_changed),
    newCount: Number(counted.new_count),
    repaired: Number(counted.repaired),
    cameBack: Number(counted.came_back),
  };
}

/**
 * Who goes by another id than before: SCIM tells no seat ids, so that people are known by their Unique User ID there, or by their email.
 * Whom a person's decision is about is not followed: that stands under the id from before, and would not hold any more.
 */
const renamedOf = `
  with before as (
    select f.key, nullif(lower(f.body #>> '{license,uniqueUserId}'), '') as unique_id, nullif(lower(f.body #>> '{license,email}'), '') as email
    from finding f join staged_gone using (key)
    where f.workspace_id = $1 and f.contract_id = $2 and f.to_run is null and f.license_id is not null
      and not exists (select from link l where l.workspace_id = $1 and l.contract_id = $2 and l.license_id = f.license_id and l.ended_at is null)
      and not exists (select from exception x where x.workspace_id = $1 and x.contract_id = $2 and x.license_id = f.license_id and x.ended_at is null)
  ), now as (
    select s.key, nullif(lower(s.body #>> '{license,uniqueUserId}'), '') as unique_id, nullif(lower(s.body #>> '{license,email}'), '') as email
    from staged s
    where s.license_id is not null and exists (select from before) and not exists (
      select from finding e where e.workspace_id = $1 and e.contract_id = $2 and e.key = s.key and e.to_run is null
    )
  ), pairs as (
    select now.key, before.key as old_key, 1 as rank from now join before using (unique_id)
    union all
    select now.key, before.key, 2 from now join before using (email)
    where now.unique_id is null or before.unique_id is null or now.unique_id = before.unique_id
  ), one as (select distinct on (key) key, old_key from pairs order by key, rank, old_key)
  select distinct on (old_key) key, old_key from one order by old_key, key`;

const isKnown = ({ digest, detailDigest }: EncodedFinding, present: string | undefined): boolean =>
  detailDigest === null ? present?.startsWith(digest) === true : present === `${digest}${detailDigest}`;

/** Against what is current: in a contract's first run nothing is new. Without the wide columns: writing those once is what a save costs. */
const changeOfStaged = `
  select s.key, s.status, coalesce(f.found_status, f.status) as old_status,
    case when (f.body->>'status') = s.status and (f.body->>'reason') = s.reason then f.since end as old_since,
    case
      when not exists (select from finding e where e.workspace_id = $1 and e.contract_id = $2) then null
      -- nothing was said of them, so nothing has changed
      when coalesce(f.found_status, f.status) = 'not-checked' then null
      when s.status = 'not-matched' and coalesce(f.found_status, f.status) is distinct from 'not-matched' then
        case when exists (
          select from finding e
          where e.workspace_id = $1 and e.contract_id = $2 and e.key in (s.key, r.old_key) and e.to_run is not null
            and coalesce(e.found_status, e.status) = 'not-matched'
        ) then 'came-back' else 'new' end
      when s.status = 'matched' and coalesce(f.found_status, f.status) = 'not-matched' then 'repaired'
    end as change
  from staged s
  left join renamed r on r.key = s.key
  left join finding f on f.workspace_id = $1 and f.contract_id = $2 and f.key = coalesce(r.old_key, s.key) and f.to_run is null
  where f.digest is distinct from s.digest`;

/** Opens and closes the spans of what was staged, as run `number`, whose license list is from `asOf`; what is known beside is replaced. */
export async function openStagedSpans(client: pg.ClientBase, scope: Scope, number: number, asOf: string): Promise<void> {
  await client.query(
    `update finding f set to_run = $3
     where f.workspace_id = $1 and f.contract_id = $2 and f.to_run is null
       and f.key in (select key from opening union all select key from staged_gone)`,
    [scope.workspaceId, scope.contractId, number],
  );
  await client.query(
    `insert into finding (workspace_id, contract_id, from_run, since, change, ${stagedColumns.join(', ')})
     select $1::uuid, $2::uuid, $3::integer, coalesce(o.old_since, $4::timestamptz), o.change, ${stagedColumns.map((column) => `s.${column}`).join(', ')}
     from staged s join opening o using (key)`,
    [scope.workspaceId, scope.contractId, number, asOf],
  );
  const ids = [scope.workspaceId, scope.contractId];
  await client.query(
    'delete from person_detail where workspace_id = $1 and contract_id = $2 and key in (select key from staged_gone)',
    ids,
  );
  await client.query(
    `insert into person_detail (workspace_id, contract_id, key, digest, detail)
     select $1::uuid, $2::uuid, key, detail_digest, detail from staged where detail is not null
     on conflict (workspace_id, contract_id, key) do update set digest = excluded.digest, detail = excluded.detail`,
    ids,
  );
}

/** Below this many new spans autovacuum comes soon enough. */
const manySpans = 5_000;

/**
 * Has the table counted and its visibility map made after a large run: without them each page of people costs ten times as much.
 * Where the program may not (PostgreSQL before 17) it is only warned, and autovacuum does it within minutes.
 */
export async function tidyFindings(db: Queryable, opened: number): Promise<void> {
  if (opened >= manySpans) await db.query('vacuum (analyze) finding');
}

/** Key and digests (the finding's, then that of what is known beside) of everybody now, read in pages so that the driver never holds a row object for each. */
async function presentDigests(client: pg.ClientBase, scope: Scope): Promise<Map<string, string>> {
  const present = new Map<string, string>();
  let after = '';
  for (;;) {
    const { rows } = await client.query<[string, string]>({
      text: `select f.key, f.digest || coalesce(d.digest, '') from finding f
             left join person_detail d on d.workspace_id = f.workspace_id and d.contract_id = f.contract_id and d.key = f.key
             where f.workspace_id = $1 and f.contract_id = $2 and f.to_run is null and f.key > $3 order by f.key limit 20000`,
      values: [scope.workspaceId, scope.contractId, after],
      rowMode: 'array',
    });
    for (const [key, digest] of rows) present.set(key, digest);
    const last = rows.at(-1);
    if (!last) return present;
    after = last[0];
  }
}

interface FindingRow {
  key: string;
  since: Date;
  change: Change | null;
  from_run: number;
  /** One that was stored before other CRMs were read says nothing of them. */
  body: Omit<Finding, 'asOf' | 'otherCrmUsers'> & Partial<Pick<Finding, 'otherCrmUsers'>>;
  /** What a running repair shows instead; absent where the run itself is asked for. */
  repair?: Partial<Finding> | null;
}

const toFinding = (row: FindingRow, asOf: string, latestRun: number): StoredFinding => ({
  ...row.body,
  otherCrmUsers: row.body.otherCrmUsers ?? [],
  ...row.repair,
  observed: row.body.observed.source === 'export' ? { ...row.body.observed, at: asOf } : row.body.observed,
  asOf,
  since: row.since.toISOString(),
  change: row.from_run === latestRun ? row.change : null,
});

export type PeopleSort = 'name' | 'email' | 'status' | 'reason' | 'since';

export interface PeopleFilter {
  readonly status?: readonly Status[] | undefined;
  readonly reason?: readonly Reason[] | undefined;
  readonly rootCause?: string | undefined;
  readonly actor?: Actor | undefined;
  readonly change?: Change | undefined;
  readonly search?: string | undefined;
}

/** The latest run that is done: what its spans are counted by, and how old its verdicts are. */
export interface LatestRun {
  readonly number: number;
  readonly asOf: string;
}

const sortColumns = { name: 'sort_name', email: 'sort_email', status: 'rank', reason: 'reason collate "C"', since: 'since' } as const;
const sortCasts = { name: 'text', email: 'text', status: 'smallint', reason: 'text', since: 'timestamptz' } as const;

export interface PeoplePosition {
  readonly value: string;
  readonly key: string;
}

/** One page of the present findings. Keyset: `after` is the position of the last row of the page before. */
export async function listPeople(
  db: Queryable,
  scope: Scope,
  run: LatestRun,
  filter: PeopleFilter,
  page: { sort: PeopleSort; order: 'asc' | 'desc'; after: PeoplePosition | null; limit: number },
): Promise<{ rows: StoredFinding[]; total: number; next: PeoplePosition | null }> {
  const values: unknown[] = [scope.workspaceId, scope.contractId];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const where = ['workspace_id = $1', 'contract_id = $2', 'to_run is null'];
  if (filter.status?.length) where.push(`status = any(${parameter(filter.status)})`);
  if (filter.reason?.length) where.push(`reason = any(${parameter(filter.reason)})`);
  if (filter.rootCause !== undefined) where.push(`root_cause = ${parameter(filter.rootCause)}`);
  if (filter.actor) where.push(`actor = ${parameter(filter.actor)}`);
  if (filter.change) where.push(`change = ${parameter(filter.change)} and from_run = ${parameter(run.number)}`);
  if (filter.search)
    where.push(
      `search like ${parameter(
        `%${storable(filter.search)
          .toLowerCase()
          .replaceAll(/[\\%_]/gu, '\\$&')}%`,
      )}`,
    );
  const count = { text: `select count(*) as total from finding where ${where.join(' and ')}`, values: [...values] };

  const column = sortColumns[page.sort];
  const direction = page.order === 'asc' ? 'asc' : 'desc';
  if (page.after) {
    const value = parameter(storable(page.after.value));
    const key = parameter(storable(page.after.key));
    where.push(`(${column}, key) ${page.order === 'asc' ? '>' : '<'} (${value}::${sortCasts[page.sort]}, ${key})`);
  }
  const { rows } = await db.query<FindingRow & { position: string | number | Date }>(
    `select key, since, change, from_run, body, repair, ${column} as position from finding where ${where.join(' and ')}
     order by ${column} ${direction}, key ${direction} limit ${parameter(page.limit + 1)}`,
    values,
  );
  const shown = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? shown.at(-1) : undefined;
  // A search goes through everybody: not a second time when its first page has them all.
  const isAll = page.after === null && last === undefined;
  return {
    rows: shown.map((row) => toFinding(row, run.asOf, run.number)),
    total: isAll ? rows.length : Number((await db.query<{ total: string }>(count.text, count.values)).rows[0]!.total),
    next: last ? { value: last.position instanceof Date ? last.position.toISOString() : String(last.position), key: last.key } : null,
  };
}

/** The first hundred keys of each change of the latest run. */
export async function changedKeys(db: Queryable, scope: Scope, run: LatestRun): Promise<Record<Change, string[]>> {
  const { rows } = await db.query<{ change: Change; keys: string[] }>(
    `select change, (array_agg(key order by rank, key))[1:100] as keys from finding
     where workspace_id = $1 and contract_id = $2 and to_run is null and from_run = $3 and change is not null group by change`,
    [scope.workspaceId, scope.contractId, run.number],
  );
  const keys: Record<Change, string[]> = { new: [], repaired: [], 'came-back': [] };
  for (const row of rows) keys[row.change] = row.keys;
  return keys;
}

/** One stretch of runs in which a person's finding stayed the same. Times are those of the license lists. */
export interface Span {
  readonly finding: StoredFinding;
  readonly explanation: Explanation;
  readonly from: string;
  readonly to: string | null;
}

/** All spans of one person, newest first, at most a hundred; empty for somebody never seen. */
export async function spansOf(db: Queryable, scope: Scope, run: LatestRun, key: string): Promise<Span[]> {
  const { rows } = await db.query<FindingRow & { explanation: Explanation; opened_at: Date; closed_at: Date | null }>(
    `select f.key, f.since, f.change, f.from_run, f.body, case when f.to_run is null then f.repair end as repair, f.explanation, o.as_of as opened_at, c.as_of as closed_at
     from finding f
     join reconciliation o on o.workspace_id = f.workspace_id and o.contract_id = f.contract_id and o.number = f.from_run
     left join reconciliation c on c.workspace_id = f.workspace_id and c.contract_id = f.contract_id and c.number = f.to_run
     where f.workspace_id = $1 and f.contract_id = $2 and f.key = $3 order by f.from_run desc limit 100`,
    [scope.workspaceId, scope.contractId, storable(key)],
  );
  return rows.map((row) => ({
    finding: toFinding(row, row.closed_at ? row.opened_at.toISOString() : run.asOf, run.number),
    explanation: row.explanation,
    from: row.opened_at.toISOString(),
    to: row.closed_at?.toISOString() ?? null,
  }));
}

/** Everybody as run `number` saw them, in pages by key. */
export async function* findingsOfRun(
  db: Queryable,
  scope: Scope,
  run: LatestRun,
): AsyncGenerator<StoredFinding & { explanation: Explanation }> {
  for await (const row of rowsOfRun<FindingRow & { explanation: Explanation }>(db, scope, run, ', explanation')) {
    yield { ...toFinding(row, run.asOf, run.number), explanation: row.explanation };
  }
}

/** The same without explanations, which are most of what there is to read. */
export async function* plainFindingsOfRun(db: Queryable, scope: Scope, run: LatestRun): AsyncGenerator<StoredFinding> {
  for await (const row of rowsOfRun<FindingRow>(db, scope, run, '')) yield toFinding(row, run.asOf, run.number);
}

async function* rowsOfRun<Row extends FindingRow>(
  db: Queryable,
  scope: Scope,
  run: LatestRun,
  more: '' | ', explanation',
): AsyncGenerator<Row> {
  let after = '';
  for (;;) {
    const { rows } = await db.query<Row>(
      `select key, since, change, from_run, body${more} from finding
       where workspace_id = $1 and contract_id = $2 and from_run <= $3 and (to_run is null or to_run > $3) and key > $4
       order by key limit 2000`,
      [scope.workspaceId, scope.contractId, run.number, after],
    );
    yield* rows;
    const last = rows.at(-1);
    if (!last) return;
    after = last.key;
  }
}

export interface ReasonCount {
  readonly status: Status;
  readonly reason: Reason;
  /** The label most of these people have. */
  readonly label: string;
  readonly labels: number;
  readonly count: number;
}

/** How many people have each status and reason now. */
export async function countReasons(db: Queryable, scope: Scope): Promise<ReasonCount[]> {
  const { rows } = await db.query<{ status: Status; reason: Reason; label: string; labels: string; count: string }>(
    `select status, reason, mode() within group (order by label) as label, count(distinct label) as labels, count(*) as count
     from finding where workspace_id = $1 and contract_id = $2 and to_run is null group by status, reason order by min(rank)`,
    [scope.workspaceId, scope.contractId],
  );
  return rows.map((row) => ({ ...row, labels: Number(row.labels), count: Number(row.count) }));
}

/** What is to be done by whom, beside the root causes: people of one reason with the step most of them need. */
export async function countNextSteps(
  db: Queryable,
  scope: Scope,
  rootCausesShown: readonly string[],
): Promise<{ actor: Actor; status: Status; reason: Reason; nextStep: string; count: number }[]> {
  const { rows } = await db.query<{ actor: Actor; status: Status; reason: Reason; next_step: string; count: string }>(
    `select actor, status, reason, mode() within group (order by next_step) as next_step, count(*) as count
     from finding
     where workspace_id = $1 and contract_id = $2 and to_run is null and actor <> 'nobody-wait'
       and (root_cause is null or root_cause <> all($3))
     group by actor, status, reason order by min(rank), count(*) desc`,
    [scope.workspaceId, scope.contractId, rootCausesShown],
  );
  return rows.map(({ next_step, ...row }) => ({ ...row, nextStep: next_step, count: Number(row.count) }));
}

/**
 * Pairs of ids that earlier runs were sure of, with the CRM email they were known by. A pair of somebody whose identity was
 * in doubt proves nothing and is left out.
 */
export async function historyPairs(
  db: Queryable,
  scope: Scope,
): Promise<{ licenseId: string; crmUserId: string; crmEmail: string | null }[]> {
  const { rows } = await db.query<{ license_id: string; crm_user_id: string; crm_email: string | null }>(
    `select distinct license_id, crm_user_id, crm_email from finding
     where workspace_id = $1 and contract_id = $2 and license_id is not null and crm_user_id is not null and reason <> 'identity-conflict'
       and (coalesce(found_status, status) = 'matched' or rule in ('link', 'stable-id'))`,
    [scope.workspaceId, scope.contractId],
  );
  return rows.map((row) => ({ licenseId: row.license_id, crmUserId: row.crm_user_id, crmEmail: row.crm_email }));
}

/** license id → since when its email agrees with the CRM's, as far back as the runs say so without a break (ISO 8601). */
export async function agreeingSince(db: Queryable, scope: Scope): Promise<Map<string, string>> {
  const { rows } = await db.query<{ license_id: string; since: Date }>(
    `with recursive agreeing as (
       select key, license_id, from_run, since from finding
       where workspace_id = $1 and contract_id = $2 and to_run is null and coalesce(found_status, status) = 'matched' and license_id is not null
       union all
       select f.key, f.license_id, f.from_run, f.since from agreeing a
       join finding f on f.workspace_id = $1 and f.contract_id = $2 and f.key = a.key and f.to_run = a.from_run
         and coalesce(f.found_status, f.status) = 'matched'
     )
     select license_id, min(since) as since from agreeing group by license_id`,
    [scope.workspaceId, scope.contractId],
  );
  return new Map(rows.map((row) => [row.license_id, row.since.toISOString()]));
}

/** Addresses that a license had in an earlier run and has no more, with whose they were. */
export async function formerEmails(db: Queryable, scope: Scope): Promise<{ licenseId: string; email: string }[]> {
  const { rows } = await db.query<{ license_id: string; email: string }>(
    `select distinct license_id, body #>> '{license,email}' as email from finding
     where workspace_id = $1 and contract_id = $2 and to_run is not null and license_id is not null
       and body #>> '{license,email}' <> ''`,
    [scope.workspaceId, scope.contractId],
  );
  return rows.map((row) => ({ licenseId: row.license_id, email: row.email }));
}

/** One person as the newest comparison has them; null where it has no license holder, or no owner. */
export interface ComparedPerson {
  readonly license: Finding['license'];
  readonly crmEmail: string | null;
  readonly isCrmUserActive: boolean;
  readonly managedBy: Finding['managedBy'];
}

/** What the present findings of these keys show on both sides: whether a person is still as a plan knew them. */
export async function comparedPeople(db: Queryable, scope: Scope, keys: readonly string[]): Promise<Map<string, ComparedPerson>> {
  const { rows } = await db.query<{
    key: string;
    license: Finding['license'];
    crm: string | null;
    active: string | null;
    by: Finding['managedBy'];
  }>(
    `select key, body -> 'license' as license, crm_email as crm, body #>> '{crmUser,active}' as active, body ->> 'managedBy' as by from finding
     where workspace_id = $1 and contract_id = $2 and to_run is null and key = any($3)`,
    [scope.workspaceId, scope.contractId, keys],
  );
  return new Map(
    rows.map(({ key, license, crm, active, by }) => [key, { license, crmEmail: crm, isCrmUserActive: active !== 'false', managedBy: by }]),
  );
}

/** Whom the newest comparison knows by this email in the CRM; null where it kept nobody, as it does with users whom nothing is asked of. */
export async function findCrmUserByEmail(
  db: Queryable,
  scope: Scope,
  email: string,
): Promise<{ readonly id: string; readonly name: string } | null> {
  const { rows } = await db.query<{ id: string; name: string }>(
    `select crm_user_id as id, body #>> '{crmUser,name}' as name from finding
     where workspace_id = $1 and contract_id = $2 and to_run is null and lower(crm_email) = lower($3) and crm_user_id is not null limit 1`,
    [scope.workspaceId, scope.contractId, email],
  );
  return rows[0] ?? null;
}

/** A user of the CRM whom the newest comparison kept. */
export interface FoundCrmUser {
  readonly crmUserId: string;
  readonly name: string;
  readonly email: string;
  readonly active: boolean;
  /** The name, else the email, of who holds a license as this user already; null: nobody does. */
  readonly holder: string | null;
  readonly crm: PersonDetail['crm'];
}

/** Users of the CRM by a part of their name, email, id or team, by name: owners of licenses, and who should have one. */
export async function searchCrmUsers(db: Queryable, scope: Scope, search: string, limit: number): Promise<FoundCrmUser[]> {
  const { rows } = await db.query<FoundCrmUser>(
    `select * from (
       select distinct on (f.crm_user_id) f.crm_user_id as "crmUserId", coalesce(f.body #>> '{crmUser,name}', '') as name,
         coalesce(f.crm_email, '') as email, coalesce((f.body #>> '{crmUser,active}')::boolean, false) as active,
         coalesce(nullif(f.body #>> '{license,name}', ''), f.body #>> '{license,email}') as holder, d.detail -> 'crm' as crm
       from finding f left join person_detail d on d.workspace_id = f.workspace_id and d.contract_id = f.contract_id and d.key = f.key
       where f.workspace_id = $1 and f.contract_id = $2 and f.to_run is null and f.crm_user_id is not null
         and position($3 in lower(concat_ws(' ', f.body #>> '{crmUser,name}', f.crm_email, f.crm_user_id, d.detail #>> '{crm,team}'))) > 0
       order by f.crm_user_id, f.license_id nulls last) found
     order by lower(name), "crmUserId" limit $4`,
    [scope.workspaceId, scope.contractId, storable(search).toLowerCase(), limit],
  );
  return rows.map((row) => ({ ...row, crm: row.crm ?? null }));
}

/** The finding of a CRM user by the id that the CRM's own record has; null where the newest comparison kept nobody. A license holder's comes first. */
export async function findKeyOfCrmUser(db: Queryable, scope: Scope, crmUserId: string): Promise<string | null> {
  const isSalesforce = /^005[a-z\d]{12}(?:[a-z\d]{3})?$/iu.test(crmUserId);
  const { rows } = await db.query<{ key: string }>(
    `select key from finding
     where workspace_id = $1 and contract_id = $2 and to_run is null and left(crm_user_id, 15) = left($3, 15)
       and (crm_user_id = $3 or ($4 and length(crm_user_id) in (15, 18)))
     order by license_id is null, rank, key limit 1`,
    [scope.workspaceId, scope.contractId, storable(crmUserId), isSalesforce],
  );
  return rows[0]?.key ?? null;
}

/** Matched license holders whose license had another email in an earlier run: what it was, and what it is. */
export async function agreeingPairs(db: Queryable, scope: Scope): Promise<{ readonly before: string; readonly now: string }[]> {
  const { rows } = await db.query<{ before: string; now: string }>(
    `select distinct e.body #>> '{license,email}' as before, f.body #>> '{license,email}' as now
     from finding f join finding e on e.workspace_id = $1 and e.contract_id = $2 and e.key = f.key and e.to_run is not null
     where f.workspace_id = $1 and f.contract_id = $2 and f.to_run is null and coalesce(f.found_status, f.status) = 'matched'
       and e.body #>> '{license,email}' <> f.body #>> '{license,email}'`,
    [scope.workspaceId, scope.contractId],
  );
  return rows;
}

/** A license holder as a decision about them is shown. */
export interface PersonOfLicense {
  readonly key: string;
  readonly name: string;
  readonly email: string;
  /** An email changed after they were linked. */
  readonly moved: boolean;
}

/** Who holds these licenses in the newest lists, by license id; who is in none of them is missing. */
export async function peopleOfLicenses(
  db: Queryable,
  scope: Scope,
  licenseIds: readonly string[],
): Promise<ReadonlyMap<string, PersonOfLicense>> {
  if (licenseIds.length === 0) return new Map();
  const { rows } = await db.query<{ license_id: string; key: string; name: string; email: string; moved: boolean }>(
    `select license_id, key, coalesce(body->'license'->>'name', '') as name, body->'license'->>'email' as email,
       body::jsonb->'also' ? 'email-moved-since-link' as moved
     from finding where workspace_id = $1 and contract_id = $2 and to_run is null and key = any($3)`,
    [scope.workspaceId, scope.contractId, licenseIds.map((id) => storable(`license:${id}`))],
  );
  return new Map(rows.map(({ license_id, ...person }) => [license_id, person]));
}
