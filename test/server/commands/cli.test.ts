import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { reportColumns } from '../../../server/core/findings-csv.ts';

import { type Ended, ended } from './ended.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const cli = path.join(root, 'server/cli.ts');
const folders: string[] = [];
let folder = '';

const crm = `Id,Email,FirstName,LastName,IsActive,EmployeeNumber,Department,UserType
u1,jane@acme.example,Jane,Roe,true,E1,Sales,Standard
u2,mark.stone@acme.example,Mark,Stone,true,E2,Sales,Standard
u3,ann@acme.example,Ann,Lee,true,E3,HR,Standard
u4,bot@acme.example,Bot,,true,,,AutomatedProcess
u1,again@acme.example,Jane,Again,true,,,Standard
`;
const licenses = `seat_id,invited_email_address,preferred_first_name,preferred_last_name,unique_user_id,license_status,license_type
s1,jane@acme.example,Jane,Roe,E1,Activated,Sales Navigator Advanced Plus
s2,mark@oldco.example,Mark,Stone,E2,Activated,Sales Navigator Advanced Plus
s3,nobody@acme.example,Xenia,Quist,,Activated,Sales Navigator Advanced Plus
s1,twice@acme.example,Twi,Ce,,Activated,Sales Navigator Advanced Plus
`;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'seatmatch-cli-'));
  folders.push(folder);
  writeFileSync(path.join(folder, 'crm.csv'), crm);
  writeFileSync(path.join(folder, 'licenses.csv'), licenses);
});
afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true });
});

/** Runs the command line as a person does, in the folder of the two files. */
const run = (...args: string[]): Promise<Ended> => ended(spawn(process.execPath, [cli, ...args], { cwd: folder }));
const both = ['--crm', 'crm.csv', '--licenses', 'licenses.csv'] as const;
const file = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
const put = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);
/** The statuses of a CSV report, by license id. */
const reasons = (csv: string): Record<string, string> =>
  Object.fromEntries(
    csv
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
      .map(([status, reason, id, , , , , user]) => [id || user, `${status}/${reason}`]),
  );

