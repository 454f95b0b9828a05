import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../server/core/finding.ts';
import { type AccountRecord, compare, findingsOf, licensed, person, settingsWith, type UserRecord, user } from './build.ts';

const only = (users: readonly UserRecord[], accounts: readonly AccountRecord[], settings = {}): Finding =>
  compare(users, accounts, settings).at(0);
const verdict = ({ status, reason, variant }: Finding) => [status, reason, ...(variant === null ? [] : [variant])].join('/');
const jane = { givenName: 'Jane', familyName: 'Roe' };
const mark = { givenName: 'Mark', familyName: 'Stone' };

describe('Matched', () => {
  test('equal emails that LinkedIn has shown as Matched are in sync', () => {
    const found = only([user('u', 'jane@acme.example')], [licensed('s', 'jane@acme.example', { crmSyncStatus: 'Matched' })]);
    expect(verdict(found)).toBe('matched/in-sync');
    expect(found.observed).toEqual({ verdict: 'matched', source: 'export', at: '2026-11-20T09:00:00.000Z' });
    expect(found).toMatchObject({
      predicted: 'matched',
      actor: 'nobody-wait',
      also: ['observed-matched'],
      rule: 'exact-email',
      confidence: 1,
    });
  });

  test('equal emails that LinkedIn has not spoken of are emails-agree', () => {
    expect(verdict(only([user('u', 'jane@acme.example')], [licensed('s', 'jane@acme.example')]))).toBe('matched/emails-agree');
  });

  test.each([' Jane@Acme.Example', 'JANE@ACME.EXAMPLE ', '\u00a0jane@acme.example'])(
    'case and outer space make no difference: "%s"',
    (email) => {
      expect(only([user('u', email)], [licensed('s', 'jane@acme.example')])).toMatchObject({ status: 'matched', rule: 'exact-email' });
    },
  );

  test.each([
    ['linkedin-disagrees', { crmSyncStatus: 'Not Matched' }, {}],
    ['duplicate-profile', {}, { duplicateProfiles: ['s'] }],
    ['invitation-pending', { licenseStatus: 'Invited' }, {}],
    ['crm-sync-off', { crmSync: 'off' }, {}],
    ['crm-sync-off', { crmSyncStatus: 'off' }, {}],
    ['waiting-for-linkedin', {}, { waiting: [{ licenseId: 's', since: '2026-11-19', until: '2026-11-22' }] }],
  ])('%s', (reason, account, settings) => {
    expect(verdict(only([user('u', 'jane@acme.example')], [licensed('s', 'jane@acme.example', account)], settings))).toBe(
      `matched/${reason}`,
    );
  });

  test('nothing is waited for once LinkedIn was seen to match them since the correction', () => {
    const waiting = [{ licenseId: 's', since: '2026-11-19', until: '2026-11-22' }];
    const shown = (account: AccountRecord, settings = {}) =>
      only([user('u', 'jane@acme.example')], [licensed('s', 'jane@acme.example', account)], { waiting, ...settings });
    expect(verdict(shown({ crmSyncStatus: 'Matched' }))).toBe('matched/in-sync');
    expect(shown({ crmSyncStatus: 'Matched' }).also).not.toContain('waiting-for-linkedin');
    const answered = (at: string) => ({ observedAnswers: [{ licenseId: 's', verdict: 'matched', at }] });
    expect(verdict(shown({}, answered('2026-11-20')))).toBe('matched/in-sync');
  });

  test('of several things that keep a match from syncing the first of the ladder decides, and the others stand in also', () => {
    const ladder = [
      ['linkedin-disagrees', { crmSyncStatus: 'Not Matched' }, {}],
      ['duplicate-profile', {}, { duplicateProfiles: ['s'] }],
      ['invitation-pending', { licenseStatus: 'Invited' }, {}],
      ['crm-sync-off', { crmSync: 'off' }, {}],
      ['waiting-for-linkedin', {}, { waiting: [{ licenseId: 's', since: '2026-11-19', until: '2026-11-22' }] }],
    ] as const;
    for (let first = 0; first < ladder.length; first++) {
      const rest = ladder.slice(first);
      const account = Object.assign({}, ...rest.map(([, fields]) => fields));
      const settings = Object.assign({}, ...rest.map(([, , more]) => more));
      const found = only([user('u', 'jane@acme.example')], [licensed('s', 'jane@acme.example', account)], settings);
      expect(found.reason).toBe(ladder[first]![0]);
      for (const [reason] of rest.slice(1)) expect(found.also).toContain(reason);
      expect(found.also).not.toContain(found.reason);
    }
  });

  test('the newer of the export and an admin’s answer is what was observed', () => {
    const told = (at: string) =>
      only([user('u', 'a@acme.example')], [licensed('s', 'a@acme.example', { crmSyncStatus: 'Not Matched' })], {
        observedAnswers: [
          { licenseId: 's', verdict: 'not-matched', at: '2026-11-01' },
          { licenseId: 's', verdict: 'matched', at },
        ],
      });
    expect(told('2026-11-21')).toMatchObject({ reason: 'in-sync', observed: { verdict: 'matched', source: 'admin', at: '2026-11-21' } });
    expect(told('2026-11-02')).toMatchObject({ reason: 'linkedin-disagrees', observed: { source: 'export' } });
  });
});

describe('before the comparison', () => {
  const pair = [
    [user('u', 'jane@acme.example')],
    [licensed('s', 'other@acme.example', { licenseType: 'Sales Navigator Advanced' })],
  ] as const;
  const excepted = { exceptions: [{ licenseId: 's', reason: 'on leave', author: 'kim@acme.example', until: '2026-12-31' }] };

  test('an incomplete read says nothing of anybody, exceptions included', () => {
    const notChecked = { source: 'The LinkedIn export', date: '2026-11-20' };
    const compared = compare(...pair, { ...excepted, notChecked, seatScope: 'all' });
    expect(findingsOf(compared).map(verdict)).toEqual(['not-checked/not-checked']);
    expect(compared.at(0).sentence).toContain('The LinkedIn export');
  });

  test('an exception comes before the kind of license', () => {
    const found = only(...pair, excepted);
    expect(verdict(found)).toBe('excepted/excepted');
    expect(found.also).toContain('license-without-crm-sync');
    expect(found.sentence).toBe('Left alone until 31 December 2026 by kim: on leave.');
  });

  test.each(['Sales Navigator Advanced', 'TeamLink Extend'])('%s cannot sync, whatever the emails say', (licenseType) => {
    const emails = ['jane@acme.example', '', 'nobody@acme.example'];
    for (const email of emails)
      expect(verdict(only([user('u', 'jane@acme.example')], [licensed('s', email, { licenseType })]))).toBe(
        'cannot-sync/license-without-crm-sync',
      );
  });

  test('an export without the license type compares people all the same and says so', () => {
    const found = only([user('u', 'jane@acme.example')], [{ seatId: 's', email: 'jane@acme.example' }]);
    expect(found).toMatchObject({ reason: 'emails-agree', also: ['license-type-unknown'] });
  });

  test('unassigned and admin-only people are counted, not judged', () => {
    const compared = compare(
      [],
      [
        licensed('a', 'a@acme.example', { licenseStatus: 'Unassigned', adminPermission: 'Admin' }),
        licensed('b', 'b@acme.example', { licenseStatus: 'Unassigned' }),
      ],
    );
    expect(compared.length).toBe(0);
    expect(compared.summary.countedOnly).toMatchObject({ 'license:unassigned': 1, 'license:admin-only': 1 });
  });
});

