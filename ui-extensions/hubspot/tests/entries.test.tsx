import { hubspot } from '@hubspot/ui-extensions';
import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => vi.restoreAllMocks());

/** What HubSpot draws when it opens this entry with these actions, and what that asks of the server. */
async function entry(load: () => Promise<unknown>, actions: Record<string, unknown>) {
  const extend = vi.spyOn(hubspot, 'extend').mockImplementation(() => {});
  await load();
  expect(extend).toHaveBeenCalledTimes(1);
  const draw = extend.mock.calls[0]![0] as unknown as (api: object) => { type: { name: string }; props: Record<string, unknown> };
  return draw({ actions, context: {} });
}

test('the home opens the panel and closes HubSpot’s overlays', async () => {
  const closeOverlay = () => {};
  const drawn = await entry(() => import('../src/app/pages/Home.tsx'), { closeOverlay });
  expect(drawn.type.name).toBe('HomePage');
  expect(drawn.props.closeOverlay).toBe(closeOverlay);
});

test('the card reads the owner of the record it stands on, and hears of another one', async () => {
  let told: (properties: Record<string, string>, error?: object) => void = () => {};
  const drawn = await entry(() => import('../src/app/cards/OwnerCard.tsx'), {
    fetchCrmObjectProperties: async (names: string[]) => ({ [names[0]!]: '31' }),
    onCrmPropertiesUpdate: (_: string[], call: typeof told) => {
      told = call;
    },
  });
  const { readOwner, onOwnerChange } = drawn.props as {
    readOwner(): Promise<unknown>;
    onOwnerChange(call: (owner: unknown) => void): void;
  };
  expect(await readOwner()).toBe('31');
  const changes: unknown[] = [];
  onOwnerChange((owner) => changes.push(owner));
  told({ hubspot_owner_id: '32' });
  told({ hubspot_owner_id: '' });
  told({}, { message: 'no' });
  expect(changes).toEqual(['32', null]);
});

test('the settings page asks the server that the project was made for', async () => {
  const drawn = await entry(() => import('../src/app/settings/Settings.tsx'), {});
  expect(drawn.type.name).toBe('SettingsPage');
  const asked: unknown[] = [];
  vi.stubGlobal('self', {
    hsFetch: async (url: string) => {
      asked.push(url);
      return new Response('{}');
    },
  });
  await (drawn.props.ask as { settings(): Promise<unknown> }).settings();
  vi.unstubAllGlobals();
  expect(asked).toEqual(['https://seatmatch.example.com/panels/hubspot/api/settings']);
});