describe('reconcile', () => {
  test('takes the other addresses of the CRM’s users from a directory, and says how many', async () => {
    put(
      'okta.csv',
      'login,email,secondEmail,employeeNumber\nann.lee,ann@acme.example,nobody@acme.example,E3\nz,zoe@acme.example,zoe@oldco.example,E9\n',
    );
    const { code, out, err } = await run('reconcile', ...both, '--directory', 'okta.csv');
    expect(code, err).toBe(0);
    expect(reasons(out)).toMatchObject({ s1: 'matched/emails-agree', s3: 'not-matched/email-differs' });
    expect(err).toContain('okta.csv: 1 of 2 people are users of the CRM; 1 other address of theirs was taken.');
    expect((await run('reconcile', ...both, '--directory', 'nowhere.csv')).code).toBe(1);
  });

  test('says by which column it is known who manages somebody', async () => {
    put('licenses.csv', licenses.replace('license_type\n', 'license_type,Source\n').replaceAll('Advanced Plus\n', 'Advanced Plus,IdP\n'));
    const { out } = await run('reconcile', ...both, '--format', 'jsonl');
    const rows = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.find(({ license }) => license?.id === 's2')).toMatchObject({
      managedBy: 'idp',
      managedByEvidence: 'the column “Source” of the export says “IdP”',
    });
  });

  test('looks people up in other CRMs, and says in which of them somebody is, and as whom', async () => {
    put(
      'zoho.csv',
      'id,email,full_name,status\n4150868000000225007,Nobody@acme.example,Xenia Quist,active\n4150868000000225008,mark@oldco.example,Mark Stone,inactive\n',
    );
    put('other.csv', crm.replace('u1,jane@', 'x1,nobody@'));
    const { code, out, err } = await run('reconcile', ...both, '--other-crm', 'zoho.csv', '--other-crm', 'other.csv', '--format', 'jsonl');
    expect(code, err).toBe(0);
    const rows = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const xenia = rows.find(({ license }) => license?.id === 's3');
    expect(xenia).toMatchObject({
      reason: 'in-other-crm',
      sentence: 'This email is in Zoho CRM, but LinkedIn syncs with Salesforce.',
      otherCrmUsers: [
        { crmName: 'Zoho CRM', id: '4150868000000225007', name: 'Xenia Quist' },
        // Two orgs of one vendor are told apart.
        { crmName: 'Salesforce (other.csv)', id: 'x1' },
      ],
    });
    // Who is inactive there is nobody to find.
    expect(rows.find(({ license }) => license?.id === 's2')).toMatchObject({
      otherCrmUsers: [{ crmName: 'Salesforce (other.csv)', id: 'u2' }],
    });
    expect(err).toContain('Zoho CRM: 1 active user was looked up as evidence; LinkedIn does not sync with it.');
    const { out: told } = await run('explain', ...both, '--other-crm', 'zoho.csv', '--person', 's3');
    expect(told).toContain('Also in   Zoho CRM: Xenia Quist <nobody@acme.example> 4150868000000225007');
    expect((await run('reconcile', ...both, '--other-crm', 'nowhere.csv')).code).toBe(1);
    expect((await run('reconcile', ...both, '--other-crm', 'zoho.csv', '--out', 'zoho.csv')).err).toContain('This file is named twice.');
  });

  test('writes the report to the standard output and the summary to the error stream', async () => {
    const { code, out, err } = await run('reconcile', ...both);
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toBe(reportColumns.join(','));
    expect(reasons(out)).toEqual({ s1: 'matched/emails-agree', s2: 'not-matched/email-differs', s3: 'not-matched/no-crm-user' });
    expect(err).toContain('1 of 3 licenses sync');
    expect(err).toContain('2 rows could not be used. Name a file with --rejects');
    expect(err).toContain('1 CRM users that are not people');
    expect(err).toMatch(/rows in \d+\.\d\d s \([\d,]+ rows per second\)/);
  });

  test('the ending of --out chooses the format, and the same people stand in each', async () => {
    for (const name of ['r.csv', 'r.json', 'r.jsonl', 'r.xlsx']) expect((await run('reconcile', ...both, '--out', name)).code).toBe(0);
    const ids = ['s1', 's2', 's3'];
    expect(Object.keys(reasons(file('r.csv')))).toEqual(ids);
    const { summary, findings } = JSON.parse(file('r.json'));
    expect(findings.map((finding: { license: { id: string } }) => finding.license.id)).toEqual(ids);
    expect(findings[1].explanation.decidedBy).toBe('stable-id');
    expect(summary.licenseHolders).toBe(3);
    const lines = file('r.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual(findings);
    expect(file('r.xlsx').startsWith('PK')).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['crm.csv', 'licenses.csv', 'r.csv', 'r.json', 'r.jsonl', 'r.xlsx']);
  });

  test('--format goes before the ending, and a workbook needs a file', async () => {
    expect(
      (await run('reconcile', ...both, '--format', 'jsonl')).out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).reason),
    ).toHaveLength(3);
    const { code, out, err } = await run('reconcile', ...both, '--format', 'xlsx');
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('--out report.xlsx');
  });

  test('a reader that has enough ends a pipe quietly', async () => {
    put('crm.csv', `Id,Email\n${Array.from({ length: 5000 }, (_, k) => `u${k},p${k}@acme.example`).join('\n')}\n`);
    put(
      'licenses.csv',
      `seat_id,invited_email_address\n${Array.from({ length: 5000 }, (_, k) => `s${k},p${k}@acme.example`).join('\n')}\n`,
    );
    for (const threads of ['1', '2']) {
      const child = spawn(process.execPath, [cli, 'reconcile', ...both, '--threads', threads], { cwd: folder });
      child.stdout.once('data', () => child.stdout.destroy());
      const { code, err } = await ended(child);
      expect(err).not.toMatch(/EPIPE|at .*\.ts/);
      expect(code).toBe(0);
    }
  });

  test('rows that could not be used stand in one file under one header, both sides, with line, column and reason', async () => {
    const { code, err } = await run('reconcile', ...both, '--out', 'r.csv', '--rejects', 'rejects.csv');
    expect(code).toBe(0);
    expect(err).toContain('2 rows could not be used: see rejects.csv.');
    expect(file('rejects.csv')).toBe(
      [
        'file,line,column,reason',
        'licenses.csv,5,seatId,This license holder stands on an earlier line too; the first one counts.',
        'crm.csv,6,id,This id stands on an earlier line too; the first one counts.',
        '',
      ].join('\r\n'),
    );
  });

  test('rejects of the reader and of the comparison are in order of their lines', async () => {
    put('crm.csv', 'Id,Email\nu1,a@acme.example\nu1,b@acme.example\nu2,c@acme.example,too many\n,d@acme.example\n');
    await run('reconcile', ...both, '--out', 'r.csv', '--rejects', 'rejects.csv');
    expect(
      file('rejects.csv')
        .split('\r\n')
        .filter((line) => line.startsWith('crm.csv'))
        .map((line) => line.split(',')[1]),
    ).toEqual(['3', '4', '5']);
  });

  test('a word for active that nobody can tell is said, with the column and the word', async () => {
    put('crm.csv', 'Id,Email,IsActive\nu1,jane@acme.example,true\nu2,mark@acme.example,gone fishing\nu3,ann@acme.example,\n');
    expect((await run('reconcile', ...both)).err).toContain(
      'crm.csv: 1 user counts as active because "IsActive" says neither yes nor no, for example "gone fishing".',
    );
  });

  test('--fail-on-not-matched ends with 3 when somebody is, else with 0', async () => {
    expect((await run('reconcile', ...both, '--fail-on-not-matched')).code).toBe(3);
    put('licenses.csv', `${licenses.split('\n').slice(0, 2).join('\n')}\n`);
    expect((await run('reconcile', ...both, '--fail-on-not-matched')).code).toBe(0);
  });

  test('--seat-scope lists active CRM users without a license', async () => {
    expect(reasons((await run('reconcile', ...both, '--seat-scope', 'all')).out)).toMatchObject({ u3: 'no-license/no-license' });
    expect(reasons((await run('reconcile', ...both, '--seat-scope', 'department=sales')).out)).not.toHaveProperty('u3');
  });

  test('--json writes the summary and the proofs as JSON on the error stream', async () => {
    const { err } = await run(
      'reconcile',
      ...both,
      '--json',
      '--admin-center-count',
      '4',
      '--exported-at',
      '2026-11-20T08:00:00Z',
      '--out',
      'r.csv',
    );
    const { summary, proofs, rejects } = JSON.parse(err);
    expect(summary.byStatus).toEqual({ matched: 1, 'not-matched': 2 });
    expect(proofs.licenses).toMatchObject({
      source: 'licenses.csv',
      received: 3,
      rejected: 1,
      expected: 4,
      asOf: '2026-11-20T08:00:00.000Z',
    });
    expect(rejects).toBe(2);
    expect(file('r.csv').split('\n')[1]).toMatch(/2026-11-20T08:00:00\.000Z$/);
  });

  test('--admin-center-count tells a whole export from a filtered one', async () => {
    expect((await run('reconcile', ...both, '--admin-center-count', '4')).err).toContain('4 rows, complete.');
    expect((await run('reconcile', ...both, '--admin-center-count', '1,312')).err).toContain('4 of 1,312 users are in the export.');
  });

  test('--domain-alias takes a pair or a file of pairs', async () => {
    put('licenses.csv', licenses.replace('mark@oldco.example,Mark,Stone,E2', 'mark.stone@oldco.example,Mark,Stone,'));
    put('aliases.csv', 'old,new\noldco.example,acme.example\n');
    for (const alias of ['oldco.example=acme.example', 'aliases.csv']) {
      const { out, err } = await run('reconcile', ...both, '--domain-alias', alias);
      expect(out).toContain('domain-alias');
      expect(err).toContain('oldco.example became acme.example. One domain-change file repairs them.');
    }
  });

  test('--email-alias takes second addresses from a directory file', async () => {
    put('licenses.csv', licenses.replace('mark@oldco.example,Mark,Stone,E2', 'ms77@acme.example,,,'));
    put('directory.csv', 'second;main\nms77@acme.example;mark.stone@acme.example\n');
    expect((await run('reconcile', ...both, '--email-alias', 'directory.csv')).out).toContain('secondary-email');
  });

  test('--map names a column, for both files or for one', async () => {
    put('crm.csv', crm.replace('Email', 'Work mail'));
    expect((await run('reconcile', ...both)).err).toContain('--map');
    for (const map of ['Work mail=email', 'crm:Work mail=email']) expect((await run('reconcile', ...both, '--map', map)).code).toBe(0);
    put('licenses.csv', licenses.replace('invited_email_address', 'Work mail'));
    expect((await run('reconcile', ...both, '--map', 'work MAIL=email')).code).toBe(0);
    const one = await run('reconcile', ...both, '--map', 'crm:Work mail=email');
    expect([one.code, one.out]).toEqual([1, '']);
  });
});

