import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type AdminCenter, hourMs, makeAdminCenter } from '../../../connectors/linkedin-files/simulator/admin-center.ts';
import { uploadFile } from '../../../connectors/linkedin-files/simulator/bulk-upload.ts';
import { exportUsers } from '../../../connectors/linkedin-files/simulator/export-users.ts';
import { peopleOfExport } from '../../../connectors/linkedin-files/simulator/seed-people.ts';
import type { FirstInvitations, Groups, LicenseHolderRow, Licenses, NewUserFiles } from '../../../server/api.ts';
import { startTestServer, type TestServer } from '../running-server.ts';

vi.setConfig({ testTimeout: 60_000 });

const dayMs = 24 * hourMs;
const day = (ago: number) => new Date(Date.now() - ago * dayMs).toISOString().slice(0, 10);

/** number, name, license status, license type, permission, groups, days since the last access, team in the CRM, whether active there. */
type Row = readonly [
  n: number,
  name: string,
  status: string,
  type: string,
  permission: string,
  groups: string,
  access: number | null,
  team: string | null,
  active: boolean,
];
const plus = 'Sales Navigator Advanced Plus';
const rows: readonly Row[] = [
  [1, 'Anna Ahl', 'Activated', plus, 'admin', 'Sales', 2, 'Sales', true],
  [2, 'Bo Berg', 'Activated', plus, '', 'Sales', 90, 'Sales', true],
  [3, 'Cem Cole', 'Invited', plus, '', 'Sales', null, 'Partners', true],
  [4, 'Dora Dinh', 'Activated', 'Sales Navigator Advanced', 'reporting', 'Partners', 1, 'Sales', true],
  [5, 'Emil Engel', 'Activated', plus, '', 'Sales, Pilot', 40, 'Sales', false],
  [6, 'Fay Fiore', 'Activated', plus, '', '', null, 'Sales', true],
  [7, 'Gus Gray', 'No license', '', 'admin', '', null, null, true],
  [8, 'Hana Holm', 'No license', '', '', '', null, 'Sales', true],
  [9, 'Igor Ito', '-', '', '', '', null, 'Sales', true],
  [10, 'Jule Janda', '-', '', '', '', null, 'Sales', true],
];
const email = (name: string) => `${name.toLowerCase().replace(' ', '.')}@acme.example`;
const licensesCsv = [
  'seat_id,invited_email_address,preferred_first_name,preferred_last_name,unique_user_id,license_status,license_type,admin_permission,groups,last_access_date',
  ...rows
    .filter(([, , status]) => status !== '-')
    .map(
      ([n, name, status, type, permission, groups, access]) =>
        `${status === 'Activated' ? `LIC-${n}` : ''},${email(name)},${name.replace(' ', ',')},E${n},${status},${type},${permission},"${groups}",${access === null ? '' : day(access)}`,
    ),
  '',
].join('\n');
const crmCsv = [
  'Id,Email,FirstName,LastName,Name,IsActive,EmployeeNumber,Department,UserType',
  ...rows
    .filter(([, , , , , , , team]) => team !== null)
    .map(
      ([n, name, , , , , , team, active]) =>
        `0055g000000000${String(n).padStart(2, '0')}AA,${email(name)},${name.replace(' ', ',')},${name},${active},${n === 10 ? 'E1' : `E${n}`},${team},Standard`,
    ),
  '',
].join('\n');

let server: TestServer;
let center: AdminCenter;
beforeAll(async () => {
  server = await startTestServer();
  await server.ok('changeSettings', {
    body: {
      seatScope: { field: 'department', values: ['Sales'] },
      companyDomains: ['acme.example'],
      crm: 'salesforce',
      crmName: 'Salesforce',
    },
  });
  center = makeAdminCenter({
    now: new Date(Date.now() - hourMs).toISOString(),
    people: peopleOfExport(licensesCsv),
    crmEmails: rows.map(([, name]) => email(name)),
  });
  await compare();
});
afterAll(() => server?.stop());

async function compare(): Promise<void> {
  const { csv, shown } = exportUsers(center);
  expect((await server.compare(csv, crmCsv, { adminCenterCount: shown })).state).toBe('done');
}

const licenses = () => server.ok<Licenses>('getLicenses');
const numbers = async () => Object.fromEntries((await licenses()).numbers.map(({ id, value }) => [id, value]));
const holders = async (query: Record<string, string>) =>
  (await server.ok<{ rows: LicenseHolderRow[]; total: number }>('listLicenseHolders', { query })).rows.map(({ name }) => name);
