import { describe, expect, test } from 'vitest';
import { agreedWindowAt, opensSentence } from '../../../server/core/agreed-window.ts';

const agreed = { days: [2, 4], from: '10:00', to: '12:00', timeZone: 'Europe/Berlin' } as const;

describe('the agreed window for removals', () => {
  test('is the one that is open, or the next to open, by the clock of its time zone', () => {
    // Tuesday, 24 November 2026; Berlin is an hour ahead of UTC.
    expect(agreedWindowAt(agreed, '2026-11-24T09:30:00.000Z')).toEqual({
      from: '2026-11-24T09:00:00.000Z',
      to: '2026-11-24T11:00:00.000Z',
    });
    expect(agreedWindowAt(agreed, '2026-11-24T11:00:00.000Z')).toMatchObject({ from: '2026-11-26T09:00:00.000Z' });
    expect(agreedWindowAt(agreed, '2026-11-27T00:00:00.000Z')).toMatchObject({ from: '2026-12-01T09:00:00.000Z' });
  });

  test('may go over midnight', () => {
    const night = { ...agreed, from: '22:00', to: '02:00' };
    expect(agreedWindowAt(night, '2026-11-25T00:30:00.000Z')).toEqual({ from: '2026-11-24T21:00:00.000Z', to: '2026-11-25T01:00:00.000Z' });
  });

  test('is none where nothing was agreed', () => {
    expect(agreedWindowAt(null, '2026-11-24T09:30:00.000Z')).toBeNull();
  });

  test('says in its own time zone when it opens', () => {
    expect(opensSentence(agreedWindowAt(agreed, '2026-11-24T11:00:00.000Z')!, agreed.timeZone)).toBe(
      'It opens on 26 November, 10:00 (Europe/Berlin).',
    );
  });
});
