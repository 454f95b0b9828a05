import { Badge, Tooltip } from '@mantine/core';
import { IconClock } from '@tabler/icons-react';
import type { Overview } from '../../../../server/api.ts';
import { formatAgo, formatDateTime } from '../components/time.tsx';
import { text } from '../text.ts';

/** How old the LinkedIn export is, always in sight: every verdict is only as fresh as that. */
export function Freshness({ overview }: { overview: Overview }) {
  const { freshness } = overview;
  if (!freshness)
    return (
      <Badge size="md" className="status-badge" data-tone="gray">
        {text.shell.noExport}
      </Badge>
    );
  const now = Date.parse(overview.now);
  return (
    <Tooltip label={text.shell.exportAgeLong(formatDateTime(freshness.licensesAsOf))}>
      <Badge
        data-tone={freshness.stale ? 'orange' : 'gray'}
        size="md"
        leftSection={<IconClock size={13} aria-hidden />}
        tabIndex={0}
        className="status-badge freshness"
      >
        <span className="wide-only">
          {text.shell.exportPrefix} {formatAgo(freshness.licensesAsOf, now)}
        </span>
        <span className="narrow-only">{formatAgo(freshness.licensesAsOf, now, 'narrow')}</span>
        {freshness.stale && <span className="visually-hidden">, {text.shell.stale}</span>}
      </Badge>
    </Tooltip>
  );
}
