import './root-cause-card.css';

import { Button, Group, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { RootCause } from '../../../../server/api.ts';
import { text } from '../text.ts';
import { ActorMark } from './actor-mark.tsx';
import { peopleHref } from './people-href.ts';
import { isPlannable, PlanButton } from './plan-button.tsx';
import { ReclaimButton } from './reclaim-button.tsx';

/** The kinds whose repair is a file that the latest run offers. */
const byFile: ReadonlySet<RootCause['repairKind']> = new Set([
  'domain-change-file',
  'email-change-file',
  'crm-change-list',
  'identity-request',
]);

export function RootCauseCard({ cause, runId, level = 'h3' }: { cause: RootCause; runId: string | null; level?: 'h2' | 'h3' }) {
  return (
    <li className="cause">
      <div className="cause-share" aria-hidden>
        <span style={{ width: `${cause.of > 0 ? (100 * cause.count) / cause.of : 0}%` }} />
      </div>
      <ActorMark actor={cause.actor} />
      <Text fw={600} component={level} className="wrap cause-title">
        {cause.title}
      </Text>
      <Text size="sm" c="dimmed" className="wrap">
        {cause.repair}
      </Text>
      <Group gap="xs" mt="auto" pt="sm">
        <Button component={Link} to={peopleHref({ rootCause: cause.id })} size="xs" variant="light">
          {text.causes.show(cause.count)}
          <span className="visually-hidden">: {cause.title}</span>
        </Button>
        {runId && isPlannable(cause) && <PlanButton cause={cause} />}
        {runId && cause.id === 'crm-user-inactive' && <ReclaimButton />}
        {runId && byFile.has(cause.repairKind) && (
          <Button component={Link} to={`/runs/${runId}#files`} size="xs" variant="default">
            {text.causes.file}
            <span className="visually-hidden">: {cause.title}</span>
          </Button>
        )}
      </Group>
    </li>
  );
}
