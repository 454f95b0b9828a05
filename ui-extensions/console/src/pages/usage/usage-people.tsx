import { Button, CloseButton, Group, Select, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import type { Usage, UsageRow } from '../../../../../server/api.ts';
import { usageFileHref } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { DownloadMenu } from '../../components/download-menu.tsx';
import { Loading } from '../../components/loading.tsx';
import { personHref } from '../../components/people-href.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { Section } from '../../components/section.tsx';
import type { Sorting } from '../../components/sort-heading.tsx';
import { text } from '../../text.ts';
import { Pager } from '../people/pager.tsx';
import { MetricValue } from './metric-value.tsx';
import type { useUsageQuery } from './usage-query.ts';

type State = ReturnType<typeof useUsageQuery>;

/** Everybody of the license list and of the report; the list's whole state is the address. */
export function UsagePeople({ usage, state }: { usage: Usage; state: State }) {
  const { data, error, refetch, isPlaceholderData } = useQuery(queries.usagePeople(state.list));
  const words = text.usage;
  return (
    <div id="people">
      <Section
        title={<span role="status">{data ? words.found(data.total) : words.peopleTitle}</span>}
        lead={words.blankLead}
        flush
        action={<DownloadMenu href={(format) => usageFileHref(format, state.file)} what={words.peopleTitle} />}
      >
        <Filters usage={usage} state={state} />
        {error && !data ? (
          <ProblemPanel error={error} what={words.peopleFailed} onRetry={refetch} />
        ) : !data ? (
          <Loading heights={[240]} />
        ) : data.rows.length === 0 ? (
          <Text p="lg">{words.nobody}</Text>
        ) : (
          <div aria-busy={isPlaceholderData} className={isPlaceholderData ? 'fading' : ''}>
            <PeopleTable rows={data.rows} usage={usage} state={state} />
            <div style={{ padding: '0 16px 16px' }} className="no-print">
              <Pager query={state.query} people={data} />
            </div>
          </div>
        )}
      </Section>
    </div>
  );
}

function Filters({ usage, state: { query, change, isFiltered } }: { usage: Usage; state: State }) {
  const words = text.usage;
  const searched = query.get('search') ?? '';
  const [search, setSearch] = useState(searched);
  useEffect(() => setSearch(searched), [searched]);
  const later = useDebouncedCallback((value: string) => change({ search: value.trim() || null }, true), 250);
  const type = (value: string): void => {
    setSearch(value);
    later(value);
  };
  const named = (groups: Usage['teams'], none: string) =>
    groups.map(({ name }) => ({ value: name === '' ? ' ' : name, label: name || none }));
  const pick = (name: 'team' | 'manager') => ({
    value: query.has(name) ? query.get(name) || ' ' : null,
    onChange: (value: string | null) => change({ [name]: value === ' ' ? '' : value }),
  });
  return (
    <search className="no-print">
      <Group gap="sm" align="flex-end" p="md" pt={0} className="filters">
        <TextInput
          type="search"
          label={text.licenses.search}
          placeholder={text.licenses.searchHint}
          leftSection={<IconSearch size={16} aria-hidden />}
          rightSection={search && <CloseButton size="sm" aria-label={text.people.clearSearch} onClick={() => type('')} />}
          value={search}
          onChange={({ currentTarget }) => type(currentTarget.value)}
        />
        <Select
          label={words.list}
          data={[{ value: 'all', label: words.everybody }, ...usage.headline.map(({ view, label }) => ({ value: view as string, label }))]}
          value={query.get('view') ?? 'all'}
          allowDeselect={false}
          onChange={(value) => change({ view: value === 'all' ? null : value })}
        />
        <Select
          label={words.status}
          placeholder={text.licenses.any}
          data={usage.byStatus.map(({ status, label }) => ({ value: status as string, label }))}
          value={query.get('status')}
          onChange={(value) => change({ status: value })}
          clearable
        />
        <Select
          label={words.team}
          placeholder={text.licenses.any}
          data={named(usage.teams, words.none.team)}
          {...pick('team')}
          clearable
          searchable
        />
        <Select
          label={words.manager}
          placeholder={text.licenses.any}
          data={named(usage.managers, words.none.manager)}
          {...pick('manager')}
          clearable
          searchable
        />
        {isFiltered && (
          <Button variant="subtle" onClick={() => change({ view: null, status: null, use: null, team: null, manager: null, search: null })}>
            {words.clear}
          </Button>
        )}
      </Group>
    </search>
  );
}

function PeopleTable({ rows, usage, state }: { rows: readonly UsageRow[]; usage: Usage; state: State }) {
  const words = text.usage;
  const sort = state.query.get('sort') ?? 'name';
  const order = state.query.get('order') ?? 'asc';
  const metrics = usage.metrics.filter(({ inReport }) => inReport);
  // Numbers are looked at from the largest down, names from A.
  const sortBy = (name: string): void =>
    state.change({
      sort: name === 'name' ? null : name,
      order: sort === name ? (order === 'asc' ? 'desc' : null) : name === 'name' ? null : 'desc',
    });
  const sorting = (name: string): Sorting => ({
    direction: sort !== name ? 'none' : order === 'asc' ? 'ascending' : 'descending',
    onSort: () => sortBy(name),
  });
  const columns: Column<UsageRow>[] = [
    { heading: text.licenses.person, sorting: sorting('name'), cell: (row) => <Person row={row} /> },
    { heading: words.status, cell: (row) => <Match row={row} /> },
    {
      heading: words.use,
      cell: (row) =>
        row.use === 'unknown' ? (
          <span className="not-known" title={row.inReport ? words.blankHint : words.absentHint}>
            {words.uses.unknown}
          </span>
        ) : (
          words.uses[row.use]
        ),
    },
    {
      heading: words.team,
      cell: (row) =>
        (row.team || row.manager) && (
          <>
            <bdi>{row.team}</bdi>
            {row.manager && (
              <Text size="xs" c="dimmed">
                <bdi>{row.manager}</bdi>
              </Text>
            )}
          </>
        ),
    },
    ...metrics.map(({ metric, label, meaning }) => ({
      heading: label,
      hint: meaning,
      isNumber: true,
      sorting: sorting(metric),
      cell: (row: UsageRow) => <MetricValue metric={metric} value={row.values[metric]} />,
    })),
  ];
  return <DataTable caption={words.peopleTitle} rows={rows} rowKey={(row) => row.key ?? row.email} columns={columns} />;
}

function Person({ row }: { row: UsageRow }) {
  return (
    <>
      {row.key === null ? (
        <bdi>{row.name || row.email}</bdi>
      ) : (
        <Link to={personHref(row.key)} className="person-link">
          <bdi>{row.name || text.common.noName}</bdi>
        </Link>
      )}
      <Text size="xs" c="dimmed" className="wrap">
        <bdi>{row.email || text.common.noEmail}</bdi>
      </Text>
    </>
  );
}

function Match({ row }: { row: UsageRow }) {
  return (
    <span title={row.sentence}>
      {row.status === null ? row.label : text.statuses[row.status]}
      {row.status !== null && (
        <Text size="xs" c="dimmed">
          {row.label}
        </Text>
      )}
    </span>
  );
}
