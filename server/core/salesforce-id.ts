const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** The three characters that say which of the fifteen before them are upper case. */
function suffixOf(id: string): string {
  return [0, 5, 10]
    .map((start) => {
      const bits = [...id.slice(start, start + 5)].reduce((sum, letter, index) => sum + (/[A-Z]/u.test(letter) ? 1 << index : 0), 0);
      return letters[bits]!;
    })
    .join('');
}

/**
 * A record's id with its 18 characters, from 15 or 18 of them. Null: it is none, or its last three do not fit, as when somebody mistyped it.
 * @param prefix which object it is of: 00D an org, 005 a user
 */
export function salesforceId(text: string, prefix: '00D' | '005'): string | null {
  if (!text.startsWith(prefix) || !/^[0-9A-Za-z]{15}(?:[A-Z0-5]{3})?$/u.test(text)) return null;
  const whole = text.slice(0, 15) + suffixOf(text.slice(0, 15));
  return text.length === 15 || text === whole ? whole : null;
}
