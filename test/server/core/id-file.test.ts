import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../server/core/finding.ts';
import { idFile } from '../../../server/core/id-file.ts';
import { emailDiffers, matched } from './example-finding.ts';

const withId = (finding: Finding, uniqueUserId: string): Finding => ({ ...finding, license: { ...finding.license!, uniqueUserId } });
const without = (id: string, rest: Partial<Finding> = {}): Finding => ({ ...withId(matched(id, `p${id}@acme.example`), ''), ...rest });
const numbers = (crmUserId: string): string => crmUserId.replace('crm-', 'E');

describe('the ID file', () => {
  it('writes the employee number of the CRM to who is matched and has no ID in LinkedIn', () => {
    expect(idFile([without('1'), withId(matched('2', 'b@acme.example'), 'X2')], [], numbers)).toEqual({
      rows: [{ licenseId: '1', name: 'Person 1', email: 'p1@acme.example', uniqueUserId: 'E1' }],
      leftOut: [],
    });
    const unsure = [
      withId(emailDiffers('3', 'c@gone.example', 'c@acme.example'), ''),
      without('4', { reason: 'identity-conflict' }),
      without('5', { also: ['namesake'] }),
      without('6', { also: ['identity-conflict'] }),
      without('7', { crmUser: null }),
    ];
    expect(idFile(unsure, [], numbers)).toEqual({ rows: [], leftOut: [] });
  });

  it('writes no ID that somebody has already, with or without a license, and none to two people', () => {
    const codes = (findings: readonly Finding[], others: Parameters<typeof idFile>[1] = [], numberOf = numbers) =>
      idFile(findings, others, numberOf).leftOut.map((one) => [one.licenseId, one.code]);
    expect(codes([without('1'), withId(matched('2', 'b@acme.example'), ' e1 ')])).toEqual([['1', 'duplicate-id']]);
    expect(codes([without('1')], [{ id: '8', email: 'x@acme.example', uniqueUserId: 'E1', licenses: [] }])).toEqual([
      ['1', 'duplicate-id'],
    ]);
    expect(codes([without('1'), without('2')], [], () => 'E')).toEqual([
      ['1', 'duplicate-id'],
      ['2', 'duplicate-id'],
    ]);
    expect(codes([without('1')], [], () => ' ')).toEqual([['1', 'no-number']]);
  });

  it('leaves every ID in LinkedIn with one person', () => {
    const id = fc.constantFrom('', 'E1', 'e2', 'E3', 'E4');
    fc.assert(
      fc.property(fc.array(fc.record({ has: id, number: id }), { maxLength: 8 }), (people) => {
        const findings = people.map(({ has }, n) => withId(without(`${n}`), has));
        const { rows } = idFile(findings, [], (crmUserId) => people[Number(crmUserId.slice(4))]!.number);
        const written = new Map(rows.map((row) => [row.licenseId, row.uniqueUserId]));
        for (const { licenseId } of rows) expect(people[Number(licenseId)]!.has).toBe('');
        const after = people.map(({ has }, n) => (written.get(`${n}`) ?? has).toLowerCase());
        for (const value of written.values()) expect(after.filter((one) => one === value.toLowerCase())).toHaveLength(1);
      }),
    );
  });
});
