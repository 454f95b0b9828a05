import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Contract, FirstInvitations, Job, Licenses, Plan, PlanRow } from '../../../server/api.ts';
import { openPool } from '../../../server/store/database.ts';
import { createSignInCode } from '../../../server/store/session.ts';
import { clientOf, crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const root = path.resolve(import.meta.dirname, '../../..');
const cli = path.join(root, 'server/cli.ts');
const people = testPeople(40, (index) => index < 3);

let server: TestServer;
let folder: string;
let code: string;
beforeAll(async () => {
  server = await startTestServer();
  folder = mkdtempSync(path.join(tmpdir(), 'seatmatch-on-server-'));
  await server.compare(licensesCsv(people), crmCsv(people), { adminCenterCount: 40 });
  const pool = openPool(server.database.appUrl, () => {});
  const { rows } = await pool.query<{ workspace_id: string; user_id: string }>(
    `select workspace_id, user_id from app_user where name = 'Admin'`,
  );
  code = await createSignInCode(pool, rows[0]!.workspace_id, rows[0]!.user_id, new Date(Date.now() + 3_600_000));
  await pool.end();
});
afterAll(async () => {
  await server?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const start = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [cli, ...args], {
    cwd: folder,
    env: { ...process.env, SEATMATCH_SESSION_FILE: path.join(folder, 'kept/sessions.json') },
  });

const run = (...args: string[]) => runAt(server.url, ...args);

async function runAt(address: string, ...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = start(...args, '--server', address);
  let [out, err] = ['', ''];
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

test('whoever is not signed in is told to give the link; given once, it is kept for the next commands, for nobody else to read', async () => {
  const refused = await run('status');
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.err).toContain('Give the one-time link that the server printed: --link');
  expect(await run('status', '--link', `${server.url}/#code=${code}`)).toEqual({ code: 0, out: 'No repair is planned.\n', err: '' });
  expect(await run('status')).toMatchObject({ code: 0, out: 'No repair is planned.\n' });
  expect(statSync(path.join(folder, 'kept/sessions.json')).mode & 0o077).toBe(0);
  const used = await run('status', '--link', code, '--json');
  expect(JSON.parse(used.out)).toEqual({ error: { code: 'http-403', sentence: expect.stringContaining('was used already') } });
});

test('a server that is not there is one sentence and exit 1', async () => {
  const child = start('status', '--server', '127.0.0.1:9');
  const [first] = (await once(createInterface({ input: child.stderr! }), 'line')) as [string];
  expect(first).toBe('No Seatmatch answers at http://127.0.0.1:9. Start it with npm start, or correct --server.');
  expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(1);
});

test('a plan is made, and approved only by the seal of what was read', async () => {
  expect((await run('plan')).err).toContain('Say whom to repair in one way');
  const made = await run('plan', '--all', '--assignee', 'carla@acme.example');
  expect(made.code).toBe(0);
  expect(made.out).toContain('To be approved. 3 license emails change. No invitation is sent and no license is removed.');
  const seal = /--seal (?<seal>[\da-f]{16})/u.exec(made.out)!.groups!.seal!;
  expect(await run('approve', '1')).toMatchObject({ code: 1, out: expect.stringContaining(`seatmatch approve 1 --seal ${seal}`) });
  expect((await run('approve', '1', '--seal', 'abcdefabcdef')).err).toContain('not the seal of plan 1');
  expect((await run('approve', '7', '--seal', seal)).err).toBe('There is no plan 7. seatmatch status shows all.\n');
  expect((await server.ok<{ rows: PlanRow[] }>('listPlans')).rows[0]!.state).toBe('draft');
  expect(await run('approve', '#1', '--seal', seal)).toMatchObject({ code: 0, err: '' });
  const [plan] = (await server.ok<{ rows: PlanRow[] }>('listPlans')).rows;
  expect(plan).toMatchObject({ state: 'running', approvedBy: 'Admin', assignee: 'carla@acme.example' });
});

test('apply brings the open file once, next says what became of it, and a proof closes it', async () => {
  const applied = await run('apply', '1', '--out', 'uploads');
  const [name] = readdirSync(path.join(folder, 'uploads'));
  expect(applied).toMatchObject({ code: 0, out: expect.stringContaining('seatmatch next --plan 1 --uploaded') });
  expect(
    readFileSync(path.join(folder, 'uploads', name!), 'utf8')
      .trim()
      .split('\r\n'),
  ).toHaveLength(4);
  expect((await run('apply', '1', '--out', 'uploads')).err).toContain('is there already');
  expect(existsSync(path.join(folder, name!))).toBe(false);
  expect((await run('next', '--plan', '1', '--uploaded')).out).toContain('said-to-be-uploaded');
  expect((await run('next', '--plan', '1')).err).toContain('is not proven');

  const changed = people.map((person) => ({ ...person, license: person.crm! }));
  writeFileSync(path.join(folder, 'export.csv'), licensesCsv(changed));
  const proven = await run('import-result', 'export.csv', '--plan', '1', '--json');
  expect(JSON.parse(proven.out)).toMatchObject({ recognizedAs: 'export', sentences: [expect.stringContaining('3 seen in LinkedIn')] });
  const { plan, job } = JSON.parse((await run('status', '1', '--json')).out) as { plan: Plan; job: Job };
  expect(plan.number).toBe(1);
  expect(job.tasks.map(({ state, seen }) => [state, seen])).toEqual([['closed', { n: 3, of: 3 }]]);
  expect((await run('status', '1')).out).toContain('3 of 3 seen');
});

test('status --watch says each step as it happens, and ends with the plan', async () => {
  const watching = start('status', '1', '--watch', '--server', server.url);
  const lines = createInterface({ input: watching.stderr! })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('Under way: 0 of 3 done. Wait for LinkedIn');
  expect(await run('cancel', '1')).toEqual({ code: 0, out: 'Plan 1 is cancelled.\n', err: '' });
  expect((await lines.next()).value).toMatch(/^Cancelled: /u);
  // It did not end as done.
  expect(watching.exitCode ?? (await once(watching, 'exit'))[0]).toBe(1);
  expect((await run('cancel', '1')).err).toBe('This plan has ended already.\n');
});

test('commands against a server load neither the database nor the web server', () => {
  const loaded = new Set<string>();
  const follow = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type )[^;]*? from '(?<name>[^']+)';/gmu))
      if (name!.startsWith('.')) follow(path.resolve(path.dirname(file), name!));
      else loaded.add(name!);
  };
  follow(path.join(root, 'server/commands/server-plans.ts'));
  expect([...loaded].filter((name) => !name.startsWith('/') && !name.startsWith('node:'))).toEqual([]);
  expect([...loaded].filter((name) => name.includes('/store/') || name.includes('/routes/'))).toEqual([]);
});

