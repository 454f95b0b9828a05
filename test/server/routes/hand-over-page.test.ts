import { request as httpRequest } from 'node:http';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hourMs, makeAdminCenter } from '../../../connectors/linkedin-files/simulator/admin-center.ts';
import { uploadFile } from '../../../connectors/linkedin-files/simulator/bulk-upload.ts';
import { exportUsers } from '../../../connectors/linkedin-files/simulator/export-users.ts';
import { peopleOfExport } from '../../../connectors/linkedin-files/simulator/seed-people.ts';
import type { Job, Overview, PanelPlan } from '../../../server/api.ts';
import { makeHandOverToken, readHandOverToken } from '../../../server/jobs/hand-over-link.ts';
import { secretKeyOf } from '../../../server/store/seal-secret.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

const people = testPeople(20, (index) => index < 2);
const publicUrl = 'https://seatmatch.acme.example';
const center = makeAdminCenter({
  now: new Date(Date.now() - hourMs).toISOString(),
  people: peopleOfExport(licensesCsv(people)),
  crmEmails: people.map((person) => person.crm!),
});
const key = secretKeyOf(Buffer.alloc(32, 7));

let server: TestServer;
let planId: string;
let href: string;
beforeAll(async () => {
  server = await startTestServer({ publicUrl });
  await server.ok('changeSettings', { body: { domainAliases: [{ old: 'old-acme.example', current: 'acme.example' }] } });
  await server.compare(exportUsers(center, {}).csv, crmCsv(people), { adminCenterCount: 20 });
  const cause = (await server.ok<Overview>('getOverview')).rootCauses.find(({ repairKind }) => repairKind === 'domain-change-file')!;
  ({ id: planId } = await server.ok<{ id: string }>('createPlan', { body: { rootCause: cause.id } }));
  const { approval } = await panelPlan();
  await server.ok('approvePlan', { params: { id: planId }, body: { seal: approval!.seal } });
  href = (await panelPlan()).actions.find(({ id }) => id === 'open')!.href!;
});
afterAll(() => server?.stop());

const panelPlan = (): Promise<PanelPlan> => server.ok<PanelPlan>('getPanelPlan', { params: { id: planId } });

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly location: string | undefined;
}

/** Without any cookie, under the public name, as somebody outside opens it. */
function ask(method: string, path: string, body?: string | Uint8Array, type = 'application/x-www-form-urlencoded'): Promise<Answer> {
  return new Promise((done, failed) => {
    const headers = { host: 'seatmatch.acme.example', origin: 'null', ...(body === undefined ? {} : { 'content-type': type }) };
    const sent = httpRequest(new URL(path, server.url), { method, headers }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece) => pieces.push(piece));
      response.on('end', () =>
        done({ status: response.statusCode!, text: Buffer.concat(pieces).toString(), location: response.headers.location }),
      );
    });
    sent.on('error', failed);
    sent.end(body);
  });
}

