import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { simulatedCompany } from '../../server/demo/simulated-company.ts';
import { type Ended, ended } from '../server/commands/ended.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'seatmatch-simulators-'));
const crms = ['acme-salesforce', 'acme-hubspot', 'acme-zoho', 'acme-dynamics'];
let simulators: ChildProcess;
let stopped: Promise<Ended>;
/** Addresses by what is served there. */
const addresses = new Map<string, string>();
const secrets: Record<string, string> = {};

const start = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [path.join(root, 'scripts/simulators.ts'), ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
const run = (...args: string[]): Promise<Ended> =>
  ended(spawn(process.execPath, [path.join(root, 'server/cli.ts'), ...args], { cwd: folder, env: { ...process.env, ...secrets } }));
async function command(url: string, body: object): Promise<unknown> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
  return answer.json();
}

beforeAll(async () => {
  simulators = start('--port', '0', '--people', '40', '--write', 'seatmatch.config.yaml');
  stopped = ended(simulators);
  let said = '';
  await new Promise<void>((resolve, reject) => {
    simulators.stdout?.on('data', (text: string) => {
      said += text;
      if (said.includes('The simulators are ready.')) resolve();
    });
    simulators.once('close', () => reject(new Error(said)));
  });
  for (const [, what, url] of said.matchAll(/^ {2}(\S.*?) +(http:\S+)/gm)) addresses.set(what!, url!);
  for (const [, name, value] of said.matchAll(/^ {2}export (\w+)=(\S+)$/gm)) secrets[name!] = value!;
});
afterAll(async () => {
  simulators.kill('SIGKILL');
  await stopped;
  rmSync(folder, { recursive: true, force: true });
});

test('every connection of the written configuration is in order, and its users and accounts can be listed', async () => {
  const doctor = await run('doctor');
  expect(doctor, doctor.err).toMatchObject({ code: 0 });
  for (const name of [...crms, 'navigator', 'navigator-files']) expect(doctor.out).toMatch(new RegExp(`^${name}$`, 'm'));

  const emailsOf = async (side: string, connection: string): Promise<string[]> => {
    const { code, out, err } = await run(side, '--connection', connection);
    expect(code, err).toBe(0);
    return out
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { emails: { value: string }[] }).emails[0]!.value)
      .sort();
  };
  const listed = await Promise.all(crms.map((name) => emailsOf('users', name)));
  expect(listed[0]!.length).toBeGreaterThan(30);
  for (const [n, emails] of listed.entries()) expect(emails, `${crms[n]} has the same people as the other CRMs`).toEqual(listed[0]);
  const accounts = await emailsOf('accounts', 'navigator');
  expect(accounts.some((email) => email.endsWith('@oldco.example'))).toBe(true);
  expect(await emailsOf('accounts', 'navigator-files'), 'the newest export on the SFTP server has the same people').toEqual(accounts);
});

test.each(crms)('%s is compared with LinkedIn', async (crm) => {
  const { code, out, err } = await run('reconcile', '--crm', crm, '--licenses', 'navigator');
  expect(code, err).toBe(0);
  const rows = out.trim().split('\n').slice(1);
  expect(rows.filter((row) => row.startsWith('matched,emails-agree,')).length).toBeGreaterThan(10);
  expect(rows.some((row) => row.startsWith('not-matched,'))).toBe(true);
});

test('a fault and the clock are set over HTTP while they run', async () => {
  await command(`${addresses.get('Zoho CRM')}/control`, {
    do: 'fault',
    fault: { kind: 'status', status: 403, on: 'users' },
  });
  expect(await run('users', '--connection', 'acme-zoho')).toMatchObject({
    code: 1,
    err: expect.stringContaining('do not use what was printed'),
  });

  const files = addresses.get('LinkedIn Admin Center, its files');
  const state = async () =>
    (await (await fetch(`${files}/control/state`)).json()) as { now: number; people: { crmMatch: string | null }[] };
  const before = await state();
  expect(before.people.every(({ crmMatch }) => crmMatch === null)).toBe(true);
  await command(addresses.get('The clock of all of them')!, { do: 'advance', hours: 24 });
  const after = await state();
  expect(after.now - before.now).toBeGreaterThanOrEqual(24 * 3_600_000);
  expect(
    after.people.some(({ crmMatch }) => crmMatch === 'not-matched'),
    "LinkedIn's daily job has run",
  ).toBe(true);
});

test('a file that is there is never written over, and a taken port is said in one sentence', async () => {
  writeFileSync(path.join(folder, 'mine.yaml'), 'mine');
  expect(await ended(start('--write', 'mine.yaml'))).toMatchObject({ code: 1, err: expect.stringContaining('mine.yaml is there already') });
  expect(readFileSync(path.join(folder, 'mine.yaml'), 'utf8')).toBe('mine');

  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  expect(await ended(start('--port', String(port), '--write', 'never.yaml'))).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^One of the ports .*\n$/),
  });
  expect(existsSync(path.join(folder, 'never.yaml'))).toBe(false);
  other.close();
  expect(await ended(start('--people', 'many'))).toMatchObject({ code: 1, err: expect.stringContaining('--people is a whole number') });
});

test('the same seed gives the same company, another seed another one', () => {
  const company = (seed: number) => simulatedCompany(60, seed, Date.UTC(2026, 10, 21), (system) => system);
  expect(company(3)).toEqual(company(3));
  expect(company(3).salesforce.users).not.toEqual(company(4).salesforce.users);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends them cleanly', async (signal) => {
  const one = signal === 'SIGTERM' ? simulators : start('--port', '0');
  const end = signal === 'SIGTERM' ? stopped : ended(one);
  if (signal === 'SIGINT') await new Promise<void>((resolve) => one.stdout?.once('data', () => resolve()));
  one.kill(signal);
  expect(await end).toMatchObject({ code: 0, err: '' });
});
