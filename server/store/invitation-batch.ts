import { randomUUID } from 'node:crypto';
import type { BatchWay } from '../core/invitation-batch.ts';
import type { Queryable, Scope } from './database.ts';

export interface StoredBatch {
  readonly id: string;
  readonly way: BatchWay;
  readonly everybody: boolean;
  readonly madeBy: string;
  readonly madeAt: string;
  readonly ticks: Readonly<Record<string, { readonly by: string; readonly at: string }>>;
  readonly doneAt: string | null;
  readonly state: 'open' | 'closed' | 'discarded';
  readonly closedAt: string | null;
  readonly people: number;
  /** Whom a list shows sent again, activated or gone. */
  readonly settled: number;
}

export interface BatchPerson {
  readonly invitationId: string;
  readonly name: string;
  readonly email: string;
  readonly invitedBefore: string | null;
  readonly invitedAt: string | null;
  readonly lastSeenAt: string;
  readonly ended: { readonly how: 'activated' | 'gone' } | null;
}

interface BatchRow {
  batch_id: string;
  way: BatchWay;
  everybody: boolean;
  made_by: string;
  made_at: Date;
  ticks: StoredBatch['ticks'];
  done_at: Date | null;
  state: StoredBatch['state'];
  closed_at: Date | null;
  people: number;
  settled: number;
}

/** The same rule as core/invitation-batch.ts, which says it person by person. */
const isSettled = `(i.ended is not null or (b.way <> 'copy-link' and i.invited_at > p.invited_before))`;

const columns = `b.*, (select count(*)::int from invitation_batch_person p where p.workspace_id = b.workspace_id and p.batch_id = b.batch_id) as people,
  (select count(*)::int from invitation_batch_person p join invitation i using (workspace_id, invitation_id)
   where p.workspace_id = b.workspace_id and p.batch_id = b.batch_id and ${isSettled}) as settled`;

const toBatch = (row: BatchRow): StoredBatch => ({
  id: row.batch_id,
  way: row.way,
  everybody: row.everybody,
  madeBy: row.made_by,
  madeAt: row.made_at.toISOString(),
  ticks: row.ticks,
  doneAt: row.done_at?.toISOString() ?? null,
  state: row.state,
  closedAt: row.closed_at?.toISOString() ?? null,
  people: row.people,
  settled: row.settled,
});

/** Writes a batch of open invitations that are in no other open one. Returns its id and how many people it took. */
export async function insertBatch(
  db: Queryable,
  scope: Scope,
  batch: { readonly way: BatchWay; readonly everybody: boolean; readonly by: string; readonly at: string; readonly ids: readonly string[] },
): Promise<{ id: string; people: number }> {
  const id = randomUUID();
  await db.query(
    `insert into invitation_batch (workspace_id, contract_id, batch_id, way, everybody, made_by, made_at) values ($1, $2, $3, $4, $5, $6, $7)`,
    [scope.workspaceId, scope.contractId, id, batch.way, batch.everybody, batch.by, batch.at],
  );
  const { rowCount } = await db.query(
    `insert into invitation_batch_person (workspace_id, batch_id, invitation_id, invited_before)
     select i.workspace_id, $3, i.invitation_id, i.invited_at from invitation i
     where i.workspace_id = $1 and i.contract_id = $2 and i.invitation_id = any($4) and i.ended is null
       and not exists (select from invitation_batch_person p join invitation_batch b using (workspace_id, batch_id)
         where p.workspace_id = i.workspace_id and p.invitation_id = i.invitation_id and b.state = 'open')`,
    [scope.workspaceId, scope.contractId, id, batch.ids],
  );
  return { id, people: rowCount ?? 0 };
}

/** Batches, newest first. */
export async function listBatches(db: Queryable, scope: Scope, limit: number): Promise<StoredBatch[]> {
  const { rows } = await db.query<BatchRow>(
    `select ${columns} from invitation_batch b where b.workspace_id = $1 and b.contract_id = $2 order by b.made_at desc, b.batch_id limit $3`,
    [scope.workspaceId, scope.contractId, limit],
  );
  return rows.map(toBatch);
}