describe('the page that a plan is handed over with', () => {
  test('carries a file to LinkedIn and its proof back, in the name of whoever gave the link away', async () => {
    expect(href.startsWith(`${publicUrl}/hand-over/`)).toBe(true);
    const path = new URL(href).pathname;
    const first = await ask('GET', path);
    expect(first.status).toBe(200);
    expect(first.text).toContain('Step 1 of 3');
    expect((await ask('POST', path, 'does=make&file=')).location).toBe(path);
    const made = await ask('GET', path);
    const download = /href="([^"]+)" download/u.exec(made.text)![1]!;
    const file = await ask('GET', download);
    expect(file.text.split('\r\n')[0]).toContain('email');
    expect((await ask('POST', path, `does=uploaded&file=${encodeURIComponent(download.split('/').at(-1)!)}`)).status).toBe(303);
    expect((await ask('GET', path)).text).toContain('Bring back the proof');
    const { result } = uploadFile(center, 'upload.csv', new TextEncoder().encode(file.text));
    const proof = await ask('PUT', `${path}/proof?name=result.csv`, result, 'application/octet-stream');
    expect(JSON.parse(proof.text)).toMatchObject({ planId, recognizedAs: 'result' });
    const job = await server.ok<Job>('getJob', { params: { id: planId } });
    expect(job.tasks[0]!.log.every(({ by }) => by.length > 0)).toBe(true);
    expect(job.proofs).toHaveLength(1);
  });

  test('says in a sentence what cannot be done now, and leads back', async () => {
    const answer = await ask('POST', new URL(href).pathname, 'does=discarded&file=nothing.csv');
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('is not the file that is out');
    expect(answer.text).toContain('Back to the tasks');
  });

  test('has a link in the console too, for who plans and may not upload; the log says who gave it away', async () => {
    const made = await server.ok<{ href: string; until: string; sentence: string }>('makeHandOverLink', { params: { id: planId } });
    expect(new URL(made.href).origin).toBe(publicUrl);
    expect((await ask('GET', new URL(made.href).pathname)).status).toBe(200);
    expect(made.sentence).not.toContain('no public address');
    expect(Date.parse(made.until)).toBeGreaterThan(Date.now());
    const db = new pg.Client({ connectionString: server.database.url });
    await db.connect();
    const { rows } = await db.query("select actor, subject from audit where action = 'link to the tasks given away'");
    await db.end();
    expect(rows).toEqual([{ actor: expect.any(String), subject: planId }]);
  });

  test('is not handed over before the plan is approved', async () => {
    const [person] = people;
    const { id } = await server.ok<{ id: string }>('createPlan', { body: { licenseIds: [`LIC-${person!.id}`] } });
    expect((await server.refused('makeHandOverLink', { params: { id } })).detail).toContain('Approve the plan first');
    await server.ok('cancelPlan', { params: { id } });
  });

  test('a file that is no proof is refused in the same words as anywhere', async () => {
    const answer = await ask('PUT', `${new URL(href).pathname}/proof?name=holiday.csv`, 'a,b\r\n1,2\r\n', 'application/octet-stream');
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(JSON.parse(answer.text).detail.length).toBeGreaterThan(10);
    const wrong = await ask(
      'PUT',
      `${new URL(href).pathname}/proof?name=result.csv&adminCenterCount=many`,
      'a,b\r\n',
      'application/octet-stream',
    );
    expect(wrong.status).toBe(400);
  });

  test('a link that was changed, cut, signed with another key or is too old opens nothing', async () => {
    const token = new URL(href).pathname.split('/').at(-1)!;
    const [payload, signature] = token.split('.');
    const told = JSON.parse(Buffer.from(payload!, 'base64url').toString());
    const other = Buffer.from(JSON.stringify([told[0], told[1], 'Somebody Else', told[3]])).toString('base64url');
    const wrong = [
      `${other}.${signature}`,
      payload!,
      token.slice(0, -2),
      makeHandOverToken(secretKeyOf(Buffer.alloc(32, 8)), readHandOverToken(key, token, new Date())!),
    ];
    for (const one of wrong) {
      const answer = await ask('GET', `/hand-over/${one}`);
      expect(answer.status).toBe(404);
      expect(answer.text).not.toContain('Step');
    }
    const old = makeHandOverToken(key, { ...readHandOverToken(key, token, new Date())!, until: Date.now() - 1 });
    expect((await ask('GET', `/hand-over/${old}`)).status).toBe(410);
    expect((await ask('POST', `/hand-over/${old}`, 'does=give-back')).status).toBe(410);
  });

  test('a link to a contract that was archived since opens nothing and changes nothing, until the contract is back', async () => {
    const { id: contractId } = await server.ok<{ id: string }>('createContract', { body: { name: 'EMEA' } });
    const token = makeHandOverToken(key, { ...readHandOverToken(key, new URL(href).pathname.split('/').at(-1)!, new Date())!, contractId });
    const asked = async () => [
      await ask('GET', `/hand-over/${token}`),
      await ask('POST', `/hand-over/${token}`, 'does=make&file='),
      await ask('PUT', `/hand-over/${token}/proof?name=result.csv`, 'a,b\r\n', 'application/octet-stream'),
    ];
    for (const [archived, status] of [
      [true, 409],
      [false, 404],
    ] as const) {
      await server.ok('changeContract', { params: { id: contractId }, body: { archived } });
      const answers = await asked();
      expect(answers.map((answer) => answer.status)).toEqual([status, status, status]);
      expect(answers.map(({ text }) => text.includes('is archived'))).toEqual([archived, archived, archived]);
    }
  });

  test('the rest of the server stays closed under the public name', async () => {
    for (const path of ['/', '/api/panel', `/plans/${planId}/job`]) expect((await ask('GET', path)).status).toBe(421);
  });
});
