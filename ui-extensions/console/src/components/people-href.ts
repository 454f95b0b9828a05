import type { PeopleQuery } from '../../../../server/api.ts';

export type PeopleFilter = Partial<Pick<PeopleQuery, 'status' | 'reason' | 'rootCause' | 'actor' | 'change' | 'search'>>;

/** The address of the list of people under these filters: the same names as the API's. */
export function peopleHref(filter: PeopleFilter): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one) query.append(name, one);
  }
  return `/people?${query}`;
}

export const personHref = (key: string): string => `/people/${encodeURIComponent(key)}`;
