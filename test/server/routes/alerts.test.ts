import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Alarms, Alerts, MadeAlertChannel, Mails } from '../../../server/api.ts';
import { lookAtContract } from '../../../server/jobs/look-at-alerts.ts';
import { raiseAlarm } from '../../../server/store/alarm.ts';
import { transaction } from '../../../server/store/database.ts';
import { type MailServer, startMailServer } from '../channels/mail-server.ts';
import { type OtherProcess, openOtherProcess } from '../other-process.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

interface Body {
  readonly type: string;
  readonly data: { readonly url?: string; readonly count?: number; readonly sentence: string; readonly state?: string };
}

const closers: (() => unknown)[] = [];
let mail: MailServer;
let server: TestServer;
let other: OtherProcess;
/** What the receiver answers next; then 204. */
const answers: { status: number; headers?: Record<string, string> }[] = [];
const received: { headers: Record<string, string>; body: string }[] = [];
let url: string;

beforeAll(async () => {
  mail = await startMailServer({}, (close) => closers.push(close));
  const receiver = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part) => (body += part));
    request.on('end', () => {
      received.push({ headers: request.headers as Record<string, string>, body });
      const { status, headers } = answers.shift() ?? { status: 204 };
      response.writeHead(status, headers).end();
    });
  });
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  closers.push(() => receiver.close());
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/secret-path`;
  const smtp = { host: '127.0.0.1', port: mail.port, encryption: 'none', auth: null, from: 'seatmatch@acme.example' } as const;
  server = await startTestServer({ smtp, loopbackWebhooks: true });
  other = await openOtherProcess(server);
});
afterAll(async () => {
  await other?.close();
  await server?.stop();
  for (const close of closers) await close();
});

const make = (body: object) => server.ok<MadeAlertChannel>('createAlertChannel', { body });
const alerts = () => server.ok<Alerts>('getAlerts');
const log = async () => (await server.ok<Mails>('listMails', { query: { of: 'alerts' } })).rows;
const settled = async () =>
  expect
    .poll(async () => (await log()).filter(({ state }) => state === 'queued' || state === 'sending').length, { timeout: 20_000 })
    .toBe(0);
const stateOf = async (event: string) => (await alerts()).events.find((one) => one.event === event)!.states.map(({ state }) => state);
const change = async (settings: object) => {
  const { events, debounceMinutes, namePeople } = await alerts();
  const rules = Object.fromEntries(
    events.map(({ event, on, threshold, channels }) => [event, { on, threshold: threshold?.value ?? null, channels }]),
  );
  await server.ok('changeSettings', { body: { alerts: { events: rules, debounceMinutes, namePeople, ...settings } } });
};

describe('alerts', () => {
  let secret: string;
  let webhook: string;
  const verified = (index: number): Body => {
    const { headers, body } = received.at(index)!;
    return new Webhook(secret).verify(body, headers) as Body;
  };

  test('go over channels whose addresses are sealed and shown to nobody; a test of each arrives', async () => {
    await server.ok('changeSettings', { body: { alarmRecipients: ['ops@acme.example'] } });
    for (const [body, sentence] of [
      [{ kind: 'webhook', name: 'Inside', target: 'https://10.0.0.1/x' }, 'inside a network'],
      [{ kind: 'slack', name: 'Chat', target: 'https://hooks.example.com/x' }, 'no incoming webhook of Slack'],
      [{ kind: 'email', name: 'Mail', target: 'no address' }, 'not an email address'],
    ] as const)
      expect(await server.refused('createAlertChannel', { body })).toMatchObject({
        status: 422,
        detail: expect.stringContaining(sentence),
      });
    const made = await make({ kind: 'webhook', name: 'Pager', target: url });
    secret = made.secret!;
    webhook = made.id;
    expect((await server.refused('createAlertChannel', { body: { kind: 'webhook', name: 'Pager', target: url } })).status).toBe(409);
    const boss = await make({ kind: 'email', name: 'Boss', target: 'boss@acme.example' });
    expect(boss.secret).toBeNull();
    for (const id of [webhook, boss.id, 'recipients']) await server.ok('testAlertChannel', { params: { id } });
    await settled();
    expect(verified(0)).toMatchObject({ type: 'alert.test', data: { version: 1 } });
    await expect
      .poll(() => mail.received.map(({ to }) => to[0]).toSorted(), { timeout: 20_000 })
      .toEqual(['boss@acme.example', 'ops@acme.example']);
    const told = await alerts();
    expect(told.channels.map(({ name, target, last }) => [name, target, last?.state ?? null])).toEqual([
      ['Alarm recipients', 'ops@acme.example', null],
      ['Pager', '127.0.0.1', 'sent'],
      ['Boss', 'boss@acme.example', 'sent'],
    ]);
    const { rows } = await other.pool.query('select * from alert_channel');
    expect(JSON.stringify([rows, told])).not.toMatch(/secret-path|whsec_/u);
  });

  test('tell of a state once when it has held, and once when it is over, with counts and links alone', async () => {
    await change({ debounceMinutes: 10 });
    const people = testPeople(20, () => false);
    const broken = people.map((person, index) => (index < 4 ? { ...person, license: `${index}-old@elsewhere.example` } : person));
    const more = { adminCenterCount: 20, answers: { oddRun: 'release' } };
    await server.compare(licensesCsv(people), crmCsv(people), more);
    let at = Date.now();
    const look = async (minutes: number) => {
      at += minutes * 60_000;
      await lookAtContract({ ...other, now: () => new Date(at) }, other.scope);
    };
    await look(0);
    expect((await alerts()).raised).toBe(0);
    const before = { mails: mail.received.length, posts: received.length };
    await server.compare(licensesCsv(broken), crmCsv(people), more);
    await look(0);
    expect(await stateOf('match-rate')).toEqual(['waiting']);
    await Promise.all([look(11), look(0), look(0)]);
    await look(30);
    await settled();
    expect(await stateOf('match-rate')).toEqual(['raised']);
    expect(await stateOf('not-matched')).toEqual(['raised']);
    // The page of alerts has them; no bar cries on every page.
    expect((await server.ok<Alarms>('listAlarms')).rows).toEqual([]);
    const posts = received.slice(before.posts).map((_, index) => verified(before.posts + index));
    expect(posts.map(({ type, data }) => [type, data.count]).toSorted()).toEqual([
      ['match_rate.fell', 4],
      ['not_matched.new', 4],
    ]);
    expect(posts.every(({ data }) => data.url?.startsWith(server.url))).toBe(true);
    // The two at two places each.
    expect(mail.received.length - before.mails).toBe(4);
    const sent = JSON.stringify([received, mail.received.slice(before.mails).map(({ raw }) => raw.split('\r\n\r\n').slice(1))]);
    for (const person of broken.slice(0, 4)) {
      expect(sent).not.toContain(person.family);
      expect(sent).not.toContain(person.license);
    }

    await server.compare(licensesCsv(people), crmCsv(people), more);
    await look(1);
    expect(await stateOf('match-rate')).toEqual(['recovering']);
    await look(11);
    await look(30);
    await settled();
    expect(await stateOf('match-rate')).toEqual(['recovered']);
    expect(
      received
        .slice(before.posts + 2)
        .map((_, index) => verified(before.posts + 2 + index).type)
        .toSorted(),
    ).toEqual(['match_rate.recovered', 'not_matched.cleared']);
    expect(mail.received.length - before.mails).toBe(8);
  });

  test('are told where their setting says, or nowhere', async () => {
    const before = received.length;
    const { events } = await alerts();
    const rules = Object.fromEntries(
      events.map(({ event, threshold }) => [event, { on: true, threshold: threshold?.value ?? null, channels: null }]),
    );
    const raise = (subject: string) =>
      transaction(other.pool, (tx) =>
        raiseAlarm(tx, other.engine, other.scope, {
          kind: 'no-license',
          subject,
          level: 'red',
          sentence: 'Anna Ahlund has no license since {since}.',
          label: 'Give everyone back',
          href: '/plans',
        }),
      );
    await change({ events: { ...rules, seatless: { on: false, threshold: 15, channels: null } } });
    await raise('1');
    await change({ events: { ...rules, seatless: { on: true, threshold: 15, channels: [webhook] } } });
    const mails = mail.received.length;
    await raise('2');
    await settled();
    expect(received.length - before).toBe(1);
    expect(verified(-1).data.sentence).toMatch(/^1 person has no license since \d\d:\d\d UTC\.$/u);
    expect(mail.received.length).toBe(mails);
  });

  test('that a receiver refused are given up and say so, and each can be sent again by hand', async () => {
    await server.ok('testAlertChannel', { params: { id: webhook } });
    await settled();
    const [{ id }] = (await log()) as [Mails['rows'][number]];
    answers.push({ status: 410 });
    const before = received.length;
    await server.ok('settleMail', { params: { id }, body: { answer: 'send-again' } });
    await settled();
    expect((await log())[0]).toMatchObject({ state: 'failed', fault: expect.stringContaining('webhook is gone') });
    expect((await server.ok<Alarms>('listAlarms')).rows.some(({ sentence }) => sentence.includes('The post to Pager was not sent'))).toBe(
      true,
    );
    await server.ok('settleMail', { params: { id }, body: { answer: 'send-again' } });
    await settled();
    expect((await log())[0]).toMatchObject({ state: 'sent' });
    // The same id for every try: a receiver knows a repeat by it.
    expect(new Set(received.slice(before).map(({ headers }) => headers['webhook-id']))).toEqual(new Set([`msg_${id}`]));
  });

  test('no longer go over a channel that was deleted', async () => {
    await server.ok('deleteAlertChannel', { params: { id: webhook } });
    expect((await server.refused('deleteAlertChannel', { params: { id: webhook } })).status).toBe(404);
    const [{ id }] = (await log()).filter(({ channel }) => channel === 'webhook') as [Mails['rows'][number]];
    await server.ok('settleMail', { params: { id }, body: { answer: 'send-again' } });
    await settled();
    expect((await log()).find((row) => row.id === id)).toMatchObject({
      state: 'failed',
      fault: expect.stringContaining('not set up any more'),
    });
  });
});
