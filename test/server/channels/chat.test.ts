import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { MailNotSent } from '../../../connectors/errors.ts';
import { postToChat } from '../../../server/channels/chat.ts';

const post = {
  subject: '2 people with a <license>',
  text: 'They have not activated.\n\n- Anna & Co\n- Bo',
  action: { label: 'Activate', href: 'https://www.linkedin.com/sales/activate?u=1' },
};

/** A chat on a port of its own that answers as it is told. */
async function chat(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const received: { headers: IncomingMessage['headers']; body: unknown }[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      received.push({ headers: request.headers, body: JSON.parse(Buffer.concat(parts).toString()) as unknown });
      answer(request, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T0/B0/secret-of-the-webhook`, received };
}

/** An address at which nobody listens any more. */
async function nobodysAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}/services/secret-of-the-webhook`;
}

const never = new AbortController().signal;
const failure = (sending: Promise<void>): Promise<MailNotSent> =>
  sending.then(
    () => Promise.reject(new Error('It was sent.')),
    (error: MailNotSent) => error,
  );

test('Slack gets blocks with its control characters escaped and the link as a button', async () => {
  const slack = await chat((_, response) => response.end('ok'));
  await postToChat({ kind: 'slack', url: slack.url }, post, { signal: never });
  expect(slack.received[0]!.headers['content-type']).toBe('application/json');
  const text = JSON.stringify(slack.received[0]!.body);
  expect(text).toContain('2 people with a &lt;license&gt;');
  expect(text).toContain('Anna &amp; Co');
  expect(text).toContain('"url":"https://www.linkedin.com/sales/activate?u=1"');
});

test('Teams gets an adaptive card whose action opens the link', async () => {
  const teams = await chat((_, response) => response.writeHead(202).end());
  await postToChat({ kind: 'teams', url: teams.url }, post, { signal: never });
  expect(teams.received[0]!.body).toMatchObject({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: { type: 'AdaptiveCard', actions: [{ type: 'Action.OpenUrl', url: 'https://www.linkedin.com/sales/activate?u=1' }] },
      },
    ],
  });
});

test.each([
  [404, 'refused'],
  [403, 'refused'],
  [302, 'refused'],
  [429, 'not-now'],
  [503, 'not-now'],
] as const)('an answer of %i means %s, and the address of the webhook stands in no error', async (status, code) => {
  const slack = await chat((_, response) => response.writeHead(status, { Location: 'http://127.0.0.1:9/' }).end('no_service'));
  const error = await failure(postToChat({ kind: 'slack', url: slack.url }, post, { signal: never }));
  expect(error.code).toBe(code);
  expect(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain('secret-of-the-webhook');
  expect(slack.received).toHaveLength(1);
});

test('a chat that nobody reaches was surely not told, one that hangs or cuts off perhaps was', async () => {
  const none = await failure(postToChat({ kind: 'slack', url: await nobodysAddress() }, post, { signal: never }));
  expect([none.code, none.sentence]).toEqual(['not-now', 'The chat cannot be reached. Check the network.']);
  expect(`${none.stack} ${String(none.cause)}`).not.toContain('secret-of-the-webhook');
  const hangs = await chat(() => {});
  expect((await failure(postToChat({ kind: 'slack', url: hangs.url }, post, { signal: never, within: 100 }))).code).toBe('cut-off');
  const cuts = await chat((request) => request.socket.destroy());
  expect((await failure(postToChat({ kind: 'slack', url: cuts.url }, post, { signal: never }))).code).toBe('cut-off');
});
