import { type Endpoint, takesIdempotencyKey } from '../api.ts';
import type { PanelCaller } from './panel-caller.ts';
import { RequestRefused } from './problem.ts';

const howToAct = {
  salesforce: 'You may look at this, not change it. Ask your Salesforce admin for the permission set Seatmatch Admin.',
  hubspot: 'You may look at this, not change it. Ask a HubSpot super admin to repair it, or an admin of Seatmatch for the right.',
} as const satisfies Record<PanelCaller['host'], string>;

/** Why somebody in a panel changes nothing; null: they may. */
export const whyNoAct = ({ host, role }: Pick<PanelCaller, 'host' | 'role'>): string | null => (role === 'act' ? null : howToAct[host]);

/**
 * What somebody in a CRM's panel reaches: endpoints that the table marks, with the role that the mark asks for. Everything else is not there.
 * @param key the request's Idempotency-Key
 */
export function holdToPanel(endpoint: Endpoint, caller: PanelCaller, key: string | undefined): void {
  if (endpoint.panel === undefined) throw nothingThere();
  const refusal = endpoint.panel === 'act' ? whyNoAct(caller) : null;
  if (refusal !== null) throw new RequestRefused(403, refusal);
  // Both CRMs may send a request twice: HubSpot does where it heard no answer, Salesforce where somebody clicks again.
  if (takesIdempotencyKey(endpoint) && !key)
    throw new RequestRefused(400, 'The request has no key of its own, so it might be done twice. Reload the panel.');
}

/** What stands for an address that a panel does not have. */
export const nothingThere = () =>
  new RequestRefused(
    404,
    'The panel of Seatmatch does not have this. Reload the panel; if it lasts, its version and that of the server may differ.',
  );
