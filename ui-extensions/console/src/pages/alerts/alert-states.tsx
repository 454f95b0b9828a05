import { Badge, Button, Text, Tooltip } from '@mantine/core';
import { IconBellCheck } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Alerts } from '../../../../../server/api.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Section } from '../../components/section.tsx';
import { formatTimeOfDay, Time } from '../../components/time.tsx';
import { text } from '../../text.ts';

type State = Alerts['events'][number]['states'][number];
type Row = State & { readonly event: string };

const tones = { waiting: 'gray', raised: 'red', recovering: 'yellow', recovered: 'teal' } as const satisfies Record<State['state'], string>;

const columns: readonly Column<Row>[] = [
  {
    heading: text.alerts.what,
    cell: ({ event, sentence, since }) => (
      <>
        {event}
        <Text size="sm" c="dimmed" fw={400}>
          {sentence.replaceAll('{since}', formatTimeOfDay(since, Date.now()))}
        </Text>
      </>
    ),
  },
  {
    heading: text.alerts.state,
    cell: ({ state }) => (
      <Tooltip label={text.alerts.stateHints[state]} multiline maw={320}>
        <Badge data-tone={tones[state]} className="status-badge alert-badge" tabIndex={0}>
          {text.alerts.states[state]}
        </Badge>
      </Tooltip>
    ),
  },
  { heading: text.alerts.since, cell: ({ since }) => <Time iso={since} precise /> },
  { heading: text.alerts.until, cell: ({ endedAt }) => endedAt && <Time iso={endedAt} precise /> },
  {
    heading: text.alerts.next,
    cell: ({ state, href, label }) =>
      state !== 'recovered' && (
        <Button component={Link} to={href} size="xs" variant="default">
          {label}
        </Button>
      ),
  },
];

/** What is open first, then the last that is over of each event. */
export function AlertStates({ alerts }: { alerts: Alerts }) {
  const rows = alerts.events.flatMap(({ label, states }) => states.map((state) => ({ ...state, event: label })));
  const order = (row: Row) => Number(row.state === 'recovered');
  const sorted = rows.toSorted((a, b) => order(a) - order(b) || b.since.localeCompare(a.since));
  if (sorted.length === 0)
    return (
      <EmptyState icon={<IconBellCheck size={28} />} title={text.alerts.emptyTitle}>
        {text.alerts.emptyBody}
      </EmptyState>
    );
  return (
    <Section title={text.alerts.now} lead={text.alerts.nowLead} flush>
      <DataTable caption={text.alerts.now} rows={sorted} rowKey={({ id }) => id} columns={columns} />
    </Section>
  );
}
