import { Badge, Button, Group, Select, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { MismatchReport, MismatchRow, ReportDimension } from '../../../../../server/api.ts';
import { reportTableHref } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { DownloadMenu } from '../../components/download-menu.tsx';
import { Loading } from '../../components/loading.tsx';
import { personHref } from '../../components/people-href.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import type { Sorting } from '../../components/sort-heading.tsx';
import { Time } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { Pager } from '../people/pager.tsx';
import type { ReportState } from './report-query.ts';

/** Everybody who is Not Matched, with since when, what it costs and who acts. */
export function MismatchPeople({ report, state }: { report: MismatchReport; state: ReportState }) {
  const words = text.report;
  const { data, error, refetch, isPlaceholderData } = useQuery(queries.reportPeople(state.list));
  return (
    <div id="people">
      <Section
        title={<span role="status">{data ? words.found(data.total) : words.people}</span>}
        flush
        action={<DownloadMenu href={(format) => reportTableHref('people', format, state.file)} what={words.people} />}
      >
        <Filters report={report} state={state} />
        {error && !data ? (
          <ProblemPanel error={error} what={words.peopleFailed} onRetry={refetch} />
        ) : !data ? (
          <Loading heights={[240]} />
        ) : data.rows.length === 0 ? (
          <Text p="lg">{state.isFiltered ? words.nobody : words.nobodyAtAll}</Text>
        ) : (
          <div aria-busy={isPlaceholderData} className={isPlaceholderData ? 'fading' : ''}>
            <PeopleTable rows={data.rows} report={report} state={state} />
            <div style={{ padding: '0 16px 16px' }} className="no-print">
              <Pager query={state.query} people={data} />
            </div>
          </div>
        )}
      </Section>
    </div>
  );
}

function Filters({ report, state }: { report: MismatchReport; state: ReportState }) {
  const words = text.report;
  const { query, change } = state;
  const [search, setSearch] = useState(query.get('search') ?? '');
  const find = useDebouncedCallback((value: string) => change({ search: value.trim() || null }, true), 300);
  const pick = (by: ReportDimension) => (
    <Select
      key={by}
      label={words.dimensions[by]}
      placeholder={text.licenses.any}
      data={[
        ...new Map(
          (by === 'team' || by === 'manager' || by === 'crm' ? report.choices[by] : (report.slices[by] ?? [])).map(({ value, label }) => [
            value,
            label,
          ]),
        ),
      ].map(([value, label]) => ({ value: `=${value}`, label: label || words.none[by] }))}
      // A mark before each, for '' is a value here and none to a list.
      value={query.has(by) ? `=${query.get(by)}` : null}
      onChange={(value) => change({ [by]: value === null ? null : value.slice(1) })}
      clearable
      searchable
    />
  );
  return (
    <search className="report-filters no-print">
      <TextInput
        label={words.search}
        placeholder={text.licenses.searchHint}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search}
        onChange={({ currentTarget }) => {
          setSearch(currentTarget.value);
          find(currentTarget.value);
        }}
      />
      {(['team', 'manager', 'reason', 'rootCause', 'actor'] as const).map(pick)}
      {state.isFiltered && (
        <Button
          variant="subtle"
          onClick={() => {
            setSearch('');
            change({ team: null, manager: null, crm: null, reason: null, rootCause: null, actor: null, search: null });
          }}
        >
          {words.clear}
        </Button>
      )}
    </search>
  );
}

function PeopleTable({ rows, report, state }: { rows: readonly MismatchRow[]; report: MismatchReport; state: ReportState }) {
  const words = text.report;
  const { price } = report;
  const sort = state.query.get('sort') ?? 'since';
  const order = state.query.get('order') ?? 'asc';
  const sorting = (name: 'since' | 'name'): Sorting => ({
    direction: sort !== name ? 'none' : order === 'asc' ? 'ascending' : 'descending',
    onSort: () => state.change({ sort: name === 'since' ? null : name, order: sort === name && order === 'asc' ? 'desc' : null }),
  });
  const columns: Column<MismatchRow>[] = [
    {
      heading: words.person,
      sorting: sorting('name'),
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
    {
      heading: words.reason,
      cell: ({ label, sentence, beingRepaired }) => (
        <span title={sentence}>
          {label}
          {beingRepaired && (
            <>
              {' '}
              <Badge data-tone="blue" className="status-badge">
                {words.beingRepaired}
              </Badge>
            </>
          )}
        </span>
      ),
    },
    {
      heading: words.since,
      sorting: sorting('since'),
      cell: ({ since, days }) => (
        <>
          <Time iso={since} />
          <Text size="xs" c="dimmed">
            {words.daysOf(days)}
          </Text>
        </>
      ),
    },
    ...(price
      ? ([
          {
            heading: words.cost,
            isNumber: true,
            cell: ({ cost }) => (cost === null ? words.noPrice : words.money(cost, price.currency)),
          },
        ] satisfies Column<MismatchRow>[])
      : []),
    {
      heading: words.dimensions.team,
      cell: ({ team, manager }) =>
        (team || manager) && (
          <>
            <bdi>{team}</bdi>
            {manager && (
              <Text size="xs" c="dimmed">
                <bdi>{manager}</bdi>
              </Text>
            )}
          </>
        ),
    },
    { heading: words.acts, cell: ({ actor, nextStep }) => <span title={nextStep}>{text.actors[actor]}</span> },
  ];
  return <DataTable caption={words.people} rows={rows} rowKey={({ key }) => key} columns={columns} />;
}

/** The filters that hold, in words, with the way back. */
export function Narrowed({ report, state }: { report: MismatchReport; state: ReportState }) {
  const words = text.report;
  if (!state.isNarrowed) return null;
  const names = (['team', 'manager', 'crm'] as const).flatMap((by) => {
    const value = state.query.get(by);
    return value === null ? [] : [report.choices[by].find((one) => one.value === value)?.label || value || words.none[by]];
  });
  return (
    <Group gap={6}>
      <Text size="sm">
        {words.narrowed} <bdi>{names.join(', ')}</bdi>.{' '}
        <Link to={`?${state.changed({ team: null, manager: null, crm: null })}`}>{words.everyone}</Link>
      </Text>
    </Group>
  );
}
