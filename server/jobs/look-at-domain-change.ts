import {
  type DomainNumbers,
  domainChangeSentence,
  domainPlaceLabels,
  domainPlaceOf,
  forecastDomainChange,
  noDomainNumbers,
} from '../core/domain-change.ts';
import { reportCsv } from '../core/report-csv.ts';
import { type DomainPlace, domainPlaces } from '../core/status.ts';
import type { Queryable, Scope } from '../store/database.ts';
import { type DomainPerson, listDomainPeople, type StoredDomainChange } from '../store/domain-change.ts';

type Pair = Pick<StoredDomainChange, 'old' | 'current'>;

async function placed(db: Queryable, scope: Scope, pair: Pair): Promise<(DomainPerson & { readonly place: DomainPlace })[]> {
  const people = await listDomainPeople(db, scope, [pair.old, pair.current]);
  return people.flatMap((person) => {
    const place = domainPlaceOf(person, pair);
    return place === null ? [] : [{ ...person, place }];
  });
}

function count(people: readonly { readonly place: DomainPlace }[]): DomainNumbers {
  const numbers: Record<DomainPlace, number> = { ...noDomainNumbers };
  for (const { place } of people) numbers[place] += 1;
  return numbers;
}

/** How many are where now. */
export const countDomain = async (db: Queryable, scope: Scope, pair: Pair): Promise<DomainNumbers> => count(await placed(db, scope, pair));

/** One change of domain as its page shows it. */
export async function lookAtDomainChange(db: Queryable, scope: Scope, change: StoredDomainChange, today: string) {
  const people = await placed(db, scope, change);
  const numbers = count(people);
  const { id, old, current, startsOn, endsOn, perWave, author, started } = change;
  const forecast = forecastDomainChange(numbers, { perWave, today, endsOn });
  return {
    id,
    old,
    current,
    startsOn,
    endsOn,
    perWave,
    author,
    isOver: today > endsOn,
    sentence: domainChangeSentence(change, numbers, { ...noDomainNumbers, ...started }, today),
    places: domainPlaces.map((place) => ({ place, label: domainPlaceLabels[place], count: numbers[place], atStart: started[place] ?? 0 })),
    forecast: { ...forecast, waves: [...forecast.waves] },
    nextWave: people
      .filter(({ place }) => place === 'behind')
      .slice(0, perWave)
      .map(({ licenseId }) => licenseId),
  };
}

/** Everybody whom the change concerns, and where they are: the report at its end. */
export async function domainChangeReport(db: Queryable, scope: Scope, pair: Pair): Promise<string> {
  const people = await placed(db, scope, pair);
  return reportCsv(
    ['license_id', 'name', 'license_email', 'crm_email', 'state'],
    people.map(({ licenseId, name, licenseEmail, crmEmail, place }) => [
      licenseId,
      name,
      licenseEmail,
      crmEmail ?? '',
      domainPlaceLabels[place],
    ]),
  );
}
