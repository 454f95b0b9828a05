import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Alerts, CrmUsers, Decisions, DomainChange, Invitations } from '../../../server/api.ts';
import { type Invited, invitedExport, invitedUsers } from '../invited-people.ts';
import { startTestServer, type TestServer } from '../running-server.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const cli = path.resolve(import.meta.dirname, '../../../server/cli.ts');
const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
const people: readonly Invited[] = [
  { id: '1', name: 'Anna Ahlund', status: 'Invited', invited: day(12), manager: 'Mona' },
  { id: '2', name: 'Bo Berger', status: 'Invited', invited: day(1), manager: 'Olaf' },
  { id: '3', name: 'Cem Cole', status: 'Activated', invited: day(90), activated: day(88), manager: 'Mona' },
];

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startTestServer();
  folder = mkdtempSync(path.join(tmpdir(), 'seatmatch-invitations-'));
  await server.compare(invitedExport(people), invitedUsers(people), { exportedAt: new Date().toISOString(), adminCenterCount: 3 });
});
afterAll(async () => {
  await server?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** The program itself, as somebody who is signed in. */
async function run(...args: string[]) {
  const child = spawn(process.execPath, [cli, ...args, '--server', server.url], {
    cwd: folder,
    env: { ...process.env, SEATMATCH_SESSION_FILE: path.join(folder, 'sessions.json') },
  });
  let out = '';
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

const signIn = () => writeFileSync(path.join(folder, 'sessions.json'), JSON.stringify({ [server.url]: server.cookie }));

test('the command line lists who must act, and ends with 1 while somebody is old enough to be invited again', async () => {
  signIn();
  const all = await run('invitations');
  expect(all.code).toBe(1);
  expect(all.out).toContain('1 of 3 people with a license have activated it.');
  expect(all.out).toMatch(
    / 12 days {2}Anna Ahlund <anna\.ahlund@acme\.example> {2}linkedin-admin: Resend the invitation in Admin Center\./u,
  );
  const { rows } = JSON.parse((await run('invitations', '--due', '--json')).out) as Invitations;
  expect(rows.map(({ name }) => name)).toEqual(['Anna Ahlund']);
  const under = await run('invitations', '--manager', 'Olaf');
  expect(under.code).toBe(0);
  expect(under.out).not.toContain('Anna Ahlund');
});

test('decisions are made, listed and taken back from the command line, also about a user whom nobody suggests', async () => {
  signIn();
  const { rows } = JSON.parse((await run('decisions', 'find', 'BERGER', '--json')).out) as CrmUsers;
  expect(rows.map(({ name, holder }) => [name, holder])).toEqual([['Bo Berger', 'Bo Berger']]);
  const license = (await server.ok<Invitations>('listInvitations')).rows[0]!.key.replace('license:', '');
  const linked = await run('decisions', 'link', license, rows[0]!.crmUserId, '--reason', 'It is his desk', '--on', '2099-06-01');
  expect([linked.code, linked.out]).toEqual([0, expect.stringContaining('It counts from the next comparison')]);
  expect((await run('decisions', 'except', license, '--reason', 'Parental leave', '--until', '2099-01-31')).code).toBe(0);
  expect((await run('decisions', 'later', license, '--reason', 'x')).err).toContain('Give the day on which you want to be asked again');
  const listed = JSON.parse((await run('decisions', '--json')).out) as Decisions;
  expect(listed.rows.map(({ kind, on, reason }) => [kind, on, reason])).toEqual([
    ['link', '2099-06-01', 'It is his desk'],
    ['exception', '2099-01-31', 'Parental leave'],
  ]);
  for (const { id } of listed.rows) expect((await run('decisions', 'undo', id)).code).toBe(0);
  expect(await run('decisions')).toMatchObject({ code: 0, out: 'Nobody decided anything.\n' });
});

test('a change of domain begins, is looked at and ends from the command line', async () => {
  signIn();
  const begun = await run('domain-change', 'start', 'old-acme.example', 'acme.example', '--days', '30', '--json');
  expect(JSON.parse(begun.out) as DomainChange).toMatchObject({ old: 'old-acme.example', perWave: 100, isOver: false });
  expect((await run('domain-change')).out).toContain('old-acme.example becomes acme.example');
  expect(await run('domain-change', 'wave', 'old-acme.example')).toMatchObject({
    code: 1,
    err: expect.stringContaining('No license has to change now'),
  });
  expect((await run('domain-change', 'report', 'old-acme.example')).code).toBe(0);
  expect((await run('domain-change', 'end', 'old-acme.example')).out).toContain('stays known');
});

test('alerts are listed and tried from the command line', async () => {
  signIn();
  expect(await run('alerts')).toMatchObject({ code: 0, out: expect.stringContaining('Alarm recipients  nobody yet') });
  expect(await run('alerts', 'test', 'Pager')).toMatchObject({ code: 1, err: expect.stringContaining('There are: Alarm recipients.') });
  await server.ok('changeSettings', { body: { alarmRecipients: ['ops@acme.example'] } });
  expect(await run('alerts', 'test', 'alarm recipients')).toMatchObject({ code: 0, out: expect.stringContaining('A test is on its way') });
  const { events, channels } = JSON.parse((await run('alerts', '--json')).out) as Alerts;
  expect([events.length, channels[0]?.target]).toEqual([9, 'ops@acme.example']);
});
