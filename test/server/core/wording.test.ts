import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  actors,
  alsoCodes,
  changeSides,
  differences,
  managers,
  type Reason,
  reasonsOf,
  rules,
  type Status,
  statuses,
  variants,
} from '../../../server/core/status.ts';
import {
  alsoLabels,
  day,
  type GuardCode,
  type GuardFacts,
  guardSentence,
  guardSentences,
  type Template,
  type WordingFacts,
  type WordingKey,
  wordingKeyOf,
  wordingOf,
  wordingOfRow,
  wordings,
} from '../../../server/core/wording.ts';

const statusesAndReasons = statuses.flatMap((status) => reasonsOf[status].map((reason: Reason) => [status, reason] as const));

/** Everything known. */
const full = {
  crmName: 'Salesforce',
  idpName: 'Okta',
  otherCrm: 'HubSpot',
  ownerName: 'Anna Berg',
  rule: 'stable-id',
  side: 'Salesforce',
  n: 3,
  license: 'Sales Navigator Core',
  since: '2026-11-20T23:30:00-05:00',
  until: '2026-11-25',
  date: '2026-11-21T08:00:00.000Z',
  by: 'maria.lopez@example.com',
  why: 'on parental leave.',
  evidence: 'colleagues write first.last',
  oldDomain: 'old.example',
  newDomain: 'new.example',
  suggestion: 'Bo Ek',
  step: 'update email',
  stepNumber: 2,
  steps: 8,
  licenseState: 'held',
  minutes: 6,
  task: 'upload the file',
  actorName: 'Maria',
  source: 'LinkedIn',
  cause: 'LinkedIn refused the address',
  fix: 'Free the address',
  time: '2026-11-21T10:14:00Z',
} as const satisfies Partial<WordingFacts>;

const bare = { crmName: '', idpName: '' };

function facts(status: Status, reason: Reason, more: Partial<WordingFacts> = {}): WordingFacts {
  return { ...full, status, reason, ...more };
}

const selections: [WordingFacts, WordingKey][] = [
  ...statusesAndReasons.map(([status, reason]): [WordingFacts, WordingKey] => [
    facts(status, reason),
    reason === 'ambiguous'
      ? 'ambiguous: CRM'
      : reason === 'email-unusable'
        ? 'email-unusable: missing'
        : reason === 'identity-conflict' && status === 'not-matched'
          ? 'identity-conflict (not matched)'
          : reason,
  ]),
  [facts('not-matched', 'ambiguous', { variant: 'crm' }), 'ambiguous: CRM'],
  [facts('not-matched', 'ambiguous', { variant: 'licenses' }), 'ambiguous: licenses'],
  [facts('not-matched', 'ambiguous', { variant: 'namesakes' }), 'ambiguous: namesakes'],
  [facts('not-matched', 'email-unusable', { variant: 'invalid' }), 'email-unusable: invalid'],
  [facts('matched', 'emails-agree', { crmKind: 'zoho' }), 'emails-agree, no CRM Sync'],
  [facts('matched', 'emails-agree', { crmKind: 'dynamics' }), 'emails-agree'],
  [facts('being-repaired', 'being-repaired', { variant: 'no-license' }), 'being-repaired, no license'],
  [facts('not-matched', 'email-differs', { difference: 'invisible-character' }), 'email-differs: invisible'],
  [facts('not-matched', 'email-differs', { difference: 'look-alike-letter' }), 'email-differs: look-alike'],
  [facts('not-matched', 'email-differs', { difference: 'plus-tag' }), 'email-differs: plus-tag'],
  [facts('not-matched', 'email-differs', { difference: 'dots' }), 'email-differs: dots'],
  [facts('not-matched', 'email-differs', { difference: 'old-domain' }), 'email-differs: old-domain'],
  [facts('not-matched', 'email-differs', { difference: 'other-company-domain' }), 'email-differs: alias-domain'],
  [facts('not-matched', 'email-differs', { difference: 'secondary-address' }), 'email-differs: secondary'],
  [facts('not-matched', 'email-differs', { difference: 'changed-name' }), 'email-differs: changed-name'],
  [facts('not-matched', 'email-differs', { difference: 'private-address' }), 'email-differs: private'],
  [facts('not-matched', 'email-differs', { difference: 'dots', changeSide: 'crm' }), 'change side: crm'],
  [facts('not-matched', 'email-differs', { difference: 'invisible-character', changeSide: 'crm' }), 'email-differs: invisible'],
  [facts('not-matched', 'email-differs', { difference: 'look-alike-letter', changeSide: 'crm' }), 'email-differs: look-alike'],
  [facts('not-matched', 'email-differs', { difference: 'private-address', changeSide: 'ask' }), 'change side: ask'],
  [facts('not-matched', 'email-differs', { difference: 'old-domain', managedBy: 'idp', changeSide: 'license' }), 'managed by IdP'],
  [facts('not-matched', 'email-differs', { difference: 'dots', managedBy: 'idp', changeSide: 'crm' }), 'change side: crm'],
];

