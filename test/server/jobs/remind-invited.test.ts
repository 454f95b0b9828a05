import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type {
  FirstInvitations,
  Invitations,
  LookedAtMailing,
  Mail,
  Mailing,
  Mails,
  MessagePreview,
  Reminded,
} from '../../../server/api.ts';
import { remindInvited } from '../../../server/jobs/remind-invited.ts';
import { saveWebhook } from '../../../server/store/chat-webhook.ts';
import { secretKeyOf } from '../../../server/store/seal-secret.ts';
import { type MailServer, startMailServer } from '../channels/mail-server.ts';
import { type Invited, invitedExport, invitedUsers } from '../invited-people.ts';
import { type OtherProcess, openOtherProcess } from '../other-process.ts';
import { startTestServer, type TestServer } from '../running-server.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const dayMs = 86_400_000;
const day = (ago: number) => new Date(Date.now() - ago * dayMs).toISOString().slice(0, 10);
const universal = 'https://www.linkedin.com/sales/activate/acme';
const anna: Invited = { id: '1', name: 'Anna Ahlund', status: 'Invited', invited: day(6) };
const bo: Invited = { id: '2', name: 'Bo Berger', status: 'Invited', invited: day(1) };
const cem: Invited = { id: '3', name: 'Cem Cole', status: 'Activated', invited: day(90), activated: day(88) };
const eve: Invited = { id: '5', name: 'Eve Eriksen', status: 'No license' };
const frida: Invited = { id: '6', name: 'Frida Falk', status: 'No license' };

let server: TestServer;
let smtp: MailServer;
let desk: OtherProcess;
beforeEach(async () => {
  smtp = await startMailServer({}, () => {});
  server = await startTestServer({
    smtp: { host: '127.0.0.1', port: smtp.port, encryption: 'none', auth: null, from: 'Seatmatch <seatmatch@acme.example>' },
    publicUrl: 'https://seatmatch.acme.example',
  });
  desk = await openOtherProcess(server);
});
afterEach(async () => {
  await desk?.close();
  await server?.stop();
  await smtp?.close();
});

const bring = async (people: readonly Invited[], without: readonly Invited[] = []) => {
  const run = await server.compare(invitedExport(people), invitedUsers(people, without), {
    exportedAt: new Date().toISOString(),
    adminCenterCount: people.length,
    answers: { oddRun: 'release' },
  });
  expect(run.state).toBe('done');
};
const set = (change: object = {}) =>
  server.ok('changeSettings', {
    body: {
      invitations: { remind: true, firstAfterDays: 3, cooldownDays: 7, mostReminders: 2, resendAfterDays: 7, targetPercent: 90 },
      universalInviteLink: universal,
      ...change,
    },
  });
const look = (daysLater = 0) => remindInvited({ ...desk, now: () => new Date(Date.now() + daysLater * dayMs) });
const rows = async () => (await server.ok<Invitations>('listInvitations')).rows;
const arrived = (count: number) => expect.poll(() => smtp.received.length, { timeout: 20_000 }).toBe(count);
const textOf = (raw: string) => raw.replaceAll(/=\r\n/gu, '').replaceAll('=3D', '=');

