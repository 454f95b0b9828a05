import type { GuardTrip } from '../core/guard.ts';
import type { PlanProgress } from '../core/plan-progress.ts';
import type { SealedPlan } from '../core/seal-plan.ts';
import type { Queryable, Scope } from './database.ts';

export type PlanState = 'draft' | 'running' | 'done' | 'cancelled' | 'expired';

/** What a plan was made from. */
export interface PlanOrigin {
  readonly reconciliationId: string;
  /** The choice of people: a root cause, license ids, or everybody whom a repair is possible for. */
  readonly rootCause: string | null;
  readonly licenseIds: readonly string[] | null;
  /** License ids that the admin left out. */
  readonly leftOut: readonly string[];
  /** Made by a scheduled run. */
  readonly auto: boolean;
  /** The plan whose file this one turns back, and which of its files. */
  readonly reverseOf: string | null;
  readonly reverseFile?: number;
  /** License ids of a hand-over: whose license goes, and who gets it. */
  readonly handOver?: { readonly leaver: string; readonly successor: string };
  /** Licenses are taken for good: from all leavers, or from `licenseIds`. */
  readonly reclaim?: true;
  /** Guards that stop it as it is. */
  readonly trips: readonly GuardTrip[];
  /** What it is called: "37 of 65: acme.example became acme.test". */
  readonly title: string;
}

/** A plan as it is kept. Times are ISO 8601. */
export interface StoredPlan extends SealedPlan {
  readonly id: string;
  readonly number: number;
  readonly state: PlanState;
  readonly paused: boolean;
  readonly origin: PlanOrigin;
  readonly progress: PlanProgress;
  readonly version: number;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly approvedBy: string | null;
  readonly approvedAt: string | null;
  readonly assignee: string | null;
  readonly backup: string | null;
  readonly delivered: boolean;
  readonly sitting: StoredSitting | null;
  readonly endedAt: string | null;
}

/** When the next licenses go off and on, in one go by one person. Times are ISO 8601. */
export interface StoredSitting {
  /** Which one of the plan, from 0. */
  readonly index: number;
  readonly plannedFor: string | null;
  readonly startedAt: string | null;
  readonly startedBy: string | null;
}

interface PlanRow {
  plan_id: string;
  number: number;
  state: PlanState;
  paused: boolean;
  origin: PlanOrigin;
  seal: string;
  sealed: SealedPlan['plan'];
  progress: PlanProgress;
  version: number;
  created_by: string;
  created_at: Date;
  expires_at: Date;
  approved_by: string | null;
  approved_at: Date | null;
  assignee: string | null;
  backup: string | null;
  delivered: boolean;
  sitting: StoredSitting | null;
  ended_at: Date | null;
}

const columns = `plan_id, number, state, paused, origin, seal, sealed, progress, version, created_by, created_at, expires_at, approved_by,
  approved_at, assignee, backup, delivered, sitting, ended_at`;

const toPlan = (row: PlanRow): StoredPlan => ({
  id: row.plan_id,
  number: row.number,
  state: row.state,
  paused: row.paused,
  origin: row.origin,
  seal: row.seal,
  plan: row.sealed,
  progress: withCodes(row.progress),
  version: row.version,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  approvedBy: row.approved_by,
  approvedAt: row.approved_at?.toISOString() ?? null,
  assignee: row.assignee,
  backup: row.backup,
  delivered: row.delivered,
  sitting: row.sitting,
  endedAt: row.ended_at?.toISOString() ?? null,
});

/** What was stored before whoever is held back had a code. */
const withCodes = (progress: PlanProgress): PlanProgress =>
  progress.heldBack.every(({ code }) => code !== undefined)
    ? progress
    : { ...progress, heldBack: progress.heldBack.map((held) => ({ ...held, code: held.code ?? null })) };

/**
 * Waits until nobody else changes a plan of this contract, and keeps the place until the caller's transaction ends. Every change of a
 * plan, of its people and of what their findings show goes through here.
 */
