import { Anchor, Button, Group, Select, Text, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconDownload, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { LicenseHolderRow } from '../../../../../server/api.ts';
import { licenseHoldersHref } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { ListPager } from '../../components/list-pager.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { personHref } from '../../components/people-href.ts';
import { ProblemPanel } from '../../components/problem-panel.tsx';
import { ReclaimButton } from '../../components/reclaim-button.tsx';
import { Section } from '../../components/section.tsx';
import { Time } from '../../components/time.tsx';
import { text } from '../../text.ts';

const names = ['view', 'group', 'permission', 'kind', 'search'] as const;

/** License holders with what Admin Center shows of them; the list's whole state is the address. */
export function LicenseHoldersPage() {
  const [parameters, setParameters] = useSearchParams();
  const filter = new URLSearchParams();
  for (const name of names) {
    const value = parameters.get(name);
    if (value) filter.set(name, value);
  }
  const asked = new URLSearchParams(filter);
  const cursor = parameters.get('cursor');
  if (cursor) asked.set('cursor', cursor);
  const { data: licenses } = useQuery(queries.licenses);
  const { data, error, refetch, isPlaceholderData } = useQuery(queries.licenseHolders(asked));
  const change = (name: (typeof names)[number], value: string | null): void => {
    const next = new URLSearchParams(filter);
    if (value) next.set(name, value);
    else next.delete(name);
    setParameters(next, { preventScrollReset: true });
  };
  const view = filter.get('view') ?? 'all';
  return (
    <Page
      title={text.licenses.holders}
      lead={text.licenses.holdersLead}
      above={
        <Anchor component={Link} to="/licenses" size="sm">
          {text.licenses.back}
        </Anchor>
      }
      actions={
        <>
          {view === 'leavers' && data && data.total > 0 && <ReclaimButton />}
          <Button
            component="a"
            href={licenseHoldersHref(filter)}
            download
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            {text.licenses.download}
          </Button>
        </>
      }
    >
      <search>
        <Group gap="sm" align="flex-end" mb="md" className="filters">
          <Search value={filter.get('search') ?? ''} onChange={(value) => change('search', value)} />
          <Select
            label={text.licenses.list}
            data={[
              { value: 'all', label: text.licenses.everybody },
              ...(licenses?.lists ?? []).map(({ view: value, label }) => ({ value, label })),
            ]}
            value={view}
            allowDeselect={false}
            onChange={(value) => change('view', value === 'all' ? null : value)}
          />
          <Select
            label={text.licenses.group}
            placeholder={text.licenses.any}
            data={licenses?.filters.groups ?? []}
            value={filter.get('group')}
            onChange={(value) => change('group', value)}
            clearable
            searchable
          />
          <Select
            label={text.licenses.permission}
            placeholder={text.licenses.any}
            data={licenses?.filters.permissions ?? []}
            value={filter.get('permission')}
            onChange={(value) => change('permission', value)}
            clearable
          />
          <Select
            label={text.licenses.kind}
            placeholder={text.licenses.any}
            data={licenses?.filters.kinds ?? []}
            value={filter.get('kind')}
            onChange={(value) => change('kind', value)}
            clearable
          />
        </Group>
      </search>
      {error && !data ? (
        <ProblemPanel error={error} what={text.licenses.holdersFailed} onRetry={refetch} />
      ) : !data ? (
        <Loading heights={[320]} />
      ) : (
        <Section title={<span role="status">{text.licenses.count(data.total)}</span>} flush>
          {data.rows.length === 0 ? (
            <Text p="lg">{text.licenses.nobody}</Text>
          ) : (
            <div aria-busy={isPlaceholderData} className={isPlaceholderData ? 'fading' : ''}>
              <DataTable caption={text.licenses.holders} rows={data.rows} rowKey={({ key }) => key} columns={columns} />
            </div>
          )}
          <ListPager query={asked} next={data.next} />
        </Section>
      )}
    </Page>
  );
}

function Search({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  const later = useDebouncedCallback((text: string) => onChange(text.trim()), 250);
  return (
    <TextInput
      type="search"
      label={text.licenses.search}
      placeholder={text.licenses.searchHint}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={typed}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        later(currentTarget.value);
      }}
    />
  );
}

const columns: readonly Column<LicenseHolderRow>[] = [
  {
    heading: text.licenses.person,
    cell: (row) => (
      <>
        <Link to={personHref(row.key)} className="person-link">
          <bdi>{row.name || text.common.noName}</bdi>
        </Link>
        <Text size="xs" c="dimmed" className="wrap">
          <bdi>{row.email || text.common.noEmail}</bdi>
        </Text>
      </>
    ),
  },
  { heading: text.licenses.kind, cell: (row) => row.licenses.join(', ') },
  { heading: text.licenses.state, cell: (row) => row.state },
  { heading: text.licenses.permission, cell: (row) => row.permission },
  { heading: text.licenses.group, cell: (row) => row.groups.length > 0 && <bdi>{row.groups.join(', ')}</bdi> },
  { heading: text.licenses.team, cell: (row) => row.team && <bdi>{row.team}</bdi> },
  { heading: text.licenses.lastAccess, cell: (row) => row.lastAccess && <Time iso={row.lastAccess} /> },
  {
    heading: text.licenses.why,
    cell: (row) => (
      <Tooltip label={row.sentence}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what a tooltip says must be reachable by keyboard (WCAG 1.4.13) */}
        <span tabIndex={0} className="has-tooltip">
          {row.reason}
        </span>
      </Tooltip>
    ),
  },
];
