import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { postToChat } from '../../../server/channels/chat.ts';
import { openSmtp } from '../../../server/channels/mail.ts';
import { postSigned } from '../../../server/channels/signed-webhook.ts';
import { messageKinds } from '../../../server/core/message-kinds.ts';
import { type MailDesk, takeUpMail, workMail } from '../../../server/jobs/send-mail.ts';
import { listOpenAlarms } from '../../../server/store/alarm.ts';
import { insertContract } from '../../../server/store/contract.ts';
import { openPool, type Scope, transaction } from '../../../server/store/database.ts';
import { type Engine, startEngine } from '../../../server/store/engine.ts';
import { findMail, listMails, type NewMail, queueMail, requeueMail, sendMailJob } from '../../../server/store/mail.ts';
import { writeSettings } from '../../../server/store/setting.ts';
import { createFirstWorkspace, type Workspace } from '../../../server/store/workspace.ts';
import { createTestDatabase, type TestDatabase } from '../../postgres.ts';
import { type MailServer, startMailServer } from '../channels/mail-server.ts';

const from = 'Seatmatch <seatmatch@acme.example>';
const baseUrl = 'http://127.0.0.1:3000';
const question: NewMail = {
  kind: 'question',
  to: { address: 'anna@acme.example', name: 'Anna' },
  subject: 'Your license moves',
  text: 'Hello Anna,\n\nYour license moves.',
  action: { label: 'I have added it', href: '/answer/secret-token' },
  secret: true,
};

