import { afterEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { type Connection, type ConnectionSettings, connect } from '../../connectors/registry.ts';
import { type Simulators, startSimulators } from '../../server/demo/start-simulators.ts';

/** What `seatmatch doctor` says of every kind of connection, each against its simulator. */
let simulators: Simulators;
afterEach(async () => {
  vi.useRealTimers();
  await simulators.close();
});
async function connections(): Promise<readonly Connection[]> {
  simulators = await startSimulators({ port: 0, people: 12, seed: 20 });
  const secret = (text: string) => text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => simulators.secrets[name]!);
  const { connections: settings } = parse(secret(simulators.config)) as { connections: ConnectionSettings[] };
  return settings.filter(({ type }) => type !== 'linkedin-files').map((one) => connect(one));
}

describe('the check of every kind of connection', () => {
  it('tells a clock that is off by the Date of the answers, which every vendor sends', async () => {
    const all = await connections();
    expect(all.map(({ type }) => type)).toEqual(['salesforce', 'hubspot', 'zoho', 'dynamics', 'linkedin-scim']);
    const clocks = async () =>
      Promise.all(
        all.map(async ({ connector }) => (await connector.check()).filter(({ what }) => what === 'clock').map(({ verdict }) => verdict)),
      );
    expect(await clocks()).toEqual(all.map(() => ['good']));
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 600_000 });
    expect(await clocks()).toEqual(all.map(() => ['bad']));
  });

  it('says that LinkedIn tells nobody over SCIM how many licenses are free or assignments are left, and who sees it', async () => {
    const scim = (await connections()).find(({ type }) => type === 'linkedin-scim')!;
    expect((await scim.connector.check()).filter(({ what }) => what === 'free-licenses' || what === 'assignments')).toEqual([
      {
        what: 'free-licenses',
        verdict: 'unknown',
        sentence: 'Admin Center shows how many licenses are free. Type it in under Settings, Full rematches.',
      },
      {
        what: 'assignments',
        verdict: 'unknown',
        sentence: 'Admin Center shows how many assignments are left this month. Type it in under Settings, Full rematches.',
      },
    ]);
  });
});
