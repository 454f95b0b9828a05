import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { FileOffers, Job, Overview, Plan } from '../../../server/api.ts';
import { crmCsv, licensesCsv, testPeople } from '../running-server.ts';
import { type Company, openTown, type Town } from './company.ts';

// Each is several comparisons and transactions: a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let town: Town;
beforeAll(async () => {
  town = await openTown();
});
afterAll(() => town?.stop());

/** Lines as Admin Center's own export has them. */
const exported = (lines: readonly Readonly<Record<string, string>>[]): string => {
  const columns = [
    'seat_id',
    'invited_email_address',
    'preferred_first_name',
    'preferred_last_name',
    'unique_user_id',
    'sales_license_current_status',
    'license_status',
    'license_type',
    'crm_sync_status',
    'managed_by',
  ];
  const usual = { sales_license_current_status: 'active', license_status: 'Activated', license_type: 'Sales Navigator Advanced Plus' };
  const rows = lines.map((line) => {
    const cells: Readonly<Record<string, string>> = { ...usual, ...line };
    return columns.map((column) => cells[column] ?? '').join(',');
  });
  return [columns.join(','), ...rows, ''].join('\n');
};
/** Users as Salesforce exports them. */
const salesforce = (
  rows: readonly (readonly [id: string, email: string, name: string, employeeNumber?: string, active?: string])[],
): string =>
  [
    'Id,Email,Name,IsActive,EmployeeNumber,UserType',
    ...rows.map(
      ([id, email, name, number = '', active = 'true']) =>
        `0055g00000${id.padStart(5, '0')}AAA,${email},${name},${active},${number},Standard`,
    ),
    '',
  ].join('\n');

/** Somebody as both lists begin with them; `license` and `crm` are the emails. */
interface Somebody {
  readonly seat: string;
  readonly name: string;
  readonly number?: string;
  readonly license: string;
  readonly crm?: string;
  readonly more?: Readonly<Record<string, string>>;
}
const lists = (people: readonly Somebody[]): { readonly licenses: string; readonly crm: string } => ({
  licenses: exported(
    people.map(({ seat, name, number = '', license, more }) => ({
      seat_id: seat,
      invited_email_address: license,
      preferred_first_name: name.split(' ')[0]!,
      preferred_last_name: name.split(' ').slice(1).join(' '),
      unique_user_id: number,
      ...more,
    })),
  ),
  crm: salesforce(people.flatMap(({ seat, name, number = '', crm }) => (crm === undefined ? [] : [[seat, crm, name, number] as const]))),
});

/** Colleagues who match, so that one person is one of many. */
const colleagues: readonly Somebody[] = testPeople(12).map(({ id, given, family, crm }) => ({
  seat: `C${id}`,
  name: `${given} ${family}`,
  number: `E${id}`,
  license: crm!,
  crm: crm!,
}));
const among = (...people: readonly Somebody[]) => lists([...colleagues, ...people]);

const inSync = ['Matched', 'The license and Salesforce have the same email, and the license is active.', 'Nothing to do.'] as const;

/** LinkedIn's CRM job runs, and everybody is compared again. */
async function dayAfter(company: Company): Promise<void> {
  company.pass(30);
  const { state } = await company.compareNow();
  expect(state).toBe('done');
}

async function repaired(company: Company, plan: Plan): Promise<void> {
  await company.until(async () => ((await company.rematches(plan)).every(({ ended }) => ended === 'repaired') ? true : null));
}

const month = (): string => new Date().toISOString().slice(0, 7);
/** A contract where full rematches are possible. */
const roomy = () => ({ assignments: { month: month(), limit: 50, used: 0 }, freeLicenses: 5 });

/** Emails agree, LinkedIn shows Not Matched: who gets the whole procedure. */
const disagreeing = (n: number): readonly Somebody[] =>
  Array.from({ length: n }, (_, k) => ({
    seat: `S${k}`,
    name: `Person Number${k}`,
    number: `P${k}`,
    license: `person.number${k}@acme.example`,
    crm: `person.number${k}@acme.example`,
    more: { crm_sync_status: 'Not Matched' },
  }));

