import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { CompleteListing, CompleteRead, Origin, Reject } from '../../connectors/connector.ts';
import type { Summary } from '../core/finding.ts';
import type { IdRow } from '../core/id-file.ts';
import type { Holder } from '../core/plan.ts';
import type { CrmInvitationsRead, InvitationsRead } from '../core/read-invitations.ts';
import type { Permission } from '../core/status.ts';
import { writeAudit } from './audit.ts';
import { type Queryable, type Scope, storable, transaction, withClient } from './database.ts';
import { type EncodedFinding, type LatestRun, openStagedSpans, type StagedChanges, stageFindings } from './finding.ts';
import { saveCrmInvitations, saveInvitations } from './invitation.ts';
import { closeBatches } from './invitation-batch.ts';
import { withdrawReminders } from './invitation-reminder.ts';
import { notify } from './notify.ts';
import type { ContractSettings } from './setting.ts';

export type ReconciliationState = 'queued' | 'running' | 'held' | 'done' | 'refused';

/** The question a held run waits with. */
export interface HeldQuestion {
  readonly id: 'sandbox' | 'odd-run';
  readonly sentence: string;
}

/** What was asked for; `answers` grows when a held question is released. */
export interface ReconciliationRequest {
  readonly crm: string;
  readonly adminCenterCount?: number | undefined;
  readonly exportedAt?: string | undefined;
  readonly crmExportedAt?: string | undefined;
  /** CRMs that LinkedIn does not sync with, read beside; missing in runs from before there were any. */
  readonly otherCrms?: readonly RunSource[] | undefined;
  /** The upload that was the contract's directory. */
  readonly directory?: string | undefined;
  readonly answers: { readonly sandbox?: 'release' | undefined; readonly oddRun?: 'release' | undefined };
  /** For this run only; goes before the contract's settings. */
  readonly settings: Partial<Pick<ContractSettings, 'companyDomains' | 'domainAliases' | 'emailAliases' | 'seatScope'>>;
}

export interface Proofs {
  readonly licenses: CompleteRead | CompleteListing;
  readonly crm: CompleteRead | CompleteListing;
}

/** Where one side of a run comes from: the id of a file that was brought, or of a connection. */
export type RunSource = { readonly upload: string } | { readonly connection: string };

export interface StoredReconciliation {
  readonly id: string;
  readonly number: number;
  readonly attempts: number;
  readonly state: ReconciliationState;
  readonly progress: number;
  readonly phase: string;
  readonly question: HeldQuestion | null;
  readonly refusal: string | null;
  readonly request: ReconciliationRequest;
  readonly licenses: RunSource;
  readonly crm: RunSource;
  /** The names of the two files or connections. */
  readonly files: { licenses: string; crm: string };
  readonly crmName: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly finishedAt: string | null;
  readonly asOf: string | null;
  readonly summary: Summary | null;
  readonly proofs: Proofs | null;
  readonly rejects: { licenses: number; crm: number } | null;
  readonly warnings: string[];
  readonly changes: StoredChanges | null;
  /** The CRM said that it is a test org, or looked like one and a person let it be compared. */
  readonly sandbox: boolean;
  /** The org that answered; null for a file, which names none. */
  readonly crmOrigin: Origin | null;
}

export interface StoredChanges {
  readonly before: { id: string; at: string } | null;
  readonly new: number;
  readonly repaired: number;
  readonly cameBack: number;
}

interface Row {
  reconciliation_id: string;
  number: number;
  attempts: number;
  state: ReconciliationState;
  progress: number;
  phase: string;
  question: HeldQuestion | null;
  refusal: string | null;
  request: ReconciliationRequest;
  licenses_upload: string | null;
  crm_upload: string | null;
  licenses_connection: string | null;
  crm_connection: string | null;
  crm_origin: Origin | null;
  files: { licenses: string; crm: string };
  crm_name: string;
  created_by: string;
  created_at: Date;
  finished_at: Date | null;
  as_of: Date | null;
  summary: Summary | null;
  proofs: Proofs | null;
  rejects: { licenses: number; crm: number } | null;
  warnings: string[];
  changes: StoredChanges | null;
  sandbox: boolean;
}

