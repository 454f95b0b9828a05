import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { writeAudit } from './audit.ts';
import { type Queryable, type Scope, storable, transaction } from './database.ts';
import { notify } from './notify.ts';

/** A person's decision that this license holder is this CRM user. */
export interface StoredLink {
  readonly id: string;
  readonly licenseId: string;
  readonly crmUserId: string;
  readonly note: string | null;
  readonly author: string;
  readonly at: string;
}

interface LinkRow {
  link_id: string;
  license_id: string;
  crm_user_id: string;
  note: string | null;
  author: string;
  created_at: Date;
}

const toLink = (row: LinkRow): StoredLink => ({
  id: row.link_id,
  licenseId: row.license_id,
  crmUserId: row.crm_user_id,
  note: row.note,
  author: row.author,
  at: row.created_at.toISOString(),
});

/** The links that hold now, oldest first. */
export async function listLinks(db: Queryable, scope: Scope): Promise<StoredLink[]> {
  const { rows } = await db.query<LinkRow>(
    'select * from link where workspace_id = $1 and contract_id = $2 and ended_at is null order by created_at, link_id',
    [scope.workspaceId, scope.contractId],
  );
  return rows.map(toLink);
}

export async function findLinkOf(db: Queryable, scope: Scope, licenseId: string): Promise<StoredLink | null> {
  const { rows } = await db.query<LinkRow>(
    'select * from link where workspace_id = $1 and contract_id = $2 and license_id = $3 and ended_at is null',
    [scope.workspaceId, scope.contractId, licenseId],
  );
  return rows[0] ? toLink(rows[0]) : null;
}

/** Links a license holder; a link that held before ends, and stays in the log. */
export async function createLink(
  pool: pg.Pool,
  scope: Scope,
  author: string,
  link: { licenseId: string; crmUserId: string; note: string | null },
): Promise<StoredLink> {
  return transaction(pool, async (client) => {
    const licenseId = storable(link.licenseId);
    await client.query(
      `update link set ended_by = $4, ended_at = now()
       where workspace_id = $1 and contract_id = $2 and license_id = $3 and ended_at is null`,
      [scope.workspaceId, scope.contractId, licenseId, author],
    );
    const { rows } = await client.query<LinkRow>(
      `insert into link (workspace_id, contract_id, link_id, license_id, crm_user_id, note, author)
       values ($1, $2, $3, $4, $5, $6, $7) returning *`,
      [scope.workspaceId, scope.contractId, randomUUID(), licenseId, storable(link.crmUserId), link.note && storable(link.note), author],
    );
    const made = toLink(rows[0]!);
    await writeAudit(client, scope.workspaceId, { actor: author, action: 'link made', subject: licenseId, detail: made });
    await notify(client, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'decision', id: made.id });
    return made;
  });
}

/** Ends a link; false when none of that id holds. */
export async function endLink(pool: pg.Pool, scope: Scope, actor: string, id: string): Promise<boolean> {
  return transaction(pool, async (client) => {
    const { rows } = await client.query<LinkRow>(
      `update link set ended_by = $4, ended_at = now()
       where workspace_id = $1 and contract_id = $2 and link_id = $3 and ended_at is null returning *`,
      [scope.workspaceId, scope.contractId, id, actor],
    );
    if (!rows[0]) return false;
    await writeAudit(client, scope.workspaceId, { actor, action: 'link ended', subject: rows[0].license_id, detail: { link: id } });
    await notify(client, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'decision', id });
    return true;
  });
}
