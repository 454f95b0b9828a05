import type { RequestFailure } from './errors.ts';
import type { Judged } from './send-request.ts';

/** What a vendor refused of all that somebody entered, as far as its error code tells; in our words, since the vendor's own text may repeat it. */
const sentences = {
  'client-id': '{vendor} does not know the client ID. Copy it again from the app.',
  'client-secret': '{vendor} does not accept the client secret. Copy it again from the app, or make a new one there.',
  'client-secret-ended': 'The client secret has ended at {vendor}. Make a new one in the app, and enter it here.',
  /** OAuth has one code for both (RFC 6749 §5.2, invalid_client). */
  client: '{vendor} does not accept the client ID or the client secret, and does not say which. Copy both again from the app.',
  'refresh-token':
    '{vendor} does not accept the refresh token: it has ended, was replaced, or belongs to another app. Sign in again, or enter a new one.',
  /** Good once, and for a few minutes. */
  code: '{vendor} does not accept the answer of this sign-in any more. Begin it again.',
  tenant: '{vendor} does not know the tenant. Copy its ID again from the overview of Entra ID.',
} as const;

export type Credential = keyof typeof sentences;

/** A person has to correct this one. */
export const refusing = (credential: Credential): Judged => ({ code: 'unauthorized', sentence: sentences[credential] });

/** A person has to do something else. */
export const saying = (sentence: string, code: RequestFailure = 'unauthorized'): Judged => ({ code, sentence });