describe('reminders of open invitations', () => {
  test('go out by themselves once the first days are over, each once however many processes look, with the universal link', async () => {
    await bring([anna, bo, cem]);
    await look();
    expect((await server.ok<Mails>('listMails')).rows).toEqual([]);
    await set();
    await Promise.all([look(), look(), look()]);
    await arrived(1);
    const [mail] = smtp.received;
    expect(mail!.to).toEqual(['anna.ahlund@acme.example']);
    expect(mail!.header('subject')).toBe('Your Sales Navigator license is waiting for you');
    expect(textOf(mail!.raw)).toContain(universal);
    expect(textOf(mail!.raw)).toContain('Content-Type: text/plain');
    expect(textOf(mail!.raw)).toContain('Content-Type: text/html');
    expect((await rows()).map(({ name, reminders }) => [name, reminders])).toEqual([
      ['Anna Ahlund', 1],
      ['Bo Berger', 0],
    ]);
  });

  test('wait for the cooldown, and stop at activation', async () => {
    await set({ limits: { staleAfterDays: 365 } });
    await bring([anna, cem]);
    await look();
    await look(6);
    await arrived(1);
    await look(8);
    await arrived(2);
    await look(16);
    expect((await rows())[0]!.reminders).toBe(2);
    await bring([{ ...anna, status: 'Activated', activated: day(0) }, cem]);
    await look(30);
    expect((await server.ok<Mails>('listMails')).rows).toHaveLength(2);
  });

  test('are not written in quiet hours', async () => {
    const quiet = new Date(Date.now() - 3_600_000).toISOString().slice(11, 16);
    const loud = new Date(Date.now() + 3_600_000).toISOString().slice(11, 16);
    await set({ quietHours: { from: quiet, to: loud, timeZone: 'UTC' } });
    await bring([anna, cem]);
    await look();
    expect((await rows())[0]!.reminders).toBe(0);
    await set({ quietHours: null });
    await look();
    expect((await rows())[0]!.reminders).toBe(1);
  });

  test('that still wait in the outbox are taken back when the person activates', async () => {
    const quiet = new Date(Date.now() - 3_600_000).toISOString().slice(11, 16);
    const loud = new Date(Date.now() + 3_600_000).toISOString().slice(11, 16);
    await bring([anna, cem]);
    // An admin may ask at night; the mail waits until the morning.
    await set({ quietHours: { from: quiet, to: loud, timeZone: 'UTC' } });
    const [row] = await rows();
    expect(await server.ok<Reminded>('remindInvited', { body: { ids: [row!.id] } })).toEqual({ sent: 1, skipped: [] });
    await bring([{ ...anna, status: 'Activated', activated: day(0) }, cem]);
    const [mail] = (await server.ok<Mails>('listMails')).rows;
    expect(mail).toMatchObject({ state: 'failed', fault: 'Not sent: their invitation is open no more.' });
    expect(smtp.received).toEqual([]);
  });

  test('an admin sends by hand say who was left out and why, and are looked at before', async () => {
    await bring([anna, bo, cem]);
    await set({
      invitations: { remind: false, firstAfterDays: 3, cooldownDays: 7, mostReminders: 2, resendAfterDays: 7, targetPercent: 90 },
    });
    const ids = (await rows()).map(({ id }) => id);
    const preview = await server.ok<MessagePreview>('previewInvitation', { query: { kind: 'reminder', ids: ids[0]! } });
    expect(preview.text).toContain('Hello Anna Ahlund');
    expect(preview.html).toContain(universal);
    await server.ok('changeInvitation', { params: { id: ids[1]! }, body: { muted: true } });
    expect(await server.ok<Reminded>('remindInvited', { body: { ids } })).toEqual({
      sent: 1,
      skipped: [{ name: 'Bo Berger', sentence: 'Somebody said that nobody is to write to them.' }],
    });
    await arrived(1);
    expect((await server.ok<Reminded>('remindInvited', { body: { ids: [ids[0]!] } })).skipped[0]!.sentence).toContain('again after 7 days');
    expect((await server.refused('remindInvited', { body: { ids: ['00000000-0000-4000-8000-000000000000'] } })).status).toBe(404);
  });
});

