import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { httpsDelivery } from '../../../../connectors/linkedin-files/https-delivery.ts';
import { makeAdminCenter } from '../../../../connectors/linkedin-files/simulator/admin-center.ts';
import type { Moment } from '../../../../connectors/linkedin-files/simulator/moments.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../../../connectors/linkedin-files/simulator.ts';
import { build, bytesOf, emailChange, licenseChange, passed, plus, start, who } from './build.ts';

const running: Simulator[] = [];
async function run(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const simulator = await startSimulator({ center: build(), ...options });
  running.push(simulator);
  return simulator;
}

afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.close();
});

const change = emailChange(['ann@old.example', 'ann@new.example', 'E1']);
const deliveryTo = (simulator: Simulator) => httpsDelivery({ baseUrl: simulator.url, token: () => simulator.token, lookEveryMs: 1 });

async function post(simulator: Simulator, command: unknown): Promise<unknown> {
  const response = await fetch(simulator.controlUrl, { method: 'POST', body: JSON.stringify(command) });
  return response.json();
}
const get = async (simulator: Simulator, path: string): Promise<unknown> => (await fetch(`${simulator.controlUrl}${path}`)).json();

describe('the control endpoint', () => {
  it('does by HTTP what a person does by hand, and says why not', async () => {
    const simulator = await run();
    expect(await post(simulator, { do: 'set-license', person: 'dee@old.example', types: [plus] })).toEqual({ refusal: null });
    expect(await post(simulator, { do: 'accept', person: 'dee@old.example' })).toEqual({ refusal: null });
    expect(await post(simulator, { do: 'accept', person: 'dee@old.example' })).toEqual({
      refusal: { code: 'not-invited', text: 'There is no open invitation.' },
    });
    expect(await post(simulator, { do: 'advance', hours: 24 })).toEqual({ refusal: null });
    expect(await get(simulator, '/oracle')).toMatchObject({ now: '2026-11-22T09:00:00.000Z', assignments: { spent: 1 } });
  });

  it('refuses a command it does not know', async () => {
    const simulator = await run();
    const response = await fetch(simulator.controlUrl, { method: 'POST', body: JSON.stringify({ do: 'destroy' }) });
    expect(response.status).toBe(400);
    expect((await fetch(`${simulator.url}/elsewhere`)).status).toBe(404);
  });

  it('sets and clears faults, and replaces the token', async () => {
    const simulator = await run();
    await post(simulator, { do: 'fault', fault: { kind: 'status', status: 403, times: 5 } });
    await expect(deliveryTo(simulator).facts()).rejects.toMatchObject({ code: 'forbidden' });
    await post(simulator, { do: 'clear-faults' });
    expect(await deliveryTo(simulator).facts()).not.toBeNull();
    const { token } = simulator;
    await post(simulator, { do: 'token', token: 'newer' });
    const outdated = httpsDelivery({ baseUrl: simulator.url, token: () => token });
    await expect(outdated.facts()).rejects.toMatchObject({ code: 'unauthorized' });
    expect(await deliveryTo(simulator).facts()).not.toBeNull();
  });

  it('gives its state out, and goes on from it in another process as if nothing had happened', async () => {
    const first = await run();
    await deliveryTo(first).upload('a.csv', bytesOf(change));
    const state = await get(first, '/state');
    const second = await run({ center: makeAdminCenter({ now: start }) });
    await post(second, { do: 'load', state });
    const off = bytesOf(licenseChange('license-off', 'ann@new.example'));
    for (const simulator of [first, second]) {
      await deliveryTo(simulator).upload('off.csv', off);
      simulator.act({ do: 'advance', hours: 30 });
    }
    expect(second.center).toEqual(first.center);
    expect(who(second.center, 'ann@new.example').license).toBe('none');
  });
});

