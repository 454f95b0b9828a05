import './data-table.css';

import { Box, Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { text } from '../text.ts';
import { ChooseAll, ChooseOne, type Choosing } from './choose.tsx';
import { SortHeading, type Sorting } from './sort-heading.tsx';

export interface Column<Row> {
  readonly heading: string;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers stand under each other. */
  readonly isNumber?: boolean;
  /** What the heading means, where its words do not say. */
  readonly hint?: string | undefined;
  /** The rows can be sorted by it. */
  readonly sorting?: Sorting;
}

/**
 * A table whose first column names the row. On a phone each row is a card, and each cell says its column: the roles are written out, since
 * browsers forget them for what is no longer laid out as a table.
 */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  rowKey,
  choosing,
}: {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Rows can be ticked. */
  choosing?: Choosing & { readonly nameOf: (row: Row) => string };
}) {
  const [first, ...others] = columns;
  const classOf = ({ isNumber }: Column<Row>) => (isNumber ? { className: 'right number' } : {});
  return (
    // What scrolls must be reachable by keyboard (WCAG 2.1.1); a landmark for every table would be too many.
    <Box role="group" className="scroll-x" tabIndex={0} aria-label={text.common.table(caption)}>
      <Table highlightOnHover className="data-table" role="table">
        <caption className="visually-hidden">{caption}</caption>
        <Table.Thead role="rowgroup">
          <Table.Tr role="row">
            {choosing && (
              <Table.Th role="columnheader" scope="col" className="choose">
                <ChooseAll keys={rows.map(rowKey)} {...choosing} />
              </Table.Th>
            )}
            {columns.map((column) =>
              column.sorting ? (
                <SortHeading key={column.heading} label={column.heading} hint={column.hint} {...column.sorting} {...classOf(column)} />
              ) : (
                <Table.Th role="columnheader" scope="col" key={column.heading} title={column.hint} {...classOf(column)}>
                  {column.heading}
                </Table.Th>
              ),
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody role="rowgroup">
          {rows.map((row) => (
            <Table.Tr role="row" key={rowKey(row)}>
              {choosing && (
                <Table.Td role="cell" className="choose">
                  <ChooseOne of={rowKey(row)} name={choosing.nameOf(row)} {...choosing} />
                </Table.Td>
              )}
              <Table.Th role="rowheader" scope="row">
                {first?.cell(row)}
              </Table.Th>
              {others.map((column) => (
                <Table.Td role="cell" key={column.heading} data-label={column.heading} {...classOf(column)}>
                  {column.cell(row) || '–'}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Box>
  );
}
