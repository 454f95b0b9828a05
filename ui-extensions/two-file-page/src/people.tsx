import { Button, Group, NativeSelect, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Finding, Status } from '../../../server/api.ts';
import { ActorMark } from '../../console/src/components/actor-mark.tsx';
import { DataTable } from '../../console/src/components/data-table.tsx';
import { EmailPair } from '../../console/src/components/email-pair.tsx';
import { Section } from '../../console/src/components/section.tsx';
import { StatusBadge } from '../../console/src/components/status-badge.tsx';
import { text } from '../../console/src/text.ts';
import type { Found, ReasonCount, SortKey } from './messages.ts';
import { Person } from './person.tsx';
import type { Shown } from './result.tsx';
import type { Thread } from './two-file-page.tsx';

const pageSize = 50;

export const nameOf = ({ license, crmUser }: Finding): string => license?.name || crmUser?.name || text.common.noName;

/** Everybody with a filter, a search and an order; the thread makes the rows of one page. */
export function People({
  thread,
  shown,
  onShown,
  reasons,
  crmName,
}: {
  thread: Thread;
  shown: Shown;
  onShown: (shown: Shown) => void;
  reasons: readonly ReasonCount[];
  crmName: string;
}) {
  const [search, setSearch] = useState('');
  const [order, setOrder] = useState<{ sort: SortKey; descending: boolean }>({ sort: 'name', descending: false });
  const [page, setPage] = useState(0);
  const [found, setFound] = useState<Found | null>(null);
  const [open, setOpen] = useState<number | null>(null);
  const { status, reason } = shown;

  useEffect(() => setPage(0), [status, reason, search, order]);

  useEffect(() => {
    let isLatest = true;
    void thread.ask('find', { status, reason, search, page, ...order }).then((answer) => isLatest && setFound(answer));
    return () => {
      isLatest = false;
    };
  }, [thread, status, reason, search, order, page]);

  const sorting = (sort: SortKey) => ({
    direction: order.sort !== sort ? ('none' as const) : order.descending ? ('descending' as const) : ('ascending' as const),
    onSort: () => setOrder({ sort, descending: order.sort === sort && !order.descending }),
  });
  const statuses = [...new Set(reasons.map((one) => one.status))];
  const ofStatus = reasons.filter((one) => status === null || one.status === status);
  const total = found?.total ?? 0;
  const last = Math.max(0, Math.ceil(total / pageSize) - 1);
  return (
    <div id="people">
      <Section title={status === null ? text.people.viewNames.all : text.statuses[status]} flush>
        <Group className="filters inset no-print" gap="md" mb="sm">
          <TextInput
            label={text.people.search}
            placeholder={text.people.searchHint}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            type="search"
          />
          <NativeSelect
            label={text.people.status}
            value={status ?? ''}
            onChange={(event) => onShown({ status: (event.currentTarget.value || null) as Status | null, reason: null })}
            data={[{ value: '', label: text.people.any }, ...statuses.map((value) => ({ value, label: text.statuses[value] }))]}
          />
          <NativeSelect
            label={text.people.reason}
            value={reason ?? ''}
            onChange={(event) => onShown({ status, reason: (event.currentTarget.value || null) as Shown['reason'] })}
            data={[{ value: '', label: text.people.any }, ...ofStatus.map(({ reason: value, label }) => ({ value, label }))]}
          />
        </Group>
        <Text size="sm" c="dimmed" className="inset" role="status">
          {found ? text.people.found(total) : text.twoFile.searching}
        </Text>
        {found && total > 0 && (
          <DataTable
            caption={text.twoFile.caption}
            rows={found.rows}
            rowKey={({ row }) => String(row)}
            columns={[
              {
                heading: text.people.person,
                sorting: sorting('name'),
                cell: ({ row, finding }) => (
                  <UnstyledButton className="person-link wrap" onClick={() => setOpen(row)}>
                    <bdi>{nameOf(finding)}</bdi>
                  </UnstyledButton>
                ),
              },
              {
                heading: text.people.emails,
                sorting: sorting('email'),
                cell: ({ finding }) => <EmailPair finding={finding} crmName={crmName} />,
              },
              {
                heading: text.people.reason,
                sorting: sorting('reason'),
                cell: ({ finding }) => (
                  <StatusBadge status={finding.status} reason={finding.reason} label={finding.label} sentence={finding.sentence} />
                ),
              },
              {
                heading: text.people.nextStep,
                cell: ({ finding }) => (
                  <div>
                    <Text size="sm">{finding.nextStep}</Text>
                    <ActorMark actor={finding.actor} />
                  </div>
                ),
              },
            ]}
          />
        )}
        {last > 0 && (
          <Group component="nav" aria-label={text.people.pages} justify="flex-end" gap="xs" className="inset pager no-print">
            <Text size="sm" c="dimmed" className="number">
              {text.people.range(page * pageSize + 1, Math.min(total, (page + 1) * pageSize), total)}
            </Text>
            <Button variant="default" size="sm" disabled={page === 0} onClick={() => setPage(page - 1)}>
              {text.people.previous}
            </Button>
            <Button variant="default" size="sm" disabled={page === last} onClick={() => setPage(page + 1)}>
              {text.people.next}
            </Button>
          </Group>
        )}
      </Section>
      <Person thread={thread} row={open} crmName={crmName} onClose={() => setOpen(null)} />
    </div>
  );
}
