import type { Request } from 'express';
import { salesforceId } from '../core/salesforce-id.ts';
import type { Queryable } from '../store/database.ts';
import { findPanelGrant, notePanelUse } from '../store/panel-token.ts';
import { panelAddressOf } from './panel-caller.ts';
import type { PanelDoor } from './panel-doors.ts';
import { RequestRefused } from './problem.ts';

const longestName = 120;

/**
 * A request of an org's Apex: the token says which org and what may be done, the headers who sits there. The org is trusted, since whoever
 * may use its tokens is decided by its permissions; so its word for the user is good for the audit log, and for nothing else.
 */
export function salesforceDoor(db: Queryable, workspaceId: string): PanelDoor {
  return async (request) => {
    const token = /^Bearer ([\w-]{20,200})$/u.exec(request.get('Authorization') ?? '')?.[1];
    if (token === undefined)
      throw new RequestRefused(
        401,
        'Salesforce sent no token of Seatmatch. Enter it in Setup: Named Credentials, External Credentials, Seatmatch, Principals.',
      );
    const grant = await findPanelGrant(db, workspaceId, token);
    if (grant === null)
      throw new RequestRefused(
        401,
        'Salesforce sent a token that Seatmatch does not know. Copy it again from Seatmatch, or give this org a new access there under Connections.',
      );
    if (grant.isRevoked)
      throw new RequestRefused(
        401,
        'The access of this Salesforce org was taken back in Seatmatch. Ask an admin of Seatmatch to give the org a new one.',
      );
    const orgId = idIn(request, 'X-Seatmatch-Org', '00D');
    if (orgId !== grant.orgId)
      throw new RequestRefused(
        401,
        `The access belongs to the Salesforce org ${grant.orgId}, and this is ${orgId}. A sandbox that was refreshed from production still carries the access of production: give the sandbox one of its own in Seatmatch under Connections.`,
      );
    const userId = idIn(request, 'X-Seatmatch-User', '005');
    const name = nameIn(request);
    await notePanelUse(db, workspaceId, token);
    return {
      caller: {
        host: 'salesforce',
        contractId: grant.contractId,
        actor: { id: `salesforce:${orgId}:${userId}`, name: `${name} (Salesforce)` },
        userId,
        originId: orgId,
        role: grant.role,
        userOfOwner: null,
        emailOfUser: null,
        body: null,
      },
      rest: panelAddressOf(request)!.rest,
    };
  };
}

function idIn(request: Request, header: string, prefix: '00D' | '005'): string {
  const id = salesforceId(request.get(header)?.trim() ?? '', prefix);
  if (id === null)
    throw new RequestRefused(
      400,
      `Salesforce did not say which ${prefix === '00D' ? 'org' : 'user'} asks: the header ${header} holds no id that begins with ${prefix}. Install the newest package of Seatmatch in the org.`,
    );
  return id;
}

/** Percent-encoded, since a header has no letters beyond ASCII. */
function nameIn(request: Request): string {
  try {
    const name = decodeURIComponent(request.get('X-Seatmatch-User-Name') ?? '').trim();
    if (name !== '' && !/\p{Cc}/u.test(name)) return [...name].slice(0, longestName).join('');
  } catch {
    // Said below.
  }
  throw new RequestRefused(
    400,
    'Salesforce did not say who asks: the header X-Seatmatch-User-Name holds no name. Install the newest package of Seatmatch in the org.',
  );
}
