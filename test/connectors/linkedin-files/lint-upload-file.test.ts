import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Holder, lintUploadFile, type RefusalCode } from '../../../connectors/linkedin-files/lint-upload-file.ts';
import {
  type UploadContent,
  type UploadKind,
  type UploadTable,
  uploadTable,
} from '../../../connectors/linkedin-files/write-upload-file.ts';

const holder = (email: string, uniqueUserId = '', licenses: readonly string[] = ['Sales Navigator Advanced Plus']): Holder => ({
  email,
  uniqueUserId,
  licenses,
});
const ana = holder('ana@old.example', 'E1');
const bo = holder('bo@old.example', 'E2');
const cem = holder('cem@old.example', '');
const holders = [ana, bo, cem];

const codes = (table: UploadTable, kind: UploadKind, present: Iterable<Holder> = holders): readonly RefusalCode[] =>
  lintUploadFile(table, { kind, holders: present }).map((refusal) => refusal.code);

const change = (existingEmail: string, newEmail: string, uniqueUserId = '') => ({ existingEmail, newEmail, uniqueUserId });
const emails = (...rows: ReturnType<typeof change>[]): readonly RefusalCode[] =>
  codes(uploadTable({ kind: 'email-change', rows }), 'email-change');

describe('lintUploadFile', () => {
  it('lets clean files of every kind pass', () => {
    const contents: readonly UploadContent[] = [
      { kind: 'email-change', rows: [change('ana@old.example', 'ana.b@new.example', 'E1')] },
      { kind: 'domain-change', rows: [change('ana@old.example', 'ana@new.example', 'E1')] },
      { kind: 'license-off', rows: [{ email: 'bo@old.example', uniqueUserId: 'E2' }] },
      { kind: 'license-on', rows: [{ email: 'bo@old.example', uniqueUserId: 'E2' }] },
      { kind: 'leavers', rows: [{ email: 'cem@old.example', uniqueUserId: '' }] },
      { kind: 'add-users', rows: [{ email: 'dee@new.example', uniqueUserId: 'E4', givenName: 'Dée', familyName: "O'Neill" }] },
    ];
    for (const content of contents) expect(codes(uploadTable(content), content.kind), content.kind).toEqual([]);
  });

  it('refuses both rows of a swap, and names the one of a chain that must wait for a later file', () => {
    expect(emails(change('ana@old.example', 'bo@old.example'), change('bo@old.example', 'ana@old.example'))).toEqual([
      'target-taken',
      'target-taken',
    ]);
    const chain = uploadTable({
      kind: 'email-change',
      rows: [change('ana@old.example', 'bo@old.example'), change('bo@old.example', 'b@new.example')],
    });
    const refusals = lintUploadFile(chain, { kind: 'email-change', holders });
    expect(refusals).toHaveLength(1);
    expect(refusals[0]).toMatchObject({ row: 0, code: 'target-taken' });
    expect(refusals[0]!.why).toContain('later file');
  });

  it('refuses an address that belongs to somebody else in any letter case', () => {
    expect(emails(change('ana@old.example', 'CEM@Old.example'))).toEqual(['target-taken']);
  });

  it('refuses an ID that stands twice, that is another person’s, or that differs from the one LinkedIn has', () => {
    expect(emails(change('ana@old.example', 'a@new.example', 'X'), change('cem@old.example', 'c@new.example', 'X'))).toEqual([
      'double-id',
      'id-changes',
      'double-id',
    ]);
    expect(emails(change('cem@old.example', 'c@new.example', 'e2'))).toEqual(['id-of-another']);
    expect(emails(change('ana@old.example', 'a@new.example', 'E9'))).toEqual(['id-changes']);
  });

  it('refuses values that a spreadsheet would run, whatever the column', () => {
    for (const start of ['=', '+', '-', '@', '\t']) {
      expect(emails(change('ana@old.example', `${start}a@new.example`)), start).toContain('formula');
      expect(emails(change('ana@old.example', 'a@new.example', `${start}E1`)), start).toContain('formula');
    }
  });

  it('refuses what is no address, an .invalid address, a second row for one person and one address for two', () => {
    expect(emails(change('ana@old.example', 'ana at new'))).toEqual(['not-an-address']);
    expect(emails(change('ana@old.example', ''))).toEqual(['not-an-address']);
    expect(emails(change('ana@old.example', 'ana@new.example.invalid'))).toEqual(['invalid-domain']);
    expect(emails(change('ana@old.example', 'a@new.example'), change('ana@old.example', 'b@new.example'))).toEqual([
      'double-person',
      'double-person',
    ]);
    expect(emails(change('ana@old.example', 'x@new.example'), change('bo@old.example', 'X@new.example'))).toEqual([
      'double-target',
      'double-target',
    ]);
    expect(emails(change('ana@old.example', 'ana@old.example'))).toEqual(['unchanged']);
    expect(emails(change('nobody@old.example', 'n@new.example'))).toEqual(['unknown-person']);
  });

  it('looks up a present address with an invisible character as LinkedIn has it, and never writes one as the new address', () => {
    const present = [holder('a\u200Bna@old.example', 'E1')];
    const rows = (to: string): UploadTable => uploadTable({ kind: 'email-change', rows: [change('a\u200Bna@old.example', to)] });
    expect(codes(rows('ana@old.example'), 'email-change', present)).toEqual([]);
    expect(codes(rows('a\u200Bna@new.example'), 'email-change', present)).toContain('unprintable');
  });

  it('refuses a domain change that also changes the part before the @', () => {
    const table = uploadTable({ kind: 'domain-change', rows: [change('ana@old.example', 'Ana@new.example')] });
    expect(codes(table, 'domain-change')).toEqual(['local-part-differs']);
  });

  it('refuses a removal where the export does not say which license it is', () => {
    const table = uploadTable({ kind: 'license-off', rows: [{ email: 'x@old.example', uniqueUserId: '' }] });
    expect(codes(table, 'license-off', [holder('x@old.example', '', [])])).toEqual(['license-type-unknown']);
  });

  it('refuses to add somebody whose address is in LinkedIn already', () => {
    const table = uploadTable({
      kind: 'add-users',
      rows: [{ email: 'bo@old.example', uniqueUserId: '', givenName: 'B', familyName: 'O' }],
    });
    expect(codes(table, 'add-users')).toEqual(['target-taken']);
  });

  it('refuses whole files: groups, a foreign column, two kinds of change, two ID columns, no email column, no rows, too many rows', () => {
    const table = (columns: readonly string[], ...rows: readonly (readonly string[])[]): UploadTable => ({ columns, rows });
    const whole = (given: UploadTable, rowLimit = 2_000): readonly string[] =>
      lintUploadFile(given, { kind: 'license-on', holders, rowLimit })
        .filter((refusal) => refusal.row === null)
        .map((refusal) => refusal.code);
    const email = 'invited_email_address';
    const status = 'sales_license_current_status';
    expect(whole(table([email, status, 'Groups'], ['bo@old.example', 'active', 'EMEA']))).toEqual(['groups-column']);
    expect(whole(table([email, status, 'shoe_size'], ['bo@old.example', 'active', '42']))).toEqual(['unknown-column']);
    expect(whole(table(['existing_email_address', email, status], ['bo@old.example', 'b@new.example', 'active']))).toEqual(['two-kinds']);
    expect(whole(table([email, status], ['bo@old.example', 'active'], ['ana@old.example', 'inactive']))).toEqual(['two-kinds']);
    expect(whole(table([email, 'employee_id', 'unique_user_id'], ['bo@old.example', 'E2', 'E2']))).toEqual(['double-column']);
    expect(whole(table([status], ['active']))).toEqual(['no-email-column']);
    expect(whole(table([email, status]))).toEqual(['empty']);
    expect(whole(table([email, status], ['bo@old.example', 'active'], ['ana@old.example', 'active']), 1)).toEqual(['too-many-rows']);
  });

  it('refuses a blank over an admin permission', () => {
    const table: UploadTable = {
      columns: ['invited_email_address', 'sales_license_current_status', 'admin_permission'],
      rows: [
        ['bo@old.example', 'active', ''],
        ['ana@old.example', 'active', 'reporting'],
      ],
    };
    expect(lintUploadFile(table, { kind: 'license-on', holders })).toMatchObject([{ row: 0, code: 'admin-permission-blank' }]);
  });

  it('gives every refusal a sentence, and alters nothing', () => {
    const cell = fc.oneof(fc.string({ unit: 'grapheme' }), fc.emailAddress(), fc.constantFrom('', 'E1', 'ana@old.example', '=1', 'active'));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell), { maxLength: 8 }), (rows) => {
        const table = uploadTable({ kind: 'email-change', rows: rows.map(([a, b, c]) => change(a, b, c)) });
        const before = structuredClone(table);
        const refusals = lintUploadFile(table, { kind: 'email-change', holders });
        expect(table).toEqual(before);
        for (const { row, why } of refusals) {
          expect(row === null || row < rows.length).toBe(true);
          expect(why).toMatch(/^[A-Z].*\.$/);
        }
      }),
    );
  });

  it('accepts whatever it accepted again: leaving the refused rows out leaves a file without refusals', () => {
    const people = fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 8 });
    fc.assert(
      fc.property(people, fc.array(fc.integer({ min: 0, max: 14 }), { minLength: 8, maxLength: 8 }), (from, to) => {
        const present = Array.from({ length: 10 }, (_, n) => holder(`p${n}@old.example`, `E${n}`));
        const rows = from.map((n, index) => change(`p${n}@old.example`, `p${to[index]}@old.example`, `E${n}`));
        const table = uploadTable({ kind: 'email-change', rows });
        const refused = new Set(lintUploadFile(table, { kind: 'email-change', holders: present }).map((refusal) => refusal.row));
        const kept = { columns: table.columns, rows: table.rows.filter((_, row) => !refused.has(row)) };
        if (kept.rows.length > 0) expect(lintUploadFile(kept, { kind: 'email-change', holders: present })).toEqual([]);
      }),
    );
  });
});