export async function lockPlans(client: Queryable, { contractId }: Scope): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(hashtextextended('plans ' || $1, 0))`, [contractId]);
}

export type NewPlan = Pick<StoredPlan, 'id' | 'plan' | 'seal' | 'origin' | 'createdBy' | 'assignee' | 'backup'>;

export async function insertPlan(client: Queryable, scope: Scope, made: NewPlan): Promise<void> {
  await client.query(
    `insert into plan (workspace_id, contract_id, plan_id, number, mode, state, origin, seal, sealed, progress, created_by, created_at, expires_at,
       assignee, backup)
     select $1::uuid, $2::uuid, $3::uuid, coalesce(max(number), 0) + 1, $4, 'draft', $5::jsonb, $6, $7::json, $8::json, $9, $10::timestamptz,
       $11::timestamptz, $12, $13
     from plan where workspace_id = $1 and contract_id = $2`,
    [
      scope.workspaceId,
      scope.contractId,
      made.id,
      made.plan.mode,
      JSON.stringify(made.origin),
      made.seal,
      JSON.stringify(made.plan),
      JSON.stringify({ planId: made.plan.id, seal: made.seal, files: [], heldBack: [] } satisfies PlanProgress),
      made.createdBy,
      made.plan.createdAt,
      made.plan.expiresAt,
      made.assignee,
      made.backup,
    ],
  );
}

/** A draft made anew from other choices: its seal is another one, its number stays. False when it is no draft any more. */
export async function replaceDraft(client: Queryable, scope: Scope, made: NewPlan): Promise<boolean> {
  const { rowCount } = await client.query(
    `update plan set origin = $3, seal = $4, sealed = $5, progress = $6, created_at = $7, expires_at = $8, mode = $9, assignee = $10, backup = $11,
       version = version + 1
     where workspace_id = $1 and plan_id = $2 and state = 'draft'`,
    [
      scope.workspaceId,
      made.id,
      JSON.stringify(made.origin),
      made.seal,
      JSON.stringify(made.plan),
      JSON.stringify({ planId: made.plan.id, seal: made.seal, files: [], heldBack: [] } satisfies PlanProgress),
      made.plan.createdAt,
      made.plan.expiresAt,
      made.plan.mode,
      made.assignee,
      made.backup,
    ],
  );
  return rowCount === 1;
}

export async function findPlan(db: Queryable, scope: Scope, id: string): Promise<StoredPlan | null> {
  const { rows } = await db.query<PlanRow>(`select ${columns} from plan where workspace_id = $1 and contract_id = $2 and plan_id = $3`, [
    scope.workspaceId,
    scope.contractId,
    id,
  ]);
  return rows[0] ? toPlan(rows[0]) : null;
}

/** The plan that a scheduled comparison made by itself; null where it made none. */
export async function findAutoPlan(db: Queryable, scope: Scope, reconciliationId: string): Promise<StoredPlan | null> {
  const { rows } = await db.query<PlanRow>(
    `select ${columns} from plan where workspace_id = $1 and contract_id = $2 and origin->>'auto' = 'true' and origin->>'reconciliationId' = $3`,
    [scope.workspaceId, scope.contractId, reconciliationId],
  );
  return rows[0] ? toPlan(rows[0]) : null;
}

/** Newest first. */
export async function listPlans(db: Queryable, scope: Scope, page: { before: number | null; limit: number }): Promise<StoredPlan[]> {
  const { rows } = await db.query<PlanRow>(
    `select ${columns} from plan where workspace_id = $1 and contract_id = $2 and ($3::integer is null or number < $3) order by number desc limit $4`,
    [scope.workspaceId, scope.contractId, page.before, page.limit],
  );
  return rows.map(toPlan);
}

/** Plans that are being carried out, oldest first. */
export async function runningPlans(db: Queryable, scope: Scope): Promise<StoredPlan[]> {
  const { rows } = await db.query<PlanRow>(
    `select ${columns} from plan where workspace_id = $1 and contract_id = $2 and state = 'running' order by number`,
    [scope.workspaceId, scope.contractId],
  );
  return rows.map(toPlan);
}

/** Plans that took licenses and have ended since a moment, oldest first. */
export async function endedFullPlans(db: Queryable, scope: Scope, since: string): Promise<StoredPlan[]> {
  const { rows } = await db.query<PlanRow>(
    `select ${columns} from plan where workspace_id = $1 and contract_id = $2 and mode = 'full' and state in ('done', 'cancelled')
       and ended_at >= $3 order by number`,
    [scope.workspaceId, scope.contractId, since],
  );
  return rows.map(toPlan);
}

/** Plans under way that are handed over by themselves, of whatever contract, with whose they are. */
export async function deliveredPlans(db: Queryable): Promise<(Scope & { readonly planId: string })[]> {
  const { rows } = await db.query<{ workspaceId: string; contractId: string; planId: string }>(
    `select workspace_id as "workspaceId", contract_id as "contractId", plan_id as "planId" from plan where state = 'running' and delivered`,
  );
  return rows;
}

/** A file of another plan under way that a person has and that is not proven; null where there is none. */
export async function fileOutElsewhere(db: Queryable, scope: Scope, planId: string): Promise<string | null> {
  const { rows } = await db.query<{ name: string }>(
    `select progress->'files'->-1->>'name' as name from plan
     where workspace_id = $1 and contract_id = $2 and state = 'running' and not delivered and plan_id <> $3
       and progress->'files'->-1->>'state' in ('downloaded', 'said-to-be-uploaded', 'seen') order by number limit 1`,
    [scope.workspaceId, scope.contractId, planId],
  );
  return rows[0]?.name ?? null;
}

/** When a file of another plan was last uploaded, running or ended not long ago; ISO 8601. Null where none was. */
export async function writtenElsewhereAt(db: Queryable, scope: Scope, planId: string | null): Promise<string | null> {
  const { rows } = await db.query<{ at: string | null }>(
    `select max(entry->>'at') as at from plan, json_array_elements(progress->'files') as file, json_array_elements(file->'log') as entry
     where workspace_id = $1 and contract_id = $2 and plan_id is distinct from $3 and entry->>'state' in ('said-to-be-uploaded', 'seen')
       and (state = 'running' or ended_at > now() - interval '8 days')`,
    [scope.workspaceId, scope.contractId, planId],
  );
  return rows[0]?.at ?? null;
}

/** Plans that were approved since a moment and left people out for this reason, newest first. */
export async function partlyApproved(db: Queryable, scope: Scope, code: string, since: string): Promise<StoredPlan[]> {
  const { rows } = await db.query<PlanRow>(
    `select ${columns} from plan where workspace_id = $1 and contract_id = $2 and mode = 'full' and approved_at >= $3
       and sealed::jsonb->'leftOut' @> jsonb_build_array(jsonb_build_object('code', $4::text)) order by number desc`,
    [scope.workspaceId, scope.contractId, since, code],
  );
  return rows.map(toPlan);
}

export type PlanChange = Partial<
  Pick<
    StoredPlan,
    'state' | 'paused' | 'progress' | 'approvedBy' | 'approvedAt' | 'assignee' | 'backup' | 'delivered' | 'sitting' | 'endedAt'
  >
>;

const columnOf = {
  state: 'state',
  paused: 'paused',
  progress: 'progress',
  approvedBy: 'approved_by',
  approvedAt: 'approved_at',
  assignee: 'assignee',
  backup: 'backup',
  delivered: 'delivered',
  sitting: 'sitting',
  endedAt: 'ended_at',
} as const satisfies Record<keyof PlanChange, string>;

/** Changes a plan that is still as the caller read it. Throws when another process was quicker: the caller's transaction rolls back. */
export async function savePlan(client: Queryable, scope: Scope, plan: StoredPlan, change: PlanChange): Promise<StoredPlan> {
  const names = Object.keys(change) as (keyof PlanChange)[];
  const values = names.map((name) => (name === 'progress' || name === 'sitting' ? JSON.stringify(change[name]) : change[name]));
  // Not `returning`: the sealed plan of thousands of people would be sent and read again for each change.
  const { rowCount } = await client.query(
    `update plan set version = version + 1${names.map((name, index) => `, ${columnOf[name]} = $${index + 4}`).join('')}
     where workspace_id = $1 and plan_id = $2 and version = $3`,
    [scope.workspaceId, plan.id, plan.version, ...values],
  );
  if (rowCount !== 1) throw new Error(`Plan ${plan.id} was changed by another process meanwhile; nothing was stored by this one.`);
  return { ...plan, ...change, version: plan.version + 1 };
}

/** A file that was brought back to a plan, or came by delivery, and what it showed. */
export interface StoredProof<Outcome = unknown> {
  readonly id: string;
  readonly name: string;
  readonly kind: 'result' | 'export';
  readonly sha256: string;
  readonly asOf: string;
  readonly by: string;
  readonly at: string;
  readonly outcome: Outcome;
}

export async function insertProof(client: Queryable, scope: Scope, planId: string, proof: StoredProof): Promise<void> {
  await client.query(
    `insert into proof (workspace_id, proof_id, plan_id, name, kind, sha256, as_of, brought_by, brought_at, outcome)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      scope.workspaceId,
      proof.id,
      planId,
      proof.name,
      proof.kind,
      proof.sha256,
      proof.asOf,
      proof.by,
      proof.at,
      JSON.stringify(proof.outcome),
    ],
  );
}

/** Newest first, at most fifty. */
export async function listProofs<Outcome>(db: Queryable, scope: Scope, planId: string): Promise<StoredProof<Outcome>[]> {
  const { rows } = await db.query<{
    proof_id: string;
    name: string;
    kind: 'result' | 'export';
    sha256: string;
    as_of: Date;
    brought_by: string;
    brought_at: Date;
    outcome: Outcome;
  }>(
    `select proof_id, name, kind, sha256, as_of, brought_by, brought_at, outcome from proof
     where workspace_id = $1 and plan_id = $2 order by brought_at desc, proof_id limit 50`,
    [scope.workspaceId, planId],
  );
  return rows.map((row) => ({
    id: row.proof_id,
    name: row.name,
    kind: row.kind,
    sha256: row.sha256,
    asOf: row.as_of.toISOString(),
    by: row.brought_by,
    at: row.brought_at.toISOString(),
    outcome: row.outcome,
  }));
}
