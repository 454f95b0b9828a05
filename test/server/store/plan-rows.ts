import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { startRematch } from '../../../server/core/rematch.ts';
import type { Scope } from '../../../server/store/database.ts';

const email = 'anna@acme.example';
const person = { licenseId: '', seatId: '', uniqueUserId: '', crmUserId: '005A', name: 'Anna Ahlund', oldEmail: email, newEmail: email };
const asking = {
  ...startRematch({ ...person, mode: 'full', licenses: [] }, '2026-11-01T00:00:00.000Z'),
  asked: { at: '2026-11-01T00:00:00.000Z', until: '2099-12-01T00:00:00.000Z' },
};

/** A plan with one person in it, as rows: for tests that need somebody to ask. */
export async function insertRematchRow(pool: pg.Pool, scope: Scope): Promise<{ planId: string; rematchId: string }> {
  const planId = randomUUID();
  const rematchId = randomUUID();
  await pool.query(
    `insert into plan (workspace_id, contract_id, plan_id, number, mode, state, origin, seal, sealed, progress, created_by, created_at, expires_at)
     values ($1, $2, $3, 1 + (select count(*) from plan), 'full', 'running', '{}', '', $4, $5, 'Admin', now(), now() + interval '1 day')`,
    [
      scope.workspaceId,
      scope.contractId,
      planId,
      JSON.stringify({ files: [], crmName: 'Salesforce', tenant: 'Acme' }),
      JSON.stringify({ planId, seal: '', files: [], heldBack: [] }),
    ],
  );
  await pool.query(
    `insert into rematch (workspace_id, contract_id, rematch_id, plan_id, license_id, finding_key, name, route, state, step, created_at, changed_at)
     values ($1, $2, $3, $4, $5, $6, 'Anna Ahlund', 'files', $7, 'ask-person', now(), now())`,
    [
      scope.workspaceId,
      scope.contractId,
      rematchId,
      planId,
      `LIC-${rematchId}`,
      `license:LIC-${rematchId}`,
      JSON.stringify({ ...asking, licenseId: `LIC-${rematchId}` }),
    ],
  );
  return { planId, rematchId };
}
