import { createHash } from 'node:crypto';

/** What goes to a vendor in the place of a PKCE verifier, until the code comes back (RFC 7636 §4.2, S256). */
export const codeChallenge = (verifier: string) =>
  ({ code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' }) as const;