describe('the team’s chat', () => {
  test('names whom a list shows as added and invited, carries the universal link, and its webhook is nowhere shown', async () => {
    const received: string[] = [];
    const chat = createServer((request, response) => {
      request.on('data', (part: Buffer) => received.push(part.toString()));
      request.on('end', () => response.end('ok'));
    });
    await new Promise<void>((resolve) => chat.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      chat.closeAllConnections();
      chat.close();
    });
    await bring([anna, bo, cem]);
    const ids = (await rows()).map(({ id }) => id);
    expect((await server.refused('postInvited', { body: { ids } })).detail).toContain('universal invite link');
    await set();
    expect((await server.refused('postInvited', { body: { ids } })).detail).toContain('No chat is set up');
    const elsewhere = { kind: 'slack', label: '#sales', url: 'https://evil.example/services/x' };
    expect((await server.refused('setChatWebhook', { body: elsewhere })).status).toBe(422);
    const url = 'https://hooks.slack.com/services/T0/B0/secret-of-the-webhook';
    const told = await server.ok('setChatWebhook', { body: { kind: 'slack', label: '#sales', url } });
    expect(told).toMatchObject({ webhook: { kind: 'slack', label: '#sales', host: 'hooks.slack.com' }, canKeep: true });
    expect(JSON.stringify(told)).not.toContain('secret-of-the-webhook');
    const { rows: kept } = await desk.pool.query('select * from chat_webhook');
    expect(JSON.stringify(kept)).not.toContain('secret-of-the-webhook');
    // Slack itself is not asked by a test: the sealed address is one of this machine.
    const { port } = chat.address() as AddressInfo;
    const local = {
      kind: 'slack' as const,
      label: '#sales',
      url: `http://127.0.0.1:${port}/services/x`,
      by: 'Test',
      at: new Date().toISOString(),
    };
    await saveWebhook(desk.pool, desk.scope, secretKeyOf(Buffer.alloc(32, 7)), local);
    await server.ok('changeInvitation', { params: { id: ids[1]! }, body: { muted: true } });
    expect((await server.ok<MessagePreview>('previewInvitation', { query: { kind: 'post', ids } })).text).toContain('- Anna Ahlund');
    expect(await server.ok<Reminded>('postInvited', { body: { ids } })).toMatchObject({ sent: 1, skipped: [{ name: 'Bo Berger' }] });
    await expect.poll(() => received.length, { timeout: 20_000 }).toBe(1);
    expect(received[0]).toContain('Anna Ahlund');
    expect(received[0]).not.toContain('Bo Berger');
    expect(received[0]).not.toContain('anna.ahlund@acme.example');
    expect(received[0]).toContain(universal);
    const [mail] = (await server.ok<Mails>('listMails')).rows;
    await expect.poll(async () => (await server.ok<Mail>('getMail', { params: { id: mail!.id } })).state, { timeout: 20_000 }).toBe('sent');
    expect(mail).toMatchObject({ kind: 'post', channel: 'chat', to: { address: '#sales' } });
    // It was a reminder of hers too.
    expect((await server.ok<Reminded>('remindInvited', { body: { ids: [ids[0]!] } })).sent).toBe(0);
    await server.ok('deleteChatWebhook');
    expect((await server.refused('testChatWebhook')).status).toBe(404);
  });
});

describe('a message to several people', () => {
  const note = { subject: 'Training', text: 'We meet in the large room.', on: '2099-12-03' };

  test('is looked at with who is left out and why, sent to each once, counted, and kept off by the cooldown', async () => {
    await bring([anna, bo, cem]);
    await set();
    await server.ok('changeSettings', { body: { protectedPeople: ['SEAT-3'] } });
    const reminder = { kind: 'reminder', holders: {} };
    const looked = await server.ok<LookedAtMailing>('lookAtMailing', { body: reminder });
    expect(looked).toMatchObject({ people: 2, leftOut: 1, quietUntil: null, notWritten: [{ name: 'Cem Cole' }] });
    expect(looked.preview!.text).toContain('Hello Anna Ahlund');
    expect((await server.ok<Mails>('listMails')).rows).toEqual([]);
    const sent = await server.ok<Mailing>('sendMailing', { body: { kind: 'note', holders: { team: 'Sales' }, note } });
    expect(sent).toMatchObject({
      people: 2,
      leftOut: 1,
      audience: 'Everybody with a license, team Sales',
      subject: 'Training (3 December)',
    });
    await arrived(2);
    expect(smtp.received.map(({ to }) => to[0]).sort()).toEqual(['anna.ahlund@acme.example', 'bo.berger@acme.example']);
    expect(textOf(smtp.received[0]!.raw)).toContain('We meet in the large room.');
    await expect
      .poll(async () => (await server.ok<Mailing>('getMailing', { params: { id: sent.id } })).sentence, { timeout: 20_000 })
      .toBe('2 people have it.');
    const again = await server.ok<LookedAtMailing>('lookAtMailing', { body: { kind: 'note', holders: {}, note } });
    expect([again.people, again.preview]).toEqual([0, null]);
    expect((await server.refused('sendMailing', { body: { kind: 'note', holders: {}, note } })).detail).toContain('Nobody is left');
    expect((await server.refused('sendMailing', { body: { kind: 'note', holders: {} } })).detail).toContain('Write a subject');
    expect((await server.refused('lookAtMailing', { body: { kind: 'note', note } })).status).toBe(400);
    // A filter of groups, kinds and age finds the same people as the list of them.
    const fresh = await server.ok<LookedAtMailing>('lookAtMailing', {
      body: { ...reminder, holders: { age: 'fresh', kind: 'advanced-plus' } },
    });
    expect(fresh.people).toBe(2);
    expect((await server.ok<LookedAtMailing>('lookAtMailing', { body: { ...reminder, holders: { age: 'due' } } })).people).toBe(0);
    expect((await server.ok<Invitations>('listInvitations', { query: { permission: 'full-admin' } })).total).toBe(0);
    expect((await server.ok<Invitations>('listInvitations', { query: { kind: 'advanced-plus' } })).total).toBe(2);
  });

  test('waits through quiet hours, and what was stopped there never leaves and counts for nothing', async () => {
    const quiet = new Date(Date.now() - 3_600_000).toISOString().slice(11, 16);
    const loud = new Date(Date.now() + 3_600_000).toISOString().slice(11, 16);
    await server.ok('changeSettings', { body: { seatScope: { field: 'department', values: ['Sales'] } } });
    await bring([anna, bo], [eve]);
    await set({ quietHours: { from: quiet, to: loud, timeZone: 'UTC' } });
    const [first] = (await server.ok<FirstInvitations>('listFirstInvitations')).rows;
    const bodies = [
      { kind: 'reminder', holders: { view: 'invited' } },
      { kind: 'note', holders: {}, note },
      { kind: 'address', withoutLicense: [first!.key] },
    ];
    for (const body of bodies) {
      expect((await server.ok<LookedAtMailing>('lookAtMailing', { body })).quietUntil).not.toBeNull();
      const { id } = await server.ok<Mailing>('sendMailing', { body });
      const stopped = await server.ok<Mailing>('stopMailing', { params: { id } });
      expect(stopped).toMatchObject({ waiting: 0, sent: 0, canStop: false, stopped: { by: 'Admin' } });
      expect((await server.refused('stopMailing', { params: { id } })).status).toBe(409);
      expect((await server.ok<LookedAtMailing>('lookAtMailing', { body })).leftOut).toBe(0);
    }
    expect((await rows()).map(({ reminders }) => reminders)).toEqual([0, 0]);
    expect((await server.ok<{ rows: Mailing[] }>('listMailings')).rows).toHaveLength(3);
    expect(smtp.received).toEqual([]);
  });
});