describe('email-unusable', () => {
  test.each([
    ['', 'missing'],
    ['\u200b', 'missing'],
    ['jane@', 'invalid'],
    ['n/a', 'invalid'],
  ])('a license email "%s" is %s, whoever the id says it is', (email, variant) => {
    const found = only([user('u', 'jane@acme.example', { employeeNumber: '7' })], [licensed('s', email, { uniqueUserId: '7' })]);
    expect(found).toMatchObject({
      status: 'not-matched',
      reason: 'email-unusable',
      variant,
      predicted: 'not-matched',
      actor: 'linkedin-admin',
    });
    expect(found.crmUser?.id).toBe('u');
  });

  test('blank is not equal to blank', () => {
    const found = only([user('u', '')], [licensed('s', '')]);
    expect(found).toMatchObject({ reason: 'email-unusable', crmUser: null });
  });

  test('a CRM user without an email is the CRM admin’s to fill in, and a group of its own', () => {
    const compared = compare(
      [user('u', '', { employeeNumber: '7' })],
      [licensed('s', 'jane@acme.example', { uniqueUserId: '7' }), licensed('t', '')],
    );
    expect(person(compared, 's')).toMatchObject({ reason: 'email-unusable', variant: 'missing', actor: 'crm-admin' });
    expect(compared.summary.rootCauses.map(({ id, actor }) => [id, actor])).toEqual([
      ['email-unusable:missing:crm', 'crm-admin'],
      ['email-unusable:missing:license', 'linkedin-admin'],
    ]);
  });

  test('an unusable CRM email comes before an inactive CRM user, which then stands in also', () => {
    const found = only(
      [user('u', 'jane at acme', { employeeNumber: '7', active: 'false' })],
      [licensed('s', 'jane@acme.example', { uniqueUserId: '7' })],
    );
    expect(found).toMatchObject({ reason: 'email-unusable', variant: 'invalid' });
    expect(found.also).toContain('crm-user-inactive');
  });
});

