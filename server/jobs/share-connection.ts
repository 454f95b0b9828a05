import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AccessToken, SharedState } from '../../connectors/connector.ts';
import { beginRequest, heldMs, holdRequests, keepAccess, keepPace, keptAccess } from '../store/connection-pace.ts';
import type { Queryable, Scope } from '../store/database.ts';
import { openSecret, type SecretKey, SecretUnreadable, sealSecret } from '../store/seal-secret.ts';

const accessToken = z.object({
  value: z.string(),
  endsAt: z.number().nullable(),
  details: z.record(z.string(), z.string()).exactOptional(),
}) satisfies z.ZodType<AccessToken>;

/**
 * What all openings of a connection have together, in its row. Throws what the database throws.
 * @param known its settings, secrets filled in: an access token is of these alone
 * @param signedInAt when they were last changed: who signed in anew may be somebody else
 */
export async function shareConnection(
  db: Queryable,
  key: SecretKey | null,
  scope: Scope,
  { id, known, signedInAt }: { readonly id: string; readonly known: object; readonly signedInAt: string },
): Promise<SharedState> {
  await keepPace(db, scope, id);
  const digest = createHash('sha256')
    // A refresh token that the vendor replaces is still the same sign-in.
    .update(JSON.stringify([signedInAt, known], (name, value: unknown) => (name === 'refreshToken' ? undefined : value)))
    .digest('hex');
  const place = { workspaceId: scope.workspaceId, connectionId: id, field: 'access token' };
  return {
    access: key && {
      async read() {
        const sealed = await keptAccess(db, scope, id, digest);
        if (sealed === null) return null;
        try {
          return accessToken.parse(JSON.parse(openSecret(key, place, sealed)));
        } catch (error) {
          // Sealed with the key before: there is another one to be had.
          if (error instanceof SecretUnreadable) return null;
          throw error;
        }
      },
      write: (token) => keepAccess(db, scope, id, digest, sealSecret(key, place, JSON.stringify(token))),
    },
    begin: (rate) => beginRequest(db, scope, id, rate),
    holdFor: (ms) => holdRequests(db, scope, id, ms),
    heldMs: () => heldMs(db, scope, id),
  };
}
