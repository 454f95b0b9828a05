import { Alert, LoadingButton, NumberInput, ProgressBar } from '@hubspot/ui-extensions';
import { createRenderer } from '@hubspot/ui-extensions/testing';
import { expect, test, vi } from 'vitest';
import type { AskServer } from '../src/panel/ask-server.ts';
import { SettingsPage } from '../src/panel/settings-page.tsx';
import { answers, refused } from './answers.ts';
import { exampleLimits, examplePanel } from './example-answers.ts';

function open(change: Partial<AskServer> = {}) {
  const { ask, calls } = answers(change);
  const renderer = createRenderer('settings');
  renderer.render(<SettingsPage ask={ask} />);
  const shows = (text: string) => vi.waitFor(() => expect(renderer.getRootNode().toString()).toContain(text));
  const input = (name: keyof typeof exampleLimits) => renderer.find(NumberInput, { name });
  return { ...renderer, shows, input, saved: () => calls.filter(([name]) => name === 'saveLimits') };
}

test('connection, schedule and the ages of both lists are the server’s, with what is left of HubSpot’s requests', async () => {
  const page = open();
  for (const text of ['Answers.', '28 Nov 2026, 10:00', 'At 02:00 each day.', 'The export is 12 days old.']) await page.shows(text);
  expect(page.find(ProgressBar).props).toMatchObject({ value: 4, maxValue: 100, valueDescription: '4 of 100 requests' });
});

test('a limit is saved once, as a whole, and nothing is to be saved before something was changed', async () => {
  const page = open();
  await vi.waitFor(() => expect(page.findAll(NumberInput)).toHaveLength(Object.keys(exampleLimits).length));
  expect(page.find(LoadingButton).props.disabled).toBe(true);
  page.input('answerDays').trigger('onChange', 5 as never);
  await vi.waitFor(() => expect(page.find(LoadingButton).props.disabled).toBe(false));
  page.find(LoadingButton).trigger('onClick');
  page.find(LoadingButton).trigger('onClick');
  await vi.waitFor(() => expect(page.find(LoadingButton).props.disabled).toBe(true));
  await page.shows('*limitsSaved*');
  expect(page.saved()).toEqual([['saveLimits', { ...exampleLimits, answerDays: 5 }, expect.any(String)]]);
});

test('a limit that the server refuses stays in the field, with the reason', async () => {
  const page = open({ saveLimits: () => Promise.reject(refused('refused', 'Rows per file: at least 1.')) });
  await vi.waitFor(() => page.input('rowsPerFile'));
  page.input('rowsPerFile').trigger('onChange', 0 as never);
  await vi.waitFor(() => expect(page.find(LoadingButton).props.disabled).toBe(false));
  page.find(LoadingButton).trigger('onClick');
  await page.shows('Rows per file: at least 1.');
  expect(page.input('rowsPerFile').props.value).toBe(0);
});

test('whoever may only look sees every limit and can change none', async () => {
  const viewer = { name: 'Rea Reader', canAct: false, sentence: 'Only super admins may act.' };
  const page = open({ panel: async () => examplePanel({ viewer }) });
  await vi.waitFor(() => page.input('rowsPerFile'));
  expect(page.findAll(NumberInput).every(({ props }) => props.readOnly)).toBe(true);
  expect(page.findAll(LoadingButton)).toEqual([]);
  expect(page.find(Alert).props.title).toBe('Only super admins may act.');
});
