import type pg from 'pg';
import { writeAudit } from './audit.ts';
import { type Queryable, type Scope, transaction } from './database.ts';

/** One stored setting: its value as JSON, and who changed it last. */
export interface StoredSetting {
  readonly name: string;
  readonly value: unknown;
  readonly changedBy: string;
  readonly changedAt: string;
}

/** The settings somebody changed; defaults are not stored. */
export async function readSettings(db: Queryable, scope: Scope): Promise<StoredSetting[]> {
  const { rows } = await db.query<{ name: string; value: unknown; changed_by: string; changed_at: Date }>(
    'select name, value, changed_by, changed_at from setting where workspace_id = $1 and contract_id = $2 order by name',
    [scope.workspaceId, scope.contractId],
  );
  return rows.map((row) => ({ name: row.name, value: row.value, changedBy: row.changed_by, changedAt: row.changed_at.toISOString() }));
}

/** Stores each value under its name with actor and time, and the old and new value in the audit log. */
export async function writeSettings(pool: pg.Pool, scope: Scope, actor: string, values: Readonly<Record<string, unknown>>): Promise<void> {
  await transaction(pool, async (client) => {
    const before = new Map((await readSettings(client, scope)).map((setting) => [setting.name, setting.value]));
    for (const [name, value] of Object.entries(values)) {
      await client.query(
        `insert into setting (workspace_id, contract_id, name, value, changed_by) values ($1, $2, $3, $4, $5)
         on conflict (workspace_id, contract_id, name)
         do update set value = excluded.value, changed_by = excluded.changed_by, changed_at = now()`,
        [scope.workspaceId, scope.contractId, name, JSON.stringify(value), actor],
      );
      await writeAudit(client, scope.workspaceId, {
        actor,
        action: 'setting changed',
        subject: name,
        detail: { before: before.get(name) ?? null, after: value },
      });
    }
  });
}
