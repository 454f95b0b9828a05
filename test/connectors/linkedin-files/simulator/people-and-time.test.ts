import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AdminCenter, loadState, makeAdminCenter } from '../../../../connectors/linkedin-files/simulator/admin-center.ts';
import { uploadFile } from '../../../../connectors/linkedin-files/simulator/bulk-upload.ts';
import { type Command, carryOut } from '../../../../connectors/linkedin-files/simulator/commands.ts';
import { oracleOf } from '../../../../connectors/linkedin-files/simulator/oracle.ts';
import type { UploadContent } from '../../../../connectors/linkedin-files/write-upload-file.ts';
import { act, advanced, build, bytesOf, cast, emailChange, licenseChange, plus, shownOf, start, upload, who } from './build.ts';

const matchOf = (center: AdminCenter, email: string) => who(center, email).crmMatch;

describe('the daily CRM job', () => {
  it('compares the license’s address with the CRM once a day, at its hour', async () => {
    const center = build({ crm: { jobHour: 3, lagMinutes: 0, onEmailChange: false } });
    upload(center, emailChange(['ann@old.example', 'ann@new.example']));
    act(center, { do: 'advance-to', moment: '2026-11-22T02:59:00Z' });
    expect(matchOf(center, 'ann@new.example')).toBeNull();
    act(center, { do: 'advance-to', moment: '2026-11-22T03:00:00Z' });
    expect(await shownOf(center, 'ann@new.example')).toMatchObject({ crmSyncStatus: 'Matched' });
    expect(await shownOf(center, 'bo@old.example')).toMatchObject({ crmSyncStatus: 'Not Matched' });
    upload(center, emailChange(['bo@old.example', 'BO@new.example']));
    act(center, { do: 'advance', hours: 23 });
    expect(matchOf(center, 'bo@new.example')).toBe('not-matched');
    act(center, { do: 'advance', hours: 1 });
    expect(matchOf(center, 'bo@new.example')).toBe('matched');
  });

  it('says nothing of licenses that cannot sync, and of people who have not accepted', () => {
    const people = [
      { profileEmail: 'ann@new.example', license: 'activated' as const, licenseTypes: [advanced] },
      { profileEmail: 'bo@new.example', license: 'invited' as const },
    ];
    const center = build({ licenses: { [plus]: 1, [advanced]: 1 } }, people);
    act(center, { do: 'advance', hours: 24 });
    expect(center.people.map(({ crmMatch }) => crmMatch)).toEqual([null, null]);
    act(center, { do: 'accept', person: 'bo@new.example' });
    act(center, { do: 'advance', hours: 24 });
    expect(center.people.map(({ crmMatch }) => crmMatch)).toEqual([null, 'matched']);
  });

  it('shows its verdicts late, is left out during an outage, and can answer a change at once', () => {
    const lag = build({ crm: { jobHour: 3, lagMinutes: 90, onEmailChange: false } });
    act(lag, { do: 'advance-to', moment: '2026-11-22T04:00:00Z' });
    expect(matchOf(lag, 'cem@old.example')).toBeNull();
    act(lag, { do: 'advance-to', moment: '2026-11-22T04:30:00Z' });
    expect(matchOf(lag, 'cem@old.example')).toBe('matched');

    const outage = build();
    act(outage, { do: 'crm-outage', hours: 30 });
    act(outage, { do: 'advance', hours: 24 });
    expect(matchOf(outage, 'cem@old.example')).toBeNull();
    act(outage, { do: 'advance', hours: 24 });
    expect(matchOf(outage, 'cem@old.example')).toBe('matched');

    const prompt = build({ crm: { jobHour: 3, lagMinutes: 0, onEmailChange: true } });
    upload(prompt, emailChange(['ann@old.example', 'ann@new.example']));
    expect(matchOf(prompt, 'ann@new.example')).toBe('matched');
  });

  it('runs at another hour as soon as that is set', () => {
    const center = build();
    act(center, { do: 'settings', settings: { crm: { jobHour: 10, lagMinutes: 0, onEmailChange: false } } });
    act(center, { do: 'advance', hours: 1 });
    expect(matchOf(center, 'cem@old.example')).toBe('matched');
  });

  it('compares with the CRM as it is by then', () => {
    const center = build();
    act(center, { do: 'set-crm-emails', emails: ['Ann@Old.example'] });
    act(center, { do: 'advance', hours: 24 });
    expect(['ann@old.example', 'cem@old.example'].map((email) => matchOf(center, email))).toEqual(['matched', 'not-matched']);
  });
});

