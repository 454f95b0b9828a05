import { describe, expect, it, test } from 'vitest';
import { uploadFile } from '../../../../connectors/linkedin-files/simulator/bulk-upload.ts';
import { exportUsers } from '../../../../connectors/linkedin-files/simulator/export-users.ts';
import { oracleOf } from '../../../../connectors/linkedin-files/simulator/oracle.ts';
import { act, advanced, build, bytesOf, cast, emailChange, licenseChange, plus, readBack, shownOf, start, upload, who } from './build.ts';

describe('a change of emails', () => {
  it('sends no invitation, and who was activated stays activated', async () => {
    const center = build();
    const before = { ...who(center, 'ann@old.example') };
    const content = emailChange(['ann@old.example', 'ann@new.example', 'E1']);
    const { result } = upload(center, content);
    expect((await readBack(result, content)).rows).toEqual([{ outcome: 'done' }]);
    expect(who(center, 'ann@new.example')).toEqual({ ...before, profileEmail: 'ann@new.example', licenseEmail: 'ann@new.example' });
    expect(oracleOf(center)).toMatchObject({ assignments: { spent: 0 }, withoutLicense: [], gaps: [] });
  });

  it('reaches the license after the instant sync, however long that takes', () => {
    const center = build({ emailSyncMinutes: 30 });
    upload(center, emailChange(['ann@old.example', 'ann@new.example']));
    expect(who(center, 'ann@new.example').licenseEmail).toBe('ann@old.example');
    act(center, { do: 'advance', hours: 0.5 });
    expect(who(center, 'ann@new.example').licenseEmail).toBe('ann@new.example');
  });

  it('refuses an address that belongs to somebody else, and the rest goes through', async () => {
    const center = build();
    const content = emailChange(['ann@old.example', 'bo@old.example'], ['cem@old.example', 'cem@new.example']);
    const reading = await readBack(upload(center, content).result, content);
    expect(reading.rows).toEqual([{ outcome: 'refused', message: 'This email address belongs to another user.' }, { outcome: 'done' }]);
    expect(oracleOf(center).sharedEmails).toEqual([]);
  });

  it('follows a chain in the order of its rows, and refuses it in the other order', async () => {
    const freed = emailChange(['bo@old.example', 'bo@new.example'], ['ann@old.example', 'bo@old.example']);
    expect((await readBack(upload(build(), freed).result, freed)).rows.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
    const taken = emailChange(['ann@old.example', 'bo@old.example'], ['bo@old.example', 'bo@new.example']);
    expect((await readBack(upload(build(), taken).result, taken)).rows.map(({ outcome }) => outcome)).toEqual(['refused', 'done']);
  });

  it('refuses somebody nobody knows, and a second time whom it changed the first time', async () => {
    const center = build();
    const content = emailChange(['nobody@old.example', 'nobody@new.example'], ['ann@old.example', 'ann@new.example']);
    expect((await readBack(upload(center, content).result, content)).rows.map(({ outcome }) => outcome)).toEqual(['refused', 'done']);
    expect((await readBack(upload(center, content).result, content)).rows.map(({ outcome }) => outcome)).toEqual(['refused', 'refused']);
    expect(center.journal.filter(({ what }) => what === 'email')).toHaveLength(1);
  });

  it('holds a repeat by Unique User ID for nothing new', () => {
    const center = build();
    const content = emailChange(['ann@old.example', 'ann@new.example', 'E1']);
    expect(upload(center, content).record).toMatchObject({ applied: 1, unchanged: 0 });
    expect(upload(center, content).record).toMatchObject({ applied: 0, unchanged: 1, refused: 0 });
  });

  it('as a domain change refuses a row whose local parts differ', async () => {
    const center = build();
    const content = {
      kind: 'domain-change' as const,
      rows: [
        { existingEmail: 'ann@old.example', newEmail: 'ann@new.example', uniqueUserId: '' },
        { existingEmail: 'bo@old.example', newEmail: 'robert@new.example', uniqueUserId: '' },
      ],
    };
    expect((await readBack(upload(center, content).result, content)).rows).toEqual([
      { outcome: 'done' },
      { outcome: 'refused', message: 'Only the domain may change in a domain name change.' },
    ]);
  });

  it('refuses somebody with a second LinkedIn profile until the profiles are joined', async () => {
    const center = build();
    act(center, { do: 'set-license', person: 'ann@old.example', types: [] });
    act(center, { do: 'set-license', person: 'ann@old.example', types: [plus] });
    act(center, { do: 'accept', person: 'ann@old.example', wrongProfile: true });
    const content = emailChange(['ann@old.example', 'ann@new.example']);
    expect((await readBack(upload(center, content).result, content)).rows).toEqual([{ outcome: 'refused', message: 'Duplicate profile.' }]);
    act(center, { do: 'join-profiles', person: 'ann@old.example' });
    expect((await readBack(upload(center, content).result, content)).rows).toEqual([{ outcome: 'done' }]);
  });
});

describe('an ID of somebody else', () => {
  it('turns the row to the other person, which is the loss the guard against double IDs prevents', () => {
    const center = build();
    const { record } = upload(center, emailChange(['ann@old.example', 'ann@new.example', 'E2']));
    expect(record.applied).toBe(1);
    expect(who(center, 'ann@new.example').givenName).toBe('Bo');
    expect(who(center, 'ann@old.example').givenName).toBe('Ann');
    expect(oracleOf(center).overwritten).toMatchObject([{ person: who(center, 'ann@new.example').id, to: 'ann@old.example' }]);
  });

  it('takes the license of the other person', () => {
    const center = build();
    upload(center, { kind: 'license-off', rows: [{ email: 'ann@old.example', uniqueUserId: 'E2' }] });
    expect(who(center, 'ann@old.example').license).toBe('activated');
    expect(who(center, 'bo@old.example').license).toBe('none');
  });

  it('stays away where the rows carry the right ones', () => {
    const center = build();
    upload(center, emailChange(['ann@old.example', 'ann@new.example', 'E1'], ['bo@old.example', 'bo@new.example', 'E2']));
    expect(oracleOf(center).overwritten).toEqual([]);
  });
});

describe('a license taken and given back', () => {
  it('is gone with onboarding and CRM sync, and comes back invited, with one assignment spent', async () => {
    const center = build({ monthlyAssignments: 2 });
    act(center, { do: 'set-crm-sync', person: 'ann@old.example', on: true });
    const { seatId, inviteId } = who(center, 'ann@old.example');
    upload(center, licenseChange('license-off', 'ann@old.example'));
    expect(who(center, 'ann@old.example')).toMatchObject({ license: 'none', licenseTypes: [], onboarded: false, crmSync: false, seatId });
    expect(oracleOf(center).withoutLicense).toEqual(['ann@old.example']);
    expect(await shownOf(center, 'ann@old.example')).toMatchObject({
      licenseStatus: 'No license',
      licenseType: '',
      salesLicense: 'inactive',
    });

    act(center, { do: 'advance', hours: 0.25 });
    upload(center, licenseChange('license-on', 'ann@old.example'));
    const back = who(center, 'ann@old.example');
    expect(back).toMatchObject({
      license: 'invited',
      licenseTypes: [plus],
      inviteCount: 2,
      invitedAt: center.now,
      onboarded: false,
      seatId,
    });
    expect(back.inviteId).not.toBe(inviteId);
    expect(oracleOf(center)).toMatchObject({ assignments: { spent: 1, left: 1 }, withoutLicense: [] });

    act(center, { do: 'advance', hours: 2 });
    act(center, { do: 'accept', person: 'ann@old.example' });
    expect(who(center, 'ann@old.example')).toMatchObject({ license: 'activated', onboarded: true, seatId });
    const from = Date.parse(start);
    expect(oracleOf(center).gaps).toMatchObject([{ from, licensedAt: from + 15 * 60_000, activatedAt: from + 135 * 60_000 }]);
  });

  it('shows as gone only after the delay', async () => {
    const center = build({ shownAfterMinutes: { email: 0, licenseOff: 10, licenseOn: 0, other: 0 } });
    upload(center, licenseChange('license-off', 'ann@old.example'));
    expect(await shownOf(center, 'ann@old.example')).toMatchObject({ licenseStatus: 'Activated' });
    expect(who(center, 'ann@old.example').license).toBe('none');
    act(center, { do: 'advance', hours: 10 / 60 });
    expect(await shownOf(center, 'ann@old.example')).toMatchObject({ licenseStatus: 'No license' });
  });

  it('is not given while another writer holds the last one', async () => {
    const center = build({ licenses: { [plus]: 3 } });
    act(center, { do: 'take-next-free', count: 1 });
    upload(center, licenseChange('license-off', 'ann@old.example'));
    const on = licenseChange('license-on', 'ann@old.example');
    expect((await readBack(upload(center, on).result, on)).rows).toEqual([{ outcome: 'refused', message: 'No license is available.' }]);
    act(center, { do: 'take-licenses', type: plus, count: 0 });
    expect((await readBack(upload(center, on).result, on)).rows).toEqual([{ outcome: 'done' }]);
  });

  it('is not given once the assignments of the month are used up, and is on the first of the next', async () => {
    const center = build({ monthlyAssignments: 1 });
    upload(center, licenseChange('license-off', 'ann@old.example', 'bo@old.example'));
    const on = licenseChange('license-on', 'ann@old.example', 'bo@old.example');
    expect((await readBack(upload(center, on).result, on)).rows).toEqual([
      { outcome: 'done' },
      { outcome: 'refused', message: 'The license assignments of this month are used up.' },
    ]);
    act(center, { do: 'advance-to', moment: '2026-12-01T00:00:00Z' });
    expect(upload(center, on).record).toMatchObject({ applied: 1, unchanged: 1, refused: 0 });
    expect(center.assignments).toEqual({ '2026-11': 1, '2026-12': 1 });
  });

  it('is not assigned twice by a repeat', () => {
    const center = build();
    const on = licenseChange('license-on', 'ann@old.example');
    upload(center, licenseChange('license-off', 'ann@old.example'));
    upload(center, on);
    const { inviteId } = who(center, 'ann@old.example');
    expect(upload(center, on).record).toMatchObject({ applied: 0, unchanged: 1 });
    expect(who(center, 'ann@old.example').inviteId).toBe(inviteId);
    expect(oracleOf(center).assignments.spent).toBe(1);
  });

  test.for([
    ['the type last held', 'last-held', advanced],
    ['the contract’s usual one where LinkedIn does not remember', 'default', plus],
  ] as const)('is of %s', ([, licenseOnGives, type]) => {
    const people = [{ profileEmail: 'ann@old.example', license: 'activated' as const, licenseTypes: [advanced] }];
    const center = build({ licenses: { [plus]: 1, [advanced]: 1 }, licenseOnGives }, people);
    upload(center, licenseChange('license-off', 'ann@old.example'));
    upload(center, licenseChange('license-on', 'ann@old.example'));
    expect(who(center, 'ann@old.example').licenseTypes).toEqual([type]);
  });

  it('leaves TeamLink Extend alone, which has a column of its own', () => {
    const people = [{ profileEmail: 'ann@old.example', license: 'activated' as const, licenseTypes: [plus, 'TeamLink Extend'] }];
    const center = build({ licenses: { [plus]: 1, 'TeamLink Extend': 1 } }, people);
    upload(center, licenseChange('license-off', 'ann@old.example'));
    expect(who(center, 'ann@old.example')).toMatchObject({ license: 'activated', licenseTypes: ['TeamLink Extend'] });
    upload(center, 'invited_email_address,teamlink_extend_license_current_status\r\nann@old.example,inactive\r\n');
    expect(who(center, 'ann@old.example')).toMatchObject({ license: 'none', licenseTypes: [] });
  });
});

describe('a row for an address nobody has', () => {
  it('adds a user, with an invitation when it says active', () => {
    const center = build();
    const row = { email: 'eve@new.example', givenName: 'Eve', familyName: 'Oz', uniqueUserId: 'E5' };
    upload(center, { kind: 'add-users', rows: [row] });
    expect(who(center, 'eve@new.example')).toMatchObject({
      license: 'invited',
      givenName: 'Eve',
      uniqueUserId: 'E5',
      source: 'csv',
      seatId: '',
    });
    expect(oracleOf(center).assignments.spent).toBe(1);
  });

  it('adds one without a license where a license was to be taken, and a second person where one was to be given back', () => {
    const center = build();
    upload(center, licenseChange('leavers', 'left@old.example'));
    expect(who(center, 'left@old.example')).toMatchObject({ license: 'none', inviteCount: 0 });
    upload(center, licenseChange('license-on', 'ann.typo@new.example'));
    expect(who(center, 'ann.typo@new.example').license).toBe('invited');
    expect(center.people).toHaveLength(cast().length + 2);
  });
});

describe('attributes', () => {
  it('are overwritten whole: groups not repeated are gone, and a blank takes a permission away', () => {
    const center = build();
    upload(center, 'invited_email_address,groups,admin_permission\r\nann@old.example,"North, East",\r\nbo@old.example,,\r\n');
    expect(who(center, 'ann@old.example').groups).toEqual(['North', 'East']);
    expect(who(center, 'bo@old.example')).toMatchObject({ groups: [], permission: '' });
  });

  it('stay what they are where a file has no such columns', () => {
    const center = build();
    upload(center, emailChange(['bo@old.example', 'bo@new.example']));
    expect(who(center, 'bo@new.example')).toMatchObject({ permission: 'admin', givenName: 'Bo', uniqueUserId: 'E2' });
  });

  test.for(['unique_user_id', 'employee_id', 'employee_user_id'])('take an ID under the header %s', (column) => {
    const center = build();
    upload(center, `invited_email_address,${column}\r\ndee@old.example,007\r\n`);
    expect(who(center, 'dee@old.example').uniqueUserId).toBe('007');
  });
});

describe('people whom an identity provider owns', () => {
  const owned = [{ profileEmail: 'ann@old.example', license: 'activated' as const, source: 'idp' as const, managedBy: 'Okta' }];

  it('are refused', async () => {
    const center = build({}, owned);
    const content = emailChange(['ann@old.example', 'ann@new.example']);
    expect((await readBack(upload(center, content).result, content)).rows).toEqual([
      { outcome: 'refused', message: 'This user is managed by your identity provider.' },
    ]);
  });

  it('or are changed and overwritten at the next cycle, until the provider itself has the new address', () => {
    const center = build({ idpEdits: 'overwritten', identityCycleMinutes: 40 }, owned);
    upload(center, emailChange(['ann@old.example', 'ann@new.example']));
    expect(who(center, 'ann@new.example').license).toBe('activated');
    act(center, { do: 'advance', hours: 1 });
    const { id } = who(center, 'ann@old.example');
    act(center, { do: 'set-idp-email', person: id, email: 'ann@new.example' });
    act(center, { do: 'advance', hours: 1 });
    expect(who(center, 'ann@new.example').id).toBe(id);
    expect(center.journal.filter(({ what }) => what === 'email').map(({ by }) => by)).toEqual([
      'upload',
      'identity-provider',
      'identity-provider',
    ]);
  });
});

describe('a half-applied upload', () => {
  const content = emailChange(
    ['ann@old.example', 'ann@new.example'],
    ['bo@old.example', 'bo@new.example'],
    ['cem@old.example', 'cem@new.example'],
    ['dee@old.example', 'dee@new.example'],
  );
  const emails = (center: ReturnType<typeof build>) => center.people.map(({ profileEmail }) => profileEmail.split('@')[1]);

  it('stops between batches, says so above the header, and its result proves no row', async () => {
    const center = build({ batchRows: 2 });
    const { result, record } = uploadFile(center, 'a.csv', bytesOf(content), { stopAfterBatches: 1 });
    expect(record).toMatchObject({ applied: 2, untouched: 2 });
    expect(emails(center)).toEqual(['new.example', 'new.example', 'old.example', 'old.example']);
    const reading = await readBack(result, content);
    expect(reading.critical).toContain('Processing stopped');
    expect(reading.rows.map(({ outcome }) => outcome)).toEqual(['untouched', 'untouched', 'untouched', 'untouched']);
  });

  it('refuses rows by address or by chance, and chance repeats with the seed', async () => {
    const center = build();
    const { result } = uploadFile(center, 'a.csv', bytesOf(content), { refuseEmails: ['bo@old.example'] });
    expect((await readBack(result, content)).rows.map(({ outcome }) => outcome)).toEqual(['done', 'refused', 'done', 'done']);
    const [first, second] = [build(), build()].map((one) => {
      uploadFile(one, 'a.csv', bytesOf(content), { refusePercent: 50 });
      return emails(one);
    });
    expect(first).toEqual(second);
  });
});

describe('the first scan', () => {
  const header = 'existing_email_address,invited_email_address,unique_user_id';

  test.for([
    ['a file saved with semicolons', `${header}\nann@old.example,ann@new.example,E1\n`.replaceAll(',', ';')],
    ['a column that is not in the template', 'invited_email_address,license_type\nann@old.example,Advanced\n'],
    ['a column that stands twice', 'invited_email_address,invited_email_address\na@old.example,b@old.example\n'],
    ['two ID columns', 'invited_email_address,unique_user_id,employee_id\nann@old.example,1,2\n'],
    ['a row of another width', `${header}\nann@old.example,ann@new.example\n`],
    ['a row without an address', `${header}\nann@old.example,,E1\n`],
    ['a license status that is neither', 'invited_email_address,sales_license_current_status\nann@old.example,off\n'],
    ['a domain change without TRUE', 'existing_email_address,invited_email_address,domain_name_change\nann@old.example,ann@new.example,\n'],
    [
      'emails and licenses in one file',
      'existing_email_address,invited_email_address,sales_license_current_status\na@old.example,b@old.example,active\n',
    ],
    ['a header without rows', `${header}\n`],
    ['an empty file', ''],
    ['bytes that are no UTF-8', Buffer.from('invited_email_address,preferred_first_name\nann@old.example,Zo\xeb\n', 'latin1')],
    ['a quote that is never closed', `${header}\n"ann@old.example,ann@new.example,E1\n`],
  ] as const)('refuses %s, and nothing is done', ([, file]) => {
    const center = build();
    const before = structuredClone(center.people);
    const { result, record } = uploadFile(center, 'a.csv', Buffer.from(file));
    expect(record).toMatchObject({ applied: 0, critical: expect.any(String) });
    expect(center.people).toEqual(before);
    const [above, columns] = Buffer.from(result).toString().split('\r\n');
    expect(above).toBe(record.critical);
    expect(columns).toMatch(/,Messages$/);
  });

  it('refuses files over the limits', () => {
    const content = bytesOf(emailChange(['ann@old.example', 'ann@new.example'], ['bo@old.example', 'bo@new.example']));
    expect(uploadFile(build({ largestUpload: { rows: 1, bytes: 1_000 } }), 'a.csv', content).record.critical).toContain('too many rows');
    expect(uploadFile(build({ largestUpload: { rows: 9, bytes: 50 } }), 'a.csv', content).record.critical).toContain('too large');
  });

  it('comes back as a critical error that leaves every row untouched', async () => {
    const content = emailChange(['ann@old.example', 'ann@new.example']);
    const { result } = uploadFile(build(), 'a.csv', bytesOf(content), { firstScan: true });
    expect(await readBack(result, content)).toMatchObject({
      critical: 'The file could not be processed.',
      rows: [{ outcome: 'untouched' }],
    });
  });

  it('lets a file change emails and licenses where the setting allows it', () => {
    const center = build({ combinedKinds: 'applied' });
    upload(
      center,
      'existing_email_address,invited_email_address,sales_license_current_status\r\nann@old.example,ann@new.example,inactive\r\n',
    );
    expect(who(center, 'ann@new.example').license).toBe('none');
  });
});

it('keeps a byte order mark, quotes, commas and line breaks of a file apart from its values', () => {
  const center = build();
  upload(center, '\uFEFFinvited_email_address,preferred_last_name\r\n"ann@old.example","Roe, ""Jr""\r\nII"\r\nbo@old.example,Lee');
  expect(who(center, 'ann@old.example').familyName).toBe('Roe, "Jr"\r\nII');
  expect(who(center, 'bo@old.example').familyName).toBe('Lee');
});

it('writes down every write of a person with its upload, and nothing for what held already', () => {
  const center = build();
  upload(center, emailChange(['ann@old.example', 'ann@new.example', 'E1']));
  upload(center, licenseChange('license-off', 'ann@new.example'));
  upload(center, licenseChange('license-off', 'ann@new.example'));
  const { id } = who(center, 'ann@new.example');
  expect(center.journal.map(({ person, what, upload: number, from, to }) => [person, what, number, from, to])).toEqual([
    [id, 'email', 1, 'ann@old.example', 'ann@new.example'],
    [id, 'license-email', null, 'ann@old.example', 'ann@new.example'],
    [id, 'license-removed', 2, plus, ''],
  ]);
  expect(center.uploads.map(({ number, applied, unchanged }) => [number, applied, unchanged])).toEqual([
    [1, 1, 0],
    [2, 1, 0],
    [3, 0, 1],
  ]);
});

it('works through 10,000 rows whole', () => {
  const people = Array.from({ length: 10_000 }, (_, n) => ({ profileEmail: `p${n}@old.example`, license: 'activated' as const }));
  const center = build({ licenses: { [plus]: 10_000 } }, people);
  const emails = people.map((_, n) => `p${n}@new.example`);
  const changes = people.map(({ profileEmail }, n) => [profileEmail, emails[n]!] as const);
  for (const content of [emailChange(...changes), licenseChange('license-off', ...emails), licenseChange('license-on', ...emails)])
    expect(upload(center, content).record).toMatchObject({ rows: 10_000, applied: 10_000 });
  act(center, { do: 'accept-all' });
  expect(oracleOf(center)).toMatchObject({
    licenses: { [plus]: { assigned: 10_000, free: 0 } },
    assignments: { spent: 10_000 },
    withoutLicense: [],
  });
  expect(exportUsers(center, { status: 'activated' }).shown).toBe(10_000);
});
