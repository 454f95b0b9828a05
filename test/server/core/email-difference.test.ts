import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DifferenceContext, describeDifference, markDifference } from '../../../server/core/email-difference.ts';

const company: DifferenceContext = {
  aliases: (domain) => ({ 'old.example': 'new.example', 'new.co.example': 'new.example' })[domain] ?? domain,
  companyDomains: new Set(['new.example', 'sister.example']),
  declaredOld: new Set(['old.example']),
  secondary: false,
  sameGivenNameChangedSurname: () => false,
};
const describeIt = (license: string, crm: string, more: Partial<DifferenceContext> = {}) => {
  const { difference, side } = describeDifference(license, crm, { ...company, ...more });
  return `${difference} ${side}`;
};

describe('the difference between the two emails is named', () => {
  test.each([
    ['jane\u200B@new.example', 'jane@new.example', 'invisible-character license'],
    ['jane@new.example', '\uFEFFjane@new.example', 'invisible-character crm'],
    ['jane\u00AD@new.example', 'jane@new.example\u200E', 'invisible-character both'],
    ['jаne@new.example', 'jane@new.example', 'look-alike-letter license'],
    ['jane@new.example', 'jane@nеw.example', 'look-alike-letter crm'],
    ['JΑNE@new.example', 'jane@new.example', 'look-alike-letter license'],
    ['jane‑doe@new.example', 'jane-doe@new.example', 'look-alike-letter license'],
    ['ｊane@new.example', 'jane@new.example', 'look-alike-letter license'],
    ['jane+sn@new.example', 'jane@new.example', 'plus-tag license'],
    ['jane@new.example', 'jane+crm@new.example', 'plus-tag crm'],
    ['jane+a@new.example', 'jane+b@new.example', 'other null'],
    ['j.doe+sn@new.example', 'jdoe@new.example', 'plus-tag license'],
    ['j.doe@old.example', 'jdoe@new.example', 'other-company-domain null'],
    ['jane+sn@old.example', 'jane@new.example', 'plus-tag license'],
    ['jane.doe@new.example', 'janedoe@new.example', 'dots null'],
    ['jane@old.example', 'jane@new.example', 'old-domain license'],
    ['jane@new.example', 'jane@old.example', 'old-domain crm'],
    ['jane@new.co.example', 'jane@new.example', 'other-company-domain null'],
    ['jane@sister.example', 'jane@new.example', 'other-company-domain null'],
    ['jane1980@gmail.com', 'jane.doe@new.example', 'private-address license'],
    ['jane.doe@new.example', 'jane1980@gmail.com', 'private-address crm'],
    ['jane1980@gmail.com', 'jane@icloud.com', 'other null'],
    ['jdoe@new.example', 'jane.doe@new.example', 'other null'],
    ['jane@new.example.', 'jane@new.example', 'other null'],
    ['jane', 'jane@new.example', 'other null'],
    ['', 'jane@new.example', 'other null'],
  ])('%j against %j: %s', (license, crm, expected) => expect(describeIt(license, crm)).toBe(expected));

  test('with what else is known about the person', () => {
    expect(describeIt('jd@new.example', 'jane.doe@new.example', { secondary: true })).toBe('secondary-address null');
    expect(describeIt('jane.roe@new.example', 'jane.doe@new.example', { sameGivenNameChangedSurname: () => true })).toBe(
      'changed-name null',
    );
    expect(describeIt('jane+sn@new.example', 'jane@new.example', { secondary: true })).toBe('plus-tag license');
  });
});

const shown = (runs: readonly { text: string; differs: boolean; note?: string }[]) =>
  runs.map((run) => (run.differs ? `[${run.note ?? run.text}]` : run.note === undefined ? run.text : `(${run.note})`)).join('');
const marked = (a: string, b: string) => {
  const runs = markDifference(a, b);
  return [shown(runs.a), shown(runs.b)];
};

describe('differing characters are marked', () => {
  test.each([
    ['jane@x.example', 'jane@x.example', 'jane@x.example', 'jane@x.example'],
    ['Jane@X.example', 'jane@x.example', 'Jane@X.example', 'jane@x.example'],
    [' jane@x.example', 'jane@x.example', ' jane@x.example', 'jane@x.example'],
    ['ja\u200Bne@x.example', 'jane@x.example', 'ja[U+200B zero width space]ne@x.example', 'jane@x.example'],
    ['j\u200Ba\u200Bne', 'jane', 'j[U+200B zero width space]a[U+200B zero width space]ne', 'jane'],
    ['jаne@x.example', 'jane@x.example', 'j[U+0430 Cyrillic small letter a]ne@x.example', 'j[a]ne@x.example'],
    ['ｊane', 'jane', '[U+FF4A full-width form]ane', '[j]ane'],
    ['jane+sn@x.example', 'jane@x.example', 'jane[+sn]@x.example', 'jane@x.example'],
    ['micheal@x.example', 'michael@x.example', 'mich[ea]l@x.example', 'mich[ae]l@x.example'],
    ['j.doe@old.example', 'j.doe@new.example', 'j.doe@[old].example', 'j.doe@[new].example'],
    ['bob.smith@x.example', 'robert.smith@x.example', '[b]ob.smith@x.example', '[r]ob[ert].smith@x.example'],
    ['', 'jane', '', '[jane]'],
    ['\u00A0jane', 'jane', '(U+00A0 no-break space)jane', 'jane'],
    ['jose\u0301', 'josé', 'jose\u0301', 'josé'],
  ])('%j against %j', (a, b, left, right) => expect(marked(a, b)).toEqual([left, right]));

  test('the runs joined are the value itself, and equal values have nothing marked', () => {
    const text = fc.oneof(
      fc.emailAddress(),
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.string({ unit: fc.constantFrom('a', 'b', '.', '\u200B', '\u0301', ' ') }),
    );
    fc.assert(
      fc.property(text, text, (a, b) => {
        const runs = markDifference(a, b);
        expect(runs.a.map((run) => run.text).join('')).toBe(a);
        expect(runs.b.map((run) => run.text).join('')).toBe(b);
        expect(markDifference(a, a).a.some((run) => run.differs)).toBe(false);
        const equal = (side: typeof runs.a) =>
          side
            .filter((run) => !run.differs)
            .map((run) => run.text)
            .join('')
            .normalize('NFC')
            .toLowerCase()
            .replace(/\p{White_Space}/gu, '');
        expect(equal(runs.a)).toBe(equal(runs.b));
      }),
      { numRuns: 1000 },
    );
  });

  test('two long texts are marked without delay', () => {
    const runs = markDifference(`a${'x'.repeat(100_000)}b`, `a${'y'.repeat(100_000)}b`);
    expect(runs.a.map((run) => run.differs)).toEqual([false, true, false]);
  });
});
