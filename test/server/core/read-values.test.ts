import { expect, test } from 'vitest';
import { licenseTypes, readDisabled, readLicenseType, readSwitch } from '../../../server/core/read-values.ts';

test.each(['true', 'yes', '1', 'active', 'enabled', 'wahr', 'vrai', 'sí', 'sim'])('an active column that says %s means active', (text) => {
  expect(readSwitch(text)).toBe(1);
});
test.each(['false', 'no', '0', 'inactive', 'disabled', 'deactivated', 'falsch', 'faux'])(
  'an active column that says %s means inactive',
  (text) => {
    expect(readSwitch(text)).toBe(0);
  },
);
test('a column that asks the opposite turns plain answers around and keeps words that name the state', () => {
  expect(['true', 'yes', '1', 'false', 'no', '0'].map(readDisabled)).toEqual([0, 0, 0, 1, 1, 1]);
  expect(['enabled', 'disabled'].map(readDisabled)).toEqual([1, 0]);
});
test('an unknown word says nothing', () => {
  expect([readSwitch('maybe'), readDisabled('maybe'), readSwitch('')]).toEqual([-1, -1, -1]);
});
test('only Advanced Plus, once called Enterprise, can CRM-sync; one such license among several is enough', () => {
  expect(readLicenseType('sales navigator advanced plus')).toBe(licenseTypes.syncs);
  expect(readLicenseType('enterprise')).toBe(licenseTypes.syncs);
  expect(readLicenseType('teamlink extend; sales navigator advanced plus')).toBe(licenseTypes.syncs);
  expect(readLicenseType('sales navigator advanced')).toBe(licenseTypes.cannotSync);
  expect(readLicenseType('teamlink extend license')).toBe(licenseTypes.cannotSync);
  expect(readLicenseType('something new')).toBe(licenseTypes.unknown);
});
