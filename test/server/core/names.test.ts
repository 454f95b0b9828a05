import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editDistance } from '../../../server/core/edit-distance.ts';
import { namesContradict, type PersonName, parsePersonName, scoreNames } from '../../../server/core/names.ts';
import { nicknameOf, nicknamesAgree } from '../../../server/core/nicknames.ts';

const name = (display: string): PersonName => parsePersonName('', '', display)!;
const halves = (parsed: PersonName | null) => (parsed === null ? null : `${parsed.given.join(' ')} | ${parsed.family.join(' ')}`);

describe('a display name is cut into given name and surname', () => {
  test.each([
    ['James Smith', 'james | smith'],
    ['  James   Smith ', 'james | smith'],
    ['Smith, James', 'james | smith'],
    ['JAMES SMITH', 'james | smith'],
    ['James\nSmith', 'james | smith'],
    ['James\u00A0Smith', 'james | smith'],
    ['James M. Smith', 'james m | smith'],
    ['Smith, James M.', 'james m | smith'],
    ['J.R. Smith', 'j r | smith'],
    ['Dr. James Smith', 'james | smith'],
    ['Prof. Dr. James Smith', 'james | smith'],
    ['Mr James Smith Jr.', 'james | smith'],
    ['James Smith III', 'james | smith'],
    ['James Smith, PhD', 'james | smith'],
    ['Smith, James, Ph.D.', 'james | smith'],
    ['Dr', 'dr | '],
    ['John van der Berg', 'john | van der berg'],
    ['van der Berg, John', 'john | van der berg'],
    ['Maria de la Cruz', 'maria | de la cruz'],
    ['Omar Al Farsi', 'omar | al farsi'],
    ['Omar Al-Farsi', 'omar | al farsi'],
    ['Ruth St. Clair', 'ruth | st clair'],
    ['Ludwig von Braun', 'ludwig | von braun'],
    ['Xiu Le Roux', 'xiu | le roux'],
    ['Anna Smith-Jones', 'anna | smith jones'],
    ['Jean-Pierre Roux', 'jean pierre | roux'],
    ["Sean O'Brien", 'sean | obrien'],
    ['Sean O’Brien', 'sean | obrien'],
    ["Marco D'Angelo", 'marco | dangelo'],
    ['Cher', 'cher | '],
    ['Jürgen Müller', 'jurgen | muller'],
    ['Ju\u0308rgen Mu\u0308ller', 'jurgen | muller'],
    ['Łukasz Größe', 'lukasz | grosse'],
    ['Søren Jørgensen', 'soren | jorgensen'],
    ['İbrahim Yılmaz', 'ibrahim | yilmaz'],
    ['Дмитрий Иванов', 'dmitriy | ivanov'],
    ['王伟', 'wei | wang'],
    ['👩 Jane Doe', 'jane | doe'],
  ])('%j is %s', (display, expected) => expect(halves(name(display))).toBe(expected));

  test.each(['', '  ', '!!!', '-', '"', ',', '\u200B'])('%j is no name', (display) => expect(parsePersonName('', '', display)).toBeNull());

  test('a nickname in quotes or brackets stands apart', () => {
    for (const display of ['James "Jim" Smith', 'James (Jim) Smith', "James 'Jim' Smith", 'James “Jim” Smith']) {
      expect(name(display)).toMatchObject({ given: ['james'], family: ['smith'], nick: 'jim', key: 'james smith' });
    }
  });
});

describe('given name and surname fields', () => {
  test.each([
    ['James', 'Smith', 'james | smith'],
    ['Smith,', 'James', 'james | smith'],
    ['van der Berg,', 'John', 'john | van der berg'],
    ['John van der', 'Berg', 'john | van der berg'],
    ['Maria de la', 'Cruz', 'maria | de la cruz'],
    ['Omar Al', 'Farsi', 'omar | al farsi'],
    ['Al', 'Smith', 'al | smith'],
    ['John Smith', 'Jr.', 'john | smith'],
    ['Dr. Jane', 'Doe PhD', 'jane | doe'],
    ['James "Jim"', 'Smith', 'james | smith'],
    ['', 'James\nSmith', 'james | smith'],
    ['James Smith', '', 'james | smith'],
    ['Gabriel', 'Garcia Marquez', 'gabriel | garcia marquez'],
  ])('%j and %j are %s', (given, family, expected) => expect(halves(parsePersonName(given, family, 'not looked at'))).toBe(expected));
});