describe('an invitation', () => {
  it('is accepted once, and makes the seat id that then stays', () => {
    const center = build();
    act(center, { do: 'set-license', person: 'dee@old.example', types: [plus] });
    expect(who(center, 'dee@old.example')).toMatchObject({ license: 'invited', seatId: '', lastAccess: null });
    act(center, { do: 'advance', hours: 1 });
    act(center, { do: 'accept', person: 'dee@old.example' });
    const { seatId } = who(center, 'dee@old.example');
    expect(who(center, 'dee@old.example')).toMatchObject({ activatedAt: center.now, lastAccess: center.now, onboarded: true });
    expect(seatId).not.toBe('');
    expect(carryOut(center, { do: 'accept', person: 'dee@old.example' })?.code).toBe('not-invited');
    upload(center, emailChange(['dee@old.example', 'dee@new.example']));
    act(center, { do: 'set-license', person: 'dee@new.example', types: [] });
    expect(who(center, 'dee@new.example').seatId).toBe(seatId);
  });

  it('of a license that was taken away is void', () => {
    const center = build();
    act(center, { do: 'set-license', person: 'dee@old.example', types: [plus] });
    const { inviteId } = who(center, 'dee@old.example');
    act(center, { do: 'set-license', person: 'dee@old.example', types: [] });
    act(center, { do: 'set-license', person: 'dee@old.example', types: [plus] });
    expect(carryOut(center, { do: 'accept', person: 'dee@old.example', inviteId })?.code).toBe('not-invited');
    act(center, { do: 'accept', person: 'dee@old.example' });
  });

  it('stays good after a change of email and after being sent again', () => {
    const center = build();
    act(center, { do: 'set-license', person: 'dee@old.example', types: [plus] });
    const { inviteId } = who(center, 'dee@old.example');
    upload(center, emailChange(['dee@old.example', 'dee@new.example']));
    act(center, { do: 'resend-invitation', person: 'dee@new.example' });
    expect(who(center, 'dee@new.example')).toMatchObject({ inviteId, inviteCount: 2, license: 'invited' });
    act(center, { do: 'accept', person: 'dee@new.example', inviteId });
    expect(carryOut(center, { do: 'resend-invitation', person: 'dee@new.example' })?.code).toBe('not-invited');
  });

  it('accepted with another LinkedIn profile leaves a duplicate behind', () => {
    const center = build();
    act(center, { do: 'set-license', person: 'dee@old.example', types: [plus] });
    act(center, { do: 'accept', person: 'dee@old.example', wrongProfile: true });
    expect(who(center, 'dee@old.example')).toMatchObject({ license: 'activated', duplicateProfile: true });
  });

  it('is accepted by itself after so many hours, by so many of a hundred, the same ones for the same seed', () => {
    const settings = { licenses: { [plus]: 400 }, acceptance: { afterHours: 5, percent: 60, wrongProfilePercent: 10 } };
    const people = Array.from({ length: 200 }, (_, n) => ({ profileEmail: `p${n}@old.example` }));
    const run = () => {
      const center = makeAdminCenter({ now: start, seed: 7, settings, people });
      upload(center, licenseChange('license-on', ...people.map(({ profileEmail }) => profileEmail)));
      act(center, { do: 'advance', hours: 4.9 });
      expect(center.people.every(({ license }) => license === 'invited')).toBe(true);
      act(center, { do: 'advance', hours: 0.1 });
      return center.people.map(({ license, duplicateProfile }) => `${license}${duplicateProfile ? ' twice' : ''}`);
    };
    const first = run();
    expect(run()).toEqual(first);
    const share = (text: string) => first.filter((one) => one.startsWith(text)).length / people.length;
    expect(share('activated')).toBeGreaterThan(0.4);
    expect(share('invited')).toBeGreaterThan(0.2);
    expect(share('activated twice')).toBeGreaterThan(0);
  });
});

describe('by hand', () => {
  it('CRM sync is switched on only for somebody activated, and is off again with the license', () => {
    const center = build();
    expect(carryOut(center, { do: 'set-crm-sync', person: 'dee@old.example', on: true })?.code).toBe('not-activated');
    act(center, { do: 'set-crm-sync', person: 'ann@old.example', on: true });
    act(center, { do: 'set-license', person: 'ann@old.example', types: [] });
    expect(who(center, 'ann@old.example').crmSync).toBe(false);
  });

  it('an admin meanwhile changes emails, licenses, groups and permissions, and removes users', () => {
    const center = build();
    act(center, { do: 'set-email', person: 'ann@old.example', email: 'ann.third@new.example', by: 'Kim' });
    act(center, { do: 'set-groups', person: 'ann.third@new.example', groups: ['East'] });
    act(center, { do: 'set-permission', person: 'ann.third@new.example', permission: 'reporting' });
    act(center, { do: 'set-unique-id', person: 'ann.third@new.example', uniqueUserId: 'E9' });
    act(center, { do: 'remove-user', person: 'bo@old.example' });
    act(center, { do: 'add-user', email: 'eve@new.example', types: [plus] });
    expect(center.journal.find(({ what }) => what === 'email')).toMatchObject({ by: 'Kim', upload: null });
    expect(who(center, 'ann.third@new.example')).toMatchObject({ groups: ['East'], permission: 'reporting', uniqueUserId: 'E9' });
    expect(oracleOf(center).withoutLicense).toEqual(['bo@old.example']);
    expect(who(center, 'eve@new.example')).toMatchObject({ license: 'invited', source: 'manual' });
    expect(center.people.map(({ givenName }) => givenName)).not.toContain('Bo');
  });

  it('the same is refused as in a file', () => {
    const people = [...cast(), { profileEmail: 'okta@old.example', source: 'idp' as const }];
    const center = build({ licenses: { [plus]: 3 } }, people);
    const refusal = (command: Command) => carryOut(center, command)?.code;
    expect(refusal({ do: 'set-email', person: 'ann@old.example', email: 'bo@old.example' })).toBe('email-taken');
    expect(refusal({ do: 'set-email', person: 'ann@old.example', email: 'ann' })).toBe('not-an-email');
    expect(refusal({ do: 'set-email', person: 'okta@old.example', email: 'o@new.example' })).toBe('idp-owned');
    expect(refusal({ do: 'set-license', person: 'dee@old.example', types: [plus] })).toBe('no-free-license');
    expect(refusal({ do: 'set-license', person: 'dee@old.example', types: ['Recruiter'] })).toBe('unknown-type');
    expect(refusal({ do: 'remove-user', person: 'nobody@old.example' })).toBe('no-such-person');
    expect(refusal({ do: 'use', person: 'dee@old.example' })).toBe('not-activated');
    expect(center.journal).toEqual([]);
  });

  it('a used license shows when it was last used', async () => {
    const center = build();
    act(center, { do: 'advance', hours: 48 });
    act(center, { do: 'use', person: 'ann@old.example' });
    expect(await shownOf(center, 'ann@old.example')).toMatchObject({ lastAccess: '2026-11-23' });
  });
});

