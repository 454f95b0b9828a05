import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Alarms, Mail, Mails, Settings } from '../../../server/api.ts';
import { raiseAlarm } from '../../../server/jobs/raise-alarm.ts';
import { transaction } from '../../../server/store/database.ts';
import { type NewMail, queueMail } from '../../../server/store/mail.ts';
import { type MailServer, startMailServer } from '../channels/mail-server.ts';
import { type OtherProcess, openOtherProcess } from '../other-process.ts';
import { startTestServer, type TestServer } from '../running-server.ts';

const question: NewMail = {
  kind: 'question',
  to: { address: 'anna@acme.example', name: 'Anna' },
  subject: 'Your license moves <b>',
  text: 'Hello Anna,\n\nyour license moves.\n1. Open linkedin.com\n2. Sign in',
  action: { label: 'I have added it', href: '/answer/secret' },
  secret: true,
  ref: { findingKey: 'license:1', planId: '6f1c0d1e-0000-4000-8000-000000000000' },
};

describe('the outbox without a mail server', () => {
  let server: TestServer;
  let desk: OtherProcess;
  const queue = (mail: NewMail) => transaction(desk.pool, (tx) => queueMail(tx, desk.engine, desk.scope, mail));
  const captured = (id: string) =>
    expect.poll(async () => (await server.ok<Mail>('getMail', { params: { id } })).state, { timeout: 20_000 }).toBe('captured');

  beforeAll(async () => {
    server = await startTestServer();
    desk = await openOtherProcess(server);
  });
  afterAll(async () => {
    await desk?.close();
    await server?.stop();
  });

  test('keeps mail and says that nothing leaves', async () => {
    const id = await queue(question);
    await captured(id);
    const list = await server.ok<Mails>('listMails');
    expect(list).toMatchObject({ captured: 'no-server', from: null, next: null });
    expect(list.rows[0]).toMatchObject({ id, to: { name: 'Anna' }, about: { findingKey: 'license:1', rematchId: null } });
  });

  test('shows both parts, and not the link that only its recipient should have', async () => {
    const id = await queue(question);
    const mail = await server.ok<Mail>('getMail', { params: { id } });
    expect(mail.link).toBeNull();
    expect(JSON.stringify(mail)).not.toContain('secret');
    expect(mail.html).toMatch(/<li[^>]*>Open linkedin\.com<\/li><li[^>]*>Sign in<\/li>/u);
    expect(mail.html).toContain('Your license moves &lt;b&gt;');
    expect(mail.text).toContain('I have added it:');
  });

  test('shows other links as whole addresses', async () => {
    const id = await queue({ ...question, kind: 'reminder', secret: false, action: { label: 'Open', href: '/plans/1' } });
    expect((await server.ok<Mail>('getMail', { params: { id } })).link).toBe(`${server.url}/plans/1`);
  });

  test('is read page by page, newest first, each mail once', async () => {
    for (let n = 0; n < 5; n++) await queue({ ...question, subject: `Mail ${n}` });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page: Mails = await server.ok<Mails>('listMails', { query: { limit: '2', ...(cursor ? { cursor } : {}) } });
      seen.push(...page.rows.map(({ subject }) => subject));
      cursor = page.next ?? undefined;
    } while (cursor);
    expect(seen.slice(0, 5)).toEqual(['Mail 4', 'Mail 3', 'Mail 2', 'Mail 1', 'Mail 0']);
    expect(new Set(seen).size).toBe(6);
    expect((await server.refused('listMails', { query: { cursor: 'x' } })).status).toBe(400);
  });

  test('has a test mail for any address that is one', async () => {
    const { id } = await server.ok<{ id: string }>('sendTestMail', { body: { to: 'ops@acme.example' } });
    await captured(id);
    expect((await server.refused('sendTestMail', { body: { to: 'a@b.example, c@d.example' } })).status).toBe(400);
    expect((await server.refused('sendTestMail', { body: { to: 'a@b.example\r\nBcc: c@d.example' } })).status).toBe(400);
  });

  test('has nothing to send again that has not failed', async () => {
    const id = await queue(question);
    expect((await server.refused('settleMail', { params: { id }, body: { answer: 'send-again' } })).status).toBe(409);
    expect((await server.refused('getMail', { params: { id: '6f1c0d1e-0000-4000-8000-000000000000' } })).status).toBe(404);
  });
});

