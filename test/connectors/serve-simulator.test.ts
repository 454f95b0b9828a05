import { afterEach, expect, it } from 'vitest';
import { type DynamicsSimulator, startDynamicsSimulator } from '../../connectors/dynamics/simulator.ts';

let simulator: DynamicsSimulator;
afterEach(() => simulator.close());

async function command(body: string): Promise<{ readonly status: number; readonly answer: unknown }> {
  simulator = await startDynamicsSimulator({
    state: {
      tenantId: 'acme',
      clientId: 'one',
      clientSecret: 'very-secret',
      organisation: { OrganizationId: '42', FriendlyName: 'Acme', OrganizationType: 'Customer' },
      users: [],
      readsUsers: true,
    },
  });
  const response = await fetch(simulator.controlUrl, { method: 'POST', body });
  return { status: response.status, answer: await response.json() };
}

it.each([
  ['a mistyped count', '{"do":"fault","fault":{"kind":"status","status":503,"on":"users","tmes":3}}'],
  ['a fault that is none', '{"do":"fault","fault":{"kind":"statsu","status":503}}'],
  ['a quirk that is none', '{"do":"fault","fault":{"kind":"quirk","quirk":"shrt-page"}}'],
  ['a command that is none', '{"do":"destroy"}'],
  ['no JSON', 'fault'],
])('refuses %s with the names there are: whoever believes in a fault that never comes proves nothing', async (_, body) => {
  const { status, answer } = await command(body);
  expect(status).toBe(400);
  expect(answer).toMatchObject({ message: expect.stringMatching(/./u), quirks: expect.arrayContaining(['short-page', 'next-link-to']) });
});

it('takes a fault and a quirk that it has, with an address behind its name too', async () => {
  expect(await command('{"do":"fault","fault":{"kind":"quirk","quirk":"next-link-to http://127.0.0.1:1","times":3}}')).toEqual({
    status: 200,
    answer: null,
  });
  expect(() => simulator.fault({ kind: 'quirk', quirk: 'shrt-page' })).toThrow('There is no quirk "shrt-page" here.');
});