const isTemplate = (value: unknown): value is Template => typeof value === 'string' || (typeof value === 'object' && value !== null);
const wordingsIn = (template: Template): string[] =>
  typeof template === 'string' ? [template] : [template.plain, ...(template.one === undefined ? [] : [template.one]), ...template.less];
const templates: Template[] = [
  ...Object.values(wordings).flatMap(({ label, sentence, nextStep, closedBy }) => [label, sentence, nextStep, closedBy]),
  ...Object.values(guardSentences),
].filter(isTemplate);

const guardCodes = Object.keys(guardSentences) as GuardCode[];

describe('choosing a wording', () => {
  test.each(selections)('%#: the facts lead to their row', (given, key) => {
    expect(wordingKeyOf(given)).toBe(key);
  });

  test('every row can be reached; only what is counted or stands in also has no reason of its own', () => {
    const reached = new Set(selections.map(([, key]) => key));
    const keys = Object.keys(wordings) as WordingKey[];
    expect(keys.filter((key) => !reached.has(key)).sort()).toEqual(['license-type-unknown', 'unassigned']);
    for (const key of keys) expect(wordingOfRow(key, facts('matched', 'in-sync')).sentence.length).toBeGreaterThan(10);
  });

  test('every status and reason has a label, a sentence, one next step, an actor and what closes it', () => {
    for (const [status, reason] of statusesAndReasons) {
      const wording = wordingOf({ ...bare, status, reason });
      for (const words of [wording.label, wording.sentence, wording.nextStep, wording.closedBy]) expect(words).not.toBe('');
      expect(actors).toContain(wording.actor);
    }
  });

  test('everything else that is true of a person has a label', () => {
    expect(Object.keys(alsoLabels).sort()).toEqual([...alsoCodes].sort());
  });
});

describe('the templates', () => {
  test('none is over 140 characters, holds an address, or says seat', () => {
    for (const template of templates.flatMap(wordingsIn)) {
      expect(template.length, template).toBeLessThanOrEqual(140);
      expect(template).not.toContain('@');
      expect(template).not.toMatch(/\bseats?\b/i);
    }
  });

  test('the last wording of each needs nothing but the names of the CRM and the identity provider', () => {
    for (const template of templates) {
      const all = typeof template === 'string' ? [template] : [template.plain, ...template.less];
      // A next step may lean on the sentence before it, where `n` alone decides between one and many.
      const last = all[all.length - 1] ?? '';
      expect([...last.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name).filter((name) => name !== 'crm' && name !== 'idp')).toEqual([]);
    }
  });
});

describe('filling in', () => {
  test('reads as a sentence when everything is known', () => {
    const sentence = (status: Status, reason: Reason, more: Partial<WordingFacts> = {}) => wordingOf(facts(status, reason, more)).sentence;
    expect(sentence('not-matched', 'email-differs')).toBe('This is Anna Berg by the same ID, but the two emails are different.');
    expect(sentence('not-matched', 'crm-user-inactive')).toBe(
      'Anna Berg is inactive in Salesforce since 21 November 2026, but still holds a license.',
    );
    expect(sentence('excepted', 'excepted')).toBe('Left alone until 25 November 2026 by maria.lopez: on parental leave.');
    expect(sentence('being-repaired', 'being-repaired')).toBe('Step 2 of 8: update email. License now: held.');
    expect(sentence('being-repaired', 'being-repaired', { variant: 'no-license' })).toBe(
      'Removed at 10:14 UTC on 21 November 2026 for the repair and not given back yet (6 min).',
    );
    expect(sentence('not-matched', 'repair-failed')).toBe('Stopped at "update email": LinkedIn refused the address. License now: held.');
    expect(wordingOf(facts('not-matched', 'email-differs', { managedBy: 'idp' })).label).toBe('Change it in Okta');
  });

  test('reads as a sentence when little is known', () => {
    const of = (status: Status, reason: Reason, more: Partial<WordingFacts> = {}) => wordingOf({ ...bare, status, reason, ...more });
    expect(of('matched', 'emails-agree').sentence).toBe("The emails agree. We have not seen LinkedIn's own status yet.");
    expect(of('not-matched', 'crm-user-inactive').sentence).toBe('The owner is inactive in the CRM, but still holds a license.');
    expect(of('not-matched', 'email-unusable', { side: 'the CRM' }).sentence).toBe(
      'The CRM record has no email, so nothing can be compared.',
    );
    expect(of('not-matched', 'email-unusable', { side: 'the CRM' }).nextStep).toBe('Fill in the email in the CRM, then compare again.');
    expect(of('not-matched', 'email-differs', { managedBy: 'idp', idpName: 'Your identity provider' })).toMatchObject({
      label: 'Change it in your identity provider',
      sentence: 'Your identity provider controls this license. A change made in LinkedIn would be undone.',
    });
  });

  test('one person is not "1 people"', () => {
    expect(wordingOf(facts('not-matched', 'owner-unconfirmed', { n: 1 }))).toMatchObject({
      sentence: 'One person in Salesforce could be the owner. We never decide by name alone.',
      nextStep: 'Check the suggestion and link it if it is right.',
    });
    expect(guardSentence('approve: full', { n: 1 })).toBe(
      '1 person loses access until they accept a new invitation. 1 assignment is used.',
    );
  });

  test('whoever keeps the side at fault is the actor', () => {
    const invisible = (side: string) => wordingOf(facts('not-matched', 'email-differs', { difference: 'invisible-character', side })).actor;
    expect(invisible('Salesforce')).toBe('crm-admin');
    expect(invisible('LinkedIn')).toBe('linkedin-admin');
    expect(wordingOf(facts('not-checked', 'not-checked', { source: 'Salesforce' })).actor).toBe('crm-admin');
    expect(wordingOf(facts('not-checked', 'not-checked', { source: 'LinkedIn' })).actor).toBe('linkedin-admin');
  });

  test('an address among the values never gets into a sentence', () => {
    const { sentence } = wordingOf(facts('not-matched', 'email-differs', { changeSide: 'crm', evidence: 'a.b@example.com is taken' }));
    expect(sentence).toBe('The license email fits your company; the one in Salesforce does not: the address is taken.');
  });

  test('days are those of UTC, and what is no date is left out', () => {
    expect(day('2026-11-21T23:59:59Z')).toBe('21 November 2026');
    expect(day('2026-11-21T23:59:59-02:00')).toBe('22 November 2026');
    expect(day('2026-02-01')).toBe('1 February 2026');
    for (const no of ['', 'yesterday', '2026-13-45', null, undefined]) expect(day(no)).toBeNull();
  });

  test('guards count, and do without what they are not told', () => {
    expect(guardSentence('limit', { n: 40, m: 41, limit: '10 %' })).toBe(
      'This plan changes 40 of 41 people; your limit is 10 %. Nothing was changed.',
    );
    expect(guardSentence('ledger', { n: 4, left: 0, reset: '2026-12-01', later: 4 })).toBe(
      '4 full rematches need 4 assignments; 0 are left until 1 December 2026. 4 people wait.',
    );
    expect(guardSentence('stale')).toBe('Your LinkedIn export is too old for removals. Nothing was changed.');
    expect(guardSentence('target-domain', { crmName: 'HubSpot' })).toMatch(/or correct HubSpot\.$/);
  });
});

