import { randomUUID } from 'node:crypto';
import type { Queryable } from './database.ts';
import { hashSecret, newSecret } from './hash-secret.ts';

export interface Actor {
  readonly id: string;
  readonly name: string;
}

/** The user of that name, made when missing. */
export async function ensureUser(db: Queryable, workspaceId: string, name: string): Promise<Actor> {
  const find = () =>
    db.query<{ user_id: string }>('select user_id from app_user where workspace_id = $1 and name = $2 order by created_at limit 1', [
      workspaceId,
      name,
    ]);
  const found = (await find()).rows[0];
  if (found) return { id: found.user_id, name };
  const id = randomUUID();
  await db.query('insert into app_user (workspace_id, user_id, name) values ($1, $2, $3)', [workspaceId, id, name]);
  return { id, name };
}

/** A code for one sign-in, good until `expiresAt`. Only its hash is kept. */
export async function createSignInCode(db: Queryable, workspaceId: string, userId: string, expiresAt: Date): Promise<string> {
  const code = newSecret();
  await db.query('insert into sign_in_code (workspace_id, code_hash, user_id, expires_at) values ($1, $2, $3, $4)', [
    workspaceId,
    hashSecret(code),
    userId,
    expiresAt,
  ]);
  return code;
}

/** Uses a code up and says whose it was. Null when it is unknown, used or expired; two requests at once: one gets it. */
export async function useSignInCode(db: Queryable, workspaceId: string, code: string): Promise<Actor | null> {
  const { rows } = await db.query<{ user_id: string; name: string }>(
    `update sign_in_code c set used_at = now() from app_user u
     where c.workspace_id = $1 and c.code_hash = $2 and c.used_at is null and c.expires_at > now()
       and u.workspace_id = c.workspace_id and u.user_id = c.user_id
     returning u.user_id, u.name`,
    [workspaceId, hashSecret(code)],
  );
  return rows[0] ? { id: rows[0].user_id, name: rows[0].name } : null;
}

/** Opens a session and returns its token, which is kept nowhere here. */
export async function createSession(db: Queryable, workspaceId: string, userId: string, expiresAt: Date): Promise<string> {
  const token = newSecret();
  await db.query('insert into session (workspace_id, token_hash, user_id, expires_at) values ($1, $2, $3, $4)', [
    workspaceId,
    hashSecret(token),
    userId,
    expiresAt,
  ]);
  await db.query('delete from session where workspace_id = $1 and expires_at < now()', [workspaceId]);
  return token;
}

/** Who holds this token; null when nobody does any more. */
export async function findSession(db: Queryable, workspaceId: string, token: string): Promise<Actor | null> {
  const { rows } = await db.query<{ user_id: string; name: string }>(
    `select u.user_id, u.name from session s join app_user u using (workspace_id, user_id)
     where s.workspace_id = $1 and s.token_hash = $2 and s.expires_at > now()`,
    [workspaceId, hashSecret(token)],
  );
  return rows[0] ? { id: rows[0].user_id, name: rows[0].name } : null;
}

export async function deleteSession(db: Queryable, workspaceId: string, token: string): Promise<void> {
  await db.query('delete from session where workspace_id = $1 and token_hash = $2', [workspaceId, hashSecret(token)]);
}