describe('before a first invitation', () => {
  const linkIn = (raw: string) => /\/answer\/([\w-]{43})/u.exec(textOf(raw))![1]!;
  const first = () => server.ok<FirstInvitations>('listFirstInvitations');
  const answer = (token: string, given: string) =>
    fetch(`${server.url}/answer/${token}`, { method: 'POST', body: new URLSearchParams({ answer: given }) });

  test('people are asked to add their work email, and their click is kept once', async () => {
    await server.ok('changeSettings', { body: { seatScope: { field: 'department', values: ['Sales'] } } });
    await bring([anna, cem], [eve, frida]);
    const before = await first();
    expect(before.rows.map(({ name, ready, sentence }) => [name, ready, sentence])).toEqual([
      ['Eve Eriksen', false, 'Not asked yet.'],
      ['Frida Falk', false, 'Not asked yet.'],
    ]);
    const keys = before.rows.map(({ key }) => key);
    expect(await server.ok<Reminded>('askFirst', { body: { keys } })).toEqual({ sent: 2, skipped: [] });
    await arrived(2);
    const mail = smtp.received.find(({ to }) => to[0] === 'eve.eriksen@acme.example')!;
    expect(mail.header('subject')).toBe('Before your Sales Navigator invitation: add this address to LinkedIn');
    expect((await server.ok<Reminded>('askFirst', { body: { keys } })).skipped).toHaveLength(2);
    expect((await first()).rows[0]!.sentence).toContain('no answer yet. Hold the invitation.');

    const token = linkIn(mail.raw);
    const page = await (await fetch(`${server.url}/answer/${token}`)).text();
    expect(page).toContain('Have you added your work address to LinkedIn?');
    // Opening it answers nothing: mail scanners open links.
    expect((await first()).rows[0]!.answer).toBeNull();
    expect(await (await answer(token, 'confirmed')).text()).toContain('Have you added your work address');
    expect(await (await answer(token, 'added')).text()).toContain('Thank you, that is noted');
    expect(await (await answer(token, 'wrong-person')).text()).toContain('You already answered');
    expect((await first()).rows[0]).toMatchObject({ ready: true, answer: { answer: 'added', by: 'the person' } });

    const asked = (await first()).rows[1]!;
    await server.ok('answerFirst', { body: { crmUserId: asked.crmUserId, answer: 'added' } });
    expect((await first()).rows[1]).toMatchObject({ ready: true, answer: { by: 'Admin' } });
    expect((await server.refused('answerFirst', { body: { crmUserId: asked.crmUserId, answer: 'added' } })).status).toBe(404);
    expect((await server.refused('askFirst', { body: { keys: ['crm:salesforce:nobody'] } })).status).toBe(404);
  });
});
