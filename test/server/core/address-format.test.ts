import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitsFormat, learnFormat } from '../../../server/core/address-format.ts';
import { parsePersonName } from '../../../server/core/names.ts';

const pair = (display: string, local: string) => ({ name: parsePersonName('', '', display)!, local });

describe('the address format of a domain', () => {
  test('is the one most colleagues follow', () => {
    const colleagues = [
      pair('James Smith', 'jsmith'),
      pair('Anna Lee', 'alee'),
      pair('Bob Khan', 'bkhan2'),
      pair('Maria de la Cruz', 'maria.cruz'),
    ];
    expect(learnFormat(colleagues)).toEqual({ format: 'flast', share: 0.75, n: 4 });
  });

  test.each([
    ['first.last', 'james.smith', 'anna.lee', 'robert.khan'],
    ['first_last', 'james_smith', 'anna_lee', 'bob_khan'],
    ['f.last', 'j.smith', 'a.lee', 'b.khan'],
    ['firstl', 'jamess', 'annal', 'bobk'],
    ['firstlast', 'jamessmith', 'annalee', 'bobkhan'],
    ['last.first', 'smith.james', 'lee.anna', 'khan.bob'],
    ['lastf', 'smithj', 'leea', 'khanb'],
    ['first', 'james', 'anna', 'bob'],
  ])('%s is recognised', (format, james, anna, bob) =>
    expect(learnFormat([pair('James Smith', james), pair('Anna Lee', anna), pair('Bob Khan', bob)])).toEqual({ format, share: 1, n: 3 }),
  );

  test('is unknown with fewer than three colleagues, or without a majority', () => {
    expect(learnFormat([])).toBeNull();
    expect(learnFormat([pair('James Smith', 'jsmith'), pair('Anna Lee', 'alee')])).toBeNull();
    expect(learnFormat([pair('James Smith', 'jsmith'), pair('Anna Lee', 'anna.lee'), pair('Bob Khan', 'x1')])).toBeNull();
  });

  test('does not depend on the order of colleagues', () => {
    const colleagues = [
      pair('James Smith', 'jsmith'),
      pair('Anna Lee', 'alee'),
      pair('Bob Khan', 'bob.khan'),
      pair('Al Ax', 'aax'),
      pair('Cher', 'cher'),
    ];
    const learned = learnFormat(colleagues);
    fc.assert(
      fc.property(fc.shuffledSubarray(colleagues, { minLength: colleagues.length }), (shuffled) => {
        expect(learnFormat(shuffled)).toEqual(learned);
      }),
    );
  });

  test('tells which address is a colleague’s', () => {
    const { name } = pair('Jürgen Müller', '');
    expect(fitsFormat('juergen.mueller', name, 'first.last')).toBe(true);
    expect(fitsFormat('jurgen.muller2', name, 'first.last')).toBe(true);
    expect(fitsFormat('jmueller', name, 'first.last')).toBe(false);
    expect(fitsFormat('anna.lee', name, 'first.last')).toBe(false);
    expect(fitsFormat('bob.smith', pair('Robert Smith', '').name, 'first.last')).toBe(true);
  });
});