const fromRow = (row: Row): StoredReconciliation => ({
  id: row.reconciliation_id,
  number: row.number,
  attempts: row.attempts,
  state: row.state,
  progress: row.progress,
  phase: row.phase,
  question: row.question,
  refusal: row.refusal,
  request: row.request,
  licenses: sourceOf(row.licenses_upload, row.licenses_connection),
  crm: sourceOf(row.crm_upload, row.crm_connection),
  files: row.files,
  crmName: row.crm_name,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  finishedAt: row.finished_at?.toISOString() ?? null,
  asOf: row.as_of?.toISOString() ?? null,
  summary: row.summary,
  proofs: row.proofs,
  rejects: row.rejects,
  warnings: row.warnings,
  changes: row.changes,
  sandbox: row.sandbox,
  crmOrigin: row.crm_origin,
});

/** The table has one of the two. */
const sourceOf = (upload: string | null, connection: string | null): RunSource =>
  connection === null ? { upload: upload! } : { connection };

/** The id of the file that a side was; null for a connection. */
export const uploadOf = (source: RunSource): string | null => ('upload' in source ? source.upload : null);
const connectionOf = (source: RunSource): string | null => ('connection' in source ? source.connection : null);

export interface NewReconciliation {
  readonly licenses: RunSource;
  readonly crm: RunSource;
  readonly files: { licenses: string; crm: string };
  readonly crmName: string;
  readonly createdBy: string;
  readonly request: ReconciliationRequest;
}

/** Writes a queued reconciliation with the contract's next number. Call it in a transaction with what starts its job. */
export async function insertReconciliation(client: pg.ClientBase, scope: Scope, asked: NewReconciliation): Promise<string> {
  const id = randomUUID();
  await client.query('select from contract where workspace_id = $1 and contract_id = $2 for update', [scope.workspaceId, scope.contractId]);
  await client.query(
    `insert into reconciliation
       (workspace_id, contract_id, reconciliation_id, number, state, phase, request, licenses_upload, crm_upload, files, crm_name, created_by,
       licenses_connection, crm_connection)
     select $1::uuid, $2::uuid, $3::uuid, coalesce(max(number), 0) + 1, 'queued', 'Waiting to start', $4::jsonb, $5::uuid, $6::uuid, $7::jsonb, $8, $9,
       $10::uuid, $11::uuid
     from reconciliation where workspace_id = $1 and contract_id = $2`,
    [
      scope.workspaceId,
      scope.contractId,
      id,
      JSON.stringify(asked.request),
      uploadOf(asked.licenses),
      uploadOf(asked.crm),
      JSON.stringify(asked.files),
      asked.crmName,
      asked.createdBy,
      connectionOf(asked.licenses),
      connectionOf(asked.crm),
    ],
  );
  await writeAudit(client, scope.workspaceId, {
    actor: asked.createdBy,
    action: 'reconciliation asked for',
    subject: id,
    detail: { files: asked.files, request: asked.request },
  });
  return id;
}

export async function findReconciliation(db: Queryable, scope: Scope, id: string): Promise<StoredReconciliation | null> {
  const { rows } = await db.query<Row>(
    'select * from reconciliation where workspace_id = $1 and contract_id = $2 and reconciliation_id = $3',
    [scope.workspaceId, scope.contractId, id],
  );
  return rows[0] ? fromRow(rows[0]) : null;
}

/** Newest first; `before` is the number of the last row of the page before. */
export async function listReconciliations(
  db: Queryable,
  scope: Scope,
  page: { before: number | null; limit: number },
): Promise<StoredReconciliation[]> {
  const { rows } = await db.query<Row>(
    `select * from reconciliation where workspace_id = $1 and contract_id = $2 and ($3::integer is null or number < $3)
     order by number desc limit $4`,
    [scope.workspaceId, scope.contractId, page.before, page.limit],
  );
  return rows.map(fromRow);
}

/** The last `limit` that are done, newest first. */
export async function doneReconciliations(db: Queryable, scope: Scope, limit: number): Promise<StoredReconciliation[]> {
  const { rows } = await db.query<Row>(
    `select * from reconciliation where workspace_id = $1 and contract_id = $2 and state = 'done' order by number desc limit $3`,
    [scope.workspaceId, scope.contractId, limit],
  );
  return rows.map(fromRow);
}

/** The last one that read these two files; null where they were never compared. */
export async function lastOfFiles(db: Queryable, scope: Scope, licenses: string, crm: string): Promise<StoredReconciliation | null> {
  const { rows } = await db.query<Row>(
    `select * from reconciliation where workspace_id = $1 and contract_id = $2 and licenses_upload = $3 and crm_upload = $4
     order by number desc limit 1`,
    [scope.workspaceId, scope.contractId, licenses, crm],
  );
  return rows[0] ? fromRow(rows[0]) : null;
}

