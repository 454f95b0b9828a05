import { dayInWords } from './messages.ts';
import { addWorkingDays } from './rematch.ts';
import type { DomainPlace } from './status.ts';

/** How many license holders of the two domains are where. */
export type DomainNumbers = Readonly<Record<DomainPlace, number>>;

export const noDomainNumbers: DomainNumbers = { done: 0, behind: 0, 'under-way': 0, 'crm-behind': 0, 'both-old': 0, other: 0 };

export const domainPlaceLabels: Readonly<Record<DomainPlace, string>> = {
  done: 'New domain on both sides',
  behind: 'License still has the old one',
  'under-way': 'Repair under way',
  'crm-behind': 'CRM still has the old one',
  'both-old': 'Old domain on both sides',
  other: 'Something else has to be settled first',
};

/**
 * Where a license holder stands in a change of domain; null: they have nothing to do with it.
 * @param domains in lower case; the CRM's is null where the owner is not known
 */
export function domainPlaceOf(
  person: { readonly license: string; readonly crm: string | null; readonly reason: string; readonly changesLicense: boolean },
  { old, current }: { readonly old: string; readonly current: string },
): DomainPlace | null {
  const { license, crm, reason, changesLicense } = person;
  const isOurs = (domain: string | null): boolean => domain === old || domain === current;
  if (license !== old && crm !== old && !(license === current && crm === current)) return null;
  if (reason === 'being-repaired' || reason === 'stuck-onboarding') return 'under-way';
  if (license === current && crm === current) return 'done';
  if (license === old && crm === old) return 'both-old';
  if (license === old && crm === current && reason === 'email-differs' && changesLicense) return 'behind';
  if (license === current && crm === old && isOurs(crm)) return 'crm-behind';
  return 'other';
}

export interface Wave {
  readonly number: number;
  readonly people: number;
  /** YYYY-MM-DD: one wave a working day, from today on. */
  readonly on: string;
}

/** More than these are not listed one by one. */
const mostWaves = 60;

/**
 * What lies ahead: whoever can be changed now goes in waves, one a working day, and whoever waits for the CRM follows after them.
 * @param today and endsOn are YYYY-MM-DD
 */
export function forecastDomainChange(
  numbers: DomainNumbers,
  { perWave, today, endsOn }: { readonly perWave: number; readonly today: string; readonly endsOn: string },
): { readonly waves: readonly Wave[]; readonly sentence: string; readonly isInTime: boolean } {
  const now = numbers.behind;
  const later = numbers['both-old'];
  const count = Math.ceil(now / perWave);
  const all = count + Math.ceil(later / perWave);
  const dayOf = (wave: number): string => addWorkingDays(`${addWorkingDaysBack(today)}T00:00:00.000Z`, wave).slice(0, 10);
  const waves = Array.from({ length: Math.min(count, mostWaves) }, (_, index) => ({
    number: index + 1,
    people: Math.min(perWave, now - index * perWave),
    on: dayOf(index + 1),
  }));
  const last = all === 0 ? today : dayOf(all);
  const isInTime = last <= endsOn;
  const people = (n: number): string => (n === 1 ? '1 person' : `${n} people`);
  const inWaves = (n: number): string => (n === 1 ? '1 wave' : `${n} waves`);
  const told =
    now === 0 ? ['No license has to change now.'] : [`${people(now)} can be changed now, in ${inWaves(count)} of up to ${perWave}.`];
  if (later > 0)
    told.push(`${people(later)} ${later === 1 ? 'has' : 'have'} the old domain on both sides and can follow once the CRM has the new one.`);
  if (numbers['crm-behind'] > 0) told.push(`For ${people(numbers['crm-behind'])} the CRM has to be corrected, not LinkedIn.`);
  if (all > 0)
    told.push(
      isInTime
        ? `With one wave a working day the last is on ${dayInWords(last)}, in time.`
        : `With one wave a working day the last is on ${dayInWords(last)}, after both domains are valid (until ${dayInWords(endsOn)}). Take larger waves, or more days.`,
    );
  return { waves, sentence: told.join(' '), isInTime };
}

/** The day before today, so that the first working day counted may be today itself. */
const addWorkingDaysBack = (today: string): string => new Date(Date.parse(`${today}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

/** How it stands, or stood at its end, in one sentence. */
export function domainChangeSentence(
  { old, current, endsOn }: { readonly old: string; readonly current: string; readonly endsOn: string },
  numbers: DomainNumbers,
  started: DomainNumbers,
  today: string,
): string {
  const left = numbers.behind + numbers['under-way'] + numbers['crm-behind'] + numbers['both-old'] + numbers.other;
  const moved = Math.max(0, numbers.done - started.done);
  const begun = `Since the first day ${moved} moved from ${old} to ${current}.`;
  if (left === 0) return `${begun} Nobody is left on ${old}.`;
  const still = left === 1 ? '1 person is' : `${left} people are`;
  return today > endsOn
    ? `${begun} The time in which both were valid is over, and ${still} not through.`
    : `${begun} ${still} not through; both domains are valid until ${dayInWords(endsOn)}.`;
}
