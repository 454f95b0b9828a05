import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerForPerson, askPerson, type OnAnswer } from '../../../server/jobs/ask-person.ts';
import { mountAnswerPage } from '../../../server/routes/answer-page.ts';
import { guardOrigin } from '../../../server/routes/guard-origin.ts';
import { problemHandler } from '../../../server/routes/problem.ts';
import { openPool, transaction } from '../../../server/store/database.ts';
import { type Engine, startEngine } from '../../../server/store/engine.ts';
import { listMails } from '../../../server/store/mail.ts';
import { latestQuestions } from '../../../server/store/question.ts';
import { createFirstWorkspace, type Workspace } from '../../../server/store/workspace.ts';
import { createTestDatabase } from '../../postgres.ts';
import { insertRematchRow } from '../store/plan-rows.ts';

const faults: unknown[] = [];
const publicUrl = 'https://seatmatch.acme.example';
let pool: pg.Pool;
let engine: Engine;
let scope: Workspace;
let server: Server;
let base: string;
let now = new Date('2026-11-25T10:00:00Z');

/** Moves the rematch in the transaction of the answer, under the contract's lock, as the program does. */
const onAnswer: OnAnswer = async (tx, { workspaceId, contractId }, { rematchId, answer, by }) => {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [contractId]);
  await tx.query(
    `insert into rematch_event (workspace_id, rematch_id, version, at, actor, step, event)
     select $1, $2, count(*), now(), $3, 'ask-person', $4 from rematch_event where rematch_id = $2`,
    [workspaceId, rematchId, by, answer],
  );
};

beforeAll(async () => {
  const { appUrl } = await createTestDatabase();
  pool = openPool(appUrl, (error) => faults.push(error));
  engine = await startEngine({ url: appUrl, onError: (error) => faults.push(error) });
  scope = await createFirstWorkspace(pool, { workspace: 'Acme', contract: 'Sales Navigator' });
  const app = express();
  app.use(guardOrigin(publicUrl));
  mountAnswerPage(app, { pool, workspace: scope, onAnswer, now: () => now });
  app.use(problemHandler((error) => faults.push(error)));
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server?.closeAllConnections();
  server?.close();
  await engine?.stop({ timeoutMs: 1000 });
  await pool?.end();
  expect(faults).toEqual([]);
});

async function ask(rematchId?: string) {
  const ids = rematchId ? { planId: scope.contractId, rematchId } : await insertRematchRow(pool, scope);
  await transaction(pool, (tx) =>
    askPerson(tx, engine, scope, {
      ...ids,
      findingKey: 'license:1',
      name: 'Anna <Ahlund>',
      newEmail: 'anna@acme.example',
      company: 'Acme & Co',
      crmName: 'Salesforce',
      moveOn: '2026-12-01',
      until: '2026-12-01T00:00:00.000Z',
    }),
  );
  const [mail] = await listMails(pool, scope, { before: null, limit: 1 });
  return { ...ids, link: mail!.action!.href!, mail: mail! };
}
const get = (link: string) => fetch(base + link);
const post = (link: string, answer = 'confirmed', headers: Record<string, string> = {}) =>
  fetch(base + link, { method: 'POST', body: new URLSearchParams({ answer }), headers });
/** As a proxy under the public address passes it on. */
const elsewhere = (address: string, host: string, body?: string) =>
  new Promise<number>((resolve, reject) => {
    const headers = { host, origin: publicUrl, ...(body ? { 'content-type': 'application/x-www-form-urlencoded' } : {}) };
    request(base + address, { method: body ? 'POST' : 'GET', headers }, (response) => resolve(response.resume().statusCode!))
      .on('error', reject)
      .end(body);
  });
const eventsOf = async (rematchId: string) =>
  (await pool.query('select actor, event from rematch_event where rematch_id = $1 order by version', [rematchId])).rows;
const questionOf = async (rematchId: string) => (await latestQuestions(pool, scope, [rematchId])).get(rematchId);

