import type pg from 'pg';
import { writeAudit } from './audit.ts';
import { type Queryable, type Scope, storable, transaction } from './database.ts';
import { readSettings, storeSettings } from './setting.ts';

/** Somebody who was activated lately, and of whom nobody said yet whether they see their usual connections. */
export interface ProfileQuestion {
  readonly key: string;
  readonly licenseId: string;
  readonly name: string;
  readonly email: string;
  /** YYYY-MM-DD. */
  readonly activatedOn: string;
}

/** The last activation of each license: what the list says of it, and what repairs of ours saw. */
const activations = `(
  select substr(d.key, 9) as license_id, d.detail #>> '{license,activatedOn}' as activated_on
  from person_detail d where d.workspace_id = $1 and d.contract_id = $2 and d.detail #>> '{license,activatedOn}' is not null
  union all
  select r.license_id, left(r.state->>'activatedAt', 10)
  from rematch r where r.workspace_id = $1 and r.contract_id = $2 and r.state->>'activatedAt' is not null)`;

/** Everybody activated in these days, both included, who is to be asked, oldest first. */
export async function listProfileQuestions(db: Queryable, scope: Scope, from: string, to: string): Promise<ProfileQuestion[]> {
  const { rows } = await db.query<ProfileQuestion>(
    `select f.key, f.license_id as "licenseId", coalesce(f.body->'license'->>'name', '') as name, f.body->'license'->>'email' as email,
       a.activated_on as "activatedOn"
     from (select license_id, max(activated_on) as activated_on from ${activations} one group by license_id) a
     join finding f on f.workspace_id = $1 and f.contract_id = $2 and f.to_run is null and f.key = 'license:' || a.license_id
     where a.activated_on between $3 and $4 and f.reason not in ('excepted', 'duplicate-profile') and not exists (
       select from profile_answer p where p.workspace_id = $1 and p.contract_id = $2 and p.license_id = a.license_id
         and p.activated_on = a.activated_on::date)
     order by a.activated_on, f.sort_name, f.key limit 500`,
    [scope.workspaceId, scope.contractId, from, to],
  );
  return rows;
}

/** When somebody was activated last, and whether it was answered for that time. */
export async function lastActivation(
  db: Queryable,
  scope: Scope,
  licenseId: string,
): Promise<{ readonly activatedOn: string; readonly answer: 'usual' | 'second' | null } | null> {
  const { rows } = await db.query<{ activatedOn: string; answer: 'usual' | 'second' | null }>(
    `select a.activated_on as "activatedOn", p.answer from ${activations} a
     left join profile_answer p on p.workspace_id = $1 and p.contract_id = $2 and p.license_id = a.license_id
       and p.activated_on = a.activated_on::date
     where a.license_id = $3 order by a.activated_on desc limit 1`,
    [scope.workspaceId, scope.contractId, storable(licenseId)],
  );
  return rows[0] ?? null;
}

/** Keeps the answer; whoever uses a second profile stands among the duplicate profiles from the next comparison on. */
export const answerProfile = (
  pool: pg.Pool,
  scope: Scope,
  author: string,
  { licenseId, activatedOn, answer }: { licenseId: string; activatedOn: string; answer: 'usual' | 'second' },
): Promise<void> =>
  transaction(pool, async (client) => {
    // The list of duplicate profiles is one value: two people may answer at once.
    await client.query(`select pg_advisory_xact_lock(hashtextextended('duplicate profiles ' || $1, 0))`, [scope.contractId]);
    await client.query(
      `insert into profile_answer (workspace_id, contract_id, license_id, activated_on, answer, author) values ($1, $2, $3, $4, $5, $6)
       on conflict (workspace_id, contract_id, license_id, activated_on)
       do update set answer = excluded.answer, author = excluded.author, answered_at = now()`,
      [scope.workspaceId, scope.contractId, storable(licenseId), activatedOn, answer, author],
    );
    await writeAudit(client, scope.workspaceId, {
      actor: author,
      action: 'profile answered',
      subject: licenseId,
      detail: { activatedOn, answer },
    });
    const { duplicateProfiles } = (await readSettings(client, scope)).settings;
    if (duplicateProfiles.includes(licenseId) === (answer === 'second')) return;
    const others = duplicateProfiles.filter((id) => id !== licenseId);
    await storeSettings(client, scope, author, { duplicateProfiles: answer === 'second' ? [...others, licenseId] : others });
  });
