import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Invitations } from '../../../server/api.ts';
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
  const child = spawn(process.execPath, [cli, 'invitations', ...args, '--server', server.url], {
    cwd: folder,
    env: { ...process.env, SEATMATCH_SESSION_FILE: path.join(folder, 'sessions.json') },
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out };
}

test('the command line lists who must act, and ends with 1 while somebody is old enough to be invited again', async () => {
  writeFileSync(path.join(folder, 'sessions.json'), JSON.stringify({ [server.url]: server.cookie }));
  const all = await run();
  expect(all.code).toBe(1);
  expect(all.out).toContain('1 of 3 people with a license have activated it.');
  expect(all.out).toMatch(
    / 12 days {2}Anna Ahlund <anna\.ahlund@acme\.example> {2}linkedin-admin: Resend the invitation in Admin Center\./u,
  );
  const { rows } = JSON.parse((await run('--due', '--json')).out) as Invitations;
  expect(rows.map(({ name }) => name)).toEqual(['Anna Ahlund']);
  const under = await run('--manager', 'Olaf');
  expect(under.code).toBe(0);
  expect(under.out).not.toContain('Anna Ahlund');
});