describe('identity-conflict', () => {
  const both = [user('u1', 'jane@acme.example', { employeeNumber: '1' }), user('u2', 'mark@acme.example', { employeeNumber: '2' })];
  const byEmail = licensed('s', 'jane@acme.example');
  const points = {
    'the Unique User ID': [{ uniqueUserId: '2' }, {}],
    'a link': [{}, { links: [{ licenseId: 's', crmUserId: 'u2', author: 'kim', at: '2026-11-01' }] }],
    'an earlier reconciliation': [{}, { history: [{ licenseId: 's', crmUserId: 'u2', crmEmail: null }] }],
  } as const;

  test.each(Object.keys(points) as (keyof typeof points)[])(
    '%s that points to another active user is a conflict that LinkedIn joins',
    (kind) => {
      const [account, settings] = points[kind];
      const compared = compare(both, [{ ...byEmail, ...account }], settings);
      const found = person(compared, 's');
      expect(found).toMatchObject({
        status: 'matched',
        reason: 'identity-conflict',
        predicted: 'matched',
        crmUser: { id: 'u1' },
        changeSide: null,
      });
      expect(found.explanation.trace.find(({ outcome }) => outcome === 'contradicts')?.crmUserIds).toEqual(['u2']);
      expect(compared.summary.seatsThatSync).toBe(0);
    },
  );

  test('an id that points to an active user with another given name and surname is a conflict, not a match', () => {
    const found = person(
      compare(
        [user('u', 'mark@acme.example', { employeeNumber: '7', ...mark })],
        [licensed('s', 'jane@acme.example', { uniqueUserId: '7', ...jane })],
      ),
      's',
    );
    expect(found).toMatchObject({ status: 'not-matched', reason: 'identity-conflict', crmUser: null, rule: null });
    expect(found.sentence).toContain('Mark Stone');
    expect(found.suggestions[0]).toMatchObject({ crmUserId: 'u', evidence: ['the ID points to them'] });
    expect(found.explanation.trace.some(({ outcome }) => outcome === 'decided')).toBe(false);
  });

  test('an equal id with a changed surname is a marriage, not a conflict', () => {
    const found = only(
      [user('u', 'jane.stone@acme.example', { employeeNumber: '7', givenName: 'Jane', familyName: 'Stone' })],
      [licensed('s', 'jane.roe@acme.example', { uniqueUserId: '7', ...jane })],
    );
    expect(found).toMatchObject({ reason: 'email-differs', difference: 'changed-name', rule: 'stable-id', changeSide: 'license' });
  });

  test('names that contradict are no conflict where the email agrees with the id', () => {
    const found = only(
      [user('u', 'jane@acme.example', { employeeNumber: '7', ...mark })],
      [licensed('s', 'jane@acme.example', { uniqueUserId: '7', ...jane })],
    );
    expect(found.reason).toBe('emails-agree');
  });

  test('a left-over inactive CRM user with the same id says nothing against the active one with the email', () => {
    const found = only(
      [user('old', 'jane.old@acme.example', { employeeNumber: '7', active: 'false' }), user('new', 'jane@acme.example')],
      [licensed('s', 'jane@acme.example', { uniqueUserId: '7' })],
    );
    expect(found).toMatchObject({ reason: 'emails-agree', crmUser: { id: 'new' } });
  });

  test('a person’s link to an inactive user against another active one’s email is a conflict: a decision is not overruled in silence', () => {
    const found = only(
      [user('u1', 'jane@acme.example'), user('u2', 'mark@acme.example', { active: 'false' })],
      [byEmail],
      points['a link'][1],
    );
    expect(found).toMatchObject({ status: 'matched', reason: 'identity-conflict', crmUser: { id: 'u1' } });
  });

  test('the sentence of a conflict that LinkedIn does not join names whom the ID says, not whom the email says', () => {
    const found = only(
      [
        user('u1', 'jane@acme.example', { ...jane, confirmed: 'false' }),
        user('u2', 'mark@acme.example', { employeeNumber: '2', ...mark, confirmed: 'true' }),
      ],
      [{ ...byEmail, ...jane, uniqueUserId: '2' }],
    );
    expect(found).toMatchObject({ status: 'not-matched', reason: 'identity-conflict' });
    expect(found.sentence).toContain('Mark Stone');
    expect(found.also).toContain('crm-user-unconfirmed');
  });

  test.each(Object.keys(points) as (keyof typeof points)[])(
    '%s: both people stand on the conflict, for a person to say who it is',
    (kind) => {
      const [account, settings] = points[kind];
      const { suggestions } = person(compare(both, [{ ...byEmail, ...account }], settings), 's');
      expect(suggestions.map(({ crmUserId }) => crmUserId)).toEqual(['u1', 'u2']);
    },
  );

  const said = (crmUserId: string, license = 'jane@acme.example', crm: string | null = null) => ({
    links: [{ licenseId: 's', crmUserId, author: 'kim', at: '2026-11-01', emails: { license, crm } }],
  });

  test('whoever saw both emails and says it is the other one settles it: the license email is what changes', () => {
    const compared = compare(both, [{ ...byEmail, uniqueUserId: '2' }], said('u2'));
    expect(person(compared, 's')).toMatchObject({
      status: 'not-matched',
      reason: 'email-differs',
      rule: 'link',
      crmUser: { id: 'u2' },
      changeSide: 'license',
      targetEmail: 'mark@acme.example',
      // LinkedIn still joins them with the other one.
      predicted: 'matched',
    });
    expect(compared.summary.seatsThatSync).toBe(0);
  });

  test('whoever says it is the one with the email settles it: nothing is to change', () => {
    expect(person(compare(both, [{ ...byEmail, uniqueUserId: '2' }], said('u1')), 's')).toMatchObject({
      reason: 'emails-agree',
      rule: 'link',
      crmUser: { id: 'u1' },
    });
  });

  test.each([
    ['license', said('u2', 'before@acme.example')],
    ['CRM', said('u2', 'jane@acme.example', 'before@acme.example')],
  ])('an email of the %s side that changed since the answer asks it again, with a warning', (_, settings) => {
    const found = person(compare(both, [{ ...byEmail, uniqueUserId: '2' }], settings), 's');
    expect(found).toMatchObject({ status: 'matched', reason: 'identity-conflict', also: ['email-moved-since-link'] });
  });

  test('an email that moved where nobody else has it keeps the link, with the warning', () => {
    const [account] = [licensed('s', 'new@acme.example')];
    const found = person(compare(both, [account], said('u2', 'old@acme.example')), 's');
    expect(found).toMatchObject({ reason: 'email-differs', rule: 'link', crmUser: { id: 'u2' } });
    expect(found.also).toContain('email-moved-since-link');
  });

  test('the same email written otherwise has not moved', () => {
    const found = person(compare(both, [byEmail], said('u2', ' JANE@acme.example', 'Mark@ACME.example')), 's');
    expect(found.also).not.toContain('email-moved-since-link');
  });

  test('an id that nobody in the CRM has is settled by a link as well', () => {
    const many = Array.from({ length: 10 }, (_, n) => n);
    const users = many.map((n) => user(`u${n}`, `p${n}@acme.example`, { employeeNumber: `${n}` }));
    const accounts = many.map((n) => licensed(`s${n}`, `p${n}@acme.example`, { uniqueUserId: n === 9 ? 'X' : `${n}` }));
    expect(person(compare(users, accounts), 's9').reason).toBe('identity-conflict');
    const emails = { license: 'p9@acme.example', crm: null };
    const links = [{ licenseId: 's9', crmUserId: 'u9', author: 'kim', at: '2026-11-01', emails }];
    expect(person(compare(users, accounts, { links }), 's9')).toMatchObject({ reason: 'emails-agree', rule: 'link' });
  });

  test('a link to an integration user, or to nobody, counts for nothing', () => {
    const links = [{ licenseId: 's', crmUserId: 'bot', author: 'kim', at: '2026-11-01' }];
    const bot = user('bot', 'jane@acme.example', { userType: 'AutomatedProcess' });
    expect(verdict(only([bot], [byEmail], { links }))).toBe('not-matched/no-crm-user');
    expect(only([bot, user('u', 'jane@acme.example', { userType: 'Standard' })], [byEmail], { links })).toMatchObject({
      reason: 'emails-agree',
      crmUser: { id: 'u' },
    });
    expect(verdict(only([], [byEmail], { links }))).toBe('not-matched/no-crm-user');
  });
});

