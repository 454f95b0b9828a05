import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { writeAudit } from './audit.ts';
import { type Queryable, type Scope, storable } from './database.ts';
import type { ReconciliationState } from './reconciliation.ts';

/**
 * Where a run takes its two lists from: two folders on the server's disk, the last two files that were brought, or a CRM connection with
 * license holders from a connection, a folder or the last file that was brought.
 */
export type ScheduleSources =
  | { readonly kind: 'folders'; readonly licenses: string; readonly crm: string }
  | { readonly kind: 'uploads' }
  | { readonly kind: 'connection'; readonly crm: string; readonly licenses: LicenseSource };

export type LicenseSource =
  | { readonly kind: 'connection'; readonly id: string }
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'uploads' };

/** What a person says of a schedule. */
export interface ScheduleTerms {
  readonly name: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly sources: ScheduleSources;
  readonly enabled: boolean;
  /** Older files are not compared. */
  readonly maxAgeDays: number;
  /** A due time at which no server ran is made up for within this time. */
  readonly catchUpHours: number;
  /** A run that is missing this long after its due time is an alarm. */
  readonly graceHours: number;
  /** A run repairs emails by itself, where the owner is sure and no guard trips. */
  readonly autoRepair: boolean;
}

export interface StoredSchedule extends ScheduleTerms, Scope {
  readonly id: string;
  readonly countsFrom: string;
  readonly version: number;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly changedBy: string;
  readonly changedAt: string;
}

interface ScheduleRow {
  workspace_id: string;
  contract_id: string;
  schedule_id: string;
  name: string;
  cron: string;
  time_zone: string;
  sources: ScheduleSources;
  enabled: boolean;
  max_age_days: number;
  catch_up_hours: number;
  grace_hours: number;
  auto_repair: boolean;
  counts_from: Date;
  version: number;
  created_by: string;
  created_at: Date;
  changed_by: string;
  changed_at: Date;
}

const toSchedule = (row: ScheduleRow): StoredSchedule => ({
  workspaceId: row.workspace_id,
  contractId: row.contract_id,
  id: row.schedule_id,
  name: row.name,
  cron: row.cron,
  timeZone: row.time_zone,
  sources: row.sources,
  enabled: row.enabled,
  maxAgeDays: row.max_age_days,
  catchUpHours: row.catch_up_hours,
  graceHours: row.grace_hours,
  autoRepair: row.auto_repair,
  countsFrom: row.counts_from.toISOString(),
  version: row.version,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  changedBy: row.changed_by,
  changedAt: row.changed_at.toISOString(),
});

const columnsOf = (terms: ScheduleTerms) => [
  storable(terms.name),
  terms.cron,
  terms.timeZone,
  JSON.stringify(terms.sources),
  terms.enabled,
  terms.maxAgeDays,
  terms.catchUpHours,
  terms.graceHours,
  terms.autoRepair,
];

/** Due times count from `now`. Call it in a transaction. */
export async function insertSchedule(client: pg.ClientBase, scope: Scope, actor: string, terms: ScheduleTerms, now: Date): Promise<string> {
  const id = randomUUID();
  await client.query(
    `insert into schedule (workspace_id, contract_id, schedule_id, name, cron, time_zone, sources, enabled, max_age_days, catch_up_hours,
       grace_hours, auto_repair, counts_from, created_by, created_at, changed_by, changed_at)
     values ($1, $2, $3, $6, $7, $8, $9, $10, $11, $12, $13, $14, $4, $5, $4, $5, $4)`,
    [scope.workspaceId, scope.contractId, id, now, actor, ...columnsOf(terms)],
  );
  await writeAudit(client, scope.workspaceId, { actor, action: 'schedule made', subject: id, detail: terms });
  return id;
}

/**
 * Another expression or zone, and switching on, make due times count from `now`. False when there is none of this id. Call it in a
 * transaction.
 */
export async function updateSchedule(
  client: pg.ClientBase,
  scope: Scope,
  actor: string,
  id: string,
  terms: ScheduleTerms,
  now: Date,
): Promise<boolean> {
  const before = await findSchedule(client, scope, id);
  if (!before) return false;
  const anew = before.cron !== terms.cron || before.timeZone !== terms.timeZone || (terms.enabled && !before.enabled);
  await client.query(
    `update schedule set name = $6, cron = $7, time_zone = $8, sources = $9, enabled = $10, max_age_days = $11, catch_up_hours = $12,
       grace_hours = $13, auto_repair = $14, changed_by = $5, changed_at = $4, version = version + 1, counts_from = case when $15 then $4 else counts_from end
     where workspace_id = $1 and contract_id = $2 and schedule_id = $3`,
    [scope.workspaceId, scope.contractId, id, now, actor, ...columnsOf(terms), anew],
  );
  await writeAudit(client, scope.workspaceId, { actor, action: 'schedule changed', subject: id, detail: { before, after: terms } });
  return true;
}