const factsNow = async () => (await server.ok<{ contractFacts: Record<string, unknown> }>('getSettings')).contractFacts;
const say = async (facts: object) => server.ok('changeSettings', { body: { contractFacts: { ...(await factsNow()), ...facts } } });

describe('licenses in numbers', () => {
  test('are told before anybody says what was bought, and what is free after', async () => {
    expect(await numbers()).toEqual({ purchased: null, assigned: 6, activated: 5, invited: 1, free: null });
    expect((await licenses()).advice.kind).toBe('unknown');
    await say({ purchased: { advancedPlus: 6, advanced: 1, teamLinkExtend: null }, bought: 'online' });
    expect(await numbers()).toMatchObject({ purchased: 7, free: 1 });
    const { kinds, notCounted, advice, facts } = await licenses();
    expect(kinds.map(({ kind, assigned, purchased, canSync }) => [kind, assigned, purchased, canSync])).toEqual([
      ['advanced-plus', 5, 6, true],
      ['advanced', 1, 1, false],
    ]);
    expect(notCounted).toMatchObject({ adminOnly: 1, unassigned: 1 });
    // One is free and one is with a leaver; three of the sales team have none.
    expect(advice).toMatchObject({ kind: 'buy', count: 1 });
    expect(advice.steps.map(({ sentence }) => sentence)).toContain('You bought online: buy more licenses in Admin Center yourself.');
    expect(facts.questions).not.toContainEqual(expect.stringContaining('How many licenses'));
  });

  test('name whom to look at: leavers, idle people, licenses that cannot sync, not in the group of the team', async () => {
    const { lists } = await licenses();
    expect(lists.map(({ view, count }) => [view, count])).toEqual([
      ['leavers', 1],
      ['idle', 1],
      ['cannot-sync', 1],
      ['invited', 1],
      ['other-team', 3],
    ]);
    expect(lists[1]!.sentence).toBe(
      '1 person did not open Sales Navigator for 60 days or more. Of 1 the list has no last access, which is not the same as none.',
    );
    expect(await holders({ view: 'leavers' })).toEqual(['Emil Engel']);
    expect(await holders({ view: 'idle' })).toEqual(['Bo Berg']);
    expect(await holders({ view: 'cannot-sync' })).toEqual(['Dora Dinh']);
    expect(await holders({ view: 'other-team' })).toEqual(['Cem Cole', 'Dora Dinh', 'Fay Fiore']);
    expect(await holders({ group: 'Pilot' })).toEqual(['Emil Engel']);
    expect(await holders({ permission: 'full-admin' })).toEqual(['Anna Ahl']);
    expect(await holders({ search: 'FIORE' })).toEqual(['Fay Fiore']);
  });

  test('follow the setting of how long nobody came', async () => {
    await server.ok('changeSettings', { body: { limits: { idleDays: 100 } } });
    expect(await holders({ view: 'idle' })).toEqual([]);
    await server.ok('changeSettings', { body: { limits: { idleDays: 60 } } });
  });

  test('come page by page and as a file', async () => {
    type Page = { rows: LicenseHolderRow[]; total: number; next: string | null };
    const first = await server.ok<Page>('listLicenseHolders', { query: { limit: '4' } });
    const second = await server.ok<Page>('listLicenseHolders', { query: { limit: '4', cursor: first.next! } });
    expect([first.total, ...[...first.rows, ...second.rows].map(({ name }) => name)]).toEqual([
      6,
      ...rows.slice(0, 6).map(([, name]) => name),
    ]);
    expect(second.next).toBeNull();
    expect(await server.refused('listLicenseHolders', { query: { cursor: 'x' } })).toMatchObject({ status: 400 });
    const csv = await server.ok<string>('getLicenseHoldersCsv', { query: { view: 'leavers' } });
    expect(csv.split('\r\n')[1]).toContain(
      'Emil Engel,emil.engel@acme.example,Sales Navigator Advanced Plus,Activated,User,Sales; Pilot,Sales,',
    );
  });
});

