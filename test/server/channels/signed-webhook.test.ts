import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MailNotSent } from '../../../connectors/errors.ts';
import { AddressNotPublic, isPublicAddress, lookUpPublic } from '../../../server/channels/public-address.ts';
import { notASignedWebhook, postSigned, signWebhook } from '../../../server/channels/signed-webhook.ts';

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;

/** A receiver on a port of its own, and what came to it. */
async function receiver(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const received: { headers: Record<string, string>; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part) => (body += part));
    request.on('end', () => {
      received.push({ headers: request.headers as Record<string, string>, body });
      answer(request, response);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received };
}

const post = (url: string, more: Partial<Parameters<typeof postSigned>[2]> = {}) =>
  postSigned(
    { url, secret },
    { id: 'msg_1', body: '{"type":"alert.test","text":"Grüße"}' },
    { signal: new AbortController().signal, allowLoopback: true, ...more },
  );
const failure = (sending: Promise<void>): Promise<MailNotSent> =>
  sending.then(
    () => expect.unreachable('it was taken'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(MailNotSent);
      return error as MailNotSent;
    },
  );

describe('a signed webhook', () => {
  test('is verified by the library that others use, and not when a letter was changed', async () => {
    const { url, received } = await receiver((_, response) => response.writeHead(204).end());
    await post(url);
    const [{ headers, body }] = received as [(typeof received)[number]];
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': 'msg_1' });
    const verifier = new Webhook(secret);
    expect(verifier.verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => verifier.verify(body.replace('test', 'tost'), headers)).toThrow();
    expect(() => new Webhook(`whsec_${Buffer.alloc(32, 6).toString('base64')}`).verify(body, headers)).toThrow();
    const at = new Date(1_700_000_000_000);
    expect(signWebhook(secret, 'msg_9', 1_700_000_000, body)).toBe(verifier.sign('msg_9', at, body));
  });

  test('is sent again later after 429, 408, 500 and silence, as late as the receiver says', async () => {
    const answers: (number | null)[] = [429, 408, 503, null];
    const { url, received } = await receiver((_, response) => {
      const status = answers.shift();
      if (typeof status === 'number') response.writeHead(status, status === 429 ? { 'Retry-After': '120' } : {}).end('no');
    });
    expect(await failure(post(url))).toMatchObject({ code: 'not-now', retryAfterMs: 120_000 });
    expect(await failure(post(url))).toMatchObject({ code: 'not-now', retryAfterMs: null });
    expect(await failure(post(url))).toMatchObject({ code: 'not-now' });
    expect(await failure(post(url, { within: 100 }))).toMatchObject({ code: 'not-now', sentence: 'The receiver did not answer in time.' });
    expect(received).toHaveLength(4);
    const closed = url.replace(/:\d+/u, ':1');
    const unreachable = await failure(post(closed));
    expect(unreachable).toMatchObject({ code: 'not-now' });
    expect(unreachable.message).not.toContain('127.0.0.1');
  });

  test('is given up when the receiver refuses it, is gone, or sends it elsewhere, where it does not go', async () => {
    const elsewhere = await receiver((_, response) => response.end());
    const answers = [400, 410, 307];
    const { url } = await receiver((_, response) => response.writeHead(answers.shift()!, { Location: elsewhere.url }).end());
    for (const sentence of ['refused it', 'is gone', 'not followed'])
      expect(await failure(post(url))).toMatchObject({ code: 'refused', sentence: expect.stringContaining(sentence) });
    expect(elsewhere.received).toEqual([]);
  });

  test('goes by https to the public internet only, and to this machine where that is allowed', async () => {
    const may = (address: string, allowLoopback = false) => notASignedWebhook(address, { allowLoopback }) === null;
    expect(may('https://hooks.example.com/x')).toBe(true);
    expect(may('https://93.184.216.34/x')).toBe(true);
    expect(may('http://127.0.0.1:8080/x', true)).toBe(true);
    for (const address of [
      'http://hooks.example.com/x',
      'http://127.0.0.1:8080/x',
      'https://127.0.0.1/x',
      'https://2130706433/x',
      'https://0x7f.1/x',
      'https://localhost/x',
      'https://a.localhost/x',
      'https://10.1.2.3/x',
      'https://169.254.169.254/latest/meta-data',
      'https://[::1]/x',
      'https://[::ffff:10.0.0.1]/x',
      'https://[fd00::1]/x',
      'https://user:word@hooks.example.com/x',
      'ftp://hooks.example.com/x',
      'hooks.example.com',
    ])
      expect(may(address), address).toBe(false);
    for (const address of ['http://10.0.0.1/x', 'http://hooks.example.com/x', 'https://127.0.0.1/x'])
      expect(may(address, true)).toBe(false);
    expect(await failure(post('https://10.0.0.1/x'))).toMatchObject({ code: 'refused' });
  });

  test('is connected to the address that was looked at, and a name that leads inside is refused', async () => {
    const found = (host: string) => new Promise((resolve) => lookUpPublic(host, {}, (error, address) => resolve(error ?? address)));
    expect(await found('localhost')).toBeInstanceOf(AddressNotPublic);
    expect(await found('93.184.216.34')).toBe('93.184.216.34');
    for (const address of ['8.8.8.8', '2606:4700::1111']) expect(isPublicAddress(address)).toBe(true);
    for (const address of [
      '0.0.0.0',
      '100.64.0.1',
      '172.31.0.1',
      '192.168.1.1',
      '224.0.0.1',
      '255.255.255.255',
      '::',
      'fe80::1%eth0',
      '64:ff9b::a00:1',
      '2002:a00:1::',
      'no address',
    ])
      expect(isPublicAddress(address), address).toBe(false);
  });
});
