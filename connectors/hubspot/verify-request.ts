import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Requests that HubSpot signs: webhooks, and what a UI extension asks through hubspot.fetch
 * (developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation, version 3).
 * Versions 1 and 2 carry no time, so that anybody who saw one could repeat it: they are not accepted.
 */

export interface SignedRequest {
  readonly method: string;
  /** Whole, the query included, under the public address that is configured: never out of Host or X-Forwarded-*. */
  readonly url: string;
  /** As it arrived; absent: none. */
  readonly body?: Uint8Array | string;
  /** X-HubSpot-Signature-v3. */
  readonly signature: string | undefined;
  /** X-HubSpot-Request-Timestamp: milliseconds since 1970. */
  readonly timestamp: string | undefined;
}

export type SignatureFault = 'missing' | 'timestamp' | 'signature';

const mostSkewMs = 300_000;

/**
 * Null: HubSpot signed this within five minutes of now. HubSpot documents that it decodes some characters of the URL before it signs, and its
 * own proxy does not, so both are accepted.
 * @param now milliseconds since 1970
 */
export function faultOfSignature(
  { method, url, body, signature, timestamp }: SignedRequest,
  clientSecret: string,
  now: number,
): SignatureFault | null {
  if (!signature || !timestamp) return 'missing';
  if (!/^\d{1,15}$/.test(timestamp) || Math.abs(now - Number(timestamp)) > mostSkewMs) return 'timestamp';
  const given = Buffer.from(signature, 'base64');
  const isSignedAs = (signed: string): boolean => {
    const made = createHmac('sha256', clientSecret)
      .update(`${method}${signed}`)
      .update(body ?? '')
      .update(timestamp)
      .digest();
    return given.length === made.length && timingSafeEqual(given, made);
  };
  const isRaw = isSignedAs(url);
  const isDecoded = isSignedAs(decoded(url));
  return isRaw || isDecoded ? null : 'signature';
}

/** The characters that HubSpot says to decode. */
const decoded = (url: string): string =>
  url.replace(/%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (escaped) => decodeURIComponent(escaped));

/** Who asks through hubspot.fetch. Which record is open is not signed: anybody of the portal can name any. */
export interface HubSpotCaller {
  readonly portalId: string;
  readonly userId: string;
  readonly userEmail: string | null;
  readonly appId: string | null;
}

/**
 * Out of a URL whose signature was found good. Null: nobody is named, or somebody twice, which is what an extension does that writes these
 * parameters itself before HubSpot adds its own.
 */
export function callerOf(url: string): HubSpotCaller | null {
  const query = new URL(url).searchParams;
  const values = (['portalId', 'userId', 'userEmail', 'appId'] as const).map((name) => query.getAll(name));
  if (values.some((given) => given.length > 1)) return null;
  const [portalId, userId, userEmail, appId] = values.map(([value]) => value ?? null);
  if (!/^\d+$/.test(portalId ?? '') || !/^\d+$/.test(userId ?? '')) return null;
  return { portalId: portalId!, userId: userId!, userEmail: userEmail ?? null, appId: appId ?? null };
}