describe('the question to a person', () => {
  test('goes to the new address, says when, how and why, and its token is nowhere but in the mail', async () => {
    const { link, mail, rematchId } = await ask();
    expect(mail).toMatchObject({
      kind: 'question',
      to: { address: 'anna@acme.example' },
      subject: 'Your Sales Navigator license moves on 1 December: please add this address to LinkedIn first',
      secret: true,
    });
    const token = link.slice('/answer/'.length);
    expect(token).toMatch(/^[\w-]{43}$/u);
    const { rows } = await pool.query('select * from question where rematch_id = $1', [rematchId]);
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  test('is never answered by opening its link, however often', async () => {
    const { link, rematchId } = await ask();
    for (const method of ['GET', 'HEAD', 'GET']) expect((await fetch(base + link, { method })).status).toBe(200);
    expect(await eventsOf(rematchId)).toEqual([]);
    expect((await questionOf(rematchId))?.answer).toBeNull();
  });

  test('is answered by the button, once; a repeat is harmless and says so', async () => {
    const { link, rematchId } = await ask();
    expect(await (await post(link)).text()).toContain('Thank you, that is noted');
    expect(await (await post(link, 'wrong-person')).text()).toContain('You already answered');
    const again = await (await get(link)).text();
    expect(again).toContain('that you have added the new address');
    expect(again).not.toContain('<button');
    expect(await eventsOf(rematchId)).toEqual([{ actor: 'the person', event: 'confirmed' }]);
    expect(await questionOf(rematchId)).toMatchObject({ answer: { answer: 'confirmed', by: 'the person', reason: null } });
  });

  test('that is answered by many clicks at once is answered once', async () => {
    const { link, rematchId } = await ask();
    const pages = await Promise.all(Array.from({ length: 8 }, async () => (await post(link)).text()));
    expect(pages.filter((html) => html.includes('Thank you'))).toHaveLength(1);
    expect(await eventsOf(rematchId)).toHaveLength(1);
  });

  test.each([
    ['wrong-person', 'Thank you for telling us'],
    ['not-now', 'All right, not now'],
  ])('can be answered with %s', async (answer, words) => {
    const { link, rematchId } = await ask();
    expect(await (await post(link, answer)).text()).toContain(words);
    expect(await eventsOf(rematchId)).toEqual([{ actor: 'the person', event: answer }]);
  });

  test('with an answer that is none shows the question again', async () => {
    const { link, rematchId } = await ask();
    expect(await (await post(link, 'maybe')).text()).toContain('Yes, I have added it');
    expect(await eventsOf(rematchId)).toEqual([]);
  });

  test('asked twice has two links, and one answer', async () => {
    const first = await ask();
    const second = await ask(first.rematchId);
    await post(second.link);
    expect(await (await post(first.link)).text()).toContain('You already answered');
    expect(await eventsOf(first.rematchId)).toHaveLength(1);
  });

  test('answered by an admin with a reason is closed for the person', async () => {
    const { link, rematchId } = await ask();
    const answer = { rematchId, answer: 'confirmed' as const, by: 'Admin', reason: 'Said so on the phone' };
    await transaction(pool, (tx) => answerForPerson(tx, scope, answer));
    const html = await (await post(link)).text();
    expect(html).toContain('Your admin told us for you');
    expect(html).not.toContain('on the phone');
    expect(await eventsOf(rematchId)).toEqual([]);
    expect(await questionOf(rematchId)).toMatchObject({ answer: { by: 'Admin', reason: 'Said so on the phone' } });
  });

  test('is not kept as answered where what follows from it fails', async () => {
    const { link, rematchId } = await ask();
    await pool.query(
      `insert into rematch_event (workspace_id, rematch_id, version, at, actor, step, event) values ($1, $2, 1, now(), 'x', 'x', 'x')`,
      [scope.workspaceId, rematchId],
    );
    expect((await post(link)).status).toBe(500);
    expect(faults.splice(0)).toHaveLength(1);
    expect((await questionOf(rematchId))?.answer).toBeNull();
  });

  test('too old says what to do, and changes nothing', async () => {
    const { link, rematchId } = await ask();
    now = new Date('2026-12-02T10:00:00Z');
    try {
      for (const response of [await get(link), await post(link)]) {
        expect(response.status).toBe(410);
        expect(await response.text()).toContain('Ask your Sales Navigator admin for a new mail');
      }
    } finally {
      now = new Date('2026-11-25T10:00:00Z');
    }
    expect(await eventsOf(rematchId)).toEqual([]);
  });

  test.each(['/answer/', '/answer/short', `/answer/${'a'.repeat(43)}`, '/answer/a/b', '/answer/%00', "/answer/' or 1=1"])(
    'behind %s there is none, and a sentence says what to do',
    async (link) => {
      for (const response of [await get(link), await post(link)]) {
        expect(response.status).toBe(404);
        expect(await response.text()).toContain('This link does not work');
      }
    },
  );
});

describe('the page', () => {
  test('shows no address and escapes what a CRM may hold', async () => {
    const html = await (await get((await ask()).link)).text();
    expect(html).not.toContain('acme.example');
    expect(html).toContain('Anna &lt;Ahlund&gt;');
    expect(html).toContain('Acme &amp; Co');
    expect(html).not.toMatch(/<script/u);
  });

  test('is kept by no cache and no search engine, and tells no other site where it was', async () => {
    const { headers } = await get((await ask()).link);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-robots-tag')).toBe('noindex, nofollow');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('set-cookie')).toBeNull();
  });

  test('takes the form of a browser that names no origin, and one under the public address', async () => {
    expect((await post((await ask()).link, 'confirmed', { origin: 'null', 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    const { link, rematchId } = await ask();
    expect(await elsewhere(link, 'seatmatch.acme.example', 'answer=confirmed')).toBe(200);
    expect(await eventsOf(rematchId)).toHaveLength(1);
  });

  test('is all that the public address opens', async () => {
    expect(await elsewhere('/api/session', 'seatmatch.acme.example')).toBe(421);
    expect(await elsewhere('/', 'seatmatch.acme.example')).toBe(421);
    expect(await elsewhere('/answer/x', 'seatmatch.acme.example')).toBe(404);
    expect(await elsewhere('/answer/x', 'evil.example')).toBe(421);
  });
});