describe('the keys', () => {
  test.each([
    ['James Smith', 'Smith, James'],
    ['James Smith', 'SMITH JAMES'],
    ['James Smith', 'Dr. James M. Smith Jr.'],
    ['Jürgen Müller', 'Juergen Mueller'],
    ['Jürgen Müller', 'Jurgen Muller'],
    ['Åsa Åkerström', 'Aasa Aakerstroem'],
    ['Søren Jørgensen', 'Soeren Joergensen'],
    ['José Núñez', 'Jose Nunez'],
    ['Łukasz Größe', 'Lukasz Groesse'],
    ['Şebnem Yılmaz', 'Sebnem Yilmaz'],
    ['John van der Berg', 'van der Berg, John'],
    ['Anna Smith-Jones', 'Anna Smith Jones'],
  ])('of %j and %j are the same full name', (a, b) => expect(name(a).key).toBe(name(b).key));

  test('keep different people apart', () => {
    const people = ['Joe Smith', 'Jo Smith', 'James Smith', 'J. Smith', 'Jane Smith', 'James Smyth', 'Smith'];
    expect(new Set(people.map((person) => name(person).key)).size).toBe(people.length);
  });

  test('of the given name resolve nicknames, every meaning of an ambiguous one among them', () => {
    expect(name('Bob Smith').givenKey).toBe(name('Robert Smith').givenKey);
    expect(name('Pat Smith').givenKeys).toEqual(expect.arrayContaining(['patricia', 'patrick']));
    expect(name('Xenia "Liz" Smith').givenKeys).toEqual(['xenia', 'elizabeth']);
    expect(name('J. Smith').givenKeys).toEqual([]);
  });

  test('of the surname leave particles out', () => {
    expect(name('John van der Berg').familyKey).toBe('berg');
    expect(name('Anna Smith-Jones').familyKey).toBe('smithjones');
    expect(name('Cher').familyKey).toBe('');
  });
});

describe('nicknames', () => {
  test.each(
    (
      'bob robert;rob robert;liz elizabeth;beth elizabeth;betty elizabeth;bill william;will william;liam william;peggy margaret;meg margaret;' +
      'alex alexander;sasha alexander;jack john;johnny john;dima dmitri;mo mohammed;terry theresa;fran francesca;kate katherine;kate catherine;' +
      'cathy catherine;pat patricia;pat patrick;sam samuel;sam samantha;chris christopher;steve steven;steve stephen;ted edward;chuck charles;' +
      'jim james;jimmy james;jamie james;bobby robert;rick richard;dick richard;rich richard;maggie margaret;mike michael;mick michael;' +
      'tom thomas;kathy katherine;katie katherine;jen jennifer;jenny jennifer;dan daniel;danny daniel;matt matthew;tony anthony;andy andrew;' +
      'drew andrew;joe joseph;ed edward;eddie edward;charlie charles;trish patricia;tim timothy;kim kimberly;becky rebecca;nick nicholas;' +
      'jon jonathan;ben benjamin;greg gregory;paddy patrick;sue susan;debbie deborah;ron ronald;jeff jeffrey;zach zachary;doug douglas;' +
      'pete peter;josh joshua;jake jacob;dave david;ken kenneth;abby abigail;jackie jacqueline;vicky victoria;tori victoria;larry lawrence;vince vincent'
    )
      .split(';')
      .map((pair) => pair.split(' ') as [string, string]),
  )('%s can be %s', (nick, given) => {
    expect(nicknamesAgree(nick, given)).toBe(true);
    expect(nicknamesAgree(given, nick)).toBe(true);
  });

  test('two names that share no given name do not agree', () => {
    for (const [a, b] of [
      ['bob', 'bill'],
      ['james', 'john'],
      ['mary', 'maria'],
      ['patricia', 'patrick'],
      ['samuel', 'samantha'],
      ['xenia', 'xaver'],
    ] as const) {
      expect(nicknamesAgree(a, b)).toBe(false);
    }
  });

  test('an unknown name stands for itself', () => expect(nicknameOf('xenia')).toBe('xenia'));
});

