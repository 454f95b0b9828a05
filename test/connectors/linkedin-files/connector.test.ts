import { describe, expect, test } from 'vitest';
import type { AccountField, AccountSink } from '../../../connectors/connector.ts';
import { fieldText } from '../../../connectors/csv.ts';
import { openAccountFile } from '../../../connectors/linkedin-files/connector.ts';

const exportedAt = '2026-11-20T08:00:00Z';
const open = (text: string, expected?: number) => openAccountFile(Buffer.from(text), { name: 'licenses.csv', exportedAt, expected });

function collect(): { sink: AccountSink; accounts: Partial<Record<AccountField, string>>[] } {
  const accounts: Partial<Record<AccountField, string>>[] = [];
  let known: readonly AccountField[] = [];
  return {
    accounts,
    sink: {
      begin(fields) {
        known = fields;
      },
      rows({ bytes, count, ranges }) {
        for (let row = 0; row < count; row++) {
          const at = (index: number) => 2 * (row * known.length + index);
          accounts.push(Object.fromEntries(known.map((field, i) => [field, fieldText(bytes, ranges[at(i)]!, ranges[at(i) + 1]!)])));
        }
      },
      records: () => expect.fail('a file has rows'),
    },
  };
}

describe('an Admin Center export is recognised', () => {
  test("by the template's columns", async () => {
    const file = await open(
      'seat_id,invited_email_address,preferred_first_name,preferred_last_name,unique_user_id,sales_license_current_status,teamlink_extend_license_current_status,license_status,license_type,admin_permission,groups,last_access_date,last_invited_date,activated_date,crm_sync_status,managed_by\n' +
        'LIC-1,ann@example.com,Ann,Roe,E1,active,inactive,Activated,Sales Navigator Advanced Plus,admin,"West, East",2026-11-01,2026-01-02,2026-01-03,Matched,IdP\n',
    );
    expect(file).toMatchObject({ kind: 'users', missing: null, unmapped: [] });
    const { sink, accounts } = collect();
    await file.listAccounts(sink);
    expect(accounts).toEqual([
      {
        seatId: 'LIC-1',
        email: 'ann@example.com',
        givenName: 'Ann',
        familyName: 'Roe',
        uniqueUserId: 'E1',
        salesLicense: 'active',
        teamLinkLicense: 'inactive',
        licenseStatus: 'Activated',
        licenseType: 'Sales Navigator Advanced Plus',
        adminPermission: 'admin',
        groups: 'West, East',
        lastAccess: '2026-11-01',
        invitedAt: '2026-01-02',
        activatedAt: '2026-01-03',
        crmSyncStatus: 'Matched',
        managedBy: 'IdP',
      },
    ]);
  });

  test('by the labels on screen, British spelling included', async () => {
    const file = await open(
      'Email;First name;Last name;Employee ID;Licence type;Licence status;CRM Sync;CRM sync status;Last access date;Source\na@example.com;A;B;007;Advanced;Invited;On;Not Matched;;CSV\n',
    );
    expect(file.mapping.map(({ field, column }) => `${column}=${field}`)).toEqual([
      'Email=email',
      'First name=givenName',
      'Last name=familyName',
      'Employee ID=uniqueUserId',
      'Licence status=licenseStatus',
      'Licence type=licenseType',
      'Last access date=lastAccess',
      'CRM sync status=crmSyncStatus',
      'CRM Sync=crmSync',
      'Source=managedBy',
    ]);
  });

  test.for(['unique_user_id', 'employee_id', 'employee_user_id', 'Unique User ID', 'EMPLOYEE-ID'])(
    'by the ID column %s',
    async (column) => {
      const file = await open(`invited_email_address,${column}\na@example.com,7\n`);
      expect(file.mapping.find(({ field }) => field === 'uniqueUserId')?.column).toBe(column);
    },
  );

  test.for(['unique_user_id', 'employee_id', 'employee_user_id'])(
    'with the ID under %s, one of the three names in LinkedIn’s own pages',
    async (column) => {
      const file = await open(`invited_email_address,${column}\na@example.com,7\n`);
      expect(file.mapping.find(({ field }) => field === 'uniqueUserId')?.column).toBe(column);
    },
  );

  test('with two ID columns the Unique User ID is taken and the other one is shown as unused', async () => {
    const file = await open('invited_email_address,employee_id,unique_user_id\na@example.com,7,8\n');
    expect(file.mapping.find(({ field }) => field === 'uniqueUserId')?.column).toBe('unique_user_id');
    expect(file.unmapped).toEqual(['employee_id']);
  });
});

describe('what a file is, is told by its columns', () => {
  const list = 'invited_email_address,seat_id\na@example.com,1\nb@example.com,2\n';

  test.for([
    ['a full export has as many rows as Admin Center shows users', list, 2, 'full-export'],
    ['with another number it is a list of users, perhaps filtered', list, 5, 'users'],
    ['without a number nobody knows', list, undefined, 'users'],
    [
      'the column Messages makes it the answer to an upload',
      'invited_email_address,unique_user_id,Messages\na@example.com,1,\n',
      undefined,
      'upload-result',
    ],
    [
      'also where a critical error stands above the header',
      'Critical error: processing stopped, contact support\n\ninvited_email_address,Messages\na@example.com,\n',
      undefined,
      'upload-result',
    ],
    [
      'existing and new address make it a file for uploading',
      'existing_email_address,invited_email_address\na@example.com,b@example.com\n',
      undefined,
      'upload',
    ],
    [
      'measures make it a usage report',
      'Email,Name,Days active,Searches,Profile views,InMail sent\na@example.com,A,1,2,3,4\n',
      undefined,
      'usage-report',
    ],
  ] as const)('%s', async ([, text, expected, kind]) => {
    expect((await open(text, expected)).kind).toBe(kind);
  });

  test('a full export of many rows is counted to its end', async () => {
    const rows = Array.from({ length: 9_000 }, (_, i) => `u${i}@example.com,${i}\n`).join('');
    expect((await open(`invited_email_address,seat_id\n${rows}`, 9_000)).kind).toBe('full-export');
  });

  test.for([
    ['invited_email_address,Messages\na@example.com,\n', 'answer to an upload'],
    ['existing_email_address,invited_email_address\na@example.com,b@example.com\n', 'made for an upload'],
    ['Email,Days active,Searches\na@example.com,1,2\n', 'usage report'],
  ])('and only a list of users can be listed: %s', async ([text, words]) => {
    const file = await open(text!);
    await expect(file.listAccounts(collect().sink)).rejects.toMatchObject({
      code: 'wrong-kind',
      sentence: expect.stringContaining(words!),
    });
  });

  test.for([
    'Id,Email,Name,IsActive,EmployeeNumber\n0055g00000000000GS,a@example.com,A,true,E1\n',
    'First name,Last name,Email,User ID\nA,B,a@example.com,1234567\n',
    'systemuserid,fullname,internalemailaddress,isdisabled\nx,A,a@example.com,False\n',
    'zuid,Email,Confirm\n1,a@example.com,true\n',
  ])("a CRM's list is refused as the license file: %s", async (text) => {
    await expect(open(text)).rejects.toMatchObject({ code: 'wrong-side', sentence: expect.stringContaining('Give it as the CRM file') });
  });
});

test('the proof carries the number Admin Center shows', async () => {
  const file = await open('invited_email_address\na@example.com\n', 312);
  expect(await file.listAccounts(collect().sink)).toMatchObject({
    kind: 'file',
    received: 1,
    expected: 312,
    asOf: '2026-11-20T08:00:00.000Z',
  });
});
