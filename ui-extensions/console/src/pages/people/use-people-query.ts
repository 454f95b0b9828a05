import { useSearchParams } from 'react-router';
import type { PeopleQuery } from '../../../../../server/api.ts';

export type Sort = PeopleQuery['sort'];
const names = ['status', 'reason', 'rootCause', 'actor', 'change', 'search', 'sort', 'order', 'cursor'] as const;
type Name = (typeof names)[number];

/** The list's whole state is the address: it can be sent to a colleague, and Back undoes a filter. */
export function usePeopleQuery() {
  const [parameters, setParameters] = useSearchParams();
  const query = new URLSearchParams();
  for (const name of names) for (const value of parameters.getAll(name)) if (value !== '') query.append(name, value);

  /** A change of any filter or of the order begins at the first page again. */
  const change = (changes: Partial<Record<Exclude<Name, 'cursor'>, string | readonly string[] | null>>, replace = false): void => {
    const next = new URLSearchParams(query);
    next.delete('cursor');
    for (const [name, value] of Object.entries(changes)) {
      next.delete(name);
      for (const one of Array.isArray(value) ? value : [value]) if (typeof one === 'string' && one !== '') next.append(name, one);
    }
    setParameters(next, { replace, preventScrollReset: true });
  };
  const filtered = ['status', 'reason', 'rootCause', 'actor', 'change', 'search'].some((name) => query.has(name));
  return { query, change, filtered };
}