/** Deletes a schedule and the list of its runs; the runs themselves stay. False when there is none of this id. Call it in a transaction. */
export async function deleteSchedule(client: pg.ClientBase, scope: Scope, actor: string, id: string): Promise<boolean> {
  const { rows } = await client.query<ScheduleRow>(
    'delete from schedule where workspace_id = $1 and contract_id = $2 and schedule_id = $3 returning *',
    [scope.workspaceId, scope.contractId, id],
  );
  if (!rows[0]) return false;
  await writeAudit(client, scope.workspaceId, { actor, action: 'schedule deleted', subject: id, detail: toSchedule(rows[0]) });
  return true;
}

export async function findSchedule(db: Queryable, scope: Scope, id: string): Promise<StoredSchedule | null> {
  const { rows } = await db.query<ScheduleRow>('select * from schedule where workspace_id = $1 and contract_id = $2 and schedule_id = $3', [
    scope.workspaceId,
    scope.contractId,
    id,
  ]);
  return rows[0] ? toSchedule(rows[0]) : null;
}

/** Oldest first. */
export async function listSchedules(db: Queryable, scope: Scope): Promise<StoredSchedule[]> {
  const { rows } = await db.query<ScheduleRow>(
    'select * from schedule where workspace_id = $1 and contract_id = $2 order by created_at, schedule_id',
    [scope.workspaceId, scope.contractId],
  );
  return rows.map(toSchedule);
}

/** A schedule that is on, of any workspace, with what its next tick has to know. */
export interface TickingSchedule extends StoredSchedule {
  /** Due time of the last tick; null before the first. */
  readonly lastTick: string | null;
  /** Due time of the last one whose run compared, or found that nothing changed. */
  readonly lastGood: string | null;
  /** When the first tick after that one was taken. */
  readonly firstTry: string | null;
  /** What became of the last one, in a sentence. */
  readonly lastSentence: string | null;
}

export async function tickingSchedules(db: Queryable): Promise<TickingSchedule[]> {
  const { rows } = await db.query<
    ScheduleRow & { last_tick: Date | null; last_good: Date | null; first_try: Date | null; last_sentence: string | null }
  >(
    `select s.*, last_tick, last_good, first_try, last_sentence from schedule s
     left join lateral (select max(due_at) as last_tick from schedule_tick t
       where t.workspace_id = s.workspace_id and t.schedule_id = s.schedule_id and asked_by is null) on true
     left join lateral (select due_at as last_good from schedule_tick t left join reconciliation r using (workspace_id, reconciliation_id)
       where t.workspace_id = s.workspace_id and t.schedule_id = s.schedule_id and (t.outcome = 'unchanged' or r.state = 'done')
       order by due_at desc limit 1) on true
     left join lateral (select min(t.created_at) as first_try from schedule_tick t
       where t.workspace_id = s.workspace_id and t.schedule_id = s.schedule_id and asked_by is null
         and due_at > coalesce(last_good, '-infinity')) on true
     left join lateral (select coalesce(r.refusal, t.sentence) as last_sentence
       from schedule_tick t left join reconciliation r using (workspace_id, reconciliation_id)
       where t.workspace_id = s.workspace_id and t.schedule_id = s.schedule_id order by due_at desc limit 1) on true
     where s.enabled`,
  );
  return rows.map((row) => ({
    ...toSchedule(row),
    lastTick: row.last_tick?.toISOString() ?? null,
    lastGood: row.last_good?.toISOString() ?? null,
    firstTry: row.first_try?.toISOString() ?? null,
    lastSentence: row.last_sentence,
  }));
}

/** The schedule whose run this comparison was; null where a person asked for it otherwise. */
export async function scheduleOfRun(db: Queryable, scope: Scope, reconciliationId: string): Promise<StoredSchedule | null> {
  const { rows } = await db.query<ScheduleRow>(
    `select s.* from schedule s join schedule_tick t using (workspace_id, schedule_id)
     where s.workspace_id = $1 and s.contract_id = $2 and t.reconciliation_id = $3`,
    [scope.workspaceId, scope.contractId, reconciliationId],
  );
  return rows[0] ? toSchedule(rows[0]) : null;
}

/** What became of one due time, or of one run that a person asked for. */
export interface StoredTick {
  readonly scheduleId: string;
  readonly dueAt: string;
  readonly askedBy: string | null;
  readonly outcome: 'sent' | 'started' | 'unchanged' | 'refused' | 'missed';
  readonly sentence: string | null;
  readonly passed: number;
  readonly run: {
    readonly id: string;
    readonly number: number;
    readonly state: ReconciliationState;
    readonly refusal: string | null;
  } | null;
}

interface TickRow {
  schedule_id: string;
  due_at: Date;
  asked_by: string | null;
  outcome: StoredTick['outcome'];
  sentence: string | null;
  passed: number;
  reconciliation_id: string | null;
  number: number | null;
  state: ReconciliationState | null;
  refusal: string | null;
}