describe('two names are compared with evidence in words', () => {
  test.each([
    ['James Smith', 'James Smith', 1, 'same name'],
    ['James Smith', 'Smith, James', 1, 'same name'],
    ['James A. Smith', 'James Smith', 1, 'same name'],
    ['Jürgen Müller', 'Juergen Mueller', 0.98, 'same after transliteration'],
    ['José Peña', 'Jose Pena', 0.98, 'same after transliteration'],
    ['Smith James', 'James Smith', 0.95, 'given and family name swapped'],
    ['Bob Smith', 'Robert Smith', 0.9, 'nickname: Bob is Robert'],
    ['Bob Smith', 'Rob Smith', 0.85, 'nicknames: Bob and Rob are both Robert'],
    ['James "Jim" Smith', 'Jim Smith', 0.9, 'nickname: Jim is James'],
    ['Xaver "Buddy" Smith', 'Buddy Smith', 0.95, 'nickname Buddy is written down'],
    ['Smith Jim', 'James Smith', 0.855, 'given and family name swapped'],
    ['J. Smith', 'James Smith', 0.6, 'initial J. fits James'],
    ['James S.', 'James Smith', 0.5, 'surname initial S. fits Smith'],
    ['James Smith', 'James Smyth', 0.85, 'surname differs by one letter'],
    ['Jmaes Smith', 'James Smith', 0.75, 'given name differs by one letter'],
    ['Mary Jones', 'Mary Smith-Jones', 0.85, 'double-barrelled surname contains Jones'],
    ['Mary Jones', 'Mary Smith', 0.45, 'same given name, other surname'],
    ['Mary Smith', 'James Smith', 0.25, 'same surname, other given name'],
    ['John van der Berg', 'John Berg', 0.95, 'surname same apart from "van", "de" and the like'],
    ['Ana Maria Lopez', 'Maria Lopez', 0.7, 'given name Maria in common'],
    ['Soojin Park', 'Soo-jin Park', 0.97, 'same given name and surname'],
    ['Cher', 'Cher Smith', 0.4, 'only the name Cher is given, and it fits'],
  ])('%j against %j: %d, %s', (a, b, score, evidence) => {
    expect(scoreNames(name(a), name(b))).toMatchObject({ score, evidence: expect.arrayContaining([evidence]) });
    expect(scoreNames(name(b), name(a)).score).toBe(score);
  });

  test('differing middle initials are two people with one name', () => {
    expect(scoreNames(name('James A. Smith'), name('James B. Smith'))).toEqual({
      score: 0.75,
      evidence: ['same name', 'middle initials A and B differ'],
    });
  });

  test('names with nothing in common score 0', () =>
    expect(scoreNames(name('Anna Lee'), name('Bob Khan'))).toEqual({ score: 0, evidence: [] }));
});

describe('names contradict', () => {
  test.each([
    ['James Smith', 'Anna Lee'],
    ['Bob Smith', 'Patricia Garcia'],
    ['Jürgen Müller', 'Hiroshi Tanaka'],
    ['John van der Berg', 'Maria van der Heuvel'],
    ['J. Smith', 'Anna Lee'],
  ])('%j and %j', (a, b) => expect([namesContradict(name(a), name(b)), namesContradict(name(b), name(a))]).toEqual([true, true]));

  test.each([
    ['Mary Jones', 'Mary Smith'],
    ['James Smith', 'Anna Smith'],
    ['Bob Jones', 'Robert Smith'],
    ['James Smith', 'Smith Anna'],
    ['Juergen Mueller', 'Jürgen Müller'],
    ['Micheal Smiht', 'Michael Smith'],
    ['J. Smith', 'James Jones'],
    ['Cher', 'Anna Lee'],
    ['Mary Anne Jones', 'Anne Smith'],
  ])('not %j and %j', (a, b) => expect([namesContradict(name(a), name(b)), namesContradict(name(b), name(a))]).toEqual([false, false]));

  test('never with a missing name', () => {
    expect(namesContradict(null, name('Anna Lee'))).toBe(false);
    expect(namesContradict(name('Anna Lee'), null)).toBe(false);
    expect(namesContradict(null, null)).toBe(false);
  });
});

