import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { writeAudit } from './audit.ts';
import { type Queryable, type Scope, storable, transaction } from './database.ts';
import { endIdentityAnswersOf } from './identity-answer.ts';
import { notify } from './notify.ts';

/** A person's decision that this license holder is this CRM user. */
export interface StoredLink {
  readonly id: string;
  readonly licenseId: string;
  readonly crmUserId: string;
  /** Why. */
  readonly note: string | null;
  /** When somebody wants to look at it again: YYYY-MM-DD. */
  readonly reviewOn: string | null;
  readonly author: string;
  readonly at: string;
}

/** With the two emails of the moment of the decision. */
export interface LinkWithEmails extends StoredLink {
  readonly emails: { readonly license: string; readonly crm: string | null } | null;
}

interface LinkRow {
  link_id: string;
  license_id: string;
  crm_user_id: string;
  note: string | null;
  review_on: string | null;
  author: string;
  created_at: Date;
  license_email: string | null;
  crm_email: string | null;
}

// A date is read as text: as a Date it would move with the time zone of the process.
const columns = 'link_id, license_id, crm_user_id, note, review_on::text as review_on, author, created_at, license_email, crm_email';

const toLink = (row: LinkRow): StoredLink => ({
  id: row.link_id,
  licenseId: row.license_id,
  crmUserId: row.crm_user_id,
  note: row.note,
  reviewOn: row.review_on,
  author: row.author,
  at: row.created_at.toISOString(),
});

/** The links that hold now, oldest first. */
export async function listLinks(db: Queryable, scope: Scope): Promise<StoredLink[]> {
  return (await rowsOf(db, scope)).map(toLink);
}

/** The same, with the emails that whoever decided saw: what a comparison is told. */
export async function linksToTell(db: Queryable, scope: Scope): Promise<LinkWithEmails[]> {
  return (await rowsOf(db, scope)).map((row) => ({
    ...toLink(row),
    emails: row.license_email === null ? null : { license: row.license_email, crm: row.crm_email },
  }));
}

async function rowsOf(db: Queryable, scope: Scope): Promise<LinkRow[]> {
  const { rows } = await db.query<LinkRow>(
    `select ${columns} from link where workspace_id = $1 and contract_id = $2 and ended_at is null order by created_at, link_id`,
    [scope.workspaceId, scope.contractId],
  );
  return rows;
}

/** Links that were made before anybody saw the two emails get those of the comparison that follows them, once it does. */
export async function noteEmailsOfLinks(db: Queryable, scope: Scope): Promise<void> {
  await db.query(
    `update link l set license_email = coalesce(l.license_email, f.body->'license'->>'email'), crm_email = coalesce(l.crm_email, f.crm_email)
     from finding f where f.workspace_id = l.workspace_id and f.contract_id = l.contract_id and f.to_run is null
       and f.license_id = l.license_id and f.crm_user_id = l.crm_user_id and f.rule = 'link' and l.ended_at is null
       and (l.crm_email is null or l.license_email is null) and l.workspace_id = $1 and l.contract_id = $2`,
    [scope.workspaceId, scope.contractId],
  );
}

export async function findLinkOf(db: Queryable, scope: Scope, licenseId: string): Promise<StoredLink | null> {
  const { rows } = await db.query<LinkRow>(
    `select ${columns} from link where workspace_id = $1 and contract_id = $2 and license_id = $3 and ended_at is null`,
    [scope.workspaceId, scope.contractId, licenseId],
  );
  return rows[0] ? toLink(rows[0]) : null;
}

export interface NewLink {
  readonly licenseId: string;
  readonly crmUserId: string;
  readonly note: string | null;
  readonly reviewOn: string | null;
}

/** Links a license holder; what was decided before about who it is ends, and stays in the log. */
export const createLink = (pool: pg.Pool, scope: Scope, author: string, link: NewLink): Promise<StoredLink> =>
  transaction(pool, async (client) => {
    const licenseId = storable(link.licenseId);
    const crmUserId = storable(link.crmUserId);
    await endIdentityAnswersOf(client, scope, author, licenseId);
    await client.query(
      `update link set ended_by = $4, ended_at = now()
       where workspace_id = $1 and contract_id = $2 and license_id = $3 and ended_at is null`,
      [scope.workspaceId, scope.contractId, licenseId, author],
    );
    const { rows } = await client.query<LinkRow>(
      `insert into link (workspace_id, contract_id, link_id, license_id, crm_user_id, note, review_on, author, license_email, crm_email)
       values ($1, $2, $3, $4, $5, $6, $7, $8,
         (select body->'license'->>'email' from finding
          where workspace_id = $1 and contract_id = $2 and to_run is null and license_id = $4 limit 1),
         coalesce(
           (select crm_email from finding where workspace_id = $1 and contract_id = $2 and to_run is null
              and left(crm_user_id, 15) = left($5, 15) and crm_user_id = $5 limit 1),
           (select s->>'email' from finding f, json_array_elements(f.body->'suggestions') s
            where f.workspace_id = $1 and f.contract_id = $2 and f.to_run is null and f.license_id = $4 and s->>'crmUserId' = $5 limit 1)))
       returning ${columns}`,
      [scope.workspaceId, scope.contractId, randomUUID(), licenseId, crmUserId, link.note && storable(link.note), link.reviewOn, author],
    );
    const made = toLink(rows[0]!);
    await writeAudit(client, scope.workspaceId, { actor: author, action: 'link made', subject: licenseId, detail: made });
    await notify(client, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'decision', id: made.id });
    return made;
  });

/** Ends a link; false when none of that id holds. */
export async function endLink(pool: pg.Pool, scope: Scope, actor: string, id: string): Promise<boolean> {
  return transaction(pool, async (client) => {
    const { rows } = await client.query<LinkRow>(
      `update link set ended_by = $4, ended_at = now()
       where workspace_id = $1 and contract_id = $2 and link_id = $3 and ended_at is null returning ${columns}`,
      [scope.workspaceId, scope.contractId, id, actor],
    );
    if (!rows[0]) return false;
    await writeAudit(client, scope.workspaceId, { actor, action: 'link ended', subject: rows[0].license_id, detail: { link: id } });
    await notify(client, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'decision', id });
    return true;
  });
}
