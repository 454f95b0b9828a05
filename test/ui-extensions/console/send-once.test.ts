import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { sendOnce } from '../../../ui-extensions/console/src/api/send-once.ts';

let server: Server;
afterEach(() => new Promise((resolve) => server.close(resolve)));

/** A server that answers with these, one after the other; null cuts the connection. */
async function answering(answers: readonly (Parameters<typeof answer>[1] | null)[]) {
  const keys: string[] = [];
  const left = [...answers];
  const handle: RequestListener = (request, response) => {
    keys.push(String(request.headers['idempotency-key']));
    const next = left.shift();
    if (next) answer(response, next);
    else request.socket.destroy();
  };
  server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const send = (key: string) => fetch(url, { method: 'POST', headers: { 'idempotency-key': key, connection: 'close' } });
  return { keys, send: (signature: string) => sendOnce(signature, send, [1, 1]) };
}

function answer(response: Parameters<RequestListener>[1], { status, headers = {} }: { status: number; headers?: Record<string, string> }) {
  response.writeHead(status, headers).end();
}

test('a request without an answer, at a server that starts, or that is still being carried out, is repeated with its key', async () => {
  const { keys, send } = await answering([null, { status: 503 }, { status: 201 }]);
  expect((await send('a')).status).toBe(201);
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
});

test('a request that is being carried out is asked for again', async () => {
  const { keys, send } = await answering([{ status: 409, headers: { 'Retry-After': '1' } }, { status: 201 }]);
  expect((await send('b')).status).toBe(201);
  expect(new Set(keys).size).toBe(1);
});

test('whoever presses the button again after all tries failed still repeats the same request', async () => {
  const { keys, send } = await answering([null, null, null, { status: 201 }, { status: 201 }]);
  await expect(send('c')).rejects.toThrow();
  await send('c');
  expect(new Set(keys).size).toBe(1);
  await send('c');
  expect(new Set(keys).size).toBe(2);
});

test('a refusal is an answer: what is sent after it is another request', async () => {
  const { keys, send } = await answering([{ status: 409 }, { status: 422 }, { status: 201 }]);
  expect((await send('d')).status).toBe(409);
  expect((await send('d')).status).toBe(422);
  await send('d');
  expect(new Set(keys).size).toBe(3);
});
