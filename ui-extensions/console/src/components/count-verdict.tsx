import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { text } from '../text.ts';

/** Whether a file holds as many users as Admin Center shows. */
export function CountVerdict({ rows, count }: { rows: number; count: number }) {
  return (
    <p className="verdict-line small" data-tone={count === rows ? 'teal' : 'orange'} role="status">
      {count === rows ? <IconCircleCheck size={16} aria-hidden /> : <IconAlertTriangle size={16} aria-hidden />}
      {count === rows
        ? text.compare.complete(rows)
        : count > rows
          ? text.compare.incomplete(rows, count)
          : text.compare.tooMany(rows, count)}
    </p>
  );
}