/** The oldest that is queued, running or held: the one to show and to wait for. */
export async function reconciliationUnderWay(db: Queryable, scope: Scope): Promise<StoredReconciliation | null> {
  const { rows } = await db.query<Row>(
    `select * from reconciliation where workspace_id = $1 and contract_id = $2 and state in ('queued', 'running', 'held')
     order by array_position(array['running', 'held', 'queued'], state), number limit 1`,
    [scope.workspaceId, scope.contractId],
  );
  return rows[0] ? fromRow(rows[0]) : null;
}

/** Ids of what should be running, to be taken up after a crash. */
export async function unfinishedReconciliations(db: Queryable): Promise<{ workspaceId: string; contractId: string; id: string }[]> {
  const { rows } = await db.query<{ workspace_id: string; contract_id: string; reconciliation_id: string }>(
    `select workspace_id, contract_id, reconciliation_id from reconciliation where state in ('queued', 'running') order by number`,
  );
  return rows.map((row) => ({ workspaceId: row.workspace_id, contractId: row.contract_id, id: row.reconciliation_id }));
}

/** The latest run that is done, as the finding functions want it; null before the first. */
export async function latestRun(db: Queryable, scope: Scope): Promise<(LatestRun & { id: string }) | null> {
  const { rows } = await db.query<{ reconciliation_id: string; number: number; as_of: Date }>(
    `select reconciliation_id, number, as_of from reconciliation
     where workspace_id = $1 and contract_id = $2 and state = 'done' order by number desc limit 1`,
    [scope.workspaceId, scope.contractId],
  );
  return rows[0] ? { id: rows[0].reconciliation_id, number: rows[0].number, asOf: rows[0].as_of.toISOString() } : null;
}

/**
 * Marks a queued run, or one that a dead process left running, as running. Call it under the contract's lock. A run that
 * was overtaken gets the next number, so that spans are always saved in the order of their numbers. Null: nothing to run.
 */
export async function startReconciliation(db: Queryable, scope: Scope, id: string): Promise<StoredReconciliation | null> {
  const { rows } = await db.query<Row>(
    `update reconciliation r set state = 'running', attempts = attempts + 1, progress = 0, phase = 'Reading both sides',
       number = (
         select case when max(number) filter (where state = 'done') > r.number then max(number) + 1 else r.number end
         from reconciliation where workspace_id = $1 and contract_id = $2
       )
     where workspace_id = $1 and contract_id = $2 and reconciliation_id = $3 and state in ('queued', 'running') returning *`,
    [scope.workspaceId, scope.contractId, id],
  );
  return rows[0] ? fromRow(rows[0]) : null;
}

/** Says that a run changed. */
export const tellReconciliation = (db: Queryable, scope: Scope, id: string) =>
  notify(db, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'reconciliation', id });

export async function setProgress(db: Queryable, scope: Scope, id: string, progress: number, phase: string): Promise<void> {
  await db.query(
    `update reconciliation set progress = $3, phase = $4 where workspace_id = $1 and reconciliation_id = $2 and state = 'running'`,
    [scope.workspaceId, id, Math.min(1, Math.max(0, progress)), phase],
  );
}

/** Nothing of a refused run is kept but its sentence. */
export async function refuseReconciliation(db: Queryable, scope: Scope, id: string, sentence: string): Promise<void> {
  await db.query(
    `update reconciliation set state = 'refused', refusal = $3, question = null, phase = '', finished_at = clock_timestamp()
     where workspace_id = $1 and reconciliation_id = $2 and state in ('queued', 'running', 'held')`,
    [scope.workspaceId, id, sentence],
  );
}

async function holdReconciliation(db: Queryable, scope: Scope, id: string, question: HeldQuestion): Promise<void> {
  await db.query(
    `update reconciliation set state = 'held', question = $3, phase = 'Waiting for an answer'
     where workspace_id = $1 and reconciliation_id = $2 and state = 'running'`,
    [scope.workspaceId, id, JSON.stringify(question)],
  );
}

/**
 * Answers a held question: `release` queues the run again with the answer, `discard` refuses it. False when the run is not
 * held (any more). Call it in a transaction with what starts the job.
 */
