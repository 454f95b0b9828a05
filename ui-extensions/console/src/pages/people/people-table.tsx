import { Badge, Skeleton, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, useNavigate } from 'react-router';
import type { FindingRow } from '../../../../../server/api.ts';
import { ActorMark } from '../../components/actor-mark.tsx';
import { ChooseAll, ChooseOne, type Choosing } from '../../components/choose.tsx';
import { EmailPair } from '../../components/email-pair.tsx';
import { personHref } from '../../components/people-href.ts';
import { SortHeading } from '../../components/sort-heading.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { Time } from '../../components/time.tsx';
import { text } from '../../text.ts';
import type { Sort, usePeopleQuery } from './use-people-query.ts';

const nameOf = (row: FindingRow): string => row.license?.name || row.crmUser?.name || text.common.noName;

/** One row per person; below tablet width each row becomes a card with the same words. */
export function PeopleTable({
  rows,
  crmName,
  query,
  change,
  ...choosing
}: Choosing & {
  rows: readonly FindingRow[];
  crmName: string;
  query: URLSearchParams;
  change: ReturnType<typeof usePeopleQuery>['change'];
}) {
  const navigate = useNavigate();
  const sorted = { by: query.get('sort') ?? 'status', descending: query.get('order') === 'desc' };
  const heading = (sort: Sort, label: string): ReactNode => (
    <SortHeading
      label={label}
      direction={sorted.by === sort ? (sorted.descending ? 'descending' : 'ascending') : 'none'}
      onSort={() => change({ sort, order: sorted.by === sort && !sorted.descending ? 'desc' : 'asc' })}
    />
  );
  return (
    <div className="people">
      <div className="card-only people-choose">
        <ChooseAll keys={rows.map(({ key }) => key)} label={text.choose.page} {...choosing} />
      </div>
      <Table highlightOnHover stickyHeader stickyHeaderOffset={56} className="people-table">
        <caption className="visually-hidden">{text.people.caption}</caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" className="cell-choose">
              <ChooseAll keys={rows.map(({ key }) => key)} {...choosing} />
            </Table.Th>
            {heading('name', text.people.person)}
            {heading('email', text.people.emails)}
            {heading('status', text.people.status)}
            <Table.Th scope="col">{text.people.nextStep}</Table.Th>
            {heading('since', text.people.since)}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr
              key={row.key}
              className="person-row"
              data-chosen={choosing.chosen.has(row.key) || undefined}
              onClick={(event) => {
                // The name is the real link; a click anywhere else on the row is a convenience for a mouse.
                const aside = (event.target as Element).closest('a, button, .cell-choose') ?? window.getSelection()?.toString();
                if (!aside) void navigate(personHref(row.key));
              }}
            >
              <Table.Td className="cell-choose">
                <ChooseOne of={row.key} name={nameOf(row)} {...choosing} />
              </Table.Td>
              <Table.Th scope="row" className="cell-name">
                <Link to={personHref(row.key)} className="person-link">
                  <bdi>{nameOf(row)}</bdi>
                </Link>
                {row.change && (
                  <Badge size="sm" data-tone={row.change === 'repaired' ? 'teal' : 'orange'} className="status-badge">
                    {text.people.changes[row.change]}
                  </Badge>
                )}
              </Table.Th>
              <Table.Td className="cell-emails">
                <EmailPair finding={row} crmName={crmName} />
              </Table.Td>
              <Table.Td className="cell-status">
                <span className="status-stack">
                  <StatusBadge status={row.status} reason={row.reason} label={text.statuses[row.status]} sentence={row.sentence} />
                  {row.label !== text.statuses[row.status] && <span className="reason-label">{row.label}</span>}
                </span>
              </Table.Td>
              <Table.Td className="cell-next">
                <Text size="sm" className="wrap">
                  {row.nextStep}
                </Text>
                {row.actor !== 'nobody-wait' && <ActorMark actor={row.actor} />}
              </Table.Td>
              <Table.Td className="cell-since">
                <Text size="sm" c="dimmed" span>
                  <span className="card-only">{text.people.since} </span>
                  <Time iso={row.since} />
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

export function PeopleTableLoading() {
  return (
    <div className="people" aria-busy role="status" aria-label={text.common.loading}>
      {[1, 2, 3, 4, 5, 6, 7, 8].map((row) => (
        <div key={row} className="people-skeleton">
          <Skeleton h={14} w="60%" />
          <Skeleton h={32} w="80%" />
          <Skeleton h={22} w={110} />
          <Skeleton h={32} />
        </div>
      ))}
    </div>
  );
}
