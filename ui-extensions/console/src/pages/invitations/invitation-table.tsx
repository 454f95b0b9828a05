import { Badge, Checkbox, Group, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { InvitationRow } from '../../../../../server/api.ts';
import { ActorMark } from '../../components/actor-mark.tsx';
import { personHref } from '../../components/people-href.ts';
import { Time } from '../../components/time.tsx';
import { text } from '../../text.ts';

const tones = { fresh: 'gray', due: 'orange', late: 'red' } as const satisfies Record<InvitationRow['age'], string>;

export function InvitationTable({
  rows,
  chosen,
  onChoose,
}: {
  rows: readonly InvitationRow[];
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
}) {
  const words = text.invitations;
  const here = rows.filter(({ id }) => chosen.has(id)).length;
  const toggle = (id: string): void => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onChoose(next);
  };
  return (
    <div className="scroll-x">
      <Table highlightOnHover className="invitation-table">
        <caption className="visually-hidden">{words.open}</caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" w={44}>
              <Checkbox
                aria-label={words.chooseAll}
                checked={here > 0 && here === rows.length}
                indeterminate={here > 0 && here < rows.length}
                onChange={() => {
                  const next = new Set(chosen);
                  for (const { id } of rows) here === rows.length ? next.delete(id) : next.add(id);
                  onChoose(next);
                }}
              />
            </Table.Th>
            <Table.Th scope="col">{text.people.person}</Table.Th>
            <Table.Th scope="col">{words.team}</Table.Th>
            <Table.Th scope="col">{words.invitedSince}</Table.Th>
            <Table.Th scope="col">{words.lastReminder}</Table.Th>
            <Table.Th scope="col">{text.people.nextStep}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.id}>
              <Table.Td>
                <Checkbox aria-label={words.choose(row.name)} checked={chosen.has(row.id)} onChange={() => toggle(row.id)} />
              </Table.Td>
              <Table.Th scope="row" fw={400}>
                <Link to={personHref(row.key)} className="person-link">
                  <bdi>{row.name}</bdi>
                </Link>
                <Text size="sm" c="dimmed" className="wrap">
                  {row.email}
                </Text>
              </Table.Th>
              <Table.Td>
                <bdi>{row.team}</bdi>
                {row.manager && (
                  <Text size="sm" c="dimmed">
                    {words.reportsTo} <bdi>{row.manager}</bdi>
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <Group gap="xs">
                  <Time iso={row.since} />
                  <Badge data-tone={tones[row.age]} className="status-badge" miw="max-content">
                    {words.days(row.days)}
                  </Badge>
                </Group>
                <Text size="sm" c="dimmed">
                  {row.sentence}
                </Text>
              </Table.Td>
              <Table.Td>
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
              </Table.Td>
              <Table.Td>
                <ActorMark actor={row.actor} />
                <Text size="sm">{row.nextStep}</Text>
                {row.batchId && (
                  <Link to={`/invitations/batches/${row.batchId}`} className="quiet-link">
                    {words.openBatch}
                    <span className="visually-hidden">: {row.name}</span>
                  </Link>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
