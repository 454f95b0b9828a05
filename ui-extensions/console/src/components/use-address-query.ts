import { useSearchParams } from 'react-router';

/**
 * A page's whole state as its address: it can be sent to a colleague, and Back undoes a filter.
 * @param names all that the address may say @param mayBeEmpty those of which '' is a value, as of people without a team
 */
export function useAddressQuery<Name extends string>(names: readonly Name[], mayBeEmpty: readonly Name[]) {
  const [parameters, setParameters] = useSearchParams();
  const query = new URLSearchParams();
  for (const name of names) {
    const value = parameters.get(name);
    if (value !== null && (value !== '' || mayBeEmpty.includes(name))) query.set(name, value);
  }
  /** Null takes a filter away. A change of anything begins at the first page again. */
  const changed = (changes: Partial<Record<Exclude<Name, 'cursor'>, string | null>>): URLSearchParams => {
    const next = new URLSearchParams(query);
    next.delete('cursor');
    for (const [name, value] of Object.entries(changes) as [string, string | null | undefined][]) {
      if (value === null || value === undefined) next.delete(name);
      else next.set(name, value);
    }
    return next;
  };
  const change = (changes: Parameters<typeof changed>[0], replace = false): void =>
    setParameters(changed(changes), { replace, preventScrollReset: true });
  const of = (...wanted: readonly Name[]): URLSearchParams =>
    new URLSearchParams([...query].filter(([name]) => wanted.includes(name as Name)));
  return { query, change, changed, of };
}