/** One sitting from the answers to the proof that everybody has their license again. */
async function sit(company: Company, plan: Plan): Promise<void> {
  for (const { id, question } of await company.rematches(plan))
    if (question && question.answer === null)
      await company.ok('answerRematch', { params: { id }, body: { answer: 'confirmed', reason: 'Said so on the phone.' } });
  await company.prove(plan);
  await company.ok('planSitting', { params: { id: plan.id }, body: { plannedFor: null } });
  await company.upload(plan);
  await company.prove(plan);
  await company.ok('makeFile', { params: { id: plan.id } });
  await company.upload(plan);
  await company.prove(plan);
}

const someDay = String.raw`\d{1,2} \w+ \d{4}`;
const saying = (pattern: string) => expect.stringMatching(new RegExp(`^${pattern}$`, 'u'));

describe('from reconciliation to the last sentence shown', () => {
  test('marriage: the same person with a new name gets the new email, and syncs', async () => {
    const anna = { seat: 'S1', name: 'Anna Smith', number: 'M1', license: 'anna.smith@acme.example' };
    const { licenses } = among(anna);
    const { crm } = among({ ...anna, name: 'Anna Jones', crm: 'anna.jones@acme.example' });
    const company = await town.open({ name: 'Marriage', licenses, crm });
    await company.compareNow();
    expect(await company.words('S1')).toEqual([
      'Changed name',
      'Same person, new name in Salesforce. The license still has the old email.',
      'Check that the new mailbox works, then change the license email.',
    ]);
    const plan = await company.approve(await company.draft({ all: true }));
    expect(plan.approval.sentence).toBe('1 license email changes. No invitation is sent and no license is removed.');
    await company.carryEmails(plan);
    await dayAfter(company);
    await repaired(company, plan);
    expect(await company.words('S1')).toEqual(inSync);
  });

  test('domain change for 180: one root cause, three first, one file for the rest, and LinkedIn shows Matched', async () => {
    const moved = testPeople(200, (index) => index < 180);
    const company = await town.open({
      name: 'Domain change',
      licenses: licensesCsv(moved),
      crm: crmCsv(moved),
      linkedin: { licenses: { 'Sales Navigator Advanced Plus': 220 } },
    });
    await company.compareNow();
    await company.ok('changeSettings', { body: { domainAliases: [{ old: 'old-acme.example', current: 'acme.example' }] } });
    await company.compareNow();
    const before = await company.ok<Overview>('getOverview');
    const cause = before.rootCauses.find(({ repairKind }) => repairKind === 'domain-change-file')!;
    expect(cause).toMatchObject({ count: 180, of: 180, title: '180 of 180: old-acme.example became acme.example' });
    expect((await company.shown('LIC-0001')).sentence).toBe(
      'The license has old-acme.example, Salesforce has acme.example. 180 people share this cause.',
    );
    const plan = await company.approve(await company.draft({ rootCause: cause.id }));
    expect(plan.approval.sentence).toBe('180 license emails change. No invitation is sent and no license is removed.');
    expect(plan.files.map(({ rows }) => rows)).toEqual([3, 177]);
    await company.carryEmails(plan);
    expect((await company.job(plan)).end).toContain('180 emails agree');
    await dayAfter(company);
    await repaired(company, plan);
    expect((await company.ok<Overview>('getOverview')).headline).toMatchObject({ seats: 200, seatsThatSync: 200 });
    expect(await company.words('LIC-0180')).toEqual(inSync);
  });

  test('leaver → successor: the license goes on to the one who follows, and the leaver’s profile is renamed by nobody', async () => {
    const leaver = { seat: 'S1', name: 'Lea Went', number: 'L1', license: 'lea.went@acme.example', crm: 'lea.went@acme.example' };
    const next = {
      seat: 'S2',
      name: 'Nia Comes',
      number: 'N1',
      license: 'nia.comes@acme.example',
      crm: 'nia.comes@acme.example',
      more: { sales_license_current_status: 'inactive', license_status: 'No license', license_type: '' },
    };
    const { licenses, crm } = among(leaver, next);
    const company = await town.open({
      name: 'Hand-over',
      licenses,
      crm: crm.replace(/(lea\.went@acme\.example,Lea Went),true/u, '$1,false'),
      settings: roomy(),
    });
    await company.compareNow();
    expect(await company.words('S1')).toEqual([
      'Inactive in CRM',
      'Lea Went is inactive in Salesforce, but still holds a license.',
      'If they left, take the license back. If on leave, add an exception.',
    ]);
    const plan = await company.approve(await company.draft({ mode: 'full', handOver: { leaver: 'S1', successor: 'S2' } }));
    await company.prove(plan);
    await company.ok('planSitting', { params: { id: plan.id }, body: { plannedFor: null } });
    await company.upload(plan);
    await company.prove(plan);
    await company.ok('makeFile', { params: { id: plan.id } });
    await company.upload(plan);
    await company.prove(plan);
    const holders = company.center.people.filter(({ uniqueUserId }) => uniqueUserId === 'L1' || uniqueUserId === 'N1');
    expect(holders.map(({ profileEmail, license }) => [profileEmail, license])).toEqual([
      ['lea.went@acme.example', 'none'],
      ['nia.comes@acme.example', 'invited'],
    ]);
    await company.compareNow();
    expect(await company.words('S2')).toEqual([
      'Repair running',
      'Step 7 of 8: accept the invitation. License now: given, invitation open.',
      'The person: accept the new invitation.',
    ]);
  });

  test('two CRMs: somebody of the other CRM is evidence, and their address never a target', async () => {
    const company = await town.open({
      name: 'Two CRMs',
      ...among({ seat: 'S1', name: 'Hugo Spot', license: 'hugo.spot@acme.example' }),
      settings: { otherCrms: [{ crmName: 'HubSpot', emails: ['hugo.spot@acme.example'] }] },
    });
    await company.compareNow();
    const words = [
      'In another CRM',
      'This email is in HubSpot, but LinkedIn syncs with Salesforce.',
      'Add the person to Salesforce, or leave them with an exception.',
    ];
    expect(await company.words('S1')).toEqual(words);
    const plan = await company.draft({ licenseIds: ['S1'] });
    expect(plan).toMatchObject({ people: 0, leftOut: [{ licenseId: 'S1', sentence: words[1], nextStep: words[2] }] });
    const { detail } = await company.refused('approvePlan', { params: { id: plan.id }, body: { seal: plan.seal } });
    expect(detail).toBe('Nobody is left in this plan.');
    await company.ok('createException', { body: { licenseId: 'S1', reason: 'works in HubSpot', until: '2099-01-31' } });
    await company.compareNow();
    expect(await company.words('S1')).toEqual([
      'Exception',
      'Left alone until 31 January 2099 by Admin: works in HubSpot.',
      'Nothing to do. We ask again on 31 January 2099.',
    ]);
  });

  test('contractor: an address outside the company is no target until it is released for this person', async () => {
    const company = await town.open({
      name: 'Contractor',
      ...among({
        seat: 'S1',
        name: 'Cora Tractor',
        number: 'X1',
        license: 'cora.tractor+sn@agency.example',
        crm: 'cora.tractor@agency.example',
      }),
    });
    await company.compareNow();
    expect((await company.shown('S1')).label).toBe('Extra +tag');
    const plan = await company.draft({ licenseIds: ['S1'] });
    expect(plan).toMatchObject({
      people: 0,
      leftOut: [{ sentence: 'The new address is not on one of your company domains. Release it for this person, or correct Salesforce.' }],
    });
    await company.ok('changeSettings', { body: { releasedPeople: ['S1'] } });
    const released = await company.approve(await company.draft({ licenseIds: ['S1'] }));
    await company.carryEmails(released);
    await dayAfter(company);
    await repaired(company, released);
    expect(await company.words('S1')).toEqual(inSync);
  });

  test('namesakes: nobody is chosen by name alone; a link says who it is, and the email follows', async () => {
    const { licenses } = among({ seat: 'S1', name: 'Max Weber', license: 'max.weber@old-acme.example' });
    const company = await town.open({
      name: 'Namesakes',
      licenses,
      crm: salesforce([
        ...colleagues.map(({ seat, name, number, crm }) => [seat, crm!, name, number!] as const),
        ['W1', 'max.weber1@acme.example', 'Max Weber', 'W1'],
        ['W2', 'max.weber2@acme.example', 'Max Weber', 'W2'],
      ]),
    });
    await company.compareNow();
    expect(await company.words('S1')).toEqual([
      'Same name',
      '2 people in Salesforce have this name and no ID tells them apart.',
      'Ask the person or their manager, then link the right one.',
    ]);
    expect((await company.draft({ licenseIds: ['S1'] })).people).toBe(0);
    const [first] = (await company.shown('S1')).suggestions;
    await company.ok('createLink', { body: { licenseId: 'S1', crmUserId: first!.crmUserId, note: 'Asked his manager.' } });
    await company.compareNow();
    expect((await company.shown('S1')).sentence).toMatch(/^(This is Max Weber by the link an admin made|The license has old-acme)/u);
    const plan = await company.approve(await company.draft({ licenseIds: ['S1'] }));
    await company.carryEmails(plan);
    await dayAfter(company);
    await repaired(company, plan);
    expect(await company.words('S1')).toEqual(inSync);
  });

  test('Okta owns half: those go to the identity team as a file, the others are repaired, and a read closes both', async () => {
    const eight = Array.from(
      { length: 8 },
      (_, k): Somebody => ({
        seat: `S${k}`,
        name: `Person Number${k}`,
        number: `P${k}`,
        license: `person.number${k}@old-acme.example`,
        crm: `person.number${k}@acme.example`,
        ...(k < 4 ? { more: { managed_by: 'Okta' } } : {}),
      }),
    );
    const company = await town.open({
      name: 'Okta',
      ...among(...eight),
      settings: { idpName: 'Okta', domainAliases: [{ old: 'old-acme.example', current: 'acme.example' }] },
    });
    await company.compareNow();
    expect(await company.words('S0')).toEqual([
      'Change it in Okta',
      'Okta controls this license. A change made in LinkedIn would be undone.',
      'Send the request file to your identity team.',
    ]);
    const draft = await company.draft({ all: true });
    expect(draft.lists.find(({ name }) => name === 'identity-request.csv')).toMatchObject({ rows: 4, actor: 'identity-team' });
    const request = await company.ok<string>('getPlanList', { params: { id: draft.id, name: 'identity-request.csv' } });
    expect(request.trimEnd().split('\n')).toHaveLength(5);
    const plan = await company.approve(draft);
    expect(plan.people).toBe(4);
    await company.carryEmails(plan);
    for (const k of [0, 1, 2, 3])
      company.act({ do: 'set-idp-email', person: `person.number${k}@old-acme.example`, email: `person.number${k}@acme.example` });
    await dayAfter(company);
    await repaired(company, plan);
    expect(await company.words('S0')).toEqual(inSync);
    expect(await company.words('S7')).toEqual(inSync);
  });

  test('sub-admin only: the page says whom to send it to', async () => {
    const company = await town.open({
      name: 'Sub-admin',
      ...among({ seat: 'S1', name: 'Sue Badmin', number: 'B1', license: 's.badmin@acme.example', crm: 'sue.badmin@acme.example' }),
    });
    await company.compareNow();
    const plan = await company.approve(await company.draft({ all: true, assignee: 'Fay Ulladmin', backup: 'Bo Ackup' }));
    const job = await company.job(plan);
    expect(job.assignee).toBe('Fay Ulladmin');
    expect(job.notYou).toBe('Not you? Send this page to Fay Ulladmin.');
    const alone = await company.draft({ all: true });
    expect((await company.ok<Job>('getJob', { params: { id: alone.id } })).notYou).toBe('Not you? Send this page to a full admin.');
  });

  test('no free seat and 2 assignments left: two people, one at a time, and the others wait for the month', async () => {
    const company = await town.open({
      name: 'Ledger',
      ...among(...disagreeing(4)),
      settings: { assignments: { month: month(), limit: 9, used: 6 }, freeLicenses: 0 },
      linkedin: { licenses: { 'Sales Navigator Advanced Plus': 16 } },
    });
    await company.compareNow();
    const ids = ['S0', 'S1', 'S2', 'S3'];
    const plan = await company.approve(await company.draft({ licenseIds: ids, mode: 'full' }));
    expect(plan.notes).toEqual([
      saying(`4 full rematches need 4 assignments; 2 are left until ${someDay}\\. 2 people wait\\.`),
      'No license is free, so full rematches run one at a time.',
      'Saved leads, lists and notes belong to one dashboard. LinkedIn does not say whether they outlast taking a license and giving it again.',
    ]);
    expect(plan.files.map(({ kind, rows }) => [kind, rows])).toEqual([
      ['license-off', 1],
      ['license-on', 1],
      ['license-off', 1],
      ['license-on', 1],
    ]);
    await sit(company, plan);
    company.act({ do: 'accept-all' });
    await sit(company, plan);
    expect(company.center.people.every(({ license }) => license !== 'none')).toBe(true);
    // What our own repairs spent counts, although nobody typed it in.
    await company.compareNow();
    const rest = await company.draft({ licenseIds: ids, mode: 'full' });
    expect(rest.people).toBe(0);
    expect(rest.leftOut.map(({ sentence }) => sentence)).toContainEqual(
      saying(`2 full rematches need 2 assignments; 0 are left until ${someDay}\\. 2 people wait\\.`),
    );
  });

  test('export 9 days old: explained with a banner, nothing planned, and repaired from a new one', async () => {
    const company = await town.open({
      name: 'Old export',
      ...among({ seat: 'S1', name: 'Ole Dexport', number: 'O1', license: 'o.dexport@acme.example', crm: 'ole.dexport@acme.example' }),
    });
    const nineDaysAgo = new Date(Date.now() - 9 * 24 * 3_600_000).toISOString();
    await company.compareNow({ exportedAt: nineDaysAgo });
    const { banners } = await company.ok<Overview>('getOverview');
    expect(banners).toContainEqual(expect.objectContaining({ kind: 'stale' }));
    const plan = await company.draft({ all: true });
    expect(plan.trips.map(({ sentence }) => sentence)).toEqual([
      'Your LinkedIn export is 9 days old; for email changes it may be 3 days. Nothing was changed.',
    ]);
    const full = await company.draft({ licenseIds: ['S1'], mode: 'full' });
    expect(full.trips.map(({ sentence }) => sentence)).toContain(
      'Your LinkedIn export is 9 days old; for removals it may be 24 hours. Nothing was changed.',
    );
    const { status, detail } = await company.refused('approvePlan', { params: { id: plan.id }, body: { seal: plan.seal } });
    expect([status, detail]).toEqual([
      409,
      expect.stringContaining('Nothing was changed. Download a new export in Admin Center, then plan again.'),
    ]);
    await company.compareNow();
    const fresh = await company.approve(await company.draft({ all: true }));
    await company.carryEmails(fresh);
    await dayAfter(company);
    await repaired(company, fresh);
    expect(await company.words('S1')).toEqual(inSync);
  });

  test('sandbox by mistake: held with a question, looked at, and never planned from', async () => {
    const { licenses, crm } = among();
    const company = await town.open({ name: 'Sandbox', licenses, crm: crm.replaceAll('@acme.example', '@acme.example.invalid') });
    const held = await company.compareNow({ answers: {} });
    expect(held).toMatchObject({ state: 'held', question: { id: 'sandbox' } });
    await company.ok('answerReconciliation', { params: { id: held.id }, body: { answer: 'release' } });
    expect(await company.settled(held.id)).toMatchObject({ state: 'done' });
    const { refusal } = await company.ok<FileOffers>('listFiles', { params: { id: held.id } });
    expect(refusal).toContain('This is a Salesforce sandbox (crm.csv). You can look, but nothing will be planned from it.');
    const plan = await company.draft({ all: true });
    expect(plan.trips.map(({ sentence }) => sentence)).toContain(
      'This is a Salesforce sandbox (crm.csv). You can look, but nothing will be planned from it.',
    );
    expect((await company.refused('approvePlan', { params: { id: plan.id }, body: { seal: plan.seal } })).status).toBe(409);
  });

  test('never accepted: five working days after the license came back somebody is told to call', async () => {
    const company = await town.open({ name: 'Never accepted', ...among(...disagreeing(1)), settings: roomy() });
    await company.compareNow();
    const plan = await company.approve(await company.draft({ licenseIds: ['S0'], mode: 'full' }));
    expect(plan.approval.sentence).toBe('1 person loses access until they accept a new invitation. 1 assignment is used.');
    await sit(company, plan);
    company.pass(8 * 24);
    await company.prove(plan);
    expect(await company.words('S0')).toEqual([
      "Can't get in",
      saying(`License given back on ${someDay}; the new invitation is not accepted after 8 days\\.`),
      'Call them. Send the activation link and the troubleshooting guide.',
    ]);
    const { rows } = await company.ok<{ rows: { kind: string; sentence: string }[] }>('listAlarms');
    expect(rows).toContainEqual(
      expect.objectContaining({ kind: 'stuck-onboarding', sentence: 'Person Number0 has not accepted the new invitation. Call them.' }),
    );
  });

  test('CRM email wrong: the CRM is corrected by a list, and LinkedIn stays as it is', async () => {
    const wrong = { seat: 'S1', name: 'Wanda Rong', number: 'R1', license: 'wanda.rong@acme.example', crm: 'wanda77@mail.example' };
    const company = await town.open({ name: 'CRM wrong', ...among(wrong) });
    await company.compareNow();
    expect(await company.words('S1')).toEqual([
      'CRM email looks wrong',
      'The license email fits your company; the one in Salesforce does not: the CRM email is a private address.',
      'Correct the email in Salesforce. LinkedIn stays as it is.',
    ]);
    const plan = await company.draft({ all: true });
    expect(plan).toMatchObject({ people: 0, files: [], lists: [{ name: 'crm-change-list.csv', rows: 1, actor: 'crm-admin' }] });
    const list = await company.ok<string>('getPlanList', { params: { id: plan.id, name: 'crm-change-list.csv' } });
    expect(list).toContain('wanda77@mail.example,wanda.rong@acme.example');
    company.setCrm(among({ ...wrong, crm: wrong.license }).crm);
    await dayAfter(company);
    expect(await company.words('S1')).toEqual(inSync);
    expect(company.center.journal.filter(({ what }) => what === 'email')).toEqual([]);
  });

  test('8 seats: three are more than the limit, one person is always allowed', async () => {
    const eight = [
      ...colleagues.slice(0, 5),
      ...[1, 2, 3].map((k) => ({
        seat: `S${k}`,
        name: `Person Number${k}`,
        number: `P${k}`,
        license: `p${k}@acme.example`,
        crm: `person.number${k}@acme.example`,
      })),
    ];
    const company = await town.open({ name: 'Eight seats', ...lists(eight) });
    await company.compareNow();
    const three = await company.draft({ all: true });
    expect(three.trips.map(({ sentence }) => sentence)).toEqual(['This plan changes 3 of 8 people; your limit is 2. Nothing was changed.']);
    expect((await company.refused('approvePlan', { params: { id: three.id }, body: { seal: three.seal } })).status).toBe(409);
    const one = await company.approve(await company.draft({ licenseIds: ['S1'] }));
    await company.carryEmails(one);
    await dayAfter(company);
    await repaired(company, one);
    expect(await company.words('S1')).toEqual(inSync);
  });

  test('wrong profile at onboarding: somebody who looks notices, and the person is asked', async () => {
    const company = await town.open({ name: 'Wrong profile', ...among(...disagreeing(1)), settings: roomy() });
    await company.compareNow();
    const plan = await company.approve(await company.draft({ licenseIds: ['S0'], mode: 'full' }));
    await sit(company, plan);
    company.act({ do: 'accept', person: 'person.number0@acme.example', wrongProfile: true });
    await dayAfter(company);
    await repaired(company, plan);
    await company.ok('changeSettings', { body: { duplicateProfiles: ['S0'] } });
    await company.compareNow();
    expect(await company.words('S0')).toEqual([
      'Second LinkedIn profile?',
      'After the last invitation they seem to use a new, empty LinkedIn profile.',
      'Ask if they see their usual connections. If not, contact LinkedIn support.',
    ]);
  });
});