export async function findBatch(db: Queryable, scope: Scope, id: string, forUpdate = false): Promise<StoredBatch | null> {
  const { rows } = await db.query<BatchRow>(
    `select ${columns} from invitation_batch b where b.workspace_id = $1 and b.contract_id = $2 and b.batch_id = $3${forUpdate ? ' for update' : ''}`,
    [scope.workspaceId, scope.contractId, id],
  );
  return rows[0] ? toBatch(rows[0]) : null;
}

/** Everybody of a batch, by name: the order in which Admin Center lists them. */
export async function listBatchPeople(db: Queryable, scope: Scope, id: string): Promise<BatchPerson[]> {
  const { rows } = await db.query<{
    invitation_id: string;
    name: string;
    email: string;
    invited_before: Date | null;
    invited_at: Date | null;
    last_seen_at: Date;
    ended: 'activated' | 'gone' | null;
  }>(
    `select i.invitation_id, i.name, i.email, p.invited_before, i.invited_at, i.last_seen_at, i.ended
     from invitation_batch_person p join invitation i using (workspace_id, invitation_id)
     where p.workspace_id = $1 and i.contract_id = $2 and p.batch_id = $3 order by i.name, i.invitation_id`,
    [scope.workspaceId, scope.contractId, id],
  );
  return rows.map((row) => ({
    invitationId: row.invitation_id,
    name: row.name,
    email: row.email,
    invitedBefore: row.invited_before?.toISOString() ?? null,
    invitedAt: row.invited_at?.toISOString() ?? null,
    lastSeenAt: row.last_seen_at.toISOString(),
    ended: row.ended === null ? null : { how: row.ended },
  }));
}

/** The open batch of each of these invitations. */
export async function openBatchesOf(
  db: Queryable,
  scope: Scope,
  invitationIds: readonly string[],
): Promise<ReadonlyMap<string, { readonly id: string; readonly madeAt: string; readonly doneAt: string | null }>> {
  const { rows } = await db.query<{ invitation_id: string; batch_id: string; made_at: Date; done_at: Date | null }>(
    `select p.invitation_id, b.batch_id, b.made_at, b.done_at from invitation_batch_person p join invitation_batch b using (workspace_id, batch_id)
     where b.workspace_id = $1 and b.contract_id = $2 and b.state = 'open' and p.invitation_id = any($3)`,
    [scope.workspaceId, scope.contractId, invitationIds],
  );
  return new Map(
    rows.map((row) => [
      row.invitation_id,
      { id: row.batch_id, madeAt: row.made_at.toISOString(), doneAt: row.done_at?.toISOString() ?? null },
    ]),
  );
}

/** Keeps the ticks of an open batch. */
export async function saveTicks(
  db: Queryable,
  scope: Scope,
  id: string,
  { ticks, doneAt }: Pick<StoredBatch, 'ticks' | 'doneAt'>,
): Promise<void> {
  await db.query(
    `update invitation_batch set ticks = $4, done_at = $5 where workspace_id = $1 and contract_id = $2 and batch_id = $3 and state = 'open'`,
    [scope.workspaceId, scope.contractId, id, JSON.stringify(ticks), doneAt],
  );
}

/** Its people may be in another batch again. False when it is not open. */
export async function discardBatch(db: Queryable, scope: Scope, id: string, at: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `update invitation_batch set state = 'discarded', closed_at = $4 where workspace_id = $1 and contract_id = $2 and batch_id = $3 and state = 'open'`,
    [scope.workspaceId, scope.contractId, id, at],
  );
  return rowCount === 1;
}

/** Closes the batches whose people are all sent again, activated or gone, as lists show them. */
export async function closeBatches(db: Queryable, scope: Scope, at: string): Promise<void> {
  await db.query(
    `update invitation_batch b set state = 'closed', closed_at = $3 where b.workspace_id = $1 and b.contract_id = $2 and b.state = 'open'
       and not exists (select from invitation_batch_person p join invitation i using (workspace_id, invitation_id)
         where p.workspace_id = b.workspace_id and p.batch_id = b.batch_id and ${isSettled} is not true)`,
    [scope.workspaceId, scope.contractId, at],
  );
}
