import type { LicenseKind, Permission } from './status.ts';

export const licenseKindLabels: Readonly<Record<LicenseKind, string>> = {
  'advanced-plus': 'Sales Navigator Advanced Plus',
  advanced: 'Sales Navigator Advanced',
  'teamlink-extend': 'TeamLink Extend',
  other: 'Another license',
  unsaid: 'The export does not say',
};

/** Which license one written type is. Advanced Plus was called Enterprise before. */
export function kindOfLicense(written: string): LicenseKind {
  const text = written.trim().toLowerCase();
  if (text === '') return 'unsaid';
  if (/teamlink/u.test(text)) return 'teamlink-extend';
  if (/advanced\s*(plus|\+)|enterprise/u.test(text)) return 'advanced-plus';
  return /advanced|\bteam\b/u.test(text) ? 'advanced' : 'other';
}

export const permissionLabels: Readonly<Record<Permission, string>> = {
  'full-admin': 'Full admin',
  'sub-admin': 'Sub admin',
  reporting: 'Reporting only',
  user: 'User',
  unclear: 'Another permission',
};

/** What each permission lets somebody do, as LinkedIn says it. */
export const permissionSentences: Readonly<Record<Permission, string>> = {
  'full-admin': 'Assigns licenses, makes groups, gives permissions, sees reports. Only they can upload files.',
  'sub-admin': 'In Sales Navigator a sub admin only sees and makes reports.',
  reporting: 'Sees and makes reports.',
  user: 'Uses Sales Navigator, nothing else.',
  unclear: 'A word we do not know; look in Admin Center what it allows.',
};

export function readPermission(written: string): Permission {
  const text = written.trim().toLowerCase();
  if (/^(|user|none|no|member|standard)$/u.test(text)) return 'user';
  if (/report/u.test(text)) return 'reporting';
  if (/sub[ -]?admin/u.test(text)) return 'sub-admin';
  return /admin/u.test(text) ? 'full-admin' : 'unclear';
}