describe('what is wrong is said in at most two sentences, with exit 1 and nothing written', () => {
  const sentences = (text: string): number =>
    text
      .trim()
      .split(/[.?!](?=\s|$)/)
      .filter((part) => part.trim() !== '').length;
  test.each<[string, RegExp, string[]]>([
    ['a missing file', /^nope\.csv: There is no such file\./, ['--crm', 'nope.csv', '--licenses', 'licenses.csv']],
    ['the files the wrong way round', /This is a CRM's list/, ['--crm', 'licenses.csv', '--licenses', 'crm.csv']],
    ['a CRM list from LinkedIn', /licenses\.csv: /, ['--crm', 'licenses.csv', '--licenses', 'licenses.csv']],
    ['a mapped column that neither file has', /Neither file has a column "Mail"/, [...both, '--map', 'Mail=email']],
    ['a mapped field that does not exist', /"mail", which does not exist/, [...both, '--map', 'Email=mail']],
    ['a map without a field', /is not COLUMN=FIELD/, [...both, '--map', 'Email']],
    ['an alias that is no domain', /"nope" is not a domain/, [...both, '--domain-alias', 'nope=acme.example']],
    ['an alias file that is not there', /There is no file "nope"/, [...both, '--domain-alias', 'nope']],
    ['a directory file that is not there', /There is no file "nope"/, [...both, '--email-alias', 'nope']],
    ['a folder as directory file', /There is no file "\."/, [...both, '--email-alias', '.']],
    ['a directory file without addresses', /^crm\.csv: "u1" is not an email address\./, [...both, '--email-alias', 'crm.csv']],
    ['a company domain that is none', /"our firm" is not a domain/, [...both, '--company-domain', 'our firm']],
    ['a scope nobody knows', /"Sales" is not a scope/, [...both, '--seat-scope', 'Sales']],
    ['a time that is none', /"tomorrow" is not a date/, [...both, '--exported-at', 'tomorrow']],
    ['a report in a folder that is not there', /cannot be written there/, [...both, '--out', 'no/where/r.csv']],
    ['a report where a folder is', /cannot be written there/, [...both, '--out', '.']],
    ['a report in the place of a list', /^\.\/crm\.csv: This file is named twice\./, [...both, '--out', './crm.csv']],
    ['a report in the place of the rejects', /^r\.csv: This file is named twice\./, [...both, '--rejects', 'r.csv', '--out', 'r.csv']],
    ['rejects in a folder that is not there', /cannot be written there/, [...both, '--rejects', 'no/where.csv', '--out', 'r.csv']],
  ])('%s', async (_, sentence, args) => {
    const before = readdirSync(folder).sort();
    const { code, out, err } = await run('reconcile', ...args);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(sentence);
    expect(err).not.toMatch(/\n\s+at /);
    expect(sentences(err)).toBeLessThanOrEqual(2);
    expect(readdirSync(folder).sort()).toEqual(before);
  });

  test('a refused comparison leaves the report of yesterday alone', async () => {
    put('r.csv', 'yesterday');
    put('licenses.csv', 'seat_id,invited_email_address\ns1,"cut off');
    expect((await run('reconcile', ...both, '--out', 'r.csv')).code).toBe(1);
    expect(file('r.csv')).toBe('yesterday');
  });

  test('with --json the refusal is JSON too', async () => {
    const { code, out } = await run('reconcile', '--crm', 'nope.csv', '--licenses', 'licenses.csv', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out).error).toMatchObject({ code: 'unreadable', sentence: expect.stringContaining('nope.csv') });
  });

  test.each([
    [['reconcile', '--crm', 'crm.csv']],
    [['reconcile', ...both, '--frmat', 'csv']],
    [['reconcile', ...both, '--admin-center-count', 'x']],
    [['reconcile', ...both, '--admin-center-count', '']],
    [['reconcile', ...both, '--threads', '3']],
    [['plan', ...both, '--out', 'p', '--rows', '0']],
    [['nope']],
  ])('a command line nobody understands: %j', async (args) => {
    const { code, out, err } = await run(...args);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^error: /);
    expect(err).toContain('--help');
  });
});

