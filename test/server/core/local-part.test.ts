import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatsOf, localPartScore, scoreLocalPart } from '../../../server/core/local-part.ts';
import { type PersonName, parsePersonName } from '../../../server/core/names.ts';

const name = (display: string): PersonName => parsePersonName('', '', display)!;

describe('a local part fits a name', () => {
  test.each([
    ['james.smith', 'James Smith', 1, 'first.last'],
    ['james_smith', 'James Smith', 1, 'first_last'],
    ['james-smith', 'James Smith', 1, 'first-last'],
    ['jamessmith', 'James Smith', 1, 'firstlast'],
    ['smith.james', 'James Smith', 1, 'last.first'],
    ['jsmith', 'James Smith', 0.85, 'flast'],
    ['j.smith', 'James Smith', 0.85, 'f.last'],
    ['smithj', 'James Smith', 0.85, 'lastf'],
    ['jamess', 'James Smith', 0.7, 'firstl'],
    ['james.s', 'James Smith', 0.7, 'first.l'],
    ['smith', 'James Smith', 0.55, 'last'],
    ['james', 'James Smith', 0.4, 'first'],
    ['james.smith12', 'James Smith', 0.95, 'first.last'],
    ['james.smith+crm', 'James Smith', 1, 'first.last'],
    ['james.smtih', 'James Smith', 0.88, 'first.last'],
    ['jmes.smiht', 'James Smith', 0.72, 'first.last'],
    ['jsmiht', 'James Smith', 0.748, 'flast'],
    ['bob.smith', 'Robert Smith', 0.93, 'first.last'],
    ['robertsmith', 'Bob Smith', 0.93, 'firstlast'],
    ['juergen.mueller', 'Jürgen Müller', 1, 'first.last'],
    ['jurgen.muller', 'Juergen Mueller', 1, 'first.last'],
    ['joesterle', 'Jan Österle', 0.85, 'flast'],
    ['john.van.der.berg', 'John van der Berg', 1, 'first.last'],
    ['jvanderberg', 'John van der Berg', 0.85, 'flast'],
    ['jberg', 'John van der Berg', 0.85, 'flast'],
    ['jean-pierre.roux', 'Jean-Pierre Le Roux', 1, 'first.last'],
    ['mary.jones', 'Mary Smith-Jones', 1, 'first.last'],
    ["sean.o'brien", "Sean O'Brien", 1, 'first.last'],
  ])('%s fits %j: %d as %s', (local, display, score, format) =>
    expect(scoreLocalPart(local, name(display))).toMatchObject({ score, format }),
  );

  test('one half alone is weak evidence, and a stranger none', () => {
    expect(scoreLocalPart('mary.jones', name('Mary Smith'))).toMatchObject({
      score: 0.3,
      evidence: ['address holds the given name'],
      format: null,
    });
    expect(scoreLocalPart('ann.smith', name('Mary Smith'))).toMatchObject({
      score: 0.35,
      evidence: ['address holds the surname'],
      format: null,
    });
    expect(scoreLocalPart('hiroshi.tanaka', name('Mary Smith'))).toEqual({ score: 0, evidence: [], format: null, edits: 0 });
    expect(scoreLocalPart('user123', name('Mary Smith')).score).toBe(0);
  });

  test('says in words what was seen', () => {
    expect(scoreLocalPart('bob.smith7', name('Robert Smith')).evidence).toEqual([
      'address is the given name and surname',
      'nickname in the address: Bob',
      'digits follow the name in the address',
    ]);
    expect(scoreLocalPart('jmes.smiht', name('James Smith')).evidence).toEqual([
      'address is the given name and surname, two letters differ',
    ]);
  });

  test('for any text the score lies between 0 and 1, and has evidence where it is not 0', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'ajs.-_+1mith"'), maxLength: 100 }));
    fc.assert(
      fc.property(text, text, (local, display) => {
        const parsed = parsePersonName('', '', display);
        for (const person of [name('James Smith'), ...(parsed === null ? [] : [parsed])]) {
          const { score, evidence, format } = scoreLocalPart(local, person);
          expect(score >= 0 && score <= 1).toBe(true);
          expect(evidence.length > 0).toBe(score > 0);
          if (format !== null && scoreLocalPart(local, person).edits === 0) expect(formatsOf(local, person)).toContain(format);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

test('a score that leaves out what cannot be best is the score of all readings', () => {
  const part = fc.constantFrom(
    ...'james smith jmes smiht bob robert j s mary-jane o’neil van der berg müller mueller 12 liz elizabeth'.split(' '),
  );
  const local = fc
    .array(fc.tuple(part, fc.constantFrom('', '.', '_', '-', '+')), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.flat().join(''));
  const display = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(' '));
  fc.assert(
    fc.property(local, display, (text, written) => {
      const who = parsePersonName('', '', written);
      if (who !== null) expect(localPartScore(text, who)).toBe(scoreLocalPart(text, who).score);
    }),
    { numRuns: 2000 },
  );
});
