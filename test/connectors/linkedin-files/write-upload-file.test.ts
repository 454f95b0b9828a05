import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldText, loadCsv, openRows } from '../../../connectors/csv.ts';
import { retryFileName, uploadFileName } from '../../../connectors/linkedin-files/name-upload-file.ts';
import { type UploadTable, uploadTable, writeUploadFile } from '../../../connectors/linkedin-files/write-upload-file.ts';

async function readBack(text: string): Promise<UploadTable> {
  const csv = await loadCsv(Buffer.from(text), { name: 'upload.csv' });
  const rows: string[][] = [];
  const reader = openRows(csv, [...csv.header.keys()], (reject) => expect.fail(reject.reason));
  for (let batch = reader.next(); batch !== null; batch = reader.next())
    for (let row = 0; row < batch.count; row++)
      rows.push(
        csv.header.map((_, column) => {
          const at = 2 * (row * csv.header.length + column);
          return fieldText(batch.bytes, batch.ranges[at]!, batch.ranges[at + 1]!);
        }),
      );
  return { columns: csv.header, rows };
}

describe('writeUploadFile', () => {
  const change = { existingEmail: 'jane.roe@old.example', newEmail: 'jane.roe@new.example', uniqueUserId: '00123' };

  it('writes the columns of LinkedIn’s template for each kind', () => {
    const license = { email: change.newEmail, uniqueUserId: '00123' };
    expect(writeUploadFile(uploadTable({ kind: 'email-change', rows: [change] }))).toBe(
      'existing_email_address,invited_email_address,unique_user_id\r\njane.roe@old.example,jane.roe@new.example,00123\r\n',
    );
    expect(writeUploadFile(uploadTable({ kind: 'domain-change', rows: [change] }))).toBe(
      'existing_email_address,invited_email_address,domain_name_change\r\njane.roe@old.example,jane.roe@new.example,TRUE\r\n',
    );
    expect(writeUploadFile(uploadTable({ kind: 'license-off', rows: [license] }))).toBe(
      'invited_email_address,unique_user_id,sales_license_current_status\r\njane.roe@new.example,00123,inactive\r\n',
    );
    expect(writeUploadFile(uploadTable({ kind: 'license-on', rows: [license] }))).toContain(',active\r\n');
    expect(writeUploadFile(uploadTable({ kind: 'leavers', rows: [license] }))).toContain(',inactive\r\n');
    expect(writeUploadFile(uploadTable({ kind: 'add-users', rows: [{ ...license, givenName: 'Zoë', familyName: 'Roe, Jr.' }] }))).toBe(
      'invited_email_address,preferred_first_name,preferred_last_name,unique_user_id,sales_license_current_status\r\njane.roe@new.example,Zoë,"Roe, Jr.",00123,active\r\n',
    );
  });

  it('spells the ID column as set, and leaves it out where nobody has an ID', () => {
    expect(uploadTable({ kind: 'email-change', rows: [change] }, 'employee_id').columns).toContain('employee_id');
    expect(uploadTable({ kind: 'email-change', rows: [{ ...change, uniqueUserId: '' }] }).columns).toEqual([
      'existing_email_address',
      'invited_email_address',
    ]);
  });

  it('comes back from the CSV reader as it was written', async () => {
    const cell = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('a,b', 'say "hi"', 'two\r\nlines', ' outer ', 'ümlaut;tab\t'));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.emailAddress(), cell, cell), { minLength: 1, maxLength: 20 }), async (rows) => {
        const table = uploadTable({
          kind: 'add-users',
          rows: rows.map(([email, givenName, familyName], n) => ({ email, givenName, familyName, uniqueUserId: `E${n}` })),
        });
        expect(await readBack(writeUploadFile(table))).toEqual(table);
      }),
    );
  });

  it('names a file by kind, day, letter, contract, plan and last day', () => {
    const name = (index: number, tenant = ''): string =>
      uploadFileName({ kind: 'email-change', day: '2026-11-21', index, tenant, run: '7f3c1d20', until: '2026-11-22' });
    expect(name(0)).toBe('email-change-2026-11-21-a-7f3c1d20-until-2026-11-22.csv');
    expect(name(1, 'Ácme & Söhne')).toBe('email-change-2026-11-21-b-acme-sohne-7f3c1d20-until-2026-11-22.csv');
    expect(name(26)).toContain('-aa-');
    expect(retryFileName(name(0))).toBe('email-change-2026-11-21-a-7f3c1d20-retry-until-2026-11-22.csv');
  });
});
