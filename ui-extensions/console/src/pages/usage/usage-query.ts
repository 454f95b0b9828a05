import { useAddressQuery } from '../../components/use-address-query.ts';

const filters = ['report', 'view', 'status', 'use', 'team', 'manager', 'search'] as const;

/** The page's whole state is the address. */
export function useUsageQuery() {
  const { query, change, changed, of } = useAddressQuery([...filters, 'sort', 'order', 'cursor', 'by'], ['team', 'manager']);
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
