import { createPrivateKey, type KeyObject, sign } from 'node:crypto';

/** Throws TypeError, without a word of the key, for what is no RSA key in PEM. */
export function readPrivateKey(pem: string): KeyObject {
  let key: KeyObject | null = null;
  try {
    key = createPrivateKey(pem);
  } catch {}
  if (key?.asymmetricKeyType !== 'rsa')
    throw new TypeError('The private key of the Salesforce connection is not an RSA key in PEM format.');
  return key;
}

export interface Claims {
  /** The app's consumer key. */
  readonly issuer: string;
  /** The user name that it acts as. */
  readonly subject: string;
  /** `https://login.salesforce.com`, for a sandbox `https://test.salesforce.com`, or the org's My Domain. */
  readonly audience: string;
}

/** Salesforce takes up to five minutes (inferred); clocks differ. */
const goodForMs = 180_000;

/**
 * What the JWT bearer grant is asked with (RFC 7523, RS256).
 * @param now milliseconds since 1970
 */
export function mintAssertion({ issuer, subject, audience }: Claims, key: KeyObject, now: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iss: issuer, sub: subject, aud: audience, exp: Math.floor((now + goodForMs) / 1_000) };
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}
