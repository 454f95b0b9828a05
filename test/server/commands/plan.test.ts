import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileRefused } from '../../../connectors/errors.ts';
import { importResultCommand } from '../../../server/commands/import-result.ts';
import { nextCommand } from '../../../server/commands/next.ts';
import { planCommand } from '../../../server/commands/plan.ts';
import type { ComparedSides } from '../../../server/commands/plan-sides.ts';
import type { Finding } from '../../../server/core/finding.ts';
import { emailDiffers, matched } from '../core/example-finding.ts';

const now = '2026-11-21T10:00:00.000Z';
const source = { source: 'users.csv', sha256: 'ab', asOf: now, received: 8, rejected: 0, expected: 8 };

const compared =
  (findings: readonly Finding[], rest: Partial<ComparedSides> = {}) =>
  async (): Promise<ComparedSides> => ({
    findings,
    companyDomains: ['acme.example'],
    domainAliases: [],
    crmName: 'Salesforce',
    crmKind: 'salesforce',
    licenses: source,
    crm: source,
    sandbox: null,
    others: [],
    ...rest,
  });

/** A terminal that keeps what was written. */
function terminal(at = now) {
  const written = { out: '', err: '' };
  const stream = (name: 'out' | 'err') => ({
    write(text: string) {
      written[name] += text;
    },
  });
  return { written, io: { out: stream('out'), err: stream('err'), now: () => new Date(at) } };
}

const directory = async (): Promise<string> => join(await mkdtemp(join(tmpdir(), 'seatmatch-command-')), 'plan');
const people = [
  emailDiffers('00123', 'ana@gone.example', 'ana@acme.example'),
  ...Array.from({ length: 7 }, (_, n) => matched(`m${n}`, `m${n}@acme.example`)),
];

