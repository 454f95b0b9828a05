import type pg from 'pg';
import { salesforceId } from '../core/salesforce-id.ts';
import { listConnections } from '../store/connection.ts';
import { type Scope, transaction } from '../store/database.ts';
import { insertPanelAccess, type PanelRole, revokePanelAccess } from '../store/panel-token.ts';
import { ActionRefused } from './plan-desk.ts';

export interface AccessGiven {
  readonly id: string;
  /** 18 characters. */
  readonly orgId: string;
  /** Shown once: nobody has them afterwards but the org. */
  readonly tokens: Readonly<Record<PanelRole, string>>;
  /** What an admin should look at; null: nothing. */
  readonly warning: string | null;
}

/** Lets the panel of a Salesforce org in. Throws ActionRefused for what is no org's id. @param asked 15 or 18 characters */
export async function givePanelAccess(pool: pg.Pool, scope: Scope, asked: string, by: string): Promise<AccessGiven> {
  const orgId = salesforceId(asked, '00D');
  if (orgId === null)
    throw new ActionRefused(
      'not-possible',
      `“${asked}” is not the id of a Salesforce org. It begins with 00D and has 15 or 18 characters: in Salesforce, Setup, Company Information, Organization ID.`,
    );
  const pinned = (await listConnections(pool, scope)).filter(({ type, origin }) => type === 'salesforce' && origin !== null);
  const isRead = pinned.some(({ origin }) => salesforceId(origin!.id, '00D') === orgId);
  const given = await transaction(pool, (client) => insertPanelAccess(client, scope, by, orgId));
  const other = isRead ? undefined : pinned[0];
  const warning =
    other === undefined
      ? null
      : `The connection ${other.name} reads another Salesforce org, ${other.origin!.id}. People whom the panel of ${orgId} shows are those of that other org. If that is not meant, take this access back.`;
  return { ...given, orgId, warning };
}

/** Takes an org's access back. Throws ActionRefused where there is none. */
export const takePanelAccessBack = (pool: pg.Pool, scope: Scope, id: string, by: string): Promise<void> =>
  transaction(pool, async (client) => {
    if (!(await revokePanelAccess(client, scope, by, id)))
      throw new ActionRefused('not-found', 'This access is not here (any more), or was taken back before.');
  });