describe('ambiguous', () => {
  test('two active CRM users on one address: LinkedIn could pick either, so none is shown as the owner', () => {
    const compared = compare([user('u2', 'Jane@acme.example'), user('u1', 'jane@acme.example')], [licensed('s', 'jane@acme.example')], {
      seatScope: 'all',
    });
    const found = person(compared, 's');
    expect(found).toMatchObject({ reason: 'ambiguous', variant: 'crm', crmUser: null, rule: null, predicted: 'unknown' });
    expect(found.suggestions.map(({ crmUserId }) => crmUserId)).toEqual(['u1', 'u2']);
    expect(findingsOf(compared).slice(1).map(verdict)).toEqual(['no-license/may-have-one', 'no-license/may-have-one']);
    expect(found.explanation.trace.find(({ rule }) => rule === 'exact-email')?.crmUserIds).toEqual(['u1', 'u2']);
  });

  test('the sentence counts all users on the address, not only those that are shown', () => {
    const found = only(
      Array.from({ length: 7 }, (_, k) => user(`u${k}`, 'jane@acme.example')),
      [licensed('s', 'jane@acme.example')],
    );
    expect(found.sentence).toBe('7 active users in Salesforce share this email. LinkedIn could pick any of them.');
    expect(found.suggestions).toHaveLength(5);
  });

  test('where LinkedIn joins with exactly one, another user’s address with an invisible character makes nobody ambiguous', () => {
    const users = [user('u1', 'jane@acme.example'), user('u2', 'jane\u200b@acme.example')];
    expect(only(users, [licensed('s', 'jane@acme.example')])).toMatchObject({ reason: 'emails-agree', crmUser: { id: 'u1' } });
    expect(only(users, [licensed('s', 'ja\u200bne@acme.example')])).toMatchObject({ reason: 'ambiguous', variant: 'crm', crmUser: null });
  });

  test('an inactive CRM user never makes an active one ambiguous', () => {
    const found = only(
      [user('u1', 'jane@acme.example', { active: 'no' }), user('u2', 'jane@acme.example')],
      [licensed('s', 'jane@acme.example')],
    );
    expect(found).toMatchObject({ reason: 'emails-agree', crmUser: { id: 'u2' }, also: ['other-inactive-crm-user'] });
  });

  test('two licenses on one address are both ambiguous', () => {
    const compared = compare(
      [user('u', 'jane@acme.example', jane)],
      [licensed('s', 'jane@acme.example'), licensed('t', 'JANE@acme.example')],
    );
    for (const found of findingsOf(compared)) {
      expect(found).toMatchObject({ reason: 'ambiguous', variant: 'licenses', crmUser: null, suggestions: [{ crmUserId: 'u' }] });
      expect(found.sentence).toBe('2 licenses point to Jane Roe. Only one of them can be right.');
    }
  });

  test('two licenses on one address that no CRM user has are both ambiguous', () => {
    const compared = compare(
      [user('u', 'mark@acme.example')],
      [licensed('s', 'jane@acme.example', jane), licensed('t', 'JANE@acme.example'), licensed('v', 'anna@acme.example')],
    );
    for (const id of ['s', 't']) {
      const found = person(compared, id);
      expect(found).toMatchObject({ reason: 'ambiguous', variant: 'licenses', crmUser: null, also: [] });
      expect(found.sentence).toBe('2 licenses point to one person. Only one of them can be right.');
    }
    expect(person(compared, 'v').reason).toBe('no-crm-user');
  });

  test('a license on the address of another one whose owner an id names is ambiguous, that other one is not', () => {
    const compared = compare(
      [user('u', 'jane.roe@acme.example', { employeeNumber: '7' })],
      [licensed('s', 'jane@acme.example', { uniqueUserId: '7' }), licensed('t', 'jane@acme.example')],
    );
    expect(person(compared, 's')).toMatchObject({ reason: 'email-differs', crmUser: { id: 'u' } });
    expect(person(compared, 't')).toMatchObject({ reason: 'ambiguous', variant: 'licenses', crmUser: null });
  });

  test('of two licenses for one user the one LinkedIn joins stays matched, the other is ambiguous', () => {
    const compared = compare(
      [user('u', 'jane@acme.example', { employeeNumber: '7' })],
      [licensed('s', 'jane@acme.example'), licensed('t', 'jane@old.example', { uniqueUserId: '7' })],
    );
    expect(person(compared, 's')).toMatchObject({ status: 'matched', crmUser: { id: 'u' }, also: ['second-license'] });
    expect(person(compared, 't')).toMatchObject({ reason: 'ambiguous', variant: 'licenses', crmUser: null });
    expect(person(compared, 't').suggestions).toMatchObject([{ crmUserId: 'u', evidence: ['the ID points to them'] }]);
  });

  test('two namesakes that no id tells apart', () => {
    const found = only(
      [user('u1', 'jane.roe@acme.example', jane), user('u2', 'jane.roe2@acme.example', jane)],
      [licensed('s', 'janeroe@gmail.com', jane)],
    );
    expect(found).toMatchObject({ reason: 'ambiguous', variant: 'namesakes', crmUser: null });
    expect(found.sentence).toBe('2 people in Salesforce have this name and no ID tells them apart.');
  });

  test('a namesake who is already matched to another license makes a private address ambiguous all the same', () => {
    const compared = compare(
      [user('u1', 'jane.roe@acme.example', jane), user('u2', 'jane.roe2@acme.example', jane)],
      [licensed('s', 'janeroe@gmail.com', jane), licensed('t', 'jane.roe@acme.example', jane)],
    );
    expect(person(compared, 't').status).toBe('matched');
    expect(person(compared, 's')).toMatchObject({ reason: 'ambiguous', variant: 'namesakes', suggestions: [{ crmUserId: 'u2' }] });
    expect(person(compared, 's').sentence).toBe('2 people in Salesforce have this name and no ID tells them apart.');
  });

  test.each([
    ['Jane', 'Roe', 'JANE ROE'],
    ['Joël', 'Müller-Roe', 'Joel Mueller Roe'],
    ['Michael', 'Isaacs', 'Isaacs Michael'],
    ['Joe', 'Saenz', 'Joe Sanz'],
    ['Anna Maria', 'de la Roe', 'Maria Anna de la Roe'],
  ])('a matched namesake is found however the name is written: %s %s and %s', (givenName, familyName, displayName) => {
    const compared = compare(
      [user('u1', 'one@acme.example', { displayName }), user('u2', 'two@acme.example', { givenName, familyName })],
      [licensed('s', 'jr@gmail.com', { givenName, familyName }), licensed('t', 'one@acme.example')],
    );
    expect(person(compared, 's')).toMatchObject({ reason: 'ambiguous', variant: 'namesakes' });
  });

  test('of a very common name the sentence gives no number, and the work stays bounded', () => {
    const compared = compare(
      [
        user('free', 'jane.roe@acme.example', jane),
        ...Array.from({ length: 40 }, (_, k) => user(`u${k}`, `jane.roe${k}@acme.example`, jane)),
      ],
      [
        licensed('s', 'janeroe@gmail.com', jane),
        ...Array.from({ length: 40 }, (_, k) => licensed(`t${k}`, `jane.roe${k}@acme.example`, jane)),
      ],
    );
    expect(person(compared, 's').sentence).toBe('Several people in Salesforce have this name and no ID tells them apart.');
    expect(compared.summary.candidatePairs).toBeLessThan(20);
  });

  test('on a company domain only a matched namesake under the same domain counts', () => {
    const at = (domain: string) =>
      person(
        compare(
          [user('u1', `jane.roe@${domain}`, jane), user('u2', 'jane.roe2@acme.example', jane), user('u3', 'x@other.example')],
          [licensed('s', 'jroe@acme.example', jane), licensed('t', `jane.roe@${domain}`, jane)],
        ),
        's',
      ).reason;
    expect(at('acme.example')).toBe('ambiguous');
    expect(at('other.example')).toBe('owner-unconfirmed');
  });

  test('a single namesake who already has a license makes nobody ambiguous', () => {
    const compared = compare(
      [user('u1', 'jane.roe@acme.example', jane)],
      [licensed('s', 'janeroe@gmail.com', jane), licensed('t', 'jane.roe@acme.example', jane)],
    );
    expect(verdict(person(compared, 's'))).toBe('not-matched/no-crm-user');
  });

  test('an id tells namesakes apart', () => {
    const found = only(
      [
        user('u1', 'jane.roe@acme.example', { ...jane, employeeNumber: '1' }),
        user('u2', 'jane.roe2@acme.example', { ...jane, employeeNumber: '2' }),
      ],
      [licensed('s', 'janeroe@gmail.com', { ...jane, uniqueUserId: '2' })],
    );
    expect(found).toMatchObject({ reason: 'email-differs', crmUser: { id: 'u2' } });
  });

  test('an equal Unique User ID on two licenses is said of both', () => {
    const compared = compare(
      [user('u1', 'jane@acme.example'), user('u2', 'mark@acme.example')],
      [licensed('s', 'jane@acme.example', { uniqueUserId: '7' }), licensed('t', 'mark@acme.example', { uniqueUserId: '7' })],
    );
    for (const found of findingsOf(compared)) expect(found).toMatchObject({ status: 'matched', also: ['duplicate-unique-user-id'] });
  });
});

