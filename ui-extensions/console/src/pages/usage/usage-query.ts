import { useSearchParams } from 'react-router';

const filters = ['report', 'view', 'status', 'use', 'team', 'manager', 'search'] as const;
const names = [...filters, 'sort', 'order', 'cursor', 'by'] as const;
type Name = (typeof names)[number];

/** The page's whole state is the address: it can be sent to a colleague, and Back undoes a filter. */
export function useUsageQuery() {
  const [parameters, setParameters] = useSearchParams();
  const query = new URLSearchParams();
  // An empty team is that of people without one.
  for (const name of names) {
    const value = parameters.get(name);
    if (value !== null && (value !== '' || name === 'team' || name === 'manager')) query.set(name, value);
  }
  /** Null takes a filter away. A change of anything begins at the first page again. */
  const changed = (changes: Partial<Record<Exclude<Name, 'cursor'>, string | null>>): URLSearchParams => {
    const next = new URLSearchParams(query);
    next.delete('cursor');
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === undefined) next.delete(name);
      else next.set(name, value);
    }
    return next;
  };
  const change = (changes: Parameters<typeof changed>[0], replace = false): void =>
    setParameters(changed(changes), { replace, preventScrollReset: true });
  const of = (...wanted: readonly Name[]): URLSearchParams =>
    new URLSearchParams([...query].filter(([name]) => wanted.includes(name as Name)));
  return {
    query,
    change,
    changed,
    /** Of the numbers. */
    summary: of('report', 'team', 'manager'),
    /** Of the list. */
    list: of(...filters, 'sort', 'order', 'cursor'),
    /** Of the list as a file. */
    file: of(...filters, 'sort', 'order'),
    isFiltered: filters.some((name) => name !== 'report' && query.has(name)),
  };
}
