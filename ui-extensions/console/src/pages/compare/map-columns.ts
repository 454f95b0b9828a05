interface MappedColumn {
  readonly column: string;
  readonly field: string | null;
}

/** The mapping with this column as that field; another column that was it is none any more. */
export const withField = <Column extends MappedColumn>(mapping: readonly Column[], index: number, field: string | null): Column[] =>
  mapping.map((column, other) =>
    other === index ? { ...column, field } : field !== null && column.field === field ? { ...column, field: null } : column,
  );

/** The first values of a column, so that one need not open the file. */
export const samplesOf = (preview: readonly (readonly string[])[], index: number): string =>
  preview
    .map((cells) => cells[index] ?? '')
    .filter((cell) => cell.trim() !== '')
    .slice(0, 2)
    .join(', ');
