import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkedinPlanTools, sha256 } from '../../../server/commands/linkedin-plan-tools.ts';
import { linkedinUploadRules } from '../../../server/commands/linkedin-upload.ts';
import type { Finding } from '../../../server/core/finding.ts';
import { makePlan, type PlanOptions, planDefaults } from '../../../server/core/make-plan.ts';
import type { FileProgress } from '../../../server/core/plan-progress.ts';
import { sealPlan } from '../../../server/core/seal-plan.ts';
import { importResult, nextFile, takeBrought, uncounted, writePlan } from '../../../server/jobs/plan-files.ts';
import { emailDiffers } from '../core/example-finding.ts';
import { fullPlan } from '../core/example-plan.ts';

const at = (hours: number): string => new Date(Date.parse('2026-11-21T10:00:00.000Z') + hours * 3_600_000).toISOString();
const by = 'ada@acme.example';

/** A plan's directory with its first file out. */
async function planned(findings: readonly Finding[], rest: Partial<PlanOptions> = {}): Promise<string> {
  const source = { source: 'users.csv', sha256: null, asOf: at(-1), received: findings.length, rejected: 0, expected: findings.length };
  const outcome = makePlan(findings, {
    ...planDefaults,
    id: '7f3c1d20',
    now: at(0),
    by,
    crmName: 'Salesforce',
    crmKind: 'salesforce',
    licenses: source,
    crm: source,
    companyDomains: ['acme.example'],
    limits: { ...planDefaults.limits, email: { percent: 100, absolute: 1_000 } },
    ledger: { limit: 9, used: 0, resetAt: '2026-12-01T00:00:00.000Z' },
    upload: linkedinUploadRules(),
    ...rest,
  });
  if (outcome.kind === 'stopped') return expect.fail(outcome.trips.map((trip) => trip.sentence).join(' '));
  const dir = join(await mkdtemp(join(tmpdir(), 'seatmatch-plan-')), 'plan');
  await writePlan(dir, sealPlan(outcome.plan, sha256), linkedinPlanTools, { at: at(0), by });
  return dir;
}

const people = (n: number): readonly Finding[] =>
  Array.from({ length: n }, (_, index) => emailDiffers(`00${index}`, `p${index}@gone.example`, `q${index}@acme.example`));

const uploads = async (dir: string): Promise<readonly string[]> =>
  (await readdir(dir)).filter((name) => /^(email|domain)-change/.test(name) && !name.endsWith('-messages.csv'));

const steps = (dir: string): Promise<string> => readFile(join(dir, 'steps.txt'), 'utf8');

let brought = 0;
async function bring(dir: string, text: string): Promise<string> {
  const path = join(dir, '..', `brought-${brought++}.csv`);
  await writeFile(path, text);
  return path;
}

/** What LinkedIn sends back for an upload: the same lines with `Messages`, one text for each row. */
async function resultOf(dir: string, upload: string, messages: readonly string[] = []): Promise<string> {
  const [header, ...rows] = (await readFile(join(dir, upload), 'utf8')).trimEnd().split('\r\n');
  return bring(dir, [`${header},Messages`, ...rows.map((row, index) => `${row},${messages[index] ?? ''}`)].join('\r\n').concat('\r\n'));
}

const importAt = (path: string, dir: string, hours: number) =>
  importResult(path, dir, linkedinPlanTools, { at: at(hours), by, exportedAt: at(hours - 0.1) });
const nextAt = (dir: string, hours: number, rest: { said?: 'uploaded' | 'discarded'; giveBack?: boolean } = {}) =>
  nextFile(dir, linkedinPlanTools, { at: at(hours), by, ...rest });

