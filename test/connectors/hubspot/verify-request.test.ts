import { Signature } from '@hubspot/api-client';
import { describe, expect, it } from 'vitest';
import { hubSpotSignature } from '../../../connectors/hubspot/simulator.ts';
import { callerOf, faultOfSignature, type SignedRequest } from '../../../connectors/hubspot/verify-request.ts';

const secret = 'app-secret';
const now = 1_796_000_000_000;
const call = {
  method: 'POST',
  url: 'https://seatmatch.example/api/hubspot?portalId=424242&userId=7&userEmail=pat%40acme.example&appId=9',
  body: '{"note":"Łukasz"}',
};

/** As HubSpot's own SDK signs it. */
const signedBySdk = (given: { method?: string; url?: string; body?: string; timestamp?: number } = {}): SignedRequest => {
  const { method, url, body, timestamp } = { ...call, timestamp: now, ...given };
  const signature = Signature.getSignature(method, 'v3', { clientSecret: secret, signature: '', url, requestBody: body, timestamp });
  return { method, url, body, signature, timestamp: String(timestamp) };
};
const fault = (request: SignedRequest, clientSecret = secret): string | null => faultOfSignature(request, clientSecret, now);

describe('a request that HubSpot signed', () => {
  it('is good as HubSpot’s own SDK signs it', () => {
    expect(fault(signedBySdk())).toBeNull();
  });

  it('is good with a body of raw bytes, which parsing and writing again would change', () => {
    const body = '{ "note" : "Łukasz" }';
    expect(fault({ ...signedBySdk({ body }), body: Buffer.from(body) })).toBeNull();
    expect(fault({ ...signedBySdk({ body }), body: JSON.stringify(JSON.parse(body)) })).toBe('signature');
  });

  it('is good without a body: the SDK would hash the word "undefined"', () => {
    const { body: _, ...withoutBody } = signedBySdk({ method: 'GET', body: '' });
    expect(fault(withoutBody)).toBeNull();
  });

  it.each([true, false])(
    'is good with the URL decoded as documented or raw as HubSpot’s own proxy signs it: decoded %s',
    (signsDecoded) => {
      const headers = hubSpotSignature(secret, { ...call, timestamp: String(now), signsDecoded });
      expect(
        fault({ ...call, signature: headers['x-hubspot-signature-v3'], timestamp: headers['x-hubspot-request-timestamp'] }),
      ).toBeNull();
    },
  );

  it('is signed by our simulator just as by the SDK', () => {
    const headers = hubSpotSignature(secret, { ...call, timestamp: String(now) });
    expect(headers['x-hubspot-signature-v3']).toBe(signedBySdk().signature);
  });

  it.each([
    ['the portal', { url: call.url.replace('424242', '1') }],
    ['the method', { method: 'DELETE' }],
    ['the body', { body: '{"note":"other"}' }],
    ['the host', { url: call.url.replace('seatmatch', 'evil') }],
    ['the time', { timestamp: String(now - 1) }],
  ])('is refused with %s altered', (_, altered) => {
    expect(fault({ ...signedBySdk(), ...altered })).toBe('signature');
  });

  it('is refused with another app’s secret', () => {
    expect(fault(signedBySdk(), 'another')).toBe('signature');
  });

  it.each([
    ['older than five minutes', now - 300_001],
    ['an hour in the future, which the SDK accepts', now + 3_600_000],
    ['no number, which the SDK accepts', Number.NaN],
    ['without end', Number.POSITIVE_INFINITY],
    ['before 1970', -1],
    ['a fraction', now + 0.5],
  ])('is refused with a time that is %s, however well it is signed', (_, timestamp) => {
    expect(fault(signedBySdk({ timestamp }))).toBe('timestamp');
  });

  it.each([-300_000, 300_000])('is good at %i milliseconds from now', (away) => {
    expect(fault(signedBySdk({ timestamp: now + away }))).toBeNull();
  });

  it.each(['', 'short', 'A'.repeat(44), 'ż'.repeat(44), `${'A'.repeat(43)}=`])(
    'is refused, and nothing is thrown, for the signature %j',
    (signature) => {
      expect(fault({ ...signedBySdk(), signature })).not.toBeNull();
    },
  );

  it('is refused without signature or time', () => {
    expect(fault({ ...signedBySdk(), signature: undefined })).toBe('missing');
    expect(fault({ ...signedBySdk(), timestamp: undefined })).toBe('missing');
  });

  it('is refused with the older signatures alone: they hold no time, so anybody could repeat them', () => {
    const signature = Signature.getSignature('POST', 'v2', { clientSecret: secret, signature: '', url: call.url, requestBody: call.body });
    expect(fault({ ...call, signature, timestamp: String(now) })).toBe('signature');
  });

  it('is what the SDK’s own check would take without a look at the time', () => {
    const { signature, url, body } = signedBySdk({ timestamp: Number.NaN });
    const options = { clientSecret: secret, url: url, requestBody: String(body), timestamp: Number.NaN, method: 'POST' };
    expect(Signature.isValid({ ...options, signature: signature ?? '', signatureVersion: 'v3' })).toBe(true);
  });
});

describe('who asks through hubspot.fetch', () => {
  it('stands in the signed URL', () => {
    expect(callerOf(call.url)).toEqual({ portalId: '424242', userId: '7', userEmail: 'pat@acme.example', appId: '9' });
  });

  it('is nobody where a parameter comes twice: an extension may have written its own before HubSpot’s', () => {
    expect(callerOf(`${call.url.replace('?', '?portalId=1&')}`)).toBeNull();
    expect(callerOf(`${call.url}&userId=1`)).toBeNull();
  });

  it.each(['portalId', 'userId'])('is nobody without %s', (name) => {
    const url = new URL(call.url);
    url.searchParams.delete(name);
    expect(callerOf(url.href)).toBeNull();
    url.searchParams.set(name, 'x');
    expect(callerOf(url.href)).toBeNull();
  });
});