describe('the rest of Not Matched', () => {
  test('an inactive owner', () => {
    const found = only(
      [user('u', 'jane@acme.example', { active: 'false', inactiveSince: '2026-10-01', ...jane })],
      [licensed('s', 'jane@acme.example')],
    );
    expect(verdict(found)).toBe('not-matched/crm-user-inactive');
    expect(found).toMatchObject({ crmUser: { id: 'u', active: false }, predicted: 'not-matched', rule: 'exact-email' });
    expect(found.sentence).toBe('Jane Roe is inactive in Salesforce since 1 October 2026, but still holds a license.');
  });

  test('an owner who has not accepted the CRM’s own invitation', () => {
    expect(verdict(only([user('u', 'jane@acme.example', { confirmed: 'false' })], [licensed('s', 'jane@acme.example')]))).toBe(
      'not-matched/crm-user-unconfirmed',
    );
  });

  test('an invitation to Zoho that is older than its 7 days: it expired, which Zoho does not tell, so it is counted from when the user was made', () => {
    const at = (createdAt: string, invitationDays: number | null = 7) =>
      only([user('u', 'jane@acme.example', { confirmed: 'false', createdAt, ...jane })], [licensed('s', 'jane@acme.example')], {
        crmName: 'Zoho CRM',
        invitationDays,
        asOf: '2026-11-21T09:00:00.000Z',
      }).sentence;
    const open = "Jane Roe hasn't accepted the invitation to Zoho CRM, so they can't match yet.";
    expect(at('2026-11-09T09:00:00+05:30')).toBe(
      "Jane Roe hasn't accepted the invitation to Zoho CRM. It is open for 12 days and expired after 7, so they can't match yet.",
    );
    expect(at('2026-11-14T09:00:00.000Z')).toContain('expired after 7');
    expect(at('2026-11-14T09:00:01.000Z')).toBe(open);
    expect(at('2026-11-09T09:00:00+05:30', 14)).toBe(open);
    expect(at('2026-11-09T09:00:00+05:30', null), 'another CRM').toBe(open);
    expect(at('the day before yesterday')).toBe(open);
  });

  const otherCrms = [{ crmName: 'HubSpot', emails: ['Jane@acme.example'] }];
  test('somebody found only in another CRM', () => {
    const found = only([user('u', 'mark@acme.example')], [licensed('s', 'jane@acme.example')], { otherCrms });
    expect(verdict(found)).toBe('not-matched/in-other-crm');
    expect(found.sentence).toBe('This email is in HubSpot, but LinkedIn syncs with Salesforce.');
    expect(found.targetEmail).toBeNull();
  });

  test('somebody in both CRMs is told so beside what decided', () => {
    const found = only([user('u', 'jane@acme.example')], [licensed('s', 'jane@acme.example')], { otherCrms });
    expect(found).toMatchObject({ reason: 'emails-agree', also: ['in-other-crm'] });
  });

  test('a person in two CRMs is one person with two CRM users, by the license email or the owner’s', () => {
    const users = [{ id: '7', name: 'Jane Roe', email: 'Jane@acme.example' }];
    const hubspot = {
      otherCrms: [
        { crmName: 'HubSpot', emails: ['jane@acme.example'], users },
        { crmName: 'Zoho CRM', emails: ['jr@acme.example'] },
      ],
    };
    const elsewhere = [
      { crmName: 'HubSpot', id: '7', name: 'Jane Roe', email: 'Jane@acme.example' },
      { crmName: 'Zoho CRM', id: null, name: null, email: 'jr@acme.example' },
    ];
    const both = only(
      [user('u', 'jr@acme.example', { ...jane, employeeNumber: 'E1' })],
      [licensed('s', 'jane@acme.example', { uniqueUserId: 'E1' })],
      hubspot,
    );
    expect(both).toMatchObject({ crmUser: { id: 'u' }, rule: 'stable-id', reason: 'email-differs', otherCrmUsers: elsewhere });
    // Evidence, never a target.
    expect(both.targetEmail).not.toBeNull();
    const there = only([user('u', 'mark@acme.example')], [licensed('s', 'jane@acme.example')], hubspot);
    expect(there).toMatchObject({ reason: 'in-other-crm', crmUser: null, targetEmail: null, otherCrmUsers: elsewhere.slice(0, 1) });
  });

  test('suggestions only', () => {
    const found = only(
      [user('u', 'jane.roe@acme.example', jane)],
      [licensed('s', 'jroe@acme.example', { givenName: 'Jayne', familyName: 'Roe' })],
    );
    expect(found).toMatchObject({
      reason: 'owner-unconfirmed',
      crmUser: null,
      rule: null,
      confidence: null,
      changeSide: null,
      targetEmail: null,
    });
    expect(found.suggestions[0]!.score).toBeLessThan(1);
  });

  test('nobody at all', () => {
    expect(verdict(only([], [licensed('s', 'jane@acme.example')]))).toBe('not-matched/no-crm-user');
  });

  test('a repair that stopped', () => {
    const repairFailed = [
      { licenseId: 's', step: 'Read back', cause: 'the old email is still there', licenseState: 'held', fix: 'Upload the file again' },
    ];
    const settings = { repairFailed, links: [{ licenseId: 's', crmUserId: 'u', author: 'kim', at: '2026-11-01' }] };
    const found = only([user('u', 'jane@acme.example')], [licensed('s', 'j@acme.example')], settings);
    expect(verdict(found)).toBe('not-matched/repair-failed');
    expect(found.sentence).toBe('Stopped at "Read back": the old email is still there. License now: held.');
    expect(found.also).toContain('email-differs');
    expect(only([user('u', 'j@acme.example')], [licensed('s', 'j@acme.example')], settings).status).toBe('matched');
  });

  test('two reasons true at once: the earlier of the ladder decides, the other stands in also', () => {
    const inactive = user('u', 'jane@acme.example', { active: 'false', confirmed: 'false', employeeNumber: '7' });
    const found = only([inactive], [licensed('s', 'j@acme.example', { uniqueUserId: '7', licenseStatus: 'Invited', crmSync: 'off' })]);
    expect(found.reason).toBe('crm-user-inactive');
    expect(found.also).toEqual(['invitation-pending', 'crm-sync-off', 'crm-user-unconfirmed', 'email-differs']);
  });
});

