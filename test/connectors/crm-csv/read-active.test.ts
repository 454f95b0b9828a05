import { expect, test } from 'vitest';
import { readActive } from '../../../connectors/crm-csv/read-active.ts';

test.for(['true', 'TRUE', ' yes ', '1', 'Active', 'enabled', 'WAHR', 'VRAI'])('%s is active', (text) => {
  expect(readActive(text, false)).toBe(true);
});

test.for(['false', 'No', '0', 'inactive', 'Disabled', 'deactivated', 'deleted', 'FALSCH'])('%s is not active', (text) => {
  expect(readActive(text, false)).toBe(false);
});

test('a column that asks the opposite turns yes and no around', () => {
  expect(['true', 'Yes', '1', 'false', 'No', '0'].map((text) => readActive(text, true))).toEqual([false, false, false, true, true, true]);
});

test('a word that names the state keeps its meaning in such a column', () => {
  expect(['Enabled', 'Disabled'].map((text) => readActive(text, true))).toEqual([true, false]);
});

test.for(['', '  ', 'pending', '2'])('%j says nothing', (text) => {
  expect([readActive(text, false), readActive(text, true)]).toEqual([null, null]);
});