describe('groups and permissions', () => {
  test('stand beside the CRM’s teams', async () => {
    const groups = await server.ok<Groups>('getGroups');
    expect(groups.groups.map(({ name, people }) => [name, people])).toEqual([
      ['Sales', 4],
      ['Partners', 1],
      ['Pilot', 1],
    ]);
    expect(groups).toMatchObject({ withoutGroup: 1, elsewhere: { count: 3 }, teamsWithoutGroup: [] });
    expect(groups.permissions.map(({ permission, withLicense, withoutLicense }) => [permission, withLicense, withoutLicense])).toEqual([
      ['full-admin', 1, [{ name: 'Gus Gray', email: 'gus.gray@acme.example' }]],
      ['sub-admin', 0, []],
      ['reporting', 1, []],
      ['user', 4, []],
    ]);
  });
});

describe('CRM users without a license', () => {
  test('are held until they were asked to add their work email, or until somebody goes on and says why', async () => {
    const offered = await server.ok<NewUserFiles>('getNewUsers');
    expect(offered).toMatchObject({ rows: [], files: [], blocks: [] });
    const igor = offered.notAdded.find(({ name }) => name === 'Igor Ito')!;
    expect(igor.code).toBe('not-asked');
    const rowOfIgor = async () => (await server.ok<FirstInvitations>('listFirstInvitations')).rows.find(({ key }) => key === igor.key)!;
    await server.ok('goOnFirst', { body: { keys: [igor.key], reason: 'Asked by phone' } });
    expect(await rowOfIgor()).toMatchObject({ ready: true, canGoOn: false, goOn: { reason: 'Asked by phone', author: 'Admin' } });
    expect((await server.ok<NewUserFiles>('getNewUsers')).rows.map(({ ready }) => ready)).toEqual([
      'Invited without an answer, says Admin: Asked by phone.',
    ]);
    await server.ok('goOnFirst', { body: { keys: [igor.key], reason: null } });
    expect(await rowOfIgor()).toMatchObject({ ready: false, canGoOn: true, goOn: null });
    await server.ok('askFirst', { body: { keys: [igor.key] } });
    expect((await server.ok<NewUserFiles>('getNewUsers')).notAdded.find(({ key }) => key === igor.key)!.code).toBe('not-answered');
    await server.ok('answerFirst', { body: { crmUserId: (await rowOfIgor()).crmUserId, answer: 'added' } });
    expect((await server.refused('goOnFirst', { body: { keys: ['crm:salesforce:nobody'], reason: 'x' } })).status).toBe(404);
  });

  test('are offered as a file and as addresses, without whoever is there already or has somebody’s number', async () => {
    const offered = await server.ok<NewUserFiles>('getNewUsers');
    expect(offered.rows.map(({ name, uniqueUserId }) => [name, uniqueUserId])).toEqual([['Igor Ito', 'E9']]);
    expect(offered.blocks).toEqual(['igor.ito@acme.example']);
    expect(offered.notAdded.map(({ name, code }) => [name, code])).toEqual([
      ['Hana Holm', 'in-linkedin'],
      ['Jule Janda', expect.stringMatching(/^(id-of-another|may-have-one)$/u)],
    ]);
    const left = await server.ok<NewUserFiles>('getNewUsers', { query: { leaveOut: offered.rows[0]!.key } });
    expect(left).toMatchObject({ rows: [], files: [] });
  });

  test('leave the list once an export shows them, and not before', async () => {
    const { files } = await server.ok<NewUserFiles>('getNewUsers');
    const text = await server.ok<string>('getNewUsersFile', { params: { name: files[0]!.name } });
    expect(text).toBe(
      'invited_email_address,preferred_first_name,preferred_last_name,unique_user_id,sales_license_current_status\r\nigor.ito@acme.example,Igor,Ito,E9,active\r\n',
    );
    expect((await server.ok<NewUserFiles>('getNewUsers')).rows).toHaveLength(1);
    uploadFile(center, files[0]!.name, new TextEncoder().encode(text));
    await compare();
    expect((await server.ok<NewUserFiles>('getNewUsers')).rows).toEqual([]);
    expect(await numbers()).toMatchObject({ assigned: 7, invited: 2, free: 0 });
    expect(await server.refused('getNewUsersFile', { params: { name: files[0]!.name } })).toMatchObject({ status: 404 });
  });

  test('are not offered from a list of which nobody knows whether it has everybody', async () => {
    expect((await server.compare(exportUsers(center).csv, crmCsv)).state).toBe('done');
    expect((await server.ok<NewUserFiles>('getNewUsers')).refusal).toContain('Nobody said how many users Admin Center shows');
  });
});