describe('email-differs names the difference and the side', () => {
  const linked = { links: [{ licenseId: 's', crmUserId: 'u', author: 'kim', at: '2026-11-01' }] };
  const many = Array.from({ length: 12 }, (_, k) => user(`c${k}`, `person${k}@acme.example`));
  const differ = (license: string, crm: string, settings = {}, more: UserRecord = {}, holder: AccountRecord = {}) =>
    person(compare([user('u', crm, more), ...many], [licensed('s', license, holder)], { ...linked, ...settings }), 's');

  test.each([
    ['invisible-character', 'jane\u200b@acme.example', 'jane@acme.example', 'license'],
    ['invisible-character', 'jane@acme.example', '\ufeffjane@acme.example', 'crm'],
    ['look-alike-letter', 'j\u0430ne@acme.example', 'jane@acme.example', 'license'],
    ['plus-tag', 'jane+sn@acme.example', 'jane@acme.example', 'license'],
    ['plus-tag', 'jane@acme.example', 'jane+sf@acme.example', 'crm'],
    ['dots', 'jane.roe@acme.example', 'janeroe@acme.example', 'license'],
    ['private-address', 'jane@gmail.com', 'jane@acme.example', 'license'],
    ['private-address', 'jane@acme.example', 'jane@gmail.com', 'crm'],
    ['other', 'jr@elsewhere.example', 'jane@acme.example', 'license'],
    ['other', 'jr@elsewhere.example', 'jane@nowhere.example', 'ask'],
  ])('%s: %s and %s change %s', (difference, license, crm, side) => {
    const found = differ(license, crm);
    expect(found).toMatchObject({ reason: 'email-differs', difference, changeSide: side, crmUser: { id: 'u' } });
    expect(found.changeEvidence.length).toBeGreaterThan(0);
    expect(found.changeEvidence.join()).not.toContain('@');
    if (side === 'ask') expect(found.targetEmail).toBeNull();
    else if (difference !== 'look-alike-letter' && difference !== 'invisible-character')
      expect(found.targetEmail).toBe(side === 'license' ? crm : license);
    else expect(found.targetEmail).toBe('jane@acme.example');
  });

  const domainAliases = [{ old: '@Old.example', current: 'acme.example' }];
  test('old-domain, both ways, and its domain-change file', () => {
    const found = differ('jane@old.example', 'jane@acme.example', { domainAliases });
    expect(found).toMatchObject({
      difference: 'old-domain',
      changeSide: 'license',
      rule: 'link',
      rootCause: 'old-domain:old.example>acme.example',
    });
    expect(differ('jane@acme.example', 'jane@old.example', { domainAliases })).toMatchObject({
      difference: 'old-domain',
      changeSide: 'crm',
    });
  });

  test('old-domain over two renames', () => {
    const twice = [...domainAliases, { old: 'older.example', current: 'old.example' }];
    expect(differ('jane@older.example', 'jane@acme.example', { domainAliases: twice })).toMatchObject({
      difference: 'old-domain',
      changeSide: 'license',
    });
  });

  test('other-company-domain', () => {
    const settings = { companyDomains: ['acme.example', 'acme.net.example'] };
    expect(differ('jane@acme.net.example', 'jane@acme.example', settings)).toMatchObject({ difference: 'other-company-domain' });
  });

  test('secondary-address', () => {
    const found = differ('jr@acme.example', 'jane@acme.example', {}, { secondaryEmails: 'x@acme.example; jr@acme.example' });
    expect(found).toMatchObject({ difference: 'secondary-address', changeSide: 'license' });
  });

  test('changed-name', () => {
    const found = differ('jane.roe@acme.example', 'jane.stone@acme.example', {}, { givenName: 'Jane', familyName: 'Stone' }, jane);
    expect(found).toMatchObject({ difference: 'changed-name', changeSide: 'license' });
  });

  test('colleagues’ address format speaks for the side that follows it', () => {
    const colleagues = ['Ann Lee', 'Bob Ray', 'Cid Fox', 'Dan Poe'].map((name, k) =>
      user(`k${k}`, `${name.toLowerCase().replace(' ', '.')}@acme.example`, { displayName: name }),
    );
    const found = person(
      compare(
        [user('u', 'x991@acme.example', { displayName: 'Jane Roe' }), ...colleagues],
        [licensed('s', 'jane.roe@acme.example')],
        linked,
      ),
      's',
    );
    expect(found).toMatchObject({ changeSide: 'crm', changeEvidence: ['colleagues’ addresses are written as the license email is'] });
  });

  test('an address that another license holds is no target without a question', () => {
    const compared = compare(
      [user('u', 'jane@acme.example', { employeeNumber: '1' }), user('v', 'v@acme.example', { employeeNumber: '2' })],
      [licensed('s', 'jane@gmail.com', { uniqueUserId: '1' }), licensed('t', 'jane@acme.example', { uniqueUserId: '2' })],
    );
    const found = person(compared, 's');
    if (found.reason === 'email-differs') expect(found).toMatchObject({ changeSide: 'ask', targetEmail: null });
    else expect(found).toMatchObject({ reason: 'ambiguous', targetEmail: null });
  });

  test('who an identity provider owns is never LinkedIn’s to change', () => {
    const found = differ('jr@acme.example', 'jane@acme.example', { idpName: 'Okta' }, {}, { managedBy: 'IdP' });
    expect(found).toMatchObject({
      managedBy: 'idp',
      actor: 'identity-team',
      rootCause: 'managed-by-idp',
      label: 'Change it in Okta',
      managedByEvidence: 'IdP',
    });
    const managedBySource = 'the column “Source” of the export';
    expect(differ('jr@acme.example', 'jane@acme.example', { managedBySource }, {}, { managedBy: ' IdP ' }).managedByEvidence).toBe(
      'the column “Source” of the export says “IdP”',
    );
    expect(differ('jr@acme.example', 'jane@acme.example', { managedByDefault: 'idp', managedBySource }).managedByEvidence).toBe(
      'set for the whole contract',
    );
    expect(differ('jr@acme.example', 'jane@acme.example', { managedByDefault: 'idp' })).toMatchObject({
      managedBy: 'idp',
      managedByEvidence: 'set for the whole contract',
    });
  });
});

