import type { Request } from 'express';
import type { HubSpotPanels } from '../jobs/hubspot-panel.ts';
import { panelAddressOf } from './panel-caller.ts';
import type { PanelDoor } from './panel-doors.ts';
import { RequestRefused } from './problem.ts';
import { readBody } from './read-body.ts';

/** HubSpot sends no more through hubspot.fetch. */
const largestBytes = 1_000_000;

/** What HubSpot adds to an address; no endpoint knows them. */
const added = ['portalId', 'userId', 'userEmail', 'appId'];

/**
 * A request of a portal's panel: HubSpot signed it, with the secret of the app that this portal installed. Portal and user are in what it
 * signed. Whether a portal is connected is told to nobody without a good signature.
 * @param publicUrl under which HubSpot asks, and so signs; null: nowhere
 */
export function hubSpotDoor(panels: HubSpotPanels, publicUrl: string | null): PanelDoor {
  return async (request) => {
    if (publicUrl === null)
      throw new RequestRefused(
        503,
        'This server has no public address, so no panel can ask it. An admin of Seatmatch sets SEATMATCH_PUBLIC_URL.',
      );
    const body = await readBody(request, largestBytes);
    const visitor = await panels.visitor({
      method: request.method,
      url: publicUrl + request.originalUrl,
      body,
      signature: request.get('X-HubSpot-Signature-v3'),
      timestamp: request.get('X-HubSpot-Request-Timestamp'),
    });
    switch (visitor) {
      case 'unknown':
        throw new RequestRefused(
          401,
          'This HubSpot account is not connected to Seatmatch. Ask an admin of Seatmatch to connect it under Connections, by signing in to HubSpot there.',
        );
      case 'uninstalled':
        throw new RequestRefused(
          401,
          'Seatmatch was uninstalled in this HubSpot account, or lost its access. Ask an admin of Seatmatch to connect HubSpot again under Connections.',
        );
      case 'unavailable':
        throw new RequestRefused(503, 'HubSpot does not tell us who you are at the moment. Try again in a minute.');
    }
    const { contractId, portalId, userId, name, role, userOfOwner, emailOfUser } = visitor;
    if (role === null)
      throw new RequestRefused(
        403,
        'Your HubSpot user has no access to Seatmatch. Ask an admin of Seatmatch to add you under Connections; HubSpot super admins need nothing.',
      );
    return {
      caller: {
        host: 'hubspot',
        contractId,
        actor: { id: `hubspot:${portalId}:${userId}`, name: `${name} (HubSpot)` },
        userId,
        originId: portalId,
        role,
        async userOfOwner(ownerId) {
          const found = await userOfOwner(ownerId);
          if (found === null)
            throw new RequestRefused(503, 'HubSpot does not tell whose record this is at the moment. Try again in a minute.');
          return found.id;
        },
        emailOfUser,
        body: liftKey(request, body),
      },
      rest: withoutAdded(panelAddressOf(request)!.rest),
    };
  };
}

/** hubspot.fetch sends no headers, so the key comes in the body, beside what the endpoint takes. */
function liftKey(request: Request, bytes: Buffer): { readonly value: unknown } {
  if (bytes.length === 0) return { value: undefined };
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new RequestRefused(400, 'The body of the request is not valid JSON.', { cause });
  }
  if (typeof value !== 'object' || value === null || !('idempotencyKey' in value)) return { value };
  const { idempotencyKey, ...rest } = value;
  if (typeof idempotencyKey !== 'string') throw new RequestRefused(400, 'The idempotencyKey is none. Send a UUID.');
  request.headers['idempotency-key'] = idempotencyKey;
  return { value: rest };
}

function withoutAdded(rest: string): string {
  const [path, ...query] = rest.split('?');
  const kept = new URLSearchParams(query.join('?'));
  for (const name of added) kept.delete(name);
  return kept.size > 0 ? `${path}?${kept}` : path!;
}