describe('a plan by files', () => {
  it('starts with the first upload file only, the numbered steps and the lists for people', async () => {
    const dir = await planned(
      [
        ...people(3),
        emailDiffers('x', 'x@acme.example', 'x@wrong.example', {
          changeSide: 'crm',
          targetEmail: 'x@acme.example',
          changeEvidence: ['=1+1'],
        }),
      ],
      { upload: linkedinUploadRules({ rowLimit: 2 }) },
    );
    expect((await readdir(dir)).toSorted()).toEqual([
      'crm-change-list.csv',
      'email-change-2026-11-21-a-7f3c1d20-until-2026-11-22.csv',
      'identity-request.csv',
      'left-out.csv',
      'plan.json',
      'state.json',
      'steps.txt',
    ]);
    expect(await readFile(join(dir, 'crm-change-list.csv'), 'utf8')).toContain(",'=1+1\r\n");
    const text = await steps(dir);
    expect(text).toContain('3 people, 2 files. No invitation is sent and no license is touched.');
    expect(text).toContain('now  Step 1 of 3: Download email-change-2026-11-21-a-7f3c1d20-until-2026-11-22.csv (2 rows)');
    expect(text).toContain('Upload it: Admin Center → Users → Manage users via CSV → Upload.');
    expect(text).toContain('Comes after the file before it is proven');
  });

  it('keeps one file out at a time: being told "uploaded" releases nothing, a result does', async () => {
    const dir = await planned(people(2), { upload: linkedinUploadRules({ rowLimit: 1 }) });
    await expect(nextAt(dir, 1)).rejects.toMatchObject({
      code: 'file-out',
      sentence: expect.stringContaining('Uploaded, or throw it away?'),
    });
    await nextAt(dir, 1, { said: 'uploaded' });
    await expect(nextAt(dir, 1)).rejects.toMatchObject({ code: 'file-out' });
    expect(await uploads(dir)).toHaveLength(1);
    const [first] = await uploads(dir);
    expect(await importAt(await resultOf(dir, first!), dir, 2)).toMatchObject({ files: [{ state: 'closed', seen: { n: 1, of: 1 } }] });
    expect(await nextAt(dir, 2)).toMatchObject({ kind: 'file', file: { name: expect.stringContaining('-b-') } });
    expect(await uploads(dir)).toHaveLength(2);
  });

  it('takes an export as proof, a filtered one too: it confirms people and misses nobody', async () => {
    const dir = await planned(people(3));
    await nextAt(dir, 1, { said: 'uploaded' });
    const some = await bring(dir, 'Email,Unique User ID\r\nq0@acme.example,000\r\n');
    expect(await importAt(some, dir, 2)).toMatchObject({
      recognizedAs: 'export',
      files: [{ state: 'seen', seen: { n: 1, of: 3 } }],
      retry: null,
    });
    await expect(nextAt(dir, 2)).rejects.toMatchObject({ sentence: expect.stringContaining('1 of 3') });
    const rest = await bring(dir, 'Email,Unique User ID\r\nq1@acme.example,001\r\nq2@acme.example,002\r\n');
    expect(await importAt(rest, dir, 3)).toMatchObject({ files: [{ state: 'closed', seen: { n: 3, of: 3 } }] });
  });

  it('does not take an old address as "not carried out" before the file was uploaded', async () => {
    const dir = await planned(people(1));
    const old = await bring(dir, 'Email,Unique User ID\r\np0@gone.example,000\r\n');
    expect(await importAt(old, dir, 1)).toMatchObject({ files: [{ state: 'downloaded', people: [{ result: null }] }], retry: null });
    await nextAt(dir, 2, { said: 'uploaded' });
    expect(await importAt(old, dir, 3)).toMatchObject({
      files: [{ people: [{ result: { outcome: 'untouched', proven: true } }] }],
      retry: { rows: [0] },
    });
  });

  it('shows somebody whose email became a third one, with both values, and plans nothing on it', async () => {
    const dir = await planned(people(1));
    const third = await bring(dir, 'Email,Unique User ID\r\nother@acme.example,000\r\n');
    expect(await importAt(third, dir, 1)).toMatchObject({
      files: [
        {
          state: 'closed',
          seen: { n: 0 },
          people: [{ result: { outcome: 'changed-by-hand', changes: [{ sealed: 'q0@acme.example', found: 'other@acme.example' }] } }],
        },
      ],
      retry: null,
    });
  });

  it('makes one retry file of exactly the refused rows, with LinkedIn’s texts beside it, and then goes on', async () => {
    const dir = await planned(people(3), { upload: linkedinUploadRules({ rowLimit: 2 }) });
    const [first] = await uploads(dir);
    const outcome = await importAt(await resultOf(dir, first!, ['', '=cmd()']), dir, 1);
    expect(outcome).toMatchObject({ files: [{ state: 'replaced', seen: { n: 1, of: 2 } }], retry: { rows: [1] } });
    const retry = outcome.retry!.name;
    const [header, , refused] = (await readFile(join(dir, first!), 'utf8')).split('\r\n');
    expect(await readFile(join(dir, retry), 'utf8')).toBe(`${header}\r\n${refused}\r\n`);
    expect(await readFile(join(dir, retry.replace('.csv', '-messages.csv')), 'utf8')).toContain("'=cmd()");
    await expect(nextAt(dir, 2)).rejects.toMatchObject({ code: 'file-out' });
    expect(await importAt(await resultOf(dir, retry, ['still no']), dir, 3)).toMatchObject({ retry: null, files: [{ state: 'seen' }] });
    expect(await nextAt(dir, 4)).toMatchObject({ kind: 'file', file: { name: expect.stringContaining('-b-'), retryOf: null } });
  });

  it('waits for an export after a critical error, then repeats only what was not carried out', async () => {
    const dir = await planned(people(3));
    const [first] = await uploads(dir);
    const lines = await readFile(await resultOf(dir, first!), 'utf8');
    const half = await bring(dir, `Stopped midway\r\n${lines}`);
    expect(await importAt(half, dir, 1)).toMatchObject({ critical: 'Stopped midway', retry: null, files: [{ seen: { n: 0, of: 3 } }] });
    await expect(nextAt(dir, 1)).rejects.toMatchObject({ code: 'file-out' });
    const shown = await bring(dir, 'Email,Unique User ID\r\nq0@acme.example,000\r\np1@gone.example,001\r\np2@gone.example,002\r\n');
    expect(await importAt(shown, dir, 2)).toMatchObject({ files: [{ state: 'replaced', seen: { n: 1, of: 3 } }], retry: { rows: [1, 2] } });
  });

  it('gives an address on only after the change that frees it was seen', async () => {
    const chain = [emailDiffers('1', 'a@acme.example', 'b@acme.example'), emailDiffers('2', 'b@acme.example', 'c@acme.example')];
    const dir = await planned(chain);
    await nextAt(dir, 1, { said: 'discarded' });
    const heldBack = [{ licenseId: '1', code: 'target-not-freed' }];
    expect(await nextAt(dir, 2)).toMatchObject({ kind: 'finished', progress: { heldBack } });
    expect(await uploads(dir)).toHaveLength(1);
    expect(await steps(dir)).toContain('Held back, 1 (target-not-freed):');
    // As it was written before there were codes.
    const state = join(dir, 'state.json');
    await writeFile(state, (await readFile(state, 'utf8')).replace(/"code": "target-not-freed",\s*/u, ''));
    expect(await nextAt(dir, 3)).toMatchObject({ kind: 'finished', progress: { heldBack: [{ licenseId: '1' }] } });
  });

  it('names a file that was uploaded after all: thrown away, or of a plan that had run out', async () => {
    const thrown = await planned(people(1));
    const [file] = await uploads(thrown);
    await nextAt(thrown, 1, { said: 'discarded' });
    expect(await importAt(await resultOf(thrown, file!), thrown, 2)).toMatchObject({ files: [{ state: 'late', seen: { n: 1, of: 1 } }] });
    const old = await planned(people(2));
    const [oldFile] = await uploads(old);
    await expect(nextAt(old, 25)).rejects.toMatchObject({ code: 'expired' });
    expect(await importAt(await resultOf(old, oldFile!, ['', 'no']), old, 25)).toMatchObject({
      retry: null,
      files: [{ state: 'late', seen: { n: 1, of: 2 } }],
    });
  });

  it('does not throw away a file that was uploaded', async () => {
    const dir = await planned(people(1));
    await nextAt(dir, 1, { said: 'uploaded' });
    await expect(nextAt(dir, 1, { said: 'discarded' })).rejects.toMatchObject({ code: 'nothing-out' });
  });

  it('reads a result once', async () => {
    const dir = await planned(people(1));
    const [file] = await uploads(dir);
    const result = await resultOf(dir, file!);
    await importAt(result, dir, 1);
    expect(await importAt(result, dir, 2)).toMatchObject({ already: true, files: [{ state: 'closed' }] });
  });

  it('refuses what is not its own: another plan’s result, its own upload, an export from before, a CRM’s list', async () => {
    const dir = await planned(people(2));
    const other = await planned([emailDiffers('z', 'z@gone.example', 'z@acme.example')]);
    const [file] = await uploads(dir);
    const [otherFile] = await uploads(other);
    await expect(importAt(await resultOf(other, otherFile!), dir, 1)).rejects.toMatchObject({ code: 'not-ours' });
    await expect(importAt(join(dir, file!), dir, 1)).rejects.toMatchObject({ code: 'wrong-kind' });
    await expect(importAt(await bring(dir, 'Email\r\nq0@acme.example\r\n'), dir, -1)).rejects.toMatchObject({ code: 'too-old' });
    await expect(importAt(await bring(dir, 'Id,Username,IsActive,Email\r\n1,u,true,q0@acme.example\r\n'), dir, 1)).rejects.toMatchObject({
      code: 'wrong-side',
    });
    expect(JSON.parse(await readFile(join(dir, 'state.json'), 'utf8'))).toMatchObject({ files: [{ state: 'downloaded', outcomes: {} }] });
  });

  it('has nothing to give back where no license was removed, and says so at any time', async () => {
    const dir = await planned(people(1));
    expect(await nextAt(dir, 99, { giveBack: true })).toEqual({ kind: 'nothing-to-give-back' });
  });

  it('lays the way back into the directory before anybody can take a license, and gives everybody back at any time', async () => {
    const agree = { ...emailDiffers('1', 'a@acme.example', 'a@acme.example'), status: 'matched', reason: 'linkedin-disagrees' } as const;
    const dir = await planned([agree], { mode: 'full' });
    const off = 'license-off-2026-11-21-a-7f3c1d20-until-2026-11-22.csv';
    const on = 'license-on-2026-11-21-a-7f3c1d20.csv';
    const given = 'invited_email_address,unique_user_id,sales_license_current_status\r\na@acme.example,1,active\r\n';
    expect(await readFile(join(dir, on), 'utf8')).toBe(given);
    expect(await readFile(join(dir, off), 'utf8')).toBe(given.replace('active\r\n', 'inactive\r\n'));
    expect(await steps(dir)).toContain('1 person may have no license since 2026-11-21 10:00 UTC. Give everyone back:');
    await nextAt(dir, 1, { said: 'uploaded' });
    await expect(nextAt(dir, 1, { said: 'discarded' })).rejects.toMatchObject({ code: 'nothing-out' });
    expect(await importAt(await resultOf(dir, off), dir, 2)).toMatchObject({ files: [{ state: 'seen', seen: { n: 0 } }] });
    await expect(nextAt(dir, 48)).rejects.toMatchObject({ code: 'file-out' });
    expect(await nextAt(dir, 48, { giveBack: true })).toMatchObject({ kind: 'file', file: { name: on, rows: [0] } });
    await nextAt(dir, 49, { said: 'uploaded' });
    const gone = await bring(dir, 'Email,Unique User ID,License type,License status\r\na@acme.example,1,,Unassigned\r\n');
    const again = 'license-on-2026-11-21-a-7f3c1d20-retry.csv';
    expect(await importAt(gone, dir, 50)).toMatchObject({ retry: { name: again } });
    await nextAt(dir, 51, { said: 'uploaded' });
    const text = 'Email,Unique User ID,License type,License status\r\na@acme.example,1,Sales Navigator Advanced Plus,Invited\r\n';
    await importAt(await bring(dir, text), dir, 52);
    expect(await nextAt(dir, 53, { giveBack: true })).toEqual({ kind: 'nothing-to-give-back' });
    expect(await steps(dir)).toContain(`${again}: closed, 1 of 1 seen in LinkedIn.`);
  });

  it('is not written over: neither over a plan with a file out nor into a directory with other files', async () => {
    const dir = await planned(people(1));
    const { plan, seal } = JSON.parse(await readFile(join(dir, 'plan.json'), 'utf8'));
    await expect(writePlan(dir, { plan, seal }, linkedinPlanTools, { at: at(1), by })).rejects.toMatchObject({ code: 'file-out' });
    await expect(writePlan(join(dir, '..'), { plan, seal }, linkedinPlanTools, { at: at(1), by })).rejects.toMatchObject({
      code: 'not-empty',
    });
    await expect(writePlan(join(dir, 'plan.json'), { plan, seal }, linkedinPlanTools, { at: at(1), by })).rejects.toMatchObject({
      code: 'unwritable',
      sentence: expect.stringMatching(/^The plan cannot be written to .*plan\.json\. Name a new directory for it\.$/),
    });
  });

  it('refuses a plan with any byte changed', async () => {
    const dir = await planned([...people(2), emailDiffers('ü', 'ü@gone.example', 'u@acme.example')]);
    const path = join(dir, 'plan.json');
    const original = await readFile(path);
    await fc.assert(
      fc.asyncProperty(fc.nat(original.length - 1), fc.integer({ min: 1, max: 255 }), async (place, flip) => {
        const changed = Buffer.from(original);
        changed[place]! ^= flip;
        await writeFile(path, changed);
        await expect(nextAt(dir, 1)).rejects.toMatchObject({ code: 'tampered' });
      }),
      { numRuns: 300 },
    );
    await writeFile(path, original);
    await expect(nextAt(dir, 1)).rejects.toMatchObject({ code: 'file-out' });
  });

  it('ends with everybody done and the same rows, when every file is uploaded and answered honestly', async () => {
    const address = fc.integer({ min: 0, max: 9 }).map((n) => `p${n}@acme.example`);
    const domain = fc.constantFrom('acme.example', 'acme-old.example', 'gone.example');
    const person = fc.record({ local: fc.integer({ min: 0, max: 9 }), domain, to: address });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(person, { selector: (one) => `${one.local}@${one.domain}`, minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        async (given, rowLimit) => {
          const findings = given.map(({ local, domain: from, to }, n) =>
            emailDiffers(`E${n}`, `p${local}@${from}`, to, {
              crmUser: { crm: 's', id: `c${n}`, email: `c${n}@acme.example`, name: '', active: true },
            }),
          );
          const dir = await planned(findings, {
            upload: linkedinUploadRules({ rowLimit }),
            domainAliases: [{ old: 'acme-old.example', current: 'acme.example' }],
          });
          const { plan } = JSON.parse(await readFile(join(dir, 'plan.json'), 'utf8')) as {
            plan: { files: { name: string; rows: { existingEmail: string; newEmail: string }[] }[] };
          };
          for (const { name, rows } of plan.files) {
            const written = (await readFile(join(dir, name), 'utf8')).trimEnd().split('\r\n').slice(1);
            expect(written.map((line) => line.split(',').slice(0, 2))).toEqual(rows.map((row) => [row.existingEmail, row.newEmail]));
            const outcome = await importAt(await resultOf(dir, name), dir, 1);
            expect(outcome).toMatchObject({ retry: null, files: [{ name, state: 'closed', seen: { n: rows.length, of: rows.length } }] });
            await nextAt(dir, 1);
          }
          expect((await uploads(dir)).toSorted()).toEqual(plan.files.map((file) => file.name).toSorted());
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('a result file of a sitting', () => {
  it('belongs to the off file or the on file by what stands in it, not to the newest one with the same people', async () => {
    const plan = fullPlan(2);
    const stamp = { at: at(0), by };
    const [off, on] = plan.files;
    const file = (index: number, state: FileProgress['state'], retryOf: string | null): FileProgress => ({
      name: `${retryOf === null ? '' : 'retry-'}${plan.files[index]!.name}`,
      file: index,
      rows: [0, 1],
      retryOf,
      state,
      outcomes: {},
      log: [
        { state: 'made', ...stamp },
        { state: 'downloaded', ...stamp },
      ],
    });
    const progress = {
      planId: plan.id,
      seal: '',
      files: [file(0, 'closed', null), file(1, 'replaced', null), file(1, 'downloaded', on!.name)],
      heldBack: [],
    };
    const resultFor = async ({ kind, rows }: typeof off & {}) => {
      const [header, ...lines] = linkedinPlanTools.write(kind, rows, plan.idColumn).trimEnd().split('\r\n');
      const text = [`${header},Messages`, ...lines.map((line) => `${line},`), ''].join('\r\n');
      const brought = await linkedinPlanTools.readBytes('result.csv', Buffer.from(text), at(1));
      return takeBrought(plan, progress, brought, { ...stamp, expired: false }, uncounted);
    };
    expect(await resultFor(off!)).toMatchObject({ names: [off!.name], already: true, progress });
    expect(await resultFor(on!)).toMatchObject({ names: [`retry-${on!.name}`], already: false });
  });
});
