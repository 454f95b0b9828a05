import { Button, TableCell } from '@hubspot/ui-extensions';
import type { Go } from './go-button.tsx';

/** Columns that hold their width, whatever one long name or sentence would take. */
export const widths = { name: 170, status: 170, step: 260 } as const;

/** Somebody in a table, and the way to them. A name of one long word is cut, with its whole in the tip. */
export function NameCell({ person: { key, name }, go }: { person: { key: string; name: string }; go: Go }) {
  return (
    <TableCell width={widths.name}>
      <Button variant="transparent" size="sm" truncate onClick={() => go({ view: 'person', key })}>
        {name}
      </Button>
    </TableCell>
  );
}
