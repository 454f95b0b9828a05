import { useAddressQuery } from '../../components/use-address-query.ts';

const numbers = ['team', 'manager', 'crm'] as const;
const people = [...numbers, 'reason', 'rootCause', 'actor', 'search'] as const;

/** The page's whole state is the address, so that each table is shared by its link. */
export function useReportQuery() {
  const { query, change, changed, of } = useAddressQuery(
    [...people, 'sort', 'order', 'cursor', 'by', 'from', 'change'],
    ['team', 'manager', 'crm', 'rootCause'],
  );
  return {
    query,
    change,
    changed,
    /** Of the numbers. */
    summary: of(...numbers),
    /** Of the list of people. */
    list: of(...people, 'sort', 'order', 'cursor'),
    file: of(...people, 'sort', 'order'),
    groups: of(...numbers, 'by'),
    changes: of('team', 'manager', 'from', 'change'),
    repairs: of('team', 'manager'),
    isNarrowed: numbers.some((name) => query.has(name)),
    isFiltered: people.some((name) => query.has(name)),
  };
}

export type ReportState = ReturnType<typeof useReportQuery>;