test('licenses are told in numbers, new users become files, and leavers a plan of their own', async () => {
  expect(await run('licenses')).toMatchObject({ code: 0, out: expect.stringMatching(/^ {6}\? {2}Bought: .*\n {5}40 {2}Assigned: /u) });
  await server.ok('changeSettings', { body: { seatScope: 'all' } });
  const more = testPeople(42);
  const crm = crmCsv(more).replace(/"true","E0040"/u, '"false","E0040"');
  expect((await server.compare(licensesCsv(people), crm, { adminCenterCount: 40 })).state).toBe('done');
  const held = (await server.ok<FirstInvitations>('listFirstInvitations')).rows.map(({ key }) => key);
  await server.ok('goOnFirst', { body: { keys: held, reason: 'Asked by phone' } });
  const added = await run('licenses', '--add-to', 'new');
  expect(added).toMatchObject({ code: 0, out: expect.stringContaining('2 people are added') });
  const [name] = readdirSync(path.join(folder, 'new'));
  expect(
    readFileSync(path.join(folder, 'new', name!), 'utf8')
      .trim()
      .split('\r\n'),
  ).toHaveLength(3);
  expect((await run('licenses', '--add-to', 'new')).err).toContain('is there already');
  const told = JSON.parse((await run('licenses', '--json')).out) as { licenses: Licenses };
  expect(told.licenses.lists.find(({ view }) => view === 'leavers')?.count).toBe(1);
  expect((await run('plan', '--leavers')).out).toContain('One person loses the license for good');
});

test('the address of a contract leads to its plans', async () => {
  const { id } = await server.ok<Contract>('createContract', { body: { name: 'EMEA', crm: { kind: 'salesforce', name: 'Salesforce' } } });
  const address = `${server.url}/contracts/${id}`;
  expect(await runAt(address, 'status')).toMatchObject({ code: 0, out: 'No repair is planned.\n' });
  await clientOf(server.url, server.cookie, id).compare(licensesCsv(people), crmCsv(people), { adminCenterCount: 40 });
  expect(await runAt(address, 'plan', '--all')).toMatchObject({ code: 0, err: '' });
  const { rows } = await clientOf(server.url, server.cookie, id).ok<{ rows: PlanRow[] }>('listPlans');
  expect(rows.map(({ number, people }) => [number, people])).toEqual([[1, 3]]);
  expect((await runAt(`${server.url}/contracts/${crypto.randomUUID()}`, 'status')).err).toContain('This contract is not here');
});

test('doctor says of licenses what was typed in on the server, and without one what to do', async () => {
  writeFileSync(path.join(folder, 'seatmatch.config.yaml'), 'connections: [{ name: by-hand, type: linkedin-guided }]\n');
  const doctor = async (address: string) =>
    (await runAt(address, 'doctor')).out.split('\n').filter((line) => /free-licenses|assignments {2}/u.test(line));
  const alone = start('doctor');
  const said = (await alone.stdout!.setEncoding('utf8').toArray()).join('');
  expect(said).toContain('Type it in under Settings, Full rematches. With --server ADDRESS of that Seatmatch it is told here too.');
  await server.ok('changeSettings', {
    body: { freeLicenses: 4, assignments: { month: new Date().toISOString().slice(0, 7), limit: 30, used: 12 } },
  });
  const [first, second] = (await server.ok<{ rows: Contract[] }>('listContracts')).rows;
  expect(await doctor(`${server.url}/contracts/${first!.id}`)).toEqual([
    expect.stringMatching(/✓ free-licenses {2}As typed in on \d{4}-\d\d-\d\d, 4 licenses are free\.$/u),
    expect.stringMatching(/✓ assignments {4}Of this month's 30 assignments 12 are used, as typed in on .* and with our own since\.$/u),
  ]);
  expect(await doctor(server.url)).toContainEqual(expect.stringContaining(`${server.url}/contracts/${second!.id} for ${second!.name}`));
});