const toTick = (row: TickRow): StoredTick => ({
  scheduleId: row.schedule_id,
  dueAt: row.due_at.toISOString(),
  askedBy: row.asked_by,
  outcome: row.outcome,
  sentence: row.sentence,
  passed: row.passed,
  run:
    row.reconciliation_id !== null && row.number !== null && row.state !== null
      ? { id: row.reconciliation_id, number: row.number, state: row.state, refusal: row.refusal }
      : null,
});

const ticks = `select t.*, r.number, r.state, r.refusal from schedule_tick t left join reconciliation r using (workspace_id, reconciliation_id)`;

/** Switches every schedule of a contract off. Call it in a transaction. */
export async function disableSchedules(client: pg.ClientBase, scope: Scope, actor: string): Promise<void> {
  const { rows } = await client.query<{ schedule_id: string }>(
    `update schedule set enabled = false, version = version + 1 where workspace_id = $1 and contract_id = $2 and enabled returning schedule_id`,
    [scope.workspaceId, scope.contractId],
  );
  for (const row of rows) await writeAudit(client, scope.workspaceId, { actor, action: 'schedule switched off', subject: row.schedule_id });
}

/**
 * Takes one due time, for a schedule that is still on and still the same. False when another process has it already. What the caller does
 * next, it does in this transaction.
 */
export async function takeTick(
  client: pg.ClientBase,
  schedule: Pick<StoredSchedule, 'workspaceId' | 'id' | 'version'>,
  tick: { dueAt: Date; outcome: 'sent' | 'missed'; sentence: string | null; passed: number },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into schedule_tick (workspace_id, schedule_id, due_at, outcome, sentence, passed)
     select workspace_id, schedule_id, $4::timestamptz, $5, $6, $7::integer from schedule
     where workspace_id = $1 and schedule_id = $2 and version = $3 and enabled
     on conflict do nothing`,
    [schedule.workspaceId, schedule.id, schedule.version, tick.dueAt, tick.outcome, tick.sentence, tick.passed],
  );
  return rowCount === 1;
}

/** A run that a person asked for. Call it in the transaction that sends its job. */
export async function insertAskedTick(client: pg.ClientBase, scope: Scope, scheduleId: string, actor: string, now: Date): Promise<void> {
  await client.query(`insert into schedule_tick (workspace_id, schedule_id, due_at, asked_by, outcome) values ($1, $2, $3, $4, 'sent')`, [
    scope.workspaceId,
    scheduleId,
    now,
    actor,
  ]);
  await writeAudit(client, scope.workspaceId, { actor, action: 'schedule run asked for', subject: scheduleId });
}

export async function findTick(db: Queryable, scope: Scope, scheduleId: string, dueAt: string): Promise<StoredTick | null> {
  const { rows } = await db.query<TickRow>(`${ticks} where t.workspace_id = $1 and t.schedule_id = $2 and t.due_at = $3`, [
    scope.workspaceId,
    scheduleId,
    dueAt,
  ]);
  return rows[0] ? toTick(rows[0]) : null;
}

/** Says what became of a tick that was sent; false when that was said before. */
export async function settleTick(
  db: Queryable,
  scope: Scope,
  tick: Pick<StoredTick, 'scheduleId' | 'dueAt'>,
  said: { outcome: 'started' | 'unchanged' | 'refused'; sentence: string | null; reconciliationId: string | null },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update schedule_tick set outcome = $4, sentence = $5, reconciliation_id = $6
     where workspace_id = $1 and schedule_id = $2 and due_at = $3 and outcome = 'sent'`,
    [scope.workspaceId, tick.scheduleId, tick.dueAt, said.outcome, said.sentence && storable(said.sentence), said.reconciliationId],
  );
  return rowCount === 1;
}

/** The last `limit` of one schedule, newest first. */
export async function listTicks(db: Queryable, scope: Scope, scheduleId: string, limit: number): Promise<StoredTick[]> {
  const { rows } = await db.query<TickRow>(`${ticks} where t.workspace_id = $1 and t.schedule_id = $2 order by t.due_at desc limit $3`, [
    scope.workspaceId,
    scheduleId,
    limit,
  ]);
  return rows.map(toTick);
}

/** Forgets what became of the due times of a schedule before this moment, but never of the last one that brought a run. */
export async function forgetTicks(
  db: Queryable,
  { workspaceId, id }: Pick<StoredSchedule, 'workspaceId' | 'id'>,
  before: Date,
): Promise<void> {
  await db.query(
    `delete from schedule_tick t where workspace_id = $1 and schedule_id = $2 and due_at < $3 and exists (
       select from schedule_tick later where later.workspace_id = $1 and later.schedule_id = $2 and later.due_at > t.due_at
         and later.outcome in ('started', 'unchanged'))`,
    [workspaceId, id, before],
  );
}