describe('mail', () => {
  const faults: unknown[] = [];
  let database: TestDatabase;
  let pool: pg.Pool;
  let engine: Engine;
  let scope: Workspace;
  let stopping: AbortController;

  beforeEach(async () => {
    database = await createTestDatabase();
    pool = openPool(database.appUrl, (error) => faults.push(error));
    engine = await startEngine({ url: database.appUrl, onError: (error) => faults.push(error) });
    scope = await createFirstWorkspace(pool, { workspace: 'Acme', contract: 'Sales Navigator' });
    stopping = new AbortController();
  });

  afterEach(async () => {
    stopping.abort();
    await engine.stop({ timeoutMs: 2000 });
    await pool.end();
    expect(faults.splice(0)).toEqual([]);
  });

  const smtpOf = (server: Pick<MailServer, 'port'>) => ({
    send: openSmtp({ host: '127.0.0.1', port: server.port, encryption: 'none', auth: null, from }, { connect: 2000, answer: 300 }),
    from,
  });
  const work = (smtp: MailDesk['smtp'], more: Partial<MailDesk> = {}) =>
    workMail(
      { pool, engine, smtp, baseUrl, now: () => new Date(), logError: (error) => faults.push(error), pauses: [0, 0, 0], ...more },
      stopping.signal,
    );
  const queue = (mail: NewMail = question) => transaction(pool, (tx) => queueMail(tx, engine, scope, mail));
  const stateOf = async (id: string) => (await findMail(pool, scope, id))?.state;
  const settled = (id: string, state: string) => expect.poll(() => stateOf(id), { timeout: 20_000 }).toBe(state);

  test('leaves once its transaction commits, with the link as a whole address; the row forgets a secret link then', async () => {
    const server = await startMailServer();
    await work(smtpOf(server));
    const id = await queue();
    await settled(id, 'sent');
    expect(server.received).toHaveLength(1);
    expect(server.received[0]!.raw).toContain(`${baseUrl}/answer/secret-token`);
    expect(server.received[0]!.header('Message-ID')).toBe(`<${id}@acme.example>`);
    const mail = await findMail(pool, scope, id);
    expect(mail).toMatchObject({ attempts: 1, fault: null, action: { label: 'I have added it', href: null } });
    expect(JSON.stringify((await pool.query('select * from mail')).rows)).not.toContain('secret-token');
  });

  test('of every kind there is lands in a mail server, as a page and as text, and every post in a chat', async () => {
    const server = await startMailServer();
    const posts: string[] = [];
    const chat = createServer((request, response) => {
      request.setEncoding('utf8').on('data', (part) => posts.push(part));
      request.on('end', () => response.end());
    });
    await once(chat.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void chat.close());
    const url = `http://127.0.0.1:${(chat.address() as AddressInfo).port}`;
    await work(smtpOf(server), { chat: (_, post, options) => postToChat({ kind: 'slack', url }, post, options) });
    const kinds = Object.values(messageKinds);
    const ids: string[] = [];
    for (const { channel, example } of kinds)
      ids.push(
        await queue({ kind: 'reminder', channel, to: { address: channel === 'chat' ? '#sales' : 'anna@acme.example' }, ...example }),
      );
    for (const id of ids) await settled(id, 'sent');
    const plain = (raw: string) => raw.replaceAll('=\r\n', '').replaceAll('=3D', '=');
    for (const { channel, example } of kinds) {
      const { href } = example.action;
      if (channel === 'chat') {
        expect(posts.some((post) => post.includes(JSON.stringify(example.subject).slice(1, -1)) && post.includes(href))).toBe(true);
        continue;
      }
      const mail = server.received.find((one) => one.header('Subject') === example.subject);
      expect(mail, example.subject).toBeDefined();
      const link = href.startsWith('/') ? `${baseUrl}${href}` : href;
      const [, text, html] = plain(mail!.raw).split(/Content-Type: text\/(?:plain|html)/u);
      expect(text).toContain(link);
      expect(html).toContain(`href="${link}"`);
    }
    expect(server.received.length + posts.length).toBe(kinds.length);
  });

  test('of another contract than the first leads to a page of that one; a question is answered at the same address for all', async () => {
    const contractId = (await transaction(pool, (tx) => insertContract(tx, scope.workspaceId, 'Admin', 'EMEA')))!;
    const theirs = { workspaceId: scope.workspaceId, contractId };
    const hrefOf = async (of: Scope, href: string) => {
      const mail = { ...question, action: { label: 'Open', href } };
      const id = await transaction(pool, (tx) => queueMail(tx, engine, of, mail));
      return (await findMail(pool, of, id))?.action?.href;
    };
    expect(await hrefOf(scope, '/plans/1')).toBe('/plans/1');
    expect(await hrefOf(theirs, '/plans/1')).toBe(`/contracts/${contractId}/plans/1`);
    expect(await hrefOf(theirs, '/answer/token')).toBe('/answer/token');
  });

  test('of a transaction that rolled back is never sent', async () => {
    const server = await startMailServer();
    await work(smtpOf(server));
    const failing = transaction(pool, async (tx) => {
      await queueMail(tx, engine, scope, question);
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    await settled(await queue(), 'sent');
    expect(server.received).toHaveLength(1);
  });

  test('without a mail server is only kept, with its link', async () => {
    await work(null);
    const id = await queue();
    await settled(id, 'captured');
    expect(await findMail(pool, scope, id)).toMatchObject({ action: { href: '/answer/secret-token' }, baseUrl, attempts: 0 });
  });

  test('with line breaks in name and subject keeps one line of each, and one recipient', async () => {
    const server = await startMailServer();
    await work(smtpOf(server));
    const to = { address: 'anna@acme.example', name: 'Anna\r\nBcc: thief@evil.example' };
    await settled(await queue({ ...question, to, subject: 'Hello\r\nBcc: thief@evil.example\u2028x' }), 'sent');
    const [got] = server.received;
    expect(got!.to).toEqual(['anna@acme.example']);
    expect(got!.header('Bcc')).toBeNull();
    expect(got!.header('Subject')).toBe('Hello Bcc: thief@evil.example x');
  });

  test.each(['anna@acme.example\r\nRCPT TO:<b@evil.example>', 'a@b.example, c@d.example', 'Anna <a@b.example>', ''])(
    'to %j, which is not one address, has failed from the start and does not disturb its transaction',
    async (address) => {
      const id = await queue({ ...question, to: { address } });
      expect(await findMail(pool, scope, id)).toMatchObject({
        state: 'failed',
        fault: 'The address of the recipient is not an email address. Correct it and send this again.',
      });
    },
  );

  test('the server refuses for now is tried again under the same Message-ID', async () => {
    const server = await startMailServer();
    server.answers.push({ code: 451, text: 'later' }, { code: 451, text: 'later' });
    await work(smtpOf(server));
    const id = await queue();
    await settled(id, 'sent');
    expect(await findMail(pool, scope, id)).toMatchObject({ attempts: 3, fault: null });
    expect(server.received).toHaveLength(1);
    expect(await listOpenAlarms(pool, scope)).toEqual([]);
  });

  test('the server refuses for good is given up at once, with a sentence and an alarm, and can be sent again', async () => {
    const server = await startMailServer();
    server.answers.push({ code: 554, text: 'spam token=abc' });
    await work(smtpOf(server));
    const id = await queue();
    await settled(id, 'failed');
    expect(await findMail(pool, scope, id)).toMatchObject({ attempts: 1, fault: 'The mail server refused this mail.' });
    expect(await listOpenAlarms(pool, scope)).toMatchObject([
      {
        kind: 'mail-failed',
        subject: id,
        sentence: 'The mail to Anna was not sent: the mail server refused this mail.',
        href: `/outbox/${id}`,
      },
    ]);
    await transaction(pool, async (tx) => {
      expect(await requeueMail(tx, scope, id)).toBe(true);
      await sendMailJob(tx, engine, scope, id);
    });
    await settled(id, 'sent');
  });

  test('a server that is away is one alarm for all mail, which ends when a mail goes out again; no mail is sent about it', async () => {
    await writeSettings(pool, scope, 'Admin', { alarmRecipients: ['ops@acme.example'] });
    const away = await startMailServer();
    await away.close();
    await work(smtpOf(away));
    const ids = [await queue(), await queue()];
    for (const id of ids) await settled(id, 'failed');
    expect(await listOpenAlarms(pool, scope)).toMatchObject([
      {
        kind: 'mail-failed',
        subject: 'server',
        sentence: "Mail can't be sent since {since}: the mail server cannot be reached. Check its name, port and the network.",
      },
    ]);
    expect(await listMails(pool, scope, { before: null, limit: 9 })).toHaveLength(2);

    stopping.abort();
    await engine.stop({ timeoutMs: 2000 });
    engine = await startEngine({ url: database.appUrl, onError: (error) => faults.push(error) });
    stopping = new AbortController();
    const back = await startMailServer();
    await work(smtpOf(back));
    await settled(await queue(), 'sent');
    expect(await listOpenAlarms(pool, scope)).toEqual([]);
  });

  test('that was cut off is repeated once under the same Message-ID, and a second time never', async () => {
    const server = await startMailServer();
    server.answers.push('drop', 'drop');
    await work(smtpOf(server));
    const id = await queue();
    await settled(id, 'failed');
    expect(server.received.map((mail) => mail.header('Message-ID'))).toEqual([`<${id}@acme.example>`, `<${id}@acme.example>`]);
    expect((await findMail(pool, scope, id))?.fault).toContain('may have arrived');
  });

  test('over a webhook is tried again when the receiver says, under one id, and given up after the last try', async () => {
    const ids: unknown[] = [];
    const statuses = [429, 503, 204, 500, 500, 500, 500];
    const receiver = createServer((request, response) => {
      ids.push(request.headers['webhook-id']);
      request.resume().on('end', () => response.writeHead(statuses.shift()!, { 'Retry-After': '120' }).end());
    });
    await once(receiver.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void receiver.close());
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    const secret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
    // By a clock that has stood still since, two minutes from now are long over.
    const now = new Date('2026-01-01T00:00:00.000Z');
    await work(null, {
      now: () => now,
      webhook: (_, message, { signal }) => postSigned({ url, secret }, message, { signal, allowLoopback: true }),
    });
    const body: NewMail = { kind: 'alarm', channel: 'webhook', to: { address: 'Pager' }, subject: 'It fell', text: '{"data":{}}' };
    const taken = await queue(body);
    await settled(taken, 'sent');
    expect(await findMail(pool, scope, taken)).toMatchObject({ attempts: 3, dueAt: '2026-01-01T00:02:00.000Z' });
    const lost = await queue(body);
    await settled(lost, 'failed');
    expect((await findMail(pool, scope, lost))?.attempts).toBe(4);
    expect(ids).toEqual([...Array(3).fill(`msg_${taken}`), ...Array(4).fill(`msg_${lost}`)]);
    expect((await listOpenAlarms(pool, scope)).map(({ sentence }) => sentence)).toEqual([
      'The post to Pager was not sent: the receiver did not take it for now.',
    ]);
  });

  test('waits for the end of quiet hours unless it is urgent', async () => {
    await writeSettings(pool, scope, 'Admin', { quietHours: { from: '20:00', to: '07:00', timeZone: 'Europe/Berlin' } });
    const server = await startMailServer();
    // A year from now, so that the job for the morning does not come up.
    const night = `${new Date().getUTCFullYear() + 1}-01-15T21:30:00.000Z`;
    await work(smtpOf(server), { now: () => new Date(night) });
    const waiting = await queue();
    const urgent = await queue({ ...question, urgent: true });
    await settled(urgent, 'sent');
    await expect.poll(async () => (await findMail(pool, scope, waiting))?.dueAt).toBe(`${night.slice(0, 8)}16T06:00:00.000Z`);
    expect(await stateOf(waiting)).toBe('queued');
    expect(server.received).toHaveLength(1);
  });

  test('that several jobs are for is sent once', async () => {
    const server = await startMailServer();
    const id = await queue();
    for (let n = 0; n < 5; n++) await takeUpMail(pool, engine);
    await work(smtpOf(server));
    await settled(id, 'sent');
    const after = await queue();
    await settled(after, 'sent');
    expect(server.received.map((mail) => mail.header('Message-ID'))).toEqual([`<${id}@acme.example>`, `<${after}@acme.example>`]);
  });

  describe('whose process is killed', () => {
    const startWorker = (server: MailServer) => {
      const child = spawn(process.execPath, [path.join(import.meta.dirname, 'mail-worker.ts'), database.appUrl, String(server.port)], {
        stdio: 'inherit',
      });
      onTestFinished(() => {
        child.kill('SIGKILL');
      });
      return child;
    };
    const kill = async (child: ReturnType<typeof startWorker>) => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    };

    test('between handing over and the answer is sent once more, recognisably, by the next one', async () => {
      const server = await startMailServer();
      server.answers.push('hang');
      const id = await queue();
      const child = startWorker(server);
      await expect.poll(() => server.received.length, { timeout: 20_000 }).toBe(1);
      await kill(child);
      expect(await stateOf(id)).toBe('sending');
      startWorker(server);
      await settled(id, 'sent');
      expect(await findMail(pool, scope, id)).toMatchObject({ attempts: 2, cutOff: 1 });
      expect(server.received.map((mail) => mail.header('Message-ID'))).toEqual([`<${id}@acme.example>`, `<${id}@acme.example>`]);
    });

    test('twice at that place is given up: it may have arrived twice already', async () => {
      const server = await startMailServer();
      server.answers.push('hang', 'hang');
      const id = await queue();
      for (const n of [1, 2]) {
        const child = startWorker(server);
        await expect.poll(() => server.received.length, { timeout: 20_000 }).toBe(n);
        await kill(child);
      }
      startWorker(server);
      await settled(id, 'failed');
      expect(server.received).toHaveLength(2);
      expect((await findMail(pool, scope, id))?.fault).toBe('It was cut off twice while it was handed over. It may have arrived.');
    });
  });
});
