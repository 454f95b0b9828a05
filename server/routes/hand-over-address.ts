import type { Request } from 'express';
import type { Clock } from '../jobs/clock.ts';
import { handOverHours, makeHandOverToken } from '../jobs/hand-over-link.ts';
import type { SecretKey } from '../store/seal-secret.ts';
import type { Actor } from '../store/session.ts';
import type { Workspace } from '../store/workspace.ts';

export interface HandOverAddressParts {
  readonly workspace: Workspace;
  /** Under which others reach the page that a plan's tasks are handed over with; an origin. Null: this machine's own address alone. */
  readonly publicUrl: string | null;
  /** Null: no link can be signed. */
  readonly key: () => Promise<SecretKey | null>;
  readonly clock: Clock;
}

/** The address that opens one plan's tasks for a day, in the name of whoever gives it away; null where this server has no key to sign one. */
export async function handOverAddress(
  { workspace, publicUrl, key, clock }: HandOverAddressParts,
  planId: string,
  { name }: Actor,
  request: Request,
): Promise<{ readonly href: string; readonly until: string } | null> {
  const secret = await key();
  if (secret === null) return null;
  // By the hour, so that a panel that asks again has the same address.
  const until = (Math.floor(clock.now().getTime() / 3_600_000) + handOverHours) * 3_600_000;
  const token = makeHandOverToken(secret, { contractId: workspace.contractId, planId, actor: name, until });
  return { href: new URL(`/hand-over/${token}`, publicUrl ?? `http://${request.headers.host}`).href, until: new Date(until).toISOString() };
}
