import fc from 'fast-check';
import { expect, test } from 'vitest';
import { salesforceId as madeBySimulator } from '../../../connectors/salesforce/simulator/org.ts';
import { salesforceId } from '../../../server/core/salesforce-id.ts';

test('15 characters become the 18 that Salesforce writes', () => {
  fc.assert(
    fc.property(fc.constantFrom('00D' as const, '005' as const), fc.nat(), (prefix, number) => {
      const whole = madeBySimulator(prefix, number);
      expect(salesforceId(whole.slice(0, 15), prefix)).toBe(whole);
      expect(salesforceId(whole, prefix)).toBe(whole);
    }),
  );
});

test.each(['', '00D', '00D5e000000000', '00D5e00000000070', '00D5e0000000007AAA', '0055e0000000007', '00D5e000000 007', '00d5e0000000007'])(
  '“%s” is no id of an org',
  (text) => {
    expect(salesforceId(text, '00D')).toBeNull();
  },
);
