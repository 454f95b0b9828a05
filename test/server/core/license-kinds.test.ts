import { describe, expect, it } from 'vitest';
import { kindOfLicense, readPermission } from '../../../server/core/license-kinds.ts';

describe('what Admin Center writes', () => {
  it('names a license by its tier', () => {
    const kinds = [
      'Sales Navigator Advanced Plus',
      'Sales Navigator Enterprise',
      'Advanced+',
      'Sales Navigator Advanced',
      'Sales Navigator Team',
      'TeamLink Extend',
      'Core',
      '',
    ];
    expect(kinds.map(kindOfLicense)).toEqual([
      'advanced-plus',
      'advanced-plus',
      'advanced-plus',
      'advanced',
      'advanced',
      'teamlink-extend',
      'other',
      'unsaid',
    ]);
  });

  it('names a permission by the template’s word or the one on screen, and an unknown word by none', () => {
    const words = ['admin', 'Full admin', 'Purchase admin', 'Sub Admin', 'sub-admin', 'reporting', 'Reporting only', '', 'User', 'Owner'];
    expect(words.map(readPermission)).toEqual([
      'full-admin',
      'full-admin',
      'full-admin',
      'sub-admin',
      'sub-admin',
      'reporting',
      'reporting',
      'user',
      'user',
      'unclear',
    ]);
  });
});
