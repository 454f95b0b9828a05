import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportCsv } from '../../../server/core/report-csv.ts';

describe('reportCsv', () => {
  it('quotes what RFC 4180 needs quoted and nothing else', () => {
    expect(reportCsv(['a', 'b'], [['x, y', 'say "hi"']])).toBe('a,b\r\n"x, y","say ""hi"""\r\n');
  });

  it('lets no cell start as a formula, and changes no other cell', () => {
    fc.assert(
      fc.property(fc.constantFrom('', '=', '+', '-', '@', '\t', '\r', "'"), fc.string(), (start, rest) => {
        const value = start + rest;
        const cell = reportCsv([], [[value]]).slice(2, -2);
        const text = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
        expect(text).not.toMatch(/^[=+\-@\t\r]/);
        expect(text).toBe(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value);
      }),
    );
  });
});
