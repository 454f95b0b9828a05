import { z } from 'zod';
import type { RequestFailure } from '../errors.ts';
import { refusing } from '../refused-credential.ts';
import { type Answer, type Judged, jsonOf } from '../send-request.ts';

/** A portal's id, which some answers write as a number. */
export const portalNumber = z.union([z.string().min(1), z.int()]).transform(String);

/** What HubSpot's token endpoint says. The body of 2026-03 is not documented whole, so only what is needed is asked of it. */
export const tokenAnswer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  expires_in: z.coerce.number().positive(),
  hub_id: z
    .union([z.string().min(1), z.int()])
    .transform(String)
    .nullish(),
});

/** Whether the portal no longer knows a refresh token: Seatmatch was uninstalled there, or the token was ended or replaced. */
export const isGrantGone = ({ bytes }: Answer): boolean => {
  const { error, status } = (jsonOf(bytes) ?? {}) as { readonly error?: unknown; readonly status?: unknown };
  return error === 'invalid_grant' || status === 'BAD_REFRESH_TOKEN';
};

/**
 * What was refused comes with 400, an `invalid_client` also with 401: `{"error":"invalid_grant"}` (RFC 6749 §5.2) or, older,
 * `{"status":"BAD_REFRESH_TOKEN"}`; where both are there the older one tells more.
 */
export function judgeToken({ status, bytes }: Answer): RequestFailure | Judged | null {
  if (status !== 400 && status !== 401) return null;
  const refused = z.object({ error: z.string().nullish(), status: z.string().nullish() }).safeParse(jsonOf(bytes));
  const { error, status: older } = refused.data ?? {};
  if (!error && !older) return null;
  switch (older) {
    case 'BAD_CLIENT_ID':
      return refusing('client-id');
    case 'BAD_CLIENT_SECRET':
      return refusing('client-secret');
    case 'BAD_REFRESH_TOKEN':
      return refusing('refresh-token');
    case 'BAD_AUTH_CODE':
      return refusing('code');
  }
  return error === 'invalid_client' ? refusing('client') : 'unauthorized';
}
