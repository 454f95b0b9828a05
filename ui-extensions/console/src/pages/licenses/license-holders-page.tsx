import { Button, Group, Select, Text, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconDownload, IconMail, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { LicenseHolderRow, NewMailing } from '../../../../../server/api.ts';
import { licenseHoldersHref } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { ListPager } from '../../components/list-pager.tsx';
import { personHref } from '../../components/people-href.ts';
import { ReclaimButton } from '../../components/reclaim-button.tsx';
import { Section } from '../../components/section.tsx';
import { formatDay, Time } from '../../components/time.tsx';
import { text } from '../../text.ts';
import { WriteDialog } from '../mailings/write-dialog.tsx';
import { LicensesFrame } from './licenses-frame.tsx';

const names = ['view', 'group', 'permission', 'kind', 'team', 'manager', 'age', 'search'] as const;

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
  const query = useQuery(queries.licenseHolders(asked));
  const { data, isPlaceholderData } = query;
  const change = (name: (typeof names)[number], value: string | null): void => {
    const next = new URLSearchParams(filter);
    if (value) next.set(name, value);
    else next.delete(name);
    setParameters(next, { preventScrollReset: true });
  };
  const [writing, setWriting] = useState(false);
  const view = filter.get('view') ?? 'all';
  return (
    <LicensesFrame
      title={text.licenses.holders}
      lead={text.licenses.holdersLead}
      query={query}
      failed={text.licenses.holdersFailed}
      heights={[320]}
      actions={
        <>
          {view === 'leavers' && data && data.total > 0 && <ReclaimButton />}
          {data && data.total > 0 && (
            <Button leftSection={<IconMail size={16} aria-hidden />} onClick={() => setWriting(true)}>
              {text.mailings.write(data.total)}
            </Button>
          )}
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
      before={
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
            <Select
              label={text.licenses.team}
              placeholder={text.licenses.any}
              data={licenses?.filters.teams ?? []}
              value={filter.get('team')}
              onChange={(value) => change('team', value)}
              clearable
              searchable
            />
            <Select
              label={text.invitations.manager}
              placeholder={text.licenses.any}
              data={licenses?.filters.managers ?? []}
              value={filter.get('manager')}
              onChange={(value) => change('manager', value)}
              clearable
              searchable
            />
            <Select
              label={text.invitations.age}
              placeholder={text.licenses.any}
              data={(['due', 'fresh'] as const).map((value) => ({ value, label: text.invitations.ages[value] }))}
              value={filter.get('age')}
              onChange={(value) => change('age', value)}
              clearable
            />
          </Group>
        </search>
      }
    >
      {(holders) => (
        <>
          <Section title={<span role="status">{text.licenses.count(holders.total)}</span>} flush>
            {holders.rows.length === 0 ? (
              <Text p="lg">{text.licenses.nobody}</Text>
            ) : (
              <div aria-busy={isPlaceholderData} className={isPlaceholderData ? 'fading' : ''}>
                <DataTable caption={text.licenses.holders} rows={holders.rows} rowKey={({ key }) => key} columns={columns} />
              </div>
            )}
            <ListPager query={asked} next={holders.next} />
          </Section>
          {writing && (
            <WriteDialog
              title={text.mailings.write(holders.total)}
              kinds={['note', 'reminder']}
              to={{ holders: Object.fromEntries(filter) as NonNullable<NewMailing['holders']> }}
              onClose={() => setWriting(false)}
            />
          )}
        </>
      )}
    </LicensesFrame>
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
    heading: text.licenses.use,
    cell: (row) =>
      row.use && (
        <span title={text.usage.days(formatDay(row.use.from), formatDay(row.use.to))}>
          {row.use.daysActive === null ? text.usage.uses[row.use.state] : text.usage.daysOf(row.use.daysActive)}
        </span>
      ),
  },
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
