import { Badge, Group, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { InvitationRow } from '../../../../../server/api.ts';
import { ActorMark } from '../../components/actor-mark.tsx';
import type { Choosing } from '../../components/choose.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { personHref } from '../../components/people-href.ts';
import { Time } from '../../components/time.tsx';
import { text } from '../../text.ts';

const tones = { fresh: 'gray', due: 'orange', late: 'red' } as const satisfies Record<InvitationRow['age'], string>;

const words = text.invitations;

const columns: readonly Column<InvitationRow>[] = [
  {
    heading: text.people.person,
    cell: (row) => (
      <div>
        <Link to={personHref(row.key)} className="person-link">
          <bdi>{row.name}</bdi>
        </Link>
        <Text size="sm" c="dimmed" className="wrap">
          {row.email}
        </Text>
      </div>
    ),
  },
  {
    heading: words.team,
    cell: (row) => (
      <div>
        <bdi>{row.team}</bdi>
        {row.manager && (
          <Text size="sm" c="dimmed">
            {words.reportsTo} <bdi>{row.manager}</bdi>
          </Text>
        )}
      </div>
    ),
  },
  {
    heading: words.invitedSince,
    cell: (row) => (
      <div>
        <Group gap="xs">
          <Time iso={row.since} />
          <Badge data-tone={tones[row.age]} className="status-badge" miw="max-content">
            {words.days(row.days)}
          </Badge>
        </Group>
        <Text size="sm" c="dimmed">
          {row.sentence}
        </Text>
      </div>
    ),
  },
  {
    heading: words.lastReminder,
    cell: (row) => (
      <div>
        {row.lastReminderAt === null ? (
          <Text size="sm" c="dimmed">
            {words.never}
          </Text>
        ) : (
          <>
            <Time iso={row.lastReminderAt} />
            <Text size="sm" c="dimmed">
              {words.reminders(row.reminders)}
            </Text>
          </>
        )}
        {row.muted && (
          <Text size="sm" c="dimmed">
            {words.mutedBy(row.muted.by)}
          </Text>
        )}
      </div>
    ),
  },
  {
    heading: text.people.nextStep,
    cell: (row) => (
      <div>
        <ActorMark actor={row.actor} />
        <Text size="sm">{row.nextStep}</Text>
        {row.batchId && (
          <Link to={`/invitations/batches/${row.batchId}`} className="quiet-link">
            {words.openBatch}
            <span className="visually-hidden">: {row.name}</span>
          </Link>
        )}
      </div>
    ),
  },
];

/** Everybody who has not accepted, to be ticked for what is done with them. */
export function InvitationTable({ rows, ...choosing }: Choosing & { rows: readonly InvitationRow[] }) {
  return (
    <DataTable
      caption={words.open}
      rows={rows}
      rowKey={({ id }) => id}
      columns={columns}
      choosing={{ ...choosing, nameOf: ({ name }) => name }}
    />
  );
}