describe('explain', () => {
  test('shows every rule tried, both emails with the differing characters marked, and every question in order', async () => {
    const { code, out } = await run('explain', ...both, '--person', 's2');
    expect(code).toBe(0);
    expect(out).toContain('LinkedIn  mark[@oldco].example');
    expect(out).toMatch(/→ stable-id +One active CRM user was found this way\. \[u2\]/);
    expect(out).toMatch(/yes +Is the owner known, and do the emails differ\?/);
  });

  test.each(['S2', 'mark@oldco.example', 'E2', 'u2', 'MARK.STONE@acme.example'])('finds the person by %s', async (who) => {
    const { out } = await run('explain', ...both, '--person', who, '--json');
    const { license, crmUser, explanation } = JSON.parse(out);
    expect([license.id, crmUser.id, explanation.decidedBy]).toEqual(['s2', 'u2', 'stable-id']);
  });

  test('explains a CRM user without a license too', async () => {
    expect((await run('explain', ...both, '--person', 'ann@acme.example')).out).toContain(
      'Are they active, in scope and without a license?',
    );
  });

  test('says that nobody has what was asked for, with exit 1', async () => {
    const { code, err } = await run('explain', ...both, '--person', 'who@acme.example');
    expect(code).toBe(1);
    expect(err).toContain('Nobody in either file has "who@acme.example"');
    expect(JSON.parse((await run('explain', ...both, '--person', 'who', '--json')).out).error.code).toBe('not-found');
  });
});

