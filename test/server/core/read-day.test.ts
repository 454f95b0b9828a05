import { describe, expect, it } from 'vitest';
import { dayOrder, readDay } from '../../../server/core/read-day.ts';

describe('a day in a list', () => {
  it('is read however it is written', () => {
    for (const cell of ['2026-11-03', '2026-11-03T09:12:00Z', ' 2026/11/3 ', '3 Nov 2026', 'Nov 3, 2026', 'November 3, 2026', '3-Nov-2026'])
      expect(readDay(cell, null), cell).toBe('2026-11-03');
    expect(readDay('21.11.2026', null)).toBe('2026-11-21');
    expect(readDay('11/21/2026', null)).toBe('2026-11-21');
    expect(readDay('5/5/2026', null)).toBe('2026-05-05');
  });

  it('takes the order of month and day from the rest of its column, and stays unknown where nothing tells', () => {
    expect(readDay('3/11/2026', dayOrder(['3/11/2026', '21/10/2026']))).toBe('2026-11-03');
    expect(readDay('3/11/2026', dayOrder(['3/11/2026', '10/21/2026']))).toBe('2026-03-11');
    expect(readDay('3/11/2026', dayOrder(['3/11/2026', '4/5/2026']))).toBeNull();
    expect(dayOrder(['10/21/2026', '21/10/2026'])).toBeNull();
  });

  it('is none where the cell is no day of the calendar', () => {
    for (const cell of ['', '-', 'never', '2026-02-30', '31/02/2026', '99/99/2026', 'Foo 3, 2026', '0'])
      expect(readDay(cell, 'day-first'), cell).toBeNull();
  });
});