const anyName = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: fc.constantFrom(...'ab jm.,-\'"(éöŁ王D'), maxLength: 20 }),
  fc
    .tuple(
      fc.constantFrom('James', 'Bob', 'J.', 'Mary Ann', 'Jürgen', 'Liz', 'Dr. Al', 'Soo-jin', 'Pat'),
      fc.constantFrom('Smith', 'van der Berg', 'Smith-Jones', 'Müller', "O'Brien", 'S.', 'Smyth', 'Robert', 'James'),
      fc.boolean(),
    )
    .map(([given, family, turned]) => (turned ? `${family}, ${given}` : `${given} ${family}`)),
);

describe('for any two texts', () => {
  test('parsing never throws, keys are ASCII, and tokens are never empty', () => {
    fc.assert(
      fc.property(anyName, anyName, anyName, (given, family, display) => {
        const parsed = parsePersonName(given, family, display);
        if (parsed === null) return;
        expect(parsed.key).toMatch(/^[a-z0-9]+( [a-z0-9]+)*$/);
        for (const token of [...parsed.given, ...parsed.family]) expect(token).toMatch(/^[a-z0-9]+$/);
      }),
      { numRuns: 2000 },
    );
  });

  test('the score is symmetric, between 0 and 1, 1 for a name and itself, and 0 where names contradict', () => {
    fc.assert(
      fc.property(anyName, anyName, (left, right) => {
        const a = parsePersonName('', '', left);
        const b = parsePersonName('', '', right);
        expect(namesContradict(a, b)).toBe(namesContradict(b, a));
        if (a === null || b === null) return;
        const { score, evidence } = scoreNames(a, b);
        expect(scoreNames(b, a).score).toBe(score);
        expect(score >= 0 && score <= 1).toBe(true);
        expect(evidence.length > 0).toBe(score > 0);
        expect(scoreNames(a, a).score).toBe(1);
        if (namesContradict(a, b)) expect(score).toBe(0);
      }),
      { numRuns: 3000 },
    );
  });

  test('two nicknames written down fit the same whichever side comes first', () => {
    const [a, b] = [parsePersonName('', '', '(Bob) Al')!, parsePersonName('', '', 'Robert "Al" Smith')!];
    expect(scoreNames(b, a)).toEqual(scoreNames(a, b));
  });

  test('a surname alone is the same name as itself and not a swapped one, whether it is made of particles or its given name is a dash', () => {
    for (const [given, family, display] of [
      ['', '', 'Da-Da(a'],
      ['-', 'Van Smith', ''],
    ] as const) {
      const name = parsePersonName(given, family, display)!;
      expect(name.given).toEqual([]);
      expect(scoreNames(name, name)).toEqual({ score: 1, evidence: ['same name'] });
    }
  });
});

test('edit distance counts a swap of neighbours as one and stops at its bound', () => {
  expect(editDistance('smith', 'smith', 2)).toBe(0);
  expect(editDistance('smith', 'smiht', 2)).toBe(1);
  expect(editDistance('smith', 'smyth', 2)).toBe(1);
  expect(editDistance('smith', 'smit', 2)).toBe(1);
  expect(editDistance('jonathan', 'johnatan', 2)).toBe(2);
  expect(editDistance('smith', 'jones', 2)).toBe(3);
  expect(editDistance('a'.repeat(1000), 'b'.repeat(1000), 2)).toBe(3);
});

test('edit distance up to its bound is that of the whole table', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 9 }).map((letters) => letters.join(''));
  fc.assert(
    fc.property(text, text, fc.constantFrom(1, 2), (a, b, atMost) => {
      expect(editDistance(a, b, atMost)).toBe(Math.min(wholeTable(a, b), atMost + 1));
    }),
    { numRuns: 1000 },
  );
});

/** Optimal string alignment as the textbooks have it. */
function wholeTable(a: string, b: string): number {
  const cost: number[][] = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : i)),
  );
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const replaced = cost[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      cost[i]![j] = Math.min(cost[i - 1]![j]! + 1, cost[i]![j - 1]! + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost[i]![j] = Math.min(cost[i]![j]!, cost[i - 2]![j - 2]! + 1);
    }
  }
  return cost[a.length]![b.length]!;
}
