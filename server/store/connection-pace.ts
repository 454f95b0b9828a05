import type { Queryable, Scope } from './database.ts';

/** What all openings of one connection have together: one row, whose clock is the database's. */

const place = 'workspace_id = $1 and connection_id = $2';

export async function keepPace(db: Queryable, { workspaceId }: Scope, id: string): Promise<void> {
  await db.query('insert into connection_pace (workspace_id, connection_id) values ($1, $2) on conflict do nothing', [workspaceId, id]);
}

/** The sealed access token of these settings; null where there is none. */
export async function keptAccess(db: Queryable, { workspaceId }: Scope, id: string, settingsDigest: string): Promise<string | null> {
  const { rows } = await db.query<{ access: string | null }>(`select access from connection_pace where ${place} and access_for = $3`, [
    workspaceId,
    id,
    settingsDigest,
  ]);
  return rows[0]?.access ?? null;
}

export async function keepAccess(db: Queryable, { workspaceId }: Scope, id: string, settingsDigest: string, sealed: string): Promise<void> {
  await db.query(`update connection_pace set access = $3, access_for = $4 where ${place}`, [workspaceId, id, sealed, settingsDigest]);
}

/**
 * Counts a request that begins now, if fewer than `requests` began within the last `windowMs` and nothing is held.
 * Resolves to 0 where it may begin, else to the milliseconds until the next may. Whose connection is gone counts nothing.
 */
export async function beginRequest(
  db: Queryable,
  { workspaceId }: Scope,
  id: string,
  { requests, windowMs }: { readonly requests: number; readonly windowMs: number },
): Promise<number> {
  const recent = "array(select at from unnest(begun) at where at > clock_timestamp() - $3 * interval '1 ms' order by at)";
  const values = [workspaceId, id, windowMs, requests];
  // One statement: of several that come at once each sees what the one before has written.
  const { rowCount } = await db.query(
    `update connection_pace set begun = ${recent} || clock_timestamp()
     where ${place} and (held_until is null or held_until <= clock_timestamp()) and cardinality(${recent}) < $4`,
    values,
  );
  if (rowCount === 1) return 0;
  const { rows } = await db.query<{ wait: string | null }>(
    `select ceil(extract(epoch from greatest(held_until, recent[cardinality(recent) - $4 + 1] + $3 * interval '1 ms', clock_timestamp() + interval '1 ms')
       - clock_timestamp()) * 1000)::bigint as wait
     from (select held_until, ${recent} as recent from connection_pace where ${place}) paced`,
    values,
  );
  return Number(rows[0]?.wait ?? 0);
}

/** Nothing begins before so many milliseconds from now; a longer wait stays. */
export async function holdRequests(db: Queryable, { workspaceId }: Scope, id: string, ms: number): Promise<void> {
  await db.query(`update connection_pace set held_until = greatest(held_until, clock_timestamp() + $3 * interval '1 ms') where ${place}`, [
    workspaceId,
    id,
    ms,
  ]);
}

/** Milliseconds until anything may begin; 0 where nothing is held. */
export async function heldMs(db: Queryable, { workspaceId }: Scope, id: string): Promise<number> {
  const { rows } = await db.query<{ held: string }>(
    `select ceil(extract(epoch from held_until - clock_timestamp()) * 1000)::bigint as held from connection_pace
     where ${place} and held_until > clock_timestamp()`,
    [workspaceId, id],
  );
  return Number(rows[0]?.held ?? 0);
}