describe('correlation, strongest first', () => {
  const users = [
    user('link', 'link@acme.example'),
    user('id', 'id@acme.example', { employeeNumber: '7' }),
    user('alias', 'jane+x@new.example'),
    user('tag', 'jane+y@acme.example'),
    user('second', 'second@acme.example', { secondaryEmails: 'jane+x@acme.example' }),
    user('before', 'before@acme.example'),
  ];
  const settings = {
    companyDomains: ['acme.example', 'new.example'],
    links: [{ licenseId: 's', crmUserId: 'link', author: 'kim', at: '2026-11-01' }],
    domainAliases: [{ old: 'acme.example', current: 'new.example' }],
    history: [{ licenseId: 's', crmUserId: 'before', crmEmail: null }],
  };
  const holder = licensed('s', 'jane+x@acme.example', { uniqueUserId: '7' });
  const without: readonly (readonly [string, string])[] = [
    ['link', 'link'],
    ['stable-id', 'id'],
    ['domain-alias', 'alias'],
    ['plus-tag', 'tag'],
    ['secondary-email', 'second'],
    ['history', 'before'],
  ];
  test.each(without.map(([rule, id], k) => [rule, id, k] as const))('%s decides before all weaker rules', (rule, id, k) => {
    const left = users.filter((u) => !without.slice(0, k).some(([, gone]) => gone === u.id));
    const found = person(compare(left, [holder], settings), 's');
    expect([found.rule, found.crmUser?.id]).toEqual([rule, id]);
    expect(found.explanation.decidedBy).toBe(rule);
    expect(found.explanation.trace.find(({ outcome }) => outcome === 'decided')?.rule).toBe(rule);
    for (const weaker of without.slice(k + 1))
      expect(found.explanation.trace.find((step) => step.rule === weaker[0])?.outcome).toMatch(/contradicts|agrees/);
  });

  test('the exact email decides before an alias; a canonical one is a rule of its own', () => {
    const at = (email: string) =>
      only([user('u', email), user('v', 'jane@new.example')], [licensed('s', 'jane@acme.example')], {
        domainAliases: settings.domainAliases,
      });
    expect(at('Jane@acme.example')).toMatchObject({ rule: 'exact-email', crmUser: { id: 'u' } });
    expect(at('ja\u00adne@acme.example')).toMatchObject({
      rule: 'canonical-email',
      crmUser: { id: 'u' },
      reason: 'email-differs',
      predicted: 'not-matched',
    });
  });

  test('a former email from an earlier reconciliation leads to the CRM user', () => {
    const found = only([user('u', 'jane.stone@acme.example')], [licensed('s', 'jane.roe@acme.example')], {
      history: [{ licenseId: 'gone', crmUserId: 'u', crmEmail: 'Jane.Roe@acme.example' }],
    });
    expect(found).toMatchObject({ rule: 'history', crmUser: { id: 'u' } });
  });

  test.each(['federationId', 'entraObjectId', 'employeeNumber'] as const)('a Unique User ID may be the %s', (field) => {
    expect(
      only([user('u', 'jane@acme.example', { [field]: 'AB-7' })], [licensed('s', 'j@acme.example', { uniqueUserId: ' ab-7 ' })]),
    ).toMatchObject({ rule: 'stable-id' });
  });

  test('a Unique User ID may be the CRM’s own user id in HubSpot only', () => {
    const at = (crm: string) =>
      only([user('77', 'jane@acme.example')], [licensed('s', 'j@acme.example', { uniqueUserId: '77' })], { crm }).rule;
    expect([at('hubspot'), at('salesforce')]).toEqual(['stable-id', null]);
  });

  test('an address under another company domain is no proof where both names say somebody else', () => {
    const found = only([user('u', 'jr@new.example', mark)], [licensed('s', 'jr@acme.example', jane)], {
      domainAliases: settings.domainAliases,
    });
    expect(found.crmUser).toBeNull();
  });

  test('of several inactive users on one address the choice does not hang on the order of the file', () => {
    const users = [user('b', 'jane@acme.example', { active: 'no' }), user('a', 'jane@acme.example', { active: 'no' })];
    for (const list of [users, users.toReversed()]) expect(only(list, [licensed('s', 'jane@acme.example')]).crmUser?.id).toBe('a');
  });
});

describe('CRM users without a license', () => {
  const users = [
    user('a', 'a@acme.example', { department: 'Sales' }),
    user('b', 'b@acme.example', { department: 'HR' }),
    user('c', 'c@acme.example', { active: 'no' }),
  ];

  test('are counted, not judged, without a seat scope', () => {
    const { length, summary } = compare(users, []);
    expect(length).toBe(0);
    expect(summary.countedOnly).toMatchObject({ 'crm:active-without-license': 2, 'crm:inactive-without-license': 1 });
  });

  test('get a row each where they are in scope, by a field too', () => {
    expect(findingsOf(compare(users, [], { seatScope: 'all' })).map(({ key }) => key)).toEqual(['crm:salesforce:a', 'crm:salesforce:b']);
    const compared = compare(users, [], { seatScope: { field: 'department', values: ['sales'] } });
    expect(findingsOf(compared).map(({ crmUser, reason }) => [crmUser?.id, reason])).toEqual([['a', 'no-license']]);
    expect(compared.summary.countedOnly['crm:active-without-license']).toBe(1);
  });

  test('who is a possible owner of some license is never added as new', () => {
    const compared = compare([user('u', 'jane.roe@acme.example', jane)], [licensed('s', 'jroe@gmail.com', jane)], { seatScope: 'all' });
    expect(person(compared, 'u')).toMatchObject({ status: 'no-license', reason: 'may-have-one' });
    expect(person(compared, 'u').sentence).toBe('A license without a known owner could be theirs: Jane Roe.');
  });

  test('whom an ID points to although LinkedIn joins somebody else may have one', () => {
    const compared = compare(
      [user('u1', 'jane@acme.example'), user('u2', 'mark@acme.example', { employeeNumber: '2' })],
      [licensed('s', 'jane@acme.example', { uniqueUserId: '2' })],
      { seatScope: 'all' },
    );
    expect(findingsOf(compared).map(verdict)).toEqual(['matched/identity-conflict', 'no-license/may-have-one']);
  });

  test('who pays for Sales Navigator themselves', () => {
    const compared = compare(users, [], { seatScope: 'all', ownSubscriptions: ['a'] });
    expect(findingsOf(compared).map(({ reason }) => reason)).toEqual(['own-subscription', 'no-license']);
    expect(compared.summary.byReason).toEqual({ 'no-license/own-subscription': 1, 'no-license/no-license': 1 });
  });

  test('integration users are left out and counted', () => {
    const { summary } = compare([user('i', 'i@acme.example', { userType: 'AutomatedProcess' })], [licensed('s', 'i@acme.example')], {
      seatScope: 'all',
    });
    expect(summary).toMatchObject({ crmUsers: 0, byReason: { 'not-matched/no-crm-user': 1 }, countedOnly: { 'crm:not-people': 1 } });
  });
});