it('a person can upload and download by hand, and every change is told', async () => {
  let changes = 0;
  const simulator = await run({
    onChange: () => {
      changes += 1;
    },
  });
  expect(simulator.uploadByHand('a.csv', bytesOf(change)).record.applied).toBe(1);
  expect(simulator.exportByHand({ emails: ['ann@new.example'] }).shown).toBe(1);
  simulator.act({ do: 'advance', hours: 1 });
  expect(changes).toBe(2);
});

it('its clock runs with another one, ahead by what it was moved, and is never behind it', async () => {
  let clock = Date.parse(start);
  const simulator = await run({ clock: () => clock });
  simulator.act({ do: 'advance', hours: 24 });
  clock += 60_000;
  expect(simulator.exportByHand().asOf).toBe('2026-11-22T09:01:00.000Z');
  const older = await run({ center: makeAdminCenter({ now: '2026-11-01T00:00:00Z' }), clock: () => clock });
  expect(older.exportByHand().asOf).toBe('2026-11-21T09:01:00.000Z');
});

describe('the moments of a request', () => {
  it('are told in their order, and the request waits for who listens', async () => {
    const seen: string[] = [];
    const simulator = await run({
      onMoment: ({ at, request, name }: Moment) => {
        seen.push(`${request} ${name} ${at}: ${simulator.center.uploads.length}`);
      },
    });
    await deliveryTo(simulator).upload('a.csv', bytesOf(change));
    await simulator.momentsAfter(5);
    expect(seen).toEqual([
      'upload a.csv received: 0',
      'upload a.csv applied: 1',
      'upload a.csv answered: 1',
      'result 1 received: 1',
      'result 1 applied: 1',
      'result 1 answered: 1',
    ]);
  });

  it('can be waited for from outside, and a held request goes on once it is released', async () => {
    const simulator = await run();
    await post(simulator, { do: 'hold', at: 'received', request: 'upload' });
    const delivered = deliveryTo(simulator).upload('a.csv', bytesOf(change));
    expect(await get(simulator, '/moments?after=0&patienceMs=30000')).toMatchObject([{ number: 1, at: 'received', held: true }]);
    expect(simulator.center.uploads).toEqual([]);
    await post(simulator, { do: 'release' });
    await delivered;
    expect(simulator.center.uploads).toHaveLength(1);
  });
});

/** A process of its own that hands one file over and says so when it has the result. */
function spawnClient(simulator: Simulator) {
  const delivery = resolve(import.meta.dirname, '../../../../connectors/linkedin-files/https-delivery.ts');
  const code = `
    const { httpsDelivery } = await import(${JSON.stringify(delivery)});
    const delivery = httpsDelivery({ baseUrl: ${JSON.stringify(simulator.url)}, token: () => ${JSON.stringify(simulator.token)} });
    await delivery.upload('a.csv', Buffer.from(${JSON.stringify(Buffer.from(bytesOf(change)).toString())}));
    console.log('recorded');`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  return { child, ended: once(child, 'close'), out: () => out };
}

async function killAt(simulator: Simulator, at: 'received' | 'applied'): Promise<string> {
  simulator.hold(at, 'upload');
  const client = spawnClient(simulator);
  await passed(simulator, ({ held }) => held);
  client.child.kill('SIGKILL');
  await client.ended;
  return client.out();
}

describe('a client killed', () => {
  it('after its file was applied and before it knew leaves the file applied, once', async () => {
    const simulator = await run();
    expect(await killAt(simulator, 'applied')).toBe('');
    expect(simulator.center.uploads).toMatchObject([{ name: 'a.csv', applied: 1 }]);
    simulator.release();
    expect((await deliveryTo(simulator).exportUsers({ emails: ['ann@new.example'] })).usersShown).toBe(1);
  });

  it('before its file was looked at finds it applied later all the same', async () => {
    const simulator = await run();
    expect(await killAt(simulator, 'received')).toBe('');
    expect(simulator.center.uploads).toEqual([]);
    simulator.release();
    const moments = await simulator.momentsAfter(1);
    expect(moments).toMatchObject([{ at: 'applied', request: 'upload' }]);
    expect(simulator.center.uploads).toMatchObject([{ applied: 1 }]);
  });
});
