import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { limitRequests } from '../../../server/routes/limit-requests.ts';

test('an address may make its requests in a burst, is told when to come again, and may again after that', async () => {
  let now = 0;
  const app = express();
  app.use(
    limitRequests(
      6,
      (response) => response.status(429).end(),
      () => now,
    ),
  );
  app.use((_request, response) => response.end());
  const server = createServer(app);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const ask = () => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  for (let n = 0; n < 6; n++) expect((await ask()).status).toBe(200);
  const refused = await ask();
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('10');
  now += 10_000;
  expect((await ask()).status).toBe(200);
  expect((await ask()).status).toBe(429);
});
