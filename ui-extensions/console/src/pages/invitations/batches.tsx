import { Badge, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { BatchRow } from '../../../../../server/api.ts';
import { queries } from '../../api/queries.ts';
import { Section } from '../../components/section.tsx';
import { Time } from '../../components/time.tsx';
import { text } from '../../text.ts';

const tones = { open: 'blue', closed: 'teal', discarded: 'gray' } as const satisfies Record<BatchRow['state'], string>;

export function BatchBadge({ state }: { state: BatchRow['state'] }) {
  return (
    <Badge data-tone={tones[state]} className="status-badge">
      {text.invitations.batchStates[state]}
    </Badge>
  );
}

/** What was begun in Admin Center; nothing where nobody began anything. */
export function Batches() {
  const { data } = useQuery(queries.batches);
  if (!data || data.rows.length === 0) return null;
  return (
    <Section title={text.invitations.batches} lead={text.invitations.batchesLead}>
      <ul className="plain-list divided">
        {data.rows.map((batch) => (
          <li key={batch.id}>
            <Group justify="space-between" gap="sm" py="xs">
              <div>
                <Link to={`/invitations/batches/${batch.id}`} className="person-link">
                  {batch.label}, {text.common.people(batch.people)}
                </Link>
                <Text size="sm" c="dimmed">
                  <Time iso={batch.madeAt} precise /> · {batch.sentence}
                </Text>
              </div>
              <BatchBadge state={batch.state} />
            </Group>
          </li>
        ))}
      </ul>
    </Section>
  );
}