export async function answerReconciliation(
  client: pg.ClientBase,
  scope: Scope,
  actor: string,
  id: string,
  answer: 'release' | 'discard',
  reason: string | null,
): Promise<boolean> {
  const { rows } = await client.query<{ question: HeldQuestion }>(
    `select question from reconciliation where workspace_id = $1 and contract_id = $2 and reconciliation_id = $3 and state = 'held' for update`,
    [scope.workspaceId, scope.contractId, id],
  );
  const question = rows[0]?.question;
  if (!question) return false;
  if (answer === 'discard') {
    await refuseReconciliation(client, scope, id, `Discarded by ${actor}: nothing was stored.`);
  } else {
    await client.query(
      `update reconciliation set state = 'queued', question = null, attempts = 0, phase = 'Waiting to start',
         request = jsonb_set(request, array['answers', $3], '"release"')
       where workspace_id = $1 and reconciliation_id = $2`,
      [scope.workspaceId, id, question.id === 'odd-run' ? 'oddRun' : 'sandbox'],
    );
  }
  await writeAudit(client, scope.workspaceId, {
    actor,
    action: `question ${question.id} answered: ${answer}`,
    subject: id,
    detail: { question: question.sentence, reason },
  });
  return true;
}

/** Somebody in LinkedIn's list without a license. */
export interface WithoutLicense extends Holder {
  readonly name: string;
  readonly permission: Permission;
  readonly groups: readonly string[];
}

/** What a comparison hands to the store. */
export interface ReconciliationResult {
  readonly summary: Summary;
  readonly proofs: Proofs;
  readonly rejects: { readonly licenses: readonly Reject[]; readonly crm: readonly Reject[] };
  readonly warnings: readonly string[];
  readonly asOf: string;
  readonly sandbox: boolean;
  /** The CRM org that answered; null for a file. */
  readonly crmOrigin: Origin | null;
  /** Who stands in LinkedIn's list without a license; their `licenses` are empty and not kept. */
  readonly withoutLicense: readonly WithoutLicense[];
  /** Whose stable id LinkedIn is to learn. */
  readonly idOffer: readonly IdRow[];
  /** Invitations to Sales Navigator, and those to the CRM itself. */
  readonly invitations: InvitationsRead;
  readonly crmInvitations: readonly CrmInvitationsRead[];
}

/**
 * Saves a run: findings as spans, rejects, numbers and proofs, all in one transaction that ends with state `done`. `ask`
 * sees what would change first; when it has a question, nothing is stored but the question.
 */
export async function saveReconciliation(
  pool: pg.Pool,
  scope: Scope,
  run: StoredReconciliation,
  findings: AsyncIterable<readonly EncodedFinding[]>,
  result: () => ReconciliationResult,
  ask: (changes: StagedChanges, result: ReconciliationResult) => HeldQuestion | null,
  withIt: (client: pg.PoolClient) => Promise<void> = async () => {},
): Promise<StagedChanges | HeldQuestion> {
  return transaction(pool, async (client) => {
    const staged = await stageFindings(client, scope, findings);
    const told = result();
    const question = ask(staged, told);
    if (question) {
      await holdReconciliation(client, scope, run.id, question);
      await tellReconciliation(client, scope, run.id);
      return question;
    }
    const before = await latestRun(client, scope);
    await openStagedSpans(client, scope, run.number, told.asOf);
    for (const side of ['licenses', 'crm'] as const) await insertRejects(client, scope, run.id, side, told.rejects[side]);
    await insertWithoutLicense(client, scope, run.id, told.withoutLicense);
    await insertIdOffer(client, scope, run.id, told.idOffer);
    await saveInvitations(client, scope, { id: run.id, number: run.number, asOf: told.asOf }, told.invitations);
    await withdrawReminders(client, scope);
    await closeBatches(client, scope, told.asOf);
    await saveCrmInvitations(client, scope, told.asOf, told.crmInvitations);
    const changes: StoredChanges = {
      before: before && { id: before.id, at: before.asOf },
      new: staged.newCount,
      repaired: staged.repaired,
      cameBack: staged.cameBack,
    };
    const { rowCount } = await client.query(
      `update reconciliation set state = 'done', progress = 1, phase = '', finished_at = clock_timestamp(), as_of = $3, summary = $4, proofs = $5,
         rejects = $6, warnings = $7, changes = $8, sandbox = $10, crm_origin = $11
       where workspace_id = $1 and reconciliation_id = $2 and state = 'running' and number = $9`,
      [
        scope.workspaceId,
        run.id,
        told.asOf,
        JSON.stringify(told.summary),
        JSON.stringify(told.proofs),
        JSON.stringify({ licenses: told.rejects.licenses.length, crm: told.rejects.crm.length }),
        JSON.stringify(told.warnings),
        JSON.stringify(changes),
        run.number,
        told.sandbox,
        told.crmOrigin && JSON.stringify(told.crmOrigin),
      ],
    );
    if (rowCount !== 1) throw new Error(`Reconciliation ${run.id} was taken over by another process; nothing was stored by this one.`);
    await withIt(client);
    await tellReconciliation(client, scope, run.id);
    return staged;
  });
}