describe('seatmatch plan, next and import-result', () => {
  it('walks from two lists to a proven repair', async () => {
    const out = await directory();
    const plan = terminal();
    expect(await planCommand({ out }, plan.io, compared(people))).toBe(0);
    expect(plan.written.out).toContain('1 license email changes. No invitation is sent and no license is removed.');
    expect(plan.written.out).toContain('Step 2 of 3: Upload it: Admin Center → Users → Manage users via CSV → Upload.');
    const name = (await readdir(out)).find((file) => file.startsWith('email-change'))!;
    const upload = await readFile(join(out, name), 'utf8');
    expect(upload).toBe('existing_email_address,invited_email_address,unique_user_id\r\nana@gone.example,ana@acme.example,00123\r\n');

    const early = terminal();
    expect(await nextCommand({ plan: out }, early.io)).toBe(1);
    expect(early.written.err).toContain('downloaded and not confirmed');
    const said = terminal();
    expect(await nextCommand({ plan: out, uploaded: true }, said.io)).toBe(0);
    expect(said.written.out).toContain('waits for proof');

    const file = join(out, '..', 'anything.csv');
    await writeFile(file, upload.replace('unique_user_id\r\n', 'unique_user_id,Messages\r\n').replace('00123\r\n', '00123,\r\n'));
    const result = terminal();
    expect(await importResultCommand({ file, plan: out }, result.io)).toBe(0);
    expect(result.written.out).toContain('1 changed.');
    expect(result.written.out).toContain('bring a new export on 2026-11-22');
    const end = terminal();
    expect(await nextCommand({ plan: out }, end.io)).toBe(0);
    expect(end.written.out).toContain('All files are through.');
  });

  it('speaks JSON for every answer and every refusal', async () => {
    const out = await directory();
    const json = true;
    const plan = terminal();
    await planCommand({ out, json }, plan.io, compared(people));
    expect(JSON.parse(plan.written.out)).toMatchObject({
      directory: out,
      plan: { files: [{ kind: 'email-change', rows: 1 }], seal: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    const early = terminal();
    expect(await nextCommand({ plan: out, json }, early.io)).toBe(1);
    expect(JSON.parse(early.written.out)).toMatchObject({ error: { code: 'file-out' } });
    const giveBack = terminal();
    expect(await nextCommand({ plan: out, json, giveBack: true }, giveBack.io)).toBe(0);
    expect(JSON.parse(giveBack.written.out)).toEqual({ kind: 'nothing-to-give-back' });
    const missing = terminal();
    expect(await importResultCommand({ file: join(out, 'none.csv'), plan: out, json }, missing.io)).toBe(1);
    expect(JSON.parse(missing.written.out)).toMatchObject({
      error: { code: 'unreadable', sentence: 'none.csv: There is no such file. Check the path.' },
    });
  });

  it('says what a person did to the file, with both values, and LinkedIn’s own text', async () => {
    const out = await directory();
    const given = ['1', '002', '3', '4'].map((id) => emailDiffers(id, `p${id}@gone.example`, `p${id}@acme.example`));
    await planCommand({ out, limit: { percent: 100, absolute: 9 } }, terminal().io, compared(given));
    const file = join(out, '..', 'result.csv');
    await writeFile(
      file,
      [
        'existing_email_address,invited_email_address,unique_user_id,Messages',
        'p1@gone.example,p1@acme.example,1,Duplicate profile',
        'p002@gone.example,p002@acme.example,2,',
        'p3@gone.example,p3@acme.example,3,',
        'new@gone.example,new@acme.example,9,',
        '',
      ].join('\n'),
    );
    const { io, written } = terminal();
    expect(await importResultCommand({ file, plan: out }, io)).toBe(0);
    expect(written.out).toContain('1 changed, 1 refused, 1 left out by you, 1 changed by hand.');
    expect(written.out).toContain('refused, Person 1 (1): "Duplicate profile"');
    expect(written.out).toContain('unique_user_id was "002", came back as "2" (leading zeros gone)');
    expect(written.out).toContain('left out by you, Person 4 (4): back to the plan');
    expect(written.out).toContain('Added by hand in this file, line 5: new@acme.example');
    expect(written.out).toContain('-retry-until-2026-11-22.csv (1)');
  });

  it('stops at somebody whose email another hand has changed in LinkedIn, and shows both values', async () => {
    const out = await directory();
    await planCommand({ out }, terminal().io, compared(people));
    const file = join(out, '..', 'export.csv');
    await writeFile(file, 'Email,Unique User ID\nana.third@acme.example,00123\n');
    const { io, written } = terminal('2026-11-21T11:00:00.000Z');
    expect(await importResultCommand({ file, plan: out, exportedAt: '2026-11-21T10:30:00.000Z' }, io)).toBe(0);
    expect(written.out).toContain("The email changed in LinkedIn and we didn't do it. Stopped; both values are shown.");
    expect(written.out).toContain('Planned "ana@acme.example", LinkedIn has "ana.third@acme.example".');
  });

  it('writes nothing where a guard trips or a list is refused', async () => {
    const out = await directory();
    const sandbox = terminal();
    expect(await planCommand({ out }, sandbox.io, compared(people, { sandbox: 'uat' }))).toBe(1);
    expect(sandbox.written.err).toContain('This is a Salesforce sandbox (uat). You can look, but nothing will be planned from it.');
    const refused = terminal();
    const compare = async (): Promise<ComparedSides> => {
      throw new FileRefused('empty', 'users.csv', 'The file is empty. Export it again.');
    };
    expect(await planCommand({ out }, refused.io, compare)).toBe(1);
    expect(refused.written.err).toBe('users.csv: The file is empty. Export it again.\n');
    expect(await readdir(join(out, '..'))).toEqual([]);
  });

  it('plans with nobody to repair by upload: the lists are written and no file is out', async () => {
    const out = await directory();
    const { io, written } = terminal();
    expect(await planCommand({ out }, io, compared([emailDiffers('1', 'a@x.example', 'a@private.example')]))).toBe(0);
    expect(written.out).toContain('Nobody can be repaired by an upload.');
    expect(written.out).toContain('left-out.csv: 1 person');
    expect(await nextCommand({ plan: out }, terminal().io)).toBe(0);
  });
});
