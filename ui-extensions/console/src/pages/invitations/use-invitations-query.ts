import { useSearchParams } from 'react-router';

const filters = ['search', 'team', 'manager', 'group', 'permission', 'kind', 'age'] as const;
const names = [...filters, 'cursor'] as const;
type Filter = (typeof filters)[number];

/** Whom the list shows stands in the address. */
export function useInvitationsQuery() {
  const [parameters, setParameters] = useSearchParams();
  const query = new URLSearchParams();
  for (const name of names) {
    const value = parameters.get(name);
    if (value) query.set(name, value);
  }
  /** A change of a filter begins at the first page again. */
  const change = (filter: Filter, value: string | null, replace = false): void => {
    const next = new URLSearchParams(query);
    next.delete('cursor');
    if (value) next.set(filter, value);
    else next.delete(filter);
    setParameters(next, { replace, preventScrollReset: true });
  };
  return { query, change, filtered: filters.some((name) => query.has(name)) };
}
