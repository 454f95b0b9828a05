import { z } from 'zod';
import type { RequestFailure } from '../errors.ts';
import { type Answer, jsonOf } from '../send-request.ts';

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

/** A refused grant comes with 400: `{"error":"invalid_grant"}` (RFC 6749 §5.2) or, older, `{"status":"BAD_REFRESH_TOKEN"}`. */
export function isTokenRefused({ status, bytes }: Answer): RequestFailure | null {
  if (status !== 400) return null;
  const refused = z
    .object({ error: z.string() })
    .or(z.object({ status: z.string() }))
    .safeParse(jsonOf(bytes));
  return refused.success ? 'unauthorized' : null;
}