describe('a server with a mail server', () => {
  let server: TestServer;
  let smtp: MailServer;
  let desk: OtherProcess;
  beforeAll(async () => {
    smtp = await startMailServer({}, () => {});
    server = await startTestServer({
      smtp: { host: '127.0.0.1', port: smtp.port, encryption: 'none', auth: null, from: 'Seatmatch <seatmatch@acme.example>' },
      publicUrl: 'https://seatmatch.acme.example',
    });
    desk = await openOtherProcess(server);
  });
  afterAll(async () => {
    await desk?.close();
    await server?.stop();
    await smtp?.close();
  });

  test('sends, with links under its public address', async () => {
    await server.ok('sendTestMail', { body: { to: 'ops@acme.example' } });
    await expect.poll(() => smtp.received.length, { timeout: 20_000 }).toBe(1);
    expect(smtp.received[0]!.raw).toContain('https://seatmatch.acme.example/settings');
    expect(await server.ok<Mails>('listMails')).toMatchObject({ captured: null, from: 'Seatmatch <seatmatch@acme.example>' });
  });

  test('sends the link of a page to whoever sits at a phone, and of nothing but a page of the console', async () => {
    const before = smtp.received.length;
    const body = { to: 'ops@acme.example', path: '/plans/6f1c0d1e-0000-4000-8000-000000000000/job' };
    const { id } = await server.ok<{ id: string }>('sendLink', { body });
    await expect.poll(() => smtp.received.length, { timeout: 20_000 }).toBe(before + 1);
    expect((await server.ok<Mail>('getMail', { params: { id } })).link).toMatch(/^https:\/\/seatmatch\.acme\.example\/.*\/job$/u);
    for (const path of ['//evil.example/x', 'https://evil.example', '/a\nb', 'plans'])
      expect((await server.refused('sendLink', { body: { ...body, path } })).status).toBe(400);
    expect((await server.refused('sendLink', { body: { ...body, to: 'nobody' } })).status).toBe(400);
  });

  test('raises an alarm for mail that is refused; sent again or left, it ends', async () => {
    for (const answer of ['send-again', 'leave']) {
      smtp.answers.push({ code: 554, text: 'no' });
      const { id } = await server.ok<{ id: string }>('sendTestMail', { body: { to: 'ops@acme.example' } });
      const alarms = async () => (await server.ok<Alarms>('listAlarms')).rows;
      await expect.poll(alarms, { timeout: 20_000 }).toMatchObject([{ kind: 'mail-failed', href: `/outbox/${id}` }]);
      await server.ok('settleMail', { params: { id }, body: { answer } });
      expect(await alarms()).toEqual([]);
      const end = answer === 'leave' ? 'failed' : 'sent';
      await expect.poll(async () => (await server.ok<Mail>('getMail', { params: { id } })).state, { timeout: 20_000 }).toBe(end);
    }
  });

  test('mails an alarm to the recipients of the settings, and pages hear of it', async () => {
    await server.ok<Settings>('changeSettings', { body: { alarmRecipients: ['ops@acme.example'], quietHours: null } });
    const db = new pg.Client({ connectionString: server.database.appUrl });
    await db.connect();
    const before = smtp.received.length;
    await transaction(desk.pool, (tx) =>
      raiseAlarm(tx, desk.engine, desk.scope, {
        kind: 'no-license',
        subject: '1',
        level: 'red',
        sentence: 'Anna has no license since {since}.',
        label: 'Give everyone back',
        href: '/plans/1',
      }),
    );
    const { rows, now } = await server.ok<Alarms>('listAlarms');
    expect(rows).toMatchObject([{ level: 'red', sentence: 'Anna has no license since {since}.' }]);
    expect(Date.parse(now)).toBeGreaterThanOrEqual(Date.parse(rows[0]!.since));
    await expect.poll(() => smtp.received.length, { timeout: 20_000 }).toBe(before + 1);
    const kinds = (await db.query('select distinct kind from event')).rows.map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['alarm', 'mail', 'settings']));
    await db.end();
  });

  test.each([
    [{ alarmRecipients: ['nobody'] }],
    [{ quietHours: { from: '25:00', to: '07:00', timeZone: 'Europe/Berlin' } }],
    [{ quietHours: { from: '20:00', to: '07:00', timeZone: 'Berlin' } }],
  ])('refuses the settings %j', async (body) => {
    expect((await server.refused('changeSettings', { body })).status).toBe(400);
  });
});
