const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * A day or a moment as exports write it, as ISO 8601 in UTC; null where nobody can tell. LinkedIn's own spelling is not documented: read are
 * ISO 8601, "11/26/2026" (month first, as LinkedIn's pages are American, unless that is no month), "26.11.2026" and "Nov 26, 2026".
 */
export function readMoment(text: string): string | null {
  const value = text.trim();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$/u.exec(value);
  if (iso) {
    if (/[T ]\d/u.test(value)) {
      // Without a zone it is the vendor's own clock, which is UTC as far as anybody says.
      const moment = Date.parse(/(?:Z|[+-]\d{2}:?\d{2})$/u.test(value) ? value : `${value.replace(' ', 'T')}Z`);
      if (!Number.isNaN(moment)) return new Date(moment).toISOString();
    }
    return dayOf(iso[1]!, iso[2]!, iso[3]!);
  }
  const slashed = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:[ ,].*)?$/u.exec(value);
  if (slashed) return Number(slashed[1]) > 12 ? dayOf(slashed[3]!, slashed[2]!, slashed[1]!) : dayOf(slashed[3]!, slashed[1]!, slashed[2]!);
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ ,].*)?$/u.exec(value);
  if (dotted) return dayOf(dotted[3]!, dotted[2]!, dotted[1]!);
  const named = /^(?:([a-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})|(\d{1,2}) ([a-z]{3})[a-z]*\.? (\d{4}))(?:[ ,].*)?$/iu.exec(value);
  if (!named) return null;
  const month = months.indexOf((named[1] ?? named[5]!).toLowerCase()) + 1;
  return dayOf(named[3] ?? named[6]!, `${month}`, named[2] ?? named[4]!);
}

/** Null for a day that no calendar has. */
function dayOf(year: string, month: string, day: string): string | null {
  const moment = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return moment.getUTCMonth() === Number(month) - 1 && moment.getUTCDate() === Number(day) ? moment.toISOString() : null;
}
