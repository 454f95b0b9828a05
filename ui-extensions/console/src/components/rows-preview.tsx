import { Table } from '@mantine/core';

/** The first rows of a file as they stand in it; scrolls in its own box. */
export function RowsPreview({
  label,
  columns,
  rows,
  tall = false,
}: {
  label: string;
  columns: readonly string[];
  rows: readonly (readonly string[])[];
  tall?: boolean;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section className={tall ? 'preview tall' : 'preview'} tabIndex={0} aria-label={label}>
      <Table fz={tall ? 'sm' : 'xs'} verticalSpacing={tall ? 6 : 4} horizontalSpacing={tall ? 'sm' : 'xs'}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two columns may carry one name; their place is what tells them apart
              <Table.Th key={index} scope="col">
                <bdi>{column}</bdi>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((cells, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no other name than their place
            <Table.Tr key={row}>
              {cells.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <Table.Td key={index}>
                  <bdi>{cell}</bdi>
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