test.each([['--help'], ['reconcile', '--help']])('%s %s shows examples', async (...args) => {
  const { code, out } = await run(...args);
  expect(code).toBe(0);
  expect(out).toMatch(/Examples:\n {2}seatmatch /);
});

test('comparing files loads no database, no web server and no vendor’s package', async () => {
  put(
    'loaded.mjs',
    `import { registerHooks } from 'node:module';
     import { appendFileSync } from 'node:fs';
     registerHooks({ load(url, context, next) { appendFileSync('loaded.txt', url + '\\n'); return next(url, context); } });`,
  );
  for (const args of [['reconcile', ...both, '--threads', '2'], ['explain', ...both, '--person', 's2'], ['--help']]) {
    const { code } = await ended(spawn(process.execPath, ['--import', path.join(folder, 'loaded.mjs'), cli, ...args], { cwd: folder }));
    expect(code).toBe(0);
  }
  const loaded = file('loaded.txt').trim().split('\n');
  expect(loaded.some((url) => url.endsWith('/server/core/reconcile.ts'))).toBe(true);
  const packages = new Set(loaded.flatMap((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []));
  expect([...packages].sort()).toEqual(['any-ascii', 'commander']);
  expect(loaded.filter((url) => /\/server\/(store|routes|app)|salesforce|hubspot\//.test(url))).toEqual([]);
});
