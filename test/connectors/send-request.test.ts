import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { failureSentence } from '../../connectors/check-line.ts';
import type { RequestFailed } from '../../connectors/errors.ts';
import { rateLimiter } from '../../connectors/rate-limit.ts';
import { type Answer, baseAddress, parsed, requestSender, type SenderOptions } from '../../connectors/send-request.ts';

async function refusing(status: number, headers: Record<string, string> = {}) {
  let visits = 0;
  const server = createServer((request, response) => {
    visits += 1;
    response.writeHead(request.headers.authorization === 'new' ? 200 : status, headers).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const asker = (options: Partial<SenderOptions> = {}) => {
    const send = requestSender({ mayReach: () => true, limiter: rateLimiter({}), retries: { firstMs: 1, maxMs: 5 }, ...options });
    return () => send({ request: 'users', method: 'GET', url, isSafe: true }, undefined, ({ status }: Answer) => status);
  };
  return { asker, visits: () => visits, close: () => server.close() };
}

test('a wait that is longer than it may wait refuses the next request at once, with what is left of it, and sends none', async () => {
  const vendor = await refusing(429, { 'retry-after': '3600' });
  const ask = vendor.asker();
  await expect(ask()).rejects.toMatchObject({ code: 'rate-limited', retryAfterMs: 3_600_000 });
  await expect(ask()).rejects.toMatchObject({ code: 'rate-limited', status: null, retryAfterMs: expect.closeTo(3_600_000, -5) });
  expect(vendor.visits()).toBe(1);
  vendor.close();
});

test('a refusal without a time is waited for as long as its judge says', async () => {
  const vendor = await refusing(429);
  const ask = vendor.asker({ judge: () => ({ code: 'rate-limited', retryAfterMs: 60_000 }) });
  await expect(ask()).rejects.toMatchObject({ code: 'rate-limited', retryAfterMs: 60_000 });
  expect(vendor.visits()).toBe(1);
  vendor.close();
});

test('a request whose access is refused is no longer under way, so that the new access is not behind it in the same limit', async () => {
  const vendor = await refusing(401);
  const limiter = rateLimiter({ concurrent: 1 });
  const ask = vendor.asker({
    limiter,
    authorization: async (refused) => {
      if (refused === null) return 'old';
      (await limiter.take())();
      return 'new';
    },
  });
  expect(await Promise.all([ask(), ask()])).toEqual([200, 200]);
  vendor.close();
});

test('a token with a line break is named as that: nothing is sent, and no error holds it, as the one of fetch would', async () => {
  const vendor = await refusing(401);
  const error = await vendor
    .asker({ authorization: () => 'Bearer very\nsecret' })()
    .catch((failed: unknown) => failed);
  expect(error).toMatchObject({
    code: 'unauthorized',
    sentence: 'The token for {vendor} holds a line break or a sign that no token has. Enter it again, in one line and without quotes.',
  });
  expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/very|secret/u);
  expect(vendor.visits()).toBe(0);
  vendor.close();
});

test('a vendor that answers 503 is not said to have a wrong address', async () => {
  const vendor = await refusing(503);
  const error = await vendor
    .asker()()
    .catch((failed: unknown) => failed);
  expect(failureSentence('Acme', error as RequestFailed)).toBe('Acme answers, and cannot do it now (HTTP 503). Try again later.');
  vendor.close();
});

test('an answer that is no UTF-8 is none: an address with one letter replaced would be another address', () => {
  const cut = Buffer.concat([Buffer.from('{"email":"j'), Buffer.from([0xfc]), Buffer.from('rgen@acme.example"}')]);
  const read = () => parsed('users', z.object({ email: z.string() }), { bytes: cut, status: 200 });
  expect(read).toThrow(
    expect.objectContaining({ code: 'invalid-response', sentence: expect.stringContaining('holds bytes that are no UTF-8') }),
  );
  const whole = Buffer.from('{"email":"jürgen@acme.example"}');
  expect(parsed('users', z.object({ email: z.string() }), { bytes: whole, status: 200 }).email).toBe('jürgen@acme.example');
  const half = () => parsed('users', z.object({ email: z.string() }), { bytes: whole.subarray(0, 12), status: 200 });
  expect(half, 'cut in the middle of a letter').toThrow(
    expect.objectContaining({ sentence: expect.stringContaining('ends in its middle') }),
  );
});

test('an address keeps its path and its port, IPv6 among them, and one with a question is refused: what is asked for would take its place', () => {
  const at = (base: string) => new URL('Users', baseAddress(base, 'The address')).href;
  expect(at('https://gate.example/linkedin/scim')).toBe('https://gate.example/linkedin/scim/Users');
  expect(at('https://gate.example/linkedin/scim/')).toBe('https://gate.example/linkedin/scim/Users');
  expect(at('http://[::1]:8080')).toBe('http://[::1]:8080/Users');
  expect(() => at('http://[::2]:8080')).toThrow('must begin with https://');
  for (const wrong of ['https://gate.example/scim?tenant=1', 'https://gate.example/scim#a'])
    expect(() => at(wrong)).toThrow('The address may not hold a ? or #.');
});
