import './sort-heading.css';

import { Table, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';

export interface Sorting {
  readonly direction: 'ascending' | 'descending' | 'none';
  readonly onSort: () => void;
}

/** The heading of a column that its rows can be sorted by. */
export function SortHeading({
  label,
  hint,
  className,
  direction,
  onSort,
}: Sorting & { label: string; hint?: string | undefined; className?: string | undefined }) {
  const Icon = direction === 'none' ? IconArrowsSort : direction === 'ascending' ? IconArrowUp : IconArrowDown;
  return (
    <Table.Th role="columnheader" scope="col" aria-sort={direction} className={className}>
      <UnstyledButton className="sort" onClick={onSort} data-active={direction !== 'none' || undefined} title={hint}>
        {label} <Icon size={13} aria-hidden />
      </UnstyledButton>
    </Table.Th>
  );
}
