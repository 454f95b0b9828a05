import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { DomainNumbers } from '../core/domain-change.ts';
import { writeAudit } from './audit.ts';
import { type Queryable, type Scope, transaction } from './database.ts';
import { notify } from './notify.ts';
import { readSettings, storeSettings } from './setting.ts';

/** A change of the company's domain. Days are YYYY-MM-DD; `endsOn` is the last on which both domains are valid. */
export interface StoredDomainChange {
  readonly id: string;
  readonly old: string;
  readonly current: string;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly perWave: number;
  readonly started: DomainNumbers;
  readonly author: string;
}

const columns = `domain_change_id as id, old_domain as old, current_domain as current, starts_on::text as "startsOn", ends_on::text as "endsOn",
  per_wave as "perWave", started, author`;

/** Those that nobody ended, newest first. */
export async function listDomainChanges(db: Queryable, scope: Scope): Promise<StoredDomainChange[]> {
  const { rows } = await db.query<StoredDomainChange>(
    `select ${columns} from domain_change where workspace_id = $1 and contract_id = $2 and ended_at is null order by created_at desc, domain_change_id`,
    [scope.workspaceId, scope.contractId],
  );
  return rows;
}

export async function findDomainChange(db: Queryable, scope: Scope, id: string): Promise<StoredDomainChange | null> {
  const { rows } = await db.query<StoredDomainChange>(
    `select ${columns} from domain_change where workspace_id = $1 and contract_id = $2 and domain_change_id = $3`,
    [scope.workspaceId, scope.contractId, id],
  );
  return rows[0] ?? null;
}

/** Both domains are valid from now on, and the old one is known to have become the other; a change of the same old domain ends. */
export const startDomainChange = (
  pool: pg.Pool,
  scope: Scope,
  author: string,
  change: Omit<StoredDomainChange, 'id' | 'author'>,
): Promise<string> =>
  transaction(pool, async (client) => {
    const id = randomUUID();
    await client.query(
      `update domain_change set ended_by = $4, ended_at = now()
       where workspace_id = $1 and contract_id = $2 and old_domain = $3 and ended_at is null`,
      [scope.workspaceId, scope.contractId, change.old, author],
    );
    await client.query(
      `insert into domain_change (workspace_id, contract_id, domain_change_id, old_domain, current_domain, starts_on, ends_on, per_wave, started, author)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        scope.workspaceId,
        scope.contractId,
        id,
        change.old,
        change.current,
        change.startsOn,
        change.endsOn,
        change.perWave,
        JSON.stringify(change.started),
        author,
      ],
    );
    const { domainAliases } = (await readSettings(client, scope)).settings;
    const others = domainAliases.filter(({ old }) => old !== change.old);
    await storeSettings(client, scope, author, { domainAliases: [...others, { old: change.old, current: change.current }] });
    await writeAudit(client, scope.workspaceId, { actor: author, action: 'domain change begun', subject: id, detail: change });
    return id;
  });

/** Ends one; that the old domain became the other stays known. False when none of that id is under way. */
export const endDomainChange = (pool: pg.Pool, scope: Scope, actor: string, id: string): Promise<boolean> =>
  transaction(pool, async (client) => {
    const { rowCount } = await client.query(
      `update domain_change set ended_by = $4, ended_at = now()
       where workspace_id = $1 and contract_id = $2 and domain_change_id = $3 and ended_at is null`,
      [scope.workspaceId, scope.contractId, id, actor],
    );
    if (!rowCount) return false;
    await writeAudit(client, scope.workspaceId, { actor, action: 'domain change ended', subject: id });
    await notify(client, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'decision', id });
    return true;
  });

/** A license holder with an address on one of two domains. */
export interface DomainPerson {
  readonly key: string;
  readonly licenseId: string;
  readonly name: string;
  readonly licenseEmail: string;
  readonly crmEmail: string | null;
  readonly license: string;
  readonly crm: string | null;
  readonly reason: string;
  readonly changesLicense: boolean;
}

/** Everybody of the newest lists who has an address on one of these domains, by name. */
export async function listDomainPeople(db: Queryable, scope: Scope, domains: readonly string[]): Promise<DomainPerson[]> {
  const { rows } = await db.query<DomainPerson>(
    `select * from (
       select key, license_id as "licenseId", coalesce(body->'license'->>'name', '') as name, body->'license'->>'email' as "licenseEmail",
         crm_email as "crmEmail", lower(trim(substring(body->'license'->>'email' from '[^@]*$'))) as license,
         lower(trim(substring(crm_email from '[^@]*$'))) as crm, reason, body->>'changeSide' = 'license' is true as "changesLicense",
         sort_name
       from finding where workspace_id = $1 and contract_id = $2 and to_run is null and license_id is not null) person
     where license = any($3) or crm = any($3) order by sort_name, key`,
    [scope.workspaceId, scope.contractId, domains],
  );
  return rows;
}