describe('the numbers', () => {
  test('seats that sync are paid, able to sync, activated, in agreement and not known to be off', () => {
    const users = Array.from({ length: 6 }, (_, k) => user(`u${k}`, `p${k}@acme.example`));
    const { summary } = compare(users, [
      licensed('0', 'p0@acme.example', { crmSyncStatus: 'Matched' }),
      licensed('1', 'p1@acme.example'),
      licensed('2', 'p2@acme.example', { licenseStatus: 'Invited' }),
      licensed('3', 'p3@acme.example', { crmSync: 'off' }),
      licensed('4', 'p4@acme.example', { crmSyncStatus: 'Not Matched' }),
      licensed('5', 'p5@acme.example', { licenseType: 'Sales Navigator Advanced' }),
    ]);
    expect(summary).toMatchObject({
      licenseHolders: 6,
      seatsThatSync: 2,
      matchedNotSyncing: 3,
      byStatus: { matched: 5, 'cannot-sync': 1 },
    });
    expect(summary.observedAgreement).toEqual({ agreed: 1, of: 2 });
  });

  test('LinkedIn agreeing that somebody is not matched counts as agreement', () => {
    const { summary } = compare([], [licensed('s', 'a@acme.example', { crmSyncStatus: 'Not Matched' })]);
    expect(summary.observedAgreement).toEqual({ agreed: 1, of: 1 });
  });

  test('root causes count, are ordered by size, and have stable ids and titles', () => {
    const { summary } = compare(
      [...['a', 'b', 'c'].map((id) => user(id, `${id}@new.example`)), user('d', 'd@new.example', { active: 'no' })],
      [...['a', 'b', 'c'].map((id) => licensed(id, `${id}@old.example`)), licensed('d', 'd@new.example')],
      { domainAliases: [{ old: 'old.example', current: 'new.example' }] },
    );
    expect(summary.rootCauses.map(({ id, title, count, of, repairKind }) => [id, title, count, of, repairKind])).toEqual([
      ['old-domain:old.example>new.example', '3 of 4: old.example became new.example', 3, 4, 'domain-change-file'],
      ['crm-user-inactive', '1 of 4: inactive in Salesforce, but still holding a license', 1, 4, 'reclaim'],
    ]);
  });

  test('an undeclared pair of domains is suggested, never applied', () => {
    const names = [
      ['Ann', 'Lee'],
      ['Bob', 'Ray'],
      ['Cid', 'Fox'],
    ] as const;
    const compared = compare(
      names.map(([givenName, familyName], k) => user(`u${k}`, `${givenName}.${familyName}@new.example`, { givenName, familyName })),
      names.map(([givenName, familyName], k) => licensed(`s${k}`, `${givenName}.${familyName}@old.example`, { givenName, familyName })),
    );
    expect(compared.summary.suggestedAliases).toMatchObject([{ licenseDomain: 'old.example', crmDomain: 'new.example', pairs: 3 }]);
    expect(findingsOf(compared).map(({ reason }) => reason)).toEqual(Array(3).fill('owner-unconfirmed'));
  });

  test('company domains are what was declared, else those of the CRM’s people, aliases included', () => {
    const users = [user('a', 'a@acme.example'), user('b', 'b@gmail.com'), user('c', 'c@acme.example.invalid')];
    expect(compare(users, []).summary.companyDomains).toEqual(['acme.example']);
    expect(compare(users, [], { domainAliases: [{ old: 'old.example', current: 'acme.example' }] }).summary.companyDomains).toEqual([
      'acme.example',
      'old.example',
    ]);
    expect(compare(users, [], { companyDomains: ['Other.example'] }).summary.companyDomains).toEqual(['other.example']);
  });

  test('a row that cannot be used is counted with its column and reason', () => {
    const { context, summary } = compare(
      [user('u', 'a@acme.example'), user('u', 'b@acme.example'), user('', 'c@acme.example')],
      [licensed('s', 'a@acme.example'), licensed('s', 'b@acme.example'), { licenseStatus: 'Activated' }],
    );
    const { userIndex, accountIndex } = context.stage.sides;
    expect(userIndex.unusable.map(({ row, column }) => [row, column])).toEqual([
      [1, 'id'],
      [2, 'id'],
    ]);
    expect(accountIndex.unusable.map(({ row, column }) => [row, column])).toEqual([
      [1, 'seatId'],
      [2, 'email'],
    ]);
    expect(summary.countedOnly).toMatchObject({ 'license:unusable-rows': 2, 'crm:unusable-rows': 2 });
  });
});

describe('finding somebody', () => {
  const compared = compare(
    [user('U1', 'Jane@acme.example'), user('u2', 'mark@acme.example')],
    [licensed('S1', 'jane@acme.example', { uniqueUserId: 'X7' })],
    { seatScope: 'all' },
  );
  test.each(['s1', 'license:S1', ' JANE@acme.example ', 'x7', 'u1', 'crm:salesforce:u1'])('"%s" is the first row', (who) => {
    expect(compared.find(who)).toBe(0);
  });
  test('a CRM user without a license has a row of their own', () => {
    expect([compared.find('u2'), compared.find('mark@acme.example'), compared.find('crm:salesforce:u2')]).toEqual([1, 1, 1]);
  });
  test('nothing and nobody are nowhere', () => {
    expect([compared.find(''), compared.find('  '), compared.find('nobody@acme.example')]).toEqual([-1, -1, -1]);
  });
});

test('without a seat id the license id is the Unique User ID, else the email', () => {
  const compared = compare([], [{ uniqueUserId: 'x7', email: 'a@acme.example' }, { email: 'b@acme.example' }]);
  expect(findingsOf(compared).map(({ key }) => key)).toEqual(['license:x7', 'license:b@acme.example']);
});

test('a Unique User ID that two people carry names neither of them, whoever comes first', () => {
  const people = [
    { uniqueUserId: 'x7', email: 'a@acme.example' },
    { uniqueUserId: 'x7', email: 'b@acme.example' },
    { uniqueUserId: 'x7', email: 'c@acme.example' },
  ];
  for (const list of [people, people.toReversed()])
    expect(
      findingsOf(compare([], list))
        .map(({ license }) => license?.id)
        .sort(),
    ).toEqual(['a@acme.example', 'b@acme.example', 'c@acme.example']);
});

test('settings are defaults where nothing is said', () => {
  expect(settingsWith().seatScope).toBe('none');
});