async function insertRejects(db: Queryable, scope: Scope, id: string, side: 'licenses' | 'crm', rejects: readonly Reject[]): Promise<void> {
  for (let start = 0; start < rejects.length; start += 10_000) {
    const part = rejects.slice(start, start + 10_000);
    await db.query(
      `insert into reject (workspace_id, reconciliation_id, side, line, field, reason)
       select $1::uuid, $2::uuid, $3, * from unnest($4::integer[], $5::text[], $6::text[])`,
      [scope.workspaceId, id, side, part.map((row) => row.line), part.map((row) => row.column), part.map((row) => row.reason)],
    );
  }
}

async function insertWithoutLicense(db: Queryable, scope: Scope, id: string, people: readonly WithoutLicense[]): Promise<void> {
  if (people.length === 0) return;
  await db.query('insert into without_license (workspace_id, reconciliation_id, people) values ($1, $2, $3)', [
    scope.workspaceId,
    id,
    storable(JSON.stringify(people.map(({ licenses: _, ...kept }) => kept))),
  ]);
}

/** Who stood in LinkedIn's list of this run without a license. */
export async function listWithoutLicense(db: Queryable, scope: Scope, id: string): Promise<WithoutLicense[]> {
  // Runs from before names were kept have none.
  type Kept = Pick<Holder, 'id' | 'email' | 'uniqueUserId'> & Partial<WithoutLicense>;
  const { rows } = await db.query<{ people: Kept[] }>(
    'select people from without_license where workspace_id = $1 and reconciliation_id = $2',
    [scope.workspaceId, id],
  );
  return (rows[0]?.people ?? []).map((person) => ({ name: '', permission: 'user', groups: [], ...person, licenses: [] }));
}

async function insertIdOffer(db: Queryable, scope: Scope, id: string, people: readonly IdRow[]): Promise<void> {
  if (people.length === 0) return;
  await db.query('insert into id_offer (workspace_id, reconciliation_id, people) values ($1, $2, $3)', [
    scope.workspaceId,
    id,
    storable(JSON.stringify(people)),
  ]);
}

/** Whose stable id LinkedIn is to learn after this run; nobody where it was not clean. */
export async function listIdOffer(db: Queryable, scope: Scope, id: string): Promise<IdRow[]> {
  const { rows } = await db.query<{ people: IdRow[] }>('select people from id_offer where workspace_id = $1 and reconciliation_id = $2', [
    scope.workspaceId,
    id,
  ]);
  return rows[0]?.people ?? [];
}

/** All rows of both files that could not be used. */
export async function listRejects(
  db: Queryable,
  scope: Scope,
  id: string,
): Promise<{ side: 'licenses' | 'crm'; line: number; column: string | null; reason: string }[]> {
  const { rows } = await db.query<{ side: 'licenses' | 'crm'; line: number; column: string | null; reason: string }>(
    `select side, line, field as "column", reason from reject where workspace_id = $1 and reconciliation_id = $2
     order by side desc, line`,
    [scope.workspaceId, id],
  );
  return rows;
}

/**
 * Runs `work` while no other process runs one for the same contract. The lock belongs to a connection, so a process that
 * dies lets go of it.
 */
export function withContractLock<Result>(pool: pg.Pool, scope: Scope, work: () => Promise<Result>): Promise<Result> {
  const key = `reconciliation ${scope.contractId}`;
  return withClient(pool, async (client) => {
    await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [key]);
    try {
      return await work();
    } finally {
      // Fails only where the connection is lost, and the lock with it.
      await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [key]).catch(() => {});
    }
  });
}
