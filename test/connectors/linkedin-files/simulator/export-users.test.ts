import { describe, expect, it } from 'vitest';
import { exportUsers, screenLabels } from '../../../../connectors/linkedin-files/simulator/export-users.ts';
import { oracleOf } from '../../../../connectors/linkedin-files/simulator/oracle.ts';
import { licensesOf, peopleOfExport } from '../../../../connectors/linkedin-files/simulator/seed-people.ts';
import { parseTable } from '../../../../connectors/linkedin-files/simulator/table.ts';
import { makeDemo } from '../../../../server/demo/make-demo.ts';
import { act, build, emailChange, licenseChange, plus, readExport, shownOf, start, upload } from './build.ts';

const emailsOf = async (csv: string): Promise<string[]> => [...(await readExport(csv)).byEmail.keys()];

describe('an export', () => {
  it('of everybody is recognised as complete by the number of users Admin Center shows', async () => {
    const { csv, shown, asOf } = exportUsers(build());
    expect(shown).toBe(4);
    expect(asOf).toBe(start);
    expect(await readExport(csv, shown)).toMatchObject({ kind: 'full-export', complete: true });
  });

  it('shows of a person what the product reads', async () => {
    const center = build();
    act(center, { do: 'set-crm-sync', person: 'ann@old.example', on: true });
    act(center, { do: 'advance', hours: 24 });
    expect(await shownOf(center, 'ann@old.example')).toEqual({
      seatId: expect.stringMatching(/^\d+$/),
      email: 'ann@old.example',
      givenName: 'Ann',
      familyName: 'Roe',
      uniqueUserId: 'E1',
      salesLicense: 'active',
      teamLinkLicense: 'inactive',
      licenseStatus: 'Activated',
      licenseType: plus,
      adminPermission: '',
      groups: 'West',
      lastAccess: '2026-11-21',
      invitedAt: '2026-11-21',
      activatedAt: '2026-11-21',
      crmSyncStatus: 'Not Matched',
      crmSync: 'On',
      managedBy: 'Manual',
    });
    expect(await shownOf(center, 'dee@old.example')).toMatchObject({
      seatId: '',
      licenseStatus: 'No license',
      crmSyncStatus: '',
      crmSync: '',
    });
  });

  it('is filtered by emails in any case, license status, license type and group', async () => {
    const center = build();
    expect(await emailsOf(exportUsers(center, { emails: ['ANN@old.example', 'nobody@old.example'] }).csv)).toEqual(['ann@old.example']);
    expect(await emailsOf(exportUsers(center, { status: 'none' }).csv)).toEqual(['dee@old.example']);
    expect(exportUsers(center, { licenseType: plus }).shown).toBe(3);
    expect(await emailsOf(exportUsers(center, { group: 'West' }).csv)).toEqual(['ann@old.example']);
  });

  it('holds the attributes that were picked, the email always among them', () => {
    const [header] = parseTable(exportUsers(build(), {}, { columns: ['license_status', 'seat_id'] }).csv);
    expect(header).toEqual(['seat_id', 'invited_email_address', 'license_status']);
  });

  it('is read in the spelling of the screen, with semicolons, other words and other dates', async () => {
    const { csv } = exportUsers(build(), {}, { headers: screenLabels, words: { activated: 'Active' }, dates: 'american', delimiter: ';' });
    const { byEmail } = await readExport(csv);
    expect(byEmail.get('ann@old.example')).toMatchObject({
      licenseStatus: 'Active',
      invitedAt: '11/21/2026',
      uniqueUserId: 'E1',
      groups: 'West',
    });
  });

  it('can hide the seat id of somebody who is not activated', async () => {
    const center = build({ seatIdShown: 'while-activated' });
    const { seatId } = await shownOf(center, 'ann@old.example');
    upload(center, licenseChange('license-off', 'ann@old.example'));
    expect(await shownOf(center, 'ann@old.example')).toMatchObject({ seatId: '' });
    upload(center, licenseChange('license-on', 'ann@old.example'));
    act(center, { do: 'accept', person: 'ann@old.example' });
    expect(await shownOf(center, 'ann@old.example')).toMatchObject({ seatId });
  });

  it('shows the address of the license, which follows the profile', async () => {
    const center = build({ emailSyncMinutes: 5 });
    upload(center, emailChange(['ann@old.example', 'ann@new.example']));
    expect(await emailsOf(exportUsers(center, { group: 'West' }).csv)).toEqual(['ann@old.example']);
    act(center, { do: 'advance', hours: 1 });
    expect(await emailsOf(exportUsers(center, { group: 'West' }).csv)).toEqual(['ann@new.example']);
  });

  it('lags an hour behind where the settings say so, each change by its own', async () => {
    const center = build({ shownAfterMinutes: { email: 60, licenseOff: 60, licenseOn: 60, other: 60 } });
    upload(center, emailChange(['ann@old.example', 'ann@new.example']));
    act(center, { do: 'advance', hours: 0.5 });
    upload(center, licenseChange('license-off', 'ann@new.example'));
    expect(await shownOf(center, 'ann@old.example')).toMatchObject({ licenseStatus: 'Activated' });
    act(center, { do: 'advance', hours: 0.5 });
    expect(await shownOf(center, 'ann@new.example')).toMatchObject({ licenseStatus: 'Activated' });
    act(center, { do: 'advance', hours: 0.5 });
    expect(await shownOf(center, 'ann@new.example')).toMatchObject({ licenseStatus: 'No license' });
  });

  it('read stale shows everybody as before the last upload, and may or may not admit it', async () => {
    const center = build();
    act(center, { do: 'advance', hours: 1 });
    upload(center, emailChange(['ann@old.example', 'ann@new.example']));
    upload(center, licenseChange('license-on', 'dee@old.example', 'new@old.example'));
    act(center, { do: 'advance', hours: 1 });
    const stale = exportUsers(center, {}, {}, { stale: { admits: false } });
    expect(stale.asOf).toBe('2026-11-21T11:00:00.000Z');
    const { byEmail } = await readExport(stale.csv);
    expect([...byEmail.keys()]).toEqual(['ann@new.example', 'bo@old.example', 'cem@old.example', 'dee@old.example']);
    expect(byEmail.get('dee@old.example')).toMatchObject({ licenseStatus: 'No license' });
    expect(Date.parse(exportUsers(center, {}, {}, { stale: { admits: true } }).asOf)).toBeLessThan(center.uploads.at(-1)!.at);
  });

  it('with lost rows has fewer than Admin Center shows', async () => {
    const { csv, shown } = exportUsers(build(), {}, {}, { lostRows: 1 });
    expect(await readExport(csv, shown)).toMatchObject({ kind: 'users', complete: false });
  });
});

it('an Admin Center that begins with the demo company’s export writes the same export', () => {
  for (const { licensesCsv, date } of makeDemo(20, new Date(start)).comparisons) {
    const people = peopleOfExport(licensesCsv);
    const center = build({ licenses: licensesOf(people, 3) }, people);
    expect(Object.values(oracleOf(center).licenses).map(({ free }) => free)).toEqual([3, 3]);
    const [header, ...rows] = parseTable(licensesCsv);
    const columns = parseTable(exportUsers(center).csv)[0]!;
    const exported = parseTable(exportUsers(center).csv).slice(1);
    const places = header!.map((column) => columns.indexOf(column));
    expect(
      exported.map((cells) => places.map((place) => cells[place])),
      date,
      // The demo has both of LinkedIn's words for it.
    ).toEqual(rows.map((cells) => cells.map((cell) => (cell === 'Unassigned' ? 'No license' : cell))));
  }
});