/** Anything that may happen, over few people and addresses so that they meet. */
const person = fc.constantFrom('a@x.example', 'b@x.example', 'c@x.example', 'd@x.example', 'e@x.example');
const happening: fc.Arbitrary<Command | UploadContent> = fc.oneof(
  fc.array(fc.tuple(person, person), { minLength: 1, maxLength: 4 }).map((rows) => emailChange(...rows)),
  fc
    .tuple(fc.constantFrom('license-off' as const, 'license-on' as const), fc.array(person, { minLength: 1, maxLength: 4 }))
    .map(([kind, emails]) => licenseChange(kind, ...emails)),
  fc.record({ do: fc.constant('set-email' as const), person, email: person }),
  fc.record({ do: fc.constant('set-license' as const), person, types: fc.subarray([plus, advanced]) }),
  fc.record({ do: fc.constant('remove-user' as const), person }),
  fc.record({ do: fc.constant('accept' as const), person, wrongProfile: fc.boolean() }),
  fc.record({ do: fc.constant('take-next-free' as const), count: fc.constant(1) }),
  fc.record({ do: fc.constant('advance' as const), hours: fc.constantFrom(0.1, 1, 24, 24 * 20) }),
);

const settings = {
  licenses: { [plus]: 2, [advanced]: 1 },
  monthlyAssignments: 3,
  batchRows: 2,
  emailSyncMinutes: 30,
  uploadMinutes: 5,
  shownAfterMinutes: { email: 60, licenseOff: 10, licenseOn: 10, other: 0 },
  acceptance: { afterHours: 2, percent: 50, wrongProfilePercent: 20 },
};
const people = ['a', 'b', 'c'].map((name, n) => ({
  profileEmail: `${name}@x.example`,
  ...(n < 2 ? { license: 'activated' as const, licenseTypes: [n === 0 ? plus : advanced] } : {}),
}));
const begin = () => makeAdminCenter({ now: start, settings, people, crmEmails: ['a@x.example', 'e@x.example'] });

function happen(center: AdminCenter, one: Command | UploadContent): void {
  if ('do' in one) carryOut(center, one);
  else uploadFile(center, 'any.csv', bytesOf(one));
}

describe('whatever happens', () => {
  it('no two people have one address, no license is held that is not there, and no month is overspent', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 40 }), (happenings) => {
        const center = begin();
        for (const one of happenings) happen(center, one);
        const { sharedEmails, licenses, withoutLicense, gaps } = oracleOf(center);
        expect(sharedEmails).toEqual([]);
        for (const { assigned, others, purchased, free } of Object.values(licenses)) expect(assigned + others + free).toBe(purchased);
        for (const spent of Object.values(center.assignments)) expect(spent).toBeLessThanOrEqual(3);
        expect(withoutLicense).toHaveLength(gaps.filter(({ licensedAt }) => licensedAt === null).length);
        for (const one of center.people) expect(one.license === 'none').toBe(one.licenseTypes.length === 0);
      }),
    );
  });

  it('a state that was written down and read back goes on exactly as it would have', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 20 }), fc.array(happening, { maxLength: 20 }), (before, after) => {
        const center = begin();
        for (const one of before) happen(center, one);
        const copy = begin();
        loadState(copy, JSON.parse(JSON.stringify(center)));
        for (const one of after) {
          happen(center, one);
          happen(copy, one);
        }
        expect(copy).toEqual(center);
      }),
    );
  });
});
