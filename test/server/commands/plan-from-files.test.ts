import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planFromFiles } from '../../../server/commands/plan-from-files.ts';

const exported = '2026-11-21T09:00:00.000Z';
const crmList = [
  'Id,FirstName,LastName,Email,IsActive,EmployeeNumber,Username',
  ...Array.from(
    { length: 12 },
    (_, n) => `0050000000000${10 + n},Ann${n},Example${n},ann${n}@acme.example,true,E${n},ann${n}@acme.example`,
  ),
];
const licenseList = [
  'invited_email_address,preferred_first_name,preferred_last_name,unique_user_id,sales_license_current_status,license_type,license_status',
  ...Array.from({ length: 10 }, (_, n) => {
    const email = n === 0 ? 'ann@old-acme.example' : n === 1 ? 'first@old-acme.example' : `ann${n}@acme.example`;
    return `${email},Ann${n},Example${n},E${n},active,Sales Navigator Advanced Plus,Activated`;
  }),
  // Without a license, and in the way: the address ann1 needs.
  'ann1@acme.example,Other,Person,X1,inactive,,Unassigned',
];

async function given(crm: readonly string[], licenses: readonly string[]) {
  const dir = await mkdtemp(join(tmpdir(), 'seatmatch-plan-files-'));
  const paths = { crm: join(dir, 'crm.csv'), licenses: join(dir, 'licenses.csv') };
  await writeFile(paths.crm, `${crm.join('\n')}\n`);
  await writeFile(paths.licenses, `${licenses.join('\n')}\n`);
  const written = { out: '', err: '' };
  const io = {
    out: { write: (text: string) => (written.out += text) },
    err: { write: (text: string) => (written.err += text) },
    now: () => new Date('2026-11-21T10:00:00.000Z'),
  };
  const plan = (options: { notASandbox?: boolean; expected?: number; exportedAt?: string } = {}) =>
    planFromFiles(
      {
        crm: { path: paths.crm, exportedAt: exported },
        licenses: { path: paths.licenses, exportedAt: options.exportedAt ?? exported, expected: options.expected },
        settings: { companyDomains: ['acme.example'] },
      },
      { out: join(dir, 'plan'), notASandbox: options.notASandbox },
      io,
    );
  return { dir, paths, plan, written };
}

describe('seatmatch plan on two files', () => {
  it('writes the upload for who can be repaired, and leaves out whose new address somebody without a license has', async () => {
    const { dir, plan, paths, written } = await given(crmList, licenseList);
    expect(await plan({ expected: 11 }), written.err).toBe(0);
    const name = (await readdir(join(dir, 'plan'))).find((file) => file.startsWith('email-change'))!;
    expect(await readFile(join(dir, 'plan', name), 'utf8')).toBe(
      'existing_email_address,invited_email_address,unique_user_id\r\nann@old-acme.example,ann0@acme.example,E0\r\n',
    );
    expect(await readFile(join(dir, 'plan', 'left-out.csv'), 'utf8')).toMatch(/first@old-acme\.example,ann1@acme\.example,target-taken/);
    const sealed = JSON.parse(await readFile(join(dir, 'plan', 'plan.json'), 'utf8'));
    const sha256 = createHash('sha256')
      .update(await readFile(paths.licenses))
      .digest('hex');
    expect(sealed.plan.licenses).toEqual({ source: 'licenses.csv', sha256, asOf: exported, received: 11, rejected: 0, expected: 11 });
  });

  it('holds a CRM list with .invalid addresses until somebody says that it is no sandbox', async () => {
    const { plan, written, dir } = await given([...crmList, '005000000000099,Zed,Test,zed@acme.example.invalid,true,E99,zed'], licenseList);
    expect(await plan()).toBe(1);
    expect(written.err).toContain('sandbox (crm.csv). You can look, but nothing will be planned from it.');
    expect(await readdir(dir)).not.toContain('plan');
    expect(await plan({ notASandbox: true }), written.err).toBe(0);
  });

  it('plans nothing from a filtered or an old export', async () => {
    const { plan, written } = await given(crmList, licenseList);
    expect(await plan({ expected: 312 })).toBe(1);
    expect(written.err).toContain('The export has 11 of 312 people.');
    expect(await plan({ exportedAt: '2026-11-13T09:00:00.000Z' })).toBe(1);
    expect(written.err).toContain('Your LinkedIn export is 8 days old');
  });

  it('offers the ID file once everybody matches: employee numbers for whoever has no ID in LinkedIn, and nothing else', async () => {
    const clean = [
      licenseList[0]!,
      ...Array.from({ length: 10 }, (_, n) => {
        const id = n === 3 ? '' : `E${n}`;
        return `ann${n}@acme.example,Ann${n},Example${n},${id},active,Sales Navigator Advanced Plus,Activated`;
      }),
    ];
    const { dir, plan, written } = await given(crmList, clean);
    expect(await plan({ expected: 10 }), written.err).toBe(0);
    expect(await readFile(join(dir, 'plan', 'ids.csv'), 'utf8')).toBe('invited_email_address,unique_user_id\r\nann3@acme.example,E3\r\n');
    expect(written.out).toContain('ids.csv: writes the employee numbers to LinkedIn once');
    const uncounted = await given(crmList, clean);
    expect(await uncounted.plan()).toBe(0);
    expect(await readdir(join(uncounted.dir, 'plan'))).not.toContain('ids.csv');
    const dirty = await given(crmList, licenseList);
    expect(await dirty.plan({ expected: 11 })).toBe(0);
    expect(await readdir(join(dirty.dir, 'plan'))).not.toContain('ids.csv');
  });
});