describe('whatever is known or not', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('Anna', '{owner}', 'a@example.com', 'the CRM', 'Your identity provider', ' ', '2026-11-21'),
  );
  const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
  const number = maybe(fc.oneof(fc.integer({ min: -1, max: 5 }), fc.constant(Number.NaN)));
  const words = maybe(word.filter((value) => !value.includes('undefined') && !value.includes('null')));
  const date = maybe(
    fc.oneof(
      fc.date({ noInvalidDate: true }).map((value) => value.toISOString()),
      word,
    ),
  );
  const anyFacts: fc.Arbitrary<WordingFacts> = fc
    .record({
      statusAndReason: fc.constantFrom(...statusesAndReasons),
      variant: maybe(fc.constantFrom(...variants)),
      difference: maybe(fc.constantFrom(...differences)),
      changeSide: maybe(fc.constantFrom(...changeSides)),
      managedBy: maybe(fc.constantFrom(...managers)),
      rule: maybe(fc.constantFrom(...rules)),
      crmName: fc.constantFrom('', 'Salesforce', 'the CRM'),
      idpName: fc.constantFrom('', 'Okta', 'Your identity provider'),
      ...Object.fromEntries(['n', 'stepNumber', 'steps', 'minutes'].map((name) => [name, number])),
      ...Object.fromEntries(['since', 'until', 'date', 'time'].map((name) => [name, date])),
      ...Object.fromEntries(
        [
          ...['otherCrm', 'ownerName', 'side', 'license', 'by', 'why', 'evidence', 'oldDomain', 'newDomain'],
          ...['suggestion', 'step', 'licenseState', 'task', 'actorName', 'source', 'cause', 'fix'],
        ].map((name) => [name, words]),
      ),
    })
    .map(({ statusAndReason: [status, reason], ...rest }) => ({ ...rest, status, reason }));

  test('no brace, no address and no "undefined" reaches a reader, and no word is missing between two spaces', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const { label, sentence, nextStep, closedBy } = wordingOf(given);
        for (const shown of [label, sentence, nextStep, closedBy]) {
          expect(shown).not.toMatch(/[{}@]|undefined|null|NaN| {2}/);
          expect(shown.trim()).toBe(shown);
          expect(shown).not.toBe('');
        }
      }),
      { numRuns: 3_000 },
    );
  });

  test('the same holds for guards', () => {
    const guardFacts = fc.record(
      {
        ...Object.fromEntries(['n', 'm', 'left', 'later'].map((name) => [name, number])),
        ...Object.fromEntries(['limit', 'age', 'max', 'org', 'crmName', 'ownerName'].map((name) => [name, words])),
        reset: date,
      },
      { requiredKeys: [] },
    ) as fc.Arbitrary<GuardFacts>;
    fc.assert(
      fc.property(fc.constantFrom(...guardCodes), guardFacts, (code, given) => {
        expect(guardSentence(code, given)).not.toMatch(/[{}@]|undefined|null|NaN| {2}/);
      }),
    );
  });
});
