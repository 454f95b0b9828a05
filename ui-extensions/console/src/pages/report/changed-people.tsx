import { Select, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { ReportChange, ReportChanges } from '../../../../../server/api.ts';
import { DataTable } from '../../components/data-table.tsx';
import { personHref } from '../../components/people-href.ts';
import { formatNumber } from '../../components/time.tsx';
import { text } from '../../text.ts';

type End = ReportChanges['rows'][number]['before'];

const endOf = (end: End) =>
  end === null ? (
    text.report.notListed
  ) : (
    <>
      {text.statuses[end.status]}
      <Text size="xs" c="dimmed">
        {end.label}
      </Text>
    </>
  );

/** Which change is shown; each with its number of people. */
export function ChangeChoice({
  changes,
  value,
  onChange,
}: {
  changes: ReportChanges;
  value: string | null;
  onChange: (change: string | null) => void;
}) {
  const kinds = Object.keys(changes.labels) as ReportChange[];
  return (
    <Select
      label={text.report.change}
      placeholder={text.report.allChanges}
      data={kinds
        .filter((kind) => (changes.counts[kind] ?? 0) > 0 || kind === value)
        .map((kind) => ({ value: kind, label: `${changes.labels[kind]}: ${formatNumber(changes.counts[kind] ?? 0)}` }))}
      value={value}
      onChange={onChange}
      clearable
      miw={260}
    />
  );
}

/** Who changed between two comparisons, and which way. */
export function ChangedPeople({ changes }: { changes: ReportChanges }) {
  const words = text.report;
  if (changes.from === null) return <Text p="lg">{words.noTwoRuns}</Text>;
  if (changes.rows.length === 0) return <Text p="lg">{words.noChanges}</Text>;
  return (
    <>
      <DataTable
        caption={words.changes}
        rows={changes.rows}
        rowKey={({ key }) => key}
        columns={[
          {
            heading: words.person,
            cell: ({ key, name, email }) => (
              <>
                <Link to={personHref(key)} className="person-link">
                  <bdi>{name || text.common.noName}</bdi>
                </Link>
                <Text size="xs" c="dimmed" className="wrap">
                  <bdi>{email || text.common.noEmail}</bdi>
                </Text>
              </>
            ),
          },
          { heading: words.change, cell: ({ change }) => changes.labels[change] },
          { heading: words.before, cell: ({ before }) => endOf(before) },
          { heading: words.after, cell: ({ after }) => endOf(after) },
          { heading: words.dimensions.team, cell: ({ team }) => team && <bdi>{team}</bdi> },
        ]}
      />
      {changes.rows.length < changes.total && (
        <Text size="sm" c="dimmed" p="md">
          {words.mostShown(changes.rows.length, changes.total)}
        </Text>
      )}
    </>
  );
}
